"""Cell by cell cleaning in plain Python, as the pandas pipeline applies it, and the reference that all Python peers look into.

The Polars pipeline uses it for what has few distinct values only: codes, flags and places.
"""

import calendar
import csv
import datetime
import re
from collections import defaultdict
from functools import cache
from pathlib import Path

REFERENCE = Path(__file__).resolve().parent.parent.parent / "reference"
MONTHS = {m: i for i, words in enumerate(
    ["jan", "feb peb", "mar", "apr", "mei may", "jun", "jul", "agu agt ags aug", "sep", "okt oct", "nov nop", "des dec"], 1)
    for m in words.split()}
NONE_WORDS = {"TIDAK ADA", "BELUM ADA", "NIHIL", "KOSONG"}
SPELLINGS = [("lantai", "6", "Sementara/bata merah"), ("hub_krt", "1", "Kepala keluarga"), ("hub_krt", "2", "Istri"),
             ("hub_krt", "2", "Suami"), ("hubkel", "2", "Istri"), ("hubkel", "2", "Suami"), ("jnskel", "1", "L"),
             ("jnskel", "1", "Pria"), ("jnskel", "2", "P"), ("jnskel", "2", "Wanita")]


def rows(name):
    with (REFERENCE / name).open(encoding="utf-8") as f:
        return list(csv.DictReader(f))


def label_key(v):
    return re.sub(r"[^A-Z0-9<>]", "", re.sub(r"^\s*\d+[.)]\s+", "", v.upper()))


def name_key(v):
    text = re.sub(r"^[^A-Z0-9]*(KECAMATAN|KEC|DESA|DS|KELURAHAN|KEL|KABUPATEN|KAB|KOTA)(\.\s*|\s+)", "", v.upper())
    return re.sub(r"[^A-Z0-9]", "", text)


WILAYAH = rows("wilayah.csv")
KAB = {r["kode_kemendagri_kabkota"] for r in rows("kabupaten.csv")}
KAB |= {r["kode"][:4] for r in rows("kemendagri_kecamatan.csv")} | {r["kode"][:4] for r in rows("kemendagri_historis.csv")}
CODES, KEYS = defaultdict(dict), defaultdict(dict)
for r in rows("kode_rt.csv") + rows("kode_art.csv"):
    CODES[r["variable"].lower()][int(r["kode"])] = r["label"].upper()
    KEYS[r["variable"].lower()].setdefault(label_key(r["label"]), int(r["kode"]))
for variable, code, text in SPELLINGS:
    KEYS[variable].setdefault(label_key(text), int(code))
DESA = {r["kode_bps_desa"]: r for r in WILAYAH}
KEMENDAGRI = {r["kode_kemendagri_desa"]: r["kode_bps_desa"] for r in WILAYAH}
KECAMATAN = {r["kode_bps_kecamatan"]: r["nama_kecamatan"].upper() for r in WILAYAH}
KEC_KEYS = {name_key(n): k for k, n in KECAMATAN.items()}
DESA_KEYS, EVERYWHERE = defaultdict(dict), defaultdict(list)
for r in WILAYAH:
    DESA_KEYS[r["kode_bps_kecamatan"]][name_key(r["nama_desa"])] = r["kode_bps_desa"]
    EVERYWHERE[name_key(r["nama_desa"])].append(r["kode_bps_desa"])
VARIANTS = defaultdict(dict)
for r in rows("wilayah_varian.csv"):
    VARIANTS[r["level"]][name_key(r["varian"])] = r["kode_bps"]


# ---- cells -----------------------------------------------------------------------------------------------------------

@cache
def real_date(ddmmyy, woman):
    day, month, year = int(ddmmyy[:2]), int(ddmmyy[2:4]), int(ddmmyy[4:])
    if woman and day > 40:
        day -= 40
    for century in (1900, 2000):
        try:
            datetime.date(century + year, month, day)
        except ValueError:
            continue
        return True
    return False


