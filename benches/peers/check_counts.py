"""Compares the marts of a peer with those of a release, so that the race is fair.

    check_counts.py RELEASE_MARTS PEER_MARTS [--peer NAME]

Rows of every mart and figures over them must be equal, but for the tolerances below, each with its reason. Ends with 1
if one is not. Needs duckdb alone.
"""

import argparse
import sys

import duckdb

MARTS = ["mart_1_kpm", "mart_2_perbandingan_dtks", "mart_3_perubahan_desil", "mart_4_usulan_penetapan", "mart_5_individu",
         "mart_6_rumah_tangga", "mart_7_segmentasi", "mart_8_disabilitas"]

# (mart, what it counts, SQL over `m`). A figure with several rows is compared row by row.
FIGURES = [
    ("mart_1_kpm", "per program", "SELECT kode_program, count(*) FROM m GROUP BY ALL"),
    ("mart_1_kpm", "status of NIK", "SELECT status_nik, count(*) FROM m GROUP BY ALL"),
    ("mart_1_kpm", "double benefits", "SELECT daftar_program, count(DISTINCT nik) FROM m GROUP BY ALL"),
    ("mart_1_kpm", "of families", "SELECT daftar_program_keluarga, count(*) FROM m GROUP BY ALL"),
    ("mart_1_kpm", "NIK twice", "SELECT count_if(nik_ganda), count_if(nik_ganda_beda_nama) FROM m"),
    ("mart_1_kpm", "per desil group", "SELECT kelompok_desil, count(*) FROM m GROUP BY ALL"),
    ("mart_1_kpm", "rules broken", "SELECT aturan_dilanggar, count(*) FROM m GROUP BY ALL"),
    ("mart_1_kpm", "inclusion errors", "SELECT count_if(indikasi_inclusion_error), count_if(pkh_tanpa_kis), count_if(dua_program_lain) FROM m"),
    ("mart_1_kpm", "per kecamatan", "SELECT kode_kecamatan, count(*), count(kode_desa) FROM m GROUP BY ALL"),
    ("mart_1_kpm", "labels", "SELECT count(hubungan_krt), count(lapangan_usaha), count(jenis_lantai), count(fasilitas_bab) FROM m"),
    ("mart_2_perbandingan_dtks", "per periode", "SELECT periode, sum(jumlah_rumah_tangga), sum(jumlah_keluarga), sum(jumlah_individu), sum(jumlah_perempuan), sum(kpm_kks), sum(kpm_kis), sum(kpm_bpnt) FROM m GROUP BY ALL"),
    ("mart_2_perbandingan_dtks", "desil", "SELECT periode, sum(rt_desil_1), sum(rt_desil_4), sum(rt_desil_lain), sum(rt_tanpa_desil) FROM m GROUP BY ALL"),
    ("mart_3_perubahan_desil", "status", "SELECT periode_awal, periode_akhir, status_perubahan, count(*) FROM m GROUP BY ALL"),
    ("mart_4_usulan_penetapan", "status", "SELECT periode, status_usulan, count(*), count(nik), count(kode_desa) FROM m GROUP BY ALL"),
    ("mart_5_individu", "invalid NIK", "SELECT periode, status_nik, count(*) FROM m GROUP BY ALL"),
    ("mart_5_individu", "status of KK", "SELECT periode, status_kk, count(*) FROM m GROUP BY ALL"),
    ("mart_5_individu", "ages", "SELECT periode, count(tanggal_lahir), sum(umur) FROM m GROUP BY ALL"),
    ("mart_5_individu", "places", "SELECT periode, kode_kecamatan, count(*), count(kode_desa) FROM m GROUP BY ALL"),
    ("mart_5_individu", "relations", "SELECT hubungan_krt, count(*) FROM m GROUP BY ALL"),
    ("mart_5_individu", "codes", "SELECT lapangan_usaha, count(*) FROM m GROUP BY ALL"),
    ("mart_5_individu", "names", "SELECT count(DISTINCT nama), count(nama), count(tempat_lahir), count(alamat), count(nama_krt) FROM m"),
    ("mart_5_individu", "flags", "SELECT periode, count_if(penerima_kks), count_if(penerima_kis), count_if(penerima_kip), count_if(penerima_pkh), count_if(penerima_bpnt) FROM m GROUP BY ALL"),
    ("mart_5_individu", "programs", "SELECT jumlah_program, count(*) FROM m GROUP BY ALL"),
    ("mart_6_rumah_tangga", "per desil", "SELECT periode, desil, count(*) FROM m GROUP BY ALL"),
    ("mart_6_rumah_tangga", "members", "SELECT periode, sum(jumlah_individu), sum(jumlah_keluarga), sum(jumlah_lansia), sum(jumlah_balita), sum(jumlah_disabilitas), sum(jumlah_program) FROM m GROUP BY ALL"),
    ("mart_6_rumah_tangga", "heads", "SELECT periode, count(nik_krt), count(no_kk_krt), count(nama_krt) FROM m GROUP BY ALL"),
    ("mart_6_rumah_tangga", "dwelling", "SELECT jenis_lantai, sumber_penerangan, count(*) FROM m GROUP BY ALL"),
    ("mart_6_rumah_tangga", "assets", "SELECT count_if(ada_motor), count_if(ada_tabung_gas), sum(jumlah_sapi), sum(jumlah_kambing), count(luas_lantai) FROM m"),
    ("mart_7_segmentasi", "segments", "SELECT segmen, count(*) FROM m GROUP BY ALL"),
    ("mart_7_segmentasi", "per desil", "SELECT desil, count(*) FROM m GROUP BY ALL"),
    ("mart_8_disabilitas", "kinds", "SELECT ragam_disabilitas, count(*) FROM m GROUP BY ALL"),
    ("mart_8_disabilitas", "ages", "SELECT kelompok_usia, count(*) FROM m GROUP BY ALL"),
    ("mart_8_disabilitas", "in DTKS", "SELECT count_if(terdaftar_di_dtks), count(nik), count(desil), sum(jumlah_program) FROM m"),
]

