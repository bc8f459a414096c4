-- Figures of each family within one household and one desa: the pass over all persons that marts 2 and 6 count from.
WITH
art AS (
    SELECT
        periode,
        kode_desa,
        id_dtks,
        coalesce(no_kk, id_dtks || '-' || CAST(coalesce(nomor_urut_keluarga, 1) AS VARCHAR)) AS keluarga,
        jenis_kelamin,
        jenis_disabilitas,
        keberadaan,
        umur(tanggal_lahir, akhir_bulan(periode)) AS umur,
        penerima_kks,
        penerima_kis,
        penerima_kip,
        penerima_pkh,
        penerima_bpnt
    FROM dtks_art
)
SELECT
    periode,
    kode_desa,
    id_dtks,
    keluarga,
    CAST(count(*) AS INTEGER) AS jumlah_individu,
    CAST(count(CASE WHEN keberadaan IN ('MENINGGAL', 'TIDAK TINGGAL DI RUTA/PINDAH') THEN NULL ELSE 1 END) AS INTEGER) AS jumlah_tinggal,
    CAST(count(CASE WHEN jenis_kelamin = 'LAKI-LAKI' THEN 1 END) AS INTEGER) AS jumlah_laki_laki,
    CAST(count(CASE WHEN jenis_kelamin = 'PEREMPUAN' THEN 1 END) AS INTEGER) AS jumlah_perempuan,
    CAST(count(CASE WHEN jenis_disabilitas <> 'TIDAK CACAT' THEN 1 END) AS INTEGER) AS jumlah_disabilitas,
    CAST(count(CASE WHEN umur >= 60 THEN 1 END) AS INTEGER) AS jumlah_lansia,
    CAST(count(CASE WHEN umur < 5 THEN 1 END) AS INTEGER) AS jumlah_balita,
    bool_or(penerima_kks) AS penerima_kks,
    bool_or(penerima_kis) AS penerima_kis,
    bool_or(penerima_kip) AS penerima_kip,
    bool_or(penerima_pkh) AS penerima_pkh,
    bool_or(penerima_bpnt) AS penerima_bpnt
FROM art
GROUP BY periode, kode_desa, id_dtks, keluarga
