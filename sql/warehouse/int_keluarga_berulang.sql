-- The few families that stand in several households or desa of a periode, a row for each. Families without a card number stand in one
-- household.
WITH
-- Found by a number of eight bytes instead of the key itself: a few that only look alike are among them, each with one row.
ganda AS (
    SELECT sidik
    FROM int_keluarga_bersidik
    GROUP BY sidik
    HAVING count(*) > 1
)
SELECT
    a.periode,
    a.kode_desa,
    a.id_dtks,
    a.no_kk AS keluarga,
    bool_or(a.penerima_kks) AS penerima_kks,
    bool_or(a.penerima_kis) AS penerima_kis,
    bool_or(a.penerima_kip) AS penerima_kip,
    bool_or(a.penerima_pkh) AS penerima_pkh,
    bool_or(a.penerima_bpnt) AS penerima_bpnt
FROM dtks_art AS a
INNER JOIN ganda AS g ON g.sidik = sidik(a.periode, a.no_kk)
WHERE a.no_kk IS NOT NULL
GROUP BY a.periode, a.kode_desa, a.id_dtks, a.no_kk
