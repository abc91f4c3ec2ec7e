//! The world: everything a day needs from the day before.

use super::counts::Counts;
use super::crowd::{Crowd, Household};
use super::id::GroupId;
use crate::model::arrangement::Phase;
use crate::model::belief::Belief;
use crate::model::departure::{ExposureClock, ThresholdClock};
use crate::model::pressure::Attention;
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;

/// The world at the end of a day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct World {
    /// Days simulated so far; the next to come is day `day`.
    pub day: u32,
    /// Seed of what people are (the size of a household, the evidence of its claim): that of the run in which this
    /// history began. A fork may take another seed for what happens to them.
    pub traits_seed: u64,
    /// By population.
    pub populations: Vec<PopulationState>,
    /// By group.
    pub groups: Vec<GroupState>,
    /// By route.
    pub routes: Vec<RouteState>,
    /// By zone.
    pub zones: Vec<ZoneState>,
    /// By vessel kind: share of demand smugglers could meet.
    pub supply: Vec<f64>,
    /// By vessel kind: share found by patrols before the end of the crossing, slowly averaged.
    pub kind_found: Vec<f64>,
    /// Vessels at sea, in order of setting out.
    pub vessels: Vec<Vessel>,
    /// By place: queues and what is carried over.
    pub places: Vec<PlaceState>,
    /// By country.
    pub countries: Vec<CountryState>,
    /// By ladder.
    pub ladders: Vec<LadderState>,
    /// By arrangement.
    pub arrangements: Vec<ArrangementState>,
    /// Persons by population, cell and claim; the ended included.
    pub stocks: Counts<u32>,
    /// What is counted since the last record was taken.
    pub tally: Tally,
}

/// A population.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PopulationState {
    /// Slow log noise of departures.
    pub log_noise: f64,
    /// Policy changes seen that concern it, modulo 256.
    pub epoch: u8,
    /// Households of growth not yet entered.
    pub growth_carry: f64,
    /// Grievance of the origin that provocations have left.
    pub grievance: f64,
    /// Share of returnees punished, as believed.
    pub believed_punished: f64,
}

/// A group: one stratum.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GroupState {
    /// Households at home and the threshold of the next to leave.
    pub clock: ThresholdClock,
    /// First ordinal of the next household to leave.
    pub next_ordinal: u32,
    /// People with a row, but for those back home.
    pub crowd: Crowd,
    /// Those back home.
    pub back: Back,
    /// Households that wait for an orderly channel, in order of application or of draws that removed others.
    pub applicants: Vec<Applicant>,
    /// Threshold of the next applicant household to leave by another route, and how many have.
    pub applicant_clock: ThresholdClock,
}

/// People of a group who are back home. They wait for clocks, so that nobody has to ask them every day.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Back {
    /// Their rows.
    pub rows: Crowd,
    /// Clock, in days, of those who will be like any other at home.
    pub rejoining: ExposureClock,
    /// Clocks of setting out again, by attempts made.
    pub again: Vec<ExposureClock>,
}

/// A household that waits for an orderly channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Applicant {
    /// First ordinal.
    pub head: u32,
    /// Members.
    pub size: u8,
    /// The route applied for.
    pub route: u16,
    /// Day of application.
    pub since: u32,
}

/// A route, as its population believes and as its ties stand.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RouteState {
    /// Chance of being stopped.
    pub stop: Belief,
    /// Risk of death.
    pub death: Belief,
    /// Chance of protection or leave to stay once landed.
    pub land: Belief,
    /// The same once stopped.
    pub stopped: Belief,
    /// Common knowledge, that beliefs fall back to without news: means of stop, death, land, stopped.
    pub common: [f64; 4],
    /// Share let pass, as far as it is known.
    pub known_exit: f64,
    /// Households that set out on the last day by this route.
    pub left_yesterday: u32,
    /// Households that set out by it, slowly averaged, a day.
    pub used: f64,
    /// Compatriots settled at the destination, as a tie.
    pub settled: f64,
    /// Places of an orderly route not yet granted.
    pub grant_carry: f64,
    /// Places granted so far.
    pub granted: u32,
    /// Applicants, in persons.
    pub applicants: u32,
    /// Outcomes since beliefs were last brought up to date.
    pub news: News,
}

