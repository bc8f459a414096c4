-- One nik on several persons of one periode: each of them is shown.
WITH
-- Among the few that stand on several persons the key is counted: some only look alike.
bersidik_periode AS (
    SELECT sidik(a.periode, a.nik) AS sidik
    FROM dtks_art AS a
    INNER JOIN int_nik_berulang AS b ON b.sidik = sidik(a.nik, a.nik)
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
