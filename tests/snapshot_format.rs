//! The promise: a snapshot is a world to the bit, or it is refused. Whatever was done to its bytes is noticed before
//! any of them is believed, by name of the part that suffered, and no length in it makes the program allocate what it
//! asks for.
//!
//! Positions are those of `docs/snapshots.md`, written down a second time (`tests/common/bytes.rs`).

#![allow(clippy::disallowed_methods, reason = "how long to go on is about the clock")]
#![allow(clippy::type_complexity, reason = "a list of names and changes is read once")]

#[path = "common/bytes.rs"]
mod bytes;
mod common;

use bytes::{
    DIGEST, ENTRY, HEAD, after, bytes_of, loaded, number, put, read, section, sign, small, with_section,
};
use common::{Numbers, SHORT, begin, full, run, us_cuba};
use landfall::engine::Sim;
use landfall::scenario::read::Layer;
use landfall::scenario::{library, load, synthetic};
use landfall::snapshot::{
    Ancestor, Changed, Content, FORMAT, Fault, Opened, PROGRAM, RunState, check_whole, encode, open, pack,
    read_from,
};
use landfall::world::{Applicant, Counts, Vessel, World};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

#[test]
fn a_world_comes_back_to_the_bit() {
    let loaded = loaded(SHORT);
    let mut sim = common::begin(&loaded.setup);
    for day in 0..=loaded.setup.days {
        if day % 13 == 0 || day == loaded.setup.days {
            let bytes = bytes_of(&loaded, sim.world.clone());
            let Opened { snapshot, .. } = check_whole(read(&bytes).unwrap()).unwrap();
            assert_eq!(encode(&snapshot.world), encode(&sim.world), "day {day}");
            assert_eq!((snapshot.head.day, snapshot.head.seed), (day, 7));
            assert_eq!(bytes, bytes_of(&loaded, snapshot.world), "the same world, the same bytes");
        }
        if day < loaded.setup.days {
            sim.step();
        }
    }
}

#[test]
fn a_large_world_comes_back_and_takes_few_bytes() {
    // Of a size that does not hang on the latest estimate.
    let setup = us_cuba(&["populations.cuba.departures_per_thousand_year=98.23"]);
    let sim = run(&setup, 1360);
    let text = toml::to_string(&setup.scenario).unwrap();
    let bytes = bytes_of(&loaded(&text), sim.world.clone());
    let opened = check_whole(read(&bytes).unwrap()).unwrap();
    assert_eq!(encode(&opened.snapshot.world), encode(&sim.world));
    let people = sim.world.active();
    let (_, first) = section(&bytes, "crowd.ordinal");
    let (_, last) = section(&bytes, "crowd.record");
    let each = (last.end - first.start) as f64 / people as f64;
    assert!(people > 50_000 && each < 5.0, "{each} bytes for each of {people} people");
}

/// What is stored does not depend on when rows of the ended were squeezed out.
#[test]
fn the_bytes_do_not_depend_on_where_rows_lie() {
    let loaded = loaded(SHORT);
    let sim = run(&loaded.setup, 300);
    let mut squeezed = sim.world.clone();
    for group in &mut squeezed.groups {
        group.crowd.squeeze_all();
        group.back.rows.squeeze_all();
    }
    assert_eq!(bytes_of(&loaded, sim.world.clone()), bytes_of(&loaded, squeezed));
}

#[test]
fn a_snapshot_cut_short_at_any_length_is_refused() {
    let bytes = small();
    for length in 0..bytes.len() {
        let fault = read(&bytes[..length]).expect_err("cut short");
        assert!(matches!(fault, Fault::Damaged { .. } | Fault::Foreign(_)), "{length}: {fault}");
    }
    let longer = [&bytes[..], b"x"].concat();
    assert!(read(&longer).unwrap_err().to_string().contains("added"));
    // The same while the length of the file is not what the system said it was: it is being cut while it is read.
    for length in (0..bytes.len()).step_by(7) {
        assert!(read_from(&mut &bytes[..length], bytes.len() as u64).is_err(), "{length}");
    }
}

