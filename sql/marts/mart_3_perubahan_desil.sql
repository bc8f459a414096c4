-- Change of desil between any two periods (dashboard 7): one row per pair of periods and household that stands in either.
WITH
-- Every household of the later periode, with its desil in the earlier one.
di_akhir AS (
    SELECT
        p.periode_awal,
        p.periode_akhir,
        p.berurutan,
        b.id_dtks,
        b.nama_krt,
        b.kode_kecamatan,
        b.kecamatan,
        b.kode_desa,
        b.desa,
        a.desil AS desil_awal,
        b.desil AS desil_akhir,
        CASE
            WHEN a.id_dtks IS NULL THEN 'BARU_MASUK'
            WHEN a.desil IS NULL OR b.desil IS NULL THEN 'TANPA_DESIL'
            WHEN b.desil > a.desil THEN 'NAIK'
            WHEN b.desil < a.desil THEN 'TURUN'
            ELSE 'STAGNAN'
        END AS status_perubahan
    FROM int_pasangan_periode AS p
    INNER JOIN int_rumah_tangga_dengan_kepala AS b ON b.periode = p.periode_akhir
    LEFT JOIN int_rumah_tangga_dengan_kepala AS a ON a.periode = p.periode_awal AND a.id_dtks = b.id_dtks
),
-- Every household of the earlier periode that the later one lacks.
keluar AS (
    SELECT
        p.periode_awal,
        p.periode_akhir,
        p.berurutan,
        a.id_dtks,
        a.nama_krt,
        a.kode_kecamatan,
        a.kecamatan,
        a.kode_desa,
        a.desa,
        a.desil AS desil_awal,
        CAST(NULL AS INTEGER) AS desil_akhir,
        'GRADUASI' AS status_perubahan
    FROM int_pasangan_periode AS p
    INNER JOIN int_rumah_tangga_dengan_kepala AS a ON a.periode = p.periode_awal
    LEFT JOIN int_rumah_tangga_dengan_kepala AS b ON b.periode = p.periode_akhir AND b.id_dtks = a.id_dtks
    WHERE b.id_dtks IS NULL
),
akhir AS (
    SELECT
        periode_awal, periode_akhir, berurutan, id_dtks, nama_krt, kode_kecamatan, kecamatan, kode_desa, desa,
        desil_awal, desil_akhir, status_perubahan
    FROM di_akhir
    UNION ALL
    SELECT
        periode_awal, periode_akhir, berurutan, id_dtks, nama_krt, kode_kecamatan, kecamatan, kode_desa, desa,
        desil_awal, desil_akhir, status_perubahan
    FROM keluar
)
SELECT
    CAST(a.periode_awal AS VARCHAR) AS periode_awal,
    CAST(a.periode_akhir AS VARCHAR) AS periode_akhir,
    CAST(a.berurutan AS BOOLEAN) AS berurutan,
    CAST(a.id_dtks AS VARCHAR) AS id_dtks,
    CAST(a.nama_krt AS VARCHAR) AS nama_krt,
    kata(a.kode_kecamatan) AS kode_kecamatan,
    kata(a.kecamatan) AS kecamatan,
    kata(a.kode_desa) AS kode_desa,
    kata(a.desa) AS desa,
    CAST(a.desil_awal AS INTEGER) AS desil_awal,
    CAST(a.desil_akhir AS INTEGER) AS desil_akhir,
    CAST(a.status_perubahan AS VARCHAR) AS status_perubahan
FROM akhir AS a
ORDER BY
    periode_awal ASC NULLS LAST,
    periode_akhir ASC NULLS LAST,
    id_dtks ASC NULLS LAST
