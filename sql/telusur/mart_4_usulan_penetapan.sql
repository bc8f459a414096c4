SELECT 1 AS urutan, 'usulan' AS peran, 'usulan_daerah' AS tabel, u.id_berkas, u.lembar, u.nomor_baris
FROM usulan_daerah AS u
INNER JOIN baris AS m ON m.periode = u.periode AND (m.id_art = u.id_art OR m.nik = u.nik)
UNION ALL
SELECT 1, 'usulan', 'usulan_daerah', u.id_berkas, u.lembar, u.nomor_baris
FROM usulan_daerah AS u
INNER JOIN baris AS m ON m.periode = u.periode AND m.nama = u.nama
WHERE m.id_art IS NULL AND m.nik IS NULL AND u.id_art IS NULL AND u.nik IS NULL
UNION ALL
SELECT 2, 'anggota yang ditetapkan', 'dtks_art', a.id_berkas, a.lembar, a.nomor_baris
FROM dtks_art AS a
INNER JOIN baris AS m ON m.periode = a.periode AND m.id_art = a.id_art
