//! What may be expected of a posture: chances of protection, refoulements, cost (model 5.12, 5.6, 5.7).
//!
//! Governments reckon with it when they choose a rung, announcements say it, and people who expect a change of policy
//! reckon with it too.

use super::levers::{Levers, effects_of, levers};
use super::sim::Sim;
use crate::model::claim;
use crate::scenario::format::{Action, Entry, Finding};
use crate::scenario::setup::{RuleAction, Setup};
use crate::world::CountryId;
use std::sync::Arc;

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
    /// When let in at a border.
    pub border: Fate,
    /// When refused at a border: no protection, and for those in need rejection at the frontier.
    pub refused: Fate,
}

/// Levers with a ladder on another rung, which is expected.
#[derive(Clone, Debug)]
pub struct ExpectedLevers {
    /// The ladder.
    pub ladder: usize,
    /// The other rung.
    pub rung: u16,
    /// Levers in force when they were worked out.
    before: Arc<Levers>,
    /// With the ladder on the other rung.
    pub levers: Levers,
}

/// Days for which people are reckoned to be held, where nothing ends it sooner.
const HELD_HORIZON_DAYS: f64 = 180.0;

impl Sim<'_> {
    /// The outlook of a population under the levers in force, on the way to a country.
    pub fn outlook(&self, population: usize, country: CountryId) -> Outlook {
        outlook(self.setup, &self.levers, population, country)
    }

    /// The same with one ladder on another rung.
    pub fn outlook_under(&self, ladder: usize, rung: u16, population: usize) -> Outlook {
        let country = self.setup.ladders[ladder].country;
        outlook(self.setup, &self.levers_under(ladder, rung), population, country)
    }

    /// Levers with a ladder on another rung on which it is expected, worked out once for as long as those in force stay
    /// as they are: they are anew when anything moves that levers hang on.
    pub fn expect_levers(&mut self) {
        let mut expected = std::mem::take(&mut self.today.expected);
        expected.retain(|e| Arc::ptr_eq(&e.before, &self.levers));
        for (ladder, rung) in self.setup.events.iter().filter_map(|event| event.expected_on(self.day())) {
            let there = self.world.ladders[ladder].rung == rung;
            if !there && !expected.iter().any(|e| (e.ladder, e.rung) == (ladder, rung)) {
                let (before, levers) = (self.levers.clone(), self.levers_under(ladder, rung));
                expected.push(ExpectedLevers { ladder, rung, before, levers });
            }
        }
        self.today.expected = expected;
    }

    /// Levers with one ladder on another rung.
    pub fn levers_under(&self, ladder: usize, rung: u16) -> Levers {
        let mut rungs: Vec<u16> = self.world.ladders.iter().map(|l| l.rung).collect();
        rungs[ladder] = rung;
        levers(self.setup, &rungs, &effects_of(self.setup, &self.world))
    }
}

/// The outlook of a population under some levers, on the way to a country.
pub fn outlook(setup: &Setup, levers: &Levers, population: usize, country: CountryId) -> Outlook {
    let fate = |entry: Entry| -> Fate {
        match levers.rule(setup, country, population, entry) {
            Some(rule) => {
                let actions = setup.rules[rule.index()].actions.clone();
                first_fate(setup, levers, population, country, &setup.actions[actions])
            }
            // Without a rule people picked up are admitted, and people who enter stay without a status.
            None if entry == Entry::Interception => {
                Fate { protection: 1.0, admitted: 1.0, ..Fate::default() }
            }
            None => undocumented(setup),
        }
    };
    let founded = setup.populations[population].typed.well_founded;
    Outlook {
        stopped: fate(Entry::Interception),
        landed: fate(Entry::Landing),
        border: fate(Entry::Border),
        refused: Fate { refoulement: founded, ..Fate::default() },
    }
}

/// The fate under the first action that can be taken at all (room is not looked at).
fn first_fate(
    setup: &Setup,
    levers: &Levers,
    population: usize,
    hearing: CountryId,
    actions: &[RuleAction],
) -> Fate {
    let p = &setup.populations[population];
    let consents = levers.takes_back[p.country.index()];
    for action in actions {
        match action.action {
            Action::Return if !consents => continue,
            _ => return fate_of(setup, levers, population, hearing, action, consents),
        }
    }
    Fate::default()
}

fn undocumented(setup: &Setup) -> Fate {
    Fate { protection: setup.scenario.beliefs.undocumented_score, admitted: 1.0, ..Fate::default() }
}

fn fate_of(
    setup: &Setup,
    levers: &Levers,
    population: usize,
    hearing: CountryId,
    a: &RuleAction,
    consents: bool,
) -> Fate {
    let t = &setup.populations[population].typed;
    let founded = t.well_founded;
    let admitted = Fate { protection: 1.0, admitted: 1.0, ..Fate::default() };
    let returned = Fate { refoulement: founded, ..Fate::default() };
    match a.action {
        Action::Admit | Action::Parole => admitted,
        Action::Undocumented => undocumented(setup),
        Action::Hear => {
            // Where people come to the country that hears them; at sea, the one whose rule it is.
            let country = a.at.map_or(hearing, |p| setup.places[p.index()].country);
            let (_, recognised) = procedure(setup, levers, population, country);
            let share = (1.0 - founded) * recognised[0] + founded * recognised[1];
            let refoulement = if consents { founded * (1.0 - recognised[1]) } else { 0.0 };
            Fate { protection: share, refoulement, admitted: 1.0, ..Fate::default() }
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
    if !setup.scenario.switches.determination {
        return ([0.0, 1.0], [0.0, 1.0]);
    }
    let evidence = setup.populations[population].typed.evidence_mean;
    let (access, screen) = (levers.access[country.index()], levers.screening_standard[country.index()]);
    let screened = [false, true].map(|in_need| {
        claim::screened_in_probability(
            access,
            levers.screening_discriminability[country.index()],
            evidence,
            in_need,
            screen,
        )
    });
    let accelerated = levers.accelerated_days(setup, country, population).is_some();
    let recognised = [false, true].map(|in_need| {
        claim::recognition_probability(
            levers.discriminability_of(setup, country, accelerated),
            evidence,
            in_need,
            levers.standard[country.index()],
        )
    });
    (screened, recognised)
}
