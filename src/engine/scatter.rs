//! The luck of a spell: on which days something would happen to a person, at which hazard.
//!
//! ```text
//! P(something happens on a day) = 1 − e^(−H)        H: total hazard of the day
//! ```
//!
//! Think of points scattered evenly over the days of a spell and over hazards: on average one for each day and unit of
//! hazard, everywhere independent (a Poisson process). The luck X of a day is the height of its lowest point, and
//! something happens on that day if and only if X ≤ H. There is no point below H with probability e^(−H), and days have
//! no point in common: so something happens on every day with its own probability, independent of all other days. X is
//! a unit exponential.
//!
//! What this buys is that days need not be asked. Points below a bound on the hazard are few, and the next of them can
//! be found without looking at the days before it: who waits is looked at on the day of their next point, and not
//! before. The points do not depend on the bound. A bound too high costs looks; a result never.
//!
//! Heights come in bands, and the days of each in blocks, the longer the lower the band. The points of a block are
//! drawn from the lowest up, until one is higher than what is asked for, which mostly the first is: one draw a block.
//!
//! ```text
//! height of the n-th point of a block = bottom of the band + (E₁ + … + Eₙ) / days of a block
//!
//! E: unit exponentials
//! ```
//!
//! Source: a Poisson process by its spacings (Devroye 1986, ch. VI); thinning (Lewis & Shedler 1979).

use super::keyed::{Draws, Luck, Purpose, open_unit};
use crate::model::math;

/// Points between two heights, in blocks of days.
struct Band {
    /// Its number, a part of the key.
    number: u64,
    bottom: f64,
    top: f64,
    /// Days of a block, as a power of two.
    shift: u32,
    /// Blocks that are looked through for a point before whoever has none is to be looked at again.
    ahead: u32,
}

/// From the lowest up.
const BANDS: [Band; 5] = [
    Band { number: 0, bottom: 0.0, top: 1.0 / 256.0, shift: 8, ahead: 8 },
    Band { number: 1, bottom: 1.0 / 256.0, top: 1.0 / 32.0, shift: 4, ahead: 16 },
    Band { number: 2, bottom: 1.0 / 32.0, top: 1.0 / 4.0, shift: 1, ahead: 16 },
    Band { number: 3, bottom: 1.0 / 4.0, top: 1.0, shift: 0, ahead: 8 },
    Band { number: 4, bottom: 1.0, top: f64::INFINITY, shift: 0, ahead: 8 },
];

/// The luck of a person's spell.
#[derive(Clone, Copy, Debug)]
pub struct Scatter {
    draws: Draws,
}

/// A point: its day in the spell and its height.
type Point = (u32, f64);

impl Scatter {
    /// The luck of a person, by identity, in one of their spells, by its number.
    #[inline]
    pub fn new(luck: Luck, who: u64, spell: u8) -> Self {
        Self { draws: luck.draws(Purpose::Event, who, spell.into()) }
    }

    /// The luck X of a day, if it is not above `most`; else infinity.
    #[inline]
    pub fn of_day(&self, day: u16, most: f64) -> f64 {
        let day = u32::from(day);
        for band in BANDS.iter().take_while(|band| band.bottom < most) {
            let asked = Asked::of(self.draws, band, most);
            // From the lowest up.
            if let Some(point) = asked.points(day >> band.shift).find(|point| point.0 == day) {
                return point.1;
            }
        }
        f64::INFINITY
    }

    /// How many days from one on there is surely none whose luck is not above `most`: to the first such day, or as far
    /// as was looked, which is not beyond so many days.
    #[inline]
    pub fn quiet_days(&self, from: u16, most: f64, within: u32) -> u32 {
        let from = u32::from(from);
        let mut end = from.saturating_add(within).min(u32::from(u16::MAX) + 1);
        for band in BANDS.iter().take_while(|band| band.bottom < most) {
            end = Asked::of(self.draws, band, most).first_day(from, end);
        }
        end - from
    }
}

