//! What people believe, brought up to date once a day with the outcomes of the day before (model 5.2), and what they
//! know of open exits (model 5.1).

use super::sim::Sim;
use crate::model::{belief, departure, outcome};
use crate::scenario::format::{Channel, EventKind};
use crate::scenario::resolve::YEAR_DAYS;
use crate::world::News;

impl Sim<'_> {
    /// Bring every belief up to date.
    pub fn update_beliefs(&mut self) {
        let setup = self.setup;
        let b = &setup.scenario.beliefs;
        let learning = setup.scenario.switches.learning;
        let kept = belief::kept_share(b.half_life_days, 1.0);
        let kept_common = belief::kept_share(b.common_half_life_days, 1.0);
        for (index, route) in setup.routes.iter().enumerate() {
            if route.channel == Channel::Orderly {
                continue;
            }
            let state = &mut self.world.routes[index];
            let News { stop, death, land, stopped } = std::mem::take(&mut state.news);
            let [common_stop, common_death, common_land, common_stopped] = &mut state.common;
            for (component, outcomes, common) in [
                (&mut state.stop, stop, common_stop),
                (&mut state.death, death, common_death),
                (&mut state.land, land, common_land),
                (&mut state.stopped, stopped, common_stopped),
            ] {
                let prior = belief::Belief::prior(*common, b.prior_strength);
                *component = component.fade(prior, kept);
                if learning && outcomes.1 > 0.0 {
                    *component = component.credit(outcomes.0, outcomes.1, b.outcome_weight);
                }
                if learning {
                    *common = belief::common_knowledge(*common, component.mean(), kept_common);
                }
            }
            self.learn_exit(index);
        }
        self.believe_treatment();
        self.hear_announcements();
    }

    /// That an exit is open is learnt from those who got away.
    fn learn_exit(&mut self, index: usize) {
        let s = &self.setup.scenario.setting_out;
        let physical = self.levers.exit[index];
        let state = &mut self.world.routes[index];
        let left = f64::from(state.left_yesterday);
        state.left_yesterday = 0;
        state.known_exit = departure::learn_opening(
            state.known_exit,
            physical,
            left,
            s.exit_learning_half_households,
            s.exit_learning_per_day,
        );
    }

    /// How returnees are treated becomes known as they are returned; here, slowly, as the practice is.
    fn believe_treatment(&mut self) {
        let setup = self.setup;
        for (p, population) in setup.populations.iter().enumerate() {
            let practice = self.returnees_punished(population.country);
            let state = &mut self.world.populations[p];
            state.believed_punished =
                outcome::believed_punishment_step(state.believed_punished, practice, YEAR_DAYS);
        }
    }

    /// Share of returnees a country punishes today: what a dated event says, else what it does under what it promised.
    pub fn returnees_punished(&self, country: crate::world::CountryId) -> f64 {
        let day = self.day();
        let said = self.setup.events.iter().rev().find(|e| {
            e.kind == EventKind::ReturneeTreatment
                && e.country == Some(country)
                && (e.first..=e.last).contains(&day)
        });
        said.map_or(self.levers.punished[country.index()], |e| e.value.clamp(0.0, 1.0))
    }

    fn hear_announcements(&mut self) {
        if !self.setup.scenario.switches.announcements {
            return;
        }
        let day = self.day();
        let strength = self.setup.scenario.beliefs.announcement_strength;
        for event in &self.setup.events {
            if event.kind == EventKind::Announcement
                && event.first == day
                && let Some(route) = event.route
            {
                let state = &mut self.world.routes[route.index()];
                let said = event.value.clamp(0.0, 1.0);
                state.stopped = state.stopped.announce(event.credibility, strength, said);
                state.common[3] = belief::common_after_announcement(state.common[3], event.credibility, said);
            }
        }
    }

    /// What is said when a ladder moves: the chances the new rung gives, as its State would have them known.
    pub fn announce_rung(&mut self, ladder: usize, credibility: f64) {
        let setup = self.setup;
        let l = &setup.ladders[ladder];
        let beliefs = &setup.scenario.beliefs;
        let (strength, prior_strength) = (beliefs.announcement_strength, beliefs.prior_strength);
        for (p, population) in setup.populations.iter().enumerate() {
            if !l.concerns[p] {
                continue;
            }
            self.world.populations[p].epoch = self.world.populations[p].epoch.wrapping_add(1);
            if !setup.scenario.switches.announcements {
                continue;
            }
            let outlook = self.outlook(p, l.country);
            for &id in &population.home_routes {
                let route = &setup.routes[id.index()];
                if route.channel != Channel::Irregular || route.country != l.country {
                    continue;
                }
                // By land it is the border that is announced, and what follows once let in.
                let by_sea = route.zone.is_some();
                let (landed, stopped) = if by_sea {
                    (outlook.landed.protection, outlook.stopped.protection)
                } else {
                    (outlook.border.protection, outlook.refused.protection)
                };
                let open = self.levers.openness[route.destination.index()];
                let state = &mut self.world.routes[id.index()];
                let hear = |known: &mut belief::Belief, common: &mut f64, said: f64| {
                    *common = belief::common_after_announcement(*common, credibility, said);
                    let left = known.superseded(belief::Belief::prior(*common, prior_strength), credibility);
                    *known = left.announce(credibility, strength, said);
                };
                hear(&mut state.land, &mut state.common[2], landed);
                hear(&mut state.stopped, &mut state.common[3], stopped);
                if !by_sea && l.domain == crate::scenario::format::Domain::Border {
                    hear(&mut state.stop, &mut state.common[0], 1.0 - open);
                }
            }
        }
    }
}
