//! What `validate` tells a CI server: `JUnit` test cases, or annotations of GitHub.

use crate::stage::Refusal;
use crate::validate::{Example, FileReport, FindingReport, PieceReport, Report, Verdict};
use quick_xml::escape::escape;

/// One test suite a file, one test case a piece of it.
pub fn junit(report: &Report) -> String {
    let mut suites = String::new();
    let (mut tests, mut failures) = (0, 0);
    for file in &report.berkas {
        let cases = cases(file, report.ketat);
        let failed = cases.iter().filter(|case| case.failure.is_some()).count();
        tests += cases.len();
        failures += failed;
        suites.push_str(&format!(
            "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{failed}\">\n",
            xml(&file.jalur),
            cases.len()
        ));
        for case in &cases {
            suites.push_str(&told_case(&file.jalur, case));
        }
        suites.push_str("  </testsuite>\n");
    }
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <testsuites name=\"bansos360 validate\" tests=\"{tests}\" failures=\"{failures}\">\n{suites}</testsuites>\n"
    )
}

/// A piece as CI servers see it.
struct Case {
    name: String,
    /// Why it fails: a title and the words.
    failure: Option<(String, String)>,
    /// What else there is to tell.
    told: String,
}

fn told_case(class: &str, case: &Case) -> String {
    let mut text = format!(
        "    <testcase classname=\"{}\" name=\"{}\">\n",
        xml(class),
        xml(&case.name)
    );
    if let Some((title, words)) = &case.failure {
        let (title, words) = (xml(title), xml(words));
        text.push_str(&format!("      <failure message=\"{title}\">{words}</failure>\n"));
    }
    if !case.told.is_empty() {
        text.push_str(&format!("      <system-out>{}</system-out>\n", xml(&case.told)));
    }
    text.push_str("    </testcase>\n");
    text
}

fn cases(file: &FileReport, strict: bool) -> Vec<Case> {
    let whole = |failure| Case {
        name: file.nama.clone(),
        failure: Some(failure),
        told: String::new(),
    };
    if let Some(refusal) = &file.penolakan {
        return vec![whole(refused(refusal))];
    }
    let only_unknown = file.hasil == Verdict::Lain;
    let pieces = file
        .bagian
        .iter()
        .filter(|piece| only_unknown || piece.hasil != Verdict::Lain);
    let mut cases: Vec<Case> = pieces
        .map(|piece| Case {
            name: piece.anggota.clone().unwrap_or_else(|| file.nama.clone()),
            failure: failure(piece, strict),
            told: findings(piece),
        })
        .collect();
    if cases.is_empty() {
        cases.push(whole((UNKNOWN.to_owned(), String::new())));
    }
    cases
}

const UNKNOWN: &str = "no pipeline knows the file";

fn failure(piece: &PieceReport, strict: bool) -> Option<(String, String)> {
    match (&piece.penolakan, piece.hasil) {
        (Some(refusal), _) => Some(refused(refusal)),
        (None, Verdict::Lain) => Some((UNKNOWN.to_owned(), piece.alasan.join("; "))),
        (None, Verdict::Peringatan) if strict => {
            let findings: Vec<&FindingReport> = grave(piece).collect();
            let words = findings
                .iter()
                .map(|finding| one_line(finding))
                .collect::<Vec<_>>()
                .join("\n");
            Some((format!("{} kinds of findings need a person", findings.len()), words))
        }
        _ => None,
    }
}

fn findings(piece: &PieceReport) -> String {
    grave(piece).map(one_line).collect::<Vec<_>>().join("\n")
}

fn refused(refusal: &Refusal) -> (String, String) {
    (refusal.to_string(), refusal.hint.clone().unwrap_or_default())
}

/// Findings that a person should look at.
fn grave(piece: &PieceReport) -> impl Iterator<Item = &FindingReport> {
    piece.temuan.iter().filter(|finding| finding.tingkat != "INFO")
}

fn one_line(finding: &FindingReport) -> String {
    let places = finding.contoh.iter().map(place).collect::<Vec<_>>().join(", ");
    let places = if places.is_empty() {
        places
    } else {
        format!(" ({places})")
    };
    let FindingReport {
        aturan,
        tingkat,
        kolom,
        jumlah,
        pesan,
        ..
    } = finding;
    format!("{tingkat} {aturan} {kolom} {jumlah}: {pesan}{places}")
}

/// Where an example stands, and its masked value.
pub fn place(example: &Example) -> String {
    let sheet = if example.lembar.is_empty() {
        String::new()
    } else {
        format!("sheet `{}` ", example.lembar)
    };
    let value = example.nilai.as_ref().map(|value| format!(": {value}"));
    format!("{sheet}line {}{}", example.baris, value.unwrap_or_default())
}

/// Text of XML without the signs that XML 1.0 does not know.
fn xml(text: &str) -> String {
    let known = |letter: char| {
        matches!(letter, '\t' | '\n' | '\r') || (letter >= ' ' && !matches!(letter, '\u{FFFE}' | '\u{FFFF}'))
    };
    escape(text.chars().filter(|letter| known(*letter)).collect::<String>()).into_owned()
}

/// One line an error or warning, as GitHub reads it from the log.
pub fn github(report: &Report) -> String {
    let mut text = String::new();
    for file in &report.berkas {
        let mut tell = |level: &str, line: Option<u64>, title: &str, words: &str| {
            let line = line.map_or_else(String::new, |line| format!(",line={line}"));
            text.push_str(&format!(
                "::{level} file={}{line},title={}::{}\n",
                property(&file.jalur),
                property(title),
                data(words)
            ));
        };
        let mut refuse = |refusal: &Refusal| {
            let hint = refusal
                .hint
                .as_ref()
                .map_or_else(String::new, |hint| format!("; {hint}"));
            let words = refusal.to_string();
            let words = words.strip_prefix(&format!("{}: ", refusal.code)).unwrap_or(&words);
            tell(
                "error",
                Some(refusal.line.unwrap_or(1)),
                &refusal.code,
                &format!("{words}{hint}"),
            );
        };
        file.penolakan.iter().for_each(&mut refuse);
        file.bagian
            .iter()
            .filter_map(|piece| piece.penolakan.as_ref())
            .for_each(&mut refuse);
        if file.hasil == Verdict::Lain {
            tell("error", Some(1), "unknown file", UNKNOWN);
        }
        let level = if report.ketat { "error" } else { "warning" };
        for finding in file.bagian.iter().flat_map(grave) {
            let FindingReport {
                tingkat, kolom, pesan, ..
            } = finding;
            let words = |value: &str| format!("{tingkat} {kolom}: {pesan}{value}");
            for example in &finding.contoh {
                let value = example
                    .nilai
                    .as_ref()
                    .map_or_else(String::new, |value| format!(" ({value})"));
                tell(level, Some(example.baris), &finding.aturan, &words(&value));
            }
            if finding.contoh.is_empty() {
                tell(level, Some(1), &finding.aturan, &words(""));
            }
        }
    }
    text
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_with_a_meaning_are_escaped() {
        assert_eq!(property("a,b: 5 %\n"), "a%2Cb%3A 5 %25%0A");
        assert_eq!(xml("<a & \u{1}b>"), "&lt;a &amp; b&gt;");
    }
}
