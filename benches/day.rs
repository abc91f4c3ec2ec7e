//! What a day costs: by size, by threads, by process; people who wait and people who act; the shipped scenario;
//! loading and observing. Beside each its limit or a naive way to the same end, measured in the same run.
//!
//! `cargo bench --bench day` ends with one table, and writes it to `target/criterion/day.json`. A name selects, as in
//! `cargo bench --bench day -- us_cuba`. Worlds of other sizes than the shipped one are synthetic (`landfall synth`).

#![allow(clippy::disallowed_methods, reason = "a benchmark looks at the clock, and no sum here is a result")]

mod report;

use criterion::{BatchSize, Bencher, BenchmarkId, Criterion, Throughput};
use landfall::engine::day::DAY;
use landfall::engine::keyed::{Luck, Purpose};
use landfall::engine::scatter::Scatter;
use landfall::engine::{Sim, first_world};
use landfall::experiment::member::run_member;
use landfall::model::math;
use landfall::observe::table::{Format, TableError};
use landfall::observe::{Daily, Period, Recorder};
use landfall::scenario::read::Layer;
use landfall::scenario::synthetic::Numbers;
use landfall::scenario::{Loaded, Setup, library, load};
use landfall::world::{Cell, GroupId, Household, PlaceId, Status, World};
use rayon::prelude::*;
use report::Beside;
use std::cell::LazyCell;
use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant, SystemTime};

/// Days that one measurement of the step goes through.
const DAYS: u32 = 30;

fn loaded(name: &'static str, text: impl Into<std::borrow::Cow<'static, str>>) -> Loaded {
    load(&[Layer::file(name, text)]).unwrap_or_else(|p| panic!("{}", p.render(false)))
}

fn shipped() -> Loaded {
    loaded("us_cuba.toml", library::SHIPPED[0].text)
}

fn synthetic(people: u32) -> Loaded {
    let countries = if people < 1_000_000 { 20 } else { 190 };
    loaded("synthetic.toml", Numbers { countries, people, days: 400, seed: 1 }.scenario())
}

fn pool(threads: usize) -> rayon::ThreadPool {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap_or_else(|e| panic!("{e}"))
}

/// A world some days after its first.
fn under_way(setup: &Setup, days: u32) -> World {
    let mut sim = Sim::new(setup, first_world(setup));
    (0..days).for_each(|_| sim.step());
    sim.world
}

/// A simulation after its first day, on which everybody is looked at.
fn after_a_day(setup: &Setup, world: World) -> Sim<'_> {
    let mut sim = Sim::new(setup, world);
    sim.step();
    sim
}

/// Measure the step loop over a month.
fn a_month(b: &mut Bencher, setup: &Setup, world: &World) {
    b.iter_batched_ref(
        || after_a_day(setup, world.clone()),
        |sim| (0..DAYS).for_each(|_| sim.step()),
        BatchSize::PerIteration,
    );
}

/// A month of the step loop, by size and threads, beside everybody being drawn for.
fn step(c: &mut Criterion) {
    for people in [10_000, 100_000, 1_000_000, 10_000_000] {
        // Made only where a name selects something that needs it.
        let loaded = LazyCell::new(|| synthetic(people));
        let world = LazyCell::new(|| under_way(&loaded.setup, 10));
        for threads in [1, 2] {
            let pool = pool(threads);
            let mut group = c.benchmark_group(format!("step_{threads}_threads"));
            group.sample_size(10).warm_up_time(Duration::from_millis(500));
            group.throughput(Throughput::Elements(u64::from(people) * u64::from(DAYS)));
            group.bench_function(BenchmarkId::from_parameter(people), |b| {
                let (setup, world) = (&loaded.setup, &*world);
                pool.install(|| a_month(b, setup, world));
            });
            group.finish();
            let sim = LazyCell::new(|| after_a_day(&loaded.setup, world.clone()));
            limits(c, people, threads, &sim);
            let mut group = c.benchmark_group(format!("everybody_drawn_for_{threads}_threads"));
            group.sample_size(10).warm_up_time(Duration::from_millis(500));
            group.throughput(Throughput::Elements(u64::from(people)));
            group.bench_function(BenchmarkId::from_parameter(people), |b| {
                let sim = &*sim;
                pool.install(|| b.iter(|| black_box(draw_for_everyone(sim, 1e-4))));
            });
            group.finish();
        }
    }
}

