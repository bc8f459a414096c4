-- Persons whose household the periode does not hold.
SELECT
    a.id_berkas,
    a.lembar,
    a.nomor_baris,
    a.periode,
    a.id_dtks
FROM dtks_art AS a
LEFT JOIN dtks_rt AS r ON r.periode = a.periode AND r.id_dtks = a.id_dtks
WHERE r.id_dtks IS NULL
