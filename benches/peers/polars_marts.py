"""The eight marts of the Polars pipeline, as lazy frames."""

import cleaning as c
import polars as pl
from cleaning import month_end
from polars_pipeline import FLAGS, PLACE, age

NAMES = {"PKH": "PROGRAM KELUARGA HARAPAN", "SEMBAKO": "PROGRAM SEMBAKO", "BST": "BANTUAN SOSIAL TUNAI",
         "KPE": "KARTU PENYANGGA EKONOMI"}
FROM_RT = ["status_bangunan", "jenis_lantai", "jenis_dinding", "jenis_atap", "sumber_air_minum", "sumber_penerangan",
           "bahan_bakar_masak", "fasilitas_bab"]
FROM_ART = ["id_art", "id_dtks", "tanggal_lahir", "umur", "jenis_kelamin", "hubungan_krt", "status_perkawinan", "jenis_disabilitas",
            "penyakit_kronis", "partisipasi_sekolah", "jenjang_pendidikan", "ijazah_tertinggi", "status_bekerja", "lapangan_usaha",
            "status_pekerjaan"]


def write_all(rt, art, rows, recipients, periods, write):
    last = periods[-1]
    per_nik = recipients.filter(pl.col("nik").is_not_null()).group_by("nik").agg(
        program=pl.col("program").unique().sort(),
        beda_nama=pl.col("nama").str.replace_all("[^A-Z]", "").drop_nulls().n_unique() > 1).collect().lazy()
    families = family_figures(art).collect().lazy()
    latest = latest_persons(rt, art, rows, last).collect().lazy()
    write("mart_1_kpm", mart_1(recipients, latest, art, per_nik, last), ["kode_program", "kode_desa", "nik", "nama", "id_kpm"])
    write("mart_2_perbandingan_dtks", mart_2(rt, families), ["periode", "kode_desa"])
    write("mart_3_perubahan_desil", mart_3(rt, periods), None)
    write("mart_4_usulan_penetapan", mart_4(art, rows), ["periode", "urutan", "nama", "kode_desa", "id_dtks", "no_kk"])
    write("mart_5_individu", mart_5(rt, art, per_nik, last), ["id_art", "periode"])
    write("mart_6_rumah_tangga", mart_6(rt, families, last), ["id_dtks", "periode"])
    write("mart_7_segmentasi", mart_7(rt, periods), ["id_dtks"])
    write("mart_8_disabilitas", mart_8(rows, latest, per_nik, last), ["kode_desa", "nik", "nama", "id_disabilitas"])


def latest_persons(rt, art, rows, last):
    """The person of the last periode behind each nik of a list, with the household: the smallest id_art."""
    homes = rt.filter(pl.col("periode") == last).select("id_dtks", "desil", *FROM_RT)
    people = art.filter(pl.col("periode") == last, pl.col("nik").is_not_null()).join(rows.select("nik").unique(), on="nik", how="semi")
    return people.sort("id_art").unique("nik", keep="first").join(homes, on="id_dtks", how="left").with_columns(ada=pl.lit(True))


def joined(programs):
    return programs.list.join(", ")


