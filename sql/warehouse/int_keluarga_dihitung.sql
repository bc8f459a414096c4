-- Figures of each family within one household and one desa: the pass over all persons that marts 2 and 6 count from.
WITH
art AS (
    SELECT
        a.periode,
        a.kode_desa,
        a.id_dtks,
        coalesce(a.no_kk, a.id_dtks || '-' || CAST(coalesce(a.nomor_urut_keluarga, 1) AS VARCHAR)) AS keluarga,
        a.jenis_kelamin,
        a.jenis_disabilitas,
        a.keberadaan,
        umur(a.tanggal_lahir, h.hari_terakhir) AS umur,
        a.penerima_kks,
        a.penerima_kis,
        a.penerima_kip,
        a.penerima_pkh,
        a.penerima_bpnt
    FROM dtks_art AS a
    LEFT JOIN int_periode_anggota AS h ON h.periode = a.periode
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
