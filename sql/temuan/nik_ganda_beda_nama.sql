-- One nik under different names in the lists in force, whatever their program: each of the rows is shown.
SELECT
    b.id_berkas,
    b.lembar,
    b.nomor_baris,
    'nama' AS kolom,
    'NIK_GANDA_BEDA_NAMA' AS aturan,
    'PERINGATAN' AS tingkat,
    samarkan_nomor(b.nik) AS nilai,
    'NIK ini dipakai dengan nama yang berbeda di daftar penerima' AS pesan,
    CAST(1 AS BIGINT) AS jumlah
FROM int_bansos_berlaku AS b
INNER JOIN int_program_per_nik AS n ON n.nik = b.nik
WHERE n.beda_nama
