//! Where a table is cut into stretches: by the beginning of an id, so that what stands in one place stays together.

use super::WarehouseError;
use super::engine::quote;
use super::order::PartsSheet;
use duckdb::{Connection, Row};
use std::collections::{BTreeMap, BTreeSet};

/// Signs of an id that tell its place: those of a desa.
const BEGINNING: usize = 10;

/// From this text on, up to the next: `None` is from the least, up to the greatest.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Stretch {
    from: Option<String>,
    until: Option<String>,
    /// Are there rows without a value? They come last in the order.
    and_empty: bool,
    /// How far its rows reach in other columns.
    reaches: BTreeMap<String, Reach>,
}

/// The least and the greatest value of a column, and whether the table has rows without one.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Reach {
    ends: Option<(String, String)>,
    and_empty: bool,
}

impl Stretch {
    /// Its rows, as a condition on the table that is cut by `column`.
    ///
    /// How far they reach in other columns adds nothing, but lets the engine pass by what lies elsewhere: of the column that cuts,
    /// the few ids of another kind, which lie everywhere, hide where the rest lies. Where there are rows without a value there, it
    /// is not told: to look for these by themselves would put them behind all others, out of the order of the table.
    pub fn rows(&self, column: &str) -> String {
        let mut terms = self.ends(column);
        if self.and_empty && !terms.is_empty() {
            terms = vec![format!("({} OR {column} IS NULL)", terms.join(" AND "))];
        }
        if !self.reaches.values().any(|reach| reach.and_empty) {
            terms.extend(self.reaches.iter().filter_map(|(column, reach)| reach.within(column)));
        }
        all(&terms)
    }

    /// The rows of another table that may be joined to it by this column, as a condition; `by` is the column that cuts.
    ///
    /// Where it is that one, both tables are told the same: the engine takes the table with more conditions for the smaller one, and
    /// would make it the one that is looked up in, whose rows lose their order.
    pub fn near(&self, column: &str, by: &str) -> String {
        if column == by {
            return all(&self.ends(column));
        }
        let reach = self.reaches.get(column);
        reach
            .and_then(|reach| reach.within(column))
            .unwrap_or_else(|| "false".to_owned())
    }

    /// The rows of another table that this column puts into the stretch, as a condition; those without a value are in the last.
    pub fn within(&self, column: &str) -> String {
        let ends = self.ends(column);
        if self.until.is_none() && !ends.is_empty() {
            return format!("({} OR {column} IS NULL)", all(&ends));
        }
        all(&ends)
    }

    /// Has it rows whose value of this other column puts them elsewhere?
    pub fn reaches_beyond(&self, column: &str) -> bool {
        let ends = self.reaches.get(column).and_then(|reach| reach.ends.as_ref());
        ends.is_some_and(|(least, greatest)| {
            self.from.as_ref().is_some_and(|from| least < from)
                || self.until.as_ref().is_some_and(|until| greatest >= until)
        })
    }

    fn ends(&self, column: &str) -> Vec<String> {
        let from = self.from.as_ref().map(|from| format!("{column} >= {}", quote(from)));
        let until = self.until.as_ref().map(|until| format!("{column} < {}", quote(until)));
        from.into_iter().chain(until).collect()
    }
}

fn all(terms: &[String]) -> String {
    if terms.is_empty() {
        "true".to_owned()
    } else {
        terms.join(" AND ")
    }
}

impl Reach {
    fn within(&self, column: &str) -> Option<String> {
        let (least, greatest) = self.ends.as_ref()?;
        Some(format!("{column} BETWEEN {} AND {}", quote(least), quote(greatest)))
    }
}

/// How tables have been cut that all models see alike: counting the rows of a large one takes 2 s of a province.
#[derive(Default)]
pub(super) struct Cuts(Vec<Cut>);

struct Cut {
    of: String,
    by: String,
    most: u64,
    stretches: Vec<Stretch>,
}

impl Cuts {
    /// Stretches of about `most` rows; what begins alike stays together. Those that were found before, where they know how far they
    /// reach in all columns that the sheet asks for.
    ///
    /// # Errors
    /// [`WarehouseError::Engine`] where the table cannot be read.
    pub fn of(
        &mut self,
        connection: &Connection,
        model: &str,
        sheet: &PartsSheet,
        most: u64,
    ) -> Result<Vec<Stretch>, WarehouseError> {
        let near: BTreeSet<&String> = sheet.near.values().filter(|column| **column != sheet.by).collect();
        let near: Vec<&String> = near.into_iter().collect();
        let knows = |stretch: &Stretch| near.iter().all(|column| stretch.reaches.contains_key(*column));
        let mut known = self.0.iter();
        let known = known.find(|cut| {
            (&cut.of, &cut.by, cut.most) == (&sheet.of, &sheet.by, most) && cut.stretches.iter().all(knows)
        });
        if let Some(cut) = known {
            return Ok(cut.stretches.clone());
        }
        let fail = || WarehouseError::engine(format!("parts of `{model}`"));
        let mut statement = connection.prepare(&cuts(sheet, &near, most)).map_err(fail())?;
        let found: Vec<Stretch> = statement
            .query_map([], |row| begins(row, &near))
            .and_then(Iterator::collect)
            .map_err(fail())?;
        let stretches = one_after_the_other(found);
        self.0.push(Cut {
            of: sheet.of.clone(),
            by: sheet.by.clone(),
            most,
            stretches: stretches.clone(),
        });
        Ok(stretches)
    }
}

