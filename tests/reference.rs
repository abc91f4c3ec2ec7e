//! The promise: the engine's shortcuts change nothing. A slow and obvious program, which keeps everybody in one plain
//! list and asks each of them every day whether something happens, agrees with the engine person by person where both
//! take the same keyed draws, and in distribution where it draws from a generator of its own.
//!
//! The world is reduced to one origin, one land route, a border, hazards after arrival, claims under a capacity,
//! removals under another, returns and further attempts, with beliefs held fixed; of single persons, and of households of
//! several members, who die one by one and do everything else together. The engine knows neither filter nor
//! bound here; the reference knows neither shared clocks, chunks, rows nor due days.

mod common;

use common::{bare, begin, cell, transitions, z_between};
use landfall::engine::keyed::{Luck, Purpose};
use landfall::engine::scatter::Scatter;
use landfall::engine::sim::person_key;
use landfall::experiment::member::with_seed;
use landfall::model::{claim, math, outcome};
use landfall::scenario::Setup;
use landfall::world::{Cell, Status};
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64;
use std::collections::{BTreeMap, VecDeque};

const YEAR_DAYS: f64 = 365.25;

/// The group everybody belongs to: those whose claim is well-founded.
const PEOPLE: usize = 1;

/// What is laid over the bare scenario, so that every process of the reduced world has something to do.
const REDUCED: [&str; 20] = [
    "places.there.openness=0.7",
    "places.there.turning_back_per_day=0.04",
    "places.there.waiting_death_per_day=0.003",
    "corridors.road.duration_days=5.0",
    "corridors.road.duration_log_sd=0.6",
    "corridors.road.death_per_day=0.002",
    "populations.people.departures_per_thousand_year=150.0",
    "populations.people.households=2000.0",
    "countries.DES.decisions_per_day=0.35",
    "countries.DES.removals_per_day=0.3",
    "countries.DES.outcomes.lodging_per_year=4.0",
    "countries.DES.outcomes.regularising_per_year=0.5",
    "countries.DES.outcomes.found_per_year=2.0",
    "countries.DES.outcomes.voluntary_return_per_year=0.6",
    "countries.DES.outcomes.absconding_per_year=1.0",
    "countries.DES.outcomes.removal_per_year=5.0",
    "countries.DES.outcomes.tolerating_per_year=1.0",
    "countries.DES.outcomes.settling_per_year=2.0",
    "journeys.reattempt_factor=20.0",
    "journeys.returned_years=0.7",
];

/// Households of one to five.
const FAMILIES: &str = "populations.people.household_size_shares=[0.35, 0.25, 0.2, 0.15, 0.05]";

/// The reduced world, of single persons or of families.
fn reduced(families: bool) -> Setup {
    let mut changes = REDUCED.to_vec();
    changes.extend(families.then_some(FAMILIES));
    bare(&changes)
}

/// What may happen to a person, in the order of the engine's table of causes, with which its draws are numbered.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Happens {
    Death,
    VoluntaryReturn,
    Claim,
    Settling,
    Absconding,
    Found,
    Tolerating,
    TurningBack,
    Reunification,
}

impl Happens {
    /// Number of the draw in the engine's race of causes.
    fn number(self) -> u64 {
        match self {
            Happens::Death => 0,
            Happens::VoluntaryReturn => 1,
            Happens::Claim => 2,
            Happens::Settling => 3,
            Happens::Absconding => 4,
            Happens::Found => 5,
            Happens::Tolerating => 6,
            Happens::TurningBack => 8,
            Happens::Reunification => 9,
        }
    }
}

/// Where luck comes from.
enum Dice {
    /// The engine's own draws, by key.
    Keyed { luck: Luck },
    /// A generator that has nothing to do with them.
    Free(Box<Pcg64>),
}

/// A person, with everything about them in plain sight.
#[derive(Clone, Debug)]
struct Person {
    ordinal: u32,
    /// Ordinals of the household, dead or alive.
    household: (u32, u32),
    /// Nothing: at home, where nobody has a number yet.
    status: Option<Status>,
    since: u32,
    spell: u8,
    attempts: u32,
    /// Day of arrival, or of being one of those at home again.
    due: Option<u32>,
    /// Exposure after which one who is back home sets out again.
    patience: f64,
    /// Draws that belong to the household for life: at the border, and the strength of the evidence.
    at_border: f64,
    evidence: f64,
}

