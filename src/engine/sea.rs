//! The sea: vessels, patrols, distress, landing (model 5.5).

use super::keyed::Purpose;
use super::sim::{Change, Sim};
use super::today::EntryNow;
use crate::model::{math, sea};
use crate::scenario::format::Entry;
use crate::world::{Aboard, Cell, Flow, Household, Status, Vessel};
use rayon::prelude::*;

/// Vessels whose people are read together.
const VESSELS_TOGETHER: usize = 32;

/// What became of a vessel today.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Sails,
    Found,
    Ended,
}

impl Sim<'_> {
    /// Weather of every zone today.
    pub fn draw_weather(&mut self) {
        if !self.setup.scenario.switches.weather {
            self.today.weather.fill(1.0);
            return;
        }
        let day = self.day();
        let month = self.setup.calendar.month_of_year(day);
        for (z, zone) in self.setup.zones.iter().enumerate() {
            let normal = self.luck.normal(Purpose::Weather, zone.key, u64::from(day), 0);
            self.today.weather[z] =
                sea::weather_factor(zone.typed.weather_by_month[month], normal, zone.typed.weather_sd);
        }
        for event in &self.setup.events {
            if let (crate::scenario::format::EventKind::Weather, Some(zone)) = (event.kind, event.zone)
                && (event.first..=event.last).contains(&day)
            {
                self.today.weather[zone] = event.value.clamp(0.0, 1.0);
            }
        }
    }

    /// Fill vessels with those who embarked today, in the order they set out.
    pub fn board_vessels(&mut self) {
        let mut embarked = std::mem::take(&mut self.today.embarked);
        embarked.sort_by_key(|&(corridor, _)| corridor);
        for together in embarked.chunk_by(|a, b| a.0 == b.0) {
            let corridor = together[0].0;
            let kind = &self.setup.vessels[self.setup.corridors[corridor].vessel];
            let mut waiting = together.iter().map(|(_, h)| *h).peekable();
            while let Some(&organiser) = waiting.peek() {
                let who = self.who(organiser.group, organiser.head);
                let attempt = self.record(organiser, Status::AtSea).map_or(0, |r| u64::from(r.attempts()));
                let key =
                    self.luck.bits(Purpose::VesselSize, who, attempt, self.setup.corridors[corridor].key);
                let normal = self.luck.normal(Purpose::VesselSize, key, 0, 1);
                let places = sea::vessel_size(kind.persons_mean, kind.persons_log_sd, normal);
                let mut vessel = Vessel {
                    corridor: corridor as u16,
                    key,
                    days_out: 0,
                    days_left: self.leg_days(corridor, who, attempt as u32).max(0.02),
                    households: Vec::new(),
                };
                let mut aboard = 0;
                while let Some(h) = waiting.peek() {
                    let size = u32::from(h.size);
                    if !vessel.households.is_empty() && aboard + size > places {
                        break;
                    }
                    aboard += size;
                    vessel.households.push(*h);
                    waiting.next();
                }
                self.world.vessels.push(vessel);
            }
        }
        self.today.embarked = embarked;
        self.today.embarked.clear();
    }

    /// A day at sea in every zone.
    pub fn sail(&mut self) {
        let mut vessels = std::mem::take(&mut self.world.vessels);
        let mut fates = vec![Fate::Sails; vessels.len()];
        let persons: Vec<u32> = if self.reads_ahead(vessels.len()) {
            let together = |some: &[Vessel]| -> Vec<u32> {
                let aboard: Vec<Household> = some.iter().flat_map(|v| v.households.iter().copied()).collect();
                self.read_ahead(aboard.into_iter(), Status::AtSea);
                some.iter().map(|vessel| self.persons(vessel)).collect()
            };
            vessels.par_chunks(VESSELS_TOGETHER).flat_map_iter(together).collect()
        } else {
            vessels.iter().map(|vessel| self.persons(vessel)).collect()
        };
        let mut by_zone: Vec<Vec<usize>> = vec![Vec::new(); self.setup.zones.len()];
        for (v, vessel) in vessels.iter().enumerate() {
            by_zone[self.setup.corridors[usize::from(vessel.corridor)].zone].push(v);
        }
        self.send_patrols();
        for (zone, here) in by_zone.iter().enumerate() {
            self.patrol(zone, here, &vessels, &persons, &mut fates);
            for &v in here {
                if fates[v] == Fate::Sails {
                    fates[v] = self.sail_on(zone, &mut vessels[v], persons[v]);
                }
            }
        }
        if self.setup.scenario.switches.shared_patrols {
            self.share_overspent_hours();
        }
        let mut fates = fates.into_iter();
        vessels.retain(|_| fates.next() == Some(Fate::Sails));
        self.world.vessels = vessels;
    }

    /// Patrol hours of every zone today: as ordered, but for the part of a State's fleet that goes where the work is.
    fn send_patrols(&mut self) {
        let (setup, ordered) = (self.setup, &self.levers.patrol_hours);
        for (state, &(target, ramp)) in self.world.zones.iter_mut().zip(ordered) {
            state.ordered_hours = sea::surge_step(state.ordered_hours, target, ramp);
        }
        let shared = setup.scenario.switches.shared_patrols;
        let mut fleets = vec![(0.0, 0.0); setup.countries.len()];
        for (zone, state) in setup.zones.iter().zip(&self.world.zones) {
            let (hours, need) = &mut fleets[zone.country.index()];
            *hours += state.ordered_hours;
            *need += sea::patrol_need(state.work_hours, state.ordered_hours);
        }
        for (zone, state) in setup.zones.iter().zip(&mut self.world.zones) {
            let (all_hours, all_need) = fleets[zone.country.index()];
            let follow = setup.countries[zone.country.index()].typed.patrols_follow_need;
            let share = if shared { follow } else { 0.0 };
            let need = sea::patrol_need(state.work_hours, state.ordered_hours);
            state.patrol_hours = sea::hours_by_need(share, state.ordered_hours, all_hours, need, all_need);
        }
    }

    /// The patrols of a State are one fleet: hours overspent in one of its zones are missing in all of them.
    fn share_overspent_hours(&mut self) {
        let zones = &self.setup.zones;
        let mut fleets = vec![(0.0, 0.0); self.setup.countries.len()];
        for (zone, state) in zones.iter().zip(&self.world.zones) {
            let (overspent, hours) = &mut fleets[zone.country.index()];
            *overspent += state.overspent_hours;
            *hours += state.patrol_hours;
        }
        for (zone, state) in zones.iter().zip(&mut self.world.zones) {
            let (overspent, hours) = fleets[zone.country.index()];
            state.overspent_hours = sea::overspent_here(overspent, state.patrol_hours, hours);
        }
    }

    fn persons(&self, vessel: &Vessel) -> u32 {
        let crowd = |h: &Household| &self.world.groups[h.group.index()].crowd;
        let aboard = |h: &Household| crowd(h).members(h.head, h.size, Status::AtSea, None).len() as u32;
        vessel.households.iter().map(aboard).sum()
    }

    /// Patrols search a zone: vessels in order of the search they cost, until the hours run out.
    fn patrol(
        &mut self,
        zone: usize,
        here: &[usize],
        vessels: &[Vessel],
        persons: &[u32],
        fates: &mut [Fate],
    ) {
        let setup = self.setup;
        let typed = &setup.zones[zone].typed;
        let state = &self.world.zones[zone];
        let available = (state.patrol_hours - state.overspent_hours).max(0.0);
        let mut order: Vec<(f64, usize)> = Vec::with_capacity(here.len());
        for &v in here {
            let rate = self.detection_rate(zone, &vessels[v]);
            let draw =
                self.luck.exponential(Purpose::SearchCost, vessels[v].key, u64::from(vessels[v].days_out), 0);
            order.push((if rate > 0.0 { draw / rate } else { f64::INFINITY }, v));
        }
        order.sort_by(|a, b| a.0.total_cmp(&b.0).then(vessels[a.1].key.cmp(&vessels[b.1].key)));
        let costs: Vec<f64> = order.iter().map(|o| o.0).collect();
        let persons: Vec<u32> = order.iter().map(|o| persons[o.1]).collect();
        let (h0, h1) = if setup.scenario.switches.saturation {
            (typed.handling_hours_per_vessel, typed.handling_hours_per_person)
        } else {
            (0.0, 0.0)
        };
        let mut found = Vec::new();
        let used = sea::search(&costs, &persons, available, h0, h1, &mut found);
        let state = &mut self.world.zones[zone];
        let hours = state.patrol_hours;
        state.overspent_hours = (state.overspent_hours + used - hours).max(0.0);
        let work = sea::handling_hours(found.iter().map(|&k| persons[k]), h0, h1);
        state.work_hours = sea::surge_step(state.work_hours, work, sea::WORK_DAYS);
        let tally = &mut self.world.tally.vessels[zone];
        tally[0] += here.len() as u32;
        tally[1] += found.len() as u32;
        for &k in &found {
            let v = order[k].1;
            if self.board(zone, &vessels[v], persons[k]) {
                fates[v] = Fate::Found;
                self.note_crossing(&vessels[v], true);
            }
        }
    }

    /// Rate at which one patrol-hour finds a vessel.
    fn detection_rate(&self, zone: usize, vessel: &Vessel) -> f64 {
        let setup = self.setup;
        let typed = &setup.zones[zone].typed;
        let kind = &setup.vessels[setup.corridors[usize::from(vessel.corridor)].vessel];
        let first = vessel.households[0];
        let seek = if setup.scenario.switches.evasion {
            let route = self.record(first, Status::AtSea).map_or(0, |r| usize::from(r.route));
            let beliefs = &self.world.routes[route];
            sea::seek_factor(beliefs.stopped.mean(), beliefs.land.mean(), typed.seek_strength)
        } else {
            1.0
        };
        let exposure = vessel.days_left.min(1.0);
        let weather = self.today.weather[zone].max(0.05);
        sea::detection_rate_per_hour(seek, typed.sweep_width_km, typed.patrol_speed_kmh, typed.area_km2)
            * kind.detectability
            * exposure
            * weather
    }

    /// Board a vessel that was found: those aboard are taken aboard the patrol, as far as there is room.
    fn board(&mut self, zone: usize, vessel: &Vessel, persons: u32) -> bool {
        let typed = &self.setup.zones[zone].typed;
        let u = self.luck.uniform(Purpose::Boarding, vessel.key, u64::from(vessel.days_out), 0);
        if u >= typed.boarding {
            return false;
        }
        let place = self.setup.zones[zone].place;
        if !self.room_at(place, persons) {
            let group = vessel.households[0].group;
            self.count(Flow::PassedOn, place, group, persons);
            return false;
        }
        for &household in &vessel.households {
            self.take_aboard(zone, household, Entry::Interception);
        }
        true
    }

    fn take_aboard(&mut self, zone: usize, household: Household, on: Entry) {
        let place = self.setup.zones[zone].place;
        let Some((first, members)) = self.first_and_rows(household, Status::AtSea) else { return };
        let record = first.record;
        let rescued = on == Entry::Rescue;
        let record = if rescued { record } else { record.after_stop() };
        let flow = if rescued { Flow::Rescued } else { Flow::Interdicted };
        let change = Change::counted(flow).record(record);
        let to = Cell::of(place, Status::AboardPatrol);
        let moved = self.shift_members(household, members, Status::AtSea, to, change);
        self.news_of_stop(record.route, record.epoch, household, moved, true);
        self.world.zones[zone].aboard.push(Aboard { household, rescued });
    }

    /// News for those at home: stopped or not.
    pub fn news_of_stop(&mut self, route: u16, epoch: u8, household: Household, persons: u32, stopped: bool) {
        let population = self.setup.group(household.group).population;
        if epoch != self.world.populations[population.index()].epoch {
            return;
        }
        let news = &mut self.world.routes[usize::from(route)].news;
        news.stop.0 += if stopped { f64::from(persons) } else { 0.0 };
        news.stop.1 += f64::from(persons);
        news.death.1 += f64::from(persons);
    }

    /// News for those at home: one of them died on the way.
    pub fn news_of_death(&mut self, household: Household, slot: crate::world::Slot) {
        let group = household.group;
        let record = self.world.groups[group.index()].crowd.chunks[slot.chunk].people[slot.row].record;
        let population = self.setup.group(group).population;
        if record.epoch == self.world.populations[population.index()].epoch {
            let news = &mut self.world.routes[usize::from(record.route)].news;
            news.death.0 += 1.0;
            news.death.1 += 1.0;
        }
    }

    /// An unfound vessel's day: distress, or nearer to land.
    fn sail_on(&mut self, zone: usize, vessel: &mut Vessel, persons: u32) -> Fate {
        let setup = self.setup;
        let kind = &setup.vessels[setup.corridors[usize::from(vessel.corridor)].vessel];
        let exposure = vessel.days_left.min(1.0);
        if setup.scenario.switches.distress {
            let hazard = sea::distress_hazard_per_day(
                kind.distress_per_day,
                kind.load_elasticity,
                f64::from(persons) / kind.persons_safe,
                self.today.weather[zone],
            );
            let u = self.luck.uniform(Purpose::Distress, vessel.key, u64::from(vessel.days_out), 0);
            if u < math::event_probability(hazard * exposure) {
                self.distress(zone, vessel);
                return Fate::Ended;
            }
        }
        vessel.days_left -= 1.0;
        vessel.days_out = vessel.days_out.saturating_add(1);
        if vessel.days_left > 0.0 {
            return Fate::Sails;
        }
        self.world.tally.vessels[zone][2] += 1;
        self.note_crossing(vessel, false);
        for household in vessel.households.clone() {
            self.land(vessel, household);
        }
        Fate::Ended
    }

    /// What suppliers reckon with: the share of the last twenty or so crossings of a kind of vessel that were found.
    fn note_crossing(&mut self, vessel: &Vessel, found: bool) {
        let kind = self.setup.corridors[usize::from(vessel.corridor)].vessel;
        let share = &mut self.world.kind_found[kind];
        *share += (f64::from(u8::from(found)) - *share) * 0.05;
    }

    fn distress(&mut self, zone: usize, vessel: &Vessel) {
        let setup = self.setup;
        let typed = &setup.zones[zone].typed;
        self.world.tally.vessels[zone][3] += 1;
        let rate = self.detection_rate(zone, vessel);
        let near = math::event_probability(rate * self.world.zones[zone].patrol_hours);
        let rescue = sea::rescue_probability(typed.rescue_base, typed.rescue_by_patrols, near);
        let day = u64::from(vessel.days_out);
        let in_time = self.luck.uniform(Purpose::Distress, vessel.key, day, 1) < rescue;
        let place = setup.zones[zone].place;
        for &household in &vessel.households {
            if !in_time {
                self.drown(household, place, typed.death_share, vessel.key, day);
            }
            self.take_aboard(zone, household, Entry::Rescue);
        }
    }

    /// In a distress without rescue in time each person dies with the share of deaths.
    fn drown(&mut self, household: Household, place: crate::world::PlaceId, share: f64, key: u64, day: u64) {
        let slots: Vec<_> = self.rows(household, Status::AtSea).collect();
        for slot in slots {
            let ordinal =
                self.world.groups[household.group.index()].crowd.chunks[slot.chunk].ordinal[slot.row];
            let who = self.who(household.group, ordinal);
            if self.luck.uniform(Purpose::Distress, who, day, key) < share {
                self.news_of_death(household, slot);
                self.die(household, slot, place, Flow::DiedAtSea);
            }
        }
    }

    fn land(&mut self, vessel: &Vessel, household: Household) {
        let setup = self.setup;
        let Some((first, members)) = self.first_and_rows(household, Status::AtSea) else { return };
        let record = first.record;
        let place = setup.corridors[usize::from(vessel.corridor)].to;
        let persons = members.len() as u32;
        self.news_of_stop(record.route, record.epoch, household, persons, false);
        self.count(Flow::Landed, place, household.group, persons);
        let route = &setup.routes[usize::from(record.route)];
        let record = self.registered(record, place);
        let next = record.leg() + 1;
        if next < route.corridors.len() {
            let record = record.with_leg(next);
            let (cell, due) =
                self.leg_cell(household, crate::world::RouteId(record.route), next, record.attempts());
            let change = Change { due, record: Some(record), ..Change::default() };
            self.shift_members(household, members, Status::AtSea, cell, change);
        } else {
            let change = Change::default().record(record);
            let to = Cell::of(place, Status::Undocumented);
            self.shift_members(household, members, Status::AtSea, to, change);
            self.today.entries.push(EntryNow { household, on: Entry::Landing, place, record });
        }
    }
}
