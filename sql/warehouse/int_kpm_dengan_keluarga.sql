-- Each list row in force with the KK number that counts for it: that of DTKS where there, else the list's own.
SELECT
    k.id_kpm,
    k.kode_program,
    k.nik,
    coalesce(a.no_kk, k.no_kk) AS no_kk,
    CASE WHEN a.no_kk IS NOT NULL THEN a.status_kk ELSE k.status_kk END AS status_kk,
    CASE WHEN a.no_kk IS NOT NULL THEN 'DTKS' WHEN k.no_kk IS NOT NULL THEN 'DAFTAR' END AS sumber_no_kk,
    coalesce(a.penerima_kis, FALSE) AS penerima_kis
FROM int_bansos_berlaku AS k
LEFT JOIN int_art_terakhir_per_nik AS a ON a.nik = k.nik
