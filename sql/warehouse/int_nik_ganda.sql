-- Each nik that stands on several rows in force of one program.
SELECT
    kode_program,
    nik,
    count(*) AS jumlah
FROM int_bansos_berlaku
WHERE nik IS NOT NULL
GROUP BY kode_program, nik
HAVING count(*) > 1
