//! What is said about a scenario that cannot be right: where it is, what was found, what is allowed, what to do.
//!
//! Each case is the tiny scenario with one thing changed, and all that the message must hold.

mod common;

use common::TINY;
use landfall::scenario::load;
use landfall::scenario::read::Layer;

const FILE: &str = "bad.toml";

/// A change to the tiny scenario and what must be said of it.
struct Case {
    /// What is wrong.
    name: &'static str,
    /// What is replaced, the first time it occurs; empty: something is added at the end.
    find: &'static str,
    /// By what.
    by: &'static str,
    /// What the message points at: its first occurrence in the changed text is the line and column named.
    at: &'static str,
    /// What else the message must hold.
    says: &'static [&'static str],
}

/// The message on a scenario, which must be refused.
fn message(text: &str) -> String {
    match load(&[Layer::file(FILE, text)]) {
        Ok(_) => panic!("accepted:\n{text}"),
        Err(problems) => problems.render(false),
    }
}

/// `file:line:column` of the first occurrence of a text.
fn place_of(text: &str, what: &str) -> String {
    place_at(text, text.find(what).unwrap_or_else(|| panic!("`{what}` is not in the text")))
}

/// `file:line:column` of a byte of a text.
fn place_at(text: &str, byte: usize) -> String {
    let before = &text[..byte];
    let line = before.matches('\n').count() + 1;
    let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
    format!("{FILE}:{line}:{column}")
}

fn changed(find: &str, by: &str) -> String {
    if find.is_empty() {
        return format!("{TINY}\n{by}\n");
    }
    assert!(TINY.contains(find), "`{find}` is not in the tiny scenario");
    TINY.replacen(find, by, 1)
}

