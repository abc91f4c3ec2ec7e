//! Countries, their places, and their policy ladders.

use super::choices::{Action, ClaimOrder, Doctrine, Domain, Entry, Finding, PlaceKind, StayEnd, Steering};
use crate::scenario::read::{Date, Name, Named, tables};

tables! {
    /// A country.
    pub struct Country {
        /// Inhabitants.
        population_millions: f64 { unit: "million", range: 1e-4..=3000.0 },
        /// Income per head.
        gdp_per_head_usd: f64 { unit: "USD", range: 1.0..=1e6 },
        /// Area.
        area_km2: f64 = 1e5 { unit: "km²", range: 1.0..=2e7, source: "assumption, not estimated" },
        /// Inhabitants of the region that receives most arrivals.
        receiving_population_millions: f64 = 1.0 { unit: "million", range: 1e-4..=3000.0, source: "assumption, not estimated", equation: "5.11 A_vis" },
        /// Share of arrivals dispersed beyond that region.
        dispersal: f64 = 0.0 { unit: "share", range: 0.0..=1.0, source: "neutral: nobody is dispersed", equation: "5.11 A_vis" },
        /// Weight in public attention of a person held offshore, relative to one in the country.
        offshore_visibility: f64 = 0.5 { unit: "ratio", range: 0.0..=1.0, source: "assumption, not estimated", equation: "5.11 A_vis" },
        /// Share of its patrol hours that go where the work is, whatever zone they are ordered for.
        patrols_follow_need: f64 = 0.0 { unit: "share", range: 0.0..=1.0, source: "neutral: patrols stay where they are ordered", equation: "5.5 φ" },
        /// Pressure at the start: memory of what came before.
        initial_pressure: f64 = 0.0 { unit: "1", range: 0.0..=100.0, source: "neutral: nothing came before", equation: "5.11 P" },
        /// Arrivals that are usual at the start.
        usual_per_million_day: f64 = 1.0 { unit: "person per million and day", range: 0.0..=1e5, source: "assumption, not estimated", equation: "5.11 Ā" },
        /// Political weight of settled compatriots who welcome more.
        constituency: f64 = 0.0 { unit: "1", range: 0.0..=10.0, source: "neutral: no effect", equation: "5.11 δ" },
        /// An election of the head of government.
        election: Option<Date> = None { equation: "5.11 elect" },
        /// Years between such elections.
        election_years: f64 = 4.0 { unit: "year", range: 0.5..=20.0, source: "assumption, not estimated", equation: "5.11 elect" },
        /// Where its obligation of non-refoulement begins, in its own view.
        doctrine: Doctrine = Doctrine::EffectiveControl { equation: "5.7" },
        /// Claims decided a day at first instance.
        decisions_per_day: f64 = 50.0 { unit: "claim/day", range: 0.0..=1e6, source: "assumption, not estimated", equation: "5.7 K_s" },
        /// Appeals decided a day.
        appeals_per_day: f64 = 10.0 { unit: "appeal/day", range: 0.0..=1e6, source: "assumption, not estimated", equation: "5.7" },
        /// Share of those refused who appeal.
        appeal_share: f64 = 0.5 { unit: "share", range: 0.0..=1.0, source: "assumption, not estimated", equation: "5.7" },
        /// Order in which claims are decided.
        claim_order: ClaimOrder = ClaimOrder::FirstInFirstOut { equation: "5.7" },
        /// Days an accelerated procedure takes, for populations named by a rung in force.
        accelerated_days: f64 = 15.0 { unit: "day", range: 1.0..=3650.0, source: "assumption, not estimated", equation: "5.7" },
        /// Discriminability left in an accelerated procedure, of that of the regular one.
        accelerated_discriminability: f64 = 0.5 { unit: "ratio", range: 0.0..=1.0, source: "assumption, not estimated", equation: "5.7" },
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
        removals_per_day: f64 = 10.0 { unit: "person/day", range: 0.0..=1e6, source: "assumption, not estimated", equation: "5.8" },
        /// Places in reception.
        reception_places: f64 = 1e4 { unit: "person", range: 1.0..=1e9, source: "assumption, not estimated", equation: "5.11" },
        /// Reception conditions, from 0 to 1.
        reception: f64 = 0.5 { unit: "index", range: 0.0..=1.0, source: "assumption, not estimated", equation: "5.3" },
        /// Cost of the care of one person who is not held.
        care_usd_per_person_year: f64 = 2000.0 { unit: "USD per person and year", range: 0.0..=1e6, source: "assumption, not estimated", equation: "5.11 relief" },
        /// Weight in public attention of a person invited under an arrangement, relative to one who comes unasked.
        invited_visibility: f64 = 0.3 { unit: "ratio", range: 0.0..=1.0, source: "assumption, not estimated", equation: "5.11 A_vis" },
        /// Budget a year against which costs of policy are held.
        budget_million_usd: f64 = 500.0 { unit: "million USD/year", range: 1e-3..=1e6, source: "assumption, not estimated", equation: "5.12 budget" },
        /// Whether it takes back people another State returns, where no arrangement says so.
        takes_back: bool = true { equation: "5.6" },
        /// Share of those returned to it whom it punishes.
        returnees_punished: f64 = 0.0 { unit: "share", range: 0.0..=1.0, source: "neutral: nobody is punished", equation: "5.10" },
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
        /// Temporarily protected people who settle.
        temporary_settling_per_year: f64 = 0.02 { unit: "1/year", range: 0.0..=100.0, source: "assumption, not estimated", equation: "5.8" },
        /// Temporarily protected people who return of their own choice.
        temporary_return_per_year: f64 = 0.1 { unit: "1/year", range: 0.0..=100.0, source: "assumption, not estimated", equation: "5.8" },
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
        capacity: f64 = 0.0 { unit: "person", range: 0.0..=1e9, source: "neutral: no room until it is stated", equation: "5.6" },
        /// Days a person may be held there at most; absent: no limit.
        longest_stay_days: Option<f64> = None { unit: "day", range: 1.0..=20000.0, equation: "5.6" },
        /// What follows then.
        stay_end: StayEnd = StayEnd::Extend { equation: "5.6" },
        /// Claims screened a day at a facility.
        screenings_per_day: f64 = 0.0 { unit: "claim/day", range: 0.0..=1e6, source: "neutral: nobody is screened until it is stated", equation: "5.7" },
        /// Voluntary return of people held there.
        voluntary_return_per_year: f64 = 0.1 { unit: "1/year", range: 0.0..=100.0, source: "assumption, not estimated", equation: "5.8" },
        /// Cost of holding one person for a day.
        cost_usd_per_person_day: f64 = 50.0 { unit: "USD per person and day", range: 0.0..=1e5, source: "assumption, not estimated", equation: "5.12 cost" },
        /// Where people are moved when its capacity falls below the number held.
        fallback: Option<Name> = None { equation: "5.6" },
        /// Where people released or admitted from it go; a territory of the country that runs it.
        release_to: Option<Name> = None { equation: "5.6" },
        /// Openness of its border to arrivals by land or air.
        openness: f64 = 1.0 { unit: "share", range: 0.0..=1.0, source: "neutral: all are let in", equation: "5.4 b_s" },
        /// Hazard of turning back of those who wait at its border.
        turning_back_per_day: f64 = 0.05 { unit: "1/day", range: 0.0..=10.0, source: "assumption, not estimated", equation: "5.4" },
        /// Hazard of death of those who wait at its border.
        waiting_death_per_day: f64 = 0.0 { unit: "1/day", range: 0.0..=1.0, source: "neutral: no such deaths", equation: "5.4" },
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
        ramp_days: f64 = 0.0 { unit: "day", range: 0.0..=365.0, source: "neutral: at once", equation: "5.5" },
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
        /// Claims decided a day at first instance.
        decisions_per_day: Option<f64> = None { unit: "claim/day", range: 0.0..=1e6, equation: "5.7 K_s" },
        /// Populations whose claims go to an accelerated procedure.
        accelerated: Vec<Name> = Vec::new() { equation: "5.7" },
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
