"""The eight marts of a district with Polars: expressions over whole columns, lazy frames for the marts.

    polars_pipeline.py RAW_DIR OUT_DIR

Codes, flags, dates and places have few distinct values: each spelling is looked at once and mapped.
"""

import datetime
import sys
import tempfile
from pathlib import Path

import cleaning as c
import polars as pl
import workbooks
from deliveries import ART, ART_CODES, ART_FLAGS, EMPTY, RT, RT_CODES, RT_FLAGS, RT_NUMBERS, unpacked
from mart_columns import SHEETS
from cleaning import month_end

FLAGS = list(ART_FLAGS)
PLACE = ["kode_kecamatan", "kecamatan", "kode_desa", "desa"]
TYPES = {"s": pl.String, "b": pl.Boolean, "i": pl.Int32, "l": pl.Int64, "f": pl.Float64, "d": pl.Date}
KAB = pl.Series(sorted(c.KAB))
DESA = pl.Series(sorted({*c.DESA, *c.KEMENDAGRI}))
BORN = sorted({(datetime.date(1900, 1, 1) + datetime.timedelta(n)).strftime("%d%m%y") for n in range(73_049)})
ISSUED = pl.Series(BORN)
BORN = pl.Series(BORN + [f"{int(d[:2]) + 40}{d[2:]}" for d in BORN])


# ---- cells -----------------------------------------------------------------------------------------------------------

def stripped(v):
    plain = v.str.contains(r"^[0-9]{16}$")
    long = v.str.strip_chars(" \u00a0\x01").str.replace(r"(\.0|\.00|,00)$", "").str.replace_all("[\\s\u00a0'\"`‘’“”.\\-/\\\\]", "")
    return pl.when(plain).then(v).otherwise(long)


def verdict(v, s, other, dates, temporary):
    """The status of a number: v as it stood, s stripped."""
    numeric, word = v.str.starts_with("\x01"), v.str.strip_chars(" \u00a0\x01").str.to_uppercase()
    filler = s.str.slice(0, 4).is_in(KAB.implode()) & s.str.slice(4).is_in(["0" * 12, "9" * 12]) & (s.str.len_bytes() == 16)
    repeated = s.str.contains("^(0+|1+|2+|3+|4+|5+|6+|7+|8+|9+)$") & (s.str.len_bytes() >= 8)
    good = ~s.str.starts_with("0") & s.str.slice(0, 4).is_in(KAB.implode()) & s.str.slice(6, 6).is_in(dates.implode())
    out = pl.when(v.is_null() | word.is_in(sorted(c.NONE_WORDS)) | s.str.contains("(?i)^(0*|X+)$")).then(pl.lit("KOSONG"))
    out = out.when(word.str.contains(r"^'?[+-]?\d+([.,]\d+)?E[+-]?\d+$")).then(pl.lit("PRESISI_HILANG"))
    out = out.when(numeric & (s.str.len_bytes() == 16) & (s >= "9007199254740992")).then(pl.lit("PRESISI_HILANG"))
    out = out.when(~s.str.contains("^[0-9]+$")).then(pl.lit("BUKAN_ANGKA"))
    if temporary:
        is_temporary = (s.str.len_bytes() == 16) & s.str.starts_with("0") & s.str.slice(1, 10).is_in(DESA.implode())
        out = out.when(is_temporary).then(pl.lit("SEMENTARA"))
    out = out.when(repeated | filler | s.is_in(["1234567890123456", "1234567890123450"])).then(pl.lit("PENGISI"))
    out = out.when(s.str.len_bytes() != 16).then(pl.lit("PANJANG_SALAH"))
    out = out.when(s.str.ends_with("0000") | (numeric & s.str.ends_with("0"))).then(pl.lit("PRESISI_HILANG"))
    if other is not None:
        out = out.when(s == other).then(pl.lit("SAMA_DENGAN_KK"))
    return out.when(good).then(pl.lit("VALID")).otherwise(pl.lit("POLA_SALAH"))


