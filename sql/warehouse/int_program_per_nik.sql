-- The programs of each nik over all lists in force.
WITH
nik_program AS (
    SELECT DISTINCT nik, kode_program
    FROM int_bansos_berlaku
    WHERE nik IS NOT NULL
)
SELECT
    nik,
    CAST(count(*) AS INTEGER) AS jumlah_program,
    gabung_kode(kode_program) AS daftar_program,
    bool_or(kode_program = 'PKH') AS penerima_pkh,
    bool_or(kode_program = 'SEMBAKO') AS penerima_sembako,
    bool_or(kode_program = 'BST') AS penerima_bst,
    bool_or(kode_program = 'KPE') AS penerima_kpe
FROM nik_program
GROUP BY nik
