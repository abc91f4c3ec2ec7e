//! Names, days, and maps from names.

use serde::{Deserialize, Serialize, Serializer};
use std::fmt;

/// The name of something declared elsewhere in the file.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Name(pub String);

impl Name {
    /// As text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Name {
    fn from(name: &str) -> Self {
        Self(name.to_string())
    }
}

impl AsRef<str> for Name {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A day of the civil calendar.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
pub struct Date(pub jiff::civil::Date);

/// As a date of TOML, without quotes, so that a resolved scenario is a scenario.
impl Serialize for Date {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (year, month, day) = (self.0.year() as u16, self.0.month() as u8, self.0.day() as u8);
        let date = Some(toml::value::Date { year, month, day });
        toml::value::Datetime { date, time: None, offset: None }.serialize(serializer)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Whether a name may be chosen in a file: lower-case with digits and `_`, or an upper-case code such as USA.
pub fn is_name(text: &str) -> bool {
    let all = |first: fn(&char) -> bool| {
        let mut chars = text.chars();
        chars.next().is_some_and(|c| first(&c)) && chars.all(|c| first(&c) || c.is_ascii_digit() || c == '_')
    };
    all(char::is_ascii_lowercase) || all(char::is_ascii_uppercase)
}

/// The same rule as a regular expression, for the schema.
pub const NAME_PATTERN: &str = "^([a-z][a-z0-9_]*|[A-Z][A-Z0-9_]*)$";

/// A map from names to values, in the order of the file.
#[derive(Clone, Debug, PartialEq)]
pub struct Named<T>(Vec<(String, T)>);

impl<T> Default for Named<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Named<T> {
    /// The number of names.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The value of a name.
    pub fn get(&self, name: &str) -> Option<&T> {
        self.position(name).map(|i| &self.0[i].1)
    }

    /// The position of a name.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.0.iter().position(|(n, _)| n == name)
    }

    /// Name and value at a position.
    pub fn at(&self, position: usize) -> Option<(&str, &T)> {
        self.0.get(position).map(|(name, value)| (name.as_str(), value))
    }

    /// Names and values, in the order of the file.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &T)> + DoubleEndedIterator + Clone {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// Names.
    pub fn names(&self) -> impl ExactSizeIterator<Item = &str> + DoubleEndedIterator + Clone {
        self.0.iter().map(|(name, _)| name.as_str())
    }

    /// Values.
    pub fn values(&self) -> impl ExactSizeIterator<Item = &T> + DoubleEndedIterator + Clone {
        self.0.iter().map(|(_, value)| value)
    }
}

/// Of several equal names the first is the one that [`Named::get`] finds; files cannot contain equal names.
impl<T> FromIterator<(String, T)> for Named<T> {
    fn from_iter<I: IntoIterator<Item = (String, T)>>(pairs: I) -> Self {
        Self(pairs.into_iter().collect())
    }
}

impl<T: Serialize> Serialize for Named<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}
