//! The scenario as the engine needs it: names resolved to identifiers, everything checked. A value that cannot be
//! wrong.

use super::format::{
    Action, Channel, ClaimOrder, Domain, Entry, EventKind, Finding, GrantOrder, Mode, PlaceKind, Scenario,
    StayEnd, Steering,
};
use crate::instruments::{Clause, Does, Member, Relocation};
use crate::world::{Cell, CountryId, Flow, GroupId, PlaceId, PopulationId, RouteId, RuleId, counts};

/// A scenario, resolved.
#[derive(Clone, Debug)]
pub struct Setup {
    /// What was typed, with defaults filled in.
    pub scenario: Scenario,
    /// Days simulated.
    pub days: u32,
    /// Calendar of those days.
    pub calendar: super::calendar::Calendar,
    /// Countries.
    pub countries: Vec<Country>,
    /// Places on land, then zones of the sea.
    pub places: Vec<Place>,
    /// How many of those are on land.
    pub land_places: usize,
    /// Zones.
    pub zones: Vec<Zone>,
    /// Kinds of vessel.
    pub vessels: Vec<super::format::VesselKind>,
    /// Corridors.
    pub corridors: Vec<Corridor>,
    /// Populations.
    pub populations: Vec<Population>,
    /// Groups: strata of populations.
    pub groups: Vec<Group>,
    /// Routes.
    pub routes: Vec<Route>,
    /// Ladders.
    pub ladders: Vec<Ladder>,
    /// Rules of all rungs.
    pub rules: Vec<Rule>,
    /// Actions of all rules: what a person is held under is one of these.
    pub actions: Vec<RuleAction>,
    /// Arrangements.
    pub arrangements: Vec<Arrangement>,
    /// Dated events, by day.
    pub events: Vec<Event>,
    /// What it is held against.
    pub facts: super::facts::Facts,
}

/// A country.
#[derive(Clone, Debug)]
pub struct Country {
    /// Name.
    pub name: String,
    /// Its identity in the randomness.
    pub key: u64,
    /// Parameters.
    pub typed: super::format::Country,
    /// Day of the first election at or after the start, if any.
    pub election_day: Option<f64>,
    /// Ladders it moves.
    pub ladders: Vec<usize>,
    /// Whether it registers those who come under it: where a rule of responsibility or a shared database may ask.
    pub registers: bool,
    /// Where people it removes from nowhere in particular are counted: its first territory.
    pub territory: PlaceId,
    /// Its places, in order, with the zones it patrols.
    pub places: Vec<PlaceId>,
}

/// A place on land, or a zone of the sea in its role as a place.
#[derive(Clone, Debug)]
pub struct Place {
    /// Name.
    pub name: String,
    /// Its identity in the randomness.
    pub key: u64,
    /// Country that owns or runs it; of a zone, whose patrols search it.
    pub country: CountryId,
    /// Its kind; a zone counts as none.
    pub kind: Option<PlaceKind>,
    /// Capacity.
    pub capacity: f64,
    /// Longest stay.
    pub longest_stay_days: Option<u16>,
    /// What follows.
    pub stay_end: StayEnd,
    /// Claims screened a day.
    pub screenings_per_day: f64,
    /// Voluntary return of people held, per day.
    pub voluntary_return_per_day: f64,
    /// Cost per person and day.
    pub cost_usd: f64,
    /// Fallback.
    pub fallback: Option<PlaceId>,
    /// Where people released go.
    pub release_to: PlaceId,
    /// Openness of the border.
    pub openness: f64,
    /// Turning back from the border.
    pub turning_back_per_day: f64,
    /// Death at the border.
    pub waiting_death_per_day: f64,
}

/// A zone of the sea.
#[derive(Clone, Debug)]
pub struct Zone {
    /// Its name.
    pub name: String,
    /// Its identity in the randomness.
    pub key: u64,
    /// Itself as a place.
    pub place: PlaceId,
    /// Parameters.
    pub typed: super::format::Zone,
    /// Whose patrols.
    pub country: CountryId,
    /// Where those admitted are disembarked.
    pub disembark_at: PlaceId,
}

