//! Dissuasion: the origin keeps its people from departing by some routes (model 5.14).

use super::{Clause, Does};
use crate::scenario::read::{Name, tables};
use crate::scenario::resolve::Resolver;

tables! {
    /// Dissuasion: the origin keeps its people from departing by some routes.
    pub struct Dissuasion {
        /// The country that dissuades.
        by: Name,
        /// The routes concerned.
        routes: Vec<Name>,
        /// Share of departures it promises to prevent.
        share: f64 { unit: "share", range: 0.0..=1.0, equation: "5.14" },
        /// Share of that promise it keeps.
        delivered_share: f64 = 1.0 { unit: "share", range: 0.0..=1.0, source: "assumption, not estimated", equation: "5.13 delivered over promised" },
    }
}

impl Dissuasion {
    /// A share of departures prevented; it lightens the countries that the routes lead to.
    pub fn clauses(&self, at: &str, _name: &str, names: &mut Resolver<'_, '_>) -> Vec<Clause> {
        let by = names.party(&format!("{at}.by"), &self.by);
        let routes: Vec<_> = self
            .routes
            .iter()
            .enumerate()
            .map(|(j, n)| names.route(&format!("{at}.routes.{j}"), n))
            .collect();
        vec![Clause::plain(Does::Dissuade { routes, share: self.share * self.delivered_share }).by(Some(by))]
    }
}

/// Share of departures let pass with the clause applied.
///
/// ```text
/// e = e₀ · (1 − s · δ)
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | e₀ | `exit` | share | 0 to 1 | share let pass without it |
/// | s | `share` | share | 0 to 1 | share of those departures it promises to prevent |
/// | δ | `delivered_share` | share | 0 to 1 | share of the promise kept |
///
/// Source: the source paper, "the Cuban Government would seek to dissuade unauthorized departures"; form assumed.
/// Limits: a promise not kept (δ = 0) changes nothing; kept in full and total (s = δ = 1) it closes the exit.
pub fn exit_share(exit: f64, share: f64, delivered_share: f64) -> f64 {
    exit * (1.0 - share * delivered_share)
}

#[cfg(test)]
mod tests {
    use super::exit_share;

    #[test]
    fn limits_of_dissuasion() {
        assert_eq!(exit_share(0.4, 0.8, 0.0), 0.4);
        assert_eq!(exit_share(0.4, 1.0, 1.0), 0.0);
        assert!((exit_share(0.5, 0.5, 0.5) - 0.375).abs() < 1e-15);
    }
}
