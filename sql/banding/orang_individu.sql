-- One row a person and release: members of the latest periode of DTKS.
SELECT
    'LAMA' AS sisi,
    id_art AS kunci,
    nik,
    nama,
    kode_kecamatan,
    kecamatan,
    kode_desa,
    desa,
    desil,
    daftar_program AS program,
    1 AS di_dtks,
    0 AS rangkap,
    0 AS langgar
FROM mart_5_individu_lama
WHERE periode_terakhir
UNION ALL
SELECT
    'BARU', id_art, nik, nama, kode_kecamatan, kecamatan, kode_desa, desa, desil, daftar_program, 1, 0, 0
FROM mart_5_individu_baru
WHERE periode_terakhir
