-- Each household with its head, its place and its desil: what the other marts need to know of a household.
SELECT
    r.periode,
    r.id_dtks,
    CASE WHEN k.id_dtks IS NOT NULL THEN k.nama ELSE r.nama_krt END AS nama_krt,
    k.nik AS nik_krt,
    k.no_kk AS no_kk_krt,
    r.alamat,
    r.kode_kecamatan,
    r.kecamatan,
    r.kode_desa,
    r.desa,
    r.desil
FROM dtks_rt AS r
LEFT JOIN int_kepala_dipilih AS k ON k.periode = r.periode AND k.id_dtks = r.id_dtks
