//! What a rule means in one line, and what the office should do about it.

use crate::temuan::all_rules;

/// What the office should do, by the beginning of the rule's id; the first that fits counts.
const ADVICE: &[(&str, &str)] = &[
    ("NIK_KOSONG", "Lengkapi NIK dari KTP atau KK."),
    ("KK_KOSONG", "Lengkapi nomor KK dari kartu keluarga."),
    (
        "NIK_PRESISI_HILANG",
        "Ubah kolom NIK menjadi teks, lalu tempel ulang NIK dari sumbernya.",
    ),
    (
        "KK_PRESISI_HILANG",
        "Ubah kolom nomor KK menjadi teks, lalu tempel ulang dari sumbernya.",
    ),
    (
        "NIK_TERPOTONG",
        "Ubah kolom NIK menjadi teks, tempel ulang dari sumbernya, lalu kirim ulang berkasnya.",
    ),
    ("NIK_KECAMATAN", "Cukup diketahui."),
    ("KK_KECAMATAN", "Cukup diketahui."),
    (
        "NIK_TANGGAL_LAHIR",
        "Cocokkan tanggal lahir dan NIK dengan KTP; perbaiki yang salah.",
    ),
    (
        "NIK_JENIS_KELAMIN",
        "Cocokkan jenis kelamin dan NIK dengan KTP; perbaiki yang salah.",
    ),
    (
        "NIK_GANDA_ART",
        "Periksa apakah orangnya sama; hapus salah satu atau betulkan NIK-nya di SIKS-NG.",
    ),
    (
        "NIK_",
        "Cocokkan NIK dengan KTP atau KK, lalu ketik ulang 16 angka sebagai teks.",
    ),
    (
        "KK_LINTAS",
        "Periksa apakah keluarganya memang tinggal terpisah; bila tidak, betulkan di SIKS-NG.",
    ),
    (
        "KK_",
        "Cocokkan nomor KK dengan kartu keluarga, lalu ketik ulang 16 angka sebagai teks.",
    ),
    ("NAMA_", "Periksa ejaan nama pada KTP."),
    ("TANGGAL_", "Tulis tanggal sebagai HH-BB-TTTT, misalnya 05-03-1985."),
    ("JENIS_KELAMIN", "Tulis LAKI-LAKI atau PEREMPUAN."),
    (
        "KODE_",
        "Periksa kodenya; bila memang kode baru, laporkan ke pengelola data.",
    ),
    (
        "LABEL_",
        "Tulis salah satu isian yang dikenal; bila memang isian baru, laporkan ke pengelola data.",
    ),
    (
        "RAGAM_",
        "Tulis ragam disabilitasnya, misalnya FISIK atau SENSORIK NETRA.",
    ),
    ("YA_TIDAK", "Tulis YA atau TIDAK."),
    (
        "ID_TIDAK",
        "Unduh ulang berkas dari sumbernya; ID tersimpan sebagai bilangan.",
    ),
    ("ID_ART", "Cukup diketahui; ID DTKS dapat dilengkapi dari SIKS-NG."),
    ("WILAYAH_LUAR", "Pastikan orangnya memang penduduk kabupaten ini."),
    (
        "WILAYAH_DIDUGA",
        "Periksa apakah tempatnya benar; ejaan yang sering muncul dapat didaftarkan.",
    ),
    ("KECAMATAN_DARI", "Periksa apakah tempatnya benar; tulis kecamatannya."),
    ("WILAYAH_", "Tulis nama desa dan kecamatan menurut ejaan resmi."),
    ("DESA_DI_LUAR", "Tulis desa dan kecamatan yang sesuai."),
    (
        "BARIS_TANPA",
        "Lengkapi NIK, nomor KK atau nama; sebelum itu barisnya tidak dihitung.",
    ),
    (
        "BARIS_RUSAK",
        "Betulkan barisnya di berkas asal; sebelum itu barisnya tidak dihitung.",
    ),
    ("BARIS_GANDA", "Cukup diketahui; baris yang sama dihitung sekali."),
    (
        "ART_TANPA_RT",
        "Minta data rumah tangganya, atau keluarkan anggota itu dari SIKS-NG.",
    ),
    (
        "RT_TANPA_ART",
        "Minta data anggotanya, atau keluarkan rumah tangga itu dari SIKS-NG.",
    ),
    ("KRT_", "Tetapkan satu kepala rumah tangga di SIKS-NG."),
    (
        "PENERIMA_MENINGGAL",
        "Pastikan keadaannya di desa; bila benar, hentikan atau alihkan bantuannya.",
    ),
    ("ART_MENINGGAL", "Keluarkan dari DTKS pada pemutakhiran berikutnya."),
    (
        "DAFTAR_TANPA",
        "Tulis bulan atau tahap penyaluran pada nama berkas, lalu kirim ulang.",
    ),
    ("ATURAN_TIDAK", "Minta berkas dengan kolom KIS (Ada_pbi)."),
    ("USULAN_", "Periksa orang yang diusulkan; perbaiki usulannya."),
    ("PERSENTIL_NOL", "Cukup diketahui."),
    ("PERSENTIL_", "Periksa angka persentil di sumbernya."),
    ("DESIL_", "Periksa angka desil di sumbernya."),
    ("ANGKA_", "Tulis angkanya saja, tanpa huruf."),
];

/// What the office should do about findings of this rule.
pub fn what_to_do(rule: &str) -> &'static str {
    ADVICE
        .iter()
        .find(|(beginning, _)| rule.starts_with(beginning))
        .map_or("Cukup diketahui.", |(_, words)| words)
}

/// What the rule means; `None` for rules that are not of the cleaning.
pub fn meaning(rule: &str) -> Option<&'static str> {
    all_rules().find(|known| known.id == rule).map(|known| known.pesan)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearer_rule_comes_first() {
        assert!(what_to_do("NIK_KOSONG").starts_with("Lengkapi NIK"));
        assert!(what_to_do("NIK_POLA_SALAH").starts_with("Cocokkan NIK"));
        assert!(what_to_do("NIK_GANDA_ART").starts_with("Periksa apakah orangnya"));
        assert!(meaning("NAMA_BERANGKA").is_some());
    }

    #[test]
    fn every_grave_rule_says_what_to_do() {
        use crate::temuan::Level;
        for rule in all_rules().iter().filter(|rule| rule.level != Level::Info) {
            assert_ne!(what_to_do(rule.id), "Cukup diketahui.", "{}", rule.id);
        }
    }
}
