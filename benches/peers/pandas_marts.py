"""The eight marts of the pandas pipeline."""

import cleaning as c
import pandas as pd
from pandas_pipeline import ART_FLAGS, PLACE, PROGRAMS, RT_FLAGS, age, hashlib, month_end

FLAGS = list(ART_FLAGS)
FROM_RT = ["status_bangunan", "jenis_lantai", "jenis_dinding", "jenis_atap", "sumber_air_minum", "sumber_penerangan",
           "bahan_bakar_masak", "fasilitas_bab"]


def write_all(rt, art, rows, recipients, periods, write):
    last = periods[-1]
    per_nik = programs_of(recipients, "nik")
    families = family_figures(art)
    latest = latest_persons(rt, art, rows, last)
    write("mart_1_kpm", mart_1(recipients, latest, art, per_nik, last), ["kode_program", "kode_desa", "nik", "nama", "id_kpm"])
    write("mart_2_perbandingan_dtks", mart_2(rt, families), ["periode", "kode_desa"])
    write("mart_3_perubahan_desil", mart_3(rt, periods), ["periode_awal", "periode_akhir", "id_dtks"])
    write("mart_4_usulan_penetapan", mart_4(art, rows), ["periode", "urutan", "nama", "kode_desa", "id_dtks", "no_kk"])
    write("mart_5_individu", mart_5(rt, art, per_nik, last), ["id_art", "periode"])
    write("mart_6_rumah_tangga", mart_6(rt, families, last), ["id_dtks", "periode"])
    write("mart_7_segmentasi", mart_7(rt, periods), ["id_dtks"])
    write("mart_8_disabilitas", mart_8(rows, latest, per_nik, last), ["kode_desa", "nik", "nama", "id_disabilitas"])


def programs_of(rows, key):
    """The programs of each nik or family, as a sorted tuple."""
    known = rows[rows[key].notna()]
    return known.groupby(key)["program"].agg(lambda p: tuple(sorted(set(p)))).to_dict()


def latest_persons(rt, art, rows, last):
    """The person of the last periode behind each nik of a list, with the household: the smallest id_art."""
    found = art[(art["periode"] == last) & art["nik"].isin(set(rows["nik"].dropna()))]
    found = found.sort_values("id_art").drop_duplicates("nik")
    homes = rt.loc[rt["periode"] == last, ["id_dtks", "desil", *FROM_RT]]
    return found.merge(homes, on="id_dtks", how="left").set_index("nik")


