//! The promise: what the keyed draws give to neighbouring people, days, spells, groups, seeds and purposes cannot be
//! told from independent uniform numbers, by tests of the structure a simulation would be hurt by; and these tests can
//! tell, since generators with one key word, one time word or two rounds fail them.
//!
//! Standard batteries read a generator as one long sequence and do not see what is wrong with such generators: the
//! same fortnight shared by two people, or one person's life repeated, shifted, in another's.

use landfall::engine::keyed::{Luck, Purpose, name_key};
use landfall::engine::scatter::Scatter;
use landfall::model::math;
use rand::{Rng, RngExt};

/// The number of standard deviations at which a test rejects: about two in a thousand million for each figure.
const REJECTED: f64 = 6.0;

/// One figure of the battery, in standard deviations from what independent uniform numbers would give.
#[derive(Clone, Copy, Debug)]
struct Verdict {
    test: &'static str,
    z: f64,
}

/// Collects verdicts; of a family of figures it keeps the worst, and the sum of all squares.
#[derive(Default)]
struct Verdicts(Vec<Verdict>);

impl Verdicts {
    fn one(&mut self, test: &'static str, z: f64) {
        self.0.push(Verdict { test, z });
    }

    fn family(&mut self, test: &'static str, figures: impl Iterator<Item = f64>) {
        let (mut worst, mut squares, mut count) = (0.0_f64, 0.0, 0.0);
        for z in figures {
            worst = if z.abs() > worst.abs() { z } else { worst };
            squares += z * z;
            count += 1.0;
        }
        self.one(test, worst);
        // A squared figure has variance 2, and up to 3 where counts are small; the larger is taken.
        self.one(test, (squares - count) / (3.0 * count).sqrt());
    }

    fn rejecting(&self) -> Vec<Verdict> {
        self.0.iter().copied().filter(|v| v.z.is_nan() || v.z.abs() >= REJECTED).collect()
    }
}

/// A uniform of 32 bits for a person, a spell and a day in it.
trait Field: Fn(u32, u8, u16) -> u32 + Copy {}
impl<F: Fn(u32, u8, u16) -> u32 + Copy> Field for F {}

/// Where a draw is: (ordinal, spell, day in the spell).
type Place = (u32, u8, u16);

