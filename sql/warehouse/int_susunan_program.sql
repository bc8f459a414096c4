-- The programs that a nik may have, by their signs put together: many have the same, and these are named once.
WITH
susunan AS (
    SELECT DISTINCT tanda
    FROM int_program_per_nik
)
SELECT
    s.tanda,
    CAST(count(*) AS INTEGER) AS jumlah_program,
    gabung_kode(p.kode_program) AS daftar_program
FROM susunan AS s
INNER JOIN int_program_berlaku AS p ON ada_tanda(s.tanda, p.tanda)
GROUP BY s.tanda