fn hold(cases: &[Case]) {
    let mut faults = Vec::new();
    for case in cases {
        let text = changed(case.find, case.by);
        let said = message(&text);
        let place = place_of(&text, case.at);
        for word in case.says.iter().copied().chain([place.as_str(), "error: "]) {
            if !said.contains(word) {
                faults.push(format!("{}: no `{word}` in\n{said}", case.name));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn the_tiny_scenario_itself_is_right() {
    assert!(load(&[Layer::file(FILE, TINY)]).is_ok());
}

#[test]
fn the_form_of_a_file() {
    hold(&[
        Case {
            name: "unknown key, with the nearest",
            find: "seed = 7",
            by: "sed = 7",
            at: "sed = 7",
            says: &[
                "scenario.sed",
                "there is no key `sed`",
                "title, question, limits",
                "did you mean `seed`?",
            ],
        },
        Case {
            name: "unknown table",
            find: "[places.south]",
            by: "[plaices.south]",
            at: "plaices",
            says: &["plaices", "did you mean `places`?"],
        },
        Case {
            name: "a text for a number",
            find: "seed = 7",
            by: "seed = \"seven\"",
            at: "\"seven\"",
            says: &["scenario.seed", "`\"seven\"` is not a whole number"],
        },
        Case {
            name: "a word that is none of those allowed",
            find: "mode = \"land\"",
            by: "mode = \"road\"",
            at: "\"road\"",
            says: &["corridors.road.mode", "one of: \"land\", \"sea\", \"air\""],
        },
        Case {
            name: "a parameter that is missing",
            find: "home = \"south\"\n",
            by: "",
            at: "[populations.south]",
            says: &["populations.south.home", "`home` is missing", "Where they live."],
        },
        Case {
            name: "a key twice",
            find: "title = \"Tiny\"",
            by: "title = \"Tiny\"\ntitle = \"Two\"",
            at: "title = \"Two\"",
            says: &["duplicate key", "keep one of the two"],
        },
        Case {
            name: "a header that is not closed",
            find: "[places.south]",
            by: "[places.south",
            at: "\ncountry = \"SUD\"",
            says: &["expected `]`", "not valid TOML"],
        },
        Case {
            name: "a day that no month has",
            find: "start = 2001-01-01",
            by: "start = 2001-02-30",
            at: "2001-02-30",
            says: &["invalid date"],
        },
    ]);
}

#[test]
fn numbers() {
    hold(&[
        Case {
            name: "not a number",
            find: "area_km2 = 20000.0",
            by: "area_km2 = nan",
            at: "nan",
            says: &["zones.strait.area_km2", "`nan` is not a finite number", "from 1 to 1e8 (km²)"],
        },
        Case {
            name: "infinity",
            find: "households = 20000.0",
            by: "households = inf",
            at: "inf\n",
            says: &["populations.south.households", "`inf` is not a finite number", "(household)"],
        },
        Case {
            name: "negative infinity",
            find: "households = 20000.0",
            by: "households = -inf",
            at: "-inf\n",
            says: &["populations.south.households", "not a finite number"],
        },
        Case {
            name: "too large to be a number",
            find: "households = 20000.0",
            by: "households = 1e999",
            at: "1e999",
            says: &["populations.south.households", "too large"],
        },
        Case {
            name: "negative",
            find: "persons_mean = 4.0",
            by: "persons_mean = -4.0",
            at: "-4.0",
            says: &["vessels.raft.persons_mean", "`-4.0` is out of range", "from 1 to 10000 (person)"],
        },
        Case {
            name: "a share above one",
            find: "well_founded = 0.4",
            by: "well_founded = 1.4",
            at: "1.4\n",
            says: &["populations.south.well_founded", "`1.4` is out of range", "from 0 to 1 (share)"],
        },
        Case {
            name: "shares that do not sum to one",
            find: "[0.5, 0.2, 0.2, 0.1]",
            by: "[0.5, 0.2, 0.2, 0.2]",
            at: "[0.5, 0.2, 0.2, 0.2]",
            says: &["household_size_shares", "shares that sum to 1"],
        },
    ]);
}

#[test]
fn names_that_lead_nowhere() {
    hold(&[
        Case {
            name: "a corridor to nowhere",
            find: "from = \"west\"\nto = \"east\"",
            by: "from = \"west\"\nto = \"easst\"",
            at: "\"easst\"",
            says: &[
                "corridors.road.to",
                "there is no place `easst`",
                "one of: south, west",
                "did you mean `east`?",
            ],
        },
        Case {
            name: "a facility without owner",
            find: "kind = \"facility\"\ncountry = \"NOR\"\n",
            by: "kind = \"facility\"\n",
            at: "[places.camp]",
            says: &["places.camp.country", "`country` is missing", "or that runs it"],
        },
        Case {
            name: "a facility whose owner is not there",
            find: "kind = \"facility\"\ncountry = \"NOR\"\n",
            by: "kind = \"facility\"\ncountry = \"ZZZ\"\n",
            at: "\"ZZZ\"",
            says: &["places.camp.country", "there is no country `ZZZ`", "one of: NOR, EST"],
        },
        Case {
            name: "a facility nobody can leave",
            find: "capacity = 20.0\nrelease_to = \"north\"\n",
            by: "capacity = 20.0\n",
            at: "[places.annex]",
            says: &["places.annex.release_to", "nobody could be released", "say where people admitted"],
        },
        Case {
            name: "a rung that patrols no zone",
            find: "patrol_hours_per_day = { strait = 150.0 }",
            by: "patrol_hours_per_day = { straight = 150 }",
            at: "150 }",
            says: &["there is no zone `straight`", "did you mean `strait`?"],
        },
        Case {
            name: "a move to a rung that is not there",
            find: "date = 2001-04-01, rung = \"hold\"",
            by: "date = 2001-04-01, rung = \"holt\"",
            at: "\"holt\"",
            says: &["ladders.sea.schedule.0.rung", "did you mean `hold`?"],
        },
        Case {
            name: "a route for a population that is not there",
            find: "population = \"west\"\ndestination = \"east\"",
            by: "population = \"wset\"\ndestination = \"east\"",
            at: "\"wset\"",
            says: &["routes.west_road.population", "there is no population `wset`", "one of: south, west"],
        },
    ]);
}

#[test]
fn contradictions() {
    hold(&[
        Case {
            name: "a corridor by sea through no zone",
            find: "zone = \"strait\"\nvessel = \"raft\"\n",
            by: "vessel = \"raft\"\n",
            at: "[corridors.raft]",
            says: &["corridors.raft", "by sea without a zone", "`zone = …`"],
        },
        Case {
            name: "corridors that do not join",
            find: "corridors = [\"road\", \"rail\"]",
            by: "corridors = [\"rail\", \"road\"]",
            at: "[\"rail\", \"road\"]",
            says: &["routes.west_through.corridors", "does not start where", "corridors that join"],
        },
        Case {
            name: "corridors that end elsewhere",
            find: "corridors = [\"road\", \"rail\"]",
            by: "corridors = [ \"road\" ]",
            at: "[ \"road\" ]",
            says: &["routes.west_through.corridors", "end elsewhere", "lead to `destination`"],
        },
        Case {
            name: "a rule that holds on a territory",
            find: "action = \"hold\", at = \"camp\", parolable",
            by: "action = \"hold\", at = \"north\" , parolable",
            at: "\"north\" ,",
            says: &["ladders.sea.rungs.1.rules.0.actions.0.at", "a territory", "a facility"],
        },
        Case {
            name: "a rule that holds nowhere",
            find: "action = \"hold\", at = \"camp\", parolable",
            by: "action = \"hold\", parolable",
            at: "{ action = \"hold\", parolable",
            says: &["ladders.sea.rungs.1.rules.0.actions.0", "`hold` without a place", "`at = …`"],
        },
        Case {
            name: "an arrangement of nobody",
            find: "parties = [\"NOR\", \"SUD\"]",
            by: "parties = []",
            at: "[]",
            says: &["arrangements.0.parties", "no party", "at least one country"],
        },
        Case {
            name: "an arrangement that never comes into force",
            find: "in_force = 2001-09-01\nsuspended = 2002-02-01\nrevived = 2002-07-01\n",
            by: "",
            at: "[[arrangements]]",
            says: &["arrangements.0", "never comes into force", "`in_force = …`"],
        },
        Case {
            name: "a ladder without rungs",
            find: "",
            by: "[ladders.bare]\ncountry = \"NOR\"\ndomain = \"reception\"\nrungs = []",
            at: "[]",
            says: &["ladders.bare.rungs", "a ladder without rungs", "at least one rung"],
        },
        Case {
            name: "a population without a route",
            find: "",
            by: "[populations.other]\nhome = \"partner\"\nhouseholds = 10.0\nwell_founded = 0.1\n\
                 departures_per_thousand_year = 1.0\nmeans = [{ share = 1.0, value = 1.0 }]\n\
                 aversion = [{ share = 1.0, value = 1.0 }]",
            at: "[populations.other]",
            says: &["populations.other", "without any route from home", "at least one route"],
        },
        Case {
            name: "an event that says nothing about what",
            find: "",
            by: "[[events]]\ndate = 2001-05-05\nkind = \"weather\"",
            at: "[[events]]\ndate = 2001-05-05",
            says: &["kind `weather` without `zone`", "`zone = …`"],
        },
    ]);
}

#[test]
fn contradictions_of_places() {
    hold(&[
        Case {
            name: "a zone on land",
            find: "mode = \"land\"\nduration_days = 4.0",
            by: "mode = \"land\"\nzone = \"strait\" \nduration_days = 4.0",
            at: "\"strait\" ",
            says: &[
                "corridors.road.zone",
                "a zone of a corridor by land",
                "only with `mode = \"sea\"`",
                "leave",
            ],
        },
        Case {
            name: "a facility that is its own fallback",
            find: "fallback = \"annex\"",
            by: "fallback = \"camp\"",
            at: "\"camp\"",
            says: &["places.camp.fallback", "the facility itself", "does not send them back", "leave one"],
        },
        Case {
            name: "facilities that send people round",
            find: "capacity = 20.0\n",
            by: "capacity = 20.0\nfallback = \"camp\"\n",
            at: "\"annex\"",
            says: &["places.camp.fallback", "a way back: camp, annex, camp", "1 problem in"],
        },
        Case {
            name: "people resettled where they are",
            find: "offers = [{ to = \"partner\"",
            by: "offers = [{ to = \"camp\"",
            at: "\"camp\", places_per_year",
            says: &[
                "arrangements.2.resettlement.offers.0.to",
                "`camp`, from where people are taken",
                "another place",
            ],
        },
    ]);
}

#[test]
fn contradictions_of_parties() {
    hold(&[
        Case {
            name: "revived, never suspended",
            find: "suspended = 2002-02-01\n",
            by: "",
            at: "2002-07-01",
            says: &[
                "arrangements.0.revived",
                "`revived` without `suspended`",
                "both, or neither",
                "1 problem in",
            ],
        },
        Case {
            name: "a party twice",
            find: "parties = [\"NOR\", \"SUD\"]",
            by: "parties = [\"SUD\", \"SUD\"]",
            at: "\"SUD\"]",
            says: &["arrangements.0.parties.1", "`SUD` a second time", "each country once", "1 problem in"],
        },
        Case {
            name: "one who is no party undertakes something",
            find: "by = \"SUD\"\nroutes",
            by: "by = \"OUE\"\nroutes",
            at: "\"OUE\"\nroutes",
            says: &[
                "arrangements.0.dissuasion.by",
                "`OUE`, which is no party",
                "one of NOR, SUD",
                "add it to",
            ],
        },
        Case {
            name: "a facility of one who is no party",
            find: "name = \"hosting\"\nparties = [\"NOR\", \"PAR\"]",
            by: "name = \"hosting\"\nparties = [\"PAR\"]",
            at: "\"annex\"\ncapacity = 15.0",
            says: &["arrangements.1.hosting.at", "`annex`, run by `NOR`, which is no party", "one of PAR"],
        },
    ]);
}

#[test]
fn contradictions_of_ladders() {
    hold(&[
        Case {
            name: "the exit of another State",
            find: "exit = { south_raft = 1.0 }",
            by: "exit = { south_launch = 0.5, west_road = 1.0 }",
            at: "1.0 }\n[[ladders.exit.rungs]]",
            says: &[
                "ladders.exit.rungs.0.exit.west_road",
                "a route from `OUE`",
                "a route from `SUD`",
                "1 problem in",
            ],
        },
        Case {
            name: "a ladder of the wrong State",
            find: "country = \"SUD\"\ndomain = \"exit\"",
            by: "country = \"PAR\"\ndomain = \"exit\"",
            at: "\"PAR\"\ndomain",
            says: &["ladders.exit.country", "`PAR`, but `south_raft` starts in `SUD`", "1 problem in"],
        },
        Case {
            name: "two rules for one entry",
            find: "on = \"rescue\"\nactions = [{ action = \"admit\" }]",
            by: "on = \"interception\"\nactions = [{ action = \"admit\" }]",
            at: "\"interception\"\nactions = [{ action = \"admit\" }]\n[[ladders.sea.rungs]]",
            says: &[
                "ladders.sea.rungs.0.rules.1.on",
                "a second rule on interception",
                "rule 0 never applies",
            ],
        },
        Case {
            name: "ties that differ by route",
            find: "corridors = [\"launch\"]\nsettled = 5000.0",
            by: "corridors = [\"launch\"]\nsettled = 500.0",
            at: "500.0\n[routes.south_orderly]",
            says: &[
                "routes.south_launch.settled",
                "500 settled where `south_raft`, to the same place, has 5000",
                "1 problem in",
                "as many on every route of a population to one place",
            ],
        },
        Case {
            name: "two rungs of one name",
            find: "name = \"offer\"",
            by: "name = \"rescue_and_admit\" ",
            at: "\"rescue_and_admit\" ",
            says: &["ladders.sea.rungs.3.name", "a name already used", "of its own on this ladder"],
        },
        Case {
            name: "two series of one name",
            find: "",
            by: "[[observed]]\nname = \"o\"\nsource = \"s\"\nfigures = []\nmeasure = { flow = \"landed\" }\n\
                 [[observed]]\nname = \"o\" \nsource = \"s\"\nfigures = []\nmeasure = { flow = \"landed\" }",
            at: "\"o\" ",
            says: &["observed.1.name", "a name already used", "a name of its own"],
        },
    ]);
}

#[test]
fn what_is_unusual_is_no_contradiction() {
    // A rule for all, and then one for some; an exit by which people of others go on; a place offered by no party.
    let text = changed("actions = [{ action = \"parole\" }]", "actions = [{ action = \"parole\" }]\n\
        [[ladders.sea.rungs.rules]]\non = \"landing\"\npopulation = \"south\"\nactions = [{ action = \"admit\" }]")
        .replacen("openness = { east = 0.4", "exit = { west_onward = 0.5 }\nopenness = { east = 0.4", 1)
        .replacen("{ to = \"partner\", places", "{ to = \"east\", places", 1);
    if let Err(problems) = load(&[Layer::file(FILE, &text)]) {
        panic!("{problems}");
    }
}

#[test]
fn dates() {
    hold(&[
        Case {
            name: "a move outside the period",
            find: "date = 2001-10-01, rung = \"screen\"",
            by: "date = 2003-10-01, rung = \"screen\"",
            at: "2003-10-01",
            says: &["ladders.sea.schedule.1.date", "outside the period", "2001-01-01 to 2002-12-31"],
        },
        Case {
            name: "an event outside the period",
            find: "",
            by: "[[events]]\ndate = 1999-05-05\nkind = \"pressure\"\ncountry = \"NOR\"",
            at: "1999-05-05",
            says: &["1999-05-05, outside the period", "2001-01-01 to 2002-12-31"],
        },
        Case {
            name: "moves that go back in time",
            find: "date = 2001-10-01, rung = \"screen\"",
            by: "date = 2001-03-01, rung = \"screen\"",
            at: "2001-03-01, rung",
            says: &["ladders.sea.schedule.1.date", "not after the one before", "dates in order"],
        },
        Case {
            name: "drivers that go back in time",
            find: "{ date = 2001-07-01, value = 1.5 }",
            by: "{ date = 1999-07-01, value = 1.5 }",
            at: "[{ date = 2000-12-01",
            says: &["drivers.hardship.values", "dates not rising", "in order"],
        },
        Case {
            name: "an end before the start",
            find: "end = 2002-12-31",
            by: "end = 2000-12-31",
            at: "2000-12-31\n",
            says: &["scenario.end", "before the start 2001-01-01", "not before `scenario.start`"],
        },
    ]);
}

/// What is said of a fact, appended to the tiny scenario: what it measures and claims, what the message points at,
/// what it must hold.
const FACTS: &[(&str, &str, &[&str])] = &[
    ("measure = {}\nat_least = 1", "{}", &["a quantity of nothing", "exactly one of `flow`, `stock`"]),
    (
        "measure = { flow = \"landed\", stock = \"held\" }\nat_least = 1",
        "\"held\" }",
        &["measure.stock", "`stock` beside `flow`"],
    ),
    (
        "measure = { flow = [\"set_out\", \"lannded\"] }\nat_least = 1",
        "\"lannded\"",
        &[
            "facts.0.measure.flow.1",
            "there is no flow `lannded`",
            "landed, ",
            "lapsed",
            "did you mean `landed`?",
        ],
    ),
    ("measure = { flow = 3 }\nat_least = 1", "3 }", &["`3` is not a name", "a name in quotes"]),
    (
        "measure = { stock = \"hold\", on = 2001-05-05 }\nat_least = 1",
        "\"hold\", on",
        &["there is no status `hold`", "did you mean `held`?"],
    ),
    (
        "measure = { stock = \"held\" }\nat_least = 1",
        "{ stock",
        &["over a period, without `take`", "`take = …`", "`on = …`"],
    ),
    (
        "measure = { level = \"openness\", country = \"NOR\", on = 2001-05-05 }\nat_least = 1",
        "\"NOR\", on",
        &["`country` with a level", "`place`", "a level without `place`"],
    ),
    (
        "measure = { rung = \"narow\", ladder = \"border\", take = \"share\" }\nat_least = 1",
        "\"narow\"",
        &["there is no rung of that ladder `narow`", "did you mean `narrow`?"],
    ),
    (
        "measure = { phase = \"in_force\", take = \"largest\" }\nat_least = 1",
        "{ phase",
        &["a phase without `arrangement`", "`arrangement = …`"],
    ),
    (
        "measure = { flow = \"landed\", ladder = \"sea\" }\nat_least = 1",
        "\"sea\" }",
        &["`ladder` with a flow", "`population`, `place`"],
    ),
    (
        "measure = { flow = \"landed\", reaches = 3 }\nat_least = 1",
        "3 }\nat_least",
        &["`reaches = 3`", "with `take = \"share\"`"],
    ),
    (
        "measure = { flow = \"landed\", by = \"year\", take = \"largest\", to = 2001-11-30 }\nat_least = 1",
        "\"year\", take",
        &["a period from 2001-01-01 to 2001-11-30", "whole periods by year"],
    ),
    (
        "measure = { wait = \"decision\", take = \"largest\" }\nat_least = 1",
        "\"largest\" }\nat_least",
        &["`largest` of a wait", "\"mean\""],
    ),
    (
        "measure = { wait = \"holding\", population = \"south\" }\nat_least = 1",
        "\"south\" }\nat_least",
        &["`population` with a wait", "`place`, `country`"],
    ),
    (
        "measure = { flow = \"landed\", across = \"count\" }\nat_least = 1",
        "\"count\" }",
        &["one without the other", "`each_at_least = …` together"],
    ),
    (
        "measure = { flow = \"landed\", from = 2001-05-05, to = 2001-05-04 }\nat_least = 1",
        "2001-05-04",
        &["a day before `from`"],
    ),
    ("measure = { flow = \"landed\", on = 2003-05-05 }\nat_least = 1", "2003-05-05", &["outside the period"]),
    ("measure = { constant = 3 }\nat_least = 1", "{ constant", &["a constant as what is measured"]),
    ("measure = { flow = \"landed\" }", "[[facts]]", &["a fact that claims nothing", "one of `about`"]),
    (
        "measure = { flow = \"landed\" }\nat_least = 1\nat_most = 4",
        "4\n",
        &["`at_most` beside another claim", "write `between`"],
    ),
    ("measure = { flow = \"landed\" }\nbetween = [4, 1]", "[4, 1]", &["4 before 1", "the smaller first"]),
    (
        "measure = { flow = \"landed\" }\non_date = 2001-05-05",
        "2001-05-05\n",
        &["`on_date`, but the quantity is a number", "one of `about`"],
    ),
    (
        "measure = { flow = \"landed\", take = \"first_day\" }\nat_least = 1",
        "1\n",
        &["`at_least`, but the quantity is a day", "one of `on_date`"],
    ),
    (
        "measure = { flow = \"landed\", take = \"first_day\" }\nminus = { flow = \"landed\" }\nat_least = 1",
        "{ flow = \"landed\" }\nat_least",
        &["a day and a number", "two days, or two numbers"],
    ),
    (
        "measure = { flow = \"landed\" }\nabout = 3\nwithin = 1\nfactor = 2",
        "2\n",
        &["`factor` beside another tolerance", "one tolerance"],
    ),
    (
        "measure = { flow = \"landed\" }\nat_least = 3\nrelative = 0.5",
        "0.5\n",
        &["`relative` without `about`"],
    ),
    (
        "measure = { flow = \"landed\" }\nat_least = 3\nused_for = \"fit\"",
        "\"fit\"",
        &["only a target with a recorded value"],
    ),
    (
        "measure = { flow = \"landed\" }\nat_least = 1\nagainst = { without = \"magnets\" }",
        "\"magnets\"",
        &[
            "facts.0.against.without.0",
            "there is no arrangement or switch `magnets`",
            "did you mean `magnet`?",
        ],
    ),
    (
        "measure = { flow = \"landed\" }\nat_least = 1\nagainst = { compare = \"ratio\" }",
        "{ compare",
        &["the same world", "`without = …`"],
    ),
    (
        "measure = { flow = \"landed\" }\nat_least = 1\nagainst = { set = \"scenario.seed\" }",
        "\"scenario.seed\"",
        &["`path=value`"],
    ),
];

#[test]
fn facts() {
    let head = "[[facts]]\nkind = \"rule\"\nstatement = \"s\"\nsource = \"made up\"\n";
    let mut faults = Vec::new();
    for (fact, at, says) in FACTS {
        let added = format!("{head}{fact}\n");
        let text = format!("{TINY}\n{added}");
        let said = message(&text);
        let within = added.rfind(at).unwrap_or_else(|| panic!("`{at}` is not in {added}"));
        let place = place_at(&text, text.len() - added.len() + within);
        for word in says.iter().copied().chain([place.as_str(), "error: facts.0"]) {
            if !said.contains(word) {
                faults.push(format!("{fact}: no `{word}` in\n{said}"));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    let erratum = message(&format!("{TINY}\n{}", head.replace("rule", "erratum")));
    assert!(erratum.contains("one of: \"target\", \"rule\""), "{erratum}");
    let dated = "[[observed]]\nname = \"o\"\nsource = \"made up\"\nfigures = []\n\
                 measure = { flow = \"landed\", on = 2001-05-05 }";
    let said = message(&format!("{TINY}\n{dated}"));
    assert!(said.contains("observed.0.measure") && said.contains("the figures say when"), "{said}");
}

#[test]
fn all_mistakes_are_told_at_once() {
    let form = changed("seed = 7", "sed = 7")
        .replacen("area_km2 = 20000.0", "area_km2 = nan", 1)
        .replacen("well_founded = 0.4", "well_founded = 1.4", 1)
        .replacen("persons_mean = 4.0", "persons_mean = -4.0", 1);
    let said = message(&form);
    for word in ["scenario.sed", "zones.strait.area_km2", "populations.south.well_founded", "vessels.raft"] {
        assert!(said.contains(word), "no `{word}` in\n{said}");
    }
    assert!(said.contains("4 problems in bad.toml"), "{said}");
    let meaning = changed("release_to = \"north\"\nfallback", "release_to = \"nroth\"\nfallback")
        .replacen("from = \"west\"\nto = \"east\"", "from = \"west\"\nto = \"easst\"", 1)
        .replacen("parties = [\"NOR\", \"SUD\"]", "parties = []", 1)
        .replacen("zone = \"strait\"\nvessel = \"raft\"\n", "vessel = \"raft\"\n", 1);
    let said = message(&meaning);
    for word in ["places.camp.release_to", "corridors.road.to", "arrangements.0.parties", "corridors.raft"] {
        assert!(said.contains(word), "no `{word}` in\n{said}");
    }
}

#[test]
fn mistakes_of_every_kind_are_told_together() {
    let text = changed("seed = 7", "sed = 7")
        .replacen("area_km2 = 20000.0", "area_km2 = nan", 1)
        .replacen("from = \"west\"\nto = \"east\"", "from = \"west\"\nto = \"easst\"", 1)
        .replacen("date = 2001-10-01, rung = \"screen\"", "date = 2003-10-01, rung = \"screan\"", 1)
        .replacen("home = \"west\"", "home = 3", 1)
        .replacen("zone = \"strait\"\nvessel = \"raft\"\n", "vessel = \"raft\"\n", 1)
        + "\n[choice]\nbeta_protection = nan\n";
    let said = message(&text);
    for word in [
        "scenario.sed",
        "zones.strait.area_km2",
        "corridors.road.to: there is no place `easst`",
        "ladders.sea.schedule.1.date: 2003-10-01, outside the period",
        "ladders.sea.schedule.1.rung: there is no rung of this ladder `screan`",
        "populations.west.home",
        "corridors.raft.zone: a corridor by sea without a zone",
        "choice.beta_protection",
        "8 problems in bad.toml",
    ] {
        assert!(said.contains(word), "no `{word}` in\n{said}");
    }
}

/// Every single value of a text (`key = value`, lists and tables apart): where it begins and ends.
fn values(text: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices(" = ") {
        let start = at + 3;
        let rest = &text[start..];
        let end = match rest.chars().next() {
            Some('[' | '{') | None => continue,
            Some('"') => rest[1..].find('"').map(|end| end + 2),
            _ => rest.find([',', '}', ']', '\n', ' ']),
        };
        found.extend(end.map(|end| (start, start + end)));
    }
    found
}

#[test]
fn one_mistake_is_told_as_one() {
    let single = |text: &str| {
        let problems = load(&[Layer::file(FILE, text)]).expect_err("accepted");
        (problems.len(), problems.render(false))
    };
    let mut faults = Vec::new();
    // Whatever is replaced by what can be no value of it, nothing else is made to look wrong.
    for (start, end) in values(TINY) {
        let (count, said) = single(&format!("{}nan{}", &TINY[..start], &TINY[end..]));
        if count != 1 || !said.contains(&place_at(TINY, start)) {
            faults.push(format!("{} made nan:\n{said}", &TINY[start..end]));
        }
    }
    // Nor where a key is mistyped.
    for (start, _) in values(TINY) {
        let mistyped = format!("{}x{}", &TINY[..start - 3], &TINY[start - 3..]);
        if let Err(problems) = load(&[Layer::file(FILE, &mistyped)])
            && problems.len() != 1
            && !TINY[..start - 3].ends_with('"')
        {
            faults.push(format!("a key before {}:\n{problems}", &TINY[start..start + 9]));
        }
    }
    // Nor where a header is: what stands under it is somewhere, if not where it should be.
    let headers = TINY.match_indices("\n[").map(|(at, _)| at + 1);
    for start in headers {
        let end = start + TINY[start..].find(']').expect("it is closed");
        let header = TINY[start..end].trim_start_matches('[');
        // The last part of `places.south` is a name, and any other would do as well.
        let named = header.matches('.').count() == 1 && !header.starts_with("arrangements");
        let last = (!named || TINY[start..].starts_with("[[")).then_some(end);
        let first = TINY[start..end].find('.').map(|dot| start + dot);
        for dot in first.into_iter().chain(last) {
            let problems = load(&[Layer::file(FILE, format!("{}x{}", &TINY[..dot], &TINY[dot..]))]);
            let wrong = problems.expect_err("a header that is not declared");
            // Without the first element of a list, TOML itself takes the rest for something else.
            if wrong.len() != 1 && !wrong.to_string().contains("duplicate key") {
                faults.push(format!("{} mistyped at {}:\n{wrong}", &TINY[start..end], dot - start));
            }
        }
    }
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn what_may_be_declared_under_a_mistyped_table_is_not_called_unknown() {
    for (find, by) in [
        ("[places.south]", "[plaices.south]"),
        ("[ladders.sea]", "[laders.sea]"),
        ("[[arrangements]]", "[[arangements]]"),
        ("[scenario]", "[scenarios]"),
        ("start = 2001-01-01", "start = \"2001-01-01\""),
        ("end = 2002-12-31", "end = 3"),
    ] {
        let said = message(&changed(find, by));
        assert!(!said.contains("there is no place"), "{said}");
        assert!(!said.contains("there is no arrangement") && !said.contains("there is no ladder"), "{said}");
        assert!(!said.contains("outside the period") && !said.contains("without any"), "{said}");
    }
    let both_ends = changed("start = 2001-01-01", "start = 2003-01-01");
    assert!(message(&both_ends).contains("1 problem in"), "{}", message(&both_ends));
    let syntax = changed("seed = 7", "seed = ");
    assert!(
        message(&syntax).contains("once these are mended, names, dates and contradictions are looked at")
    );
}

#[test]
fn what_is_typed_on_the_command_line_is_checked_like_a_file() {
    for (typed, words) in [
        ("scenario.sed=3", &["did you mean `seed`?"][..]),
        ("zones.strait.area_km2=nan", &["not a finite number", "km²"]),
        ("zones.strait.area_km2=-1", &["out of range"]),
        ("switches.magnets=false", &["did you mean `magnet`?"]),
        ("corridors.road.to=\"nowhere\"", &["there is no place `nowhere`"]),
    ] {
        let layers = [Layer::file(FILE, TINY), Layer::assignment(typed.to_string())];
        let said = load(&layers).err().unwrap_or_else(|| panic!("{typed} was accepted")).render(false);
        for word in words {
            assert!(said.contains(word), "{typed}: no `{word}` in\n{said}");
        }
    }
}

#[test]
fn nothing_that_is_typed_ends_in_a_panic() {
    let mut texts = vec![String::new(), "=".into(), "[".into(), "\u{feff}".into(), "a = \"\u{0}\"".into()];
    // Cut anywhere, and with every line left out in turn.
    texts.extend((0..TINY.len()).step_by(97).filter_map(|at| TINY.get(..at)).map(str::to_string));
    let lines: Vec<&str> = TINY.lines().collect();
    for skip in 0..lines.len() {
        let rest = lines.iter().enumerate().filter(|(i, _)| *i != skip).map(|(_, l)| format!("{l}\n"));
        texts.push(rest.collect());
    }
    for text in texts {
        if let Err(problems) = load(&[Layer::file(FILE, &text)]) {
            assert!(problems.render(false).contains("error: "), "{text}");
        }
    }
}
