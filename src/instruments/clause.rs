//! The primitives of the model that an instrument may act on: what an arrangement does, resolved.
//!
//! An instrument is its terms, its equations and the clauses they come to. The engine knows clauses only: it applies
//! those of every arrangement in force, so that instruments compose without knowing of one another.

use super::words::AllocationRule;
use crate::model::arrangement::KeyWeights;
use crate::model::onward::Regime;
use crate::world::{CountryId, Flow, PlaceId, RouteId, Status};

/// One clause of an arrangement: what it does, who delivers it, whose responsibility it lightens, what it costs.
#[derive(Clone, Debug)]
pub struct Clause {
    /// What it does.
    pub does: Does,
    /// The party that delivers; none: all, or nobody in particular.
    pub by: Option<CountryId>,
    /// The party whose responsibility it lightens.
    pub lightens: Option<CountryId>,
    /// People a year that it promises to take from that party, or to keep from it.
    pub persons_per_year: f64,
    /// What it costs the party that delivers, whatever is used.
    pub usd_per_year: f64,
    /// Days for which that is spent.
    pub spent_days: f64,
    /// What each person taken costs the party that delivers.
    pub usd_per_person: f64,
    /// Days over which it builds up in a straight line.
    pub build_up_days: f64,
}

impl Clause {
    /// A clause without promise or cost that works at once.
    pub fn plain(does: Does) -> Self {
        Self {
            does,
            by: None,
            lightens: None,
            persons_per_year: 0.0,
            usd_per_year: 0.0,
            spent_days: f64::INFINITY,
            usd_per_person: 0.0,
            build_up_days: 0.0,
        }
    }

    /// The same, delivered by a party.
    pub fn by(self, by: Option<CountryId>) -> Self {
        Self { by, ..self }
    }

    /// The same, lightening the responsibility of a party by so many people a year.
    pub fn lightens(self, party: CountryId, persons_per_year: f64) -> Self {
        Self { lightens: Some(party), persons_per_year, ..self }
    }

    /// The same, at a cost a year.
    pub fn costing(self, usd_per_year: f64) -> Self {
        Self { usd_per_year, ..self }
    }

    /// The same, its yearly cost spent for some days and no longer.
    pub fn spent_for(self, spent_days: f64) -> Self {
        Self { spent_days, ..self }
    }

    /// Share of its yearly cost that a party bears: all of it where it delivers; where nobody in particular does, the
    /// parties bear it in equal parts, but for the one whom it lightens.
    pub fn paid_by(&self, party: CountryId, parties: &[CountryId]) -> f64 {
        match self.by {
            Some(by) => f64::from(u8::from(by == party)),
            None if self.lightens == Some(party) || !parties.contains(&party) => 0.0,
            None => {
                let payers = parties.iter().filter(|&&p| self.lightens != Some(p)).count();
                1.0 / payers.max(1) as f64
            }
        }
    }

    /// The same, built up over some days.
    pub fn over(self, build_up_days: f64) -> Self {
        Self { build_up_days, ..self }
    }
}

/// What a clause does. Amounts are those of a clause delivered in full.
#[expect(missing_docs, reason = "the sentence above each variant says what its fields are")]
#[derive(Clone, Debug)]
pub enum Does {
    /// More places a year by an orderly route.
    Ceiling { route: RouteId, per_year: f64 },
    /// The origin prevents a share of departures by some routes.
    Dissuade { routes: Vec<RouteId>, share: f64 },
    /// A country takes back those returned, and punishes at most a share of them.
    TakeBack { country: CountryId, punished: f64 },
    /// A facility has room for so many at least.
    Room { place: PlaceId, persons: f64 },
    /// More claims examined a day at a facility.
    Examine { place: PlaceId, per_day: f64 },
    /// More decisions a day at first instance.
    Decide { country: CountryId, per_day: f64 },
    /// More discriminability of status determination and of screening.
    Discern { country: CountryId, determination: f64, screening: f64 },
    /// Claims are heard with this probability at least; `closed` is the share of the gap that is closed.
    Hear { country: CountryId, at_least: f64, closed: f64 },
    /// A standard of proof that is this strict at most, in determination and screening.
    Prove { country: CountryId, at_most: f64, closed: f64 },
    /// Reception conditions are this good at least.
    Receive { country: CountryId, at_least: f64, closed: f64 },
    /// More places in reception.
    Place { country: CountryId, persons: f64 },
    /// A border is this open at least.
    Open { place: PlaceId, at_least: f64 },
    /// Hazards of what follows for people on a territory are multiplied.
    Outcomes { country: CountryId, outcome: Outcome, factor: f64 },
    /// People of some populations are granted temporary protection on arrival.
    Grant { country: CountryId, populations: Vec<bool>, ends_above_pressure: f64 },
    /// Money for the care of people in a country.
    Care { country: CountryId, usd_per_year: f64 },
    /// Money that is allotted among members by a rule.
    Allot { members: Vec<Member>, usd_per_year: f64, rule: AllocationRule, care_share: f64 },
    /// People are moved from some places to others.
    Relocate(Box<Relocation>),
    /// Which member is responsible for a claim.
    Assign(Box<Assignment>),
    /// Earlier claims and entries are found with this probability at least among members.
    /// One found without a rule of responsibility is readmitted with some probability, and transferred at some rate.
    Match { members: Vec<CountryId>, probability: f64, readmitted: f64, transfer_per_day: f64 },
}

