-- What happened to each person between two releases, at the place where it is counted: one row an event.
-- SEBELUM + MASUK - KELUAR + PINDAH_MASUK - PINDAH_KELUAR + TEMPAT_DATANG - TEMPAT_PERGI = SESUDAH holds for every place.
WITH
lama AS (
    SELECT kunci, nik, nama, kode_kecamatan, kecamatan, kode_desa, desa, desil, program, di_dtks, rangkap, langgar
    FROM orang
    WHERE sisi = 'LAMA'
),
baru AS (
    SELECT kunci, nik, nama, kode_kecamatan, kecamatan, kode_desa, desa, desil, program, di_dtks, rangkap, langgar
    FROM orang
    WHERE sisi = 'BARU'
),
tetap AS (
    SELECT
        b.kunci,
        b.nik,
        b.nama,
        l.kode_kecamatan AS kode_kecamatan_lama,
        l.kecamatan AS kecamatan_lama,
        l.kode_desa AS kode_desa_lama,
        l.desa AS desa_lama,
        b.kode_kecamatan,
        b.kecamatan,
        b.kode_desa,
        b.desa,
        l.desil AS desil_lama,
        b.desil,
        l.program AS program_lama,
        b.program,
        l.di_dtks AS di_dtks_lama,
        b.di_dtks,
        l.rangkap AS rangkap_lama,
        b.rangkap,
        l.langgar AS langgar_lama,
        b.langgar,
        CASE
            WHEN l.kode_desa <> b.kode_desa THEN 'PINDAH'
            WHEN l.kode_desa IS DISTINCT FROM b.kode_desa OR l.kode_kecamatan IS DISTINCT FROM b.kode_kecamatan THEN 'LAIN'
            ELSE 'SAMA'
        END AS tempat
    FROM lama AS l
    INNER JOIN baru AS b ON b.kunci = l.kunci
)
SELECT
    'SEBELUM' AS kejadian, kunci, nik, nama, kode_kecamatan, kecamatan, kode_desa, desa,
    CAST(NULL AS VARCHAR) AS dari, CAST(NULL AS VARCHAR) AS menjadi
FROM lama
UNION ALL
SELECT
    'SESUDAH', kunci, nik, nama, kode_kecamatan, kecamatan, kode_desa, desa, CAST(NULL AS VARCHAR) AS dari, CAST(NULL AS VARCHAR) AS menjadi
FROM baru
UNION ALL
SELECT 'MASUK', b.kunci, b.nik, b.nama, b.kode_kecamatan, b.kecamatan, b.kode_desa, b.desa, CAST(NULL AS VARCHAR) AS dari, b.program
FROM baru AS b
LEFT JOIN lama AS l ON l.kunci = b.kunci
WHERE l.kunci IS NULL
UNION ALL
SELECT 'KELUAR', l.kunci, l.nik, l.nama, l.kode_kecamatan, l.kecamatan, l.kode_desa, l.desa, l.program, CAST(NULL AS VARCHAR) AS menjadi
FROM lama AS l
LEFT JOIN baru AS b ON b.kunci = l.kunci
WHERE b.kunci IS NULL
UNION ALL
SELECT
    CASE WHEN tempat = 'PINDAH' THEN 'PINDAH_MASUK' ELSE 'TEMPAT_DATANG' END,
    kunci, nik, nama, kode_kecamatan, kecamatan, kode_desa, desa, coalesce(desa_lama, kecamatan_lama), coalesce(desa, kecamatan)
FROM tetap
WHERE tempat <> 'SAMA'
UNION ALL
SELECT
    CASE WHEN tempat = 'PINDAH' THEN 'PINDAH_KELUAR' ELSE 'TEMPAT_PERGI' END,
    kunci, nik, nama, kode_kecamatan_lama, kecamatan_lama, kode_desa_lama, desa_lama,
    coalesce(desa_lama, kecamatan_lama), coalesce(desa, kecamatan)
FROM tetap
WHERE tempat <> 'SAMA'
UNION ALL
SELECT
    CASE WHEN desil > desil_lama THEN 'DESIL_NAIK' ELSE 'DESIL_TURUN' END,
    kunci, nik, nama, kode_kecamatan, kecamatan, kode_desa, desa, CAST(desil_lama AS VARCHAR), CAST(desil AS VARCHAR)
FROM tetap
WHERE desil <> desil_lama
UNION ALL
SELECT 'GANTI_PROGRAM', kunci, nik, nama, kode_kecamatan, kecamatan, kode_desa, desa, program_lama, program
FROM tetap
WHERE program IS DISTINCT FROM program_lama
UNION ALL
SELECT
    CASE WHEN rangkap > rangkap_lama THEN 'RANGKAP_MUNCUL' ELSE 'RANGKAP_HILANG' END,
    kunci, nik, nama, kode_kecamatan, kecamatan, kode_desa, desa, program_lama, program
FROM tetap
WHERE rangkap <> rangkap_lama
UNION ALL
SELECT
    CASE WHEN langgar > langgar_lama THEN 'LANGGAR_MUNCUL' ELSE 'LANGGAR_HILANG' END,
    kunci, nik, nama, kode_kecamatan, kecamatan, kode_desa, desa, program_lama, program
FROM tetap
WHERE langgar <> langgar_lama
UNION ALL
SELECT
    CASE WHEN di_dtks > di_dtks_lama THEN 'DTKS_MASUK' ELSE 'DTKS_KELUAR' END,
    kunci, nik, nama, kode_kecamatan, kecamatan, kode_desa, desa, program_lama, program
FROM tetap
WHERE di_dtks <> di_dtks_lama
UNION ALL
-- Who comes with two programs, or goes, brings the double benefit or takes it away.
SELECT 'RANGKAP_MUNCUL', b.kunci, b.nik, b.nama, b.kode_kecamatan, b.kecamatan, b.kode_desa, b.desa, CAST(NULL AS VARCHAR) AS dari, b.program
FROM baru AS b
LEFT JOIN lama AS l ON l.kunci = b.kunci
WHERE l.kunci IS NULL AND b.rangkap = 1
UNION ALL
SELECT 'RANGKAP_HILANG', l.kunci, l.nik, l.nama, l.kode_kecamatan, l.kecamatan, l.kode_desa, l.desa, l.program, CAST(NULL AS VARCHAR) AS menjadi
FROM lama AS l
LEFT JOIN baru AS b ON b.kunci = l.kunci
WHERE b.kunci IS NULL AND l.rangkap = 1
UNION ALL
SELECT 'LANGGAR_MUNCUL', b.kunci, b.nik, b.nama, b.kode_kecamatan, b.kecamatan, b.kode_desa, b.desa, CAST(NULL AS VARCHAR) AS dari, b.program
FROM baru AS b
LEFT JOIN lama AS l ON l.kunci = b.kunci
WHERE l.kunci IS NULL AND b.langgar = 1
UNION ALL
SELECT 'LANGGAR_HILANG', l.kunci, l.nik, l.nama, l.kode_kecamatan, l.kecamatan, l.kode_desa, l.desa, l.program, CAST(NULL AS VARCHAR) AS menjadi
FROM lama AS l
LEFT JOIN baru AS b ON b.kunci = l.kunci
WHERE b.kunci IS NULL AND l.langgar = 1
