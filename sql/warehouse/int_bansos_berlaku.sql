-- The list rows in force: each program's latest periode_bantuan where told, else its greatest tahap, else all (ruling 44);
-- rows that are no longer recipients are left out (rulings 7, 36). What only mart 1 shows of them it takes from the list itself.
WITH
-- A row that tells no month or stage of its own has that of its file.
berkas AS (
    SELECT
        kode_program,
        id_berkas,
        max(periode_bantuan) AS periode_bantuan,
        max(bilangan(tahap)) AS tahap
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
    b.id_kpm,
    b.id_berkas,
    b.lembar,
    b.nomor_baris,
    b.kode_program,
    b.nik,
    b.no_kk,
    b.status_kk,
    b.nama_banding,
    b.kode_desa
FROM bantuan_sosial AS b
INNER JOIN berkas AS f ON f.kode_program = b.kode_program AND f.id_berkas = b.id_berkas
INNER JOIN program AS p ON p.kode_program = b.kode_program
WHERE
    b.aktif
    AND CASE
        WHEN p.periode_bantuan IS NOT NULL THEN coalesce(b.periode_bantuan, f.periode_bantuan) = p.periode_bantuan
        WHEN p.tahap IS NOT NULL THEN coalesce(bilangan(b.tahap), f.tahap) = p.tahap
        ELSE TRUE
    END
