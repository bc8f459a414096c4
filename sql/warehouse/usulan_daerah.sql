-- One row per distinct row of a proposal file: rows equal after cleaning within one file are one, the first (rulings 2, 52).
SELECT
    s.id_berkas,
    s.lembar,
    s.nomor_baris,
    s.urutan_baris,
    s.periode,
    s.id_art,
    s.id_dtks,
    s.nik,
    s.status_nik,
    s.no_kk,
    s.status_kk,
    s.nama,
    s.kode_kecamatan,
    s.kecamatan,
    s.kode_desa,
    s.desa,
    s.diusulkan
FROM stg_usulan_daerah AS s
LEFT JOIN digabung_usulan AS g ON g.id_berkas = s.id_berkas AND g.urutan_baris = s.urutan_baris
WHERE g.id_berkas IS NULL
