//! The Sobol sequence, any point of it at once.
//!
//! Crates looked at: `sobol` (last released in 2020) and `sobol-qmc` give points one after the other, so that a run
//! in the middle of a design would have to draw all before it; `sobol_burley` gives any point, but 65,536 at most and
//! in single precision. The sequence is thirty lines; what is hard about it are the direction numbers, which are those
//! of Joe and Kuo (2008).

use std::sync::OnceLock;

/// Most dimensions.
pub const MOST_DIMENSIONS: usize = 128;

/// Bits of a coordinate, and so the longest sequence.
const BITS: usize = 32;

/// Direction numbers by dimension, most significant bit first.
fn directions() -> &'static [[u32; BITS]] {
    static TABLE: OnceLock<Vec<[u32; BITS]>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut all = vec![std::array::from_fn(|bit| 1 << (BITS - 1 - bit))];
        let lines = include_str!("joe_kuo.txt").lines().filter(|line| !line.starts_with('#'));
        all.extend(lines.map(|line| {
            let mut numbers = line.split(' ').filter_map(|n| n.parse::<u32>().ok());
            let polynomial = numbers.next().unwrap_or(3);
            expand(polynomial, &numbers.collect::<Vec<u32>>())
        }));
        all
    })
}

/// The recurrence of direction numbers: with a polynomial of degree s and coefficients a,
/// vⱼ = a₁vⱼ₋₁ ⊕ a₂vⱼ₋₂ ⊕ … ⊕ vⱼ₋ₛ ⊕ (vⱼ₋ₛ >> s).
fn expand(polynomial: u32, initial: &[u32]) -> [u32; BITS] {
    let degree = initial.len();
    let mut v = [0; BITS];
    for bit in 0..BITS {
        v[bit] = if bit < degree {
            initial[bit] << (BITS - 1 - bit)
        } else {
            let mut next = v[bit - degree] ^ (v[bit - degree] >> degree);
            for k in 1..degree {
                if (polynomial >> (degree - k)) & 1 == 1 {
                    next ^= v[bit - k];
                }
            }
            next
        };
    }
    v
}

/// The bits of a coordinate of a point, both counted from 0: the point's own bits choose direction numbers.
pub fn bits(point: u32, dimension: usize) -> u32 {
    let v = &directions()[dimension];
    (0..BITS).filter(|bit| (point >> bit) & 1 == 1).fold(0, |x, bit| x ^ v[bit])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first eight points of the first five dimensions, in the order of the index, as scipy 1.17 gives them in the
    /// order of the Gray code.
    #[test]
    fn points_are_those_of_an_independent_implementation() {
        let expected = [
            [0.0, 0.0, 0.0, 0.0, 0.0],
            [0.5, 0.5, 0.5, 0.5, 0.5],
            [0.75, 0.25, 0.25, 0.25, 0.75],
            [0.25, 0.75, 0.75, 0.75, 0.25],
            [0.375, 0.375, 0.625, 0.875, 0.375],
            [0.875, 0.875, 0.125, 0.375, 0.875],
            [0.625, 0.125, 0.875, 0.625, 0.625],
            [0.125, 0.625, 0.375, 0.125, 0.125],
        ];
        for (n, row) in (0u32..).zip(expected) {
            let gray = n ^ (n >> 1);
            for (dimension, x) in row.into_iter().enumerate() {
                assert_eq!(f64::from(bits(gray, dimension)) / 4_294_967_296.0, x, "{n} {dimension}");
            }
        }
    }

    /// Of the first 2^k points, every coordinate has exactly one in each of 2^k equal parts.
    #[test]
    fn every_coordinate_is_stratified() {
        assert_eq!(directions().len(), MOST_DIMENSIONS);
        for dimension in 0..MOST_DIMENSIONS {
            let mut cells: Vec<u32> = (0..1024).map(|n| bits(n, dimension) >> 22).collect();
            cells.sort_unstable();
            assert!(cells.iter().copied().eq(0..1024), "{dimension}");
        }
    }
}
