//! The reader: goes through what stands in the files, and collects everything that is wrong.

use super::doubt::Doubts;
use super::layer::Stack;
use super::meta::{Shape, TableMeta};
use super::problem::{Problem, Problems, Source};
use super::readable::Readable;
use super::rules::Rules;
use super::value::{Entry, Node, Place, Value};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Problems told in full; the rest are counted. A file with more is not mended from a list.
const MAX_PROBLEMS: usize = 200;

/// Characters of a value that a message repeats.
const QUOTED_CHARS: usize = 40;

/// Collects problems while values are read.
pub struct Reader<'a> {
    sources: &'a [Arc<Source>],
    broken: &'a BTreeSet<(usize, usize)>,
    incomplete: bool,
    path: Vec<String>,
    problems: Vec<Problem>,
    untold: usize,
    doubts: Doubts,
}

/// The values of one table, in the order of its declaration.
pub struct Fields<'n> {
    meta: &'static TableMeta,
    place: Place,
    entries: Vec<Option<&'n Entry>>,
    /// Keys that were probably meant where ones that are not declared stand.
    meant: Vec<&'static str>,
    next: usize,
}

impl<'a> Reader<'a> {
    /// A reader of merged layers.
    pub(super) fn new(stack: &'a Stack) -> Self {
        let (sources, broken, incomplete) = (&stack.sources, &stack.broken, stack.incomplete);
        let doubts = Doubts::default();
        Self { sources, broken, incomplete, path: Vec::new(), problems: Vec::new(), untold: 0, doubts }
    }

    /// Everything that is wrong, with what was found before reading, and what is in doubt because of it.
    pub(super) fn finish(mut self, before: &[Problem]) -> (Problems, Doubts) {
        if self.untold > 0 || !self.broken.is_empty() {
            self.doubts.blind();
        }
        self.problems.extend_from_slice(before);
        (Problems::new(self.problems, self.untold), self.doubts)
    }

    /// Goes on inside a key.
    pub fn inside<T>(&mut self, key: impl Into<String>, read: impl FnOnce(&mut Self) -> T) -> T {
        self.path.push(key.into());
        let value = read(self);
        self.path.pop();
        value
    }

    /// Records a problem at the present path, and that what stands there is in doubt; the words are made only if they
    /// will be shown.
    pub fn problem(&mut self, place: Place, words: impl FnOnce(&Self) -> (String, String, String)) {
        if self.problems.len() < MAX_PROBLEMS {
            self.doubts.replace(self.path.join("."));
        }
        self.tell(place, words);
    }

    fn tell(&mut self, place: Place, words: impl FnOnce(&Self) -> (String, String, String)) {
        let Some(source) = self.sources.get(place.source) else { return };
        if self.broken.contains(&(place.source, source.line(place.start))) {
            return;
        }
        if self.problems.len() >= MAX_PROBLEMS {
            self.untold += 1;
            return;
        }
        let (found, allowed, help) = words(self);
        let path = self.path.join(".");
        self.problems.push(Problem::new(source, place.start..place.end, &path, found, &allowed, &help));
    }

    /// What was typed, shortened.
    pub fn quoted(&self, node: &Node) -> String {
        let typed =
            self.sources.get(node.place.source).map_or("", |s| s.slice(&(node.place.start..node.place.end)));
        let mut text: String = typed.chars().take(QUOTED_CHARS).collect();
        if text.len() < typed.len() {
            text.push('…');
        }
        format!("`{}`", text.replace(['\n', '\r'], " "))
    }

    /// A value of the wrong kind.
    pub fn wrong_kind(&mut self, node: &Node, shape: &Shape, rules: Rules) {
        // A table over a list that is missing would have addressed an element of it.
        let addresses = self.incomplete && matches!((&node.value, shape), (Value::Table(_), Shape::List(..)));
        if matches!(node.value, Value::Unreadable) || addresses {
            return;
        }
        self.problem(node.place, |r| {
            let found = match &node.value {
                Value::Table(_) => "a table".to_string(),
                Value::List(_) => "a list".to_string(),
                _ => r.quoted(node),
            };
            let kind = shape.describe();
            let short = kind.split([':', ',']).next().unwrap_or_default();
            let short = if matches!(shape, Shape::Choice(_)) { "text in quotes" } else { short };
            (format!("{found} is not {short}"), rules.allowed(&kind), hint(node, shape).to_string())
        });
    }

    /// The values of a table, once its keys are known to be declared; nothing if it is no table.
    pub fn fields<'n>(&mut self, node: &'n Node, meta: &'static TableMeta) -> Option<Fields<'n>> {
        let Value::Table(entries) = &node.value else { return None };
        let (place, absent) = (node.place, vec![None; meta.fields.len()]);
        let mut fields = Fields { meta, place, entries: absent, meant: Vec::new(), next: 0 };
        let mut misnamed = false;
        for entry in entries {
            match meta.fields.iter().position(|field| field.name == entry.key) {
                Some(i) => fields.entries[i] = Some(entry),
                None => {
                    fields.meant.extend(nearest_of(&entry.key, meta.fields.iter().map(|f| f.name)));
                    self.unknown_key(entry, meta);
                    misnamed = true;
                }
            }
        }
        if misnamed {
            self.doubt_absent(&fields);
        }
        Some(fields)
    }

