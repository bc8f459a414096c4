-- One row per person and periode: the fullest row, then the later row of the later file.
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
    CASE WHEN s.punya_wilayah THEN s.kode_kecamatan ELSE w.kode_kecamatan END AS kode_kecamatan,
    CASE WHEN s.punya_wilayah THEN s.kecamatan ELSE w.kecamatan END AS kecamatan,
    CASE WHEN s.punya_wilayah THEN s.kode_desa ELSE w.kode_desa END AS kode_desa,
    CASE WHEN s.punya_wilayah THEN s.desa ELSE w.desa END AS desa,
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
-- A file without region columns of its own takes the household's place (ruling 67); the rows of others look for none.
LEFT JOIN int_wilayah_rumah_tangga AS w
    ON w.periode = s.periode AND w.id_dtks = CASE WHEN NOT s.punya_wilayah THEN s.id_dtks END
WHERE g.id_berkas IS NULL
