-- Family cards whose members stand in more than one household of a periode, members counted per file.
WITH
-- Counted by a number of eight bytes instead of the key itself, then by the key among the few rows that share one.
bersidik AS (
    SELECT sidik(periode, keluarga) AS sidik
    FROM int_keluarga_dihitung
    WHERE id_dtks IS NOT NULL AND keluarga IS NOT NULL
),
sidik_ganda AS (
    SELECT sidik
    FROM bersidik
    GROUP BY sidik
    HAVING count(*) > 1
),
lintas AS (
    SELECT k.periode, k.keluarga
    FROM int_keluarga_dihitung AS k
    INNER JOIN sidik_ganda AS g ON g.sidik = sidik(k.periode, k.keluarga)
    WHERE k.id_dtks IS NOT NULL AND k.keluarga IS NOT NULL
    GROUP BY k.periode, k.keluarga
    HAVING min(k.id_dtks) <> max(k.id_dtks)
)
SELECT
    a.id_berkas,
    CAST(NULL AS VARCHAR) AS lembar,
    CAST(NULL AS BIGINT) AS nomor_baris,
    'no_kk' AS kolom,
    'KK_LINTAS_RT' AS aturan,
    'INFO' AS tingkat,
    CAST(NULL AS VARCHAR) AS nilai,
    'Anggota satu kartu keluarga tersebar di lebih dari satu rumah tangga' AS pesan,
    CAST(count(*) AS BIGINT) AS jumlah
FROM dtks_art AS a
INNER JOIN lintas AS l ON l.periode = a.periode AND l.keluarga = a.no_kk
GROUP BY a.id_berkas