/// A corridor.
#[derive(Clone, Debug)]
pub struct Corridor {
    /// Name.
    pub name: String,
    /// Its identity in the randomness.
    pub key: u64,
    /// From.
    pub from: PlaceId,
    /// To.
    pub to: PlaceId,
    /// Mode.
    pub mode: Mode,
    /// Parameters.
    pub typed: super::format::Corridor,
    /// Zone crossed, at sea.
    pub zone: usize,
    /// Kind of vessel, at sea.
    pub vessel: usize,
}

/// A population.
#[derive(Clone, Debug)]
pub struct Population {
    /// Name.
    pub name: String,
    /// Its identity in the randomness.
    pub key: u64,
    /// Home.
    pub home: PlaceId,
    /// The country of its home.
    pub country: CountryId,
    /// Parameters.
    pub typed: super::format::Population,
    /// Its groups.
    pub groups: std::ops::Range<usize>,
    /// Routes that start at home.
    pub home_routes: Vec<RouteId>,
    /// Routes that start elsewhere, by place of start.
    pub onward_routes: Vec<(PlaceId, Vec<RouteId>)>,
    /// By country: routes to it, whose ties grow when people of the population settle there.
    pub tied_routes: Vec<Vec<RouteId>>,
    /// Product of drivers by day, before switches: mean 1 over the reference periods.
    pub driver_by_day: Vec<f64>,
    /// Cumulative shares of household sizes.
    pub size_cumulative: Vec<f64>,
    /// People of it who are abroad when the run begins.
    pub present: Vec<Present>,
}

/// People of a population who are abroad when the run begins.
#[derive(Clone, Debug)]
pub struct Present {
    /// Where they stand.
    pub cell: crate::world::Cell,
    /// How many.
    pub persons: u32,
    /// Days before the first over which their spells began.
    pub since_days: u32,
    /// The route by which they came.
    pub route: RouteId,
    /// The action under which they are held; none where they are not.
    pub action: Option<u16>,
}

/// A stratum of a population.
#[derive(Clone, Debug)]
pub struct Group {
    /// Its identity in the randomness.
    pub key: u64,
    /// Population.
    pub population: PopulationId,
    /// Whether the claim to protection is well-founded.
    pub well_founded: bool,
    /// Means, in USD.
    pub means_usd: f64,
    /// Aversion to risk.
    pub aversion: f64,
    /// Households at home at the start.
    pub households: u64,
    /// Departures of one household at the reference.
    pub base_per_day: f64,
    /// Strength of the magnet.
    pub magnet: f64,
    /// Inclusive value at the reference: prior beliefs, policies of the first day.
    pub reference_value: f64,
    /// By place with onward routes (as in the population): inclusive value at the reference.
    pub onward_reference: Vec<f64>,
}

/// A route.
#[derive(Clone, Debug)]
pub struct Route {
    /// Name.
    pub name: String,
    /// Its identity in the randomness.
    pub key: u64,
    /// Population.
    pub population: PopulationId,
    /// Where it starts.
    pub start: PlaceId,
    /// Destination.
    pub destination: PlaceId,
    /// Country of the destination.
    pub country: CountryId,
    /// Nest: position of the destination among those of its population's routes from the same start.
    pub nest: u16,
    /// Corridors.
    pub corridors: Vec<usize>,
    /// Zone of the first leg, if at sea.
    pub zone: Option<usize>,
    /// Channel.
    pub channel: Channel,
    /// Parameters.
    pub typed: super::format::Route,
    /// Logarithm of its whole length in km, 0 for less than 1 km.
    pub log_distance_km: f64,
    /// ln(y_d / y_o).
    pub log_income_ratio: f64,
    /// Order of granting.
    pub grant_order: GrantOrder,
}

