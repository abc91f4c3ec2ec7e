//! The first world of a run, and the reference values the magnet is measured from.

use super::keyed::{Luck, Purpose};
use super::levers::{Effect, Levers, levers};
use super::sim::{Sim, person_key};
use crate::model::arrangement::Phase;
use crate::model::belief::Belief;
use crate::model::choice::Forest;
use crate::model::departure::ThresholdClock;
use crate::model::pressure::Attention;
use crate::scenario::format::Channel;
use crate::scenario::setup::Setup;
use crate::world::{
    ArrangementState, Back, CountryState, Counts, Crowd, Flow, GroupState, LadderState, PlaceState,
    PopulationState, RouteId, RouteState, Status, StreamState, Tally, Wait, World, ZoneState,
};

/// The world before the first day.
pub fn first_world(setup: &Setup) -> World {
    let mut world = empty_world(setup);
    super::present::place(setup, &mut world);
    world
}

/// The same before anybody is abroad.
pub fn empty_world(setup: &Setup) -> World {
    let luck = Luck::new(setup.scenario.scenario.seed);
    let (places, populations) = (setup.places.len(), setup.populations.len());
    let b = &setup.scenario.bargaining;
    let policy = &setup.scenario.policy;
    let prior = |mean: f64| Belief::prior(mean, setup.scenario.beliefs.prior_strength);
    let first = first_levers(setup);
    World {
        day: 0,
        traits_seed: setup.scenario.scenario.seed,
        populations: setup
            .populations
            .iter()
            .map(|p| PopulationState {
                log_noise: setup.scenario.setting_out.noise_sd
                    * luck.normal(Purpose::Noise, p.key, u64::MAX, 0),
                epoch: 0,
                growth_carry: 0.0,
                grievance: 0.0,
                believed_punished: setup.countries[p.country.index()].typed.returnees_punished,
            })
            .collect(),
        groups: setup
            .groups
            .iter()
            .map(|g| GroupState {
                clock: ThresholdClock {
                    households_at_home: g.households,
                    emitted: 0,
                    residual: luck.exponential(Purpose::Threshold, person_key(g, 0), 0, 0),
                },
                next_ordinal: 0,
                crowd: Crowd::default(),
                back: Back::default(),
                applicants: Vec::new(),
                applicant_clock: ThresholdClock {
                    households_at_home: 0,
                    emitted: 0,
                    residual: luck.exponential(Purpose::Threshold, g.key, 1, 0),
                },
            })
            .collect(),
        routes: setup
            .routes
            .iter()
            .zip(&first.exit)
            .map(|(r, &known_exit)| RouteState {
                stop: prior(r.typed.believed_stop),
                death: prior(r.typed.believed_death),
                land: prior(r.typed.believed_land),
                stopped: prior(r.typed.believed_stopped),
                common: [
                    r.typed.believed_stop,
                    r.typed.believed_death,
                    r.typed.believed_land,
                    r.typed.believed_stopped,
                ],
                known_exit,
                left_yesterday: 0,
                used: 0.0,
                settled: r.typed.settled,
                grant_carry: 0.0,
                granted: 0,
                applicants: 0,
                news: crate::world::News::default(),
            })
            .collect(),
        zones: setup
            .zones
            .iter()
            .map(|z| ZoneState {
                ordered_hours: z.typed.patrol_hours_per_day,
                patrol_hours: z.typed.patrol_hours_per_day,
                work_hours: 0.0,
                overspent_hours: 0.0,
                aboard: Vec::new(),
            })
            .collect(),
        kind_found: vec![0.5; setup.vessels.len()],
        supply: setup.vessels.iter().map(|v| v.supply_start).collect(),
        vessels: Vec::new(),
        places: vec![PlaceState::default(); places],
        countries: setup
            .countries
            .iter()
            .map(|c| CountryState {
                attention: Attention {
                    pressure: c.typed.initial_pressure,
                    ..Attention::used_to(c.typed.usual_per_million_day, c.typed.usual_per_million_day)
                },
                visible_today: 0.0,
                heading_here: c.typed.usual_per_million_day * c.typed.receiving_population_millions,
                relief: 0.0,
                arriving: 0.0,
                claims: Default::default(),
                appeals: Default::default(),
                decision_carry: 0.0,
                appeal_carry: 0.0,
                removal_carry: 0.0,
                magnet_belief: policy.magnet_belief,
                magnet_variance: policy.magnet_belief_variance,
                peak: vec![0.0; populations],
                flow: vec![0.0; populations],
                successes: 0,
                spent_usd: 0.0,
                received_usd: 0.0,
                paid_usd: 0.0,
                harmed: 0.0,
            })
            .collect(),
        ladders: setup
            .ladders
            .iter()
            .map(|l| LadderState { rung: l.initial, since: 0, moves: 0, watched: None })
            .collect(),
        arrangements: setup
            .arrangements
            .iter()
            .map(|a| ArrangementState {
                phase: Phase::Proposed,
                since: 0,
                in_force_since: None,
                trust: Belief::prior(b.trust_prior, b.trust_prior_strength),
                low_reviews: 0,
                reviews: 0,
                delivery: 1.0,
                granted_before: 0,
                gains: vec![0.0; a.parties.len()],
                pledged: vec![0.0; a.parties.len()],
                pledged_since: vec![0; a.parties.len()],
                allotted: vec![0.0; a.members().len()],
                in_care_before: vec![0.0; a.members().len()],
                assigned: vec![0; a.assigned_among().len()],
                streams: a
                    .streams()
                    .map(|(_, s)| StreamState {
                        carry: 0.0,
                        places: vec![0.0; s.offers.len()],
                        moved: vec![0; s.offers.len()],
                    })
                    .collect(),
            })
            .collect(),
        stocks: Counts::new(populations, places * Status::COUNT),
        tally: empty_tally(setup),
    }
}

