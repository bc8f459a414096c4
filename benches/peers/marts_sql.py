"""The eight marts of the DuckDB script, from its tables `rt_*`, `art_*`, `list_bersih` and `tempat`."""

PLACE = "p.kode_kecamatan, p.kecamatan, p.kode_desa, p.desa"


def marts(con, periods, out):
    """All marts, each as one sorted Parquet file."""
    last = periods[-1]
    name = lambda kind, p: f"{kind}_{p.replace('-', '_')}"  # noqa: E731
    number = {p: i for i, p in enumerate(periods)}

    def copy(mart, sql, order):
        con.execute(f"COPY ({sql} ORDER BY {order}) TO '{out}/{mart}.parquet' (FORMAT parquet, COMPRESSION zstd)")

    # Households with their head, one table of all periods.
    con.execute("CREATE TABLE rumah AS " + " UNION ALL ".join(f"""
        SELECT r.* EXCLUDE (nama_krt, desil_sendiri, tempat), CAST({number[p]} AS TINYINT) AS n,
            CASE WHEN h.id_dtks IS NULL THEN r.nama_krt ELSE h.nama END AS nama_krt, h.nik AS nik_krt,
                h.no_kk AS no_kk_krt, {PLACE}, r.tempat,
            coalesce(CASE WHEN desil_sendiri BETWEEN 1 AND 10 THEN desil_sendiri END, CASE WHEN desil_sendiri IS NULL
                AND percentile IS NOT NULL THEN greatest(1, (percentile + 9) // 10) END) AS desil
        FROM {name('rt', p)} AS r LEFT JOIN tempat AS p ON p.tempat = r.tempat
        LEFT JOIN (SELECT id_dtks, nama, nik, no_kk FROM {name('art', p)} WHERE hubungan_krt = 'KEPALA RUMAH TANGGA'
            AND id_dtks IS NOT NULL
            QUALIFY row_number() OVER (PARTITION BY id_dtks ORDER BY nomor_urut_keluarga NULLS LAST,
                id_art) = 1) AS h ON h.id_dtks = r.id_dtks"""
        for p in periods))
    # Persons with their place: that of the household where their file has none.
    own = {p: con.execute(f"SELECT count(tempat) > 0 FROM {name('art', p)}").fetchone()[0] for p in periods}
    con.execute("CREATE VIEW orang AS " + " UNION ALL ".join(
        f"""SELECT a.* EXCLUDE (tempat), CAST({number[p]} AS TINYINT) AS n, {PLACE} FROM {name('art', p)} AS a LEFT JOIN tempat AS p ON p.tempat = a.tempat"""
        if own[p] else
        f"""SELECT a.* EXCLUDE (tempat), CAST({number[p]} AS TINYINT) AS n, {PLACE} FROM {name('art', p)} AS a LEFT JOIN rumah AS p ON p.n = {number[p]} AND p.id_dtks = a.id_dtks"""
        for p in periods))
    programs(con, last, number[last])
    copy("mart_1_kpm", kpm(last), "kode_program, kode_desa NULLS LAST, nik NULLS LAST, nama NULLS LAST, id_kpm")
    families(con)
    copy("mart_2_perbandingan_dtks", comparison(), "periode, kode_desa NULLS LAST")
    change(con, periods, out)
    copy("mart_4_usulan_penetapan", proposals(con), "periode, coalesce(id_art, nik) NULLS LAST, nama NULLS LAST, kode_desa NULLS LAST, id_dtks NULLS LAST, no_kk NULLS LAST")
    copy("mart_5_individu", persons(last), "id_art, periode")
    copy("mart_6_rumah_tangga", households(last), "id_dtks, periode")
    copy("mart_7_segmentasi", segments(len(periods)), "id_dtks")
    copy("mart_8_disabilitas", disability(last), "kode_desa NULLS LAST, nik NULLS LAST, nama NULLS LAST, id_disabilitas")


