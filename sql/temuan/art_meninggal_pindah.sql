-- Persons that DTKS itself marks as dead or moved, counted per file; they stand in DTKS and are counted (ruling 6).
SELECT
    id_berkas,
    CAST(NULL AS VARCHAR) AS lembar,
    CAST(NULL AS BIGINT) AS nomor_baris,
    'keberadaan' AS kolom,
    'ART_MENINGGAL_PINDAH' AS aturan,
    'INFO' AS tingkat,
    keberadaan AS nilai,
    'Anggota tercatat meninggal atau pindah; tetap dihitung karena masih ada di DTKS' AS pesan,
    CAST(count(*) AS BIGINT) AS jumlah
FROM dtks_art
WHERE keberadaan IN ('MENINGGAL', 'TIDAK TINGGAL DI RUTA/PINDAH')
GROUP BY id_berkas, keberadaan