def mart_1(b, latest, art, per_nik, last):
    b, end = b.reset_index(drop=True), month_end(last)
    a = latest.reindex(b["nik"].tolist()).reset_index(drop=True)
    found = b["nik"].isin(latest.index)
    out = b[["id_kpm", "nik_asal", "nik", "status_nik", "nama", "tahap"]].copy()
    out["sumber_data"], out["kode_program"], out["periode_bantuan"] = b["sumber"], b["program"], b["periode"]
    out["nama_program"] = b["program"].map(PROGRAMS)
    known = b["nik"].notna()
    out["nik_ganda"] = known & b.duplicated(["program", "nik"], keep=False)
    letters = b["nama"].map(lambda n: "".join(filter(str.isalpha, n)) if isinstance(n, str) else None)
    names = letters[known].groupby(b["nik"][known]).nunique()
    out["nik_ganda_beda_nama"] = b["nik"].map(names).fillna(0) > 1
    own = a["no_kk"].notna()
    out["no_kk"] = a["no_kk"].where(own, b["no_kk"])
    out["status_kk"] = a["status_kk"].where(own, b["status_kk"])
    out["sumber_no_kk"] = pd.Series("DTKS", out.index).where(own, pd.Series("DAFTAR", out.index).where(b["no_kk"].notna(), None))
    by_list = b["kode_desa"].notna() | a["kode_kecamatan"].isna()
    for name in PLACE:
        out[name] = b[name].where(by_list, a[name])
    out["ditemukan_di_dtks"], out["periode_dtks"] = found, last
    out["desil"] = a["desil"]
    groups = a["desil"].map(lambda d: "DI LUAR DESIL 1-4" if pd.isna(d) or d > 4 else "DESIL 1-2" if d < 3 else "DESIL 3-4")
    out["kelompok_desil"] = groups.where(found, "TIDAK DITEMUKAN DI DTKS")
    out["umur"] = pd.array([None if pd.isna(t) else age(t, end) for t in a["tanggal_lahir"]], dtype="Int32")
    for name in ["id_art", "id_dtks", "tanggal_lahir", "jenis_kelamin", "hubungan_krt", "status_perkawinan", "jenis_disabilitas",
                 "penyakit_kronis", "partisipasi_sekolah", "jenjang_pendidikan", "ijazah_tertinggi", "status_bekerja",
                 "lapangan_usaha", "status_pekerjaan", *FROM_RT]:
        out[name] = a[name]
    out["penerima_kis"] = a["penerima_kis"].map(lambda v: v is True or v == True)  # noqa: E712
    mine = [per_nik[n] if k else (p,) for n, k, p in zip(b["nik"], known, b["program"])]
    per_family = programs_of(pd.DataFrame({"no_kk": out["no_kk"], "program": b["program"]}), "no_kk")
    whole = [tuple(sorted({*m, *per_family.get(k, ())})) for m, k in zip(mine, out["no_kk"])]
    covered = set(art.loc[(art["periode"] == last) & art["penerima_kis"], "no_kk"].dropna())
    out["jumlah_program"], out["daftar_program"] = [len(m) for m in mine], [", ".join(m) for m in mine]
    out["jumlah_program_keluarga"], out["daftar_program_keluarga"] = [len(w) for w in whole], [", ".join(w) for w in whole]
    for program in PROGRAMS:
        out[f"penerima_{program.lower()}"] = [program in m for m in mine]
    pkh, sembako = out["penerima_pkh"], out["penerima_sembako"]
    out["pkh_dan_sembako"], out["pkh_tanpa_sembako"] = pkh & sembako, pkh & ~sembako
    out["pkh_tanpa_kis"] = pkh & ~out["penerima_kis"]
    out["dua_program_lain"] = (out["jumlah_program"] == 2) & ~(pkh & sembako)
    out["tiga_program"] = out["jumlah_program"] >= 3
    health = [kis or kk in covered for kis, kk in zip(out["penerima_kis"], out["no_kk"])]
    broken = [", ".join(rules(p, w, h)) or None for p, w, h in zip(b["program"], whole, health)]
    out["melanggar_aturan"], out["aturan_dilanggar"] = [r is not None for r in broken], broken
    out["indikasi_inclusion_error"] = b["program"].isin(["PKH", "SEMBAKO"]) & ~found
    return out


def rules(program, family, health):
    other = "PKH" in family or "SEMBAKO" in family
    if program in ("BST", "KPE") and other:
        yield f"{program}_TIDAK_BOLEH_RANGKAP"
    if program == "PKH" and not health:
        yield "KIS_WAJIB_UNTUK_PKH"
    if program == "PKH" and "SEMBAKO" not in family:
        yield "SEMBAKO_WAJIB_UNTUK_PKH"


def family_figures(art):
    """Figures of each family in one household and one desa."""
    number = art["nomor_urut_keluarga"].fillna(1).astype("Int64").astype(str)
    alone = (art["id_dtks"] + "-" + number).where(art["id_dtks"].notna(), None)
    frame = art[["periode", "kode_desa", "id_dtks", *FLAGS]].copy()
    frame["keluarga"] = art["no_kk"].where(art["no_kk"].notna(), alone)
    frame["individu"] = 1
    frame["laki"] = art["jenis_kelamin"] == "LAKI-LAKI"
    frame["perempuan"] = art["jenis_kelamin"] == "PEREMPUAN"
    frame["disabilitas"] = art["jenis_disabilitas"].notna() & (art["jenis_disabilitas"] != "TIDAK CACAT")
    frame["lansia"] = (art["umur"] >= 60).fillna(False)
    frame["balita"] = (art["umur"] < 5).fillna(False)
    sums = dict.fromkeys(["individu", "laki", "perempuan", "disabilitas", "lansia", "balita"], "sum")
    frame[FLAGS] = frame[FLAGS].astype(bool)
    return frame.groupby(["periode", "kode_desa", "id_dtks", "keluarga"], dropna=False).agg({**sums, **dict.fromkeys(FLAGS, "max")}).reset_index()


