//! Counts that every population keeps of its own people.
//!
//! What happens to people of one population changes its own counts alone, so that populations can be simulated apart;
//! and what is counted of one lies together in memory.

use serde::{Deserialize, Serialize};
use std::iter::Sum;
use std::ops::{Index, IndexMut};

/// Counts by population, and within each by something else (a cell; a flow and a place), then by claim: 0 not
/// well-founded, 1 well-founded. The place of a count is its population, and its position there: twice that of the
/// something else, and the claim.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Counts<T>(Vec<Vec<T>>);

/// Position in the counts of a population.
#[inline]
pub fn position(of: usize, well_founded: bool) -> usize {
    of * 2 + usize::from(well_founded)
}

/// What is counted at a position, and of which claim.
#[inline]
pub fn at_position(at: usize) -> (usize, bool) {
    (at / 2, at % 2 == 1)
}

/// What a count is of. In the order of tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Counted {
    /// The cell, or the flow and place.
    pub of: usize,
    /// The population.
    pub population: usize,
    /// Whether their claims are well-founded.
    pub well_founded: bool,
}

impl<T: Copy + Default + Sum> Counts<T> {
    /// Nothing counted yet, of so many populations, each by so many things.
    pub fn new(populations: usize, things: usize) -> Self {
        Self(vec![vec![T::default(); things * 2]; populations])
    }

    /// The counts of a population.
    #[inline]
    pub fn own(&self, population: usize) -> &[T] {
        &self.0[population]
    }

    /// The same, to be changed.
    #[inline]
    pub fn own_mut(&mut self, population: usize) -> &mut [T] {
        &mut self.0[population]
    }

    /// What a population counts of something, of both claims.
    pub fn of(&self, population: usize, of: usize) -> T {
        self.0[population][position(of, false)..=position(of, true)].iter().copied().sum()
    }

    /// What all populations count of something, of both claims.
    pub fn of_all(&self, of: usize) -> T {
        (0..self.0.len()).map(|population| self.of(population, of)).sum()
    }

    /// Every count, by population.
    pub fn iter(&self) -> impl Iterator<Item = (Counted, T)> {
        self.0.iter().enumerate().flat_map(|(population, own)| {
            own.iter().enumerate().map(move |(at, &count)| {
                let (of, well_founded) = at_position(at);
                (Counted { of, population, well_founded }, count)
            })
        })
    }

    /// Whether this counts so many things of so many populations.
    pub fn fits(&self, populations: usize, things: usize) -> bool {
        self.0.len() == populations && self.0.iter().all(|own| own.len() == things * 2)
    }

    /// Exchange what is counted of a population.
    pub fn exchange(&mut self, other: &mut Self, population: usize) {
        std::mem::swap(&mut self.0[population], &mut other.0[population]);
    }
}

impl<T> Index<(usize, usize)> for Counts<T> {
    type Output = T;
    #[inline]
    fn index(&self, (population, at): (usize, usize)) -> &T {
        &self.0[population][at]
    }
}

impl<T> IndexMut<(usize, usize)> for Counts<T> {
    #[inline]
    fn index_mut(&mut self, (population, at): (usize, usize)) -> &mut T {
        &mut self.0[population][at]
    }
}
