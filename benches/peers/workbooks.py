"""The workbooks of a district through python-calamine: one Parquet file with the columns that the marts need, as text.

Used by the peers that read workbooks in Python, and run beside the main process by the DuckDB script. A cell that is a
number is written with a leading \\x01, because a spreadsheet keeps 15 digits only and the cleaning must know.
"""

import datetime
import re
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from python_calamine import CalamineWorkbook

EMPTY = {"", "NULL", "-", "--", "\\N", "N/A", "#N/A", "NAN", "NONE"}
MONTHS = {
    m: i
    for i, words in enumerate(
        ["jan januari", "feb februari pebruari", "mar maret", "apr april", "mei", "jun juni", "jul juli",
         "agt agust ags agustus", "sep september", "okt oktober", "nov november nopember", "des desember"], 1)
    for m in words.split()
}
# What each column of the marts is called in these files, by the key of the heading.
HEADINGS = {
    "nama": "nama nama_penerima nama_kpm nama_pengurus nama_pendaftar",
    "nik": "nik nik_ktp nik_pengurus nik_penerima",
    "kk": "no_kk nokk nokk_dtks nomor_kk",
    "kecamatan": "kecamatan nmkec",
    "desa": "kelurahan desa_kelurahan desa nmdesa nmkel desa_kel",
    "kabupaten": "kabupaten nmkab kabkot",
    "kdprop": "kdprop", "kdkab": "kdkab", "kdkec": "kdkec", "kddesa": "kddesa",
    "kode_kecamatan": "kode_kecamatan", "kode_desa": "kode_desa_kel",
    "alamat": "alamat alamat_pengurus",
    "status": "status status_baru",
    "id_art": "", "id_dtks": "",
    "sex": "gender jenis_kelamin l_p",
    "tgl": "tanggal_lahir ttl",
    "jenis": "jenis_disabilitas jenis_ragam_disabilitas",
    "status_data": "status_data",
}
USULAN = {"id_art": "idartbdt", "id_dtks": "id_dtks"}
COLUMNS = ["sumber", "program", "tahap", "periode", "lembar", "baris", *HEADINGS, "sisa"]
FOOTER = re.compile(r"^(JUMLAH|TOTAL|SUB ?TOTAL|MENGETAHUI|KEPALA|NIP|CATATAN|KETERANGAN|###)")


def key(heading):
    """The heading in lower case, every run of other signs one underscore."""
    return re.sub(r"[\W_]+", "_", str(heading).strip().lower()).strip("_")


def text(cell):
    """A cell as text; a number with a leading \\x01, a date as ISO."""
    if isinstance(cell, str):
        return None if cell.strip(" \xa0").upper() in EMPTY else cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float | int):
        return "\x01" + (str(int(cell)) if cell == int(cell) else repr(cell))
    if isinstance(cell, datetime.date):
        return cell.isoformat()[:10]
    return str(cell)


def header(rows):
    """Row number of the heading (that with NIK in it) and its keys; None for a sheet without one."""
    for i, row in enumerate(rows[:12]):
        keys = [key(c) for c in row]
        if not any(k in ("nik", "nik_ktp", "nik_pengurus") for k in keys):
            continue
        below = rows[i + 1] if i + 1 < len(rows) else []
        nik = next(j for j, k in enumerate(keys) if k.startswith("nik"))
        if below and below[nik] == "" and below[0] == "" and any(below):  # a heading of two rows
            joined, last = [], ""
            for k, sub in zip(keys, below):
                last = k or last
                joined.append(f"{last}_{key(sub)}" if sub else k)
            return i + 2, joined
        return i + 1, keys
    return None


def program(name):
    upper = name.upper()
    for word, code in [("PKH", "PKH"), ("SEMBAKO", "SEMBAKO"), ("BPNT", "SEMBAKO"), ("TL THP", "BST"), ("KPE", "KPE"),
                       ("DISABILITAS", "DISABILITAS"), ("USULAN", "USULAN")]:
        if word in upper:
            return code
    return None


def stage(name):
    found = re.search(r"(?:TAHAP|THP)\s*(\d+)", name.upper())
    return found and str(int(found[1]))


def month(name):
    for word, year in re.findall(r"([A-Za-z]+) (\d{4})", name):
        if word.lower() in MONTHS:
            return f"{year}-{MONTHS[word.lower()]:02d}"
    found = re.search(r"(\d{1,2})-(\d{1,2})-(\d{4})", name)
    return found and f"{found[3]}-{int(found[2]):02d}"


def kept(rows, start, keys, at):
    """(line, row, kecamatan of the sub-heading) of each row that is data."""
    nik, kk, nama = at.get("nik"), at.get("kk"), at["nama"]
    carried, ended = None, False
    for line, row in enumerate(rows[start:], start + 1):
        first = next((c for c in row if c != ""), "")
        if first == "" or (isinstance(first, str) and re.match(r"^\(\d+\)$", first)):
            continue
        if nik is not None and isinstance(row[nik], str) and key(row[nik]) == keys[nik]:  # the heading again
            continue
        number = text(row[nik]) if nik is not None else None
        family = text(row[kk]) if kk is not None else None
        if number is None and family is None:
            words = [c for c in row if c != ""]
            if len(words) == 1 and isinstance(words[0], str) and re.match(r"^(KECAMATAN|KEC\.)", words[0].upper()):
                carried = words[0]
                continue
            if isinstance(words[0], str) and FOOTER.match(words[0].upper()):
                ended = ended or not words[0].upper().startswith(("JUMLAH", "SUB"))  # a sub-total ends nothing
                continue
            if ended or text(row[nama]) is None:
                continue
        yield line, row, carried


def sheet(out, rows, source, code, name):
    found = header(rows)
    if not found:
        return
    start, keys = found
    wanted = {r: (USULAN.get(r, h) if code == "USULAN" else h).split() for r, h in HEADINGS.items()}
    at = {}
    for role, names in wanted.items():
        where = next((keys.index(n) for n in names if n in keys), None)
        if where is not None:
            at[role] = where
    rest = [j for j, k in enumerate(keys) if j not in at.values() and k not in ("no", "id")]
    merged_kecamatan = code == "KPE" and "kecamatan" in at
    last = None
    constant = (source, code, stage(source), month(source), name)
    for line, row, carried in kept(rows, start, keys, at):
        cells = {r: text(row[j]) for r, j in at.items()}
        if merged_kecamatan:
            last = cells["kecamatan"] = cells["kecamatan"] or last
        elif carried:
            cells["kecamatan"] = carried
        values = (*constant, line, *(cells.get(r) for r in HEADINGS), "\x1f".join(str(row[j]) for j in rest))
        for column, value in zip(out, values):
            column.append(value)


def read(folder):
    """All workbooks of a folder as one Arrow table."""
    out = [[] for _ in COLUMNS]
    for path in sorted(Path(folder).glob("*.xlsx")):
        code = program(path.stem)
        if code is None:
            continue
        book = CalamineWorkbook.from_path(str(path))
        for name in book.sheet_names:
            sheet(out, book.get_sheet_by_name(name).to_python(skip_empty_area=False), path.stem, code, name)
    types = [pa.int32() if c == "baris" else pa.string() for c in COLUMNS]
    return pa.table([pa.array(v, t) for v, t in zip(out, types)], names=COLUMNS)


if __name__ == "__main__":
    pq.write_table(read(sys.argv[1]), sys.argv[2], compression="none")
