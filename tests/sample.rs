//! The committed sample is what the generator makes, byte for byte.

use bansos360::sample::{SampleError, SampleOptions, generate};
use std::collections::BTreeMap;
use std::error::Error;
use std::path::{Path, PathBuf};

/// Bytes of every file below a folder, by its path from there.
fn files(root: &Path) -> Result<BTreeMap<PathBuf, Vec<u8>>, Box<dyn Error>> {
    let mut found = BTreeMap::new();
    let mut open = vec![root.to_path_buf()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                open.push(path);
            } else {
                found.insert(path.strip_prefix(root)?.to_path_buf(), std::fs::read(&path)?);
            }
        }
    }
    Ok(found)
}

fn sample(rumah_tangga: u32, seed: u64, kotor: f64, out: &Path) -> Result<(), SampleError> {
    generate(&SampleOptions {
        rumah_tangga,
        seed,
        kotor,
        out: out.to_path_buf(),
        ..SampleOptions::default()
    })
    .map(drop)
}

#[test]
fn the_committed_sample_is_made_again_byte_for_byte() -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    sample(1500, 3503, 1.0, folder.path())?;
    let committed = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample_data");
    for part in ["raw", "truth"] {
        let (made, kept) = (files(&folder.path().join(part))?, files(&committed.join(part))?);
        assert_eq!(
            made.keys().collect::<Vec<_>>(),
            kept.keys().collect::<Vec<_>>(),
            "the files of {part}"
        );
        for (path, bytes) in &made {
            assert!(
                kept.get(path) == Some(bytes),
                "{part}/{} differs from what is committed",
                path.display()
            );
        }
    }
    Ok(())
}

#[test]
fn the_committed_sample_is_small() -> Result<(), Box<dyn Error>> {
    let committed = files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("sample_data"))?;
    let bytes: usize = committed.values().map(Vec::len).sum();
    assert!(bytes < 4_000_000, "{bytes} bytes");
    Ok(())
}

#[test]
fn another_seed_makes_other_people() -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let (one, two) = (folder.path().join("1"), folder.path().join("2"));
    sample(30, 1, 1.0, &one)?;
    sample(30, 2, 1.0, &two)?;
    let (one, two) = (files(&one.join("raw"))?, files(&two.join("raw"))?);
    assert_eq!(one.len(), 11);
    assert!(
        one.iter()
            .all(|(path, bytes)| two.get(path).is_some_and(|other| other != bytes))
    );
    Ok(())
}

#[test]
fn a_clean_sample_has_no_planted_fault() -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    sample(60, 7, 0.0, folder.path())?;
    let sql = format!(
        "select count(*) from read_parquet('{}/truth/kesalahan/*.parquet') where jenis <> 'percentile_kosong'",
        folder.path().display()
    );
    let rows: i64 = duckdb::Connection::open_in_memory()?.query_row(&sql, [], |row| row.get(0))?;
    // Cells typed as numbers that end in 0 and places of migrants are no dirt: the lists are made that way.
    assert!(rows < 20, "{rows} faults");
    Ok(())
}

#[test]
fn a_senseless_size_is_refused() {
    let options = SampleOptions {
        rumah_tangga: 3,
        ..SampleOptions::default()
    };
    assert!(matches!(generate(&options), Err(SampleError::Size(3))));
}
