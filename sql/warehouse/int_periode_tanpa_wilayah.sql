-- The periods of DTKS with a file of persons that has no region columns of its own.
SELECT periode
FROM stg_dtks_art
WHERE NOT punya_wilayah
GROUP BY periode
