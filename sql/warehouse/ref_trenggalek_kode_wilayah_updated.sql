-- The official codes of places under the name that the reference system used.
SELECT
    w.kode_desa,
    w.kode_desa_kemendagri,
    w.desa,
    w.jenis,
    w.kode_kecamatan,
    w.kode_kecamatan_kemendagri,
    w.kecamatan,
    w.lat,
    w.lon
FROM ref_kode_wilayah AS w
