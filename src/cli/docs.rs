//! `bansos360 docs`: the data dictionary of the marts, made from the sheets of the models.

use super::Ended;
use super::args::{DocsArgs, Page};
use super::output::Output;
use crate::run::Project;
use crate::warehouse::{Materialized, Model, Models};
use std::fmt::Write;

/// Prints a page.
pub fn docs(args: &DocsArgs, output: Output) -> Ended {
    match args.bagian {
        Page::Kamus => output.result(&dictionary(&Project::load(None)?.models)),
        Page::Temuan => output.result(&super::temuan_docs::page()),
    }
    Ok(0)
}

fn dictionary(models: &Models) -> String {
    let mut text = String::from(
        "# Kamus data\n\nDibuat oleh `bansos360 docs` dari lembar keterangan tiap model di `sql/`; jangan disunting dengan tangan.\n\n\
         Kelas kolom: **pribadi** (data pribadi), **pseudonim** (nomor yang dapat ditelusuri ke orang atau rumah tangga), \
         **umum**.\n",
    );
    for (title, kind) in [
        ("Data mart", Materialized::Mart),
        ("Tabel gudang data", Materialized::Table),
    ] {
        let _ = write!(text, "\n## {title}\n");
        let mut chosen: Vec<&Model> = models.of(kind).collect();
        chosen.sort_by(|left, right| left.name.cmp(&right.name));
        for model in chosen {
            describe(&mut text, model);
        }
    }
    text
}

fn describe(text: &mut String, model: &Model) {
    let _ = write!(
        text,
        "\n### {}\n\n{}.\n\n",
        model.name,
        model.description.trim_end_matches('.')
    );
    let _ = writeln!(text, "- Butir (grain): {}", model.grain);
    let _ = writeln!(
        text,
        "- Kunci: {}\n",
        model
            .key
            .iter()
            .map(|key| format!("`{key}`"))
            .collect::<Vec<_>>()
            .join(", ")
    );
    text.push_str("| kolom | tipe | kelas | keterangan |\n|---|---|---|---|\n");
    for column in &model.columns {
        let words = column.description.replace('|', "\\|");
        let _ = writeln!(
            text,
            "| {} | {} | {} | {words} |",
            column.name, column.kind, column.class
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_committed_dictionary_is_that_of_the_models() {
        let committed = include_str!("../../docs/kamus-data.md");
        let project = Project::load(None).unwrap();
        assert_eq!(dictionary(&project.models), committed, "run `just docs`");
    }
}
