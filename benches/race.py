"""The race: the program and its peers on the same raw files, in turn, and a table of it (`just bench`; no network).

    race.py [--raw DIR] [--binary FILE] [--runs N] [--only NAME,...] [--json FILE]

Each contestant runs in a process of its own, one after the other, N times around, so that a noisy minute falls on all.
Wall time and user CPU are medians, wall time with its least and greatest where there are several; memory is the
greatest resident set of one process, the kernel's figure for a child. Two contestants do less than the others, the
models alone on files that are staged already: ours, and dbt over our SQL (`peers/dbt_project.py`). They have a table
of their own; what staging alone takes is told by its parts, by our log. After the race the marts of every peer are compared with ours (`peers/check_counts.py`): a peer that
gives other figures is marked, because its time then says nothing. `BENCH_RUNS` is the default of `--runs`.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
PEERS = HERE / "peers"
DBT_PYTHON = HERE / ".venv-dbt" / "bin" / "python"
STEPS = ("ingest", "model", "test", "report", "publish")
MODELS_ONLY, DBT = "ours, models only", "dbt-duckdb over our SQL"
STAGING = ("read", "standardise", "write")


class Race:
    """What takes part, and what it took."""

    def __init__(self, raw, binary, scratch):
        self.raw, self.binary, self.scratch = raw, binary, scratch
        self.took = {}
        self.marts = {}
        self.parts = {}

    def measured(self, name, command):
        """One run: its wall time, user and system CPU and greatest resident set. False where it fails."""
        log = self.scratch / "log"
        start = time.monotonic()
        with log.open("wb") as out:
            child = subprocess.Popen([str(c) for c in command], stdout=out, stderr=subprocess.STDOUT)
            _, status, usage = os.wait4(child.pid, 0)
        wall = time.monotonic() - start
        if os.waitstatus_to_exitcode(status) != 0:
            lines = log.read_text(errors="replace").strip().splitlines()
            print(f"{name} failed:", "\n".join(lines[-6:]) or "without a word", file=sys.stderr)
            return False
        took = {"wall": wall, "user": usage.ru_utime, "system": usage.ru_stime, "memory": usage.ru_maxrss / 1024}
        self.took.setdefault(name, []).append(took)
        print(f"{name}: {wall:.2f} s, {usage.ru_utime:.2f} s of user CPU", file=sys.stderr)
        return True

    def fresh(self, name):
        folder = self.scratch / name
        shutil.rmtree(folder, ignore_errors=True)
        return folder

    def ours(self):
        workspace = self.fresh("ours")
        self.measured("ours", [self.binary, "run", "--workspace", workspace, self.raw])
        self.marts["ours"] = workspace / "current" / "marts"

    def nothing_new(self):
        if (self.scratch / "ours").exists():
            self.measured("ours, nothing new", [self.binary, "run", "--workspace", self.scratch / "ours", self.raw])

    def staged(self, name, ending):
        """Only the files with this ending, to staged rows."""
        files = sorted(self.raw.rglob(f"*{ending}"))
        if files:
            workspace = self.fresh("staged")
            if self.measured(name, [self.binary, "ingest", "--workspace", workspace, *files]):
                told = events(workspace, "Rows are staged")
                self.parts.setdefault(name, []).append([sum(event[part] for event in told) for part in STAGING])

    def script(self, name):
        out = self.fresh(name)
        self.measured(name, [sys.executable, PEERS / f"{name}.py", self.raw, out])
        self.marts[name] = out

    def prepared(self):
        """A workspace whose files are staged, with a release. Not measured: no contestant makes it."""
        workspace = self.scratch / "prepared"
        if not workspace.exists():
            command = [str(c) for c in (self.binary, "run", "--quiet", "--workspace", workspace, self.raw)]
            if subprocess.run(command, stdout=subprocess.DEVNULL, check=False).returncode:
                raise SystemExit("no workspace for the models alone: the run that prepares it failed")
            self.marts.setdefault("ours", workspace / "current" / "marts")
        return workspace

    def models_only(self):
        workspace = self.prepared()
        if self.measured(MODELS_ONLY, [self.binary, "run", "--full", "--workspace", workspace]):
            loading = [event["seconds"] for event in events(workspace, "Inputs are loaded")]
            self.parts.setdefault(MODELS_ONLY, []).append(loading)
        self.marts[MODELS_ONLY] = workspace / "current" / "marts"

    def dbt(self):
        if not DBT_PYTHON.exists():
            print(f"{DBT} is left out: no {DBT_PYTHON}, which `just bench-setup` makes", file=sys.stderr)
            return
        out = self.fresh("dbt")
        self.measured(DBT, [DBT_PYTHON, PEERS / "dbt_project.py", self.prepared(), out])
        self.marts[DBT] = out

    def reader(self, library):
        self.measured(f"{library}, reading alone", [sys.executable, PEERS / "workbooks_alone.py", library, self.raw])

    def same_figures(self, name):
        """Whether the peer has our figures, in a word."""
        ours, theirs = self.marts.get("ours"), self.marts.get(name)
        if ours is None or theirs is None or name == "ours":
            return ""
        check = [sys.executable, PEERS / "check_counts.py", ours, theirs, "--peer", name]
        done = subprocess.run([str(c) for c in check], capture_output=True, text=True, check=False)
        if done.returncode:
            print(done.stdout, file=sys.stderr)
        return "equal" if done.returncode == 0 else "OTHER"

    def steps(self, workspace="ours"):
        """Seconds of each step and model of the last full run there, greatest first."""
        runs = sorted((self.scratch / workspace / "runs").glob("*.json"), key=lambda p: p.stat().st_mtime)
        records = [json.loads(p.read_text()) for p in runs]
        published = [r for r in records if r.get("hasil") == "published"]
        steps = published[-1]["langkah"] if published else {}
        return sorted(steps.items(), key=lambda s: -s[1])


def events(workspace, message):
    """What the log of the last run in a workspace says under this message."""
    logs = sorted((workspace / "runs").glob("*.log.jsonl"), key=lambda p: p.stat().st_mtime)
    lines = [json.loads(line) for line in logs[-1].read_text().splitlines()] if logs else []
    return [line for line in lines if line.get("message") == message]


def contestants(race):
    yield "ours", race.ours
    yield "nothing-new", race.nothing_new
    yield "staged-csv", lambda: race.staged("ours, zips to staged rows", ".zip")
    yield "staged-xlsx", lambda: race.staged("ours, workbooks to staged rows", ".xlsx")
    for script in ("duckdb_floor", "polars_pipeline", "pandas_pipeline"):
        yield script, lambda script=script: race.script(script)
    yield "models-only", race.models_only
    yield "dbt", race.dbt
    for library in ("openpyxl", "calamine"):
        yield library, lambda library=library: race.reader(library)


def wall(times):
    """The median, with the least and the greatest where there are several."""
    middle = f"{statistics.median(times):.1f}"
    return middle if len(times) == 1 else f"{middle} ({min(times):.1f}-{max(times):.1f})"


def rows(race, names, against):
    """A table of these contestants, measured against one of them where it took part."""
    middle = lambda name, what: statistics.median(t[what] for t in race.took[name])  # noqa: E731
    cpu = lambda name: middle(name, "user") + middle(name, "system")  # noqa: E731
    yield f"| contestant | wall (s) | x {against} | user + system CPU (s) | x {against} | peak memory (MB) | figures |"
    yield "| --- | --: | --: | --: | --: | --: | --- |"
    for name in names:
        ratios = ("", "")
        if against in race.took:
            ratios = (f"{middle(name, 'wall') / middle(against, 'wall'):.2f}", f"{cpu(name) / cpu(against):.2f}")
        memory = max(t["memory"] for t in race.took[name])
        yield (
            f"| {name} | {wall([t['wall'] for t in race.took[name]])} | {ratios[0]} | {cpu(name):.1f} | {ratios[1]} "
            f"| {memory:.0f} | {race.same_figures(name)} |"
        )


def models_alone(race):
    """The models on staged files: ours does more than dbt there, so that the seconds of what both do are told, too."""
    names = [name for name in (MODELS_ONLY, DBT) if name in race.took]
    if not names:
        return
    yield ""
    yield "The models alone, on files that are staged already:"
    yield ""
    yield from rows(race, names, MODELS_ONLY)
    if MODELS_ONLY in race.took:
        both = {path.stem for folder in ("warehouse", "marts") for path in (HERE.parent / "sql" / folder).glob("*.sql")}
        seconds = sum(s for step, s in race.steps("prepared") if step in both)
        yield ""
        loading = [seconds for turn in race.parts.get(MODELS_ONLY, []) for seconds in turn]
        if loading:
            yield f"Of ours, loading (views of staged rows, reference, findings of files) took {statistics.median(loading):.2f} s."
        yield (
            f"In our last run there, the models that dbt runs, too, took {seconds:.1f} s added up; they ran beside each "
            "other, and beside findings. Loading, data tests, report and publishing are ours alone."
        )


def table(race):
    """The race as Markdown."""
    names = [name for name in race.took if name not in (MODELS_ONLY, DBT)]
    if names:
        yield from rows(race, names, "ours")
    yield from staging_alone(race)
    yield from models_alone(race)
    yield from profile(race.steps())


def staging_alone(race):
    """Reading, standardising and writing apart: seconds of a thread, added up over the files."""
    names = [name for name in race.parts if name != MODELS_ONLY]
    if not names:
        return
    yield ""
    yield "| staging alone, in seconds of a thread | unzip and read | standardise | write Parquet |"
    yield "| --- | --: | --: | --: |"
    for name in names:
        seconds = [statistics.median(turn) for turn in zip(*race.parts[name], strict=True)]
        yield f"| {name} | " + " | ".join(f"{part:.2f}" for part in seconds) + " |"


def profile(steps):
    """Where our last full run spent its time: steps one after the other, models beside each other within theirs."""
    parts = [(name, seconds) for name, seconds in steps if name in STEPS]
    models = [(name, seconds) for name, seconds in steps if name not in STEPS][:25]
    for what, rows in (("step of our last full run", parts), ("model, each on one thread but for the tables", models)):
        if not rows:
            continue
        total = sum(seconds for name, seconds in steps if (name in STEPS) == (rows is parts))
        yield ""
        yield f"| {what} | seconds | share |"
        yield "| --- | --: | --: |"
        for name, seconds in rows:
            yield f"| {name} | {seconds:.2f} | {100 * seconds / total:.1f} % |"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--raw", type=Path, default=HERE / "samples" / "district" / "raw")
    parser.add_argument("--binary", type=Path, default=HERE.parent / "target" / "release" / "bansos360")
    parser.add_argument("--runs", type=int, default=int(os.environ.get("BENCH_RUNS", "3")))
    parser.add_argument("--only", default="", help="names, with commas: ours, nothing-new, duckdb_floor, dbt, ...")
    parser.add_argument("--json", type=Path, help="the measurements themselves, for the history")
    args = parser.parse_args()
    if not args.raw.is_dir():
        raise SystemExit(f"no raw files in {args.raw}: run `just bench-setup` first, or say --raw DIR")
    if not args.binary.is_file():
        raise SystemExit(f"no program at {args.binary}: build it first, or say --binary FILE")
    only = {name for name in args.only.split(",") if name}
    with tempfile.TemporaryDirectory(prefix="bansos360-race-") as scratch:
        race = Race(args.raw.resolve(), args.binary.resolve(), Path(scratch))
        for _ in range(max(args.runs, 1)):
            for name, contestant in contestants(race):
                if not only or name in only:
                    contestant()
        print("\n".join(table(race)))
        if args.json:
            args.json.write_text(json.dumps({"runs": race.took, "parts": race.parts, "steps": race.steps()}, indent=1))


if __name__ == "__main__":
    main()
