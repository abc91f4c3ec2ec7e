//! An experiment that is whole: everything in its file checked against its scenario before anything runs.

use super::dataset::RESERVED;
use super::design::Design;
use super::factor::{self, Factor, Kind, Setting};
use super::plan::{DesignKind, Every, Experiment};
use super::points;
use crate::scenario::check::Checks;
use crate::scenario::format::Measure;
use crate::scenario::read::{self, Layer, Placed, Problem, Problems, Raw, Source, Spans};
use crate::scenario::{Loaded, Setup, load, load_setup};
use std::sync::Arc;

/// An experiment, ready to run.
#[derive(Clone, Debug)]
pub struct Study {
    /// As typed.
    pub typed: Experiment,
    /// What is varied.
    pub factors: Vec<Factor>,
    /// Which combinations are run.
    pub design: Design,
    /// Figures kept of each run.
    pub scalars: Vec<Scalar>,
    /// Series kept of each run.
    pub lines: Vec<Line>,
    /// The scenario that everything is laid over, as TOML.
    pub resolved: String,
    /// Digest of everything that decides the results, in hexadecimal.
    pub digest: String,
    /// Whether its file says how its factors are to be estimated, and by no design which points to run.
    pub is_estimation: bool,
    /// The resolved scenario as the first layer of every run.
    base: Layer<'static>,
    /// By factor: the number the scenario itself gives; NaN where it gives none.
    base_numbers: Vec<f64>,
}

/// A figure kept of each run.
#[derive(Clone, Debug)]
pub struct Scalar {
    /// Name of its column.
    pub name: String,
    /// What it is.
    pub asked: Asked,
}

/// What a figure is.
#[derive(Clone, Debug)]
pub enum Asked {
    /// A measure over days.
    Measure {
        /// What is measured.
        measure: Measure,
        /// Of which population; none: of all.
        population: Option<String>,
        /// First day; none: the first of the run.
        from: Option<jiff::civil::Date>,
        /// Last day; none: the last of the run.
        to: Option<jiff::civil::Date>,
    },
    /// The value of a fact of the scenario.
    Fact {
        /// Its position among them.
        at: usize,
        /// What it states.
        statement: String,
    },
}

/// A series kept of each run.
#[derive(Clone, Debug)]
pub struct Line {
    /// What is measured.
    pub measure: Measure,
    /// Of which population.
    pub population: String,
    /// By which periods.
    pub every: Every,
}

/// A text with the name messages call it by.
pub struct Text {
    /// Name.
    pub name: String,
    /// Text.
    pub text: String,
}

/// A file of an experiment read, before its scenario is looked at.
pub struct Draft {
    /// As typed.
    pub typed: Experiment,
    spans: Spans,
    source: Arc<Source>,
}

impl Draft {
    /// Read the file of an experiment.
    pub fn read(file: &Text) -> Result<Self, Problems> {
        let layer = Layer::file(file.name.clone(), file.text.clone());
        let read::Loaded { value: typed, spans } = read::load::<Experiment>(&[layer])?;
        let source = Arc::clone(spans.of("").0);
        Ok(Self { typed, spans, source })
    }

    /// A problem with a part of the file.
    pub fn problem(&self, path: &str, found: String, allowed: &str, help: &str) -> Problems {
        Problems::new(vec![self.spans.problem(path, found, allowed, help)], 0)
    }

