//! Layers: texts merged one over the other before anything is read.

use super::problem::{Problem, Source};
use super::raw::Placed;
use super::reader::nearest;
use super::syntax;
use super::value::{Entry, Node, Value};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Largest text that is read.
pub const MAX_BYTES: usize = 16 << 20;

/// One text to read.
#[derive(Clone, Debug)]
pub struct Layer<'a> {
    name: Cow<'a, str>,
    text: Cow<'a, str>,
    kind: Kind,
}

/// What a layer is.
#[derive(Clone, Debug)]
enum Kind {
    File,
    Assignment,
    Placed(Arc<Placed>),
    Parsed(Arc<(Source, Node)>),
    Missing(Arc<Problem>),
}

impl<'a> Layer<'a> {
    /// A TOML text; `name` is how messages call it.
    pub fn file(name: impl Into<Cow<'a, str>>, text: impl Into<Cow<'a, str>>) -> Self {
        Self { name: name.into(), text: text.into(), kind: Kind::File }
    }

    /// One assignment `path=value`, which messages call `--set`. It may address an element of a list by its index or
    /// its `name`.
    pub fn assignment(text: impl Into<Cow<'a, str>>) -> Self {
        Self { name: Cow::Borrowed("--set"), text: text.into(), kind: Kind::Assignment }
    }

    /// A value that stands in another file, laid over at a path; messages point into that file.
    pub fn placed(placed: Placed) -> Self {
        Self { name: Cow::Borrowed(""), text: Cow::Borrowed(""), kind: Kind::Placed(Arc::new(placed)) }
    }

    /// A layer that cannot be had, and why: those over it are read as far as they say what is wrong by themselves.
    pub fn missing(why: Problem) -> Self {
        Self { name: Cow::Borrowed(""), text: Cow::Borrowed(""), kind: Kind::Missing(Arc::new(why)) }
    }

    /// The same layer, its text parsed once and for all, where it is to be read many times as the first of a stack;
    /// a text that is not valid stays as it is, so that reading it tells.
    pub fn parsed(self) -> Self {
        if !matches!(self.kind, Kind::File) || self.text.len() > MAX_BYTES {
            return self;
        }
        let (node, errors) = syntax::document(&self.text, 0);
        if !errors.is_empty() {
            return self;
        }
        let source = Source::new(0, &self.name, &self.text);
        Self { kind: Kind::Parsed(Arc::new((source, node))), ..self }
    }
}

/// All layers, merged.
pub struct Stack {
    /// The texts.
    pub sources: Vec<Arc<Source>>,
    /// What they say together.
    pub root: Node,
    /// Errors of syntax, and assignments that address nothing.
    pub problems: Vec<Problem>,
    /// Lines (source, line) that could not be read: nothing further is said about them.
    pub broken: BTreeSet<(usize, usize)>,
    /// Whether a layer is missing.
    pub incomplete: bool,
}

