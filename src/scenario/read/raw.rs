//! A value kept as it stands in a file, to be laid over another file later: where it is wrong there, the message
//! points to where it was typed.

use super::meta::Shape;
use super::problem::Source;
use super::readable::Readable;
use super::reader::Reader;
use super::rules::{NoBound, Rules, number};
use super::value::{Entry, Node, Place, Value};
use serde::{Serialize, Serializer};
use std::fmt::Write;
use std::ops::Range;
use std::sync::Arc;

/// Any value, not looked into.
#[derive(Clone, Debug)]
pub struct Raw {
    node: Node,
}

impl Raw {
    /// A number made by the program rather than typed, at the place of what it was made from.
    pub fn number(x: f64, at: &Self) -> Self {
        Self { node: Node { place: at.node.place, value: Value::Decimal(x) } }
    }

    /// A whole number, likewise.
    pub fn whole(i: i64, at: &Self) -> Self {
        Self { node: Node { place: at.node.place, value: Value::Integer(i128::from(i)) } }
    }

    /// True or false, with no place of its own.
    pub fn boolean(value: bool) -> Self {
        Self { node: Node { value: Value::Boolean(value), ..Node::empty(0) } }
    }

    /// The number typed, if it is one.
    pub fn as_number(&self) -> Option<f64> {
        match self.node.value {
            Value::Decimal(x) => Some(x),
            Value::Integer(i) => Some(i as f64),
            _ => None,
        }
    }

    /// Whether a whole number was typed.
    pub fn is_whole(&self) -> bool {
        matches!(self.node.value, Value::Integer(_))
    }

    /// Whether a table was typed.
    pub fn is_table(&self) -> bool {
        matches!(self.node.value, Value::Table(_))
    }

    /// The text typed, if it is one.
    pub fn as_text(&self) -> Option<&str> {
        match &self.node.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The value in one line of TOML, which reads back as the same value.
    pub fn toml(&self) -> String {
        let mut out = String::new();
        write_value(&self.node.value, &mut out);
        out
    }
}

impl PartialEq for Raw {
    fn eq(&self, other: &Self) -> bool {
        self.toml() == other.toml()
    }
}

impl Serialize for Raw {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.toml())
    }
}

impl Readable for Raw {
    type Bound = NoBound;

    fn shape() -> Shape {
        Shape::Any
    }

    fn read(node: &Node, _rules: Rules, _reader: &mut Reader<'_>) -> Self {
        Self { node: node.clone() }
    }

    fn stand_in() -> Self {
        Self { node: Node::empty(0) }
    }
}

/// A value to be laid over a scenario, at a path, with the text it comes from.
#[derive(Clone, Debug)]
pub struct Placed {
    /// The text messages point into.
    pub source: Arc<Source>,
    /// Dotted path into the scenario; empty: the value is a table that is laid over the whole.
    pub path: String,
    /// Where the path was typed.
    pub path_span: Range<usize>,
    /// What is laid there.
    pub value: Raw,
    /// Whether a table replaces what stood there, rather than being merged with it key by key.
    pub replace: bool,
}

impl Placed {
    /// Where the value was typed; where it has no place of its own, where its path was.
    pub fn span(&self) -> Range<usize> {
        let place = self.value.node.place;
        if place.end > place.start { place.start..place.end } else { self.path_span.clone() }
    }

    /// The value under its path as one table, every part with its place in the source of this order, and the depth of
    /// the value; or what is wrong with the path.
    pub(super) fn tree(&self, order: usize) -> Result<(Node, usize), String> {
        let mut node = self.value.node.clone();
        retag(&mut node, order);
        if self.path.is_empty() {
            return Ok((node, 0));
        }
        let keys = path_keys(&self.path)?;
        let place = Place { source: order, start: self.path_span.start, end: self.path_span.end };
        let depth = keys.len();
        for key in keys.into_iter().rev() {
            let entry = Entry { key, key_place: place, node };
            node = Node { place, value: Value::Table(vec![entry]) };
        }
        Ok((node, depth))
    }
}

/// The keys of a dotted path; a key with unusual characters may be quoted as in TOML.
pub fn path_keys(path: &str) -> Result<Vec<String>, String> {
    let (root, errors) = super::syntax::document(&format!("{path}=0"), 0);
    if let Some(error) = errors.first() {
        return Err(error.found.clone());
    }
    let (mut keys, mut node) = (Vec::new(), &root);
    while let Value::Table(entries) = &node.value {
        let [entry] = entries.as_slice() else { return Err("not one dotted path".into()) };
        keys.push(entry.key.clone());
        node = &entry.node;
    }
    Ok(keys)
}

fn retag(node: &mut Node, source: usize) {
    node.place.source = source;
    match &mut node.value {
        Value::List(items) => items.iter_mut().for_each(|item| retag(item, source)),
        Value::Table(entries) => {
            for entry in entries {
                entry.key_place.source = source;
                retag(&mut entry.node, source);
            }
        }
        _ => {}
    }
}

fn write_value(value: &Value, out: &mut String) {
    // Writing to a string cannot fail.
    let _ = match value {
        Value::Text(text) => write!(out, "{}", toml::Value::String(text.clone())),
        Value::Integer(i) => write!(out, "{i}"),
        Value::Huge => write!(out, "inf"),
        Value::Decimal(x) if x.is_nan() => write!(out, "nan"),
        Value::Decimal(x) => write!(out, "{x:?}"),
        Value::Boolean(b) => write!(out, "{b}"),
        Value::Datetime(d) => write!(out, "{d}"),
        Value::Unreadable => Ok(()),
        Value::List(items) => {
            out.push('[');
            for (i, item) in items.iter().enumerate() {
                out.push_str(if i == 0 { "" } else { ", " });
                write_value(&item.value, out);
            }
            write!(out, "]")
        }
        Value::Table(entries) => {
            out.push('{');
            for (i, entry) in entries.iter().enumerate() {
                out.push_str(if i == 0 { " " } else { ", " });
                let bare = entry.key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
                if bare && !entry.key.is_empty() {
                    out.push_str(&entry.key);
                } else {
                    let _ = write!(out, "{}", toml::Value::String(entry.key.clone()));
                }
                out.push_str(" = ");
                write_value(&entry.node.value, out);
            }
            write!(out, " }}")
        }
    };
}

/// A value in few characters, for the name of a level.
pub fn short(raw: &Raw) -> String {
    const LONGEST: usize = 40;
    let text = match (raw.as_text(), raw.as_number()) {
        (Some(text), _) => text.to_string(),
        (None, Some(x)) => number(x),
        _ => raw.toml(),
    };
    if text.chars().count() <= LONGEST {
        return text;
    }
    text.chars().take(LONGEST - 1).chain(['…']).collect()
}
