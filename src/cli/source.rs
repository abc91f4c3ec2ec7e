//! Which scenario a command is about: one that comes with the program, or a file; and what is laid over it.

use super::CommandError;
use crate::scenario::read::Layer;
use crate::scenario::{Loaded, Setup, library, load};
use clap::Args;
use std::path::Path;

/// The scenario, and changes to it.
#[derive(Args, Debug, Clone, Default)]
pub struct Source {
    /// A scenario that comes with the program (see `landfall list`), or a file.
    #[arg(default_value = "us_cuba")]
    pub scenario: String,
    /// Change a parameter: PATH=VALUE, as in `--set zones.florida_straits.area_km2=40000`. May be repeated.
    #[arg(long, value_name = "PATH=VALUE")]
    pub set: Vec<String>,
    /// Switch a mechanism off, as in `--without magnet`. May be repeated.
    #[arg(long, value_name = "SWITCH")]
    pub without: Vec<String>,
    /// Rule an arrangement out, as in a world without it. May be repeated.
    #[arg(long, value_name = "ARRANGEMENT")]
    pub bar: Vec<String>,
    /// Seed of all luck.
    #[arg(long)]
    pub seed: Option<u64>,
}

impl Source {
    /// The scenario's short name: that of the shipped one, or the file's stem.
    pub fn name(&self) -> String {
        Path::new(&self.scenario)
            .file_stem()
            .map_or_else(|| "scenario".to_string(), |s| s.to_string_lossy().into_owned())
    }

    /// The layers: the scenario's text, then `--without`, `--bar`, `--set` and `--seed`.
    pub fn layers(&self) -> Result<Vec<Layer<'static>>, CommandError> {
        refuse_extends(&self.set)?;
        let mut layers = base(&self.scenario, 0)?;
        for switch in &self.without {
            layers.push(Layer::assignment(format!("switches.{switch}=false")));
        }
        for arrangement in &self.bar {
            layers.push(Layer::assignment(format!("arrangements.{arrangement}.barred=true")));
        }
        layers.extend(self.set.iter().map(|s| Layer::assignment(s.clone())));
        if let Some(seed) = self.seed {
            layers.push(Layer::assignment(format!("scenario.seed={seed}")));
        }
        Ok(layers)
    }

    /// Load it.
    pub fn load(&self) -> Result<Loaded, CommandError> {
        load(&self.layers()?).map_err(|problems| CommandError::Scenario(problems.render(false)))
    }

    /// Load it with more laid over.
    pub fn load_with(&self, more: &[String]) -> Result<Loaded, CommandError> {
        let mut layers = self.layers()?;
        layers.extend(more.iter().map(|s| Layer::assignment(s.clone())));
        load(&layers).map_err(|problems| CommandError::Scenario(problems.render(false)))
    }
}

/// What a scenario extends is read before anything is laid over it, so that it cannot be changed there.
pub fn refuse_extends(changes: &[String]) -> Result<(), CommandError> {
    let extends = |change: &&String| change.split('=').next().is_some_and(|path| path.trim() == "extends");
    changes.iter().find(extends).map_or(Ok(()), |change| {
        Err(CommandError::Other(format!(
            "--set {change}: what a scenario extends cannot be set; write a file that begins with it, and name that"
        )))
    })
}

/// Days of a setup up to a date, or all of them.
pub fn days_until(setup: &Setup, until: Option<&str>) -> Result<u32, CommandError> {
    let Some(text) = until else { return Ok(setup.days) };
    let allowed = format!("{} to {}", setup.calendar.date(0), setup.calendar.date(setup.days - 1));
    let refused = |found: String| CommandError::Other(format!("--until {text}: {found}; allowed: {allowed}"));
    let date: jiff::civil::Date = text.parse().map_err(|_| refused("not a date as 1997-12-31".into()))?;
    let day = setup.calendar.day(date);
    if day < 0 || day >= i64::from(setup.days) {
        return Err(refused("outside the period of the scenario".into()));
    }
    Ok(day as u32 + 1)
}

/// Scenarios that may lie over one another.
const DEEPEST: usize = 8;

/// The layers of a scenario that a file in a directory names: one that comes with the program, or a file beside it.
pub fn layers_beside(directory: &Path, scenario: &str) -> Result<Vec<Layer<'static>>, CommandError> {
    if library::shipped(scenario).is_some() {
        return base(scenario, 0);
    }
    base(&directory.join(scenario).to_string_lossy(), 0)
}

/// The layers of a scenario: what it extends, then itself.
fn base(scenario: &str, depth: usize) -> Result<Vec<Layer<'static>>, CommandError> {
    let path = Path::new(scenario);
    let (name, text) = if let Some(shipped) = library::shipped(scenario) {
        (format!("{}.toml", shipped.name), shipped.text.to_string())
    } else if path.exists() {
        (scenario.to_string(), crate::files::read_text(path)?)
    } else {
        let known: Vec<&str> = library::SHIPPED.iter().map(|s| s.name).collect();
        return Err(CommandError::Other(format!(
            "there is no scenario `{scenario}`, neither among those that come with the program ({}) nor as a file",
            known.join(", ")
        )));
    };
    let below = text
        .parse::<toml::Table>()
        .ok()
        .and_then(|table| table.get("extends").and_then(|e| e.as_str().map(str::to_string)));
    let mut layers = match below {
        Some(_) if depth == DEEPEST => {
            return Err(CommandError::Other(format!(
                "{name}: `extends` goes more than {DEEPEST} scenarios deep; does one extend itself?"
            )));
        }
        Some(below) if library::shipped(&below).is_some() => base(&below, depth + 1)?,
        Some(below) => {
            let beside = path.parent().unwrap_or(Path::new("")).join(&below);
            base(&beside.to_string_lossy(), depth + 1)?
        }
        None => Vec::new(),
    };
    layers.push(Layer::file(name, text));
    Ok(layers)
}
