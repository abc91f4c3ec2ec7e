//! Problems that show only once names are known: collected, with the place in the file each comes from.
//!
//! They are looked for even where reading has found mistakes, and then told only as far as they rest on nothing that
//! was replaced, and on no name that names nothing: whoever mends a file must not be sent after what is not wrong.

use super::read::{Doubts, Problem, Spans, nearest_of, related};

/// Problems kept; the rest are counted.
const MAX_PROBLEMS: usize = 1000;

/// Known names that a message lists, where the file declares them.
const LISTED: usize = 12;

/// Collects problems of meaning.
pub struct Checks<'a> {
    spans: &'a Spans,
    doubts: Doubts,
    found: Vec<Found>,
    untold: usize,
}

/// A problem, and what it rests on.
struct Found {
    problem: Problem,
    /// Paths at which nothing may be in doubt.
    given: Vec<String>,
    /// On what it rests.
    kind: Kind,
}

/// On what a problem rests.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// On what stands at its own path alone.
    Plain,
    /// On what stands elsewhere as well.
    Joint,
    /// On nothing that is known: it is not told.
    Hidden,
}

impl<'a> Checks<'a> {
    /// None yet, of what was read without a problem.
    pub fn new(spans: &'a Spans) -> Self {
        Self::beside(spans, Doubts::default())
    }

    /// None yet, of what was read with some parts in doubt.
    pub fn beside(spans: &'a Spans, doubts: Doubts) -> Self {
        Self { spans, doubts, found: Vec::new(), untold: 0 }
    }

    /// Whether there are any, told or not.
    pub fn any(&self) -> bool {
        !self.found.is_empty()
    }

    /// Whether a value was read as it was typed, or left to its default.
    pub fn is_sure(&self, path: &str) -> bool {
        !self.doubts.touch(path)
    }

    /// Whether every key of a table is one that is declared.
    pub fn is_whole(&self, table: &str) -> bool {
        !self.doubts.misnamed_in(table)
    }

    /// The same of a table and all that it stands in. Below a mistyped header of an element of a list, tables belong to
    /// the element before.
    pub fn is_whole_up_from(&self, table: &str) -> bool {
        let above = table.match_indices('.').map(|(dot, _)| &table[..dot]);
        ["", table].into_iter().chain(above).all(|table| self.is_whole(table))
    }

    /// A problem at a dotted path: what was found, what is allowed, what to do. It rests on what stands there.
    pub fn at(&mut self, path: &str, found: impl Into<String>, allowed: &str, help: &str) {
        self.keep(self.spans.problem(path, found.into(), allowed, help), vec![path.to_string()], Kind::Plain);
    }

    /// A problem that rests on what stands at several paths, in which `*` stands for any key: where one of them is in
    /// doubt, it may be no problem, and is not told.
    pub fn at_given(
        &mut self,
        path: &str,
        given: &[String],
        found: impl Into<String>,
        allowed: &str,
        help: &str,
    ) {
        self.keep(self.spans.problem(path, found.into(), allowed, help), given.to_vec(), Kind::Joint);
    }

    fn keep(&mut self, problem: Problem, given: Vec<String>, kind: Kind) {
        if self.found.len() < MAX_PROBLEMS {
            self.found.push(Found { problem, given, kind });
        } else {
            self.untold += 1;
        }
    }

    /// A name that names nothing, with the nearest that does. Such names are declared under `declared_in`; empty: by
    /// the program.
    pub fn unknown_name<'n>(
        &mut self,
        path: &str,
        what: &str,
        name: &str,
        known: impl Iterator<Item = &'n str>,
        declared_in: &str,
    ) {
        if !declared_in.is_empty() && self.doubts.may_declare(declared_in, name) {
            self.keep(self.spans.problem(path, String::new(), "", ""), Vec::new(), Kind::Hidden);
            return;
        }
        let known: Vec<&str> = known.collect();
        let nearest = nearest_of(name, known.iter().copied());
        let help = nearest.map_or(String::new(), |k| format!("did you mean `{k}`?"));
        let allowed = allowed_names(what, &known, nearest, declared_in);
        self.at(path, format!("there is no {what} `{name}`"), &allowed, &help);
    }

    /// How many were only counted.
    pub fn untold(&self) -> usize {
        self.untold
    }

    /// What was found, each once, as far as it rests on nothing that is in doubt.
    pub fn into_problems(self) -> Vec<Problem> {
        let alone: Vec<&Found> = self.found.iter().filter(|f| f.kind != Kind::Joint).collect();
        let wrong = |path: &str| alone.iter().any(|f| related(&f.problem.path, path));
        let in_doubt = |f: &Found| {
            f.kind == Kind::Hidden
                || f.given.iter().any(|path| self.doubts.touch(path) || f.kind == Kind::Joint && wrong(path))
        };
        let mut told: Vec<Problem> = Vec::new();
        for found in self.found.iter().filter(|f| !in_doubt(f)) {
            let new = &found.problem;
            if told.iter().all(|p| p.path != new.path || p.found != new.found) {
                told.push(new.clone());
            }
        }
        told
    }
}

/// The names allowed: all that the program declares; of those the file declares some, the nearest among them, and where
/// the others stand.
fn allowed_names(what: &str, known: &[&str], nearest: Option<&str>, declared_in: &str) -> String {
    if known.is_empty() {
        return format!("a {what}; there is none");
    }
    if declared_in.is_empty() || known.len() <= LISTED {
        return format!("one of: {}", known.join(", "));
    }
    let mut listed = known[..LISTED].to_vec();
    listed.extend(nearest.filter(|k| !known[..LISTED].contains(k)));
    let others = known.len() - listed.len();
    if others == 0 {
        return format!("one of: {}", known.join(", "));
    }
    format!("one of: {}, or {others} others declared under `{declared_in}`", listed.join(", "))
}
