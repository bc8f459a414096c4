-- Baris di tabel karantina sama banyak dengan yang dicatat untuk berkasnya
-- tingkat: galat
WITH
dicatat AS (
    SELECT id_berkas, sum(baris_karantina) AS jumlah
    FROM sumber_berkas
    GROUP BY id_berkas
),
disimpan AS (
    SELECT id_berkas, count(*) AS jumlah
    FROM karantina
    GROUP BY id_berkas
)
SELECT d.id_berkas, d.jumlah AS dicatat, coalesce(s.jumlah, 0) AS disimpan
FROM dicatat AS d
LEFT JOIN disimpan AS s ON s.id_berkas = d.id_berkas
WHERE d.jumlah <> coalesce(s.jumlah, 0)
