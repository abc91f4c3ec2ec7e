//! Keyed randomness: every draw is a pure function of (seed, what for, who, when, which one).
//!
//! Nothing has a state that draws use up, so that nothing depends on threads, on the order of visiting or on memory
//! layout, and a rule that draws once more moves no other draw. What it promises and how it is tested is in the
//! README beside this file.

use crate::model::math;
use rand::rand_core::utils::fill_bytes_via_next_word;
use std::convert::Infallible;

/// What a draw is for: a part of its key, so that it is addressed by name and never by turn.
///
/// The numbers are written out, and a new purpose takes the next free one: a number that moved would change every
/// result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Purpose {
    /// How many people a household has.
    HouseholdSize = 1,
    /// The exposure at which the next household of a stratum sets out.
    Threshold = 2,
    /// How strong the evidence for a claim is.
    Evidence = 3,
    /// Traits that make a person vulnerable.
    Vulnerability = 4,
    /// Which destination, route and channel.
    Choice = 5,
    /// Whether something happens to a person on a day: see `scatter.rs`.
    Event = 6,
    /// Which of several causes was first.
    Cause = 7,
    /// How much search it takes to find a vessel.
    SearchCost = 8,
    /// Whether a vessel that was found is boarded.
    Boarding = 9,
    /// Distress at sea, and who survives it.
    Distress = 10,
    /// How many people a vessel carries.
    VesselSize = 11,
    /// Weather of a zone and day.
    Weather = 12,
    /// Noise of an environment.
    Noise = 13,
    /// Admission at a border.
    Border = 14,
    /// Screening before or in place of a procedure.
    Screening = 15,
    /// A decision on a claim.
    Decision = 16,
    /// An appeal against it.
    Appeal = 17,
    /// A lottery for something scarce.
    Lottery = 18,
    /// A review of policy.
    Review = 19,
    /// Whether negotiating parties agree.
    Negotiation = 20,
    /// Voluntary return.
    Voluntary = 21,
    /// How long a leg of a journey takes.
    Transit = 22,
    /// Selection for resettlement.
    Resettlement = 23,
    /// Monitoring after a return or a transfer.
    Monitoring = 24,
    /// Who comes first among equals.
    Priority = 25,
    /// What a household answers when it is asked whether it wants to be moved, and where to.
    Consent = 26,
    /// What becomes of a case under an arrangement: accepted or not, split or not.
    Case = 27,
    /// Requests to another State, and their answers.
    Transfer = 28,
    /// The exposure at which one who is back home sets out again.
    Again = 29,
    /// Where a household stands that is abroad when the run begins, and since when.
    Present = 30,
}

/// Increment that spreads purposes and words: 2⁶⁴ over the golden ratio, made odd.
const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

/// A bijection of 64 bits in which every bit of the result depends on every bit of the argument.
///
/// Source: P. Evensen, rrxmrrxmsx_0 (2018): two multiplications, each after two rotations.
#[inline(always)]
fn mix(mut x: u64) -> u64 {
    x ^= x.rotate_right(25) ^ x.rotate_right(50);
    x = x.wrapping_mul(0xa24b_aed4_963e_e407);
    x ^= x.rotate_right(24) ^ x.rotate_right(49);
    x = x.wrapping_mul(0x9fb2_1c65_1e98_df25);
    x ^ x >> 28
}

/// The luck of a run: all its draws, addressed by key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Luck {
    key: u64,
}

impl Luck {
    /// The luck that belongs to a seed.
    pub fn new(seed: u64) -> Self {
        // Mixed twice, so that seeds 1, 2, 3 … are as far apart as any.
        Self { key: mix(mix(seed.wrapping_add(GOLDEN))) }
    }

    /// What the draws of one purpose, person and time have in common.
    #[inline(always)]
    fn prefix(&self, purpose: Purpose, who: u64, when: u64) -> u64 {
        let purpose = self.key.wrapping_add((purpose as u64).wrapping_mul(GOLDEN));
        mix(mix(purpose ^ who) ^ when)
    }

    /// The draws of one purpose, person and time, told apart by `what` alone.
    #[inline(always)]
    pub fn draws(&self, purpose: Purpose, who: u64, when: u64) -> Draws {
        Draws { prefix: self.prefix(purpose, who, when) }
    }

    /// 64 well-mixed bits of (seed, purpose, who, when, what).
    ///
    /// Each part goes through a bijection before the next is added: for everything else equal, two different `what`
    /// never give the same bits.
    #[inline]
    pub fn bits(&self, purpose: Purpose, who: u64, when: u64, what: u64) -> u64 {
        mix(self.prefix(purpose, who, when) ^ what)
    }

    /// A uniform number in the open interval (0, 1): odd multiples of 2⁻⁵³.
    #[inline]
    pub fn uniform(&self, purpose: Purpose, who: u64, when: u64, what: u64) -> f64 {
        open_unit(self.bits(purpose, who, when, what))
    }