/// A test by name, and the neighbour it pairs each draw with.
type Paired = (&'static str, fn(Place) -> Place);

fn at(field: impl Field, place: Place) -> u32 {
    field(place.0, place.1, place.2)
}

/// All that a generator has to pass, for people numbered without gaps and with gaps.
fn battery(field: impl Field) -> Verdicts {
    let mut found = Verdicts::default();
    for turn in [0, 6] {
        let spaced = move |ordinal: u32, spell, day| field(ordinal.rotate_left(turn), spell, day);
        dispersion(spaced, &mut found);
        joint_hits(spaced, &mut found);
        serial_pairs(spaced, &mut found);
        birthday_spacings(spaced, &mut found);
    }
    collisions(field, &mut found);
    repeated_fields(field, &mut found);
    avalanche(field, &mut found);
    found
}

/// Counts of rare events by day, by person, by block of people and days, by spell: neither more nor less even than
/// binomial.
fn dispersion(field: impl Field, found: &mut Verdicts) {
    const PEOPLE: usize = 1 << 13;
    const DAYS: usize = 1 << 10;
    const P: f64 = 1.0 / 256.0;
    let (mut by_day, mut by_person) = (vec![0; DAYS], vec![0; PEOPLE]);
    let mut by_block = vec![0; PEOPLE / 64 * (DAYS / 16)];
    let mut by_spell = vec![0; 256];
    for day in 0..DAYS {
        for person in 0..PEOPLE {
            let hit = u32::from(field(person as u32, 0, day as u16) >> 24 == 0);
            by_day[day] += hit;
            by_person[person] += hit;
            by_block[person / 64 * (DAYS / 16) + day / 16] += hit;
        }
    }
    for (spell, count) in by_spell.iter_mut().enumerate() {
        *count =
            (0..1 << 14).filter(|&i| field(i >> 4, spell as u8, i as u16 & 15) >> 24 == 0).count() as u32;
    }
    let z = |counts: &[u32], draws: usize| {
        let (mean, n) = (draws as f64 * P, counts.len() as f64);
        let squares: f64 = counts.iter().map(|&c| (f64::from(c) - mean) * (f64::from(c) - mean)).sum();
        // The variance of a squared Poisson deviation is 2 + 1/mean in units of the mean.
        (squares / (mean * (1.0 - P)) - n) / (n * (2.0 + 1.0 / mean)).sqrt()
    };
    found.one("dispersion by day", z(&by_day, PEOPLE));
    found.one("dispersion by person", z(&by_person, DAYS));
    found.one("dispersion by block", z(&by_block, 64 * 16));
    found.one("dispersion by spell", z(&by_spell, 1 << 14));
}

/// How often two rare events fall together, a lag apart: days, ordinals, spells, both at once, one bit flipped.
fn joint_hits(field: impl Field, found: &mut Verdicts) {
    // The same number of hits at two probabilities; the rarer sees only the highest bits.
    for (people, bits) in [(1_u32 << 10, 4), (1 << 14, 8)] {
        let hits: Vec<Place> = (0..2)
            .flat_map(|spell| {
                (0..1 << 8).flat_map(move |day| (0..people).map(move |person| (person, spell, day)))
            })
            .filter(|&place| at(field, place) >> (32 - bits) == 0)
            .collect();
        let z = |shift: &dyn Fn(Place) -> Place| {
            let joint = hits.iter().filter(|&&place| at(field, shift(place)) >> (32 - bits) == 0).count();
            let p = 1.0 / f64::from(1 << bits);
            let mean = hits.len() as f64 * p;
            (joint as f64 - mean) / (mean * (1.0 - p)).sqrt()
        };
        let days = (1..200).chain((8..16).map(|b| 1 << b));
        found.family("joint hits over days", days.map(|l| z(&|(o, s, d): Place| (o, s, d.wrapping_add(l)))));
        let ordinals = (1..200).chain((8..32).map(|b| 1 << b));
        found.family("joint hits over ordinals", ordinals.map(|l| z(&|(o, s, d)| (o.wrapping_add(l), s, d))));
        let spells = 1..=255;
        found.family("joint hits over spells", spells.map(|l| z(&|(o, s, d)| (o, s.wrapping_add(l), d))));
        let both =
            (1..10_u16).flat_map(|day| (1..10_u32).flat_map(move |o| [(o, day), (o.wrapping_neg(), day)]));
        found.family(
            "joint hits over ordinals and days",
            both.map(|(i, j)| z(&|(o, s, d)| (o.wrapping_add(i), s, d.wrapping_add(j)))),
        );
        found.family("joint hits over one bit", (0..56).map(|bit| z(&|place| flipped(place, bit))));
    }
}

/// A place with one of its 56 bits turned.
fn flipped((ordinal, spell, day): Place, bit: u32) -> Place {
    match bit {
        0..32 => (ordinal ^ 1 << bit, spell, day),
        32..48 => (ordinal, spell, day ^ 1 << (bit - 32)),
        _ => (ordinal, spell ^ 1 << (bit - 48), day),
    }
}

/// Pairs of the six highest bits of neighbours fill all 4,096 cells alike.
fn serial_pairs(field: impl Field, found: &mut Verdicts) {
    let neighbours: [Paired; 4] = [
        ("serial pairs over days", |(o, s, d)| (o, s, d.wrapping_add(1))),
        ("serial pairs over ordinals", |(o, s, d)| (o.wrapping_add(1), s, d)),
        ("serial pairs over spells", |(o, s, d)| (o, s.wrapping_add(1), d)),
        ("serial pairs over both", |(o, s, d)| (o.wrapping_add(1), s, d.wrapping_add(1))),
    ];
    const DRAWS: u32 = 1 << 19;
    for (test, neighbour) in neighbours {
        let mut cells = vec![0_u32; 4096];
        for i in 0..DRAWS {
            // Every second place, so that no draw is used in two pairs.
            let place = ((i >> 8) * 2, 2 * (i & 3) as u8, 2 * (i >> 2 & 63) as u16);
            cells[(at(field, place) >> 26 << 6 | at(field, neighbour(place)) >> 26) as usize] += 1;
        }
        let mean = f64::from(DRAWS) / 4096.0;
        let square: f64 = cells.iter().map(|&c| (f64::from(c) - mean) * (f64::from(c) - mean) / mean).sum();
        found.one(test, (square - 4095.0) / (2.0 * 4095.0_f64).sqrt());
    }
}

/// Standard deviations of a Poisson count from its mean.
fn poisson_z(count: usize, mean: f64) -> f64 {
    (count as f64 - mean) / mean.sqrt()
}

fn equal_neighbours<T: Ord>(values: &mut [T]) -> usize {
    values.sort_unstable();
    values.windows(2).filter(|pair| pair[0] == pair[1]).count()
}

/// A test by name, and where the draws of a year are taken from: (number of the draw, year).
type Arranged = (&'static str, fn(u32, u32) -> Place);

/// Equal spacings between the sorted draws of a day, of a life, of a diagonal: Marsaglia's test.
fn birthday_spacings(field: impl Field, found: &mut Verdicts) {
    const BIRTHDAYS: u32 = 1 << 12;
    const YEARS: u32 = 100;
    let places: [Arranged; 3] = [
        ("birthday spacings of a day", |i, year| (i, year as u8 & 3, year as u16)),
        ("birthday spacings of a life", |i, year| (year, year as u8 & 3, i as u16)),
        ("birthday spacings of a diagonal", |i, year| (i + year, 0, i as u16)),
    ];
    for (test, place) in places {
        let equal = (0..YEARS).map(|year| {
            let mut values: Vec<u32> = (0..BIRTHDAYS).map(|i| at(field, place(i, year))).collect();
            values.sort_unstable();
            let mut spacings: Vec<u32> = values.windows(2).map(|pair| pair[1] - pair[0]).collect();
            equal_neighbours(&mut spacings)
        });
        // m³/4n for a year of n = 2³² days.
        let mean = f64::from(BIRTHDAYS) * f64::from(BIRTHDAYS) * f64::from(BIRTHDAYS) / 4.0 / 4_294_967_296.0;
        found.one(test, poisson_z(equal.sum(), mean * f64::from(YEARS)));
    }
}

/// A few people over every day there can be in a spell.
fn long_lives() -> impl Iterator<Item = Place> {
    (0..=u16::MAX).flat_map(|day| (0..32).map(move |person| (2 * person, 0, day)))
}

/// Equal draws anywhere, as many as among independent numbers.
fn collisions(field: impl Field, found: &mut Verdicts) {
    let mut values: Vec<u32> = long_lives().map(|place| at(field, place)).collect();
    let pairs = values.len() as f64 * (values.len() as f64 - 1.0) / 2.0;
    found.one("collisions", poisson_z(equal_neighbours(&mut values), pairs / 4_294_967_296.0));
}

/// Two neighbouring draws that come again, in either order, as two neighbouring draws elsewhere: never by chance.
fn repeated_fields(field: impl Field, found: &mut Verdicts) {
    let neighbours: [Paired; 6] = [
        ("repeated fields over ordinals", |(o, s, d)| (o.wrapping_add(1), s, d)),
        ("repeated fields over days", |(o, s, d)| (o, s, d.wrapping_add(1))),
        ("repeated fields over alternate days", |(o, s, d)| (o, s, d ^ 1)),
        ("repeated fields over distant days", |(o, s, d)| (o, s, d ^ 0x8000)),
        ("repeated fields over spells", |(o, s, d)| (o, s.wrapping_add(1), d)),
        ("repeated fields over distant spells", |(o, s, d)| (o, s ^ 0x80, d)),
    ];
    for (test, neighbour) in neighbours {
        // A pair and its mirror image are one pair, met twice: only the lower of the two ends counts.
        let lower = long_lives().filter(|&place| place.2 <= neighbour(place).2);
        let mut pairs: Vec<u64> = lower
            .map(|place| {
                let (a, b) = (at(field, place), at(field, neighbour(place)));
                u64::from(a.min(b)) << 32 | u64::from(a.max(b))
            })
            .collect();
        let mean = pairs.len() as f64 * pairs.len() as f64 / 18_446_744_073_709_551_616.0;
        found.one(test, poisson_z(equal_neighbours(&mut pairs), mean));
    }
}

/// Turning one bit of the person, the spell or the day turns every bit of the draw half the time.
fn avalanche(field: impl Field, found: &mut Verdicts) {
    const DRAWS: u64 = 1 << 15;
    let luck = Luck::new(4711);
    let mut turned = vec![0_u32; 56 * 32];
    for draw in 0..DRAWS {
        // People and days as they occur: low numbers, most high bits zero.
        let bits = luck.bits(Purpose::Noise, draw, 0, 0);
        let place = (bits as u32 & 0xf_ffff, (bits >> 32) as u8 & 7, (bits >> 48) as u16 & 0x3ff);
        let before = at(field, place);
        for input in 0..56 {
            let difference = before ^ at(field, flipped(place, input));
            for output in 0..32 {
                turned[(input * 32 + output) as usize] += difference >> output & 1;
            }
        }
    }
    let half = DRAWS as f64 / 2.0;
    found.family("avalanche", turned.iter().map(|&t| (f64::from(t) - half) / (half / 2.0).sqrt()));
}

fn assert_passes(what: &str, field: impl Field) {
    let rejecting = battery(field).rejecting();
    assert!(rejecting.is_empty(), "{what} is rejected: {rejecting:?}");
}

fn assert_fails(what: &str, field: impl Field, by: &[&str]) {
    let rejecting = battery(field).rejecting();
    for test in by {
        assert!(rejecting.iter().any(|v| v.test == *test), "{what} passes {test}: {rejecting:?}");
    }
}

/// The luck of a day as a uniform of 32 bits.
fn uniform_of_day(luck: Luck, who: u64, spell: u8, day: u16) -> u32 {
    let x = Scatter::new(luck, who, spell).of_day(day, f64::INFINITY);
    (-math::expm1(-x) * 4_294_967_296.0) as u32
}

#[test]
fn luck_of_days_passes() {
    for (seed, group) in [(0, "north"), (u64::MAX, "")] {
        let (luck, group) = (Luck::new(seed), name_key(&["population", group]));
        let field = move |o, s, d| uniform_of_day(luck, group ^ u64::from(o) << 20, s, d);
        assert_passes("the luck of days", field);
    }
}

#[test]
fn groups_and_seeds_are_independent() {
    let group = |s: u8| name_key(&["stratum", &s.to_string()]);
    let groups: Vec<u64> = (0..=255).map(group).collect();
    let groups = &groups;
    assert_passes("one group for each spell", move |o, s, d| {
        uniform_of_day(Luck::new(5), groups[usize::from(s)] ^ u64::from(o) << 20, 0, d)
    });
    assert_passes("one seed for each spell", move |o, s, d| {
        uniform_of_day(Luck::new(s.into()), groups[6] ^ u64::from(o) << 20, 0, d)
    });
}

#[test]
fn single_draws_pass_in_every_part_of_their_key() {
    let luck = Luck::new(8);
    let group = name_key(&["stratum", "x"]);
    let who = move |o: u32| group ^ u64::from(o) << 20;
    assert_passes("the low half", move |o, s, d| {
        luck.bits(Purpose::Choice, who(o), u64::from(d), u64::from(s)) as u32
    });
    const ALL: [Purpose; 25] = [
        Purpose::HouseholdSize,
        Purpose::Threshold,
        Purpose::Evidence,
        Purpose::Vulnerability,
        Purpose::Choice,
        Purpose::Event,
        Purpose::Cause,
        Purpose::SearchCost,
        Purpose::Boarding,
        Purpose::Distress,
        Purpose::VesselSize,
        Purpose::Weather,
        Purpose::Noise,
        Purpose::Border,
        Purpose::Screening,
        Purpose::Decision,
        Purpose::Appeal,
        Purpose::Lottery,
        Purpose::Review,
        Purpose::Negotiation,
        Purpose::Voluntary,
        Purpose::Transit,
        Purpose::Resettlement,
        Purpose::Monitoring,
        Purpose::Priority,
    ];
    // Spells stand for purposes, and beyond those for alternatives.
    assert_passes("purposes, the high half", move |o, s, d| {
        let (purpose, what) = (ALL[usize::from(s) % ALL.len()], usize::from(s) / ALL.len());
        (luck.bits(purpose, who(o), u64::from(d), what as u64) >> 32) as u32
    });
}

/// A permutation of 32 bits in two rounds (C. Wellons, hash-prospector), good where one key is enough.
fn lowbias32(mut x: u32) -> u32 {
    x ^= x >> 16;
    x = x.wrapping_mul(0x7feb_352d);
    x ^= x >> 15;
    x = x.wrapping_mul(0x846c_a68b);
    x ^ x >> 16
}

/// Spell and day as one number, spread over 32 bits by an odd factor.
fn time_word(spell: u8, day: u16) -> u32 {
    (u32::from(spell) << 16 | u32::from(day)).wrapping_mul(0x9e37_79b1)
}

#[test]
fn control_one_word_added_makes_every_day_a_shifted_copy() {
    let field = |o: u32, s, d| lowbias32(o.wrapping_add(time_word(s, d)).wrapping_add(0x3c6e_f372));
    assert_fails("lowbias32 of ordinal and time added", field, &["collisions"]);
}

#[test]
fn control_one_word_by_exclusive_or_repeats_fields() {
    let field = |o: u32, s, d| lowbias32(o ^ lowbias32(time_word(s, d)) ^ 0x3c6e_f372);
    assert_fails("lowbias32 keyed by exclusive or", field, &["repeated fields over ordinals"]);
}

#[test]
fn control_two_rounds_with_a_word_before_each() {
    let field = |o: u32, s, d| {
        let mut x = (o ^ 0x3c6e_f372).wrapping_mul(0x7feb_352d);
        x ^= x >> 15;
        x = x.wrapping_add(lowbias32(time_word(s, d))).wrapping_mul(0x846c_a68b);
        x ^ x >> 16
    };
    assert_fails("two rounds", field, &["joint hits over ordinals", "avalanche"]);
}

#[test]
fn control_time_before_the_last_rounds_only() {
    let field = |o: u32, s, d| lowbias32(lowbias32(o ^ 0x3c6e_f372).wrapping_add(time_word(s, d)));
    assert_fails("time after the person", field, &["collisions"]);
}

/// The greatest distance between the distribution of a sample and the one it should have, times √n (Kolmogorov).
fn distance(mut sample: Vec<f64>, distribution: impl Fn(f64) -> f64) -> f64 {
    sample.sort_unstable_by(f64::total_cmp);
    let n = sample.len() as f64;
    let gaps = sample.iter().enumerate().map(|(i, &x)| {
        let p = distribution(x);
        (p - i as f64 / n).max((i + 1) as f64 / n - p)
    });
    gaps.fold(0.0, f64::max) * n.sqrt()
}

#[test]
fn distributions_are_those_they_are_named_for() {
    const DRAWS: u64 = 1 << 17;
    let luck = Luck::new(11);
    let sample = |draw: fn(&Luck, Purpose, u64, u64, u64) -> f64| -> Vec<f64> {
        (0..DRAWS).map(|i| draw(&luck, Purpose::Noise, i >> 8, i >> 4 & 15, i & 15)).collect()
    };
    // Beyond 3.2 with probability 2 exp(−2·3.2²), about 3 in a thousand million.
    let far = 3.2;
    assert!(distance(sample(Luck::uniform), |x| x) < far);
    assert!(distance(sample(Luck::exponential), |x| -math::expm1(-x)) < far);
    assert!(distance(sample(Luck::gumbel), |x| math::exp(-math::exp(-x))) < far);
    assert!(distance(sample(Luck::normal), math::normal_cdf) < far);
    // And the test can tell: a standard deviation of 1.02 is seen.
    assert!(distance(sample(Luck::normal), |x| math::normal_cdf(x / 1.02)) > far / 2.0);
}

#[test]
fn names_in_parts_have_keys_of_their_own() {
    let names =
        ["", "a", "b", "ab", "ba", "a\0", "\0a", "\0", "12345678", "123456789", "12345678\0", "Ägypten"];
    let mut keys: Vec<u64> = names.iter().map(|name| name_key(&[name])).collect();
    keys.extend(names.iter().flat_map(|a| names.iter().map(move |b| name_key(&[a, b]))));
    keys.extend((0..100_000).map(|i| name_key(&["route", &i.to_string()])));
    keys.push(name_key(&[]));
    assert_eq!(equal_neighbours(&mut keys), 0);
    // Consecutive names fall evenly into 256 cells, by their highest bits and by their lowest.
    for shift in [0, 56] {
        let mut cells = [0_u32; 256];
        (0..100_000).for_each(|i| cells[(name_key(&["zone", &i.to_string()]) >> shift & 255) as usize] += 1);
        let mean = 100_000.0 / 256.0;
        let square: f64 = cells.iter().map(|&c| (f64::from(c) - mean) * (f64::from(c) - mean) / mean).sum();
        assert!((square - 255.0).abs() < REJECTED * (2.0 * 255.0_f64).sqrt(), "{square}");
    }
}

#[test]
fn a_generator_under_a_key_is_the_keyed_draws_in_a_row() {
    let luck = Luck::new(12);
    let mut generator = luck.rng(Purpose::Weather, 5, 6);
    let words: Vec<u64> = (0..4).map(|_| generator.next_u64()).collect();
    assert_eq!(words, (0..4).map(|n| luck.bits(Purpose::Weather, 5, 6, n)).collect::<Vec<_>>());
    let mut bytes = [0; 12];
    luck.rng(Purpose::Weather, 5, 6).fill_bytes(&mut bytes);
    assert_eq!((&bytes[..8], &bytes[8..]), (&words[0].to_le_bytes()[..], &words[1].to_le_bytes()[..4]));
    assert_eq!(luck.rng(Purpose::Weather, 5, 6).next_u32(), (words[0] >> 32) as u32);
    let mut dice = luck.rng(Purpose::Lottery, 0, 0);
    let mut faces = [0_u32; 6];
    (0..60_000).for_each(|_| faces[dice.random_range(0..6_usize)] += 1);
    assert!(faces.iter().all(|&f| f.abs_diff(10_000) < 550), "{faces:?}");
}