#[test]
fn no_bit_can_change_unseen_and_the_part_is_named() {
    let bytes = small();
    let count = number(&bytes, 12, 4) as usize;
    let table_end = HEAD + count * ENTRY + DIGEST;
    let mut whose = vec!["the header".to_string(); table_end];
    for i in 0..count {
        let name = &bytes[HEAD + i * ENTRY..HEAD + i * ENTRY + 32];
        let name = String::from_utf8_lossy(name).trim_end_matches('\0').to_string();
        let (_, range) = section(&bytes, &name);
        assert_eq!(range.start, whose.len());
        whose.resize(range.end, format!("section `{name}`"));
    }
    whose.resize(bytes.len(), "its end".to_string());
    let mut flipped = bytes.clone();
    for bit in 0..bytes.len() * 8 {
        flipped[bit / 8] ^= 1 << (bit % 8);
        match read(&flipped) {
            Err(Fault::Damaged { section, .. }) => assert_eq!(section, whose[bit / 8], "bit {bit}"),
            Err(Fault::Foreign(_)) => assert!(bit / 8 < 8, "bit {bit}"),
            other => panic!("bit {bit}: {:?}", other.map(|_| "believed")),
        }
        flipped[bit / 8] ^= 1 << (bit % 8);
    }
    assert!(read(&flipped).is_ok());
}

#[test]
fn bits_of_a_large_snapshot_cannot_change_unseen() {
    let setup = us_cuba(&[]);
    let text = toml::to_string(&setup.scenario).unwrap();
    let mut bytes = bytes_of(&loaded(&text), run(&setup, 1360).world);
    let mut numbers = Numbers(5);
    for _ in 0..if full() { 5_000 } else { 300 } {
        let (at, bit) = (numbers.below(bytes.len() as u64) as usize, 1 << numbers.below(8));
        bytes[at] ^= bit;
        assert!(read(&bytes).is_err(), "byte {at}");
        bytes[at] ^= bit;
    }
}

#[test]
fn other_versions_are_refused_with_both_named() {
    let older_and_newer = [(FORMAT - 1, "open it with that version"), (FORMAT + 1, "or a newer one")];
    for (format, advice) in older_and_newer {
        let mut bytes = small();
        put(&mut bytes, 8, u64::from(format), 4);
        sign(&mut bytes);
        let fault = read(&bytes).unwrap_err();
        assert!(matches!(fault, Fault::Version { .. }) && !fault.is_damage());
        let text = fault.to_string();
        let parts =
            [format!("format {format} "), format!("reads format {FORMAT}"), format!("landfall {PROGRAM}")];
        for part in parts.iter().map(String::as_str).chain([advice]) {
            assert!(text.contains(part), "no `{part}` in: {text}");
        }
    }
    let mut bytes = small();
    bytes[72] ^= 1;
    sign(&mut bytes);
    assert!(matches!(read(&bytes), Err(Fault::Layout { .. })));
}

fn golden() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

/// A stored file of every version of the format opens, or is refused with both versions named. The one of the present
/// version opens.
///
/// When the layout of the world has changed, this fails: raise `FORMAT` in `src/snapshot/head.rs` if a version with the
/// old one was released, and store a new file with `LANDFALL_STORE_GOLDEN=1 cargo test --test snapshot_format stored`.
#[test]
fn stored_snapshots_of_every_version_open_or_are_refused_by_name() {
    let present = golden().join(format!("format_{FORMAT}.snapshot"));
    if std::env::var_os("LANDFALL_STORE_GOLDEN").is_some() {
        fs::create_dir_all(golden()).unwrap();
        fs::write(&present, after(common::BARE, 40)).unwrap();
    }
    let opened = open(&present).unwrap_or_else(|e| panic!("{e}\n(see the comment of this test)"));
    assert!(opened.snapshot.world.active() > 10);
    let mut sim = Sim::new(&opened.loaded.setup, opened.snapshot.world);
    (0..100).for_each(|_| sim.step());
    for entry in fs::read_dir(golden()).unwrap() {
        let path = entry.unwrap().path();
        if let Err(e) = open(&path) {
            let text = e.to_string();
            assert!(text.contains("written by landfall") && text.contains(PROGRAM), "{text}");
        }
    }
}

