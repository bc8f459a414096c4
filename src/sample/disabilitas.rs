//! `Data Disabilitas Trenggalek.xlsx`: a wide sheet of a survey with blanks in its headers, and a small local one with titles.

use super::SampleError;
use super::daftar::nomor;
use super::dtks::Neraca;
use super::dunia::{Dunia, Orang};
use super::isian::{nama_benar, tulis_nama};
use super::lembar::{self, Lembar, Nilai};
use super::noda::{self, Konteks, Nomor, pilih};
use super::rng::Rng;
use super::tanggal::{self, GayaTanggal};
use super::tempat::{GayaTempat, Tempat, judul};
use super::truth::{Jenis, Kesalahan, Tabel};
use chrono::NaiveDate;
use std::path::Path;

/// Name of the file, as `Data Disabilitas Trenggalek.xlsx`.
fn nama_berkas(d: &Dunia) -> String {
    format!("Data Disabilitas {}.xlsx", judul(d.wilayah.nama_kabupaten))
}

/// Headers of the survey; several have blanks, one stands twice.
const SURVEI: &str = "no|nama|gender |tempat_lahir|tanggal_lahir |status|dokumen_kewarganegaraan|nik|nomor_kk|rt|rw|desa|kecamatan|kabkot|provinsi|no_hp|\
pendidikan_terakhir|nama_sekolah|keterangan_lulus| jenis_disabilitas |keterangan_disabilitas|sebab_disabilitas|diagnosa_medis|penyakit_lain|tempat_pengobatan|\
perawat|aktivitas   |aktivitas_bantuan|perlu_bantu|alat_bantu| alat_yang_dimiliki  |kondisi_alat|jaminan_kesehatan|cara_menggunakan_jamkes|jaminan_sosial|\
pekerjaan|lokasi_bekerja|alasan_tidak_bekerja|pendapatan_bulan|pengeluaran_bulan|minat_kerja|keterampilan|status_rumah|lantai|kamar_mandi|wc|dinding|sarana_air|\
penerangan|nama_perawat_wali|hubungan_dengan_pd|nomor_hp |nomor_hp |kelayakan|tahun_anggaran";
const LOKAL: &str =
    "NO|NAMA|NIK|NO KK|L/P|TTL|ALAMAT|RT|RW|DESA/KELURAHAN|KECAMATAN|JENIS/RAGAM DISABILITAS|KETERANGAN";

/// Words for each code of `Jenis_cacat`, with the kind that the rulings give them.
const KATA: [&[(&str, &str)]; 13] = [
    &[("Lain-lain", "LAINNYA"), ("belum diasesmen", "LAINNYA")],
    &[
        ("Tuna Daksa", "FISIK"),
        ("cacat tubuh", "FISIK"),
        ("LUMPUH", "FISIK"),
        ("Polio", "FISIK"),
        ("AMPUTASI", "FISIK"),
    ],
    &[
        ("Tunanetra", "SENSORIK NETRA"),
        ("TUNA NETRA", "SENSORIK NETRA"),
        ("buta", "SENSORIK NETRA"),
    ],
    &[("Tuna  Rungu", "SENSORIK RUNGU"), ("TULI", "SENSORIK RUNGU")],
    &[("Tuna Wicara", "SENSORIK WICARA"), ("bisu", "SENSORIK WICARA")],
    &[("Rungu Wicara", "GANDA"), ("TUNA RUNGU DAN WICARA", "GANDA")],
    &[("Tuna daksa dan tuna netra", "GANDA")],
    &[("netra, rungu dan wicara", "GANDA")],
    &[("Tuna rungu, tuna wicara, tuna daksa", "GANDA")],
    &[("TUNA NETRA DAN TUNA DAKSA", "GANDA")],
    &[
        ("Tuna Grahita", "INTELEKTUAL"),
        ("RETARDASI MENTAL", "INTELEKTUAL"),
        ("down syndrome", "INTELEKTUAL"),
    ],
    &[
        ("ODGJ", "MENTAL"),
        ("gangguan jiwa", "MENTAL"),
        ("Cacat Mental", "MENTAL"),
        ("PSIKOTIK", "MENTAL"),
        ("Autis", "MENTAL"),
    ],
    &[("Tuna daksa dan ODGJ", "GANDA")],
];

/// Columns of the truth.
const TRUTH: &[(&str, Jenis)] = &[
    ("berkas", Jenis::Teks),
    ("lembar", Jenis::Teks),
    ("baris", Jenis::Angka),
    ("nasib", Jenis::Teks),
    ("nik", Jenis::Teks),
    ("status_nik", Jenis::Teks),
    ("no_kk", Jenis::Teks),
    ("status_kk", Jenis::Teks),
    ("nama", Jenis::Teks),
    ("jenis_kelamin", Jenis::Teks),
    ("tanggal_lahir", Jenis::Tanggal),
    ("jenis_disabilitas", Jenis::Teks),
    ("ragam_disabilitas", Jenis::Teks),
    ("kode_kecamatan", Jenis::Teks),
    ("kode_desa", Jenis::Teks),
];
const NODA_BARIS: [(&str, f64); 3] = [("ganda", 0.01), ("tanpa_nik_kk", 0.01), ("tanpa_identitas", 0.004)];

