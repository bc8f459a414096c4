use std::io::{Cursor, Write};

use super::*;

fn of(bytes: &[u8]) -> Format {
    detect(&mut Cursor::new(bytes.to_vec())).unwrap()
}

fn zip_of(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        writer
            .start_file(*name, zip::write::SimpleFileOptions::default())
            .unwrap();
        writer.write_all(text.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

#[test]
fn text_pages_and_binaries() {
    assert_eq!(of(b""), Format::Empty);
    assert_eq!(of(b"\xEF\xBB\xBF"), Format::Empty);
    assert_eq!(of(b"no,nama\n1,SITI\n"), Format::Csv);
    assert_eq!(of(b"n\0o\0,\0n\0a\0m\0a\0\n\0"), Format::Csv);
    assert_eq!(of(b"\xEF\xBB\xBF \r\n<!DOCTYPE HTML><html>"), Format::Html);
    assert_eq!(of(b"<table border=1><tr><td>NIK"), Format::Html);
    assert_eq!(of(b"\xFF\xFE<\0h\0t\0m\0l\0>\0"), Format::Html);
    assert_eq!(of(b"no,nama\n\0\0\0"), Format::Binary);
    assert_eq!(of(b"%PDF-1.7\n"), Format::Binary);
    assert_eq!(of(b"<kosong>,nama\n1,2\n"), Format::Csv);
}

#[test]
fn containers_by_what_is_inside() {
    assert_eq!(of(&zip_of(&[("xl/workbook.xml", "")])), Format::Xlsx);
    assert_eq!(of(&zip_of(&[("xl/workbook.bin", "")])), Format::Xlsb);
    let kind = "application/vnd.oasis.opendocument.spreadsheet";
    assert_eq!(of(&zip_of(&[("mimetype", kind), ("content.xml", "")])), Format::Ods);
    assert_eq!(of(&zip_of(&[("content.xml", "")])), Format::Zip);
    assert_eq!(of(&zip_of(&[("3503_RT.csv", "a")])), Format::Zip);
    let whole = zip_of(&[("3503_RT.csv", "a,b")]);
    let cut = detect(&mut Cursor::new(whole[..whole.len() - 30].to_vec()));
    assert!(matches!(cut, Err(ReadError::ZipDamaged)));
    let mut ole = vec![0; 1024];
    ole[..8].copy_from_slice(&compound::MAGIC);
    assert_eq!(of(&ole), Format::Ole);
    assert!(Format::Protected.refusal().unwrap().to_string().contains("password"));
}
