//! A column in which few words stand again and again: each word once, and which of them stands in each row.

use super::recall::Recall;
use std::borrow::Cow;
use std::collections::HashMap;

/// Words, and the one of each row.
#[derive(Debug, Default, Clone)]
pub struct WordColumn<'w> {
    /// The words; one may stand here more than once.
    pub words: Vec<Cow<'w, str>>,
    /// The word of each row, by its position in `words`.
    pub rows: Vec<Option<u32>>,
}

impl<'w> WordColumn<'w> {
    /// A column for so many rows, still without any.
    pub fn with_capacity(rows: usize) -> Self {
        Self {
            words: Vec::new(),
            rows: Vec::with_capacity(rows),
        }
    }

    /// The same word in every row.
    pub fn constant(word: Option<&'w str>, rows: usize) -> Self {
        Self {
            words: word.into_iter().map(Cow::Borrowed).collect(),
            rows: vec![word.map(|_| 0); rows],
        }
    }

    /// The position of a new word.
    pub fn word(&mut self, word: Cow<'w, str>) -> u32 {
        self.words.push(word);
        u32::try_from(self.words.len() - 1).unwrap_or(u32::MAX)
    }

    /// The position of one of a handful of words.
    pub fn known_word(&mut self, word: &'w str) -> u32 {
        let known = self.words.iter().position(|known| known == word);
        known.map_or_else(|| self.word(Cow::Borrowed(word)), |known| known as u32)
    }

    /// Each word once, and where in these the words stand.
    pub fn distinct(&self) -> (Vec<&str>, Vec<u32>) {
        let mut known: HashMap<&str, u32> = HashMap::with_capacity(self.words.len());
        let mut distinct = Vec::with_capacity(self.words.len());
        let mut positions = Vec::with_capacity(self.words.len());
        for word in &self.words {
            positions.push(*known.entry(word).or_insert_with(|| {
                distinct.push(&**word);
                (distinct.len() - 1) as u32
            }));
        }
        (distinct, positions)
    }

    /// The words row by row.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Option<&str>> {
        self.rows.iter().map(|row| Some(&**self.words.get((*row)? as usize)?))
    }

    /// Reads each cell as text by `read`, which is asked once for cells that stand again and again.
    pub fn read<'c: 'w>(
        cells: impl ExactSizeIterator<Item = &'c str>,
        read: impl Fn(&'c str) -> Option<Cow<'w, str>>,
    ) -> Self {
        let mut column = Self::with_capacity(cells.len());
        let mut recall = Recall::new();
        for cell in cells {
            let told = recall.of(cell, |_| read(cell).map(|word| column.word(word)));
            column.rows.push(told);
        }
        column
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_keep_their_words() {
        let cells = ["b", "a", "", "b"];
        let column = WordColumn::read(cells.into_iter(), |cell| {
            (!cell.is_empty()).then_some(Cow::Borrowed(cell))
        });
        assert_eq!(
            column.iter().collect::<Vec<_>>(),
            [Some("b"), Some("a"), None, Some("b")]
        );
        assert_eq!(column.words.len(), 2);
        let twice = WordColumn {
            words: vec!["a".into(), "b".into(), "a".into()],
            rows: vec![Some(2), None, Some(1)],
        };
        assert_eq!(twice.distinct(), (vec!["a", "b"], vec![0, 1, 0]));
        let constant = WordColumn::constant(Some("x"), 2);
        assert_eq!(constant.iter().collect::<Vec<_>>(), [Some("x"), Some("x")]);
        assert_eq!(WordColumn::constant(None, 1).iter().collect::<Vec<_>>(), [None]);
    }
}
