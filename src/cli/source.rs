//! Which scenario a command is about: one that comes with the program, or a file; and what is laid over it.

use super::CommandError;
use crate::files::FileError;
use crate::scenario::read::{Layer, Spans, nearest_of};
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
        let mut layers = base(&self.scenario)?;
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
        return base(scenario);
    }
    base(&directory.join(scenario).to_string_lossy())
}

/// The layers of a scenario: what it extends, then itself.
fn base(scenario: &str) -> Result<Vec<Layer<'static>>, CommandError> {
    match text_of(scenario)? {
        Some((name, text)) => Ok(layered(scenario, name, text, &[])),
        None => Err(CommandError::Other(unknown(scenario))),
    }
}

/// How messages call a scenario, and its text; nothing where there is none.
fn text_of(scenario: &str) -> Result<Option<(String, String)>, FileError> {
    if let Some(shipped) = library::shipped(scenario) {
        return Ok(Some((format!("{}.toml", shipped.name), shipped.text.to_string())));
    }
    let path = Path::new(scenario);
    if !path.exists() {
        return Ok(None);
    }
    Ok(Some((scenario.to_string(), crate::files::read_text(path)?)))
}

fn unknown(scenario: &str) -> String {
    let known: Vec<&str> = library::SHIPPED.iter().map(|s| s.name).collect();
    let known = known.join(", ");
    format!(
        "there is no scenario `{scenario}`, neither among those that come with the program ({known}) nor as a file"
    )
}

/// The layers of a text: what it extends, of which it is none itself, then the text. What is wrong with `extends` is
/// told where it stands, with what is wrong with the text itself.
fn layered(scenario: &str, name: String, text: String, above: &[String]) -> Vec<Layer<'static>> {
    let spans = Spans::of_text(&name, &text);
    let mut layers = match spans.text("extends") {
        Some(below) => extended(scenario, below, &spans, above),
        None => Vec::new(),
    };
    layers.push(Layer::file(name, text));
    layers
}

fn extended(scenario: &str, below: &str, spans: &Spans, above: &[String]) -> Vec<Layer<'static>> {
    let refused = |found: String, help: &str| {
        let allowed = "a scenario that comes with the program (`landfall list`), or a file beside this one";
        vec![Layer::missing(spans.problem("extends", found, allowed, help))]
    };
    let target = match library::shipped(below) {
        Some(_) => below.to_string(),
        None => {
            let directory = Path::new(scenario).parent().unwrap_or(Path::new(""));
            directory.join(below).to_string_lossy().into_owned()
        }
    };
    let above = [above, &[identity(scenario)]].concat();
    if above.last() == Some(&identity(&target)) {
        return refused(format!("`{below}`, which is this scenario itself"), "name another, or leave it out");
    }
    if above.contains(&identity(&target)) || above.len() > DEEPEST {
        let found = match above.len() > DEEPEST {
            true => format!("`{below}`, more than {DEEPEST} scenarios deep"),
            false => format!("`{below}`, which itself extends this one"),
        };
        return refused(found, "one of them has to stand without the others");
    }
    match text_of(&target) {
        Err(error) => refused(error.to_string(), ""),
        Ok(Some((name, text))) => layered(&target, name, text, &above),
        Ok(None) => {
            let near = nearest_of(below, library::SHIPPED.iter().map(|s| s.name));
            let help = near.map_or(String::new(), |name| format!("did you mean `{name}`?"));
            refused(format!("there is no scenario `{below}`"), &help)
        }
    }
}

/// The same for every way of writing the path of one file.
fn identity(scenario: &str) -> String {
    let path = std::fs::canonicalize(scenario).ok().filter(|_| library::shipped(scenario).is_none());
    path.map_or_else(|| scenario.to_string(), |path| path.to_string_lossy().into_owned())
}
