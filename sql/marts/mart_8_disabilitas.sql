-- People of the disability list (dashboard 12): one row per kept row of the list.
WITH
disabilitas AS (
    SELECT
        d.id_disabilitas,
        d.nik,
        d.status_nik,
        d.no_kk,
        d.nama,
        d.jenis_kelamin,
        coalesce(d.tanggal_lahir, a.tanggal_lahir, d.tanggal_lahir_nik) AS tanggal_lahir,
        d.jenis_disabilitas,
        d.ragam_disabilitas,
        d.kode_kecamatan,
        d.kecamatan,
        d.kode_desa,
        d.desa,
        a.nik IS NOT NULL AS terdaftar_di_dtks,
        a.desil,
        coalesce(s.jumlah_program, 0) AS jumlah_program,
        s.daftar_program
    FROM data_disabilitas AS d
    LEFT JOIN int_art_terakhir_per_nik AS a ON a.nik = d.nik
    LEFT JOIN int_program_per_nik AS n ON n.nik = d.nik
    LEFT JOIN int_susunan_program AS s ON s.tanda = n.tanda
),
berumur AS (
    SELECT
        d.id_disabilitas,
        d.nik,
        d.status_nik,
        d.no_kk,
        d.nama,
        d.jenis_kelamin,
        d.tanggal_lahir,
        umur(d.tanggal_lahir, p.tanggal_acuan) AS umur,
        d.jenis_disabilitas,
        d.ragam_disabilitas,
        d.kode_kecamatan,
        d.kecamatan,
        d.kode_desa,
        d.desa,
        d.terdaftar_di_dtks,
        d.desil,
        d.jumlah_program,
        d.daftar_program
    FROM disabilitas AS d
    CROSS JOIN parameter AS p
),
akhir AS (
    SELECT
        id_disabilitas,
        nik,
        status_nik,
        no_kk,
        nama,
        jenis_kelamin,
        tanggal_lahir,
        umur,
        CASE
            WHEN umur < 0 THEN CAST(NULL AS VARCHAR)
            WHEN umur <= 5 THEN '0-5'
            WHEN umur <= 12 THEN '6-12'
            WHEN umur <= 17 THEN '13-17'
            WHEN umur <= 25 THEN '18-25'
            WHEN umur <= 45 THEN '26-45'
            WHEN umur <= 59 THEN '46-59'
            WHEN umur >= 60 THEN '60+'
        END AS kelompok_usia,
        jenis_disabilitas,
        ragam_disabilitas,
        kode_kecamatan,
        kecamatan,
        kode_desa,
        desa,
        terdaftar_di_dtks,
        desil,
        jumlah_program,
        daftar_program
    FROM berumur
)
SELECT
    CAST(a.id_disabilitas AS VARCHAR) AS id_disabilitas,
    CAST(a.nik AS VARCHAR) AS nik,
    kata(a.status_nik) AS status_nik,
    CAST(a.no_kk AS VARCHAR) AS no_kk,
    CAST(a.nama AS VARCHAR) AS nama,
    kata(a.jenis_kelamin) AS jenis_kelamin,
    CAST(a.tanggal_lahir AS DATE) AS tanggal_lahir,
    CAST(a.umur AS INTEGER) AS umur,
    CAST(a.kelompok_usia AS VARCHAR) AS kelompok_usia,
    kata(a.jenis_disabilitas) AS jenis_disabilitas,
    CAST(a.ragam_disabilitas AS VARCHAR) AS ragam_disabilitas,
    kata(a.kode_kecamatan) AS kode_kecamatan,
    kata(a.kecamatan) AS kecamatan,
    kata(a.kode_desa) AS kode_desa,
    kata(a.desa) AS desa,
    CAST(a.terdaftar_di_dtks AS BOOLEAN) AS terdaftar_di_dtks,
    CAST(a.desil AS INTEGER) AS desil,
    CAST(a.jumlah_program AS INTEGER) AS jumlah_program,
    CAST(a.daftar_program AS VARCHAR) AS daftar_program
FROM akhir AS a
ORDER BY
    kode_desa ASC NULLS LAST,
    nik ASC NULLS LAST,
    nama ASC NULLS LAST,
    id_disabilitas ASC NULLS LAST
