-- Tidak ada berkas yang menyimpan, mengarantina dan melewati lebih banyak baris daripada yang dibaca
-- tingkat: galat
WITH
disimpan AS (
    SELECT id_berkas, 'dtks_rt' AS tabel, count(*) AS jumlah FROM dtks_rt GROUP BY id_berkas
    UNION ALL
    SELECT id_berkas, 'dtks_art' AS tabel, count(*) AS jumlah FROM dtks_art GROUP BY id_berkas
    UNION ALL
    SELECT id_berkas, 'bantuan_sosial' AS tabel, count(*) AS jumlah FROM bantuan_sosial GROUP BY id_berkas
    UNION ALL
    SELECT id_berkas, 'data_disabilitas' AS tabel, count(*) AS jumlah FROM data_disabilitas GROUP BY id_berkas
    UNION ALL
    SELECT id_berkas, 'usulan_daerah' AS tabel, count(*) AS jumlah FROM usulan_daerah GROUP BY id_berkas
)
SELECT b.id_berkas, b.tabel, b.baris_dibaca, d.jumlah AS disimpan
FROM sumber_berkas AS b
INNER JOIN disimpan AS d ON d.id_berkas = b.id_berkas AND d.tabel = b.tabel
WHERE d.jumlah + b.baris_karantina + b.baris_dilewati > b.baris_dibaca
