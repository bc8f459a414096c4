//! The four lists of programs, each in the shape of its real file.

use super::SampleError;
use super::daftar::{self, Baris, Daftar, Kolom, Susunan};
use super::dtks::Neraca;
use super::dunia::Dunia;
use super::lembar::{self, Lembar};
use super::penerima::{self, Penerima, penerima, penerima_luar};
use super::rng::Rng;
use super::tempat::GayaTempat;
use super::truth::{Kesalahan, Tabel};
use std::path::Path;

/// Words of the status column with their weights, and whether such a row still receives.
pub type Status = &'static [(&'static str, u32, bool)];

const STATUS_PKH: Status = &[
    ("AKTIF", 940, true),
    ("NON AKTIF", 25, false),
    ("GRADUASI", 20, false),
    ("Meninggal", 5, false),
    ("", 10, true),
];
const STATUS_SEMBAKO: Status = &[("CLEAN", 880, true), ("UNCLEAN", 80, true), ("NONAKTIF", 40, false)];
const STATUS_BST: Status = &[("BAYAR", 930, true), ("GAGAL", 50, true), ("BATAL", 20, false)];

const PKH: &Susunan = &[
    ("No", Kolom::No),
    ("NoPesertaPKH", Kolom::Kartu),
    ("NoArtPKH", Kolom::Rekening),
    ("Nama Pengurus", Kolom::Nama),
    ("NIK", Kolom::Nik),
    ("No KK", Kolom::Kk),
    ("TglLahir_Pengurus", Kolom::Lahir),
    ("Jenis Kelamin", Kolom::Kelamin),
    ("Nama Ibu Kandung", Kolom::Ibu),
    ("Provinsi", Kolom::Provinsi),
    ("Kabupaten", Kolom::Kabupaten),
    ("Kecamatan", Kolom::Kecamatan),
    ("Desa/Kelurahan", Kolom::Desa),
    ("Dusun", Kolom::Dusun),
    ("RT", Kolom::Rt),
    ("RW", Kolom::Rw),
    ("Alamat", Kolom::Alamat),
    ("Bank", Kolom::Bank),
    ("NoRekening", Kolom::Rekening),
    ("Ibu Hamil", Kolom::Hitung),
    ("Anak Usia Dini", Kolom::Hitung),
    ("SD", Kolom::Hitung),
    ("SMP", Kolom::Hitung),
    ("SMA", Kolom::Hitung),
    ("Disabilitas", Kolom::Hitung),
    ("Lanjut Usia", Kolom::Hitung),
    ("Status", Kolom::Status),
];
const SEMBAKO_B: &Susunan = &[
    ("NOMOR_KARTU", Kolom::Kartu),
    ("NAMA_PENERIMA", Kolom::Nama),
    ("NIK_KTP", Kolom::Nik),
    ("NOKK_DTKS", Kolom::Kk),
    ("IDARTBDT", Kolom::Tetap("")),
    ("IDKELUARGA", Kolom::Rekening),
    ("NMPROP", Kolom::Provinsi),
    ("NMKAB", Kolom::Kabupaten),
    ("NMKEC", Kolom::Kecamatan),
    ("NMKEL", Kolom::Desa),
    ("ALAMAT", Kolom::Alamat),
    ("KET_TAMBAHAN", Kolom::Keterangan),
    ("STATUS_BARU", Kolom::Status),
];
const SEMBAKO_A: &Susunan = &[
    ("ID_Pengurus", Kolom::Rekening),
    ("KDPROP", Kolom::KdProp),
    ("NMPROP", Kolom::Provinsi),
    ("KDKAB", Kolom::KdKab),
    ("NMKAB", Kolom::Kabupaten),
    ("KDKEC", Kolom::KdKec),
    ("NMKEC", Kolom::Kecamatan),
    ("KDDESA", Kolom::KdDesa),
    ("NMDESA", Kolom::Desa),
    ("Nama_Pengurus", Kolom::Nama),
    ("NIK_Pengurus", Kolom::Nik),
    ("Alamat_Pengurus", Kolom::Alamat),
    ("BANK", Kolom::Bank),
    ("NOKARTU", Kolom::Kartu),
    ("NOREKENING", Kolom::Rekening),
    ("NoArtPBDTKemsos", Kolom::Tetap("")),
    ("NoKK", Kolom::Kk),
    ("TglLahir_Pengurus", Kolom::Lahir),
    ("keterangan", Kolom::Keterangan),
];
const BST: &Susunan = &[
    ("NO", Kolom::No),
    ("NO DANOM", Kolom::Kartu),
    ("NAMA PENERIMA", Kolom::Nama),
    ("NIK", Kolom::Nik),
    ("NO KK", Kolom::Kk),
    ("ALAMAT", Kolom::Alamat),
    ("RT", Kolom::Rt),
    ("RW", Kolom::Rw),
    ("DESA/KELURAHAN", Kolom::Desa),
    ("KECAMATAN", Kolom::Kecamatan),
    ("KABUPATEN", Kolom::Kabupaten),
    ("PROVINSI", Kolom::Provinsi),
    ("KANTOR POS", Kolom::Pos),
    ("TAHAP", Kolom::Tahap),
    ("NOMINAL", Kolom::Nominal),
    ("STATUS", Kolom::Status),
    ("KETERANGAN", Kolom::Keterangan),
];
/// Opens a list with its truth.
pub fn buka<'a>(
    d: &'a Dunia,
    out: &Path,
    berkas: &str,
    slug: &str,
    kode: &'static str,
    status: Status,
) -> Result<Daftar<'a>, SampleError> {
    let truth = out.join("truth");
    Ok(Daftar {
        dunia: d,
        berkas: berkas.to_owned(),
        kode,
        tahap: None,
        periode: None,
        status,
        angka: 0.0,
        tempat: GayaTempat::Nama,
        truth: Tabel::new(
            &truth.join("bantuan_sosial").join(format!("{slug}.parquet")),
            daftar::TRUTH,
        )?,
        kesalahan: Kesalahan::new(&truth.join("kesalahan").join(format!("{slug}.parquet")), berkas)?,
        neraca: Neraca {
            berkas: berkas.to_owned(),
            ..Neraca::default()
        },
        nomor: 0,
    })
}

