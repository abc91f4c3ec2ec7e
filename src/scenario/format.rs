//! The scenario file: every table and every parameter, declared once.
//!
//! From these declarations come the reader with its checks, the JSON schema, `landfall explain` and the
//! parameter reference. Units stand in names; `range` is what a value may be at all, not what is plausible.

use super::read::{Date, Name, Named, choices, tables};

choices! {
    /// What kind of place it is.
    pub enum PlaceKind {
        /// The territory of a country, or of an area of it.
        Territory = "territory",
        /// A camp, offshore site or transit centre.
        Facility = "facility",
    }
}

choices! {
    /// How a corridor is travelled.
    pub enum Mode {
        /// Overland.
        Land = "land",
        /// By sea, in a vessel.
        Sea = "sea",
        /// By air.
        Air = "air",
    }
}

choices! {
    /// By what channel a route leads to its destination.
    pub enum Channel {
        /// Without permission to enter.
        Irregular = "irregular",
        /// By application from home, under a ceiling.
        Orderly = "orderly",
    }
}

choices! {
    /// In which order applicants of an orderly programme are granted a place.
    pub enum GrantOrder {
        /// Drawn at random.
        Lottery = "lottery",
        /// In order of application.
        Queue = "queue",
    }
}

choices! {
    /// In which order pending claims are decided.
    pub enum ClaimOrder {
        /// Oldest first.
        FirstInFirstOut = "first_in_first_out",
        /// Newest first.
        LastInFirstOut = "last_in_first_out",
    }
}

choices! {
    /// What moves a ladder from rung to rung.
    pub enum Steering {
        /// The dated schedule alone.
        Dated = "dated",
        /// The State's own choice at reviews, from the first day.
        Endogenous = "endogenous",
        /// Dated until `endogenous_from`, the State's own choice after.
        Mixed = "mixed",
    }
}

choices! {
    /// The domain of policy a ladder belongs to.
    pub enum Domain {
        /// Patrols and what follows interception, rescue and landing.
        Sea = "sea",
        /// Openness of a land border.
        Border = "border",
        /// Screening and status determination.
        Procedure = "procedure",
        /// Reception conditions.
        Reception = "reception",
        /// Orderly and resettlement programmes.
        Programme = "programme",
        /// What an origin lets depart.
        Exit = "exit",
    }
}

choices! {
    /// How a household comes under the authority of a State.
    pub enum Entry {
        /// Stopped at sea by a patrol.
        Interception = "interception",
        /// Taken aboard from distress at sea. Rescue is not interception.
        Rescue = "rescue",
        /// Ashore, unfound by any patrol.
        Landing = "landing",
        /// At a land border or airport.
        Border = "border",
    }
}

choices! {
    /// One thing a State may do with a household that has come under its authority.
    pub enum Action {
        /// Let in and allow to stay; settlement follows in time.
        Admit = "admit",
        /// Let in under parole: counted apart from admission.
        Parole = "parole",
        /// Hold at the facility `at`, as long as it has room.
        Hold = "hold",
        /// Offer the choice between return home and being held at `at`.
        Offer = "offer",
        /// Screen aboard; screened in: held at `at`; screened out: returned.
        ScreenThenReturn = "screen_then_return",
        /// Return home without a hearing; needs the origin's consent.
        Return = "return",
        /// Turn back towards where the vessel came from.
        TurnBack = "turn_back",
        /// Hand over to the authorities at `at`, on the territory of another State.
        HandOver = "hand_over",
        /// Left without status on the territory.
        Undocumented = "undocumented",
    }
}

choices! {
    /// What becomes of a person held once the procedure at the facility has found.
    pub enum Finding {
        /// Admitted to the territory of the State that holds.
        Admit = "admit",
        /// Waits at the facility for resettlement in a third country.
        Resettle = "resettle",
        /// Returned home.
        Return = "return",
        /// Stays held.
        Hold = "hold",
    }
}

choices! {
    /// What follows when the longest stay at a facility has passed.
    pub enum StayEnd {
        /// The stay is extended.
        Extend = "extend",
        /// Returned home.
        Return = "return",
        /// Released into the territory of the State that holds.
        Release = "release",
        /// Stays, counted as stranded.
        Stranded = "stranded",
    }
}

choices! {
    /// Where a State holds that its obligation of non-refoulement begins.
    pub enum Doctrine {
        /// On its territory only.
        Territorial = "territorial",
        /// Wherever it has effective control, the high seas included.
        EffectiveControl = "effective_control",
    }
}

choices! {
    /// What a dated event does.
    pub enum EventKind {
        /// An announcement about a route: what is said of the chance of protection once stopped.
        Announcement = "announcement",
        /// Word that the ladder will move to `rung` at `until`: people bring departures forward.
        ExpectedChange = "expected_change",
        /// A push on domestic political pressure in `country`, for `days`.
        Pressure = "pressure",
        /// Provocation of an origin: adds to the grievance behind its exit ladder.
        Provocation = "provocation",
        /// Weather in `zone` takes `value` for `days`.
        Weather = "weather",
        /// The origin starts or stops punishing those returned to `country`: `value` is the share punished.
        ReturneeTreatment = "returnee_treatment",
    }
}

choices! {
    /// What an observed figure measures.
    pub enum Measure {
        /// Persons stopped or rescued at sea by a patrol.
        Interdicted = "interdicted",
        /// Persons who set out.
        SetOut = "set_out",
        /// Persons ashore unfound.
        Landed = "landed",
        /// Persons who died at sea.
        DiedAtSea = "died_at_sea",
        /// Largest number held at once.
        HeldPeak = "held_peak",
        /// Persons resettled in a third country.
        Resettled = "resettled",
        /// Persons who entered by the orderly channel.
        OrderlyEntries = "orderly_entries",
        /// Persons returned home by a State.
        Returned = "returned",
    }
}

choices! {
    /// What an observed figure is used for.
    pub enum Use {
        /// Estimation.
        Fit = "fit",
        /// Shown beside the simulation, never used.
        Predict = "predict",
    }
}

tables! {
    /// A scenario: one case, with its people, its States and its rules.
    pub struct Scenario {
        /// A scenario this one is laid over: one that comes with the program, or a file beside this one.
        extends: Option<String> = None,
        /// What the scenario is about.
        scenario: Header,
        /// Every part of the model can be switched off here.
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
        /// Recorded figures the scenario is compared with.
        observed: Vec<Observed> = Vec::new(),
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
        seed: u64 = 1,
        /// First month of the fiscal year by which yearly tables may be cut.
        fiscal_year_start_month: u32 = 1 { unit: "month", range: 1..=12 },
    }
}

