-- The head of each household: code 1 alone; of several the smallest family number, then the smallest id_art (ruling 5). Only
-- households with several are ranked.
WITH
-- Those with several, and a few that only look alike: ranking tells them apart.
ganda AS (
    SELECT sidik(periode, id_dtks) AS sidik
    FROM dtks_art
    WHERE hubungan_krt = 'KEPALA RUMAH TANGGA' AND id_dtks IS NOT NULL
    GROUP BY sidik
    HAVING count(*) > 1
),
tunggal AS (
    SELECT a.periode, a.id_dtks, a.nama, a.nik, a.no_kk
    FROM dtks_art AS a
    LEFT JOIN ganda AS g ON g.sidik = sidik(a.periode, a.id_dtks)
    WHERE a.hubungan_krt = 'KEPALA RUMAH TANGGA' AND a.id_dtks IS NOT NULL AND g.sidik IS NULL
),
berperingkat AS (
    SELECT
        a.periode,
        a.id_dtks,
        a.nama,
        a.nik,
        a.no_kk,
        row_number() OVER (
            PARTITION BY a.periode, a.id_dtks
            ORDER BY a.nomor_urut_keluarga ASC NULLS LAST, a.id_art ASC NULLS LAST
        ) AS peringkat
    FROM dtks_art AS a
    INNER JOIN ganda AS g ON g.sidik = sidik(a.periode, a.id_dtks)
    WHERE a.hubungan_krt = 'KEPALA RUMAH TANGGA' AND a.id_dtks IS NOT NULL
)
SELECT periode, id_dtks, nama, nik, no_kk
FROM tunggal
UNION ALL
SELECT periode, id_dtks, nama, nik, no_kk
FROM berperingkat
WHERE peringkat = 1
