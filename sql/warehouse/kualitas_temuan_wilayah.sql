-- Each finding with its source and the place of its row, so that it can be handed to the village (read on demand, a view).
WITH
sumber AS (
    SELECT id_berkas, min(sumber) AS sumber, min(nama_berkas) AS nama_berkas
    FROM sumber_berkas
    GROUP BY id_berkas
),
-- Only the rows that a finding names are looked up.
baris AS (
    SELECT DISTINCT id_berkas, coalesce(lembar, '') AS lembar, nomor_baris
    FROM kualitas_temuan
    WHERE nomor_baris IS NOT NULL
),
tempat AS (
    SELECT id_berkas, lembar, nomor_baris, kode_kecamatan, kecamatan, kode_desa, desa FROM dtks_rt
    UNION ALL
    SELECT id_berkas, lembar, nomor_baris, kode_kecamatan, kecamatan, kode_desa, desa FROM dtks_art
    UNION ALL
    SELECT id_berkas, lembar, nomor_baris, kode_kecamatan, kecamatan, kode_desa, desa FROM bantuan_sosial
    UNION ALL
    SELECT id_berkas, lembar, nomor_baris, kode_kecamatan, kecamatan, kode_desa, desa FROM data_disabilitas
    UNION ALL
    SELECT id_berkas, lembar, nomor_baris, kode_kecamatan, kecamatan, kode_desa, desa FROM usulan_daerah
),
-- A line that fills two tables (SIKS-NG) has one place.
tempat_baris AS (
    SELECT
        b.id_berkas,
        b.lembar,
        b.nomor_baris,
        min(t.kode_kecamatan) AS kode_kecamatan,
        min(t.kecamatan) AS kecamatan,
        min(t.kode_desa) AS kode_desa,
        min(t.desa) AS desa
    FROM baris AS b
    INNER JOIN tempat AS t
        ON t.id_berkas = b.id_berkas AND coalesce(t.lembar, '') = b.lembar AND t.nomor_baris = b.nomor_baris
    GROUP BY b.id_berkas, b.lembar, b.nomor_baris
)
SELECT
    k.id_berkas,
    s.sumber,
    s.nama_berkas,
    k.sumber_data,
    coalesce(k.lembar, '') AS lembar,
    k.nomor_baris,
    k.kolom,
    k.aturan,
    k.tingkat,
    k.nilai,
    k.pesan,
    k.jumlah,
    t.kode_kecamatan,
    t.kecamatan,
    t.kode_desa,
    t.desa
FROM kualitas_temuan AS k
LEFT JOIN sumber AS s ON s.id_berkas = k.id_berkas
LEFT JOIN tempat_baris AS t
    ON t.id_berkas = k.id_berkas AND t.lembar = coalesce(k.lembar, '') AND t.nomor_baris = k.nomor_baris
