//! Rows per second of the cleaning kernels: `cargo bench --bench kernels` (figures go to docs/performance.md).
#![allow(missing_docs, clippy::unwrap_used, reason = "a bench ends where something fails")]

use bansos360::reference;
use bansos360::standardise::nik::{Identity, judge_column};
use bansos360::standardise::{CellColumn, Notes, date, name};
use bansos360::wilayah::{PlaceCells, PlaceResolver};
use chrono::NaiveDate;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;

const ROWS: u64 = 65_536;

/// A column that repeats these cells.
fn column(cells: &[&str]) -> CellColumn {
    CellColumn::from_texts(cells.iter().copied().cycle().take(ROWS as usize))
}

fn kernels(criterion: &mut Criterion) {
    let reference = reference::built_in().unwrap();
    let until = NaiveDate::from_ymd_opt(2020, 10, 31).unwrap();
    let mut group = criterion.benchmark_group("kernels");
    group.throughput(Throughput::Elements(ROWS));

    let nik = column(&[
        "3503110203850001",
        "'3503114203850002",
        "3503.1102.0385.0003.",
        "",
        "350311020385001",
    ]);
    group.bench_function("nik", |bencher| {
        bencher.iter(|| {
            judge_column(
                Identity::Nik,
                black_box(&nik),
                None,
                &reference.wilayah,
                &mut Notes::default(),
            )
        });
    });

    let dates = column(&[
        "1985-03-02",
        "02/03/1985",
        "2 Maret 1985",
        "TRENGGALEK, 02-03-1985",
        "00-00-0000",
    ]);
    group.bench_function("date", |bencher| {
        bencher.iter(|| date::DateColumn::read(black_box(&dates), until));
    });

    let names = column(&["SITI AMINAH", "  h. sutrisno,  s.pd.", "SLAMET (ALM)", "MU'ALIMAH"]);
    group.bench_function("name", |bencher| {
        bencher.iter(|| name::clean_column(black_box(&names), &mut Notes::default()));
    });

    let places = [
        ("KEC. PANGGUL", "NGLEBENG"),
        ("Munjungan", "Ngulung Kulon"),
        ("PANGUL", "BANJARR"),
        ("", "BESUKI"),
    ];
    group.bench_function("place", |bencher| {
        bencher.iter(|| {
            let mut resolver = PlaceResolver::new(&reference.wilayah, &["3503".to_owned()]);
            for (kecamatan, desa) in places.iter().cycle().take(ROWS as usize) {
                black_box(resolver.resolve(&PlaceCells {
                    kecamatan,
                    desa,
                    ..PlaceCells::default()
                }));
            }
        });
    });
    group.finish();
}

criterion_group!(benches, kernels);
criterion_main!(benches);