def mart_1(b, latest, art, per_nik, last):
    theirs = latest.select("nik", "ada", "desil", "penerima_kis", *FROM_ART, *FROM_RT, **{f"{n}_a": n for n in [*PLACE, "no_kk", "status_kk"]})
    out = b.select("id_kpm", "program", "tahap", "nik_asal", "nik", "status_nik", "nama", "sumber", "periode", "no_kk", "status_kk", *PLACE)
    out = out.join(theirs, on="nik", how="left").join(per_nik.rename({"program": "milik"}), on="nik", how="left")
    own, by_list = pl.col("no_kk_a").is_not_null(), pl.col("kode_desa").is_not_null() | pl.col("kode_kecamatan_a").is_null()
    out = out.with_columns(
        pl.when(own).then("status_kk_a").otherwise("status_kk").alias("status_kk"),
        pl.when(own).then(pl.lit("DTKS")).when(pl.col("no_kk").is_not_null()).then(pl.lit("DAFTAR")).alias("sumber_no_kk"),
        pl.coalesce("no_kk_a", "no_kk").alias("no_kk"), *(pl.when(by_list).then(n).otherwise(f"{n}_a").alias(n) for n in PLACE),
        milik=pl.coalesce("milik", pl.concat_list("program")), penerima_kis=pl.col("penerima_kis").fill_null(False),
        nik_ganda=pl.col("nik").is_not_null() & (pl.len().over("program", "nik") > 1))
    per_family = out.filter(pl.col("no_kk").is_not_null()).group_by("no_kk").agg(serumah=pl.col("program").unique())
    covered = art.filter(pl.col("periode") == last, "penerima_kis", pl.col("no_kk").is_not_null()).select("no_kk", kis=pl.lit(True)).unique()
    out = out.join(per_family, on="no_kk", how="left").join(covered, on="no_kk", how="left")
    whole = pl.col("milik").list.set_union(pl.col("serumah").fill_null([])).list.sort()
    out = out.with_columns(semua=whole, sehat=pl.col("penerima_kis") | pl.col("kis").fill_null(False))
    has = lambda p, of="milik": pl.col(of).list.contains(p)  # noqa: E731
    other, program = has("PKH", "semua") | has("SEMBAKO", "semua"), pl.col("program")
    rules = {"BST_TIDAK_BOLEH_RANGKAP": (program == "BST") & other, "KIS_WAJIB_UNTUK_PKH": (program == "PKH") & ~pl.col("sehat"),
             "KPE_TIDAK_BOLEH_RANGKAP": (program == "KPE") & other, "SEMBAKO_WAJIB_UNTUK_PKH": (program == "PKH") & ~has("SEMBAKO", "semua")}
    broken = pl.concat_str([pl.when(broken).then(pl.lit(rule)) for rule, broken in rules.items()], separator=", ", ignore_nulls=True)
    found, desil = pl.col("ada").fill_null(False), pl.col("desil")
    group = pl.when(~found).then(pl.lit("TIDAK DITEMUKAN DI DTKS")).when(desil <= 2).then(pl.lit("DESIL 1-2"))
    count = pl.col("milik").list.len()
    return out.with_columns(
        sumber_data="sumber", kode_program="program", nama_program=program.replace_strict(NAMES), periode_bantuan="periode",
        nik_ganda_beda_nama=pl.col("beda_nama").fill_null(False), ditemukan_di_dtks=found, periode_dtks=pl.lit(last),
        kelompok_desil=group.when(desil <= 4).then(pl.lit("DESIL 3-4")).otherwise(pl.lit("DI LUAR DESIL 1-4")),
        jumlah_program=count, daftar_program=joined(pl.col("milik")),
        jumlah_program_keluarga=pl.col("semua").list.len(), daftar_program_keluarga=joined(pl.col("semua")),
        **{f"penerima_{p.lower()}": has(p) for p in NAMES}, pkh_dan_sembako=has("PKH") & has("SEMBAKO"),
        pkh_tanpa_sembako=has("PKH") & ~has("SEMBAKO"), pkh_tanpa_kis=has("PKH") & ~pl.col("penerima_kis"),
        dua_program_lain=(count == 2) & ~(has("PKH") & has("SEMBAKO")), tiga_program=count >= 3,
        melanggar_aturan=pl.any_horizontal(rules.values()), aturan_dilanggar=pl.when(broken != "").then(broken),
        indikasi_inclusion_error=program.is_in(["PKH", "SEMBAKO"]) & ~found)


def family_figures(art):
    """Figures of each family in one household and one desa."""
    number = pl.col("nomor_urut_keluarga").fill_null(1).cast(pl.String)
    count = lambda what: what.fill_null(False).sum()  # noqa: E731
    return art.group_by("periode", "kode_desa", "id_dtks", keluarga=pl.coalesce("no_kk", pl.col("id_dtks") + "-" + number)).agg(
        individu=pl.len(), laki=count(pl.col("jenis_kelamin") == "LAKI-LAKI"), perempuan=count(pl.col("jenis_kelamin") == "PEREMPUAN"),
        disabilitas=count(pl.col("jenis_disabilitas") != "TIDAK CACAT"), lansia=count(pl.col("umur") >= 60),
        balita=count(pl.col("umur") < 5), **{f: pl.col(f).any() for f in FLAGS})


