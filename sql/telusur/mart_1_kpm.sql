-- `baris` is the row of the mart; the marts themselves stand under their names.
WITH
berlaku AS (
    SELECT k.id_kpm, k.nik, k.no_kk, b.id_berkas, b.lembar, b.nomor_baris
    FROM mart_1_kpm AS k
    INNER JOIN bantuan_sosial AS b ON b.id_kpm = k.id_kpm
)
SELECT 1 AS urutan, 'baris daftar' AS peran, 'bantuan_sosial' AS tabel, b.id_berkas, b.lembar, b.nomor_baris
FROM berlaku AS b
INNER JOIN baris AS m ON m.id_kpm = b.id_kpm
UNION ALL
SELECT 2, 'anggota di DTKS', 'dtks_art', a.id_berkas, a.lembar, a.nomor_baris
FROM dtks_art AS a
INNER JOIN baris AS m ON m.periode_dtks = a.periode AND m.id_art = a.id_art
UNION ALL
SELECT 3, 'rumah tangga di DTKS', 'dtks_rt', r.id_berkas, r.lembar, r.nomor_baris
FROM dtks_rt AS r
INNER JOIN baris AS m ON m.periode_dtks = r.periode AND m.id_dtks = r.id_dtks
UNION ALL
SELECT 4, 'daftar lain dengan NIK ini', 'bantuan_sosial', b.id_berkas, b.lembar, b.nomor_baris
FROM berlaku AS b
INNER JOIN baris AS m ON m.nik = b.nik AND m.id_kpm <> b.id_kpm
UNION ALL
SELECT 5, 'daftar keluarga (nomor KK ini)', 'bantuan_sosial', b.id_berkas, b.lembar, b.nomor_baris
FROM berlaku AS b
INNER JOIN baris AS m ON m.no_kk = b.no_kk AND m.id_kpm <> b.id_kpm AND (m.nik IS NULL OR b.nik IS NULL OR m.nik <> b.nik)
UNION ALL
SELECT 6, 'anggota lain keluarga (KIS)', 'dtks_art', a.id_berkas, a.lembar, a.nomor_baris
FROM dtks_art AS a
INNER JOIN baris AS m ON m.periode_dtks = a.periode AND m.no_kk = a.no_kk AND m.id_art IS DISTINCT FROM a.id_art
