-- Families with more than one sembako card in force: each of the rows is shown. The family is that of mart 1.
WITH
ganda AS (
    SELECT no_kk, count(*) AS jumlah
    FROM int_kpm_dengan_keluarga
    WHERE kode_program = 'SEMBAKO' AND no_kk IS NOT NULL
    GROUP BY no_kk
    HAVING count(*) > 1
)
SELECT
    b.id_berkas,
    b.lembar,
    b.nomor_baris,
    'no_kk' AS kolom,
    'SEMBAKO_GANDA_KELUARGA' AS aturan,
    'PERINGATAN' AS tingkat,
    samarkan_nomor(k.no_kk) AS nilai,
    'Keluarga ini mempunyai ' || CAST(g.jumlah AS VARCHAR) || ' kartu sembako; satu keluarga berhak atas satu' AS pesan,
    CAST(1 AS BIGINT) AS jumlah
FROM int_kpm_dengan_keluarga AS k
INNER JOIN ganda AS g ON g.no_kk = k.no_kk
INNER JOIN int_bansos_berlaku AS b ON b.id_kpm = k.id_kpm
WHERE k.kode_program = 'SEMBAKO'