def mart_2(rt, families):
    desil = pl.col("desil")
    homes = rt.group_by("periode", "kode_desa").agg(
        jumlah_rumah_tangga=pl.len(), **{f"rt_desil_{i}": (desil == i).sum() for i in range(1, 5)}, rt_desil_lain=(desil > 4).sum(),
        rt_tanpa_desil=desil.is_null().sum())
    once = families.group_by("periode", "kode_desa", "keluarga").agg(
        *(pl.col(n).sum() for n in ("individu", "laki", "perempuan")), *(pl.col(f).any() for f in FLAGS))
    known = pl.col("keluarga").is_not_null()
    people = once.group_by("periode", "kode_desa").agg(
        jumlah_keluarga=known.sum(), jumlah_individu=pl.col("individu").sum(), jumlah_laki_laki=pl.col("laki").sum(),
        jumlah_perempuan=pl.col("perempuan").sum(), **{f.replace("penerima", "kpm"): (pl.col(f) & known).sum() for f in FLAGS})
    out = homes.join(people, on=["periode", "kode_desa"], how="full", coalesce=True, nulls_equal=True)
    names = pl.LazyFrame([{"kode_desa": d, "kode_kecamatan": d[:7], "kecamatan": c.KECAMATAN[d[:7]], "desa": r["nama_desa"].upper()} for d, r in c.DESA.items()])
    return out.with_columns(pl.exclude("periode", "kode_desa").fill_null(0)).join(names, on="kode_desa", how="left")


def mart_3(rt, periods):
    rt = rt.select("periode", "id_dtks", "nama_krt", *PLACE, "desil").collect()
    by_periode = {p: rt.filter(pl.col("periode") == p).drop("periode").lazy() for p in periods}
    parts, names = [], ["nama_krt", *PLACE]
    for i, early in enumerate(periods):
        for j in range(i + 1, len(periods)):
            first = by_periode[early].rename({"desil": "desil_awal"}).with_columns(a=pl.lit(True))
            second = by_periode[periods[j]].rename({"desil": "desil_akhir"}).with_columns(b=pl.lit(True))
            both = first.join(second, on="id_dtks", how="full", coalesce=True, suffix="_b")
            before, after, gone = pl.col("desil_awal"), pl.col("desil_akhir"), pl.col("b").is_null()
            status = pl.when(gone).then(pl.lit("GRADUASI")).when(pl.col("a").is_null()).then(pl.lit("BARU_MASUK"))
            status = status.when(before.is_null() | after.is_null()).then(pl.lit("TANPA_DESIL")).when(after > before).then(pl.lit("NAIK"))
            parts.append(both.select(
                periode_awal=pl.lit(early), periode_akhir=pl.lit(periods[j]), berurutan=pl.lit(j == i + 1), id_dtks="id_dtks",
                **{n: pl.when(gone).then(n).otherwise(f"{n}_b") for n in names}, desil_awal=before, desil_akhir=after,
                status_perubahan=status.when(after < before).then(pl.lit("TURUN")).otherwise(pl.lit("STAGNAN"))).sort("id_dtks"))
    return pl.concat(parts)


def mart_4(art, rows):
    values = ["id_dtks", "nik", "no_kk", "nama", *PLACE]
    asked = rows.filter(pl.col("program") == "USULAN", ~pl.col("status_data").str.strip_chars("\x01").is_in(["0", "3"]).fill_null(False))
    asked = asked.select("periode", "sumber", "lembar", "baris", "id_art", *values)
    people = art.select("periode", "id_art", *values).join(asked.select("periode").unique(), on="periode", how="semi")
    by_id = people.select("periode", "id_art", lewat_id="id_art")
    by_nik = people.filter(pl.col("nik").is_not_null()).group_by("periode", "nik").agg(lewat_nik=pl.col("id_art").min())
    asked = asked.join(by_id, on=["periode", "id_art"], how="left").join(by_nik, on=["periode", "nik"], how="left")
    asked = asked.with_columns(lewat=pl.coalesce("lewat_id", "lewat_nik")).with_columns(kunci=pl.coalesce("lewat", "id_art", "nik"))
    asked = asked.sort("sumber", "lembar", "baris").filter(pl.col("kunci").is_null() | pl.struct("periode", "kunci").is_first_distinct())
    met = asked.filter(pl.col("lewat").is_not_null()).select("periode", *values, id_art="lewat", diusulkan=pl.lit(True))
    out = people.join(met, on=["periode", "id_art"], how="left", suffix="_u").select(
        "periode", "id_art", *(pl.coalesce(n, f"{n}_u").alias(n) for n in values), pl.col("diusulkan").fill_null(False), ditetapkan=pl.lit(True))
    loose = asked.filter(pl.col("lewat").is_null()).select("periode", "id_art", *values, diusulkan=pl.lit(True), ditetapkan=pl.lit(False))
    status = pl.when(~pl.col("ditetapkan")).then(pl.lit("TIDAK_DITETAPKAN")).when("diusulkan").then(pl.lit("DITETAPKAN"))
    return pl.concat([out, loose]).with_columns(status_usulan=status.otherwise(pl.lit("TANPA_USULAN")), urutan=pl.coalesce("id_art", "nik"))


