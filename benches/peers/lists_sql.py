"""The lists of the DuckDB script cleaned, and the places of all its rows resolved."""

PLACE = "p.kode_kecamatan, p.kecamatan, p.kode_desa, p.desa"
STOPPED = "('NONAKTIF', 'GRADUASI', 'MENINGGAL', 'DIHENTIKAN', 'BATAL', 'NONELIGIBLE')"


def lists(con, path, latest):
    """The lists cleaned and without their repeated rows, and the places of all rows resolved."""
    con.execute(f"""
CREATE TABLE daftar AS SELECT s.*,
    status_id(s.nik_asli, s.s_nik, s.s_kk, nk.ada, nt.ada, getvariable('desa10')) AS status_nik,
    status_id(s.kk_asli, s.s_kk, NULL, kk.ada, kt.ada, CAST([] AS VARCHAR[])) AS status_kk
FROM (SELECT sumber, program, tahap, periode, lembar, baris, nik AS nik_asli, kk AS kk_asli,
        id_bersih(nik) AS s_nik, id_bersih(kk) AS s_kk, nama_bersih(nama) AS nama, teks(alamat) AS alamat, status,
        CASE WHEN length(angka_wilayah(kode_desa)) = 10 THEN angka_wilayah(kode_desa)
             WHEN length(angka_wilayah(kode_kecamatan)) = 7 THEN angka_wilayah(kode_kecamatan) || '|' || coalesce(desa,
                 '') || '|' || coalesce(kabupaten, '')
             ELSE kunci_tempat(angka_wilayah(kdprop), angka_wilayah(kdkab), angka_wilayah(kdkec),
                 angka_wilayah(kddesa), NULL, kecamatan, desa, kabupaten) END AS tempat,
        angka_saja(id_art) AS id_art, angka_saja(id_dtks) AS id_dtks,
        CASE WHEN left(upper(trim(sex)), 1) = 'L' THEN 'LAKI-LAKI' WHEN left(upper(trim(sex)), 1) = 'P'
            THEN 'PEREMPUAN' END AS jenis_kelamin,
        wajar(tanggal_mentah(tgl, {latest[:4]}), last_day(DATE '{latest}-01')) AS tanggal_lahir,
            teks(jenis) AS jenis_disabilitas, status_data, sisa
      FROM '{path}') AS s
LEFT JOIN kab AS nk ON nk.k = s.s_nik[1:4] LEFT JOIN ddmmyy AS nt ON nt.d = s.s_nik[7:12]
LEFT JOIN kab AS kk ON kk.k = s.s_kk[1:4] LEFT JOIN (SELECT * FROM ddmmyy
    WHERE perempuan = 0) AS kt ON kt.d = s.s_kk[7:12];
""")
    places(con)
    con.execute(f"""
CREATE TABLE list_bersih AS SELECT * EXCLUDE (status),
    CASE WHEN status_nik IN ('VALID', 'POLA_SALAH') THEN s_nik END AS nik,
    CASE WHEN status_kk IN ('VALID', 'POLA_SALAH') THEN s_kk END AS no_kk
FROM (SELECT d.*, {PLACE},
        coalesce(regexp_replace(upper(d.status), '[^A-Z]', '', 'g') NOT IN {STOPPED}, true) AS aktif
      FROM daftar AS d LEFT JOIN tempat AS p ON p.tempat = d.tempat)
QUALIFY row_number() OVER (PARTITION BY sumber,
    CASE WHEN status_nik IN ('VALID', 'POLA_SALAH') THEN s_nik WHEN status_kk IN ('VALID', 'POLA_SALAH') THEN ''
        ELSE nik_asli || '|' || kk_asli END,
    status_nik, s_kk, status_kk, nama, kode_desa, kode_kecamatan, CASE WHEN kode_desa IS NULL THEN tempat END, alamat,
        upper(trim(status)),
    id_art, id_dtks, jenis_kelamin, tanggal_lahir, jenis_disabilitas, status_data, sisa ORDER BY lembar, baris) = 1;
""")


