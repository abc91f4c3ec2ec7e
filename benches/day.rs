//! What a day costs: the shipped scenario, people who wait, the filter beside a plain loop, loading a scenario.
//!
//! `cargo bench` prints times and throughputs; the figures are also under `target/criterion/*/*/new/estimates.json`.

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use landfall::engine::keyed::{Luck, Purpose};
use landfall::engine::{Sim, first_world};
use landfall::experiment::member::run_member;
use landfall::model::math;
use landfall::observe::table::{Format, TableError};
use landfall::observe::{Daily, Period, Recorder};
use landfall::scenario::read::Layer;
use landfall::scenario::{Loaded, library, load};
use landfall::world::{Cell, Household, PlaceId, Status};
use std::hint::black_box;
use std::path::Path;

fn shipped() -> Loaded {
    let text = library::SHIPPED[0].text;
    load(&[Layer::file("us_cuba.toml", text)]).unwrap_or_else(|p| panic!("{}", p.render(false)))
}

/// A world in which `people` of one group wait at a place where next to nothing happens to them.
fn waiting(setup: &landfall::scenario::Setup, people: u32) -> Sim<'_> {
    let mut sim = Sim::new(setup, first_world(setup));
    let place = setup.places.iter().position(|p| p.name == "guantanamo").unwrap_or(0);
    let group = landfall::world::GroupId(0);
    for head in 0..people {
        let household = Household { group, head, size: 1 };
        let record = sim.first_record(household, setup.populations[0].home_routes[0]);
        sim.enter(household, Cell::of(PlaceId::at(place), Status::Held), record, None);
    }
    sim.world.groups[0].next_ordinal = people;
    sim.reckon_routes();
    sim.reckon_groups();
    sim
}

/// A run as `landfall run` does it, with its tables by month, on the thread that asks.
fn run_with_monthly_tables(setup: &landfall::scenario::Setup, directory: &Path) -> Result<usize, TableError> {
    let disk: std::sync::Arc<dyn landfall::files::Disk> = std::sync::Arc::new(landfall::files::RealDisk);
    let mut recorder = Recorder::create(&disk, directory, Format::Parquet, (Period::Month, 0), false, &[])?;
    let mut sim = Sim::new(setup, first_world(setup));
    for _ in 0..setup.days {
        sim.step();
        recorder.take(&mut sim)?;
    }
    Ok(recorder.finish()?.len())
}

fn scenario(c: &mut Criterion) {
    let loaded = shipped();
    let Ok(directory) = tempfile::tempdir() else { return };
    let mut group = c.benchmark_group("us_cuba");
    group.sample_size(10);
    group.throughput(Throughput::Elements(u64::from(loaded.setup.days)));
    group.bench_function("twenty_years_monthly_tables", |b| {
        b.iter(|| match run_with_monthly_tables(&loaded.setup, directory.path()) {
            Ok(tables) => black_box(tables),
            Err(e) => panic!("{e}"),
        });
    });
    group.bench_function("twenty_years_daily_measures", |b| {
        b.iter(|| black_box(run_member(&loaded.setup, loaded.setup.days)));
    });
    group.bench_function("twenty_years_bare", |b| {
        b.iter(|| {
            let mut sim = Sim::new(&loaded.setup, first_world(&loaded.setup));
            (0..loaded.setup.days).for_each(|_| sim.step());
            black_box(sim.world.day)
        });
    });
    group.finish();
    c.bench_function("load_scenario", |b| b.iter(|| black_box(shipped().digest)));
    let mut sim = Sim::new(&loaded.setup, first_world(&loaded.setup));
    let mut daily = Daily::new(&loaded.setup);
    (0..365).for_each(|_| sim.step());
    c.bench_function("observe_a_day", |b| b.iter(|| daily.take(black_box(&sim))));
}

/// The naive baseline: every person drawn for and compared in floating point, one after the other.
fn touch_everyone(sim: &Sim, luck: &Luck, hazard: f64) -> usize {
    let group = &sim.setup.groups[0];
    let p = math::event_probability(hazard);
    let mut happened = 0;
    for chunk in &sim.world.groups[0].crowd.chunks {
        for &ordinal in &chunk.ordinal {
            let u = luck.uniform(Purpose::Event, group.key, u64::from(ordinal), u64::from(sim.world.day));
            happened += usize::from(u < p);
        }
    }
    happened
}

fn waiting_people(c: &mut Criterion) {
    let loaded = shipped();
    let luck = Luck::new(1);
    for threads in [1, 2] {
        let Ok(pool) = rayon::ThreadPoolBuilder::new().num_threads(threads).build() else { return };
        let mut group = c.benchmark_group(format!("a_day_of_waiting_{threads}_threads"));
        group.sample_size(20);
        for people in [10_000, 100_000, 1_000_000] {
            group.throughput(Throughput::Elements(u64::from(people)));
            let mut sim = waiting(&loaded.setup, people);
            group.bench_function(BenchmarkId::new("pass", people), |b| {
                pool.install(|| b.iter(|| sim.pass_people()));
            });
            if threads == 1 {
                group.bench_function(BenchmarkId::new("touch_everyone", people), |b| {
                    b.iter(|| black_box(touch_everyone(&sim, &luck, 1e-4)));
                });
            }
        }
        group.finish();
    }
}

fn snapshots(c: &mut Criterion) {
    let loaded = shipped();
    let sim = waiting(&loaded.setup, 1_000_000);
    let bytes = landfall::snapshot::encode(&sim.world);
    let mut group = c.benchmark_group("stored_world_of_a_million");
    group.sample_size(10);
    group.throughput(Throughput::Bytes(bytes.len() as u64));
    group.bench_function("encode", |b| b.iter(|| black_box(landfall::snapshot::encode(&sim.world))));
    group.bench_function("decode", |b| b.iter(|| black_box(landfall::snapshot::decode(&bytes).is_ok())));
    group.finish();
}

criterion_group!(benches, scenario, waiting_people, snapshots);
criterion_main!(benches);