/// What a day of the step cannot be faster than: the filter alone, over the same people; and as many bytes as it reads
/// of each read in a line, by as many threads.
fn limits<'s, F: FnOnce() -> Sim<'s>>(
    c: &mut Criterion,
    people: u32,
    threads: usize,
    sim: &LazyCell<Sim<'s>, F>,
) {
    const BYTES_READ_DAILY: usize = 2;
    let pool = pool(threads);
    let mut group = c.benchmark_group(format!("step_limit_filter_{threads}_threads"));
    group.sample_size(10).throughput(Throughput::Elements(u64::from(people)));
    group.bench_function(BenchmarkId::from_parameter(people), |b| {
        let sim = &**sim;
        pool.install(|| b.iter(|| black_box(sim.filter_alone())));
    });
    group.finish();
    let mut group = c.benchmark_group(format!("step_limit_memory_{threads}_threads"));
    group.sample_size(10).throughput(Throughput::Elements(u64::from(people)));
    group.bench_function(BenchmarkId::from_parameter(people), |b| {
        let words: Vec<u64> = (0..(people as usize * BYTES_READ_DAILY / 8) as u64).collect();
        pool.install(|| b.iter(|| black_box(read_in_a_line(&words))));
    });
    group.finish();
}

fn read_in_a_line(words: &[u64]) -> u64 {
    let parts = words.par_chunks(1 << 16);
    parts.map(|part| part.iter().fold(0_u64, |a, &b| a ^ b)).reduce(|| 0, |a, b| a ^ b)
}

/// The naive baseline: a plain rayon loop in which every person is drawn for and compared in floating point.
fn draw_for_everyone(sim: &Sim, hazard: f64) -> usize {
    let p = math::event_probability(hazard);
    let (luck, day) = (&sim.luck, u64::from(sim.world.day));
    let chunks = sim.world.groups.par_iter().enumerate().flat_map(|(g, group)| {
        let key = sim.setup.groups[g].key;
        group.crowd.chunks.par_iter().map(move |chunk| (key, chunk))
    });
    let happened = chunks.map(|(key, chunk)| {
        let drawn = |&&ordinal: &&u32| luck.uniform(Purpose::Event, key, u64::from(ordinal), day) < p;
        chunk.ordinal.iter().filter(drawn).count()
    });
    happened.sum()
}

/// Time of one process of the day alone, the others run as well.
fn process_alone(setup: &Setup, world: &World, process: usize, days: u64) -> Duration {
    let mut sim = Sim::new(setup, world.clone());
    let mut spent = Duration::ZERO;
    for _ in 0..days {
        if sim.world.day + 1 >= setup.days {
            sim = Sim::new(setup, world.clone());
        }
        for (at, each) in DAY.iter().enumerate() {
            let before = Instant::now();
            (each.run)(&mut sim);
            if at == process {
                spent += before.elapsed();
            }
        }
        sim.world.day += 1;
    }
    spent
}

fn processes(c: &mut Criterion) {
    let million = synthetic(1_000_000);
    let cuba = shipped();
    for (name, loaded, start, samples) in [("million", &million, 10, 10), ("us_cuba", &cuba, 1300, 20)] {
        let world = under_way(&loaded.setup, start);
        let mut group = c.benchmark_group(format!("processes_of_{name}"));
        group.sample_size(samples).warm_up_time(Duration::from_millis(200));
        group.measurement_time(Duration::from_secs(2));
        for (at, process) in DAY.iter().enumerate() {
            group.bench_function(process.name, |b| {
                b.iter_custom(|days| process_alone(&loaded.setup, &world, at, days));
            });
        }
        group.finish();
    }
}

/// A world in which `people` of one group wait at a place where next to nothing happens to them.
fn waiting(setup: &Setup, people: u32) -> Sim<'_> {
    let mut sim = Sim::new(setup, first_world(setup));
    let place = setup.places.iter().position(|p| p.name == "guantanamo").unwrap_or(0);
    for head in 0..people {
        let household = Household { group: GroupId(0), head, size: 1 };
        let record = sim.first_record(household, setup.populations[0].home_routes[0]);
        sim.enter(household, Cell::of(PlaceId::at(place), Status::Held), record, None);
    }
    sim.world.groups[0].next_ordinal = people;
    sim.reckon_routes();
    sim.reckon_groups();
    sim
}

