//! What a parameter means, asked by its path.

use super::meta::{FieldMeta, Shape, TableMeta, default_text};
use super::readable::Readable;

/// A parameter with its path; `*` stands for a name or an index that the file chooses.
pub struct Parameter {
    /// The keys down to it.
    pub path: Vec<&'static str>,
    /// The parameter.
    pub field: &'static FieldMeta,
}

impl Parameter {
    /// The dotted path.
    pub fn dotted(&self) -> String {
        self.path.join(".")
    }

    /// The table it leads to, if it does.
    pub fn table(&self) -> Option<&'static TableMeta> {
        match self.field.shape.innermost() {
            Shape::Table(table) => Some(table()),
            _ => None,
        }
    }
}

/// All parameters below a shape, each table before its parts.
pub fn parameters(shape: &Shape) -> Vec<Parameter> {
    fn visit(table: &'static TableMeta, path: &[&'static str], above: &[&str], found: &mut Vec<Parameter>) {
        // A table that contains itself is described once.
        if above.contains(&table.name) {
            return;
        }
        let above = [above, &[table.name]].concat();
        for field in &table.fields {
            let mut path = [path, &[field.name]].concat();
            let mut shape = &field.shape;
            loop {
                shape = match shape {
                    Shape::Optional(inner) => inner,
                    Shape::List(inner) | Shape::Named(inner) => {
                        path.push("*");
                        inner
                    }
                    _ => break,
                };
            }
            found.push(Parameter { path: path.clone(), field });
            if let Shape::Table(inner) = shape {
                visit(inner(), &path, &above, found);
            }
        }
    }
    let mut found = Vec::new();
    if let Shape::Table(table) = shape.innermost() {
        visit(table(), &[], &[], &mut found);
    }
    found
}

/// What the parameters at a path mean. The path may have `*` or any name where the file chooses one, and may be the
/// last part of a path, in which case all parameters that end so are explained. Otherwise: the nearest paths.
pub fn explain<T: Readable>(query: &str) -> Result<String, Vec<String>> {
    let all = parameters(&T::shape());
    let keys: Vec<&str> = query.trim().split('.').filter(|key| !key.is_empty()).collect();
    if keys.is_empty() {
        return Err(all
            .iter()
            .filter(|p| !p.path[1..].iter().any(|k| *k != "*"))
            .map(Parameter::dotted)
            .collect());
    }
    let mut hits: Vec<&Parameter> = all.iter().filter(|p| matches(&p.path, &keys)).collect();
    // In `zones.area_km2` the last key could be the name of a zone; the parameter is what is meant.
    let longest = hits.iter().map(|p| p.path.len()).max();
    hits.retain(|p| Some(p.path.len()) == longest);
    if hits.is_empty() {
        let ends_so =
            |p: &&Parameter| (0..p.path.len()).any(|i| p.path[i] != "*" && matches(&p.path[i..], &keys));
        hits = all.iter().filter(ends_so).collect();
    }
    if hits.is_empty() {
        return Err(nearest_paths(&all, &keys));
    }
    Ok(hits.iter().map(|p| describe(p)).collect::<Vec<_>>().join("\n"))
}

/// Whether a path answers to the keys asked for: a `*` of the path takes any one key, or none.
fn matches(path: &[&str], keys: &[&str]) -> bool {
    match (path, keys) {
        ([], []) => true,
        (["*", rest @ ..], []) => matches(rest, keys),
        (["*", rest @ ..], [_, others @ ..]) => matches(rest, others) || matches(rest, keys),
        ([key, rest @ ..], [asked, others @ ..]) => key == asked && matches(rest, others),
        ([_, ..], []) | ([], [_, ..]) => false,
    }
}

fn nearest_paths(all: &[Parameter], keys: &[&str]) -> Vec<String> {
    let query = keys.join(".");
    let last = keys.last().copied().unwrap_or_default();
    let mut ranked: Vec<(f64, String)> = all
        .iter()
        .map(|p| {
            let own = p.path.iter().rev().find(|k| **k != "*").copied().unwrap_or_default();
            let dotted = p.dotted();
            // A slip in the last key is the usual one; the rest of the path breaks ties.
            let likeness = strsim::jaro_winkler(own, last) + 0.25 * strsim::jaro_winkler(&dotted, &query);
            (likeness, dotted)
        })
        .collect();
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0));
    ranked.truncate(5);
    ranked.into_iter().map(|(_, path)| path).collect()
}

fn describe(parameter: &Parameter) -> String {
    let field = parameter.field;
    let mut text = format!("{}\n  {}\n", parameter.dotted(), field.meaning);
    let mut line = |label: &str, value: &str| text += &format!("  {label:<9} {value}\n");
    line("value", &field.shape.describe());
    if let Some(unit) = field.unit {
        line("unit", unit);
    }
    if let Some(range) = field.range {
        line("range", &format!("{} to {}", range.min, range.max));
    }
    if let Some((min, max)) = field.length {
        line("length", &if min == max { min.to_string() } else { format!("{min} to {max}") });
    }
    line("default", &default_of(field));
    if let Some(source) = field.source {
        line("source", source);
    }
    if let Some(equation) = field.equation {
        line("equation", equation);
    }
    if let Shape::Choice(choice) = field.shape.innermost() {
        for (word, meaning) in &choice().options {
            line("", &format!("\"{word}\": {meaning}"));
        }
    }
    if let Some(table) = parameter.table() {
        if table.meaning != field.meaning {
            line("each", &table.meaning);
        }
        let names: Vec<&str> = table.fields.iter().map(|f| f.name).collect();
        line("holds", &names.join(", "));
    }
    text
}

/// The default of a parameter, in words.
pub fn default_of(field: &FieldMeta) -> String {
    match &field.default {
        Some(default) => default_text(default),
        None if field.required => "none: must be given".into(),
        None => match &field.shape {
            Shape::Table(_) => "may be left out: the defaults of its parts".into(),
            _ => "absent".into(),
        },
    }
}
