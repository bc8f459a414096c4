-- Households of which the periode holds no person, counted per file.
SELECT
    r.id_berkas,
    CAST(NULL AS VARCHAR) AS lembar,
    CAST(NULL AS BIGINT) AS nomor_baris,
    'id_dtks' AS kolom,
    'RT_TANPA_ART' AS aturan,
    'INFO' AS tingkat,
    CAST(NULL AS VARCHAR) AS nilai,
    'Rumah tangga tanpa satu pun anggota di berkas anggota periode yang sama' AS pesan,
    CAST(count(*) AS BIGINT) AS jumlah
FROM int_rumah_tangga_diperiksa AS r
WHERE NOT r.ada_anggota
GROUP BY r.id_berkas
