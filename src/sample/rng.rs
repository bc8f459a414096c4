//! A small generator of pseudo-random numbers that never changes.
//!
//! The committed sample is compared byte by byte, so the sequence may not depend on the release of a crate.
//! It is `SplitMix64` (Steele, Lea, Flood 2014), seeded from a list of parts: every household, line and list
//! has a stream of its own, and any of them can be made again without the ones before it.

/// One stream of pseudo-random numbers.
pub struct Rng(u64);

impl Rng {
    /// The stream that belongs to these parts, in this order.
    pub fn new(parts: &[u64]) -> Self {
        let mut state = 0x243f_6a88_85a3_08d3_u64;
        for part in parts {
            state = mix(state ^ part.wrapping_mul(0x9e37_79b9_7f4a_7c15)).wrapping_add(*part);
        }
        Self(state)
    }

    /// The next 64 bits.
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.0)
    }

    /// A number below `bound`; 0 when `bound` is 0.
    pub fn below(&mut self, bound: u32) -> u32 {
        let wide = (self.next() >> 32) * u64::from(bound);
        (wide >> 32) as u32
    }

    /// A number from `low` to `high`, both included.
    pub fn between(&mut self, low: i32, high: i32) -> i32 {
        let span = u32::try_from(high - low + 1).unwrap_or(0);
        low + i32::try_from(self.below(span)).unwrap_or(0)
    }

    /// True at a rate given in parts of one (0.01 is one in a hundred).
    pub fn chance(&mut self, rate: f64) -> bool {
        let unit = f64::from((self.next() >> 40) as u32) / f64::from(1_u32 << 24);
        unit < rate
    }

    /// One of the items; the slice must not be empty.
    pub fn pick<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.below(u32::try_from(items.len()).unwrap_or(u32::MAX)) as usize]
    }
}

fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sequence_never_changes() {
        let mut rng = Rng::new(&[3503, 1, 7]);
        let first: Vec<u32> = (0..6).map(|_| rng.below(1000)).collect();
        let mut again = Rng::new(&[3503, 1, 7]);
        assert_eq!(first, (0..6).map(|_| again.below(1000)).collect::<Vec<_>>());
        assert_ne!(Rng::new(&[1, 2]).next(), Rng::new(&[2, 1]).next());
    }

    #[test]
    fn numbers_stay_in_their_bounds() {
        let mut rng = Rng::new(&[1]);
        assert!((0..2000).all(|_| rng.below(7) < 7 && (-2..=3).contains(&rng.between(-2, 3))));
        assert_eq!(rng.below(0), 0);
    }
}
