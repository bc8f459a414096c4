"""The columns of the marts and their types, as the contract has them; for peers whose frames have looser types."""

import pyarrow as pa

TYPES = {"s": pa.string(), "b": pa.bool_(), "i": pa.int32(), "l": pa.int64(), "f": pa.float64(), "d": pa.date32()}
SHEETS = {
    "mart_1_kpm": (
        "id_kpm:s sumber_data:s kode_program:s nama_program:s tahap:s periode_bantuan:s nik_asal:s nik:s "
        "status_nik:s nik_ganda:b nik_ganda_beda_nama:b no_kk:s status_kk:s sumber_no_kk:s nama:s "
        "kode_kecamatan:s kecamatan:s kode_desa:s desa:s ditemukan_di_dtks:b periode_dtks:s id_art:s "
        "id_dtks:s desil:i kelompok_desil:s tanggal_lahir:d umur:i jenis_kelamin:s hubungan_krt:s "
        "status_perkawinan:s jenis_disabilitas:s penyakit_kronis:s partisipasi_sekolah:s jenjang_pendidikan:s "
        "ijazah_tertinggi:s status_bekerja:s lapangan_usaha:s status_pekerjaan:s status_bangunan:s "
        "jenis_lantai:s jenis_dinding:s jenis_atap:s sumber_air_minum:s sumber_penerangan:s "
        "bahan_bakar_masak:s fasilitas_bab:s jumlah_program:i daftar_program:s jumlah_program_keluarga:i "
        "daftar_program_keluarga:s penerima_pkh:b penerima_sembako:b penerima_bst:b penerima_kpe:b "
        "penerima_kis:b pkh_dan_sembako:b pkh_tanpa_sembako:b pkh_tanpa_kis:b dua_program_lain:b "
        "tiga_program:b melanggar_aturan:b aturan_dilanggar:s indikasi_inclusion_error:b"
    ),
    "mart_2_perbandingan_dtks": (
        "periode:s kode_kecamatan:s kecamatan:s kode_desa:s desa:s jumlah_rumah_tangga:l jumlah_keluarga:l "
        "jumlah_individu:l jumlah_laki_laki:l jumlah_perempuan:l kpm_kks:l kpm_kis:l kpm_kip:l kpm_pkh:l "
        "kpm_bpnt:l rt_desil_1:l rt_desil_2:l rt_desil_3:l rt_desil_4:l rt_desil_lain:l rt_tanpa_desil:l"
    ),
    "mart_3_perubahan_desil": (
        "periode_awal:s periode_akhir:s berurutan:b id_dtks:s nama_krt:s kode_kecamatan:s kecamatan:s "
        "kode_desa:s desa:s desil_awal:i desil_akhir:i status_perubahan:s"
    ),
    "mart_4_usulan_penetapan": (
        "periode:s id_dtks:s id_art:s nik:s no_kk:s nama:s kode_kecamatan:s kecamatan:s kode_desa:s desa:s "
        "diusulkan:b ditetapkan:b status_usulan:s"
    ),
    "mart_5_individu": (
        "periode:s periode_terakhir:b id_art:s id_dtks:s nik:s status_nik:s no_kk:s status_kk:s nama:s "
        "tempat_lahir:s tanggal_lahir:d umur:i jenis_kelamin:s alamat:s hubungan_krt:s hubungan_keluarga:s "
        "nomor_urut_keluarga:i status_perkawinan:s nama_krt:s kode_kecamatan:s kecamatan:s kode_desa:s desa:s "
        "desil:i jenis_disabilitas:s penyakit_kronis:s partisipasi_sekolah:s jenjang_pendidikan:s "
        "ijazah_tertinggi:s status_bekerja:s lapangan_usaha:s status_pekerjaan:s status_hamil:s "
        "penerima_kks:b penerima_kis:b penerima_kip:b penerima_pkh:b penerima_bpnt:b jumlah_program:i "
        "daftar_program:s"
    ),
    "mart_6_rumah_tangga": (
        "periode:s periode_terakhir:b id_dtks:s nama_krt:s nik_krt:s no_kk_krt:s alamat:s kode_kecamatan:s "
        "kecamatan:s kode_desa:s desa:s percentile:i desil:i jumlah_keluarga:i jumlah_individu:i "
        "jumlah_disabilitas:i jumlah_lansia:i jumlah_balita:i jumlah_program:i penerima_kks:b penerima_kis:b "
        "penerima_kip:b penerima_pkh:b penerima_bpnt:b status_bangunan:s status_lahan:s luas_lantai:f "
        "jenis_lantai:s jenis_dinding:s kondisi_dinding:s jenis_atap:s kondisi_atap:s jumlah_kamar:i "
        "sumber_air_minum:s cara_peroleh_air_minum:s sumber_penerangan:s daya_listrik:s bahan_bakar_masak:s "
        "fasilitas_bab:s jenis_kloset:s pembuangan_tinja:s ada_tabung_gas:b ada_lemari_es:b ada_ac:b "
        "ada_pemanas:b ada_telepon:b ada_tv:b ada_emas:b ada_laptop:b ada_sepeda:b ada_motor:b ada_mobil:b "
        "ada_perahu:b ada_motor_tempel:b ada_perahu_motor:b ada_kapal:b aset_tak_bergerak:b rumah_lain:b "
        "jumlah_sapi:i jumlah_kerbau:i jumlah_kuda:i jumlah_babi:i jumlah_kambing:i"
    ),
    "mart_7_segmentasi": (
        "id_dtks:s nama_krt:s nik_krt:s no_kk_krt:s kode_kecamatan:s kecamatan:s kode_desa:s desa:s desil:i "
        "periode_pertama:s periode_terakhir:s jumlah_penetapan:i recency:s frequency:s segmen:s"
    ),
    "mart_8_disabilitas": (
        "id_disabilitas:s nik:s status_nik:s no_kk:s nama:s jenis_kelamin:s tanggal_lahir:d umur:i "
        "kelompok_usia:s jenis_disabilitas:s ragam_disabilitas:s kode_kecamatan:s kecamatan:s kode_desa:s "
        "desa:s terdaftar_di_dtks:b desil:i jumlah_program:i daftar_program:s"
    ),
}
COLUMNS = {mart: [column.split(":")[0] for column in sheet.split()] for mart, sheet in SHEETS.items()}


def schema(mart):
    columns = (column.split(":") for column in SHEETS[mart].split())
    return pa.schema([(name, TYPES[kind]) for name, kind in columns])
