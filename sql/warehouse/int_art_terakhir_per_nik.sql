-- The person of the latest periode behind each nik that a list names: where several carry it, the smallest id_art.
WITH
nik_daftar AS (
    SELECT nik FROM int_bansos_berlaku WHERE nik IS NOT NULL
    UNION
    SELECT nik FROM data_disabilitas WHERE nik IS NOT NULL
),
art AS (
    SELECT
        a.periode,
        a.nik,
        a.id_art,
        row_number() OVER (PARTITION BY a.nik ORDER BY a.id_art ASC NULLS LAST) AS peringkat
    FROM dtks_art AS a
    INNER JOIN parameter AS p ON p.periode_terakhir = a.periode
    INNER JOIN nik_daftar AS n ON n.nik = a.nik
)
SELECT
    a.nik,
    a.id_art,
    a.id_dtks,
    a.periode,
    a.no_kk,
    a.status_kk,
    a.tanggal_lahir,
    a.jenis_kelamin,
    a.kode_kecamatan,
    a.kecamatan,
    a.kode_desa,
    a.desa,
    a.hubungan_krt,
    a.status_perkawinan,
    a.jenis_disabilitas,
    a.penyakit_kronis,
    a.partisipasi_sekolah,
    a.jenjang_pendidikan,
    a.ijazah_tertinggi,
    a.status_bekerja,
    a.lapangan_usaha,
    a.status_pekerjaan,
    a.penerima_kis,
    a.keberadaan,
    r.desil,
    r.status_bangunan,
    r.jenis_lantai,
    r.jenis_dinding,
    r.jenis_atap,
    r.sumber_air_minum,
    r.sumber_penerangan,
    r.bahan_bakar_masak,
    r.fasilitas_bab
FROM art AS t
INNER JOIN dtks_art AS a ON a.periode = t.periode AND a.id_art = t.id_art
LEFT JOIN dtks_rt AS r ON r.periode = a.periode AND r.id_dtks = a.id_dtks
WHERE t.peringkat = 1