def programs(con, last, n):
    con.execute(f"""
CREATE TABLE berlaku AS
WITH aktif AS (SELECT * FROM list_bersih WHERE program IN ('PKH', 'SEMBAKO', 'BST', 'KPE')),
    batas AS (SELECT program, max(periode) AS periode, max(CAST(tahap AS INTEGER)) AS tahap FROM aktif GROUP BY program)
SELECT a.*, md5(a.sumber || '#' || a.lembar || '#' || a.baris) AS id_kpm FROM aktif AS a
    JOIN batas AS b ON b.program = a.program
WHERE a.aktif AND CASE WHEN b.periode IS NOT NULL THEN a.periode = b.periode WHEN b.tahap IS NOT NULL
    THEN CAST(a.tahap AS INTEGER) = b.tahap ELSE true END;
CREATE TABLE per_nik AS SELECT nik, CAST(count(DISTINCT program) AS INTEGER) AS jumlah_program,
    array_to_string(list_sort(list_distinct(list(program))), ', ') AS daftar_program,
    bool_or(program = 'PKH') AS penerima_pkh, bool_or(program = 'SEMBAKO') AS penerima_sembako,
        bool_or(program = 'BST') AS penerima_bst, bool_or(program = 'KPE') AS penerima_kpe,
    count(DISTINCT regexp_replace(nama, '[^A-Z]', '', 'g')) > 1 AS beda_nama FROM berlaku WHERE nik IS NOT NULL
        GROUP BY nik;
CREATE TABLE terakhir AS
SELECT a.*, r.desil, r.status_bangunan, r.jenis_lantai, r.jenis_dinding, r.jenis_atap, r.sumber_air_minum,
    r.sumber_penerangan, r.bahan_bakar_masak, r.fasilitas_bab
FROM (SELECT * FROM orang WHERE n = {n} AND nik IN (SELECT nik
    FROM list_bersih) QUALIFY row_number() OVER (PARTITION BY nik ORDER BY id_art) = 1) AS a
LEFT JOIN rumah AS r ON r.n = {n} AND r.id_dtks = a.id_dtks;
CREATE TABLE kpm AS SELECT b.id_kpm, b.program, b.nik, coalesce(a.no_kk, b.no_kk) AS no_kk,
    CASE WHEN a.no_kk IS NOT NULL THEN a.status_kk ELSE b.status_kk END AS status_kk,
    CASE WHEN a.no_kk IS NOT NULL THEN 'DTKS' WHEN b.no_kk IS NOT NULL THEN 'DAFTAR' END AS sumber_no_kk,
        coalesce(a.penerima_kis, false) AS penerima_kis
FROM berlaku AS b LEFT JOIN terakhir AS a ON a.nik = b.nik;
CREATE TABLE per_kk AS SELECT no_kk, list(DISTINCT program) AS program FROM kpm WHERE no_kk IS NOT NULL GROUP BY no_kk;
CREATE TABLE kis_kk AS SELECT DISTINCT no_kk FROM art_{last.replace('-', '_')} WHERE penerima_kis AND no_kk IS NOT NULL;
CREATE TABLE keluarga AS SELECT k.*, list_sort(list_distinct(coalesce(f.program,
    []) || coalesce(string_split(n.daftar_program, ', '), [k.program]))) AS semua,
    k.penerima_kis OR i.no_kk IS NOT NULL AS ada_kis
FROM kpm AS k LEFT JOIN per_kk AS f ON f.no_kk = k.no_kk LEFT JOIN per_nik AS n ON n.nik = k.nik LEFT
    JOIN kis_kk AS i ON i.no_kk = k.no_kk;
""")