/// One row a stretch: where it begins, whether it has rows without a value, and its reaches. A beginning is in the stretch in which
/// its first row falls; rows without a value are in the last. Ids that begin with no digit lie before or behind the others of each
/// district, so that their stretch is sorted again; in one with others, all of its rows would be.
fn cuts(sheet: &PartsSheet, near: &[&String], most: u64) -> String {
    let (table, by) = (&sheet.of, &sheet.by);
    let (mut of_beginning, mut of_stretch) = (String::new(), String::new());
    for (number, column) in near.iter().enumerate() {
        of_beginning += &format!(
            ", min({column}) AS dari_{number}, max({column}) AS sampai_{number}, count(*) - count({column}) AS kosong_{number}"
        );
        of_stretch += &format!(
            ", CAST(min(dari_{number}) AS VARCHAR), CAST(max(sampai_{number}) AS VARCHAR), max(kosong_{number}) > 0"
        );
    }
    format!(
        "WITH awal AS (SELECT left({by}, {BEGINNING}) AS awal, count(*) AS baris{of_beginning} FROM {table} GROUP BY awal), \
         potongan AS (SELECT *, (sum(baris) OVER (ORDER BY awal ASC) - baris) // {most} \
         + CASE WHEN awal < '0' THEN 0 WHEN awal < ':' THEN 1 ELSE 2 END AS nomor FROM awal WHERE awal IS NOT NULL), \
         bagian AS (SELECT * FROM potongan UNION ALL SELECT *, coalesce((SELECT max(nomor) FROM potongan), 0) FROM awal \
         WHERE awal IS NULL) \
         SELECT min(awal), bool_or(awal IS NULL){of_stretch} FROM bagian GROUP BY nomor ORDER BY nomor"
    )
}

fn begins(row: &Row<'_>, near: &[&String]) -> duckdb::Result<Stretch> {
    let mut stretch = Stretch {
        from: row.get(0)?,
        and_empty: row.get(1)?,
        ..Stretch::default()
    };
    for (number, column) in near.iter().enumerate() {
        let at = 2 + 3 * number;
        let (least, greatest): (Option<String>, Option<String>) = (row.get(at)?, row.get(at + 1)?);
        let reach = Reach {
            ends: least.zip(greatest),
            and_empty: row.get(at + 2)?,
        };
        stretch.reaches.insert((*column).clone(), reach);
    }
    Ok(stretch)
}

