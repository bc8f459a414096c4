//! The household file and the person file of one periode.

use super::SampleError;
use super::atribut::{self, CACAT, FLAG, HUB_KRT, JNSKEL, KEBERADAAN};
use super::csv_zip::Csv;
use super::dtks_truth::{Benar, BenarArt, BenarRt, Letak};
use super::dunia::{Dunia, Orang, RumahTangga};
use super::isian::{
    self, Konsep, NODA_BARIS, efek, hias_alamat, jawaban, nama_benar, pasangan, rusak, tulis_alamat, tulis_nama,
    tulis_percentile,
};
use super::kode::{Daftar, daftar};
use super::noda::{self, Konteks, pilih};
use super::periode::{Periode, kolom};
use super::rng::Rng;
use super::sel::{Isi, Sel, sel};
use super::tanggal;
use super::truth::{Kesalahan, Tabel};
use std::io::{Seek, Write};
use zip::ZipWriter;

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

/// One of the two files of a periode while it is written.
pub struct Berkas<'a, W: Write + Seek, T> {
    dunia: &'a Dunia,
    periode: &'a Periode,
    berkas: &'a str,
    anggota: &'a str,
    csv: Csv<'a, W>,
    kolom: Vec<Sel>,
    daftar: Vec<Daftar>,
    truth: Tabel,
    kesalahan: &'a mut Kesalahan,
    neraca: Neraca,
    /// Rows that come again at the end of the file.
    susulan: Vec<Susulan<T>>,
}

struct Susulan<T> {
    teks: String,
    benar: T,
    nasib: &'static str,
    noda: &'static str,
}

/// Which delivery, and where it goes.
pub struct Tujuan<'a, W: Write + Seek> {
    pub dunia: &'a Dunia,
    pub periode: &'a Periode,
    pub berkas: &'a str,
    pub anggota: &'a str,
    pub zip: &'a mut ZipWriter<W>,
    pub truth: Tabel,
    pub kesalahan: &'a mut Kesalahan,
}

/// Writes the household file.
pub fn rt<W: Write + Seek>(tujuan: Tujuan<W>) -> Result<Neraca, SampleError> {
    let lists = atribut::RUMAH
        .iter()
        .map(|k| daftar(if k.nama == "JnsKel_Pengurus" { "JnsKel" } else { k.nama }))
        .collect::<Result<Vec<_>, _>>()?;
    let judul = kolom(tujuan.periode.rt);
    let mut file = Berkas::mulai(tujuan, &judul, lists, false)?;
    let (d, p) = (file.dunia, file.periode.p);
    let mut konsep = Konsep::default();
    for h in 0..d.semua {
        let rt = d.rumah_tangga(h);
        if rt.ada(p) && pasangan(d, p, h) != "art_tanpa_rt" {
            let benar = file.konsep_rt(&rt, &mut konsep);
            file.baris(&konsep, &rt, rt.orang.first(), benar)?;
        }
    }
    file.selesai()
}

/// Writes the person file.
pub fn art<W: Write + Seek>(tujuan: Tujuan<W>) -> Result<Neraca, SampleError> {
    let lists = atribut::ORANG
        .iter()
        .map(|k| daftar(k))
        .collect::<Result<Vec<_>, _>>()?;
    let judul = kolom(tujuan.periode.art);
    let mut file = Berkas::mulai(tujuan, &judul, lists, true)?;
    let (d, p) = (file.dunia, file.periode.p);
    let mut konsep = Konsep::default();
    for h in 0..d.semua {
        let rt = d.rumah_tangga(h);
        if !rt.ada(p) || pasangan(d, p, h) == "rt_tanpa_art" {
            continue;
        }
        for o in &rt.orang {
            let Some(meninggal) = o.tercatat(p) else {
                continue;
            };
            let benar = file.konsep_art(&rt, o, meninggal, &mut konsep);
            file.baris(&konsep, &rt, Some(o), benar)?;
        }
    }
    file.selesai()
}