/// Writes the header row.
pub fn kepala(l: &mut Lembar, susunan: &Susunan) -> Result<u64, SampleError> {
    l.baris_teks(&susunan.iter().map(|(judul, _)| *judul).collect::<Vec<_>>())
}

/// The stream of a row: one for each program and recipient.
pub fn rng(d: &Dunia, program: u64, p: &Penerima) -> Rng {
    Rng::new(&[d.seed, program, p.kunci])
}

/// `ExportMstPeserta PKH (8-7-2020).xlsx`: an export of a system, header in the first row, everything text; formatted
/// rows without a value below, and a hidden sheet with recipients outside DTKS.
pub fn pkh(d: &Dunia, out: &Path) -> Result<(Neraca, u64), SampleError> {
    let nama = "ExportMstPeserta PKH (8-7-2020).xlsx";
    let mut daftar = Daftar {
        periode: Some("2020-07"),
        ..buka(d, out, nama, "pkh", "PKH", STATUS_PKH)?
    };
    let mut sheets = [Lembar::new("Sheet1")?, Lembar::new("Susulan")?];
    for l in &mut sheets {
        kepala(l, PKH)?;
    }
    let mut b = Baris::default();
    let mut kerja = |p: &Penerima| {
        let mut r = rng(d, 31, p);
        daftar.isi(&mut r, p, &mut b);
        let luar = p.kunci >= penerima::LUAR;
        daftar.tulis(&mut sheets[usize::from(luar)], PKH, &mut b, &mut r)
    };
    penerima(d, 0..d.semua, |k| k.pkh, penerima::istri, &mut kerja)?;
    penerima_luar(d, 0, d.semua / 250 + 3, kerja)?;
    sheets[0].baris_hantu(30, PKH.len() as u16)?;
    sheets[1].sembunyikan();
    daftar.lewati(30);
    lembar::simpan(&out.join("raw").join(nama), sheets.into())?;
    daftar.selesai()
}

