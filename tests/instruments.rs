//! The promise: every instrument of cooperation does what its terms say, through the primitives of the model alone, and
//! any of them act at once on the same States and people.

mod common;
#[path = "common/region.rs"]
mod region;

use common::{begin, counted, scenario};
use landfall::engine::Sim;
use landfall::engine::sim::Change;
use landfall::instruments::KINDS;
use landfall::scenario::Setup;
use landfall::snapshot::digest;
use landfall::world::{Cell, Flow, GroupId, Household, PlaceId, Status};
use region::{every_instrument, region_with};

const DAYS: u32 = 900;

/// The region under one instrument of the list, with changes.
fn under(key: &str, changes: &[&str]) -> Setup {
    let list = every_instrument();
    let (_, text) = list.iter().find(|(k, _)| *k == key).expect("an instrument of the list");
    scenario(&region_with(&[text]), changes)
}

/// The same with the arrangement ruled out.
fn without(key: &str) -> Setup {
    under(key, &[&format!("arrangements.{key}.barred=true")])
}

fn lived(setup: &Setup) -> Sim<'_> {
    common::run(setup, DAYS)
}

fn place(setup: &Setup, name: &str) -> PlaceId {
    common::place(setup, name)
}

fn country(setup: &Setup, name: &str) -> usize {
    setup.countries.iter().position(|c| c.name == name).expect("a country of the region")
}

#[test]
fn the_list_has_every_kind_but_the_orderly_channel_which_has_tests_of_its_own() {
    let listed: Vec<&str> = every_instrument().iter().map(|(key, _)| *key).collect();
    for (kind, meaning) in KINDS {
        assert!(listed.contains(kind) || *kind == "orderly_departure", "{kind}: {meaning}");
    }
}

#[test]
fn evacuation_is_voluntary_and_keeps_families_and_limits() {
    let setup = under("evacuation", &[]);
    let mut sim = begin(&setup);
    let mut before = 0;
    for _ in 0..DAYS {
        sim.step();
        let now = counted(&sim, Flow::Evacuated, None);
        // The last household of a day may be larger than what is left of its transport.
        assert!(now - before <= 4 + 3, "{} evacuated on one day", now - before);
        assert!(now <= 4 * sim.world.day + 3, "{now} by day {}", sim.world.day);
        before = now;
    }
    let (third, fourth) =
        (counted(&sim, Flow::Evacuated, Some("third")), counted(&sim, Flow::Evacuated, Some("fourth")));
    assert!(third > 100 && third <= 150 && fourth > 40 && fourth <= 60, "{third} and {fourth}");
    assert_eq!(counted(&sim, Flow::FamiliesSeparated, None), 0);
    assert!(common::persons(&sim, Status::TemporarilyProtected) > 100);
    // Where staying is worth more than any place, nobody goes.
    let reluctant = under("evacuation", &["arrangements.evacuation.evacuation.stay_attraction=20.0"]);
    assert_eq!(counted(&lived(&reluctant), Flow::Evacuated, None), 0);
}

#[test]
fn the_vulnerable_are_evacuated_first() {
    let share = |first: &str| {
        let setup = under(
            "evacuation",
            &[
                &format!("arrangements.evacuation.evacuation.vulnerable_first={first}"),
                "arrangements.evacuation.evacuation.departures_per_day=0.5",
            ],
        );
        let mut sim = begin(&setup);
        sim.transitions = Some(Vec::new());
        (0..250).for_each(|_| sim.step());
        let moved: Vec<bool> = sim
            .transitions
            .iter()
            .flatten()
            .filter(|t| t.flow == Some(Flow::Evacuated))
            .map(|t| {
                let head = t.ordinal
                    - sim.world.groups[t.group.index()].crowd.find(t.ordinal).map_or(0, |s| {
                        sim.world.groups[t.group.index()].crowd.chunks[s.chunk].people[s.row].record.member()
                    });
                let size = sim.household_size(t.group, head);
                sim.is_vulnerable(landfall::world::Household { group: t.group, head, size })
            })
            .collect();
        moved.iter().filter(|v| **v).count() as f64 / moved.len() as f64
    };
    assert!(share("true") > 0.9 && share("false") < 0.5, "{} and {}", share("true"), share("false"));
}

#[test]
fn coercive_relocation_asks_nobody_and_splits_families() {
    let setup = under("coercive_relocation", &[]);
    let sim = lived(&setup);
    let moved = counted(&sim, Flow::MovedByForce, Some("fourth"));
    assert!(moved > 100 && moved <= 120, "{moved}");
    assert!(counted(&sim, Flow::FamiliesSeparated, None) > 10);
    let whole = under(
        "coercive_relocation",
        &["arrangements.coercive_relocation.coercive_relocation.split_share=0.0"],
    );
    assert_eq!(counted(&lived(&whole), Flow::FamiliesSeparated, None), 0);
}

