//! Levers in force: what the rungs of all ladders and the arrangements in force come to, for the day.
//!
//! A pure function of (setup, rungs, arrangements); recomputed when one of them moves, never stored.

use crate::model::instruments;
use crate::scenario::format::Entry;
use crate::scenario::setup::Setup;
use crate::world::{ArrangementState, RuleId, World};

/// What one arrangement does on a day.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Effect {
    /// Whether its clauses are applied.
    pub applied: bool,
    /// Days since it first came into force.
    pub age_days: f64,
}

/// Levers in force.
#[derive(Clone, Debug, PartialEq)]
pub struct Levers {
    /// By zone: patrol hours a day, and days over which they are reached.
    pub patrol_hours: Vec<(f64, f64)>,
    /// By route: share the origin lets pass.
    pub exit: Vec<f64>,
    /// By route: places a year.
    pub ceiling: Vec<f64>,
    /// By place.
    pub openness: Vec<f64>,
    /// By place: paroles a day.
    pub parole: Vec<f64>,
    /// By place: returns a day of people held without prospect of parole.
    pub repatriation: Vec<f64>,
    /// By place: room.
    pub capacity: Vec<f64>,
    /// By place: screenings a day.
    pub screenings: Vec<f64>,
    /// By place: places a year in third countries for those recognised there.
    pub resettlement: Vec<f64>,
    /// By country.
    pub standard: Vec<f64>,
    /// By country.
    pub access: Vec<f64>,
    /// By country.
    pub screening_standard: Vec<f64>,
    /// By country.
    pub reception: Vec<f64>,
    /// By country.
    pub removals: Vec<f64>,
    /// By country: whether it takes back those returned.
    pub takes_back: Vec<bool>,
    /// By country: share of returnees punished.
    pub punished: Vec<f64>,
    /// By population, then entry: what is done.
    pub rules: Vec<[Option<RuleId>; 4]>,
}

/// Position of an entry in [`Levers::rules`].
pub fn entry_index(entry: Entry) -> usize {
    match entry {
        Entry::Interception => 0,
        Entry::Rescue => 1,
        Entry::Landing => 2,
        Entry::Border => 3,
    }
}

/// What an arrangement does now.
pub fn effect(setup: &Setup, index: usize, state: &ArrangementState, day: u32) -> Effect {
    use crate::model::arrangement::Phase;
    let typed = &setup.arrangements[index].typed;
    let applied = match state.phase {
        Phase::InForce | Phase::Revived => true,
        Phase::Suspended => typed.survives_suspension,
        _ => false,
    };
    // In whole weeks, so that levers stay as they are in between whenever they are worked out.
    let age_days = state.in_force_since.map_or(0.0, |since| f64::from(day.saturating_sub(since) / 7 * 7));
    let allowed = setup.scenario.switches.arrangements && !typed.barred;
    Effect { applied: applied && allowed, age_days }
}

/// Levers under some rungs and arrangements.
pub fn levers(setup: &Setup, rungs: &[u16], effects: &[Effect]) -> Levers {
    let switches = &setup.scenario.switches;
    let by_country = |f: fn(&crate::scenario::format::Country) -> f64| -> Vec<f64> {
        setup.countries.iter().map(|c| f(&c.typed)).collect()
    };
    let places = setup.places.len();
    let mut l = Levers {
        patrol_hours: setup.zones.iter().map(|z| (z.typed.patrol_hours_per_day, 0.0)).collect(),
        exit: setup.routes.iter().map(|r| r.typed.exit).collect(),
        ceiling: setup.routes.iter().map(|r| r.typed.ceiling_per_year).collect(),
        openness: setup.places.iter().map(|p| p.openness).collect(),
        parole: vec![0.0; places],
        repatriation: vec![0.0; places],
        capacity: setup.places.iter().map(|p| p.capacity).collect(),
        screenings: setup.places.iter().map(|p| p.screenings_per_day).collect(),
        resettlement: vec![0.0; places],
        standard: by_country(|c| c.standard_of_proof),
        access: by_country(|c| c.access),
        screening_standard: by_country(|c| c.screening_standard),
        reception: by_country(|c| c.reception),
        removals: by_country(|c| c.removals_per_day),
        takes_back: setup.countries.iter().map(|c| c.typed.takes_back).collect(),
        punished: by_country(|c| c.returnees_punished),
        rules: vec![[None; 4]; setup.populations.len()],
    };
    for (ladder, &rung) in setup.ladders.iter().zip(rungs) {
        apply_rung(setup, &mut l, ladder, &ladder.rungs[rung as usize]);
    }
    for (arrangement, effect) in setup.arrangements.iter().zip(effects) {
        if effect.applied {
            apply_arrangement(&mut l, arrangement, effect.age_days);
        }
    }
    if !switches.exit_control {
        l.exit.fill(1.0);
    }
    if !switches.patrols {
        l.patrol_hours.fill((0.0, 0.0));
    }
    if !switches.capacity {
        l.capacity.fill(f64::MAX);
    }
    l
}

