-- The places of households, of the periods whose persons have none of their own: a table of its own, mostly without rows, so that the
-- engine does not take all households for what is joined to the persons of one district.
SELECT r.periode, r.id_dtks, r.kode_kecamatan, r.kecamatan, r.kode_desa, r.desa
FROM dtks_rt AS r
INNER JOIN int_periode_tanpa_wilayah AS p ON p.periode = r.periode
