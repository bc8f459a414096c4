-- The head of each household: code 1 alone; of several the smallest family number, then the smallest id_art (ruling 5).
WITH
kepala AS (
    SELECT periode, id_dtks, id_art, nomor_urut_keluarga, nama, nik, no_kk
    FROM dtks_art
    WHERE hubungan_krt = 'KEPALA RUMAH TANGGA' AND id_dtks IS NOT NULL
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
    FROM kepala
)
SELECT periode, id_dtks, nama, nik, no_kk
FROM berperingkat
WHERE peringkat = 1
