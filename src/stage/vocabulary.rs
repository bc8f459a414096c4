//! The different values of the columns of few words, told while they are staged: the loader makes types of them, and need not
//! read the rows for it.

use polars::prelude::{Column, DataFrame, DataType};
use std::collections::{BTreeMap, BTreeSet};

/// More different values than this are no words: the loader makes no type of them.
pub const MOST_WORDS: usize = 50_000;

/// The words of each column of a staged table; `None` for a column with too many of them to be told.
#[derive(Debug, Default)]
pub struct Vocabulary {
    by_column: BTreeMap<String, Option<BTreeSet<String>>>,
}

impl Vocabulary {
    /// Takes the words of these columns of a batch.
    pub fn note(&mut self, frame: &DataFrame, columns: &[String]) {
        for name in columns {
            let Ok(column) = frame.column(name) else { continue };
            if column.null_count() == column.len() {
                continue;
            }
            let known = self
                .by_column
                .entry(name.clone())
                .or_insert_with(|| Some(BTreeSet::new()));
            match (words_of(column), known.as_mut()) {
                (Some(words), Some(known)) => {
                    for word in words {
                        if !known.contains(word) {
                            known.insert(word.to_owned());
                        }
                    }
                }
                _ => *known = None,
            }
            if known.as_ref().is_some_and(|known| known.len() > MOST_WORDS) {
                *known = None;
            }
        }
    }

    /// The words by column, in the order of text.
    pub fn into_words(self) -> BTreeMap<String, Option<Vec<String>>> {
        let sorted = |known: Option<BTreeSet<String>>| known.map(|words| words.into_iter().collect());
        self.by_column
            .into_iter()
            .map(|(name, known)| (name, sorted(known)))
            .collect()
    }
}

/// The dictionary of a column that has one.
fn words_of(column: &Column) -> Option<impl Iterator<Item = &str>> {
    match column.dtype() {
        DataType::Enum(categories, _) => Some(categories.categories().values_iter()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stage::frame::{Columns, texts, words};
    use crate::standardise::WordColumn;
    use std::borrow::Cow;

    fn frame(cells: &[&'static str], plain: &[Option<&'static str>]) -> DataFrame {
        let mut columns = Columns::default();
        let told = WordColumn::read(cells.iter().copied(), |cell| Some(Cow::Borrowed(cell)));
        words(&mut columns, "few", &told);
        texts(&mut columns, "many", plain.iter().copied());
        let columns = ["few", "many"].map(|name| columns.get(name).unwrap().clone());
        DataFrame::new(cells.len(), columns.to_vec()).unwrap()
    }

    #[test]
    fn words_of_all_batches_are_told_in_order() {
        let names = ["few".to_owned(), "many".to_owned(), "absent".to_owned()];
        let mut vocabulary = Vocabulary::default();
        vocabulary.note(&frame(&["b", "a", "b"], &[None, None, None]), &names);
        vocabulary.note(&frame(&["c", "a"], &[Some("x"), None]), &names);
        let told = vocabulary.into_words();
        assert_eq!(told["few"], Some(["a", "b", "c"].map(str::to_owned).to_vec()));
        assert_eq!(told["many"], None, "a column of plain text does not tell its words");
        assert!(!told.contains_key("absent"));
    }
}