tables! {
    /// Mechanisms that can be switched off, one at a time, to see what carries a result.
    pub struct Switches {
        /// Departures and the choice of route respond to beliefs; off: both stay at their reference.
        magnet: bool = true { equation: "5.1" },
        /// Exogenous drivers; off: every index is 1.
        drivers: bool = true { equation: "5.1" },
        /// Slow noise of origins; off: 1.
        noise: bool = true { equation: "5.1" },
        /// Exit control by origins; off: everything passes.
        exit_control: bool = true { equation: "5.1" },
        /// That an open exit must be learnt; off: known at once.
        exit_learning: bool = true { equation: "5.1" },
        /// Learning from outcomes; off: beliefs stay at their prior, announcements apart.
        learning: bool = true { equation: "5.2" },
        /// Announcements; off: nothing said is heard.
        announcements: bool = true { equation: "5.2" },
        /// Bringing departure forward when a change is expected.
        anticipation: bool = true { equation: "5.1" },
        /// Orderly channels; off: no route of channel `orderly` exists.
        orderly_channel: bool = true { equation: "5.1" },
        /// Growth and decay of settled compatriots; off: numbers stay at their start.
        networks: bool = true { equation: "5.3" },
        /// Patrols; off: no vessel is found.
        patrols: bool = true { equation: "5.5" },
        /// Hours spent on handling found vessels; off: patrols never saturate.
        saturation: bool = true { equation: "5.5" },
        /// Vessels seek or evade patrols; off: the factor is 1.
        evasion: bool = true { equation: "5.5" },
        /// Distress at sea, and so deaths and rescues there.
        distress: bool = true { equation: "5.5" },
        /// Weather; off: 1.
        weather: bool = true { equation: "5.5" },
        /// Supply of smuggling that adapts; off: stays at its start.
        smuggling: bool = true { equation: "5.5" },
        /// Movement of ladders; off: every ladder stays on its first rung.
        policy: bool = true { equation: "5.12" },
        /// Arrangements; off: none ever comes into force.
        arrangements: bool = true { equation: "5.13" },
        /// Domestic political pressure; off: 0.
        pressure: bool = true { equation: "5.11" },
        /// Capacities of facilities and patrols; off: nothing is ever full.
        capacity: bool = true { equation: "5.6" },
        /// Further attempts by those returned.
        reattempts: bool = true { equation: "5.10" },
        /// Onward movement from a first place of arrival.
        onward: bool = true { equation: "5.9" },
    }
}

tables! {
    /// Setting out.
    pub struct SettingOut {
        /// Largest hazard of departure of one household.
        max_per_day: f64 = 0.05 { unit: "1/day", range: 0.0..=1.0, source: "numerical guard; a household is not ready in less than some weeks", equation: "5.1 λ_max" },
        /// Standard deviation of the slow log noise of an origin.
        noise_sd: f64 = 0.3 { unit: "log", range: 0.0..=2.0, source: "model specification 5.1", equation: "5.1 noise_o" },
        /// Correlation time of that noise.
        noise_days: f64 = 60.0 { unit: "day", range: 1.0..=3650.0, source: "model specification 5.1", equation: "5.1 noise_o" },
        /// Rate at which word spreads that an exit is open.
        exit_learning_per_day: f64 = 0.35 { unit: "1/day", range: 0.0..=1.0, source: "assumption, not estimated", equation: "5.1 κ_x" },
        /// Departures in a day at which word spreads at half that rate.
        exit_learning_half_households: f64 = 100.0 { unit: "household", range: 0.0..=1e6, source: "assumption, not estimated", equation: "5.1 n0_x" },
        /// How long ahead a household can bring its departure forward.
        lead_days: f64 = 30.0 { unit: "day", range: 0.0..=365.0, source: "assumption, not estimated", equation: "5.1 τ" },
        /// Hazard of departure by an irregular route of those who wait for an orderly one, relative to others.
        applicant_factor: f64 = 0.3 { unit: "ratio", range: 0.0..=1.0, source: "assumption, not estimated", equation: "2 in-country applicant" },
        /// Years after which an application lapses.
        application_years: f64 = 4.0 { unit: "year", range: 0.1..=50.0, source: "assumption, not estimated" },
    }
}

tables! {
    /// What people believe of their chances.
    pub struct Beliefs {
        /// Time in which the weight of an outcome halves.
        half_life_days: f64 = 60.0 { unit: "day", range: 1.0..=3650.0, source: "assumption, not estimated", equation: "5.2 T_half" },
        /// Time in which half of what is believed becomes common knowledge: what beliefs fall back to without news.
        common_half_life_days: f64 = 730.0 { unit: "day", range: 1.0..=36500.0, source: "assumption, not estimated", equation: "5.2 A0, B0" },
        /// Weight of one outcome relative to one unit of prior strength.
        outcome_weight: f64 = 0.02 { unit: "ratio", range: 0.0..=10.0, source: "assumption, not estimated", equation: "5.2 ξ" },
        /// Strength of the prior, in outcomes.
        prior_strength: f64 = 4.0 { unit: "outcome", range: 0.1..=1e4, source: "assumption, not estimated", equation: "5.2 A0 + B0" },
        /// Strength of an announcement believed in full.
        announcement_strength: f64 = 8.0 { unit: "outcome", range: 0.0..=1e4, source: "assumption, not estimated", equation: "5.2 n_c" },
        /// Score of being resettled in a country not of one's choice.
        resettled_elsewhere: f64 = 0.5 { unit: "score", range: 0.0..=1.0, source: "assumption, not estimated", equation: "5.2 q_else" },
        /// Days of holding after which being held counts as a refusal.
        held_counts_after_days: f64 = 180.0 { unit: "day", range: 0.0..=3650.0, source: "assumption, not estimated", equation: "5.2 held beyond a time" },
        /// Score of being ashore without a status.
        undocumented_score: f64 = 0.7 { unit: "score", range: 0.0..=1.0, source: "assumption, not estimated", equation: "5.2 landed and tolerated" },
        /// Share of the punishment of returnees that is held against the chance of protection.
        punishment_weight: f64 = 0.5 { unit: "ratio", range: 0.0..=1.0, source: "assumption, not estimated", equation: "5.10" },
    }
}

