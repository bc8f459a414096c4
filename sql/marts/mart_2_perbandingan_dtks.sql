-- DTKS compared over its periods (dashboard 6): one row per periode and desa, and one for places not told.
WITH
rumah_tangga AS (
    SELECT
        periode,
        kode_desa,
        count(*) AS jumlah_rumah_tangga,
        sum(CASE WHEN desil = 1 THEN 1 ELSE 0 END) AS rt_desil_1,
        sum(CASE WHEN desil = 2 THEN 1 ELSE 0 END) AS rt_desil_2,
        sum(CASE WHEN desil = 3 THEN 1 ELSE 0 END) AS rt_desil_3,
        sum(CASE WHEN desil = 4 THEN 1 ELSE 0 END) AS rt_desil_4,
        sum(CASE WHEN desil > 4 THEN 1 ELSE 0 END) AS rt_desil_lain,
        sum(CASE WHEN desil IS NULL THEN 1 ELSE 0 END) AS rt_tanpa_desil
    FROM dtks_rt
    GROUP BY periode, kode_desa
),
nama_tempat AS (
    SELECT kode_desa, min(kode_kecamatan) AS kode_kecamatan, min(kecamatan) AS kecamatan, min(desa) AS desa
    FROM (
        SELECT DISTINCT kode_desa, kode_kecamatan, kecamatan, desa FROM dtks_rt WHERE kode_desa IS NOT NULL
        UNION
        SELECT DISTINCT kode_desa, kode_kecamatan, kecamatan, desa FROM dtks_art WHERE kode_desa IS NOT NULL
    ) AS tempat
    GROUP BY kode_desa
),
-- The place not told is NULL on both sides, which a join would not match: it stands as an empty code until the end.
kunci AS (
    SELECT periode, coalesce(kode_desa, '') AS kode_desa FROM rumah_tangga
    UNION
    SELECT periode, coalesce(kode_desa, '') AS kode_desa FROM int_individu_per_desa
),
akhir AS (
    SELECT
        k.periode,
        t.kode_kecamatan,
        t.kecamatan,
        t.kode_desa,
        t.desa,
        coalesce(r.jumlah_rumah_tangga, 0) AS jumlah_rumah_tangga,
        coalesce(i.jumlah_keluarga, 0) AS jumlah_keluarga,
        coalesce(i.jumlah_individu, 0) AS jumlah_individu,
        coalesce(i.jumlah_laki_laki, 0) AS jumlah_laki_laki,
        coalesce(i.jumlah_perempuan, 0) AS jumlah_perempuan,
        coalesce(i.kpm_kks, 0) AS kpm_kks,
        coalesce(i.kpm_kis, 0) AS kpm_kis,
        coalesce(i.kpm_kip, 0) AS kpm_kip,
        coalesce(i.kpm_pkh, 0) AS kpm_pkh,
        coalesce(i.kpm_bpnt, 0) AS kpm_bpnt,
        coalesce(r.rt_desil_1, 0) AS rt_desil_1,
        coalesce(r.rt_desil_2, 0) AS rt_desil_2,
        coalesce(r.rt_desil_3, 0) AS rt_desil_3,
        coalesce(r.rt_desil_4, 0) AS rt_desil_4,
        coalesce(r.rt_desil_lain, 0) AS rt_desil_lain,
        coalesce(r.rt_tanpa_desil, 0) AS rt_tanpa_desil
    FROM kunci AS k
    LEFT JOIN rumah_tangga AS r ON r.periode = k.periode AND coalesce(r.kode_desa, '') = k.kode_desa
    LEFT JOIN int_individu_per_desa AS i ON i.periode = k.periode AND coalesce(i.kode_desa, '') = k.kode_desa
    LEFT JOIN nama_tempat AS t ON t.kode_desa = k.kode_desa
)
SELECT
    CAST(a.periode AS VARCHAR) AS periode,
    kata(a.kode_kecamatan) AS kode_kecamatan,
    kata(a.kecamatan) AS kecamatan,
    kata(a.kode_desa) AS kode_desa,
    kata(a.desa) AS desa,
    CAST(a.jumlah_rumah_tangga AS BIGINT) AS jumlah_rumah_tangga,
    CAST(a.jumlah_keluarga AS BIGINT) AS jumlah_keluarga,
    CAST(a.jumlah_individu AS BIGINT) AS jumlah_individu,
    CAST(a.jumlah_laki_laki AS BIGINT) AS jumlah_laki_laki,
    CAST(a.jumlah_perempuan AS BIGINT) AS jumlah_perempuan,
    CAST(a.kpm_kks AS BIGINT) AS kpm_kks,
    CAST(a.kpm_kis AS BIGINT) AS kpm_kis,
    CAST(a.kpm_kip AS BIGINT) AS kpm_kip,
    CAST(a.kpm_pkh AS BIGINT) AS kpm_pkh,
    CAST(a.kpm_bpnt AS BIGINT) AS kpm_bpnt,
    CAST(a.rt_desil_1 AS BIGINT) AS rt_desil_1,
    CAST(a.rt_desil_2 AS BIGINT) AS rt_desil_2,
    CAST(a.rt_desil_3 AS BIGINT) AS rt_desil_3,
    CAST(a.rt_desil_4 AS BIGINT) AS rt_desil_4,
    CAST(a.rt_desil_lain AS BIGINT) AS rt_desil_lain,
    CAST(a.rt_tanpa_desil AS BIGINT) AS rt_tanpa_desil
FROM akhir AS a
ORDER BY
    periode ASC NULLS LAST,
    kode_desa ASC NULLS LAST
