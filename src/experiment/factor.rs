//! Factors: what is varied, resolved to values that can be laid over the scenario.

use super::plan::{Choice, Distribution, Factor as Typed};
use crate::model::math;
use crate::scenario::check::Checks;
use crate::scenario::read::{Placed, Raw, Source, Spans, path_keys, short};
use std::sync::Arc;

/// A factor that is whole.
#[derive(Clone, Debug)]
pub struct Factor {
    /// Name of its column.
    pub name: String,
    /// What it takes.
    pub kind: Kind,
}

/// What a factor takes.
#[derive(Clone, Debug)]
pub enum Kind {
    /// Numbers of a range.
    Range(Box<Range>),
    /// One of several settings, each with a name, and with a number where all are numbers.
    List {
        /// The settings.
        levels: Vec<Level>,
        /// Whether all of them are numbers.
        numeric: bool,
    },
}

/// A range of numbers.
#[derive(Clone, Debug)]
pub struct Range {
    /// Where the number goes, one place or several: everything but the value.
    places: Vec<Placed>,
    /// The largest value as typed, to which its mistakes belong.
    top: Raw,
    /// Least value.
    pub low: f64,
    /// Largest value.
    pub high: f64,
    /// How values spread.
    pub spread: Spread,
    /// Levels in designs of levels, where they differ from the experiment's.
    pub levels: Option<u32>,
    /// Whether only whole numbers are taken.
    pub whole: bool,
}

/// How values spread between the ends of a range.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Spread {
    /// Evenly.
    Uniform,
    /// Evenly on the logarithm.
    LogUniform,
    /// Normal with mean and standard deviation, cut off at the ends.
    Normal(f64, f64),
}

/// One setting of a list.
#[derive(Clone, Debug)]
pub struct Level {
    /// Its name.
    pub name: String,
    /// Its number, if it is one.
    pub number: Option<f64>,
    /// What it lays over the scenario.
    pub layers: Vec<Placed>,
}

/// What a factor is set to in a run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Setting {
    /// Left as in the scenario.
    Base,
    /// A number of a range.
    Number(f64),
    /// A setting of a list.
    Level(usize),
}

impl Range {
    /// The value at a position between 0 and 1.
    ///
    /// ```text
    /// uniform      x = low + u (high − low)
    /// log uniform  x = exp(ln low + u (ln high − ln low))
    /// normal       x = μ + σ Φ⁻¹(Φ(a) + u (Φ(b) − Φ(a))),  a = (low − μ)/σ,  b = (high − μ)/σ
    /// whole        ⌊x⌋ of the range widened by one, so that both ends are as likely as what lies between
    /// ```
    pub fn at(&self, u: f64) -> f64 {
        let high = if self.whole { self.high + 1.0 } else { self.high };
        let x = match self.spread {
            Spread::Uniform => self.low + u * (high - self.low),
            Spread::LogUniform => math::exp(math::ln(self.low) + u * (math::ln(high) - math::ln(self.low))),
            Spread::Normal(mean, sd) => {
                let (a, b) = (math::normal_cdf((self.low - mean) / sd), math::normal_cdf((high - mean) / sd));
                mean + sd * math::normal_quantile((a + u * (b - a)).clamp(1e-300, 1.0 - 1e-16))
            }
        };
        let x = if self.whole { x.floor() } else { x };
        x.clamp(self.low, self.high)
    }

    /// The value of a level out of several, ends included; evenly spaced on the scale of the distribution.
    pub fn level(&self, level: u64, of: u64) -> f64 {
        if level + 1 >= of.max(2) {
            return self.high;
        }
        if level == 0 && of > 1 {
            return self.low;
        }
        let u = if of > 1 { level as f64 / (of - 1) as f64 } else { 0.5 };
        let x = match self.spread {
            Spread::LogUniform => {
                math::exp(math::ln(self.low) + u * (math::ln(self.high) - math::ln(self.low)))
            }
            Spread::Uniform | Spread::Normal(..) => self.low + u * (self.high - self.low),
        };
        let x = if self.whole { x.round() } else { x };
        x.clamp(self.low, self.high)
    }