def identities(frame, nik="nik", kk="kk"):
    frame = frame.with_columns(s_nik=stripped(pl.col(nik)), s_kk=stripped(pl.col(kk)))
    frame = frame.with_columns(status_kk=verdict(pl.col(kk), pl.col("s_kk"), None, ISSUED, False))
    usable = ["VALID", "POLA_SALAH"]
    frame = frame.with_columns(no_kk=pl.when(pl.col("status_kk").is_in(usable)).then("s_kk"))
    frame = frame.with_columns(status_nik=verdict(pl.col(nik), pl.col("s_nik"), pl.col("no_kk"), BORN, True))
    return frame.with_columns(nik=pl.when(pl.col("status_nik").is_in(usable)).then("s_nik"))


def digits(v):
    found = v.str.replace_all("[^0-9]", "")
    return pl.when(~v.str.contains("^[0-9.,]+[eE]"), found.str.len_bytes().is_between(10, 25)).then(found)


def text(v):
    out = v.str.to_uppercase().str.replace_all("[\\s\u00a0]+", " ").str.strip_chars()
    return pl.when(out != "").then(out)


def person(v):
    out = text(v).str.replace(r"^[^\p{L}\p{N}]+", "")
    bracket = out.str.contains(r"\([^()]*\)[ .,]*$")
    out = pl.when(bracket).then(out.str.replace("[ .,]+$", "")).otherwise(out.str.replace(r"[^\p{L}\p{N}]+$", ""))
    return pl.when(out != "").then(out)


def mapped(frame, columns, function, kind, *more):
    """Each distinct text of the columns through a function of Python once."""
    for name, argument in columns.items():
        old = frame[name].unique().drop_nulls()
        new = pl.Series([function(v, argument, *more) for v in old], dtype=kind)
        frame = frame.with_columns(pl.col(name).replace_strict(old, new, default=None, return_dtype=kind))
    return frame


def flags(frame, columns):
    return mapped(frame, columns, c.yes, pl.Boolean).with_columns(pl.col(list(columns)).fill_null(False))


def whole(frame, columns):
    return mapped(frame, dict.fromkeys(columns), lambda v, _: c.whole(v), pl.Int32)


def places(frame, columns):
    keys = frame.select(columns).unique()
    found = [c.place(*key) for key in keys.iter_rows()]
    keys = keys.with_columns(
        pl.Series("kode_kecamatan", [k for k, _ in found], pl.String),
        pl.Series("nama_kec", [c.KECAMATAN.get(k) for k, _ in found], pl.String),
        pl.Series("kode_desa_resmi", [d for _, d in found], pl.String),
        pl.Series("nama_desa", [c.DESA[d]["nama_desa"].upper() if d else None for _, d in found], pl.String))
    frame = frame.join(keys, on=columns, how="left", nulls_equal=True, maintain_order="left").drop(columns)
    return frame.rename({"nama_kec": "kecamatan", "kode_desa_resmi": "kode_desa", "nama_desa": "desa"})


REGION = ["kdprop", "kdkab", "kdkec", "kddesa", "gabungan", "kecamatan", "desa", "kabupaten"]


# ---- sources ---------------------------------------------------------------------------------------------------------

def scan(path, delimiter, headings, roles):
    """The columns of the roles, lazily, as text."""
    names = [f"c{i}" for i in range(len(headings))]
    frame = pl.scan_csv(path, separator=delimiter, has_header=True, new_columns=names, infer_schema=False, null_values=EMPTY)
    at = {role: next((headings.index(h) for h in heads.split() if h in headings), None) for role, heads in roles.items()}
    return frame.select((pl.lit(None, pl.String) if i is None else pl.col(names[i])).alias(role) for role, i in at.items())


def one_row_each(frame, key, counted):
    """The fullest row of each key, of equals the last."""
    frame = frame.with_row_index("nomor").with_columns(terisi=pl.sum_horizontal(pl.col(counted).is_not_null()))
    frame = frame.sort(["terisi", "nomor"]).unique(key, keep="last", maintain_order=True)
    return frame.sort("nomor").drop("nomor", "terisi")


