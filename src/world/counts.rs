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

    /// The counts of every population, in order.
    pub fn by_population(&self) -> impl Iterator<Item = &[T]> {
        self.0.iter().map(Vec::as_slice)
    }

    /// What all populations count at something, of both claims.
    pub fn of_all(&self, of: usize) -> T {
        self.0.iter().flat_map(|own| own[of * 2..][..2].iter().copied()).sum()
    }

    /// Every count with its place: by population, then position.
    pub fn iter(&self) -> impl Iterator<Item = ((usize, usize), T)> {
        self.0.iter().enumerate().flat_map(|(population, own)| {
            own.iter().enumerate().map(move |(at, &count)| ((population, at), count))
        })
    }

    /// Whether both count the same things of the same populations.
    pub fn alike(&self, other: &Self) -> bool {
        self.0.iter().map(Vec::len).eq(other.0.iter().map(Vec::len))
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
