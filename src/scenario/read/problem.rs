//! Problems found in a file, and how they are shown.

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet, normalize_untrusted_str};
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

/// Lines longer than this are not shown: their place is only named.
const LONGEST_LINE_SHOWN: usize = 1000;

/// Longest text shown as a label under the line; what is longer becomes a note.
const LONGEST_LABEL: usize = 60;

/// A text that was read.
#[derive(Clone, Debug, Default)]
pub struct Source {
    order: usize,
    name: String,
    text: String,
    line_starts: Vec<usize>,
}

impl Source {
    /// The text of this name, in this order among those read.
    pub fn new(order: usize, name: &str, text: &str) -> Self {
        let after_breaks = text.bytes().enumerate().filter(|&(_, b)| b == b'\n').map(|(i, _)| i + 1);
        let line_starts = std::iter::once(0).chain(after_breaks).collect();
        Self { order, name: name.to_string(), text: text.to_string(), line_starts }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its text between two bytes, moved outwards to whole characters and inwards to what there is.
    pub fn slice(&self, span: &Range<usize>) -> &str {
        let span = self.whole(span);
        &self.text[span]
    }

    /// The line of a byte, from 0.
    pub fn line(&self, byte: usize) -> usize {
        self.line_starts.partition_point(|&start| start <= byte).saturating_sub(1)
    }

    /// Line and column of a byte, from 1; the column counts characters.
    pub fn line_column(&self, byte: usize) -> (usize, usize) {
        let line = self.line(byte);
        let start = self.line_starts.get(line).copied().unwrap_or(0);
        (line + 1, self.slice(&(start..byte.min(self.text.len()))).chars().count() + 1)
    }

    /// The bytes of a line, without its end.
    fn line_range(&self, line: usize) -> Range<usize> {
        let start = self.line_starts.get(line).copied().unwrap_or(0);
        let end = self.line_starts.get(line + 1).copied().unwrap_or(self.text.len());
        start..start + self.text[start..end].trim_end_matches(['\n', '\r']).len()
    }

    /// The lines that an error of syntax at a byte spoils: its own, and those below a header that cannot be read, up
    /// to the next header, because nobody knows which table they belong to.
    pub fn lines_spoilt(&self, byte: usize) -> Range<usize> {
        let first = self.line(byte);
        let is_header = |line: usize| self.text[self.line_range(line)].trim_start().starts_with('[');
        if !is_header(first) {
            return first..first + 1;
        }
        let next = (first + 1..self.line_starts.len()).find(|&line| is_header(line));
        first..next.unwrap_or(self.line_starts.len())
    }

    fn whole(&self, span: &Range<usize>) -> Range<usize> {
        let start = self.text.floor_char_boundary(span.start);
        start..self.text.ceil_char_boundary(span.end).max(start)
    }
}

/// One thing that is wrong.
#[derive(Clone, Debug)]
pub struct Problem {
    /// The text it stands in.
    pub source: Arc<Source>,
    /// Where in it, in bytes.
    pub span: Range<usize>,
    /// The dotted path of the parameter; empty for errors of syntax.
    pub path: String,
    /// What was found.
    pub found: String,
    /// What is allowed.
    pub allowed: String,
    /// What to do; may be empty.
    pub help: String,
}

impl Problem {
    /// A problem at a place.
    pub fn new(
        source: &Arc<Source>,
        span: Range<usize>,
        path: &str,
        found: String,
        allowed: &str,
        help: &str,
    ) -> Self {
        let source = Arc::clone(source);
        Self {
            source,
            span,
            path: path.to_string(),
            found,
            allowed: allowed.to_string(),
            help: help.to_string(),
        }
    }

    /// Line and column, from 1.
    pub fn line_column(&self) -> (usize, usize) {
        self.source.line_column(self.span.start)
    }