/// Day, who, from, to.
type Step = (u32, u32, Option<Status>, Status);

/// The whole of the slow program.
struct Reference<'s> {
    setup: &'s Setup,
    dice: Dice,
    day: u32,
    people: Vec<Person>,
    at_home: u64,
    claims: VecDeque<(usize, u32)>,
    decision_carry: f64,
    removal_carry: f64,
    steps: Vec<Step>,
}

impl<'s> Reference<'s> {
    fn new(setup: &'s Setup, dice: Dice) -> Self {
        Self {
            setup,
            dice,
            day: 0,
            people: Vec::new(),
            at_home: setup.groups[PEOPLE].households,
            claims: VecDeque::new(),
            decision_carry: 0.0,
            removal_carry: 0.0,
            steps: Vec::new(),
        }
    }

    fn who(&self, ordinal: u32) -> u64 {
        person_key(&self.setup.groups[PEOPLE], ordinal)
    }

    fn uniform(&mut self, purpose: Purpose, ordinal: u32, when: u64, what: u64) -> f64 {
        let who = self.who(ordinal);
        match &mut self.dice {
            Dice::Keyed { luck, .. } => luck.uniform(purpose, who, when, what),
            Dice::Free(rng) => rng.random::<f64>().max(1e-300),
        }
    }

    /// Whether something happens to a person today, at a hazard.
    fn happens(&mut self, person: &Person, hazard: f64) -> bool {
        let in_spell = (self.day - person.since) as u16;
        let who = self.who(person.ordinal);
        match &mut self.dice {
            Dice::Keyed { luck } => {
                Scatter::new(*luck, who, person.spell).of_day(in_spell, f64::INFINITY) <= hazard
            }
            Dice::Free(rng) => rng.random::<f64>() < math::event_probability(hazard),
        }
    }

    /// Those of a person's household who are in the same status: nobody does anything without them but die.
    fn together(&self, at: usize) -> Vec<usize> {
        let (first, end) = self.people[at].household;
        (first as usize..end as usize).filter(|&m| self.people[m].status == self.people[at].status).collect()
    }

    /// Whether a person speaks for those.
    fn leads(&self, at: usize) -> bool {
        self.together(at)[0] == at
    }

    fn move_all(&mut self, at: usize, to: Status) {
        for member in self.together(at) {
            self.move_to(member, to);
        }
    }

    /// People in the household that begins at an ordinal.
    fn size(&mut self, first: u32) -> u32 {
        let u = self.uniform(Purpose::HouseholdSize, first, 0, 0);
        let shares = &self.setup.populations[0].typed.household_size_shares;
        let mut below = 0.0;
        for (i, share) in shares.iter().enumerate() {
            below += share;
            if u < below {
                return i as u32 + 1;
            }
        }
        shares.len() as u32
    }

    fn move_to(&mut self, at: usize, to: Status) {
        let person = &mut self.people[at];
        self.steps.push((self.day, person.ordinal, person.status, to));
        person.status = Some(to);
        person.since = self.day;
        person.spell = person.spell.wrapping_add(1);
        person.due = None;
    }

    /// A day. `leaving`: how many people leave home today, where that is known; else every household at home is asked.
    fn step(&mut self, leaving: Option<usize>) {
        let hazard = self.setup.groups[PEOPLE].base_per_day;
        match leaving {
            Some(people) => {
                let after = self.people.len() + people;
                while self.people.len() < after {
                    self.leave_home();
                }
            }
            None => {
                let p = math::event_probability(hazard);
                for _ in 0..self.at_home {
                    let Dice::Free(rng) = &mut self.dice else { return };
                    if rng.random::<f64>() < p {
                        self.leave_home();
                    }
                }
            }
        }
        (0..self.people.len()).for_each(|at| self.stay_home(at));
        let mut arrived = Vec::new();
        let mut found = Vec::new();
        // One who comes to speak for a household today, because another has died, does so from tomorrow.
        let leading: Vec<bool> = (0..self.people.len()).map(|at| self.leads(at)).collect();
        for (at, leads) in leading.into_iter().enumerate() {
            self.live(at, leads, &mut arrived, &mut found);
        }
        arrived.into_iter().for_each(|at| self.meet_border(at));
        self.decide();
        self.remove(found);
        self.day += 1;
    }

