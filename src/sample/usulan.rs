//! `Usulan DTKS Oktober 2020.xlsx`: proposals of the district, as a system writes them and as a village grid with a header of two rows.

use super::SampleError;
use super::dtks::Neraca;
use super::dunia::{Dunia, Orang};
use super::isian::{nama_benar, tulis_nama};
use super::lembar::{self, Lembar, Nilai};
use super::noda::{self, Konteks, Nomor, pilih};
use super::rng::Rng;
use super::tempat::{GayaTempat, Tempat};
use super::truth::{Jenis, Kesalahan, Tabel};
use std::path::Path;

const NAMA: &str = "Usulan DTKS Oktober 2020.xlsx";
/// The periode that the file name tells.
const P: usize = 4;
const SISTEM: &str = "id|NIK|disabilitas|NO KK|nama|tempat_lahir|tanggal_lahir|jenis_kelamin|jenis_pekerjaan|status_kawin|alamat|rt|rw|provinsi|kabupaten|kecamatan|\
kelurahan|pkh|status_pkh|alasan_pkh|bsp|status_bsp|username|validasi_kecamatan|kode_kecamatan|nama_kecamatan|finalisasi|created|updated|IDARTBDT|ID DTKS|status_data";
const ATAS: [&str; 13] = [
    "NO",
    "NIK",
    "NAMA",
    "",
    "NO. KK",
    "ALAMAT",
    "RT",
    "RW",
    "DESA/KEL.",
    "KODE DESA/KEL.",
    "KECAMATAN",
    "KODE KECAMATAN",
    "HASIL",
];

const TRUTH: &[(&str, Jenis)] = &[
    ("berkas", Jenis::Teks),
    ("lembar", Jenis::Teks),
    ("baris", Jenis::Angka),
    ("nasib", Jenis::Teks),
    ("periode", Jenis::Teks),
    ("id_art", Jenis::Teks),
    ("id_dtks", Jenis::Teks),
    ("nik", Jenis::Teks),
    ("status_nik", Jenis::Teks),
    ("no_kk", Jenis::Teks),
    ("status_kk", Jenis::Teks),
    ("nama", Jenis::Teks),
    ("kode_kecamatan", Jenis::Teks),
    ("kode_desa", Jenis::Teks),
    ("diusulkan", Jenis::Logika),
];
/// Rates of kinds of proposals that are out of the ordinary.
const NODA_BARIS: [(&str, f64); 5] = [
    ("ganda", 0.01),
    ("usulan_ganda", 0.015),
    ("tanpa_kunci", 0.02),
    ("draf", 0.03),
    ("nik_orang_lain", 0.01),
];

struct Baris {
    nama: String,
    nama_benar: String,
    nik: (String, Nomor),
    kk: (String, Nomor),
    id_art: Option<u64>,
    id_dtks: Option<u64>,
    laki: bool,
    tempat: Tempat,
    noda: &'static str,
    bits: u64,
}

struct Tulis<'a> {
    d: &'a Dunia,
    truth: Tabel,
    kesalahan: Kesalahan,
    neraca: Neraca,
    nomor: u32,
}

/// Writes the workbook and its truth.
pub fn tulis(d: &Dunia, out: &Path) -> Result<(Neraca, u64), SampleError> {
    let truth = out.join("truth");
    let mut t = Tulis {
        d,
        truth: Tabel::new(&truth.join("usulan.parquet"), TRUTH)?,
        kesalahan: Kesalahan::new(&truth.join("kesalahan").join("usulan.parquet"), NAMA)?,
        neraca: Neraca {
            berkas: NAMA.to_owned(),
            ..Neraca::default()
        },
        nomor: 0,
    };
    let mut sheets = [Lembar::new("Usulan")?, Lembar::new("Verifikasi")?];
    sheets[0].baris_teks(&SISTEM.split('|').collect::<Vec<_>>())?;
    kepala_dua_baris(&mut sheets[1])?;
    t.neraca.lewati += 2;
    for h in 0..d.semua {
        let rt = d.rumah_tangga(h);
        for o in &rt.orang {
            let mut rng = Rng::new(&[d.seed, 50, u64::from(h), u64::from(o.no)]);
            if !rng.chance(0.05) {
                continue;
            }
            let kini = rt.ada(P) && o.tercatat(P).is_some();
            let lain = rt.orang.iter().find(|x| x.no != o.no && x.tercatat(P).is_some());
            let mut b = t.baris(
                &mut rng,
                o,
                rt.kk_pada(o.kel, P),
                rt.desa_pada(P),
                kini.then(|| (rt.id_art(o.no), rt.id)),
            );
            if b.noda == "nik_orang_lain" {
                match lain {
                    Some(lain) if b.id_art.is_some() => {
                        b.nik.0.clear();
                        b.nik.1 = noda::polos(lain.nik, &mut b.nik.0);
                    }
                    _ => b.noda = "",
                }
            }
            t.satu(&mut sheets, &mut b)?;
        }
    }
    for n in d.semua / 2..d.semua / 2 + d.semua / 40 {
        let (o, kk, desa) = d.orang_luar(n);
        let mut rng = Rng::new(&[d.seed, 51, u64::from(n)]);
        let mut b = t.baris(&mut rng, &o, kk, desa, None);
        if b.noda == "nik_orang_lain" {
            b.noda = "";
        }
        t.satu(&mut sheets, &mut b)?;
    }
    lembar::simpan(&out.join("raw").join(NAMA), sheets.into())?;
    t.truth.selesai()?;
    let banyak = t.kesalahan.banyak;
    t.kesalahan.selesai()?;
    Ok((t.neraca, banyak))
}

