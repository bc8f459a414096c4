-- Setiap aturan di kualitas_temuan ada di katalog aturan
-- tingkat: galat
SELECT t.aturan, count(*) AS jumlah
FROM kualitas_temuan AS t
LEFT JOIN ref_aturan_temuan AS r ON r.id = t.aturan
WHERE r.id IS NULL
GROUP BY t.aturan
