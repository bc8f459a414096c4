-- All rows that gave way to another, with the row that counts in their place.
SELECT
    'dtks_rt' AS tabel,
    CAST(id_berkas AS VARCHAR) AS id_berkas,
    CAST(lembar AS VARCHAR) AS lembar,
    nomor_baris,
    CAST(id_berkas_dipakai AS VARCHAR) AS id_berkas_dipakai,
    CAST(lembar_dipakai AS VARCHAR) AS lembar_dipakai,
    nomor_baris_dipakai
FROM digabung_dtks_rt
UNION ALL
SELECT
    'dtks_art' AS tabel,
    CAST(id_berkas AS VARCHAR) AS id_berkas,
    CAST(lembar AS VARCHAR) AS lembar,
    nomor_baris,
    CAST(id_berkas_dipakai AS VARCHAR) AS id_berkas_dipakai,
    CAST(lembar_dipakai AS VARCHAR) AS lembar_dipakai,
    nomor_baris_dipakai
FROM digabung_dtks_art
UNION ALL
SELECT
    'bantuan_sosial' AS tabel,
    CAST(id_berkas AS VARCHAR) AS id_berkas,
    CAST(lembar AS VARCHAR) AS lembar,
    nomor_baris,
    CAST(id_berkas_dipakai AS VARCHAR) AS id_berkas_dipakai,
    CAST(lembar_dipakai AS VARCHAR) AS lembar_dipakai,
    nomor_baris_dipakai
FROM digabung_bansos
UNION ALL
SELECT
    'data_disabilitas' AS tabel,
    CAST(id_berkas AS VARCHAR) AS id_berkas,
    CAST(lembar AS VARCHAR) AS lembar,
    nomor_baris,
    CAST(id_berkas_dipakai AS VARCHAR) AS id_berkas_dipakai,
    CAST(lembar_dipakai AS VARCHAR) AS lembar_dipakai,
    nomor_baris_dipakai
FROM digabung_disabilitas
UNION ALL
SELECT
    'usulan_daerah' AS tabel,
    CAST(id_berkas AS VARCHAR) AS id_berkas,
    CAST(lembar AS VARCHAR) AS lembar,
    nomor_baris,
    CAST(id_berkas_dipakai AS VARCHAR) AS id_berkas_dipakai,
    CAST(lembar_dipakai AS VARCHAR) AS lembar_dipakai,
    nomor_baris_dipakai
FROM digabung_usulan
