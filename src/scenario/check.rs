//! Problems that show only once names are known: collected, with the place in the file each comes from.

use super::read::{Problem, Spans};

/// Collects problems of meaning.
pub struct Checks<'a> {
    spans: &'a Spans,
    problems: Vec<Problem>,
}

impl<'a> Checks<'a> {
    /// None yet.
    pub fn new(spans: &'a Spans) -> Self {
        Self { spans, problems: Vec::new() }
    }

    /// Whether there are any.
    pub fn any(&self) -> bool {
        !self.problems.is_empty()
    }

    /// A problem at a dotted path: what was found, what is allowed, what to do.
    pub fn at(&mut self, path: &str, found: impl Into<String>, allowed: &str, help: &str) {
        self.problems.push(self.spans.problem(path, found.into(), allowed, help));
    }

    /// A name that names nothing, with the nearest that does.
    pub fn unknown_name<'n>(
        &mut self,
        path: &str,
        what: &str,
        name: &str,
        known: impl Iterator<Item = &'n str>,
    ) {
        let mut known: Vec<&str> = known.collect();
        let nearest = known
            .iter()
            .map(|k| (strsim::jaro_winkler(k, name), *k))
            .filter(|(likeness, _)| *likeness > 0.75)
            .max_by(|a, b| a.0.total_cmp(&b.0));
        let help = nearest.map_or(String::new(), |(_, k)| format!("did you mean `{k}`?"));
        known.truncate(12);
        let allowed = if known.is_empty() {
            format!("a {what}; there is none")
        } else {
            format!("one of: {}", known.join(", "))
        };
        self.at(path, format!("there is no {what} `{name}`"), &allowed, &help);
    }

    /// What was found.
    pub fn into_problems(self) -> Vec<Problem> {
        self.problems
    }
}
