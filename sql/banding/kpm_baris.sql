-- Recipients of both releases, each row with the person that it is of: the NIK; without one, name, KK or desa, for each program apart.
-- The same line of the same file is the same person though its NIK was mended between the two: the old row takes the new one's person.
WITH
semua AS (
    SELECT
        'LAMA' AS sisi, id_kpm, kode_program, nik, nama, no_kk, kode_kecamatan, kecamatan, kode_desa, desa, desil,
        ditemukan_di_dtks, dua_program_lain, tiga_program, melanggar_aturan
    FROM mart_1_kpm_lama
    UNION ALL
    SELECT
        'BARU', id_kpm, kode_program, nik, nama, no_kk, kode_kecamatan, kecamatan, kode_desa, desa, desil,
        ditemukan_di_dtks, dua_program_lain, tiga_program, melanggar_aturan
    FROM mart_1_kpm_baru
),
orang AS (
    SELECT
        sisi,
        id_kpm,
        coalesce(
            nik,
            kode_program || ' ' || coalesce(nama, '') || ' ' || coalesce(no_kk, kode_desa, '')
        ) AS orang
    FROM semua
),
orang_baru AS (
    SELECT id_kpm, orang FROM orang WHERE sisi = 'BARU'
)
SELECT
    s.sisi,
    coalesce(b.orang, o.orang) AS orang,
    s.kode_program,
    s.nik,
    s.nama,
    s.kode_kecamatan,
    s.kecamatan,
    s.kode_desa,
    s.desa,
    s.desil,
    CASE WHEN s.ditemukan_di_dtks THEN 1 ELSE 0 END AS di_dtks,
    CASE WHEN s.dua_program_lain OR s.tiga_program THEN 1 ELSE 0 END AS rangkap,
    CASE WHEN s.melanggar_aturan THEN 1 ELSE 0 END AS langgar
FROM semua AS s
INNER JOIN orang AS o ON o.sisi = s.sisi AND o.id_kpm = s.id_kpm
LEFT JOIN orang_baru AS b ON b.id_kpm = s.id_kpm
