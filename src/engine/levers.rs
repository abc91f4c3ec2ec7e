//! Levers in force: what the rungs of all ladders and the arrangements in force come to, for the day.
//!
//! A pure function of (setup, rungs, arrangements); recomputed when one of them moves, never stored.

use crate::instruments::{Clause, Does, dissuasion, minimum_standards, readmission};
use crate::model::arrangement as model;
use crate::model::claim;
use crate::scenario::format::Entry;
use crate::scenario::setup::{Arrangement, Setup};
use crate::world::{ArrangementState, CountryId, RuleId, World};

/// What one arrangement does on a day.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Effect<'a> {
    /// Whether its clauses are applied.
    pub applied: bool,
    /// Days since it first came into force, in whole weeks.
    pub age_days: f64,
    /// The day on which the present of those weeks began.
    pub week_began: u32,
    /// By party: share of its part that it has pledged.
    pub pledged: &'a [f64],
    /// By party: the day on which it pledged.
    pub pledged_since: &'a [u32],
    /// Of a fund, by member: share allotted.
    pub allotted: &'a [f64],
}

impl Effect<'_> {
    /// An arrangement that is not applied.
    pub const NONE: Effect<'static> = Effect {
        applied: false,
        age_days: 0.0,
        week_began: 0,
        pledged: &[],
        pledged_since: &[],
        allotted: &[],
    };

    /// Share of a clause in full that is delivered by now: what was pledged for it, as far as it has been
    /// delivered, and built up.
    pub fn share(&self, arrangement: &Arrangement, clause: &Clause) -> f64 {
        self.delivered(arrangement, clause.by) * model::built_share(self.age_days, clause.build_up_days)
    }

    /// Share of the part of a party (or, of nobody in particular, of the mean party that pledged) that is
    /// delivered by now.
    pub fn delivered(&self, a: &Arrangement, by: Option<CountryId>) -> f64 {
        self.mean_of(a, by, |party| self.pledged[party] * self.kept(a, party)).unwrap_or(0.0)
    }

    /// Share of what was pledged that is delivered by now, by a party or by those who pledged; none where
    /// nobody did.
    pub fn word_kept(&self, a: &Arrangement, by: Option<CountryId>) -> Option<f64> {
        self.mean_of(a, by, |party| self.kept(a, party))
    }

    /// Of a party that pledged, or the mean of those that did, where the one meant is no party or nobody is.
    fn mean_of(&self, a: &Arrangement, by: Option<CountryId>, of: impl Fn(usize) -> f64) -> Option<f64> {
        let pledged = |party: &usize| self.pledged.get(*party).is_some_and(|p| *p > 0.0);
        match by.and_then(|by| a.parties.iter().position(|&p| p == by)) {
            Some(party) => pledged(&party).then(|| of(party)),
            None => {
                let pledgers = (0..a.parties.len()).filter(pledged).count();
                let sum: f64 = (0..a.parties.len()).filter(pledged).map(of).sum();
                (pledgers > 0).then(|| sum / pledgers as f64)
            }
        }
    }

    /// Share of a party's pledge that it has delivered since it pledged. The crowd it waits for are those who
    /// pledged before it or with it, so that one who comes later undoes nothing.
    fn kept(&self, a: &Arrangement, party: usize) -> f64 {
        let since = self.pledged_since[party];
        let all = self.pledged.iter().zip(self.pledged_since);
        let crowd = all.filter(|&(&pledged, &day)| pledged > 0.0 && day <= since).count();
        let age_days = f64::from(self.week_began.saturating_sub(since));
        let t = &a.typed;
        model::delivered_share(age_days, t.pledges_delivered, t.delivery_days, t.crowd_delay, crowd)
    }
}

/// Levers in force.
#[derive(Clone, Debug, Default, PartialEq)]
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
    /// By country: decisions a day at first instance.
    pub decisions: Vec<f64>,
    /// By country: discriminability of status determination.
    pub discriminability: Vec<f64>,
    /// By country: discriminability of screening.
    pub screening_discriminability: Vec<f64>,
    /// By country: places in reception.
    pub reception_places: Vec<f64>,
    /// By country: money for care from partners, in USD a year.
    pub care_usd: Vec<f64>,
    /// By country: money it pays under arrangements, in USD a year.
    pub paid_usd: Vec<f64>,
    /// By country: factors of lodging, of settling and of voluntary return.
    pub outcomes: Vec<[f64; 3]>,
    /// By country, then population: whether temporary protection is granted on arrival.
    pub grants: Vec<bool>,
    /// By country, then population: whether claims go to an accelerated procedure.
    pub accelerated: Vec<bool>,
    /// By country: the arrangement and clause by which claims are assigned.
    pub assigned_by: Vec<Option<(usize, usize)>>,
    /// By country: the arrangement and clause of its shared database, and the probability of a match.
    pub database: Vec<Option<(usize, usize, f64)>>,
    /// By country: whether it takes back those returned.
    pub takes_back: Vec<bool>,
    /// By country: share of returnees punished.
    pub punished: Vec<f64>,
    /// By country, then population, then entry: what is done.
    pub rules: Vec<[Option<RuleId>; 4]>,
}