def places(con):
    """`tempat`: the official place of every distinct spelling."""
    tables = [t for (t,) in con.execute(
        "SELECT table_name FROM duckdb_tables() WHERE table_name LIKE 'rt\\_%' ESCAPE '\\' OR table_name LIKE 'art\\_%' ESCAPE '\\' OR table_name = 'daftar'").fetchall()]
    union = " UNION ".join(f"SELECT DISTINCT tempat FROM {t} WHERE tempat IS NOT NULL" for t in tables)
    con.execute(f"""
CREATE TABLE kecamatan AS SELECT DISTINCT kode_kecamatan, kecamatan, kunci_nama(kecamatan) AS kunci FROM wilayah;
CREATE TABLE desa AS SELECT kode_desa, kode_kecamatan, kunci_nama(desa) AS kunci,
    count(*) OVER (PARTITION BY kunci_nama(desa)) AS kembar FROM wilayah;
CREATE TABLE tempat_mentah AS SELECT tempat,
    CASE WHEN NOT contains(tempat, '|') THEN tempat END AS kode10,
    nullif(split_part(tempat, '|', 1), '') AS kode7,
    nullif(kunci_nama(split_part(tempat, '|', 2)), '') AS kec, nullif(kunci_nama(split_part(tempat, '|', 3)),
        '') AS desa,
    nullif(kunci_nama(split_part(tempat, '|', 4)), '') AS kab FROM ({union});
UPDATE tempat_mentah SET kec = NULL, desa = nullif(kunci_nama(split_part(tempat, '|', 2)), ''),
    kab = nullif(kunci_nama(split_part(tempat, '|', 3)), '')
    WHERE kode7 IS NOT NULL AND kode10 IS NULL;
CREATE TABLE tempat_kec AS SELECT m.kec, coalesce(any_value(e.kode_kecamatan), any_value(v.kode_bps),
    any_value(j.kode_kecamatan)) AS kode
FROM (SELECT DISTINCT kec FROM tempat_mentah WHERE kec IS NOT NULL) AS m
LEFT JOIN kecamatan AS e ON e.kunci = m.kec
LEFT JOIN varian AS v ON v.level = 'kecamatan' AND v.kunci = m.kec
LEFT JOIN (SELECT m.kec, k.kode_kecamatan FROM (SELECT DISTINCT kec FROM tempat_mentah WHERE kec IS NOT NULL) AS m,
    kecamatan AS k
    WHERE jaro_winkler_similarity(m.kec, k.kunci) >= 0.92
    QUALIFY rank() OVER (PARTITION BY m.kec ORDER BY jaro_winkler_similarity(m.kec, k.kunci) DESC) = 1
        AND count(*) OVER (PARTITION BY m.kec) >= 1) AS j ON j.kec = m.kec
GROUP BY m.kec;
CREATE TABLE tempat_dua AS SELECT m.tempat, m.kode10, m.desa,
    (m.kab IS NOT NULL AND m.kab NOT IN (SELECT kunci FROM varian WHERE level = 'kabupaten')
        AND jaro_winkler_similarity(m.kab, 'TRENGGALEK') < 0.92) AS asing,
    coalesce(CASE WHEN m.kode10 IS NULL THEN m.kode7 END, k.kode) AS kec
FROM tempat_mentah AS m LEFT JOIN tempat_kec AS k ON k.kec = m.kec;
CREATE TABLE tempat AS
WITH mirip AS (SELECT t.tempat, d.kode_desa FROM tempat_dua AS t JOIN desa AS d ON d.kode_kecamatan = t.kec
        WHERE jaro_winkler_similarity(t.desa, d.kunci) >= 0.92
        QUALIFY rank() OVER (PARTITION BY t.tempat ORDER BY jaro_winkler_similarity(t.desa, d.kunci) DESC) = 1),
    satu AS (SELECT tempat, any_value(kode_desa) AS kode_desa FROM mirip GROUP BY tempat HAVING count(*) = 1),
    pilih AS (SELECT t.tempat, t.asing,
        CASE WHEN t.kode10 IS NOT NULL THEN coalesce(b.kode_desa, m.kode_desa)
             WHEN t.kec IS NOT NULL THEN coalesce(d.kode_desa, v.kode_bps, satu.kode_desa)
             ELSE coalesce(u.kode_desa, vb.kode_bps) END AS kode_desa,
        coalesce(t.kec, left(t.kode10, 7)) AS kec
      FROM tempat_dua AS t
      LEFT JOIN wilayah AS b ON b.kode_desa = t.kode10 LEFT JOIN wilayah AS m ON m.kemendagri = t.kode10
      LEFT JOIN desa AS d ON d.kode_kecamatan = t.kec AND d.kunci = t.desa
      LEFT JOIN varian AS v ON v.level = 'desa' AND v.kunci = t.desa AND left(v.kode_bps, 7) = t.kec
      LEFT JOIN satu ON satu.tempat = t.tempat
      LEFT JOIN desa AS u ON u.kunci = t.desa AND u.kembar = 1
      LEFT JOIN varian AS vb ON vb.level = 'desa' AND vb.kunci = t.desa AND t.desa NOT IN (SELECT kunci FROM desa))
SELECT t.tempat, k.kode_kecamatan, k.kecamatan, w.kode_desa, w.desa FROM pilih AS t
LEFT JOIN wilayah AS w ON w.kode_desa = t.kode_desa
LEFT JOIN kecamatan AS k ON k.kode_kecamatan = coalesce(w.kode_kecamatan, t.kec)
WHERE NOT t.asing
QUALIFY row_number() OVER (PARTITION BY t.tempat) = 1;
""")