impl<'a, W: Write + Seek, T: Benar> Berkas<'a, W, T> {
    fn mulai(t: Tujuan<'a, W>, judul: &[&'static str], daftar: Vec<Daftar>, art: bool) -> Result<Self, SampleError> {
        let mut csv = Csv::new(t.zip, t.anggota, t.periode.csv)?;
        for (i, n) in judul.iter().enumerate() {
            csv.sel(&t.periode.kepala.tulis(&n.replace('~', " "), i));
        }
        csv.tulis()?;
        t.kesalahan.anggota = Some(t.anggota.to_owned());
        Ok(Self {
            dunia: t.dunia,
            periode: t.periode,
            berkas: t.berkas,
            anggota: t.anggota,
            csv,
            kolom: judul.iter().map(|n| sel(n, art)).collect(),
            daftar,
            truth: t.truth,
            kesalahan: t.kesalahan,
            neraca: Neraca {
                berkas: t.berkas.to_owned(),
                anggota: Some(t.anggota.to_owned()),
                ..Neraca::default()
            },
            susulan: Vec::new(),
        })
    }

    /// The fault of a whole row; one in the address needs an address.
    fn noda_baris(&self, rng: &mut Rng) -> &'static str {
        let noda = pilih(rng, &NODA_BARIS, self.dunia.kotor);
        let beralamat = self.kolom.contains(&Sel::Alamat);
        if noda.ends_with("dalam_sel") && !beralamat {
            ""
        } else {
            noda
        }
    }

    fn konsep_rt(&mut self, rt: &RumahTangga, k: &mut Konsep) -> BenarRt {
        let (d, p) = (self.dunia, self.periode.p);
        let mut rng = Rng::new(&[d.seed, 10, p as u64, u64::from(rt.h)]);
        k.bersihkan();
        k.tempat
            .tulis(&mut rng, &d.wilayah, rt.desa_pada(p), self.periode.tempat_rt, d.kotor);
        k.noda = self.noda_baris(&mut rng);
        tulis_alamat(&mut rng, rt, &mut k.alamat);
        hias_alamat(k.noda, &mut k.alamat);
        let (percentile, noda_persen) = tulis_percentile(&mut rng, rt.percentile[p], d.kotor, &mut k.percentile);
        k.kode.clear();
        k.kode.extend(jawaban(rt, p));
        k.rusak = rusak(&mut rng, &self.daftar, &k.kode, &self.kolom, d.kotor);
        k.nama.push_str(rt.orang.first().map_or("", |o| &o.nama));
        k.nuk = true;
        k.bits = rng.next();
        self.kesalahan.catat("wilayah", k.tempat.noda);
        self.kesalahan.catat("percentile", noda_persen);
        // A column of its own goes before the percentile.
        let sendiri = self.kolom.contains(&Sel::Desil);
        BenarRt {
            id: rt.id,
            desil: isian::desil(if sendiri { rt.percentile[p] } else { percentile }),
            nama: k.nama.clone(),
            tempat: k.tempat.benar,
            percentile,
        }
    }

    fn konsep_art(&mut self, rt: &RumahTangga, o: &Orang, meninggal: bool, k: &mut Konsep) -> BenarArt {
        let (d, p) = (self.dunia, self.periode.p);
        let mut rng = Rng::new(&[d.seed, 11, p as u64, u64::from(rt.h), u64::from(o.no)]);
        k.bersihkan();
        match self.periode.tempat_art {
            Some(gaya) => k.tempat.tulis(&mut rng, &d.wilayah, rt.desa_pada(p), gaya, d.kotor),
            None => k.tempat.bersihkan(),
        }
        k.noda = self.noda_baris(&mut rng);
        // A row that lacks its id is found by its NIK, so that one stays clean.
        let rapi = k.noda == "tanpa_id";
        tulis_alamat(&mut rng, rt, &mut k.alamat);
        hias_alamat(k.noda, &mut k.alamat);
        let asli = rt.kk_pada(o.kel, p);
        let kk = if rapi {
            noda::polos(asli, &mut k.kk)
        } else {
            noda::kk(&mut rng, asli, d.kotor, &mut k.kk)
        };
        let konteks = Konteks {
            kk: kk.bersih.filter(|_| kk.status == "VALID"),
            desa: &d.wilayah.desa[rt.desa].kode,
            kotor: d.kotor,
        };
        // Now and then the number is that of the first person of the household.
        let kembar = rng.chance(0.003 * d.kotor) && o.no > 1 && !rapi;
        let milik = if kembar { rt.orang[0].nik } else { o.nik };
        let nik = if rapi || kembar {
            noda::polos(milik, &mut k.nik)
        } else {
            noda::nik(&mut rng, milik, &konteks, &mut k.nik)
        };
        let (lahir, noda_lahir) = tanggal::lahir(&mut rng, o.lahir, self.periode.tanggal, d.kotor, &mut k.lahir);
        let noda_nama = tulis_nama(&mut rng, &o.nama, d.kotor, &mut k.nama);
        k.kode.clear();
        k.kode.extend(atribut::orang(rt, o, p, meninggal));
        k.rusak = rusak(&mut rng, &self.daftar, &k.kode, &self.kolom, d.kotor);
        k.nuk = !rng.chance(0.003 * d.kotor);
        k.tempat_lahir = if rng.chance(0.01 * d.kotor) { "" } else { o.tempat };
        k.bits = rng.next();
        for (kolom, jenis) in [
            ("nik", if kembar { "nik_orang_lain" } else { nik.noda }),
            ("no_kk", kk.noda),
            ("tanggal_lahir", noda_lahir),
            ("nama", noda_nama),
            ("wilayah", k.tempat.noda),
            ("nomor_urut_keluarga", if k.nuk { "" } else { "kosong" }),
        ] {
            self.kesalahan.catat(kolom, jenis);
        }
        let efek = |i: usize| efek(k.rusak, i, k.kode[i], &self.daftar[i]);
        BenarArt {
            id_art: if rapi { Err(milik) } else { Ok(rt.id_art(o.no)) },
            id: rt.id,
            nik,
            kk,
            nama: nama_benar(&o.nama, noda_nama),
            kelamin: efek(JNSKEL).filter(|n| matches!(n, 1 | 2)),
            lahir,
            punya_tempat: self.periode.tempat_art.is_some(),
            tempat: k.tempat.benar,
            hub: efek(HUB_KRT).filter(|n| *n > 0),
            nuk: k.nuk.then_some(o.kel),
            cacat: efek(CACAT),
            keberadaan: efek(KEBERADAAN),
            flag: std::array::from_fn(|i| self.kolom.contains(&Sel::Kode(FLAG + i)) && efek(FLAG + i) == Some(1)),
        }
    }

    #[expect(clippy::needless_pass_by_value, reason = "the truth of a row is used up by its row")]
    /// Writes the row, and keeps its second copy for the end of the file where its fault asks for one.
    fn baris(&mut self, k: &Konsep, rt: &RumahTangga, orang: Option<&Orang>, benar: T) -> Result<(), SampleError> {
        if k.noda == "baris_kosong" {
            self.csv.tulis()?;
            self.neraca.lewati += 1;
        }
        if let Some((i, noda)) = k.rusak {
            self.kesalahan.catat(self.daftar[i].nama, noda);
        }
        self.kesalahan.catat("baris", k.noda);
        let isi = Isi {
            periode: self.periode,
            daftar: &self.daftar,
            konsep: k,
            rt,
            orang,
            nomor: self.neraca.simpan + 1,
        };
        sel_baris(&mut self.csv, &self.kolom, &isi, false);
        if k.noda.starts_with("ganda") {
            let teks = salinan(&mut self.csv, &self.kolom, &isi);
            let nasib = if k.noda == "ganda_persis" { "simpan" } else { "duplikat" };
            self.susulan.push(Susulan {
                teks,
                benar: benar.clone(),
                nasib,
                noda: k.noda,
            });
        }
        let nasib = self.rusak_baris(k);
        let nomor = self.csv.tulis()?;
        self.catat(&benar, nomor, nasib)
    }

    /// Spoils the row in the making and tells its fate.
    fn rusak_baris(&mut self, k: &Konsep) -> &'static str {
        match k.noda {
            "kolom_kurang" => self.csv.potong(),
            "kolom_lebih" => self.csv.sel("LEBIH"),
            "pemisah_lebih" => {
                self.csv.sel("");
                self.csv.sel("");
            }
            _ => {}
        }
        match k.noda {
            "kolom_kurang" | "kolom_lebih" | "kutip_terbuka" => "karantina",
            // A household without its id has nothing left to be known by.
            "tanpa_id" if k.nik.is_empty() => "karantina",
            // The later one of two equal rows counts.
            "ganda_persis" => "duplikat",
            _ => "simpan",
        }
    }

    fn catat(&mut self, benar: &T, nomor: u64, nasib: &'static str) -> Result<(), SampleError> {
        self.kesalahan.di_baris(nomor)?;
        self.neraca.hitung(nasib);
        let letak = Letak {
            wilayah: &self.dunia.wilayah,
            p: self.periode.p,
            berkas: self.berkas,
            anggota: self.anggota,
            nomor,
            nasib,
        };
        benar.catat(&mut self.truth, &letak)
    }

    fn selesai(mut self) -> Result<Neraca, SampleError> {
        for s in std::mem::take(&mut self.susulan) {
            let nomor = self.csv.tulis_teks(&s.teks)?;
            self.kesalahan.catat("baris", s.noda);
            self.catat(&s.benar, nomor, s.nasib)?;
        }
        self.csv.selesai()?;
        self.truth.selesai()?;
        Ok(self.neraca)
    }
}

/// The second copy of the row that stands in `csv`: the same, or with three cells less.
fn salinan<W: Write + Seek>(csv: &mut Csv<W>, kolom: &[Sel], isi: &Isi) -> String {
    let pertama = csv.baris.clone();
    if isi.konsep.noda == "ganda_persis" {
        return pertama;
    }
    csv.ulang();
    sel_baris(csv, kolom, isi, true);
    std::mem::replace(&mut csv.baris, pertama)
}

fn sel_baris<W: Write + Seek>(csv: &mut Csv<W>, kolom: &[Sel], isi: &Isi, kurang: bool) {
    let mut teks = String::with_capacity(64);
    for (i, k) in (0_u32..).zip(kolom) {
        teks.clear();
        let dibuang = kurang && matches!(k, Sel::Kode(3 | 5 | 9) | Sel::Tempat | Sel::Kamar);
        if !dibuang {
            isi.tulis(*k, i, &mut teks);
        }
        let terbuka = isi.konsep.noda == "kutip_terbuka" && matches!(k, Sel::NamaKrt | Sel::Nama);
        if terbuka {
            csv.sel_terbuka(&teks);
        } else {
            csv.sel(&teks);
        }
    }
}