/// A person of the list with what the row tells.
struct Baris {
    nama: String,
    nama_benar: String,
    nik: (String, Nomor),
    kk: (String, Nomor),
    laki: bool,
    tempat_lahir: &'static str,
    lahir: Option<NaiveDate>,
    tempat: Tempat,
    jenis: (&'static str, Option<&'static str>),
    noda: &'static str,
    bits: u64,
}

struct Tulis<'a> {
    d: &'a Dunia,
    truth: Tabel,
    kesalahan: Kesalahan,
    neraca: Neraca,
    nomor: [u32; 2],
}

/// Writes the workbook and its truth.
pub fn tulis(d: &Dunia, out: &Path) -> Result<(Neraca, u64), SampleError> {
    let truth = out.join("truth");
    let berkas = nama_berkas(d);
    let mut t = Tulis {
        d,
        truth: Tabel::new(&truth.join("disabilitas.parquet"), TRUTH)?,
        kesalahan: Kesalahan::new(&truth.join("kesalahan").join("disabilitas.parquet"), &berkas)?,
        neraca: Neraca {
            berkas: berkas.clone(),
            ..Neraca::default()
        },
        nomor: [0, 0],
    };
    let mut sheets = [Lembar::new("data")?, Lembar::new("Tambahan 2020")?];
    sheets[0].baris_teks(&SURVEI.split('|').collect::<Vec<_>>())?;
    sheets[1].baris_lebar("DATA PENYANDANG DISABILITAS TAMBAHAN TAHUN 2020", 13)?;
    sheets[1].maju();
    sheets[1].baris_teks(&LOKAL.split('|').collect::<Vec<_>>())?;
    t.neraca.lewati += 2;
    for h in 0..d.semua {
        let rt = d.rumah_tangga(h);
        for o in rt.orang.iter().filter(|o| usize::from(o.mati) >= super::dunia::PERIODE) {
            let mut rng = Rng::new(&[d.seed, 40, u64::from(h), u64::from(o.no)]);
            if rng.chance(if o.cacat > 0 { 0.7 } else { 0.002 }) {
                let b = t.baris(&mut rng, o, rt.kk_pada(o.kel, 4), rt.desa_pada(4));
                t.satu(&mut sheets, &b)?;
            }
        }
    }
    for n in d.semua / 4..d.semua / 4 + d.semua / 120 {
        let (mut o, kk, desa) = d.orang_luar(n);
        let mut rng = Rng::new(&[d.seed, 41, u64::from(n)]);
        o.cacat = rng.below(13) as u8;
        let b = t.baris(&mut rng, &o, kk, desa);
        t.satu(&mut sheets, &b)?;
    }
    lembar::simpan(&out.join("raw").join(&berkas), sheets.into())?;
    t.truth.selesai()?;
    let banyak = t.kesalahan.banyak;
    t.kesalahan.selesai()?;
    Ok((t.neraca, banyak))
}

impl Tulis<'_> {
    fn baris(&self, rng: &mut Rng, o: &Orang, kk_asli: u64, desa: usize) -> Baris {
        let d = self.d;
        let noda = pilih(rng, &NODA_BARIS, d.kotor);
        let (mut nik, mut kk, mut nama) = (String::new(), String::new(), String::new());
        let rapi = noda == "ganda";
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
        if nik_n.noda.is_empty() && !rapi && rng.chance(0.15) {
            nik_n = noda::angka(o.nik);
        }
        let noda_nama = tulis_nama(rng, &o.nama, d.kotor, &mut nama);
        let mut tempat = Tempat::default();
        tempat.tulis(rng, &d.wilayah, desa, GayaTempat::Nama, d.kotor);
        let (kata, ragam) = rng.pick(KATA[usize::from(o.cacat)]);
        let mut b = Baris {
            nama,
            nama_benar: nama_benar(&o.nama, noda_nama),
            nik: (nik, nik_n),
            kk: (kk, kk_n),
            laki: o.laki,
            tempat_lahir: o.tempat,
            lahir: (!rng.chance(0.1)).then_some(o.lahir),
            tempat,
            jenis: if rng.chance(0.02) {
                ("", None)
            } else {
                (kata, Some(ragam))
            },
            noda,
            bits: rng.next(),
        };
        let kosong = Nomor {
            bersih: None,
            status: "KOSONG",
            noda: "",
            angka: false,
        };
        if noda.starts_with("tanpa") {
            (b.nik, b.kk) = ((String::new(), kosong), (String::new(), kosong));
        }
        if noda == "tanpa_identitas" {
            b.nama.clear();
        }
        b
    }

    fn satu(&mut self, sheets: &mut [Lembar; 2], b: &Baris) -> Result<(), SampleError> {
        let lokal = b.bits.is_multiple_of(5);
        let l = &mut sheets[usize::from(lokal)];
        let ulang = if b.noda == "ganda" { 2 } else { 1 };
        for kali in 0..ulang {
            let nik = if kali == 1 {
                format!("{} ", b.nik.0)
            } else {
                b.nik.0.clone()
            };
            let nomor = &mut self.nomor[usize::from(lokal)];
            *nomor += 1;
            if lokal {
                lokal_sel(l, b, &nik, *nomor)?;
            } else {
                survei_sel(l, b, &nik, *nomor)?;
            }
            let nasib = match (b.noda, kali) {
                ("tanpa_identitas", _) => "karantina",
                (_, 1) => "duplikat",
                _ => "simpan",
            };
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
        t.teks(Some(&self.neraca.berkas))
            .teks(Some(lembar))
            .angka(i64::try_from(baris).ok())
            .teks(Some(nasib));
        t.nomor(b.nik.1.bersih)
            .teks(Some(b.nik.1.status))
            .nomor(b.kk.1.bersih)
            .teks(Some(b.kk.1.status));
        t.teks(Some(&b.nama_benar))
            .teks(Some(if b.laki { "LAKI-LAKI" } else { "PEREMPUAN" }))
            .tanggal(b.lahir);
        let jenis = b
            .jenis
            .0
            .to_uppercase()
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ");
        t.teks((!jenis.is_empty()).then_some(jenis.as_str())).teks(b.jenis.1);
        t.teks(b.tempat.benar.0.map(|k| w.kecamatan[k].kode.as_str()))
            .teks(b.tempat.benar.1.map(|d| w.desa[d].kode.as_str()))
            .akhiri()
    }
}

