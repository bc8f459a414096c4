-- One row per household and periode: the fullest row, then the later row of the later file.
WITH
-- A file that fills two tables stands twice among the files; its place in the order is one.
berkas AS (
    SELECT id_berkas, max(urutan) AS urutan
    FROM sumber_berkas
    GROUP BY id_berkas
),
ganda AS (
    SELECT periode, id_dtks
    FROM stg_dtks_rt
    GROUP BY periode, id_dtks
    HAVING count(*) > 1
),
-- Only the few repeated keys are ranked, so that the wide rows are read once and never sorted.
calon AS (
    SELECT
        s.id_berkas,
        s.urutan_baris,
        row_number() OVER (
            PARTITION BY s.periode, s.id_dtks
            ORDER BY s.terisi DESC NULLS LAST, b.urutan DESC NULLS LAST, s.urutan_baris DESC NULLS LAST
        ) AS peringkat
    FROM stg_dtks_rt AS s
    INNER JOIN ganda AS g ON g.periode = s.periode AND g.id_dtks = s.id_dtks
    LEFT JOIN berkas AS b ON b.id_berkas = s.id_berkas
),
gugur AS (
    SELECT id_berkas, urutan_baris
    FROM calon
    WHERE peringkat > 1
)
SELECT
    s.id_berkas,
    s.lembar,
    s.nomor_baris,
    s.periode,
    s.id_dtks,
    s.nama_krt,
    s.alamat,
    s.kode_kecamatan,
    s.kecamatan,
    s.kode_desa,
    s.desa,
    s.percentile,
    s.desil,
    s.status_bangunan,
    s.status_lahan,
    s.luas_lantai,
    s.jenis_lantai,
    s.jenis_dinding,
    s.kondisi_dinding,
    s.jenis_atap,
    s.kondisi_atap,
    s.jumlah_kamar,
    s.sumber_air_minum,
    s.cara_peroleh_air_minum,
    s.sumber_penerangan,
    s.daya_listrik,
    s.bahan_bakar_masak,
    s.fasilitas_bab,
    s.jenis_kloset,
    s.pembuangan_tinja,
    s.ada_tabung_gas,
    s.ada_lemari_es,
    s.ada_ac,
    s.ada_pemanas,
    s.ada_telepon,
    s.ada_tv,
    s.ada_emas,
    s.ada_laptop,
    s.ada_sepeda,
    s.ada_motor,
    s.ada_mobil,
    s.ada_perahu,
    s.ada_motor_tempel,
    s.ada_perahu_motor,
    s.ada_kapal,
    s.aset_tak_bergerak,
    s.rumah_lain,
    s.jumlah_sapi,
    s.jumlah_kerbau,
    s.jumlah_kuda,
    s.jumlah_babi,
    s.jumlah_kambing,
    s.jumlah_art_ditulis
FROM stg_dtks_rt AS s
LEFT JOIN gugur AS g ON g.id_berkas = s.id_berkas AND g.urutan_baris = s.urutan_baris
WHERE g.id_berkas IS NULL