/// The points of a band that are not above a height.
struct Asked<'b> {
    draws: Draws,
    band: &'b Band,
    most: f64,
    /// Not above e^(−x), x being what the exponentials of such points can add up to; as good as equal to it.
    least: f64,
}

impl<'b> Asked<'b> {
    #[inline(always)]
    fn of(draws: Draws, band: &'b Band, most: f64) -> Self {
        let most = most.min(band.top);
        let x = (most - band.bottom) * f64::from(1_u32 << band.shift);
        // Broken off after an odd power, the series is below the exponential.
        let series = 1.0 - x * (1.0 - x / 2.0 * (1.0 - x / 3.0 * (1.0 - x / 4.0 * (1.0 - x / 5.0))));
        let least = if x <= 1.0 { series } else { math::exp(-x) };
        Self { draws, band, most, least: least - 1e-12 }
    }

    /// Those of a block, from the lowest up.
    #[inline(always)]
    fn points(&self, block: u32) -> impl Iterator<Item = Point> {
        let a_point = 1.0 / f64::from(1_u32 << self.band.shift);
        let mut height = self.band.bottom;
        (0..=u8::MAX).map_while(move |n| {
            let (uniform, day) = self.draw(block, n);
            if uniform < self.least {
                return None;
            }
            height -= math::ln(uniform) * a_point;
            (height <= self.most).then_some((day, height))
        })
    }

    /// The uniform of a point of a block, from which its exponential is made, and its day. They share no bit.
    #[inline(always)]
    fn draw(&self, block: u32, n: u8) -> (f64, u32) {
        let word = self.draws.bits(self.band.number << 32 | u64::from(block) << 8 | u64::from(n));
        let day = block << self.band.shift | word as u32 & ((1 << self.band.shift) - 1);
        (open_unit(word), day)
    }

