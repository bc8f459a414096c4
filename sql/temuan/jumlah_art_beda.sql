-- Households whose stated number of members is neither that of all members nor that of those who still live there.
WITH
anggota AS (
    SELECT
        periode,
        id_dtks,
        count(*) AS semua,
        sum(CASE WHEN keberadaan IN ('MENINGGAL', 'TIDAK TINGGAL DI RUTA/PINDAH') THEN 0 ELSE 1 END) AS tinggal
    FROM dtks_art
    WHERE id_dtks IS NOT NULL
    GROUP BY periode, id_dtks
)
SELECT
    r.id_berkas,
    r.lembar,
    r.nomor_baris,
    'jumlah_art_ditulis' AS kolom,
    'JUMLAH_ART_BEDA' AS aturan,
    'PERINGATAN' AS tingkat,
    CAST(r.jumlah_art_ditulis AS VARCHAR) AS nilai,
    'Tertulis ' || CAST(r.jumlah_art_ditulis AS VARCHAR) || ' anggota, di berkas anggota ada ' || CAST(a.semua AS VARCHAR) AS pesan,
    CAST(1 AS BIGINT) AS jumlah
FROM dtks_rt AS r
INNER JOIN anggota AS a ON a.periode = r.periode AND a.id_dtks = r.id_dtks
WHERE r.jumlah_art_ditulis <> a.semua AND r.jumlah_art_ditulis <> a.tinggal