def kpm(last):
    rules = """list_filter([
        CASE WHEN b.program = 'BST' AND (list_contains(k.semua, 'PKH') OR list_contains(k.semua, 'SEMBAKO'))
            THEN 'BST_TIDAK_BOLEH_RANGKAP' END,
        CASE WHEN b.program = 'PKH' AND NOT k.ada_kis THEN 'KIS_WAJIB_UNTUK_PKH' END,
        CASE WHEN b.program = 'KPE' AND (list_contains(k.semua, 'PKH') OR list_contains(k.semua, 'SEMBAKO'))
            THEN 'KPE_TIDAK_BOLEH_RANGKAP' END,
        CASE WHEN b.program = 'PKH' AND NOT list_contains(k.semua, 'SEMBAKO') THEN 'SEMBAKO_WAJIB_UNTUK_PKH' END],
            lambda r: r IS NOT NULL)"""
    names = {"PKH": "PROGRAM KELUARGA HARAPAN", "SEMBAKO": "PROGRAM SEMBAKO", "BST": "BANTUAN SOSIAL TUNAI", "KPE": "KARTU PENYANGGA EKONOMI"}
    flag = lambda p: f"coalesce(n.penerima_{p.lower()}, b.program = '{p}') AS penerima_{p.lower()}"  # noqa: E731
    from_list = "b.kode_desa IS NOT NULL OR a.kode_kecamatan IS NULL"
    place = ", ".join(f"CASE WHEN {from_list} THEN b.{c} ELSE a.{c} END AS {c}" for c in ("kode_kecamatan", "kecamatan", "kode_desa", "desa"))
    art = ("hubungan_krt status_perkawinan jenis_disabilitas penyakit_kronis partisipasi_sekolah jenjang_pendidikan ijazah_tertinggi status_bekerja lapangan_usaha "
           "status_pekerjaan status_bangunan jenis_lantai jenis_dinding jenis_atap sumber_air_minum sumber_penerangan bahan_bakar_masak fasilitas_bab").split()
    return f"""SELECT id_kpm, sumber_data, kode_program, nama_program, tahap, periode_bantuan, nik_asal, nik,
        status_nik, nik_ganda, nik_ganda_beda_nama, no_kk, status_kk,
    sumber_no_kk, nama, kode_kecamatan, kecamatan, kode_desa, desa, ditemukan_di_dtks, periode_dtks, id_art, id_dtks,
        desil, kelompok_desil, tanggal_lahir, umur, jenis_kelamin,
    {', '.join(art)}, jumlah_program, daftar_program, jumlah_program_keluarga, daftar_program_keluarga, penerima_pkh,
        penerima_sembako, penerima_bst, penerima_kpe, penerima_kis,
    penerima_pkh AND penerima_sembako AS pkh_dan_sembako, penerima_pkh AND NOT penerima_sembako AS pkh_tanpa_sembako,
        penerima_pkh AND NOT penerima_kis AS pkh_tanpa_kis,
    jumlah_program = 2 AND NOT (penerima_pkh AND penerima_sembako) AS dua_program_lain,
        jumlah_program >= 3 AS tiga_program,
    len(aturan) > 0 AS melanggar_aturan, nullif(array_to_string(aturan, ', '), '') AS aturan_dilanggar,
    kode_program IN ('PKH', 'SEMBAKO') AND NOT ditemukan_di_dtks AS indikasi_inclusion_error
FROM (SELECT b.id_kpm, b.sumber AS sumber_data, b.program AS kode_program,
    CASE b.program {' '.join(f"WHEN '{p}' THEN '{n}'" for p, n in names.items())} END AS nama_program,
    b.tahap, b.periode AS periode_bantuan, trim(b.nik_asli, ' ' || chr(160) || chr(1)) AS nik_asal, b.nik, b.status_nik,
    b.nik IS NOT NULL AND count(*) OVER (PARTITION BY b.program, b.nik) > 1 AS nik_ganda, coalesce(n.beda_nama,
        false) AS nik_ganda_beda_nama,
    k.no_kk, k.status_kk, k.sumber_no_kk, b.nama, {place}, a.nik IS NOT NULL AS ditemukan_di_dtks,
        '{last}' AS periode_dtks, a.id_art, a.id_dtks, a.desil,
    CASE WHEN a.nik IS NULL THEN 'TIDAK DITEMUKAN DI DTKS' WHEN a.desil IN (1, 2) THEN 'DESIL 1-2' WHEN a.desil IN (3,
        4) THEN 'DESIL 3-4' ELSE 'DI LUAR DESIL 1-4' END AS kelompok_desil,
    a.tanggal_lahir, CAST(date_sub('year', a.tanggal_lahir, last_day(DATE '{last}-01')) AS INTEGER) AS umur,
        a.jenis_kelamin, {', '.join('a.' + c for c in art)},
    coalesce(n.jumlah_program, 1) AS jumlah_program, coalesce(n.daftar_program, b.program) AS daftar_program,
    CAST(len(k.semua) AS INTEGER) AS jumlah_program_keluarga, array_to_string(k.semua, ', ') AS daftar_program_keluarga,
    {flag('PKH')}, {flag('SEMBAKO')}, {flag('BST')}, {flag('KPE')}, k.penerima_kis, {rules} AS aturan
  FROM berlaku AS b JOIN keluarga AS k ON k.id_kpm = b.id_kpm LEFT JOIN terakhir AS a ON a.nik = b.nik LEFT
      JOIN per_nik AS n ON n.nik = b.nik)"""