/// Outcomes of a day, by component of the belief: sum of scores and number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct News {
    /// Stopped (1) or not (0).
    pub stop: (f64, f64),
    /// Died (1) or not (0).
    pub death: (f64, f64),
    /// Score once landed.
    pub land: (f64, f64),
    /// Score once stopped.
    pub stopped: (f64, f64),
}

/// A zone of the sea.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ZoneState {
    /// Patrol hours a day ordered for the zone now, ramps included.
    pub ordered_hours: f64,
    /// Patrol hours of the day, with those that followed the need for them.
    pub patrol_hours: f64,
    /// Hours a day lately spent on vessels found.
    pub work_hours: f64,
    /// Hours already spent of days to come.
    pub overspent_hours: f64,
    /// Households aboard patrols, in order of being taken aboard, with how.
    pub aboard: Vec<Aboard>,
}

/// A household aboard a patrol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Aboard {
    /// Who.
    pub household: Household,
    /// Whether rescued from distress rather than stopped.
    pub rescued: bool,
}

/// A household in a queue. The entry holds as long as the household's spell began on the day it says: one who has
/// left since is passed over when its turn comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Queued {
    /// Who.
    pub household: Household,
    /// Day on which the spell that queues began; before the first day, modulo 2^32.
    pub since: u32,
}

/// A vessel at sea.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Vessel {
    /// Corridor it sails.
    pub corridor: u16,
    /// Its luck: the identity of its organiser's journey.
    pub key: u64,
    /// Days at sea so far.
    pub days_out: u16,
    /// Days still needed.
    pub days_left: f64,
    /// Households aboard, the organiser's first.
    pub households: Vec<Household>,
}

/// A place.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PlaceState {
    /// People held there or awaiting resettlement there.
    pub occupied: u32,
    /// Households held who may be paroled, in order of arrival.
    pub parolable: VecDeque<Queued>,
    /// The other households held, in order of arrival.
    pub held: VecDeque<Queued>,
    /// Those of them whose claims are to be examined, in order of arrival.
    pub to_examine: VecDeque<Queued>,
    /// Households waiting at its border.
    pub at_border: Vec<Queued>,
    /// Count of changes of openness, modulo 2^32: an episode at its border.
    pub border_episode: u32,
    /// The episode in which those who wait there last tried.
    pub tried_episode: u32,
    /// Screenings carried over.
    pub screening_carry: f64,
    /// Paroles carried over.
    pub parole_carry: f64,
    /// Repatriations carried over.
    pub repatriation_carry: f64,
}

/// A country.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CountryState {
    /// Attention and pressure.
    pub attention: Attention,
    /// Arrivals of the day, weighted by visibility, in persons.
    pub visible_today: f64,
    /// Departures towards it, slowly averaged, in persons a day.
    pub heading_here: f64,
    /// People taken and costs met by partners, slowly averaged, in persons a day.
    pub relief: f64,
    /// Arrivals, slowly averaged, in persons a day.
    pub arriving: f64,
    /// First-instance queue.
    pub claims: VecDeque<Queued>,
    /// Appeals queue.
    pub appeals: VecDeque<Queued>,
    /// Decisions carried over.
    pub decision_carry: f64,
    /// Appeals carried over.
    pub appeal_carry: f64,
    /// Removals carried over.
    pub removal_carry: f64,
    /// Its belief about the magnet.
    pub magnet_belief: f64,
    /// Variance of that belief.
    pub magnet_variance: f64,
    /// By population: remembered peak of arrivals, in persons a day.
    pub peak: Vec<f64>,
    /// By population: arrivals slowly averaged, in persons a day.
    pub flow: Vec<f64>,
    /// Arrangements that succeeded so far.
    pub successes: u32,
    /// Money spent on holding and care, in USD, since the start.
    pub spent_usd: f64,
    /// Money received from partners, in USD, since the start.
    pub received_usd: f64,
    /// Money paid to partners or for people taken from them, in USD, since the start.
    pub paid_usd: f64,
    /// Refoulements and deaths under its authority or on the way to it, slowly averaged, in persons a day.
    pub harmed: f64,
}

