-- One nik on several persons of one periode: each of them is shown.
WITH
ganda AS (
    SELECT periode, nik
    FROM dtks_art
    WHERE nik IS NOT NULL
    GROUP BY periode, nik
    HAVING count(*) > 1
)
SELECT
    a.id_berkas,
    a.lembar,
    a.nomor_baris,
    'nik' AS kolom,
    'NIK_GANDA_ART' AS aturan,
    'PERINGATAN' AS tingkat,
    samarkan_nomor(a.nik) AS nilai,
    'NIK ini dipakai lebih dari satu anggota dalam periode yang sama' AS pesan,
    CAST(1 AS BIGINT) AS jumlah
FROM dtks_art AS a
INNER JOIN ganda AS g ON g.periode = a.periode AND g.nik = a.nik
