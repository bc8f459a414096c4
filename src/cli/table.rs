//! Plain text tables.

pub use crate::laporan::thousands;

/// Columns are padded to their widest cell; those named in `right` are set to the right.
pub fn table(headings: &[&str], right: &[usize], rows: &[Vec<String>]) -> String {
    let width = |column: usize| {
        let cells = rows
            .iter()
            .filter_map(|row| row.get(column))
            .map(|cell| cell.chars().count());
        cells
            .chain(std::iter::once(headings[column].chars().count()))
            .max()
            .unwrap_or(0)
    };
    let widths: Vec<usize> = (0..headings.len()).map(width).collect();
    let line = |cells: &[String]| {
        let padded = cells.iter().enumerate().map(|(column, cell)| {
            let fill = " ".repeat(widths[column].saturating_sub(cell.chars().count()));
            if right.contains(&column) {
                format!("{fill}{cell}")
            } else {
                format!("{cell}{fill}")
            }
        });
        format!("  {}\n", padded.collect::<Vec<_>>().join("  ").trim_end())
    };
    let titles: Vec<String> = headings.iter().map(|heading| (*heading).to_owned()).collect();
    let mut text = line(&titles);
    text.extend(rows.iter().map(|row| line(row)));
    text
}

/// "1 row", "2 rows".
pub fn plural(count: usize, word: &str) -> String {
    format!("{count} {word}{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up() {
        let rows = vec![
            vec!["a".to_owned(), "1.000".to_owned()],
            vec!["long".to_owned(), "2".to_owned()],
        ];
        assert_eq!(
            table(&["name", "n"], &[1], &rows),
            "  name      n\n  a     1.000\n  long      2\n"
        );
    }
}
