-- Rows of DTKS that gave way to a fuller or later row of the same household or person, counted per file.
WITH
terbaca AS (
    SELECT id_berkas, 'id_dtks' AS kolom, count(*) AS jumlah
    FROM stg_dtks_rt
    GROUP BY id_berkas
    UNION ALL
    SELECT id_berkas, 'id_art' AS kolom, count(*) AS jumlah
    FROM stg_dtks_art
    GROUP BY id_berkas
),
tersimpan AS (
    SELECT id_berkas, 'id_dtks' AS kolom, count(*) AS jumlah
    FROM dtks_rt
    GROUP BY id_berkas
    UNION ALL
    SELECT id_berkas, 'id_art' AS kolom, count(*) AS jumlah
    FROM dtks_art
    GROUP BY id_berkas
),
selisih AS (
    SELECT t.id_berkas, t.kolom, t.jumlah - coalesce(s.jumlah, 0) AS jumlah
    FROM terbaca AS t
    LEFT JOIN tersimpan AS s ON s.id_berkas = t.id_berkas AND s.kolom = t.kolom
)
SELECT
    id_berkas,
    CAST(NULL AS VARCHAR) AS lembar,
    CAST(NULL AS BIGINT) AS nomor_baris,
    kolom,
    'BARIS_GANDA_DTKS' AS aturan,
    'INFO' AS tingkat,
    CAST(NULL AS VARCHAR) AS nilai,
    'Nomor yang sama muncul lebih dari sekali dalam satu periode; yang dipakai baris yang paling lengkap, lalu yang terakhir' AS pesan,
    CAST(jumlah AS BIGINT) AS jumlah
FROM selisih
WHERE jumlah > 0
