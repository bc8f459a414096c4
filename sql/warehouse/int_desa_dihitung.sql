-- Persons and families of each desa and periode, in one row or several that add up: a family that stands in two households of one
-- desa counts for each of them.
SELECT
    periode,
    kode_desa,
    count(keluarga) AS jumlah_keluarga,
    CAST(sum(jumlah_individu) AS BIGINT) AS jumlah_individu,
    CAST(sum(jumlah_laki_laki) AS BIGINT) AS jumlah_laki_laki,
    CAST(sum(jumlah_perempuan) AS BIGINT) AS jumlah_perempuan,
    count(CASE WHEN penerima_kks AND keluarga IS NOT NULL THEN 1 END) AS kpm_kks,
    count(CASE WHEN penerima_kis AND keluarga IS NOT NULL THEN 1 END) AS kpm_kis,
    count(CASE WHEN penerima_kip AND keluarga IS NOT NULL THEN 1 END) AS kpm_kip,
    count(CASE WHEN penerima_pkh AND keluarga IS NOT NULL THEN 1 END) AS kpm_pkh,
    count(CASE WHEN penerima_bpnt AND keluarga IS NOT NULL THEN 1 END) AS kpm_bpnt
FROM int_keluarga_dihitung
GROUP BY periode, kode_desa
