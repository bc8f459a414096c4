-- One row a household and release: those of the latest periode of DTKS, under the name of their head.
SELECT
    'LAMA' AS sisi,
    id_dtks AS kunci,
    nik_krt AS nik,
    nama_krt AS nama,
    kode_kecamatan,
    kecamatan,
    kode_desa,
    desa,
    desil,
    CAST(NULL AS VARCHAR) AS program,
    1 AS di_dtks,
    0 AS rangkap,
    0 AS langgar
FROM mart_6_rumah_tangga_lama
WHERE periode_terakhir
UNION ALL
SELECT
    'BARU', id_dtks, nik_krt, nama_krt, kode_kecamatan, kecamatan, kode_desa, desa, desil, CAST(NULL AS VARCHAR) AS program, 1, 0, 0
FROM mart_6_rumah_tangga_baru
WHERE periode_terakhir
