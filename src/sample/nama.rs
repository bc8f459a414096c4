//! Invented names of people, made from parts; no list of real persons is behind them.

use super::rng::Rng;

const LAKI: [&str; 64] = [
    "SUTRISNO", "SUYATNO", "MISDI", "KATIMIN", "PAIMAN", "SUKARNI", "WAGIMAN", "TUKIRAN", "SLAMET", "BONIRAN", "SARNO", "JUMADI", "PONIDI",
    "SAIMUN", "KASIRAN", "TUMIRAN", "AGUS", "BUDI", "EKO", "DWI", "TRI", "HADI", "JOKO", "BAMBANG", "IMAM", "NUR", "MUHAMMAD", "AHMAD", "ZAINAL",
    "RIZKI", "FAJAR", "DIMAS", "BAGUS", "ANDI", "WAHYU", "YOGA", "RENDRA", "GALIH", "ARIF", "KHOIRUL", "MOH", "SAMSUL", "MASHURI", "SYAIFUL",
    "TEGUH", "SUPRIYADI", "KUSNADI", "WARSITO", "HARIYANTO", "SUNARYO", "MARYONO", "PURNOMO", "DARMAJI", "RUSMAN", "TARMUJI", "YATIMAN", "LASIMIN",
    "MARSUDI", "NGADIRAN", "PAIRAN", "RADJIMAN", "SENEN", "TOIMAN", "WIJI",
];
const PEREMPUAN: [&str; 64] = [
    "SITI", "SRI", "SUMIATI", "KATEMI", "TUMINEM", "SULASTRI", "MISIYEM", "PAINEM", "SUPARMI", "KASMIATUN", "WAGINEM", "BONIYEM", "TUKIYEM", "SARINEM",
    "MARSINI", "JUMIATI", "DEWI", "RATNA", "FITRI", "AYU", "INDAH", "LESTARI", "NUR", "UMI", "KHUSNUL", "LAILATUL", "ROHMATUL", "ANIS", "ENDANG", "YULI",
    "RINA", "WULAN", "PUTRI", "NOVITA", "ERNA", "TITIK", "WIWIK", "LILIK", "BINTI", "MUTMAINAH", "ROKANAH", "SUKESI", "SUNARTI", "HARTINI", "MARYATI",
    "RUKMINI", "SUWARNI", "KARMINI", "MURTINI", "SAMINEM", "SARTUN", "TARMI", "YATEMI", "LAMINEM", "SOINEM", "RUBINEM", "PONIYEM", "NGATINEM", "KARSI",
    "DARMINI", "EKA", "DIAN", "MEGA", "CINDY",
];
const AKHIR: [&str; 72] = [
    "SANTOSO", "WIBOWO", "RAHAYU", "LESTARI", "UTOMO", "PRASETYO", "SETIAWAN", "HIDAYAT", "ROHMAN", "KURNIAWAN", "NUGROHO", "SUSANTO", "WIDODO", "RAHMAWATI",
    "HANDAYANI", "WULANDARI", "PUSPITASARI", "ANGGRAINI", "KUSUMA", "MULYONO", "MULYANI", "FATIMAH", "KHASANAH", "NGAISAH", "ROHANI", "JANAH", "MAGHFIROH",
    "MUSTOFA", "ARIFIN", "MAKRUF", "EFENDI", "SAPUTRA", "PAMUNGKAS", "WICAKSONO", "PRAYITNO", "RIYANTO", "HARTONO", "SUBAGYO", "SUDARSONO", "PRATAMA",
    "RAMADHAN", "MAULANA", "FIRMANSYAH", "AMINAH", "SOLIKAH", "MUNAWAROH", "ISTIQOMAH", "NURHAYATI", "KARTIKA", "PERMATASARI", "OKTAVIA", "AGUSTINA",
    "DESTIANA", "YULIANA", "KRISTANTI", "WAHYUNI", "SETYOWATI", "PURWANTI", "ASTUTIK", "RETNOWATI", "TRIONO", "BASUKI", "SUPRAPTO", "WINARNO",
    "SUGIYONO", "SUMARSONO", "HERMANTO", "KISWANTO", "MUJIONO", "PURWANTO", "SISWANTO", "TUGIMAN",
];
/// Names that only the typed forms spoil: an apostrophe of print, a mark that only one encoding has.
const ISTIMEWA: [&str; 4] = ["MU\u{2019}ALIMAH", "SA\u{2019}DIYAH", "RO\u{2019}IN", "JU\u{2019}MAH"];
/// Places of birth; the district is by far the most frequent one.
const TEMPAT: [&str; 12] = [
    "TULUNGAGUNG", "PONOROGO", "PACITAN", "SURABAYA", "KEDIRI", "BLITAR", "MADIUN", "MALANG", "NGANJUK", "JAKARTA", "PONTIANAK", "SIDOARJO",
];
const DUSUN: [&str; 16] = [
    "KRAJAN", "SUMBER", "TENGAH", "PUCUNG", "JERUK", "NGLARANGAN", "SALAM", "TUMPAK", "KEDUNG", "BULU", "PRAMBON", "SEMPU", "TAWING", "WONOASRI", "JATI", "GONDANG",
];

/// A full name for a man or a woman born in `tahun`.
pub fn orang(rng: &mut Rng, laki: bool, tahun: i32) -> String {
    let depan: &[&str] = if laki { &LAKI } else { &PEREMPUAN };
    let mut nama = if !laki && rng.chance(0.01) { (rng.pick(&ISTIMEWA)).to_owned() } else { (rng.pick(depan)).to_owned() };
    // Older people of the villages often have one name only.
    let satu = if tahun < 1970 { 0.6 } else { 0.08 };
    if !rng.chance(satu) {
        nama.push(' ');
        nama.push_str(rng.pick(&AKHIR));
        if tahun > 1995 && rng.chance(0.3) {
            nama.push(' ');
            nama.push_str(rng.pick(&AKHIR));
        }
    }
    nama
}

/// A place of birth outside the district.
pub fn tempat_lain(rng: &mut Rng) -> &'static str {
    rng.pick(&TEMPAT)
}

/// The name of a hamlet.
pub fn dusun(rng: &mut Rng) -> &'static str {
    rng.pick(&DUSUN)
}
