-- Each list row in force with the KK number that counts for it, that of DTKS where there, else the list's own, and with the source
-- of its place: the list's desa, else the place of DTKS, else the list's kecamatan (rulings 18, 34).
WITH
kpm AS (
    SELECT
        k.id_kpm,
        k.kode_program,
        k.nik,
        coalesce(a.no_kk, k.no_kk) AS no_kk,
        CASE WHEN a.no_kk IS NOT NULL THEN a.status_kk ELSE k.status_kk END AS status_kk,
        CASE WHEN a.no_kk IS NOT NULL THEN 'DTKS' WHEN k.no_kk IS NOT NULL THEN 'DAFTAR' END AS sumber_no_kk,
        coalesce(a.penerima_kis, FALSE) AS penerima_kis,
        CASE
            WHEN k.kode_desa IS NOT NULL THEN 'DAFTAR'
            WHEN a.kode_kecamatan IS NOT NULL OR a.kode_desa IS NOT NULL THEN 'DTKS'
            ELSE 'DAFTAR'
        END AS sumber_tempat,
        coalesce(k.kode_desa, a.kode_desa) AS kode_desa
    FROM int_bansos_berlaku AS k
    LEFT JOIN int_art_terakhir_per_nik AS a ON a.nik = k.nik
)
SELECT
    id_kpm,
    kode_program,
    nik,
    no_kk,
    status_kk,
    sumber_no_kk,
    penerima_kis,
    sumber_tempat,
    CAST(kode_desa AS VARCHAR) AS kode_desa
FROM kpm
