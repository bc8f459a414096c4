"""The eight marts of a district with pandas, straightforwardly: a function a cell, then merges and groups.

    pandas_pipeline.py RAW_DIR OUT_DIR

What a local team would write after a week: readable, one file after the other, no parallel work.
"""

import hashlib
import sys
import tempfile
from pathlib import Path

import cleaning as c
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import workbooks
from cleaning import month_end
from deliveries import ART, ART_CODES, ART_FLAGS, EMPTY, RT, RT_CODES, RT_FLAGS, RT_NUMBERS, unpacked
from mart_columns import COLUMNS, schema

FLAGS = list(ART_FLAGS)
PLACE = ["kode_kecamatan", "kecamatan", "kode_desa", "desa"]
PROGRAMS = {"PKH": "PROGRAM KELUARGA HARAPAN", "SEMBAKO": "PROGRAM SEMBAKO", "BST": "BANTUAN SOSIAL TUNAI",
            "KPE": "KARTU PENYANGGA EKONOMI"}
STOPPED = {"NONAKTIF", "GRADUASI", "MENINGGAL", "DIHENTIKAN", "BATAL", "NONELIGIBLE"}


def age(born, end):
    return None if born is None else end.year - born.year - ((end.month, end.day) < (born.month, born.day))


def read(path, delimiter, headings, roles):
    """The columns of the roles as lists of text or None."""
    table = pd.read_csv(path, sep=delimiter, dtype=object, header=0, names=range(len(headings)), keep_default_na=False,
                        na_values=EMPTY, encoding="utf-8")
    table = table.where(table.notna(), None)
    empty = [None] * len(table)
    at = {role: next((headings.index(h) for h in heads.split() if h in headings), None) for role, heads in roles.items()}
    return {role: empty if i is None else table[i].tolist() for role, i in at.items()}


def places(columns, whole="gabungan"):
    keys = zip(*(columns[n] for n in ("kdprop", "kdkab", "kdkec", "kddesa", whole, "kecamatan", "desa", "kabupaten")))
    return [c.place(*key) for key in keys]


def with_names(frame, found):
    frame["kode_kecamatan"] = [k for k, _ in found]
    frame["kecamatan"] = [c.KECAMATAN.get(k) for k, _ in found]
    frame["kode_desa"] = [d for _, d in found]
    frame["desa"] = [c.DESA[d]["nama_desa"].upper() if d else None for _, d in found]


def one_row_each(frame, key):
    """The fullest row of each key, of equals the last."""
    flags = [f for f in frame if f in FLAGS or f in RT_FLAGS]
    frame["terisi"] = frame.drop(columns=flags).notna().sum(axis=1)
    frame["nomor"] = range(len(frame))
    frame = frame.sort_values(["terisi", "nomor"]).drop_duplicates(key, keep="last")
    return frame.sort_values("nomor").drop(columns=["terisi", "nomor"])