def mart_2(rt, families):
    homes = rt[["periode", "kode_desa"]].assign(jumlah_rumah_tangga=1, **{f"rt_desil_{i}": (rt["desil"] == i).fillna(False) for i in range(1, 5)})
    homes = homes.assign(rt_desil_lain=(rt["desil"] > 4).fillna(False), rt_tanpa_desil=rt["desil"].isna())
    homes = homes.groupby(["periode", "kode_desa"], dropna=False).sum()
    sums = dict.fromkeys(["individu", "laki", "perempuan"], "sum")
    once = families.groupby(["periode", "kode_desa", "keluarga"], dropna=False).agg({**sums, **dict.fromkeys(FLAGS, "max")}).reset_index()
    for flag in FLAGS:
        once[flag] = once[flag] & once["keluarga"].notna()
    once["jumlah_keluarga"] = once["keluarga"].notna()
    people = once.drop(columns="keluarga").groupby(["periode", "kode_desa"], dropna=False).sum()
    people = people.rename(columns={"individu": "jumlah_individu", "laki": "jumlah_laki_laki", "perempuan": "jumlah_perempuan",
                                    **{f: f.replace("penerima", "kpm") for f in FLAGS}})
    out = homes.join(people, how="outer").fillna(0).astype("int64").reset_index()
    told = [None if pd.isna(d) else d for d in out["kode_desa"]]
    out["kode_desa"], out["kode_kecamatan"] = told, [d and d[:7] for d in told]
    out["kecamatan"] = [d and c.KECAMATAN[d[:7]] for d in told]
    out["desa"] = [d and c.DESA[d]["nama_desa"].upper() for d in told]
    return out


def mart_3(rt, periods):
    parts, columns = [], ["id_dtks", "nama_krt", *PLACE, "desil"]
    by_periode = {p: rt.loc[rt["periode"] == p, columns] for p in periods}
    for i, early in enumerate(periods):
        for j in range(i + 1, len(periods)):
            both = by_periode[early].merge(by_periode[periods[j]], on="id_dtks", how="outer", suffixes=("_a", "_b"), indicator=True)
            out = both[["id_dtks"]].copy()
            gone, new = both["_merge"] == "left_only", both["_merge"] == "right_only"
            for name in ["nama_krt", *PLACE]:
                out[name] = both[f"{name}_a"].where(gone, both[f"{name}_b"])
            out["desil_awal"], out["desil_akhir"] = both["desil_a"], both["desil_b"]
            status = pd.Series("STAGNAN", out.index)
            status = status.mask((both["desil_b"] > both["desil_a"]).fillna(False), "NAIK").mask((both["desil_b"] < both["desil_a"]).fillna(False), "TURUN")
            status = status.mask(both["desil_a"].isna() | both["desil_b"].isna(), "TANPA_DESIL").mask(new, "BARU_MASUK").mask(gone, "GRADUASI")
            parts.append(out.assign(periode_awal=early, periode_akhir=periods[j], berurutan=j == i + 1, status_perubahan=status))
    return pd.concat(parts, ignore_index=True)


def mart_4(art, rows):
    values = ["id_dtks", "nik", "no_kk", "nama", "kode_kecamatan", "kecamatan", "kode_desa", "desa"]
    rows = rows[(rows["program"] == "USULAN") & ~rows["status_data"].isin(["\x010", "\x013", "0", "3"])]
    parts = []
    for periode, asked in rows.groupby("periode"):
        people = art[art["periode"] == periode]
        by_nik = people[people["nik"].notna()].groupby("nik")["id_art"].min()
        through = asked["id_art"].where(asked["id_art"].isin(set(people["id_art"])), None)
        through = through.where(through.notna(), asked["nik"].map(by_nik))
        key = through.where(through.notna(), asked["id_art"].where(asked["id_art"].notna(), asked["nik"]))
        asked = asked.assign(lewat=through, kunci=key).sort_values(["sumber", "lembar", "baris"])
        asked = asked[asked["kunci"].isna() | ~asked.duplicated("kunci")]
        met = asked[asked["lewat"].notna()].set_index("lewat")
        out = people[["id_art", *values]].copy()
        other = met.reindex(out["id_art"].tolist())
        for name in values:
            out[name] = out[name].where(out[name].notna(), other[name].to_numpy())
        out["diusulkan"] = out["id_art"].isin(met.index)
        out["status_usulan"] = out["diusulkan"].map({True: "DITETAPKAN", False: "TANPA_USULAN"})
        loose = asked.loc[asked["lewat"].isna(), ["id_art", *values]].assign(diusulkan=True, status_usulan="TIDAK_DITETAPKAN")
        parts += [out.assign(periode=periode, ditetapkan=True), loose.assign(periode=periode, ditetapkan=False)]
    both = pd.concat(parts, ignore_index=True)
    return both.assign(urutan=both["id_art"].where(both["id_art"].notna(), both["nik"]))