/// A ladder.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LadderState {
    /// The rung in force.
    pub rung: u16,
    /// The day it came into force.
    pub since: u32,
    /// Moves so far.
    pub moves: u32,
    /// A change whose effect on arrivals is being watched.
    pub watched: Option<Watched>,
}

/// A change of policy whose effect a State watches in order to learn of the magnet.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Watched {
    /// Day of the change.
    pub day: u32,
    /// Arrivals a day before it.
    pub before: f64,
    /// Change of the value of coming, as the State reckoned it.
    pub value_change: f64,
    /// Share of those on the move who came to it, before the change.
    pub share_here: f64,
}

/// An arrangement.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ArrangementState {
    /// Where it stands in its life.
    pub phase: Phase,
    /// Since which day.
    pub since: u32,
    /// Day it first came into force.
    pub in_force_since: Option<u32>,
    /// Trust of the parties in each other.
    pub trust: Belief,
    /// Reviews in a row with low trust.
    pub low_reviews: u32,
    /// Reviews so far.
    pub reviews: u32,
    /// Delivered over promised at the last review, as far as seen.
    pub delivery: f64,
    /// Places of its orderly channel granted before it came into force.
    pub granted_before: u32,
    /// Gain of each party at the last review, in order of parties.
    pub gains: Vec<f64>,
    /// By party: share of its part that it has pledged; 0 where it has not joined.
    pub pledged: Vec<f64>,
    /// By party: the day on which it pledged.
    pub pledged_since: Vec<u32>,
    /// Of a fund, by member: share allotted.
    pub allotted: Vec<f64>,
    /// Of a fund, by member: people in care at the last allotment.
    pub in_care_before: Vec<f64>,
    /// Of a rule of responsibility, by member: claims assigned so far.
    pub assigned: Vec<u32>,
    /// By stream of people it moves.
    pub streams: Vec<StreamState>,
}

/// A stream of people moved under an arrangement.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct StreamState {
    /// Departures carried over.
    pub carry: f64,
    /// By offer: places of the year not yet used.
    pub places: Vec<f64>,
    /// By offer: people moved so far.
    pub moved: Vec<u32>,
}

/// Counters since the last record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tally {
    /// Persons by population, flow and place, and claim.
    pub flows: Counts<u32>,
    /// Person-days by population, cell and claim.
    pub person_days: Counts<u64>,
    /// By zone: vessels at sea, found, unfound and landed, in distress.
    pub vessels: Vec<[u32; 4]>,
    /// Sum over days of waits that ended, in days, and their number, by kind of wait ([`Wait`]) and place.
    pub waits: Vec<(u64, u32)>,
    /// Largest number held, by population.
    pub held_peak: Vec<u32>,
}

/// A wait that is measured when it ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Wait {
    /// From lodging a claim to the decision at first instance.
    Decision,
    /// From appeal to the decision on it.
    Appeal,
    /// From being held to an outcome.
    Holding,
    /// From recognition to resettlement.
    Resettlement,
    /// From application to entry by an orderly channel.
    Orderly,
}

impl Wait {
    /// All, in order.
    pub const ALL: [Wait; 5] =
        [Wait::Decision, Wait::Appeal, Wait::Holding, Wait::Resettlement, Wait::Orderly];
    /// The name in tables.
    pub fn name(self) -> &'static str {
        ["decision", "appeal", "holding", "resettlement", "orderly_channel"][self as usize]
    }
}

impl World {
    /// Persons with a row.
    pub fn active(&self) -> usize {
        self.groups.iter().map(|g| g.crowd.active() + g.back.rows.active()).sum()
    }

    /// The state of a group.
    pub fn group(&mut self, group: GroupId) -> &mut GroupState {
        &mut self.groups[group.index()]
    }
}
