WITH
anggota AS (
    SELECT a.id_berkas, a.lembar, a.nomor_baris, a.periode, a.id_dtks
    FROM dtks_art AS a
    INNER JOIN parameter AS p ON p.periode_terakhir = a.periode
    INNER JOIN baris AS m ON m.nik = a.nik
)
SELECT 1 AS urutan, 'baris daftar' AS peran, 'data_disabilitas' AS tabel, d.id_berkas, d.lembar, d.nomor_baris
FROM data_disabilitas AS d
INNER JOIN baris AS m ON m.id_disabilitas = d.id_disabilitas
UNION ALL
SELECT 2, 'anggota di DTKS', 'dtks_art', a.id_berkas, a.lembar, a.nomor_baris
FROM anggota AS a
UNION ALL
SELECT 3, 'rumah tangga di DTKS', 'dtks_rt', r.id_berkas, r.lembar, r.nomor_baris
FROM dtks_rt AS r
INNER JOIN anggota AS a ON a.periode = r.periode AND a.id_dtks = r.id_dtks
UNION ALL
SELECT 4, 'daftar dengan NIK ini', 'bantuan_sosial', b.id_berkas, b.lembar, b.nomor_baris
FROM mart_1_kpm AS k
INNER JOIN bantuan_sosial AS b ON b.id_kpm = k.id_kpm
INNER JOIN baris AS m ON m.nik = k.nik
