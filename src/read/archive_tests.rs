use std::io::{Cursor, Write};

use tempfile::NamedTempFile;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::*;

fn saved(bytes: &[u8]) -> NamedTempFile {
    let mut file = NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    file
}

fn packed(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn refused(bytes: &[u8]) -> ReadError {
    Archive::open(saved(bytes).path()).err().unwrap()
}

#[test]
fn members_are_listed_and_read() {
    let big = b"id,nama\n".repeat(100_000);
    let file = saved(&packed(&[
        ("data/RT.csv", &big),
        ("__MACOSX/data/._RT.csv", b"x"),
        ("data/Thumbs.db", b"x"),
        ("~$RT.xlsx", b"x"),
        ("kosong.csv", b""),
    ]));
    let archive = Archive::open(file.path()).unwrap();
    let names: Vec<_> = archive.members().iter().map(|member| member.name.as_str()).collect();
    assert_eq!(names, ["data/RT.csv", "kosong.csv"]);
    archive.verify().unwrap();
    let mut text = Vec::new();
    let index = archive.members()[0].index;
    archive.open_member(index).unwrap().read_to_end(&mut text).unwrap();
    assert_eq!(text, big);
    let mut unpacked = archive.unpack_member(index, &std::env::temp_dir()).unwrap();
    assert_eq!(super::super::detect(&mut unpacked).unwrap(), super::super::Format::Csv);
    assert!(matches!(
        archive.open_member(99),
        Err(ReadError::NoMember { index: 99 })
    ));
}

#[test]
fn names_that_lead_outside_are_refused() {
    for name in ["../x.csv", "a/../../x.csv", "/etc/x.csv", "C:/x.csv", "a\\x.csv"] {
        // The writer cleans names, so a harmless one of the same length is overwritten in both places.
        let placeholder = "q".repeat(name.len());
        let mut bytes = packed(&[(&placeholder, b"x")]);
        while let Some(at) = memchr::memmem::find(&bytes, placeholder.as_bytes()) {
            bytes[at..at + name.len()].copy_from_slice(name.as_bytes());
        }
        assert!(matches!(refused(&bytes), ReadError::MemberPath { .. }), "{name}");
    }
}

#[test]
fn encrypted_linked_double_and_exploding_members_are_refused() {
    let mut bytes = packed(&[("a.csv", b"x,y")]);
    bytes[6] |= 1;
    let central = memchr::memmem::find(&bytes, b"PK\x01\x02").unwrap();
    bytes[central + 8] |= 1;
    assert!(matches!(refused(&bytes), ReadError::MemberEncrypted { .. }));

    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    writer
        .add_symlink("a.csv", "/etc/passwd", SimpleFileOptions::default())
        .unwrap();
    assert!(matches!(
        refused(&writer.finish().unwrap().into_inner()),
        ReadError::MemberLink { .. }
    ));

    assert!(matches!(
        refused(&packed(&[("a.csv", b"1"), ("A.CSV", b"2")])),
        ReadError::MemberTwice { .. }
    ));
    let mut bytes = packed(&[("a.csv", b"1"), ("b.csv", b"2")]);
    while let Some(at) = memchr::memmem::find(&bytes, b"b.csv") {
        bytes[at] = b'a';
    }
    assert!(matches!(refused(&bytes), ReadError::MemberTwice { .. }));

    assert!(matches!(
        refused(&packed(&[("nol.csv", &vec![b'0'; 64 << 20])])),
        ReadError::TooLarge { .. }
    ));
}

#[test]
fn damage_is_told_with_the_member_that_has_it() {
    let text: Vec<u8> = (0..200_000_u32)
        .flat_map(|i| format!("{},{}\n", i, i.wrapping_mul(2_654_435_761)).into_bytes())
        .collect();
    let whole = packed(&[("baik.csv", b"a,b\n"), ("rusak.csv", &text)]);
    assert!(matches!(refused(&whole[..whole.len() / 2]), ReadError::ZipDamaged));
    let mut bytes = whole.clone();
    let at = bytes.len() / 2;
    bytes[at] ^= 0x55;
    let file = saved(&bytes);
    let error = Archive::open(file.path()).unwrap().verify().unwrap_err();
    assert!(
        matches!(&error, ReadError::PartDamaged { part } if part == "rusak.csv"),
        "{error}"
    );

    // A member that unpacks to more than the table of contents says.
    let mut bytes = whole;
    let name = memchr::memmem::rfind(&bytes, b"rusak.csv").unwrap();
    bytes[name - 46 + 24..name - 46 + 28].copy_from_slice(&10_u32.to_le_bytes());
    let file = saved(&bytes);
    let error = Archive::open(file.path())
        .and_then(|archive| archive.verify())
        .unwrap_err();
    assert!(matches!(error, ReadError::PartDamaged { .. }), "{error}");
}

#[test]
fn mutated_archives_never_panic() {
    let whole = packed(&[("a.csv", b"id,nama\n1,SITI\n"), ("b/c.csv", &b"x,y\n".repeat(500))]);
    let mut random = fastrand::Rng::with_seed(11);
    for _ in 0..400 {
        let mut bytes = whole.clone();
        for _ in 0..random.usize(1..6) {
            let at = random.usize(0..bytes.len());
            bytes[at] = random.u8(..);
        }
        bytes.truncate(random.usize(bytes.len() / 2..=bytes.len()));
        let file = saved(&bytes);
        if let Ok(archive) = Archive::open(file.path()) {
            let _ = archive.verify();
        }
        let _ = super::super::detect(&mut Cursor::new(bytes));
    }
}