def with_programs(frame, per_nik):
    frame = frame.join(per_nik.select("nik", milik="program"), on="nik", how="left")
    return frame.with_columns(jumlah_program=pl.col("milik").list.len().fill_null(0), daftar_program=joined(pl.col("milik")))


def mart_5(rt, art, per_nik, last):
    homes = rt.select("periode", "id_dtks", "nama_krt", "desil", alamat_rt="alamat")
    out = with_programs(art.join(homes, on=["periode", "id_dtks"], how="left"), per_nik)
    return out.with_columns(alamat=pl.coalesce("alamat", "alamat_rt"), periode_terakhir=pl.col("periode") == last)


def mart_6(rt, families, last):
    sums = ["individu", "disabilitas", "lansia", "balita"]
    counted = families.filter(pl.col("id_dtks").is_not_null()).group_by("periode", "id_dtks").agg(
        jumlah_keluarga=pl.col("keluarga").n_unique(), **{f"jumlah_{n}": pl.col(n).sum() for n in sums}, **{f: pl.col(f).any() for f in FLAGS})
    out = rt.join(counted, on=["periode", "id_dtks"], how="left").with_columns(
        pl.col("jumlah_keluarga", *(f"jumlah_{n}" for n in sums)).fill_null(0), pl.col(FLAGS).fill_null(False))
    return out.with_columns(jumlah_program=pl.sum_horizontal(FLAGS), periode_terakhir=pl.col("periode") == last)


def mart_7(rt, periods):
    seen = rt.group_by("id_dtks").agg(periode_pertama=pl.col("periode").min(), periode_terakhir=pl.col("periode").max(), jumlah_penetapan=pl.len())
    out = seen.join(rt, left_on=["id_dtks", "periode_terakhir"], right_on=["id_dtks", "periode"])
    place = {p: len(periods) - 1 - i for i, p in enumerate(periods)}
    back, share = pl.col("periode_terakhir").replace_strict(place, return_dtype=pl.Int32), pl.col("jumlah_penetapan") / len(periods)
    step = lambda high, middle: pl.when(high).then(0).when(middle).then(1).otherwise(2)  # noqa: E731
    out = out.with_columns(r=step(back == 0, back <= 2), f=step(share >= 0.8, share >= 0.4))
    words = dict(enumerate(["TINGGI", "SEDANG", "RENDAH"]))
    return out.with_columns(recency=pl.col("r").replace_strict(words), frequency=pl.col("f").replace_strict(words),
                            segmen=(3 * pl.col("r") + pl.col("f")).replace_strict(dict(enumerate("ABCDEFGHI"))))


def mart_8(rows, latest, per_nik, last):
    end, nik = month_end(last), pl.col("nik")
    out = rows.filter(pl.col("program") == "DISABILITAS").join(latest.select("nik", "ada", "desil", lahir_dtks="tanggal_lahir"), on="nik", how="left")
    year, day = nik.str.slice(10, 2).cast(pl.Int32, strict=False), nik.str.slice(6, 2).cast(pl.Int32, strict=False) % 40
    century = pl.when(year <= end.year - 2000).then(2000).otherwise(1900)
    written = pl.concat_str((century + year).cast(pl.String), nik.str.slice(8, 2), day.cast(pl.String).str.zfill(2), separator="-")
    of_nik = pl.when(pl.col("status_nik") == "VALID").then(written.str.to_date("%Y-%m-%d", strict=False))
    out = with_programs(out, per_nik).with_columns(tanggal_lahir=pl.coalesce("tanggal_lahir", "lahir_dtks", of_nik))
    out = out.with_columns(umur=age(pl.col("tanggal_lahir"), end), terdaftar_di_dtks=pl.col("ada").fill_null(False)).collect()
    kinds = [c.kind_of_disability(v) for v in out["jenis_disabilitas"]]
    groups = [c.age_group(y) for y in out["umur"]]
    key = pl.concat_str("sumber", "lembar", pl.col("baris").cast(pl.String), separator="#")
    return out.with_columns(pl.Series("ragam_disabilitas", kinds, pl.String), pl.Series("kelompok_usia", groups, pl.String), id_disabilitas=key).lazy()