tables! {
    /// Tastes in the choice of destination, route and channel.
    pub struct Choice {
        /// Weight of the chance of protection.
        beta_protection: f64 = 3.0 { unit: "utility", range: 0.0..=20.0, source: "order of magnitude of the response of applications to recognition in Hatton (2009, 2017)", equation: "5.3 β_prot" },
        /// Elasticity to settled compatriots.
        beta_network: f64 = 0.3 { unit: "elasticity", range: 0.0..=2.0, source: "order of magnitude in Beine, Bertoli and Fernández-Huertas Moraga (2016)", equation: "5.3 β_net" },
        /// Elasticity to the ratio of incomes.
        beta_income: f64 = 0.5 { unit: "elasticity", range: 0.0..=3.0, source: "order of magnitude in Beine, Bertoli and Fernández-Huertas Moraga (2016)", equation: "5.3 β_inc" },
        /// Elasticity to distance.
        beta_distance: f64 = 0.6 { unit: "elasticity", range: 0.0..=3.0, source: "order of magnitude in Beine, Bertoli and Fernández-Huertas Moraga (2016)", equation: "5.3 β_dist" },
        /// Weight of the fare over the household's means.
        beta_fare: f64 = 1.0 { unit: "utility", range: 0.0..=20.0, source: "assumption, not estimated", equation: "5.3 β_fare" },
        /// Weight of the perceived risk of death, at an aversion of 1.
        beta_risk: f64 = 5.0 { unit: "utility", range: 0.0..=100.0, source: "assumption, not estimated", equation: "5.3 β_risk" },
        /// Weight of a year of waiting, for those whose claim is well-founded.
        beta_wait_well_founded: f64 = 0.15 { unit: "utility/year", range: -5.0..=5.0, source: "sign: Bertoli, Brücker and Fernández-Huertas Moraga (2022); size assumed", equation: "5.3 β_wait" },
        /// Weight of a year of waiting, for the others: below 0 where a pending claim brings a tolerated stay.
        beta_wait_other: f64 = 0.05 { unit: "utility/year", range: -5.0..=5.0, source: "sign: Bertoli, Brücker and Fernández-Huertas Moraga (2022); size assumed", equation: "5.3 β_wait" },
        /// Weight of reception conditions.
        beta_reception: f64 = 0.2 { unit: "utility", range: 0.0..=5.0, source: "small: Hatton and Moloney (2015)", equation: "5.3 β_rec" },
        /// Scale of routes within one destination; 1: no likeness among them.
        nest_scale: f64 = 0.6 { unit: "ratio", range: 0.05..=1.0, source: "assumption, not estimated", equation: "5.3 ϑ" },
        /// Yearly loss of settled compatriots as a tie.
        network_decay_per_year: f64 = 0.02 { unit: "1/year", range: 0.0..=1.0, source: "assumption, not estimated", equation: "5.3 N" },
    }
}

tables! {
    /// Choices on the way.
    pub struct Journeys {
        /// Log odds of accepting return when return or holding is offered, with nothing to hope for from holding.
        offer_return_log_odds: f64 = -1.0 { unit: "log odds", range: -20.0..=20.0, source: "assumption, not estimated", equation: "5.6" },
        /// What the chance of protection after holding takes off those log odds.
        offer_protection_weight: f64 = 3.0 { unit: "log odds", range: 0.0..=20.0, source: "assumption, not estimated", equation: "5.6" },
        /// Hazard of a further attempt relative to that of a household at home.
        reattempt_factor: f64 = 50.0 { unit: "ratio", range: 0.0..=1e4, source: "assumption, not estimated", equation: "5.10" },
        /// Further multiplication by each attempt already made.
        reattempt_experience: f64 = 0.7 { unit: "ratio", range: 0.0..=1.0, source: "assumption, not estimated", equation: "5.10" },
        /// Largest hazard of a further attempt.
        reattempt_max_per_day: f64 = 0.02 { unit: "1/day", range: 0.0..=1.0, source: "numerical guard", equation: "5.10" },
        /// Years after which one returned is again like any other at home.
        returned_years: f64 = 2.0 { unit: "year", range: 0.1..=20.0, source: "model specification 5.10", equation: "5.10 T_ret" },
        /// Hazard of moving on at the reference.
        onward_per_year: f64 = 0.05 { unit: "1/year", range: 0.0..=10.0, source: "assumption, not estimated", equation: "5.9 ν0" },
        /// Largest hazard of moving on.
        onward_max_per_year: f64 = 1.0 { unit: "1/year", range: 0.0..=50.0, source: "numerical guard", equation: "5.9 ν_max" },
        /// Response of onward movement to what it gains.
        onward_response: f64 = 1.0 { unit: "ratio", range: 0.0..=10.0, source: "assumption, not estimated", equation: "5.9 μ2" },
        /// Weight of the chance of protection where they are.
        stay_protection: f64 = 3.0 { unit: "utility", range: 0.0..=20.0, source: "as in the choice of destination; assumption, not estimated", equation: "5.9 V_stay" },
        /// Weight of a year of waiting for a decision there.
        stay_wait_per_year: f64 = 0.15 { unit: "utility/year", range: -5.0..=5.0, source: "assumption, not estimated", equation: "5.9 V_stay" },
        /// Weight of reception overfull by as much as it holds.
        stay_crowding: f64 = 0.5 { unit: "utility", range: 0.0..=20.0, source: "assumption, not estimated", equation: "5.9 V_stay" },
        /// Correlation of the luck of an appeal with that of the first decision.
        appeal_correlation: f64 = 0.7 { unit: "correlation", range: 0.0..=1.0, source: "assumption, not estimated", equation: "5.7 ρ" },
    }
}

tables! {
    /// Domestic political pressure.
    pub struct Pressure {
        /// Weight of arrivals above the usual.
        alpha_surprise: f64 = 1.0 { unit: "1", range: 0.0..=20.0, source: "assumption, not estimated", equation: "5.11 α" },
        /// Weight of arrivals in prospect.
        alpha_prospect: f64 = 0.5 { unit: "1", range: 0.0..=20.0, source: "assumption, not estimated", equation: "5.11 α_x" },
        /// Weight of overfull reception.
        gamma_capacity: f64 = 0.5 { unit: "1", range: 0.0..=20.0, source: "assumption, not estimated", equation: "5.11 γ" },
        /// Weight of the stock per head.
        gamma_stock: f64 = 0.0 { unit: "1", range: 0.0..=20.0, source: "assumption, not estimated", equation: "5.11 γ_l" },
        /// Stock per head at which that term is ln 2.
        stock_scale_per_million: f64 = 5000.0 { unit: "person per million", range: 1.0..=1e6, source: "assumption, not estimated", equation: "5.11 ℓ0" },
        /// Weight of a settled constituency that welcomes.
        delta_constituency: f64 = 0.3 { unit: "1", range: 0.0..=20.0, source: "assumption, not estimated", equation: "5.11 δ" },
        /// Weight of relief by partners.
        rho_relief: f64 = 0.5 { unit: "1", range: 0.0..=20.0, source: "assumption, not estimated", equation: "5.11 ρ" },
        /// Noticing threshold.
        notice_per_million_day: f64 = 1.0 { unit: "person per million and day", range: 1e-6..=1e4, source: "assumption, not estimated", equation: "5.11 a0" },
        /// Time in which arrivals become usual.
        adaptation_days: f64 = 540.0 { unit: "day", range: 1.0..=36500.0, source: "model specification 5.11", equation: "5.11 T_a" },
        /// Time in which pressure fades.
        memory_days: f64 = 365.0 { unit: "day", range: 1.0..=36500.0, source: "assumption, not estimated", equation: "5.11 T" },
        /// Extra weight of arrivals just before an election.
        election_boost: f64 = 0.5 { unit: "ratio", range: 0.0..=10.0, source: "assumption, not estimated", equation: "5.11 elect" },
    }
}

