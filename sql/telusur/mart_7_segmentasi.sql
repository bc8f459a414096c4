SELECT 1 AS urutan, 'rumah tangga pada setiap periode' AS peran, 'dtks_rt' AS tabel, r.id_berkas, r.lembar, r.nomor_baris
FROM dtks_rt AS r
INNER JOIN baris AS m ON m.id_dtks = r.id_dtks
UNION ALL
SELECT 2, 'kepala rumah tangga', 'dtks_art', a.id_berkas, a.lembar, a.nomor_baris
FROM dtks_art AS a
INNER JOIN baris AS m ON m.id_dtks = a.id_dtks
WHERE a.hubungan_krt = 'KEPALA RUMAH TANGGA'