# Where a peer simplifies on purpose: (peer, mart, figure or "rows"): the largest difference of one count, and why.
TOLERANCE: dict[tuple[str, str, str], tuple[int, str]] = {}


def figure(con, folder, mart, sql):
    con.execute(f"CREATE OR REPLACE VIEW m AS SELECT * FROM '{folder}/{mart}.parquet'")
    rows = con.execute(sql).fetchall()
    groups = 0
    if "GROUP BY" in sql:
        listed = sql[len("SELECT "):sql.index(" FROM")].split(", ")
        groups = sum("(" not in c for c in listed)
    return {row[:groups]: row[groups:] for row in rows}


def apart(ours, theirs):
    """The largest difference of one count, and where it is."""
    worst = (0, None)
    for group in ours.keys() | theirs.keys():
        a, b = ours.get(group), theirs.get(group)
        a, b = a or (0,) * len(b), b or (0,) * len(a)
        for x, y in zip(a, b):
            worst = max(worst, (abs((x or 0) - (y or 0)), group), key=lambda w: w[0])
    return worst


def schema(con, folder, mart):
    return [(c[0], c[1]) for c in con.execute(f"DESCRIBE SELECT * FROM '{folder}/{mart}.parquet'").fetchall()]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("ours")
    parser.add_argument("theirs")
    parser.add_argument("--peer", default="duckdb_floor")
    args = parser.parse_args()
    con = duckdb.connect()
    bad = 0
    for mart in MARTS:
        if schema(con, args.ours, mart) != schema(con, args.theirs, mart):
            print(f"!! {mart}: other columns or types")
            bad += 1
    checks = [(m, "rows", "SELECT count(*) FROM m") for m in MARTS] + FIGURES
    for mart, what, sql in checks:
        worst, where = apart(figure(con, args.ours, mart, sql), figure(con, args.theirs, mart, sql))
        allowed, reason = TOLERANCE.get((args.peer, mart, what), (0, ""))
        if worst > allowed:
            bad += 1
        if worst:
            print(f"{'!!' if worst > allowed else 'ok'} {mart}: {what}: {worst} apart at {where}, {allowed} allowed {reason}")
    print(f"{len(checks)} figures compared, {bad} not equal")
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
