use std::fmt::Write as _;
use std::io::Cursor;

use super::*;

fn reader(bytes: &[u8]) -> CsvReader {
    CsvReader::open(Box::new(Cursor::new(bytes.to_vec()))).unwrap()
}

#[derive(Debug, PartialEq)]
enum Seen {
    Row(u64, Vec<String>),
    Broken(u64, BrokenReason),
}

fn drain(reader: &mut CsvReader) -> Vec<Seen> {
    let mut row = RawRow::new();
    let mut seen = Vec::new();
    loop {
        match reader.next_row(&mut row).unwrap() {
            Next::Row => seen.push(Seen::Row(row.line, row.iter().map(str::to_owned).collect())),
            Next::Broken(broken) => seen.push(Seen::Broken(broken.line, broken.reason)),
            Next::End => return seen,
        }
    }
}

fn row(line: u64, cells: &[&str]) -> Seen {
    Seen::Row(line, cells.iter().map(|&cell| cell.to_owned()).collect())
}

/// Reads with the number of fields of the first row as the expected one.
fn checked(text: &[u8]) -> Vec<Seen> {
    let mut reader = reader(text);
    let mut first = RawRow::new();
    assert_eq!(reader.next_row(&mut first).unwrap(), Next::Row);
    reader.set_expected_fields(first.len());
    drain(&mut reader)
}

#[test]
fn all_line_ends_and_blank_lines() {
    let seen = drain(&mut reader(b"a,b\r\n1,2\r3,4\n\n5,6"));
    assert_eq!(
        seen,
        [
            row(1, &["a", "b"]),
            row(2, &["1", "2"]),
            row(3, &["3", "4"]),
            row(4, &[]),
            row(5, &["5", "6"])
        ]
    );
    assert_eq!(drain(&mut reader(b"")), []);
}

#[test]
fn quotes_by_the_letter() {
    let seen = checked(b"a,b,c\n\"x,\"\"y\"\"\",\"\",3\n\"l1\r\nl2\",2,\"3\"\n1,mid\"dle,\"z\"");
    assert_eq!(
        seen,
        [
            row(2, &["x,\"y\"", "", "3"]),
            row(3, &["l1\nl2", "2", "3"]),
            row(5, &["1", "mid\"dle", "z"])
        ]
    );
}

#[test]
fn sloppy_inner_quotes_are_kept_where_the_count_fits() {
    let seen = checked(b"no,alamat,rt\n1,\"JL. \"MAWAR\" NO 5\",2\n2,\"TOKO \"\"ABC\"\",3\n3,\"JL. \"A\", NO 5\",2\n4,\"X\"Y,2\n5,\"A, B\" ,2\n");
    assert_eq!(seen[0], row(2, &["1", "JL. \"MAWAR\" NO 5", "2"]));
    assert_eq!(seen[1], row(3, &["2", "TOKO \"ABC\"", "3"]));
    assert_eq!(
        seen[2],
        Seen::Broken(4, BrokenReason::FieldCount { found: 4, expected: 3 })
    );
    assert_eq!(seen[3], Seen::Broken(5, BrokenReason::UnclosedQuote));
    assert_eq!(seen[4], row(6, &["5", "A, B", "2"]));
}

#[test]
fn an_unclosed_quote_costs_one_line_only() {
    let seen = checked(b"a,b\n1,\"open\n2,x\n3,\"y\"\n4,z\n5,\"end");
    assert_eq!(
        seen,
        [
            Seen::Broken(2, BrokenReason::UnclosedQuote),
            row(3, &["2", "x"]),
            row(4, &["3", "y"]),
            row(5, &["4", "z"]),
            Seen::Broken(6, BrokenReason::UnclosedQuote)
        ]
    );
}

#[test]
fn two_unclosed_quotes_do_not_swallow_what_stands_between() {
    let seen = checked(b"a,b,c\n1,\"open,x\n2,y,z\n3,\"q,r\",w\n4,v,\"\n5,1,1\n");
    assert_eq!(
        seen,
        [
            Seen::Broken(2, BrokenReason::UnclosedQuote),
            row(3, &["2", "y", "z"]),
            row(4, &["3", "q,r", "w"]),
            Seen::Broken(5, BrokenReason::UnclosedQuote),
            row(6, &["5", "1", "1"])
        ]
    );
}

