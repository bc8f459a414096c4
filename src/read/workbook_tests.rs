use std::io::{Cursor, Write};

use rust_xlsxwriter::{ExcelDateTime, Format as Style, Formula, Workbook as Writer};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::super::{Kind, Next, RawRow, detect};
use super::*;

fn open(bytes: Vec<u8>) -> Result<Workbook> {
    let mut cursor = Cursor::new(bytes);
    let format = detect(&mut cursor)?;
    Workbook::open(cursor, format, Limits::default())
}

type Cells = Vec<(u64, Vec<String>)>;

fn read(book: &mut Workbook, sheet: usize) -> Result<Cells> {
    let mut row = RawRow::new();
    let mut rows = book.rows(sheet)?;
    let mut seen = Vec::new();
    while rows.next_row(&mut row)? == Next::Row {
        seen.push((row.line, row.iter().map(str::to_owned).collect()));
    }
    Ok(seen)
}

fn packed(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

const RELATIONS: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/"#;

/// The smallest workbook around one sheet's XML.
fn xlsx_of(sheet_data: &str, strings: &str) -> Vec<u8> {
    let root = format!(r#"{RELATIONS}officeDocument" Target="xl/workbook.xml"/></Relationships>"#);
    let parts = format!(r#"{RELATIONS}worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#);
    let book = r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>"#;
    let sheet = format!(
        r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{sheet_data}</sheetData></worksheet>"#
    );
    packed(&[
        ("_rels/.rels", root.as_bytes()),
        ("xl/workbook.xml", book.as_bytes()),
        ("xl/_rels/workbook.xml.rels", parts.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
        ("xl/sharedStrings.xml", strings.as_bytes()),
    ])
}

fn sample() -> Vec<u8> {
    let mut writer = Writer::new();
    let date = Style::new().set_num_format("dd/mm/yyyy");
    let time = Style::new().set_num_format("hh:mm");
    let sheet = writer.add_worksheet();
    sheet.set_name("Data").unwrap();
    sheet.write(5, 5, "NIK").unwrap();
    sheet.write(5, 6, "TGL").unwrap();
    sheet.write(6, 5, 3_503_012_345_678_901_f64).unwrap();
    sheet
        .write_with_format(6, 6, ExcelDateTime::from_ymd(1985, 3, 12).unwrap(), &date)
        .unwrap();
    sheet.write(6, 7, true).unwrap();
    sheet.write(6, 8, "dua\nbaris").unwrap();
    sheet.write_with_format(6, 9, 0.5, &time).unwrap();
    sheet.write(6, 10, 12.5).unwrap();
    sheet
        .write_formula(6, 11, Formula::new("=1/0").set_result("#DIV/0!"))
        .unwrap();
    sheet
        .merge_range(8, 0, 8, 3, "Kecamatan PANGGUL", &Style::new())
        .unwrap();
    let hidden = writer.add_worksheet();
    hidden.set_name("Tersembunyi").unwrap().set_hidden(true);
    hidden.write(0, 0, "x").unwrap();
    writer.save_to_buffer().unwrap()
}

#[test]
fn cells_stand_where_they_stand_in_the_sheet() {
    let mut book = open(sample()).unwrap();
    assert_eq!(
        book.sheets()[1],
        SheetInfo {
            name: "Tersembunyi".into(),
            hidden: true
        }
    );
    let rows = read(&mut book, 0).unwrap();
    assert_eq!(rows.len(), 9);
    assert_eq!(rows[4], (5, vec![]));
    assert_eq!(rows[5].1[5..], ["NIK", "TGL"]);
    assert_eq!(
        rows[6].1[5..11],
        ["3503012345678901", "1985-03-12", "TRUE", "dua\nbaris", "0.5", "12.5"]
    );
    assert_eq!((rows[8].0, rows[8].1[0].as_str()), (9, "Kecamatan PANGGUL"));
    assert_eq!(
        book.merges(0).unwrap(),
        [Merge {
            first_row: 9,
            last_row: 9,
            first_col: 0,
            last_col: 3
        }]
    );
    let told = book.merges.take().unwrap();
    assert_eq!(
        told.of_sheet("Data"),
        Some(book.merges(0).unwrap().as_slice()),
        "as the parser finds them"
    );
    assert_eq!(told.of_sheet("Tersembunyi"), Some([].as_slice()));
    assert_eq!(told.of_sheet("tidak ada"), None);
    assert!(matches!(book.rows(7), Err(ReadError::NoSheet { index: 7 })));
}

#[test]
fn kinds_are_told() {
    let mut book = open(sample()).unwrap();
    let mut rows = book.rows(0).unwrap();
    let mut row = RawRow::new();
    for _ in 0..7 {
        rows.next_row(&mut row).unwrap();
    }
    assert_eq!(row.kind(0), Kind::Empty);
    assert_eq!(row.kind(5), Kind::Number(3_503_012_345_678_901.0));
    assert_eq!(row.kind(6), Kind::Date(31_118.0));
    assert_eq!(
        (row.kind(7), row.kind(8), row.kind(9)),
        (Kind::Bool, Kind::Text, Kind::Number(0.5))
    );
}

#[test]
fn error_cells_and_inline_strings_and_cells_without_places() {
    let bytes = xlsx_of(
        r#"<row><c t="inlineStr"><is><t>a</t></is></c><c t="e"><v>#N/A</v></c><c t="b"><v>0</v></c></row>
           <row r="4"><c r="B4" t="str"><v>x &amp; y</v></c></row>"#,
        "<sst/>",
    );
    let rows = read(&mut open(bytes).unwrap(), 0).unwrap();
    assert_eq!(rows[0], (1, vec!["a".into(), "#N/A".into(), "FALSE".into()]));
    assert_eq!(rows[3], (4, vec![String::new(), "x & y".into()]));
}

#[test]
fn five_kilobytes_asking_for_seventeen_billion_cells() {
    let bytes = xlsx_of(
        r#"<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>"#,
        "<sst/>",
    );
    assert!(bytes.len() < 5_000);
    let error = read(&mut open(bytes).unwrap(), 0).unwrap_err();
    assert!(error.to_string().contains("XFD1048576"), "{error}");
}

#[test]
fn a_table_of_texts_that_announces_too_many_is_refused() {
    for count in ["99999999999", "18446744073709551615", "400000000"] {
        let bytes = xlsx_of(
            "",
            &format!(r#"<sst count="1" uniqueCount="{count}"><si><t>a</t></si></sst>"#),
        );
        assert!(matches!(open(bytes), Err(ReadError::PartDamaged { .. })), "{count}");
    }
    let hidden = format!(r#"<!--{}--><sst uniqueCount="99999999999"></sst>"#, " ".repeat(100_000));
    assert!(matches!(open(xlsx_of("", &hidden)), Err(ReadError::PartDamaged { .. })));
}

#[test]
fn parts_that_explode_are_refused_before_they_are_parsed() {
    let strings = format!("<sst><si><t>{}</t></si></sst>", "0".repeat(90 << 20));
    assert!(matches!(open(xlsx_of("", &strings)), Err(ReadError::TooLarge { .. })));
    let limits = Limits {
        rows: 3,
        cells: 100,
        ..Limits::default()
    };
    let bytes = xlsx_of(r#"<row r="4"><c r="A4"><v>1</v></c></row>"#, "<sst/>");
    let mut book = Workbook::open(Cursor::new(bytes), Format::Xlsx, limits).unwrap();
    assert!(matches!(read(&mut book, 0), Err(ReadError::CellOutside { .. })));
}

#[test]
fn words_for_the_person_never_quote_a_cell() {
    let bytes = xlsx_of(
        r#"<row r="1"><c r="A1" t="b"><v>3503012345678901</v></c></row>"#,
        "<sst/>",
    );
    let error = read(&mut open(bytes).unwrap(), 0).unwrap_err().to_string();
    assert!(!error.contains("35030") && error.contains("sheet `S`"), "{error}");
}

#[test]
fn cut_and_mutated_workbooks_never_panic() {
    let samples = [sample(), xls_of(&[(0, 0, 1.0)], (1, 1)), xlsb()];
    let mut random = fastrand::Rng::with_seed(3);
    for whole in samples {
        for round in 0..250 {
            let mut bytes = whole.clone();
            for _ in 0..random.usize(1..8) {
                let at = random.usize(0..bytes.len());
                bytes[at] = if round % 2 == 0 {
                    random.u8(..)
                } else {
                    bytes[at] ^ (1 << random.u8(0..8))
                };
            }
            if round % 5 == 0 {
                bytes.truncate(random.usize(0..bytes.len()));
            }
            for format in [Format::Xlsx, Format::Xls, Format::Xlsb, Format::Ods] {
                if let Ok(mut book) = Workbook::open(Cursor::new(bytes.clone()), format, Limits::default()) {
                    for sheet in 0..book.sheets().len() {
                        let _ = read(&mut book, sheet);
                        let _ = book.merges(sheet);
                    }
                }
            }
        }
    }
}

/// A .xls of number cells with an announced size (rows, columns), made by hand since nothing writes them any more.
fn xls_of(cells: &[(u16, u16, f64)], announced: (u32, u16)) -> Vec<u8> {
    let record = |kind: u16, data: &[u8]| {
        let length = u16::try_from(data.len()).unwrap();
        [kind.to_le_bytes().as_slice(), &length.to_le_bytes(), data].concat()
    };
    let begin = |kind: u8| record(0x0809, &[0, 6, kind, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    let globals_start = begin(5);
    let sheet_at = u32::try_from(globals_start.len() + 4 + 9 + 4).unwrap();
    let name = [sheet_at.to_le_bytes().as_slice(), &[0, 0, 1, 0, b'S']].concat();
    let mut stream = [globals_start, record(0x0085, &name), record(0x000A, &[])].concat();
    stream.extend(begin(0x10));
    let mut size = [0_u32.to_le_bytes(), announced.0.to_le_bytes()].concat();
    size.extend([0, 0]);
    size.extend(announced.1.to_le_bytes());
    size.extend([0, 0]);
    stream.extend(record(0x0200, &size));
    for (row, column, value) in cells {
        let place = [row.to_le_bytes(), column.to_le_bytes(), [0, 0]].concat();
        stream.extend(record(0x0203, &[place.as_slice(), &value.to_le_bytes()].concat()));
    }
    stream.extend(record(0x000A, &[]));
    compound_of("Workbook", stream)
}

/// A container with one stream: header, sector 0 the table, sector 1 the directory, then the stream.
fn compound_of(name: &str, mut stream: Vec<u8>) -> Vec<u8> {
    stream.resize(stream.len().max(4_096).next_multiple_of(512), 0);
    let sectors = u32::try_from(stream.len() / 512).unwrap();
    let mut header = vec![0_u8; 512];
    header[..8].copy_from_slice(&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]);
    header[26] = 3;
    (header[28], header[29], header[30], header[32], header[44], header[48]) = (0xFE, 0xFF, 9, 6, 1, 1);
    header[60..64].copy_from_slice(&0xFFFF_FFFE_u32.to_le_bytes());
    header[68..72].copy_from_slice(&0xFFFF_FFFE_u32.to_le_bytes());
    header[76..512].fill(0xFF);
    header[76..80].fill(0);
    let mut table = vec![0xFFFF_FFFD_u32, 0xFFFF_FFFE];
    table.extend((0..sectors).map(|i| if i + 1 == sectors { 0xFFFF_FFFE } else { i + 3 }));
    table.resize(128, 0xFFFF_FFFF);
    let entry = |name: &str, kind: u8, start: u32, size: u32| {
        let mut entry = vec![0_u8; 128];
        for (i, unit) in name.encode_utf16().enumerate() {
            entry[2 * i..2 * i + 2].copy_from_slice(&unit.to_le_bytes());
        }
        entry[64] = u8::try_from(name.len() * 2 + 2).unwrap();
        entry[66] = kind;
        entry[68..80].fill(0xFF);
        entry[116..120].copy_from_slice(&start.to_le_bytes());
        entry[120..124].copy_from_slice(&size.to_le_bytes());
        entry
    };
    let root = entry("Root Entry", 5, 0xFFFF_FFFE, 0);
    let file = entry(name, 2, 2, u32::try_from(stream.len()).unwrap());
    let mut directory = [root, file].concat();
    directory.resize(512, 0);
    [
        header,
        table.iter().flat_map(|word| word.to_le_bytes()).collect(),
        directory,
        stream,
    ]
    .concat()
}

#[test]
fn old_workbooks_are_read_and_weighed_first() {
    let mut book = open(xls_of(&[(5, 5, 3_503.0), (6, 6, 0.25)], (7, 7))).unwrap();
    let rows = read(&mut book, 0).unwrap();
    assert_eq!(
        rows[5],
        (
            6,
            vec![
                String::new(),
                String::new(),
                String::new(),
                String::new(),
                String::new(),
                "3503".into()
            ]
        )
    );
    assert_eq!(rows[6].1[6], "0.25");
    assert!(matches!(
        open(xls_of(&[(0, 0, 1.0), (65_535, 1_999, 1.0)], (1, 1))),
        Err(ReadError::TooLarge { .. })
    ));
    assert!(matches!(
        open(xls_of(&[(0, 0, 1.0), (1, 65_000, 1.0)], (1, 1))),
        Err(ReadError::TooLarge { .. })
    ));
    assert!(matches!(
        open(xls_of(&[(0, 0, 1.0)], (u32::MAX, 60_000))),
        Err(ReadError::PartDamaged { .. })
    ));
    assert!(matches!(
        open(compound_of("EncryptedPackage", Vec::new())),
        Err(ReadError::PasswordProtected)
    ));
    assert!(matches!(
        open(compound_of("WordDocument", Vec::new())),
        Err(ReadError::NoWorkbook)
    ));
}

/// The two parts of a .xlsb with `3503` in B2, made by hand.
fn xlsb_parts() -> (Vec<u8>, Vec<u8>) {
    fn record(kind: u16, data: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        if kind >= 0x80 {
            out.extend([u8::try_from(kind & 0xFF).unwrap(), u8::try_from(kind >> 8).unwrap()]);
        } else {
            out.push(u8::try_from(kind).unwrap());
        }
        out.push(u8::try_from(data.len()).unwrap());
        out.extend(data);
        out
    }
    fn wide(text: &str) -> Vec<u8> {
        let mut out = u32::try_from(text.len()).unwrap().to_le_bytes().to_vec();
        out.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
        out
    }
    let sheet_entry = [vec![0; 4], 1_u32.to_le_bytes().to_vec(), wide("rId1"), wide("S")].concat();
    let book = [
        record(0x0183, &[]),
        record(0x018F, &[]),
        record(0x019C, &sheet_entry),
        record(0x0190, &[]),
        record(0x009D, &[0; 26]),
        record(0x0184, &[]),
    ]
    .concat();
    let number = [1_u32.to_le_bytes().as_slice(), &[0; 4], &3_503.0_f64.to_le_bytes()].concat();
    let row = [1_u32.to_le_bytes().as_slice(), &[0; 13]].concat();
    let sheet = [
        record(0x0181, &[]),
        record(0x0194, &[0; 16]),
        record(0x0191, &[]),
        record(0x0000, &row),
        record(0x0005, &number),
        record(0x0192, &[]),
        record(0x0182, &[]),
    ]
    .concat();
    (book, sheet)
}

#[test]
fn binary_workbooks_are_streamed() {
    let mut book = open(xlsb()).unwrap();
    assert_eq!(
        read(&mut book, 0).unwrap(),
        [(1, vec![]), (2, vec![String::new(), "3503".into()])]
    );
    assert_eq!(book.merges(0).unwrap(), []);
}

fn xlsb_of(book: &[u8], sheet: &[u8]) -> Vec<u8> {
    let parts = format!(r#"{RELATIONS}worksheet" Target="worksheets/sheet1.bin"/></Relationships>"#);
    packed(&[
        ("xl/workbook.bin", book),
        ("xl/_rels/workbook.bin.rels", parts.as_bytes()),
        ("xl/worksheets/sheet1.bin", sheet),
    ])
}

fn xlsb() -> Vec<u8> {
    let (book, sheet) = xlsb_parts();
    xlsb_of(&book, &sheet)
}

fn mutated(bytes: &[u8], random: &mut fastrand::Rng) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for _ in 0..random.usize(1..6) {
        let at = random.usize(0..bytes.len());
        bytes[at] = if random.bool() {
            b"<>/\"=0Z9r "[random.usize(0..10)]
        } else {
            random.u8(..)
        };
    }
    bytes
}

#[test]
fn mutated_sheets_behind_a_right_checksum_never_panic() {
    let mut random = fastrand::Rng::with_seed(21);
    let cells = r#"<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" s="1"><v>44197.5</v></c></row><row r="3"><c r="C3" t="inlineStr"><is><t>a</t></is></c></row>"#;
    let strings = r#"<sst count="1" uniqueCount="1"><si><t>x</t></si></sst>"#;
    let (book, sheet) = xlsb_parts();
    let read_all = |bytes: Vec<u8>| {
        if let Ok(mut book) = open(bytes) {
            for sheet in 0..book.sheets().len() {
                let _ = read(&mut book, sheet);
                let _ = book.merges(sheet);
            }
        }
    };
    for _ in 0..500 {
        let cells = mutated(cells.as_bytes(), &mut random);
        let strings = mutated(strings.as_bytes(), &mut random);
        read_all(xlsx_of(
            &String::from_utf8_lossy(&cells),
            &String::from_utf8_lossy(&strings),
        ));
        read_all(xlsb_of(&mutated(&book, &mut random), &sheet));
        read_all(xlsb_of(&book, &mutated(&sheet, &mut random)));
    }
}
