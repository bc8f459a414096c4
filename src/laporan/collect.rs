//! The figures of a release, asked of its warehouse.

use super::advice::{meaning, what_to_do};
use super::compare::changes;
use super::quality::{Quality, QuarantineLine, RuleLine, SourceLine, StatusLine, VillageLine};
use crate::config::Zone;
use crate::run::FileRecord;
use crate::warehouse::{ReleaseReader, TextRow, WarehouseError};
use std::collections::BTreeMap;

/// What the run knows of a release that its warehouse does not tell.
pub struct SourceFacts<'a> {
    /// The run.
    pub run_id: &'a str,
    /// When, UTC.
    pub waktu: &'a str,
    /// The time zone in which people are shown it.
    pub zona_waktu: Zone,
    /// The latest periode.
    pub periode_terakhir: Option<&'a str>,
    /// Files that count.
    pub berkas: &'a [FileRecord],
    /// Findings by level.
    pub temuan: &'a BTreeMap<String, i64>,
    /// Rows of tables and marts.
    pub baris: &'a BTreeMap<String, i64>,
}

/// Collects the quality of a release, and compares it with the one before.
///
/// # Errors
/// [`WarehouseError`] where the warehouse cannot be asked.
pub fn collect(
    reader: &ReleaseReader,
    facts: &SourceFacts<'_>,
    before: Option<&Quality>,
) -> Result<Quality, WarehouseError> {
    let sql = |name: &str, sql: &str| reader.rows(&format!("quality report: {name}"), sql);
    // Looked up once: the view joins every finding with its row.
    reader.run("quality report: places of findings", PLACED)?;
    let marts = facts.baris.iter().filter(|(name, _)| name.starts_with("mart_"));
    let mut quality = Quality {
        run_id: facts.run_id.to_owned(),
        waktu: facts.waktu.to_owned(),
        zona_waktu: facts.zona_waktu,
        periode_terakhir: facts.periode_terakhir.map(str::to_owned),
        temuan: facts.temuan.clone(),
        mart: marts.map(|(name, rows)| (name.clone(), *rows)).collect(),
        sumber: sources(facts.berkas, &sql("findings by file", BY_FILE)?),
        perubahan: None,
        aturan: sql("rules", RULES)?.iter().map(rule).collect(),
        status_nik: statuses(&sql("status_nik", &STATUS.replace("{status}", "status_nik"))?),
        status_kk: statuses(&sql("status_kk", &STATUS.replace("{status}", "status_kk"))?),
        wilayah: sql("places", VILLAGES)?.iter().map(village).collect(),
        karantina: sql("quarantine", QUARANTINE)?.iter().map(quarantine).collect(),
        berkas: facts.berkas.to_vec(),
    };
    quality.perubahan = before.map(|before| changes(before, &quality));
    Ok(quality)
}

const BY_FILE: &str =
    "SELECT id_berkas, tingkat, CAST(sum(jumlah) AS BIGINT) AS jumlah FROM kualitas_temuan GROUP BY id_berkas, tingkat";

/// A finding without a line tells of a whole file. They are counted later: where there are many, counting them on top of the joins
/// would not fit in memory.
const PLACED: &str = "
CREATE OR REPLACE TEMP TABLE temuan_di_tempat AS
SELECT id_berkas, nama_berkas, aturan, tingkat, nomor_baris IS NOT NULL AS di_baris, kode_kecamatan, kecamatan, kode_desa, desa, pesan, jumlah
FROM kualitas_temuan_wilayah";

fn sources(files: &[FileRecord], findings: &[TextRow]) -> Vec<SourceLine> {
    let mut by_file: BTreeMap<(String, String), i64> = findings
        .iter()
        .map(|row| ((text(row, 0), text(row, 1)), number(row, 2)))
        .collect();
    let mut lines: Vec<SourceLine> = Vec::new();
    for file in files {
        let periode = file.periode.clone().unwrap_or_default();
        let position = lines
            .iter()
            .position(|line| line.sumber == file.sumber && line.periode == periode);
        let index = position.unwrap_or(lines.len());
        if position.is_none() {
            lines.push(SourceLine {
                sumber: file.sumber.clone(),
                periode,
                ..SourceLine::default()
            });
        }
        let Some(line) = lines.get_mut(index) else { continue };
        // A file that fills two tables stands twice; its findings count once.
        let mut level = |name: &str| by_file.remove(&(file.id_berkas.clone(), name.to_owned())).unwrap_or(0);
        line.berkas += 1;
        line.dibaca += file.dibaca;
        line.disimpan += file.disimpan;
        line.ganda += file.ganda;
        line.karantina += file.karantina;
        line.dilewati += signed(file.dilewati.values().sum());
        line.peringatan += level("PERINGATAN");
        line.galat += level("GALAT");
    }
    lines.sort_by(|left, right| (&left.sumber, &left.periode).cmp(&(&right.sumber, &right.periode)));
    lines
}

fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn text(row: &TextRow, index: usize) -> String {
    maybe(row, index).unwrap_or_default()
}

