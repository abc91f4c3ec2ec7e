//! Draws made ahead, many at once: who the next households of a stratum are, and the lots of those who wait.
//!
//! A draw is a pure function of its key, so that it may be made before it is needed; and many with keys in a row are
//! made by vector instructions at a fraction of what each costs alone. What is here is working memory: with other
//! blocks, or none, the numbers are the same.

use super::keyed::{Draws, Luck, Purpose};
use super::sim::{PERSON_SHIFT, person_key};
use crate::model::math;
use crate::scenario::setup::Group;

/// Draws made together.
const BLOCK: usize = 64;

/// Households at home of a stratum by their first ordinal: how many they are, when they leave, what they choose by.
#[derive(Clone, Debug, Default)]
pub struct Households {
    first: u32,
    sizes: Vec<u8>,
    thresholds: Vec<f64>,
    choices: Vec<Draws>,
}

impl Households {
    /// Where an ordinal stands in the block; the block is made anew where it does not.
    #[inline]
    fn at(&mut self, of: &People<'_>, ordinal: u32) -> usize {
        let at = ordinal.wrapping_sub(self.first) as usize;
        if at < self.sizes.len() {
            return at;
        }
        self.first = ordinal;
        self.sizes.resize(BLOCK, 0);
        self.thresholds.resize(BLOCK, 0.0);
        self.choices.resize(BLOCK, Draws::default());
        draw_households(of, self);
        0
    }

    /// Members of the household that begins at an ordinal, and the draws by which it chooses when it first leaves.
    #[inline]
    pub fn who(&mut self, of: &People<'_>, head: u32) -> (u8, Draws) {
        let at = self.at(of, head);
        (self.sizes[at], self.choices[at])
    }

    /// What the clock has to run before the household that begins at an ordinal leaves.
    #[inline]
    pub fn threshold(&mut self, of: &People<'_>, head: u32) -> f64 {
        let at = self.at(of, head);
        self.thresholds[at]
    }
}

/// A stratum as far as draws need it.
#[derive(Clone, Copy, Debug)]
pub struct People<'s> {
    /// Luck of what happens.
    pub luck: Luck,
    /// Luck of what people are.
    pub traits: Luck,
    /// The stratum.
    pub group: &'s Group,
    /// Share of households of at most so many members.
    pub sizes: &'s [f64],
}

#[multiversion::multiversion(targets("x86_64+avx512f+avx512bw+avx512dq+avx512vl", "x86_64+avx2"))]
fn draw_households(of: &People<'_>, block: &mut Households) {
    let (luck, traits, from) = (of.luck, of.traits, person_key(of.group, 0));
    let who = |n: usize| from ^ u64::from(block.first.wrapping_add(n as u32)) << PERSON_SHIFT;
    let mut draws = [0.0; BLOCK];
    for (n, draw) in draws.iter_mut().enumerate() {
        *draw = traits.draws(Purpose::HouseholdSize, who(n), 0).uniform(0);
    }
    block.sizes.fill(1);
    // The last share is 1, or what rounding made of it: nobody is beyond it.
    for &share in of.sizes.split_last().map_or(&[][..], |(_, others)| others) {
        for (size, draw) in block.sizes.iter_mut().zip(&draws) {
            *size += u8::from(*draw >= share);
        }
    }
    for (n, draw) in draws.iter_mut().enumerate() {
        *draw = luck.draws(Purpose::Threshold, who(n), 0).uniform(0);
    }
    for (threshold, &draw) in block.thresholds.iter_mut().zip(&draws) {
        *threshold = -math::ln_of_normal(draw);
    }
    for (n, choice) in block.choices.iter_mut().enumerate() {
        *choice = luck.draws(Purpose::Choice, who(n), 0);
    }
}

/// Lots of the applicants of a stratum by their serial number: when one leaves, which of them, and what for.
#[derive(Clone, Debug, Default)]
pub struct Lots {
    first: u64,
    /// What the clock has to run before the one with this rank leaves.
    thresholds: Vec<f64>,
    which: Vec<f64>,
    whither: Vec<f64>,
}

impl Lots {
    /// See to it that the lots from a serial number on are at hand, for a stratum with a key.
    #[inline]
    pub fn make(&mut self, luck: &Luck, key: u64, serial: u64) {
        const NEAR: usize = 16;
        let at = serial.wrapping_sub(self.first) as usize;
        if at + NEAR <= self.which.len() {
            return;
        }
        self.first = serial;
        for lots in [&mut self.thresholds, &mut self.which, &mut self.whither] {
            lots.resize(BLOCK, 0.0);
        }
        draw_lots(luck, key, self);
    }

    /// What the clock has to run before the one with a rank leaves.
    #[inline]
    pub fn threshold(&self, luck: &Luck, key: u64, rank: u64) -> f64 {
        let made = self.thresholds.get(rank.wrapping_sub(self.first) as usize);
        made.copied().unwrap_or_else(|| luck.exponential(Purpose::Threshold, key, 1, rank))
    }

    /// Which of those who wait leaves, as a share of the list.
    #[inline]
    pub fn which(&self, luck: &Luck, key: u64, serial: u64) -> f64 {
        let made = self.which.get(serial.wrapping_sub(self.first) as usize);
        made.copied().unwrap_or_else(|| luck.uniform(Purpose::Lottery, key, 1, serial))
    }

    /// Whether by another route or because the application lapses, as a share of both.
    #[inline]
    pub fn whither(&self, luck: &Luck, key: u64, serial: u64) -> f64 {
        let made = self.whither.get(serial.wrapping_sub(self.first) as usize);
        made.copied().unwrap_or_else(|| luck.uniform(Purpose::Lottery, key, 2, serial))
    }
}

#[multiversion::multiversion(targets("x86_64+avx512f+avx512bw+avx512dq+avx512vl", "x86_64+avx2"))]
fn draw_lots(luck: &Luck, key: u64, lots: &mut Lots) {
    let uniforms = |purpose, when, out: &mut [f64]| {
        let draws = luck.draws(purpose, key, when);
        for (n, draw) in out.iter_mut().enumerate() {
            *draw = draws.uniform(lots.first.wrapping_add(n as u64));
        }
    };
    uniforms(Purpose::Threshold, 1, &mut lots.thresholds);
    uniforms(Purpose::Lottery, 1, &mut lots.which);
    uniforms(Purpose::Lottery, 2, &mut lots.whither);
    for threshold in &mut lots.thresholds {
        *threshold = -math::ln_of_normal(*threshold);
    }
}
