SELECT
    CASE WHEN r.periode = m.periode_awal THEN 1 ELSE 2 END AS urutan,
    CASE WHEN r.periode = m.periode_awal THEN 'rumah tangga pada periode awal' ELSE 'rumah tangga pada periode akhir' END AS peran,
    'dtks_rt' AS tabel,
    r.id_berkas,
    r.lembar,
    r.nomor_baris
FROM dtks_rt AS r
INNER JOIN baris AS m ON m.id_dtks = r.id_dtks AND r.periode IN (m.periode_awal, m.periode_akhir)
UNION ALL
SELECT 3, 'kepala rumah tangga', 'dtks_art', a.id_berkas, a.lembar, a.nomor_baris
FROM dtks_art AS a
INNER JOIN baris AS m ON m.id_dtks = a.id_dtks AND a.periode IN (m.periode_awal, m.periode_akhir)
WHERE a.hubungan_krt = 'KEPALA RUMAH TANGGA'
