//! What stands in a file, with the place of every value.

use toml::Spanned;
use toml::de::{DeTable, DeValue};
use toml::value::Datetime;

/// Bytes of one source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Which source.
    pub source: usize,
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

/// A value and its place.
#[derive(Clone, Debug)]
pub struct Node {
    /// Where it stands; of a table, its header.
    pub place: Place,
    /// What it is.
    pub value: Value,
}

/// A value as typed.
#[derive(Clone, Debug)]
pub enum Value {
    /// Text in quotes.
    Text(String),
    /// A whole number.
    Integer(i128),
    /// A whole number beyond any that can be held.
    Huge,
    /// A decimal number; what is too large to be held is infinite.
    Decimal(f64),
    /// True or false.
    Boolean(bool),
    /// A date, a time, or both.
    Datetime(Datetime),
    /// A list.
    List(Vec<Node>),
    /// A table, in the order of the file.
    Table(Vec<Entry>),
    /// What could not be parsed, and has been reported as such.
    Unreadable,
}

/// A key of a table with its value.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// Where the key stands.
    pub key_place: Place,
    /// Its value.
    pub node: Node,
}

impl Node {
    /// An empty table at the start of a source.
    pub fn empty(source: usize) -> Self {
        Self { place: Place { source, start: 0, end: 0 }, value: Value::Table(Vec::new()) }
    }

    /// The value at a key of a table.
    pub fn get(&self, key: &str) -> Option<&Entry> {
        match &self.value {
            Value::Table(entries) => entries.iter().find(|e| e.key == key),
            _ => None,
        }
    }

    /// The position of the element of a list that has this index or this `name`.
    pub fn element(&self, key: &str) -> Option<usize> {
        let Value::List(items) = &self.value else { return None };
        let by_name = || items.iter().position(|item| item.name() == Some(key));
        let by_index = key.parse::<usize>().ok().filter(|&i| i < items.len());
        by_index.or_else(by_name)
    }

    /// The names it may be thought to declare, at any depth: keys of a table, the `name` of each table of a list.
    pub fn names(&self) -> Vec<&str> {
        match &self.value {
            Value::Table(entries) => {
                entries.iter().flat_map(|e| [vec![e.key.as_str()], e.node.names()].concat()).collect()
            }
            Value::List(items) => items.iter().flat_map(|i| i.name().into_iter().chain(i.names())).collect(),
            _ => Vec::new(),
        }
    }

    /// The text under `name`, if it is a table that has one.
    pub fn name(&self) -> Option<&str> {
        match self.get("name").map(|e| &e.node.value) {
            Some(Value::Text(name)) => Some(name),
            _ => None,
        }
    }

    /// The same value as parsed by the TOML reader.
    pub fn from_table(table: Spanned<DeTable<'_>>, source: usize) -> Self {
        let place = place(&table.span(), source);
        Self { place, value: entries(table.into_inner(), source) }
    }

    fn from_value(value: Spanned<DeValue<'_>>, source: usize) -> Self {
        let span = value.span();
        let place = place(&span, source);
        let value = match value.into_inner() {
            // What the parser puts where it found no value has neither place nor text.
            DeValue::Integer(i) if span.is_empty() || i.as_str().is_empty() => Value::Unreadable,
            DeValue::String(s) => Value::Text(s.into_owned()),
            DeValue::Integer(i) => {
                i128::from_str_radix(i.as_str(), i.radix()).map_or(Value::Huge, Value::Integer)
            }
            DeValue::Float(f) => f.as_str().parse().map_or(Value::Unreadable, Value::Decimal),
            DeValue::Boolean(b) => Value::Boolean(b),
            DeValue::Datetime(d) => Value::Datetime(d),
            DeValue::Array(items) => {
                Value::List(items.into_iter().map(|item| Self::from_value(item, source)).collect())
            }
            DeValue::Table(table) => entries(table, source),
        };
        Self { place, value }
    }
}

fn entries(table: DeTable<'_>, source: usize) -> Value {
    let entry = |(key, value): (Spanned<_>, _)| {
        let key_place = place(&key.span(), source);
        let key: std::borrow::Cow<'_, str> = key.into_inner();
        Entry { key: key.into_owned(), key_place, node: Node::from_value(value, source) }
    };
    Value::Table(table.into_iter().map(entry).collect())
}

fn place(span: &std::ops::Range<usize>, source: usize) -> Place {
    Place { source, start: span.start, end: span.end }
}