/// A rule: on some entry of some population, actions in order.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Whose; none: every population's.
    pub population: Option<PopulationId>,
    /// Entry.
    pub on: Entry,
    /// Actions.
    pub actions: std::ops::Range<usize>,
}

/// One action.
#[derive(Clone, Debug)]
pub struct RuleAction {
    /// Action.
    pub action: Action,
    /// Where.
    pub at: Option<PlaceId>,
    /// Whether claims are examined.
    pub examined: bool,
    /// After recognition.
    pub recognised: Finding,
    /// After refusal.
    pub refused: Finding,
    /// Whether those held may be paroled.
    pub parolable: bool,
    /// Whether being held is the news.
    pub held_is_refusal: bool,
}

/// A ladder.
#[derive(Clone, Debug)]
pub struct Ladder {
    /// Name.
    pub name: String,
    /// Its identity in the randomness.
    pub key: u64,
    /// Country.
    pub country: CountryId,
    /// Domain.
    pub domain: Domain,
    /// By population: whether concerned.
    pub concerns: Vec<bool>,
    /// Steering.
    pub steering: Steering,
    /// First day of the State's own choice.
    pub endogenous_from: Option<u32>,
    /// Rung at the start.
    pub initial: u16,
    /// Credibility of own announcements.
    pub credibility: f64,
    /// Rungs, open to closed.
    pub rungs: Vec<Rung>,
    /// Dated moves: day, rung, credibility.
    pub schedule: Vec<(i64, u16, f64)>,
}

/// A rung.
#[derive(Clone, Debug)]
pub struct Rung {
    /// Name.
    pub name: String,
    /// Patrol hours by zone.
    pub patrol_hours: Vec<(usize, f64)>,
    /// Ramp.
    pub ramp_days: f64,
    /// Exit by route.
    pub exit: Vec<(RouteId, f64)>,
    /// Openness by place.
    pub openness: Vec<(PlaceId, f64)>,
    /// Ceilings by route.
    pub ceiling: Vec<(RouteId, f64)>,
    /// Parole by place.
    pub parole: Vec<(PlaceId, f64)>,
    /// Repatriation of people held by place.
    pub repatriation: Vec<(PlaceId, f64)>,
    /// Capacity by place.
    pub capacity: Vec<(PlaceId, f64)>,
    /// Screenings by place.
    pub screenings: Vec<(PlaceId, f64)>,
    /// Standard of proof.
    pub standard: Option<f64>,
    /// Access.
    pub access: Option<f64>,
    /// Standard of screening.
    pub screening_standard: Option<f64>,
    /// Reception.
    pub reception: Option<f64>,
    /// Removals.
    pub removals: Option<f64>,
    /// Decisions a day.
    pub decisions: Option<f64>,
    /// Populations whose claims go to an accelerated procedure.
    pub accelerated: Vec<PopulationId>,
    /// Arrangements one of which must be in force.
    pub requires: Vec<usize>,
    /// Rules.
    pub rules: Vec<RuleId>,
}

/// An arrangement.
#[derive(Clone, Debug)]
pub struct Arrangement {
    /// Name.
    pub name: String,
    /// Its identity in the randomness.
    pub key: u64,
    /// Parties: those without whom there is none, then those that may join.
    pub parties: Vec<CountryId>,
    /// How many of them it needs.
    pub required: usize,
    /// Terms.
    pub typed: super::format::Arrangement,
    /// Dated life: day and phase, in order.
    pub life: Vec<(i64, crate::model::arrangement::Phase)>,
    /// First day of the parties' own choice.
    pub endogenous_from: Option<u32>,
    /// First day it may be proposed.
    pub proposed_from: u32,
    /// What it does, in the primitives of the model.
    pub clauses: Vec<Clause>,
    /// Day from which less of it is seen.
    pub monitoring_ends: Option<u32>,
}

