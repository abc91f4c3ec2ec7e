//! What snapshots cost: writing and opening one of many people, beside what the disk and the compressor take for the
//! same bytes in the same run; and what checkpoints every thirty days cost the default scenario.
//!
//! `cargo bench --bench snapshot` prints a line of a table for each; medians, what is compared being measured in turn.
//! The directory for temporary files decides which disk is measured.
#![allow(clippy::disallowed_methods, reason = "a benchmark is about the clock")]

use landfall::engine::{Sim, first_world};
use landfall::files::RealDisk;
use landfall::scenario::read::Layer;
use landfall::scenario::{Loaded, library, load};
use landfall::snapshot::{Content, Packed, RunState, encode, open, pack, read};
use landfall::world::World;
use std::fs::File;
use std::hint::black_box;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Instant;

/// The United States and Cuba with ten times the households and room for them, in the autumn of 1994.
fn many() -> (Loaded, World) {
    let mut layers = vec![Layer::file("us_cuba.toml", library::SHIPPED[0].text)];
    let plain = load(&layers).unwrap_or_else(|p| panic!("{}", p.render(false)));
    for (name, population) in plain.setup.scenario.populations.iter() {
        let households = population.households * 10.0;
        layers.push(Layer::assignment(format!("populations.{name}.households={households:?}")));
    }
    let loaded = load(&layers).unwrap_or_else(|p| panic!("{}", p.render(false)));
    let mut sim = Sim::new(&loaded.setup, first_world(&loaded.setup));
    (0..1360).for_each(|_| sim.step());
    let world = sim.world.clone();
    (loaded, world)
}

fn packed(loaded: &Loaded, world: World) -> Packed {
    let run = RunState { name: "bench".into(), ..RunState::default() };
    let seed = loaded.setup.scenario.scenario.seed;
    let (scenario_digest, scenario) = (loaded.digest.as_str(), loaded.resolved.as_str());
    pack(Content { world, seed, scenario_digest, scenario, run: &run }).unwrap_or_else(|e| panic!("{e}"))
}

/// Bytes to a file of that name, brought to the disk.
fn to_disk(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Milliseconds of something.
fn timed<T>(work: impl FnOnce() -> T) -> f64 {
    let clock = Instant::now();
    black_box(work());
    clock.elapsed().as_secs_f64() * 1e3
}

fn median(mut sample: Vec<f64>) -> f64 {
    sample.sort_by(f64::total_cmp);
    sample[sample.len() / 2]
}

fn write_and_open(directory: &Path) {
    let (loaded, world) = many();
    let (path, beside) = (directory.join("many.snapshot"), directory.join("raw"));
    let plain = encode(&world);
    let squeezed = zstd::bulk::compress(&plain, 1).unwrap_or_default();
    let whole = packed(&loaded, world.clone()).to_vec();
    let people = world.active();
    println!(
        "{people} people: {} bytes as they are, {} by zstd alone, {} as a snapshot, {:.2} a person",
        plain.len(),
        squeezed.len(),
        whole.len(),
        whole.len() as f64 / people as f64
    );
    let (mut floor, mut write) = (vec![], vec![]);
    let (mut floor_of_reading, mut unpacked, mut opened) = (vec![], vec![], vec![]);
    for _ in 0..15 {
        let copy = world.clone();
        let compressor = timed(|| zstd::bulk::compress(&plain, 1));
        floor.push(compressor + timed(|| to_disk(&beside, &whole)));
        write.push(timed(|| packed(&loaded, copy).write(Arc::new(RealDisk), &path).is_ok()));
        let expander = timed(|| zstd::bulk::decompress(&squeezed, plain.len()));
        let mut bytes = Vec::new();
        let from_disk = timed(|| File::open(&path).and_then(|mut f| f.read_to_end(&mut bytes)));
        floor_of_reading.push(expander + from_disk);
        unpacked.push(timed(|| read(&path).is_ok()));
        opened.push(timed(|| open(&path).is_ok()));
    }
    let copy = median((0..15).map(|_| timed(|| world.clone())).collect());
    let line = |what: &str, floor: Vec<f64>, found: Vec<f64>| {
        let (floor, found) = (median(floor), median(found));
        let share = 100.0 * floor / found;
        println!("| {what} | {floor:.1} ms | {found:.1} ms | {share:.0} % | at least 50 % |");
    };
    println!("| what | compressor and disk alone | snapshot | share of what they allow | aim |");
    println!("| --- | --- | --- | --- | --- |");
    line("writing, packed and synced", floor, write);
    line("reading, every checksum checked", floor_of_reading.clone(), unpacked);
    line("opening, every invariant of the world checked as well", floor_of_reading, opened);
    println!("(copying the world, for which a run stops: {copy:.2} ms)");
}

fn checkpoints(directory: &Path) {
    let run = |every: Option<&str>| {
        let out = directory.join("run");
        let mut command = Command::new(env!("CARGO_BIN_EXE_landfall"));
        command.args(["run", "us_cuba", "--quiet", "--out"]).arg(&out);
        every.into_iter().for_each(|every| _ = command.args(["--checkpoint-every", every]));
        command.current_dir(directory).stdin(Stdio::null()).stdout(Stdio::null());
        let took = timed(|| command.status().map(|status| assert!(status.success())));
        // Every run begins in a directory of its own: clearing the one before away is no part of it.
        std::fs::remove_dir_all(&out).unwrap_or_else(|e| panic!("{e}"));
        took
    };
    let (mut without, mut with) = (vec![], vec![]);
    run(None);
    for _ in 0..41 {
        without.push(run(None));
        with.push(run(Some("30d")));
    }
    let (without, with) = (median(without), median(with));
    println!("| what | without | with | slower by | aim |");
    println!("| --- | --- | --- | --- | --- |");
    println!(
        "| the default scenario, a checkpoint every 30 days | {without:.0} ms | {with:.0} ms | {:.1} % | at most 2 % |",
        100.0 * (with / without - 1.0)
    );
}

fn main() {
    // A name on the command line chooses benchmarks, as elsewhere.
    let chosen = std::env::args().skip(1).filter(|a| !a.starts_with('-')).all(|a| "snapshot".contains(&a));
    let Ok(directory) = tempfile::tempdir() else { return };
    if chosen {
        write_and_open(directory.path());
        checkpoints(directory.path());
    }
}