    fn leave_home(&mut self) {
        let ordinal = self.people.len() as u32;
        self.at_home -= 1;
        let border = self.setup.places[common::place(self.setup, "there").index()].key;
        let population = &self.setup.populations[0].typed;
        let (mean, spread) = (population.evidence_mean, population.evidence_spread);
        let at_border = self.uniform(Purpose::Border, ordinal, 0, border);
        let evidence = mean + spread * (2.0 * self.uniform(Purpose::Evidence, ordinal, 0, 0) - 1.0);
        let (day, attempts) = (self.day, 1);
        let due = Some(day + self.journey_days(ordinal, attempts));
        let status = Some(Status::Travelling);
        let patience = 0.0;
        let household = (ordinal, ordinal + self.size(ordinal));
        for ordinal in household.0..household.1 {
            self.steps.push((day, ordinal, None, Status::Travelling));
            let spell = 0;
            let person = Person {
                ordinal,
                household,
                status,
                since: day,
                spell,
                attempts,
                due,
                patience,
                at_border,
                evidence,
            };
            self.people.push(person);
        }
    }

    /// A day of somebody who is back home.
    fn stay_home(&mut self, at: usize) {
        if self.people[at].status != Some(Status::ReturnedHome) || !self.leads(at) {
            return;
        }
        if self.people[at].due == Some(self.day) {
            // A household whose first member has died is none of those at home.
            self.at_home += u64::from(self.people[at].ordinal == self.people[at].household.0);
            self.move_all(at, Status::Rejoined);
            return;
        }
        self.people[at].patience -= self.again_per_day(self.people[at].attempts);
        if self.people[at].patience <= 0.0 {
            let attempt = self.people[at].attempts + 1;
            let due = Some(self.day + self.journey_days(self.people[at].household.0, attempt));
            for member in self.together(at) {
                self.move_to(member, Status::Travelling);
                self.people[member].attempts = attempt.min(15);
                self.people[member].due = due;
            }
        }
    }

    /// How strongly somebody back home is inclined, per day, to set out once more after some attempts.
    fn again_per_day(&self, attempts: u32) -> f64 {
        let j = &self.setup.scenario.journeys;
        let experience = (0..attempts).fold(1.0, |x, _| x * j.reattempt_experience);
        let again = self.setup.groups[PEOPLE].base_per_day * j.reattempt_factor * experience;
        again.min(j.reattempt_max_per_day)
    }

    fn journey_days(&mut self, ordinal: u32, attempt: u32) -> u32 {
        let road = &self.setup.corridors[0];
        let sd = road.typed.duration_log_sd;
        let normal =
            math::normal_quantile(self.uniform(Purpose::Transit, ordinal, u64::from(attempt), road.key));
        (road.typed.duration_days * math::exp(sd * normal - sd * sd / 2.0)).ceil().clamp(1.0, 1000.0) as u32
    }