/// What happens to a household happens by the luck of its first member. Where that one is moved away another speaks for
/// those who are left, and has to be looked at: nothing is missed that a look at everybody every day would find.
#[test]
fn those_left_of_a_family_live_on() {
    // Nobody travels alone, so that there are families enough.
    let shares = "populations.people.household_size_shares=[0.0, 0.4, 0.3, 0.3]";
    let setup = under("coercive_relocation", &["arrangements.coercive_relocation.barred=true", shares]);
    let split = || {
        let mut sim = common::run(&setup, DAYS - 200);
        let here = Status::Undocumented;
        let mut families: Vec<Household> = Vec::new();
        for (g, group) in sim.world.groups.iter().enumerate() {
            let firsts = group.crowd.chunks.iter().flat_map(|c| (0..c.len()).map(move |row| c.head(row)));
            for head in firsts {
                let group = GroupId::at(g);
                let family = Household { group, head, size: sim.household_size(group, head) };
                if families.last() != Some(&family) && sim.present(family, here) > 1 {
                    families.push(family);
                }
            }
        }
        assert!(families.len() > 5, "only {} families", families.len());
        let to = Cell::of(place(&setup, "fourth"), here);
        families.iter().for_each(|&f| assert_eq!(sim.shift_some(f, here, to, Change::default(), 1), 1));
        sim
    };
    let (mut once, mut daily) = (split(), split());
    for _ in 0..200 {
        once.step();
        daily.wake_all();
        daily.step();
    }
    assert_eq!(digest(&once.world), digest(&daily.world));
}

#[test]
fn a_transit_centre_never_has_more_people_than_beds_and_passes_them_on() {
    let setup = under("transit_centre", &[]);
    let centre = place(&setup, "centre");
    let mut sim = begin(&setup);
    let mut fullest = 0;
    for day in 0..DAYS {
        sim.step();
        fullest = fullest.max(sim.world.places[centre.index()].occupied);
        // In force on day 31; nobody is passed on before a case's days are over.
        if day < 31 + 100 {
            assert_eq!(counted(&sim, Flow::Resettled, None), 0, "day {day}");
        }
    }
    assert!(fullest > 15 && fullest <= 20, "{fullest}");
    let on = counted(&sim, Flow::Resettled, Some("third"));
    assert!(on > 30, "{on} passed on");
    // Places a year bind over the years.
    assert!(f64::from(on) <= 60.0 * f64::from(DAYS) / 365.25 + 4.0);
}

#[test]
fn a_quota_is_kept_and_a_case_takes_its_time() {
    let setup = under("resettlement", &[]);
    let mut sim = begin(&setup);
    sim.transitions = Some(Vec::new());
    (0..DAYS).for_each(|_| sim.step());
    let resettled = counted(&sim, Flow::Resettled, Some("third"));
    assert!(resettled > 60, "{resettled}");
    assert!(f64::from(resettled) <= 40.0 * f64::from(DAYS - 31) / 365.25 + 4.0, "{resettled}");
    // Between recognition and departure lie the days that a case takes.
    let list = sim.transitions.unwrap_or_default();
    for t in list.iter().filter(|t| t.flow == Some(Flow::Resettled)) {
        let came = list
            .iter()
            .filter(|b| b.group == t.group && b.ordinal == t.ordinal && b.day < t.day && Some(b.to) == t.from)
            .map(|b| b.day)
            .max()
            .expect("how they came to be there");
        assert!(t.day - came >= 30, "resettled after {} days", t.day - came);
    }
}