def families(con):
    """Figures of each family in one household and one desa: marts 2 and 6 count from them."""
    flags = ", ".join(f"bool_or(penerima_{f}) AS penerima_{f}" for f in ("kks", "kis", "kip", "pkh", "bpnt"))
    con.execute(f"""CREATE TABLE hitungan AS SELECT n, any_value(periode) AS periode, kode_desa,
        any_value(kode_kecamatan) AS kode_kecamatan, any_value(kecamatan) AS kecamatan,
        any_value(desa) AS desa, id_dtks, keluarga, count(*) AS individu,
        count(*) FILTER (jenis_kelamin = 'LAKI-LAKI') AS laki,
            count(*) FILTER (jenis_kelamin = 'PEREMPUAN') AS perempuan,
        count(*) FILTER (jenis_disabilitas <> 'TIDAK CACAT') AS disabilitas, count(*) FILTER (umur >= 60) AS lansia,
            count(*) FILTER (umur < 5) AS balita, {flags}
      FROM (SELECT *, coalesce(no_kk, id_dtks || '-' || coalesce(nomor_urut_keluarga, 1)) AS keluarga, date_sub('year',
          tanggal_lahir, last_day(CAST(periode || '-01' AS DATE))) AS umur FROM orang)
      GROUP BY n, kode_desa, id_dtks, keluarga""")


def comparison():
    flags = ", ".join(f"bool_or(penerima_{f}) AND keluarga IS NOT NULL AS {f}" for f in ("kks", "kis", "kip", "pkh", "bpnt"))
    kpm = ", ".join(f"count(*) FILTER ({f}) AS kpm_{f}" for f in ("kks", "kis", "kip", "pkh", "bpnt"))
    zero = ", ".join(f"coalesce({c}, 0) AS {c}" for c in "jumlah_rumah_tangga jumlah_keluarga jumlah_individu jumlah_laki_laki jumlah_perempuan kpm_kks kpm_kis kpm_kip kpm_pkh kpm_bpnt "
                     "rt_desil_1 rt_desil_2 rt_desil_3 rt_desil_4 rt_desil_lain rt_tanpa_desil".split())
    desil = ", ".join(f"count(*) FILTER (desil = {i}) AS rt_desil_{i}" for i in range(1, 5))
    whole = lambda cols: ", ".join(f"CAST({c} AS BIGINT) AS {c}" for c in cols)  # noqa: E731
    return f"""SELECT coalesce(r.periode, i.periode) AS periode, w.kode_kecamatan, w.kecamatan, w.kode_desa, w.desa,
        {zero}
    FROM (SELECT periode, coalesce(kode_desa, '') AS kode, count(*) AS jumlah_rumah_tangga, {desil},
        count(*) FILTER (desil > 4) AS rt_desil_lain, count(*) FILTER (desil IS NULL) AS rt_tanpa_desil
        FROM rumah GROUP BY ALL) AS r
    FULL JOIN (SELECT periode, coalesce(kode_desa, '') AS kode, count(keluarga) AS jumlah_keluarga,
        {whole(['jumlah_individu', 'jumlah_laki_laki', 'jumlah_perempuan']).replace('CAST(jumlah_individu', 'CAST(sum(individu)').replace('CAST(jumlah_laki_laki', 'CAST(sum(laki)').replace('CAST(jumlah_perempuan', 'CAST(sum(perempuan)')}, {kpm}
        FROM (SELECT periode, kode_desa, keluarga, sum(individu) AS individu, sum(laki) AS laki,
            sum(perempuan) AS perempuan, {flags} FROM hitungan GROUP BY periode, kode_desa, keluarga) GROUP BY ALL) AS i
      ON i.periode = r.periode AND i.kode = r.kode
    LEFT JOIN wilayah AS w ON w.kode_desa = coalesce(r.kode, i.kode)"""