def mart_5(rt, art, per_nik, last):
    homes = rt[["periode", "id_dtks", "nama_krt", "desil", "alamat"]].rename(columns={"alamat": "alamat_rt"})
    out = art.merge(homes, on=["periode", "id_dtks"], how="left")
    out["alamat"] = out["alamat"].where(out["alamat"].notna(), out["alamat_rt"])
    out["periode_terakhir"] = out["periode"] == last
    mine = [per_nik.get(n, ()) for n in out["nik"]]
    out["jumlah_program"], out["daftar_program"] = [len(m) for m in mine], [", ".join(m) or None for m in mine]
    return out


def mart_6(rt, families, last):
    known = families[families["id_dtks"].notna()]
    sums = dict.fromkeys(["individu", "disabilitas", "lansia", "balita"], "sum")
    counted = known.groupby(["periode", "id_dtks"]).agg({"keluarga": "nunique", **sums, **dict.fromkeys(FLAGS, "max")}).reset_index()
    counted = counted.rename(columns={n: f"jumlah_{n}" for n in ["keluarga", *sums]})
    out = rt.merge(counted, on=["periode", "id_dtks"], how="left")
    figures = [f"jumlah_{n}" for n in ["keluarga", *sums]]
    out[figures] = out[figures].fillna(0).astype("int32")
    for flag in FLAGS:
        out[flag] = out[flag].map(lambda v: v is True or v == True)  # noqa: E712
    out["jumlah_program"] = out[FLAGS].sum(axis=1)
    return out.assign(periode_terakhir=out["periode"] == last)


def mart_7(rt, periods):
    seen = rt.groupby("id_dtks")["periode"].agg(["min", "max", "count"]).reset_index()
    seen.columns = ["id_dtks", "periode_pertama", "periode_terakhir", "jumlah_penetapan"]
    out = seen.merge(rt, left_on=["id_dtks", "periode_terakhir"], right_on=["id_dtks", "periode"])
    back = out["periode_terakhir"].map({p: len(periods) - 1 - i for i, p in enumerate(periods)})
    out["recency"] = ["TINGGI" if b == 0 else "SEDANG" if b <= 2 else "RENDAH" for b in back]
    share = out["jumlah_penetapan"] / len(periods)
    out["frequency"] = ["TINGGI" if s >= 0.8 else "SEDANG" if s >= 0.4 else "RENDAH" for s in share]
    words = ["TINGGI", "SEDANG", "RENDAH"]
    out["segmen"] = ["ABCDEFGHI"[3 * words.index(r) + words.index(f)] for r, f in zip(out["recency"], out["frequency"])]
    return out


def mart_8(rows, latest, per_nik, last):
    out, end = rows[rows["program"] == "DISABILITAS"].reset_index(drop=True), month_end(last)
    a = latest.reindex(out["nik"].tolist()).reset_index(drop=True)
    names = zip(out["sumber"], out["lembar"], out["baris"])
    out["id_disabilitas"] = [hashlib.md5("#".join(map(str, name)).encode()).hexdigest() for name in names]
    out["terdaftar_di_dtks"] = out["nik"].isin(latest.index)
    out["desil"] = a["desil"]
    born = out["tanggal_lahir"].where(out["tanggal_lahir"].notna(), a["tanggal_lahir"])
    born = [t if not pd.isna(t) else of_nik(n, end) if s == "VALID" else None for t, n, s in zip(born, out["nik"], out["status_nik"])]
    ages = [None if t is None else age(t, end) for t in born]
    out["tanggal_lahir"], out["umur"] = born, pd.array(ages, dtype="Int32")
    out["kelompok_usia"] = [c.age_group(y) for y in ages]
    out["ragam_disabilitas"] = [c.kind_of_disability(v) for v in out["jenis_disabilitas"]]
    mine = [per_nik.get(n, ()) for n in out["nik"]]
    out["jumlah_program"], out["daftar_program"] = [len(m) for m in mine], [", ".join(m) or None for m in mine]
    return out


def of_nik(nik, end):
    """The date of birth that a NIK carries."""
    day = int(nik[6:8])
    return c.date(f"{day - 40 if day > 40 else day}-{nik[8:10]}-{nik[10:12]}", end)
