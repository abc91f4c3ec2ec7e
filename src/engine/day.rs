//! The day: one table of processes, in order. The documentation is held to this table by a test.

use super::keyed::Purpose;
use super::sim::Sim;
use crate::model::{departure, sea};
use crate::scenario::resolve::YEAR_DAYS;

/// One process of a day.
pub struct Process {
    /// Its name, as in the documentation and in profiles.
    pub name: &'static str,
    /// What it does, in a line.
    pub does: &'static str,
    /// The code.
    pub run: fn(&mut Sim),
}

/// The processes of a day, in order.
pub const DAY: &[Process] = &[
    Process {
        name: "events",
        does: "dated moves of ladders; drivers, growth, noise; weather",
        run: |sim| sim.exogenous(),
    },
    Process {
        name: "beliefs",
        does: "outcomes of the day before become beliefs; word of open exits",
        run: |sim| sim.update_beliefs(),
    },
    Process {
        name: "departures",
        does: "what people reckon with; the clocks of those at home; first legs",
        run: |sim| sim.departures(),
    },
    Process {
        name: "people",
        does: "dated events and daily hazards of everybody who is simulated",
        run: |sim| sim.pass_people(),
    },
    Process {
        name: "sea",
        does: "vessels, patrols, distress, landing; supply of vessels",
        run: |sim| sim.at_sea(),
    },
    Process {
        name: "dispositions",
        does: "what States do with those who came under their authority; borders",
        run: |sim| sim.dispose(),
    },
    Process {
        name: "facilities",
        does: "screening and determination of those held; parole, resettlement, overflow",
        run: |sim| sim.run_facilities(),
    },
    Process {
        name: "claims",
        does: "first and second instance in countries; removals",
        run: |sim| sim.decide_and_remove(),
    },
    Process { name: "programmes", does: "places of orderly channels", run: |sim| sim.grant_places() },
    Process { name: "relocation", does: "people moved under arrangements", run: |sim| sim.relocate() },
    Process {
        name: "accounts",
        does: "slow averages, person-days, ties; political pressure; grievances",
        run: |sim| sim.account(),
    },
    Process {
        name: "policy",
        does: "reviews of ladders; life of arrangements",
        run: |sim| sim.decide_policy(),
    },
];

impl Sim<'_> {
    /// Simulate a day. It cannot fail.
    pub fn step(&mut self) {
        for process in DAY {
            (process.run)(self);
        }
        self.world.day += 1;
    }

    /// The same, adding the time each process took to `seconds`, in the order of the table.
    pub fn step_profiled(&mut self, seconds: &mut [f64], clock: impl Fn() -> f64) {
        for (process, spent) in DAY.iter().zip(seconds) {
            let before = clock();
            (process.run)(self);
            *spent += clock() - before;
        }
        self.world.day += 1;
    }

    fn exogenous(&mut self) {
        self.today.clear();
        self.build_up();
        self.move_dated();
        self.draw_weather();
        let setting = &self.setup.scenario.setting_out;
        let day = u64::from(self.day());
        for (p, population) in self.setup.populations.iter().enumerate() {
            let normal = self.luck.normal(Purpose::Noise, population.key, day, 0);
            let state = &mut self.world.populations[p];
            state.log_noise =
                departure::noise_step(state.log_noise, normal, setting.noise_sd, setting.noise_days);
            self.grow(p);
        }
    }

    /// Households come of age, or are lost, in proportion to the groups.
    fn grow(&mut self, population: usize) {
        let setup = self.setup;
        let p = &setup.populations[population];
        if p.typed.growth_per_year == 0.0 {
            return;
        }
        let groups = p.groups.clone();
        let at_home: u64 = groups.clone().map(|g| self.world.groups[g].clock.households_at_home).sum();
        let state = &mut self.world.populations[population];
        state.growth_carry += at_home as f64 * p.typed.growth_per_year / YEAR_DAYS;
        // Enough for every group to get its share in whole households.
        if state.growth_carry.abs() < 1000.0 {
            return;
        }
        let change = state.growth_carry;
        state.growth_carry = 0.0;
        let mut left = change;
        for g in groups {
            let share = setup.groups[g].households as f64 / p.typed.households;
            let whole = (change * share).trunc();
            let clock = &mut self.world.groups[g].clock;
            clock.households_at_home = (clock.households_at_home as f64 + whole).max(0.0) as u64;
            left -= whole;
        }
        self.world.populations[population].growth_carry += left;
    }

    fn departures(&mut self) {
        self.reckon_routes();
        self.reckon_groups();
        self.depart();
    }

    fn at_sea(&mut self) {
        self.board_vessels();
        self.sail();
        // Those who came to land only to sail on.
        self.board_vessels();
        self.adapt_supply();
    }

    /// Suppliers of smuggled passage come with success and go with seizure.
    fn adapt_supply(&mut self) {
        if !self.setup.scenario.switches.smuggling {
            return;
        }
        for (v, kind) in self.setup.vessels.iter().enumerate() {
            if !kind.smuggled {
                continue;
            }
            let stopped = self.world.kind_found[v];
            let cost = kind.boat_usd / kind.persons_mean + kind.variable_usd;
            let fare =
                sea::fare_usd(kind.boat_usd, kind.persons_mean, kind.variable_usd, stopped, kind.seizure);
            let entry = kind.supply_entry_per_year / YEAR_DAYS;
            self.world.supply[v] = sea::entry_step(
                self.world.supply[v],
                sea::entry_rate_per_day(entry, fare, cost, kind.supply_elasticity),
                kind.supply_exit_per_year / YEAR_DAYS,
                stopped,
            );
        }
    }

    fn decide_and_remove(&mut self) {
        self.decide_claims();
        self.remove();
    }

    fn account(&mut self) {
        self.keep_accounts();
        self.press();
        self.hold_grievances();
    }

    fn decide_policy(&mut self) {
        self.review();
        self.negotiate();
    }
}
