//! What snapshots cost: writing and opening one of many people, beside what the disk and the compressor take for the
//! same bytes in the same run.
//!
//! `cargo bench --bench snapshot`; the directory for temporary files decides which disk is measured.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
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
use std::sync::Arc;

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

fn snapshots(c: &mut Criterion) {
    let (loaded, world) = many();
    let Ok(directory) = tempfile::tempdir() else { return };
    let (path, beside) = (directory.path().join("many.snapshot"), directory.path().join("raw"));
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
    let mut group = c.benchmark_group("snapshot");
    group.sample_size(10);
    group.throughput(Throughput::Bytes(plain.len() as u64));
    group.bench_function("compressor_alone", |b| {
        b.iter(|| black_box(zstd::bulk::compress(&plain, 1).is_ok()))
    });
    group.bench_function("disk_alone", |b| b.iter(|| black_box(to_disk(&beside, &whole).is_ok())));
    group.bench_function("copy_of_the_world", |b| b.iter(|| black_box(world.clone().day)));
    group.bench_function("pack", |b| b.iter(|| black_box(packed(&loaded, world.clone()).length())));
    group.bench_function("write", |b| {
        b.iter(|| black_box(packed(&loaded, world.clone()).write(Arc::new(RealDisk), &path).is_ok()));
    });
    group.bench_function("expander_alone", |b| {
        b.iter(|| black_box(zstd::bulk::decompress(&squeezed, plain.len()).is_ok()));
    });
    group.bench_function("disk_read_alone", |b| {
        b.iter(|| {
            let mut bytes = Vec::new();
            black_box(File::open(&path).and_then(|mut f| f.read_to_end(&mut bytes)).is_ok())
        });
    });
    group.bench_function("read", |b| b.iter(|| black_box(read(&path).is_ok())));
    group.bench_function("open_and_check", |b| b.iter(|| black_box(open(&path).is_ok())));
    group.finish();
}

criterion_group!(benches, snapshots);
criterion_main!(benches);
