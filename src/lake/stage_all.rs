//! Stages what has come, piece by piece, some of them at a time; workbooks are looked into in the same go.

use super::LakeError;
use super::copy::Copied;
use super::deliver::PlannedPiece;
use super::ingest::{Arrival, IngestReport};
use super::look::{Look, Prepared};
use super::side_by_side::in_parallel;
use super::staged::Staging;
use crate::stage::Refusal;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// A delivery that has been staged, with the first of its pieces that was refused.
pub(super) struct Waiting {
    pub(super) prepared: Prepared,
    pub(super) refusal: Option<Refusal>,
}

/// Something that one thread does in one go.
enum Job<'j> {
    /// Stages a piece of a delivery; their numbers.
    Stage((usize, usize), &'j Prepared, &'j PlannedPiece),
    /// Looks into a workbook, and stages what it brings.
    LookAndStage(&'j Copied),
}

/// What came of it.
enum Done {
    Staged((usize, usize), Option<Refusal>),
    Looked(Box<Result<Waiting, Arrival>>),
}

/// Stages all deliveries side by side; they come in the order of their names. A workbook that is refused is told.
pub(super) fn stage_all(
    prepared: Vec<Prepared>,
    workbooks: &[Copied],
    look: &Look<'_>,
    staging: &Staging<'_>,
    progress: &(dyn Fn(&str) + Sync),
    report: &mut IngestReport,
) -> Result<Vec<Waiting>, LakeError> {
    let mut jobs: Vec<(u64, Job<'_>)> = Vec::new();
    for (number, prepared) in prepared.iter().enumerate() {
        let pieces = prepared.delivery.pieces.iter().enumerate();
        jobs.extend(pieces.map(|(position, planned)| {
            let job = Job::Stage((number, position), prepared, planned);
            (planned.input.size(), job)
        }));
    }
    jobs.extend(
        workbooks
            .iter()
            .map(|copied| (copied.input().size(), Job::LookAndStage(copied))),
    );
    // The large ones first, so that nobody waits long for the last.
    jobs.sort_by_key(|(size, _)| Reverse(*size));
    let work = Work {
        look,
        staging,
        progress,
    };
    let done = in_parallel(staging.config.threads(), &jobs, |_, (_, job)| match job {
        Job::Stage(place, prepared, planned) => Ok(Done::Staged(*place, work.stage(prepared, planned)?)),
        Job::LookAndStage(copied) => {
            let looked = work.look_and_stage(copied)?;
            Ok::<_, LakeError>(Done::Looked(Box::new(looked)))
        }
    })?;
    drop(jobs);
    let mut refused: BTreeMap<(usize, usize), Refusal> = BTreeMap::new();
    let mut looked = Vec::new();
    for done in done {
        match done {
            Done::Staged(place, refusal) => refused.extend(refusal.map(|refusal| (place, refusal))),
            Done::Looked(found) => match *found {
                Ok(waiting) => looked.push(waiting),
                Err(arrival) => report.tell(arrival, progress),
            },
        }
    }
    let staged = prepared.into_iter().enumerate().map(|(number, prepared)| {
        let mut refusals = refused.range((number, 0)..(number + 1, 0));
        let refusal = refusals.next().map(|(_, refusal)| refusal.clone());
        Waiting { prepared, refusal }
    });
    let mut waiting: Vec<Waiting> = staged.chain(looked).collect();
    waiting.sort_by(|left, right| left.prepared.relative.cmp(&right.prepared.relative));
    Ok(waiting)
}

/// What one thread does.
struct Work<'a> {
    look: &'a Look<'a>,
    staging: &'a Staging<'a>,
    progress: &'a (dyn Fn(&str) + Sync),
}

impl Work<'_> {
    /// Why a piece is refused, or nothing once it is staged.
    fn stage(&self, prepared: &Prepared, planned: &PlannedPiece) -> Result<Option<Refusal>, LakeError> {
        let Some(pipeline) = self.look.pipelines.get(&planned.piece.sumber) else {
            return Ok(None);
        };
        let (entry, piece) = (&prepared.entry, &planned.piece);
        let plan = || Ok(planned.plan.clone());
        let staged = self.staging.stage(entry, piece, &planned.input, plan, pipeline)?;
        (self.progress)(entry.piece_name(piece));
        Ok(staged.err())
    }

    fn look_and_stage(&self, copied: &Copied) -> Result<Result<Waiting, Arrival>, LakeError> {
        let prepared = match self.look.into(copied)? {
            Ok(prepared) => *prepared,
            Err(arrival) => return Ok(Err(arrival)),
        };
        let pieces = prepared.delivery.pieces.iter();
        let refused: Result<Vec<_>, LakeError> = pieces.map(|planned| self.stage(&prepared, planned)).collect();
        let refusal = refused?.into_iter().flatten().next();
        Ok(Ok(Waiting { prepared, refusal }))
    }
}
