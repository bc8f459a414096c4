-- Each list row in force with what all lists together say of it: what is counted of many rows is joined once, before the wide rows of
-- mart 1 are.
SELECT
    f.id_kpm,
    f.kode_program,
    f.nik,
    f.no_kk,
    f.status_kk,
    f.sumber_no_kk,
    f.sumber_tempat,
    f.kode_desa,
    g.nik IS NOT NULL AS nik_ganda,
    coalesce(n.beda_nama, FALSE) AS nik_ganda_beda_nama,
    coalesce(n.jumlah_program, 1) AS jumlah_program,
    coalesce(n.daftar_program, CAST(f.kode_program AS VARCHAR)) AS daftar_program,
    l.jumlah_program AS jumlah_program_keluarga,
    l.daftar_program AS daftar_program_keluarga,
    coalesce(n.penerima_pkh, f.kode_program = 'PKH') AS penerima_pkh,
    coalesce(n.penerima_sembako, f.kode_program = 'SEMBAKO') AS penerima_sembako,
    coalesce(n.penerima_bst, f.kode_program = 'BST') AS penerima_bst,
    coalesce(n.penerima_kpe, f.kode_program = 'KPE') AS penerima_kpe,
    v.aturan_dilanggar
FROM int_kpm_dengan_keluarga AS f
INNER JOIN int_program_keluarga AS l ON l.id_kpm = f.id_kpm
LEFT JOIN int_program_per_nik AS n ON n.nik = f.nik
LEFT JOIN int_nik_ganda AS g ON g.kode_program = f.kode_program AND g.nik = f.nik
LEFT JOIN int_aturan_dilanggar AS v ON v.id_kpm = f.id_kpm
