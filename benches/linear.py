"""Does time grow with the rows? Districts one by one, each in a workspace of its own, and all of them in one.

    linear.py SAMPLE [--binary FILE] [--keep FOLDER] [--json FILE]

SAMPLE is what `bansos360 sample --kabupaten N --rumah-tangga 115000 --out SAMPLE` has written. Every district is run on
its own, half of them before all run in one workspace and half behind, so that a machine that changes its speed does so
for both. Each run finds its raw files on the disk, and no other's pages waiting to be written: a district that is run
again and again would find its files in memory, as a province cannot. Printed are wall time, user and system CPU, both per
million rows of DTKS in the warehouse, and the greatest resident set; the last lines are the province per row against its
districts. What a run costs at all, whatever it reads, is among the time of each district: a second, by `sample_data`.
"""

import argparse
import json
import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent


def workspace_of(folder, sample, districts):
    """A workspace for these districts: their codes, and their places."""
    (folder / "reference").mkdir(parents=True)
    codes = ", ".join(f'"{code}"' for code in districts)
    (folder / "bansos360.toml").write_text(f"kabupaten = [{codes}]\n")
    header, *places = (sample / "reference" / "wilayah.csv").read_text().splitlines(keepends=True)
    own = [place for place in places if place.startswith(tuple(districts))]
    (folder / "reference" / "wilayah.csv").write_text(header + "".join(own))


def cold(raw):
    """Writes what waits to be written, and takes the raw files out of the page cache."""
    os.sync()
    for path in raw.rglob("*.*"):
        with path.open("rb") as file:
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def run(binary, workspace, raw):
    """One full run: wall time, CPU, greatest resident set, rows of DTKS that it published."""
    cold(raw)
    start = time.monotonic()
    command = [binary, "run", "--quiet", "--workspace", workspace, raw]
    child = subprocess.Popen([str(part) for part in command], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    wall = time.monotonic() - start
    if os.waitstatus_to_exitcode(status) != 0:
        raise SystemExit(f"the run of {raw} failed")
    records = [json.loads(path.read_text()) for path in (workspace / "runs").glob("*.json")]
    tables = [record["baris"] for record in records if record.get("hasil") == "published"][-1]
    rows = sum(tables[table] for table in ("dtks_rt", "dtks_art"))
    return {"wall": wall, "cpu": usage.ru_utime + usage.ru_stime, "memory": usage.ru_maxrss / 1e6, "rows": rows}


def line(name, took):
    """A row of the table."""
    million = took["rows"] / 1e6
    return (
        f"| {name} | {million:.2f} | {took['wall']:.1f} | {took['cpu']:.1f} | {took['wall'] / million:.2f} "
        f"| {took['cpu'] / million:.2f} | {took['memory']:.2f} |"
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sample", type=Path)
    parser.add_argument("--binary", type=Path, default=HERE.parent / "target" / "release" / "bansos360")
    parser.add_argument("--keep", type=Path, help="where the workspace of all districts stays, as `all`")
    parser.add_argument("--json", type=Path, help="the measurements themselves")
    args = parser.parse_args()
    districts = sorted(path.name for path in (args.sample / "raw").iterdir() if path.is_dir())
    took = {}
    if args.keep and (args.keep / "all").exists():
        raise SystemExit(f"{args.keep / 'all'} is there already")

    def measure(scratch, name, codes, raw):
        workspace = scratch / name
        workspace_of(workspace, args.sample, codes)
        took[name] = run(args.binary.resolve(), workspace, raw.resolve())
        print(line(name, took[name]), flush=True)
        if args.json:
            args.json.write_text(json.dumps(took, indent=1))
        if len(codes) == 1:
            shutil.rmtree(workspace)

    print("| districts | million rows | wall (s) | CPU (s) | wall a million | CPU a million | peak memory (GB) |")
    print("| --- | --: | --: | --: | --: | --: | --: |")
    with tempfile.TemporaryDirectory(prefix="bansos360-linear-") as scratch:
        scratch = Path(scratch)
        half = len(districts) // 2
        for code in districts[:half]:
            measure(scratch, code, [code], args.sample / "raw" / code)
        measure(args.keep or scratch, "all", districts, args.sample / "raw")
        for code in districts[half:]:
            measure(scratch, code, [code], args.sample / "raw" / code)
    each = [took[code] for code in districts]
    alone = {what: sum(one[what] for one in each) for what in ("wall", "cpu", "rows")}
    alone["memory"] = max(one["memory"] for one in each)
    print(line("each alone, together", alone))
    for name, some in (("each alone", each), ("those before", each[:half]), ("those behind", each[half:])):
        per_row = lambda what, some=some: (  # noqa: E731
            took["all"][what] / took["all"]["rows"] * sum(one["rows"] for one in some) / sum(one[what] for one in some)
        )
        print(f"All in one workspace against {name}, per row: wall time {per_row('wall'):.3f}, CPU {per_row('cpu'):.3f}")


if __name__ == "__main__":
    main()
