//! The household file and the person file of one periode.

use super::SampleError;
use super::atribut::{self, CACAT, FLAG, HUB_KRT, JNSKEL, KEBERADAAN};
use super::csv_zip::{Csv, Gaya};
use super::dunia::{Dunia, LABEL, Orang, RumahTangga};
use super::kode::{Daftar, daftar, push};
use super::noda::{self, Konteks, Nomor, pilih};
use super::periode::{GayaId, Periode, kolom};
use super::rng::Rng;
use super::tempat::Tempat;
use super::truth::{Jenis, Kesalahan, Tabel};
use chrono::NaiveDate;
use std::fmt::Write as _;
use std::io::{Seek, Write};
use zip::ZipWriter;

/// Columns of the truth of the household files.
pub const TRUTH_RT: &[(&str, Jenis)] = &[
    ("berkas", Jenis::Teks),
    ("anggota", Jenis::Teks),
    ("baris", Jenis::Angka),
    ("nasib", Jenis::Teks),
    ("periode", Jenis::Teks),
    ("id_dtks", Jenis::Teks),
    ("nama_krt", Jenis::Teks),
    ("kode_kecamatan", Jenis::Teks),
    ("kode_desa", Jenis::Teks),
    ("percentile", Jenis::Angka),
    ("desil", Jenis::Angka),
];
/// Columns of the truth of the person files.
pub const TRUTH_ART: &[(&str, Jenis)] = &[
    ("berkas", Jenis::Teks),
    ("anggota", Jenis::Teks),
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
    ("jenis_kelamin", Jenis::Teks),
    ("tanggal_lahir", Jenis::Tanggal),
    ("punya_wilayah", Jenis::Logika),
    ("kode_kecamatan", Jenis::Teks),
    ("kode_desa", Jenis::Teks),
    ("kode_hubungan_krt", Jenis::Angka),
    ("nomor_urut_keluarga", Jenis::Angka),
    ("kode_cacat", Jenis::Angka),
    ("kode_keberadaan", Jenis::Angka),
    ("penerima_kks", Jenis::Logika),
    ("penerima_kis", Jenis::Logika),
    ("penerima_kip", Jenis::Logika),
    ("penerima_pkh", Jenis::Logika),
    ("penerima_bpnt", Jenis::Logika),
];

/// Rates of faults that concern a whole row of a DTKS file.
const NODA_BARIS: [(&str, f64); 10] = [
    ("kolom_kurang", 0.0008),
    ("kolom_lebih", 0.0005),
    ("kutip_terbuka", 0.0003),
    ("tanpa_id", 0.0005),
    ("pemisah_lebih", 0.001),
    ("baris_kosong", 0.0006),
    ("ganda_persis", 0.0015),
    ("ganda_kurang_lengkap", 0.0015),
    ("baris_baru_dalam_sel", 0.0015),
    ("kutip_dalam_sel", 0.001),
];
/// Rates of faults in one coded cell of a row, which cell by chance.
const NODA_KODE: [(&str, f64); 5] =
    [("kode_tak_dikenal", 0.002), ("nol", 0.002), ("teks_tak_dikenal", 0.001), ("kode_pecahan", 0.003), ("kode_34_di_kolom_12", 0.001)];
/// A household without its row, or a row without its people.
const NODA_PASANGAN: [(&str, f64); 2] = [("art_tanpa_rt", 0.0015), ("rt_tanpa_art", 0.0015)];

/// What became of the rows of one file.
#[derive(Default, Clone)]
pub struct Neraca {
    pub berkas: String,
    pub anggota: Option<String>,
    pub simpan: u64,
    pub duplikat: u64,
    pub karantina: u64,
    /// Lines or rows that hold no record: blank lines, titles, totals, notes.
    pub lewati: u64,
}

impl Neraca {
    /// Counts a row by its fate.
    pub fn hitung(&mut self, nasib: &str) {
        match nasib {
            "simpan" => self.simpan += 1,
            "duplikat" => self.duplikat += 1,
            _ => self.karantina += 1,
        }
    }
}

/// A cell of a household or person row.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sel {
    IdRt,
    IdArt,
    Ruta,
    Prop,
    Kab,
    Kec,
    Desa,
    Gabungan,
    KodeDesa,
    NamaKab,
    NamaKec,
    NamaDesa,
    Alamat,
    Sls,
    NamaKrt,
    JumlahArt,
    JumlahKeluarga,
    Luas,
    Kamar,
    Ternak,
    Percentile,
    Kode(usize),
    Nik,
    Kk,
    Nama,
    Tempat,
    Lahir,
    Nuk,
    Umur,
    Jam,
    NoBaris,
    NikLain,
    KkLain,
    NamaLain,
    LahirLain,
    Panjang,
    Vektor,
    NolSatu,
    Waktu,
    Kosong,
    Null,
    Salinan,
    Ibu,
    Lapangan,
}

