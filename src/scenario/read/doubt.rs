//! What is in doubt once a file has been read: what later checks find wrong is told only where it does not rest on it.

use std::collections::BTreeSet;

/// What was replaced by a stand-in, and what may seem to be missing only because a key was mistyped.
#[derive(Clone, Debug, Default)]
pub struct Doubts {
    replaced: Vec<String>,
    misnamed: Vec<String>,
    stray: BTreeSet<String>,
    blind: bool,
}

impl Doubts {
    /// A value at a path was replaced by a stand-in.
    pub(super) fn replace(&mut self, path: String) {
        self.replaced.push(path);
    }

    /// A table has a key that is not declared; these names stand under it.
    pub(super) fn misname(&mut self, table: String, names: Vec<&str>) {
        self.misnamed.push(table);
        self.stray.extend(names.into_iter().map(str::to_string));
    }

    /// Lines were not read at all, or more is wrong than was kept.
    pub(super) fn blind(&mut self) {
        self.blind = true;
    }

    /// Whether so much is in doubt that nothing can be built on what was read.
    pub fn is_blind(&self) -> bool {
        self.blind
    }

    /// Whether something at this path, above or below it was replaced; `*` in it stands for any key.
    pub fn touch(&self, path: &str) -> bool {
        self.replaced.iter().any(|replaced| related(replaced, path))
    }

    /// Whether a table has a key that is not declared.
    pub fn misnamed_in(&self, table: &str) -> bool {
        self.misnamed.iter().any(|misnamed| misnamed == table)
    }

    /// Whether a name stands under a key that is not declared.
    pub fn is_stray(&self, name: &str) -> bool {
        self.stray.contains(name)
    }

    /// Whether a name may be declared although it is not among those read: it stands under a key that is not
    /// declared, or the table or list (or one of several, joined by `or`) that declares such names was not read, or
    /// the name of one in that list was not.
    pub fn may_declare(&self, declared_in: &str, name: &str) -> bool {
        let hidden = |table| self.replaced.iter().any(|replaced| hides_names(replaced, table));
        self.is_stray(name) || declared_in.split(" or ").any(hidden)
    }
}

/// Whether one of two dotted paths leads to the other, or they are the same; `*` stands for any key.
pub fn related(one: &str, other: &str) -> bool {
    one.split('.').zip(other.split('.')).all(|(a, b)| a == b || a == "*" || b == "*")
}

/// Whether a value replaced at a path may have held a name that is declared in a table or list.
fn hides_names(replaced: &str, declared_in: &str) -> bool {
    if !related(replaced, declared_in) {
        return false;
    }
    let depth = declared_in.split('.').count();
    let below: Vec<&str> = replaced.split('.').skip(depth).collect();
    let element = |key: &str| key.parse::<usize>().is_ok();
    match below.as_slice() {
        [] => true,
        [index] | [index, "name"] => element(index),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_related_along_one_line() {
        assert!(related("places.camp", "places.camp.country") && related("places.camp.country", "places"));
        assert!(
            related("places.*.country", "places.camp.country") && !related("places.a", "places.b.country")
        );
        assert!(!related("places.camp", "places.camps"));
    }

    #[test]
    fn names_may_be_hidden_by_what_was_not_read() {
        let mut doubts = Doubts::default();
        doubts.replace("ladders.sea.rungs.1.name".into());
        doubts.replace("routes.raft.exit".into());
        doubts.misname(String::new(), vec!["south"]);
        assert!(
            doubts.may_declare("ladders.sea.rungs", "x") && !doubts.may_declare("ladders.land.rungs", "x")
        );
        assert!(!doubts.may_declare("routes", "x") && doubts.may_declare("places", "south"));
        assert!(doubts.misnamed_in("") && !doubts.misnamed_in("places"));
    }
}