tables! {
    /// Review of policies.
    pub struct Policy {
        /// Sharpness of the choice among rungs.
        eta: f64 = 10.0 { unit: "1", range: 0.0..=1000.0, source: "model specification 5.12: of order 10", equation: "5.12 η" },
        /// Rate at which a State reviews a ladder.
        reviews_per_year: f64 = 12.0 { unit: "1/year", range: 0.1..=366.0, source: "model specification 5.12: monthly", equation: "5.12" },
        /// The same in a crisis.
        crisis_reviews_per_year: f64 = 365.25 { unit: "1/year", range: 0.1..=366.0, source: "model specification 5.12: daily", equation: "5.12" },
        /// Pressure, as p in [0, 1), above which there is a crisis.
        crisis_pressure: f64 = 0.6 { unit: "share", range: 0.0..=1.0, source: "assumption, not estimated", equation: "5.12" },
        /// Shortest stay on a rung outside a crisis.
        least_dwell_days: f64 = 30.0 { unit: "day", range: 0.0..=3650.0, source: "model specification 5.12", equation: "5.12" },
        /// Weight of expected refoulements.
        omega_refoulement: f64 = 1.0 { unit: "1", range: 0.0..=100.0, source: "assumption, not estimated", equation: "5.12 ω" },
        /// Weight of cost over budget.
        phi_cost: f64 = 0.3 { unit: "1", range: 0.0..=100.0, source: "assumption, not estimated", equation: "5.12 φ" },
        /// Cost of each step.
        kappa_step: f64 = 0.5 { unit: "1", range: 0.0..=10.0, source: "assumption, not estimated", equation: "5.12 κ" },
        /// Arrivals of a year per million inhabitants that weigh ln 2.
        arrivals_scale_per_million: f64 = 1000.0 { unit: "person per million and year", range: 1e-3..=1e6, source: "assumption, not estimated", equation: "5.12 A_ref" },
        /// Half-life of the remembered peak of the flow.
        peak_half_life_days: f64 = 180.0 { unit: "day", range: 1.0..=3650.0, source: "model specification 5.12: half a year", equation: "5.12 Â" },
        /// Mean of a State's belief about the magnet at the start.
        magnet_belief: f64 = 0.8 { unit: "1", range: 0.0..=2.0, source: "the source: governments believed that access attracts", equation: "5.12 μ̂" },
        /// Its variance.
        magnet_belief_variance: f64 = 0.25 { unit: "1", range: 0.0..=10.0, source: "assumption, not estimated", equation: "5.12 μ̂" },
        /// Variance of what follows a change of policy, as the State sees it.
        magnet_noise_variance: f64 = 1.0 { unit: "1", range: 1e-6..=100.0, source: "assumption, not estimated", equation: "5.12 μ̂" },
        /// Days before and after a change over which arrivals are compared.
        attribution_days: f64 = 90.0 { unit: "day", range: 1.0..=3650.0, source: "assumption, not estimated", equation: "5.12 μ̂" },
        /// Time in which a grievance fades.
        grievance_days: f64 = 365.0 { unit: "day", range: 1.0..=36500.0, source: "assumption, not estimated", equation: "5.12 grievance" },
        /// Persons admitted after pick-up at sea, a year, that add 1 to the grievance of their origin.
        grievance_scale_persons: f64 = 4000.0 { unit: "person/year", range: 1.0..=1e7, source: "assumption, not estimated", equation: "5.12 grievance" },
        /// Weight of a grievance in an origin's choice to open its exit.
        grievance_weight: f64 = 1.0 { unit: "1", range: 0.0..=100.0, source: "assumption, not estimated", equation: "5.12 grievance" },
        /// What an open exit costs an origin, a rung.
        exit_open_cost: f64 = 1.0 { unit: "1", range: 0.0..=100.0, source: "assumption, not estimated", equation: "5.12 grievance" },
    }
}

tables! {
    /// Bargaining over arrangements.
    pub struct Bargaining {
        /// Weight of reciprocity.
        w_reciprocity: f64 = 1.0 { unit: "1", range: 0.0..=20.0, source: "assumption, not estimated", equation: "5.13 w_r" },
        /// Weight of political community.
        w_community: f64 = 0.5 { unit: "1", range: 0.0..=20.0, source: "assumption, not estimated", equation: "5.13 w_m" },
        /// Weight of fairness.
        w_fairness: f64 = 0.5 { unit: "1", range: 0.0..=20.0, source: "assumption, not estimated", equation: "5.13 w_f" },
        /// Weight of averting a crisis.
        w_crisis: f64 = 2.0 { unit: "1", range: 0.0..=20.0, source: "assumption, not estimated", equation: "5.13 w_c" },
        /// Weight of a commitment to protection.
        w_commitment: f64 = 0.5 { unit: "1", range: 0.0..=20.0, source: "assumption, not estimated", equation: "5.13 w_p" },
        /// Sharpness of acceptance.
        eta: f64 = 5.0 { unit: "1", range: 0.0..=1000.0, source: "assumption, not estimated", equation: "5.13 η" },
        /// Gain at which acceptance is as likely as refusal.
        threshold: f64 = 0.5 { unit: "1", range: -20.0..=20.0, source: "assumption, not estimated", equation: "5.13 θ" },
        /// What each arrangement that succeeded takes off the threshold.
        threshold_learning: f64 = 0.1 { unit: "1", range: 0.0..=5.0, source: "assumption, not estimated", equation: "5.13" },
        /// Yearly gain from linked issues while an arrangement is complied with.
        linkage_per_year: f64 = 0.02 { unit: "1/year", range: 0.0..=5.0, source: "assumption, not estimated", equation: "5.13" },
        /// Trust below which an arrangement is suspended.
        trust_low: f64 = 0.35 { unit: "share", range: 0.0..=1.0, source: "assumption, not estimated", equation: "5.13 t_low" },
        /// Trust above which it is revived.
        trust_high: f64 = 0.5 { unit: "share", range: 0.0..=1.0, source: "assumption, not estimated", equation: "5.13 t_high" },
        /// Reviews in a row with low trust before suspension.
        low_reviews: u32 = 6 { unit: "review", range: 1..=100, source: "assumption, not estimated", equation: "5.13 R" },
        /// Half-life of trust.
        trust_half_life_days: f64 = 730.0 { unit: "day", range: 1.0..=36500.0, source: "assumption, not estimated", equation: "5.13" },
        /// Strength of the prior of trust, in reviews.
        trust_prior_strength: f64 = 6.0 { unit: "review", range: 0.1..=1e4, source: "assumption, not estimated", equation: "5.13" },
        /// Trust between States that have no record.
        trust_prior: f64 = 0.6 { unit: "share", range: 0.0..=1.0, source: "assumption, not estimated", equation: "5.13" },
        /// Days between reviews of an arrangement.
        review_days: f64 = 30.0 { unit: "day", range: 1.0..=3650.0, source: "assumption, not estimated", equation: "5.13" },
    }
}

