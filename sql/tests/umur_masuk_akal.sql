-- Umur di mart 5 dari 0 sampai 120 tahun
-- tingkat: peringatan
SELECT periode, id_art
FROM mart_5_individu
WHERE umur < 0 OR umur > 120