/// Files whose checksums all hold, and whose lengths lie.
fn crafted() -> Vec<(&'static str, Vec<u8>)> {
    let good = small();
    let edited = |edit: &dyn Fn(&mut Vec<u8>)| {
        let mut bytes = good.clone();
        edit(&mut bytes);
        sign(&mut bytes);
        bytes
    };
    let row = |name: &str| section(&good, name).0;
    let zeros = |mib: usize| zstd::bulk::compress(&vec![0; mib << 20], 19).unwrap();
    let many = |n: u64| n.to_le_bytes().to_vec();
    // A frame of zstd that says it holds 16 GiB: 32,768 blocks of 512 KiB would follow.
    let mut giant = vec![0x28, 0xb5, 0x2f, 0xfd, 0xe0];
    giant.extend((16_u64 << 30).to_le_bytes());
    giant.extend([0x02, 0x00, 0x10, 0x00].repeat(1 << 10));
    let rows = [many(2), vec![0xff; 8]].concat();
    vec![
        ("a section of 2^60 bytes", edited(&|b| put(b, row("world.groups") + 48, 1 << 60, 8))),
        ("a section that expands to 2^60 bytes", edited(&|b| put(b, row("world.groups") + 56, 1 << 60, 8))),
        (
            "columns that add up to more than 2^64",
            edited(&|b| {
                put(b, row("crowd.record") + 56, u64::MAX - 3, 8);
            }),
        ),
        ("an offset of 2^60", edited(&|b| put(b, row("run") + 40, 1 << 60, 8))),
        ("a length of 2^60", edited(&|b| put(b, 16, 1 << 60, 8))),
        ("2^32 - 1 sections", edited(&|b| put(b, 12, u64::from(u32::MAX), 4))),
        ("no section", edited(&|b| put(b, 12, 0, 4))),
        (
            "a section twice",
            edited(&|b| {
                let (from, to) = (row("world.supply"), row("world.kind_found"));
                let name = b[from..from + 32].to_vec();
                b[to..to + 32].copy_from_slice(&name);
            }),
        ),
        ("an unknown section", edited(&|b| b[row("world.supply")..][..6].copy_from_slice(b"other."))),
        ("an unknown kind", edited(&|b| put(b, row("scenario") + 32, 9, 4))),
        ("people of 2^32 groups", with_section(&good, "crowd.rows", &rows, 16, 0)),
        ("a list of 2^60", with_section(&good, "world.vessels", &many(1 << 60), 8, 0)),
        ("a list of 2^64 - 1", with_section(&good, "world.stocks", &many(u64::MAX), 8, 0)),
        ("a bomb that says so", with_section(&good, "world.stocks", &zeros(512), 16 << 30, 1)),
        ("a bomb that says less", with_section(&good, "world.stocks", &zeros(512), 4096, 1)),
        ("a bomb of text", with_section(&good, "scenario", &zeros(60), 60 << 20, 1)),
        ("a frame that says 16 GiB", with_section(&good, "run", &giant, 4096, 1)),
        ("a bomb of people", with_section(&good, "crowd.due", &zeros(512), 2 << 30, 2)),
        ("text that is none", with_section(&good, "scenario", &[0xff; 40], 40, 0)),
        ("a run that is no JSON", with_section(&good, "run", b"[[[[", 4, 0)),
    ]
}

#[test]
fn lengths_that_lie_are_refused() {
    for (what, bytes) in crafted() {
        let started = Instant::now();
        assert!(read(&bytes).and_then(check_whole).is_err(), "{what} was believed");
        assert!(started.elapsed().as_secs() < 20, "{what} took {:?}", started.elapsed());
    }
}

