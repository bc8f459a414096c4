use std::io::{Cursor, Write};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::super::{Next, RawRow, Workbook, detect};
use super::*;

fn ods_of(tables: &str) -> Vec<u8> {
    let content = format!(
        r#"<?xml version="1.0"?><office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x" xmlns:style="s"><office:automatic-styles><style:style style:name="ta2"><style:table-properties table:display="false"/></style:style></office:automatic-styles><office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"#
    );
    ods_with(&content, "<manifest:manifest/>")
}

fn ods_with(content: &str, manifest: &str) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let parts = [
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
        ("META-INF/manifest.xml", manifest),
        ("content.xml", content),
    ];
    for (name, text) in parts {
        writer.start_file(name, SimpleFileOptions::default()).unwrap();
        writer.write_all(text.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn open(bytes: Vec<u8>) -> Result<Workbook> {
    let mut cursor = Cursor::new(bytes);
    let format = detect(&mut cursor)?;
    Workbook::open(cursor, format, Limits::default())
}

fn read(bytes: Vec<u8>, sheet: usize) -> Result<Vec<(u64, Vec<String>)>> {
    let mut book = open(bytes)?;
    let mut rows = book.rows(sheet)?;
    let mut row = RawRow::new();
    let mut seen = Vec::new();
    while rows.next_row(&mut row)? == Next::Row {
        seen.push((row.line, row.iter().map(str::to_owned).collect()));
    }
    Ok(seen)
}

const TWO_SHEETS: &str = r#"<table:table table:name="A"><table:table-row table:number-rows-repeated="2"><table:table-cell table:number-columns-repeated="3"/></table:table-row><table:table-row table:number-rows-repeated="2"><table:table-cell/><table:table-cell office:value-type="float" office:value="3503012345678901"><text:p>3,5E+15</text:p></table:table-cell><table:table-cell office:value-type="string" table:number-columns-repeated="2"><text:p>A &amp; B<text:s text:c="2"/>C</text:p><text:p>dua</text:p></table:table-cell><table:table-cell office:value-type="date" office:date-value="1985-03-12"/><table:table-cell office:value-type="boolean" office:boolean-value="true"/><table:table-cell table:number-columns-repeated="16377"/></table:table-row><table:table-row table:number-rows-repeated="1048572"><table:table-cell table:number-columns-repeated="16384"/></table:table-row></table:table><table:table table:name="B" table:style-name="ta2"><table:table-row><table:table-cell office:value-type="string"><office:annotation><text:p>catatan</text:p></office:annotation><text:p>x</text:p></table:table-cell></table:table-row></table:table>"#;

#[test]
fn repeats_dates_and_hidden_sheets() {
    let rows = read(ods_of(TWO_SHEETS), 0).unwrap();
    let cells: Vec<String> = [
        "",
        "3503012345678901",
        "A & B  C\ndua",
        "A & B  C\ndua",
        "1985-03-12",
        "TRUE",
    ]
    .map(str::to_owned)
    .to_vec();
    assert_eq!(rows, [(1, vec![]), (2, vec![]), (3, cells.clone()), (4, cells)]);
    assert_eq!(read(ods_of(TWO_SHEETS), 1).unwrap(), [(1, vec!["x".to_owned()])]);
    let book = open(ods_of(TWO_SHEETS)).unwrap();
    assert_eq!((book.sheets()[0].hidden, book.sheets()[1].hidden), (false, true));
}

#[test]
fn repeats_of_billions_are_refused() {
    let wide = r#"<table:table table:name="A"><table:table-row table:number-rows-repeated="4000000000"><table:table-cell office:value-type="float" office:value="1" table:number-columns-repeated="1900"/></table:table-row></table:table>"#;
    assert!(matches!(read(ods_of(wide), 0), Err(ReadError::CellOutside { .. })));
    let far = r#"<table:table table:name="A"><table:table-row><table:table-cell table:number-columns-repeated="99999999999999999999"/><table:table-cell office:value-type="float" office:value="1"/></table:table-row></table:table>"#;
    assert!(matches!(read(ods_of(far), 0), Err(ReadError::CellOutside { .. })));
    let spaces = r#"<table:table table:name="A"><table:table-row><table:table-cell office:value-type="string"><text:p><text:s text:c="99999999999"/>x</text:p></table:table-cell></table:table-row></table:table>"#;
    assert_eq!(read(ods_of(spaces), 0).unwrap()[0].1[0].len(), 1_001);
}

#[test]
fn cut_off_and_encrypted_files_are_told() {
    let whole = r#"<office:body xmlns:office="o" xmlns:table="t"><table:table table:name="A"><table:table-row>"#;
    assert!(matches!(open(ods_with(whole, "")), Err(ReadError::Workbook { .. })));
    assert!(matches!(
        open(ods_with("<a/>", "<manifest:encryption-data/>")),
        Err(ReadError::PasswordProtected)
    ));
}

#[test]
fn mutated_content_never_panics_or_hangs() {
    let mut random = fastrand::Rng::with_seed(5);
    for _ in 0..400 {
        let mut text = TWO_SHEETS.as_bytes().to_vec();
        for _ in 0..random.usize(1..10) {
            let at = random.usize(0..text.len());
            text[at] = if random.bool() {
                b"<>/\"='&; "[random.usize(0..9)]
            } else {
                random.u8(32..127)
            };
        }
        if random.u8(..) < 50 {
            text.truncate(random.usize(0..text.len()));
        }
        let bytes = ods_of(&String::from_utf8_lossy(&text));
        for sheet in 0..2 {
            let _ = read(bytes.clone(), sheet);
        }
    }
}