/// Levers on the first rungs, before any arrangement is in force.
fn first_levers(setup: &Setup) -> Levers {
    let rungs: Vec<u16> = setup.ladders.iter().map(|l| l.initial).collect();
    levers(setup, &rungs, &vec![Effect::NONE; setup.arrangements.len()])
}

/// Counters at zero.
pub fn empty_tally(setup: &Setup) -> Tally {
    let (places, populations) = (setup.places.len(), setup.populations.len());
    Tally {
        flows: Counts::new(populations, Flow::COUNT * places),
        person_days: Counts::new(populations, places * Status::COUNT),
        vessels: vec![[0; 4]; setup.zones.len()],
        waits: vec![(0, 0); Wait::ALL.len() * places],
        held_peak: vec![0; populations],
    }
}

/// Fill in the values departures are measured from: inclusive values under the beliefs and policies of the first day.
pub fn prepare(mut setup: Setup) -> Setup {
    let values: Vec<(f64, Vec<f64>)> = {
        let mut world = empty_world(&setup);
        super::present::expect_claims(&setup, &mut world);
        let mut sim = Sim::new(&setup, world);
        sim.reckon_routes();
        let mut forest = Forest::default();
        (0..setup.groups.len())
            .map(|group| {
                let g = &setup.groups[group];
                let population = &setup.populations[g.population.index()];
                // An orderly channel without applicants yet would look like a certainty: the reference is without it.
                let irregular: Vec<_> = population
                    .home_routes
                    .iter()
                    .copied()
                    .filter(|r| setup.routes[r.index()].channel == Channel::Irregular)
                    .collect();
                let routes = if irregular.is_empty() { &population.home_routes } else { &irregular };
                let mut value_of = |routes: &[RouteId]| {
                    sim.choose_among(group..group + 1, routes, &sim.today.routes, &mut forest);
                    forest.values[0]
                };
                let value = value_of(routes);
                let staying = sim.values_of_staying(g.population.index());
                let onward = (population.onward_routes.iter().zip(staying))
                    .map(|((_, routes), staying)| value_of(routes) - staying[usize::from(g.well_founded)])
                    .collect();
                (value, onward)
            })
            .collect()
    };
    for (group, (value, onward)) in setup.groups.iter_mut().zip(values) {
        group.reference_value = if value.is_finite() { value } else { 0.0 };
        group.onward_reference = onward;
    }
    setup
}
