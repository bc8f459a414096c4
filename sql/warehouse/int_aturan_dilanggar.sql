-- The rules that each list row breaks. A rule marks rows of its own program only (ruling 22), over the family or by nik.
WITH
kk_kis AS (
    SELECT DISTINCT a.no_kk
    FROM dtks_art AS a
    INNER JOIN parameter AS p ON p.periode_terakhir = a.periode
    WHERE a.penerima_kis AND a.no_kk IS NOT NULL
),
aturan_program AS (
    SELECT
        k.id_kpm,
        r.id_aturan,
        r.jenis,
        bool_or(g.kode_program IS NOT NULL) AS ada_program_lain
    FROM int_kpm_dengan_keluarga AS k
    INNER JOIN ref_aturan AS r ON r.kode_program = k.kode_program
    LEFT JOIN int_program_per_kpm AS g
        ON g.id_kpm = k.id_kpm AND g.kode_program = r.program_lain AND (g.lewat_nik OR r.satuan <> 'nik')
    WHERE r.jenis IN ('WAJIB_PROGRAM', 'DILARANG_PROGRAM')
    GROUP BY k.id_kpm, r.id_aturan, r.jenis
),
aturan_kis AS (
    SELECT
        k.id_kpm,
        r.id_aturan,
        k.penerima_kis OR (f.no_kk IS NOT NULL AND r.satuan <> 'nik') AS ada_kis
    FROM int_kpm_dengan_keluarga AS k
    INNER JOIN ref_aturan AS r ON r.kode_program = k.kode_program
    -- A KIS rule is not applied where no file of the latest periode has the flag at all (ruling 51).
    INNER JOIN int_kis_diketahui AS d ON d.ada
    LEFT JOIN kk_kis AS f ON f.no_kk = k.no_kk
    WHERE r.jenis = 'WAJIB_KIS'
),
pelanggaran AS (
    SELECT id_kpm, id_aturan
    FROM aturan_program
    WHERE (jenis = 'WAJIB_PROGRAM' AND NOT ada_program_lain) OR (jenis = 'DILARANG_PROGRAM' AND ada_program_lain)
    UNION
    SELECT id_kpm, id_aturan
    FROM aturan_kis
    WHERE NOT ada_kis
)
SELECT
    id_kpm,
    gabung_kode(id_aturan) AS aturan_dilanggar
FROM pelanggaran
GROUP BY id_kpm
