//! What a sweep costs beside its runs: members alone and through the machinery of a sweep, on one thread and on two,
//! and runs so short that there is little else.
//!
//! `cargo bench --bench sweep` prints times and throughputs; docs/performance.md has the figures.

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use landfall::experiment::dataset::Paths;
use landfall::experiment::row::Worker;
use landfall::experiment::study::{Draft, Study, Text};
use landfall::experiment::sweep::{Sharing, Sweep};
use landfall::scenario::library;
use landfall::scenario::read::Layer;
use std::hint::black_box;
use std::sync::atomic::AtomicBool;

/// Runs of the shipped scenario over its first months, some 20 ms each.
const MONTHS: &str = r#"
[experiment]
scenario = "us_cuba"
design = "latin_hypercube"
points = POINTS
[[factors]]
name = "half_life_days"
path = "beliefs.half_life_days"
low = 20.0
high = 200.0
[[outputs]]
measure = "interdicted"
population = "cuba"
from = 1991-01-01
to = 1992-06-30
"#;

/// The same over four days: little but the machinery.
const DAYS: &str = r#"
[experiment]
scenario = "us_cuba"
design = "latin_hypercube"
points = 4
replicates = 500
[[factors]]
name = "half_life_days"
path = "beliefs.half_life_days"
low = 20.0
high = 200.0
[[outputs]]
measure = "interdicted"
population = "cuba"
from = 1991-01-01
to = 1991-01-04
"#;

fn study(text: &str) -> Option<Study> {
    let draft = Draft::read(&Text { name: "bench.toml".into(), text: text.into() }).ok()?;
    draft.finish(&[Layer::file("us_cuba.toml", library::SHIPPED[0].text)], None).ok()
}

/// A whole sweep, in a directory that is thrown away.
fn sweep(study: &Study, threads: usize) -> u64 {
    let (Ok(place), Ok(pool)) =
        (tempfile::tempdir(), rayon::ThreadPoolBuilder::new().num_threads(threads).build())
    else {
        return 0;
    };
    let Ok(sweep) = Sweep::open(study, Paths::of(place.path()), 0..study.runs()) else { return 0 };
    let sharing = Sharing { members: threads, batch: 16 };
    pool.install(|| sweep.work(sharing, &AtomicBool::new(false), |_| {})).map_or(0, |p| p.done)
}

fn months(c: &mut Criterion) {
    const RUNS: u64 = 128;
    let Some(study) = study(&MONTHS.replace("POINTS", &RUNS.to_string())) else { return };
    let mut group = c.benchmark_group("sweep_of_128_runs");
    group.sample_size(10);
    group.throughput(Throughput::Elements(RUNS));
    group.bench_function("members_alone", |b| {
        b.iter(|| {
            let mut worker = Worker::new(&study);
            (0..RUNS).for_each(|run| _ = black_box(worker.run(run)));
        });
    });
    for threads in [1, 2] {
        group.bench_function(BenchmarkId::new("sweep", threads), |b| b.iter(|| sweep(&study, threads)));
    }
    group.finish();
    let mut group = c.benchmark_group("a_point_of_a_sweep");
    group.bench_function("load_setup", |b| b.iter(|| black_box(study.setup(7).is_ok())));
    group.finish();
}

fn days(c: &mut Criterion) {
    let Some(study) = study(DAYS) else { return };
    let mut group = c.benchmark_group("sweep_of_2000_runs_of_four_days");
    group.sample_size(10);
    group.throughput(Throughput::Elements(study.runs()));
    for threads in [1, 2] {
        group.bench_function(BenchmarkId::new("sweep", threads), |b| b.iter(|| sweep(&study, threads)));
    }
    group.finish();
}

criterion_group!(benches, months, days);
criterion_main!(benches);
