-- Households with persons of whom none is the head, counted per file.
WITH
berpenghuni AS (
    SELECT DISTINCT periode, id_dtks
    FROM int_keluarga_dihitung
    WHERE id_dtks IS NOT NULL
)
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
INNER JOIN berpenghuni AS b ON b.periode = r.periode AND b.id_dtks = r.id_dtks
LEFT JOIN int_kepala_dipilih AS k ON k.periode = r.periode AND k.id_dtks = r.id_dtks
WHERE k.id_dtks IS NULL
GROUP BY r.id_berkas
