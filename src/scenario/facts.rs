//! Facts as the engine's observers need them: names resolved to positions, dates to days, claims to intervals.

use super::calendar::Calendar;
use super::format::{Across, By, Compare, FactKind, Level, Take, Use};
use crate::model::arrangement::Phase;

/// Everything a scenario is held against, and what has to be watched for it.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// What is taken down every day, each once.
    pub signals: Vec<Signal>,
    /// Recorded series.
    pub observed: Vec<Series>,
    /// Facts.
    pub facts: Vec<Fact>,
    /// The other worlds facts are compared with, each once: assignments laid over the scenario.
    pub variants: Vec<Vec<String>>,
}

/// One number a day.
#[derive(Clone, Debug, PartialEq)]
pub enum Signal {
    /// Persons of the day: populations, and positions in their flows.
    Flow(Vec<(u32, u32)>),
    /// Persons at the end of the day: populations, and positions in their stocks.
    Stock(Vec<(u32, u32)>),
    /// Days waited by those whose wait ended: positions in the tally of waits.
    WaitDays(Vec<u32>),
    /// Persons whose wait ended: positions in the tally of waits.
    WaitsEnded(Vec<u32>),
    /// A number that stands in the world, of the place, route, country or arrangement at a position.
    Level(Level, usize),
    /// 1 if the ladder at a position is on one of the rungs.
    Rung(usize, Vec<u16>),
    /// How many of the arrangements at some positions are in one of the phases.
    Phase(Vec<usize>, Vec<Phase>),
}

/// What the values of a day are, and so how they add up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Summed over days.
    Flow,
    /// Averaged over days.
    Standing,
    /// Days waited over persons: signals come in pairs.
    Wait,
    /// A number.
    Constant,
}

/// A quantity of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Quantity {
    /// What kind.
    pub kind: Kind,
    /// Signals: one, or one for each country; of a wait days and persons.
    pub parts: Vec<usize>,
    /// The number, where it is one.
    pub constant: f64,
    /// First day.
    pub from: usize,
    /// Last day.
    pub to: usize,
    /// By what periods.
    pub by: By,
    /// What is taken.
    pub take: Take,
    /// What value is looked for.
    pub reaches: f64,
    /// What is made of several countries.
    pub across: Across,
    /// What a country must have to be counted.
    pub each_at_least: f64,
}

/// A recorded series.
#[derive(Clone, Debug)]
pub struct Series {
    /// The quantity; the figures say when.
    pub quantity: Quantity,
    /// What it is divided by.
    pub over: Option<Quantity>,
}

/// What is known of a quantity.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Claim {
    /// A recorded value, and the range its tolerance leaves.
    Recorded {
        /// The value.
        value: f64,
        /// Least it may be.
        low: f64,
        /// Most it may be.
        high: f64,
    },
    /// Between two values, ends included; they may be infinite.
    Between(f64, f64),
    /// More than a value.
    Above(f64),
    /// Less than a value.
    Below(f64),
}

impl Claim {
    /// Whether a value agrees. What is undefined agrees with nothing.
    pub fn agrees(self, x: f64) -> bool {
        match self {
            Claim::Recorded { low, high, .. } | Claim::Between(low, high) => low <= x && x <= high,
            Claim::Above(limit) => x > limit,
            Claim::Below(limit) => x < limit,
        }
    }
}

/// A fact, resolved.
#[derive(Clone, Debug)]
pub struct Fact {
    /// Statements it answers.
    pub answers: Vec<String>,
    /// What kind of statement.
    pub kind: FactKind,
    /// In words.
    pub statement: String,
    /// The quantity.
    pub quantity: Quantity,
    /// What it is divided by.
    pub over: Option<Quantity>,
    /// What is taken off it.
    pub minus: Option<Quantity>,
    /// The other world, by its position among the variants, and how the two are compared.
    pub against: Option<(usize, Compare)>,
    /// What is known.
    pub claim: Claim,
    /// Share of runs in which it must hold.
    pub holds_in: f64,
    /// What it is used for.
    pub used_for: Use,
}

impl Fact {
    /// Whether the value is a day of the run, to be shown as a date.
    pub fn is_day(&self) -> bool {
        self.quantity.take == Take::FirstDay
            && self.over.is_none()
            && self.minus.is_none()
            && self.against.is_none()
    }

    /// A value in words: a date, a year, or a number with as many digits as mean something.
    pub fn value_text(&self, calendar: &Calendar, x: f64) -> String {
        let alone = self.over.is_none() && self.minus.is_none() && self.against.is_none();
        let year = self.quantity.take == Take::FirstYear && alone;
        match x {
            _ if x.is_nan() => "undefined".to_string(),
            _ if x.is_infinite() && (self.is_day() || year) => "never".to_string(),
            _ if self.is_day() => calendar.date(x.max(0.0) as u32).to_string(),
            _ if year => format!("{x:.0}"),
            _ => number_text(x),
        }
    }

    /// Whether an ensemble is held against a recorded value by its interval, rather than run by run.
    pub fn by_interval(&self) -> bool {
        self.kind == FactKind::Target && matches!(self.claim, Claim::Recorded { .. })
    }

    /// The last day that has to be simulated.
    pub fn last_day(&self) -> usize {
        let last = |q: &Option<Quantity>| q.as_ref().map_or(0, |q| q.to);
        self.quantity.to.max(last(&self.over)).max(last(&self.minus))
    }
}

/// A number with as many digits as mean something, thousands set apart.
pub fn number_text(x: f64) -> String {
    let size = x.abs();
    let sign = if x < 0.0 { "-" } else { "" };
    if size.is_infinite() {
        return format!("{sign}infinite");
    }
    if size < 100.0 && size.fract() != 0.0 {
        return if size >= 10.0 { format!("{x:.1}") } else { format!("{x:.3}") };
    }
    let digits = format!("{size:.0}");
    let mut text = String::from(sign);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::number_text;

    #[test]
    fn numbers_show_the_digits_that_mean_something() {
        let shown = [0.0, -3.0, 0.0271, 12.34, 99.96, 1234567.8, -1000.0, f64::NEG_INFINITY].map(number_text);
        assert_eq!(shown, ["0", "-3", "0.027", "12.3", "100.0", "1,234,568", "-1,000", "-infinite"]);
    }
}
