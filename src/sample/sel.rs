//! The cells of the DTKS files: which header asks for what, and how a row answers.

use super::atribut::{self, FLAG, HUB_KRT};
use super::dunia::{Orang, RumahTangga};
use super::isian::{Konsep, desil};
use super::kode::{Daftar, push};
use super::periode::{GayaId, Periode};
use std::fmt::Write as _;

/// A cell of a household or person row.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Sel {
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
    Desil,
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

/// The cell that stands under a header.
pub fn sel(nama: &str, art: bool) -> Sel {
    let kode = if art {
        atribut::ORANG.iter().position(|k| *k == nama)
    } else {
        atribut::RUMAH.iter().position(|k| k.nama == nama)
    };
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
        "desil" => Sel::Desil,
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
        "AdaPKH" | "AdaPBDT" | "AdaKKS2016" | "AdaPBI" | "AdaBPNT" | "flag_nik" | "flag_sk" | "MasukKuota"
        | "ADA_PBI_BPJS" | "Ada_pkh_old" | "ADAPKH_NEW" => Sel::NolSatu,
        "InitData" => Sel::Waktu,
        "NoPesertaPKH" | "KET_BDTMEI18" | "Vector3" | "Vector4" | "id_periode" | "tgl_pindah" => Sel::Null,
        _ => Sel::Kosong,
    }
}

/// What one row is made of; its cells are written from here.
pub struct Isi<'a> {
    pub periode: &'a Periode,
    pub daftar: &'a [Daftar],
    pub konsep: &'a Konsep,
    pub rt: &'a RumahTangga,
    pub orang: Option<&'a Orang>,
    pub nomor: u64,
}

impl Isi<'_> {
    fn no(&self) -> u8 {
        self.orang.map_or(0, |o| o.no)
    }

    /// Writes the cell of column `i`.
    pub fn tulis(&self, k: Sel, i: u32, out: &mut String) {
        let (isi, rt, t) = (self.konsep, self.rt, &self.konsep.tempat);
        let acak = isi.bits.rotate_left(i);
        match k {
            // Without its own id a person still has the NIK; a household has nothing left.
            Sel::IdRt if isi.noda == "tanpa_id" && isi.nik.is_empty() => {}
            Sel::IdArt if isi.noda == "tanpa_id" => {}
            Sel::IdRt => tulis_id(self.periode.id, rt.id, out),
            Sel::IdArt => tulis_id(self.periode.id, rt.id_art(self.no()), out),
            Sel::Ruta => push(out, rt.id % 1_000_000),
            Sel::Prop => out.push_str(&t.prop),
            Sel::Kab => out.push_str(&t.kab),
            Sel::Kec => out.push_str(&t.kec),
            Sel::Desa => out.push_str(&t.desa),
            Sel::Gabungan | Sel::KodeDesa => out.push_str(&t.gabungan),
            Sel::NamaKab => out.push_str(&t.nama_kab),
            Sel::NamaKec => out.push_str(&t.nama_kec),
            Sel::NamaDesa => out.push_str(&t.nama_desa),
            Sel::Alamat => out.push_str(&isi.alamat),
            Sel::Sls => drop(write!(out, "DSN {} RT {:02}", rt.dusun, rt.rt)),
            Sel::NamaKrt | Sel::Nama => out.push_str(&isi.nama),
            Sel::JumlahArt => push(
                out,
                rt.orang.iter().filter(|o| o.tercatat(self.periode.p).is_some()).count() as u64,
            ),
            Sel::JumlahKeluarga => push(out, rt.keluarga.len() as u64),
            Sel::Luas => match rt.bits % 5 {
                0 => drop(write!(out, "{}.5", 20 + rt.bits / 7 % 60)),
                1 => drop(write!(out, "{},5", 20 + rt.bits / 7 % 60)),
                _ => push(out, 20 + rt.bits / 7 % 60),
            },
            Sel::Kamar => push(out, 1 + rt.bits / 11 % 4),
            Sel::Ternak => push(
                out,
                if (rt.bits >> (i % 40)).is_multiple_of(9) {
                    1 + rt.bits % 4
                } else {
                    0
                },
            ),
            Sel::Desil => {
                if let Some(desil) = desil(rt.percentile[self.periode.p]) {
                    push(out, desil);
                }
            }
            Sel::Percentile => out.push_str(&isi.percentile),
            Sel::Kode(n) => self.kode(n, out),
            Sel::Nik => out.push_str(&isi.nik),
            Sel::Kk => out.push_str(&isi.kk),
            Sel::Tempat => out.push_str(isi.tempat_lahir),
            Sel::Lahir => out.push_str(&isi.lahir),
            Sel::Nuk if isi.nuk => push(out, self.orang.map_or(1, |o| o.kel)),
            Sel::Umur => push(
                out,
                self.orang
                    .map_or(0, |o| u8::try_from(o.umur(self.periode.p).max(0)).unwrap_or(0)),
            ),
            Sel::Jam if isi.kode.get(14) == Some(&1) => push(out, 20 + acak % 40),
            Sel::NoBaris => push(out, self.nomor),
            // Columns of other programs disagree on purpose: no mart may read them.
            Sel::NikLain | Sel::KkLain | Sel::NamaLain | Sel::LahirLain | Sel::Ibu if isi.bits % 3 > 0 => {}
            Sel::NikLain => push(out, self.orang.map_or(0, |o| o.nik)),
            Sel::KkLain => push(out, rt.keluarga[0].kk),
            Sel::NamaLain => out.push_str(self.orang.map_or("", |o| &o.nama)),
            Sel::LahirLain => drop(write!(out, "{}", self.orang.map(|o| o.lahir).unwrap_or_default())),
            Sel::Panjang => drop(write!(out, "{:06}{:06}", rt.h, self.no())),
            Sel::Vektor => push(out, rt.bits >> 34),
            Sel::NolSatu => push(out, acak % 2),
            Sel::Waktu => drop(write!(
                out,
                "2017-0{}-1{} 00:00:00.000",
                1 + rt.bits % 9,
                rt.bits / 9 % 9
            )),
            Sel::Null if acak % 3 > 0 => out.push_str("NULL"),
            Sel::Salinan => push(out, isi.kode[HUB_KRT]),
            Sel::Ibu => out.push_str(rt.dusun),
            Sel::Lapangan if acak % 4 == 0 => out.push_str("WARUNG"),
            Sel::Nuk | Sel::Jam | Sel::Null | Sel::Lapangan | Sel::Kosong => {}
        }
    }

    fn kode(&self, n: usize, out: &mut String) {
        let isi = self.konsep;
        match isi.rusak.filter(|(i, _)| *i == n).map(|(_, noda)| noda) {
            Some("label") => {
                let teks = self.daftar[n].label(isi.kode[n]).map(str::to_uppercase);
                out.push_str(&teks.unwrap_or_default());
            }
            Some("nomor_label") => {
                if let Some(teks) = self.daftar[n].label(isi.kode[n]) {
                    let _ = write!(out, "{:02}. {teks}", isi.kode[n]);
                }
            }
            Some("kata_null") => out.push_str("NULL"),
            Some("kode_tak_dikenal") => out.push_str("88"),
            Some("nol") => out.push('0'),
            Some("teks_tak_dikenal") => out.push_str("TIDAK TAHU"),
            Some("kode_pecahan") => drop(write!(out, "{}.0", isi.kode[n])),
            Some(_) => push(out, isi.kode[n] + 2),
            None => self.daftar[n].tulis(self.periode.kode, isi.kode[n], out),
        }
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