fn maybe(row: &TextRow, index: usize) -> Option<String> {
    row.get(index).cloned().flatten()
}

fn number(row: &TextRow, index: usize) -> i64 {
    text(row, index).parse().unwrap_or(0)
}

/// Gravest first, then by rows. A finding without a line tells of a whole file and has no desa.
const RULES: &str = "
WITH hitung AS (
    SELECT aturan, tingkat, min(pesan) AS pesan, CAST(sum(jumlah) AS BIGINT) AS jumlah, count(DISTINCT id_berkas) AS berkas,
        count(DISTINCT kode_desa) AS desa
    FROM temuan_di_tempat GROUP BY aturan, tingkat
),
per_berkas AS (
    SELECT aturan, tingkat, nama_berkas, row_number() OVER (PARTITION BY aturan, tingkat ORDER BY sum(jumlah) DESC, nama_berkas) AS nomor
    FROM temuan_di_tempat GROUP BY aturan, tingkat, nama_berkas
),
per_desa AS (
    SELECT aturan, tingkat, desa || ' (' || coalesce(kecamatan, '?') || ')' AS desa,
        row_number() OVER (PARTITION BY aturan, tingkat ORDER BY sum(jumlah) DESC, kode_desa) AS nomor
    FROM temuan_di_tempat WHERE desa IS NOT NULL GROUP BY aturan, tingkat, kode_desa, desa, kecamatan
)
SELECT h.aturan, h.tingkat, h.pesan, h.jumlah, h.berkas, h.desa, b.nama_berkas, d.desa AS desa_terbanyak
FROM hitung AS h
LEFT JOIN per_berkas AS b ON b.aturan = h.aturan AND b.tingkat = h.tingkat AND b.nomor = 1
LEFT JOIN per_desa AS d ON d.aturan = h.aturan AND d.tingkat = h.tingkat AND d.nomor = 1
ORDER BY CASE h.tingkat WHEN 'GALAT' THEN 1 WHEN 'PERINGATAN' THEN 2 ELSE 3 END, h.jumlah DESC, h.aturan";

fn rule(row: &TextRow) -> RuleLine {
    let aturan = text(row, 0);
    RuleLine {
        arti: meaning(&aturan).map_or_else(|| text(row, 2), str::to_owned),
        tindakan: what_to_do(&aturan).to_owned(),
        aturan,
        tingkat: text(row, 1),
        jumlah: number(row, 3),
        berkas: number(row, 4),
        desa: number(row, 5),
        berkas_terbanyak: text(row, 6),
        desa_terbanyak: text(row, 7),
    }
}

const STATUS: &str = "
SELECT sumber, periode, status, count(*) AS jumlah FROM (
    SELECT kode_program AS sumber, coalesce(periode_bantuan, 'tahap ' || tahap, '') AS periode, {status} AS status FROM bantuan_sosial
    UNION ALL SELECT 'DTKS anggota', periode, {status} FROM dtks_art
    UNION ALL SELECT 'Data disabilitas', '', {status} FROM data_disabilitas
    UNION ALL SELECT 'Usulan daerah', periode, {status} FROM usulan_daerah
) GROUP BY sumber, periode, status ORDER BY sumber, periode, status";

fn statuses(rows: &[TextRow]) -> Vec<StatusLine> {
    let mut lines: Vec<StatusLine> = Vec::new();
    for row in rows {
        let (sumber, periode) = (text(row, 0), text(row, 1));
        let same = lines
            .last()
            .is_some_and(|line| line.sumber == sumber && line.periode == periode);
        if !same {
            lines.push(StatusLine {
                sumber,
                periode,
                jumlah: BTreeMap::new(),
            });
        }
        if let Some(line) = lines.last_mut() {
            let status = maybe(row, 2).unwrap_or_else(|| "KOSONG".to_owned());
            *line.jumlah.entry(status).or_insert(0) += number(row, 3);
        }
    }
    lines
}