tables! {
    /// An index over time, that drives departures.
    pub struct Driver {
        /// Values; in between, interpolated in a straight line, or held where `steps` is set.
        values: Vec<DatedValue>,
        /// Hold each value until the next date instead of interpolating.
        steps: bool = false,
        /// First day of the period over which the index has mean 1.
        reference_start: Date,
        /// Last day of that period.
        reference_end: Date,
        /// Where the values are from.
        source: String,
    }
}

tables! {
    /// A value at a date.
    pub struct DatedValue {
        /// Date.
        date: Date,
        /// Value.
        value: f64 { unit: "index", range: 1e-9..=1e12 },
    }
}

tables! {
    /// A country.
    pub struct Country {
        /// Inhabitants.
        population_millions: f64 { unit: "million", range: 1e-4..=3000.0 },
        /// Income per head.
        gdp_per_head_usd: f64 { unit: "USD", range: 1.0..=1e6 },
        /// Area.
        area_km2: f64 = 1e5 { unit: "km²", range: 1.0..=2e7 },
        /// Inhabitants of the region that receives most arrivals.
        receiving_population_millions: f64 = 1.0 { unit: "million", range: 1e-4..=3000.0, equation: "5.11 A_vis" },
        /// Share of arrivals dispersed beyond that region.
        dispersal: f64 = 0.0 { unit: "share", range: 0.0..=1.0, equation: "5.11 A_vis" },
        /// Weight in public attention of a person held offshore, relative to one in the country.
        offshore_visibility: f64 = 0.5 { unit: "ratio", range: 0.0..=1.0, source: "assumption, not estimated", equation: "5.11 A_vis" },
        /// Pressure at the start: memory of what came before.
        initial_pressure: f64 = 0.0 { unit: "1", range: 0.0..=100.0, equation: "5.11 P" },
        /// Arrivals that are usual at the start.
        usual_per_million_day: f64 = 1.0 { unit: "person per million and day", range: 0.0..=1e5, equation: "5.11 Ā" },
        /// Political weight of settled compatriots who welcome more.
        constituency: f64 = 0.0 { unit: "1", range: 0.0..=10.0, equation: "5.11 δ" },
        /// An election of the head of government.
        election: Option<Date> = None { equation: "5.11 elect" },
        /// Years between such elections.
        election_years: f64 = 4.0 { unit: "year", range: 0.5..=20.0, equation: "5.11 elect" },
        /// Where its obligation of non-refoulement begins, in its own view.
        doctrine: Doctrine = Doctrine::EffectiveControl { equation: "5.7" },
        /// Claims decided a day at first instance.
        decisions_per_day: f64 = 50.0 { unit: "claim/day", range: 0.0..=1e6, equation: "5.7 K_s" },
        /// Appeals decided a day.
        appeals_per_day: f64 = 10.0 { unit: "appeal/day", range: 0.0..=1e6, equation: "5.7" },
        /// Share of those refused who appeal.
        appeal_share: f64 = 0.5 { unit: "share", range: 0.0..=1.0, equation: "5.7" },
        /// Order in which claims are decided.
        claim_order: ClaimOrder = ClaimOrder::FirstInFirstOut { equation: "5.7" },
        /// Discriminability of status determination.
        discriminability: f64 = 2.0 { unit: "1", range: 0.0..=10.0, source: "assumption, not estimated", equation: "5.7 d_s" },
        /// Standard of proof.
        standard_of_proof: f64 = 1.0 { unit: "1", range: -10.0..=10.0, source: "assumption, not estimated", equation: "5.7 z_s" },
        /// Probability that a claim of a person under its authority is heard at all.
        access: f64 = 0.9 { unit: "share", range: 0.0..=1.0, source: "assumption, not estimated", equation: "5.7 screening" },
        /// Discriminability of screening.
        screening_discriminability: f64 = 1.0 { unit: "1", range: 0.0..=10.0, source: "assumption, not estimated", equation: "5.7 screening" },
        /// Standard of screening.
        screening_standard: f64 = 0.5 { unit: "1", range: -10.0..=10.0, source: "assumption, not estimated", equation: "5.7 screening" },
        /// Removals a day.
        removals_per_day: f64 = 10.0 { unit: "person/day", range: 0.0..=1e6, equation: "5.8" },
        /// Places in reception.
        reception_places: f64 = 1e4 { unit: "person", range: 1.0..=1e9, equation: "5.11" },
        /// Reception conditions, from 0 to 1.
        reception: f64 = 0.5 { unit: "index", range: 0.0..=1.0, equation: "5.3" },
        /// Budget a year against which costs of policy are held.
        budget_million_usd: f64 = 500.0 { unit: "million USD/year", range: 1e-3..=1e6, equation: "5.12 budget" },
        /// Whether it takes back people another State returns, where no arrangement says so.
        takes_back: bool = true { equation: "5.6" },
        /// Share of those returned to it whom it punishes.
        returnees_punished: f64 = 0.0 { unit: "share", range: 0.0..=1.0, equation: "5.10" },
        /// Political communities it belongs to.
        memberships: Vec<String> = Vec::new() { equation: "5.13 J" },
        /// What follows, in time, for people on its territory.
        outcomes: Outcomes,
    }
}

tables! {
    /// What follows for people on a country's territory: hazards by status.
    pub struct Outcomes {
        /// Undocumented people who lodge a claim.
        lodging_per_year: f64 = 0.5 { unit: "1/year", range: 0.0..=100.0, source: "assumption, not estimated", equation: "5.8" },
        /// Undocumented people who settle without a status.
        regularising_per_year: f64 = 0.05 { unit: "1/year", range: 0.0..=100.0, source: "assumption, not estimated", equation: "5.8" },
        /// Undocumented people found for removal.
        found_per_year: f64 = 0.1 { unit: "1/year", range: 0.0..=100.0, source: "assumption, not estimated", equation: "5.8" },
        /// Claimants who go underground.
        absconding_per_year: f64 = 0.1 { unit: "1/year", range: 0.0..=100.0, source: "assumption, not estimated", equation: "5.8" },
        /// Admitted and tolerated people who settle.
        settling_per_year: f64 = 0.5 { unit: "1/year", range: 0.0..=100.0, source: "assumption, not estimated", equation: "5.8" },
        /// Protected people who settle.
        protected_settling_per_year: f64 = 0.3 { unit: "1/year", range: 0.0..=100.0, source: "assumption, not estimated", equation: "5.8" },
        /// Rejected people found for removal.
        removal_per_year: f64 = 1.0 { unit: "1/year", range: 0.0..=100.0, source: "assumption, not estimated", equation: "5.8" },
        /// Rejected people whose removal proves impossible and who are tolerated.
        tolerating_per_year: f64 = 0.2 { unit: "1/year", range: 0.0..=100.0, source: "assumption, not estimated", equation: "5.8" },
        /// Voluntary return from its territory.
        voluntary_return_per_year: f64 = 0.03 { unit: "1/year", range: 0.0..=100.0, source: "assumption, not estimated", equation: "5.8" },
        /// Protected people who bring a family member in a year.
        reunification_per_year: f64 = 0.02 { unit: "1/year", range: 0.0..=100.0, source: "assumption, not estimated", equation: "5.8" },
    }
}