def change(con, periods, out):
    """Mart 3: the households once, with a column of values per periode, then one row per pair."""
    pivot = ", ".join(f"max(CASE WHEN n = {i} THEN desil END) AS d{i}, bool_or(n = {i}) AS a{i}, any_value(CASE WHEN n = {i} THEN ROW(nama_krt, kode_kecamatan, kecamatan, kode_desa, desa) END) AS s{i}"
                      for i in range(len(periods)))
    con.execute(f"CREATE TABLE riwayat AS SELECT id_dtks, {pivot} FROM rumah GROUP BY id_dtks ORDER BY id_dtks")
    parts = []
    for i, early in enumerate(periods):
        for j in range(i + 1, len(periods)):
            parts.append(f"""SELECT '{early}' AS periode_awal, '{periods[j]}' AS periode_akhir,
                {str(j == i + 1).lower()} AS berurutan, id_dtks,
                s[1] AS nama_krt, s[2] AS kode_kecamatan, s[3] AS kecamatan, s[4] AS kode_desa, s[5] AS desa,
                    desil_awal, desil_akhir,
                CASE WHEN NOT b THEN 'GRADUASI' WHEN NOT a THEN 'BARU_MASUK' WHEN desil_awal IS NULL
                    OR desil_akhir IS NULL THEN 'TANPA_DESIL'
                     WHEN desil_akhir > desil_awal THEN 'NAIK' WHEN desil_akhir < desil_awal THEN 'TURUN'
                         ELSE 'STAGNAN' END AS status_perubahan
              FROM (SELECT id_dtks, CASE WHEN a{j} THEN s{j} ELSE s{i} END AS s, a{i} AS a, a{j} AS b,
                  d{i} AS desil_awal, d{j} AS desil_akhir FROM riwayat WHERE a{i} OR a{j})""")
    # The branches come in the order of the pairs and each is sorted already: no sort is needed.
    con.execute(f"COPY ({' UNION ALL '.join(parts)}) TO '{out}/mart_3_perubahan_desil.parquet' (FORMAT parquet, COMPRESSION zstd)")


def proposals(con):
    con.execute("""
CREATE TABLE usulan AS SELECT u.*, i.id_art AS lewat_id, k.id_art AS lewat_nik FROM
    (SELECT * FROM list_bersih WHERE program = 'USULAN' AND coalesce(replace(status_data, chr(1), ''),
        '1') NOT IN ('0', '3')) AS u
LEFT JOIN (SELECT periode, id_art FROM orang) AS i ON i.periode = u.periode AND i.id_art = u.id_art
LEFT JOIN (SELECT periode, nik, min(id_art) AS id_art FROM orang WHERE nik IN (SELECT nik FROM list_bersih
    WHERE program = 'USULAN') GROUP BY periode, nik) AS k ON k.periode = u.periode AND k.nik = u.nik;
CREATE TABLE usulan_satu AS SELECT * FROM (SELECT *, coalesce(lewat_id, lewat_nik) AS id_art_dtks, coalesce(lewat_id,
    lewat_nik, id_art, nik) AS kunci FROM usulan)
QUALIFY kunci IS NULL OR row_number() OVER (PARTITION BY periode, kunci ORDER BY sumber, lembar, baris) = 1;
""")
    both = ", ".join(f"coalesce(a.{c}, u.{c}) AS {c}" for c in ("nik", "no_kk", "nama", "kode_kecamatan", "kecamatan", "kode_desa", "desa"))
    return f"""SELECT a.periode, coalesce(a.id_dtks, u.id_dtks) AS id_dtks, a.id_art, {both},
        u.kunci IS NOT NULL AS diusulkan, true AS ditetapkan,
        CASE WHEN u.kunci IS NOT NULL THEN 'DITETAPKAN' ELSE 'TANPA_USULAN' END AS status_usulan
    FROM orang AS a LEFT JOIN usulan_satu AS u ON u.periode = a.periode AND u.id_art_dtks = a.id_art
    WHERE a.periode IN (SELECT periode FROM list_bersih WHERE program = 'USULAN')
    UNION ALL SELECT periode, id_dtks, id_art, nik, no_kk, nama, kode_kecamatan, kecamatan, kode_desa, desa, true,
        false, 'TIDAK_DITETAPKAN' FROM usulan_satu WHERE id_art_dtks IS NULL"""


