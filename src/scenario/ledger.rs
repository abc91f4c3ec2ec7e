//! The ledger: every statement of the source, in our words, and what became of it.
//!
//! Which scenario answers a statement is not written here but in the scenario, as `answers` of a fact.

use super::read::{Layer, OneOrMore, Problems, choices, load, tables};

choices! {
    /// What kind of statement it is.
    pub enum StatementKind {
        /// Something a scenario is given.
        Parameter = "parameter",
        /// Something recorded, that a scenario is held against.
        Target = "target",
        /// A regularity.
        Rule = "rule",
        /// Where the source slips: never scored.
        Erratum = "erratum",
    }
}

tables! {
    /// The ledger.
    pub struct Ledger {
        /// The statements, in the order of the source.
        statements: Vec<Statement>,
    }

    /// A statement of the source.
    pub struct Statement {
        /// Its identifier.
        id: String,
        /// The case it belongs to.
        case: String,
        /// What kind it is.
        kind: StatementKind,
        /// The statement, in our words.
        says: String,
        /// The number in it, if there is one.
        value: Option<f64> = None,
        /// Parameters in which it is typed: `scenario: path`.
        typed: OneOrMore<String> = OneOrMore::default(),
        /// Tests that hold it: `file::name`.
        held_by: OneOrMore<String> = OneOrMore::default(),
        /// Why it is not a quantity of a run; of an erratum, what the records say.
        because: Option<String> = None,
        /// Why nothing answers it yet.
        open: Option<String> = None,
    }
}

/// The ledger that comes with the program.
pub fn ledger() -> Result<Ledger, Problems> {
    let text = include_str!("../../configs/ledger.toml");
    load::<Ledger>(&[Layer::file("configs/ledger.toml", text)]).map(|loaded| loaded.value)
}