fn sel(nama: &str, art: bool) -> Sel {
    let kode = if art { atribut::ORANG.iter().position(|k| *k == nama) } else { atribut::RUMAH.iter().position(|k| k.nama == nama) };
    if let Some(i) = kode {
        return Sel::Kode(i);
    }
    match nama {
        "IDBDT" | "ID_DTKS" | "IDDTKS" => Sel::IdRt,
        "IDARTBDT" | "ID_ART_DTKS" => Sel::IdArt,
        "RUTA6" => Sel::Ruta,
        "KDPROP" => Sel::Prop,
        "KDKAB" => Sel::Kab,
        "KDKEC" => Sel::Kec,
        "KDDESA" => Sel::Desa,
        "KDGabungan4" => Sel::Gabungan,
        "KODE_DESA" => Sel::KodeDesa,
        "KABUPATEN/KOTA" => Sel::NamaKab,
        "KECAMATAN" | "NMKEC" => Sel::NamaKec,
        "DESA" | "DESA/KELURAHAN" | "NMDESA" => Sel::NamaDesa,
        "Alamat" => Sel::Alamat,
        "Nama_SLS" | "SLS" => Sel::Sls,
        "Nama_KRT" | "NamaKRT" => Sel::NamaKrt,
        "Jumlah_ART" => Sel::JumlahArt,
        "Jumlah_Keluarga" => Sel::JumlahKeluarga,
        "luas_lantai" => Sel::Luas,
        "jumlah_kamar" => Sel::Kamar,
        "jumlah_sapi" | "jumlah_kerbau" | "jumlah_kuda" | "jumlah_babi" | "jumlah_kambing" => Sel::Ternak,
        "percentile" | "Percentile" | "persentil" => Sel::Percentile,
        "Ada_BPNT" => Sel::Kode(FLAG + 4),
        "HubKRT" => Sel::Salinan,
        "NIK" | "NIK~KTP" => Sel::Nik,
        "NoKK" | "NO~KK" | "NOMOR_KK" => Sel::Kk,
        "Nama" => Sel::Nama,
        "TmpLahir" => Sel::Tempat,
        "TglLahir" | "tgl_lahir" => Sel::Lahir,
        "NUK" => Sel::Nuk,
        "Umur" => Sel::Umur,
        "Jumlah_jamkerja" => Sel::Jam,
        "NO" => Sel::NoBaris,
        "DUK_NIK" | "NIK_Pengurus" => Sel::NikLain,
        "DUK_NO_KK" | "NOKK" | "no_kks" => Sel::KkLain,
        "DUK_NAMA_LGKP" | "Nama_Pengurus" => Sel::NamaLain,
        "DUK_TGL_LHR" | "TglLahir_Pengurus" => Sel::LahirLain,
        "namagadis_ibukandung" | "DUK_NAMA_LGKP_IBU" => Sel::Ibu,
        "lapangan_usahaart" => Sel::Lapangan,
        "NoPBDTKemsos" | "NoArtPBDTKemsos" | "RID_Individu" => Sel::Panjang,
        "Vector1" | "Vector2" => Sel::Vektor,
        "AdaPKH" | "AdaPBDT" | "AdaKKS2016" | "AdaPBI" | "AdaBPNT" | "flag_nik" | "flag_sk" | "MasukKuota" | "ADA_PBI_BPJS" | "Ada_pkh_old" | "ADAPKH_NEW" => Sel::NolSatu,
        "InitData" => Sel::Waktu,
        "NoPesertaPKH" | "KET_BDTMEI18" | "Vector3" | "Vector4" | "id_periode" | "tgl_pindah" => Sel::Null,
        _ => Sel::Kosong,
    }
}

/// What one row is made of; the cells are written from it.
struct Isi<'a> {
    rt: &'a RumahTangga,
    orang: Option<&'a Orang>,
    tempat: &'a Tempat,
    kode: &'a [u8],
    /// Number of the coded cell that is spoilt, and how.
    rusak: Option<(usize, &'static str)>,
    nik: &'a str,
    kk: &'a str,
    nama: &'a str,
    lahir: &'a str,
    tempat_lahir: &'a str,
    percentile: &'a str,
    alamat: &'a str,
    nuk: bool,
    noda: &'static str,
    nomor: u64,
    jumlah: usize,
    bits: u64,
}

/// One of the two files of a periode while it is written.
pub struct Berkas<'a> {
    pub dunia: &'a Dunia,
    pub periode: &'a Periode,
    pub berkas: &'a str,
    pub kesalahan: &'a mut Kesalahan,
}

