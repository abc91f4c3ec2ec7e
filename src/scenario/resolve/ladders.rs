//! Ladders and their rungs.

use super::Resolver;
use crate::scenario::format::{self, Steering};
use crate::scenario::read;
use crate::scenario::setup::*;
use crate::world::{PlaceId, RouteId, RuleId};

impl Resolver<'_, '_> {
    pub(super) fn ladders(&mut self) -> (Vec<Ladder>, Vec<Rule>, Vec<RuleAction>) {
        let s = self.s;
        let (mut ladders, mut rules, mut actions) = (Vec::new(), Vec::new(), Vec::new());
        for (name, l) in s.ladders.iter() {
            let path = format!("ladders.{name}");
            if l.rungs.is_empty() {
                self.checks.at(&format!("{path}.rungs"), "a ladder without rungs", "at least one rung", "");
            }
            let mut rungs = Vec::new();
            for (i, rung) in l.rungs.iter().enumerate() {
                if l.rungs[..i].iter().any(|before| before.name == rung.name) {
                    let at = format!("{path}.rungs.{i}.name");
                    self.checks.at(&at, "a name already used", "a name of its own on this ladder", "");
                }
                rungs.push(self.rung(&format!("{path}.rungs.{i}"), rung, &mut rules, &mut actions));
            }
            self.closes_what_is_its_own(&path, l);
            let mut schedule: Vec<(i64, u16, f64)> = Vec::new();
            for (i, m) in l.schedule.iter().enumerate() {
                let at = format!("{path}.schedule.{i}");
                let rung = self.rung_of(&format!("{at}.rung"), "rung of this ladder", &m.rung, name);
                let day = i64::from(self.day(&format!("{at}.date"), m.date));
                schedule.push((day, rung as u16, m.credibility));
            }
            let dates: Vec<_> = l.schedule.iter().map(|m| m.date).collect();
            self.dates_in_order(&dates, |i| format!("{path}.schedule.{i}.date"));
            let endogenous_from = l.endogenous_from.map(|d| self.day(&format!("{path}.endogenous_from"), d));
            if l.steering == Steering::Mixed && endogenous_from.is_none() {
                let (at, found) =
                    (format!("{path}.endogenous_from"), "a mixed ladder without `endogenous_from`");
                self.checks.at(&at, found, "`endogenous_from = …`", "");
            }
            let mut concerns = vec![l.populations.is_empty(); s.populations.len()];
            for (i, n) in l.populations.iter().enumerate() {
                let id = self.population(&format!("{path}.populations.{i}"), n);
                if let Some(c) = concerns.get_mut(id.index()) {
                    *c = true;
                }
            }
            ladders.push(Ladder {
                name: name.to_string(),
                key: crate::engine::keyed::name_key(&["ladder", name]),
                country: self.country(&format!("{path}.country"), &l.country),
                domain: l.domain,
                concerns,
                steering: l.steering,
                endogenous_from: match l.steering {
                    Steering::Dated => None,
                    Steering::Endogenous => Some(0),
                    Steering::Mixed => endogenous_from,
                },
                initial: l.initial.as_ref().map_or(0, |n| {
                    self.rung_of(&format!("{path}.initial"), "rung of this ladder", n, name) as u16
                }),
                credibility: l.credibility,
                rungs,
                schedule,
            });
        }
        (ladders, rules, actions)
    }

    /// A later rule for the same entry and the same people replaces the one before, which would never apply.
    fn each_rule_once(&mut self, path: &str, rules: &[format::Rule]) {
        for (i, rule) in rules.iter().enumerate() {
            let replaces = |before: &format::Rule| {
                before.on == rule.on && (rule.population.is_none() || before.population == rule.population)
            };
            if let Some(first) = rules[..i].iter().position(replaces)
                && self.checks.is_whole_up_from(path)
            {
                let of = |n: usize| ["on", "population"].map(|key| format!("{path}.rules.{n}.{key}"));
                let whom = rule.population.as_ref().map_or("all".into(), |name| format!("`{name}`"));
                let found = format!("a second rule on {} for {whom}: rule {first} never applies", rule.on);
                let allowed = "one rule for an entry of a population";
                let help = "leave one out; a rule for all may only stand before those for one population";
                self.checks.at_given(&of(i)[0], &[of(first), of(i)].concat(), found, allowed, help);
            }
        }
    }

    /// A State lets or does not let people depart from its own places: a rung's exits are of routes that start there,
    /// or of people at home there.
    fn closes_what_is_its_own(&mut self, path: &str, ladder: &format::Ladder) {
        let mut own = 0;
        let mut foreign = Vec::new();
        for (i, rung) in ladder.rungs.iter().enumerate() {
            for name in rung.exit.names() {
                match self.lets_depart(name) {
                    Some(states) if !states.contains(&ladder.country) => {
                        foreign.push((format!("{path}.rungs.{i}.exit.{name}"), name, states));
                    }
                    _ => own += 1,
                }
            }
        }
        let told: Vec<_> = if own == 0 { foreign.iter().take(1).collect() } else { foreign.iter().collect() };
        for (at, route, states) in told {
            let from = &states[0];
            let mut given = vec![at.clone(), format!("{path}.country"), "places.*.country".to_string()];
            given.extend(["population", "start"].map(|key| format!("routes.{route}.{key}")));
            given.push("populations.*.home".to_string());
            if own == 0 {
                let found = format!("`{}`, but `{route}` starts in `{from}`", ladder.country);
                let allowed = "the State from which the routes that its rungs name under `exit` start";
                self.checks.at_given(&format!("{path}.country"), &given, found, allowed, "");
            } else {
                let found = format!("a route from `{from}`");
                let allowed = format!("a route from `{}`, whose ladder this is", ladder.country);
                self.checks.at_given(at, &given, found, &allowed, "");
            }
        }
    }

