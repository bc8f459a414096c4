//! Rules that need more than one row; each is the SQL model of its name in `sql/temuan`.

use super::catalogue::{Group, Level, Rule, catalogue};

catalogue! {
    ART_TANPA_RT Peringatan Dtks "Rumah tangga anggota ini tidak ada di berkas rumah tangga periode yang sama"
        "Desil dan keadaan rumahnya tidak diketahui" "Masukkan berkas RT yang sepasang, atau periksa ID rumah tangganya";
    RT_TANPA_ART Info Dtks "Rumah tangga tanpa satu pun anggota di berkas anggota periode yang sama"
        "Rumah tangga terhitung tanpa orang" "Masukkan berkas ART yang sepasang; bila sudah, cukup diketahui";
    KRT_GANDA Peringatan Dtks "Rumah tangga dengan lebih dari satu kepala"
        "Dipakai kepala dengan nomor urut keluarga terkecil; mungkin bukan kepala yang sebenarnya" "Tentukan kepalanya lewat musyawarah desa, perbaiki di SIKS-NG";
    KRT_TIDAK_ADA Info Dtks "Rumah tangga tanpa anggota dengan hubungan kepala rumah tangga"
        "Nama kepala diambil dari berkas rumah tangga, tanpa NIK" "Tentukan kepalanya, perbaiki di SIKS-NG";
    KK_LINTAS_RT Info Dtks "Anggota satu kartu keluarga tersebar di lebih dari satu rumah tangga"
        "Satu keluarga terhitung di dua rumah tangga dengan desil yang mungkin berbeda" "Cukup diketahui; bila banyak, periksa pendataannya";
    NIK_GANDA_ART Peringatan Dtks "NIK ini dipakai lebih dari satu anggota dalam periode yang sama"
        "Bantuan satu orang tercatat pada dua orang" "Cocokkan kedua orang dengan KTP";
    JUMLAH_ART_BEDA Peringatan Dtks "Jumlah anggota yang ditulis berbeda dengan yang terhitung di berkas anggota"
        "Ada anggota yang tidak ikut terkirim atau sudah keluar" "Cocokkan anggota rumah tangga ini dengan SIKS-NG";
    ART_MENINGGAL_PINDAH Info Dtks "Anggota tercatat meninggal atau pindah; tetap dihitung karena masih ada di DTKS"
        "DTKS masih memuat orang yang sudah tidak ada" "Usulkan perbaikannya di SIKS-NG";
    BARIS_GANDA_DTKS Info Dtks "Nomor yang sama muncul lebih dari sekali dalam satu periode; yang dipakai baris yang paling lengkap, lalu yang terakhir"
        "Baris yang kalah tidak dihitung" "Cukup diketahui";
    BARIS_GANDA_DAFTAR Info Daftar "Baris yang isinya sama persis dengan baris lain di berkas ini; yang dipakai baris pertama"
        "Baris yang sama tidak dihitung dua kali" "Cukup diketahui";
    DAFTAR_TANPA_PERIODE Peringatan Daftar "Daftar tanpa bulan atau tahap di samping daftar lain dari program yang sama yang menyebutnya"
        "Isinya tidak masuk data mart mana pun" "Tulis bulan atau tahapnya di nama berkas";
    PENERIMA_MENINGGAL_PINDAH Peringatan Daftar "Penerima tercatat di DTKS terakhir sebagai meninggal atau pindah"
        "Bantuan mungkin diterima orang yang tidak berhak" "Periksa di lapangan apakah masih berhak";
    NIK_GANDA_DAFTAR Peringatan Daftar "NIK ini ada di lebih dari satu baris program yang sama"
        "Satu orang mungkin menerima bantuan yang sama dua kali" "Pastikan orangnya satu, usulkan penghentian baris yang berlebih";
    NIK_GANDA_BEDA_NAMA Peringatan Daftar "NIK ini dipakai dengan nama yang berbeda di daftar penerima"
        "Salah satu baris memakai NIK orang lain, atau namanya salah" "Cocokkan kedua baris dengan KTP";
    SEMBAKO_GANDA_KELUARGA Peringatan Daftar "Satu keluarga mempunyai lebih dari satu kartu sembako"
        "Satu keluarga berhak atas satu kartu" "Periksa kartu keluarganya, usulkan penghentian salah satunya";
    TEMPAT_BEDA_NIK Info Daftar "Kecamatan yang ditulis berbeda dengan kecamatan pada NIK"
        "Orang yang pindah tetap memakai NIK lamanya, jadi ini bukan kesalahan" "Cukup diketahui";
    ATURAN_TIDAK_DINILAI Peringatan Daftar "Aturan KIS tidak dapat dinilai karena kolomnya tidak ada"
        "Pelanggaran aturan itu tidak terlihat di mart 1" "Masukkan DTKS dengan kolom KIS atau PBI";
    USULAN_GANDA Peringatan Daftar "Orang ini sudah diusulkan di baris lain untuk periode yang sama; yang dipakai usulan pertama"
        "Usulan kedua tidak dihitung" "Hapus usulan yang berlebih";
    USULAN_BEDA_ART Peringatan Daftar "Nomor anggota dan NIK usulan ini menunjuk dua orang yang berbeda di DTKS; yang dipakai nomor anggota"
        "Penetapan mungkin jatuh pada orang yang salah" "Cocokkan usulan dengan KTP";
}
