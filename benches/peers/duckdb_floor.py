"""The floor: the eight marts of a district by a hand-written DuckDB script, without checks, findings or lineage.

    duckdb_floor.py RAW_DIR OUT_DIR

Written as well as we can write such a script for these files: two deliveries at a time, the dialect of every file
told, cleaning in set-based SQL with a short way for clean values, codes and dates by hash joins, places resolved once
per distinct spelling, workbooks through python-calamine in a process beside it.

What it leaves out, against the release that it is compared with (`check_counts.py` names the tolerance of each):
  - letters outside ASCII are not NFKC-normalised;
  - a broken line is dropped, not kept in quarantine; nothing is said of any value.
"""

import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import lists_sql
import marts_sql
from deliveries import ART, ART_CODES, ART_FLAGS, EMPTY, RT, RT_CODES, RT_FLAGS, RT_NUMBERS, unpacked
from workbooks import month

HERE = Path(__file__).resolve().parent
REFERENCE = HERE.parent.parent / "reference"


# ---- files -----------------------------------------------------------------------------------------------------------

def source(path, delimiter, headings, roles):
    """A sub-query over the CSV that gives each role its column, or NULL where the file has none."""
    names = [f"c{i}" for i in range(len(headings))]
    columns = ", ".join(f"'{n}': 'VARCHAR'" for n in names)
    picked = []
    for role, heads in roles.items():
        at = next((headings.index(h) for h in heads.split() if h in headings), None)
        picked.append(f"{names[at] if at is not None else 'CAST(NULL AS VARCHAR)'} AS {role}")
    nulls = ", ".join("'" + w + "'" for w in EMPTY)
    return (f"(SELECT {', '.join(picked)} FROM read_csv('{path}', delim='{delimiter}', quote='\"', escape='\"', "
            f"header=true, auto_detect=false, columns={{{columns}}}, nullstr=[{nulls}], ignore_errors=true, "
            f"new_line='\\n', parallel=true, max_line_size=4000000))")


# ---- reference and macros ------------------------------------------------------------------------------------------

def reference(con):
    """Regions, numbers of regions, dates and code lists."""
    con.execute((HERE / "floor_macros.sql").read_text())
    csv = lambda n: f"read_csv('{REFERENCE / n}', all_varchar=true, header=true)"  # noqa: E731
    con.execute(f"""
CREATE TABLE wilayah AS SELECT kode_bps_desa AS kode_desa, upper(nama_desa) AS desa,
    kode_bps_kecamatan AS kode_kecamatan,
    upper(nama_kecamatan) AS kecamatan, kode_kemendagri_desa AS kemendagri FROM {csv('wilayah.csv')};
CREATE TABLE kab AS SELECT DISTINCT k, true AS ada FROM (
    SELECT kode_kemendagri_kabkota AS k FROM {csv('kabupaten.csv')} UNION ALL SELECT left(kode, 4)
        FROM {csv('kemendagri_kecamatan.csv')}
    UNION ALL SELECT left(kode, 4) FROM {csv('kemendagri_historis.csv')});
-- Every DDMMYY that is a date of some century, and the same for women.
CREATE TABLE ddmmyy AS SELECT DISTINCT lpad(CAST(day(t) + p AS VARCHAR), 2, '0') || strftime(t, '%m%y') AS d,
    p AS perempuan, true AS ada
    FROM (SELECT CAST(range AS DATE) AS t FROM range(DATE '1900-01-01', DATE '2100-01-01', INTERVAL 1 DAY)),
        (VALUES (0), (40)) AS x(p);
CREATE TABLE varian AS SELECT level, kunci_nama(varian) AS kunci, kode_bps FROM {csv('wilayah_varian.csv')};
CREATE TABLE kode AS SELECT lower(variable) AS variabel, kode, upper(label) AS label, label AS tulisan
    FROM (SELECT * FROM {csv('kode_rt.csv')} UNION ALL SELECT * FROM {csv('kode_art.csv')});
INSERT INTO kode VALUES ('lantai', NULL, (SELECT label FROM kode WHERE variabel = 'lantai' AND kode = '6'),
    'Sementara/bata merah'),
    ('hub_krt', NULL, 'KEPALA RUMAH TANGGA', 'Kepala keluarga'), ('hub_krt', NULL, 'ISTRI/SUAMI', 'Istri'), ('hub_krt',
        NULL, 'ISTRI/SUAMI', 'Suami'),
    ('hubkel', NULL, 'ISTRI/SUAMI', 'Istri'), ('hubkel', NULL, 'ISTRI/SUAMI', 'Suami'), ('jnskel', NULL, 'LAKI-LAKI',
        'L'),
    ('jnskel', NULL, 'LAKI-LAKI', 'Pria'), ('jnskel', NULL, 'PEREMPUAN', 'P'), ('jnskel', NULL, 'PEREMPUAN', 'Wanita');
""")
    for variable in {*RT_CODES.values(), *ART_CODES.values()}:
        con.execute(f"""CREATE TABLE kode_{variable} AS SELECT mentah, any_value(label) AS label FROM (
            SELECT kode AS mentah, label FROM kode WHERE variabel = '{variable}' AND kode IS NOT NULL
            UNION ALL SELECT '0' || kode, label FROM kode WHERE variabel = '{variable}' AND kode IS NOT NULL
            UNION ALL SELECT kode || ' ', label FROM kode WHERE variabel = '{variable}' AND kode IS NOT NULL
            UNION ALL SELECT tulisan, label FROM kode WHERE variabel = '{variable}') GROUP BY mentah""")


