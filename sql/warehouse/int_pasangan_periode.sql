-- Any two periods of DTKS, the earlier one first.
SELECT
    a.periode AS periode_awal,
    b.periode AS periode_akhir,
    b.urutan - a.urutan = 1 AS berurutan
FROM int_periode_diurutkan AS a
INNER JOIN int_periode_diurutkan AS b ON b.urutan > a.urutan