def households(periode, path, delimiter, headings):
    raw = read(path, delimiter, headings, RT)
    out = pd.DataFrame({"id_dtks": [c.digits(v) for v in raw["id_dtks"]]}, dtype=object)
    out["periode"] = periode
    out["nama_krt"] = [c.person(v) for v in raw["nama_krt"]]
    out["alamat"] = [c.text(v) for v in raw["alamat"]]
    with_names(out, places(raw))
    shares = [c.number(v) for v in raw["percentile"]]
    out["percentile"] = pd.array([None if v is None or v > 100 else -int(-v // 1) for v in shares], dtype="Int32")
    own = [c.whole(v) for v in raw["desil"]]
    desil = [d if d is not None and 1 <= d <= 10 else None if d is not None or p is None or p > 100 else max(1, -int(-(-int(-p // 1)) // 10))
             for d, p in zip(own, shares)]
    out["desil"] = pd.array(desil, dtype="Int32")
    out["luas_lantai"] = [c.number(v) for v in raw["luas_lantai"]]
    for name, variable in RT_CODES.items():
        out[name] = [c.label(v, variable) for v in raw[name]]
    for name, ya in RT_FLAGS.items():
        out[name] = [c.yes(v, ya) for v in raw[name]]
    for name in RT_NUMBERS:
        out[name] = pd.array([c.whole(v) for v in raw[name]], dtype="Int32")
    return one_row_each(out[out["id_dtks"].notna()], "id_dtks")


def persons(periode, path, delimiter, headings):
    raw, end = read(path, delimiter, headings, ART), month_end(periode)
    out = pd.DataFrame({"id_art": [c.digits(v) for v in raw["id_art"]]}, dtype=object)
    out["periode"] = periode
    families = [c.identity(v, family=True) for v in raw["kk"]]
    numbers = [c.identity(v, kk) for v, (kk, _) in zip(raw["nik"], families)]
    out["nik"], out["status_nik"] = [n for n, _ in numbers], [s for _, s in numbers]
    out["no_kk"], out["status_kk"] = [n for n, _ in families], [s for _, s in families]
    out["id_dtks"] = [c.digits(v) or (a[:16] if a and len(a) == 18 else None) for v, a in zip(raw["id_dtks"], out["id_art"])]
    out["id_art"] = [a or (f"NIK{n}" if n else None) for a, n in zip(out["id_art"], out["nik"])]
    out["nama"] = [c.person(v) for v in raw["nama"]]
    out["tempat_lahir"] = [c.text(v) or c.birthplace(t) for v, t in zip(raw["tempat_lahir"], raw["tgl"])]
    out["tanggal_lahir"] = [c.date(v, end) for v in raw["tgl"]]
    out["umur"] = pd.array([age(t, end) for t in out["tanggal_lahir"]], dtype="Int32")
    out["alamat"] = [c.text(v) for v in raw["alamat"]]
    out["nomor_urut_keluarga"] = pd.array([c.whole(v) for v in raw["nuk"]], dtype="Int32")
    for name, variable in ART_CODES.items():
        out[name] = [c.label(v, variable) for v in raw[name]]
    for name in ART_FLAGS:
        out[name] = [c.yes(v, 1) for v in raw[name]]
    own = any(h in headings for h in ("kdkec", "kddesa", "kdgabungan4", "kecamatan", "nmkec", "desa"))
    with_names(out, places(raw) if own else [(None, None)] * len(out))
    out["punya_wilayah"] = own
    return one_row_each(out[out["id_art"].notna()], "id_art")


def dtks(raw):
    """All households and all persons of all periods, the head of each household beside it."""
    all_rt, all_art = [], []
    with tempfile.TemporaryDirectory() as folder:
        for delivery in sorted(Path(raw).glob("*.zip")):
            periode = workbooks.month(delivery.stem)
            for kind, path, delimiter, headings in unpacked(delivery, folder, only_regular=True):
                if kind == "rt":
                    rt = households(periode, path, delimiter, headings)
                else:
                    art = persons(periode, path, delimiter, headings)
            if not art["punya_wilayah"].any():
                art = art.drop(columns=PLACE).merge(rt[["id_dtks", *PLACE]], on="id_dtks", how="left")
            heads = art[(art["hubungan_krt"] == "KEPALA RUMAH TANGGA") & art["id_dtks"].notna()]
            heads = heads.sort_values(["nomor_urut_keluarga", "id_art"]).drop_duplicates("id_dtks")
            heads = heads[["id_dtks", "nama", "nik", "no_kk"]].rename(columns={"nama": "nama_kepala", "nik": "nik_krt", "no_kk": "no_kk_krt"})
            rt = rt.merge(heads.assign(ada=True), on="id_dtks", how="left")
            rt["nama_krt"] = rt["nama_kepala"].where(rt["ada"].notna(), rt["nama_krt"])
            all_rt.append(rt.drop(columns=["nama_kepala", "ada"]))
            all_art.append(art)
    return pd.concat(all_rt, ignore_index=True), pd.concat(all_art, ignore_index=True)


def lists(raw, end):
    """All rows of the workbooks, cleaned, without those that stand twice in a file."""
    table = workbooks.read(raw).to_pandas().astype(object)
    table = table.where(table.notna(), None)
    out = table[["sumber", "program", "tahap", "periode", "lembar", "baris"]].copy()
    strip = lambda v: None if v is None else v.strip(" \xa0\x01")  # noqa: E731
    families = [c.identity(v, family=True) for v in table["kk"]]
    numbers = [c.identity(v, kk) for v, (kk, _) in zip(table["nik"], families)]
    out["nik_asal"] = [strip(v) for v in table["nik"]]
    out["nik"], out["status_nik"] = [n for n, _ in numbers], [s for _, s in numbers]
    out["no_kk"], out["status_kk"] = [n for n, _ in families], [s for _, s in families]
    out["nama"] = [c.person(v) for v in table["nama"]]
    columns = {n: [strip(v) for v in table[n]] for n in ("kdprop", "kdkab", "kdkec", "kddesa", "kecamatan", "desa", "kabupaten")}
    columns["kode"] = [d or k for d, k in zip(table["kode_desa"], table["kode_kecamatan"])]
    with_names(out, places(columns, "kode"))
    letters = lambda v: "".join(filter(str.isalpha, v.upper())) if v else ""  # noqa: E731
    out["aktif"] = [letters(v) not in STOPPED for v in table["status"]]
    out["id_art"], out["id_dtks"] = [c.digits(v) for v in table["id_art"]], [c.digits(v) for v in table["id_dtks"]]
    out["jenis_kelamin"] = [{"L": "LAKI-LAKI", "P": "PEREMPUAN"}.get(v.strip()[:1].upper()) if v else None for v in table["sex"]]
    out["tanggal_lahir"] = [c.date(v, end) for v in table["tgl"]]
    out["jenis_disabilitas"] = [c.text(v) for v in table["jenis"]]
    out["status_data"] = table["status_data"]
    out["alamat"], out["sisa"], out["status"] = [c.text(v) for v in table["alamat"]], table["sisa"], [c.text(v) for v in table["status"]]
    out["mentah"] = [None if n or k else f"{a}|{b}" for n, k, a, b in zip(out["nik"], out["no_kk"], table["nik"], table["kk"])]
    untold = zip(columns["kecamatan"], columns["desa"], columns["kabupaten"], out["kode_desa"])
    out["tempat"] = [None if d else f"{k}|{n}|{b}" for k, n, b, d in untold]
    same = [n for n in out if n not in ("lembar", "baris", "nik_asal", "kecamatan", "desa", "aktif")]
    return out.drop_duplicates(same).drop(columns=["sisa", "mentah", "tempat", "status", "alamat"])


def in_force(rows):
    """The rows of each program's latest month, else its greatest stage, else all; without those who receive no longer."""
    kept = []
    for _, program in rows[rows["program"].isin(PROGRAMS)].groupby("program"):
        if program["periode"].notna().any():
            program = program[program["periode"] == program["periode"].dropna().max()]
        elif program["tahap"].notna().any():
            stages = program["tahap"].astype(float)
            program = program[stages == stages.max()]
        kept.append(program[program["aktif"]])
    out = pd.concat(kept, ignore_index=True)
    names = zip(out["sumber"], out["lembar"], out["baris"])
    out["id_kpm"] = [hashlib.md5("#".join(map(str, name)).encode()).hexdigest() for name in names]
    return out


def write(out, mart, frame, order):
    frame = frame.sort_values(order, na_position="last", kind="stable") if order else frame
    table = pa.Table.from_pandas(frame[COLUMNS[mart]], schema=schema(mart), preserve_index=False)
    pq.write_table(table, Path(out) / f"{mart}.parquet", compression="zstd")


def main(raw, out):
    import pandas_marts

    Path(out).mkdir(parents=True, exist_ok=True)
    rt, art = dtks(raw)
    periods = sorted(rt["periode"].unique())
    rows = lists(raw, month_end(periods[-1]))
    pandas_marts.write_all(rt, art, rows, in_force(rows), periods, lambda *mart: write(out, *mart))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