def persons(last):
    return f"""SELECT a.periode, a.periode = '{last}' AS periode_terakhir, a.id_art, a.id_dtks, a.nik, a.status_nik,
        a.no_kk, a.status_kk, a.nama, a.tempat_lahir, a.tanggal_lahir,
    CAST(date_sub('year', a.tanggal_lahir, last_day(CAST(a.periode || '-01' AS DATE))) AS INTEGER) AS umur,
        a.jenis_kelamin, coalesce(a.alamat, r.alamat) AS alamat,
    a.hubungan_krt, a.hubungan_keluarga, a.nomor_urut_keluarga, a.status_perkawinan, r.nama_krt, a.kode_kecamatan,
        a.kecamatan, a.kode_desa, a.desa, r.desil, a.jenis_disabilitas,
    a.penyakit_kronis, a.partisipasi_sekolah, a.jenjang_pendidikan, a.ijazah_tertinggi, a.status_bekerja,
        a.lapangan_usaha, a.status_pekerjaan, a.status_hamil,
    a.penerima_kks, a.penerima_kis, a.penerima_kip, a.penerima_pkh, a.penerima_bpnt, coalesce(p.jumlah_program,
        0) AS jumlah_program, p.daftar_program
  FROM orang AS a LEFT JOIN rumah AS r ON r.n = a.n AND r.id_dtks = a.id_dtks LEFT JOIN per_nik AS p ON p.nik = a.nik"""


def households(last):
    flags = ("kks", "kis", "kip", "pkh", "bpnt")
    once = ", ".join(f"bool_or(penerima_{f}) AS penerima_{f}" for f in flags)
    return f"""SELECT r.periode, r.periode = '{last}' AS periode_terakhir, r.id_dtks, r.nama_krt, r.nik_krt,
        r.no_kk_krt, r.alamat, r.kode_kecamatan, r.kecamatan, r.kode_desa, r.desa,
    r.percentile, r.desil, CAST(coalesce(g.keluarga, 0) AS INTEGER) AS jumlah_keluarga, CAST(coalesce(g.individu,
        0) AS INTEGER) AS jumlah_individu,
    CAST(coalesce(g.disabilitas, 0) AS INTEGER) AS jumlah_disabilitas, CAST(coalesce(g.lansia,
        0) AS INTEGER) AS jumlah_lansia, CAST(coalesce(g.balita, 0) AS INTEGER) AS jumlah_balita,
    {' + '.join(f"CAST(coalesce(g.penerima_{f}, false) AS INTEGER)" for f in flags)} AS jumlah_program,
        {', '.join(f"coalesce(g.penerima_{f}, false) AS penerima_{f}" for f in flags)},
    r.status_bangunan, r.status_lahan, r.luas_lantai, r.jenis_lantai, r.jenis_dinding, r.kondisi_dinding, r.jenis_atap,
        r.kondisi_atap, r.jumlah_kamar, r.sumber_air_minum,
    r.cara_peroleh_air_minum, r.sumber_penerangan, r.daya_listrik, r.bahan_bakar_masak, r.fasilitas_bab,
        r.jenis_kloset, r.pembuangan_tinja,
    r.ada_tabung_gas, r.ada_lemari_es, r.ada_ac, r.ada_pemanas, r.ada_telepon, r.ada_tv, r.ada_emas, r.ada_laptop,
        r.ada_sepeda, r.ada_motor, r.ada_mobil, r.ada_perahu,
    r.ada_motor_tempel, r.ada_perahu_motor, r.ada_kapal, r.aset_tak_bergerak, r.rumah_lain, r.jumlah_sapi,
        r.jumlah_kerbau, r.jumlah_kuda, r.jumlah_babi, r.jumlah_kambing
  FROM rumah AS r LEFT JOIN (SELECT n, id_dtks, count(DISTINCT keluarga) AS keluarga, sum(individu) AS individu,
      sum(disabilitas) AS disabilitas, sum(lansia) AS lansia, sum(balita) AS balita, {once}
      FROM hitungan WHERE id_dtks IS NOT NULL GROUP BY n, id_dtks) AS g ON g.n = r.n AND g.id_dtks = r.id_dtks"""


