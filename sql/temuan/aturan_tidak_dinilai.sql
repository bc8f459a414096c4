-- KIS rules that cannot be applied because no file of the latest periode has the flag (ruling 51).
WITH
punya_kis AS (
    SELECT DISTINCT id_berkas
    FROM berkas_kolom
    WHERE kolom = 'penerima_kis'
),
berkas_terakhir AS (
    SELECT b.id_berkas, k.id_berkas IS NOT NULL AS punya
    FROM sumber_berkas AS b
    INNER JOIN parameter AS p ON p.periode_terakhir = b.periode
    LEFT JOIN punya_kis AS k ON k.id_berkas = b.id_berkas
    WHERE b.tabel = 'dtks_art'
),
tidak_dinilai AS (
    SELECT id_berkas
    FROM berkas_terakhir
    WHERE (SELECT count(*) FROM berkas_terakhir WHERE punya) = 0
),
baris_program AS (
    SELECT kode_program, count(*) AS jumlah
    FROM int_bansos_berlaku
    GROUP BY kode_program
),
-- Without any DTKS there is no file to blame: it is said for each list that the rule would have looked at.
daftar_tanpa_dtks AS (
    SELECT k.id_berkas, k.kode_program, count(*) AS jumlah
    FROM int_bansos_berlaku AS k
    CROSS JOIN parameter AS p
    WHERE p.periode_terakhir IS NULL
    GROUP BY k.id_berkas, k.kode_program
)
SELECT
    t.id_berkas,
    CAST(NULL AS VARCHAR) AS lembar,
    CAST(NULL AS BIGINT) AS nomor_baris,
    'penerima_kis' AS kolom,
    'ATURAN_TIDAK_DINILAI' AS aturan,
    'PERINGATAN' AS tingkat,
    r.id_aturan AS nilai,
    'Aturan ' || r.id_aturan || ' tidak dinilai karena berkas ini tidak mempunyai kolom KIS/PBI' AS pesan,
    CAST(b.jumlah AS BIGINT) AS jumlah
FROM tidak_dinilai AS t
CROSS JOIN ref_aturan AS r
INNER JOIN baris_program AS b ON b.kode_program = r.kode_program
WHERE r.jenis = 'WAJIB_KIS'
UNION ALL
SELECT
    d.id_berkas,
    CAST(NULL AS VARCHAR) AS lembar,
    CAST(NULL AS BIGINT) AS nomor_baris,
    'penerima_kis' AS kolom,
    'ATURAN_TIDAK_DINILAI' AS aturan,
    'PERINGATAN' AS tingkat,
    r.id_aturan AS nilai,
    'Aturan ' || r.id_aturan || ' tidak dinilai karena belum ada DTKS' AS pesan,
    CAST(d.jumlah AS BIGINT) AS jumlah
FROM daftar_tanpa_dtks AS d
INNER JOIN ref_aturan AS r ON r.kode_program = d.kode_program
WHERE r.jenis = 'WAJIB_KIS'