impl Levers {
    /// Discriminability of status determination in a country, in the accelerated procedure or the regular one.
    pub fn discriminability_of(&self, setup: &Setup, country: CountryId, accelerated: bool) -> f64 {
        let regular = self.discriminability[country.index()];
        let left = setup.countries[country.index()].typed.accelerated_discriminability;
        if accelerated { claim::hasty_discriminability(regular, left) } else { regular }
    }

    /// Days that an accelerated procedure takes in a country, where claims of a population go to one.
    pub fn accelerated_days(&self, setup: &Setup, country: CountryId, population: usize) -> Option<f64> {
        let named = self.accelerated[country.index() * setup.populations.len() + population];
        named.then(|| setup.countries[country.index()].typed.accelerated_days)
    }

    /// The rule of a country for people of a population on some entry.
    pub fn rule(&self, setup: &Setup, country: CountryId, population: usize, on: Entry) -> Option<RuleId> {
        self.rules[country.index() * setup.populations.len() + population][entry_index(on)]
    }
}

/// Position of an entry in [`Levers::rules`].
fn entry_index(entry: Entry) -> usize {
    match entry {
        Entry::Interception => 0,
        Entry::Rescue => 1,
        Entry::Landing => 2,
        Entry::Border => 3,
    }
}

/// What an arrangement does now.
pub fn effect<'a>(setup: &Setup, index: usize, state: &'a ArrangementState, day: u32) -> Effect<'a> {
    use crate::model::arrangement::Phase;
    let typed = &setup.arrangements[index].typed;
    let applied = match state.phase {
        Phase::InForce | Phase::Revived => true,
        Phase::Suspended => typed.survives_suspension,
        _ => false,
    };
    // In whole weeks, so that levers stay as they are in between whenever they are worked out.
    let since = state.in_force_since.unwrap_or(day);
    let age = day.saturating_sub(since) / 7 * 7;
    let allowed = setup.scenario.switches.arrangements && !typed.barred;
    Effect {
        applied: applied && allowed,
        age_days: f64::from(age),
        week_began: since + age,
        pledged: &state.pledged,
        pledged_since: &state.pledged_since,
        allotted: &state.allotted,
    }
}

