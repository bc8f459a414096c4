-- Setiap temuan menunjuk berkas yang dikenal, dan yang bukan hitungan menunjuk paling sedikit satu baris
-- tingkat: galat
SELECT t.id_berkas, t.aturan
FROM kualitas_temuan AS t
LEFT JOIN sumber_berkas AS b ON b.id_berkas = t.id_berkas
WHERE b.id_berkas IS NULL OR t.jumlah < 1
