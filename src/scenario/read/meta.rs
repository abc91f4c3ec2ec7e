//! What is known of a format: the one description from which reader, schema, explanations and reference are made.

use super::rules::{Limits, Rules, number};
use serde_json::Value as Json;

/// A table of the format.
#[derive(Debug)]
pub struct TableMeta {
    /// Name of its type.
    pub name: &'static str,
    /// What it means.
    pub meaning: String,
    /// Its parameters, in order.
    pub fields: Vec<FieldMeta>,
}

/// A parameter.
#[derive(Debug)]
pub struct FieldMeta {
    /// Its key.
    pub name: &'static str,
    /// What it means.
    pub meaning: String,
    /// What it is.
    pub shape: Shape,
    /// Whether it must be given.
    pub required: bool,
    /// Its default, where one is written down.
    pub default: Option<Json>,
    /// Unit.
    pub unit: Option<&'static str>,
    /// Smallest and largest value.
    pub range: Option<Limits>,
    /// Smallest and largest length, of a list or map.
    pub length: Option<(usize, usize)>,
    /// Where the default comes from.
    pub source: Option<&'static str>,
    /// The equation it enters.
    pub equation: Option<&'static str>,
}

impl FieldMeta {
    /// A parameter of which nothing further is said.
    pub fn new(
        name: &'static str,
        meaning: &str,
        shape: Shape,
        required: bool,
        default: Option<Json>,
    ) -> Self {
        let meaning = clean(meaning);
        Self {
            name,
            meaning,
            shape,
            required,
            default,
            unit: None,
            range: None,
            length: None,
            source: None,
            equation: None,
        }
    }

    /// What its value is checked against.
    pub fn rules(&self) -> Rules {
        Rules { range: self.range, length: self.length, unit: self.unit }
    }

    /// What is allowed, in words.
    pub fn allowed(&self) -> String {
        self.rules().allowed(&self.shape.describe())
    }
}

/// A closed set of words.
#[derive(Debug)]
pub struct ChoiceMeta {
    /// Name of its type.
    pub name: &'static str,
    /// What it means.
    pub meaning: String,
    /// The words, each with its meaning.
    pub options: Vec<(&'static str, String)>,
}

/// What kind of value a parameter takes.
#[derive(Clone, Debug)]
pub enum Shape {
    /// A number.
    Number,
    /// A whole number between what its type can hold.
    Integer(i128, i128),
    /// True or false.
    Boolean,
    /// Text.
    Text,
    /// The name of something declared elsewhere.
    Name,
    /// A day.
    Date,
    /// One of a closed set of words.
    Choice(fn() -> &'static ChoiceMeta),
    /// A table.
    Table(fn() -> &'static TableMeta),
    /// May be absent.
    Optional(Box<Shape>),
    /// A list.
    List(Box<Shape>),
    /// One, or a list.
    OneOrMore(Box<Shape>),
    /// A table from names that the file chooses.
    Named(Box<Shape>),
    /// Any value, checked where it is used.
    Any,
}

impl Shape {
    /// The kind of value, in words.
    pub fn describe(&self) -> String {
        match self {
            Self::Number => "a number".into(),
            Self::Integer(..) => "a whole number".into(),
            Self::Boolean => "true or false".into(),
            Self::Text => "text in quotes".into(),
            Self::Name => "a name in quotes".into(),
            Self::Date => "a date such as 1994-08-19".into(),
            Self::Choice(choice) => {
                let words: Vec<String> =
                    choice().options.iter().map(|(word, _)| format!("\"{word}\"")).collect();
                format!("one of: {}", words.join(", "))
            }
            Self::Table(_) => "a table".into(),
            Self::Optional(inner) => inner.describe(),
            Self::List(inner) => format!("a list, each {}", inner.describe()),
            Self::OneOrMore(inner) => format!("{}, or a list of such", inner.describe()),
            Self::Named(inner) => format!("a table from names, each {}", inner.describe()),
            Self::Any => "any value".into(),
        }
    }

    /// What is left when options, lists and maps are taken away.
    pub fn innermost(&self) -> &Self {
        match self {
            Self::Optional(inner) | Self::List(inner) | Self::OneOrMore(inner) | Self::Named(inner) => {
                inner.innermost()
            }
            other => other,
        }
    }
}

/// Joins the lines of a doc comment.
pub fn clean(doc: &str) -> String {
    doc.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A default as one would write it in a file.
pub fn default_text(value: &Json) -> String {
    match value {
        Json::Null => "absent".into(),
        Json::Number(n) if n.is_f64() => n.as_f64().map_or_else(String::new, number),
        Json::Array(items) => format!("[{}]", items.iter().map(default_text).collect::<Vec<_>>().join(", ")),
        Json::Object(map) if map.is_empty() => "empty".into(),
        Json::Object(map) => {
            let parts: Vec<String> =
                map.iter().map(|(key, v)| format!("{key} = {}", default_text(v))).collect();
            format!("{{ {} }}", parts.join(", "))
        }
        other => other.to_string(),
    }
}

/// All tables a shape leads to, each once, in the order in which a reader meets them.
pub fn all_tables(shape: &Shape) -> Vec<&'static TableMeta> {
    fn visit(shape: &Shape, found: &mut Vec<&'static TableMeta>) {
        if let Shape::Table(table) = shape.innermost() {
            let table = table();
            if !found.iter().any(|t| t.name == table.name) {
                found.push(table);
                table.fields.iter().for_each(|field| visit(&field.shape, found));
            }
        }
    }
    let mut found = Vec::new();
    visit(shape, &mut found);
    found
}

/// Defaults that break their own range or length, as `Table.field`: a mistake in the declarations.
pub fn defaults_out_of_range<T: super::Readable>() -> Vec<String> {
    fn numbers(value: &Json, inside: &dyn Fn(f64) -> bool) -> bool {
        match value {
            Json::Number(n) => n.as_f64().is_some_and(inside),
            Json::Array(items) => items.iter().all(|v| numbers(v, inside)),
            Json::Object(map) => map.values().all(|v| numbers(v, inside)),
            _ => true,
        }
    }
    let mut bad = Vec::new();
    for table in all_tables(&T::shape()) {
        for field in &table.fields {
            let Some(default) = &field.default else { continue };
            let in_range = field.range.is_none_or(|range| numbers(default, &|x| range.contains(x)));
            let length = default.as_array().map(Vec::len).or(default.as_object().map(serde_json::Map::len));
            let in_length = match (field.length, length) {
                (Some((min, max)), Some(n)) => (min..=max).contains(&n),
                _ => true,
            };
            if !in_range || !in_length {
                bad.push(format!("{}.{}", table.name, field.name));
            }
        }
    }
    bad
}

/// Numbers with a default of which it is not said where it comes from, as `Table.field`: a gap in the declarations.
pub fn defaults_without_source<T: super::Readable>() -> Vec<String> {
    fn is_number(default: &Json) -> bool {
        match default {
            Json::Array(items) => !items.is_empty() && items.iter().all(is_number),
            other => other.is_number(),
        }
    }
    let mut without = Vec::new();
    for table in all_tables(&T::shape()) {
        for field in &table.fields {
            let sourced = field.source.is_some_and(|source| !source.is_empty());
            if field.default.as_ref().is_some_and(is_number) && !sourced {
                without.push(format!("{}.{}", table.name, field.name));
            }
        }
    }
    without
}