    /// What a person is exposed to, and how strongly, per day.
    fn exposed(&self, person: &Person) -> Vec<(Happens, f64)> {
        let country = &self.setup.countries[self.setup.routes[0].country.index()].typed;
        let o = &country.outcomes;
        let there = &self.setup.places[common::place(self.setup, "there").index()];
        let yearly = |list: &[(Happens, f64)]| list.iter().map(|&(h, x)| (h, x / YEAR_DAYS)).collect();
        match person.status {
            Some(Status::Travelling) => vec![(Happens::Death, self.setup.corridors[0].typed.death_per_day)],
            Some(Status::WaitingAtBorder) => vec![
                (Happens::Death, there.waiting_death_per_day),
                (Happens::TurningBack, there.turning_back_per_day),
            ],
            Some(Status::Undocumented) => yearly(&[
                (Happens::VoluntaryReturn, o.voluntary_return_per_year),
                (Happens::Claim, o.lodging_per_year),
                (Happens::Settling, o.regularising_per_year),
                (Happens::Found, o.found_per_year),
            ]),
            Some(Status::Claimant) => yearly(&[
                (Happens::VoluntaryReturn, o.voluntary_return_per_year),
                (Happens::Absconding, o.absconding_per_year),
            ]),
            Some(Status::Protected) => yearly(&[
                (Happens::Settling, o.protected_settling_per_year),
                (Happens::Reunification, o.reunification_per_year),
            ]),
            Some(Status::Tolerated) => yearly(&[
                (Happens::VoluntaryReturn, o.voluntary_return_per_year),
                (Happens::Settling, o.settling_per_year),
            ]),
            Some(Status::Rejected) => yearly(&[
                (Happens::VoluntaryReturn, o.voluntary_return_per_year),
                (Happens::Absconding, o.absconding_per_year),
                (Happens::Found, o.removal_per_year),
                (Happens::Tolerating, o.tolerating_per_year),
            ]),
            _ => Vec::new(),
        }
    }

    fn live(&mut self, at: usize, leads: bool, arrived: &mut Vec<usize>, found: &mut Vec<usize>) {
        let person = self.people[at].clone();
        if person.due == Some(self.day) && person.status == Some(Status::Travelling) {
            self.move_all(at, Status::Undocumented);
            arrived.push(at);
            return;
        }
        // What happens to a household happens by the luck of the first of it.
        let own = |what: &Happens| matches!(what, Happens::Death | Happens::Reunification);
        let exposed: Vec<_> =
            self.exposed(&person).into_iter().filter(|(what, _)| leads || own(what)).collect();
        let total: f64 = exposed.iter().map(|e| e.1).sum();
        if total <= 0.0 || !self.happens(&person, total) {
            return;
        }
        let when = u64::from(person.spell) << 16 | u64::from((self.day - person.since) as u16);
        let mut first = (f64::INFINITY, exposed[0].0);
        for (what, hazard) in exposed {
            let wait = -math::ln(self.uniform(Purpose::Cause, person.ordinal, when, what.number())) / hazard;
            if hazard > 0.0 && wait < first.0 {
                first = (wait, what);
            }
        }
        match first.1 {
            Happens::Death => self.move_to(at, Status::Dead),
            Happens::Reunification => {}
            Happens::VoluntaryReturn | Happens::TurningBack => self.go_home(at),
            Happens::Claim => {
                self.move_all(at, Status::Claimant);
                self.claims.push_back((at, self.day));
            }
            Happens::Settling => self.move_all(at, Status::Settled),
            Happens::Absconding => self.move_all(at, Status::Undocumented),
            Happens::Found => found.push(at),
            Happens::Tolerating => self.move_all(at, Status::Tolerated),
        }
    }

    fn go_home(&mut self, at: usize) {
        self.move_all(at, Status::ReturnedHome);
        let days = (self.setup.scenario.journeys.returned_years * YEAR_DAYS) as u32;
        self.people[at].due = Some(self.day + days);
        let (ordinal, spell) = (self.people[at].ordinal, self.people[at].spell);
        self.people[at].patience = -math::ln(self.uniform(Purpose::Again, ordinal, u64::from(spell), 0));
    }

    fn meet_border(&mut self, at: usize) {
        let there = common::place(self.setup, "there");
        if self.people[at].at_border >= self.setup.places[there.index()].openness {
            self.move_all(at, Status::WaitingAtBorder);
        }
    }

    fn decide(&mut self) {
        if self.claims.is_empty() {
            return;
        }
        let country = &self.setup.countries[self.setup.routes[0].country.index()].typed;
        let (today, carry) = claim::decisions_today(self.decision_carry, country.decisions_per_day);
        self.decision_carry = carry;
        for _ in 0..today {
            let next = loop {
                let Some((at, since)) = self.claims.pop_front() else { return };
                if self.people[at].status == Some(Status::Claimant) && self.people[at].since == since {
                    break at;
                }
            };
            let person = self.people[next].clone();
            let attempts = u64::from(person.attempts);
            let u = self.uniform(Purpose::Decision, person.household.0, attempts, 0);
            let signal = country.discriminability * person.evidence + math::normal_quantile(u);
            let recognised = signal > country.standard_of_proof;
            self.move_all(next, if recognised { Status::Protected } else { Status::Rejected });
        }
    }

