-- Persons of DTKS (dashboards 9 and 10): one row per person and periode.
WITH
program_nik AS (
    SELECT n.nik, s.jumlah_program, s.daftar_program
    FROM int_program_per_nik AS n
    INNER JOIN int_susunan_program AS s ON s.tanda = n.tanda
),
akhir AS (
    SELECT
        a.periode,
        a.periode = p.periode_terakhir AS periode_terakhir,
        a.id_art,
        a.id_dtks,
        a.nik,
        a.status_nik,
        a.no_kk,
        a.status_kk,
        a.nama,
        a.tempat_lahir,
        a.tanggal_lahir,
        umur(a.tanggal_lahir, h.hari_terakhir) AS umur,
        a.jenis_kelamin,
        coalesce(a.alamat, r.alamat) AS alamat,
        a.hubungan_krt,
        a.hubungan_keluarga,
        a.nomor_urut_keluarga,
        a.status_perkawinan,
        r.nama_krt,
        a.kode_kecamatan,
        a.kecamatan,
        a.kode_desa,
        a.desa,
        r.desil,
        a.jenis_disabilitas,
        a.penyakit_kronis,
        a.partisipasi_sekolah,
        a.jenjang_pendidikan,
        a.ijazah_tertinggi,
        a.status_bekerja,
        a.lapangan_usaha,
        a.status_pekerjaan,
        a.status_hamil,
        a.penerima_kks,
        a.penerima_kis,
        a.penerima_kip,
        a.penerima_pkh,
        a.penerima_bpnt,
        coalesce(n.jumlah_program, 0) AS jumlah_program,
        n.daftar_program
    FROM dtks_art AS a
    CROSS JOIN parameter AS p
    LEFT JOIN int_periode_anggota AS h ON h.periode = a.periode
    LEFT JOIN int_rumah_tangga_dengan_kepala AS r ON r.periode = a.periode AND r.id_dtks = a.id_dtks
    LEFT JOIN program_nik AS n ON n.nik = a.nik
)
SELECT
    kata(a.periode) AS periode,
    CAST(a.periode_terakhir AS BOOLEAN) AS periode_terakhir,
    CAST(a.id_art AS VARCHAR) AS id_art,
    CAST(a.id_dtks AS VARCHAR) AS id_dtks,
    CAST(a.nik AS VARCHAR) AS nik,
    kata(a.status_nik) AS status_nik,
    CAST(a.no_kk AS VARCHAR) AS no_kk,
    kata(a.status_kk) AS status_kk,
    CAST(a.nama AS VARCHAR) AS nama,
    kata(a.tempat_lahir) AS tempat_lahir,
    CAST(a.tanggal_lahir AS DATE) AS tanggal_lahir,
    CAST(a.umur AS INTEGER) AS umur,
    kata(a.jenis_kelamin) AS jenis_kelamin,
    CAST(a.alamat AS VARCHAR) AS alamat,
    kata(a.hubungan_krt) AS hubungan_krt,
    kata(a.hubungan_keluarga) AS hubungan_keluarga,
    CAST(a.nomor_urut_keluarga AS INTEGER) AS nomor_urut_keluarga,
    kata(a.status_perkawinan) AS status_perkawinan,
    CAST(a.nama_krt AS VARCHAR) AS nama_krt,
    kata(a.kode_kecamatan) AS kode_kecamatan,
    kata(a.kecamatan) AS kecamatan,
    kata(a.kode_desa) AS kode_desa,
    kata(a.desa) AS desa,
    CAST(a.desil AS INTEGER) AS desil,
    kata(a.jenis_disabilitas) AS jenis_disabilitas,
    kata(a.penyakit_kronis) AS penyakit_kronis,
    kata(a.partisipasi_sekolah) AS partisipasi_sekolah,
    kata(a.jenjang_pendidikan) AS jenjang_pendidikan,
    kata(a.ijazah_tertinggi) AS ijazah_tertinggi,
    kata(a.status_bekerja) AS status_bekerja,
    kata(a.lapangan_usaha) AS lapangan_usaha,
    kata(a.status_pekerjaan) AS status_pekerjaan,
    kata(a.status_hamil) AS status_hamil,
    CAST(a.penerima_kks AS BOOLEAN) AS penerima_kks,
    CAST(a.penerima_kis AS BOOLEAN) AS penerima_kis,
    CAST(a.penerima_kip AS BOOLEAN) AS penerima_kip,
    CAST(a.penerima_pkh AS BOOLEAN) AS penerima_pkh,
    CAST(a.penerima_bpnt AS BOOLEAN) AS penerima_bpnt,
    CAST(a.jumlah_program AS INTEGER) AS jumlah_program,
    CAST(a.daftar_program AS VARCHAR) AS daftar_program
FROM akhir AS a
ORDER BY
    id_art ASC NULLS LAST,
    periode ASC NULLS LAST