/// Levers under some rungs and arrangements.
pub fn levers(setup: &Setup, rungs: &[u16], effects: &[Effect<'_>]) -> Levers {
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
        standard: by_country(|c| c.standard_of_proof),
        access: by_country(|c| c.access),
        screening_standard: by_country(|c| c.screening_standard),
        reception: by_country(|c| c.reception),
        removals: by_country(|c| c.removals_per_day),
        decisions: by_country(|c| c.decisions_per_day),
        discriminability: by_country(|c| c.discriminability),
        screening_discriminability: by_country(|c| c.screening_discriminability),
        reception_places: by_country(|c| c.reception_places),
        care_usd: vec![0.0; setup.countries.len()],
        paid_usd: vec![0.0; setup.countries.len()],
        outcomes: vec![[1.0; 3]; setup.countries.len()],
        grants: vec![false; setup.countries.len() * setup.populations.len()],
        accelerated: vec![false; setup.countries.len() * setup.populations.len()],
        assigned_by: vec![None; setup.countries.len()],
        database: vec![None; setup.countries.len()],
        takes_back: setup.countries.iter().map(|c| c.typed.takes_back).collect(),
        punished: by_country(|c| c.returnees_punished),
        rules: vec![[None; 4]; setup.countries.len() * setup.populations.len()],
    };
    for (ladder, &rung) in setup.ladders.iter().zip(rungs) {
        apply_rung(setup, &mut l, ladder, &ladder.rungs[rung as usize]);
    }
    for (index, effect) in effects.iter().enumerate() {
        if effect.applied {
            apply_arrangement(setup, &mut l, index, effect);
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
    set(&mut l.decisions, rung.decisions);
    for population in rung.accelerated.iter().filter(|p| ladder.concerns[p.index()]) {
        l.accelerated[country * setup.populations.len() + population.index()] = true;
    }
    for &id in &rung.rules {
        let rule = &setup.rules[id.index()];
        let first = country * setup.populations.len();
        let own = &mut l.rules[first..first + setup.populations.len()];
        for (population, rules) in own.iter_mut().enumerate() {
            let named = rule.population.is_none_or(|p| p.index() == population);
            if named && ladder.concerns[population] {
                rules[entry_index(rule.on)] = Some(id);
            }
        }
    }
}

fn apply_arrangement(setup: &Setup, l: &mut Levers, index: usize, effect: &Effect<'_>) {
    let arrangement = &setup.arrangements[index];
    for (at, clause) in arrangement.clauses.iter().enumerate() {
        pay(l, arrangement, clause, effect);
        let share = effect.share(arrangement, clause);
        if share > 0.0 {
            apply_clause(setup, l, (index, at), &clause.does, share, effect);
        }
    }
}

/// Money a clause costs, as far as what was pledged is delivered, to the party that delivers it, or in equal
/// parts to those who have pledged, but for the one whom it lightens. Money is spent from the first day on,
/// also where what it buys takes time to build up.
fn pay(l: &mut Levers, a: &Arrangement, clause: &Clause, effect: &Effect<'_>) {
    if clause.usd_per_year <= 0.0 || effect.age_days >= clause.spent_days {
        return;
    }
    let pledged = a.parties.iter().zip(effect.pledged).filter(|(_, pledge)| **pledge > 0.0);
    let payers: Vec<CountryId> = match clause.by {
        Some(by) => vec![by],
        None => pledged.map(|(&party, _)| party).collect(),
    };
    let delivered = effect.delivered(a, clause.by);
    for &payer in &payers {
        l.paid_usd[payer.index()] += clause.usd_per_year * delivered * clause.paid_by(payer, &payers);
    }
}

/// What one clause does to the levers, at the share that is delivered.
fn apply_clause(
    setup: &Setup,
    l: &mut Levers,
    at: (usize, usize),
    does: &Does,
    share: f64,
    effect: &Effect<'_>,
) {
    let floor = minimum_standards::towards_floor;
    match does {
        Does::Ceiling { route, per_year } => l.ceiling[route.index()] += per_year * share,
        Does::Dissuade { routes, share: promised } => {
            for route in routes {
                let exit = &mut l.exit[route.index()];
                *exit = dissuasion::exit_share(*exit, *promised, share);
            }
        }
        Does::TakeBack { country, punished } => {
            l.takes_back[country.index()] = true;
            let practice = &mut l.punished[country.index()];
            *practice = readmission::punished_share(*practice, *punished);
        }
        Does::Room { place, persons } => {
            let room = &mut l.capacity[place.index()];
            *room = room.max(persons * share);
        }
        Does::Examine { place, per_day } => l.screenings[place.index()] += per_day * share,
        Does::Decide { country, per_day } => l.decisions[country.index()] += per_day * share,
        Does::Discern { country, determination, screening } => {
            l.discriminability[country.index()] += determination * share;
            l.screening_discriminability[country.index()] += screening * share;
        }
        Does::Hear { country, at_least, closed } => {
            let own = &mut l.access[country.index()];
            *own = floor(*own, *at_least, closed * share);
        }
        Does::Prove { country, at_most, closed } => {
            for own in [&mut l.standard[country.index()], &mut l.screening_standard[country.index()]] {
                *own = -floor(-*own, -at_most, closed * share);
            }
        }
        Does::Receive { country, at_least, closed } => {
            let own = &mut l.reception[country.index()];
            *own = floor(*own, *at_least, closed * share);
        }
        Does::Place { country, persons } => l.reception_places[country.index()] += persons * share,
        Does::Open { place, at_least } => {
            let own = &mut l.openness[place.index()];
            *own = floor(*own, *at_least, share);
        }
        Does::Outcomes { country, outcome, factor } => {
            l.outcomes[country.index()][*outcome as usize] *= 1.0 + (factor - 1.0) * share;
        }
        Does::Grant { country, populations, .. } => {
            let first = country.index() * setup.populations.len();
            for (granted, named) in l.grants[first..].iter_mut().zip(populations) {
                *granted |= named;
            }
        }
        Does::Care { country, usd_per_year } => l.care_usd[country.index()] += usd_per_year * share,
        Does::Allot { members, usd_per_year, care_share, .. } => {
            for (member, allotted) in members.iter().zip(effect.allotted) {
                l.care_usd[member.country.index()] += usd_per_year * allotted * care_share * share;
            }
        }
        Does::Assign(assignment) => {
            assignment.members.iter().for_each(|m| l.assigned_by[m.index()] = Some(at));
        }
        Does::Match { members, probability, .. } => {
            let found = Some((at.0, at.1, probability * share));
            members.iter().for_each(|m| l.database[m.index()] = found);
        }
        // People are moved by a process of their own.
        Does::Relocate(_) => {}
    }
}

/// Levers of a world as it stands.
pub fn levers_of(setup: &Setup, world: &World) -> Levers {
    let rungs: Vec<u16> = world.ladders.iter().map(|l| l.rung).collect();
    levers(setup, &rungs, &effects_of(setup, world))
}

/// What each arrangement does now.
pub fn effects_of<'a>(setup: &Setup, world: &'a World) -> Vec<Effect<'a>> {
    world.arrangements.iter().enumerate().map(|(i, a)| effect(setup, i, a, world.day)).collect()
}