/// What may follow for people on a territory, as far as an instrument may change how soon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A claim is lodged.
    Lodging,
    /// Protected, tolerated or temporarily protected people settle.
    Settling,
    /// Return of one's own choice.
    VoluntaryReturn,
}

/// A stream of people moved under an arrangement.
#[derive(Clone, Debug)]
pub struct Relocation {
    /// Its identity in the randomness.
    pub key: u64,
    /// Where from.
    pub from: Vec<PlaceId>,
    /// By status: whether people of it may be moved.
    pub statuses: [bool; Status::COUNT],
    /// By population.
    pub populations: Vec<bool>,
    /// Where to.
    pub offers: Vec<Offer>,
    /// Departures a day that transport allows.
    pub per_day: f64,
    /// Days a person must have been in the present status: the time a case takes.
    pub least_wait_days: u32,
    /// How a household's consent is asked; none: it is not.
    pub consent: Option<Consent>,
    /// Share of households of several members that are split.
    pub split_share: f64,
    /// Probability that a receiving State accepts a case.
    pub acceptance: f64,
    /// Whether nobody is sent to the country they were bound for.
    pub never_the_destination: bool,
    /// Whether vulnerable people go first.
    pub vulnerable_first: bool,
    /// What it is counted as.
    pub flow: Flow,
    /// What it is worth as news to those at home; none: it is no news.
    pub score: Option<f64>,
}

/// One place that a stream leads to.
#[derive(Clone, Debug)]
pub struct Offer {
    /// Its identity in the randomness.
    pub key: u64,
    /// Where to.
    pub to: PlaceId,
    /// The country that offers.
    pub by: CountryId,
    /// The status there.
    pub status: Status,
    /// Places a year.
    pub per_year: f64,
    /// Places in all.
    pub total: f64,
    /// How attractive it is to those who are asked.
    pub attraction: f64,
}

/// A member of a fund.
#[derive(Clone, Copy, Debug)]
pub struct Member {
    /// The country.
    pub country: CountryId,
    /// Whether it lies at the frontier.
    pub frontier: bool,
}

/// How consent is asked: a choice among the places on offer and staying.
#[derive(Clone, Copy, Debug)]
pub struct Consent {
    /// Value of staying.
    pub stay: f64,
}

/// How claims are assigned among members.
#[derive(Clone, Debug)]
pub struct Assignment {
    /// Its identity in the randomness.
    pub key: u64,
    /// Members.
    pub members: Vec<CountryId>,
    /// By what rule.
    pub rule: AssignmentRule,
    /// Chance that a first country records an entry.
    pub recorded_share: f64,
    /// Chance that a record is found, without a shared database beyond the rule's own.
    pub matching: f64,
    /// Chance that a requested country accepts.
    pub acceptance: f64,
    /// Hazard of being transferred once accepted, a day.
    pub transfer_per_day: f64,
}

/// A rule of responsibility.
#[derive(Clone, Debug)]
pub enum AssignmentRule {
    /// The first member entered, with the deadlines of a regime.
    FirstEntry(Regime),
    /// The member that is furthest below its fair share.
    Key(KeyWeights),
    /// Where the claim is lodged.
    FreeChoice,
}