/// A group heading over two columns, the others merged over both rows.
fn kepala_dua_baris(l: &mut Lembar) -> Result<(), SampleError> {
    l.baris_lebar("VERIFIKASI USULAN", 13)?;
    let baris = l.berikut();
    for (k, judul) in (0_u16..).zip(ATAS) {
        match k {
            2 => l.gabung((baris, 2), (baris, 3), "NAMA")?,
            3 => {}
            _ => l.gabung((baris, k), (baris + 1, k), judul)?,
        }
    }
    l.maju();
    l.baris_teks(&["", "", "PENDAFTAR", "TERDAFTAR"])?;
    Ok(())
}

impl Tulis<'_> {
    fn baris(&self, rng: &mut Rng, o: &Orang, kk_asli: u64, desa: usize, kini: Option<(u64, u64)>) -> Baris {
        let d = self.d;
        let mut noda = pilih(rng, &NODA_BARIS, d.kotor);
        let rapi = noda.contains("ganda");
        let (mut nik, mut kk, mut nama) = (String::new(), String::new(), String::new());
        let kk_n = if rapi {
            noda::polos(kk_asli, &mut kk)
        } else {
            noda::kk(rng, kk_asli, d.kotor, &mut kk)
        };
        let konteks = Konteks {
            kk: kk_n.bersih.filter(|_| kk_n.status == "VALID"),
            desa: &d.wilayah.desa[desa].kode,
            kotor: d.kotor,
        };
        let mut nik_n = if rapi {
            noda::polos(o.nik, &mut nik)
        } else {
            noda::nik(rng, o.nik, &konteks, &mut nik)
        };
        let noda_nama = tulis_nama(rng, &o.nama, d.kotor, &mut nama);
        let mut tempat = Tempat::default();
        tempat.tulis(rng, &d.wilayah, desa, GayaTempat::Nama, d.kotor);
        // A proposal that was never sent counts as none; outside DTKS it would stand nowhere.
        if noda == "draf" && kini.is_none() {
            noda = "";
        }
        let pakai_id = kini.is_some() && (noda == "draf" || rng.chance(0.55));
        let mut kini = kini.filter(|_| pakai_id);
        if noda == "tanpa_kunci" {
            kini = None;
            nik.clear();
            nik_n = Nomor {
                bersih: None,
                status: "KOSONG",
                noda: "",
                angka: false,
            };
        }
        Baris {
            nama,
            nama_benar: nama_benar(&o.nama, noda_nama),
            nik: (nik, nik_n),
            kk: (kk, kk_n),
            id_art: kini.map(|k| k.0),
            id_dtks: kini.map(|k| k.1),
            laki: o.laki,
            tempat,
            noda,
            bits: rng.next(),
        }
    }

    fn satu(&mut self, sheets: &mut [Lembar; 2], b: &mut Baris) -> Result<(), SampleError> {
        // The village grid has neither id nor status.
        let grid = b.id_art.is_none() && b.noda != "draf" && b.bits.is_multiple_of(2);
        let l = &mut sheets[usize::from(grid)];
        let ulang = if b.noda.ends_with("ganda") { 2 } else { 1 };
        for kali in 0..ulang {
            self.nomor += 1;
            let nasib = if kali == 1 && b.noda == "ganda" {
                "duplikat"
            } else {
                "simpan"
            };
            // Proposed again from another address: two rows for one person.
            let alamat = if kali == 1 && b.noda == "usulan_ganda" {
                "PINDAHAN RT 09"
            } else {
                "DSN KRAJAN RT 01"
            };
            if grid {
                sel_grid(l, b, alamat, self.nomor, self.d)?;
            } else {
                sel_sistem(l, b, alamat, self.nomor, self.d)?;
            }
            let baris = l.maju();
            let lembar = l.nama.clone();
            self.catat(&lembar, b, nasib, baris)?;
        }
        Ok(())
    }

    fn catat(&mut self, lembar: &str, b: &Baris, nasib: &'static str, baris: u64) -> Result<(), SampleError> {
        self.kesalahan.lembar = Some(lembar.to_owned());
        for (kolom, jenis) in [
            ("nik", b.nik.1.noda),
            ("no_kk", b.kk.1.noda),
            ("wilayah", b.tempat.noda),
            ("baris", b.noda),
        ] {
            self.kesalahan.catat(kolom, jenis);
        }
        self.kesalahan.di_baris(baris)?;
        self.neraca.hitung(nasib);
        let w = &self.d.wilayah;
        let t = &mut self.truth;
        t.teks(Some(NAMA))
            .teks(Some(lembar))
            .angka(i64::try_from(baris).ok())
            .teks(Some(nasib))
            .teks(Some(super::dunia::LABEL[P]));
        t.nomor(b.id_art)
            .nomor(b.id_dtks)
            .nomor(b.nik.1.bersih)
            .teks(Some(b.nik.1.status))
            .nomor(b.kk.1.bersih)
            .teks(Some(b.kk.1.status));
        t.teks(Some(&b.nama_benar));
        t.teks(b.tempat.benar.0.map(|k| w.kecamatan[k].kode.as_str()))
            .teks(b.tempat.benar.1.map(|d| w.desa[d].kode.as_str()));
        t.logika(b.noda != "draf").akhiri()
    }
}

