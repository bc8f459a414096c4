-- Rows of lists whose kecamatan is not the one in the nik, counted per file: people move, and keep their nik.
WITH
kecamatan AS (
    SELECT DISTINCT kode_kecamatan, kode_kecamatan_kemendagri AS awalan
    FROM ref_kode_wilayah
),
daftar AS (
    SELECT id_berkas, kode_kecamatan, left(nik, 6) AS awalan
    FROM bantuan_sosial
    WHERE status_nik = 'VALID' AND kode_kecamatan IS NOT NULL
    UNION ALL
    SELECT id_berkas, kode_kecamatan, left(nik, 6) AS awalan
    FROM data_disabilitas
    WHERE status_nik = 'VALID' AND kode_kecamatan IS NOT NULL
)
SELECT
    d.id_berkas,
    CAST(NULL AS VARCHAR) AS lembar,
    CAST(NULL AS BIGINT) AS nomor_baris,
    'kode_kecamatan' AS kolom,
    'TEMPAT_BEDA_NIK' AS aturan,
    'INFO' AS tingkat,
    CAST(NULL AS VARCHAR) AS nilai,
    'Kecamatan yang ditulis berbeda dengan kecamatan pada NIK; orang yang pindah tetap memakai NIK lamanya' AS pesan,
    CAST(count(*) AS BIGINT) AS jumlah
FROM daftar AS d
INNER JOIN kecamatan AS k ON k.kode_kecamatan = d.kode_kecamatan
WHERE k.awalan <> d.awalan
GROUP BY d.id_berkas
