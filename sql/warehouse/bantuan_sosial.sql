-- One row per distinct row of a list file: rows equal after cleaning within one file are one, the first (rulings 2, 52).
WITH
ganda AS (
    SELECT id_berkas, hash_baris
    FROM stg_bantuan_sosial
    WHERE hash_baris IS NOT NULL
    GROUP BY id_berkas, hash_baris
    HAVING count(*) > 1
),
calon AS (
    SELECT
        s.id_berkas,
        s.urutan_baris,
        row_number() OVER (PARTITION BY s.id_berkas, s.hash_baris ORDER BY s.urutan_baris ASC NULLS LAST) AS peringkat
    FROM stg_bantuan_sosial AS s
    INNER JOIN ganda AS g ON g.id_berkas = s.id_berkas AND g.hash_baris = s.hash_baris
),
gugur AS (
    SELECT id_berkas, urutan_baris
    FROM calon
    WHERE peringkat > 1
)
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
LEFT JOIN gugur AS g ON g.id_berkas = s.id_berkas AND g.urutan_baris = s.urutan_baris
WHERE g.id_berkas IS NULL