    /// A unit exponential, −ln u: the greater u, the sooner.
    #[inline]
    pub fn exponential(&self, purpose: Purpose, who: u64, when: u64, what: u64) -> f64 {
        -math::ln(self.uniform(purpose, who, when, what))
    }

    /// A standard Gumbel number, −ln(−ln u).
    #[inline]
    pub fn gumbel(&self, purpose: Purpose, who: u64, when: u64, what: u64) -> f64 {
        -math::ln(self.exponential(purpose, who, when, what))
    }

    /// A standard normal number, Φ⁻¹(u).
    #[inline]
    pub fn normal(&self, purpose: Purpose, who: u64, when: u64, what: u64) -> f64 {
        math::normal_quantile(self.uniform(purpose, who, when, what))
    }

    /// A sequence under a key, for distributions that ask for a generator; its n-th word is `bits(…, n)`.
    pub fn rng(&self, purpose: Purpose, who: u64, when: u64) -> KeyedRng {
        KeyedRng { prefix: self.prefix(purpose, who, when), drawn: 0 }
    }
}

/// What several draws for one person and time have in common: two of the three bijections of [`Luck::bits`], done once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Draws {
    prefix: u64,
}

impl Draws {
    /// The same number as [`Luck::bits`].
    #[inline(always)]
    pub fn bits(self, what: u64) -> u64 {
        mix(self.prefix ^ what)
    }

    /// The same number as [`Luck::uniform`].
    #[inline(always)]
    pub fn uniform(self, what: u64) -> f64 {
        open_unit(self.bits(what))
    }

    /// The same number as [`Luck::exponential`].
    #[inline]
    pub fn exponential(self, what: u64) -> f64 {
        -math::ln(self.uniform(what))
    }
}

/// The middle of one of 2⁵² equal parts of (0, 1).
#[inline(always)]
pub(super) fn open_unit(bits: u64) -> f64 {
    const PART: f64 = 1.0 / (1_u64 << 52) as f64;
    ((bits >> 12) as f64 + 0.5) * PART
}

/// Stable 64-bit identity of a name in several parts, so that the order of things in a file does not matter.
///
/// The number of parts, and then for each part its length in bytes and its UTF-8 bytes in little-endian words of
/// eight, the last filled with zeros, go one after another through a bijection of 64 bits. Lengths go first, so that
/// ("ab", "c") and ("a", "bc") differ by more than chance. Two of n names collide with probability n²/2⁶⁵.
pub fn name_key(parts: &[&str]) -> u64 {
    let start = mix(GOLDEN ^ parts.len() as u64);
    parts.iter().fold(start, |key, part| {
        part.as_bytes().chunks(8).fold(mix(key ^ part.len() as u64), |key, bytes| {
            let mut word = [0; 8];
            word[..bytes.len()].copy_from_slice(bytes);
            mix(key ^ u64::from_le_bytes(word))
        })
    })
}

/// A sequence of draws under one key: a counter, for distributions that ask for a generator.
///
/// Never `Copy`: a copy would draw the same numbers again.
#[derive(Clone, Debug)]
pub struct KeyedRng {
    prefix: u64,
    drawn: u64,
}

impl rand::TryRng for KeyedRng {
    type Error = Infallible;

    #[inline]
    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        self.try_next_u64().map(|bits| (bits >> 32) as u32)
    }

    #[inline]
    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let bits = mix(self.prefix ^ self.drawn);
        self.drawn = self.drawn.wrapping_add(1);
        Ok(bits)
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        fill_bytes_via_next_word(bytes, || self.try_next_u64())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A change of any of these numbers changes the result of every run: it must be meant, and told.
    #[test]
    fn draws_are_those_of_every_other_version() {
        let luck = Luck::new(42);
        assert_eq!(name_key(&["population", "north"]), 0x0925_be33_6872_e7c7);
        assert_eq!(luck.bits(Purpose::HouseholdSize, 1, 2, 3), 0x899a_c314_3523_03f7);
        assert_eq!(luck.bits(Purpose::Priority, 1, 2, 3), 0x7337_1548_4c92_a099);
        let draws = luck.draws(Purpose::Choice, 5, 6);
        assert_eq!(draws.uniform(7), luck.uniform(Purpose::Choice, 5, 6, 7));
    }

    #[test]
    fn uniforms_stay_inside_the_open_interval() {
        assert_eq!((open_unit(0), open_unit(u64::MAX)), (f64::EPSILON / 2.0, 1.0 - f64::EPSILON / 2.0));
        assert!(-math::ln(open_unit(u64::MAX)) > 0.0 && math::ln(open_unit(0)).is_finite());
        assert!(
            math::normal_quantile(open_unit(0)).is_finite()
                && math::normal_quantile(open_unit(u64::MAX)) > 8.0
        );
    }
}