#[test]
fn a_swap_goes_both_ways_under_its_ceilings_and_never_to_where_people_were_bound() {
    let list = every_instrument();
    let text = |key: &str| list.iter().find(|(k, _)| *k == key).map(|(_, t)| t.clone()).expect("listed");
    let behind = [text("swap"), text("offshore_processing"), text("transit_centre")];
    let text = region_with(&[&behind[0], &behind[1], &behind[2]]);
    let setup = scenario(&text, &["arrangements.swap.swap.processing_days=20.0"]);
    let mut sim = begin(&setup);
    sim.transitions = Some(Vec::new());
    (0..DAYS).for_each(|_| sim.step());
    let one = counted(&sim, Flow::Swapped, Some("third"));
    assert!(one > 0 && f64::from(one) <= 25.0 * f64::from(DAYS) / 365.25 + 25.0, "{one}");
    for t in sim.transitions.iter().flatten().filter(|t| t.flow == Some(Flow::Swapped)) {
        let from = setup.places[t.from.expect("from somewhere").place().index()].country;
        assert_ne!(setup.places[t.to.place().index()].country, from);
    }
    // Those at the centre were bound for the second country or the first; whoever was bound for the second does not
    // come there by the other direction.
    let bound = sim
        .transitions
        .iter()
        .flatten()
        .filter(|t| t.flow == Some(Flow::Swapped) && setup.places[t.to.place().index()].name == "second");
    for t in bound {
        let crowd = &sim.world.groups[t.group.index()].crowd;
        if let Some(slot) = crowd.find(t.ordinal) {
            let route = usize::from(crowd.chunks[slot.chunk].people[slot.row].record.route);
            assert_ne!(setup.routes[route].country, setup.places[t.to.place().index()].country);
        }
    }
}

#[test]
fn temporary_protection_is_granted_until_pressure_ends_it_and_holders_keep_it() {
    let setup = under(
        "temporary_protection",
        &["events=[{date=2002-01-01,kind=\"pressure\",country=\"FIR\",value=200.0,days=60}]"],
    );
    let mut sim = begin(&setup);
    (0..365).for_each(|_| sim.step());
    let before = counted(&sim, Flow::GrantedTemporary, Some("first"));
    assert!(before > 500, "{before}");
    (0..200).for_each(|_| sim.step());
    let ended = counted(&sim, Flow::GrantedTemporary, None);
    (0..200).for_each(|_| sim.step());
    assert_eq!(counted(&sim, Flow::GrantedTemporary, None), ended, "no grants after its end");
    assert!(common::persons(&sim, Status::TemporarilyProtected) > 200, "holders keep it");
}

#[test]
fn offshore_processing_has_room_examines_and_resettles() {
    let with = under("offshore_processing", &[]);
    let sim = lived(&with);
    assert!(counted(&sim, Flow::Held, Some("island")) > 100);
    assert!(counted(&sim, Flow::Recognised, Some("island")) > 20);
    let resettled = counted(&sim, Flow::Resettled, Some("fourth"));
    assert!(resettled > 20 && f64::from(resettled) <= 50.0 * f64::from(DAYS) / 365.25 + 4.0, "{resettled}");
    let barred = without("offshore_processing");
    assert_eq!(counted(&lived(&barred), Flow::Held, Some("island")), 0);
}

#[test]
fn assistance_reaches_the_levers_it_names_with_its_lag() {
    let setup = under("capacity_building", &[]);
    let at = country(&setup, "FIR");
    let mut sim = begin(&setup);
    (0..31 + 50).for_each(|_| sim.step());
    let half = sim.levers.decisions[at] - 1.0;
    (0..100).for_each(|_| sim.step());
    let full = sim.levers.decisions[at] - 1.0;
    assert!((full - 20.0 * 0.7 * 150.0 / 365.25).abs() < 1e-9, "{full}");
    assert!(half > 0.4 * full && half < 0.6 * full, "{half} of {full}");
    // Waits are shorter with it.
    let (with, barred) = (lived(&setup).world.countries[at].claims.len(), without("capacity_building"));
    assert!(with * 2 < lived(&barred).world.countries[at].claims.len());
}

#[test]
fn better_decisions_refoule_fewer_and_recognise_fewer_wrongly() {
    let refouled = |setup: &Setup| counted(&lived(setup), Flow::Refouled, None);
    let quicker = "countries.FIR.decisions_per_day=20.0";
    let (with, barred) = (
        under("decision_quality", &[quicker]),
        under("decision_quality", &[quicker, "arrangements.decision_quality.barred=true"]),
    );
    assert!(refouled(&with) * 10 < refouled(&barred) * 9, "{} and {}", refouled(&with), refouled(&barred));
    // Training that also lowers the standard of proof would recognise more of both; discriminability alone does not.
    let wrong = |setup: &Setup| {
        let sim = lived(setup);
        f64::from(counted(&sim, Flow::WronglyRecognised, None))
            / f64::from(counted(&sim, Flow::Recognised, None))
    };
    let (trained, untrained) = (under("document_training", &[quicker]), without("document_training"));
    assert!(wrong(&trained) < wrong(&untrained));
}

#[test]
fn a_shared_database_sends_people_back_to_where_they_were_first() {
    let (with, barred) = (under("shared_database", &[]), without("shared_database"));
    let sim = lived(&with);
    assert!(counted(&sim, Flow::Transferred, Some("first")) > 10);
    assert_eq!(counted(&lived(&barred), Flow::Transferred, None), 0);
}

