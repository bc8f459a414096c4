"""dbt-duckdb over our own SQL: what dbt costs around the same models, in the same engine, from the same staged Parquet.

    dbt_project.py WORKSPACE OUT_DIR

Runs in the virtual environment of `requirements-dbt.txt`. WORKSPACE is one of ours in which a full run has ended,
without corrections: its staged Parquet is what the models read, its release lends the tables that our loader makes
before the models. A dbt project is written into a temporary folder out of `sql/warehouse` and `sql/marts`, then `dbt
run` builds it. What each model becomes stands in its sheet:
  - `table` and `view` are the same in dbt;
  - `temp` is a table, since dbt has no temporary table that outlives its model;
  - `mart` is dbt-duckdb's `external`: a table in the order of the model, copied to OUT_DIR/<mart>.parquet with the
    options of ours.

The loader's part is done here, in the measured time, as it is in ours: the same types for columns of few values, and
the tables that models read, copied from the release (`ref_aturan` and `berkas_kolom` live as long as a run only; they
are made again, from the pipelines of this repository and the summaries of the staged files).

What it leaves out, against the run that it is compared with: the models of `sql/temuan`, since findings are what no
peer does; the data tests, the report, publishing; our bound on memory. The engine takes all cores, as ours. dbt has
one thread: two took as long on the committed sample (two cores, ten turns each), with a little more CPU and memory. A
mart without rows would get one of NULLs, which is how `external` is made; the samples have rows for every mart.
"""

import json
import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

import duckdb

HOUSE = Path(__file__).resolve().parent.parent.parent
SQL = HOUSE / "sql"
BECOMES = {"table": "table", "view": "view", "temp": "table", "mart": "external"}
READ = re.compile(r"\b(FROM|JOIN)(\s+)(\w+)", re.IGNORECASE)
MOST_WORDS = 50_000  # as in src/warehouse/load.rs
DBT_THREADS = 1


def quoted(text):
    return "NULL" if text is None else "'" + str(text).replace("'", "''") + "'"


# ---- what stands in the database before the models -------------------------------------------------------------------

def loaded():
    """The tables of the loader: the sheet of each by its name."""
    return {t["name"]: t for t in tomllib.loads((SQL / "staged.toml").read_text())["table"]}


def staged_files(con, workspace):
    """Staged Parquet by table, in the order in which files came, and the columns that each file has."""
    summaries = {}
    for path in workspace.glob("lake/staged/*/ringkas.json"):
        summary = json.loads(path.read_text())
        if summaries.setdefault(summary["id_berkas"], (path.parent, summary))[0] != path.parent:
            raise SystemExit(f"{summary['id_berkas']} is staged twice in {workspace}: which one counts is unknown")
    parquet, columns = {}, []
    files = con.execute("SELECT id_berkas, tabel FROM rilis.sumber_berkas ORDER BY urutan, rowid").fetchall()
    for ident, table in files:
        folder, summary = summaries[ident]
        if table in summary["tabel"]:
            parquet.setdefault(f"stg_{table}", []).append(folder / summary["tabel"][table])
        if not (table == "dtks_rt" and "dtks_art" in summary["tabel"]):  # households made from persons have none
            columns += [(ident, column) for column in summary["kolom"]]
    return parquet, columns


def word_type(con, table, column, source):
    """A type of the values of this column, as the loader makes it; none where there are none or too many."""
    found = con.execute(f"SELECT DISTINCT {column} AS v FROM {source} WHERE {column} IS NOT NULL ORDER BY v").fetchall()
    if not 0 < len(found) <= MOST_WORDS:
        return None
    kind = f"kata_{table}_{column}"
    con.execute(f"CREATE TYPE {kind} AS ENUM ({', '.join(quoted(v) for (v,) in found)})")
    return kind


def staged_view(con, sheet, files):
    """The loader's view over the staged Parquet of a table; without rows where nothing is staged."""
    table, columns = sheet["name"], sheet["columns"]
    if not files:
        nothing = ", ".join(f"CAST(NULL AS {kind}) AS {name}" for name, kind in columns)
        con.execute(f"CREATE VIEW {table} AS SELECT {nothing} WHERE false")
        return
    source = f"read_parquet([{', '.join(map(quoted, files))}])"
    kinds = {word: word_type(con, table, word, source) for word in sheet.get("words", [])}
    picked = ", ".join(f"CAST({n} AS {kinds[n]}) AS {n}" if kinds.get(n) else n for n, _ in columns)
    con.execute(f"CREATE VIEW {table} AS SELECT {picked} FROM {source}")


