//! A world that came about under one scenario, as a beginning under another.
//!
//! People carry positions of routes, places, countries and rules, so these must be the same in both. Ladders and
//! arrangements may come and go: those that both have go on as they stand, new ones begin as on a first day. What
//! people are held under is found again by where the rule stands: its ladder, rung, rule and action.

use crate::engine::start::empty_world;
use crate::scenario::Setup;
use crate::snapshot::check;
use crate::world::{NO_RULE, Status, World};
use std::collections::BTreeMap;

/// The world under the new set-up, or what stands in the way.
pub fn graft(mut world: World, old: &Setup, new: &Setup) -> Result<World, String> {
    same_things(old, new)?;
    if world.day >= new.days {
        return Err(format!(
            "the scenario ends on {}, and the snapshot is of the day after or later",
            new.calendar.date(new.days - 1)
        ));
    }
    let fresh = empty_world(new);
    let mut ladders = fresh.ladders;
    for (ladder, state) in new.ladders.iter().zip(&mut ladders) {
        let Some(was) = old.ladders.iter().position(|l| l.name == ladder.name) else { continue };
        let before = &world.ladders[was];
        let rung = &old.ladders[was].rungs[usize::from(before.rung)].name;
        let Some(now) = ladder.rungs.iter().position(|r| r.name == *rung) else {
            return Err(format!("ladders.{}: rung `{rung}`, which is in force, is missing", ladder.name));
        };
        *state = before.clone();
        state.rung = now as u16;
    }
    let mut arrangements = fresh.arrangements;
    for (arrangement, state) in new.arrangements.iter().zip(&mut arrangements) {
        let Some(was) = old.arrangements.iter().position(|a| a.name == arrangement.name) else { continue };
        if old.arrangements[was].parties != arrangement.parties {
            return Err(format!("arrangement `{}`: its parties are others", arrangement.name));
        }
        *state = world.arrangements[was].clone();
    }
    world.ladders = ladders;
    world.arrangements = arrangements;
    under_the_same_rules(&mut world, old, new)?;
    check(new, &world)?;
    Ok(world)
}

/// What people's rows point to, by name and in order.
fn same_things(old: &Setup, new: &Setup) -> Result<(), String> {
    if old.calendar.date(0) != new.calendar.date(0) {
        return Err("scenario.start is another: days would have other dates".into());
    }
    let names = |setup: &Setup| {
        let groups = setup.groups.iter().map(|g| format!("{:016x}", g.key)).collect();
        let vessels = setup.scenario.vessels.names().map(str::to_string).collect();
        [
            ("countries", setup.countries.iter().map(|x| x.name.clone()).collect::<Vec<String>>()),
            ("places and zones", setup.places.iter().map(|x| x.name.clone()).collect()),
            ("corridors", setup.corridors.iter().map(|x| x.name.clone()).collect()),
            ("populations", setup.populations.iter().map(|x| x.name.clone()).collect()),
            ("routes", setup.routes.iter().map(|x| x.name.clone()).collect()),
            ("vessels", vessels),
            ("strata of populations", groups),
        ]
    };
    for ((kind, was), (_, is)) in names(old).into_iter().zip(names(new)) {
        if was != is {
            let missing: Vec<&String> = was.iter().filter(|x| !is.contains(x)).collect();
            let added: Vec<&String> = is.iter().filter(|x| !was.contains(x)).collect();
            return Err(format!(
                "{kind} must stay the same, and in the same order, from a snapshot on (missing: {missing:?}; new: \
                 {added:?})"
            ));
        }
    }
    Ok(())
}

/// Where every action stands: its ladder, rung, rule and action.
fn action_names(setup: &Setup) -> Vec<String> {
    let mut names = vec![String::new(); setup.actions.len()];
    for ladder in &setup.ladders {
        for rung in &ladder.rungs {
            for (r, rule) in rung.rules.iter().enumerate() {
                for (a, action) in setup.rules[rule.index()].actions.clone().enumerate() {
                    names[action] =
                        format!("ladders.{}.rungs.{}.rules.{r}.actions.{a}", ladder.name, rung.name);
                }
            }
        }
    }
    names
}

fn under_the_same_rules(world: &mut World, old: &Setup, new: &Setup) -> Result<(), String> {
    let (were, are) = (action_names(old), action_names(new));
    let places: BTreeMap<&String, u16> = are.iter().enumerate().map(|(at, name)| (name, at as u16)).collect();
    for group in &mut world.groups {
        let chunks = group.crowd.chunks.iter_mut().chain(&mut group.back.rows.chunks);
        for person in chunks.flat_map(|chunk| &mut chunk.people) {
            let (record, cell) = (&mut person.record, person.cell);
            // While a transfer is asked for, the rule says whether it was accepted.
            if record.rule == NO_RULE || cell.is(Status::TransferPending) {
                continue;
            }
            let name =
                were.get(usize::from(record.rule)).ok_or("somebody is under a rule that is not there")?;
            let found = places.get(name);
            record.rule =
                *found.ok_or_else(|| format!("{name}: somebody is under this rule, and it is missing"))?;
        }
    }
    Ok(())
}
