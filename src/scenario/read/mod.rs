//! Reading scenario files: one declaration of each table, and everything that follows from it.
//!
//! A format is declared once, with `tables!` and `choices!`:
//!
//! ```text
//! choices! {
//!     /// How a corridor is travelled.
//!     pub enum Mode {
//!         /// Overland.
//!         Land = "land",
//!         /// In a vessel.
//!         Sea = "sea",
//!     }
//! }
//!
//! tables! {
//!     /// A zone of the sea that patrols search.
//!     pub struct Zone {
//!         /// Area that patrols search.
//!         area_km2: f64 { unit: "km²", range: 1.0..=1e8, equation: "5.5 A_z" },
//!         /// Sweep width of one patrol.
//!         sweep_width_km: f64 = 10.0 { unit: "km", range: 0.0..=500.0, source: "assumption, not estimated" },
//!         /// Who patrols it; absent: nobody.
//!         patrolled_by: Option<Name>,
//!     }
//! }
//! ```
//!
//! From it come the struct with public fields, its reader, and the metadata from which [`schema`], [`explain`] and
//! [`reference_markdown`] are written.
//!
//! # What may stand in a declaration
//!
//! - Types: `f64`, `u32`, `u64`, `i64`, `bool`, `String`, [`Name`], [`Date`], a `choices!` enum, a `tables!` struct,
//!   and `Option<T>`, `Vec<T>`, [`OneOrMore<T>`], [`Named<T>`] of them. Whole numbers are accepted where an `f64`
//!   is asked for.
//! - A default: a literal (`10.0`, `-1.0`, `true`), a path (`None`, `Mode::Sea`), a call (`Vec::new()`), a macro call
//!   (`vec![1.0; 12]`), or any other expression in parentheses.
//! - Attributes, all optional: `unit`, `range` (of the number, or of every number in a list or map), `length` (of a
//!   list or map), `source`, `equation`.
//!
//! A field with a default may be left out; so may an `Option`, and a nested table all of whose fields may be left
//! out. A table whose fields all have a written default also implements `Default`.
//!
//! # Loading
//!
//! ```text
//! let layers = [Layer::file("us_cuba.toml", &text), Layer::assignment("zones.straits.area_km2=5")];
//! match load::<Scenario>(&layers) {
//!     Ok(Loaded { value, spans }) => …,               // `spans.problem(path, …)` places what later checks find
//!     Err(problems) => eprint!("{}", problems.render(true)),
//! }
//! ```
//!
//! Later layers are merged over earlier ones: tables key by key, anything else is replaced. An assignment reaches
//! into a list by index or by the `name` of an element: `ladders.usa.rungs.2.openness=0.5`.
//!
//! Reading never stops at the first problem: a value that is wrong is replaced by its default or by a stand-in in its
//! range, and reading goes on, so that a file is mended in one go. What was replaced is remembered ([`Doubts`]), so
//! that checks of what was read as a whole go on as well, and tell nothing that comes of a stand-in.

mod containers;
mod doubt;
mod explain;
mod layer;
mod meta;
mod named;
mod problem;
mod raw;
mod readable;
mod reader;
mod reference;
mod rules;
mod schema;
mod spans;
mod syntax;
mod tables;
#[cfg(test)]
mod tests;
mod value;

pub use containers::OneOrMore;
pub use doubt::{Doubts, related};
pub use explain::explain;
pub use layer::{Layer, MAX_BYTES};
pub use meta::{
    ChoiceMeta, FieldMeta, Shape, TableMeta, clean, defaults_out_of_range, defaults_without_source,
};
pub use named::{Date, Name, Named};
pub use problem::{Problem, Problems, Source};
pub use raw::{Placed, Raw, path_keys, short};
pub use readable::{Readable, read_choice};
pub use reader::{Fields, Reader, nearest_of};
pub use reference::reference_markdown;
pub use rules::{Bound, Limit, Limits, NoBound, Rules, number};
pub use schema::schema;
pub use spans::Spans;
pub(crate) use tables::{choices, table, tables};
pub use value::{Node, Value};

/// What was read, and where each part of it stands.
#[derive(Clone, Debug)]
pub struct Loaded<T> {
    /// What was read.
    pub value: T,
    /// Where each part of it stands.
    pub spans: Spans,
}

/// Reads the layers, later over earlier, or tells everything that is wrong with them.
pub fn load<T: Readable>(layers: &[Layer<'_>]) -> Result<Loaded<T>, Problems> {
    let (loaded, problems, _) = load_anyway(layers);
    if problems.is_empty() { Ok(loaded) } else { Err(problems) }
}

/// The same, with stand-ins where something is wrong, for checks that go on to look for more; and what they must not
/// build on.
pub fn load_anyway<T: Readable>(layers: &[Layer<'_>]) -> (Loaded<T>, Problems, Doubts) {
    let stack = layer::stack(layers);
    let mut reader = Reader::new(&stack);
    let value = T::read(&stack.root, Rules::default(), &mut reader);
    let (problems, doubts) = reader.finish(&stack.problems);
    (Loaded { value, spans: Spans::new(stack.sources, stack.root) }, problems, doubts)
}
