-- Persons whose household the periode does not hold. Where a periode has no household file at all, one row per file says so.
WITH
periode_rt AS (
    SELECT DISTINCT periode
    FROM dtks_rt
),
yatim AS (
    SELECT
        a.id_berkas,
        a.lembar,
        a.nomor_baris,
        a.id_dtks,
        p.periode IS NOT NULL AS ada_rt
    FROM int_art_tanpa_rumah_tangga AS a
    LEFT JOIN periode_rt AS p ON p.periode = a.periode
)
SELECT
    id_berkas,
    lembar,
    nomor_baris,
    'id_dtks' AS kolom,
    'ART_TANPA_RT' AS aturan,
    'PERINGATAN' AS tingkat,
    samarkan_nomor(id_dtks) AS nilai,
    'Rumah tangga anggota ini tidak ada di berkas rumah tangga periode yang sama' AS pesan,
    CAST(1 AS BIGINT) AS jumlah
FROM yatim
WHERE ada_rt
UNION ALL
SELECT
    id_berkas,
    CAST(NULL AS VARCHAR) AS lembar,
    CAST(NULL AS BIGINT) AS nomor_baris,
    'id_dtks' AS kolom,
    'ART_TANPA_RT' AS aturan,
    'PERINGATAN' AS tingkat,
    CAST(NULL AS VARCHAR) AS nilai,
    'Periode ini tidak mempunyai berkas rumah tangga; masukkan berkas RT yang sepasang dengan berkas ini' AS pesan,
    CAST(count(*) AS BIGINT) AS jumlah
FROM yatim
WHERE NOT ada_rt
GROUP BY id_berkas