/// A dated event.
#[derive(Clone, Debug)]
pub struct Event {
    /// First day.
    pub first: u32,
    /// Last day.
    pub last: u32,
    /// Kind.
    pub kind: EventKind,
    /// Country.
    pub country: Option<CountryId>,
    /// Route.
    pub route: Option<RouteId>,
    /// Zone.
    pub zone: Option<usize>,
    /// Ladder and rung expected.
    pub expected: Option<(usize, u16)>,
    /// Day for which a change is announced.
    pub until: Option<u32>,
    /// Rumour.
    pub rumour_per_day: f64,
    /// Strength.
    pub value: f64,
    /// Credibility.
    pub credibility: f64,
}

impl Event {
    /// The ladder and the rung that are expected on a day, if this is what makes people expect a change.
    pub fn expected_on(&self, day: u32) -> Option<(usize, u16)> {
        let past = self.until.is_some_and(|until| day >= until);
        let on = self.kind == EventKind::ExpectedChange && (self.first..=self.last).contains(&day) && !past;
        self.expected.filter(|_| on)
    }
}

impl Setup {
    /// Place in the stocks of a cell and those of a group.
    #[inline]
    pub fn stock_index(&self, cell: Cell, group: &Group) -> (usize, usize) {
        (group.population.index(), counts::position(cell.index(), group.well_founded))
    }

    /// Place in the tally of flows of a flow at a place, of those of a group.
    #[inline]
    pub fn flow_index(&self, flow: Flow, place: PlaceId, group: &Group) -> (usize, usize) {
        (group.population.index(), counts::position(self.flow_at(flow, place), group.well_founded))
    }

    /// A flow at a place, in the counts of a population.
    #[inline]
    pub fn flow_at(&self, flow: Flow, place: PlaceId) -> usize {
        flow as usize * self.places.len() + place.index()
    }

    /// The group of an identifier.
    #[inline]
    pub fn group(&self, group: GroupId) -> &Group {
        &self.groups[group.index()]
    }

    /// Order of deciding claims in a country.
    pub fn claim_order(&self, country: CountryId) -> ClaimOrder {
        self.countries[country.index()].typed.claim_order
    }

    /// Identifier of the place a zone is.
    pub fn zone_of_place(&self, place: PlaceId) -> Option<usize> {
        place.index().checked_sub(self.land_places)
    }
}

impl Arrangement {
    /// The streams of people it moves, with the clause of each, in order.
    pub fn streams(&self) -> impl Iterator<Item = (&Clause, &Relocation)> {
        self.clauses.iter().filter_map(|clause| match &clause.does {
            Does::Relocate(stream) => Some((clause, stream.as_ref())),
            _ => None,
        })
    }

    /// The members of its fund; none where it has no fund.
    pub fn members(&self) -> &[Member] {
        let members = self.clauses.iter().find_map(|clause| match &clause.does {
            Does::Allot { members, .. } => Some(members.as_slice()),
            _ => None,
        });
        members.unwrap_or(&[])
    }

    /// The members among whom it assigns claims; none where it does not.
    pub fn assigned_among(&self) -> &[CountryId] {
        let members = self.clauses.iter().find_map(|clause| match &clause.does {
            Does::Assign(assignment) => Some(assignment.members.as_slice()),
            _ => None,
        });
        members.unwrap_or(&[])
    }

    /// Countries that register people under it.
    pub fn registering(&self) -> impl Iterator<Item = CountryId> {
        let members = self.clauses.iter().flat_map(|clause| match &clause.does {
            Does::Assign(assignment) => assignment.members.as_slice(),
            Does::Match { members, .. } => members.as_slice(),
            _ => &[],
        });
        members.copied()
    }

    /// The orderly route whose ceiling it raises, with its promise.
    pub fn orderly(&self) -> Option<(RouteId, f64)> {
        self.clauses.iter().find_map(|clause| match &clause.does {
            Does::Ceiling { route, .. } => Some((*route, clause.persons_per_year)),
            _ => None,
        })
    }
}
