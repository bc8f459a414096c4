//! Every error code with its page, in one place: `explain`, `docs/errors.md` and their test are made from it.

use std::fmt::Write;

/// The page of an error code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Page {
    /// The code, which stays.
    pub code: &'static str,
    /// What it means in a few words.
    pub title: &'static str,
    /// What is behind it.
    pub cause: &'static str,
    /// What to do.
    pub next: &'static str,
}

/// The origins of errors: first digits, heading, what they have in common.
const ORIGINS: [(&str, &str, &str); 5] = [
    ("E01", "usage and configuration", "Exit code 2."),
    (
        "E02",
        "files",
        "The file is refused: it leaves no trace in the lake, moves from the inbox to `inbox/ditolak/` with its reason, and the version that was in force goes on counting. \
         Exit code 3. The shares are configuration (`[ambang]` in `bansos360.toml`). `bansos360 validate FILE` says the same before a file is sent.",
    ),
    ("E03", "checks", "Exit code 4."),
    (
        "E04",
        "workspace",
        "Exit code 2, but 5 for a workspace that is held, and 1 for what is damaged.",
    ),
    (
        "E05",
        "system",
        "Exit code 1; 130, 143 or 124 for a run that was stopped.",
    ),
];

/// All pages, in the order of their codes.
pub const PAGES: &[Page] = &[
    Page {
        code: "E0101",
        title: "a value on the command line cannot be used",
        cause: "an option has a value of another shape than it needs, such as a month that is none",
        next: "correct it as the message says, e.g. `--periode 2020-10`",
    },
    Page {
        code: "E0102",
        title: "the configuration cannot be used",
        cause: "`bansos360.toml` cannot be read, or says something unknown",
        next: "look at the line named; `bansos360 init --workspace NEW` writes a correct one to compare with",
    },
    Page {
        code: "E0103",
        title: "a pipeline file cannot be used",
        cause: "a file of `pipelines/` is no TOML, has an unknown key, or says something that cannot be",
        next: "look at the file and key named; all keys stand in [pipelines.md](pipelines.md)",
    },
    Page {
        code: "E0104",
        title: "a reference file cannot be used",
        cause: "a file of the workspace's `reference/`, or `sql/staged.toml`, cannot be read or lacks what it must have",
        next: "correct it, or remove it so that the built-in one counts again",
    },
    Page {
        code: "E0105",
        title: "a path that was named does not exist",
        cause: "there is neither a file nor a folder of this name",
        next: "check the spelling, and that the network share is there",
    },
    Page {
        code: "E0106",
        title: "an SQL model or its sheet cannot be used",
        cause: "a model of the workspace's `sql/` does not run, needs a model that is not there, or its sheet does not fit it",
        next: "correct the model named, or remove it so that the built-in one counts again",
    },
    Page {
        code: "E0107",
        title: "no file of the lake, or more than one, is named so",
        cause: "a file is named by its id (the beginning is enough), with `-N` for a member of a zip, or by its name",
        next: "`bansos360 lake list` shows ids and names; type more of the id",
    },
    Page {
        code: "E0108",
        title: "this cannot be decided about this file",
        cause: "the decision does not fit the file: a periode for a source that has none, a file in its own place, something undone that was not done, a reason that is \
                empty or holds a number of a person",
        next: "see the message; [lake.md](lake.md) says what each decision does",
    },
    Page {
        code: "E0201",
        title: "the file cannot be read",
        cause: "it is empty, cut off, protected by a password, a web page named .xls, binary bytes under a list's name, a zip with a path outside, \
                links or encrypted members, or too large when unpacked; the message says which",
        next: "mostly: open it in Excel, save it again as .xlsx without a password, or copy it again",
    },
    Page {
        code: "E0202",
        title: "no header row was found",
        cause: "none of the first 80 rows has two headings that the source knows; or no pipeline knows the file any more",
        next: "put a row of headings above the data, with at least the columns named",
    },
    Page {
        code: "E0203",
        title: "a required column is missing",
        cause: "no heading of the file is an alias of the column",
        next: "name the column as one of the headings shown, or teach the pipeline the heading of this file ([pipelines.md](pipelines.md)); \
               `bansos360 validate FILE` prints the lines to paste",
    },
    Page {
        code: "E0204",
        title: "there are no rows",
        cause: "the file is blank, or has a header and nothing below it",
        next: "export it again from its source, or take it out of the delivery",
    },
    Page {
        code: "E0205",
        title: "the same heading stands twice",
        cause: "two columns have the same heading, and both are filled, so that nobody can tell which one counts",
        next: "delete or rename one of the two",
    },
    Page {
        code: "E0206",
        title: "too many NIK end in 0",
        cause: "a spreadsheet keeps 15 digits of a number and has cut the last one (`NIK_TERPOTONG_EXCEL`)",
        next: "format the column as text, paste the NIK again from the source, save. The file itself cannot be repaired: the digits are gone",
    },
    Page {
        code: "E0207",
        title: "too many rows cannot be read",
        cause: "more than 5 % of the rows (of at least 100) went to quarantine, or all of them",
        next: "look at the line named: a delimiter inside a text, a quote that is not closed, or an id, a NIK and a name that are missing",
    },
    Page {
        code: "E0208",
        title: "the periode cannot be told",
        cause: "files of this source belong to a month, and neither the file nor its zip or folder names one",
        next: "name the month in the file (`Usulan DTKS Oktober 2020.xlsx`) or its folder, or give `--periode 2020-10`",
    },
    Page {
        code: "E0209",
        title: "the file is of another district",
        cause: "fewer than half of its rows are of the workspace's district",
        next: "check that it is the right file; else set `kabupaten` in `bansos360.toml`",
    },
    Page {
        code: "E0210",
        title: "too many DTKS ids cannot be read",
        cause: "15 % or more of the rows (of at least 100) have no readable id: they were saved as numbers",
        next: "format the column as text and export again",
    },
    Page {
        code: "E0214",
        title: "the file was changed while it was read",
        cause: "somebody was still writing it, or a transfer was not at its end",
        next: "wait until it is there as a whole, and run again",
    },
    Page {
        code: "E0215",
        title: "the file was purged",
        cause: "the same bytes were removed from the lake for good, with the reason that the message says",
        next: "leave it out of the delivery. Where it may be kept again: `bansos360 lake purge --entry ID --batal --alasan \"...\"`, then bring it once more",
    },
    Page {
        code: "E0301",
        title: "a check failed and the release is kept back",
        cause: "`current` is what it was. `neraca_baris`: rows of a file are unaccounted for; `kunci_unik`: a key stands twice; `kolom`: a mart's \
                columns differ from its sheet; `sumber`: a mart has rows although its source has none; any other: a [data test](data-tests.md)",
        next: "with built-in SQL and pipelines this is a bug: report it with the run's record. With SQL or pipelines of your own, look there first, \
               for instance at two pipelines with one program code",
    },
    Page {
        code: "E0401",
        title: "another run holds the workspace",
        cause: "one run at a time may change a workspace; the message names the other one, since when it runs, and its process",
        next: "try again later, or give `--wait 10m`. The lock dies with its process, so there is nothing to delete",
    },
    Page {
        code: "E0402",
        title: "the folder is no workspace",
        cause: "it has not been made by `bansos360 init`, or another folder was meant",
        next: "`bansos360 init --workspace DIR`, or correct `--workspace`",
    },
    Page {
        code: "E0403",
        title: "a newer version has written the workspace",
        cause: "its layout is one that this version does not know",
        next: "use that version",
    },
    Page {
        code: "E0404",
        title: "the lake's catalogue cannot be read",
        cause: "an `entry.json`, or a line of `lake/putusan.jsonl`, is damaged or was changed by hand. A line that cannot be read is not passed over: what it took \
                out would come back",
        next: "restore it from a backup. Else: move the entry's folder out of the lake and bring the file again; correct the line",
    },
    Page {
        code: "E0405",
        title: "other users can read or change the workspace",
        cause: "its folder is open to all users of the machine, or a group may write where it decides what a run does; it holds names and identity numbers",
        next: "close it with the `chmod` of the message. A group that shall read the marts gets them by `kelompok_baca = true` under `[rilis]`. \
               `--izinkan-terbuka` runs all the same; `izinkan_terbuka = true` under `[run]` allows readers, never writers",
    },
    Page {
        code: "E0406",
        title: "an older version has written the workspace",
        cause: "its layout is that of an earlier format",
        next: "`bansos360 init --upgrade --workspace DIR` says what it does, and keeps the old marker; make a backup before (operations.md)",
    },
    Page {
        code: "E0408",
        title: "the key of the erasures is missing",
        cause: "persons were erased (`lake purge --nik`), and `.kunci-hmac` of the workspace is not there or another one: nobody can tell whose rows are to be left out. Exit code 1",
        next: "restore `.kunci-hmac` from a backup; it belongs to the workspace like its lake",
    },
    Page {
        code: "E0409",
        title: "files of the lake are not as they came",
        cause: "`bansos360 lake verify` has hashed all of them: bytes are missing, changed or too many, after a failing disk or by hand. Exit code 1",
        next: "restore the files named from a backup. Else move the folder of the entry out of the lake and bring the file again: the same bytes are the same entry",
    },
    Page {
        code: "E0410",
        title: "a release is not whole",
        cause: "its `katalog.json`, a mart or its warehouse is missing, cut off or was changed after it was published",
        next: "choose another one (`bansos360 release list`), restore it from a backup, or build it again with `bansos360 run --full`",
    },
    Page {
        code: "E0501",
        title: "a file cannot be read or written",
        cause: "the system said no: a full disk, missing rights, a share that has gone",
        next: "see what the system said, make room or give the rights, and run again: nothing is left half-done",
    },
    Page {
        code: "E0502",
        title: "the database engine failed",
        cause: "a query of the warehouse could not be carried out, mostly for want of memory or disk",
        next: "raise `memori` under `[mesin]` in `bansos360.toml` or make room on the disk; else report it",
    },
    Page {
        code: "E0503",
        title: "a file was planned as one source and staged as another",
        cause: "this is a bug: the columns of one source would be read by the places of another",
        next: "report it with the names of the file and the two sources",
    },
    Page {
        code: "E0504",
        title: "the run was stopped by a signal",
        cause: "Ctrl-C (SIGINT, exit code 130) or SIGTERM (143), as by `kill`, systemd or a machine that shuts down",
        next: "run again: files that had arrived whole stay in the lake, `current` is what it was, and nothing is left half-done. A second signal \
               ends the program at once; then the next run cleans up behind it",
    },
    Page {
        code: "E0505",
        title: "`--max-runtime` has passed",
        cause: "the run took longer than it was given, counted from its start and with the time that it waited for another one; exit code 124",
        next: "give it more time, or find out what has become slow: `langkah` in the run's record says how long each step took",
    },
];