const VILLAGES: &str = "
WITH orang AS (
    SELECT a.kode_kecamatan, a.kecamatan, a.kode_desa, a.desa, a.status_nik, a.status_kk
    FROM dtks_art AS a INNER JOIN parameter AS p ON p.periode_terakhir = a.periode
    UNION ALL SELECT kode_kecamatan, kecamatan, kode_desa, desa, status_nik, status_kk FROM bantuan_sosial
    UNION ALL SELECT kode_kecamatan, kecamatan, kode_desa, desa, status_nik, status_kk FROM data_disabilitas
    UNION ALL SELECT u.kode_kecamatan, u.kecamatan, u.kode_desa, u.desa, u.status_nik, u.status_kk
    FROM usulan_daerah AS u INNER JOIN parameter AS p ON p.periode_terakhir = u.periode
),
isi AS (
    SELECT coalesce(kode_desa, kode_kecamatan, '') AS kunci, min(kecamatan) AS kecamatan, min(kode_desa) AS kode_desa,
        min(desa) AS desa, count(*) AS baris,
        count(*) FILTER (WHERE status_nik = 'VALID') AS nik_valid,
        count(*) FILTER (WHERE coalesce(status_nik, 'KOSONG') NOT IN ('VALID', 'KOSONG')) AS nik_salah,
        count(*) FILTER (WHERE coalesce(status_nik, 'KOSONG') = 'KOSONG') AS nik_kosong,
        count(*) FILTER (WHERE status_kk = 'VALID') AS kk_valid,
        count(*) FILTER (WHERE coalesce(status_kk, 'KOSONG') NOT IN ('VALID', 'KOSONG')) AS kk_salah,
        count(*) FILTER (WHERE coalesce(status_kk, 'KOSONG') = 'KOSONG') AS kk_kosong
    FROM orang GROUP BY coalesce(kode_desa, kode_kecamatan, '')
),
per_aturan AS (
    SELECT coalesce(kode_desa, kode_kecamatan, '') AS kunci, min(kecamatan) AS kecamatan, min(kode_desa) AS kode_desa,
        min(desa) AS desa, aturan, tingkat, CAST(sum(jumlah) AS BIGINT) AS jumlah
    FROM temuan_di_tempat WHERE di_baris AND tingkat <> 'INFO'
    GROUP BY coalesce(kode_desa, kode_kecamatan, ''), aturan, tingkat
),
berurut AS (
    SELECT kunci, aturan, row_number() OVER (PARTITION BY kunci ORDER BY jumlah DESC, aturan) AS nomor FROM per_aturan
),
temuan AS (
    SELECT kunci, min(kecamatan) AS kecamatan, min(kode_desa) AS kode_desa, min(desa) AS desa,
        CAST(sum(CASE WHEN tingkat = 'PERINGATAN' THEN jumlah ELSE 0 END) AS BIGINT) AS peringatan,
        CAST(sum(CASE WHEN tingkat = 'GALAT' THEN jumlah ELSE 0 END) AS BIGINT) AS galat
    FROM per_aturan GROUP BY kunci
)
SELECT coalesce(i.kecamatan, t.kecamatan) AS kecamatan, coalesce(i.kode_desa, t.kode_desa) AS kode_desa,
    coalesce(i.desa, t.desa) AS desa, coalesce(i.baris, 0) AS baris, coalesce(i.nik_valid, 0) AS nik_valid,
    coalesce(i.nik_salah, 0) AS nik_salah, coalesce(i.nik_kosong, 0) AS nik_kosong, coalesce(i.kk_valid, 0) AS kk_valid,
    coalesce(i.kk_salah, 0) AS kk_salah, coalesce(i.kk_kosong, 0) AS kk_kosong, coalesce(t.peringatan, 0) AS peringatan,
    coalesce(t.galat, 0) AS galat, b.aturan AS aturan_terbanyak
FROM isi AS i
FULL JOIN temuan AS t ON t.kunci = i.kunci
LEFT JOIN berurut AS b ON b.kunci = coalesce(i.kunci, t.kunci) AND b.nomor = 1
ORDER BY kecamatan NULLS LAST, desa NULLS LAST, kode_desa NULLS LAST";

fn village(row: &TextRow) -> VillageLine {
    VillageLine {
        kecamatan: maybe(row, 0),
        kode_desa: maybe(row, 1),
        desa: maybe(row, 2),
        baris: number(row, 3),
        nik_valid: number(row, 4),
        nik_salah: number(row, 5),
        nik_kosong: number(row, 6),
        kk_valid: number(row, 7),
        kk_salah: number(row, 8),
        kk_kosong: number(row, 9),
        peringatan: number(row, 10),
        galat: number(row, 11),
        aturan_terbanyak: maybe(row, 12),
    }
}

const QUARANTINE: &str = "
SELECT coalesce(b.berkas, k.id_berkas) AS berkas, k.lembar,
    CASE
        WHEN k.alasan LIKE '%fields where the header has%' THEN 'Jumlah kolom baris tidak sama dengan judulnya'
        WHEN k.alasan LIKE '%quotation mark%' THEN 'Tanda kutip dibuka dan tidak ditutup'
        WHEN k.alasan LIKE '%longer than%' THEN 'Satu isian lebih dari 1 MB'
        WHEN k.alasan = 'tanpa identitas' THEN 'Tanpa NIK, nomor KK, nama atau ID'
        ELSE k.alasan
    END AS sebab,
    count(*) AS jumlah, min(k.nomor_baris) AS pertama
FROM karantina AS k
LEFT JOIN (
    SELECT id_berkas, min(nama_berkas || coalesce(' › ' || anggota, '')) AS berkas FROM sumber_berkas GROUP BY id_berkas
) AS b ON b.id_berkas = k.id_berkas
GROUP BY ALL ORDER BY berkas, lembar, jumlah DESC, sebab";

fn quarantine(row: &TextRow) -> QuarantineLine {
    QuarantineLine {
        berkas: text(row, 0),
        lembar: text(row, 1),
        alasan: text(row, 2),
        jumlah: number(row, 3),
        baris_pertama: number(row, 4),
    }
}
