-- Each nik that stands on several persons of one periode, as a number of eight bytes made of it; a few only look alike. Counted over all
-- periods first, since a person has one row in each. A table of its own tells the engine how few they are.
WITH
-- Signs of the periods are added up: a nik whose rows are all of different periods has as many as rows. After 60 periods a sign stands
-- for several.
bersidik AS (
    SELECT sidik(a.nik, a.nik) AS sidik, p.tanda
    FROM dtks_art AS a
    INNER JOIN int_periode_anggota AS p ON p.periode = a.periode
    WHERE a.nik IS NOT NULL
)
SELECT sidik
FROM bersidik
GROUP BY sidik
HAVING banyak_tanda(sum(tanda)) < count(*)
