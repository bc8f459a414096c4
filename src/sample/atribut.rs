//! What the questionnaires of DTKS ask, derived from a person or a household and a periode.

use super::dunia::{Orang, RumahTangga};
use super::rng::Rng;

/// Coded columns of the person file, in the order of [`orang`].
pub const ORANG: [&str; 23] = [
    "JnsKel",
    "Hub_KRT",
    "Hubkel",
    "Sta_kawin",
    "Ada_akta_nikah",
    "Ada_diKK",
    "Ada_kartu_identitas",
    "Sta_hamil",
    "Jenis_cacat",
    "Penyakit_kronis",
    "Partisipasi_sekolah",
    "Pendidikan_tertinggi",
    "Kelas_tertinggi",
    "Ijazah_tertinggi",
    "Sta_Bekerja",
    "Lapangan_usaha",
    "Status_pekerjaan",
    "Sta_keberadaan_art",
    "Ada_kks",
    "Ada_pbi",
    "Ada_kip",
    "Ada_pkh",
    "Ada_rastra",
];
/// Places in [`ORANG`] of the columns that the truth follows.
pub const JNSKEL: usize = 0;
/// See [`JNSKEL`].
pub const HUB_KRT: usize = 1;
/// See [`JNSKEL`].
pub const CACAT: usize = 8;
/// See [`JNSKEL`].
pub const KEBERADAAN: usize = 17;
/// The first of the five program flags.
pub const FLAG: usize = 18;

/// The codes of a person in periode `p`.
#[expect(clippy::too_many_lines, reason = "one value a column, in the order of the file")]
pub fn orang(rt: &RumahTangga, o: &Orang, p: usize, meninggal: bool) -> [u8; 23] {
    let umur = o.umur(p);
    let mut rng = Rng::new(&[o.bits, 3]);
    let keluarga = &rt.keluarga[usize::from(o.kel) - 1];
    let sekolah = (6..=18).contains(&umur) && !rng.chance(0.06);
    let tamat = rng.below(10);
    let ijazah: u8 = match umur {
        ..13 => 0,
        13..16 => 1,
        16..19 => u8::from(tamat > 0) + u8::from(tamat > 2),
        19..45 => [0, 1, 1, 2, 2, 2, 3, 3, 3, 5][tamat as usize],
        _ => [0, 0, 0, 1, 1, 1, 1, 2, 2, 3][tamat as usize],
    };
    let pendidikan = match (sekolah, umur, ijazah) {
        (true, ..13, _) => {
            if rng.chance(0.15) {
                3
            } else {
                1
            }
        }
        (true, 13..16, _) => {
            if rng.chance(0.25) {
                6
            } else {
                4
            }
        }
        (true, ..) => {
            if rng.chance(0.2) {
                9
            } else {
                7
            }
        }
        (false, _, 0) => 0,
        (false, _, 1) => 1,
        (false, _, 2) => 4,
        (false, _, 3) => 7,
        _ => 10,
    };
    let bekerja = (17..72).contains(&umur) && !sekolah && rng.chance(if o.laki { 0.88 } else { 0.52 });
    let lapangan = if bekerja {
        [1, 1, 1, 1, 2, 3, 6, 7, 9, 11, 11, 12, 12, 14, 19, 21, 8, 4][rng.below(18) as usize]
    } else {
        0
    };
    let jabatan = if bekerja {
        [1, 1, 2, 2, 4, 6, 6, 6, 7, 7, 8, 5][rng.below(12) as usize]
    } else {
        0
    };
    let hamil = if o.laki || !(16..45).contains(&umur) || o.kawin != 2 {
        0
    } else {
        2 - u8::from(rng.chance(0.04))
    };
    let ya = |b: bool| 2 - u8::from(b);
    let wali = o.hubkel <= 2 && (!o.laki || !rt.orang.iter().any(|x| x.kel == o.kel && x.hubkel == 2));
    let tak_tercatat = rng.chance(0.05);
    [
        ya(o.laki),
        o.hub_krt,
        o.hubkel,
        if umur < 17 { 1 } else { o.kawin },
        if o.kawin == 2 { 1 + u8::from(rng.chance(0.2)) } else { 0 },
        ya(!rng.chance(0.03)),
        if umur < 17 { 1 } else { 5 },
        hamil,
        o.cacat,
        if umur < 15 { 0 } else { o.penyakit },
        if sekolah {
            1
        } else if umur < 6 {
            0
        } else {
            2 * u8::from(ijazah > 0 || rng.chance(0.5))
        },
        pendidikan,
        if pendidikan == 0 {
            0
        } else if sekolah {
            1 + rng.below(6) as u8
        } else {
            8
        },
        ijazah,
        if umur < 5 { 0 } else { ya(bekerja) },
        lapangan,
        jabatan,
        if meninggal {
            2
        } else if rng.chance(0.006) {
            3
        } else {
            1
        },
        ya(wali && keluarga.sembako && !tak_tercatat),
        ya(o.kis),
        ya(sekolah && rng.chance(0.35)),
        ya(keluarga.pkh && !tak_tercatat),
        ya(keluarga.sembako && p >= 1),
    ]
}

