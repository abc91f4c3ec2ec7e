//! Swap: two States each take people recognised under the other's authority, up to a ceiling, case by case; nobody is
//! settled in the country they were bound for (model 5.14). It takes the destination out of people's hands, which is
//! the point the source reports of it.

use super::{Clause, Does, Offer, Relocation};
use crate::scenario::read::{Name, tables};
use crate::scenario::resolve::Resolver;
use crate::world::{Flow, Status};

tables! {
    /// One direction of a swap.
    pub struct SwapDirection {
        /// The facility or territory people leave.
        from: Name,
        /// The territory they are settled in.
        to: Name,
        /// People a year at the most.
        ceiling_per_year: f64 { unit: "person/year", range: 0.0..=1e6 },
    }
}

tables! {
    /// A swap between two States.
    pub struct Swap {
        /// One direction.
        one: SwapDirection,
        /// The other direction; absent: it is not reciprocal.
        other: Option<SwapDirection> = None,
        /// Probability that a case is accepted.
        acceptance: f64 = 0.5 { unit: "share", range: 0.0..=1.0, source: "assumption, not estimated" },
        /// Days a case takes.
        processing_days: f64 = 180.0 { unit: "day", range: 0.0..=3650.0, source: "assumption, not estimated" },
    }
}

impl Swap {
    /// A stream in each direction, without consent and never to the country people were bound for.
    pub fn clauses(&self, at: &str, name: &str, names: &mut Resolver<'_, '_>) -> Vec<Clause> {
        let mut out = Vec::new();
        for (key, direction) in [("one", Some(&self.one)), ("other", self.other.as_ref())] {
            let Some(d) = direction else { continue };
            let from = names.place(&format!("{at}.{key}.from"), &d.from);
            let to = names.place(&format!("{at}.{key}.to"), &d.to);
            let (sender, taker) = (names.country_of(from), names.country_of(to));
            if sender == taker {
                let ends = ["from", "to"].map(|end| format!("{at}.{key}.{end}"));
                let owners = [&d.from, &d.to].map(|place| format!("places.{place}.country"));
                let (found, given) = ("a place of the country people leave", [ends.clone(), owners].concat());
                names.checks.at_given(&ends[1], &given, found, "a place of another", "");
            }
            let offer = Offer {
                key: crate::engine::keyed::name_key(&["offer", name, &d.to.0]),
                to,
                by: taker,
                status: Status::Resettled,
                per_year: d.ceiling_per_year,
                total: f64::INFINITY,
                attraction: 0.0,
            };
            let everybody = vec![true; names.s.populations.len()];
            let mut stream = Relocation::new(&format!("{name} {key}"), vec![from], everybody, vec![offer])
                .of(&[Status::AwaitingResettlement, Status::Stranded]);
            stream.least_wait_days = self.processing_days as u32;
            stream.acceptance = self.acceptance;
            stream.never_the_destination = true;
            stream.flow = Flow::Swapped;
            stream.score = Some(names.s.beliefs.resettled_elsewhere);
            let clause = Clause::plain(Does::Relocate(Box::new(stream)));
            out.push(clause.by(Some(taker)).lightens(sender, d.ceiling_per_year));
        }
        out
    }
}
