//! Accounts of the day and domestic political pressure (model 5.11).

use super::sim::Sim;
use crate::instruments::care_grant;
use crate::model::{belief, choice, ladder, pressure};
use crate::scenario::format::{Channel, EventKind};
use crate::scenario::resolve::YEAR_DAYS;
use crate::world::{Cell, CountryId, PlaceId, Status};

/// Time over which flows are averaged before they are reported: a month.
const REPORT_DAYS: f64 = 30.0;

/// Statuses of people for whom a country is answerable on its territory, though they are not held.
pub const IN_CARE: [Status; 7] = [
    Status::Claimant,
    Status::Appellant,
    Status::TransferPending,
    Status::Protected,
    Status::TemporarilyProtected,
    Status::Tolerated,
    Status::Rejected,
];

pub(super) const IN_CARE_BITS: u32 = Status::bits(&IN_CARE);
pub(super) const HELD_BITS: u32 = Status::bits(&Status::HELD);

impl Sim<'_> {
    /// Flows of the day into slow averages, person-days, ties.
    pub fn keep_accounts(&mut self) {
        for (population, day) in self.today.populations.iter().enumerate() {
            let (days, stocks) =
                (self.world.tally.person_days.own_mut(population), self.world.stocks.own(population));
            day.peopled().for_each(|at| days[at] += u64::from(stocks[at]));
        }
        let share = -crate::model::math::expm1(-1.0 / REPORT_DAYS);
        let kept = belief::kept_share(self.setup.scenario.policy.peak_half_life_days, 1.0);
        for (c, state) in self.world.countries.iter_mut().enumerate() {
            let arrivals = self.today.populations.iter().map(|day| f64::from(day.arrivals[c]));
            let all: f64 = arrivals.clone().sum();
            state.arriving += share * (all - state.arriving);
            state.heading_here += share * (self.today.heading[c] - state.heading_here);
            state.relief += share * (self.today.relief[c] - state.relief);
            state.harmed += share * (self.today.harmed[c] - state.harmed);
            let care_usd = self.levers.care_usd[c] / YEAR_DAYS;
            state.received_usd += care_usd;
            state.paid_usd += self.levers.paid_usd[c] / YEAR_DAYS;
            state.visible_today = self.today.visible[c];
            for ((flow, peak), today) in state.flow.iter_mut().zip(&mut state.peak).zip(arrivals) {
                *flow += share * (today - *flow);
                *peak = ladder::remembered_peak(*peak, *flow, kept);
            }
        }
        let decay = self.setup.scenario.choice.network_decay_per_year / YEAR_DAYS;
        for state in &mut self.world.routes {
            state.settled = choice::network_step(state.settled, 0.0, decay, 1.0);
            // Word of today's departures has not gone round yet: it is what tomorrow calls yesterday's.
            state.used += share * (f64::from(state.left_yesterday) - state.used);
        }
        for (peak, day) in self.world.tally.held_peak.iter_mut().zip(&self.today.populations) {
            *peak = (*peak).max(day.held);
        }
    }

    /// Pressure in every country.
    pub fn press(&mut self) {
        if !self.setup.scenario.switches.pressure {
            self.world.countries.iter_mut().for_each(|c| c.attention.pressure = 0.0);
            return;
        }
        for country in 0..self.setup.countries.len() {
            let terms = self.pressure_terms(CountryId::at(country));
            let parameters = self.pressure_parameters();
            let state = &mut self.world.countries[country];
            state.attention = pressure::step(state.attention, &terms, &parameters);
        }
    }

    /// Parameters of pressure, as the submodel takes them.
    pub fn pressure_parameters(&self) -> pressure::PressureParameters {
        let p = &self.setup.scenario.pressure;
        pressure::PressureParameters {
            alpha_surprise: p.alpha_surprise,
            alpha_prospect: p.alpha_prospect,
            gamma_capacity: p.gamma_capacity,
            gamma_stock: p.gamma_stock,
            stock_scale_per_million: p.stock_scale_per_million,
            delta_constituency: p.delta_constituency,
            rho_relief: p.rho_relief,
            notice_per_million_day: p.notice_per_million_day,
            adaptation_days: p.adaptation_days,
            memory_days: p.memory_days,
            ..pressure::PressureParameters::default()
        }
    }

    /// What bears on a country's public today.
    pub fn pressure_terms(&self, country: CountryId) -> pressure::PressureTerms {
        let setup = self.setup;
        let typed = &setup.countries[country.index()].typed;
        let state = &self.world.countries[country.index()];
        let day = self.day();
        let millions = typed.receiving_population_millions;
        let visible =
            pressure::visible_arrivals_per_million(state.visible_today, 1.0, millions, typed.dispersal);
        let departures =
            pressure::visible_arrivals_per_million(state.heading_here, 1.0, millions, typed.dispersal);
        let stock = self.stock_in_care(country);
        let mut events = 0.0;
        for e in &setup.events {
            let here = e.kind == EventKind::Pressure && e.country == Some(country);
            if here && (e.first..=e.last).contains(&day) {
                events += e.value;
            }
        }
        let election = setup.countries[country.index()].election_day.map_or(1.0, |first| {
            pressure::election_multiplier(
                first,
                typed.election_years * YEAR_DAYS,
                f64::from(day),
                setup.scenario.pressure.election_boost,
            )
        });
        pressure::PressureTerms {
            visible_per_million_day: visible,
            departures_per_million_day: departures,
            election_multiplier: election,
            load: stock / self.levers.reception_places[country.index()],
            stock_per_million: stock / typed.population_millions,
            events,
            constituency: typed.constituency,
            relief_share: self.relief_share(country, stock),
        }
    }

    /// Share of a country's arrivals that partners took, and of its costs of care that they met.
    fn relief_share(&self, country: CountryId, stock: f64) -> f64 {
        let state = &self.world.countries[country.index()];
        let taken = if state.arriving > 0.0 { state.relief / state.arriving } else { 0.0 };
        taken + self.care_met_of(country, stock)
    }

    /// Share of a country's cost of care that partners meet.
    pub fn care_met(&self, country: CountryId) -> f64 {
        self.care_met_of(country, self.stock_in_care(country))
    }

    fn care_met_of(&self, country: CountryId, stock: f64) -> f64 {
        let typed = &self.setup.countries[country.index()].typed;
        let usd = self.levers.care_usd[country.index()];
        care_grant::share_met(usd, typed.care_usd_per_person_year, stock)
    }

    /// People in a country's care, pending, tolerated or refused on its territory, and held at places it runs.
    pub fn stock_in_care(&self, country: CountryId) -> f64 {
        debug_assert!(self.apart.is_none(), "a part of the world does not know who is in care");
        let mut stock = 0.0;
        for place in &self.setup.countries[country.index()].places {
            let place = place.index();
            stock += f64::from(self.world.places[place].occupied) + f64::from(self.today.in_care[place]);
        }
        stock
    }

    /// People in a country's care over its places in reception.
    pub fn reception_load(&self, country: CountryId) -> f64 {
        self.stock_in_care(country) / self.levers.reception_places[country.index()]
    }

    /// People of one status in a place.
    fn stock_of_status(&self, place: usize, status: Status) -> u32 {
        self.world.stocks.of_all(Cell::of(PlaceId::at(place), status).index())
    }

    /// People of one status at the places of a country.
    pub fn stock_of(&self, country: CountryId, status: Status) -> f64 {
        let places = self.setup.places.iter().enumerate().filter(|(_, p)| p.country == country);
        places.map(|(place, _)| f64::from(self.stock_of_status(place, status))).sum()
    }

    /// Grievances of origins: people taken aboard and admitted provoke, and so do dated events; both fade.
    pub fn hold_grievances(&mut self) {
        let policy = &self.setup.scenario.policy;
        let day = self.day();
        for (p, population) in self.setup.populations.iter().enumerate() {
            let admitted =
                f64::from(self.today.populations[p].admitted_at_sea) / policy.grievance_scale_persons;
            let mut provocation = admitted;
            for e in &self.setup.events {
                let here = e.kind == EventKind::Provocation && e.country == Some(population.country);
                if here && (e.first..=e.last).contains(&day) {
                    provocation += e.value;
                }
            }
            let state = &mut self.world.populations[p];
            state.grievance = ladder::grievance_step(state.grievance, provocation, policy.grievance_days);
        }
    }

    /// Which irregular routes of a population lead to a country.
    pub fn routes_to(&self, population: usize, country: CountryId) -> Vec<usize> {
        self.setup.populations[population]
            .home_routes
            .iter()
            .map(|r| r.index())
            .filter(|&r| {
                self.setup.routes[r].country == country && self.setup.routes[r].channel == Channel::Irregular
            })
            .collect()
    }
}
