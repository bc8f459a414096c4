//! Persons whose rows are left out at their own request: known by a keyed hash of their NIK alone.

use crate::read::{Kind, RawRow};
use crate::standardise::text::nfkc;
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::collections::BTreeSet;

/// Bytes that SHA-256 takes at a time.
const BLOCK: usize = 64;

/// HMAC-SHA256 (RFC 2104) with one key, the two halves of which are hashed once.
#[derive(Clone)]
pub struct Hmac {
    inner: Sha256,
    outer: Sha256,
}

impl Hmac {
    /// With this key.
    pub fn new(key: &[u8]) -> Self {
        let mut block = [0u8; BLOCK];
        if key.len() > BLOCK {
            block[..32].copy_from_slice(&Sha256::digest(key));
        } else {
            block[..key.len()].copy_from_slice(key);
        }
        let started = |pad: u8| {
            let mut hasher = Sha256::new();
            hasher.update(block.map(|byte| byte ^ pad));
            hasher
        };
        Self {
            inner: started(0x36),
            outer: started(0x5c),
        }
    }

    /// The code of a message.
    pub fn of(&self, message: &[u8]) -> [u8; 32] {
        let mut inner = self.inner.clone();
        inner.update(message);
        let mut outer = self.outer.clone();
        outer.update(inner.finalize());
        outer.finalize().into()
    }
}

/// Persons whose rows are left out. Whoever has only this cannot tell who they are without trying every NIK there can be.
#[derive(Clone)]
pub struct Erased {
    hmac: Hmac,
    persons: BTreeSet<[u8; 32]>,
}

impl std::fmt::Debug for Erased {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Erased({})", self.persons.len())
    }
}

impl Erased {
    /// Persons by the codes of their NIK.
    pub fn new(hmac: Hmac, persons: BTreeSet<[u8; 32]>) -> Self {
        Self { hmac, persons }
    }

    /// Is nobody left out?
    pub fn is_empty(&self) -> bool {
        self.persons.is_empty()
    }

    /// The codes, in order.
    pub fn persons(&self) -> impl Iterator<Item = &[u8; 32]> {
        self.persons.iter()
    }

    /// Does a row name one of them in any cell?
    pub fn is_in_row(&self, row: &RawRow) -> bool {
        (0..row.len()).any(|cell| match row.kind(cell) {
            Kind::Number(value) | Kind::Date(value) => self.is_in_text(&format!("{value:.0}")),
            _ => self.is_in_text(row.cell(cell)),
        })
    }

    /// Does a text name one of them: sixteen digits in a row, or with blanks, dots, dashes and quotes among them?
    pub fn is_in_text(&self, text: &str) -> bool {
        if text.len() < 16 {
            return false;
        }
        let text: Cow<'_, str> = if text.is_ascii() {
            Cow::Borrowed(text)
        } else {
            nfkc(text)
        };
        let (mut close, mut joined) = (Run::default(), Run::default());
        for letter in text.chars() {
            if let Some(digit) = u8::try_from(letter).ok().filter(u8::is_ascii_digit) {
                close.push(digit);
                joined.push(digit);
                continue;
            }
            let may_part = letter.is_whitespace() || !letter.is_alphanumeric() && !matches!(letter, '|' | ';' | ',');
            if self.knows(&close) || (!may_part && self.knows(&joined)) {
                return true;
            }
            close = Run::default();
            if !may_part {
                joined = Run::default();
            }
        }
        self.knows(&close) || self.knows(&joined)
    }

    fn knows(&self, run: &Run) -> bool {
        run.length == 16 && self.persons.contains(&self.hmac.of(&run.digits))
    }
}

/// Digits in a row; only sixteen of them matter.
#[derive(Default)]
struct Run {
    digits: [u8; 16],
    length: usize,
}

impl Run {
    fn push(&mut self, digit: u8) {
        if let Some(place) = self.digits.get_mut(self.length) {
            *place = digit;
        }
        self.length = self.length.saturating_add(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::hex;

    #[test]
    fn codes_are_those_of_rfc_4231() {
        let short = Hmac::new(&[0x0b; 20]).of(b"Hi There");
        assert_eq!(
            hex(&short),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
        );
        let long = Hmac::new(&[0xaa; 131]).of(b"Test Using Larger Than Block-Size Key - Hash Key First");
        assert_eq!(
            hex(&long),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        );
    }

    fn erased() -> Erased {
        let hmac = Hmac::new(b"key");
        let persons = BTreeSet::from([hmac.of(b"3503114203850001")]);
        Erased::new(hmac, persons)
    }

    #[test]
    fn a_person_is_found_however_the_number_is_written() {
        for text in [
            "3503114203850001",
            "'3503114203850001",
            "3503.1142.0385.0001",
            "3503 1142 0385 0001",
            "3503114203850001.0",
            "NIK: 3503114203850001 a.n. X",
            "1;3503114203850001;SITI",
            "17 | 3503114203850001 | X",
            "３５０３１１４２０３８５０００１",
            "No 1 3503114203850001",
        ] {
            assert!(erased().is_in_text(text), "{text}");
        }
        for text in [
            "3503114203850002",
            "35031142038500010",
            "13503114203850001",
            "350311420385",
            "",
            "SITI",
        ] {
            assert!(!erased().is_in_text(text), "{text}");
        }
    }

    #[test]
    fn a_number_cell_is_its_value() {
        let mut row = RawRow::new();
        row.push("SITI", Kind::Text);
        row.push("3.503114203850001E15", Kind::Number(3_503_114_203_850_001.0));
        assert!(erased().is_in_row(&row));
        row.clear();
        row.push("SITI", Kind::Text);
        assert!(!erased().is_in_row(&row));
    }
}
