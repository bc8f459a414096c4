-- The programs of the family of each list row, as one text.
SELECT
    id_kpm,
    count(*) AS jumlah_program,
    gabung_kode(kode_program) AS daftar_program
FROM int_program_per_kpm
GROUP BY id_kpm