tables! {
    /// A place on land.
    pub struct Place {
        /// Its kind.
        kind: PlaceKind = PlaceKind::Territory,
        /// The country whose territory it is, or that runs it.
        country: Name,
        /// People it has room for, where it is a facility.
        capacity: f64 = 0.0 { unit: "person", range: 0.0..=1e9, equation: "5.6" },
        /// Days a person may be held there at most; absent: no limit.
        longest_stay_days: Option<f64> = None { unit: "day", range: 1.0..=20000.0, equation: "5.6" },
        /// What follows then.
        stay_end: StayEnd = StayEnd::Extend { equation: "5.6" },
        /// Claims screened a day at a facility.
        screenings_per_day: f64 = 0.0 { unit: "claim/day", range: 0.0..=1e6, equation: "5.7" },
        /// Voluntary return of people held there.
        voluntary_return_per_year: f64 = 0.1 { unit: "1/year", range: 0.0..=100.0, source: "assumption, not estimated", equation: "5.8" },
        /// Cost of holding one person for a day.
        cost_usd_per_person_day: f64 = 50.0 { unit: "USD per person and day", range: 0.0..=1e5, equation: "5.12 cost" },
        /// Where people are moved when its capacity falls below the number held.
        fallback: Option<Name> = None { equation: "5.6" },
        /// Where people released or admitted from it go; a territory of the country that runs it.
        release_to: Option<Name> = None { equation: "5.6" },
        /// Openness of its border to arrivals by land or air.
        openness: f64 = 1.0 { unit: "share", range: 0.0..=1.0, equation: "5.4 b_s" },
        /// Hazard of turning back of those who wait at its border.
        turning_back_per_day: f64 = 0.05 { unit: "1/day", range: 0.0..=10.0, source: "assumption, not estimated", equation: "5.4" },
        /// Hazard of death of those who wait at its border.
        waiting_death_per_day: f64 = 0.0 { unit: "1/day", range: 0.0..=1.0, equation: "5.4" },
    }
}

tables! {
    /// A zone of the sea.
    pub struct Zone {
        /// Area searched.
        area_km2: f64 { unit: "km²", range: 1.0..=1e8, equation: "5.5 A_z" },
        /// Width swept by a patrol.
        sweep_width_km: f64 = 10.0 { unit: "km", range: 0.0..=500.0, source: "assumption, not estimated", equation: "5.5 W" },
        /// Speed of a patrol.
        patrol_speed_kmh: f64 = 30.0 { unit: "km/h", range: 0.1..=1000.0, source: "assumption, not estimated", equation: "5.5 v" },
        /// Patrol hours a day, where no rung says otherwise.
        patrol_hours_per_day: f64 = 24.0 { unit: "h/day", range: 0.0..=1e6, equation: "5.5 B_z" },
        /// Hours spent on each vessel found.
        handling_hours_per_vessel: f64 = 3.0 { unit: "h", range: 0.0..=1000.0, source: "assumption, not estimated", equation: "5.5 h0" },
        /// Hours spent on each person taken aboard.
        handling_hours_per_person: f64 = 0.05 { unit: "h", range: 0.0..=100.0, source: "assumption, not estimated", equation: "5.5 h1" },
        /// Probability that a vessel found is boarded.
        boarding: f64 = 0.95 { unit: "share", range: 0.0..=1.0, source: "assumption, not estimated", equation: "5.5 p_board" },
        /// People patrols can have aboard at once.
        places_aboard: f64 = 5000.0 { unit: "person", range: 0.0..=1e9, source: "assumption, not estimated", equation: "5.5" },
        /// How strongly vessels seek a patrol that brings admission, or evade one that brings return.
        seek_strength: f64 = 1.0 { unit: "1", range: 0.0..=5.0, source: "assumption, not estimated", equation: "5.5 seek" },
        /// Mean weather by month, from January: 1 fair, 0 nothing sails.
        weather_by_month: Vec<f64> = vec![1.0; 12] { unit: "share", range: 0.0..=1.0, length: 12..=12, equation: "5.5" },
        /// Standard deviation of the daily weather about it.
        weather_sd: f64 = 0.2 { unit: "share", range: 0.0..=1.0, source: "assumption, not estimated", equation: "5.5" },
        /// Probability of rescue from distress without a patrol near.
        rescue_base: f64 = 0.2 { unit: "share", range: 0.0..=1.0, source: "assumption, not estimated", equation: "5.5" },
        /// What patrols add to it, at full density.
        rescue_by_patrols: f64 = 0.6 { unit: "share", range: 0.0..=1.0, source: "assumption, not estimated", equation: "5.5" },
        /// Share of those aboard who die in a distress without rescue.
        death_share: f64 = 0.7 { unit: "share", range: 0.0..=1.0, source: "assumption, not estimated", equation: "5.5" },
        /// The country whose patrols these are.
        patrolled_by: Name,
        /// Where people picked up are brought when they are admitted.
        disembark_at: Name,
    }
}

tables! {
    /// A kind of vessel.
    pub struct VesselKind {
        /// Mean number of people aboard.
        persons_mean: f64 = 6.0 { unit: "person", range: 1.0..=1e4, equation: "5.5" },
        /// Standard deviation of the logarithm of that number.
        persons_log_sd: f64 = 0.5 { unit: "log", range: 0.0..=2.0, source: "assumption, not estimated", equation: "5.5" },
        /// Number it is built for; a higher load raises distress.
        persons_safe: f64 = 6.0 { unit: "person", range: 1.0..=1e4, equation: "5.5" },
        /// Ease of detection relative to the sweep width.
        detectability: f64 = 1.0 { unit: "ratio", range: 0.0..=10.0, equation: "5.5" },
        /// Hazard of distress in fair weather at the safe load.
        distress_per_day: f64 = 0.05 { unit: "1/day", range: 0.0..=10.0, source: "assumption, not estimated", equation: "5.5" },
        /// Elasticity of distress to the load.
        load_elasticity: f64 = 1.0 { unit: "elasticity", range: 0.0..=5.0, source: "assumption, not estimated", equation: "5.5" },
        /// Cost of the boat.
        boat_usd: f64 = 0.0 { unit: "USD", range: 0.0..=1e7, equation: "5.5 fare" },
        /// Cost for each passenger.
        variable_usd: f64 = 0.0 { unit: "USD", range: 0.0..=1e6, equation: "5.5 fare" },
        /// Share of boats stopped that are seized.
        seizure: f64 = 0.0 { unit: "share", range: 0.0..=1.0, equation: "5.5 fare" },
        /// Whether smugglers supply it, so that its supply adapts.
        smuggled: bool = false { equation: "5.5" },
        /// Share of demand that smugglers could meet at the start.
        supply_start: f64 = 1.0 { unit: "share", range: 0.0..=1.0, equation: "5.5" },
        /// Rate at which suppliers enter where all succeeds.
        supply_entry_per_year: f64 = 0.5 { unit: "1/year", range: 0.0..=20.0, source: "assumption, not estimated", equation: "5.5" },
        /// Elasticity of entry to the fare over its cost.
        supply_elasticity: f64 = 1.0 { unit: "elasticity", range: 0.0..=5.0, source: "assumption, not estimated", equation: "5.5" },
        /// Rate at which they leave where all are stopped.
        supply_exit_per_year: f64 = 0.5 { unit: "1/year", range: 0.0..=20.0, source: "assumption, not estimated", equation: "5.5" },
    }
}

