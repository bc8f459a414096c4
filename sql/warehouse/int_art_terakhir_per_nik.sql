-- The person of the latest periode behind each nik that a list names: where several carry it, the smallest id_art.
WITH
nik_daftar AS (
    SELECT nik FROM int_bansos_berlaku WHERE nik IS NOT NULL
    UNION
    SELECT nik FROM data_disabilitas WHERE nik IS NOT NULL
),
-- Only of a nik that several carry one is chosen.
dipilih AS (
    SELECT a.nik, min(a.id_art) AS id_art
    FROM dtks_art AS a
    INNER JOIN parameter AS p ON p.periode_terakhir = a.periode
    INNER JOIN int_nik_berulang AS b ON b.sidik = sidik(a.nik, a.nik)
    WHERE a.nik IS NOT NULL
    GROUP BY a.nik
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
FROM dtks_art AS a
INNER JOIN parameter AS p ON p.periode_terakhir = a.periode
INNER JOIN nik_daftar AS n ON n.nik = a.nik
LEFT JOIN dipilih AS d ON d.nik = a.nik
LEFT JOIN dtks_rt AS r ON r.periode = a.periode AND r.id_dtks = a.id_dtks
WHERE a.id_art IS NOT NULL AND (d.nik IS NULL OR d.id_art = a.id_art)
