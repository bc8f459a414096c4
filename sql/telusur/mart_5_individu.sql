SELECT 1 AS urutan, 'anggota' AS peran, 'dtks_art' AS tabel, a.id_berkas, a.lembar, a.nomor_baris
FROM dtks_art AS a
INNER JOIN baris AS m ON m.periode = a.periode AND m.id_art = a.id_art
UNION ALL
SELECT 2, 'rumah tangga', 'dtks_rt', r.id_berkas, r.lembar, r.nomor_baris
FROM dtks_rt AS r
INNER JOIN baris AS m ON m.periode = r.periode AND m.id_dtks = r.id_dtks
UNION ALL
SELECT 3, 'kepala rumah tangga', 'dtks_art', a.id_berkas, a.lembar, a.nomor_baris
FROM dtks_art AS a
INNER JOIN baris AS m ON m.periode = a.periode AND m.id_dtks = a.id_dtks AND m.id_art <> a.id_art
WHERE a.hubungan_krt = 'KEPALA RUMAH TANGGA'
UNION ALL
SELECT 4, 'daftar dengan NIK ini', 'bantuan_sosial', b.id_berkas, b.lembar, b.nomor_baris
FROM mart_1_kpm AS k
INNER JOIN bantuan_sosial AS b ON b.id_kpm = k.id_kpm
INNER JOIN baris AS m ON m.nik = k.nik
