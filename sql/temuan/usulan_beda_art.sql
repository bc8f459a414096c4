-- Proposals whose id_art and nik mean two different persons; the id_art counts (ruling 27).
WITH
berbeda AS (
    SELECT periode, id_berkas, lembar, nomor_baris, nik, id_art_lewat_id
    FROM int_usulan_dipasangkan
    WHERE id_art_lewat_id <> id_art_lewat_nik
)
SELECT
    b.id_berkas,
    b.lembar,
    b.nomor_baris,
    'id_art' AS kolom,
    'USULAN_BEDA_ART' AS aturan,
    'PERINGATAN' AS tingkat,
    samarkan_nomor(b.id_art_lewat_id) AS nilai,
    'Nomor anggota dan NIK usulan ini menunjuk dua orang yang berbeda di DTKS; yang dipakai nomor anggota' AS pesan,
    CAST(1 AS BIGINT) AS jumlah
FROM berbeda AS b
INNER JOIN dtks_art AS a ON a.periode = b.periode AND a.id_art = b.id_art_lewat_id
-- Where several persons carry the nik, the one that the id_art means may be one of them.
WHERE a.nik IS NULL OR a.nik <> b.nik