def variables(con):
    """What the long ways look up; variables belong to one connection."""
    con.execute("""
SET VARIABLE peta = (SELECT map(list(k), list(label)) FROM (SELECT k, any_value(label) AS label FROM (
    SELECT variabel || '/' || kode AS k, label FROM kode WHERE kode IS NOT NULL
    UNION ALL SELECT variabel || '/' || kunci_label(tulisan), label FROM kode) GROUP BY k));
SET VARIABLE desa10 = (SELECT list(k) FROM (SELECT kode_desa AS k FROM wilayah UNION ALL SELECT kemendagri
    FROM wilayah));
""")


# ---- DTKS ----------------------------------------------------------------------------------------------------------

def unknown(variable, column):
    """The long way of a cell that no plain spelling covers."""
    return f"ELSE label_lain(getvariable('peta'), '{variable}/', s.{column}) "


def labels(codes):
    """Joins and expressions that turn the raw codes into labels."""
    joins = "\n".join(f"LEFT JOIN kode_{v} AS k_{c} ON k_{c}.mentah = s.{c}" for c, v in codes.items())
    exprs = ",\n".join(
        f"CASE WHEN s.{c} IS NULL OR k_{c}.mentah IS NOT NULL THEN k_{c}.label "
        f"{unknown(v, c)}END AS {c}" for c, v in codes.items())
    return joins, exprs


PLACE = ("kunci_tempat(angka_wilayah(s.kdprop), angka_wilayah(s.kdkab), angka_wilayah(s.kdkec), angka_wilayah(s.kddesa), "
         "angka_wilayah(s.gabungan), s.kecamatan, s.desa, s.kabupaten)")


def load_rt(con, periode, path, delimiter, headings):
    joins, exprs = labels(RT_CODES)
    flags = ",\n".join(f"ya(s.{f}, '{code}') AS {f}" for f, code in RT_FLAGS.items())
    numbers = ",\n".join(f"bilangan(s.{n}) AS {n}" for n in RT_NUMBERS)
    name = f"rt_{periode.replace('-', '_')}"
    con.execute(f"""CREATE TABLE {name} AS SELECT '{periode}' AS periode, angka_saja(s.id_dtks) AS id_dtks,
        nama_bersih(s.nama_krt) AS nama_krt, teks(s.alamat) AS alamat, {PLACE} AS tempat,
        CASE WHEN TRY_CAST(replace(s.percentile, ',', '.') AS DOUBLE) BETWEEN 0 AND 100
            THEN CAST(ceil(TRY_CAST(replace(s.percentile, ',', '.') AS DOUBLE)) AS INTEGER) END AS percentile,
        bilangan(s.desil) AS desil_sendiri, TRY_CAST(replace(s.luas_lantai, ',', '.') AS DOUBLE) AS luas_lantai,
        {exprs}, {flags}, {numbers}
        FROM {source(path, delimiter, headings, RT)} AS s {joins}
        WHERE s.id_dtks IS NOT NULL AND length(angka_saja(s.id_dtks)) >= 10""")
    unique(con, name, "id_dtks", [*RT_CODES, *RT_NUMBERS, "nama_krt", "alamat", "percentile", "desil_sendiri", "luas_lantai"])


