-- Keys of DTKS that stand on several rows, each as a number of eight bytes made of it; a few only look alike. A table of its own tells
-- the engine how few they are: it would else keep all rows of DTKS to look for these among them.
WITH
bersidik AS (
    SELECT sidik(periode, id_art) AS sidik
    FROM stg_dtks_art
)
SELECT sidik
FROM bersidik
GROUP BY sidik
HAVING count(*) > 1
