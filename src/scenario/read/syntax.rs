//! From text to values: TOML, and assignments as given on a command line.

use super::value::{Node, Place, Value};
use toml::de::{DeTable, Error};

/// Above this, only the first error of syntax is told: all of them could take more memory than the text.
const RECOVER_BYTES: usize = 1 << 20;

/// Syntax errors told of one source.
const MAX_ERRORS: usize = 20;

/// An error of syntax: its place, what was found, what to do.
pub struct SyntaxError {
    /// Where.
    pub place: Place,
    /// What was found.
    pub found: String,
    /// What to do about it.
    pub help: &'static str,
}

/// The table a TOML text describes, as far as it could be read, and its errors.
pub fn document(text: &str, source: usize) -> (Node, Vec<SyntaxError>) {
    if text.len() > RECOVER_BYTES {
        return match DeTable::parse(text) {
            Ok(table) => (Node::from_table(table, source), Vec::new()),
            Err(error) => (Node::empty(source), vec![syntax_error(&error, text, source)]),
        };
    }
    let (table, errors) = DeTable::parse_recoverable(text);
    let mut told: Vec<SyntaxError> = Vec::new();
    for error in errors.iter().take(10 * MAX_ERRORS).map(|e| syntax_error(e, text, source)) {
        // The parser stumbles more than once over the same thing: one complaint a line is enough.
        let line = |p: Place| text.get(..p.start).map_or(0, |t| t.bytes().filter(|&b| b == b'\n').count());
        if told.len() < MAX_ERRORS && told.last().is_none_or(|t| line(t.place) != line(error.place)) {
            told.push(error);
        }
    }
    (Node::from_table(table, source), told)
}

/// The table an assignment `path=value` describes. A single word needs no quotes to be text, because a shell would
/// take them away.
pub fn assignment(text: &str, source: usize) -> (Node, Vec<SyntaxError>) {
    let Some((path, value)) = text.split_once('=') else {
        let place = Place { source, start: 0, end: text.len() };
        let help = "write a dotted path, `=`, and a value";
        return (
            Node::empty(source),
            vec![SyntaxError { place, found: "an assignment without `=`".into(), help }],
        );
    };
    let word = value.trim();
    if !is_word(word) {
        return document(text, source);
    }
    let (mut root, errors) = document(&format!("{path}=0"), source);
    let start = path.len() + 1 + (value.len() - value.trim_start().len());
    let Some(leaf) = last_leaf(&mut root) else { return (root, errors) };
    leaf.place = Place { source, start, end: start + word.len() };
    leaf.value = Value::Text(word.to_string());
    (root, errors)
}

/// The value under the last key, the last key of that, and so on.
fn last_leaf(node: &mut Node) -> Option<&mut Node> {
    if !matches!(node.value, Value::Table(_)) {
        return Some(node);
    }
    let Value::Table(entries) = &mut node.value else { return None };
    last_leaf(&mut entries.last_mut()?.node)
}

fn is_word(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(|c| c.is_ascii_alphabetic())
        && chars.all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
        && !["true", "false", "inf", "nan"].contains(&text)
}

fn syntax_error(error: &Error, text: &str, source: usize) -> SyntaxError {
    let span = error.span().unwrap_or(text.len()..text.len());
    let message = error.message().trim();
    let help = match () {
        () if message.contains("duplicate key") => "keep one of the two",
        () if message.contains("recursion limit") => "nest less deeply",
        () => "the file is not valid TOML here",
    };
    SyntaxError {
        place: Place { source, start: span.start, end: span.end },
        found: message.to_string(),
        help,
    }
}
