//! The scenario file: every table and every parameter, declared once.
//!
//! From these declarations come the reader with its checks, the JSON schema, `landfall explain` and the parameter
//! reference. Units stand in names; `range` is what a value may be at all, not what is plausible.

mod choices;
mod facts;
mod history;
mod parameters;
mod people;
mod sea;
mod states;

pub use crate::instruments::Arrangement;
pub use choices::*;
pub use facts::*;
pub use history::*;
pub use parameters::*;
pub use people::*;
pub use sea::*;
pub use states::*;

use super::read::{Date, Named, tables};

tables! {
    /// A scenario: one case, with its people, its States and its rules.
    pub struct Scenario {
        /// A scenario this one is laid over: one that comes with the program, or a file beside this one.
        extends: Option<String> = None,
        /// What the scenario is about.
        scenario: Header,
        /// Most parts of the model can be switched off here.
        switches: Switches,
        /// Setting out: section 5.1 of the model.
        setting_out: SettingOut,
        /// What people believe: section 5.2.
        beliefs: Beliefs,
        /// Choosing where and how: section 5.3.
        choice: Choice,
        /// Choices made on the way: the offer, and trying again.
        journeys: Journeys,
        /// Domestic political pressure: section 5.11.
        pressure: Pressure,
        /// Policy ladders: section 5.12.
        policy: Policy,
        /// Bargaining over arrangements: section 5.13.
        bargaining: Bargaining,
        /// Exogenous indices that drive departures.
        drivers: Named<Driver> = Named::default(),
        /// Countries.
        countries: Named<Country>,
        /// Places on land.
        places: Named<Place>,
        /// Zones of the sea.
        zones: Named<Zone> = Named::default(),
        /// Kinds of vessel.
        vessels: Named<VesselKind> = Named::default(),
        /// Directed links between places.
        corridors: Named<Corridor>,
        /// Populations of potential movers.
        populations: Named<Population>,
        /// Routes a population may choose among.
        routes: Named<Route>,
        /// Policy ladders.
        ladders: Named<Ladder> = Named::default(),
        /// Arrangements between States.
        arrangements: Vec<Arrangement> = Vec::new(),
        /// Dated events.
        events: Vec<Event> = Vec::new(),
        /// Recorded series the scenario is compared with.
        observed: Vec<Observed> = Vec::new(),
        /// Facts the scenario is held against.
        facts: Vec<Fact> = Vec::new(),
    }
}

tables! {
    /// What the scenario is about.
    pub struct Header {
        /// Title.
        title: String,
        /// The question the scenario answers.
        question: String,
        /// What it cannot answer.
        limits: String,
        /// First simulated day.
        start: Date,
        /// Last simulated day.
        end: Date,
        /// Seed of all luck.
        seed: u64 = 1 { source: "none: any number will do" },
        /// First month of the fiscal year by which yearly tables may be cut.
        fiscal_year_start_month: u32 = 1 { unit: "month", range: 1..=12, source: "neutral: the calendar year" },
    }
}