/// What a person costs who waits, and one who changes status; the columns alone read, as the limit of the first.
fn waiting_and_acting(c: &mut Criterion) {
    let loaded = shipped();
    let one = pool(1);
    for people in [10_000, 1_000_000] {
        let mut sim = waiting(&loaded.setup, people);
        let mut group = c.benchmark_group("waiting_a_day");
        group.throughput(Throughput::Elements(u64::from(people)));
        group.bench_function(BenchmarkId::from_parameter(people), |b| {
            one.install(|| b.iter(|| sim.pass_people()));
        });
        group.finish();
        let mut group = c.benchmark_group("columns_read");
        group.throughput(Throughput::Elements(u64::from(people)));
        group.bench_function(BenchmarkId::from_parameter(people), |b| {
            b.iter(|| black_box(read_columns(&sim)))
        });
        group.finish();
        let place = sim.world.groups[0].crowd.chunks[0].people[0].cell.place();
        let mut group = c.benchmark_group("change_of_status");
        let acting = 1000;
        group.throughput(Throughput::Elements(acting));
        // Spread over all, so that memory is as far away as it is on a day of a run.
        let apart = people / acting as u32;
        let mut now = [Status::Held, Status::Stranded];
        group.bench_function(BenchmarkId::from_parameter(people), |b| {
            b.iter(|| {
                for n in 0..acting as u32 {
                    let household = Household { group: GroupId(0), head: n * apart, size: 1 };
                    sim.shift(household, now[0], Cell::of(place, now[1]), Default::default());
                }
                now.reverse();
            });
        });
        group.finish();
    }
}

/// The column that the pass reads, read once.
fn read_columns(sim: &Sim) -> u64 {
    let mut sum = 0_u64;
    for chunk in &sim.world.groups[0].crowd.chunks {
        sum += chunk.wake.0.iter().fold(0_u16, |a, &b| a.wrapping_add(b)) as u64;
    }
    sum
}

/// A run as `landfall run` does it, with its tables by month, on the thread that asks.
fn run_with_monthly_tables(setup: &Setup, directory: &Path) -> Result<usize, TableError> {
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
    c.bench_function("load_us_cuba", |b| b.iter(|| black_box(shipped().digest)));
    c.bench_function("load_190_countries", |b| b.iter(|| black_box(synthetic(1_000_000).digest)));
    let text = Numbers { countries: 190, people: 1_000_000, days: 400, seed: 1 }.scenario();
    for (name, text) in [("parse_us_cuba", library::SHIPPED[0].text), ("parse_190_countries", text.as_str())]
    {
        c.bench_function(name, |b| b.iter(|| black_box(text.parse::<toml::Table>().map_or(0, |t| t.len()))));
    }
    let mut sim = Sim::new(&loaded.setup, first_world(&loaded.setup));
    let mut daily = Daily::new(&loaded.setup);
    (0..365).for_each(|_| sim.step());
    c.bench_function("observe_a_day", |b| b.iter(|| daily.take(black_box(&sim))));
    let stocks = |sim: &Sim| sim.world.stocks.iter().map(|(_, persons)| u64::from(persons)).sum::<u64>();
    c.bench_function("stocks_read", |b| b.iter(|| black_box(stocks(black_box(&sim)))));
}

/// Memory read in a line by some threads: what nothing that touches everybody can be faster than.
fn memory(c: &mut Criterion) {
    let bytes: Vec<u64> = (0..1 << 25).collect();
    for threads in [1, 2] {
        let pool = pool(threads);
        let mut group = c.benchmark_group("memory_read");
        group.sample_size(10).throughput(Throughput::Bytes(8 << 25));
        group.bench_function(BenchmarkId::new("threads", threads), |b| {
            pool.install(|| {
                b.iter(|| black_box(read_in_a_line(&bytes)));
            });
        });
        group.finish();
    }
}

