//! The promise: the engine's shortcuts at sea change nothing. A slow and obvious program, which keeps a list of boats and of
//! who sits in each, and asks every boat and everybody aboard every day what happens, agrees with the engine person by
//! person where both take the same keyed draws, and in distribution where it draws from a generator of its own.
//!
//! The world is one strait with weather, patrols that run out of hours, distress, rescue and landing, crossed by families
//! that fill boats in the order in which they set out. What happens to people ashore or aboard a patrol is in
//! `reference.rs` and elsewhere.

mod common;

use common::{BARE, scenario, transitions, z_between};
use landfall::engine::keyed::{Luck, Purpose};
use landfall::engine::sim::person_key;
use landfall::experiment::member::with_seed;
use landfall::model::math;
use landfall::scenario::Setup;
use landfall::world::{Cell, Status};
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64;
use std::collections::BTreeMap;

/// The group everybody belongs to: those whose claim is well-founded.
const PEOPLE: usize = 1;
/// Long enough for every month's weather to matter a little, and for patrols to be overtaxed and at ease.
const DAYS: u32 = 240;

const SEA: &str = r#"
[zones.strait]
area_km2 = 20000.0
patrolled_by = "DES"
disembark_at = "there"
patrol_hours_per_day = 60.0
boarding = 0.8
weather_by_month = [0.4, 0.5, 0.6, 0.8, 0.9, 1.0, 1.0, 0.9, 0.8, 0.6, 0.5, 0.4]

[vessels.raft]
persons_mean = 5.0
persons_safe = 4.0
detectability = 0.7
distress_per_day = 0.06
"#;

/// The strait, with families aboard.
fn strait() -> Setup {
    let changes = [
        "corridors.road.mode=sea",
        "corridors.road.zone=strait",
        "corridors.road.vessel=raft",
        "populations.people.household_size_shares=[0.35, 0.25, 0.2, 0.15, 0.05]",
        "populations.people.households=6000.0",
        "switches.weather=true",
        "switches.evasion=false",
        "switches.reattempts=false",
    ];
    scenario(&format!("{BARE}{SEA}"), &changes)
}

/// Where luck comes from.
enum Dice {
    /// The engine's own draws, by key.
    Keyed(Luck),
    /// A generator that has nothing to do with them.
    Free(Box<Pcg64>),
}

/// A boat, and who sits in it.
struct Boat {
    key: u64,
    days_out: u64,
    days_left: f64,
    people: Vec<u32>,
}

/// Day, who, to; everybody comes from the sea, or from home to it.
type Step = (u32, u32, Status);

struct Strait<'s> {
    setup: &'s Setup,
    dice: Dice,
    day: u32,
    /// Ordinal of the next to leave home.
    next: u32,
    at_home: u64,
    boats: Vec<Boat>,
    overspent_hours: f64,
    weather: f64,
    steps: Vec<Step>,
}

impl<'s> Strait<'s> {
    fn new(setup: &'s Setup, dice: Dice) -> Self {
        let at_home = setup.groups[PEOPLE].households;
        let (boats, steps) = (Vec::new(), Vec::new());
        Self { setup, dice, day: 0, next: 0, at_home, boats, overspent_hours: 0.0, weather: 1.0, steps }
    }

    fn who(&self, ordinal: u32) -> u64 {
        person_key(&self.setup.groups[PEOPLE], ordinal)
    }

    fn uniform(&mut self, purpose: Purpose, who: u64, when: u64, what: u64) -> f64 {
        match &mut self.dice {
            Dice::Keyed(luck) => luck.uniform(purpose, who, when, what),
            Dice::Free(rng) => rng.random::<f64>().max(1e-300),
        }
    }

    fn lognormal(&mut self, mean: f64, sd: f64, purpose: Purpose, who: u64, when: u64, what: u64) -> f64 {
        let normal = math::normal_quantile(self.uniform(purpose, who, when, what));
        mean * math::exp(sd * normal - sd * sd / 2.0)
    }

    /// A day. `leaving`: how many people leave home today, where that is known; else every household at home is asked.
    fn step(&mut self, leaving: Option<u32>) {
        self.draw_weather();
        let mut embarking = Vec::new();
        match leaving {
            Some(people) => {
                let after = self.next + people;
                while self.next < after {
                    embarking.push(self.leave_home());
                }
            }
            None => {
                // Fewer set out in bad weather.
                let p = math::event_probability(self.setup.groups[PEOPLE].base_per_day * self.weather);
                for _ in 0..self.at_home {
                    let Dice::Free(rng) = &mut self.dice else { return };
                    if rng.random::<f64>() < p {
                        embarking.push(self.leave_home());
                    }
                }
            }
        }
        self.fill_boats(&embarking);
        let stopped = self.patrol();
        let boats = std::mem::take(&mut self.boats);
        for (boat, stopped) in boats.into_iter().zip(stopped) {
            if stopped {
                self.bring(&boat.people, Status::AboardPatrol);
            } else {
                self.sail(boat);
            }
        }
        self.day += 1;
    }

