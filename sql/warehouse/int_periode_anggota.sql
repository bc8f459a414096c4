-- The periods that persons of DTKS stand in: each with its last day, on which ages are reckoned, and with a sign of its own, by which
-- two rows of one periode are told from rows of different ones. Both are found once, not for each person.
WITH
periode AS (
    SELECT DISTINCT periode
    FROM dtks_art
)
SELECT
    periode,
    akhir_bulan(periode) AS hari_terakhir,
    tanda_ke(row_number() OVER (ORDER BY periode ASC NULLS LAST)) AS tanda
FROM periode
