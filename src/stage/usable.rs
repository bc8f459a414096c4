//! Does a row of DTKS say whom it is about (ruling 49)?

use super::header::Header;
use super::rows::sources_of;
use crate::pipeline::Pipeline;
use crate::read::RawRow;
use crate::standardise::id::read_id;
use crate::standardise::nik::{Identity, judge};
use crate::wilayah::Wilayah;

/// Where a household or a person is named by a number: a household needs an id, a person an id or a NIK.
pub struct UsableId<'a> {
    wilayah: &'a Wilayah,
    id: Vec<usize>,
    /// NIK and KK, for persons.
    numbers: Option<(Vec<usize>, Vec<usize>)>,
}

impl<'a> UsableId<'a> {
    /// For a sheet of DTKS; lists are judged by their identifying columns instead.
    pub fn of_sheet(pipeline: &Pipeline, header: &Header, wilayah: &'a Wilayah) -> Option<Self> {
        let sources = |name: &str| sources_of(pipeline, header, name);
        let household = pipeline.table() == "dtks_rt";
        pipeline.is_dtks().then(|| Self {
            wilayah,
            id: sources(if household { "id_dtks" } else { "id_art" }),
            numbers: (!household).then(|| (sources("nik"), sources("no_kk"))),
        })
    }

    /// Has the row none of them?
    pub fn is_missing(&self, row: &RawRow) -> bool {
        let reads_id = |column: &usize| matches!(read_id(row.cell(*column), row.kind(*column)), Ok(Some(_)));
        if self.id.iter().any(reads_id) {
            return false;
        }
        let Some((nik, kk)) = &self.numbers else {
            return true;
        };
        let number = |identity, columns: &[usize], kk| {
            let mut verdicts = columns
                .iter()
                .map(|column| judge(identity, row.cell(*column), row.kind(*column), kk, self.wilayah));
            verdicts.find_map(|verdict| verdict.number)
        };
        number(Identity::Nik, nik, number(Identity::Kk, kk, None)).is_none()
    }
}
