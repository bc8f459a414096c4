-- The head of each household: code 1 alone; of several the smallest family number, then the smallest id_art (ruling 5). Only
-- households with several are ranked.
WITH
rumah_tangga_ganda AS (
    SELECT DISTINCT periode, id_dtks
    FROM int_kepala_ganda
),
tunggal AS (
    SELECT a.periode, a.id_dtks, a.nama, a.nik, a.no_kk
    FROM dtks_art AS a
    LEFT JOIN rumah_tangga_ganda AS g ON g.periode = a.periode AND g.id_dtks = a.id_dtks
    WHERE a.hubungan_krt = 'KEPALA RUMAH TANGGA' AND a.id_dtks IS NOT NULL AND g.id_dtks IS NULL
),
berperingkat AS (
    SELECT
        periode,
        id_dtks,
        nama,
        nik,
        no_kk,
        row_number() OVER (
            PARTITION BY periode, id_dtks
            ORDER BY nomor_urut_keluarga ASC NULLS LAST, id_art ASC NULLS LAST
        ) AS peringkat
    FROM int_kepala_ganda
)
SELECT periode, id_dtks, nama, nik, no_kk
FROM tunggal
UNION ALL
SELECT periode, id_dtks, nama, nik, no_kk
FROM berperingkat
WHERE peringkat = 1
