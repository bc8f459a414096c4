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
FROM dtks_rt AS r
LEFT JOIN int_rumah_tangga_dihitung AS b ON b.periode = r.periode AND b.id_dtks = r.id_dtks
WHERE b.id_dtks IS NULL
GROUP BY r.id_berkas
