-- The programs of each nik over all lists in force, as their signs put together, and whether its rows bear several names.
SELECT
    b.nik,
    gabung_tanda(p.tanda) AS tanda,
    coalesce(min(b.nama_banding) <> max(b.nama_banding), FALSE) AS beda_nama
FROM int_bansos_berlaku AS b
INNER JOIN int_program_berlaku AS p ON p.kode_program = b.kode_program
WHERE b.nik IS NOT NULL
GROUP BY b.nik
