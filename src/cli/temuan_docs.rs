//! `bansos360 docs --bagian temuan`: the rules of findings, made from their catalogue.

use crate::temuan::{Group, Rule, all_rules};
use std::fmt::Write;

const HEAD: &str = include_str!("temuan_docs.md");

/// The page: what a finding is, then the rules by what they look at.
pub fn page() -> String {
    let mut text = HEAD.to_owned();
    for group in Group::ALL {
        let _ = write!(
            text,
            "\n## {}\n\n| aturan | tingkat | artinya | mengapa penting | yang sebaiknya dilakukan |\n|---|---|---|---|---|\n",
            group.as_str()
        );
        for rule in all_rules().filter(|rule| rule.group == group) {
            line(&mut text, rule);
        }
    }
    text
}

fn line(text: &mut String, rule: &Rule) {
    let _ = writeln!(
        text,
        "| `{}` | {} | {} | {} | {} |",
        rule.id,
        rule.level.as_str(),
        rule.pesan,
        rule.mengapa,
        rule.tindakan
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_committed_page_is_that_of_the_catalogue() {
        assert_eq!(page(), include_str!("../../docs/findings.md"), "run `just docs`");
    }
}
