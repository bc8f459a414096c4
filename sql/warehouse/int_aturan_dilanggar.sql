-- The rules that list rows break, by what the rules look at: many rows are alike in it. A rule marks rows of its own program only
-- (ruling 22), over the family or by nik.
WITH
keadaan AS (
    SELECT DISTINCT kode_program, tanda_sendiri, tanda_keluarga, penerima_kis, keluarga_kis
    FROM int_program_per_kpm
),
-- A rule names one program or more, of which one is enough. What no list in force has, nobody has.
dinilai_program AS (
    SELECT
        k.kode_program,
        k.tanda_sendiri,
        k.tanda_keluarga,
        k.penerima_kis,
        k.keluarga_kis,
        r.id_aturan,
        r.jenis,
        coalesce(
            bool_or(ada_tanda(CASE WHEN r.satuan <> 'nik' THEN k.tanda_keluarga ELSE k.tanda_sendiri END, p.tanda)), FALSE
        ) AS ada_program_lain
    FROM keadaan AS k
    INNER JOIN ref_aturan AS r ON r.kode_program = k.kode_program
    LEFT JOIN int_program_berlaku AS p ON p.kode_program = r.program_lain
    WHERE r.jenis IN ('WAJIB_PROGRAM', 'DILARANG_PROGRAM')
    GROUP BY k.kode_program, k.tanda_sendiri, k.tanda_keluarga, k.penerima_kis, k.keluarga_kis, r.id_aturan, r.jenis
),
pelanggaran AS (
    SELECT kode_program, tanda_sendiri, tanda_keluarga, penerima_kis, keluarga_kis, id_aturan
    FROM dinilai_program
    WHERE (jenis = 'WAJIB_PROGRAM' AND NOT ada_program_lain) OR (jenis = 'DILARANG_PROGRAM' AND ada_program_lain)
    UNION
    SELECT k.kode_program, k.tanda_sendiri, k.tanda_keluarga, k.penerima_kis, k.keluarga_kis, r.id_aturan
    FROM keadaan AS k
    INNER JOIN ref_aturan AS r ON r.kode_program = k.kode_program
    -- A KIS rule is not applied where no file of the latest periode has the flag at all (ruling 51).
    INNER JOIN int_kis_diketahui AS d ON d.ada
    WHERE r.jenis = 'WAJIB_KIS' AND NOT (k.penerima_kis OR (k.keluarga_kis AND r.satuan <> 'nik'))
)
SELECT
    kode_program,
    tanda_sendiri,
    tanda_keluarga,
    penerima_kis,
    keluarga_kis,
    gabung_kode(id_aturan) AS aturan_dilanggar
FROM pelanggaran
GROUP BY kode_program, tanda_sendiri, tanda_keluarga, penerima_kis, keluarga_kis
