//! What happened to people between two releases: who came, left, moved, changed desil or programs, by kecamatan and desa.

use super::{Compared, Figures, Group, PlaceChange};
use crate::run::RunError;
use crate::telusur::masked;
use crate::warehouse::{TextRow, WarehouseError, quote};
use std::collections::BTreeMap;

/// A place: codes of kecamatan and desa, unknown ones last.
type PlaceKey = (bool, String, bool, String);

impl Compared<'_> {
    /// Recipients of all programs, of each program, members and households.
    pub(super) fn groups(&self) -> Result<Vec<Group>, RunError> {
        self.make("kpm_baris")?;
        let mut groups = vec![self.group("kpm", None)?];
        for program in self.programs()? {
            groups.push(self.group("kpm", Some(&program))?);
        }
        groups.push(self.group("individu", None)?);
        groups.push(self.group("rumah_tangga", None)?);
        Ok(groups)
    }

    fn programs(&self) -> Result<Vec<String>, RunError> {
        let sql = "SELECT DISTINCT kode_program FROM kpm_baris ORDER BY kode_program ASC NULLS LAST";
        let rows = self.reader.rows("programs of both releases", sql)?;
        Ok(rows.into_iter().flatten().flatten().collect())
    }

    fn group(&self, name: &str, program: Option<&str>) -> Result<Group, RunError> {
        self.events(name, program)?;
        let sql = "SELECT kejadian, kode_kecamatan, max(kecamatan), kode_desa, max(desa), count(*) AS jumlah FROM peristiwa \
                   GROUP BY kejadian, kode_kecamatan, kode_desa";
        let mut group = Group {
            nama: name.to_owned(),
            kode_program: program.map(str::to_owned),
            jumlah: Figures::default(),
            kecamatan: Vec::new(),
            desa: Vec::new(),
        };
        let mut by_kecamatan: BTreeMap<PlaceKey, PlaceChange> = BTreeMap::new();
        let mut by_desa: BTreeMap<PlaceKey, PlaceChange> = BTreeMap::new();
        for row in self.reader.rows(&format!("count events of `{name}`"), sql)? {
            let (event, place, rows) = read(row);
            group.jumlah.add(&event, rows);
            let mut whole = place.clone();
            (whole.kode_desa, whole.desa) = (None, None);
            take(&mut by_kecamatan, whole, &event, rows);
            take(&mut by_desa, place, &event, rows);
        }
        group.kecamatan = by_kecamatan.into_values().collect();
        group.desa = by_desa.into_values().collect();
        Ok(group)
    }

    /// Makes `peristiwa` for one kind of people.
    fn events(&self, name: &str, program: Option<&str>) -> Result<(), RunError> {
        if name == "kpm" {
            let chosen = program.map_or_else(String::new, |code| format!("WHERE kode_program = {}", quote(code)));
            let sql = format!(
                "CREATE OR REPLACE TEMP TABLE program_dipilih AS SELECT DISTINCT kode_program FROM kpm_baris {chosen}"
            );
            self.reader.run("choose programs", &sql)?;
        }
        self.make_as("orang", &format!("orang_{name}"))?;
        self.make("peristiwa")
    }

    fn make(&self, query: &str) -> Result<(), RunError> {
        self.make_as(query, query)
    }

    fn make_as(&self, table: &str, query: &str) -> Result<(), RunError> {
        let path = format!("banding/{query}.sql");
        let sql = self
            .project
            .bundle
            .sql
            .get(&path)
            .ok_or_else(|| WarehouseError::Model {
                model: path.clone(),
                problem: "is not there".to_owned(),
            })?;
        let statement = format!("CREATE OR REPLACE TEMP TABLE {table} AS {sql}");
        Ok(self.reader.run(&format!("`sql/{path}`"), &statement)?)
    }
}

/// A sheet of the list of persons: its name and its rows.
pub type Sheet = (String, Vec<Vec<String>>);

