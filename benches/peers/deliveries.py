"""The deliveries of DTKS: unzipped, mended, and what their columns are called. Shared by the peers."""

import re
import zipfile
from pathlib import Path

from workbooks import key

EMPTY = ["", "NULL", "-", "--", "\\N", "N/A", "#N/A", "NAN", "NONE"]
REGION = {"kdprop": "kdprop", "kdkab": "kdkab", "kdkec": "kdkec", "kddesa": "kddesa",
          "gabungan": "kdgabungan4 kode_gabungan kode_desa", "kecamatan": "kecamatan nmkec",
          "desa": "desa desa_kelurahan nmdesa nmkel", "kabupaten": "kabupaten kabupaten_kota nmkab"}
RT_CODES = {"status_bangunan": "sta_bangunan", "status_lahan": "sta_lahan", "jenis_lantai": "lantai",
            "jenis_dinding": "dinding", "kondisi_dinding": "kondisi_dinding", "jenis_atap": "atap",
            "kondisi_atap": "kondisi_atap", "sumber_air_minum": "sumber_airminum",
            "cara_peroleh_air_minum": "cara_peroleh_airminum", "sumber_penerangan": "sumber_penerangan",
            "daya_listrik": "daya", "bahan_bakar_masak": "bb_masak", "fasilitas_bab": "fasbab",
            "jenis_kloset": "kloset", "pembuangan_tinja": "buang_tinja"}
RT_FLAGS = {f: (3 if f in {"ada_lemari_es", "ada_pemanas", "ada_tv", "ada_laptop", "ada_motor", "ada_perahu",
                           "ada_perahu_motor", "rumah_lain"} else 1)
            for f in "ada_tabung_gas ada_lemari_es ada_ac ada_pemanas ada_telepon ada_tv ada_emas ada_laptop "
                     "ada_sepeda ada_motor ada_mobil ada_perahu ada_motor_tempel ada_perahu_motor ada_kapal "
                     "aset_tak_bergerak rumah_lain".split()}
RT_NUMBERS = {"jumlah_kamar": "jumlah_kamar", "jumlah_sapi": "jumlah_sapi", "jumlah_kerbau": "jumlah_kerbau jumah_kerbau",
              "jumlah_kuda": "jumlah_kuda", "jumlah_babi": "jumlah_babi", "jumlah_kambing": "jumlah_kambing"}
RT = {**REGION, "id_dtks": "idbdt id_dtks iddtks id_prelist", "nama_krt": "nama_krt namakrt", "alamat": "alamat",
      "percentile": "percentile persentil", "desil": "desil", "luas_lantai": "luas_lantai",
      **RT_CODES, **{f: f for f in RT_FLAGS}, **RT_NUMBERS}
ART_CODES = {"jenis_kelamin": "jnskel", "hubungan_krt": "hub_krt", "hubungan_keluarga": "hubkel",
             "status_perkawinan": "sta_kawin", "jenis_disabilitas": "jenis_cacat", "penyakit_kronis": "penyakit_kronis",
             "partisipasi_sekolah": "partisipasi_sekolah", "jenjang_pendidikan": "pendidikan_tertinggi",
             "ijazah_tertinggi": "ijazah_tertinggi", "status_bekerja": "sta_bekerja", "lapangan_usaha": "lapangan_usaha",
             "status_pekerjaan": "status_pekerjaan", "status_hamil": "sta_hamil"}
ART_FLAGS = {"penerima_kks": "ada_kks", "penerima_kis": "ada_pbi ada_kis", "penerima_kip": "ada_kip",
             "penerima_pkh": "ada_pkh", "penerima_bpnt": "ada_bpnt ada_rastra ada_raskin"}
ART = {**REGION, "id_art": "idartbdt id_art_dtks", "id_dtks": "idbdt id_dtks iddtks", "nik": "nik nik_ktp no_ktp",
       "kk": "nokk no_kk nomor_kk kk", "nama": "nama", "tempat_lahir": "tmplahir tempat_lahir",
       "tgl": "tgllahir tanggal_lahir tgl_lahir", "alamat": "alamat", "nuk": "nuk", **ART_CODES, **ART_FLAGS}


def mended(data, delimiter):
    """The CSV with one record a line: a record over two lines is joined, a line whose quote is never closed goes."""
    end = data.find(b"\n")
    fields = data.count(delimiter, 0, end) + 1
    out, at, copied = [], 0, 0
    while (quote := data.find(b'"', at)) >= 0:
        start = data.rfind(b"\n", 0, quote) + 1
        end = data.find(b"\n", quote)
        end = len(data) if end < 0 else end
        if data.count(b'"', start, end) % 2 == 0:
            at = end
            continue
        after = data.find(b"\n", end + 1)
        after = len(data) if after < 0 else after
        second = data[end + 1:after]
        whole = data[start:end].rstrip(b"\r") + b" " + second
        out.append(data[copied:start])
        if second.count(b'"') % 2 and len(split(whole, delimiter)) >= fields:
            out.append(whole)
            end = after
        copied = at = min(end, len(data))
        if out[-1] is not whole:
            copied = at = min(end + 1, len(data))
    out.append(data[copied:])
    return b"".join(out)


def split(record, delimiter):
    """Fields of one record, roughly: delimiters outside quotes."""
    return b"".join(record.split(b'"')[::2]).split(delimiter)


def regular(data, delimiter):
    """Only the lines with as many fields as the heading has; empty fields too many at the end go."""
    lines = data.split(b"\n")
    fields, kept = lines[0].count(delimiter), []
    for line in lines:
        found = line.count(delimiter) if b'"' not in line else len(split(line, delimiter)) - 1
        while found > fields and line.endswith(delimiter):
            line, found = line[:-1], found - 1
        if found == fields:
            kept.append(line)
    return b"\n".join(kept)


def unpacked(delivery, folder, only_regular=False):
    """Unzips one delivery; (kind, file, delimiter, headings) of each of its two files."""
    found = []
    with zipfile.ZipFile(delivery) as archive:
        for name in archive.namelist():
            kind = re.search(r"_(rt|art)\.csv$", name.lower())
            if not kind:
                continue
            data = archive.read(name)
            try:
                head = data.decode("utf-8-sig").split("\n", 1)[0]
            except UnicodeDecodeError:
                data = data.decode("cp1252", "replace").encode()
                head = data.split(b"\n", 1)[0].decode()
            delimiter = max(",;|", key=head.count)
            path = Path(folder) / f"{delivery.stem}_{kind[1]}.csv"
            data = mended(data.replace(b"\r\n", b"\n"), delimiter.encode())
            path.write_bytes(regular(data, delimiter.encode()) if only_regular else data)
            found.append((kind[1], path, delimiter, [key(h.lstrip("\ufeff")) for h in head.split(delimiter)]))
    return sorted(found, reverse=True)  # the households first