    fn render(&self, renderer: &Renderer) -> String {
        let clean = normalize_untrusted_str;
        let title =
            if self.path.is_empty() { self.found.clone() } else { format!("{}: {}", self.path, self.found) };
        let label = format!("allowed: {}", self.allowed);
        let (as_label, as_note) = match self.allowed.chars().count() {
            0 => (None, None),
            n if n <= LONGEST_LABEL => (Some(clean(&label)), None),
            _ => (None, Some(clean(&label))),
        };
        let (line, column) = self.line_column();
        let shown = self.source.line_range(line - 1);
        let mut group = Group::with_title(Level::ERROR.primary_title(clean(&title)));
        if shown.len() > LONGEST_LINE_SHOWN || shown.is_empty() {
            let origin = Origin::path(self.source.name.as_str()).line(line).char_column(column);
            group = group.element(origin);
            group = group.elements(as_label.map(|text| Level::NOTE.message(text)));
        } else {
            let whole = self.source.whole(&self.span);
            let start = whole.start.clamp(shown.start, shown.end) - shown.start;
            let end = (whole.end.clamp(shown.start, shown.end) - shown.start).max(start);
            let annotation = AnnotationKind::Primary.span(start..end).label(as_label);
            let excerpt = &self.source.text[shown];
            let path = self.source.name.as_str();
            group =
                group.element(Snippet::source(excerpt).line_start(line).path(path).annotation(annotation));
        }
        group = group.elements(as_note.map(|text| Level::NOTE.message(text)));
        if !self.help.is_empty() {
            group = group.element(Level::HELP.message(clean(&self.help)));
        }
        renderer.render(&[group])
    }
}

/// Everything that is wrong, in the order of the files.
#[derive(Clone, Debug, Default)]
pub struct Problems {
    list: Vec<Problem>,
    untold: usize,
    unchecked: bool,
}

impl Problems {
    /// These problems, and the number of others that were only counted.
    pub fn new(mut list: Vec<Problem>, untold: usize) -> Self {
        list.sort_by(|a, b| {
            (a.source.order, a.span.start, a.span.end).cmp(&(b.source.order, b.span.start, b.span.end))
        });
        Self { list, untold, unchecked: false }
    }

    /// The same, found before names, dates and contradictions could be looked at.
    pub fn before_meaning(self) -> Self {
        Self { unchecked: true, ..self }
    }

    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The number of problems.
    pub fn len(&self) -> usize {
        self.list.len() + self.untold
    }

    /// The problems told.
    pub fn iter(&self) -> std::slice::Iter<'_, Problem> {
        self.list.iter()
    }

    /// All problems as text for a terminal, with colours or without.
    pub fn render(&self, colour: bool) -> String {
        let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
        let renderer = renderer.decor_style(DecorStyle::Ascii);
        let mut text = String::new();
        for problem in &self.list {
            text += &problem.render(&renderer);
            text += "\n\n";
        }
        text + &self.summary() + "\n"
    }

    fn summary(&self) -> String {
        let mut files: Vec<(&str, usize)> = Vec::new();
        for problem in &self.list {
            match files.iter_mut().find(|(name, _)| *name == problem.source.name) {
                Some((_, count)) => *count += 1,
                None => files.push((&problem.source.name, 1)),
            }
        }
        let count = |n: usize| if n == 1 { "1 problem".to_string() } else { format!("{n} problems") };
        let parts: Vec<String> = files.iter().map(|(name, n)| format!("{} in {name}", count(*n))).collect();
        let more =
            if self.untold > 0 { format!(", and {} more not shown", self.untold) } else { String::new() };
        let unchecked = "; once these are mended, names, dates and contradictions are looked at";
        parts.join(", ") + &more + if self.unchecked { unchecked } else { "" }
    }
}

impl From<Vec<Problem>> for Problems {
    fn from(list: Vec<Problem>) -> Self {
        Self::new(list, 0)
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.render(false).trim_end())
    }
}

impl std::error::Error for Problems {}
