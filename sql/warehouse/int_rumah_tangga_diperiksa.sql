-- Households that do not fit their persons: there is none, none is the head, or there are more or fewer than the household file says.
SELECT
    r.id_berkas,
    r.lembar,
    r.nomor_baris,
    r.jumlah_art_ditulis,
    a.jumlah_individu,
    a.jumlah_tinggal,
    a.id_dtks IS NOT NULL AS ada_anggota,
    k.id_dtks IS NOT NULL AS ada_kepala
FROM dtks_rt AS r
LEFT JOIN int_rumah_tangga_dihitung AS a ON a.periode = r.periode AND a.id_dtks = r.id_dtks
LEFT JOIN int_kepala_dipilih AS k ON k.periode = r.periode AND k.id_dtks = r.id_dtks
WHERE
    a.id_dtks IS NULL
    OR k.id_dtks IS NULL
    OR (r.jumlah_art_ditulis <> a.jumlah_individu AND r.jumlah_art_ditulis <> a.jumlah_tinggal)
