-- Programs with list rows in force, each with a sign of its own: all programs of a person or family are the signs of each put together.
WITH
program AS (
    SELECT DISTINCT kode_program
    FROM int_bansos_berlaku
)
SELECT
    kode_program,
    tanda_dari(row_number() OVER (ORDER BY kode_program ASC NULLS LAST), count(*) OVER ()) AS tanda
FROM program
