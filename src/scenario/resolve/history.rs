//! Arrangements, dated events.

use super::Resolver;
use crate::model::arrangement::Phase;
use crate::scenario::format::{EventKind, Steering};
use crate::scenario::setup::*;

impl Resolver<'_, '_> {
    pub(super) fn arrangements(&mut self) -> Vec<Arrangement> {
        let s = self.s;
        let mut out = Vec::new();
        for (i, a) in s.arrangements.iter().enumerate() {
            let path = format!("arrangements.{i}");
            let mut parties = Vec::new();
            for (j, n) in a.parties.iter().enumerate() {
                let at = format!("{path}.parties.{j}");
                parties.push(self.country(&at, n));
                if a.parties[..j].contains(n) {
                    self.checks.at(&at, format!("`{n}` a second time"), "each country once", "leave one out");
                }
            }
            if parties.is_empty() {
                self.checks.at(&format!("{path}.parties"), "no party", "at least one country", "");
            }
            if s.arrangements[..i].iter().any(|b| b.name == a.name) {
                self.checks.at(&format!("{path}.name"), "a name already used", "a name of its own", "");
            }
            let mut life: Vec<(i64, Phase)> = Vec::new();
            let mut dates = Vec::new();
            for (field, date, phase) in [
                ("in_force", a.in_force, Phase::InForce),
                ("suspended", a.suspended, Phase::Suspended),
                ("revived", a.revived, Phase::Revived),
                ("ends", a.ends, Phase::Ended),
            ] {
                let Some(date) = date else { continue };
                let day = i64::from(self.day(&format!("{path}.{field}"), date));
                life.push((day, phase));
                dates.push((field, date));
            }
            if a.steering == Steering::Dated && a.revived.is_some() && a.suspended.is_none() {
                let keys = ["revived", "suspended", "steering"].map(|key| format!("{path}.{key}"));
                let help = "say from when it was suspended, or leave `revived` out";
                self.checks.at_given(
                    &keys[0],
                    &keys,
                    "`revived` without `suspended`",
                    "both, or neither",
                    help,
                );
            }
            let of_life: Vec<_> = dates.iter().map(|&(_, date)| date).collect();
            self.dates_in_order(&of_life, |i| format!("{path}.{}", dates[i].0));
            if a.steering != Steering::Endogenous && a.in_force.is_none() {
                let (at, found) = (format!("{path}.in_force"), "an arrangement that never comes into force");
                let given = [at.clone(), format!("{path}.steering")];
                let allowed = "`in_force = …`, or `steering = \"endogenous\"`";
                self.checks.at_given(&at, &given, found, allowed, "");
            }
            let endogenous_from = a.endogenous_from.map(|d| self.day(&format!("{path}.endogenous_from"), d));
            if a.steering == Steering::Mixed && endogenous_from.is_none() {
                let at = format!("{path}.endogenous_from");
                let found = "a mixed arrangement without `endogenous_from`";
                self.checks.at(&at, found, "`endogenous_from = …`", "");
            }
            let required = parties.len();
            for (j, n) in a.optional.iter().enumerate() {
                let at = format!("{path}.optional.{j}");
                let id = self.country(&at, n);
                if a.parties.contains(n) || a.optional[..j].contains(n) {
                    self.checks.at(&at, "a country that is a party already", "each country once", "");
                }
                parties.push(id);
            }
            self.arrangement = Some((path.clone(), a));
            let clauses = a.clauses(&path, self);
            out.push(Arrangement {
                name: a.name.clone(),
                key: crate::engine::keyed::name_key(&["arrangement", &a.name]),
                parties,
                required,
                life,
                endogenous_from: match a.steering {
                    Steering::Dated => None,
                    Steering::Endogenous => Some(0),
                    Steering::Mixed => endogenous_from,
                },
                proposed_from: a.proposed_from.map_or(0, |d| self.day(&format!("{path}.proposed_from"), d)),
                clauses,
                monitoring_ends: a.monitoring_ends.map(|d| self.day(&format!("{path}.monitoring_ends"), d)),
                typed: a.clone(),
            });
        }
        out
    }

    pub(super) fn events(&mut self) -> Vec<Event> {
        let s = self.s;
        let mut out = Vec::new();
        for (i, e) in s.events.iter().enumerate() {
            let path = format!("events.{i}");
            let first = self.day(&format!("{path}.date"), e.date);
            let needs = |kind: EventKind| -> &[&str] {
                match kind {
                    EventKind::Announcement => &["route"],
                    EventKind::ExpectedChange => &["ladder", "rung"],
                    EventKind::Pressure | EventKind::Provocation | EventKind::ReturneeTreatment => {
                        &["country"]
                    }
                    EventKind::Weather => &["zone"],
                }
            };
            for &need in needs(e.kind) {
                let present = match need {
                    "route" => e.route.is_some(),
                    "ladder" => e.ladder.is_some(),
                    "rung" => e.rung.is_some(),
                    "country" => e.country.is_some(),
                    _ => e.zone.is_some(),
                };
                if !present {
                    let found = format!("an event of kind `{}` without `{need}`", e.kind.name());
                    let at = format!("{path}.{need}");
                    let given = [at.clone(), format!("{path}.kind")];
                    self.checks.at_given(&at, &given, found, &format!("`{need} = …`"), "");
                }
            }
            let expected = match (&e.ladder, &e.rung) {
                (Some(l), Some(r)) => {
                    let ladder = self.ladder(&format!("{path}.ladder"), l);
                    let rung = self.rung_of(&format!("{path}.rung"), "rung of that ladder", r, &l.0);
                    Some((ladder, rung as u16))
                }
                _ => None,
            };
            out.push(Event {
                first,
                last: (first + (e.days as u32).max(1) - 1).min(self.calendar.days() - 1),
                kind: e.kind,
                country: e.country.as_ref().map(|n| self.country(&format!("{path}.country"), n)),
                route: e.route.as_ref().map(|n| self.route(&format!("{path}.route"), n)),
                zone: e.zone.as_ref().map(|n| self.zone(&format!("{path}.zone"), n)),
                expected,
                until: e.until.map(|d| self.day(&format!("{path}.until"), d)),
                rumour_per_day: e.rumour_per_day,
                value: e.value,
                credibility: e.credibility,
            });
        }
        out.sort_by_key(|e| e.first);
        out
    }
}