    fn draw_weather(&mut self) {
        let zone = &self.setup.zones[0];
        let mean = zone.typed.weather_by_month[self.setup.calendar.month_of_year(self.day)];
        let u = self.uniform(Purpose::Weather, zone.key, u64::from(self.day), 0);
        // Weather varies about its mean by the same on both sides, and is never worse than nothing sails.
        let off = (zone.typed.weather_sd * math::normal_quantile(u)).clamp(-mean, mean);
        self.weather = mean + off;
    }

    /// A household leaves: its people, first and end.
    fn leave_home(&mut self) -> (u32, u32) {
        let first = self.next;
        let u = self.uniform(Purpose::HouseholdSize, self.who(first), 0, 0);
        let mut size = 0;
        let mut below = 0.0;
        for share in &self.setup.populations[0].typed.household_size_shares {
            size += 1;
            below += share;
            if u < below {
                break;
            }
        }
        self.at_home -= 1;
        self.next += size;
        (first..self.next).for_each(|ordinal| self.steps.push((self.day, ordinal, Status::AtSea)));
        (first, self.next)
    }

    /// Families board in the order in which they set out; the first of a boat has found it.
    fn fill_boats(&mut self, embarking: &[(u32, u32)]) {
        let (road, kind) = (&self.setup.corridors[0], &self.setup.vessels[0]);
        let mut waiting = embarking;
        while let Some(&(organiser, _)) = waiting.first() {
            let who = self.who(organiser);
            let key = match &mut self.dice {
                Dice::Keyed(luck) => luck.bits(Purpose::VesselSize, who, 1, road.key),
                Dice::Free(rng) => rng.random(),
            };
            let drawn =
                self.lognormal(kind.persons_mean, kind.persons_log_sd, Purpose::VesselSize, key, 0, 1);
            let places = drawn.round().max(1.0) as usize;
            let (mean, sd) = (road.typed.duration_days, road.typed.duration_log_sd);
            let days_left = self.lognormal(mean, sd, Purpose::Transit, who, 1, road.key).max(0.02);
            let mut people: Vec<u32> = Vec::new();
            while let Some(&(first, end)) = waiting.first() {
                if !people.is_empty() && people.len() + (end - first) as usize > places {
                    break;
                }
                people.extend(first..end);
                waiting = &waiting[1..];
            }
            self.boats.push(Boat { key, days_out: 0, days_left, people });
        }
    }

    /// How often an hour of patrol meets a boat.
    fn met_per_hour(&self, boat: &Boat) -> f64 {
        let zone = &self.setup.zones[0].typed;
        zone.sweep_width_km * zone.patrol_speed_kmh / zone.area_km2
            * self.setup.vessels[0].detectability
            * boat.days_left.min(1.0)
            * self.weather.max(0.05)
    }

    /// Patrols search, and handle what they meet before they search on, until their hours are over; whether each boat is
    /// stopped.
    fn patrol(&mut self) -> Vec<bool> {
        let zone = &self.setup.zones[0].typed;
        let hours = zone.patrol_hours_per_day;
        let free = (hours - self.overspent_hours).max(0.0);
        let search: Vec<f64> = (0..self.boats.len())
            .map(|b| {
                let (key, out) = (self.boats[b].key, self.boats[b].days_out);
                -math::ln(self.uniform(Purpose::SearchCost, key, out, 0)) / self.met_per_hour(&self.boats[b])
            })
            .collect();
        let (mut met, mut stopped) = (vec![false; search.len()], vec![false; search.len()]);
        let (mut handling, mut used) = (0.0, 0.0);
        loop {
            // Of those not met yet, the one that takes the least search.
            let mut next = None;
            for b in 0..search.len() {
                if !met[b] && next.is_none_or(|n: usize| search[b] < search[n]) {
                    next = Some(b);
                }
            }
            let Some(b) = next else { break };
            if search[b] + handling > free {
                break;
            }
            met[b] = true;
            let people = self.boats[b].people.len() as f64;
            handling += zone.handling_hours_per_vessel + zone.handling_hours_per_person * people;
            used = search[b] + handling;
            let (key, out) = (self.boats[b].key, self.boats[b].days_out);
            stopped[b] = self.uniform(Purpose::Boarding, key, out, 0) < zone.boarding;
        }
        self.overspent_hours = (self.overspent_hours + used - hours).max(0.0);
        stopped
    }