    /// Any key that is absent beside one that is not declared may be the one that was meant.
    fn doubt_absent(&mut self, fields: &Fields<'_>) {
        if self.problems.len() >= MAX_PROBLEMS {
            return;
        }
        for (field, entry) in fields.meta.fields.iter().zip(&fields.entries) {
            if entry.is_none() {
                let path = self.inside(field.name, |r| r.path.join("."));
                self.doubts.replace(path);
            }
        }
    }

    /// The next value of a table: as typed, or its default, or what absence means.
    pub fn field<T: Readable>(&mut self, fields: &mut Fields<'_>, default: Option<fn() -> T>) -> T {
        let (meta, entry) = (&fields.meta.fields[fields.next], fields.entries[fields.next]);
        fields.next += 1;
        match (entry, default) {
            (Some(entry), Some(default)) => self.inside(meta.name, |r| {
                let before = r.problems.len();
                let value = T::read(&entry.node, meta.rules(), r);
                if r.is_wrong_here(before) { default() } else { value }
            }),
            (Some(entry), None) => self.inside(meta.name, |r| T::read(&entry.node, meta.rules(), r)),
            (None, Some(default)) => default(),
            (None, None) => T::if_absent().unwrap_or_else(|| {
                // Where the syntax is broken, what is missing may well be there; and so it may under another key, or in
                // a table of this name that stands under one.
                let elsewhere = self.path.last().is_some_and(|name| self.doubts.is_stray(name));
                if elsewhere {
                    let path = self.inside(meta.name, |r| r.path.join("."));
                    self.doubts.replace(path);
                }
                if self.broken.is_empty() && !fields.meant.contains(&meta.name) && !elsewhere {
                    self.inside(meta.name, |r| {
                        let found = format!("`{}` is missing", meta.name);
                        r.problem(fields.place, |_| {
                            (found, meta.allowed(), format!("add it: {}", meta.meaning))
                        });
                    });
                }
                T::stand_in()
            }),
        }
    }

    /// Whether the value at the present path itself, not a part of it, was found wrong after so many problems.
    fn is_wrong_here(&self, before: usize) -> bool {
        let mut since = self.problems.iter().skip(before);
        since.any(|problem| problem.path.split('.').count() == self.path.len())
    }

    fn unknown_key(&mut self, entry: &Entry, meta: &'static TableMeta) {
        if self.problems.len() < MAX_PROBLEMS {
            self.doubts.misname(self.path.join("."), entry.node.names());
        }
        self.inside(entry.key.clone(), |r| {
            r.tell(entry.key_place, |_| {
                let known: Vec<&str> = meta.fields.iter().map(|field| field.name).collect();
                let found = format!("there is no key `{}` here", entry.key);
                let help = nearest(&entry.key, known.iter().copied()).unwrap_or_default();
                (found, format!("one of: {}", known.join(", ")), help)
            });
        });
    }
}

/// The nearest known name, as a question; nothing where none is near.
pub fn nearest<'k>(name: &str, known: impl Iterator<Item = &'k str>) -> Option<String> {
    nearest_of(name, known).map(|k| format!("did you mean `{k}`?"))
}

/// The nearest known name; nothing where none is near.
pub fn nearest_of<'k>(name: &str, known: impl Iterator<Item = &'k str>) -> Option<&'k str> {
    known
        .map(|k| (strsim::jaro_winkler(k, name), k))
        .filter(|(likeness, _)| *likeness > 0.75)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, k)| k)
}

const UNQUOTE: &str = "write it without quotes";

fn hint(node: &Node, shape: &Shape) -> &'static str {
    match (&node.value, shape) {
        (Value::Text(t), Shape::Number | Shape::Integer(..)) if t.parse::<f64>().is_ok() => UNQUOTE,
        (Value::Text(t), Shape::Boolean) if t.parse::<bool>().is_ok() => UNQUOTE,
        (Value::Text(t), Shape::Date) if t.parse::<jiff::civil::Date>().is_ok() => UNQUOTE,
        (Value::Datetime(_), Shape::Date) => "write the day alone, without a time",
        (Value::Decimal(_), Shape::Integer(..)) => "write it without a decimal point",
        (Value::Text(_), Shape::List(_)) => "put it in square brackets",
        (Value::Table(_), Shape::List(inner)) if matches!(**inner, Shape::Table(_)) => {
            "write its header in double brackets: [[…]]"
        }
        (Value::List(_), Shape::Table(_) | Shape::Named(_)) => "write its header in single brackets: […]",
        (Value::Datetime(_) | Value::Integer(_) | Value::Boolean(_), Shape::Text | Shape::Name) => {
            "write it in quotes"
        }
        _ => "",
    }
}
