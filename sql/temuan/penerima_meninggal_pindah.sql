-- Recipients whom the latest periode of DTKS marks as dead or moved (ruling 6).
SELECT
    k.id_berkas,
    k.lembar,
    k.nomor_baris,
    'nik' AS kolom,
    'PENERIMA_MENINGGAL_PINDAH' AS aturan,
    'PERINGATAN' AS tingkat,
    samarkan_nomor(k.nik) AS nilai,
    'Penerima ini tercatat di DTKS terakhir sebagai ' || a.keberadaan || '; periksa apakah masih berhak' AS pesan,
    CAST(1 AS BIGINT) AS jumlah
FROM int_bansos_berlaku AS k
INNER JOIN int_art_terakhir_per_nik AS a ON a.nik = k.nik
WHERE a.keberadaan IN ('MENINGGAL', 'TIDAK TINGGAL DI RUTA/PINDAH')
