-- Rows of DTKS that gave way to another row of their person: the fullest counts, then the later row of the later file. Only the few
-- repeated keys are ranked, so that the wide rows are read once and never sorted.
WITH
-- A file that fills two tables stands twice among the files; its place in the order is one.
berkas AS (
    SELECT id_berkas, max(urutan) AS urutan
    FROM sumber_berkas
    GROUP BY id_berkas
),
calon AS (
    SELECT
        s.periode,
        s.id_art,
        s.id_berkas,
        s.lembar,
        s.nomor_baris,
        s.urutan_baris,
        row_number() OVER (
            PARTITION BY s.periode, s.id_art
            ORDER BY s.terisi DESC NULLS LAST, b.urutan DESC NULLS LAST, s.urutan_baris DESC NULLS LAST
        ) AS peringkat
    FROM stg_dtks_art AS s
    INNER JOIN int_sidik_berulang_art AS g ON g.sidik = sidik(s.periode, s.id_art)
    LEFT JOIN berkas AS b ON b.id_berkas = s.id_berkas
    WHERE s.periode IS NOT NULL AND s.id_art IS NOT NULL
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
INNER JOIN calon AS d ON d.periode = b.periode AND d.id_art = b.id_art AND d.peringkat = 1
WHERE b.peringkat > 1
