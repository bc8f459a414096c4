//! Every rule of the cleaning, in one place: its id, its level and what it tells the office.

/// How grave a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Good to know; counted per file and column.
    Info,
    /// A person should look at the row.
    Peringatan,
    /// The row or file cannot be used as it is.
    Galat,
}

impl Level {
    /// The level as it stands in `kualitas_temuan.tingkat`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Info => "INFO",
            Self::Peringatan => "PERINGATAN",
            Self::Galat => "GALAT",
        }
    }
}

/// A rule of the catalogue.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// Stable id, `kualitas_temuan.aturan`.
    pub id: &'static str,
    /// Its level.
    pub level: Level,
    /// What it means, in Indonesian; `kualitas_temuan.pesan`.
    pub pesan: &'static str,
}

macro_rules! catalogue {
    ($($id:ident $level:ident $pesan:literal;)*) => {
        /// The rules by name.
        pub mod rules {
            use super::{Level, Rule};
            $(
                #[doc = $pesan]
                pub static $id: Rule = Rule { id: stringify!($id), level: Level::$level, pesan: $pesan };
            )*
        }
        /// All rules, in the order of the catalogue.
        pub fn all_rules() -> &'static [&'static Rule] {
            static ALL: &[&Rule] = &[$(&rules::$id),*];
            ALL
        }
    };
}

catalogue! {
    NIK_KOSONG Info "NIK tidak diisi";
    NIK_PRESISI_HILANG Peringatan "NIK kehilangan angka karena disimpan sebagai bilangan; ketik ulang sebagai teks";
    NIK_BUKAN_ANGKA Peringatan "NIK berisi huruf atau tanda lain";
    NIK_HURUF_MIRIP_ANGKA Peringatan "NIK berisi huruf yang mirip angka (O, I, L); bila diganti angka menjadi NIK yang benar";
    NIK_SEMENTARA Peringatan "NIK sementara buatan sistem desa, bukan NIK";
    NIK_PENGISI Peringatan "NIK berisi angka pengisi";
    NIK_PANJANG_SALAH Peringatan "NIK tidak 16 angka";
    NIK_SAMA_DENGAN_KK Peringatan "NIK sama dengan nomor KK pada baris yang sama";
    NIK_POLA_SALAH Peringatan "NIK 16 angka, tetapi wilayah atau tanggal di dalamnya tidak mungkin";
    NIK_KECAMATAN_TIDAK_DIKENAL Info "Kabupaten pada NIK dikenal, kecamatannya tidak";
    NIK_TANGGAL_LAHIR_BEDA Peringatan "Tanggal lahir pada NIK berbeda dengan tanggal lahir yang ditulis";
    NIK_JENIS_KELAMIN_BEDA Peringatan "Jenis kelamin pada NIK berbeda dengan yang ditulis";
    NIK_TERPOTONG_EXCEL Galat "Terlalu banyak NIK berakhiran 0: berkas rusak oleh Excel";
    NIK_TERPOTONG_EXCEL_DIDUGA Peringatan "Banyak NIK berakhiran 0: periksa apakah kolomnya pernah disimpan sebagai bilangan";
    KK_KOSONG Info "Nomor KK tidak diisi";
    KK_PRESISI_HILANG Peringatan "Nomor KK kehilangan angka karena disimpan sebagai bilangan";
    KK_BUKAN_ANGKA Peringatan "Nomor KK berisi huruf atau tanda lain";
    KK_HURUF_MIRIP_ANGKA Peringatan "Nomor KK berisi huruf yang mirip angka (O, I, L); bila diganti angka menjadi nomor yang benar";
    KK_PENGISI Peringatan "Nomor KK berisi angka pengisi";
    KK_PANJANG_SALAH Peringatan "Nomor KK tidak 16 angka";
    KK_POLA_SALAH Peringatan "Nomor KK 16 angka, tetapi wilayah atau tanggal di dalamnya tidak mungkin";
    KK_KECAMATAN_TIDAK_DIKENAL Info "Kabupaten pada nomor KK dikenal, kecamatannya tidak";
    NAMA_BERANGKA Peringatan "Nama berisi angka";
    TANGGAL_TIDAK_TERBACA Peringatan "Tanggal tidak terbaca";
    TANGGAL_DI_LUAR_RENTANG Peringatan "Tanggal sebelum 1900 atau sesudah periode";
    TANGGAL_DARI_NOMOR_SERI Peringatan "Tanggal tertulis sebagai nomor seri Excel";
    JENIS_KELAMIN_TIDAK_DIKENAL Peringatan "Jenis kelamin tidak dikenal";
    KODE_TIDAK_DIKENAL Peringatan "Kode tidak ada dalam daftar kode";
    LABEL_TIDAK_DIKENAL Peringatan "Teks tidak ada dalam daftar kode";
    YA_TIDAK_TIDAK_DIKENAL Peringatan "Isi kolom ya/tidak tidak dikenal dan dihitung tidak";
    ANGKA_TIDAK_TERBACA Peringatan "Angka tidak terbaca";
    PERSENTIL_NOL Info "Persentil 0 dihitung sebagai desil 1";
    PERSENTIL_DI_LUAR_RENTANG Peringatan "Persentil di luar 0 sampai 100";
    DESIL_DI_LUAR_RENTANG Peringatan "Desil di luar 1 sampai 10";
    ID_TIDAK_TERBACA Peringatan "ID DTKS tidak terbaca";
    ID_ART_DARI_NIK Info "ART tanpa ID DTKS; dipakai NIK-nya";
    WILAYAH_DIDUGA Peringatan "Nama wilayah dicocokkan dengan ejaan resmi yang paling mirip";
    WILAYAH_TIDAK_DIKENAL Peringatan "Nama wilayah tidak dikenal";
    WILAYAH_KODE_TIDAK_DIKENAL Peringatan "Kode wilayah tidak dikenal";
    WILAYAH_BERTENTANGAN Peringatan "Kolom wilayah pada baris ini saling bertentangan";
    DESA_DI_LUAR_KECAMATAN Peringatan "Desa ini tidak ada di kecamatan yang ditulis";
    KECAMATAN_DARI_DESA Peringatan "Kecamatan tidak dikenal; diketahui dari nama desanya";
    WILAYAH_LUAR_KABUPATEN Info "Baris menyebut kabupaten lain; tempat tidak dicatat";
    RAGAM_TIDAK_DIKENAL Peringatan "Jenis disabilitas tidak dikenal";
    BARIS_TANPA_IDENTITAS Galat "Baris tanpa NIK, nomor KK, nama atau ID; dikarantina";
    BARIS_RUSAK Galat "Baris tidak terbaca (jumlah kolom salah atau tanda kutip tidak ditutup); dikarantina";
    KOLOM_BERSAING Info "Dua judul kolom untuk satu arti; dipakai yang pertama dalam daftar";
    LEMBAR_DILEWATI Info "Lembar tanpa judul kolom dilewati";
    LEMBAR_TERSEMBUNYI Info "Lembar tersembunyi ikut dibaca";
    PEMISAH_BERLEBIH Info "Pemisah kosong berlebih di akhir baris diabaikan";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_unique_and_spelt_like_the_contract() {
        let mut seen = std::collections::HashSet::new();
        for rule in all_rules() {
            assert!(seen.insert(rule.id), "{} stands twice", rule.id);
            assert!(rule.id.bytes().all(|byte| byte == b'_' || byte.is_ascii_uppercase()));
        }
    }
}
