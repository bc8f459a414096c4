-- Households whose stated number of members is neither that of all members nor that of those who still live there.
SELECT
    r.id_berkas,
    r.lembar,
    r.nomor_baris,
    'jumlah_art_ditulis' AS kolom,
    'JUMLAH_ART_BEDA' AS aturan,
    'PERINGATAN' AS tingkat,
    CAST(r.jumlah_art_ditulis AS VARCHAR) AS nilai,
    'Tertulis ' || CAST(r.jumlah_art_ditulis AS VARCHAR) || ' anggota, di berkas anggota ada ' || CAST(r.jumlah_individu AS VARCHAR) AS pesan,
    CAST(1 AS BIGINT) AS jumlah
FROM int_rumah_tangga_diperiksa AS r
WHERE r.jumlah_art_ditulis <> r.jumlah_individu AND r.jumlah_art_ditulis <> r.jumlah_tinggal
