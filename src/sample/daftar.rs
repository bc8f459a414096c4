//! What all lists of programs share: who receives, what a row holds, which dirt it gets, and its truth.

use super::SampleError;
use super::dtks::Neraca;
use super::dunia::Dunia;
use super::isian::{nama_benar, tulis_nama};
use super::lembar::{Lembar, Nilai};
use super::noda::{self, Konteks, Nomor, pilih};
use super::penerima::Penerima;
use super::rng::Rng;
use super::tanggal::{self, GayaTanggal};
use super::tempat::{GayaTempat, Tempat, judul};
use super::truth::{Jenis, Kesalahan, Tabel};
use std::fmt::Write as _;

/// Columns of the truth of the lists of programs.
pub const TRUTH: &[(&str, Jenis)] = &[
    ("berkas", Jenis::Teks),
    ("lembar", Jenis::Teks),
    ("baris", Jenis::Angka),
    ("nasib", Jenis::Teks),
    ("kode_program", Jenis::Teks),
    ("tahap", Jenis::Teks),
    ("periode_bantuan", Jenis::Teks),
    ("nik", Jenis::Teks),
    ("status_nik", Jenis::Teks),
    ("no_kk", Jenis::Teks),
    ("status_kk", Jenis::Teks),
    ("nama", Jenis::Teks),
    ("aktif", Jenis::Logika),
    ("kode_kecamatan", Jenis::Teks),
    ("kode_desa", Jenis::Teks),
];

/// Rates of faults that concern a whole row of a list.
pub const NODA_BARIS: [(&str, f64); 6] = [
    ("ganda", 0.005),
    ("nik_ganda", 0.005),
    ("nik_ganda_beda_nama", 0.003),
    ("tanpa_nik_kk", 0.003),
    ("tanpa_nama", 0.002),
    ("tanpa_identitas", 0.002),
];

/// Places of migrants; the last but one has a kecamatan that is also a desa of the district.
const RANTAU: [(&str, &str, &str); 5] = [
    ("KOTA SURABAYA", "RUNGKUT", "KEDUNG BARUK"),
    ("KAB. SIDOARJO", "WARU", "TROPODO"),
    ("KOTA JAKARTA TIMUR", "CAKUNG", "PULOGEBANG"),
    ("KABUPATEN TULUNGAGUNG", "BESUKI", "SEDAYUGUNUNG"),
    ("MALAYSIA", "", ""),
];

/// A column of a list.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kolom {
    No,
    Nama,
    Nik,
    Kk,
    Lahir,
    Kelamin,
    Ibu,
    Provinsi,
    Kabupaten,
    Kecamatan,
    Desa,
    KdProp,
    KdKab,
    KdKec,
    KdDesa,
    Dusun,
    Rt,
    Rw,
    Alamat,
    /// A number of the program for this person.
    Kartu,
    Rekening,
    Bank,
    Hitung,
    Status,
    Tahap,
    Nominal,
    Hp,
    Pos,
    Keterangan,
    Tetap(&'static str),
}

/// A column with its header.
pub type Susunan = [(&'static str, Kolom)];

/// The contents of one row.
#[derive(Default)]
pub struct Baris {
    pub nama: String,
    pub nama_benar: Option<String>,
    pub nik: String,
    pub nik_n: Option<Nomor>,
    pub kk: String,
    pub kk_n: Option<Nomor>,
    pub tempat: Tempat,
    pub alamat: String,
    pub lahir: String,
    pub laki: bool,
    pub status: &'static str,
    pub aktif: bool,
    pub kunci: u64,
    pub dusun: &'static str,
    pub noda: &'static str,
}

/// A list while it is written.
pub struct Daftar<'a> {
    pub dunia: &'a Dunia,
    pub berkas: String,
    pub kode: &'static str,
    pub tahap: Option<&'static str>,
    pub periode: Option<&'static str>,
    /// Words of the status column with their weight, and whether such a row still receives.
    pub status: &'static [(&'static str, u32, bool)],
    /// Share of identity numbers that were typed as numbers.
    pub angka: f64,
    pub tempat: GayaTempat,
    pub truth: Tabel,
    pub kesalahan: Kesalahan,
    pub neraca: Neraca,
    pub nomor: u64,
}