/// When to look at somebody next, by what the hazard can be.
fn next_look(c: &mut Criterion) {
    const PEOPLE: u64 = 10_000;
    let luck = Luck::new(3);
    let mut group = c.benchmark_group("next_look");
    group.sample_size(10).throughput(Throughput::Elements(PEOPLE));
    for ceiling in [1e-5, 4e-4, 3e-3, 0.05, 0.2] {
        group.bench_function(BenchmarkId::from_parameter(ceiling), |b| {
            let of = |person: u64| Scatter::new(luck, person << 20, 0);
            let days = |person: u64| of(person).quiet_days(person as u16, ceiling, u32::MAX);
            b.iter(|| black_box((0..PEOPLE).map(days).fold(0, u32::wrapping_add)));
        });
    }
    group.finish();
    // The naive way to the same end: every day is asked, as far ahead as is looked.
    let mut group = c.benchmark_group("next_look_day_by_day");
    group.sample_size(10).throughput(Throughput::Elements(PEOPLE / 100));
    for ceiling in [4e-4, 3e-3, 0.05, 0.2] {
        group.bench_function(BenchmarkId::from_parameter(ceiling), |b| {
            let quiet = |person: u64| {
                let of = Scatter::new(luck, person << 20, 0);
                (0..2048_u32)
                    .take_while(|&ahead| of.of_day(person as u16 + ahead as u16, ceiling) > ceiling)
                    .count()
            };
            b.iter(|| black_box((0..PEOPLE / 100).map(quiet).sum::<usize>()));
        });
    }
    group.finish();
}

/// A month of as many people on two threads, where all are in two countries and where they are in thirty: what many
/// want of one State is handed out in turn.
fn contention(c: &mut Criterion) {
    const PEOPLE: u32 = 1_000_000;
    let pool = pool(2);
    let mut group = c.benchmark_group("contention");
    group.sample_size(10).throughput(Throughput::Elements(u64::from(PEOPLE) * u64::from(DAYS)));
    for countries in [2, 30] {
        let text = Numbers { countries, people: PEOPLE, days: 400, seed: 1 }.scenario();
        let loaded = LazyCell::new(move || loaded("synthetic.toml", text));
        let world = LazyCell::new(|| under_way(&loaded.setup, 10));
        group.bench_function(BenchmarkId::new("countries", countries), |b| {
            let (setup, world) = (&loaded.setup, &*world);
            pool.install(|| a_month(b, setup, world));
        });
    }
    group.finish();
}

const BESIDE: &[Beside] = &[
    Beside { name: "step_1_threads/", with: "everybody_drawn_for_1_threads/{}", what: "everybody drawn for" },
    Beside { name: "step_2_threads/", with: "step_1_threads/{}", what: "one thread" },
    // The share of each limit that a day of the step reaches.
    Beside { name: "step_limit_filter_1_threads/", with: "step_1_threads/{}", what: "a day" },
    Beside { name: "step_limit_filter_2_threads/", with: "step_2_threads/{}", what: "a day" },
    Beside { name: "step_limit_memory_1_threads/", with: "step_1_threads/{}", what: "a day" },
    Beside { name: "step_limit_memory_2_threads/", with: "step_2_threads/{}", what: "a day" },
    Beside { name: "waiting_a_day/", with: "columns_read/{}", what: "its columns read" },
    Beside { name: "change_of_status/", with: "waiting_a_day/{}", what: "a day of waiting" },
    Beside {
        name: "us_cuba/twenty_years_monthly_tables",
        with: "us_cuba/twenty_years_bare",
        what: "without observation",
    },
    Beside {
        name: "us_cuba/twenty_years_daily_measures",
        with: "us_cuba/twenty_years_bare",
        what: "without observation",
    },
    Beside { name: "next_look/", with: "next_look_day_by_day/{}", what: "every day asked" },
    Beside { name: "load_us_cuba", with: "parse_us_cuba", what: "its text parsed alone" },
    Beside { name: "load_190_countries", with: "parse_190_countries", what: "its text parsed alone" },
    Beside { name: "observe_a_day", with: "stocks_read", what: "all stocks read once" },
    Beside { name: "contention/countries/2", with: "contention/countries/30", what: "in thirty countries" },
    Beside { name: "memory_read/threads/2", with: "memory_read/threads/1", what: "one thread" },
];

fn main() {
    let began = SystemTime::now();
    let mut criterion = Criterion::default().configure_from_args();
    memory(&mut criterion);
    scenario(&mut criterion);
    waiting_and_acting(&mut criterion);
    processes(&mut criterion);
    next_look(&mut criterion);
    contention(&mut criterion);
    step(&mut criterion);
    criterion.final_summary();
    report::print("day", began, BESIDE);
}
