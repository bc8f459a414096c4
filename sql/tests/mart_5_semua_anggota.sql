-- Mart 5 memuat setiap anggota DTKS sekali, per periode
-- tingkat: galat
WITH
gudang AS (
    SELECT periode, count(*) AS jumlah FROM dtks_art GROUP BY periode
),
mart AS (
    SELECT periode, count(*) AS jumlah FROM mart_5_individu GROUP BY periode
)
SELECT g.periode, g.jumlah AS gudang, coalesce(m.jumlah, 0) AS mart
FROM gudang AS g
LEFT JOIN mart AS m ON m.periode = g.periode
WHERE g.jumlah <> coalesce(m.jumlah, 0)
