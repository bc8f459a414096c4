-- Persons and families of each desa and periode: what mart 2 shows of them.
WITH
terhitung AS (
    SELECT
        periode,
        kode_desa,
        sum(jumlah_keluarga) AS jumlah_keluarga,
        sum(jumlah_individu) AS jumlah_individu,
        sum(jumlah_laki_laki) AS jumlah_laki_laki,
        sum(jumlah_perempuan) AS jumlah_perempuan,
        sum(kpm_kks) AS kpm_kks,
        sum(kpm_kis) AS kpm_kis,
        sum(kpm_kip) AS kpm_kip,
        sum(kpm_pkh) AS kpm_pkh,
        sum(kpm_bpnt) AS kpm_bpnt
    FROM int_desa_dihitung
    GROUP BY periode, kode_desa
),
-- A family that stands in two households of one desa is one family there: how often each was counted too much.
berulang AS (
    SELECT
        periode,
        kode_desa,
        keluarga,
        count(*) - 1 AS jumlah_keluarga,
        count(CASE WHEN penerima_kks THEN 1 END) - CASE WHEN bool_or(penerima_kks) THEN 1 ELSE 0 END AS kpm_kks,
        count(CASE WHEN penerima_kis THEN 1 END) - CASE WHEN bool_or(penerima_kis) THEN 1 ELSE 0 END AS kpm_kis,
        count(CASE WHEN penerima_kip THEN 1 END) - CASE WHEN bool_or(penerima_kip) THEN 1 ELSE 0 END AS kpm_kip,
        count(CASE WHEN penerima_pkh THEN 1 END) - CASE WHEN bool_or(penerima_pkh) THEN 1 ELSE 0 END AS kpm_pkh,
        count(CASE WHEN penerima_bpnt THEN 1 END) - CASE WHEN bool_or(penerima_bpnt) THEN 1 ELSE 0 END AS kpm_bpnt
    FROM int_keluarga_berulang
    GROUP BY periode, kode_desa, keluarga
    HAVING count(*) > 1
),
lebih AS (
    SELECT
        periode,
        kode_desa,
        sum(jumlah_keluarga) AS jumlah_keluarga,
        sum(kpm_kks) AS kpm_kks,
        sum(kpm_kis) AS kpm_kis,
        sum(kpm_kip) AS kpm_kip,
        sum(kpm_pkh) AS kpm_pkh,
        sum(kpm_bpnt) AS kpm_bpnt
    FROM berulang
    GROUP BY periode, kode_desa
)
SELECT
    t.periode,
    t.kode_desa,
    CAST(t.jumlah_keluarga - coalesce(l.jumlah_keluarga, 0) AS BIGINT) AS jumlah_keluarga,
    t.jumlah_individu,
    t.jumlah_laki_laki,
    t.jumlah_perempuan,
    t.kpm_kks - coalesce(l.kpm_kks, 0) AS kpm_kks,
    t.kpm_kis - coalesce(l.kpm_kis, 0) AS kpm_kis,
    t.kpm_kip - coalesce(l.kpm_kip, 0) AS kpm_kip,
    t.kpm_pkh - coalesce(l.kpm_pkh, 0) AS kpm_pkh,
    t.kpm_bpnt - coalesce(l.kpm_bpnt, 0) AS kpm_bpnt
FROM terhitung AS t
-- The place not told is NULL on both sides, which a join would not match.
LEFT JOIN lebih AS l ON l.periode = t.periode AND coalesce(l.kode_desa, '') = coalesce(t.kode_desa, '')
