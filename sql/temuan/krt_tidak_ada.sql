-- Households with persons of whom none is the head, counted per file.
SELECT
    r.id_berkas,
    CAST(NULL AS VARCHAR) AS lembar,
    CAST(NULL AS BIGINT) AS nomor_baris,
    'nama_krt' AS kolom,
    'KRT_TIDAK_ADA' AS aturan,
    'INFO' AS tingkat,
    CAST(NULL AS VARCHAR) AS nilai,
    'Tidak ada anggota dengan hubungan kepala rumah tangga; nama kepala diambil dari berkas rumah tangga' AS pesan,
    CAST(count(*) AS BIGINT) AS jumlah
FROM dtks_rt AS r
INNER JOIN int_rumah_tangga_dihitung AS b ON b.periode = r.periode AND b.id_dtks = r.id_dtks
LEFT JOIN int_kepala_dipilih AS k ON k.periode = r.periode AND k.id_dtks = r.id_dtks
WHERE k.id_dtks IS NULL
GROUP BY r.id_berkas