#[test]
fn money_meets_costs_relieves_pressure_and_is_accounted() {
    let (with, barred) = (under("care_grant", &[]), without("care_grant"));
    let (sim, other) = (lived(&with), lived(&barred));
    let first = country(&with, "FIR");
    let paid = sim.world.countries[first].received_usd;
    let expected = 2e6 * f64::from(DAYS - 31) / 365.25;
    assert!((paid / expected - 1.0).abs() < 0.01, "{paid} of {expected}");
    assert_eq!(other.world.countries[first].received_usd, 0.0);
    assert!(sim.world.countries[first].attention.pressure < other.world.countries[first].attention.pressure);
}

#[test]
fn infrastructure_adds_places_in_reception() {
    let setup = under("infrastructure", &[]);
    let first = country(&setup, "FIR");
    let sim = lived(&setup);
    assert!((sim.levers.reception_places[first] - (300.0 + 2e6 * 2.0 / 2000.0)).abs() < 1e-9);
    let barred = without("infrastructure");
    assert!(
        sim.reception_load(landfall::world::CountryId::at(first))
            < lived(&barred).reception_load(landfall::world::CountryId::at(first))
    );
}

#[test]
fn a_fund_is_allotted_by_its_rule() {
    let received = |rule: &str| {
        let setup = under("fund", &[&format!("arrangements.fund.fund.rule=\"{rule}\"")]);
        let sim = lived(&setup);
        let all: f64 = sim.world.countries.iter().map(|c| c.received_usd).sum();
        let expected = 0.7e6 * f64::from(DAYS - 31) / 365.25;
        assert!((all / expected - 1.0).abs() < 0.01, "{rule}: {all} of {expected}");
        sim.world.countries[country(&setup, "FIR")].received_usd / all
    };
    // The first country alone is overfull: a rule of capacity gives it everything from the second year on.
    let (counted, lacking) = (received("body_count"), received("capacity"));
    assert!(counted > 0.3 && lacking > counted, "{counted} and {lacking}");
}

#[test]
fn projects_in_a_third_country_let_people_settle_sooner() {
    let settled = |setup: &Setup| counted(&lived(setup), Flow::Settled, Some("first"));
    let (with, barred) = (under("third_country_projects", &[]), without("third_country_projects"));
    assert!(settled(&with) > settled(&barred) * 3 / 2);
}

#[test]
fn containment_keeps_people_and_detains_where_nobody_was_detained() {
    let (with, barred) = (under("containment", &[]), without("containment"));
    let (sim, other) = (lived(&with), lived(&barred));
    assert!(counted(&sim, Flow::Detained, Some("camp")) > 50);
    assert_eq!(counted(&other, Flow::Detained, None) + counted(&other, Flow::Held, Some("camp")), 0);
    assert!(sim.world.places[place(&with, "camp").index()].occupied <= 100);
    assert!(counted(&sim, Flow::MovedOn, None) * 2 < counted(&other, Flow::MovedOn, None));
}

#[test]
fn a_first_entry_rule_requests_accepts_transfers_and_lapses() {
    let setup = under("responsibility_rule", &[]);
    let sim = lived(&setup);
    let flow = |f| counted(&sim, f, None);
    let (requested, accepted, refused) =
        (flow(Flow::TransferRequested), flow(Flow::TransferAccepted), flow(Flow::TransferRefused));
    assert!(requested > 100, "{requested}");
    let share = f64::from(accepted) / f64::from(accepted + refused);
    assert!((share - 0.8).abs() < 0.08, "{share} accepted");
    let (done, lapsed) = (flow(Flow::Transferred), flow(Flow::TransferLapsed));
    assert!(done > 0 && lapsed > 0 && done + lapsed <= accepted);
    // Half a year at two a year, less what absconds: 1 − e^{−1} of those whose time is over.
    let carried = f64::from(done) / f64::from(done + lapsed);
    assert!((carried - 0.63).abs() < 0.12, "{carried} carried out");
    assert!(counted(&sim, Flow::Transferred, Some("first")) == done, "all came by the first country");
}

