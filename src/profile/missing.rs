//! How missing cells go together.

use super::report::MissingPair;

/// Pairs weaker than this are not told.
const WEAKEST: f64 = 0.1;
/// Pairs beyond this are not told.
const LISTED: usize = 200;

/// Phi of each pair of columns. `patterns` says for each combination (`1` missing) in how many rows it stands.
pub fn pairs(names: &[&str], patterns: &[(String, u64)]) -> Vec<MissingPair> {
    let width = names.len();
    let mut alone = vec![0u64; width];
    let mut together = vec![0u64; width * width];
    let mut rows = 0;
    for (pattern, count) in patterns {
        rows += count;
        let missing: Vec<usize> = pattern
            .bytes()
            .enumerate()
            .filter_map(|(index, flag)| (flag == b'1' && index < width).then_some(index))
            .collect();
        for (position, first) in missing.iter().enumerate() {
            alone[*first] += count;
            for second in &missing[position + 1..] {
                together[first * width + second] += count;
            }
        }
    }
    let mut found = Vec::new();
    for first in 0..width {
        for second in first + 1..width {
            let both = together[first * width + second];
            let phi = phi(rows, alone[first], alone[second], both);
            if phi.abs() >= WEAKEST {
                found.push(MissingPair {
                    kolom_a: names[first].to_owned(),
                    kolom_b: names[second].to_owned(),
                    phi: (phi * 1e4).round() / 1e4,
                    kosong_bersama: both,
                });
            }
        }
    }
    // The sort is stable: equal ones stay in the order of the columns.
    found.sort_by(|left, right| right.phi.abs().total_cmp(&left.phi.abs()));
    found.truncate(LISTED);
    found
}

fn phi(rows: u64, first: u64, second: u64, both: u64) -> f64 {
    let (rows, first, second, both) = (rows as f64, first as f64, second as f64, both as f64);
    let spread = first * (rows - first) * second * (rows - second);
    if spread <= 0.0 {
        0.0
    } else {
        (rows * both - first * second) / spread.sqrt()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(patterns: &[(&str, u64)]) -> Vec<(String, u64)> {
        patterns
            .iter()
            .map(|(text, count)| ((*text).to_owned(), *count))
            .collect()
    }

    #[test]
    fn together_is_one_and_in_place_of_each_other_minus_one() {
        let pairs = pairs(&["a", "b", "c"], &counted(&[("110", 2), ("001", 2)]));
        let phis: Vec<(&str, &str, f64)> = pairs
            .iter()
            .map(|pair| (pair.kolom_a.as_str(), pair.kolom_b.as_str(), pair.phi))
            .collect();
        assert_eq!(phis, [("a", "b", 1.0), ("a", "c", -1.0), ("b", "c", -1.0)]);
        assert_eq!(pairs[0].kosong_bersama, 2);
    }

    #[test]
    fn phi_is_the_correlation_of_the_two_flags() {
        // 10 rows: a missing in 4, b in 5, both in 3: (10*3 - 4*5) / sqrt(4*6*5*5) = 0.4082.
        let pairs = pairs(&["a", "b"], &counted(&[("11", 3), ("10", 1), ("01", 2), ("00", 4)]));
        assert!((pairs[0].phi - 0.4082).abs() < 1e-9, "{pairs:?}");
    }
}