/// Every event with the person that it is of, by kind of people; masked unless `personal`. For [`Compared`] that has been compared.
///
/// # Errors
/// [`RunError`] where the engine says no.
pub fn details(compared: &Compared<'_>, personal: bool) -> Result<Vec<Sheet>, RunError> {
    let mut sheets = Vec::new();
    for name in ["kpm", "individu", "rumah_tangga"] {
        compared.events(name, None)?;
        let sql = "SELECT kejadian, kecamatan, desa, nik, nama, dari, menjadi, kunci FROM peristiwa \
                   WHERE kejadian NOT IN ('SEBELUM', 'SESUDAH', 'TEMPAT_PERGI', 'PINDAH_KELUAR') \
                   ORDER BY kode_kecamatan ASC NULLS LAST, kode_desa ASC NULLS LAST, kejadian, kunci";
        let mut rows = compared.reader.rows(&format!("events of `{name}`"), sql)?;
        let lines = rows.iter_mut().map(|row| detail(row, name, personal)).collect();
        sheets.push((name.to_owned(), lines));
    }
    Ok(sheets)
}

fn detail(row: &mut TextRow, group: &str, personal: bool) -> Vec<String> {
    let mut cells: Vec<String> = row.iter_mut().map(|cell| cell.take().unwrap_or_default()).collect();
    if group == "kpm" {
        // Recipients are told by NIK or name, which stand in the row already.
        if let Some(key) = cells.last_mut() {
            key.clear();
        }
    }
    if !personal {
        for (place, column, class) in [(3, "nik", "pribadi"), (4, "nama", "pribadi"), (7, "kunci", "pseudonim")] {
            if let Some(cell) = cells.get_mut(place) {
                *cell = masked(column, class, cell);
            }
        }
    }
    cells
}

fn read(row: TextRow) -> (String, PlaceChange, i64) {
    let mut cells = row.into_iter();
    let mut next = || cells.next().flatten();
    let event = next().unwrap_or_default();
    let place = PlaceChange {
        kode_kecamatan: next(),
        kecamatan: next(),
        kode_desa: next(),
        desa: next(),
        angka: Figures::default(),
    };
    (event, place, next().and_then(|rows| rows.parse().ok()).unwrap_or(0))
}

fn take(places: &mut BTreeMap<PlaceKey, PlaceChange>, place: PlaceChange, event: &str, rows: i64) {
    let code = |code: &Option<String>| (code.is_none(), code.clone().unwrap_or_default());
    let ((no_kecamatan, kecamatan), (no_desa, desa)) = (code(&place.kode_kecamatan), code(&place.kode_desa));
    let found = places.entry((no_kecamatan, kecamatan, no_desa, desa)).or_insert(place);
    found.angka.add(event, rows);
}

impl Figures {
    fn add(&mut self, event: &str, rows: i64) {
        match event {
            "SEBELUM" => self.sebelum += rows,
            "SESUDAH" => self.sesudah += rows,
            "MASUK" => self.masuk += rows,
            "KELUAR" => self.keluar += rows,
            "PINDAH_MASUK" => self.pindah_masuk += rows,
            "PINDAH_KELUAR" => self.pindah_keluar += rows,
            "TEMPAT_DATANG" => self.tempat_lain += rows,
            "TEMPAT_PERGI" => self.tempat_lain -= rows,
            "DESIL_NAIK" => self.desil_naik += rows,
            "DESIL_TURUN" => self.desil_turun += rows,
            "GANTI_PROGRAM" => self.ganti_program += rows,
            "RANGKAP_MUNCUL" => self.rangkap_muncul += rows,
            "RANGKAP_HILANG" => self.rangkap_hilang += rows,
            "LANGGAR_MUNCUL" => self.langgar_muncul += rows,
            "LANGGAR_HILANG" => self.langgar_hilang += rows,
            "DTKS_MASUK" => self.dtks_masuk += rows,
            "DTKS_KELUAR" => self.dtks_keluar += rows,
            _ => {}
        }
    }

    /// Has anything changed here?
    pub fn has_changes(&self) -> bool {
        let quiet = Self {
            sebelum: self.sebelum,
            sesudah: self.sesudah,
            ..Self::default()
        };
        *self != quiet || self.sebelum != self.sesudah
    }
}