/// Merges layers, later over earlier.
pub fn stack(layers: &[Layer<'_>]) -> Stack {
    let mut stack = Stack {
        sources: Vec::new(),
        root: Node::empty(0),
        problems: Vec::new(),
        broken: BTreeSet::new(),
        incomplete: false,
    };
    for (order, layer) in layers.iter().enumerate() {
        if layer.text.len() > MAX_BYTES {
            let source = Arc::new(Source::new(order, &layer.name, ""));
            let found = format!("a text of {} bytes", layer.text.len());
            let allowed = format!("at most {MAX_BYTES} bytes");
            stack.problems.push(Problem::new(
                &source,
                0..0,
                "",
                found,
                &allowed,
                "split it, or leave out what repeats",
            ));
            stack.broken.insert((order, 0));
            stack.sources.push(source);
            continue;
        }
        match &layer.kind {
            Kind::Placed(placed) => {
                stack.lay_placed(placed, order);
                continue;
            }
            Kind::Missing(why) => {
                stack.sources.push(Arc::new(Source::new(order, "", "")));
                stack.problems.push(Problem::clone(why));
                stack.broken.insert((order, 0));
                stack.incomplete = true;
                continue;
            }
            Kind::Parsed(parsed) if order == 0 => {
                stack.sources.push(Arc::new(parsed.0.clone()));
                stack.root = parsed.1.clone();
                continue;
            }
            _ => {}
        }
        let source = Arc::new(Source::new(order, &layer.name, &layer.text));
        let assignment = matches!(layer.kind, Kind::Assignment);
        let parse = if assignment { syntax::assignment } else { syntax::document };
        let (node, errors) = parse(&layer.text, order);
        for error in errors {
            let span = error.place.start..error.place.end;
            stack.broken.extend(source.lines_spoilt(span.start).map(|line| (order, line)));
            stack.problems.push(Problem::new(&source, span, "", error.found, "", error.help));
        }
        stack.sources.push(source);
        if order == 0 {
            stack.root = node;
        } else {
            stack.merge(node, None);
        }
    }
    stack
}

impl Stack {
    /// Merges a tree over what there is; a table at the depth `replace_at` replaces what stood there.
    fn merge(&mut self, node: Node, replace_at: Option<usize>) {
        let path = Vec::new();
        let mut merger =
            Merger { stack_problems: &mut self.problems, sources: &self.sources, path, replace_at };
        merger.merge(&mut self.root, node, true);
    }

    /// Lays a value of another file over what there is.
    fn lay_placed(&mut self, placed: &Placed, order: usize) {
        self.sources.push(Arc::clone(&placed.source));
        match placed.tree(order) {
            Ok((node, depth)) => self.merge(node, placed.replace.then_some(depth)),
            Err(found) => {
                let (span, help) = (placed.path_span.clone(), "write keys joined by dots");
                let allowed = "a dotted path into the scenario";
                self.problems.push(Problem::new(&placed.source, span, &placed.path, found, allowed, help));
            }
        }
    }
}

struct Merger<'a> {
    stack_problems: &'a mut Vec<Problem>,
    sources: &'a [Arc<Source>],
    path: Vec<String>,
    replace_at: Option<usize>,
}

impl Merger<'_> {
    /// Puts `over` over `base`; `reach` lets a key address an element of a list.
    fn merge(&mut self, base: &mut Node, over: Node, reach: bool) {
        if self.replace_at == Some(self.path.len()) {
            *base = over;
            return;
        }
        match (&mut base.value, over.value) {
            (Value::Table(below), Value::Table(above)) => self.merge_tables(below, above, reach),
            (Value::List(_), Value::Table(above)) if reach => self.merge_elements(base, above),
            (slot, value) => {
                *slot = value;
                base.place = over.place;
            }
        }
    }

    fn merge_tables(&mut self, below: &mut Vec<Entry>, above: Vec<Entry>, reach: bool) {
        let mut index: BTreeMap<String, usize> =
            below.iter().enumerate().map(|(i, entry)| (entry.key.clone(), i)).collect();
        for entry in above {
            match index.get(&entry.key) {
                Some(&i) => {
                    let both_tables = matches!(
                        (&below[i].node.value, &entry.node.value),
                        (Value::Table(_) | Value::List(_), Value::Table(_))
                    );
                    if !both_tables {
                        below[i].key_place = entry.key_place;
                    }
                    self.path.push(entry.key);
                    self.merge(&mut below[i].node, entry.node, reach);
                    self.path.pop();
                }
                None => {
                    index.insert(entry.key.clone(), below.len());
                    below.push(entry);
                }
            }
        }
    }

    fn merge_elements(&mut self, list: &mut Node, above: Vec<Entry>) {
        for entry in above {
            let Some(i) = list.element(&entry.key) else {
                self.no_element(list, &entry);
                continue;
            };
            if let Value::List(items) = &mut list.value {
                self.path.push(entry.key);
                self.merge(&mut items[i], entry.node, true);
                self.path.pop();
            }
        }
    }

    fn no_element(&mut self, list: &Node, entry: &Entry) {
        let Value::List(items) = &list.value else { return };
        let names: Vec<&str> = items.iter().filter_map(Node::name).take(100).collect();
        let mut allowed = match items.len() {
            0 => "nothing: the list is empty".to_string(),
            n => format!("an index from 0 to {}", n - 1),
        };
        if !names.is_empty() {
            allowed = format!("{allowed}, or one of: {}", names.join(", "));
        }
        let help = nearest(&entry.key, names.iter().copied()).unwrap_or_default();
        let path = format!("{}.{}", self.path.join("."), entry.key);
        let found = format!("the list has no element `{}`", entry.key);
        let at = entry.key_place;
        self.stack_problems.push(Problem::new(
            &self.sources[at.source],
            at.start..at.end,
            &path,
            found,
            &allowed,
            &help,
        ));
    }
}
