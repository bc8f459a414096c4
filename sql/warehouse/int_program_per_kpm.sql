-- The programs that count for each list row: those of its nik (lewat_nik) and those of its family (ruling 50).
WITH
nik_program AS (
    SELECT DISTINCT nik, kode_program
    FROM int_kpm_dengan_keluarga
    WHERE nik IS NOT NULL
),
kk_program AS (
    SELECT DISTINCT no_kk, kode_program
    FROM int_kpm_dengan_keluarga
    WHERE no_kk IS NOT NULL
),
gabungan AS (
    SELECT k.id_kpm, k.kode_program, TRUE AS lewat_nik
    FROM int_kpm_dengan_keluarga AS k
    WHERE k.nik IS NULL
    UNION ALL
    SELECT k.id_kpm, n.kode_program, TRUE AS lewat_nik
    FROM int_kpm_dengan_keluarga AS k
    INNER JOIN nik_program AS n ON n.nik = k.nik
    UNION ALL
    SELECT k.id_kpm, f.kode_program, FALSE AS lewat_nik
    FROM int_kpm_dengan_keluarga AS k
    INNER JOIN kk_program AS f ON f.no_kk = k.no_kk
)
SELECT
    id_kpm,
    kode_program,
    bool_or(lewat_nik) AS lewat_nik
FROM gabungan
GROUP BY id_kpm, kode_program
