-- Whether any file of the latest periode has the KIS flag at all (ruling 51).
SELECT count(*) > 0 AS ada
FROM berkas_kolom AS k
INNER JOIN sumber_berkas AS b ON b.id_berkas = k.id_berkas
INNER JOIN parameter AS p ON p.periode_terakhir = b.periode
WHERE k.kolom = 'penerima_kis' AND b.tabel IN ('dtks_art', 'dtks_rt')