/// The same with the real program, which may not take more than 500 MB of address space: whatever it would allocate
/// beyond ends it with another exit code.
#[cfg(target_os = "linux")]
#[test]
fn lengths_that_lie_take_little_memory() {
    let dir = tempfile::tempdir().unwrap();
    let verify = |path: &Path| {
        let script = "ulimit -v 500000 && exec \"$0\" snapshot verify \"$1\"";
        let mut shell = Command::new("sh");
        shell.args(["-c", script, env!("CARGO_BIN_EXE_landfall")]).arg(path).stdin(Stdio::null());
        let output = shell.output().unwrap();
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let whole = dir.path().join("whole");
    fs::write(&whole, small()).unwrap();
    assert_eq!(verify(&whole).0, Some(0), "a whole one can be read within these bounds");
    for (n, (what, bytes)) in crafted().into_iter().enumerate() {
        let path = dir.path().join(n.to_string());
        fs::write(&path, bytes).unwrap();
        let (code, message) = verify(&path);
        assert_eq!(code, Some(1), "{what}: {message}");
        assert!(!message.contains("panicked") && !message.contains("memory allocation"), "{what}: {message}");
    }
}

#[test]
fn files_of_other_kinds_are_refused_at_once() {
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name);
    fs::write(path("empty"), b"").unwrap();
    fs::write(path("text"), "day = 12\n".repeat(1000)).unwrap();
    fs::write(path("parquet"), b"PAR1\x15\x04\x15\x08").unwrap();
    fs::write(path("zeros"), vec![0; 5000]).unwrap();
    fs::write(path("transferred"), b"\x89LFS\n\x1a\n\x00\x01").unwrap();
    fs::create_dir(path("directory")).unwrap();
    // Far larger than anything that would be read of it: a file of holes.
    fs::File::create(path("huge")).unwrap().set_len(1 << 40).unwrap();
    let mut cases = vec![
        ("empty", "it is empty"),
        ("text", "it is text"),
        ("parquet", "it is a Parquet table"),
        ("zeros", "not a snapshot"),
        ("transferred", "takes it for text"),
        ("directory", "not a regular file"),
        ("huge", "not a snapshot"),
        ("absent", "cannot read"),
    ];
    if Command::new("mkfifo").arg(path("pipe")).status().is_ok_and(|s| s.success()) {
        cases.push(("pipe", "not a regular file"));
    }
    for (name, expected) in cases {
        let started = Instant::now();
        let error = open(&path(name)).err().unwrap_or_else(|| panic!("{name} was believed")).to_string();
        assert!(error.contains(expected) && error.contains(name), "{name}: {error}");
        assert!(started.elapsed().as_secs() < 5, "{name}");
    }
}

/// The control of what was promised about people: an invariant that is broken is found.
#[test]
fn worlds_that_cannot_be_are_refused() {
    let loaded = loaded(SHORT);
    let world = run(&loaded.setup, 200).world;
    let group = world.groups.iter().position(|g| g.crowd.active() > 1).expect("somebody is under way");
    let broken: [(&str, fn(&mut World, usize)); 27] = [
        ("NaN", |w, _| w.routes[0].settled = f64::NAN),
        ("a count", |w, _| w.stocks[(0, 40)] += 1),
        ("counts of nobody", |w, _| w.stocks = Counts::new(0, 0)),
        ("counts of few flows", |w, _| w.tally.flows = Counts::new(w.populations.len(), 1)),
        ("counts of few cells", |w, _| w.tally.person_days = Counts::new(w.populations.len(), 1)),
        ("a vessel with nobody aboard", |w, _| {
            w.vessels.push(Vessel {
                corridor: 0,
                key: 1,
                days_out: 0,
                days_left: 1.0,
                households: Vec::new(),
            });
        }),
        ("room taken", |w, _| w.places[0].occupied += 1),
        ("a rung", |w, _| w.ladders[0].rung = 99),
        ("a day", |w, _| w.day = 9999),
        ("a column", |w, _| w.supply.push(0.0)),
        ("an ordinal", |w, g| w.groups[g].next_ordinal = 0),
        ("a place", |w, g| w.groups[g].crowd.chunks[0].people[0].cell.0 = 60_000),
        ("a route", |w, g| w.groups[g].crowd.chunks[0].people[0].record.route = 999),
        ("a rule", |w, g| w.groups[g].crowd.chunks[0].people[0].record.rule = 999),
        ("a State", |w, g| w.groups[g].crowd.chunks[0].people[0].record.responsible = 99),
        ("the order", |w, g| w.groups[g].crowd.chunks[0].ordinal.swap(0, 1)),
        ("a threshold behind", |w, g| w.groups[g].clock.residual = -1.0),
        ("a threshold too far", |w, g| w.groups[g].clock.residual = 1e9),
        ("a threshold without end", |w, g| w.groups[g].applicant_clock.residual = f64::INFINITY),
        ("households that left", |w, g| {
            w.groups[g].clock.emitted = u64::from(w.groups[g].next_ordinal) + 1;
        }),
        ("a clock without end", |w, g| w.groups[g].back.rejoining.shows = f64::INFINITY),
        ("one who waits for what is past", |w, g| {
            let clock = &mut w.groups[g].back.rejoining;
            clock.expose(1.0, 0, 0);
            clock.shows = clock.waiting.iter().map(|w| w.until).fold(0.0, f64::max) + 1.0;
        }),
        ("an application to come", |w, g| {
            let since = w.day + 1;
            w.groups[g].applicants.push(Applicant { head: 0, size: 1, route: 0, since });
        }),
        ("applicants of a route", |w, _| w.routes[0].applicants += 1),
        ("decisions of a day to come", |w, _| w.countries[0].decision_carry = 4e9),
        ("fewer than no appeals", |w, _| w.countries[0].appeal_carry = -1.0),
        ("people examined beforehand", |w, _| w.places[0].screening_carry = 1.0),
    ];
    assert!(landfall::snapshot::check(&loaded.setup, &world).is_ok());
    for (what, breaks) in broken {
        let mut world = world.clone();
        breaks(&mut world, group);
        let problem = landfall::snapshot::check(&loaded.setup, &world).expect_err(what);
        assert!(!problem.is_empty());
        if what.starts_with("a vessel") {
            assert!(problem.contains("nobody aboard"), "{problem}");
        }
    }
}

