-- One nik on several rows in force of a program: each of them is shown. What is meant is `nik_ganda` of mart 1.
SELECT
    b.id_berkas,
    b.lembar,
    b.nomor_baris,
    'nik' AS kolom,
    'NIK_GANDA_DAFTAR' AS aturan,
    'PERINGATAN' AS tingkat,
    samarkan_nomor(b.nik) AS nilai,
    'NIK ini ada di ' || CAST(g.jumlah AS VARCHAR) || ' baris program yang sama' AS pesan,
    CAST(1 AS BIGINT) AS jumlah
FROM int_bansos_berlaku AS b
INNER JOIN int_nik_ganda AS g ON g.kode_program = b.kode_program AND g.nik = b.nik
