//! Results of tests as JUnit XML, for the programs that show tests.

use super::{TestResult, Verdict};
use quick_xml::escape::escape;
use std::fmt::Write;

/// The results as one suite. A warning passes, and says so in its output.
pub fn junit(results: &[TestResult], seconds: f64) -> String {
    let count = |verdict: Verdict| results.iter().filter(|result| result.hasil == verdict).count();
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let _ = writeln!(
        text,
        "<testsuites>\n<testsuite name=\"bansos360\" tests=\"{}\" failures=\"{}\" errors=\"0\" skipped=\"{}\" time=\"{seconds:.3}\">",
        results.len(),
        count(Verdict::Galat),
        count(Verdict::Dilewati)
    );
    for result in results {
        case(&mut text, result);
    }
    text.push_str("</testsuite>\n</testsuites>\n");
    text
}

fn case(text: &mut String, result: &TestResult) {
    let (class, name) = result.uji.split_once('.').unwrap_or(("sql", &result.uji));
    let words = format!("{}: terukur {}{}", result.jenis, result.figures(), result.words());
    let words = escape(words.as_str());
    let _ = write!(
        text,
        "<testcase classname=\"{}\" name=\"{}\">",
        escape(class),
        escape(name)
    );
    let _ = match result.hasil {
        Verdict::Galat => write!(text, "<failure message=\"{words}\"/>"),
        Verdict::Dilewati => write!(text, "<skipped message=\"{words}\"/>"),
        Verdict::Peringatan => write!(text, "<system-out>PERINGATAN {words}</system-out>"),
        Verdict::Lulus => write!(text, "<system-out>{words}</system-out>"),
    };
    text.push_str("</testcase>\n");
}
