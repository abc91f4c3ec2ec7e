//! People who each wait for a threshold of their own on a clock they share (model 5.10).

use serde::{Deserialize, Serialize};
use std::cmp::Ordering;

/// A clock of exposure, and those who wait for it to reach their thresholds.
///
/// Whoever is exposed to a hazard h(t) has had the event by the time t with probability 1 − exp(−∫h). A threshold that
/// is a unit exponential, set against the integral since the exposure began, says the same; and it costs nothing on the
/// days on which nothing happens. Where the hazard is nowhere lower, nobody's event comes later.
///
/// The waiting are a binary heap: none is before its parent, which stands at half its place.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ExposureClock {
    /// What the clock shows: exposure since it last had nobody waiting.
    pub shows: f64,
    /// Those who wait.
    pub waiting: Vec<Waiting>,
}

/// One who waits.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Waiting {
    /// What the clock shows when the threshold is reached.
    pub until: f64,
    /// Who: the ordinal.
    pub ordinal: u32,
    /// In which spell.
    pub spell: u8,
}

impl Waiting {
    /// The order of turns: equal thresholds go by ordinal and spell.
    fn order(&self, other: &Self) -> Ordering {
        let by_person = || (self.ordinal, self.spell).cmp(&(other.ordinal, other.spell));
        self.until.total_cmp(&other.until).then_with(by_person)
    }
}

impl ExposureClock {
    /// Somebody begins to be exposed.
    ///
    /// ```text
    /// until = H + E
    /// ```
    ///
    /// | symbol | argument | unit | range | meaning |
    /// | --- | --- | --- | --- | --- |
    /// | H | | 1 | ≥ 0 | what the clock shows now |
    /// | E | `threshold` | 1 | > 0 | unit exponential that belongs to the person and the spell |
    ///
    /// Source: Sellke (1983). Limits: a clock with nobody waiting starts at 0, so that no precision is lost over years.
    pub fn expose(&mut self, threshold: f64, ordinal: u32, spell: u8) {
        if self.waiting.is_empty() {
            self.shows = 0.0;
        }
        self.waiting.push(Waiting { until: self.shows + threshold, ordinal, spell });
        let mut at = self.waiting.len() - 1;
        while at > 0 && self.before(at, (at - 1) / 2) {
            self.waiting.swap(at, (at - 1) / 2);
            at = (at - 1) / 2;
        }
    }

    /// The clock runs on by the hazard of a day; infinite or less than nothing, it stands still.
    pub fn run(&mut self, hazard: f64) {
        if hazard > 0.0 && hazard < f64::INFINITY {
            self.shows += hazard;
        }
    }

    /// The next whose threshold is reached; they no longer wait.
    #[inline]
    pub fn next_reached(&mut self) -> Option<Waiting> {
        self.waiting.first().filter(|first| first.until <= self.shows)?;
        Some(self.take_first())
    }

    /// The first of those who wait, who no longer does. There must be somebody.
    fn take_first(&mut self) -> Waiting {
        let reached = self.waiting.swap_remove(0);
        let mut at = 0;
        loop {
            let mut first = at;
            for child in [2 * at + 1, 2 * at + 2] {
                if child < self.waiting.len() && self.before(child, first) {
                    first = child;
                }
            }
            if first == at {
                return reached;
            }
            self.waiting.swap(at, first);
            at = first;
        }
    }

    fn before(&self, one: usize, other: usize) -> bool {
        self.waiting[one].order(&self.waiting[other]) == Ordering::Less
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::math::{event_probability, exp, ln};

    fn thresholds(seed: u64) -> impl FnMut() -> f64 {
        let mut s = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
        move || {
            s ^= s << 13;
            s ^= s >> 7;
            s ^= s << 17;
            -ln(((s >> 11) as f64 + 0.5) / (1_u64 << 53) as f64)
        }
    }

    #[test]
    fn turns_come_in_the_order_of_thresholds_whatever_the_order_of_coming() {
        let (mut clock, mut draw) = (ExposureClock::default(), thresholds(3));
        let mut expected: Vec<(f64, u32)> = Vec::new();
        for ordinal in 0..1000 {
            let threshold = if ordinal % 10 == 0 { 0.5 } else { draw() };
            expected.push((threshold, ordinal));
            clock.expose(threshold, ordinal, 0);
        }
        expected.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        clock.run(0.7);
        let reached: Vec<u32> =
            std::iter::from_fn(|| clock.next_reached()).map(|waiting| waiting.ordinal).collect();
        let due: Vec<u32> = expected.iter().filter(|e| e.0 <= 0.7).map(|e| e.1).collect();
        assert_eq!(reached, due);
        assert_eq!(clock.waiting.len(), 1000 - due.len());
    }

    #[test]
    fn as_many_have_had_the_event_as_the_hazard_says() {
        let (mut clock, mut draw, people) = (ExposureClock::default(), thresholds(7), 200_000);
        (0..people).for_each(|ordinal| clock.expose(draw(), ordinal, 0));
        let (mut gone, mut left) = (0.0, 1.0);
        for day in 0..20 {
            let hazard = 0.01 + 0.03 * f64::from(day % 3);
            clock.run(hazard);
            gone += std::iter::from_fn(|| clock.next_reached()).count() as f64;
            left *= exp(-hazard);
            let (n, p) = (f64::from(people), 1.0 - left);
            assert!(
                (gone - n * p).abs() < 5.0 * (n * p * left).sqrt(),
                "day {day}: {gone} against {}",
                n * p
            );
        }
        assert!(event_probability(1.0) > 0.0);
    }

    #[test]
    fn exposure_counts_from_the_day_it_begins_and_a_higher_hazard_is_never_later() {
        let mut clock = ExposureClock::default();
        clock.expose(1.0, 1, 0);
        clock.run(0.6);
        clock.expose(0.5, 2, 0);
        assert_eq!(clock.next_reached(), None);
        clock.run(f64::NAN);
        clock.run(f64::INFINITY);
        clock.run(-1.0);
        assert_eq!(clock.shows, 0.6);
        clock.run(0.4);
        assert_eq!(clock.next_reached().map(|w| w.ordinal), Some(1));
        assert_eq!(clock.next_reached(), None, "the second has been exposed to 0.4");
        clock.run(0.1);
        assert_eq!(clock.next_reached().map(|w| w.ordinal), Some(2));
        clock.expose(0.2, 3, 0);
        assert_eq!(clock.shows, 0.0, "nobody waited");
    }
}
