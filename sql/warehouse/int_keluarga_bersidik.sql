-- A number of eight bytes for each family within one household and one desa: families that stand several times share theirs.
SELECT sidik(periode, keluarga) AS sidik
FROM int_keluarga_dihitung
WHERE keluarga IS NOT NULL