fn apply_rung(
    setup: &Setup,
    l: &mut Levers,
    ladder: &crate::scenario::setup::Ladder,
    rung: &crate::scenario::setup::Rung,
) {
    let country = ladder.country.index();
    for &(zone, hours) in &rung.patrol_hours {
        l.patrol_hours[zone] = (hours, rung.ramp_days);
    }
    rung.exit.iter().for_each(|&(r, v)| l.exit[r.index()] = v);
    rung.ceiling.iter().for_each(|&(r, v)| l.ceiling[r.index()] = v);
    rung.openness.iter().for_each(|&(p, v)| l.openness[p.index()] = v);
    rung.parole.iter().for_each(|&(p, v)| l.parole[p.index()] = v);
    rung.repatriation.iter().for_each(|&(p, v)| l.repatriation[p.index()] = v);
    rung.capacity.iter().for_each(|&(p, v)| l.capacity[p.index()] = v);
    rung.screenings.iter().for_each(|&(p, v)| l.screenings[p.index()] = v);
    let set = |to: &mut Vec<f64>, value: Option<f64>| {
        if let Some(value) = value {
            to[country] = value;
        }
    };
    set(&mut l.standard, rung.standard);
    set(&mut l.access, rung.access);
    set(&mut l.screening_standard, rung.screening_standard);
    set(&mut l.reception, rung.reception);
    set(&mut l.removals, rung.removals);
    for &id in &rung.rules {
        let rule = &setup.rules[id.index()];
        for (population, rules) in l.rules.iter_mut().enumerate() {
            let named = rule.population.is_none_or(|p| p.index() == population);
            if named && ladder.concerns[population] {
                rules[entry_index(rule.on)] = Some(id);
            }
        }
    }
}

fn apply_arrangement(l: &mut Levers, a: &crate::scenario::setup::Arrangement, age_days: f64) {
    if let (Some(route), Some(terms)) = (a.orderly, &a.typed.orderly_departure) {
        l.ceiling[route.index()] = instruments::orderly_departure::ceiling_per_year(
            l.ceiling[route.index()],
            terms.places_per_year,
            terms.delivered_share,
            age_days,
            terms.build_up_days,
        );
    }
    if let (Some((_, routes)), Some(terms)) = (&a.dissuasion, &a.typed.dissuasion) {
        for route in routes {
            let exit = &mut l.exit[route.index()];
            *exit = instruments::dissuasion::exit_share(*exit, terms.share, terms.delivered_share);
        }
    }
    if let (Some(by), Some(terms)) = (a.readmission, &a.typed.readmission) {
        l.takes_back[by.index()] = true;
        l.punished[by.index()] =
            instruments::readmission::punished_share(l.punished[by.index()], terms.returnees_punished);
    }
    if let (Some(at), Some(terms)) = (a.hosting, &a.typed.hosting) {
        l.capacity[at.index()] = instruments::hosting::capacity(l.capacity[at.index()], terms.capacity);
    }
    if let (Some((from, _)), Some(terms)) = (&a.resettlement, &a.typed.resettlement) {
        l.resettlement[from.index()] =
            instruments::resettlement::places_per_year(l.resettlement[from.index()], terms.places_per_year);
    }
}

/// Levers of a world as it stands.
pub fn levers_of(setup: &Setup, world: &World) -> Levers {
    let rungs: Vec<u16> = world.ladders.iter().map(|l| l.rung).collect();
    levers(setup, &rungs, &effects_of(setup, world))
}

/// What each arrangement does now.
pub fn effects_of(setup: &Setup, world: &World) -> Vec<Effect> {
    world.arrangements.iter().enumerate().map(|(i, a)| effect(setup, i, a, world.day)).collect()
}
