-- Proposals against what was set (dashboard 8): every person of a periode with proposals, and every proposal that was not set.
WITH
-- Of several proposals for one person the first counts (ruling 45); a proposal without any key is a row of its own (ruling 27).
usulan AS (
    SELECT
        u.periode,
        u.id_dtks,
        u.id_art,
        u.nik,
        u.no_kk,
        u.nama,
        u.kode_kecamatan,
        u.kecamatan,
        u.kode_desa,
        u.desa,
        u.id_art_dtks
    FROM int_usulan_dipasangkan AS u
    INNER JOIN int_periode_diusulkan AS d ON d.periode = u.periode
    WHERE u.urutan_kunci = 1 OR u.kunci IS NULL
),
ditetapkan AS (
    SELECT
        a.periode,
        coalesce(a.id_dtks, u.id_dtks) AS id_dtks,
        a.id_art,
        coalesce(a.nik, u.nik) AS nik,
        coalesce(a.no_kk, u.no_kk) AS no_kk,
        coalesce(a.nama, u.nama) AS nama,
        coalesce(a.kode_kecamatan, u.kode_kecamatan) AS kode_kecamatan,
        coalesce(a.kecamatan, u.kecamatan) AS kecamatan,
        coalesce(a.kode_desa, u.kode_desa) AS kode_desa,
        coalesce(a.desa, u.desa) AS desa,
        u.id_art_dtks IS NOT NULL AS diusulkan,
        TRUE AS ditetapkan
    FROM dtks_art AS a
    INNER JOIN int_periode_diusulkan AS p ON p.periode = a.periode
    LEFT JOIN usulan AS u ON u.periode = a.periode AND u.id_art_dtks = a.id_art
),
gabungan AS (
    SELECT
        periode, id_dtks, id_art, nik, no_kk, nama, kode_kecamatan, kecamatan, kode_desa, desa, diusulkan, ditetapkan
    FROM ditetapkan
    UNION ALL
    SELECT
        periode, id_dtks, id_art, nik, no_kk, nama, kode_kecamatan, kecamatan, kode_desa, desa,
        TRUE AS diusulkan,
        FALSE AS ditetapkan
    FROM usulan
    WHERE id_art_dtks IS NULL
),
akhir AS (
    SELECT
        periode,
        id_dtks,
        id_art,
        nik,
        no_kk,
        nama,
        kode_kecamatan,
        kecamatan,
        kode_desa,
        desa,
        diusulkan,
        ditetapkan,
        CASE
            WHEN diusulkan AND ditetapkan THEN 'DITETAPKAN'
            WHEN diusulkan THEN 'TIDAK_DITETAPKAN'
            ELSE 'TANPA_USULAN'
        END AS status_usulan
    FROM gabungan
)
SELECT
    CAST(a.periode AS VARCHAR) AS periode,
    CAST(a.id_dtks AS VARCHAR) AS id_dtks,
    CAST(a.id_art AS VARCHAR) AS id_art,
    CAST(a.nik AS VARCHAR) AS nik,
    CAST(a.no_kk AS VARCHAR) AS no_kk,
    CAST(a.nama AS VARCHAR) AS nama,
    kata(a.kode_kecamatan) AS kode_kecamatan,
    kata(a.kecamatan) AS kecamatan,
    kata(a.kode_desa) AS kode_desa,
    kata(a.desa) AS desa,
    CAST(a.diusulkan AS BOOLEAN) AS diusulkan,
    CAST(a.ditetapkan AS BOOLEAN) AS ditetapkan,
    CAST(a.status_usulan AS VARCHAR) AS status_usulan
FROM akhir AS a
ORDER BY
    periode ASC NULLS LAST,
    coalesce(a.id_art, a.nik) ASC NULLS LAST,
    nama ASC NULLS LAST,
    kode_desa ASC NULLS LAST,
    id_dtks ASC NULLS LAST,
    no_kk ASC NULLS LAST,
    kode_kecamatan ASC NULLS LAST
