//! What may be expected of a posture: chances of protection, refoulements, cost (model 5.12, 5.6, 5.7).
//!
//! Governments reckon with it when they choose a rung, announcements say it, and people who expect a change of policy
//! reckon with it too.

use super::levers::{Levers, effects_of, entry_index, levers};
use super::sim::Sim;
use crate::model::claim;
use crate::scenario::format::{Action, Entry, Finding};
use crate::scenario::setup::{RuleAction, Setup};
use crate::world::CountryId;

/// What follows one entry.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Fate {
    /// Chance of protection or leave to stay in the country meant.
    pub protection: f64,
    /// Refoulements per person.
    pub refoulement: f64,
    /// Days held per person.
    pub held_days: f64,
    /// Share let in at once.
    pub admitted: f64,
}

/// What follows when stopped, and when landed.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Outlook {
    /// When stopped at sea.
    pub stopped: Fate,
    /// When landed.
    pub landed: Fate,
}

/// Days for which people are reckoned to be held, where nothing ends it sooner.
const HELD_HORIZON_DAYS: f64 = 180.0;

impl Sim<'_> {
    /// The outlook of a population under the levers in force.
    pub fn outlook(&self, population: usize) -> Outlook {
        outlook(self.setup, &self.levers, population)
    }

    /// The same with one ladder on another rung.
    pub fn outlook_under(&self, ladder: usize, rung: u16, population: usize) -> Outlook {
        outlook(self.setup, &self.levers_under(ladder, rung), population)
    }

    /// Levers with one ladder on another rung.
    pub fn levers_under(&self, ladder: usize, rung: u16) -> Levers {
        let mut rungs: Vec<u16> = self.world.ladders.iter().map(|l| l.rung).collect();
        rungs[ladder] = rung;
        levers(self.setup, &rungs, &effects_of(self.setup, &self.world))
    }
}

/// The outlook of a population under some levers.
pub fn outlook(setup: &Setup, levers: &Levers, population: usize) -> Outlook {
    let fate = |entry: Entry| -> Fate {
        match levers.rules[population][entry_index(entry)] {
            Some(rule) => {
                let actions = setup.rules[rule.index()].actions.clone();
                first_fate(setup, levers, population, &setup.actions[actions])
            }
            None => Fate { protection: 1.0, admitted: 1.0, ..Fate::default() },
        }
    };
    Outlook { stopped: fate(Entry::Interception), landed: fate(Entry::Landing) }
}

/// The fate under the first action that can be taken at all (room is not looked at).
fn first_fate(setup: &Setup, levers: &Levers, population: usize, actions: &[RuleAction]) -> Fate {
    let p = &setup.populations[population];
    let consents = levers.takes_back[p.country.index()];
    for action in actions {
        match action.action {
            Action::Return if !consents => continue,
            _ => return fate_of(setup, levers, population, action, consents),
        }
    }
    Fate::default()
}

fn fate_of(setup: &Setup, levers: &Levers, population: usize, a: &RuleAction, consents: bool) -> Fate {
    let t = &setup.populations[population].typed;
    let founded = t.well_founded;
    let admitted = Fate { protection: 1.0, admitted: 1.0, ..Fate::default() };
    let returned = Fate { refoulement: founded, ..Fate::default() };
    match a.action {
        Action::Admit | Action::Parole => admitted,
        Action::Undocumented => {
            Fate { protection: setup.scenario.beliefs.undocumented_score, admitted: 1.0, ..Fate::default() }
        }
        Action::Return | Action::TurnBack => returned,
        // On another State's territory: no protection where it was sought, and no return by itself.
        Action::HandOver => Fate::default(),
        Action::Hold | Action::Offer | Action::ScreenThenReturn => {
            let held = setup.places[a.at.map_or(0, |p| p.index())].country;
            let (screened, recognised) = procedure(setup, levers, population, held);
            let examined = a.examined || a.action == Action::ScreenThenReturn;
            if !examined {
                let hope = if a.held_is_refusal { 0.0 } else { 0.5 };
                return Fate { protection: hope, held_days: HELD_HORIZON_DAYS, ..Fate::default() };
            }
            let passes = [screened[0] * recognised[0], screened[1] * recognised[1]];
            let share = (1.0 - founded) * passes[0] + founded * passes[1];
            let worth = match a.recognised {
                Finding::Admit => 1.0,
                Finding::Resettle => setup.scenario.beliefs.resettled_elsewhere,
                Finding::Return | Finding::Hold => 0.0,
            };
            let returns = a.refused == Finding::Return && consents;
            Fate {
                protection: share * worth,
                refoulement: if returns { founded * (1.0 - passes[1]) } else { 0.0 },
                held_days: if a.action == Action::ScreenThenReturn {
                    share * HELD_HORIZON_DAYS
                } else {
                    HELD_HORIZON_DAYS
                },
                admitted: if a.recognised == Finding::Admit { share } else { 0.0 },
            }
        }
    }
}

/// Probabilities of being screened in and of being recognised, for claims not well-founded and well-founded.
pub fn procedure(
    setup: &Setup,
    levers: &Levers,
    population: usize,
    country: CountryId,
) -> ([f64; 2], [f64; 2]) {
    let c = &setup.countries[country.index()].typed;
    let evidence = setup.populations[population].typed.evidence_mean;
    let (access, screen) = (levers.access[country.index()], levers.screening_standard[country.index()]);
    let screened = [false, true].map(|in_need| {
        claim::screened_in_probability(access, c.screening_discriminability, evidence, in_need, screen)
    });
    let recognised = [false, true].map(|in_need| {
        claim::recognition_probability(
            c.discriminability,
            evidence,
            in_need,
            levers.standard[country.index()],
        )
    });
    (screened, recognised)
}
