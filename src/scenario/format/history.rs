//! Arrangements, dated events.

use super::choices::{EventKind, Steering};
use crate::scenario::instruments::{Dissuasion, Hosting, OrderlyDeparture, Readmission, ResettlementQuota};
use crate::scenario::read::{Date, Name, tables};

tables! {
    /// A dated event.
    pub struct Event {
        /// First day.
        date: Date,
        /// What it is.
        kind: EventKind,
        /// The country concerned.
        country: Option<Name> = None,
        /// The route concerned.
        route: Option<Name> = None,
        /// The zone concerned.
        zone: Option<Name> = None,
        /// The ladder expected to change.
        ladder: Option<Name> = None,
        /// The rung it is expected to move to.
        rung: Option<Name> = None,
        /// The date an expected change is announced for; absent: a rumour without date.
        until: Option<Date> = None,
        /// Perceived hazard of the change, where it is a rumour.
        rumour_per_day: f64 = 0.0 { unit: "1/day", range: 0.0..=1.0, equation: "5.1 ψ" },
        /// How long it lasts.
        days: f64 = 1.0 { unit: "day", range: 1.0..=36500.0 },
        /// Its strength.
        value: f64 = 0.0 { unit: "as the kind says", range: -100.0..=1e6 },
        /// How far it is believed.
        credibility: f64 = 0.3 { unit: "share", range: 0.0..=1.0, equation: "5.2 c" },
        /// Where it is recorded.
        source: String = String::new(),
    }
}

tables! {
    /// An arrangement between States: parties, instruments, life cycle.
    pub struct Arrangement {
        /// Its name.
        name: String,
        /// The parties.
        parties: Vec<Name>,
        /// What moves it through its life.
        steering: Steering = Steering::Dated,
        /// Where mixed: first day of the parties' own choice.
        endogenous_from: Option<Date> = None,
        /// The day it comes into force, where dated.
        in_force: Option<Date> = None,
        /// The day it is suspended, where dated.
        suspended: Option<Date> = None,
        /// The day it is revived, where dated.
        revived: Option<Date> = None,
        /// The day it ends, where dated.
        ends: Option<Date> = None,
        /// Whether it is ruled out, as in a world without it: it is never negotiated and never applies.
        barred: bool = false { equation: "5.15" },
        /// First day on which it may be proposed, where endogenous.
        proposed_from: Option<Date> = None,
        /// Days from proposal to force, where endogenous.
        negotiation_days: f64 = 14.0 { unit: "day", range: 0.0..=3650.0 },
        /// Diplomatic cost, as a gain forgone.
        diplomatic_cost: f64 = 0.2 { unit: "1", range: 0.0..=20.0, source: "assumption, not estimated", equation: "5.13" },
        /// Share of what it promises that is seen by its parties.
        monitored: f64 = 1.0 { unit: "share", range: 0.0..=1.0, equation: "5.13" },
        /// From when less of it is seen.
        monitoring_ends: Option<Date> = None { equation: "5.13" },
        /// Whether its clauses go on being applied while talks are suspended.
        survives_suspension: bool = true { equation: "5.13" },
        /// Share that is seen from then on.
        monitored_after: f64 = 0.3 { unit: "share", range: 0.0..=1.0, equation: "5.13" },
        /// Orderly departure from the origin.
        orderly_departure: Option<OrderlyDeparture> = None { equation: "5.14" },
        /// The origin dissuades departures.
        dissuasion: Option<Dissuasion> = None { equation: "5.14" },
        /// The origin takes back those returned.
        readmission: Option<Readmission> = None { equation: "5.14" },
        /// A partner hosts people held.
        hosting: Option<Hosting> = None { equation: "5.14" },
        /// Partners resettle people recognised at a facility.
        resettlement: Option<ResettlementQuota> = None { equation: "5.14" },
    }
}
