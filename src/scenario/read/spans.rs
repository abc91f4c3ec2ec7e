//! Where each parameter stands, for checks that come after reading.

use super::layer::MAX_BYTES;
use super::problem::{Problem, Source};
use super::syntax;
use super::value::{Node, Place, Value};
use std::ops::Range;
use std::sync::Arc;

/// The places of everything that was read.
#[derive(Clone, Debug)]
pub struct Spans {
    sources: Vec<Arc<Source>>,
    root: Node,
}

impl Default for Spans {
    fn default() -> Self {
        Self::new(vec![Arc::new(Source::new(0, "", ""))], Node::empty(0))
    }
}

impl Spans {
    /// The places of what stands in these sources.
    pub(super) fn new(mut sources: Vec<Arc<Source>>, root: Node) -> Self {
        if sources.is_empty() {
            sources.push(Arc::new(Source::new(0, "", "")));
        }
        Self { sources, root }
    }

    /// The places of what stands in one text, as far as it is valid TOML.
    pub fn of_text(name: &str, text: &str) -> Self {
        let root = match text.len() > MAX_BYTES {
            true => Node::empty(0),
            false => syntax::document(text, 0).0,
        };
        Self::new(vec![Arc::new(Source::new(0, name, text))], root)
    }

    /// The text typed at a dotted path, if text was.
    pub fn text(&self, path: &str) -> Option<&str> {
        let mut keys = path.split('.').filter(|key| !key.is_empty());
        let node = keys.try_fold(&self.root, |node, key| step(node, key).map(|(found, _)| found))?;
        match &node.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The place of a dotted path: elements of lists by index or by their `name`. What does not stand in any file
    /// (a default) has the place of the nearest table above it.
    pub fn of(&self, path: &str) -> (&Arc<Source>, Range<usize>) {
        let mut node = &self.root;
        let mut place = node.place;
        for key in path.split('.').filter(|key| !key.is_empty()) {
            let Some((found, at)) = step(node, key) else { break };
            (node, place) = (found, at);
        }
        (&self.sources[place.source], place.start..place.end)
    }

    /// Whether something was typed at this very path.
    pub fn typed(&self, path: &str) -> bool {
        let mut node = &self.root;
        path.split('.').filter(|key| !key.is_empty()).all(|key| match step(node, key) {
            Some((found, _)) => {
                node = found;
                true
            }
            None => false,
        })
    }

    /// A problem at a dotted path.
    pub fn problem(&self, path: &str, found: String, allowed: &str, help: &str) -> Problem {
        let (source, span) = self.of(path);
        Problem::new(source, span, path, found, allowed, help)
    }
}

fn step<'n>(node: &'n Node, key: &str) -> Option<(&'n Node, Place)> {
    match &node.value {
        Value::List(items) => node.element(key).map(|i| (&items[i], items[i].place)),
        // A table made by dotted keys alone has no header of its own; its key is then the best place.
        _ => node.get(key).map(|entry| {
            let own = entry.node.place;
            (&entry.node, if own.start == own.end { entry.key_place } else { own })
        }),
    }
}