def identity(v, other=None, family=False):
    """The number and the verdict on it; a cell that was a number begins with \\x01."""
    if v is None:
        return None, "KOSONG"
    numeric = v[0] == "\x01"
    trimmed = v.strip(" \xa0\x01")
    if trimmed.upper() in NONE_WORDS:
        return None, "KOSONG"
    if re.fullmatch(r"'?[+-]?\d+([.,]\d+)?[eE][+-]?\d+", trimmed):
        return None, "PRESISI_HILANG"
    s = re.sub(r"[\s\xa0'\"`‘’“”.\-/\\]", "", re.sub(r"(\.0|\.00|,00)$", "", trimmed))
    if not s.strip("0") or s.upper() in NONE_WORDS or not s.upper().strip("X"):
        return None, "KOSONG"
    if numeric and s.isdigit() and int(s) >= 2**53:
        return None, "PRESISI_HILANG"
    if not re.fullmatch("[0-9]+", s):
        return None, "BUKAN_ANGKA"
    if not family and len(s) == 16 and s[0] == "0" and (s[1:11] in DESA or s[1:11] in KEMENDAGRI):
        return None, "SEMENTARA"
    filler = len(s) == 16 and s[:4] in KAB and s[4:] in ("0" * 12, "9" * 12)
    if filler or (len(s) >= 8 and len(set(s)) == 1) or s in ("1234567890123456", "1234567890123450"):
        return None, "PENGISI"
    if len(s) != 16:
        return None, "PANJANG_SALAH"
    if s.endswith("0000") or (numeric and s[-1] == "0"):
        return None, "PRESISI_HILANG"
    if s == other:
        return None, "SAMA_DENGAN_KK"
    good = s[0] != "0" and s[:4] in KAB and real_date(s[6:12], not family)
    return s, "VALID" if good else "POLA_SALAH"


def digits(v):
    if v is None or re.match(r"^[0-9.,]+[eE]", v):
        return None
    found = re.sub(r"[^0-9]", "", v)
    return found if 10 <= len(found) <= 25 else None


def text(v):
    return None if v is None else re.sub(r"[\s\xa0]+", " ", v.upper()).strip() or None


def person(v):
    v = text(v)
    if v is None:
        return None
    v = re.sub(r"^[\W_]+", "", v)
    v = re.sub(r"[ .,]+$" if re.search(r"\([^()]*\)[ .,]*$", v) else r"[\W_]+$", "", v)
    return v or None


def whole(v):
    return int(float(v.replace(",", "."))) if v and re.fullmatch(r"\s*[0-9]+([.,]0+)?\s*", v) else None


def number(v):
    return float(v.replace(",", ".")) if v and re.fullmatch(r"\s*[0-9]+([.,][0-9]+)?\s*", v) else None


def code(v):
    return int(re.match(r"\d+", v.strip())[0]) if re.fullmatch(r"\s*[0-9]+(\.0+)?\s*", v) else None


def label(v, variable):
    if v is None:
        return None
    n = code(v)
    if n is None:
        n = KEYS[variable].get(label_key(v))
        return None if n is None else CODES[variable][n]
    if n in CODES[variable]:
        return CODES[variable][n]
    return None if n == 0 or variable == "jnskel" else f"KODE {n}"


def yes(v, ya):
    return v is not None and (code(v) == ya or label_key(v) in ("YA", "TRUE", "Y", "V"))


def date(v, end):
    if v is None:
        return None
    s = re.sub(r"^[^0-9,]+,\s*", "", v.strip(" '\x01"))
    s = re.sub(r"[ T]\d{1,2}:[\d:.]+$", "", s)
    try:
        if m := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", s):
            t = datetime.date(int(m[1]), int(m[2]), int(m[3]))
        elif m := re.fullmatch(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})", s):
            t = datetime.date(int(m[3]), int(m[2]), int(m[1]))
        elif (m := re.fullmatch(r"(\d{1,2}) ([A-Za-z]+) (\d{4})", s)) and m[2][:3].lower() in MONTHS:
            t = datetime.date(int(m[3]), MONTHS[m[2][:3].lower()], int(m[1]))
        elif m := re.fullmatch(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{2})", s):
            year, month = int(m[3]), int(m[2])
            century = 2000 if (2000 + year, month) <= (end.year, end.month) else 1900
            t = datetime.date(century + year, month, int(m[1]))
        elif re.fullmatch(r"\d{8}", s):
            t = datetime.date(int(s[:4]), int(s[4:6]), int(s[6:]))
        elif re.fullmatch(r"\d{5}", s):
            t = datetime.date(1899, 12, 30) + datetime.timedelta(int(s))
        else:
            return None
    except ValueError:
        return None
    return t if datetime.date(1900, 1, 1) < t <= end else None


def month_end(periode):
    year, month = map(int, periode.split("-"))
    return datetime.date(year, month, calendar.monthrange(year, month)[1])


def birthplace(v):
    found = re.match(r"^([^0-9,]+?)\s*,", v) if v and "," in v else None
    return text(found[1]) if found else None


# ---- places ----------------------------------------------------------------------------------------------------------