impl Daftar<'_> {
    /// Composes the row of a recipient.
    pub fn isi(&self, rng: &mut Rng, p: &Penerima, b: &mut Baris) {
        let d = self.dunia;
        for teks in [&mut b.nama, &mut b.nik, &mut b.kk, &mut b.alamat, &mut b.lahir] {
            teks.clear();
        }
        b.noda = pilih(rng, &NODA_BARIS, d.kotor);
        let rapi = b.noda.contains("ganda");
        let kk = if rapi {
            noda::polos(p.kk, &mut b.kk)
        } else {
            noda::kk(rng, p.kk, d.kotor, &mut b.kk)
        };
        let kk = self.sebagai_angka(rng, kk, rapi);
        let konteks = Konteks {
            kk: kk.bersih.filter(|_| kk.status == "VALID"),
            desa: &d.wilayah.desa[p.desa].kode,
            kotor: d.kotor,
        };
        let nik = if rapi {
            noda::polos(p.orang.nik, &mut b.nik)
        } else {
            noda::nik(rng, p.orang.nik, &konteks, &mut b.nik)
        };
        b.nik_n = Some(self.sebagai_angka(rng, nik, rapi));
        b.kk_n = Some(kk);
        let noda_nama = tulis_nama(rng, &p.orang.nama, d.kotor, &mut b.nama);
        b.nama_benar = Some(nama_benar(&p.orang.nama, noda_nama));
        b.tempat.tulis(rng, &d.wilayah, p.desa, self.tempat, d.kotor);
        if p.rantau && self.kode == "BST" {
            let (kab, kec, desa) = rng.pick(&RANTAU);
            b.tempat.luar(kab, kec, desa);
        }
        let _ = tanggal::tulis_tanggal(GayaTanggal::Strip, p.orang.lahir, &mut b.lahir);
        let (rt, rw) = (1 + rng.below(20), 1 + rng.below(8));
        let _ = write!(b.alamat, "DSN {} RT {rt:02} RW {rw:02}", p.dusun);
        b.laki = p.orang.laki;
        (b.status, b.aktif) = self.status_acak(rng);
        b.kunci = p.kunci;
        b.dusun = p.dusun;
        self.rusak_baris(b);
    }

    /// A share of the clean numbers is stored as a number, which costs those that end in 0.
    fn sebagai_angka(&self, rng: &mut Rng, n: Nomor, rapi: bool) -> Nomor {
        match n.bersih {
            Some(nilai) if n.noda.is_empty() && !rapi && rng.chance(self.angka) => noda::angka(nilai),
            _ => n,
        }
    }

    fn status_acak(&self, rng: &mut Rng) -> (&'static str, bool) {
        let semua: u32 = self.status.iter().map(|s| s.1).sum();
        let mut undi = rng.below(semua);
        for (kata, bobot, aktif) in self.status {
            if undi < *bobot {
                return (kata, *aktif);
            }
            undi -= bobot;
        }
        ("", true)
    }

    fn rusak_baris(&self, b: &mut Baris) {
        let kosong = Some(Nomor {
            bersih: None,
            status: "KOSONG",
            noda: "",
            angka: false,
        });
        if matches!(b.noda, "tanpa_nik_kk" | "tanpa_identitas") {
            b.nik.clear();
            b.kk.clear();
            (b.nik_n, b.kk_n) = (kosong, kosong);
        }
        if matches!(b.noda, "tanpa_nama" | "tanpa_identitas") {
            b.nama.clear();
            b.nama_benar = None;
        }
        // A row with the name alone has to have its NIK told in some way, else it could not be kept.
        if b.noda == "tanpa_nama" && b.nik_n.is_some_and(|n| n.bersih.is_none()) {
            b.noda = "tanpa_identitas";
            b.nik.clear();
            b.kk.clear();
            (b.nik_n, b.kk_n) = (kosong, kosong);
        }
    }

    /// Writes the row, and what its fault asks for after it.
    pub fn tulis(
        &mut self,
        l: &mut Lembar,
        susunan: &Susunan,
        b: &mut Baris,
        rng: &mut Rng,
    ) -> Result<(), SampleError> {
        let nasib = if b.noda == "tanpa_identitas" {
            "karantina"
        } else {
            "simpan"
        };
        self.satu(l, susunan, b, nasib)?;
        match b.noda {
            "ganda" => {
                b.nama = judul(&b.nama);
                b.nik.insert(0, '\'');
                self.satu(l, susunan, b, "duplikat")?;
            }
            "nik_ganda" | "nik_ganda_beda_nama" => {
                b.kunci += 1 << 50;
                if b.noda == "nik_ganda_beda_nama" {
                    let lain = super::nama::orang(rng, b.laki, 1960);
                    b.nama = format!("{lain} {}", b.dusun);
                    b.nama_benar = Some(b.nama.clone());
                }
                self.satu(l, susunan, b, "simpan")?;
            }
            _ => {}
        }
        Ok(())
    }

    fn satu(&mut self, l: &mut Lembar, susunan: &Susunan, b: &Baris, nasib: &'static str) -> Result<(), SampleError> {
        self.nomor += 1;
        for (_, k) in susunan {
            let teks;
            let nilai = match k {
                Kolom::No => Nilai::Angka(self.nomor as f64),
                Kolom::Nik => nomor(&b.nik, b.nik_n),
                Kolom::Kk => nomor(&b.kk, b.kk_n),
                Kolom::Hitung => Nilai::Angka((b.kunci % 3) as f64),
                Kolom::Nominal => Nilai::Angka(600_000.0),
                Kolom::KdProp => kode(b, &b.tempat.prop),
                Kolom::KdKab => kode(b, &b.tempat.kab),
                Kolom::KdKec => kode(b, &b.tempat.kec),
                Kolom::KdDesa => kode(b, kode_desa(b)),
                _ => {
                    teks = sel_teks(*k, b);
                    Nilai::Teks(&teks)
                }
            };
            l.sel(nilai)?;
        }
        let baris = l.maju();
        self.catat(l, b, nasib, baris)
    }

    fn catat(&mut self, l: &Lembar, b: &Baris, nasib: &'static str, baris: u64) -> Result<(), SampleError> {
        let (nik, kk) = (b.nik_n, b.kk_n);
        self.kesalahan.lembar = Some(l.nama.clone());
        for (kolom, jenis) in [
            ("nik", nik.map_or("", |n| n.noda)),
            ("no_kk", kk.map_or("", |n| n.noda)),
            ("wilayah", b.tempat.noda),
            ("baris", b.noda),
        ] {
            self.kesalahan.catat(kolom, jenis);
        }
        self.kesalahan.di_baris(baris)?;
        self.neraca.hitung(nasib);
        let w = &self.dunia.wilayah;
        let t = &mut self.truth;
        t.teks(Some(&self.berkas))
            .teks(Some(&l.nama))
            .angka(i64::try_from(baris).ok())
            .teks(Some(nasib));
        t.teks(Some(self.kode)).teks(self.tahap).teks(self.periode);
        t.nomor(nik.and_then(|n| n.bersih))
            .teks(nik.map(|n| n.status))
            .nomor(kk.and_then(|n| n.bersih))
            .teks(kk.map(|n| n.status));
        t.teks(b.nama_benar.as_deref()).logika(b.aktif);
        t.teks(b.tempat.benar.0.map(|k| w.kecamatan[k].kode.as_str()))
            .teks(b.tempat.benar.1.map(|d| w.desa[d].kode.as_str()))
            .akhiri()
    }

    /// Counts rows that hold no record.
    pub fn lewati(&mut self, banyak: u64) {
        self.neraca.lewati += banyak;
    }

    /// Closes the tables.
    pub fn selesai(self) -> Result<(Neraca, u64), SampleError> {
        let banyak = self.kesalahan.banyak;
        self.truth.selesai()?;
        self.kesalahan.selesai()?;
        Ok((self.neraca, banyak))
    }
}

