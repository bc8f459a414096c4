-- The places that the disability list names, with their official codes and how many rows stand in each.
SELECT
    d.kode_kecamatan,
    d.kecamatan,
    d.kode_desa,
    d.desa,
    CAST(count(*) AS BIGINT) AS jumlah_baris
FROM data_disabilitas AS d
GROUP BY d.kode_kecamatan, d.kecamatan, d.kode_desa, d.desa