tables! {
    /// A directed link between two places.
    pub struct Corridor {
        /// Where it starts.
        from: Name,
        /// Where it ends.
        to: Name,
        /// How it is travelled.
        mode: Mode,
        /// Mean duration.
        duration_days: f64 { unit: "day", range: 0.01..=365.0 },
        /// Standard deviation of the logarithm of the duration.
        duration_log_sd: f64 = 0.3 { unit: "log", range: 0.0..=2.0 },
        /// Length.
        distance_km: f64 { unit: "km", range: 1.0..=40000.0 },
        /// Fare, on land or by air; at sea it follows from the vessel.
        fare_usd: f64 = 0.0 { unit: "USD", range: 0.0..=1e6 },
        /// Hazard of death on land.
        death_per_day: f64 = 0.0 { unit: "1/day", range: 0.0..=1.0 },
        /// The zone crossed, at sea.
        zone: Option<Name> = None,
        /// The kind of vessel, at sea.
        vessel: Option<Name> = None,
    }
}

tables! {
    /// A class of a population, by means or by aversion to risk.
    pub struct Class {
        /// Share of households in it.
        share: f64 { unit: "share", range: 0.0..=1.0 },
        /// What distinguishes it: means in USD, or the aversion to risk as a multiple of the average.
        value: f64 { unit: "USD or 1", range: 0.0..=1e7 },
    }
}

tables! {
    /// A response of departures to a driver.
    pub struct DriverTerm {
        /// The driver.
        driver: Name,
        /// Elasticity of departures to its index.
        elasticity: f64 { unit: "elasticity", range: -20.0..=20.0, equation: "5.1 driver_g" },
        /// Lag.
        lag_days: f64 = 0.0 { unit: "day", range: 0.0..=3650.0, equation: "5.1 driver_g" },
    }
}

tables! {
    /// A population of potential movers.
    pub struct Population {
        /// Where they live.
        home: Name,
        /// Households at home at the start.
        households: f64 { unit: "household", range: 1.0..=1e9 },
        /// Growth of their number.
        growth_per_year: f64 = 0.0 { unit: "1/year", range: -0.2..=0.2 },
        /// Shares of households of one, two, three … members.
        household_size_shares: Vec<f64> = vec![0.7, 0.15, 0.1, 0.05] { unit: "share", range: 0.0..=1.0, length: 1..=8 },
        /// Share of households whose claim to protection is well-founded.
        well_founded: f64 { unit: "share", range: 0.0..=1.0, equation: "2 stratum" },
        /// Classes by means: what a household can spend on the journey.
        means: Vec<Class>,
        /// Classes by aversion to risk.
        aversion: Vec<Class>,
        /// Departures at the reference, of a thousand households.
        departures_per_thousand_year: f64 { unit: "household per 1000 and year", range: 0.0..=1000.0, equation: "5.1 λ0" },
        /// The same for well-founded claims relative to the others.
        well_founded_factor: f64 = 1.0 { unit: "ratio", range: 0.0..=100.0, source: "assumption, not estimated", equation: "5.1 λ0" },
        /// Strength of the magnet for those whose claim is well-founded.
        magnet_well_founded: f64 = 0.8 { unit: "1", range: 0.0..=1.0, source: "swept, not identified from counts", equation: "5.1 μ_h" },
        /// Strength of the magnet for the others.
        magnet_other: f64 = 0.8 { unit: "1", range: 0.0..=1.0, source: "swept, not identified from counts", equation: "5.1 μ_h" },
        /// Mean strength of the evidence of those whose claim is well-founded.
        evidence_mean: f64 = 1.0 { unit: "1", range: 0.0..=10.0, source: "assumption, not estimated", equation: "5.7 evidence" },
        /// Spread of that strength: it is uniform over the mean plus or minus the spread.
        evidence_spread: f64 = 0.5 { unit: "1", range: 0.0..=10.0, source: "assumption, not estimated", equation: "5.7 evidence" },
        /// Share of people with special needs.
        vulnerable: f64 = 0.15 { unit: "share", range: 0.0..=1.0, source: "assumption, not estimated", equation: "5.15" },
        /// What drives departures.
        driven_by: Vec<DriverTerm> = Vec::new(),
    }
}

tables! {
    /// A route: one alternative in the choice of a population.
    pub struct Route {
        /// Whose route it is.
        population: Name,
        /// Where it starts; absent: at home.
        start: Option<Name> = None,
        /// Where it is meant to lead.
        destination: Name,
        /// The corridors, in order; none for an orderly route.
        corridors: Vec<Name> = Vec::new(),
        /// By what channel.
        channel: Channel = Channel::Irregular,
        /// Constant of the alternative.
        constant: f64 = 0.0 { unit: "utility", range: -50.0..=50.0, equation: "5.3 asc" },
        /// Weight with which the destination is considered.
        consideration: f64 = 1.0 { unit: "share", range: 0.0..=1.0, equation: "5.3 ω" },
        /// Size weight among routes of one destination.
        size: f64 = 1.0 { unit: "1", range: 0.0..=1000.0, equation: "5.3 size" },
        /// Compatriots settled at the destination at the start.
        settled: f64 = 0.0 { unit: "person", range: 0.0..=1e8, equation: "5.3 N" },
        /// Believed chance of being stopped, at the start.
        believed_stop: f64 = 0.5 { unit: "share", range: 0.0..=1.0, equation: "5.2 p̂_stop" },
        /// Believed risk of death, at the start.
        believed_death: f64 = 0.02 { unit: "share", range: 0.0..=1.0, equation: "5.2 m̂" },
        /// Believed chance of protection or leave to stay once landed, at the start.
        believed_land: f64 = 0.9 { unit: "share", range: 0.0..=1.0, equation: "5.2 q̂_land" },
        /// Believed chance of it once stopped, at the start.
        believed_stopped: f64 = 0.5 { unit: "share", range: 0.0..=1.0, equation: "5.2 q̂_stop" },
        /// Expected wait, at the start.
        believed_wait_years: f64 = 0.0 { unit: "year", range: 0.0..=50.0, equation: "5.2 ŵ" },
        /// Share of departures the origin lets pass, where no rung says otherwise.
        exit: f64 = 1.0 { unit: "share", range: 0.0..=1.0, equation: "5.1 exit" },
        /// Ceiling of an orderly route, where no rung or arrangement says otherwise.
        ceiling_per_year: f64 = 0.0 { unit: "person/year", range: 0.0..=1e8, equation: "5.1" },
        /// Order in which places of an orderly route are granted.
        grant_order: GrantOrder = GrantOrder::Lottery { equation: "5.1" },
    }
}

