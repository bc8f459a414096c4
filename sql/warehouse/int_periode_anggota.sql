-- The periods that persons of DTKS stand in, each with its last day: ages are reckoned on it, and it is found once, not for each person.
WITH
periode AS (
    SELECT DISTINCT periode
    FROM dtks_art
)
SELECT
    periode,
    akhir_bulan(periode) AS hari_terakhir
FROM periode
