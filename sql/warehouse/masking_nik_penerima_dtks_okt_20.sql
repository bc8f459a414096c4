-- Recipients of the latest periode with masked numbers, under the name that the reference system used.
SELECT
    a.periode,
    -- An id made from a nik would give the nik away.
    CASE WHEN left(a.id_art, 3) = 'NIK' THEN samarkan_nomor(a.id_art) ELSE a.id_art END AS id_art,
    a.id_dtks,
    samarkan_nomor(a.nik) AS nik,
    samarkan_nomor(a.no_kk) AS no_kk,
    samarkan_nama(a.nama) AS nama,
    a.kode_kecamatan,
    a.kecamatan,
    a.kode_desa,
    a.desa,
    a.penerima_kks,
    a.penerima_kis,
    a.penerima_kip,
    a.penerima_pkh,
    a.penerima_bpnt
FROM dtks_art AS a
INNER JOIN parameter AS p ON p.periode_terakhir = a.periode
WHERE a.penerima_kks OR a.penerima_kis OR a.penerima_kip OR a.penerima_pkh OR a.penerima_bpnt
