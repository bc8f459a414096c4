-- Households with more than one head: each of the heads is shown.
SELECT
    a.id_berkas,
    a.lembar,
    a.nomor_baris,
    'hubungan_krt' AS kolom,
    'KRT_GANDA' AS aturan,
    'PERINGATAN' AS tingkat,
    samarkan_nomor(a.id_dtks) AS nilai,
    'Rumah tangga ini mempunyai lebih dari satu kepala; yang dipakai nomor urut keluarga terkecil, lalu nomor anggota terkecil' AS pesan,
    CAST(1 AS BIGINT) AS jumlah
FROM int_kepala_ganda AS a
