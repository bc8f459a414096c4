-- Family cards whose members stand in more than one household of a periode, members counted per file.
WITH
lintas AS (
    SELECT periode, keluarga
    FROM int_keluarga_berulang
    WHERE id_dtks IS NOT NULL
    GROUP BY periode, keluarga
    HAVING min(id_dtks) <> max(id_dtks)
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