/// `Program Sembako Tahap 8 Agustus 2020.xlsx`: the regular and the extension list, one sheet each, in two layouts.
pub fn sembako(d: &Dunia, out: &Path) -> Result<(Neraca, u64), SampleError> {
    let nama = "Program Sembako Tahap 8 Agustus 2020.xlsx";
    let mut daftar = Daftar {
        tahap: Some("8"),
        periode: Some("2020-08"),
        ..buka(d, out, nama, "sembako", "SEMBAKO", STATUS_SEMBAKO)?
    };
    let mut sheets = Vec::new();
    for (perluasan, judul) in [(false, "SEMBAKO REGULER"), (true, "SEMBAKO PERLUASAN")] {
        let mut l = Lembar::new(judul)?;
        let susunan = if perluasan { SEMBAKO_A } else { SEMBAKO_B };
        if perluasan {
            daftar.tempat = GayaTempat::Penuh;
            daftar.angka = 0.3;
            // This layout has no status column: everybody on it receives.
            daftar.status = &[("", 1, true)];
        } else {
            l.baris_teks(&["DATA PENERIMA PROGRAM SEMBAKO REGULER TAHAP 8 BULAN AGUSTUS 2020"])?;
            daftar.lewati(1);
        }
        kepala(&mut l, susunan)?;
        let mut b = Baris::default();
        let mut kerja = |p: &Penerima| {
            if (p.kunci % 5 >= 3) != perluasan {
                return Ok(());
            }
            let mut r = rng(d, 32, p);
            daftar.isi(&mut r, p, &mut b);
            daftar.tulis(&mut l, susunan, &mut b, &mut r)
        };
        let pemegang = |r: &mut Rng, rt: &super::dunia::RumahTangga, kel| {
            if r.chance(0.3) {
                penerima::kepala(rt, kel)
            } else {
                penerima::istri(r, rt, kel)
            }
        };
        penerima(d, 0..d.semua, |k| k.sembako, pemegang, &mut kerja)?;
        penerima_luar(d, 0, d.semua / 150, kerja)?;
        sheets.push(l);
    }
    lembar::simpan(&out.join("raw").join(nama), sheets)?;
    daftar.selesai()
}

/// `BNBA TL THP 3.xlsx`: titles, a numbered row, the header again on every printed page, a total, notes, and a sheet of totals.
pub fn bst(d: &Dunia, out: &Path) -> Result<(Neraca, u64), SampleError> {
    let nama = "BNBA TL THP 3.xlsx";
    let mut daftar = Daftar {
        tahap: Some("3"),
        angka: 0.08,
        ..buka(d, out, nama, "bst", "BST", STATUS_BST)?
    };
    let mut l = Lembar::new("BNBA")?;
    let lebar = BST.len() as u16;
    l.baris_lebar("DAFTAR PENERIMA BANTUAN SOSIAL TUNAI (BST)", lebar)?;
    l.baris_lebar(
        &format!("KABUPATEN {} TAHAP 3 TAHUN 2020", d.wilayah.nama_kabupaten),
        lebar,
    )?;
    l.maju();
    kepala(&mut l, BST)?;
    let angka: Vec<String> = (1..=BST.len()).map(|n| format!("({n})")).collect();
    l.baris_teks(&angka.iter().map(String::as_str).collect::<Vec<_>>())?;
    daftar.lewati(4);
    let mut b = Baris::default();
    let mut halaman = 0;
    let mut kerja = |p: &Penerima| {
        halaman += 1;
        if halaman % 400 == 0 {
            kepala(&mut l, BST)?;
            daftar.lewati(1);
        }
        let mut r = rng(d, 33, p);
        daftar.isi(&mut r, p, &mut b);
        daftar.tulis(&mut l, BST, &mut b, &mut r)
    };
    penerima(
        d,
        0..d.semua,
        |k| k.bst,
        |_, rt, kel| penerima::kepala(rt, kel),
        &mut kerja,
    )?;
    penerima_luar(d, d.semua / 100, d.semua / 20, kerja)?;
    l.baris_teks(&[
        "TOTAL",
        "",
        "",
        "",
        "",
        "",
        "",
        "",
        "",
        "",
        "",
        "",
        "",
        "",
        &format!("{}", daftar.nomor * 600_000),
    ])?;
    l.maju();
    l.baris_teks(&["Catatan: data rekaan untuk mencoba program"])?;
    daftar.lewati(3);
    let mut rekap = Lembar::new("Rekap")?;
    rekap.baris_teks(&["Program", "Bantuan Sosial Tunai"])?;
    rekap.baris_teks(&["Asal dana", "APBN"])?;
    lembar::simpan(&out.join("raw").join(nama), vec![l, rekap])?;
    daftar.selesai()
}