    /// A day of a boat that is not stopped: distress, or nearer to land, or there.
    fn sail(&mut self, mut boat: Boat) {
        let (zone, kind) = (&self.setup.zones[0].typed, &self.setup.vessels[0]);
        let load = boat.people.len() as f64 / kind.persons_safe;
        let rough = 1.0 + 3.0 * (1.0 - self.weather).clamp(0.0, 1.0);
        let in_distress =
            math::event_probability(kind.distress_per_day * load * rough * boat.days_left.min(1.0));
        if self.uniform(Purpose::Distress, boat.key, boat.days_out, 0) < in_distress {
            let near = math::event_probability(self.met_per_hour(&boat) * zone.patrol_hours_per_day);
            let rescue = zone.rescue_base + zone.rescue_by_patrols * near;
            if self.uniform(Purpose::Distress, boat.key, boat.days_out, 1) >= rescue {
                for ordinal in std::mem::take(&mut boat.people) {
                    let who = self.who(ordinal);
                    if self.uniform(Purpose::Distress, who, boat.days_out, boat.key) < zone.death_share {
                        self.bring(&[ordinal], Status::Dead);
                    } else {
                        boat.people.push(ordinal);
                    }
                }
            }
            self.bring(&boat.people, Status::AboardPatrol);
            return;
        }
        boat.days_left -= 1.0;
        boat.days_out += 1;
        if boat.days_left > 0.0 {
            self.boats.push(boat);
        } else {
            self.bring(&boat.people, Status::Undocumented);
        }
    }

    fn bring(&mut self, people: &[u32], to: Status) {
        people.iter().for_each(|&ordinal| self.steps.push((self.day, ordinal, to)));
    }
}

/// What the engine does with people at sea, in the terms of the reference.
fn steps_of_engine(setup: &Setup) -> Vec<Step> {
    let all = transitions(setup, DAYS);
    let at_sea = all.iter().filter(|t| t.from.map(Cell::status).is_none_or(|from| from == Status::AtSea));
    in_order(at_sea.map(|t| (t.day, t.ordinal, t.to.status())).collect())
}

fn in_order(mut steps: Vec<Step>) -> Vec<Step> {
    steps.sort_by_key(|s| (s.0, s.1));
    steps
}

/// The reference with the draws of the engine, told only how many leave home on each day.
fn steps_of_reference(setup: &Setup, engine: &[Step]) -> Vec<Step> {
    let mut leaving = vec![0; DAYS as usize];
    engine.iter().filter(|s| s.2 == Status::AtSea).for_each(|s| leaving[s.0 as usize] += 1);
    let mut strait = Strait::new(setup, Dice::Keyed(Luck::new(setup.scenario.scenario.seed)));
    leaving.iter().for_each(|&people| strait.step(Some(people)));
    in_order(strait.steps)
}

#[test]
fn everybody_at_sea_fares_the_same_in_both() {
    for seed in 1..=8 {
        let setup = with_seed(&strait(), seed);
        assert_eq!(setup.groups[0].households, 0, "the reference knows one group");
        let engine = steps_of_engine(&setup);
        let reference = steps_of_reference(&setup, &engine);
        for (e, r) in engine.iter().zip(&reference) {
            assert_eq!(e, r, "seed {seed}: engine and reference part ways");
        }
        assert_eq!(engine.len(), reference.len(), "seed {seed}");
        for to in [Status::AboardPatrol, Status::Undocumented, Status::Dead] {
            assert!(engine.iter().filter(|s| s.2 == to).count() > 30, "hardly anybody is {}", to.name());
        }
    }
}

/// The agreement above would mean nothing if the reference did not answer to the luck it is given.
#[test]
fn other_luck_gives_the_reference_another_sea() {
    let setup = with_seed(&strait(), 1);
    let engine = steps_of_engine(&setup);
    assert_ne!(engine, steps_of_reference(&with_seed(&setup, 2), &engine));
}

/// How many came to each status in the first and in the second half.
fn figures(steps: &[Step]) -> BTreeMap<String, f64> {
    let mut figures = BTreeMap::new();
    for &(day, _, to) in steps {
        let half = if day < DAYS / 2 { 1 } else { 2 };
        *figures.entry(format!("{}, half {half}", to.name())).or_insert(0.0) += 1.0;
    }
    figures
}

#[test]
fn both_agree_in_distribution_under_luck_of_their_own() {
    const RUNS: u64 = 120;
    let setup = strait();
    let mut samples: BTreeMap<String, [Vec<f64>; 2]> = BTreeMap::new();
    for run in 0..RUNS {
        let engine = figures(&steps_of_engine(&with_seed(&setup, 1000 + run)));
        let mut reference = Strait::new(&setup, Dice::Free(Box::new(Pcg64::seed_from_u64(run))));
        (0..DAYS).for_each(|_| reference.step(None));
        for (side, figures) in [engine, figures(&reference.steps)].into_iter().enumerate() {
            for (name, value) in figures {
                let of_all = samples.entry(name).or_insert_with(|| [0, 1].map(|_| vec![0.0; RUNS as usize]));
                of_all[side][run as usize] = value;
            }
        }
    }
    assert!(samples.len() >= 8, "too few figures: {:?}", samples.keys());
    for (name, [engine, reference]) in &samples {
        let z = z_between(engine, reference);
        assert!(z.abs() < 5.0, "{name}: {z:.1} standard errors between engine and reference");
    }
}
