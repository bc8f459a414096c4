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
FROM int_rumah_tangga_diperiksa AS r
WHERE r.ada_anggota AND NOT r.ada_kepala
GROUP BY r.id_berkas
