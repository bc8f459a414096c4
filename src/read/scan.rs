//! Finds bytes that stand close together, as delimiters do: a search routine that is made for long distances spends most
//! of its time on being called.

/// So many bytes are compared at a time, as one number.
const STEP: usize = 8;
const ONES: u64 = u64::from_ne_bytes([1; STEP]);
const LOW_BITS: u64 = u64::from_ne_bytes([0x7f; STEP]);

/// Calls `found` with the position of each such byte, from the left.
pub(super) fn each(bytes: &[u8], byte: u8, mut found: impl FnMut(usize)) {
    walk(
        bytes,
        |number| mark(number, byte),
        |at| {
            found(at);
            true
        },
    );
}

/// Calls `found` with the position of each byte that is one of the two, from the left, until it says false; true where it
/// never did.
pub(super) fn each_of(bytes: &[u8], one: u8, other: u8, found: impl FnMut(usize) -> bool) -> bool {
    walk(bytes, |number| mark(number, one) | mark(number, other), found)
}

fn walk(bytes: &[u8], marks: impl Fn(u64) -> u64, mut found: impl FnMut(usize) -> bool) -> bool {
    let (steps, rest) = bytes.as_chunks::<STEP>();
    let mut last = [0; STEP];
    last[..rest.len()].copy_from_slice(rest);
    let there = (1_u64 << (8 * rest.len())) - 1;
    let mut from = 0;
    let whole = steps.iter().map(|step| marks(u64::from_le_bytes(*step)));
    for mut marked in whole.chain(std::iter::once(marks(u64::from_le_bytes(last)) & there)) {
        while marked != 0 {
            if !found(from + marked.trailing_zeros() as usize / 8) {
                return false;
            }
            marked &= marked - 1;
        }
        from += STEP;
    }
    true
}

/// The highest bit of each byte of the number that is `byte`.
fn mark(number: u64, byte: u8) -> u64 {
    let differs = number ^ (ONES * u64::from(byte));
    !(((differs & LOW_BITS) + LOW_BITS) | differs | LOW_BITS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn all_are_found_in_order(bytes in proptest::collection::vec(b'a'..b'f', 0..100)) {
            let mut seen = Vec::new();
            let to_the_end = each_of(&bytes, b'b', b'd', |at| { seen.push(at); true });
            prop_assert!(to_the_end);
            let expected: Vec<usize> = (0..bytes.len()).filter(|at| matches!(bytes[*at], b'b' | b'd')).collect();
            prop_assert_eq!(&seen, &expected);
            let mut count = 0;
            let stopped = each_of(&bytes, b'b', b'b', |_| { count += 1; count < 3 });
            let all = (0..bytes.len()).filter(|at| bytes[*at] == b'b');
            prop_assert_eq!(stopped, all.count() < 3);
        }
    }

    #[test]
    fn zeros_behind_the_end_are_none() {
        assert!(each_of(b"abc", 0, 0, |_| false));
        let mut seen = Vec::new();
        each(b"\x80;\0;;\xbb:;;", b';', |at| seen.push(at));
        assert_eq!(seen, [1, 3, 4, 7, 8]);
    }
}
