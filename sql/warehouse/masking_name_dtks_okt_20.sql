-- Persons of the latest periode with masked names, under the name that the reference system used.
SELECT
    a.periode,
    -- An id made from a nik would give the nik away.
    CASE WHEN left(a.id_art, 3) = 'NIK' THEN samarkan_nomor(a.id_art) ELSE a.id_art END AS id_art,
    a.id_dtks,
    samarkan_nama(a.nama) AS nama,
    a.jenis_kelamin,
    a.kode_kecamatan,
    a.kecamatan,
    a.kode_desa,
    a.desa
FROM dtks_art AS a
INNER JOIN parameter AS p ON p.periode_terakhir = a.periode
