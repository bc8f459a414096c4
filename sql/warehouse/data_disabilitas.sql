-- One row per distinct row of a disability list: rows equal after cleaning within one file are one, the first (rulings 2, 52).
SELECT
    s.id_berkas,
    s.lembar,
    s.nomor_baris,
    s.id_disabilitas,
    s.nik,
    s.status_nik,
    s.no_kk,
    s.status_kk,
    s.nama,
    s.jenis_kelamin,
    s.tanggal_lahir,
    s.tanggal_lahir_nik,
    s.jenis_disabilitas,
    s.ragam_disabilitas,
    s.kode_kecamatan,
    s.kecamatan,
    s.kode_desa,
    s.desa
FROM stg_data_disabilitas AS s
LEFT JOIN digabung_disabilitas AS g ON g.id_berkas = s.id_berkas AND g.urutan_baris = s.urutan_baris
WHERE g.id_berkas IS NULL