    fn remove(&mut self, found: Vec<usize>) {
        let rate = self.setup.countries[self.setup.routes[0].country.index()].typed.removals_per_day;
        self.removal_carry = (self.removal_carry + rate).min(rate * 30.0 + 1.0);
        let day = u64::from(self.day);
        let mut order: Vec<(u64, usize)> = Vec::new();
        for at in found {
            let who = self.who(self.people[at].household.0);
            let draw = match &mut self.dice {
                Dice::Keyed { luck, .. } => luck.bits(Purpose::Priority, who, day, 0),
                Dice::Free(rng) => rng.random(),
            };
            order.push((draw, at));
        }
        order.sort_unstable();
        for (_, at) in order {
            let removable = matches!(self.people[at].status, Some(Status::Undocumented | Status::Rejected));
            if self.removal_carry >= 1.0 && removable {
                self.removal_carry -= self.together(at).len() as f64;
                self.go_home(at);
            }
        }
    }
}

/// The engine's transitions in the terms of the reference: by day and person, in the order of happening.
fn steps_of_engine(setup: &Setup, days: u32) -> Vec<Step> {
    let all = transitions(setup, days);
    let steps = all.iter().map(|t| (t.day, t.ordinal, t.from.map(Cell::status), t.to.status()));
    in_order(steps.collect())
}

fn in_order(mut steps: Vec<Step>) -> Vec<Step> {
    steps.sort_by_key(|s| (s.0, s.1));
    steps
}

/// The reference with the draws of the engine, told only how many leave home on each day.
fn steps_of_reference(setup: &Setup, leaving: &[usize]) -> Vec<Step> {
    let luck = Luck::new(setup.scenario.scenario.seed);
    let dice = Dice::Keyed { luck };
    let mut reference = Reference::new(setup, dice);
    leaving.iter().for_each(|&n| reference.step(Some(n)));
    in_order(reference.steps)
}

fn leaving_by_day(steps: &[Step], days: u32) -> Vec<usize> {
    let mut leaving = vec![0; days as usize];
    steps.iter().filter(|s| s.2.is_none()).for_each(|s| leaving[s.0 as usize] += 1);
    leaving
}

fn one_group(setup: &Setup) {
    assert!(
        setup.groups[PEOPLE].well_founded && setup.groups[0].households == 0,
        "the reference knows one group"
    );
    assert_eq!(setup.routes.len(), 1, "and one route");
}

#[test]
fn every_person_lives_the_same_life_in_both() {
    for (seed, families) in (1..=8).flat_map(|seed| [(seed, false), (seed, true)]) {
        let setup = with_seed(&reduced(families), seed);
        one_group(&setup);
        assert_eq!(setup.populations[0].typed.household_size_shares.len(), if families { 5 } else { 1 });
        let engine = steps_of_engine(&setup, setup.days);
        let reference = steps_of_reference(&setup, &leaving_by_day(&engine, setup.days));
        for (e, r) in engine.iter().zip(&reference) {
            assert_eq!(e, r, "seed {seed}, families {families}: engine and reference part ways");
        }
        assert_eq!(engine.len(), reference.len(), "seed {seed}, families {families}");
        let mut kinds: BTreeMap<(Option<Status>, Status), u32> = BTreeMap::new();
        engine.iter().for_each(|s| *kinds.entry((s.2, s.3)).or_default() += 1);
        assert!(
            engine.len() > 1500 && kinds.len() >= 18,
            "too little happens for this to mean much: {kinds:?}"
        );
    }
}

/// The agreement above would mean nothing if the reference did not answer to the luck it is given.
#[test]
fn other_luck_gives_the_reference_other_lives() {
    let setup = with_seed(&bare(&REDUCED), 1);
    let engine = steps_of_engine(&setup, 200);
    let other = with_seed(&setup, 2);
    assert_ne!(engine, steps_of_reference(&other, &leaving_by_day(&engine, 200)));
}

