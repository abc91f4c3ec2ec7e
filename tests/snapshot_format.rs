//! The promise: a snapshot is a world to the bit, or it is refused. Whatever was done to its bytes is noticed before
//! any of them is believed, by name of the part that suffered, and no length in it makes the program allocate what it
//! asks for.

mod common;

use common::{run, scenario, tiny};
use landfall::scenario::Setup;
use landfall::snapshot::{Content, Fault, RunState, Snapshot, check_whole, encode, pack, read_from};

/// The bytes of a snapshot of a set-up after some days.
fn bytes_after(setup: &Setup, days: u32) -> Vec<u8> {
    let sim = run(setup, days);
    let scenario = toml::to_string(&setup.scenario).unwrap();
    let mut unseeded = setup.scenario.clone();
    unseeded.scenario.seed = 0;
    let digest = blake3::hash(toml::to_string(&unseeded).unwrap().as_bytes()).to_hex().to_string();
    let content = Content {
        world: sim.world.clone(),
        seed: setup.scenario.scenario.seed,
        scenario_digest: &digest,
        scenario: &scenario,
        run: &RunState { name: "tiny".into(), ..RunState::default() },
    };
    pack(content).unwrap().to_vec()
}

fn read(bytes: &[u8]) -> Result<Snapshot, Fault> {
    read_from(&mut &*bytes, bytes.len() as u64)
}

#[test]
fn a_world_comes_back_to_the_bit() {
    let setup = tiny(&[]);
    for days in [0, 1, 150, 400, setup.days] {
        let bytes = bytes_after(&setup, days);
        let opened = check_whole(read(&bytes).unwrap()).unwrap();
        let sim = run(&setup, days);
        assert_eq!(encode(&opened.snapshot.world), encode(&sim.world), "day {days}");
        assert_eq!(opened.snapshot.head.day, days);
        assert_eq!(bytes, bytes_after(&setup, days), "the same world, the same bytes");
    }
}
