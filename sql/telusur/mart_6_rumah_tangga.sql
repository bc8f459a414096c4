SELECT 1 AS urutan, 'rumah tangga' AS peran, 'dtks_rt' AS tabel, r.id_berkas, r.lembar, r.nomor_baris
FROM dtks_rt AS r
INNER JOIN baris AS m ON m.periode = r.periode AND m.id_dtks = r.id_dtks
UNION ALL
SELECT
    CASE WHEN a.hubungan_krt = 'KEPALA RUMAH TANGGA' THEN 2 ELSE 3 END,
    CASE WHEN a.hubungan_krt = 'KEPALA RUMAH TANGGA' THEN 'kepala rumah tangga' ELSE 'anggota' END,
    'dtks_art',
    a.id_berkas,
    a.lembar,
    a.nomor_baris
FROM dtks_art AS a
INNER JOIN baris AS m ON m.periode = a.periode AND m.id_dtks = a.id_dtks
