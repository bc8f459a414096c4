-- Lists without a month (or stage) beside lists of the same program that have one: their rows are in no mart (ruling 44).
WITH
berkas AS (
    SELECT
        kode_program,
        id_berkas,
        max(periode_bantuan) AS periode_bantuan,
        max(bilangan(tahap)) AS tahap,
        count(*) AS jumlah
    FROM bantuan_sosial
    GROUP BY kode_program, id_berkas
),
program AS (
    SELECT
        kode_program,
        max(periode_bantuan) AS periode_bantuan,
        max(tahap) AS tahap
    FROM berkas
    GROUP BY kode_program
)
SELECT
    b.id_berkas,
    CAST(NULL AS VARCHAR) AS lembar,
    CAST(NULL AS BIGINT) AS nomor_baris,
    CASE WHEN p.periode_bantuan IS NOT NULL THEN 'periode_bantuan' ELSE 'tahap' END AS kolom,
    'DAFTAR_TANPA_PERIODE' AS aturan,
    'PERINGATAN' AS tingkat,
    CAST(NULL AS VARCHAR) AS nilai,
    CASE
        WHEN p.periode_bantuan IS NOT NULL
            THEN 'Daftar ini tidak menyebut bulan penyaluran, padahal daftar lain dari program yang sama menyebutnya; isinya tidak masuk tabel mana pun. Tulis bulannya di nama berkas'
        ELSE 'Daftar ini tidak menyebut tahap, padahal daftar lain dari program yang sama menyebutnya; isinya tidak masuk tabel mana pun. Tulis tahapnya di nama berkas'
    END AS pesan,
    CAST(b.jumlah AS BIGINT) AS jumlah
FROM berkas AS b
INNER JOIN program AS p ON p.kode_program = b.kode_program
WHERE
    CASE
        WHEN p.periode_bantuan IS NOT NULL THEN b.periode_bantuan IS NULL
        ELSE p.tahap IS NOT NULL AND b.tahap IS NULL
    END