/// How many may be at home is known from how the run began: in a fork, from how that began from which it came.
#[test]
fn no_more_are_at_home_than_there_can_be() {
    let loaded = loaded(SHORT);
    let world = run(&loaded.setup, 200).world;
    let (name, typed) = loaded.setup.scenario.populations.iter().next().unwrap();
    let fault = |more: u64, changed: &[(&str, String)]| {
        let mut world = world.clone();
        world.groups[0].clock.households_at_home += more;
        let changed = changed.iter().map(|(key, from)| Changed {
            key: format!("populations.{name}.{key}"),
            from: Some(from.clone()),
            to: None,
        });
        let ancestor = Ancestor {
            snapshot: String::new(),
            scenario_digest: String::new(),
            seed: 7,
            day: 100,
            date: String::new(),
            version: PROGRAM.into(),
            changed: changed.collect(),
        };
        let run = RunState { name: "test".into(), lineage: vec![ancestor], ..RunState::default() };
        let content = Content {
            world,
            seed: loaded.setup.scenario.scenario.seed,
            scenario_digest: &loaded.digest,
            scenario: &loaded.resolved,
            run: &run,
        };
        let bytes = pack(content).unwrap().to_vec();
        read(&bytes).and_then(check_whole).err().map(|fault| fault.to_string())
    };
    let many = 20 * typed.households as u64 + 10_000;
    assert_eq!(fault(0, &[]), None);
    for more in [many, 1 << 62] {
        let told = fault(more, &[]).expect("more than there can be");
        assert!(told.contains("more households at home than there can be"), "{told}");
    }
    assert_eq!(fault(many, &[("households", format!("{:?}", 21.0 * typed.households + 10_000.0))]), None);
    assert_eq!(fault(many, &[("present.3.persons", format!("{many}.0"))]), None);
    assert!(fault(many, &[("households", "inf".into())]).is_some());
}

/// The other side of the control: no world that came about is refused, under any of the scenarios that come with the
/// program, on any of some days.
#[test]
fn worlds_that_came_about_are_never_refused() {
    let synthetic = synthetic::Numbers { countries: 6, people: 3_000, days: 300, seed: 3 }.scenario();
    let shipped = library::SHIPPED.iter().map(|shipped| (shipped.name, shipped.text));
    for (name, text) in shipped.chain([("synthetic", synthetic.as_str())]) {
        let mut layers = vec![Layer::file(name, text)];
        let mut top = text;
        while let Some(below) = top.lines().find_map(|line| line.strip_prefix("extends = ")) {
            top = library::shipped(below.trim_matches('"')).unwrap().text;
            layers.insert(0, Layer::file(below, top));
        }
        let loaded = load(&layers).unwrap_or_else(|problems| panic!("{name}: {problems}"));
        let last = loaded.setup.days.min(if full() { u32::MAX } else { 700 });
        let mut sim = begin(&loaded.setup);
        for day in 0..=last {
            if day < 3 || day % 97 == 0 || day == last {
                let bytes = bytes_of(&loaded, sim.world.clone());
                let opened = read(&bytes).and_then(check_whole);
                assert!(opened.is_ok(), "{name}, day {day}: {:?}", opened.err());
            }
            if day < last {
                sim.step();
            }
        }
    }
}
