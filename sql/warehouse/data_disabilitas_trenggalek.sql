-- The disability list under the name that the reference system used.
SELECT
    d.id_berkas,
    d.lembar,
    d.nomor_baris,
    d.id_disabilitas,
    d.nik,
    d.status_nik,
    d.no_kk,
    d.status_kk,
    d.nama,
    d.jenis_kelamin,
    d.tanggal_lahir,
    d.tanggal_lahir_nik,
    d.jenis_disabilitas,
    d.ragam_disabilitas,
    d.kode_kecamatan,
    d.kecamatan,
    d.kode_desa,
    d.desa
FROM data_disabilitas AS d
