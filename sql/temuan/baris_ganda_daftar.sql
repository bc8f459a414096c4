-- Rows of a list that are equal to an earlier row of the same file, counted per file.
WITH
terbaca AS (
    SELECT id_berkas, count(*) AS jumlah
    FROM stg_bantuan_sosial
    GROUP BY id_berkas
    UNION ALL
    SELECT id_berkas, count(*) AS jumlah
    FROM stg_data_disabilitas
    GROUP BY id_berkas
    UNION ALL
    SELECT id_berkas, count(*) AS jumlah
    FROM stg_usulan_daerah
    GROUP BY id_berkas
),
tersimpan AS (
    SELECT id_berkas, count(*) AS jumlah
    FROM bantuan_sosial
    GROUP BY id_berkas
    UNION ALL
    SELECT id_berkas, count(*) AS jumlah
    FROM data_disabilitas
    GROUP BY id_berkas
    UNION ALL
    SELECT id_berkas, count(*) AS jumlah
    FROM usulan_daerah
    GROUP BY id_berkas
),
selisih AS (
    SELECT t.id_berkas, t.jumlah - coalesce(s.jumlah, 0) AS jumlah
    FROM terbaca AS t
    LEFT JOIN tersimpan AS s ON s.id_berkas = t.id_berkas
)
SELECT
    id_berkas,
    CAST(NULL AS VARCHAR) AS lembar,
    CAST(NULL AS BIGINT) AS nomor_baris,
    CAST(NULL AS VARCHAR) AS kolom,
    'BARIS_GANDA_DAFTAR' AS aturan,
    'INFO' AS tingkat,
    CAST(NULL AS VARCHAR) AS nilai,
    'Baris yang isinya sama persis dengan baris lain di berkas ini; yang dipakai baris pertama' AS pesan,
    CAST(jumlah AS BIGINT) AS jumlah
FROM selisih
WHERE jumlah > 0