fn sel_sistem(l: &mut Lembar, b: &Baris, alamat: &str, urut: u32, d: &Dunia) -> Result<(), SampleError> {
    let teks = |n: Option<u64>| n.map(|n| n.to_string()).unwrap_or_default();
    let (id_art, id_dtks) = (teks(b.id_art), teks(b.id_dtks));
    let kode_kec = kode_kecamatan(b, d);
    let nik = petik(&b.nik.0);
    let kk = petik(&b.kk.0);
    for nama in SISTEM.split('|') {
        let nilai = match nama {
            "id" => Nilai::Angka(f64::from(urut)),
            "NIK" => Nilai::Teks(&nik),
            "NO KK" => Nilai::Teks(&kk),
            "nama" => Nilai::Teks(&b.nama),
            "jenis_kelamin" => Nilai::Teks(if b.laki { "Laki-laki" } else { "Perempuan" }),
            "alamat" => Nilai::Teks(alamat),
            "rt" | "rw" => Nilai::Teks("001"),
            "provinsi" => Nilai::Teks("JAWA TIMUR"),
            "kabupaten" => Nilai::Teks(&b.tempat.nama_kab),
            "kecamatan" => Nilai::Teks(&b.tempat.nama_kec),
            "kelurahan" => Nilai::Teks(&b.tempat.nama_desa),
            "pkh" | "bsp" => Nilai::Teks("Ya"),
            "status_pkh" => Nilai::Teks("usulan"),
            "username" => Nilai::Teks("operator"),
            "validasi_kecamatan" if b.bits.is_multiple_of(3) => Nilai::Teks("batal validasi"),
            "kode_kecamatan" => Nilai::Teks(kode_kec),
            "created" | "updated" => Nilai::Teks("2020-09-14 10:20:30"),
            "IDARTBDT" => Nilai::Teks(&id_art),
            "ID DTKS" => Nilai::Teks(&id_dtks),
            "status_data" if b.noda == "draf" => Nilai::Angka(if b.bits % 4 == 1 { 3.0 } else { 0.0 }),
            "status_data" => Nilai::Angka(1.0 + (b.bits % 2) as f64),
            _ => Nilai::Kosong,
        };
        l.sel(nilai)?;
    }
    Ok(())
}

fn sel_grid(l: &mut Lembar, b: &Baris, alamat: &str, urut: u32, d: &Dunia) -> Result<(), SampleError> {
    let kode_desa = if b.tempat.noda.is_empty() {
        b.tempat.benar.1.map_or("", |n| d.wilayah.desa[n].kode.as_str())
    } else {
        ""
    };
    let cells = [
        Nilai::Angka(f64::from(urut)),
        Nilai::Teks(&b.nik.0),
        Nilai::Teks(&b.nama),
        Nilai::Teks("BELUM TERDAFTAR"),
        Nilai::Teks(&b.kk.0),
        Nilai::Teks(alamat),
        Nilai::Teks("001"),
        Nilai::Teks("002"),
        Nilai::Teks(&b.tempat.nama_desa),
        Nilai::Teks(kode_desa),
        Nilai::Teks(&b.tempat.nama_kec),
        Nilai::Teks(kode_kecamatan(b, d)),
        Nilai::Teks("PADAN"),
    ];
    for cell in cells {
        l.sel(cell)?;
    }
    Ok(())
}

/// The code of the kecamatan, only in rows whose names are clean: codes go before names.
fn kode_kecamatan<'a>(b: &Baris, d: &'a Dunia) -> &'a str {
    if b.tempat.noda.is_empty() {
        b.tempat.benar.0.map_or("", |k| d.wilayah.kecamatan[k].kode.as_str())
    } else {
        ""
    }
}

/// The apostrophe that this system writes before every number.
fn petik(teks: &str) -> String {
    let digit = !teks.is_empty() && teks.bytes().all(|b| b.is_ascii_digit());
    if digit { format!("'{teks}") } else { teks.to_owned() }
}