    /// The States that may let people depart by a route: where it starts, and where they are at home.
    fn lets_depart(&self, route: &str) -> Option<[read::Name; 2]> {
        let route = self.s.routes.get(route)?;
        let home = &self.s.populations.get(&route.population.0)?.home;
        let owner = |place: &read::Name| self.s.places.get(&place.0).map(|p| p.country.clone());
        Some([owner(route.start.as_ref().unwrap_or(home))?, owner(home)?])
    }

    pub(super) fn rung(
        &mut self,
        path: &str,
        rung: &format::Rung,
        rules: &mut Vec<Rule>,
        actions: &mut Vec<RuleAction>,
    ) -> Rung {
        let s = self.s;
        self.each_rule_once(path, &rung.rules);
        let mut ids = Vec::new();
        for (i, rule) in rung.rules.iter().enumerate() {
            let at = format!("{path}.rules.{i}");
            let population =
                rule.population.as_ref().map(|n| self.population(&format!("{at}.population"), n));
            let first = actions.len();
            if rule.actions.is_empty() {
                self.checks.at(&format!("{at}.actions"), "no action", "at least one", "");
            }
            for (j, a) in rule.actions.iter().enumerate() {
                let here = format!("{at}.actions.{j}");
                let needs_place = matches!(
                    a.action,
                    format::Action::Hold
                        | format::Action::Offer
                        | format::Action::ScreenThenReturn
                        | format::Action::HandOver
                );
                if needs_place && a.at.is_none() {
                    let found = format!("`{}` without a place", a.action.name());
                    self.checks.at(&format!("{here}.at"), found, "`at = …`", "");
                }
                let place = a.at.as_ref().map(|n| self.place(&format!("{here}.at"), n));
                if let (Some(name), true) = (&a.at, needs_place && a.action != format::Action::HandOver) {
                    self.must_be_facility(&format!("{here}.at"), name);
                }
                actions.push(RuleAction {
                    action: a.action,
                    at: place,
                    examined: a.examined,
                    recognised: a.recognised,
                    refused: a.refused,
                    parolable: a.parolable,
                    held_is_refusal: a.held_is_refusal,
                });
            }
            ids.push(RuleId::at(rules.len()));
            rules.push(Rule { population, on: rule.on, actions: first..actions.len() });
        }
        let arrangements: Vec<&str> = s.arrangements.iter().map(|a| a.name.as_str()).collect();
        let mut levers = |field: &str, named: &read::Named<f64>, kind: u8| {
            let mut out = Vec::new();
            for (n, &value) in named.iter() {
                let name = read::Name(n.to_string());
                let at = format!("{path}.{field}.{n}");
                let index = match kind {
                    0 => self.zone(&at, &name),
                    1 => self.route(&at, &name).index(),
                    _ => self.place(&at, &name).index(),
                };
                out.push((index, value));
            }
            out
        };
        let patrol_hours = levers("patrol_hours_per_day", &rung.patrol_hours_per_day, 0);
        let by_route = |list: Vec<(usize, f64)>| list.into_iter().map(|(i, v)| (RouteId::at(i), v)).collect();
        let by_place = |list: Vec<(usize, f64)>| list.into_iter().map(|(i, v)| (PlaceId::at(i), v)).collect();
        let exit = by_route(levers("exit", &rung.exit, 1));
        let ceiling = by_route(levers("ceiling_per_year", &rung.ceiling_per_year, 1));
        let openness = by_place(levers("openness", &rung.openness, 2));
        let parole = by_place(levers("parole_per_day", &rung.parole_per_day, 2));
        let repatriation = by_place(levers("repatriation_per_day", &rung.repatriation_per_day, 2));
        let capacity = by_place(levers("capacity", &rung.capacity, 2));
        let screenings = by_place(levers("screenings_per_day", &rung.screenings_per_day, 2));
        let mut requires = Vec::new();
        for (i, n) in rung.requires.iter().enumerate() {
            requires.push(self.name(
                &format!("{path}.requires.{i}"),
                "arrangement",
                n,
                arrangements.iter().copied(),
                "arrangements",
            ));
        }
        let accelerated = (rung.accelerated.iter().enumerate())
            .map(|(i, n)| self.population(&format!("{path}.accelerated.{i}"), n))
            .collect();
        Rung {
            name: rung.name.clone(),
            patrol_hours,
            ramp_days: rung.ramp_days,
            exit,
            openness,
            ceiling,
            parole,
            repatriation,
            capacity,
            screenings,
            standard: rung.standard_of_proof,
            access: rung.access,
            screening_standard: rung.screening_standard,
            reception: rung.reception,
            removals: rung.removals_per_day,
            decisions: rung.decisions_per_day,
            accelerated,
            requires,
            rules: ids,
        }
    }
}