/// Each ends where the next begins; the first begins with the least.
fn one_after_the_other(mut stretches: Vec<Stretch>) -> Vec<Stretch> {
    let ends: Vec<Option<String>> = stretches.iter().skip(1).map(|next| next.from.clone()).collect();
    for (stretch, end) in stretches.iter_mut().zip(ends) {
        stretch.until = end;
    }
    match stretches.first_mut() {
        Some(first) => first.from = None,
        None => stretches.push(Stretch::default()),
    }
    stretches
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(rows: &str, most: u64) -> Vec<Stretch> {
        let connection = Connection::open_in_memory().unwrap();
        let table =
            format!("CREATE TABLE t AS SELECT v AS id, r AS rumah FROM (VALUES {rows}) AS t(v, n, r), range(n)");
        connection.execute_batch(&table).unwrap();
        let sheet = PartsSheet {
            of: "t".to_owned(),
            by: "id".to_owned(),
            near: std::iter::once(("desa".to_owned(), "rumah".to_owned())).collect(),
            ..PartsSheet::default()
        };
        Cuts::default().of(&connection, "m", &sheet, most).unwrap()
    }

    fn conditions(rows: &str, most: u64) -> Vec<String> {
        let parts = found(rows, most);
        parts.iter().map(|part| part.rows("id")).collect()
    }

    #[test]
    fn what_begins_alike_stays_together_and_empty_ids_come_last() {
        let rows = "('a', 3, NULL), ('b', 4, NULL), ('c', 9, NULL), ('d', 1, NULL)";
        assert_eq!(conditions(rows, 7), ["id < 'c'", "id >= 'c' AND id < 'd'", "id >= 'd'"]);
        assert_eq!(
            conditions("('a', 3, NULL), ('b', 4, NULL), (NULL, 2, NULL)", 3),
            ["id < 'b'", "(id >= 'b' OR id IS NULL)"]
        );
        assert_eq!(
            conditions("('3503010001x', 5, NULL), ('3503010001y', 5, NULL), (NULL, 2, NULL)", 3),
            ["true"]
        );
        let within = |rows: &str, most: u64| -> Vec<String> {
            let parts = found(rows, most);
            parts.iter().map(|part| part.within("kunci")).collect()
        };
        assert_eq!(
            within(rows, 7),
            [
                "kunci < 'c'",
                "kunci >= 'c' AND kunci < 'd'",
                "(kunci >= 'd' OR kunci IS NULL)"
            ]
        );
        assert_eq!(within("('a', 3, NULL)", 7), ["true"]);
        assert_eq!(
            conditions(
                "(' 1', 1, NULL), ('12', 1, NULL), ('9', 1, NULL), ('NIK1', 1, NULL), (NULL, 1, NULL)",
                7
            ),
            [
                "id < '12'",
                "id >= '12' AND id < 'NIK1'",
                "(id >= 'NIK1' OR id IS NULL)"
            ]
        );
        assert_eq!(conditions("(NULL, 7, NULL)", 3), ["true"]);
        assert_eq!(conditions("(NULL, 0, NULL)", 7), ["true"]);
    }

    #[test]
    fn a_table_is_cut_once_for_those_who_ask_for_the_same() {
        let connection = Connection::open_in_memory().unwrap();
        connection
            .execute_batch("CREATE TABLE t AS SELECT chr(65 + CAST(i AS INTEGER) // 9) AS id, 'r' || i AS rumah FROM range(90) AS r(i)")
            .unwrap();
        let alone = PartsSheet {
            of: "t".to_owned(),
            by: "id".to_owned(),
            ..PartsSheet::default()
        };
        let near = PartsSheet {
            near: std::iter::once(("desa".to_owned(), "rumah".to_owned())).collect(),
            ..alone.clone()
        };
        let mut cuts = Cuts::default();
        let without_reach = cuts.of(&connection, "m", &alone, 20).unwrap();
        let with_reach = cuts.of(&connection, "m", &near, 20).unwrap();
        assert_ne!(without_reach, with_reach, "it is asked for how far they reach");
        connection.execute_batch("DROP TABLE t").unwrap();
        assert_eq!(cuts.of(&connection, "m", &near, 20).unwrap(), with_reach);
        assert_eq!(cuts.of(&connection, "m", &alone, 20).unwrap(), without_reach);
        assert!(cuts.of(&connection, "m", &alone, 30).is_err(), "of another size");
        let mut cuts = Cuts(cuts.0.split_off(1));
        assert_eq!(
            cuts.of(&connection, "m", &alone, 20).unwrap(),
            with_reach,
            "what is known beyond that is no harm"
        );
    }

    #[test]
    fn a_stretch_knows_how_far_it_reaches() {
        let parts = found("('a', 3, 'r1'), ('a', 3, 'r3'), ('b', 4, 'r2'), (NULL, 2, 'r9')", 3);
        assert_eq!(parts[0].rows("id"), "id < 'b' AND rumah BETWEEN 'r1' AND 'r3'");
        assert_eq!(parts[0].near("rumah", "id"), "rumah BETWEEN 'r1' AND 'r3'");
        assert_eq!(
            parts[1].rows("id"),
            "(id >= 'b' OR id IS NULL) AND rumah BETWEEN 'r2' AND 'r9'"
        );
        assert_eq!(parts[1].near("rumah", "id"), "rumah BETWEEN 'r2' AND 'r9'");
        // Rows without a household would be lost by its reach.
        let parts = found("('a', 6, 'r1'), ('b', 4, 'r2'), ('b', 4, NULL), ('c', 9, NULL)", 5);
        assert_eq!(parts[0].rows("id"), "id < 'b' AND rumah BETWEEN 'r1' AND 'r1'");
        assert_eq!(parts[1].rows("id"), "id >= 'b' AND id < 'c'");
        assert_eq!(parts[2].rows("id"), "id >= 'c'");
        assert_eq!(found("('a', 3, NULL)", 3)[0].near("rumah", "id"), "false");
    }

    #[test]
    fn a_stretch_knows_whether_its_rows_belong_elsewhere() {
        let parts = found(
            "('a1', 3, 'a1'), ('b1', 4, 'a2'), ('c1', 9, 'c5'), ('d1', 9, NULL), ('e1', 3, 'f')",
            3,
        );
        let beyond: Vec<bool> = parts.iter().map(|part| part.reaches_beyond("rumah")).collect();
        assert_eq!(beyond, [false, true, false, false, false]);
        assert!(!parts[1].reaches_beyond("desa"), "of this column nothing is known");
        let parts = found("('a1', 3, 'b1'), ('b1', 4, 'c')", 3);
        assert!(parts[0].reaches_beyond("rumah"), "b1 belongs to the next");
    }
}
