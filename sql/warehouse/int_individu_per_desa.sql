-- Persons and families of each desa and periode: what mart 2 shows of them.
WITH
-- A family that stands in two households of one desa is one family there.
keluarga AS (
    SELECT
        periode,
        kode_desa,
        keluarga,
        sum(jumlah_individu) AS jumlah_individu,
        sum(jumlah_laki_laki) AS jumlah_laki_laki,
        sum(jumlah_perempuan) AS jumlah_perempuan,
        bool_or(penerima_kks) AS penerima_kks,
        bool_or(penerima_kis) AS penerima_kis,
        bool_or(penerima_kip) AS penerima_kip,
        bool_or(penerima_pkh) AS penerima_pkh,
        bool_or(penerima_bpnt) AS penerima_bpnt
    FROM int_keluarga_dihitung
    GROUP BY periode, kode_desa, keluarga
)
SELECT
    periode,
    kode_desa,
    count(keluarga) AS jumlah_keluarga,
    sum(jumlah_individu) AS jumlah_individu,
    sum(jumlah_laki_laki) AS jumlah_laki_laki,
    sum(jumlah_perempuan) AS jumlah_perempuan,
    sum(CASE WHEN penerima_kks AND keluarga IS NOT NULL THEN 1 ELSE 0 END) AS kpm_kks,
    sum(CASE WHEN penerima_kis AND keluarga IS NOT NULL THEN 1 ELSE 0 END) AS kpm_kis,
    sum(CASE WHEN penerima_kip AND keluarga IS NOT NULL THEN 1 ELSE 0 END) AS kpm_kip,
    sum(CASE WHEN penerima_pkh AND keluarga IS NOT NULL THEN 1 ELSE 0 END) AS kpm_pkh,
    sum(CASE WHEN penerima_bpnt AND keluarga IS NOT NULL THEN 1 ELSE 0 END) AS kpm_bpnt
FROM keluarga
GROUP BY periode, kode_desa