fn survei_sel(l: &mut Lembar, b: &Baris, nik: &str, urut: u32) -> Result<(), SampleError> {
    let mut lahir = String::new();
    if let Some(t) = b.lahir {
        let gaya = if b.bits.is_multiple_of(2) {
            GayaTanggal::Iso
        } else {
            GayaTanggal::Strip
        };
        let _ = tanggal::tulis_tanggal(gaya, t, &mut lahir);
    }
    let hari = b
        .lahir
        .map(|t| (t - super::dunia::tanggal(1899, 12, 30)).num_days() as f64);
    for nama in SURVEI.split('|') {
        let nilai = match nama.trim() {
            "no" => Nilai::Angka(f64::from(urut)),
            "nama" => Nilai::Teks(&b.nama),
            "gender" => Nilai::Teks(if b.laki { "Laki-laki" } else { "Perempuan" }),
            "tempat_lahir" => Nilai::Teks(b.tempat_lahir),
            // A third of the dates are real dates of the spreadsheet.
            "tanggal_lahir" if b.bits.is_multiple_of(3) => hari.map_or(Nilai::Kosong, Nilai::Hari),
            "tanggal_lahir" => Nilai::Teks(&lahir),
            "status" => Nilai::Teks("Hidup"),
            "nik" => nomor(nik, Some(b.nik.1)),
            "nomor_kk" => Nilai::Teks(&b.kk.0),
            "rt" => Nilai::Teks("01"),
            "rw" => Nilai::Teks("02"),
            "desa" => Nilai::Teks(&b.tempat.nama_desa),
            "kecamatan" => Nilai::Teks(&b.tempat.nama_kec),
            "kabkot" => Nilai::Teks(&b.tempat.nama_kab),
            "provinsi" => Nilai::Teks("JAWA TIMUR"),
            "jenis_disabilitas" => Nilai::Teks(b.jenis.0),
            "alat_bantu" if b.bits.is_multiple_of(7) => Nilai::Teks("Kursi Roda"),
            "tahun_anggaran" => Nilai::Angka(2020.0),
            _ => Nilai::Kosong,
        };
        l.sel(nilai)?;
    }
    Ok(())
}

fn lokal_sel(l: &mut Lembar, b: &Baris, nik: &str, urut: u32) -> Result<(), SampleError> {
    let mut lahir = String::new();
    if let Some(t) = b.lahir {
        lahir.push_str(b.tempat_lahir);
        lahir.push_str(", ");
        let _ = tanggal::tulis_tanggal(GayaTanggal::Strip, t, &mut lahir);
    }
    let cells = [
        Nilai::Angka(f64::from(urut)),
        Nilai::Teks(&b.nama),
        nomor(nik, Some(b.nik.1)),
        Nilai::Teks(&b.kk.0),
        Nilai::Teks(if b.laki { "L" } else { "P" }),
        Nilai::Teks(&lahir),
        Nilai::Teks("DSN KRAJAN"),
        Nilai::Teks("01"),
        Nilai::Teks("02"),
        Nilai::Teks(&b.tempat.nama_desa),
        Nilai::Teks(&b.tempat.nama_kec),
        Nilai::Teks(b.jenis.0),
        Nilai::Kosong,
    ];
    for cell in cells {
        l.sel(cell)?;
    }
    Ok(())
}