/// A row that comes again at the end of the file, and what the truth says of it.
struct Susulan<T> {
    teks: String,
    isi: T,
    nasib: &'static str,
    noda: &'static str,
}

struct BenarRt {
    id: u64,
    nama: String,
    tempat: (Option<usize>, Option<usize>),
    percentile: Option<u8>,
}

#[derive(Clone)]
struct BenarArt {
    id_art: Result<u64, u64>,
    id: u64,
    nik: Nomor,
    kk: Nomor,
    nama: String,
    kelamin: Option<u8>,
    lahir: Option<NaiveDate>,
    tempat: (Option<usize>, Option<usize>),
    hub: Option<u8>,
    nuk: Option<u8>,
    cacat: Option<u8>,
    keberadaan: Option<u8>,
    flag: [bool; 5],
}

impl Berkas<'_> {
    /// Writes the household file.
    pub fn rt<W: Write + Seek>(&mut self, zip: &mut ZipWriter<W>, anggota: &str, truth: &mut Tabel) -> Result<Neraca, SampleError> {
        let (p, d) = (self.periode.p, self.dunia);
        let daftar = atribut::RUMAH.iter().map(|k| daftar(if k.nama == "JnsKel_Pengurus" { "JnsKel" } else { k.nama })).collect::<Result<Vec<_>, _>>()?;
        let (mut csv, kolom) = self.mulai(zip, anggota, self.periode.rt, false)?;
        let mut neraca = Neraca { berkas: self.berkas.to_owned(), anggota: Some(anggota.to_owned()), ..Neraca::default() };
        let mut susulan: Vec<Susulan<BenarRt>> = Vec::new();
        let (mut tempat, mut alamat, mut persen) = (Tempat::default(), String::new(), String::new());
        for h in 0..d.semua {
            let rt = d.rumah_tangga(h);
            if !rt.ada(p) || pasangan(d, p, h) == "art_tanpa_rt" {
                continue;
            }
            let mut rng = Rng::new(&[d.seed, 10, p as u64, u64::from(h)]);
            tempat.tulis(&mut rng, &d.wilayah, rt.desa_pada(p), self.periode.tempat_rt, d.kotor);
            let noda = pilih(&mut rng, &NODA_BARIS, d.kotor);
            tulis_alamat(&mut rng, &rt, &mut alamat);
            hias_alamat(noda, &mut alamat);
            let (percentile, noda_persen) = tulis_percentile(&mut rng, rt.percentile[p], d.kotor, &mut persen);
            let kode = jawaban(&rt, p);
            let rusak = rusak(&mut rng, &daftar, &kode, &kolom, d.kotor);
            let kepala = rt.orang.first().map_or("", |o| o.nama.as_str());
            let isi = Isi {
                rt: &rt,
                orang: rt.orang.first(),
                tempat: &tempat,
                kode: &kode,
                rusak,
                nik: "",
                kk: "",
                nama: kepala,
                lahir: "",
                tempat_lahir: "",
                percentile: &persen,
                alamat: &alamat,
                nuk: true,
                noda,
                nomor: neraca.simpan + 1,
                jumlah: rt.orang.iter().filter(|o| o.tercatat(p).is_some()).count(),
                bits: rng.next(),
            };
            self.kesalahan.catat("wilayah", tempat.noda);
            self.kesalahan.catat("percentile", noda_persen);
            self.kesalahan.catat(rusak.map_or("", |(i, _)| daftar[i].nama), rusak.map_or("", |(_, n)| n));
            if noda == "baris_kosong" {
                csv.tulis()?;
                neraca.lewati += 1;
            }
            let benar = BenarRt { id: rt.id, nama: kepala.to_owned(), tempat: tempat.benar, percentile };
            let nasib = self.baris(&mut csv, &kolom, &daftar, &isi);
            if noda.starts_with("ganda") {
                let teks = self.salinan(&mut csv, &kolom, &daftar, &isi);
                let kembar = if noda == "ganda_persis" { "simpan" } else { "duplikat" };
                susulan.push(Susulan { teks, isi: BenarRt { nama: benar.nama.clone(), ..benar }, nasib: kembar, noda });
            }
            let nomor = csv.tulis()?;
            self.kesalahan.di_baris(nomor)?;
            neraca.hitung(nasib);
            self.truth_rt(truth, anggota, nomor, nasib, &benar)?;
        }
        for s in susulan {
            let nomor = csv.tulis_teks(&s.teks)?;
            self.kesalahan.catat("baris", s.noda);
            self.kesalahan.di_baris(nomor)?;
            neraca.hitung(s.nasib);
            self.truth_rt(truth, anggota, nomor, s.nasib, &s.isi)?;
        }
        csv.selesai()?;
        Ok(neraca)
    }

    /// Writes the person file.
    pub fn art<W: Write + Seek>(&mut self, zip: &mut ZipWriter<W>, anggota: &str, truth: &mut Tabel) -> Result<Neraca, SampleError> {
        let (p, d) = (self.periode.p, self.dunia);
        let daftar = atribut::ORANG.iter().map(|k| daftar(k)).collect::<Result<Vec<_>, _>>()?;
        let (mut csv, kolom) = self.mulai(zip, anggota, self.periode.art, true)?;
        let ada = |i: usize| kolom.contains(&Sel::Kode(i));
        let punya_flag: [bool; 5] = std::array::from_fn(|i| ada(FLAG + i));
        let beralamat = kolom.contains(&Sel::Alamat);
        let mut neraca = Neraca { berkas: self.berkas.to_owned(), anggota: Some(anggota.to_owned()), ..Neraca::default() };
        let mut susulan: Vec<Susulan<BenarArt>> = Vec::new();
        let mut tempat = Tempat::default();
        let (mut alamat, mut nik, mut kk, mut lahir, mut nama) = (String::new(), String::new(), String::new(), String::new(), String::new());
        for h in 0..d.semua {
            let rt = d.rumah_tangga(h);
            if !rt.ada(p) || pasangan(d, p, h) == "rt_tanpa_art" {
                continue;
            }
            for o in &rt.orang {
                let Some(meninggal) = o.tercatat(p) else { continue };
                let mut rng = Rng::new(&[d.seed, 11, p as u64, u64::from(h), u64::from(o.no)]);
                for teks in [&mut alamat, &mut nik, &mut kk, &mut lahir, &mut nama] {
                    teks.clear();
                }
                match self.periode.tempat_art {
                    Some(gaya) => tempat.tulis(&mut rng, &d.wilayah, rt.desa_pada(p), gaya, d.kotor),
                    None => tempat = Tempat::default(),
                }
                let mut noda = pilih(&mut rng, &NODA_BARIS, d.kotor);
                if noda.ends_with("dalam_sel") && !beralamat {
                    noda = "";
                }
                let rapi = noda == "tanpa_id";
                tulis_alamat(&mut rng, &rt, &mut alamat);
                hias_alamat(noda, &mut alamat);
                let asli = rt.kk_pada(o.kel, p);
                let kk_cell = if rapi { noda::polos(asli, &mut kk) } else { noda::kk(&mut rng, asli, d.kotor, &mut kk) };
                let konteks = Konteks { kk: kk_cell.bersih.filter(|_| kk_cell.status == "VALID"), desa: &d.wilayah.desa[rt.desa].kode, kotor: d.kotor };
                let (milik, kembar) = self.nik_siapa(&mut rng, &rt, o);
                let nik_cell = if rapi || kembar { noda::polos(milik, &mut nik) } else { noda::nik(&mut rng, milik, &konteks, &mut nik) };
                let (tanggal, noda_lahir) = noda::lahir(&mut rng, o.lahir, self.periode.tanggal, d.kotor, &mut lahir);
                let noda_nama = tulis_nama(&mut rng, &o.nama, d.kotor, &mut nama);
                let kode = atribut::orang(&rt, o, p, meninggal);
                let rusak = rusak(&mut rng, &daftar, &kode, &kolom, d.kotor);
                let efek = |i: usize| efek(rusak, i, kode[i], &daftar[i]);
                let nuk = !rng.chance(0.003 * d.kotor);
                let tempat_lahir = if rng.chance(0.01 * d.kotor) { "" } else { o.tempat };
                let isi = Isi {
                    rt: &rt,
                    orang: Some(o),
                    tempat: &tempat,
                    kode: &kode,
                    rusak,
                    nik: &nik,
                    kk: &kk,
                    nama: &nama,
                    lahir: &lahir,
                    tempat_lahir,
                    percentile: "",
                    alamat: &alamat,
                    nuk,
                    noda,
                    nomor: neraca.simpan + 1,
                    jumlah: 0,
                    bits: rng.next(),
                };
                for (kolom, jenis) in [
                    ("nik", nik_cell.noda),
                    ("nik", if kembar { "nik_orang_lain" } else { "" }),
                    ("no_kk", kk_cell.noda),
                    ("tanggal_lahir", noda_lahir),
                    ("nama", noda_nama),
                    ("wilayah", tempat.noda),
                    ("nomor_urut_keluarga", if nuk { "" } else { "kosong" }),
                    (rusak.map_or("", |(i, _)| daftar[i].nama), rusak.map_or("", |(_, n)| n)),
                ] {
                    self.kesalahan.catat(kolom, jenis);
                }
                if noda == "baris_kosong" {
                    csv.tulis()?;
                    neraca.lewati += 1;
                }
                let benar = BenarArt {
                    id_art: if noda == "tanpa_id" { Err(milik) } else { Ok(rt.id_art(o.no)) },
                    id: rt.id,
                    nik: nik_cell,
                    kk: kk_cell,
                    nama: o.nama.clone(),
                    kelamin: efek(JNSKEL).filter(|k| matches!(k, 1 | 2)),
                    lahir: tanggal,
                    tempat: tempat.benar,
                    hub: efek(HUB_KRT).filter(|k| *k > 0),
                    nuk: nuk.then_some(o.kel),
                    cacat: efek(CACAT),
                    keberadaan: efek(KEBERADAAN),
                    flag: std::array::from_fn(|i| punya_flag[i] && efek(FLAG + i) == Some(1)),
                };
                let nasib = self.baris(&mut csv, &kolom, &daftar, &isi);
                if noda.starts_with("ganda") {
                    let teks = self.salinan(&mut csv, &kolom, &daftar, &isi);
                    let lagi = if noda == "ganda_persis" { "simpan" } else { "duplikat" };
                    susulan.push(Susulan { teks, isi: benar.clone(), nasib: lagi, noda });
                }
                let nomor = csv.tulis()?;
                self.kesalahan.di_baris(nomor)?;
                neraca.hitung(nasib);
                self.truth_art(truth, anggota, nomor, nasib, &benar)?;
            }
        }
        for s in susulan {
            let nomor = csv.tulis_teks(&s.teks)?;
            self.kesalahan.catat("baris", s.noda);
            self.kesalahan.di_baris(nomor)?;
            neraca.hitung(s.nasib);
            self.truth_art(truth, anggota, nomor, s.nasib, &s.isi)?;
        }
        csv.selesai()?;
        Ok(neraca)
    }

    /// Whose NIK the row carries: now and then that of another person of the household.
    fn nik_siapa(&self, rng: &mut Rng, rt: &RumahTangga, o: &Orang) -> (u64, bool) {
        let lain = rng.chance(0.003 * self.dunia.kotor) && o.no > 1;
        if lain { (rt.orang[0].nik, true) } else { (o.nik, false) }
    }

    fn mulai<'z, W: Write + Seek>(
        &mut self,
        zip: &'z mut ZipWriter<W>,
        anggota: &str,
        daftar: &str,
        art: bool,
    ) -> Result<(Csv<'z, W>, Vec<Sel>), SampleError> {
        let p = self.periode;
        let Gaya { .. } = p.csv;
        let mut csv = Csv::new(zip, anggota, p.csv)?;
        let nama = kolom(daftar);
        for (i, n) in nama.iter().enumerate() {
            csv.sel(&p.kepala.tulis(&n.replace('~', " "), i));
        }
        csv.tulis()?;
        self.kesalahan.anggota = Some(anggota.to_owned());
        Ok((csv, nama.iter().map(|n| sel(n, art)).collect()))
    }

    /// Composes a row and tells its fate.
    fn baris<W: Write + Seek>(&mut self, csv: &mut Csv<W>, kolom: &[Sel], daftar: &[Daftar], isi: &Isi) -> &'static str {
        self.isi(csv, kolom, daftar, isi, false);
        self.kesalahan.catat("baris", isi.noda);
        match isi.noda {
            "kolom_kurang" => {
                csv.potong();
                "karantina"
            }
            "kolom_lebih" => {
                csv.sel("LEBIH");
                "karantina"
            }
            "kutip_terbuka" => "karantina",
            "tanpa_id" if isi.nik.is_empty() => "karantina",
            "pemisah_lebih" => {
                csv.sel("");
                csv.sel("");
                "simpan"
            }
            // The later one of two equal rows counts.
            "ganda_persis" => "duplikat",
            _ => "simpan",
        }
    }

    /// The second copy of the row that stands in `csv`: the same, or with three cells less.
    fn salinan<W: Write + Seek>(&self, csv: &mut Csv<W>, kolom: &[Sel], daftar: &[Daftar], isi: &Isi) -> String {
        let pertama = csv.baris.clone();
        if isi.noda == "ganda_persis" {
            return pertama;
        }
        csv.ulang();
        self.isi(csv, kolom, daftar, isi, true);
        let kedua = std::mem::replace(&mut csv.baris, pertama);
        kedua
    }

    fn isi<W: Write + Seek>(&self, csv: &mut Csv<W>, kolom: &[Sel], daftar: &[Daftar], isi: &Isi, kurang: bool) {
        let mut teks = String::with_capacity(64);
        let mut ternak = 0;
        for (i, k) in kolom.iter().enumerate() {
            teks.clear();
            let dibuang = kurang && matches!(k, Sel::Kode(3 | 5 | 9) | Sel::Tempat | Sel::Kamar);
            if !dibuang {
                self.tulis_sel(*k, i, daftar, isi, &mut ternak, &mut teks);
            }
            let terbuka = isi.noda == "kutip_terbuka" && matches!(k, Sel::NamaKrt | Sel::Nama);
            if terbuka { csv.sel_terbuka(&teks) } else { csv.sel(&teks) }
        }
    }

    fn tulis_sel(&self, k: Sel, i: usize, daftar: &[Daftar], isi: &Isi, ternak: &mut u64, out: &mut String) {
        let (p, rt, t) = (self.periode, isi.rt, isi.tempat);
        let acak = isi.bits.rotate_left(i as u32);
        match k {
            // Without its own id a person still has the NIK; a household has nothing left.
            Sel::IdRt if isi.noda == "tanpa_id" && isi.nik.is_empty() => {}
            Sel::IdArt if isi.noda == "tanpa_id" => {}
            Sel::IdRt => tulis_id(p.id, rt.id, out),
            Sel::IdArt => tulis_id(p.id, rt.id_art(isi.orang.map_or(0, |o| o.no)), out),
            Sel::Ruta => push(out, rt.id % 1_000_000),
            Sel::Prop => out.push_str(&t.prop),
            Sel::Kab => out.push_str(&t.kab),
            Sel::Kec => out.push_str(&t.kec),
            Sel::Desa => out.push_str(&t.desa),
            Sel::Gabungan | Sel::KodeDesa => out.push_str(&t.gabungan),
            Sel::NamaKab => out.push_str(&t.nama_kab),
            Sel::NamaKec => out.push_str(&t.nama_kec),
            Sel::NamaDesa => out.push_str(&t.nama_desa),
            Sel::Alamat => out.push_str(isi.alamat),
            Sel::Sls => drop(write!(out, "DSN {} RT {:02}", rt.dusun, rt.rt)),
            Sel::NamaKrt | Sel::Nama => out.push_str(isi.nama),
            Sel::JumlahArt => push(out, isi.jumlah as u64),
            Sel::JumlahKeluarga => push(out, rt.keluarga.len() as u64),
            Sel::Luas => match rt.bits % 5 {
                0 => drop(write!(out, "{}.5", 20 + rt.bits / 7 % 60)),
                1 => drop(write!(out, "{},5", 20 + rt.bits / 7 % 60)),
                _ => push(out, 20 + rt.bits / 7 % 60),
            },
            Sel::Kamar => push(out, 1 + rt.bits / 11 % 4),
            Sel::Ternak => {
                *ternak += 1;
                push(out, if (rt.bits >> *ternak) % 9 == 0 { 1 + rt.bits % 4 } else { 0 });
            }
            Sel::Percentile => out.push_str(isi.percentile),
            Sel::Kode(n) => self.tulis_kode(n, &daftar[n], isi, out),
            Sel::Nik => out.push_str(isi.nik),
            Sel::Kk => out.push_str(isi.kk),
            Sel::Tempat => out.push_str(isi.tempat_lahir),
            Sel::Lahir => out.push_str(isi.lahir),
            Sel::Nuk if isi.nuk => push(out, isi.orang.map_or(1, |o| o.kel)),
            Sel::Umur => push(out, isi.orang.map_or(0, |o| u8::try_from(o.umur(p.p).max(0)).unwrap_or(0))),
            Sel::Jam if isi.kode.get(14) == Some(&1) => push(out, 20 + acak % 40),
            Sel::NoBaris => push(out, isi.nomor),
            // Columns of other programs disagree on purpose: no mart may read them.
            Sel::NikLain | Sel::KkLain | Sel::NamaLain | Sel::LahirLain | Sel::Ibu if isi.bits % 3 > 0 => {}
            Sel::NikLain => push(out, isi.orang.map_or(0, |o| o.nik)),
            Sel::KkLain => push(out, rt.keluarga[0].kk),
            Sel::NamaLain => out.push_str(isi.orang.map_or("", |o| &o.nama)),
            Sel::LahirLain => drop(write!(out, "{}", isi.orang.map(|o| o.lahir).unwrap_or_default())),
            Sel::Panjang => drop(write!(out, "{:06}{:06}", rt.h, isi.orang.map_or(0, |o| o.no))),
            Sel::Vektor => push(out, rt.bits >> 34),
            Sel::NolSatu => push(out, acak % 2),
            Sel::Waktu => drop(write!(out, "2017-0{}-1{} 00:00:00.000", 1 + rt.bits % 9, rt.bits / 9 % 9)),
            Sel::Null if acak % 3 > 0 => out.push_str("NULL"),
            Sel::Salinan => push(out, isi.kode[HUB_KRT]),
            Sel::Ibu => out.push_str(rt.dusun),
            Sel::Lapangan if acak % 4 == 0 => out.push_str("WARUNG"),
            Sel::Nuk | Sel::Jam | Sel::Null | Sel::Lapangan | Sel::Kosong => {}
        }
    }

    fn tulis_kode(&self, n: usize, daftar: &Daftar, isi: &Isi, out: &mut String) {
        match isi.rusak.filter(|(i, _)| *i == n).map(|(_, noda)| noda) {
            Some("kode_tak_dikenal") => out.push_str("88"),
            Some("nol") => out.push('0'),
            Some("teks_tak_dikenal") => out.push_str("TIDAK TAHU"),
            Some("kode_pecahan") => drop(write!(out, "{}.0", isi.kode[n])),
            Some(_) => push(out, isi.kode[n] + 2),
            None => daftar.tulis(self.periode.kode, isi.kode[n], out),
        }
    }

    fn kode_tempat(&self, tempat: (Option<usize>, Option<usize>)) -> (Option<&str>, Option<&str>) {
        let w = &self.dunia.wilayah;
        (tempat.0.map(|k| w.kecamatan[k].kode.as_str()), tempat.1.map(|d| w.desa[d].kode.as_str()))
    }

    fn truth_rt(&self, t: &mut Tabel, anggota: &str, nomor: u64, nasib: &str, b: &BenarRt) -> Result<(), SampleError> {
        let (kecamatan, desa) = self.kode_tempat(b.tempat);
        t.teks(Some(self.berkas)).teks(Some(anggota)).angka(i64::try_from(nomor).ok()).teks(Some(nasib)).teks(Some(LABEL[self.periode.p]));
        t.nomor(Some(b.id)).teks(Some(&b.nama)).teks(kecamatan).teks(desa);
        t.angka(b.percentile.map(i64::from)).angka(b.percentile.map(|n| i64::from(n.div_ceil(10).max(1)))).akhiri()
    }

    fn truth_art(&self, t: &mut Tabel, anggota: &str, nomor: u64, nasib: &str, b: &BenarArt) -> Result<(), SampleError> {
        let (kecamatan, desa) = self.kode_tempat(b.tempat);
        t.teks(Some(self.berkas)).teks(Some(anggota)).angka(i64::try_from(nomor).ok()).teks(Some(nasib)).teks(Some(LABEL[self.periode.p]));
        match b.id_art {
            Ok(id) => t.nomor(Some(id)),
            Err(nik) => t.teks(Some(&format!("NIK{nik}"))),
        };
        t.nomor(Some(b.id)).nomor(b.nik.bersih).teks(Some(b.nik.status)).nomor(b.kk.bersih).teks(Some(b.kk.status)).teks(Some(&b.nama));
        t.teks(b.kelamin.map(|k| if k == 1 { "LAKI-LAKI" } else { "PEREMPUAN" })).tanggal(b.lahir);
        t.logika(self.periode.tempat_art.is_some()).teks(kecamatan).teks(desa);
        for n in [b.hub, b.nuk, b.cacat, b.keberadaan] {
            t.angka(n.map(i64::from));
        }
        for ya in b.flag {
            t.logika(ya);
        }
        t.akhiri()
    }
}

