-- Rows of a proposal file that gave way to an equal row of the same file: the first counts (rulings 2, 52).
WITH
ganda AS (
    SELECT id_berkas, hash_baris
    FROM stg_usulan_daerah
    WHERE hash_baris IS NOT NULL
    GROUP BY id_berkas, hash_baris
    HAVING count(*) > 1
),
calon AS (
    SELECT
        s.id_berkas,
        s.hash_baris,
        s.lembar,
        s.nomor_baris,
        s.urutan_baris,
        row_number() OVER (PARTITION BY s.id_berkas, s.hash_baris ORDER BY s.urutan_baris ASC NULLS LAST) AS peringkat
    FROM stg_usulan_daerah AS s
    INNER JOIN ganda AS g ON g.id_berkas = s.id_berkas AND g.hash_baris = s.hash_baris
)
SELECT
    b.id_berkas,
    b.lembar,
    b.nomor_baris,
    b.urutan_baris,
    d.id_berkas AS id_berkas_dipakai,
    d.lembar AS lembar_dipakai,
    d.nomor_baris AS nomor_baris_dipakai
FROM calon AS b
INNER JOIN calon AS d ON d.id_berkas = b.id_berkas AND d.hash_baris = b.hash_baris AND d.peringkat = 1
WHERE b.peringkat > 1
