-- Households by recency and frequency in DTKS (dashboard 11): one row per household ever seen.
WITH
riwayat AS (
    SELECT
        id_dtks,
        min(periode) AS periode_pertama,
        max(periode) AS periode_terakhir,
        count(*) AS jumlah_penetapan
    FROM dtks_rt
    GROUP BY id_dtks
),
ukuran AS (
    SELECT
        h.id_dtks,
        h.periode_pertama,
        h.periode_terakhir,
        h.jumlah_penetapan,
        CASE
            WHEN u.urutan_dari_akhir = 1 THEN 'TINGGI'
            WHEN u.urutan_dari_akhir <= 3 THEN 'SEDANG'
            ELSE 'RENDAH'
        END AS recency,
        CASE
            WHEN CAST(h.jumlah_penetapan AS DOUBLE) / u.jumlah_periode >= p.ambang_tinggi THEN 'TINGGI'
            WHEN CAST(h.jumlah_penetapan AS DOUBLE) / u.jumlah_periode >= p.ambang_sedang THEN 'SEDANG'
            ELSE 'RENDAH'
        END AS frequency
    FROM riwayat AS h
    INNER JOIN int_periode_diurutkan AS u ON u.periode = h.periode_terakhir
    CROSS JOIN parameter AS p
),
akhir AS (
    SELECT
        u.id_dtks,
        r.nama_krt,
        r.nik_krt,
        r.no_kk_krt,
        r.kode_kecamatan,
        r.kecamatan,
        r.kode_desa,
        r.desa,
        r.desil,
        u.periode_pertama,
        u.periode_terakhir,
        u.jumlah_penetapan,
        u.recency,
        u.frequency,
        CASE u.recency || '/' || u.frequency
            WHEN 'TINGGI/TINGGI' THEN 'A'
            WHEN 'TINGGI/SEDANG' THEN 'B'
            WHEN 'TINGGI/RENDAH' THEN 'C'
            WHEN 'SEDANG/TINGGI' THEN 'D'
            WHEN 'SEDANG/SEDANG' THEN 'E'
            WHEN 'SEDANG/RENDAH' THEN 'F'
            WHEN 'RENDAH/TINGGI' THEN 'G'
            WHEN 'RENDAH/SEDANG' THEN 'H'
            ELSE 'I'
        END AS segmen
    FROM ukuran AS u
    INNER JOIN int_rumah_tangga_dengan_kepala AS r ON r.periode = u.periode_terakhir AND r.id_dtks = u.id_dtks
)
SELECT
    CAST(a.id_dtks AS VARCHAR) AS id_dtks,
    CAST(a.nama_krt AS VARCHAR) AS nama_krt,
    CAST(a.nik_krt AS VARCHAR) AS nik_krt,
    CAST(a.no_kk_krt AS VARCHAR) AS no_kk_krt,
    kata(a.kode_kecamatan) AS kode_kecamatan,
    kata(a.kecamatan) AS kecamatan,
    kata(a.kode_desa) AS kode_desa,
    kata(a.desa) AS desa,
    CAST(a.desil AS INTEGER) AS desil,
    CAST(a.periode_pertama AS VARCHAR) AS periode_pertama,
    CAST(a.periode_terakhir AS VARCHAR) AS periode_terakhir,
    CAST(a.jumlah_penetapan AS INTEGER) AS jumlah_penetapan,
    CAST(a.recency AS VARCHAR) AS recency,
    CAST(a.frequency AS VARCHAR) AS frequency,
    CAST(a.segmen AS VARCHAR) AS segmen
FROM akhir AS a
ORDER BY
    id_dtks ASC NULLS LAST
