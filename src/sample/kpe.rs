//! `BNBA KPE 20K.xlsx`: the district's own list, in blocks by kecamatan.

use super::SampleError;
use super::daftar::{Baris, Daftar, Kolom, Susunan};
use super::dtks::Neraca;
use super::dunia::Dunia;
use super::lembar::{self, Lembar};
use super::penerima::{self, Penerima, penerima, penerima_luar};
use super::program::{Status, buka, kepala, rng};
use std::path::Path;

const STATUS_KPE: Status = &[("", 600, true), ("AKTIF", 380, true), ("DIHENTIKAN", 20, false)];

/// Column 9 is a kecamatan that is merged over its rows; it is written after them.
const KPE_GABUNG: &Susunan = &[
    ("NO", Kolom::No),
    ("NAMA", Kolom::Nama),
    ("NIK", Kolom::Nik),
    ("NO KK", Kolom::Kk),
    ("ALAMAT", Kolom::Alamat),
    ("RT", Kolom::Rt),
    ("RW", Kolom::Rw),
    ("DESA/KELURAHAN", Kolom::Desa),
    ("KECAMATAN", Kolom::Tetap("")),
    ("NO KARTU", Kolom::Kartu),
    ("NO HP", Kolom::Hp),
    ("STATUS", Kolom::Status),
    ("KETERANGAN", Kolom::Keterangan),
];
const KPE_ANAK_JUDUL: &Susunan = &[
    ("NO", Kolom::No),
    ("NAMA KPM", Kolom::Nama),
    ("NIK", Kolom::Nik),
    ("NO. KK", Kolom::Kk),
    ("ALAMAT", Kolom::Alamat),
    ("RT", Kolom::Rt),
    ("RW", Kolom::Rw),
    ("DESA", Kolom::Desa),
    ("NO KARTU", Kolom::Kartu),
    ("NO HP", Kolom::Hp),
    ("STATUS", Kolom::Status),
    ("KETERANGAN", Kolom::Keterangan),
];

/// `BNBA KPE 20K.xlsx`: one sheet with merged kecamatan cells, one with kecamatan as rows between the others; totals and signatures.
pub fn kpe(d: &Dunia, out: &Path) -> Result<(Neraca, u64), SampleError> {
    let nama = "BNBA KPE 20K.xlsx";
    let mut daftar = Daftar {
        angka: 0.25,
        ..buka(d, out, nama, "kpe", "KPE", STATUS_KPE)?
    };
    let separuh = d.wilayah.kecamatan.len() / 2;
    let mut sheets = vec![Lembar::new("Wilayah I")?, Lembar::new("Wilayah II")?];
    for (i, l) in sheets.iter_mut().enumerate() {
        let lebar = if i == 0 { KPE_GABUNG.len() } else { KPE_ANAK_JUDUL.len() } as u16;
        l.baris_lebar("DAFTAR PENERIMA KARTU PENYANGGA EKONOMI (KPE)", lebar)?;
        l.baris_lebar(&format!("DINAS SOSIAL KABUPATEN {}", d.wilayah.nama_kabupaten), lebar)?;
        l.maju();
        kepala(l, if i == 0 { KPE_GABUNG } else { KPE_ANAK_JUDUL })?;
        daftar.lewati(3);
    }
    for kec in 0..d.wilayah.kecamatan.len() {
        let kedua = kec >= separuh;
        blok_kpe(&mut daftar, &mut sheets[usize::from(kedua)], kec, kedua)?;
    }
    for l in &mut sheets {
        l.baris_teks(&["", "JUMLAH SELURUHNYA", "", "", &daftar.nomor.to_string()])?;
        l.maju();
        l.baris_teks(&["", "Catatan: data rekaan untuk mencoba program"])?;
        l.baris_teks(&["", "Mengetahui,"])?;
        l.baris_teks(&["", "KEPALA DINAS SOSIAL"])?;
        l.maju();
        l.baris_teks(&["", "Drs. BAMBANG REKAAN"])?;
        daftar.lewati(7);
    }
    lembar::simpan(&out.join("raw").join(nama), sheets)?;
    daftar.selesai()
}

/// The rows of one kecamatan.
fn blok_kpe(daftar: &mut Daftar, l: &mut Lembar, kec: usize, anak_judul: bool) -> Result<(), SampleError> {
    let d = daftar.dunia;
    let nama_kec = d.wilayah.kecamatan[kec].nama.clone();
    let susunan = if anak_judul { KPE_ANAK_JUDUL } else { KPE_GABUNG };
    if anak_judul {
        l.baris_lebar(&format!("KECAMATAN {nama_kec}"), susunan.len() as u16)?;
        daftar.lewati(1);
    }
    let awal = l.berikut();
    let mut b = Baris::default();
    let mut kerja = |p: &Penerima| {
        if d.wilayah.desa[p.asal].kecamatan != kec {
            return Ok(());
        }
        let mut r = rng(d, 34, p);
        daftar.isi(&mut r, &Penerima { desa: p.asal, ..*p }, &mut b);
        // The kecamatan comes from the block, never from a cell of the row.
        b.tempat.benar.0 = Some(kec);
        if b.tempat.noda == "salah_ketik_kecamatan" {
            b.tempat.noda = "";
        }
        daftar.tulis(l, susunan, &mut b, &mut r)
    };
    penerima(
        d,
        d.rumah_di_kecamatan(kec),
        |k| k.kpe,
        |_, rt, k| penerima::kepala(rt, k),
        &mut kerja,
    )?;
    penerima_luar(d, d.semua / 20, d.semua / 14, kerja)?;
    let akhir = l.berikut();
    if !anak_judul && akhir > awal {
        l.gabung((awal, 8), (akhir - 1, 8), &nama_kec)?;
    }
    if anak_judul {
        l.baris_teks(&["", "SUB TOTAL", "", "", &(akhir - awal).to_string()])?;
        daftar.lewati(1);
    }
    Ok(())
}