    /// The first day from one on that has one, or the day up to which there is none as far as was looked; not beyond a
    /// day.
    #[inline(always)]
    fn first_day(&self, from: u32, end: u32) -> u32 {
        let shift = self.band.shift;
        let first = from >> shift;
        for block in first..first + self.band.ahead {
            if block << shift >= end {
                return end;
            }
            // Exponentials add up to no more than x where their uniforms multiply to no less than e^(−x).
            let (mut product, mut day) = self.draw(block, 0);
            if product < self.least {
                continue;
            }
            let mut earliest = end;
            for n in 1..=u8::MAX {
                if day >= from {
                    earliest = earliest.min(day);
                }
                let (uniform, next) = self.draw(block, n);
                (product, day) = (product * uniform, next);
                if product < self.least {
                    break;
                }
            }
            if earliest < end {
                return earliest;
            }
        }
        ((first + self.band.ahead) << shift).min(end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::math;

    fn scatter(person: u64, spell: u8) -> Scatter {
        Scatter::new(Luck::new(17), person << 20 ^ 0x1234_5678_9abc_def0, spell)
    }

    /// A change of any of these numbers changes the result of every run: it must be meant, and told.
    #[test]
    fn luck_is_that_of_every_other_version() {
        let of = scatter(123_456, 3);
        assert_eq!(of.of_day(210, f64::INFINITY).to_bits(), 4_608_780_558_677_461_328);
        assert_eq!([1e-4, 2e-3, 0.1, 0.9].map(|most| of.quiet_days(7, most, ANY)), [2041, 1086, 7, 0]);
    }

    /// No bound on the days looked through.
    const ANY: u32 = u32::MAX;

    const BOUNDS: [f64; 12] = [0.0, 1e-12, 1e-6, 1e-5, 2e-4, 1e-3, 0.004, 0.02, 0.25, 0.3, 1.0, 1.5];

    #[test]
    fn the_luck_of_a_day_is_the_same_under_any_bound() {
        for (person, day) in (0..200).flat_map(|person| (0..40).map(move |d| (person, d * d * 41))) {
            let of = scatter(person, (person % 3) as u8);
            let x = of.of_day(day as u16, f64::INFINITY);
            assert!(x > 0.0 && x < f64::INFINITY);
            for most in BOUNDS {
                let bounded = of.of_day(day as u16, most);
                assert_eq!(bounded, if x <= most { x } else { f64::INFINITY }, "{person}, {day}, {most}");
            }
        }
    }

    #[test]
    fn no_day_is_passed_over() {
        for (person, most) in (0..30).flat_map(|person| BOUNDS.map(|most| (person, most))) {
            let of = scatter(person, 2);
            let (mut day, mut looked) = (u32::from(person as u16 * 7), 0);
            let end = day + 3000;
            while day < end {
                let quiet = of.quiet_days(day as u16, most, ANY);
                for day in day..(day + quiet).min(end) {
                    assert!(of.of_day(day as u16, most) > most, "{person}, day {day}, {most}");
                }
                day += quiet + 1;
                looked += 1;
            }
            // As often as there are points, and now and then besides.
            assert!(f64::from(looked) < 3000.0 * 3.0 * most + 40.0, "{most}: {looked} looks");
        }
        // What is looked for within some days is what is found without a bound, as far as it is among them.
        for (person, most) in (0..30).flat_map(|person| BOUNDS.map(|most| (person, most))) {
            let of = scatter(person, 4);
            for (from, within) in [(0, 0), (3, 1), (100, 20), (250, 300), (900, 5000)] {
                let found = of.quiet_days(from, most, within);
                assert_eq!(found, of.quiet_days(from, most, ANY).min(within), "{person}, {most}, {within}");
            }
        }
        // To the last day of the longest spell, and not beyond it.
        let of = scatter(1, 0);
        assert!(of.quiet_days(65_530, 1e-9, ANY) <= 6 && of.quiet_days(u16::MAX, 0.5, ANY) <= 1);
    }

    /// Largest distance of the distribution of luck from a unit exponential, times √n (Kolmogorov).
    fn distance(mut luck: Vec<f64>) -> f64 {
        luck.sort_unstable_by(f64::total_cmp);
        let n = luck.len() as f64;
        let gaps = luck.iter().enumerate().map(|(i, &x)| {
            let p = -math::expm1(-x);
            (p - i as f64 / n).max((i + 1) as f64 / n - p)
        });
        gaps.fold(0.0, f64::max) * n.sqrt()
    }

    #[test]
    fn the_luck_of_a_day_is_a_unit_exponential_in_every_band() {
        let all = |of: fn(u64) -> (u64, u8, u16)| -> Vec<f64> {
            let one = |n| {
                let (person, spell, day) = of(n);
                scatter(person, spell).of_day(day, f64::INFINITY)
            };
            (0..1 << 17).map(one).collect()
        };
        // Beyond 3.2 with probability 2 exp(−2·3.2²), about 3 in a thousand million.
        assert!(distance(all(|n| (n, 0, 0))) < 3.2);
        assert!(distance(all(|n| (7, 3, n as u16))) < 3.2 * 2.0_f64.sqrt());
        assert!(distance(all(|n| (n >> 8, n as u8, (n * 97) as u16))) < 3.2);
        // Days with a point below a height: as many as the height says, whatever the band.
        for (most, people, days) in [
            (1e-5, 1 << 13, 8192),
            (1e-3, 1 << 11, 4096),
            (6e-3, 512, 1024),
            (0.05, 512, 512),
            (0.9, 512, 64),
        ] {
            let hits = |person| {
                let of = scatter(person, 9);
                let (mut day, mut hits) = (0, 0);
                loop {
                    day += of.quiet_days(day as u16, most, ANY);
                    if day >= days {
                        return hits;
                    }
                    hits += u32::from(of.of_day(day as u16, most) <= most);
                    day += 1;
                }
            };
            let found: u32 = (0..people).map(hits).sum();
            let n = people as f64 * f64::from(days);
            let p = -math::expm1(-most);
            let z = (f64::from(found) - n * p) / (n * p * (1.0 - p)).sqrt();
            assert!(z.abs() < 6.0, "{most}: {found} days where {} are expected, {z}", n * p);
        }
    }
}