def jaro_winkler(a, b):
    if a == b:
        return 1.0
    reach = max(max(len(a), len(b)) // 2 - 1, 0)
    taken, matched = [False] * len(b), []
    for i, c in enumerate(a):
        for j in range(max(0, i - reach), min(len(b), i + reach + 1)):
            if not taken[j] and b[j] == c:
                taken[j] = True
                matched.append(c)
                break
    if not matched:
        return 0.0
    other = [b[j] for j in range(len(b)) if taken[j]]
    m, swapped = len(matched), sum(x != y for x, y in zip(matched, other)) // 2
    jaro = (m / len(a) + m / len(b) + (m - swapped) / m) / 3
    same = 0
    for x, y in zip(a[:4], b[:4]):
        if x != y:
            break
        same += 1
    return jaro + same * 0.1 * (1 - jaro)


def closest(word, known):
    scores = sorted(((jaro_winkler(word, k), k) for k in known), reverse=True)[:2]
    if not scores or scores[0][0] < 0.92 or (len(scores) > 1 and scores[1][0] == scores[0][0]):
        return None
    return known[scores[0][1]]


def digits_of_place(v):
    return "" if v is None else re.sub(r"[^0-9]", "", re.sub(r"\.0+$", "", v))


def by_code(code10):
    desa = code10 if code10 in DESA else KEMENDAGRI.get(code10)
    if desa:
        return desa[:7], desa
    return (code10[:7], None) if code10[:7] in KECAMATAN else (None, None)


@cache
def by_names(kecamatan, desa):
    key = name_key(kecamatan) if kecamatan else ""
    name = name_key(desa) if desa else ""
    kec = KEC_KEYS.get(key) or VARIANTS["kecamatan"].get(key) or (closest(key, KEC_KEYS) if key else None)
    return within(kec, name) if kec else alone(name)


def within(kec, name):
    if not name:
        return kec, None
    found = DESA_KEYS[kec].get(name)
    variant = VARIANTS["desa"].get(name, "")
    if not found and variant.startswith(kec):
        found = variant
    return kec, found or closest(name, DESA_KEYS[kec])


def alone(name):
    if len(EVERYWHERE.get(name, ())) == 1:
        desa = EVERYWHERE[name][0]
    elif name and name not in EVERYWHERE and name in VARIANTS["desa"]:
        desa = VARIANTS["desa"][name]
    else:
        return None, None
    return desa[:7], desa


@cache
def place(prop, kab, kec, desa, whole_code, kecamatan_name, desa_name, kabupaten_name):
    """(kode_kecamatan, kode_desa) of what the columns of a row say."""
    d, k, g = digits_of_place(desa), digits_of_place(kec), digits_of_place(whole_code)
    if len(d) == 10:
        return by_code(d)
    if k and d and prop and kab:
        p, b = digits_of_place(prop), digits_of_place(kab)
        return by_code(p.zfill(2) + b.zfill(2) + k.zfill(3) + d.zfill(3))
    if len(g) == 10:
        return by_code(g)
    if kabupaten_name:
        own = name_key(kabupaten_name)
        if own not in VARIANTS["kabupaten"] and jaro_winkler(own, "TRENGGALEK") < 0.92:
            return None, None
    if len(g) == 7 and g in KECAMATAN:  # a proposal tells the kecamatan by code and the desa by name
        return within(g, name_key(desa_name) if desa_name else "")
    return by_names(kecamatan_name, desa_name)


KINDS = {"FISIK": r"DAKSA|TUBUH|LUMPUH|POLIO|AMPUTASI|\bCP\b|FISIK", "SENSORIK NETRA": "NETRA|BUTA",
         "SENSORIK RUNGU": "RUNGU|TULI", "SENSORIK WICARA": "WICARA|BISU", "INTELEKTUAL": "RETARDASI|GRAHITA|DOWN|INTELEKTUAL"}


@cache
def kind_of_disability(v):
    if not isinstance(v, str):
        return None
    kinds = [k for k, pattern in KINDS.items() if re.search(pattern, v)]
    rest = v.replace("MENTAL", "") if "INTELEKTUAL" in kinds else v
    if re.search("ODGJ|JIWA|PSIKOTIK|AUTIS|MENTAL", rest):
        kinds.append("MENTAL")
    if v.startswith("FISIK & SENSORIK") or "GANDA" in v or "MULTI" in v or len(kinds) > 1:
        return "GANDA"
    return kinds[0] if kinds else "LAINNYA"


def age_group(years):
    if years is None:
        return None
    groups = [(5, "0-5"), (12, "6-12"), (17, "13-17"), (25, "18-25"), (45, "26-45"), (59, "46-59")]
    return next((name for top, name in groups if years <= top), "60+")