/// An identity number as text, or as a number where it was typed as one.
pub fn nomor(teks: &str, n: Option<Nomor>) -> Nilai<'_> {
    match n {
        Some(n) if n.angka => teks.parse().map_or(Nilai::Teks(teks), Nilai::Angka),
        _ => Nilai::Teks(teks),
    }
}

/// Codes of places: numbers in half of the rows, so that leading zeros are gone.
fn kode<'a>(b: &Baris, teks: &'a str) -> Nilai<'a> {
    match teks.parse() {
        Ok(n) if b.kunci.is_multiple_of(2) => Nilai::Angka(n),
        _ => Nilai::Teks(teks),
    }
}

fn kode_desa(b: &Baris) -> &str {
    let teks = b.tempat.desa.as_str();
    if b.kunci.is_multiple_of(3) {
        teks.get(7..).unwrap_or(teks)
    } else {
        teks
    }
}

fn sel_teks(k: Kolom, b: &Baris) -> std::borrow::Cow<'_, str> {
    let pendek = b.kunci % 1_000_003;
    match k {
        Kolom::Nama => b.nama.as_str().into(),
        Kolom::Lahir => b.lahir.as_str().into(),
        Kolom::Kelamin => (if b.laki { "L" } else { "P" }).into(),
        Kolom::Ibu | Kolom::Dusun => b.dusun.into(),
        Kolom::Provinsi if b.tempat.noda != "luar_kabupaten" => "JAWA TIMUR".into(),
        Kolom::Kabupaten => b.tempat.nama_kab.as_str().into(),
        Kolom::Kecamatan => b.tempat.nama_kec.as_str().into(),
        Kolom::Desa => b.tempat.nama_desa.as_str().into(),
        Kolom::Rt => format!("{:03}", pendek % 20 + 1).into(),
        Kolom::Rw => format!("{:03}", pendek % 7 + 1).into(),
        Kolom::Alamat => b.alamat.as_str().into(),
        Kolom::Kartu => format!("60130{:011}", b.kunci % 99_999_999_977).into(),
        Kolom::Rekening => format!("0{:09}", b.kunci % 999_999_937).into(),
        Kolom::Bank => ["BRI", "BNI", "BRI", "MANDIRI"][(pendek % 4) as usize].into(),
        Kolom::Status => b.status.into(),
        Kolom::Tahap => "3".into(),
        Kolom::Hp if pendek.is_multiple_of(3) => format!("0812{:08}", b.kunci % 99_999_989).into(),
        Kolom::Pos => "TRENGGALEK 66300".into(),
        Kolom::Keterangan if pendek.is_multiple_of(11) => "SUDAH DIVERIFIKASI".into(),
        Kolom::Tetap(teks) => teks.into(),
        _ => "".into(),
    }
}
