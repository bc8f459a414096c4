-- Each list row in force with the signs of the programs that count for it: those of its nik, and with them those of its family
-- (ruling 50).
WITH
kk_program AS (
    SELECT f.no_kk, gabung_tanda(p.tanda) AS tanda
    FROM int_kpm_dengan_keluarga AS f
    INNER JOIN int_program_berlaku AS p ON p.kode_program = f.kode_program
    WHERE f.no_kk IS NOT NULL
    GROUP BY f.no_kk
),
kk_kis AS (
    SELECT DISTINCT a.no_kk
    FROM dtks_art AS a
    INNER JOIN parameter AS p ON p.periode_terakhir = a.periode
    WHERE a.penerima_kis AND a.no_kk IS NOT NULL
),
kpm AS (
    SELECT
        f.id_kpm,
        f.kode_program,
        f.nik,
        f.no_kk,
        f.status_kk,
        f.sumber_no_kk,
        f.sumber_tempat,
        f.kode_desa,
        coalesce(n.beda_nama, FALSE) AS nik_ganda_beda_nama,
        f.penerima_kis,
        i.no_kk IS NOT NULL AS keluarga_kis,
        -- A row without nik has its own program.
        coalesce(n.tanda, p.tanda) AS tanda_sendiri,
        k.tanda AS tanda_kk
    FROM int_kpm_dengan_keluarga AS f
    INNER JOIN int_program_berlaku AS p ON p.kode_program = f.kode_program
    LEFT JOIN int_program_per_nik AS n ON n.nik = f.nik
    LEFT JOIN kk_program AS k ON k.no_kk = f.no_kk
    LEFT JOIN kk_kis AS i ON i.no_kk = f.no_kk
)
SELECT
    id_kpm,
    kode_program,
    nik,
    no_kk,
    status_kk,
    sumber_no_kk,
    sumber_tempat,
    kode_desa,
    nik_ganda_beda_nama,
    penerima_kis,
    keluarga_kis,
    tanda_sendiri,
    dengan_tanda(tanda_sendiri, tanda_kk) AS tanda_keluarga
FROM kpm