/// The mismatch between the two files that household `h` shows in periode `p`.
fn pasangan(d: &Dunia, p: usize, h: u32) -> &'static str {
    pilih(&mut Rng::new(&[d.seed, 12, p as u64, u64::from(h)]), &NODA_PASANGAN, d.kotor)
}

fn jawaban(rt: &RumahTangga, p: usize) -> [u8; atribut::RUMAH.len()] {
    // Houses change slowly: the answers of 2018 stand until the re-survey of 2020.
    let mut rng = Rng::new(&[rt.bits, 4, u64::from(p >= 3)]);
    std::array::from_fn(|i| rng.pick(atribut::RUMAH[i].kode))
}

/// Which coded cell of a row is spoilt, and how; only where the outcome is clear.
fn rusak(rng: &mut Rng, daftar: &[Daftar], kode: &[u8], kolom: &[Sel], kotor: f64) -> Option<(usize, &'static str)> {
    let noda = pilih(rng, &NODA_KODE, kotor);
    let i = rng.below(u32::try_from(daftar.len()).unwrap_or(1)) as usize;
    if noda.is_empty() || !kolom.contains(&Sel::Kode(i)) {
        return None;
    }
    let satu_dua = is_flag(daftar[i].nama);
    (noda != "kode_34_di_kolom_12" || satu_dua && matches!(kode[i], 1 | 2)).then_some((i, noda))
}

