SELECT 1 AS urutan, 'rumah tangga yang dihitung' AS peran, 'dtks_rt' AS tabel, r.id_berkas, r.lembar, r.nomor_baris
FROM dtks_rt AS r
INNER JOIN baris AS m ON m.periode = r.periode AND m.kode_desa IS NOT DISTINCT FROM r.kode_desa
UNION ALL
SELECT 2, 'anggota yang dihitung', 'dtks_art', a.id_berkas, a.lembar, a.nomor_baris
FROM dtks_art AS a
INNER JOIN baris AS m ON m.periode = a.periode AND m.kode_desa IS NOT DISTINCT FROM a.kode_desa
