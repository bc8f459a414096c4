-- One row per distinct row of a list file: rows equal after cleaning within one file are one, the first (rulings 2, 52).
SELECT
    s.id_berkas,
    s.lembar,
    s.nomor_baris,
    s.id_kpm,
    s.sumber_data,
    s.kode_program,
    s.nama_program,
    s.tahap,
    s.periode_bantuan,
    s.nik_asal,
    s.nik,
    s.status_nik,
    s.no_kk,
    s.status_kk,
    s.nama,
    s.nama_banding,
    s.alamat,
    s.rt,
    s.rw,
    s.nominal,
    s.telepon,
    s.status,
    s.aktif,
    s.kode_kecamatan,
    s.kecamatan,
    s.kode_desa,
    s.desa
FROM stg_bantuan_sosial AS s
LEFT JOIN digabung_bansos AS g ON g.id_berkas = s.id_berkas AND g.urutan_baris = s.urutan_baris
WHERE g.id_berkas IS NULL
