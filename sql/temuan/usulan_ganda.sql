-- Proposals for a person whom an earlier proposal of the periode already names (ruling 45).
SELECT
    id_berkas,
    lembar,
    nomor_baris,
    CASE WHEN id_art_lewat_id IS NOT NULL THEN 'id_art' ELSE 'nik' END AS kolom,
    'USULAN_GANDA' AS aturan,
    'PERINGATAN' AS tingkat,
    samarkan_nomor(kunci) AS nilai,
    'Orang ini sudah diusulkan di baris lain untuk periode yang sama; yang dipakai usulan pertama' AS pesan,
    CAST(1 AS BIGINT) AS jumlah
FROM int_usulan_dipasangkan
WHERE kunci IS NOT NULL AND urutan_kunci > 1
