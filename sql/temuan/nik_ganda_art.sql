-- One nik on several persons of one periode: each of them is shown.
WITH
-- Counted by a number of eight bytes instead of the key itself, over all periods first: a person has one row in each.
-- Signs of the periods are added up: a nik whose rows are all of different periods has as many as rows.
bersidik AS (
    SELECT sidik(a.nik, a.nik) AS sidik, p.tanda
    FROM dtks_art AS a
    INNER JOIN int_periode_anggota AS p ON p.periode = a.periode
    WHERE a.nik IS NOT NULL
),
sidik_berulang AS (
    SELECT sidik
    FROM bersidik
    GROUP BY sidik
    HAVING banyak_tanda(sum(tanda)) < count(*)
),
-- Among these few the key is counted: some only look alike, and after 60 periods a sign stands for several.
bersidik_periode AS (
    SELECT sidik(a.periode, a.nik) AS sidik
    FROM dtks_art AS a
    INNER JOIN sidik_berulang AS b ON b.sidik = sidik(a.nik, a.nik)
    WHERE a.periode IS NOT NULL AND a.nik IS NOT NULL
),
sidik_ganda AS (
    SELECT sidik
    FROM bersidik_periode
    GROUP BY sidik
    HAVING count(*) > 1
),
calon AS (
    SELECT
        a.id_berkas,
        a.lembar,
        a.nomor_baris,
        a.nik,
        count(*) OVER (PARTITION BY a.periode, a.nik) AS pemakai
    FROM dtks_art AS a
    INNER JOIN sidik_ganda AS g ON g.sidik = sidik(a.periode, a.nik)
    WHERE a.periode IS NOT NULL AND a.nik IS NOT NULL
)
SELECT
    a.id_berkas,
    a.lembar,
    a.nomor_baris,
    'nik' AS kolom,
    'NIK_GANDA_ART' AS aturan,
    'PERINGATAN' AS tingkat,
    samarkan_nomor(a.nik) AS nilai,
    'NIK ini dipakai lebih dari satu anggota dalam periode yang sama' AS pesan,
    CAST(1 AS BIGINT) AS jumlah
FROM calon AS a
WHERE a.pemakai > 1
