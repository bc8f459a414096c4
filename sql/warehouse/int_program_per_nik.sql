-- The programs of each nik over all lists in force, and whether its rows bear several names.
WITH
nik_program AS (
    SELECT nik, kode_program, min(nama_banding) AS nama_awal, max(nama_banding) AS nama_akhir
    FROM int_bansos_berlaku
    WHERE nik IS NOT NULL
    GROUP BY nik, kode_program
)
SELECT
    nik,
    CAST(count(*) AS INTEGER) AS jumlah_program,
    gabung_kode(kode_program) AS daftar_program,
    bool_or(kode_program = 'PKH') AS penerima_pkh,
    bool_or(kode_program = 'SEMBAKO') AS penerima_sembako,
    bool_or(kode_program = 'BST') AS penerima_bst,
    bool_or(kode_program = 'KPE') AS penerima_kpe,
    coalesce(min(nama_awal) <> max(nama_akhir), FALSE) AS beda_nama
FROM nik_program
GROUP BY nik