/// The page of a code; case, blanks and `error[...]` around it do not matter.
pub fn page(code: &str) -> Option<&'static Page> {
    let code = spelt(code);
    PAGES.iter().find(|page| page.code == code)
}

/// The code that looks most like this one.
pub fn nearest(code: &str) -> &'static str {
    let code = spelt(code);
    let likeness = |page: &&Page| {
        let edits = strsim::damerau_levenshtein(&code, page.code);
        let family = usize::from(code.get(..3) != page.code.get(..3));
        (edits, family)
    };
    PAGES.iter().min_by_key(likeness).map_or("E0101", |page| page.code)
}

fn spelt(code: &str) -> String {
    let inner = code.trim().trim_end_matches([']', ':']);
    let inner = inner.rsplit('[').next().unwrap_or(inner);
    inner.trim().to_uppercase()
}

/// `docs/errors.md`.
pub fn markdown() -> String {
    let mut text = String::from(
        "# Errors\n\nMade by `bansos360 explain --all` from `src/errors.rs`; not edited by hand. `bansos360 explain E0203` prints one page.\n\n\
         Each message has a code that stays, a place (file, member of the zip, sheet, line, column), what was wrong and what to do. A refused file \
         looks like this:\n\n    error[E0203]: `BNBA KPE 20K.xlsx` refused: sheet `Sheet1`: line 4: column `nik or no_kk`: required column missing for \
         source `kpe`\n    hint: name the column as one of: `NIK`/`NIK KTP`/`NIK PENGURUS`/`NO KK`/`NoKK`/`NOMOR KK`; headings that were not understood: \
         NOMOR INDUK\n\nThe first two digits tell the origin. Messages never hold a personal value.\n",
    );
    for (origin, heading, common) in ORIGINS {
        let _ = write!(
            text,
            "\n## {origin}: {heading}\n\n{common}\n\n| code | means | cause | what to do |\n|---|---|---|---|\n"
        );
        for page in PAGES.iter().filter(|page| page.code.starts_with(origin)) {
            let _ = writeln!(
                text,
                "| {} | {} | {} | {} |",
                page.code, page.title, page.cause, page.next
            );
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    use std::path::Path;

    #[test]
    fn the_committed_page_is_made_from_the_list() {
        assert_eq!(markdown(), include_str!("../docs/errors.md"), "run `just docs`");
    }

    #[test]
    fn every_code_has_a_page_and_every_page_a_code() {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let mut used = BTreeSet::new();
        collect(&source, &mut used);
        let told: BTreeSet<String> = PAGES.iter().map(|page| page.code.to_owned()).collect();
        assert_eq!(used, told);
        assert_eq!(told.len(), PAGES.len(), "a code stands twice");
    }

    /// Codes that stand anywhere in the program but here.
    fn collect(folder: &Path, used: &mut BTreeSet<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                collect(&path, used);
            } else if path.extension().is_some_and(|ending| ending == "rs") && !path.ends_with("src/errors.rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                for (at, _) in text.match_indices("E0") {
                    let code = text.get(at..at + 5).unwrap_or_default();
                    let is_code = code.bytes().skip(2).all(|byte| byte.is_ascii_digit())
                        && matches!(code.as_bytes().get(2), Some(b'1'..=b'5'));
                    let after = text.as_bytes().get(at + 5).is_some_and(u8::is_ascii_alphanumeric);
                    let before = at > 0 && text.as_bytes()[at - 1].is_ascii_alphanumeric();
                    if is_code && code.len() == 5 && !after && !before {
                        used.insert(code.to_owned());
                    }
                }
            }
        }
    }

    #[test]
    fn codes_are_found_however_they_are_typed() {
        assert_eq!(page(" e0203 ").unwrap().code, "E0203");
        assert_eq!(page("error[E0203]:").unwrap().code, "E0203");
        assert!(page("E0299").is_none());
        assert!(nearest("E0299").starts_with("E02"));
        assert_eq!(nearest("E020"), "E0201");
    }
}