#[test]
fn lines_of_the_wrong_length_are_broken_and_blank_ones_are_not() {
    let mut source = reader(b"a;b;c\n1;2\n1;2;3;;\n1;2;3;4\n;\n\n1;2;3\n");
    let mut first = RawRow::new();
    source.next_row(&mut first).unwrap();
    source.set_expected_fields(3);
    let seen = drain(&mut source);
    assert_eq!(
        seen[0],
        Seen::Broken(2, BrokenReason::FieldCount { found: 2, expected: 3 })
    );
    assert_eq!(seen[1], row(3, &["1", "2", "3"]));
    assert_eq!(
        seen[2],
        Seen::Broken(4, BrokenReason::FieldCount { found: 4, expected: 3 })
    );
    assert_eq!(seen[3], row(5, &["", ""]));
    assert_eq!(seen[4], row(6, &[]));
    assert_eq!((seen.len(), source.surplus_rows(), source.delimiter()), (6, 1, ';'));
}

#[test]
fn encodings() {
    let text = "nama,alamat\nSITI é,\"JL.\nMAWAR\"\n";
    let expected = [row(1, &["nama", "alamat"]), row(2, &["SITI é", "JL.\nMAWAR"])];
    let units: Vec<u16> = text.encode_utf16().collect();
    let little: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
    let big: Vec<u8> = units.iter().flat_map(|unit| unit.to_be_bytes()).collect();
    let cases = [
        (text.as_bytes().to_vec(), Encoding::Utf8),
        ([b"\xEF\xBB\xBF", text.as_bytes()].concat(), Encoding::Utf8),
        ([b"\xFF\xFE".as_slice(), &little].concat(), Encoding::Utf16Le),
        (little, Encoding::Utf16Le),
        ([b"\xFE\xFF".as_slice(), &big].concat(), Encoding::Utf16Be),
        (big, Encoding::Utf16Be),
    ];
    for (bytes, encoding) in cases {
        let mut source = reader(&bytes);
        assert_eq!(source.encoding(), encoding);
        assert_eq!(drain(&mut source), expected, "{encoding}");
    }
}

#[test]
fn windows_1252_is_told_record_by_record() {
    let mut source = reader(b"nama,b\nSITI \xE9\x80,\"x\xE9\"\nBUDI \xC3\xA9,y\n");
    assert_eq!(source.encoding(), Encoding::Utf8);
    assert_eq!(
        drain(&mut source),
        [
            row(1, &["nama", "b"]),
            row(2, &["SITI é€", "xé"]),
            row(3, &["BUDI é", "y"])
        ]
    );
    assert_eq!(
        (source.encoding(), source.windows_1252_rows()),
        (Encoding::Windows1252, 1)
    );
}

#[test]
fn nul_bytes_refuse_the_file_wherever_they_stand() {
    let mut bytes = b"nama,nik\n".repeat(200_000);
    let at = bytes.len() - 5;
    bytes[at] = 0;
    let mut source = reader(&bytes);
    let mut row = RawRow::new();
    let error = loop {
        match source.next_row(&mut row) {
            Ok(Next::Row) => {}
            Ok(other) => panic!("{other:?}"),
            Err(error) => break error,
        }
    };
    assert!(
        matches!(error, super::super::ReadError::NulBytes { line: 200_000 }),
        "{error}"
    );
}

#[test]
fn a_field_over_one_megabyte_costs_its_row_only() {
    let long = "x".repeat((1 << 20) + 1);
    let endless = "y".repeat(20 << 20);
    let text = format!("a,b\n1,{long}\n2,\"{long}\"\n3,{endless}\n4,ok\n");
    let seen = checked(text.as_bytes());
    let broken = |line| Seen::Broken(line, BrokenReason::FieldTooLong);
    assert_eq!(seen, [broken(2), broken(3), broken(4), row(5, &["4", "ok"])]);
}

#[test]
fn records_are_whole_wherever_the_buffer_ends() {
    let mut text = String::from("no,teks,x\n");
    for i in 0..60_000 {
        let end = ["\n", "\r\n", "\r"][i % 3];
        write!(text, "{i},\"baris {i}\nlagi \"\"{i}\"\"\",z{end}").unwrap();
    }
    let seen = checked(text.as_bytes());
    assert_eq!(seen.len(), 60_000);
    for (i, one) in seen.iter().enumerate() {
        assert_eq!(
            *one,
            row(
                2 + 2 * i as u64,
                &[&i.to_string(), &format!("baris {i}\nlagi \"{i}\""), "z"]
            )
        );
    }
}

