-- One nik under different names in the lists in force, whatever their program: each of the rows is shown.
WITH
beda_nama AS (
    SELECT nik
    FROM int_bansos_berlaku
    WHERE nik IS NOT NULL
    GROUP BY nik
    HAVING count(DISTINCT nama_banding) > 1
)
SELECT
    b.id_berkas,
    b.lembar,
    b.nomor_baris,
    'nama' AS kolom,
    'NIK_GANDA_BEDA_NAMA' AS aturan,
    'PERINGATAN' AS tingkat,
    samarkan_nomor(b.nik) AS nilai,
    'NIK ini dipakai dengan nama yang berbeda di daftar penerima' AS pesan,
    CAST(1 AS BIGINT) AS jumlah
FROM int_bansos_berlaku AS b
INNER JOIN beda_nama AS d ON d.nik = b.nik
