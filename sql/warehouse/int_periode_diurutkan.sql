-- The periods of DTKS, counted from both ends.
WITH
periode AS (
    SELECT DISTINCT periode
    FROM dtks_rt
)
SELECT
    periode,
    CAST(row_number() OVER (ORDER BY periode ASC NULLS LAST) AS INTEGER) AS urutan,
    CAST(row_number() OVER (ORDER BY periode DESC NULLS LAST) AS INTEGER) AS urutan_dari_akhir,
    CAST(count(*) OVER () AS INTEGER) AS jumlah_periode
FROM periode
