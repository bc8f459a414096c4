-- Each list row in force with what all lists together say of it: what is counted of many rows is joined once, before the wide rows of
-- mart 1 are.
WITH
-- Many have the same programs: these are named once. Sets of families are known only here; those of int_susunan_program are of niks.
susunan AS (
    SELECT tanda_sendiri AS tanda
    FROM int_program_per_kpm
    UNION
    SELECT tanda_keluarga AS tanda
    FROM int_program_per_kpm
),
susunan_program AS (
    SELECT
        s.tanda,
        count(*) AS jumlah_program,
        gabung_kode(p.kode_program) AS daftar_program,
        bool_or(p.kode_program = 'PKH') AS penerima_pkh,
        bool_or(p.kode_program = 'SEMBAKO') AS penerima_sembako,
        bool_or(p.kode_program = 'BST') AS penerima_bst,
        bool_or(p.kode_program = 'KPE') AS penerima_kpe
    FROM susunan AS s
    INNER JOIN int_program_berlaku AS p ON ada_tanda(s.tanda, p.tanda)
    GROUP BY s.tanda
)
SELECT
    k.id_kpm,
    k.kode_program,
    k.nik,
    k.no_kk,
    k.status_kk,
    k.sumber_no_kk,
    k.sumber_tempat,
    k.kode_desa,
    g.nik IS NOT NULL AS nik_ganda,
    k.nik_ganda_beda_nama,
    s.jumlah_program,
    s.daftar_program,
    l.jumlah_program AS jumlah_program_keluarga,
    l.daftar_program AS daftar_program_keluarga,
    s.penerima_pkh,
    s.penerima_sembako,
    s.penerima_bst,
    s.penerima_kpe,
    v.aturan_dilanggar
FROM int_program_per_kpm AS k
INNER JOIN susunan_program AS s ON s.tanda = k.tanda_sendiri
INNER JOIN susunan_program AS l ON l.tanda = k.tanda_keluarga
LEFT JOIN int_nik_ganda AS g ON g.kode_program = k.kode_program AND g.nik = k.nik
LEFT JOIN int_aturan_dilanggar AS v
    ON v.kode_program = k.kode_program AND v.tanda_sendiri = k.tanda_sendiri AND v.tanda_keluarga = k.tanda_keluarga
    AND v.penerima_kis = k.penerima_kis AND v.keluarga_kis = k.keluarga_kis