#[test]
fn torn_quotes_all_over_stay_linear() {
    let mut text = String::from("a,b,c\n");
    for _ in 0..200_000 {
        text.push_str("a\",\"b\n");
    }
    let started = std::time::Instant::now();
    assert_eq!(checked(text.as_bytes()).len(), 200_000);
    let mut text = String::from("a,b\n");
    for i in 0..3_000 {
        writeln!(text, "1,\"{}", "x".repeat(i % 700)).unwrap();
        text.push_str(&"2,y\n".repeat(300));
    }
    checked(text.as_bytes());
    assert!(started.elapsed().as_secs() < 60, "{:?}", started.elapsed());
}

#[test]
fn random_bytes_never_panic_and_always_end() {
    let mut random = fastrand::Rng::with_seed(7);
    let alphabet = b"a1,;|\t\"\"\"\n\r\xE9\xC3\xA9 ";
    for _ in 0..3_000 {
        let bytes: Vec<u8> = (0..random.usize(0..200))
            .map(|_| alphabet[random.usize(0..alphabet.len())])
            .collect();
        let mut source = reader(&bytes);
        if random.bool() {
            source.set_expected_fields(random.usize(1..4));
        }
        let lines = bytes.iter().filter(|b| b"\n\r".contains(b)).count() + 1;
        assert!(drain(&mut source).len() <= lines);
    }
}

#[test]
fn what_was_written_by_the_letter_is_read_back() {
    let mut random = fastrand::Rng::with_seed(13);
    let alphabet: Vec<char> = "ab1é \"\"\n;,|".chars().collect();
    for delimiter in [',', ';', '|', '\t'] {
        let d = delimiter.to_string();
        let plain = format!(
            "{}\n{}",
            ["h1", "h2", "h3", "h4"].join(&d),
            format!("{}\n", ["1", "2", "3", "4"].join(&d)).repeat(300)
        );
        let (mut text, mut table) = (plain, Vec::new());
        for _ in 0..4_000 {
            let cells: Vec<String> = (0..4)
                .map(|_| {
                    (0..random.usize(0..6))
                        .map(|_| alphabet[random.usize(0..alphabet.len())])
                        .collect()
                })
                .collect();
            let quoted = |cell: &String| {
                let must = cell.contains(['"', '\n', delimiter]);
                if must || cell.len().is_multiple_of(2) {
                    format!("\"{}\"", cell.replace('"', "\"\""))
                } else {
                    cell.clone()
                }
            };
            text.push_str(&cells.iter().map(quoted).collect::<Vec<_>>().join(&d));
            text.push_str(["\n", "\r\n"][random.usize(0..2)]);
            table.push(cells);
        }
        let seen = checked(text.as_bytes());
        assert_eq!(seen.len(), 300 + table.len(), "{delimiter}");
        for (one, cells) in seen[300..].iter().zip(table) {
            assert!(
                matches!(one, Seen::Row(_, found) if *found == cells),
                "{one:?} {cells:?}"
            );
        }
    }
}

#[test]
fn an_unclosed_quote_before_many_clean_lines() {
    let mut text = String::from("a,b,c\n1,\"open,x\n");
    text.push_str(&"2,\"y, z\",w\n".repeat(5_000));
    let seen = checked(text.as_bytes());
    assert_eq!(seen[0], Seen::Broken(2, BrokenReason::UnclosedQuote));
    assert_eq!(seen.len(), 5_001);
    assert!(seen[1..].iter().all(|one| matches!(one, Seen::Row(..))));
}

#[test]
fn the_raw_text_of_a_broken_row_is_kept_and_capped() {
    let mut source = reader(format!("a,b\n1\n2,3,\"{}\"\n", "é".repeat(60_000)).as_bytes());
    source.set_expected_fields(2);
    let mut row = RawRow::new();
    source.next_row(&mut row).unwrap();
    let Next::Broken(broken) = source.next_row(&mut row).unwrap() else {
        panic!("not broken")
    };
    assert_eq!((broken.line, broken.raw.as_str()), (2, "1"));
    let Next::Broken(broken) = source.next_row(&mut row).unwrap() else {
        panic!("not broken")
    };
    assert!(broken.raw.len() <= 64 << 10 && broken.raw.ends_with('é'));
}
