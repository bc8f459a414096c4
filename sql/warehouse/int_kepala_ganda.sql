-- The heads of each household that has more than one.
WITH
-- Those with several, and a few that only look alike: counting by the key tells them apart.
ganda AS (
    SELECT sidik(periode, id_dtks) AS sidik
    FROM dtks_art
    WHERE hubungan_krt = 'KEPALA RUMAH TANGGA' AND id_dtks IS NOT NULL
    GROUP BY sidik
    HAVING count(*) > 1
),
calon AS (
    SELECT
        a.id_berkas,
        a.lembar,
        a.nomor_baris,
        a.periode,
        a.id_dtks,
        a.id_art,
        a.nomor_urut_keluarga,
        a.nama,
        a.nik,
        a.no_kk,
        count(*) OVER (PARTITION BY a.periode, a.id_dtks) AS jumlah_kepala
    FROM dtks_art AS a
    INNER JOIN ganda AS g ON g.sidik = sidik(a.periode, a.id_dtks)
    WHERE a.hubungan_krt = 'KEPALA RUMAH TANGGA' AND a.id_dtks IS NOT NULL
)
SELECT
    id_berkas,
    lembar,
    nomor_baris,
    periode,
    id_dtks,
    id_art,
    nomor_urut_keluarga,
    nama,
    nik,
    no_kk
FROM calon
WHERE jumlah_kepala > 1
