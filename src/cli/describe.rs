//! Commands that describe: `check`, `schema`, `explain`, `list`, `document`.

use super::source::Source;
use super::{CommandError, print};
use crate::engine::DAY;
use crate::observe::{burden_tables, table, tables};
use crate::scenario::read::{explain as explain_path, reference_markdown, schema as schema_of};
use crate::scenario::{Scenario, library};
use crate::world::{Flow, Status};
use clap::{Args, ValueEnum};
use std::process::ExitCode;

/// Options of `check`.
#[derive(Args, Debug)]
pub struct CheckOptions {
    #[command(flatten)]
    source: Source,
}

/// Options of `explain`.
#[derive(Args, Debug)]
pub struct ExplainOptions {
    /// Path of a parameter, as in `zones.*.area_km2`, or its last part.
    parameter: String,
}

/// Options of `document`.
#[derive(Args, Debug)]
pub struct DocumentOptions {
    /// The page.
    #[arg(value_enum)]
    page: Page,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Page {
    /// Every parameter of a scenario file.
    Parameters,
    /// Every table of a run, with flows and statuses.
    Tables,
    /// The order of a day.
    Day,
    /// Every statement of the source and what became of it.
    Ledger,
    /// Layout of the world in a snapshot.
    Layout,
}

/// Check a scenario.
pub fn check(options: &CheckOptions) -> Result<ExitCode, CommandError> {
    match options.source.load() {
        Ok(loaded) => {
            let worlds = match super::facts::worlds(vec![loaded]) {
                Ok(worlds) => worlds,
                Err(error) => {
                    super::tell(error);
                    return Ok(ExitCode::FAILURE);
                }
            };
            let s = worlds.first();
            print(&format!(
                "{}: no mistakes found. {}: {} to {}, {} countries, {} places, {} populations in {} strata, \
                 {} routes, {} ladders, {} arrangements\n",
                options.source.scenario,
                s.scenario.scenario.title,
                s.calendar.date(0),
                s.calendar.date(s.days - 1),
                s.countries.len(),
                s.land_places,
                s.populations.len(),
                s.groups.len(),
                s.routes.len(),
                s.ladders.len(),
                s.arrangements.len(),
            ))?;
            Ok(ExitCode::SUCCESS)
        }
        Err(CommandError::Scenario(problems)) => {
            super::tell(problems.trim_end());
            Ok(ExitCode::FAILURE)
        }
        Err(error) => Err(error),
    }
}

/// Print the schema.
pub fn schema() -> Result<ExitCode, CommandError> {
    let text = serde_json::to_string_pretty(&schema_of::<Scenario>()).unwrap_or_default();
    print(&(text + "\n"))?;
    Ok(ExitCode::SUCCESS)
}

/// Explain a parameter.
pub fn explain(options: &ExplainOptions) -> Result<ExitCode, CommandError> {
    match explain_path::<Scenario>(&options.parameter) {
        Ok(text) => {
            print(&text)?;
            Ok(ExitCode::SUCCESS)
        }
        Err(nearest) => Err(CommandError::Other(format!(
            "there is no parameter `{}`; the nearest: {}",
            options.parameter,
            nearest.join(", ")
        ))),
    }
}

/// List the scenarios that come with the program.
pub fn list() -> Result<ExitCode, CommandError> {
    for shipped in library::SHIPPED {
        let source = Source { scenario: shipped.name.to_string(), ..Source::default() };
        let loaded = source.load()?;
        let header = &loaded.setup.scenario.scenario;
        let facts = loaded.setup.facts.facts.len();
        let figures: usize = loaded.setup.scenario.observed.iter().map(|o| o.figures.len()).sum();
        print(&format!(
            "{}: {}\n  {}\n  held against {figures} recorded figures and {facts} facts\n",
            shipped.name, header.title, header.question
        ))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Print a generated page.
pub fn document(options: &DocumentOptions) -> Result<ExitCode, CommandError> {
    print(&match options.page {
        Page::Parameters => parameters_page(),
        Page::Tables => tables_page(),
        Page::Day => day_page(),
        Page::Ledger => super::ledger::page()?,
        Page::Layout => layout_page()?,
    })?;
    Ok(ExitCode::SUCCESS)
}

/// The page of parameters.
pub fn parameters_page() -> String {
    format!(
        "# Parameters of a scenario file\n\nGenerated from the code by `landfall document parameters`.\n\n{}",
        reference_markdown::<Scenario>()
    )
}

/// The page of tables.
pub fn tables_page() -> String {
    let mut page = format!(
        "# Tables of a run\n\nGenerated from the code by `landfall document tables`.\n\n{}\n## Flows\n\n\
         | flow | meaning |\n| --- | --- |\n",
        table::spec_markdown(&tables::ALL)
    );
    for flow in Flow::ALL {
        page.push_str(&format!("| `{}` | {} |\n", flow.name(), flow.meaning()));
    }
    page.push_str("\n## Statuses\n\n| status | meaning |\n| --- | --- |\n");
    for status in Status::ALL {
        page.push_str(&format!("| `{}` | {} |\n", status.name(), status.meaning()));
    }
    page.push_str("\n# Tables of `landfall attribute`\n\n");
    page.push_str(&table::spec_markdown(&burden_tables::ATTRIBUTE));
    page.push_str("\n# Tables of `landfall compare`\n\n");
    page.push_str(&table::spec_markdown(&burden_tables::COMPARE));
    page
}

/// How the world is laid out in snapshots.
fn layout_page() -> Result<String, CommandError> {
    let layout = crate::snapshot::layout::<crate::world::World>();
    let layout = layout.map_err(|e| CommandError::Other(format!("cannot describe the layout: {e}")))?;
    Ok(format!(
        "# Layout of the world in a snapshot\n\nGenerated from the code by `landfall document layout`. Of format {}. \
         How to read it: [snapshots.md](snapshots.md).\n\n```text\n{}\n```\n",
        crate::snapshot::FORMAT,
        layout.trim_end()
    ))
}

/// The order of a day.
pub fn day_page() -> String {
    let mut page = String::from(
        "# The order of a day\n\nGenerated from the code by `landfall document day`.\n\n| | process | what it does |\n\
         | --- | --- | --- |\n",
    );
    for (i, process) in DAY.iter().enumerate() {
        page.push_str(&format!("| {} | {} | {} |\n", i + 1, process.name, process.does));
    }
    page
}