#[test]
fn a_distribution_key_spreads_claims_and_free_choice_moves_nobody() {
    let rule = |rule: &str| {
        under(
            "responsibility_rule",
            &[&format!("arrangements.responsibility_rule.responsibility_rule.rule=\"{rule}\"")],
        )
    };
    let setup = rule("distribution_key");
    let sim = lived(&setup);
    let assigned = &sim.world.arrangements[0].assigned;
    let all: u32 = assigned.iter().sum();
    let sizes: Vec<_> = setup.arrangements[0].parties.iter().map(|&c| sim.size(c)).collect();
    for (m, &n) in assigned.iter().enumerate() {
        let key = landfall::model::arrangement::key_share(&sizes, m, &Default::default());
        assert!((f64::from(n) / f64::from(all) - key).abs() < 0.01, "member {m}: {n} of {all}, key {key}");
    }
    assert!(counted(&sim, Flow::Transferred, Some("third")) > 50);
    let free = rule("free_choice");
    assert_eq!(counted(&lived(&free), Flow::TransferRequested, None), 0);
}

#[test]
fn minimum_standards_close_the_gap_as_far_as_they_are_transposed() {
    let setup = under("minimum_standards", &[]);
    let sim = lived(&setup);
    let first = country(&setup, "FIR");
    assert!((sim.levers.standard[first] - (1.2 - 0.75 * 0.8)).abs() < 1e-12);
    assert!((sim.levers.access[first] - (0.9 + 0.75 * 0.08)).abs() < 1e-12);
    assert!((sim.levers.reception[first] - (0.5 + 0.75 * 0.3)).abs() < 1e-12);
    let third = country(&setup, "THI");
    assert_eq!(sim.levers.standard[third], 1.0, "one who is no member is left alone");
}

#[test]
fn a_solidarity_programme_has_three_pillars() {
    let (with, barred) = (under("solidarity_programme", &[]), without("solidarity_programme"));
    let (sim, other) = (lived(&with), lived(&barred));
    assert!(counted(&sim, Flow::Resettled, Some("fourth")) > 30);
    assert_eq!(sim.levers.reception_places[country(&with, "FIR")], 500.0);
    assert!(counted(&sim, Flow::Settled, Some("first")) > counted(&other, Flow::Settled, Some("first")));
}

#[test]
fn a_joint_programme_refers_and_assists_return() {
    let (with, barred) = (under("mixed_flows", &[]), without("mixed_flows"));
    let (sim, other) = (lived(&with), lived(&barred));
    let home = |s: &Sim| counted(s, Flow::ReturnedVoluntarily, None);
    assert!(home(&sim) > 2 * home(&other), "{} and {}", home(&sim), home(&other));
}

#[test]
fn hosting_dissuasion_and_readmission_reach_their_levers() {
    let hosted = under("hosting", &[]);
    let sim = common::run(&hosted, 40);
    assert_eq!(sim.levers.capacity[place(&hosted, "camp").index()], 77.0);
    let dissuaded = under("dissuasion", &[]);
    let sim = common::run(&dissuaded, 40);
    assert!(sim.levers.exit.iter().zip(&dissuaded.routes).all(|(e, r)| r.name == "on" || *e == 0.5));
    let taken =
        under("readmission", &["countries.HOM.takes_back=false", "countries.HOM.returnees_punished=0.4"]);
    let sim = common::run(&taken, 40);
    let home = country(&taken, "HOM");
    assert!(sim.levers.takes_back[home]);
    assert_eq!(sim.levers.punished[home], 0.1);
}

#[test]
fn all_instruments_at_once_lose_nobody_and_do_not_depend_on_threads_or_interruption() {
    let list = every_instrument();
    let texts: Vec<&str> = list.iter().map(|(_, text)| text.as_str()).collect();
    let setup = scenario(&region_with(&texts), &[]);
    let mut sim = begin(&setup);
    let mut resumed = None;
    for day in 0..600 {
        sim.step();
        let left: u64 = sim.world.groups.iter().map(|g| u64::from(g.next_ordinal)).sum();
        let standing: u64 = sim.world.stocks.iter().map(|(_, s)| u64::from(s)).sum();
        assert_eq!(left, standing, "day {day}");
        if day == 300 {
            let bytes = landfall::snapshot::encode(&sim.world);
            let world = landfall::snapshot::decode(&bytes).expect("a world that was just written");
            resumed = Some(Sim::new(&setup, world));
        }
    }
    let mut resumed = resumed.expect("stopped on the way");
    (0..299).for_each(|_| resumed.step());
    let digest = |sim: &Sim| landfall::snapshot::digest(&sim.world);
    assert_eq!(digest(&sim), digest(&resumed));
    for kind in [Flow::Evacuated, Flow::MovedByForce, Flow::GrantedTemporary, Flow::Detained] {
        assert!(counted(&sim, kind, None) > 0, "{}", kind.name());
    }
}