def load_art(con, periode, path, delimiter, headings):
    joins, exprs = labels(ART_CODES)
    flags = ",\n".join(f"ya(s.{f}, '1') AS {f}" for f in ART_FLAGS)
    end = f"last_day(DATE '{periode}-01')"
    name = f"art_{periode.replace('-', '_')}"
    has_region = any(h in headings for h in ("kdkec", "kddesa", "kdgabungan4", "kecamatan", "nmkec", "desa"))
    con.execute(f"""CREATE TABLE {name} AS SELECT * EXCLUDE (s_nik, s_kk, id_dari_berkas, id_dtks_sendiri),
        coalesce(id_dari_berkas, 'NIK' || s_nik) AS id_art,
        coalesce(id_dtks_sendiri, CASE WHEN length(id_dari_berkas) = 18 THEN left(id_dari_berkas, 16) END) AS id_dtks,
        CASE WHEN status_nik IN ('VALID', 'POLA_SALAH') THEN s_nik END AS nik,
        CASE WHEN status_kk IN ('VALID', 'POLA_SALAH') THEN s_kk END AS no_kk
      FROM (SELECT '{periode}' AS periode, angka_saja(s.id_art) AS id_dari_berkas,
          angka_saja(s.id_dtks) AS id_dtks_sendiri,
        s.s_nik, s.s_kk,
        status_id(s.nik, s.s_nik, s.s_kk, nk.ada, nt.ada, getvariable('desa10')) AS status_nik,
        status_id(s.kk, s.s_kk, NULL, kk.ada, kt.ada, CAST([] AS VARCHAR[])) AS status_kk,
        nama_bersih(s.nama) AS nama,
        coalesce(teks(s.tempat_lahir), CASE WHEN contains(s.tgl, ',') THEN teks(nullif(regexp_extract(s.tgl,
            '^([^0-9,]+?)\\s*,', 1), '')) END) AS tempat_lahir,
        wajar(s.t_lahir, {end}) AS tanggal_lahir, teks(s.alamat) AS alamat,
        {f"{PLACE}" if has_region else "CAST(NULL AS VARCHAR)"} AS tempat, bilangan(s.nuk) AS nomor_urut_keluarga,
        {exprs}, {flags}
        FROM (SELECT *, id_bersih(nik) AS s_nik, id_bersih(kk) AS s_kk, tanggal_mentah(tgl, {periode[:4]}) AS t_lahir
            FROM {source(path, delimiter, headings, ART)}) AS s
        LEFT JOIN kab AS nk ON nk.k = s.s_nik[1:4] LEFT JOIN ddmmyy AS nt ON nt.d = s.s_nik[7:12]
        LEFT JOIN kab AS kk ON kk.k = s.s_kk[1:4] LEFT JOIN (SELECT * FROM ddmmyy
            WHERE perempuan = 0) AS kt ON kt.d = s.s_kk[7:12]
        {joins}) WHERE length(id_dari_berkas) >= 10 OR status_nik IN ('VALID', 'POLA_SALAH')""")
    unique(con, name, "id_art", [*ART_CODES, "nik", "no_kk", "nama", "tempat_lahir", "tanggal_lahir", "alamat", "nomor_urut_keluarga"])


def unique(con, table, ident, counted):
    """One row a key: the fullest, of equals the last. Only keys that stand twice are ranked."""
    filled = " + ".join(f"CAST({c} IS NOT NULL AS INTEGER)" for c in counted) + " + CAST(coalesce(tempat, '|') NOT LIKE '%|' AS INTEGER)"
    con.execute(f"""DELETE FROM {table} WHERE rowid IN (SELECT r FROM (
        SELECT rowid AS r, row_number() OVER (PARTITION BY {ident} ORDER BY coalesce({filled}, 0) DESC,
            rowid DESC) AS n FROM {table}
        WHERE {ident} IN (SELECT {ident} FROM {table} GROUP BY {ident} HAVING count(*) > 1)) WHERE n > 1)""")


def deliver(con, delivery, folder):
    """One delivery: unpacked, its households and persons cleaned into a table each."""
    cursor = con.cursor()
    variables(cursor)
    periode = month(delivery.stem)
    for kind, path, delimiter, headings in unpacked(delivery, folder):
        (load_rt if kind == "rt" else load_art)(cursor, periode, path, delimiter, headings)
        path.unlink()
    return periode


def main(raw, out):
    out = Path(out)
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        lists = Path(folder) / "workbooks.parquet"
        beside = subprocess.Popen([sys.executable, HERE / "workbooks.py", raw, lists])
        con = duckdb.connect()
        con.execute("SET preserve_insertion_order = true")
        reference(con)
        variables(con)
        deliveries = sorted(Path(raw).glob("*.zip"), key=lambda p: -p.stat().st_size)
        with ThreadPoolExecutor(2) as pool:
            periods = sorted(pool.map(lambda d: deliver(con, d, folder), deliveries))
        if beside.wait() != 0:
            raise SystemExit("the workbooks could not be read")
        lists_sql.lists(con, lists, periods[-1])
        marts_sql.marts(con, periods, out)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