    /// What a value lays over the scenario.
    pub fn layers(&self, x: f64) -> Vec<Placed> {
        let laid = |place: &Placed| {
            let value = if x >= self.high { &self.top } else { &place.value };
            let value = if self.whole { Raw::whole(x as i64, value) } else { Raw::number(x, value) };
            Placed { value, ..place.clone() }
        };
        self.places.iter().map(laid).collect()
    }
}

impl Factor {
    /// The setting at a position between 0 and 1.
    pub fn at(&self, u: f64) -> Setting {
        match &self.kind {
            Kind::Range(range) => Setting::Number(range.at(u)),
            Kind::List { levels, .. } => {
                Setting::Level(((u * levels.len() as f64) as usize).min(levels.len() - 1))
            }
        }
    }

    /// Levels in a design of levels; `of_ranges` is the experiment's number for ranges.
    pub fn level_count(&self, of_ranges: u32) -> u64 {
        match &self.kind {
            Kind::Range(range) => u64::from(range.levels.unwrap_or(of_ranges)),
            Kind::List { levels, .. } => levels.len() as u64,
        }
    }

    /// The setting of a level.
    pub fn level(&self, level: u64, of_ranges: u32) -> Setting {
        match &self.kind {
            Kind::Range(range) => Setting::Number(range.level(level, self.level_count(of_ranges))),
            Kind::List { .. } => Setting::Level(level as usize),
        }
    }

    /// What a setting lays over the scenario.
    pub fn layers(&self, setting: Setting) -> Vec<Placed> {
        match (&self.kind, setting) {
            (Kind::Range(range), Setting::Number(x)) => range.layers(x),
            (Kind::List { levels, .. }, Setting::Level(i)) => {
                levels.get(i).map_or(Vec::new(), |l| l.layers.clone())
            }
            _ => Vec::new(),
        }
    }

    /// The settings to try before anything runs: both ends of a range, every level of a list.
    pub fn extremes(&self) -> Vec<Setting> {
        match &self.kind {
            Kind::Range(range) => vec![Setting::Number(range.low), Setting::Number(range.high)],
            Kind::List { levels, .. } => (0..levels.len()).map(Setting::Level).collect(),
        }
    }

    /// Whether its column holds numbers.
    pub fn is_numeric(&self) -> bool {
        match &self.kind {
            Kind::Range(_) => true,
            Kind::List { numeric, .. } => *numeric,
        }
    }

    /// The paths of its range or list; none of options.
    pub fn paths(&self) -> Vec<&str> {
        let places = match &self.kind {
            Kind::Range(range) => &range.places,
            Kind::List { levels, .. } => match levels.first().map(|l| &l.layers) {
                Some(layers) if layers.iter().all(|layer| layer.replace) => layers,
                _ => return Vec::new(),
            },
        };
        places.iter().map(|place| place.path.as_str()).collect()
    }
}

/// Resolves the factors of a file, telling what is wrong with each.
pub fn resolve(typed: &[Typed], source: &Arc<Source>, spans: &Spans, checks: &mut Checks<'_>) -> Vec<Factor> {
    let mut factors: Vec<Factor> = Vec::new();
    for (i, factor) in typed.iter().enumerate() {
        let at = format!("factors.{i}");
        let resolver = Resolver { at: &at, factor, source, spans };
        let Some(resolved) = resolver.resolve(checks) else { continue };
        if factors.iter().any(|f| f.name == resolved.name) {
            let found = format!("there are two factors `{}`", resolved.name);
            checks.at(&at, found, "each name once", "give one of them another `name`");
            continue;
        }
        factors.push(resolved);
    }
    factors
}

struct Resolver<'a> {
    at: &'a str,
    factor: &'a Typed,
    source: &'a Arc<Source>,
    spans: &'a Spans,
}

