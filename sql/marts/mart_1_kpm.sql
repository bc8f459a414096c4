-- Recipients of the programs (dashboards 1 to 5): one row per list row in force.
WITH
ganda AS (
    SELECT kode_program, nik
    FROM int_bansos_berlaku
    WHERE nik IS NOT NULL
    GROUP BY kode_program, nik
    HAVING count(*) > 1
),
beda_nama AS (
    SELECT nik
    FROM int_bansos_berlaku
    WHERE nik IS NOT NULL
    GROUP BY nik
    HAVING count(DISTINCT nama_banding) > 1
),
program_keluarga AS (
    SELECT
        id_kpm,
        count(*) AS jumlah_program,
        gabung_kode(kode_program) AS daftar_program
    FROM int_program_per_kpm
    GROUP BY id_kpm
),
-- One source gives all four region columns: the list's desa, else the place of DTKS, else the list's kecamatan (rulings 18, 34).
tempat AS (
    SELECT
        k.id_kpm,
        CASE
            WHEN k.kode_desa IS NOT NULL THEN 'DAFTAR'
            WHEN a.kode_kecamatan IS NOT NULL OR a.kode_desa IS NOT NULL THEN 'DTKS'
            ELSE 'DAFTAR'
        END AS sumber
    FROM int_bansos_berlaku AS k
    LEFT JOIN int_art_terakhir_per_nik AS a ON a.nik = k.nik
),
kpm AS (
    SELECT
        k.id_kpm,
        k.sumber_data,
        k.kode_program,
        k.nama_program,
        k.tahap,
        k.periode_bantuan,
        k.nik_asal,
        k.nik,
        k.status_nik,
        g.nik IS NOT NULL AS nik_ganda,
        b.nik IS NOT NULL AS nik_ganda_beda_nama,
        f.no_kk,
        f.status_kk,
        f.sumber_no_kk,
        k.nama,
        CASE WHEN t.sumber = 'DTKS' THEN a.kode_kecamatan ELSE k.kode_kecamatan END AS kode_kecamatan,
        CASE WHEN t.sumber = 'DTKS' THEN a.kecamatan ELSE k.kecamatan END AS kecamatan,
        CASE WHEN t.sumber = 'DTKS' THEN a.kode_desa ELSE k.kode_desa END AS kode_desa,
        CASE WHEN t.sumber = 'DTKS' THEN a.desa ELSE k.desa END AS desa,
        a.nik IS NOT NULL AS ditemukan_di_dtks,
        p.periode_terakhir AS periode_dtks,
        a.id_art,
        a.id_dtks,
        a.desil,
        CASE
            WHEN a.nik IS NULL THEN 'TIDAK DITEMUKAN DI DTKS'
            WHEN a.desil IN (1, 2) THEN 'DESIL 1-2'
            WHEN a.desil IN (3, 4) THEN 'DESIL 3-4'
            ELSE 'DI LUAR DESIL 1-4'
        END AS kelompok_desil,
        a.tanggal_lahir,
        umur(a.tanggal_lahir, akhir_bulan(p.periode_terakhir)) AS umur,
        a.jenis_kelamin,
        a.hubungan_krt,
        a.status_perkawinan,
        a.jenis_disabilitas,
        a.penyakit_kronis,
        a.partisipasi_sekolah,
        a.jenjang_pendidikan,
        a.ijazah_tertinggi,
        a.status_bekerja,
        a.lapangan_usaha,
        a.status_pekerjaan,
        a.status_bangunan,
        a.jenis_lantai,
        a.jenis_dinding,
        a.jenis_atap,
        a.sumber_air_minum,
        a.sumber_penerangan,
        a.bahan_bakar_masak,
        a.fasilitas_bab,
        coalesce(n.jumlah_program, 1) AS jumlah_program,
        coalesce(n.daftar_program, k.kode_program) AS daftar_program,
        l.jumlah_program AS jumlah_program_keluarga,
        l.daftar_program AS daftar_program_keluarga,
        coalesce(n.penerima_pkh, k.kode_program = 'PKH') AS penerima_pkh,
        coalesce(n.penerima_sembako, k.kode_program = 'SEMBAKO') AS penerima_sembako,
        coalesce(n.penerima_bst, k.kode_program = 'BST') AS penerima_bst,
        coalesce(n.penerima_kpe, k.kode_program = 'KPE') AS penerima_kpe,
        coalesce(a.penerima_kis, FALSE) AS penerima_kis,
        v.aturan_dilanggar,
        coalesce(r.wajib_dtks, FALSE) AS wajib_dtks
    FROM int_bansos_berlaku AS k
    INNER JOIN int_kpm_dengan_keluarga AS f ON f.id_kpm = k.id_kpm
    INNER JOIN tempat AS t ON t.id_kpm = k.id_kpm
    INNER JOIN program_keluarga AS l ON l.id_kpm = k.id_kpm
    CROSS JOIN parameter AS p
    LEFT JOIN int_art_terakhir_per_nik AS a ON a.nik = k.nik
    LEFT JOIN int_program_per_nik AS n ON n.nik = k.nik
    LEFT JOIN ganda AS g ON g.kode_program = k.kode_program AND g.nik = k.nik
    LEFT JOIN beda_nama AS b ON b.nik = k.nik
    LEFT JOIN int_aturan_dilanggar AS v ON v.id_kpm = k.id_kpm
    LEFT JOIN ref_program AS r ON r.kode_program = k.kode_program
),
-- The flags of the reference dashboards, by nik.
akhir AS (
    SELECT
        k.id_kpm,
        k.sumber_data,
        k.kode_program,
        k.nama_program,
        k.tahap,
        k.periode_bantuan,
        k.nik_asal,
        k.nik,
        k.status_nik,
        k.nik_ganda,
        k.nik_ganda_beda_nama,
        k.no_kk,
        k.status_kk,
        k.sumber_no_kk,
        k.nama,
        k.kode_kecamatan,
        k.kecamatan,
        k.kode_desa,
        k.desa,
        k.ditemukan_di_dtks,
        k.periode_dtks,
        k.id_art,
        k.id_dtks,
        k.desil,
        k.kelompok_desil,
        k.tanggal_lahir,
        k.umur,
        k.jenis_kelamin,
        k.hubungan_krt,
        k.status_perkawinan,
        k.jenis_disabilitas,
        k.penyakit_kronis,
        k.partisipasi_sekolah,
        k.jenjang_pendidikan,
        k.ijazah_tertinggi,
        k.status_bekerja,
        k.lapangan_usaha,
        k.status_pekerjaan,
        k.status_bangunan,
        k.jenis_lantai,
        k.jenis_dinding,
        k.jenis_atap,
        k.sumber_air_minum,
        k.sumber_penerangan,
        k.bahan_bakar_masak,
        k.fasilitas_bab,
        k.jumlah_program,
        k.daftar_program,
        k.jumlah_program_keluarga,
        k.daftar_program_keluarga,
        k.penerima_pkh,
        k.penerima_sembako,
        k.penerima_bst,
        k.penerima_kpe,
        k.penerima_kis,
        k.penerima_pkh AND k.penerima_sembako AS pkh_dan_sembako,
        k.penerima_pkh AND NOT k.penerima_sembako AS pkh_tanpa_sembako,
        k.penerima_pkh AND NOT k.penerima_kis AS pkh_tanpa_kis,
        k.jumlah_program = 2 AND NOT (k.penerima_pkh AND k.penerima_sembako) AS dua_program_lain,
        k.jumlah_program >= 3 AS tiga_program,
        k.aturan_dilanggar IS NOT NULL AS melanggar_aturan,
        k.aturan_dilanggar,
        k.wajib_dtks AND NOT k.ditemukan_di_dtks AS indikasi_inclusion_error
    FROM kpm AS k
)
SELECT
    CAST(a.id_kpm AS VARCHAR) AS id_kpm,
    kata(a.sumber_data) AS sumber_data,
    kata(a.kode_program) AS kode_program,
    kata(a.nama_program) AS nama_program,
    kata(a.tahap) AS tahap,
    CAST(a.periode_bantuan AS VARCHAR) AS periode_bantuan,
    CAST(a.nik_asal AS VARCHAR) AS nik_asal,
    CAST(a.nik AS VARCHAR) AS nik,
    kata(a.status_nik) AS status_nik,
    CAST(a.nik_ganda AS BOOLEAN) AS nik_ganda,
    CAST(a.nik_ganda_beda_nama AS BOOLEAN) AS nik_ganda_beda_nama,
    CAST(a.no_kk AS VARCHAR) AS no_kk,
    kata(a.status_kk) AS status_kk,
    kata(a.sumber_no_kk) AS sumber_no_kk,
    CAST(a.nama AS VARCHAR) AS nama,
    kata(a.kode_kecamatan) AS kode_kecamatan,
    kata(a.kecamatan) AS kecamatan,
    kata(a.kode_desa) AS kode_desa,
    kata(a.desa) AS desa,
    CAST(a.ditemukan_di_dtks AS BOOLEAN) AS ditemukan_di_dtks,
    CAST(a.periode_dtks AS VARCHAR) AS periode_dtks,
    CAST(a.id_art AS VARCHAR) AS id_art,
    CAST(a.id_dtks AS VARCHAR) AS id_dtks,
    CAST(a.desil AS INTEGER) AS desil,
    CAST(a.kelompok_desil AS VARCHAR) AS kelompok_desil,
    CAST(a.tanggal_lahir AS DATE) AS tanggal_lahir,
    CAST(a.umur AS INTEGER) AS umur,
    kata(a.jenis_kelamin) AS jenis_kelamin,
    kata(a.hubungan_krt) AS hubungan_krt,
    kata(a.status_perkawinan) AS status_perkawinan,
    kata(a.jenis_disabilitas) AS jenis_disabilitas,
    kata(a.penyakit_kronis) AS penyakit_kronis,
    kata(a.partisipasi_sekolah) AS partisipasi_sekolah,
    kata(a.jenjang_pendidikan) AS jenjang_pendidikan,
    kata(a.ijazah_tertinggi) AS ijazah_tertinggi,
    kata(a.status_bekerja) AS status_bekerja,
    kata(a.lapangan_usaha) AS lapangan_usaha,
    kata(a.status_pekerjaan) AS status_pekerjaan,
    kata(a.status_bangunan) AS status_bangunan,
    kata(a.jenis_lantai) AS jenis_lantai,
    kata(a.jenis_dinding) AS jenis_dinding,
    kata(a.jenis_atap) AS jenis_atap,
    kata(a.sumber_air_minum) AS sumber_air_minum,
    kata(a.sumber_penerangan) AS sumber_penerangan,
    kata(a.bahan_bakar_masak) AS bahan_bakar_masak,
    kata(a.fasilitas_bab) AS fasilitas_bab,
    CAST(a.jumlah_program AS INTEGER) AS jumlah_program,
    CAST(a.daftar_program AS VARCHAR) AS daftar_program,
    CAST(a.jumlah_program_keluarga AS INTEGER) AS jumlah_program_keluarga,
    CAST(a.daftar_program_keluarga AS VARCHAR) AS daftar_program_keluarga,
    CAST(a.penerima_pkh AS BOOLEAN) AS penerima_pkh,
    CAST(a.penerima_sembako AS BOOLEAN) AS penerima_sembako,
    CAST(a.penerima_bst AS BOOLEAN) AS penerima_bst,
    CAST(a.penerima_kpe AS BOOLEAN) AS penerima_kpe,
    CAST(a.penerima_kis AS BOOLEAN) AS penerima_kis,
    CAST(a.pkh_dan_sembako AS BOOLEAN) AS pkh_dan_sembako,
    CAST(a.pkh_tanpa_sembako AS BOOLEAN) AS pkh_tanpa_sembako,
    CAST(a.pkh_tanpa_kis AS BOOLEAN) AS pkh_tanpa_kis,
    CAST(a.dua_program_lain AS BOOLEAN) AS dua_program_lain,
    CAST(a.tiga_program AS BOOLEAN) AS tiga_program,
    CAST(a.melanggar_aturan AS BOOLEAN) AS melanggar_aturan,
    CAST(a.aturan_dilanggar AS VARCHAR) AS aturan_dilanggar,
    CAST(a.indikasi_inclusion_error AS BOOLEAN) AS indikasi_inclusion_error
FROM akhir AS a
ORDER BY
    kode_program ASC NULLS LAST,
    kode_desa ASC NULLS LAST,
    nik ASC NULLS LAST,
    nama ASC NULLS LAST,
    id_kpm ASC NULLS LAST