tables! {
    /// What a rung does with households of some population on some entry: the first action with room is taken.
    pub struct Rule {
        /// Whose; absent: every population's.
        population: Option<Name> = None,
        /// On what entry.
        on: Entry,
        /// The actions, in order.
        actions: Vec<RuleAction>,
    }
}

tables! {
    /// One action of a rule.
    pub struct RuleAction {
        /// What is done.
        action: Action,
        /// Where: a facility, or a place of another country.
        at: Option<Name> = None,
        /// Whether claims of people held under it are examined at all.
        examined: bool = false { equation: "5.7" },
        /// What follows recognition.
        recognised: Finding = Finding::Resettle { equation: "5.6" },
        /// What follows refusal.
        refused: Finding = Finding::Return { equation: "5.6" },
        /// Whether people held under it may be paroled.
        parolable: bool = false { equation: "5.6" },
        /// Whether being held under it is itself the news that the journey has failed.
        held_is_refusal: bool = false { equation: "5.2" },
    }
}

tables! {
    /// A rung: a posture, as a table of levers.
    pub struct Rung {
        /// Its name.
        name: String,
        /// Where it is described.
        source: String = String::new(),
        /// Patrol hours a day, by zone.
        patrol_hours_per_day: Named<f64> = Named::default() { unit: "h/day", range: 0.0..=1e6, equation: "5.5 B_z" },
        /// Days over which patrols reach that level.
        ramp_days: f64 = 0.0 { unit: "day", range: 0.0..=365.0, equation: "5.5" },
        /// Share of departures let pass, by route.
        exit: Named<f64> = Named::default() { unit: "share", range: 0.0..=1.0, equation: "5.1 exit" },
        /// Openness of borders, by place.
        openness: Named<f64> = Named::default() { unit: "share", range: 0.0..=1.0, equation: "5.4 b_s" },
        /// Places in orderly programmes, by route.
        ceiling_per_year: Named<f64> = Named::default() { unit: "person/year", range: 0.0..=1e8, equation: "5.1" },
        /// People paroled out of facilities, by place.
        parole_per_day: Named<f64> = Named::default() { unit: "person/day", range: 0.0..=1e6, equation: "5.6" },
        /// People held without prospect of parole who are returned home, by place.
        repatriation_per_day: Named<f64> = Named::default() { unit: "person/day", range: 0.0..=1e6, equation: "5.6" },
        /// Capacity of facilities, by place.
        capacity: Named<f64> = Named::default() { unit: "person", range: 0.0..=1e9, equation: "5.6" },
        /// Claims screened a day at facilities, by place.
        screenings_per_day: Named<f64> = Named::default() { unit: "claim/day", range: 0.0..=1e6, equation: "5.7" },
        /// Standard of proof.
        standard_of_proof: Option<f64> = None { unit: "1", range: -10.0..=10.0, equation: "5.7 z_s" },
        /// Probability that a claim is heard.
        access: Option<f64> = None { unit: "share", range: 0.0..=1.0, equation: "5.7" },
        /// Standard of screening.
        screening_standard: Option<f64> = None { unit: "1", range: -10.0..=10.0, equation: "5.7" },
        /// Reception conditions.
        reception: Option<f64> = None { unit: "index", range: 0.0..=1.0, equation: "5.3" },
        /// Removals a day.
        removals_per_day: Option<f64> = None { unit: "person/day", range: 0.0..=1e6, equation: "5.8" },
        /// Arrangements one of which must be in force for a State to choose this rung.
        requires: Vec<Name> = Vec::new() { equation: "5.12" },
        /// What follows on each entry.
        rules: Vec<Rule> = Vec::new() { equation: "5.6" },
    }
}

tables! {
    /// A dated move of a ladder.
    pub struct Move {
        /// First day of the rung.
        date: Date,
        /// The rung.
        rung: Name,
        /// How far what is announced with it is believed.
        credibility: f64 = 0.3 { unit: "share", range: 0.0..=1.0, source: "assumption, not estimated", equation: "5.2 c" },
    }
}

tables! {
    /// A policy ladder: postures of one State in one domain, from open to closed.
    pub struct Ladder {
        /// Whose.
        country: Name,
        /// The domain.
        domain: Domain,
        /// The populations it concerns; none: all.
        populations: Vec<Name> = Vec::new(),
        /// What moves it.
        steering: Steering = Steering::Dated,
        /// Where mixed: first day of the State's own choice.
        endogenous_from: Option<Date> = None,
        /// The rung at the start; absent: the first.
        initial: Option<Name> = None,
        /// Credibility of what is announced when the State moves by its own choice.
        credibility: f64 = 0.3 { unit: "share", range: 0.0..=1.0, source: "assumption, not estimated", equation: "5.2 c" },
        /// The rungs, from open to closed.
        rungs: Vec<Rung>,
        /// Dated moves.
        schedule: Vec<Move> = Vec::new(),
    }
}

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

pub use super::instruments::{Dissuasion, Hosting, OrderlyDeparture, Readmission, ResettlementQuota};

tables! {
    /// A recorded series.
    pub struct Observed {
        /// Its name.
        name: String,
        /// What it measures.
        measure: Measure,
        /// Of which population; absent: of all.
        population: Option<Name> = None,
        /// Where the figures are from.
        source: String,
        /// The figures.
        figures: Vec<Figure>,
    }
}

tables! {
    /// One recorded figure.
    pub struct Figure {
        /// First day of the period.
        from: Date,
        /// Last day of the period.
        to: Date,
        /// The figure.
        value: f64 { unit: "person", range: 0.0..=1e9 },
        /// What it is used for.
        used_for: Use = Use::Predict,
    }
}

impl Switches {
    /// The names of all switches, in order.
    pub fn names() -> Vec<String> {
        match toml::Value::try_from(Switches::default()) {
            Ok(toml::Value::Table(table)) => table.keys().cloned().collect(),
            _ => Vec::new(),
        }
    }
}