/// A coded column of the household file and the codes that it is drawn from.
pub struct Pertanyaan {
    pub nama: &'static str,
    pub kode: &'static [u8],
}

const fn t(nama: &'static str, kode: &'static [u8]) -> Pertanyaan {
    Pertanyaan { nama, kode }
}

/// Coded columns of the household file.
pub const RUMAH: [Pertanyaan; 44] = [
    t("sta_bangunan", &[1, 1, 1, 1, 1, 1, 1, 2, 3, 5]),
    t("sta_lahan", &[1, 1, 1, 1, 1, 1, 2, 3, 4, 0]),
    t("lantai", &[2, 4, 6, 6, 6, 9, 9, 3, 8, 1, 7, 5]),
    t("dinding", &[1, 1, 1, 1, 3, 4, 6, 2, 7, 5]),
    t("kondisi_dinding", &[1, 2, 2, 2, 0]),
    t("atap", &[4, 4, 4, 4, 4, 5, 2, 6, 3, 9, 1]),
    t("kondisi_atap", &[1, 2, 2]),
    t("sumber_airminum", &[3, 5, 6, 6, 7, 8, 8, 9, 2, 10, 1, 11]),
    t("cara_peroleh_airminum", &[1, 2, 3, 3, 3]),
    t("sumber_penerangan", &[1, 1, 1, 1, 1, 1, 1, 2, 3]),
    t("daya", &[1, 1, 1, 2, 2, 3, 6, 5, 4, 0]),
    t("bb_masak", &[3, 3, 3, 3, 8, 8, 8, 2, 9, 1, 5]),
    t("fasbab", &[1, 1, 1, 1, 2, 3, 4]),
    t("kloset", &[1, 1, 1, 2, 3, 4, 0]),
    t("buang_tinja", &[1, 1, 3, 3, 4, 5, 2, 6]),
    t("ada_tabung_gas", &[1, 2, 2, 2]),
    t("ada_lemari_es", &[3, 4, 4]),
    t("ada_ac", &[2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1]),
    t("ada_pemanas", &[4, 4, 4, 4, 4, 4, 4, 3]),
    t("ada_telepon", &[1, 1, 2]),
    t("ada_tv", &[3, 3, 4]),
    t("ada_emas", &[1, 2, 2, 2, 2]),
    t("ada_laptop", &[4, 4, 4, 4, 3]),
    t("ada_sepeda", &[1, 2, 2]),
    t("ada_motor", &[3, 3, 4]),
    t("ada_mobil", &[2, 2, 2, 2, 2, 2, 1]),
    t("ada_perahu", &[4, 4, 4, 4, 4, 4, 4, 4, 3]),
    t("ada_motor_tempel", &[2, 2, 2, 2, 2, 2, 1]),
    t("ada_perahu_motor", &[4, 4, 4, 4, 4, 3]),
    t("ada_kapal", &[2, 2, 2, 2, 2, 2, 2, 1]),
    t("aset_tak_bergerak", &[1, 2, 2]),
    t("rumah_lain", &[4, 4, 4, 4, 3]),
    t("sta_art_usaha", &[1, 2, 2]),
    t("sta_kks", &[1, 2]),
    t("sta_kip", &[3, 4, 4]),
    t("sta_kis", &[1, 1, 2]),
    t("sta_bpjs_mandiri", &[4, 4, 4, 3]),
    t("sta_jamsostek", &[2, 2, 2, 1]),
    t("sta_asuransi", &[4, 4, 4, 3]),
    t("sta_pkh", &[1, 2, 2]),
    t("sta_rastra", &[3, 4]),
    t("sta_kur", &[2, 2, 2, 1]),
    t("sta_keberadaan_RT", &[1, 1, 1, 1, 1, 4]),
    t("JnsKel_Pengurus", &[2]),
];