impl Resolver<'_> {
    fn resolve(&self, checks: &mut Checks<'_>) -> Option<Factor> {
        let f = self.factor;
        let range = f.low.is_some() || f.high.is_some();
        let ways =
            usize::from(range) + usize::from(!f.values.is_empty()) + usize::from(!f.options.is_empty());
        if ways != 1 {
            let found = match ways {
                0 => "a factor without `low` and `high`, `values` or `options`".to_string(),
                _ => "a factor with more than one of `low` and `high`, `values`, `options`".to_string(),
            };
            checks.at(self.at, found, "exactly one of the three", "");
            return None;
        }
        if f.path.is_none() && !f.also.is_empty() {
            let (found, allowed) =
                ("`also` without a `path`", "a `path`, and further ones that take its value");
            checks.at(&self.inside("also"), found, allowed, "an option says itself what it changes");
            return None;
        }
        let kind = if range {
            Kind::Range(Box::new(self.range(checks)?))
        } else if f.options.is_empty() {
            self.values(checks)?
        } else {
            self.options(checks)?
        };
        let plain = |path: &String| path.replace(|c: char| !c.is_ascii_alphanumeric(), "_");
        let name = f.name.clone().or_else(|| f.path.as_ref().map(plain)).unwrap_or_default();
        let reserved = super::dataset::RESERVED.contains(&name.as_str());
        if name.is_empty() || reserved {
            let found =
                if reserved { format!("a factor called `{name}`") } else { "a factor without a name".into() };
            checks.at(&self.inside("name"), found, "a name of its own", "give it a `name`");
            return None;
        }
        Some(Factor { name, kind })
    }

    fn inside(&self, key: &str) -> String {
        format!("{}.{key}", self.at)
    }

    /// Its path, and the further ones that take the same value, each with the key it stands under.
    fn paths(&self, checks: &mut Checks<'_>) -> Option<Vec<(String, String)>> {
        let allowed = "a dotted path into the scenario";
        let Some(path) = &self.factor.path else {
            checks.at(self.at, "a factor without a `path`", allowed, "say what it varies");
            return None;
        };
        let also = self.factor.also.iter().enumerate();
        let mut paths: Vec<(String, String)> = vec![(path.clone(), self.inside("path"))];
        paths.extend(also.map(|(i, path)| (path.clone(), self.inside(&format!("also.{i}")))));
        for (i, (path, key)) in paths.iter().enumerate() {
            if let Err(found) = path_keys(path) {
                checks.at(key, found, allowed, "write keys joined by dots");
                return None;
            }
            if paths[..i].iter().any(|(other, _)| other == path) {
                checks.at(key, format!("`{path}` a second time"), "each path once", "");
                return None;
            }
        }
        Some(paths)
    }

    /// A number that is typed and finite.
    fn end(&self, key: &str, value: Option<&Raw>, checks: &mut Checks<'_>) -> Option<f64> {
        let number = value.and_then(Raw::as_number);
        let found = match (value, number) {
            (_, Some(x)) if x.is_finite() => return Some(x),
            (None, _) => format!("a range without `{key}`"),
            (Some(raw), None) => format!("`{}` is not a number", raw.toml()),
            (Some(raw), Some(_)) => format!("`{}` is not a finite number", raw.toml()),
        };
        checks.at(&self.inside(key), found, "a finite number", "");
        None
    }

    fn range(&self, checks: &mut Checks<'_>) -> Option<Range> {
        let f = self.factor;
        let paths = self.paths(checks);
        let low = self.end("low", f.low.as_ref(), checks);
        let high = self.end("high", f.high.as_ref(), checks);
        let (paths, low, high) = (paths?, low?, high?);
        if low >= high {
            let found = format!("a range from {low} to {high}");
            checks.at(&self.inside("high"), found, "`low` below `high`", "");
            return None;
        }
        let spread = match f.distribution {
            Distribution::Uniform => Spread::Uniform,
            Distribution::LogUniform if low > 0.0 => Spread::LogUniform,
            Distribution::LogUniform => {
                let found = format!("`low` is {low}, and its logarithm is taken");
                checks.at(&self.inside("low"), found, "a number above 0", "");
                return None;
            }
            Distribution::Normal => match (f.mean, f.sd) {
                (Some(mean), Some(sd)) => Spread::Normal(mean, sd),
                _ => {
                    let found = "a normal distribution without `mean` and `sd`";
                    checks.at(self.at, found, "both", "");
                    return None;
                }
            },
        };
        let (value, top) = (f.low.clone()?, f.high.clone()?);
        let place = |(path, key): &(String, String)| self.placed(path, key, value.clone(), false);
        let places = paths.iter().map(place).collect();
        Some(Range { places, top, low, high, spread, levels: f.levels, whole: false })
    }

    fn values(&self, checks: &mut Checks<'_>) -> Option<Kind> {
        let f = self.factor;
        let paths = self.paths(checks)?;
        if !f.names.is_empty() && f.names.len() != f.values.len() {
            let found = format!("{} names for {} values", f.names.len(), f.values.len());
            checks.at(&self.inside("names"), found, "a name for each value, or none", "");
            return None;
        }
        let numbers: Vec<Option<f64>> = f.values.iter().map(Raw::as_number).collect();
        let numeric = f.names.is_empty() && numbers.iter().all(Option::is_some);
        let mut levels = Vec::new();
        for (i, value) in f.values.iter().enumerate() {
            let number = numbers[i];
            if number.is_some_and(|x| !x.is_finite()) {
                let found = format!("`{}` is not a finite number", value.toml());
                checks.at(&self.inside(&format!("values.{i}")), found, "a finite number", "");
                return None;
            }
            let name = f.names.get(i).cloned().unwrap_or_else(|| short(value));
            let layers =
                paths.iter().map(|(path, key)| self.placed(path, key, value.clone(), true)).collect();
            levels.push(Level { name, number, layers });
        }
        self.list(levels, numeric, "values", checks)
    }

    fn options(&self, checks: &mut Checks<'_>) -> Option<Kind> {
        let levels = self.factor.options.iter().enumerate();
        let levels = levels.map(|(i, o)| self.option(&self.inside(&format!("options.{i}")), o)).collect();
        self.list(levels, false, "options", checks)
    }

    fn option(&self, at: &str, option: &Choice) -> Level {
        let mut layers = Vec::new();
        if let Some(set) = &option.set {
            layers.push(self.placed("", &format!("{at}.set"), set.clone(), false));
        }
        for (i, r) in option.replace.iter().enumerate() {
            let at = format!("{at}.replace.{i}.path");
            layers.push(self.placed(&r.path, &at, r.with.clone(), true));
        }
        for (i, switch) in option.without.iter().enumerate() {
            let at = format!("{at}.without.{i}");
            layers.push(self.placed(&format!("switches.{switch}"), &at, Raw::boolean(false), false));
        }
        Level { name: option.name.clone(), number: None, layers }
    }

    fn list(&self, levels: Vec<Level>, numeric: bool, key: &str, checks: &mut Checks<'_>) -> Option<Kind> {
        for (i, level) in levels.iter().enumerate() {
            if levels[..i].iter().any(|l| l.name == level.name) {
                let found = format!("there are two levels `{}`", level.name);
                checks.at(&self.inside(&format!("{key}.{i}")), found, "each once", "give them `names`");
                return None;
            }
            for layer in &level.layers {
                let table = layer.value.is_table();
                if layer.path.is_empty() && !table {
                    let at = self.inside(&format!("{key}.{i}.set"));
                    checks.at(&at, "not a table", "a table, written as in a scenario", "");
                    return None;
                }
            }
        }
        Some(Kind::List { levels, numeric })
    }

    fn placed(&self, path: &str, at: &str, value: Raw, replace: bool) -> Placed {
        let (_, path_span) = self.spans.of(at);
        Placed { source: Arc::clone(self.source), path: path.to_string(), path_span, value, replace }
    }
}