def households(periode, path, delimiter, headings):
    frame = scan(path, delimiter, headings, RT).with_columns(
        digits(pl.col("id_dtks")), person(pl.col("nama_krt")), text(pl.col("alamat")),
        pl.col("percentile", "luas_lantai").str.strip_chars().str.replace(",", ".").cast(pl.Float64, strict=False),
        periode=pl.lit(periode)).filter(pl.col("id_dtks").is_not_null()).collect()
    share = pl.when(pl.col("percentile").is_between(0, 100)).then(pl.col("percentile").ceil().cast(pl.Int32))
    frame = whole(flags(mapped(frame, RT_CODES, c.label, pl.String), RT_FLAGS), [*RT_NUMBERS, "desil"])
    frame = places(frame.with_columns(percentile=share), REGION)
    from_share = pl.when(pl.col("percentile").is_not_null()).then(pl.max_horizontal(1, (pl.col("percentile") + 9) // 10))
    own = pl.when(pl.col("desil").is_between(1, 10)).then("desil")
    frame = frame.with_columns(desil=pl.when(pl.col("desil").is_null()).then(from_share).otherwise(own).cast(pl.Int32))
    return one_row_each(frame, "id_dtks", [*RT_CODES, *RT_NUMBERS, "percentile", "luas_lantai", "kode_desa"])


def persons(periode, path, delimiter, headings):
    end = month_end(periode)
    frame = identities(scan(path, delimiter, headings, ART)).with_columns(
        digits(pl.col("id_art")), digits(pl.col("id_dtks")), person(pl.col("nama")), text(pl.col("alamat")),
        tempat_lahir=pl.coalesce(text(pl.col("tempat_lahir")), text(pl.col("tgl").str.extract(r"^([^0-9,]+?)\s*,"))),
        periode=pl.lit(periode)).collect()
    cut = pl.when(pl.col("id_art").str.len_bytes() == 18).then(pl.col("id_art").str.slice(0, 16))
    frame = frame.with_columns(id_dtks=pl.coalesce("id_dtks", cut), id_art=pl.coalesce("id_art", pl.lit("NIK") + pl.col("nik")))
    frame = mapped(frame, {"tgl": end}, c.date, pl.Date).rename({"tgl": "tanggal_lahir", "nuk": "nomor_urut_keluarga"})
    frame = whole(flags(mapped(frame, ART_CODES, c.label, pl.String), dict.fromkeys(ART_FLAGS, 1)), ["nomor_urut_keluarga"])
    own = any(h in headings for h in ("kdkec", "kddesa", "kdgabungan4", "kecamatan", "nmkec", "desa"))
    frame = places(frame, REGION).filter(pl.col("id_art").is_not_null()).with_columns(umur=age(pl.col("tanggal_lahir"), end))
    counted = [*ART_CODES, "nik", "no_kk", "nama", "tempat_lahir", "tanggal_lahir", "alamat", "nomor_urut_keluarga", "kode_desa"]
    return one_row_each(frame, "id_art", counted), own


def age(born, end):
    before = (born.dt.month().cast(pl.Int32) * 100 + born.dt.day()) > end.month * 100 + end.day
    return (end.year - born.dt.year() - before.cast(pl.Int32)).cast(pl.Int32)


def dtks(raw):
    """All households with their heads, and all persons, of all periods."""
    all_rt, all_art = [], []
    with tempfile.TemporaryDirectory() as folder:
        for delivery in sorted(Path(raw).glob("*.zip")):
            periode = workbooks.month(delivery.stem)
            for kind, path, delimiter, headings in unpacked(delivery, folder, only_regular=True):
                if kind == "rt":
                    rt = households(periode, path, delimiter, headings)
                else:
                    art, own = persons(periode, path, delimiter, headings)
            if not own:
                art = art.drop(PLACE).join(rt.select("id_dtks", *PLACE), on="id_dtks", how="left")
            head = art.filter(pl.col("hubungan_krt") == "KEPALA RUMAH TANGGA", pl.col("id_dtks").is_not_null())
            head = head.sort("nomor_urut_keluarga", "id_art", nulls_last=True).unique("id_dtks", keep="first")
            head = head.select("id_dtks", nama_kepala="nama", nik_krt="nik", no_kk_krt="no_kk", ada=pl.lit(True))
            rt = rt.join(head, on="id_dtks", how="left").with_columns(
                nama_krt=pl.when(pl.col("ada").is_not_null()).then("nama_kepala").otherwise("nama_krt"))
            all_rt.append(rt.drop("nama_kepala", "ada"))
            all_art.append(art.select(sorted(art.columns)).drop("s_nik", "s_kk", "kk"))
    return pl.concat(all_rt), pl.concat(all_art)


def lists(raw, end):
    """All rows of the workbooks, cleaned, without those that stand twice in a file."""
    frame = pl.from_arrow(workbooks.read(raw)).with_columns(nik_mentah="nik")
    clean = lambda n: pl.col(n).str.strip_chars(" \u00a0\x01")  # noqa: E731
    frame = identities(frame).with_columns(
        *(clean(n) for n in ("kdprop", "kdkab", "kdkec", "kddesa", "kecamatan", "desa", "kabupaten", "nik_mentah")),
        person(pl.col("nama")), text(pl.col("alamat")), digits(pl.col("id_art")), digits(pl.col("id_dtks")),
        text(pl.col("status")), nik_asal=clean("nik_mentah"), jenis_disabilitas=text(pl.col("jenis")),
        gabungan=pl.coalesce("kode_desa", "kode_kecamatan"),
        jenis_kelamin=pl.col("sex").str.strip_chars().str.slice(0, 1).str.to_uppercase().replace_strict(
            {"L": "LAKI-LAKI", "P": "PEREMPUAN"}, default=None))
    unknown = pl.col("nik").is_null() & pl.col("no_kk").is_null()
    frame = mapped(frame, {"tgl": end}, c.date, pl.Date).rename({"tgl": "tanggal_lahir"})
    frame = frame.with_columns(mentah=pl.when(unknown).then(pl.concat_str("nik_mentah", "kk", separator="|", ignore_nulls=True)),
                               ditulis=pl.concat_str("kecamatan", "desa", "kabupaten", separator="|", ignore_nulls=True))
    frame = places(frame.drop("kode_desa", "kode_kecamatan"), REGION)
    frame = frame.with_columns(ditulis=pl.when(pl.col("kode_desa").is_null()).then("ditulis"))
    same = ["sumber", "nik", "status_nik", "s_kk", "status_kk", "nama", "kode_desa", "kode_kecamatan", "ditulis", "mentah", "alamat",
            "status", "id_art", "id_dtks", "jenis_kelamin", "tanggal_lahir", "jenis_disabilitas", "status_data", "sisa"]
    stopped = ["NONAKTIF", "GRADUASI", "MENINGGAL", "DIHENTIKAN", "BATAL", "NONELIGIBLE"]
    frame = frame.unique(same, keep="first", maintain_order=True)
    return frame.with_columns(aktif=~pl.col("status").str.replace_all("[^A-Z]", "").is_in(stopped).fill_null(False))


def in_force(rows):
    """The rows of each program's latest month, else its greatest stage, else all; without those who receive no longer."""
    rows = rows.filter(pl.col("program").is_in(["PKH", "SEMBAKO", "BST", "KPE"])).with_columns(pl.col("tahap").cast(pl.Int32))
    month, stage = pl.col("periode").max().over("program"), pl.col("tahap").max().over("program")
    latest = pl.when(month.is_not_null()).then(pl.col("periode") == month)
    latest = latest.when(stage.is_not_null()).then(pl.col("tahap") == stage).otherwise(True)
    key = pl.concat_str("sumber", "lembar", pl.col("baris").cast(pl.String), separator="#")
    return rows.filter(latest, "aktif").with_columns(pl.col("tahap").cast(pl.String), id_kpm=key)


def write(out, mart, frame, order):
    columns = [column.split(":") for column in SHEETS[mart].split()]
    frame = frame.sort(order, nulls_last=True) if order else frame
    frame.select(pl.col(n).cast(TYPES[kind]) for n, kind in columns).collect().write_parquet(f"{out}/{mart}.parquet", compression="zstd")


def main(raw, out):
    import polars_marts

    Path(out).mkdir(parents=True, exist_ok=True)
    rt, art = dtks(raw)
    periods = sorted(rt["periode"].unique())
    rows = lists(raw, month_end(periods[-1]))
    polars_marts.write_all(rt.lazy(), art.lazy(), rows.lazy(), in_force(rows).lazy(), periods, lambda *mart: write(out, *mart))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
