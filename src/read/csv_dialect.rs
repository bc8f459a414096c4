//! How a CSV was written: its encoding and its delimiter, told from the first 64 KB.

use std::borrow::Cow;

use encoding_rs::WINDOWS_1252;

/// How the bytes of a CSV are to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, with or without a byte order mark.
    Utf8,
    /// UTF-16, low byte first.
    Utf16Le,
    /// UTF-16, high byte first.
    Utf16Be,
    /// At least one record was no UTF-8 and was read as Windows-1252.
    Windows1252,
}

impl std::fmt::Display for Encoding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Utf8 => "UTF-8",
            Self::Utf16Le => "UTF-16LE",
            Self::Utf16Be => "UTF-16BE",
            Self::Windows1252 => "Windows-1252",
        })
    }
}

/// The encoding that the first bytes show, and how many of them are a byte order mark.
pub(super) fn encoding_of(head: &[u8]) -> (Encoding, usize) {
    match head {
        [0xEF, 0xBB, 0xBF, ..] => (Encoding::Utf8, 3),
        [0xFF, 0xFE, ..] => (Encoding::Utf16Le, 2),
        [0xFE, 0xFF, ..] => (Encoding::Utf16Be, 2),
        _ => (utf16_by_pattern(head).unwrap_or(Encoding::Utf8), 0),
    }
}

/// Text of Indonesian lists is nearly all Latin, so in UTF-16 every second byte is zero, and only there.
fn utf16_by_pattern(head: &[u8]) -> Option<Encoding> {
    let pairs = head.len() / 2;
    if pairs < 2 {
        return None;
    }
    let (mut high_first, mut low_first) = (0, 0);
    for pair in head.chunks_exact(2) {
        high_first += usize::from(pair[0] == 0 && pair[1] != 0);
        low_first += usize::from(pair[1] == 0 && pair[0] != 0);
    }
    if low_first * 10 >= pairs * 8 && high_first * 50 <= pairs {
        return Some(Encoding::Utf16Le);
    }
    (high_first * 10 >= pairs * 8 && low_first * 50 <= pairs).then_some(Encoding::Utf16Be)
}

const DELIMITERS: [u8; 4] = *b";,\t|";
const LINES_LOOKED_AT: usize = 300;

/// The delimiter that the most lines agree on from the header line down.
///
/// Titles may stand above the header, so for each candidate the lines before the first one with the usual count
/// are left out; many columns weigh more than few.
pub(super) fn delimiter_of(text: &[u8], complete: bool) -> u8 {
    let mut lines: Vec<&[u8]> = text
        .split(|&b| b == b'\n' || b == b'\r')
        .filter(|line| !line.trim_ascii().is_empty())
        .collect();
    if !complete && lines.len() > 1 {
        lines.pop();
    }
    lines.truncate(LINES_LOOKED_AT);
    if let Some(told) = lines.first().and_then(|line| told_by_sep_line(line)) {
        return told;
    }
    let mut best = (b',', 0.0);
    for delimiter in DELIMITERS {
        let counts: Vec<usize> = lines.iter().map(|line| count_outside_quotes(line, delimiter)).collect();
        let score = agreement(&counts);
        if score > best.1 {
            best = (delimiter, score);
        }
    }
    best.0
}

/// Excel's own `sep=;` above the header.
fn told_by_sep_line(line: &[u8]) -> Option<u8> {
    let rest = line.trim_ascii_start();
    if !rest.get(..4)?.eq_ignore_ascii_case(b"sep=") {
        return None;
    }
    let delimiter = *rest.get(4)?;
    (rest.len() == 5 && DELIMITERS.contains(&delimiter)).then_some(delimiter)
}

fn count_outside_quotes(line: &[u8], delimiter: u8) -> usize {
    let mut quoted = false;
    let mut count = 0;
    for &byte in line {
        quoted ^= byte == b'"';
        count += usize::from(byte == delimiter && !quoted);
    }
    count
}

fn agreement(counts: &[usize]) -> f64 {
    let mut best = 0.0_f64;
    let mut tried: Vec<usize> = Vec::new();
    for (first, &usual) in counts.iter().enumerate() {
        if usual == 0 || tried.contains(&usual) {
            continue;
        }
        tried.push(usual);
        let from_there = &counts[first..];
        let agree = from_there.iter().filter(|&&count| count == usual).count();
        let share = small(agree) / small(from_there.len());
        // A candidate that only the very last lines share says little about the table above them.
        let coverage = small(from_there.len()) / small(counts.len());
        best = best.max(share * share * coverage.sqrt() * (1.0 + small(usual)).ln());
    }
    best
}

fn small(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

/// A record as text: what is no UTF-8 is taken for Windows-1252.
pub(super) fn decode(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => WINDOWS_1252.decode_without_bom_handling(bytes).0,
    }
}

/// Whether it was no UTF-8: every foreign byte becomes longer.
pub(super) fn is_decoded(text: &str, bytes: &[u8]) -> bool {
    text.len() != bytes.len()
}

/// At most `most` bytes of text; a character cut in half at the end does not make it Windows-1252.
pub(super) fn capped(bytes: &[u8], most: usize) -> String {
    let cut = match std::str::from_utf8(bytes) {
        Err(error) if error.error_len().is_none() => &bytes[..error.valid_up_to()],
        _ => bytes,
    };
    let mut text = decode(cut).into_owned();
    let end = text.floor_char_boundary(most);
    text.truncate(end);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn delimiter(text: &str) -> char {
        char::from(delimiter_of(text.as_bytes(), true))
    }

    #[test]
    fn each_delimiter_is_told() {
        for d in [',', ';', '|', '\t'] {
            let text = "no,nama,nik\n1,SITI,3503\n2,BUDI,3503\n".replace(',', &d.to_string());
            assert_eq!(delimiter(&text), d);
        }
        assert_eq!(delimiter("nama\nSITI\n"), ',');
        assert_eq!(delimiter(""), ',');
    }

    #[test]
    fn commas_in_addresses_and_titles_do_not_win() {
        let text = "DAFTAR PENERIMA, KABUPATEN TRENGGALEK\n\nno;nama;alamat;rt;rw\n\
                    1;SITI;JL. MAWAR, RT 1;1;2\n2;BUDI;JL. MELATI, RT 2;1;2\n";
        assert_eq!(delimiter(text), ';');
        assert_eq!(
            delimiter("nama;alamat\nSITI;JL. MAWAR, RT 1\nBUDI;JL. MELATI, RT 2\n"),
            ';'
        );
        assert_eq!(delimiter("nama,catatan\nSITI,\"a;b;c;d\"\nBUDI,\"a;b;c;d\"\n"), ',');
        assert_eq!(delimiter("sep=;\na,b,c;d\n"), ';');
    }

    #[test]
    fn encodings_are_told_with_and_without_mark() {
        assert_eq!(encoding_of(b"\xEF\xBB\xBFnama"), (Encoding::Utf8, 3));
        assert_eq!(encoding_of(b"\xFF\xFEn\0"), (Encoding::Utf16Le, 2));
        assert_eq!(encoding_of(b"\xFE\xFF\0n"), (Encoding::Utf16Be, 2));
        assert_eq!(encoding_of(b"n\0a\0m\0a\0"), (Encoding::Utf16Le, 0));
        assert_eq!(encoding_of(b"\0n\0a\0m\0a"), (Encoding::Utf16Be, 0));
        assert_eq!(encoding_of(b"nama,\0\0\0\0"), (Encoding::Utf8, 0));
        assert_eq!(encoding_of(b""), (Encoding::Utf8, 0));
    }
}