    /// Check it against its scenario, given as layers, and the points of its table, where it has one.
    pub fn finish(self, scenario: &[Layer<'static>], table: Option<&Text>) -> Result<Study, Problems> {
        let loaded = self.base(scenario)?;
        let mut checks = Checks::new(&self.spans);
        let mut factors = factor::resolve(&self.typed.factors, &self.source, &self.spans, &mut checks);
        let scalars = self.scalars(&loaded.setup, &mut checks);
        let lines = self.lines(&loaded.setup, &mut checks);
        self.check_names(&factors, &scalars, &mut checks);
        let mut problems = checks.into_problems();
        let base = Layer::file("scenario.toml", loaded.resolved.clone()).parsed();
        try_extremes(&base, &mut factors, &mut problems);
        if !problems.is_empty() {
            return Err(distinct(problems));
        }
        let rows = match table {
            Some(table) => points::read(table, &factors)?,
            None => Vec::new(),
        };
        let design =
            Design::new(&self.typed.experiment, &factors, rows).map_err(|(key, found, allowed)| {
                self.problem(&format!("experiment.{key}"), found, &allowed, "")
            })?;
        let digest = digest(&self.typed, &loaded.resolved, table);
        let resolved = loaded.resolved;
        let base_numbers = base_numbers(&factors, &resolved);
        let is_estimation = self.spans.typed("calibration") && !self.spans.typed("experiment.design");
        let typed = self.typed;
        Ok(Study {
            typed,
            factors,
            design,
            scalars,
            lines,
            resolved,
            digest,
            is_estimation,
            base,
            base_numbers,
        })
    }

    /// The scenario with the changes that hold in every run.
    fn base(&self, scenario: &[Layer<'static>]) -> Result<Loaded, Problems> {
        let about = &self.typed.experiment;
        let placed = |path: String, at: &str, value: Raw| {
            let (source, path_span) = (Arc::clone(&self.source), self.spans.of(at).1);
            Layer::placed(Placed { source, path, path_span, value, replace: false })
        };
        let mut layers = scenario.to_vec();
        if let Some(set) = &about.set {
            if !set.is_table() {
                let allowed = "a table, written as in a scenario";
                return Err(self.problem("experiment.set", "not a table".into(), allowed, ""));
            }
            layers.push(placed(String::new(), "experiment.set", set.clone()));
        }
        for (i, switch) in about.without.iter().enumerate() {
            let at = format!("experiment.without.{i}");
            layers.push(placed(format!("switches.{switch}"), &at, Raw::boolean(false)));
        }
        load(&layers)
    }

    fn scalars(&self, setup: &Setup, checks: &mut Checks<'_>) -> Vec<Scalar> {
        let about = &self.typed.experiment;
        if self.typed.outputs.is_empty() && self.typed.series.is_empty() && !about.facts {
            return every_measure(setup);
        }
        let mut out = Vec::new();
        for (i, o) in self.typed.outputs.iter().enumerate() {
            let at = format!("outputs.{i}");
            let population = o.population.as_ref().map(|p| p.0.clone());
            self.check_population(&format!("{at}.population"), population.as_deref(), setup, checks);
            let (from, to) = (o.from.map(|d| d.0), o.to.map(|d| d.0));
            if let (Some(from), Some(to)) = (from, to)
                && from > to
            {
                let found = format!("a period from {from} to {to}");
                checks.at(&format!("{at}.to"), found, "`from` not after `to`", "");
            }
            let last = setup.calendar.date(setup.days.saturating_sub(1));
            let first = setup.calendar.date(0);
            let inside = |d: jiff::civil::Date| (first..=last).contains(&d);
            if !from.is_none_or(inside) || !to.is_none_or(inside) {
                let found = "a period outside of the run";
                checks.at(&at, found, &format!("days from {first} to {last}"), "");
            }
            let (measure, name) = (o.measure, o.name.clone());
            let name = name.unwrap_or_else(|| scalar_name(measure, population.as_deref(), from, to));
            out.push(Scalar { name, asked: Asked::Measure { measure, population, from, to } });
        }
        if about.facts {
            let of_one_world = setup.facts.facts.iter().enumerate().filter(|(_, f)| f.against.is_none());
            let before = out.len();
            out.extend(of_one_world.map(|(at, fact)| Scalar {
                name: format!("fact_{at}"),
                asked: Asked::Fact { at, statement: fact.statement.clone() },
            }));
            if out.len() == before {
                let allowed = "a scenario with [[facts]] that are about one world";
                checks.at("experiment.facts", "no fact to keep", allowed, "");
            }
        }
        out
    }

    fn lines(&self, setup: &Setup, checks: &mut Checks<'_>) -> Vec<Line> {
        let mut out = Vec::new();
        for (i, s) in self.typed.series.iter().enumerate() {
            let (measure, every) = (s.measure, s.every);
            let of = s.population.as_ref().map(|p| p.0.as_str());
            self.check_population(&format!("series.{i}.population"), of, setup, checks);
            let names = setup.populations.iter().map(|p| p.name.as_str());
            let chosen = names.filter(|name| of.is_none_or(|of| of == *name));
            out.extend(chosen.map(|name| Line { measure, population: name.to_string(), every }));
        }
        out
    }

    fn check_population(&self, at: &str, name: Option<&str>, setup: &Setup, checks: &mut Checks<'_>) {
        let known = || setup.populations.iter().map(|p| p.name.as_str());
        if let Some(name) = name
            && known().all(|k| k != name)
        {
            checks.unknown_name(at, "population", name, known(), "populations");
        }
    }

    /// Every column has a plain name of its own.
    fn check_names(&self, factors: &[Factor], scalars: &[Scalar], checks: &mut Checks<'_>) {
        let mut taken: Vec<&str> = RESERVED.to_vec();
        let factors = factors.iter().map(|f| ("factors", f.name.as_str()));
        let scalars = scalars.iter().map(|s| ("outputs", s.name.as_str()));
        let mut counts = [0, 0];
        for (list, name) in factors.chain(scalars) {
            let count = &mut counts[usize::from(list == "outputs")];
            let at = format!("{list}.{count}");
            *count += 1;
            let plain = name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') && !name.is_empty();
            if !plain {
                let found = format!("`{name}` as the name of a column");
                checks.at(&at, found, "letters, digits and `_`", "give it a `name`");
            } else if taken.contains(&name) {
                let found = format!("a second column `{name}`");
                checks.at(&at, found, "each name once", "give it another `name`");
            }
            taken.push(name);
        }
    }
}

/// Lays both ends of every range and every level of every list over the scenario, and finds which ranges take whole
/// numbers alone.
fn try_extremes(base: &Layer<'static>, factors: &mut [Factor], problems: &mut Vec<Problem>) {
    let tried = |factor: &Factor, setting: Setting| {
        let mut layers = vec![base.clone()];
        layers.extend(factor.layers(setting).into_iter().map(Layer::placed));
        load_setup(&layers).map(|_| ()).map_err(|found| at_factor(factor, setting, &found))
    };
    for factor in factors {
        let mut wrong = Vec::new();
        for setting in factor.extremes() {
            if let Err(found) = tried(factor, setting) {
                wrong.extend(found);
            }
        }
        if !wrong.is_empty()
            && let Kind::Range(range) = &factor.kind
            && range.low.fract() == 0.0
            && range.high.fract() == 0.0
        {
            let mut whole = factor.clone();
            if let Kind::Range(range) = &mut whole.kind {
                range.whole = true;
            }
            // It may be that whole numbers are asked for, and that the ends are wrong all the same.
            let again: Vec<Problem> = whole
                .extremes()
                .into_iter()
                .filter_map(|setting| tried(&whole, setting).err())
                .flatten()
                .collect();
            let takes_whole = again.iter().map(|p| &p.found).ne(wrong.iter().map(|p| &p.found));
            if again.is_empty() || takes_whole {
                (*factor, wrong) = (whole, again);
            }
        }
        problems.append(&mut wrong);
    }
}

/// The problems that a setting makes, as problems of the experiment's file: what it contradicts may stand elsewhere.
fn at_factor(factor: &Factor, setting: Setting, found: &Problems) -> Vec<Problem> {
    let layers = factor.layers(setting);
    let Some(layer) = layers.first() else { return found.iter().cloned().collect() };
    let here = |p: &Problem| Arc::ptr_eq(&p.source, &layer.source);
    let elsewhere = |p: &Problem| {
        let what = format!("contradicts the scenario: {}: {}", p.path, p.found);
        Problem::new(&layer.source, layer.span(), &layer.path, what, &p.allowed, &p.help)
    };
    found.iter().map(|p| if here(p) { p.clone() } else { elsewhere(p) }).collect()
}

/// Problems, each once: both ends of a range may be wrong in the same way.
fn distinct(problems: Vec<Problem>) -> Problems {
    let mut told: Vec<Problem> = Vec::new();
    for p in problems {
        let same = |t: &Problem| t.span == p.span && t.found == p.found && t.source.name() == p.source.name();
        if !told.iter().any(same) {
            told.push(p);
        }
    }
    Problems::new(told, 0)
}

fn every_measure(setup: &Setup) -> Vec<Scalar> {
    let mut out = Vec::new();
    for &measure in Measure::ALL {
        for population in &setup.populations {
            let name = scalar_name(measure, Some(&population.name), None, None);
            let population = Some(population.name.clone());
            out.push(Scalar { name, asked: Asked::Measure { measure, population, from: None, to: None } });
        }
    }
    out
}

/// `interdicted_cuba_19940101_19941231`, or of whole years `interdicted_cuba_1994`.
fn scalar_name(
    measure: Measure,
    population: Option<&str>,
    from: Option<jiff::civil::Date>,
    to: Option<jiff::civil::Date>,
) -> String {
    let mut name = measure.name().to_string();
    if let Some(population) = population {
        name += &format!("_{population}");
    }
    let whole_year = |from: jiff::civil::Date, to: jiff::civil::Date| {
        from.year() == to.year() && (from.month(), from.day(), to.month(), to.day()) == (1, 1, 12, 31)
    };
    match (from, to) {
        (Some(from), Some(to)) if whole_year(from, to) => name += &format!("_{}", from.year()),
        _ => {
            for date in [from, to].into_iter().flatten() {
                name += &format!("_{}{:02}{:02}", date.year(), date.month(), date.day());
            }
        }
    }
    name
}

/// The number that the scenario itself gives for each factor.
fn base_numbers(factors: &[Factor], resolved: &str) -> Vec<f64> {
    let table = resolved.parse::<toml::Table>().unwrap_or_default();
    let root = toml::Value::Table(table);
    let number = |factor: &Factor| {
        let keys = read::path_keys(factor.paths().first()?).ok()?;
        let value = keys.iter().try_fold(&root, |value, key| match value {
            toml::Value::Table(table) => table.get(key),
            toml::Value::Array(items) => {
                let by_index = key.parse::<usize>().ok().and_then(|i| items.get(i));
                let named = |item: &&toml::Value| item.get("name").and_then(toml::Value::as_str) == Some(key);
                by_index.or_else(|| items.iter().find(named))
            }
            _ => None,
        })?;
        value.as_float().or(value.as_integer().map(|i| i as f64))
    };
    factors.iter().map(|f| number(f).unwrap_or(f64::NAN)).collect()
}

fn digest(typed: &Experiment, resolved: &str, table: Option<&Text>) -> String {
    let mut hasher = blake3::Hasher::new();
    let mut part = |text: &str| {
        hasher.update(&(text.len() as u64).to_le_bytes());
        hasher.update(text.as_bytes());
    };
    part(&toml::to_string(typed).unwrap_or_default());
    part(resolved);
    part(table.map_or("", |t| &t.text));
    hasher.finalize().to_hex().to_string()
}

impl Study {
    /// Runs in all.
    pub fn runs(&self) -> u64 {
        self.design.points() * self.typed.experiment.replicates
    }

    /// The point and the replicate of a run: replicates of a point follow one another.
    pub fn place(&self, run: u64) -> (u64, u64) {
        let replicates = self.typed.experiment.replicates;
        (run / replicates, run % replicates)
    }

    /// The seed of a run.
    pub fn seed(&self, run: u64) -> u64 {
        let about = &self.typed.experiment;
        about.first_seed
            + match about.seeds {
                super::plan::Seeds::Common => run % about.replicates,
                super::plan::Seeds::Fresh => run,
            }
    }

    /// What the factors are set to at a point.
    pub fn settings(&self, point: u64) -> Vec<Setting> {
        self.design.at(point, &self.factors)
    }

    /// The layers of a run with these settings.
    pub fn layers(&self, settings: &[Setting]) -> Vec<Layer<'static>> {
        let mut layers = vec![self.base.clone()];
        let over = self.factors.iter().zip(settings);
        layers.extend(over.flat_map(|(f, &s)| f.layers(s)).map(Layer::placed));
        layers
    }

    /// The scenario of a point.
    pub fn setup(&self, point: u64) -> Result<Setup, Problems> {
        load_setup(&self.layers(&self.settings(point)))
    }

    /// The scenario of a point with its identity and its text.
    pub fn loaded(&self, point: u64) -> Result<Loaded, Problems> {
        load(&self.layers(&self.settings(point)))
    }

    /// What a factor is set to, as shown and stored: a number where the column holds numbers (none where the scenario
    /// gives none), a word elsewhere.
    pub fn shown(&self, factor: usize, setting: Setting) -> Shown {
        let at = factor;
        let factor = &self.factors[at];
        match (&factor.kind, setting) {
            (_, Setting::Number(x)) => Shown::Number(x),
            (Kind::List { levels, numeric }, Setting::Level(i)) => match levels.get(i) {
                Some(level) if *numeric => Shown::Number(level.number.unwrap_or(f64::NAN)),
                level => Shown::Word(level.map_or(String::new(), |l| l.name.clone())),
            },
            (_, Setting::Base) if factor.is_numeric() => Shown::Number(self.base_numbers[at]),
            _ => Shown::Word("(as in the scenario)".into()),
        }
    }

    /// The scenario with the level of each factor that makes some figure of it largest, the factors being tried one by
    /// one: an end of a range, a value, an option. The plain scenario where that one contradicts itself.
    pub fn largest(&self, figure: impl Fn(&Setup) -> f64) -> Result<Setup, Problems> {
        let plain = vec![Setting::Base; self.factors.len()];
        let mut settings = plain.clone();
        for (at, factor) in self.factors.iter().enumerate() {
            let mut most = f64::NEG_INFINITY;
            for setting in factor.extremes() {
                let mut one = plain.clone();
                one[at] = setting;
                let value = load_setup(&self.layers(&one)).map_or(f64::NEG_INFINITY, |setup| figure(&setup));
                if value > most {
                    (most, settings[at]) = (value, setting);
                }
            }
        }
        load_setup(&self.layers(&settings)).or_else(|_| load_setup(&self.layers(&plain)))
    }

    /// Whether the design is one for indices of sensitivity.
    pub fn is_screening(&self) -> bool {
        matches!(self.typed.experiment.design, DesignKind::Morris | DesignKind::Saltelli)
    }
}

/// A factor's setting as shown and stored.
#[derive(Clone, Debug, PartialEq)]
pub enum Shown {
    /// A number; NaN where there is none.
    Number(f64),
    /// A word.
    Word(String),
}
