-- Figures of each household that has persons.
WITH
-- A family may stand in two desa of one household: it is one family here.
keluarga AS (
    SELECT
        periode,
        id_dtks,
        keluarga,
        sum(jumlah_individu) AS jumlah_individu,
        sum(jumlah_tinggal) AS jumlah_tinggal,
        sum(jumlah_disabilitas) AS jumlah_disabilitas,
        sum(jumlah_lansia) AS jumlah_lansia,
        sum(jumlah_balita) AS jumlah_balita,
        bool_or(penerima_kks) AS penerima_kks,
        bool_or(penerima_kis) AS penerima_kis,
        bool_or(penerima_kip) AS penerima_kip,
        bool_or(penerima_pkh) AS penerima_pkh,
        bool_or(penerima_bpnt) AS penerima_bpnt
    FROM int_keluarga_dihitung
    WHERE id_dtks IS NOT NULL
    GROUP BY periode, id_dtks, keluarga
)
SELECT
    periode,
    id_dtks,
    CAST(count(keluarga) AS INTEGER) AS jumlah_keluarga,
    CAST(sum(jumlah_individu) AS INTEGER) AS jumlah_individu,
    CAST(sum(jumlah_tinggal) AS INTEGER) AS jumlah_tinggal,
    CAST(sum(jumlah_disabilitas) AS INTEGER) AS jumlah_disabilitas,
    CAST(sum(jumlah_lansia) AS INTEGER) AS jumlah_lansia,
    CAST(sum(jumlah_balita) AS INTEGER) AS jumlah_balita,
    bool_or(penerima_kks) AS penerima_kks,
    bool_or(penerima_kis) AS penerima_kis,
    bool_or(penerima_kip) AS penerima_kip,
    bool_or(penerima_pkh) AS penerima_pkh,
    bool_or(penerima_bpnt) AS penerima_bpnt
FROM keluarga
GROUP BY periode, id_dtks
