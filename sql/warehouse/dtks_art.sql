-- One row per person and periode: the fullest row, then the later row of the later file.
WITH
periode_tanpa_wilayah AS (
    SELECT periode
    FROM stg_dtks_art
    WHERE NOT punya_wilayah
    GROUP BY periode
),
-- A file without region columns of its own takes the household's place (ruling 67).
wilayah_rt AS (
    SELECT r.periode, r.id_dtks, r.kode_kecamatan, r.kecamatan, r.kode_desa, r.desa
    FROM dtks_rt AS r
    INNER JOIN periode_tanpa_wilayah AS p ON p.periode = r.periode
)
-- Two branches, so that the files with region columns, which are nearly all, are read without a join.
SELECT
    s.id_berkas,
    s.lembar,
    s.nomor_baris,
    s.periode,
    s.id_art,
    s.id_dtks,
    s.nik_asal,
    s.nik,
    s.status_nik,
    s.no_kk,
    s.status_kk,
    s.nama,
    s.tempat_lahir,
    s.tanggal_lahir,
    s.jenis_kelamin,
    s.alamat,
    s.kode_kecamatan,
    s.kecamatan,
    s.kode_desa,
    s.desa,
    s.hubungan_krt,
    s.hubungan_keluarga,
    s.nomor_urut_keluarga,
    s.status_perkawinan,
    s.jenis_disabilitas,
    s.penyakit_kronis,
    s.partisipasi_sekolah,
    s.jenjang_pendidikan,
    s.ijazah_tertinggi,
    s.status_bekerja,
    s.lapangan_usaha,
    s.status_pekerjaan,
    s.status_hamil,
    s.penerima_kks,
    s.penerima_kis,
    s.penerima_kip,
    s.penerima_pkh,
    s.penerima_bpnt,
    s.keberadaan
FROM stg_dtks_art AS s
LEFT JOIN digabung_dtks_art AS g ON g.id_berkas = s.id_berkas AND g.urutan_baris = s.urutan_baris
WHERE s.punya_wilayah AND g.id_berkas IS NULL
UNION ALL
SELECT
    s.id_berkas,
    s.lembar,
    s.nomor_baris,
    s.periode,
    s.id_art,
    s.id_dtks,
    s.nik_asal,
    s.nik,
    s.status_nik,
    s.no_kk,
    s.status_kk,
    s.nama,
    s.tempat_lahir,
    s.tanggal_lahir,
    s.jenis_kelamin,
    s.alamat,
    w.kode_kecamatan,
    w.kecamatan,
    w.kode_desa,
    w.desa,
    s.hubungan_krt,
    s.hubungan_keluarga,
    s.nomor_urut_keluarga,
    s.status_perkawinan,
    s.jenis_disabilitas,
    s.penyakit_kronis,
    s.partisipasi_sekolah,
    s.jenjang_pendidikan,
    s.ijazah_tertinggi,
    s.status_bekerja,
    s.lapangan_usaha,
    s.status_pekerjaan,
    s.status_hamil,
    s.penerima_kks,
    s.penerima_kis,
    s.penerima_kip,
    s.penerima_pkh,
    s.penerima_bpnt,
    s.keberadaan
FROM stg_dtks_art AS s
LEFT JOIN digabung_dtks_art AS g ON g.id_berkas = s.id_berkas AND g.urutan_baris = s.urutan_baris
LEFT JOIN wilayah_rt AS w ON w.periode = s.periode AND w.id_dtks = s.id_dtks
WHERE NOT s.punya_wilayah AND g.id_berkas IS NULL
