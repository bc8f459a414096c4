-- Jumlah semua desa di mart 2 sama dengan seluruh rumah tangga dan anggota DTKS, per periode
-- tingkat: galat
WITH
mart AS (
    SELECT periode, sum(jumlah_rumah_tangga) AS rumah_tangga, sum(jumlah_individu) AS individu
    FROM mart_2_perbandingan_dtks
    GROUP BY periode
),
rumah_tangga AS (
    SELECT periode, count(*) AS jumlah FROM dtks_rt GROUP BY periode
),
individu AS (
    SELECT periode, count(*) AS jumlah FROM dtks_art GROUP BY periode
)
SELECT m.periode, m.rumah_tangga, m.individu
FROM mart AS m
LEFT JOIN rumah_tangga AS r ON r.periode = m.periode
LEFT JOIN individu AS i ON i.periode = m.periode
WHERE m.rumah_tangga <> coalesce(r.jumlah, 0) OR m.individu <> coalesce(i.jumlah, 0)
