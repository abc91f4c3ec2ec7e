//! The program as its users meet it: the real binary, its files, its exit codes, its messages.

mod common;

use common::TINY;
use landfall::engine::DAY;
use landfall::files::DirectoryLock;
use landfall::observe::tables;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

/// A directory with a small scenario in it.
struct Place {
    dir: TempDir,
}

impl Place {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("tiny.toml"), TINY).unwrap();
        Self { dir }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_landfall"));
        command.args(arguments).current_dir(self.dir.path()).stdin(Stdio::null());
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Runs what must succeed, and returns what it printed.
    fn done(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "{arguments:?}: {}", error_of(&output));
        String::from_utf8(output.stdout).unwrap()
    }

    /// Runs what must be refused, and returns the message.
    fn refused(&self, arguments: &[&str], code: i32) -> String {
        let output = self.run(arguments);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {}", error_of(&output));
        error_of(&output)
    }
}

fn error_of(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!text.contains("panicked"), "{text}");
    text
}

fn contents(directory: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    entries.map(|p| (p.file_name().unwrap().to_string_lossy().into_owned(), fs::read(p).unwrap())).collect()
}

fn json(path: &Path) -> serde_json::Value {
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

#[test]
fn the_default_run_leaves_tables_a_manifest_and_a_summary() {
    let place = Place::new();
    let printed = place.done(&["run"]);
    for word in ["1994", "interdicted", "rows in"] {
        assert!(printed.contains(word), "no `{word}` in:\n{printed}");
    }
    let manifest = json(&place.path("runs/us_cuba-1/manifest.json"));
    assert_eq!(manifest["scenario"]["name"], "us_cuba");
    assert_eq!(manifest["scenario"]["start"], "1991-01-01");
    assert_eq!(manifest["seed"], 1);
    assert_eq!(manifest["days"], 7305);
    for table in manifest["tables"].as_array().unwrap() {
        assert!(table["rows"].as_u64().unwrap() > 0, "{table}");
    }
}

#[test]
fn a_run_leaves_what_its_manifest_names_and_nothing_half_written() {
    let place = Place::new();
    place.done(&["run", "tiny.toml", "--out", "r", "--quiet"]);
    let (held, manifest) = (contents(&place.path("r")), json(&place.path("r/manifest.json")));
    let mut named: Vec<String> = manifest["tables"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|t| t["files"].as_array().unwrap())
        .map(|f| f.as_str().unwrap().to_string())
        .collect();
    for table in tables::ALL.iter().filter(|t| t.name != "transitions") {
        assert!(named.contains(&format!("{}.parquet", table.name)), "{} in {named:?}", table.name);
    }
    named.extend(["manifest.json", "scenario.toml", "times.json", ".lock"].map(str::to_string));
    named.sort();
    assert_eq!(held.keys().cloned().collect::<Vec<_>>(), named);
    for key in ["digest", "name", "title", "start", "end"] {
        assert!(manifest["scenario"][key].is_string(), "{key}");
    }
    assert!(held.iter().filter(|(n, _)| n.ends_with(".parquet")).all(|(_, b)| b.starts_with(b"PAR1")));
}

#[test]
fn the_resolved_scenario_is_a_scenario_that_gives_the_same_run() {
    let place = Place::new();
    place.done(&["run", "tiny.toml", "--out", "one", "-q", "--set", "beliefs.half_life_days=33"]);
    place.done(&["run", "one/scenario.toml", "--out", "two", "-q"]);
    let (one, two) = (json(&place.path("one/manifest.json")), json(&place.path("two/manifest.json")));
    assert_eq!(one["final_world"], two["final_world"]);
    assert_eq!(one["scenario"]["digest"], two["scenario"]["digest"]);
}

#[test]
fn tables_come_as_csv_by_day_and_by_person_when_asked() {
    let place = Place::new();
    place.done(&["run", "tiny.toml", "--out", "m", "-q", "--format", "csv"]);
    place.done(&[
        "run",
        "tiny.toml",
        "--out",
        "d",
        "-q",
        "--format",
        "both",
        "--period",
        "day",
        "--transitions",
    ]);
    let (monthly, daily) = (contents(&place.path("m")), contents(&place.path("d")));
    assert!(!monthly.keys().any(|n| n.ends_with(".parquet") || n.starts_with("transitions")));
    for name in ["transitions.csv", "transitions.parquet", "flows.csv", "flows.parquet"] {
        assert!(daily.contains_key(name), "{name}");
    }
    let rows = |files: &BTreeMap<String, Vec<u8>>, name: &str| {
        let mut reader = csv::Reader::from_reader(files[name].as_slice());
        let header = reader.headers().unwrap().iter().map(str::to_string).collect::<Vec<_>>();
        (header, reader.records().map(Result::unwrap).collect::<Vec<_>>())
    };
    for table in tables::ALL.iter().filter(|t| t.name != "transitions") {
        let (header, _) = rows(&monthly, &format!("{}.csv", table.name));
        assert_eq!(header, table.columns.iter().map(|c| c.name).collect::<Vec<_>>());
    }
    let persons = |files: &BTreeMap<String, Vec<u8>>| {
        let (header, records) = rows(files, "flows.csv");
        let at = |name: &str| header.iter().position(|h| h == name).unwrap();
        let (flow, count) = (at("flow"), at("persons"));
        let mut sums: BTreeMap<String, u64> = BTreeMap::new();
        for r in &records {
            *sums.entry(r[flow].to_string()).or_default() += r[count].parse::<u64>().unwrap();
        }
        (records.len(), sums)
    };
    let ((few, by_month), (many, by_day)) = (persons(&monthly), persons(&daily));
    assert_eq!(by_month, by_day, "the same run, cut by month or by day");
    assert!(many > few);
}

#[test]
fn threads_change_no_byte() {
    let place = Place::new();
    let run = |threads: &str| {
        let arguments = ["run", "tiny.toml", "-q", "--format", "both", "--transitions", "--out", threads];
        place.done(&[&arguments[..], &["--threads", threads]].concat());
        let mut files = contents(&place.path(threads));
        assert!(files.remove("times.json").is_some());
        files
    };
    let one = run("1");
    for threads in ["2", "3", "8"] {
        let other = run(threads);
        assert_eq!(one.keys().collect::<Vec<_>>(), other.keys().collect::<Vec<_>>());
        let differ: Vec<&String> = one.keys().filter(|k| one[*k] != other[*k]).collect();
        assert!(differ.is_empty(), "{threads} threads: {differ:?} differ");
    }
}

/// The control of the test above: a comparison of files that never fails would prove nothing.
#[test]
fn a_seed_changes_the_tables() {
    let place = Place::new();
    place.done(&["run", "tiny.toml", "-q", "--out", "a"]);
    place.done(&["run", "tiny.toml", "-q", "--out", "b", "--seed", "8"]);
    assert_ne!(contents(&place.path("a"))["flows.parquet"], contents(&place.path("b"))["flows.parquet"]);
    let (a, b) = (json(&place.path("a/manifest.json")), json(&place.path("b/manifest.json")));
    assert_eq!(
        a["scenario"]["digest"], b["scenario"]["digest"],
        "the digest is of the scenario without its seed"
    );
}

#[test]
fn results_of_another_run_are_left_alone() {
    let place = Place::new();
    place.done(&["run", "tiny.toml", "-q", "--out", "r"]);
    fs::write(place.path("r/notes.txt"), "mine").unwrap();
    let before = contents(&place.path("r"));
    let other_seed = place.refused(&["run", "tiny.toml", "-q", "--out", "r", "--seed", "9"], 2);
    assert!(other_seed.contains("results of another run") && other_seed.contains("seed 7"), "{other_seed}");
    assert!(other_seed.contains("--out"), "{other_seed}");
    place.refused(&["run", "tiny.toml", "-q", "--out", "r", "--without", "magnet"], 2);
    assert!(before == contents(&place.path("r")), "something was changed");
    place.done(&["run", "tiny.toml", "-q", "--out", "r"]);
    let mut after = contents(&place.path("r"));
    after.insert("times.json".into(), before["times.json"].clone());
    assert!(before == after, "the same run again gives the same files");
}

/// Files of the user's own bear the names of ours: nothing is written over, wherever a run was not begun before.
#[test]
fn a_directory_of_the_users_own_files_is_left_alone() {
    let place = Place::new();
    fs::create_dir(place.path("case")).unwrap();
    fs::write(place.path("case/scenario.toml"), TINY).unwrap();
    let message = place.refused(&["run", "case/scenario.toml", "-q", "--out", "case"], 2);
    assert!(message.contains("case holds other things, among them `scenario.toml`"), "{message}");
    fs::write(place.path("case/flows.csv"), "mine").unwrap();
    place.done(&["run", "tiny.toml", "-q", "--out", "r", "--snapshot-at", "2002-01-01"]);
    let snapshot = fs::read_dir(place.path("r/snapshots")).unwrap().next().unwrap().unwrap().path();
    let snapshot = snapshot.to_str().unwrap();
    for command in [
        &["run", "tiny.toml", "--format", "csv"][..],
        &["fork", snapshot],
        &["compare", "tiny.toml", "--without", "magnet", "--runs", "1"],
        &["attribute", "tiny.toml", "--runs", "1"],
    ] {
        let message = place.refused(&[command, &["-q", "--out", "case"]].concat(), 2);
        assert!(message.contains("other things, among them `flows.csv`"), "{command:?}: {message}");
    }
    let mut left = contents(&place.path("case"));
    left.remove(".lock");
    assert_eq!(left.keys().collect::<Vec<_>>(), ["flows.csv", "scenario.toml"]);
    assert!(left["scenario.toml"] == TINY.as_bytes() && left["flows.csv"] == b"mine");
}

/// One directory holds the tables of one run: those of a run before go with it, and what else is there stays.
#[test]
fn a_run_again_in_another_format_leaves_its_own_tables_alone() {
    let place = Place::new();
    let first = ["run", "tiny.toml", "-q", "--out", "r", "--format", "both", "--period", "day"];
    place.done(&[&first[..], &["--transitions"]].concat());
    let manifest = json(&place.path("r/manifest.json"));
    assert_eq!((manifest["period"].as_str(), manifest["format"].as_str()), (Some("day"), Some("both")));
    assert_eq!(manifest["transitions"], true);
    fs::write(place.path("r/notes.csv"), "mine").unwrap();
    place.done(&["run", "tiny.toml", "-q", "--out", "r"]);
    place.done(&["run", "tiny.toml", "-q", "--out", "fresh"]);
    let (mut again, mut fresh) = (contents(&place.path("r")), contents(&place.path("fresh")));
    assert_eq!(again.remove("notes.csv").as_deref(), Some(&b"mine"[..]));
    for files in [&mut again, &mut fresh] {
        files.remove("times.json");
    }
    assert!(again == fresh, "{:?} and {:?}", again.keys(), fresh.keys());
    assert_eq!(json(&place.path("r/manifest.json"))["period"], "month");
}

#[test]
fn a_directory_in_use_is_left_at_once_and_the_holder_is_named() {
    let place = Place::new();
    fs::create_dir(place.path("r")).unwrap();
    let lock = DirectoryLock::acquire(&place.path("r")).unwrap();
    let message = place.refused(&["run", "tiny.toml", "-q", "--out", "r"], 2);
    assert!(message.contains(&format!("in use by process {}", std::process::id())), "{message}");
    assert_eq!(contents(&place.path("r")).len(), 1, "nothing was written there");
    // That it is free afterwards is tested beside the lock: here, a process started by another test at this moment
    // may hold a copy of the open file until it is under way, and with it the lock.
    drop(lock);
}

#[test]
fn a_place_that_cannot_be_written_to_is_named() {
    let place = Place::new();
    let message = place.refused(&["run", "tiny.toml", "-q", "--out", "tiny.toml/r"], 2);
    assert!(message.contains("tiny.toml/r"), "{message}");
    let message = place.refused(&["run", "absent.toml"], 2);
    assert!(message.contains("absent.toml") && message.contains("us_cuba"), "{message}");
    let message = place.refused(&["run", "."], 2);
    assert!(message.contains("regular file"), "{message}");
}

#[test]
fn a_reader_that_leaves_ends_the_program_quietly() {
    let place = Place::new();
    for arguments in [&["schema"][..], &["document", "parameters"], &["list"]] {
        let mut child =
            place.command(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {:?}", output.status);
        assert_eq!(error_of(&output), "", "{arguments:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_said_and_is_a_failure() {
    let place = Place::new();
    let full = || fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    for arguments in [&["schema"][..], &["list"], &["explain", "seed"], &["run", "tiny.toml", "--out", "r"]] {
        let output = place.command(arguments).stdout(full()).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(error_of(&output).contains("cannot write to standard output"), "{arguments:?}");
    }
    assert!(place.path("r/manifest.json").exists(), "the results were whole before the summary failed");
    let output = place.command(&["run", "tiny.toml", "--out", "s"]).stderr(full()).output().unwrap();
    assert!(output.status.success(), "progress that cannot be shown does not end a run");
}

/// What is told beside the results may reach nobody: the work is done all the same, and the exit code is what it is.
#[cfg(target_os = "linux")]
#[test]
fn a_standard_error_that_takes_nothing_costs_no_work() {
    let place = Place::new();
    fs::write(place.path("bad.toml"), TINY.replace("seed = 7", "sed = 7")).unwrap();
    let commands: [(&[&str], i32); 4] = [
        (&["run", "tiny.toml", "-q", "--out", "r", "--stop-at", "2002-01-01"], 75),
        (&["attribute", "tiny.toml", "--runs", "1", "--out", "a"], 0),
        (&["check", "bad.toml"], 1),
        (&["run", "absent.toml"], 2),
    ];
    for (arguments, code) in commands {
        let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let output = place.command(arguments).stderr(full).output().unwrap();
        assert_eq!(output.status.code(), Some(code), "{arguments:?}");
    }
    assert!(place.path("a/manifest.json").exists());
    place.done(&["resume", "r", "-q"]);
}

#[test]
fn shipped_scenarios_are_listed_and_valid() {
    let place = Place::new();
    let listed = place.done(&["list"]);
    for shipped in landfall::scenario::library::SHIPPED {
        assert!(listed.contains(&format!("{}: ", shipped.name)), "{listed}");
        let checked = place.done(&["check", shipped.name]);
        assert!(checked.contains("no mistakes found"), "{checked}");
    }
}

#[test]
fn check_tells_by_its_exit_code() {
    let place = Place::new();
    let good = place.done(&["check", "tiny.toml"]);
    assert!(good.starts_with("tiny.toml: no mistakes found. Tiny: 2001-01-01 to 2002-12-31"), "{good}");
    fs::write(place.path("bad.toml"), TINY.replace("seed = 7", "sed = 7")).unwrap();
    let bad = place.refused(&["check", "bad.toml"], 1);
    assert!(bad.contains("bad.toml:8:1") && bad.contains("did you mean `seed`"), "{bad}");
    place.refused(&["check", "absent.toml"], 2);
    let set = place.refused(&["check", "tiny.toml", "--set", "scenario.sed=3"], 1);
    assert!(set.contains("seed"), "{set}");
    let extends = place.refused(&["check", "tiny.toml", "--set", "extends=\"us_cuba\""], 2);
    assert!(extends.contains("what a scenario extends cannot be set"), "{extends}");
}

#[test]
fn what_is_extended_is_told_where_it_stands() {
    let place = Place::new();
    let write = |name: &str, extends: &str| {
        fs::write(place.path(name), format!("# A title\nextends = \"{extends}\"\n")).unwrap();
    };
    write("missing.toml", "us_cubaa");
    write("self.toml", "self.toml");
    write("one.toml", "two.toml");
    write("two.toml", "one.toml");
    write("folder.toml", "folder");
    fs::create_dir(place.path("folder")).unwrap();
    write("above.toml", "missing.toml");
    for (file, at, words) in [
        ("missing.toml", "missing.toml:2:11", ["there is no scenario `us_cubaa`", "did you mean `us_cuba`?"]),
        ("self.toml", "self.toml:2:11", ["`self.toml`, which is this scenario itself", "name another"]),
        (
            "one.toml",
            "two.toml:2:11",
            ["`one.toml`, which itself extends this one", "stand without the others"],
        ),
        ("folder.toml", "folder.toml:2:11", ["folder", "UTF-8 text"]),
        ("above.toml", "missing.toml:2:11", ["there is no scenario `us_cubaa`", "a file beside this one"]),
    ] {
        let said = place.refused(&["check", file], 1);
        for word in words.into_iter().chain([at, "error: extends: ", "extends = "]) {
            assert!(said.contains(word), "{file}: no `{word}` in\n{said}");
        }
    }
    write("tiny_more.toml", "tiny.toml");
    place.done(&["check", "tiny_more.toml"]);
    // What is wrong beside it is told at once; what the missing scenario would have held is not asked for.
    let more = "extends = \"us_cubaa\"\n[places.a]\nopennes = 0.5\n[zones.z]\narea_km2 = -1.0\n\
                [arrangements.pact]\nin_force = 2001-01-01\n";
    fs::write(place.path("wrong.toml"), more).unwrap();
    let said = place.refused(&["check", "wrong.toml"], 1);
    for word in ["there is no scenario `us_cubaa`", "places.a.opennes", "zones.z.area_km2", "3 problems"] {
        assert!(said.contains(word), "no `{word}` in\n{said}");
    }
}

#[test]
fn the_schema_is_a_json_schema_with_every_section() {
    let place = Place::new();
    let schema: serde_json::Value = serde_json::from_str(&place.done(&["schema"])).unwrap();
    assert!(
        schema["$schema"].as_str().unwrap().starts_with("https://json-schema.org/"),
        "{}",
        schema["$schema"]
    );
    let root =
        schema["$ref"].as_str().and_then(|r| schema.pointer(r.trim_start_matches('#'))).unwrap_or(&schema);
    let tiny: toml::Table = TINY.parse().unwrap();
    for section in
        tiny.keys().map(String::as_str).chain(["switches", "pressure", "policy", "observed", "extends"])
    {
        let described = &root["properties"][section];
        assert!(described.is_object(), "no section `{section}`");
    }
    // Every reference leads somewhere.
    let text = schema.to_string();
    let references: Vec<&str> =
        text.split("\"$ref\":\"#").skip(1).filter_map(|after| after.split('"').next()).collect();
    assert!(references.len() > 10);
    for reference in references {
        assert!(schema.pointer(reference).is_some(), "dangling reference {reference}");
    }
    // Without `extends` everything is asked for that must be given; with it, nothing.
    assert_eq!(schema["if"], serde_json::json!({ "not": { "required": ["extends"] } }));
    let strict = schema.pointer("/$defs/Scenario").unwrap();
    assert_eq!(schema["then"], serde_json::json!({ "$ref": "#/$defs/Scenario" }));
    assert!(strict["required"].as_array().unwrap().contains(&"countries".into()));
    assert!(root["required"].is_null() && strict["properties"]["extends"].is_object());
}

/// Whether a value of TOML is as a schema says, as far as keys, kinds and what must be given are concerned.
fn is_as(value: &toml::Value, schema: &serde_json::Value, all: &serde_json::Value) -> bool {
    let leads = |to: &str| all.pointer(to.trim_start_matches('#')).unwrap();
    let kinds = match &schema["type"] {
        serde_json::Value::String(kind) => vec![kind.as_str()],
        serde_json::Value::Array(kinds) => kinds.iter().filter_map(|kind| kind.as_str()).collect(),
        _ => vec!["any"],
    };
    let own = match value {
        toml::Value::Table(_) => &["object"][..],
        toml::Value::Array(_) => &["array"],
        toml::Value::Integer(_) => &["integer", "number"],
        toml::Value::Float(_) => &["number"],
        toml::Value::Boolean(_) => &["boolean"],
        _ => &["string"],
    };
    let kind = kinds == ["any"] || own.iter().any(|own| kinds.contains(own));
    let one_of = schema["anyOf"].as_array().is_none_or(|some| some.iter().any(|one| is_as(value, one, all)));
    let referred = schema["$ref"].as_str().is_none_or(|to| is_as(value, leads(to), all));
    let whole = || value.get("extends").is_some() || is_as(value, &schema["then"], all);
    let parts = match value {
        toml::Value::Array(items) => items.iter().all(|item| is_as(item, &schema["items"], all)),
        toml::Value::Table(table) => {
            let given = |key: &serde_json::Value| table.contains_key(key.as_str().unwrap());
            let known = |(key, value): (&String, &toml::Value)| match &schema["properties"][key] {
                serde_json::Value::Null => match &schema["additionalProperties"] {
                    serde_json::Value::Bool(allowed) => *allowed,
                    other => is_as(value, other, all),
                },
                part => is_as(value, part, all),
            };
            schema["required"].as_array().is_none_or(|keys| keys.iter().all(given)) && table.iter().all(known)
        }
        _ => true,
    };
    kind && one_of && referred && parts && (schema["if"].is_null() || whole())
}

#[test]
fn shipped_scenarios_are_as_the_schema_says() {
    let schema: serde_json::Value = serde_json::from_str(&Place::new().done(&["schema"])).unwrap();
    for shipped in landfall::scenario::library::SHIPPED {
        assert!(
            is_as(&shipped.text.parse().map(toml::Value::Table).unwrap(), &schema, &schema),
            "{}",
            shipped.name
        );
    }
    for (find, by, holds) in [
        ("", "", true),
        ("seed = 7", "sed = 7", false),
        ("seed = 7", "seed = \"7\"", false),
        ("home = \"south\"\n", "", false),
        ("in_force = 2001-05-01\nends", "ends", true),
        ("name = \"hosting\"\n", "", false),
        ("[countries.", "[lands.", false),
    ] {
        let text = TINY.replace(find, by);
        let value = toml::Value::Table(text.parse().unwrap());
        assert_eq!(is_as(&value, &schema, &schema), holds, "{by} for {find}");
    }
    let over = "extends = \"x\"\n[places.a]\nopenness = 0.5\n[arrangements.pact]\nin_force = 2001-01-01\n";
    let lists = "extends = \"x\"\n[[arrangements]]\nin_force = 2001-01-01\n";
    let holds = |text: &str| is_as(&toml::Value::Table(text.parse().unwrap()), &schema, &schema);
    assert!(holds(over) && !holds(lists) && !holds(&over.replace("openness", "opennes")));
    assert!(!holds(&over.replace("extends = \"x\"\n", "")));
}

#[test]
fn parameters_are_explained() {
    let place = Place::new();
    let whole = place.done(&["explain", "setting_out.max_per_day"]);
    for word in ["1/day", "0.05", "source", "5.1"] {
        assert!(whole.to_lowercase().contains(word), "no `{word}` in:\n{whole}");
    }
    assert!(place.done(&["explain", "area_km2"]).contains("km"));
    let unknown = place.refused(&["explain", "setting_out.max_per_dya"], 2);
    assert!(unknown.contains("setting_out.max_per_day"), "{unknown}");
}

#[test]
fn pages_are_documented() {
    let place = Place::new();
    assert!(place.done(&["document", "parameters"]).contains("max_per_day"));
    let tables_page = place.done(&["document", "tables"]);
    for table in tables::ALL {
        assert!(tables_page.contains(table.name), "{}", table.name);
    }
    let day = place.done(&["document", "day"]);
    let mut rest = day.as_str();
    for process in DAY {
        let mark = format!("| {} |", process.name);
        let at = rest.find(&mark).unwrap_or_else(|| panic!("{} out of order in:\n{day}", process.name));
        rest = &rest[at..];
    }
    assert!(place.refused(&["document", "nothing"], 2).contains("parameters"));
}

#[test]
fn switches_and_values_are_laid_over() {
    let place = Place::new();
    place.done(&["run", "tiny.toml", "-q", "--out", "r", "--without", "magnet", "--set", "scenario.seed=12"]);
    let resolved: toml::Table = fs::read_to_string(place.path("r/scenario.toml")).unwrap().parse().unwrap();
    assert_eq!(resolved["switches"]["magnet"].as_bool(), Some(false));
    assert_eq!(resolved["scenario"]["seed"].as_integer(), Some(12));
    let message = place.refused(&["run", "tiny.toml", "--without", "magnets"], 2);
    assert!(message.contains("magnet"), "{message}");
}

#[test]
fn a_profile_names_every_process() {
    let place = Place::new();
    let printed = place.done(&["run", "tiny.toml", "-q", "--profile", "--out", "r"]);
    for process in DAY {
        assert!(printed.contains(process.name), "{}", process.name);
    }
}

/// What is written to may be a link, which stays one, or a pipe, which is written to; neither is replaced.
#[cfg(unix)]
#[test]
fn links_and_pipes_stay_what_they_are() {
    use std::os::unix::fs::{FileTypeExt, symlink};
    let place = Place::new();
    fs::create_dir(place.path("far")).unwrap();
    symlink("far/world.toml", place.path("link.toml")).unwrap();
    place.done(&["synth", "--countries", "3", "--people", "1000", "--out", "link.toml"]);
    assert!(place.path("link.toml").is_symlink());
    let text = fs::read_to_string(place.path("far/world.toml")).unwrap();
    assert!(Command::new("mkfifo").arg(place.path("pipe")).status().unwrap().success());
    let reader = Command::new("cat").arg(place.path("pipe")).stdout(Stdio::piped()).spawn().unwrap();
    place.done(&["synth", "--countries", "3", "--people", "1000", "--out", "pipe"]);
    assert_eq!(String::from_utf8(reader.wait_with_output().unwrap().stdout).unwrap(), text);
    assert!(fs::symlink_metadata(place.path("pipe")).unwrap().file_type().is_fifo());
    let message = place.refused(&["synth", "--out", "far"], 2);
    assert!(message.contains("far") && message.contains("not as a regular file"), "{message}");
}

#[test]
fn more_than_a_machine_could_do_is_refused_before_it_is_begun() {
    let place = Place::new();
    for command in ["compare", "attribute", "score"] {
        for runs in ["0", "99999999999"] {
            let message = place.refused(&[command, "tiny.toml", "--runs", runs], 2);
            assert!(message.contains("--runs") && message.contains("from 1 to 100000"), "{message}");
        }
    }
    for command in ["run", "compare", "attribute", "score", "calibrate", "sweep", "resume"] {
        let message = place.refused(&[command, "tiny.toml", "--threads", "100000"], 2);
        assert!(message.contains("--threads") && message.contains("at most"), "{command}: {message}");
    }
    assert_eq!(contents(place.dir.path()).keys().collect::<Vec<_>>(), ["tiny.toml"]);
}

#[test]
fn worlds_that_are_compared_have_no_seed_of_their_own() {
    let place = Place::new();
    let worlds = ["tiny.toml --seed 4", "tiny.toml --set scenario.seed=4"];
    for world in worlds {
        let message = place.refused(&["compare", "tiny.toml", world, "--runs", "1"], 2);
        assert!(message.contains(world) && message.contains("only the first"), "{message}");
    }
    let set = ["compare", "tiny.toml", "--set", "scenario.seed=4", "--runs", "1"];
    assert!(place.refused(&set, 2).contains("only the first"));
    let printed = place.done(&["compare", worlds[0], "tiny.toml", "--runs", "1", "--until", "2001-02-01"]);
    assert!(printed.contains("1 paired seeds from 4"), "{printed}");
}
