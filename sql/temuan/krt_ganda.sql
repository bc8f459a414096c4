-- Households with more than one head: each of the heads is shown.
WITH
ganda AS (
    SELECT periode, id_dtks
    FROM dtks_art
    WHERE hubungan_krt = 'KEPALA RUMAH TANGGA' AND id_dtks IS NOT NULL
    GROUP BY periode, id_dtks
    HAVING count(*) > 1
)
SELECT
    a.id_berkas,
    a.lembar,
    a.nomor_baris,
    'hubungan_krt' AS kolom,
    'KRT_GANDA' AS aturan,
    'PERINGATAN' AS tingkat,
    samarkan_nomor(a.id_dtks) AS nilai,
    'Rumah tangga ini mempunyai lebih dari satu kepala; yang dipakai nomor urut keluarga terkecil, lalu nomor anggota terkecil' AS pesan,
    CAST(1 AS BIGINT) AS jumlah
FROM dtks_art AS a
INNER JOIN ganda AS g ON g.periode = a.periode AND g.id_dtks = a.id_dtks
WHERE a.hubungan_krt = 'KEPALA RUMAH TANGGA'
