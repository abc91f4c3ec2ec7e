//! Ranges and lengths, and how they are told.

use std::fmt;

/// An end of a range.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Limit {
    /// Of decimal numbers.
    Decimal(f64),
    /// Of whole numbers.
    Whole(i128),
}

impl Limit {
    /// The nearest decimal number.
    pub fn as_f64(self) -> f64 {
        match self {
            Self::Decimal(x) => x,
            Self::Whole(i) => i as f64,
        }
    }

    /// The whole number, or the one below.
    pub fn as_whole(self) -> i128 {
        match self {
            Self::Decimal(x) => x as i128,
            Self::Whole(i) => i,
        }
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Decimal(x) => f.write_str(&number(*x)),
            Self::Whole(i) => write!(f, "{i}"),
        }
    }
}

/// A range, ends included.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    /// Smallest value.
    pub min: Limit,
    /// Largest value.
    pub max: Limit,
}

impl Limits {
    /// Whether a number lies inside; NaN does not.
    pub fn contains(&self, x: f64) -> bool {
        self.min.as_f64() <= x && x <= self.max.as_f64()
    }

    /// Whether a whole number lies inside, without rounding where the ends are whole.
    pub fn contains_whole(&self, i: i128) -> bool {
        match (self.min, self.max) {
            (Limit::Whole(min), Limit::Whole(max)) => (min..=max).contains(&i),
            _ => self.contains(i as f64),
        }
    }
}

/// What a value is checked against.
#[derive(Clone, Copy, Debug, Default)]
pub struct Rules {
    /// Smallest and largest number.
    pub range: Option<Limits>,
    /// Smallest and largest length.
    pub length: Option<(usize, usize)>,
    /// Unit, for messages.
    pub unit: Option<&'static str>,
}

impl Rules {
    /// The rules for the elements of a list or map.
    pub fn of_elements(self) -> Self {
        Self { length: None, ..self }
    }

    /// A number to go on with where the one typed is wrong: 0, or the end of the range that is nearest to it.
    pub fn harmless(&self) -> Limit {
        match self.range {
            Some(Limits { min, .. }) if min.as_f64() > 0.0 => min,
            Some(Limits { max, .. }) if max.as_f64() < 0.0 => max,
            _ => Limit::Whole(0),
        }
    }

    /// What is allowed, in words.
    pub fn allowed(&self, what: &str) -> String {
        let mut text = what.to_string();
        if let Some(Limits { min, max }) = self.range {
            text += &format!(" from {min} to {max}");
        }
        if let Some(unit) = self.unit {
            text += &format!(" ({unit})");
        }
        match self.length {
            Some((min, max)) if min == max => text += &format!("; {min} of them"),
            Some((min, max)) => text += &format!("; {min} to {max} of them"),
            None => {}
        }
        text
    }
}

/// A type in which ranges are given.
pub trait Bound {
    /// As an end of a range.
    fn limit(self) -> Limit;
}

/// For what has no range.
pub enum NoBound {}

impl Bound for NoBound {
    fn limit(self) -> Limit {
        match self {}
    }
}

impl Bound for f64 {
    fn limit(self) -> Limit {
        Limit::Decimal(self)
    }
}

impl Limits {
    /// The ends of a range.
    pub fn of<B: Bound>(range: std::ops::RangeInclusive<B>) -> Self {
        let (min, max) = range.into_inner();
        Self { min: min.limit(), max: max.limit() }
    }
}

/// A number as one would write it: very large and very small ones with an exponent, where that is shorter.
pub fn number(x: f64) -> String {
    let (plain, exponent) = (format!("{x}"), format!("{x:e}"));
    let far = x != 0.0 && !(1e-2..1e5).contains(&x.abs());
    if far && exponent.len() < plain.len() { exponent } else { plain }
}