fn is_flag(nama: &str) -> bool {
    matches!(nama, "Ada_kks" | "Ada_pbi" | "Ada_kip" | "Ada_pkh" | "Ada_rastra" | "ada_ac" | "ada_emas" | "ada_mobil" | "ada_sepeda" | "ada_kapal")
}

/// The code that a correct reading finds in cell `i`; None where it finds none.
fn efek(rusak: Option<(usize, &'static str)>, i: usize, kode: u8, daftar: &Daftar) -> Option<u8> {
    let nol = if daftar.punya_nol() { Some(0) } else { None };
    match rusak.filter(|(n, _)| *n == i).map(|(_, noda)| noda) {
        Some("kode_tak_dikenal") => Some(88),
        Some("nol") => nol,
        Some("teks_tak_dikenal") => None,
        Some("kode_34_di_kolom_12") => Some(kode + 2),
        _ if kode == 0 => nol,
        _ => Some(kode),
    }
}

fn tulis_id(gaya: GayaId, id: u64, out: &mut String) {
    let teks = id.to_string();
    let _ = match gaya {
        GayaId::Polos => write!(out, "{teks}"),
        GayaId::Apostrof => write!(out, "'{teks}"),
        GayaId::Spasi => write!(out, "{teks}  "),
        GayaId::Titik => {
            let mut sisa = teks.as_str();
            while !sisa.is_empty() {
                let (depan, belakang) = sisa.split_at(sisa.len().min(4));
                let _ = write!(out, "{depan}.");
                sisa = belakang;
            }
            Ok(())
        }
    };
}

/// An address as people write it.
pub fn tulis_alamat(rng: &mut Rng, rumah: &RumahTangga, out: &mut String) {
    let (dusun, rt, rw) = (rumah.dusun, rumah.rt, rumah.rw);
    out.clear();
    let _ = match rng.below(5) {
        0 => write!(out, "DUSUN {dusun} RT {rt:02} RW {rw:02}"),
        1 => write!(out, "DSN. {dusun} RT.{rt}/RW.{rw}"),
        2 => write!(out, "RT {rt:03}/{rw:03} DK. {dusun}"),
        3 => write!(out, "{dusun}, RT {rt} RW {rw}"),
        _ => write!(out, "RT {rt} RW {rw} {dusun}"),
    };
}

/// An address cell that needs quotes: a line break in it, or quotes of its own.
fn hias_alamat(noda: &str, alamat: &mut String) {
    match noda {
        "baris_baru_dalam_sel" => alamat.push_str("\nSELATAN BALAI DESA"),
        "kutip_dalam_sel" => alamat.push_str(" GANG \"MELATI\""),
        _ => {}
    }
}

/// Rates of dirt in the names of people; the cleaned name stays the same.
const NODA_NAMA: [(&str, f64); 4] = [("huruf_kecil", 0.02), ("spasi_ganda", 0.01), ("tanda_baca", 0.004), ("spasi_tepi", 0.01)];

/// Writes a name.
pub fn tulis_nama(rng: &mut Rng, nama: &str, kotor: f64, out: &mut String) -> &'static str {
    let noda = pilih(rng, &NODA_NAMA, kotor);
    match noda {
        "huruf_kecil" => out.push_str(&super::tempat::judul(nama)),
        "spasi_ganda" => out.push_str(&nama.replace(' ', "  ")),
        "tanda_baca" => drop(write!(out, ".{nama},")),
        "spasi_tepi" => drop(write!(out, " {nama}  ")),
        _ => out.push_str(nama),
    }
    noda
}

const NODA_PERCENTILE: [(&str, f64); 5] = [("desimal_nol", 0.004), ("pecahan", 0.003), ("nol", 0.002), ("di_atas_100", 0.0015), ("negatif", 0.001)];

/// Writes a percentile and returns what it is to be read as.
fn tulis_percentile(rng: &mut Rng, nilai: Option<u8>, kotor: f64, out: &mut String) -> (Option<u8>, &'static str) {
    out.clear();
    let noda = pilih(rng, &NODA_PERCENTILE, kotor);
    let Some(n) = nilai else {
        out.push_str(rng.pick(&["", "NULL", "-"]));
        return (None, "percentile_kosong");
    };
    let _ = match noda {
        "desimal_nol" => write!(out, "{n}.0"),
        "pecahan" => write!(out, "{},5", n - 1),
        "nol" => {
            out.push('0');
            return (Some(0), noda);
        }
        "di_atas_100" => {
            out.push_str("101");
            return (None, noda);
        }
        "negatif" => {
            out.push_str("-5");
            return (None, noda);
        }
        _ => write!(out, "{n}"),
    };
    (Some(n), noda)
}