/// What is compared in distribution: how often each change of status happened by the end of the first and of the
/// second half of a run, and how many were in each status at the end.
fn figures(steps: &[Step], days: u32) -> BTreeMap<String, f64> {
    let mut figures = BTreeMap::new();
    for &(day, _, from, to) in steps {
        let half = if day < days / 2 { 1 } else { 2 };
        let from = from.map_or("home", Status::name);
        *figures.entry(format!("{from} to {}, half {half}", to.name())).or_insert(0.0) += 1.0;
    }
    figures
}

#[test]
fn both_agree_in_distribution_under_luck_of_their_own() {
    const RUNS: u64 = 200;
    const DAYS: u32 = 365;
    let setup = reduced(true);
    one_group(&setup);
    let mut samples: BTreeMap<String, [Vec<f64>; 2]> = BTreeMap::new();
    for run in 0..RUNS {
        let engine = figures(&steps_of_engine(&with_seed(&setup, 1000 + run), DAYS), DAYS);
        let dice = Dice::Free(Box::new(Pcg64::seed_from_u64(run)));
        let mut reference = Reference::new(&setup, dice);
        (0..DAYS).for_each(|_| reference.step(None));
        let reference = figures(&reference.steps, DAYS);
        for (side, figures) in [engine, reference].into_iter().enumerate() {
            for (name, value) in figures {
                let of_all = samples.entry(name).or_insert_with(|| [0, 1].map(|_| vec![0.0; RUNS as usize]));
                of_all[side][run as usize] = value;
            }
        }
    }
    assert!(samples.len() >= 30, "too few figures: {:?}", samples.keys());
    for (name, [engine, reference]) in &samples {
        let z = z_between(engine, reference);
        assert!(z.abs() < 5.0, "{name}: {z:.1} standard errors between engine and reference");
    }
}

/// Departures day by day: the number that leaves in a day, of those at home, is binomial. Pearson's statistic over
/// days has as many degrees of freedom as there are days.
#[test]
fn daily_departures_are_binomial() {
    let setup = bare(&REDUCED);
    let p = math::event_probability(setup.groups[PEOPLE].base_per_day);
    let (mut chi2, mut days) = (0.0, 0.0);
    for seed in 1..=40 {
        let setup = with_seed(&setup, seed);
        let mut sim = begin(&setup);
        for _ in 0..365 {
            let home = sim.world.groups[PEOPLE].clock.households_at_home;
            let emitted = sim.world.groups[PEOPLE].clock.emitted;
            sim.step();
            let left = (sim.world.groups[PEOPLE].clock.emitted - emitted) as f64;
            let mean = home as f64 * p;
            chi2 += (left - mean) * (left - mean) / (mean * (1.0 - p));
            days += 1.0;
        }
    }
    // A squared binomial deviation has variance 2 + 1/mean; the mean is somewhat below 1 a day here.
    let z = (chi2 - days) / (days * 4.0_f64).sqrt();
    assert!(z.abs() < 5.0, "χ² = {chi2} over {days} days");
}

/// Hazards that the reference adds up by hand are those the engine's rules give.
#[test]
fn hazards_of_a_further_attempt_are_the_rules() {
    let setup = bare(&REDUCED);
    let j = &setup.scenario.journeys;
    let base = setup.groups[PEOPLE].base_per_day;
    for attempts in 1..6 {
        let rule = outcome::reattempt_hazard_per_day(
            base,
            j.reattempt_factor,
            j.reattempt_experience,
            attempts,
            j.reattempt_max_per_day,
        );
        let dice = Dice::Keyed { luck: Luck::new(1) };
        let reference = Reference::new(&setup, dice);
        let by_hand = reference.again_per_day(attempts);
        assert!((by_hand - rule).abs() <= 1e-15 * rule, "{attempts} attempts: {by_hand} against {rule}");
    }
    assert_eq!(cell(&setup, "home", Status::ReturnedHome).status(), Status::ReturnedHome);
}