def segments(count):
    return f"""SELECT id_dtks, nama_krt, nik_krt, no_kk_krt, kode_kecamatan, kecamatan, kode_desa, desa, desil,
        periode_pertama, periode_terakhir, jumlah_penetapan, recency, frequency,
    ['A','B','C','D','E','F','G','H','I'][3 * (list_position(['TINGGI','SEDANG','RENDAH'],
        recency) - 1) + list_position(['TINGGI','SEDANG','RENDAH'], frequency)] AS segmen
  FROM (SELECT r.id_dtks, r.nama_krt, r.nik_krt, r.no_kk_krt, r.kode_kecamatan, r.kecamatan, r.kode_desa, r.desa,
      r.desil, h.pertama AS periode_pertama, h.terakhir AS periode_terakhir,
      CAST(h.jumlah AS INTEGER) AS jumlah_penetapan, CASE WHEN h.n = {count - 1} THEN 'TINGGI' WHEN h.n >= {count - 3}
          THEN 'SEDANG' ELSE 'RENDAH' END AS recency,
      CASE WHEN h.jumlah / {count} >= 0.8 THEN 'TINGGI' WHEN h.jumlah / {count} >= 0.4 THEN 'SEDANG'
          ELSE 'RENDAH' END AS frequency
    FROM (SELECT id_dtks, min(periode) AS pertama, max(periode) AS terakhir, max(n) AS n, count(*) AS jumlah FROM rumah
        GROUP BY id_dtks) AS h JOIN rumah AS r ON r.n = h.n AND r.id_dtks = h.id_dtks)"""


def disability(last):
    kinds = {"FISIK": "DAKSA|TUBUH|LUMPUH|POLIO|AMPUTASI|\\bCP\\b|FISIK", "SENSORIK NETRA": "NETRA|BUTA", "SENSORIK RUNGU": "RUNGU|TULI", "SENSORIK WICARA": "WICARA|BISU",
             "INTELEKTUAL": "RETARDASI|GRAHITA|DOWN|INTELEKTUAL"}
    found = ", ".join(f"CASE WHEN regexp_matches(j, '{p}') THEN '{k}' END" for k, p in kinds.items())
    mental = "CASE WHEN regexp_matches(CASE WHEN regexp_matches(j, 'RETARDASI|GRAHITA|DOWN|INTELEKTUAL') THEN replace(j, 'MENTAL', '') ELSE j END, 'ODGJ|JIWA|PSIKOTIK|AUTIS|MENTAL') THEN 'MENTAL' END"
    end = f"last_day(DATE '{last}-01')"
    return f"""SELECT id_disabilitas, nik, status_nik, no_kk, nama, jenis_kelamin, tanggal_lahir, umur,
    CASE WHEN umur <= 5 THEN '0-5' WHEN umur <= 12 THEN '6-12' WHEN umur <= 17 THEN '13-17' WHEN umur <= 25
        THEN '18-25' WHEN umur <= 45 THEN '26-45' WHEN umur <= 59 THEN '46-59' WHEN umur >= 60
        THEN '60+' END AS kelompok_usia,
    j AS jenis_disabilitas, CASE WHEN j IS NULL THEN NULL WHEN j LIKE 'FISIK & SENSORIK%' OR j LIKE '%GANDA%'
        OR j LIKE '%MULTI%' OR len(k) > 1 THEN 'GANDA' WHEN len(k) = 1 THEN k[1]
        ELSE 'LAINNYA' END AS ragam_disabilitas,
    kode_kecamatan, kecamatan, kode_desa, desa, terdaftar_di_dtks, desil, jumlah_program, daftar_program
  FROM (SELECT *, CAST(date_sub('year', tanggal_lahir, {end}) AS INTEGER) AS umur, list_filter([{found}, {mental}],
      lambda x: x IS NOT NULL) AS k
    FROM (SELECT md5(d.sumber || '#' || d.lembar || '#' || d.baris) AS id_disabilitas, d.nik, d.status_nik, d.no_kk,
        d.nama, d.jenis_kelamin, d.jenis_disabilitas AS j,
      coalesce(d.tanggal_lahir, a.tanggal_lahir, CASE WHEN d.status_nik = 'VALID' THEN TRY_CAST(CASE
          WHEN d.nik[11:12] <= '{last[2:4]}' THEN '20' ELSE '19' END || d.nik[11:12] || '-' || d.nik[9:10] || '-'
        || (CAST(d.nik[7:8] AS INTEGER) % 40) AS DATE) END) AS tanggal_lahir,
      d.kode_kecamatan, d.kecamatan, d.kode_desa, d.desa, a.nik IS NOT NULL AS terdaftar_di_dtks, a.desil,
          coalesce(p.jumlah_program, 0) AS jumlah_program, p.daftar_program
    FROM list_bersih AS d LEFT JOIN terakhir AS a ON a.nik = d.nik LEFT JOIN per_nik AS p ON p.nik = d.nik
        WHERE d.program = 'DISABILITAS'))"""