def program_rules():
    """Rows of `ref_aturan`, from the pipelines that have a program."""
    for path in sorted(HOUSE.glob("pipelines/*.toml")):
        program = tomllib.loads(path.read_text()).get("program", {})
        for rule in program.get("rule", []):
            kinds = [("WAJIB_PROGRAM", rule.get("requires", [])), ("DILARANG_PROGRAM", rule.get("excludes", [])),
                     ("WAJIB_KIS", [None] if rule.get("requires_flag") == "KIS" else [])]
            for kind, others in kinds:
                for other in others:
                    yield rule["id"], program["kode"], kind, other, rule.get("satuan", "keluarga")


def fill(con, sheet, rows):
    """A table of the loader from rows of text, in one statement: one a row takes longer than all the models."""
    con.execute(f"CREATE TABLE {sheet['name']} ({', '.join(' '.join(c) for c in sheet['columns'])})")
    values = ", ".join(f"({', '.join(map(quoted, row))})" for row in rows)
    if values:
        con.execute(f"INSERT INTO {sheet['name']} VALUES {values}")


def load(database, workspace, needed):
    """Makes the tables and views that the models read and do not make."""
    con = duckdb.connect(str(database))
    con.execute(f"ATTACH {quoted(workspace / 'current' / 'warehouse.duckdb')} AS rilis (READ_ONLY)")
    parquet, columns = staged_files(con, workspace)
    made_again = {"berkas_kolom": columns, "ref_aturan": program_rules()}
    for name, sheet in needed.items():
        if name.startswith("stg_"):
            staged_view(con, sheet, parquet.get(name))
        elif name in made_again:
            fill(con, sheet, made_again[name])
        else:
            con.execute(f"CREATE TABLE {name} AS SELECT * FROM rilis.{name}")
    con.close()


# ---- the project -----------------------------------------------------------------------------------------------------

def models():
    """Each model but those of findings: what it becomes, and its SELECT without comments (they name tables, too)."""
    found = {}
    for path in sorted([*SQL.glob("warehouse/*.sql"), *SQL.glob("marts/*.sql")]):
        sheet = tomllib.loads(path.with_suffix(".toml").read_text())
        found[path.stem] = (BECOMES[sheet["materialized"]], re.sub("--.*", "", path.read_text()).strip().rstrip(";"))
    return found


def as_dbt(name, becomes, sql, known, out):
    """The text of a model for dbt: what it reads is told in dbt's way, what it becomes stands at its head."""
    def relation(read):
        word, space, table = read.groups()
        return word + space + known.get(table, table)

    config = {"materialized": becomes}
    if becomes == "external":
        config |= {"location": f"{out}/{name}.parquet", "options": {"compression": "zstd", "parquet_version": "v1"}}
    return f"{{{{ config(**{config!r}) }}}}\n{READ.sub(relation, sql)}\n"


def write_project(folder, database, out):
    """Writes the project and gives the loader's tables that its models read. JSON is YAML, so no library writes it."""
    own, tables, dialect = models(), loaded(), (SQL / "dialect" / "duckdb.sql").read_text()
    known = {t: f"{{{{ source('muatan', '{t}') }}}}" for t in tables} | {m: f"{{{{ ref('{m}') }}}}" for m in own}
    read = {table for _, sql in own.values() for _, _, table in READ.findall(sql)}
    needed = {name: sheet for name, sheet in tables.items() if name in read}
    sources = [{"name": "muatan", "schema": "main", "tables": [{"name": n} for n in needed]}]
    target = {"type": "duckdb", "path": str(database), "threads": DBT_THREADS,
              "settings": {"preserve_insertion_order": True}}
    files = {f"models/{n}.sql": as_dbt(n, becomes, sql, known, out) for n, (becomes, sql) in own.items()} | {
        "models/sources.yml": json.dumps({"version": 2, "sources": sources}),
        "macros/dialek.sql": f"{{% macro dialek() %}}\n{dialect}{{% endmacro %}}\n",
        "profiles.yml": json.dumps({"bansos360": {"target": "race", "outputs": {"race": target}}}),
        "dbt_project.yml": json.dumps({
            "name": "bansos360", "version": "1.0", "profile": "bansos360", "on-run-start": ["{{ dialek() }}"],
            "flags": {"send_anonymous_usage_stats": False, "log_level_file": "none", "use_colors": False}}),
    }
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    return needed


def main(workspace, out):
    workspace, out = Path(workspace).resolve(), Path(out).resolve()
    if not (workspace / "current" / "warehouse.duckdb").exists():
        raise SystemExit(f"{workspace} has no release: let a full run end there first")
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bansos360-dbt-") as folder:
        project, database = Path(folder), Path(folder) / "gudang.duckdb"
        load(database, workspace, write_project(project, database, out))
        dbt = [Path(sys.executable).parent / "dbt", "--quiet", "run", "--profiles-dir", project]
        sys.exit(subprocess.run([str(c) for c in dbt], cwd=project, check=False).returncode)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
