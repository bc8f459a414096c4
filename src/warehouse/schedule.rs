//! Which models run when: each after those that it reads, and of those that may run, the one that keeps the most others waiting.

use super::models::{Materialized, Model};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Models that wait for those that they read, handed out to whoever has time.
pub(super) struct Schedule<'m> {
    /// How many of the models need this one, directly or through others.
    needed_by: BTreeMap<&'m str, usize>,
    /// What is read later, too, by models that are not among these.
    read_later: BTreeSet<&'m str>,
    state: Mutex<State<'m>>,
    changed: Condvar,
}

struct State<'m> {
    waiting: Vec<&'m Model>,
    /// Rows of what is there, by name.
    rows: BTreeMap<String, i64>,
    running: Vec<&'m Model>,
    /// Temporary tables that are there.
    temporary: BTreeSet<&'m str>,
    is_given_up: bool,
}

impl<'m> Schedule<'m> {
    /// For these models; what else they read is there, with `rows`, some of it in `temporary` tables. Those of `behind` come after
    /// all of them.
    pub fn new(
        waiting: Vec<&'m Model>,
        behind: &[&'m Model],
        rows: BTreeMap<String, i64>,
        temporary: BTreeSet<&'m str>,
    ) -> Self {
        let needed_by = needed_by(&waiting);
        let read_later = behind
            .iter()
            .flat_map(|model| &model.reads)
            .map(String::as_str)
            .collect();
        let state = State {
            waiting,
            rows,
            running: Vec::new(),
            temporary,
            is_given_up: false,
        };
        Self {
            needed_by,
            read_later,
            state: Mutex::new(state),
            changed: Condvar::new(),
        }
    }

    /// The next model to run, once there is one; `None` when there will be none.
    pub fn take(&self) -> Option<&'m Model> {
        let mut state = self.state();
        loop {
            if state.waiting.is_empty() || state.is_given_up {
                return None;
            }
            if let Some(position) = self.best(&state) {
                let model = state.waiting.remove(position);
                state.running.push(model);
                return Some(model);
            }
            if state.running.is_empty() {
                // Models are in an order in which they can run, so that one of them always can.
                return None;
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// A model is there, with so many rows where they are known. Gives the temporary tables that nobody reads any more.
    pub fn done(&self, model: &'m Model, rows: Option<i64>) -> Vec<&'m str> {
        let mut guard = self.state();
        let state = &mut *guard;
        state.running.retain(|running| running.name != model.name);
        state.rows.extend(rows.map(|rows| (model.name.clone(), rows)));
        if model.materialized == Materialized::Temp {
            state.temporary.insert(&model.name);
        }
        let is_read = |name: &str| {
            let mut models = state.waiting.iter().chain(&state.running);
            self.read_later.contains(name) || models.any(|model| model.reads.contains(name))
        };
        let (kept, idle): (Vec<&str>, Vec<&str>) = state.temporary.iter().partition(|name| is_read(name));
        state.temporary = kept.into_iter().collect();
        drop(guard);
        self.changed.notify_all();
        idle
    }

    /// No other model is handed out.
    pub fn give_up(&self) {
        self.state().is_given_up = true;
        self.changed.notify_all();
    }

    /// Gives the work up when it is dropped in a panic: nobody waits for a model that nobody will end.
    pub fn give_up_in_panic(&self) -> impl Drop + '_ {
        GiveUp(self)
    }

    fn state(&self) -> MutexGuard<'_, State<'m>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Of those whose reads are there: what most others need, then what is most work. Marts are more of it than findings, since
    /// they are written, and the more, the more rows (pairs of periods) there are that each read all of a table.
    fn best(&self, state: &State<'m>) -> Option<usize> {
        let is_there = |read: &String| !is_among(&state.running, read) && !is_among(&state.waiting, read);
        let ready = state
            .waiting
            .iter()
            .enumerate()
            .filter(|(_, model)| model.reads.iter().all(|read| *read == model.name || is_there(read)));
        let rank = |model: &Model| {
            let rows = model.reads.iter().filter_map(|read| state.rows.get(read)).max();
            let parts = model.parts.as_ref().filter(|parts| !parts.is_cut(&parts.of));
            let each = parts.and_then(|parts| parts.each.as_ref());
            let times = each
                .and_then(|each| state.rows.get(&each.of))
                .map_or(1, |rows| (*rows).max(1));
            let width = i64::try_from(model.columns.len()).unwrap_or(0);
            let cells = rows.copied().unwrap_or(0).saturating_mul(times).saturating_mul(width);
            let is_mart = model.materialized == Materialized::Mart;
            (self.needed_by.get(model.name.as_str()).copied(), is_mart, cells)
        };
        // The first of equals, so that the order of files does not turn it round.
        ready
            .rev()
            .max_by_key(|(_, model)| rank(model))
            .map(|(position, _)| position)
    }
}

struct GiveUp<'s, 'm>(&'s Schedule<'m>);

impl Drop for GiveUp<'_, '_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.give_up();
        }
    }
}

fn is_among(models: &[&Model], name: &str) -> bool {
    models.iter().any(|model| model.name == name)
}

/// The models are in an order in which they can run: from the last to the first, each hands on who needs it.
fn needed_by<'m>(models: &[&'m Model]) -> BTreeMap<&'m str, usize> {
    let mut needing: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut counts = BTreeMap::new();
    for model in models.iter().rev() {
        let mut those = needing.remove(model.name.as_str()).unwrap_or_default();
        counts.insert(model.name.as_str(), those.len());
        those.insert(&model.name);
        for read in model.reads.iter().filter(|read| **read != model.name) {
            needing.entry(read).or_default().extend(those.iter().copied());
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn model(name: &str, reads: &[&str]) -> Model {
        Model {
            name: name.to_owned(),
            reads: reads.iter().map(|read| (*read).to_owned()).collect(),
            ..Model::default()
        }
    }

    #[test]
    fn what_others_need_runs_first_and_all_run_after_their_reads() {
        let models = [
            model("alone", &["table"]),
            model("base", &["table"]),
            model("middle", &["base"]),
            model("mart", &["middle", "alone"]),
        ];
        let schedule = Schedule::new(models.iter().collect(), &[], BTreeMap::new(), BTreeSet::new());
        let base = schedule.take().unwrap();
        assert_eq!(base.name, "base", "two others need it");
        assert_eq!(schedule.take().unwrap().name, "alone");
        schedule.done(base, Some(3));
        assert_eq!(schedule.take().unwrap().name, "middle");
        schedule.done(&models[0], None);
        schedule.done(&models[2], None);
        assert_eq!(schedule.take().unwrap().name, "mart");
        assert!(schedule.take().is_none());
    }

    #[test]
    fn the_most_work_of_equals_runs_first() {
        let mut models = [model("small", &["few"]), model("large", &["many"])];
        for model in &mut models {
            model.columns = vec![serde_json::from_str(r#"{"name": "a", "type": "DATE"}"#).unwrap()];
        }
        let rows = BTreeMap::from([("few".to_owned(), 10), ("many".to_owned(), 1_000)]);
        let schedule = Schedule::new(models.iter().collect(), &[], rows, BTreeSet::new());
        assert_eq!(schedule.take().unwrap().name, "large");
    }

    #[test]
    fn what_has_a_part_for_each_pair_is_more_work() {
        let mut models = [model("once", &["rows"]), model("by_pair", &["rows", "pairs"])];
        for model in &mut models {
            model.columns = vec![serde_json::from_str(r#"{"name": "a", "type": "DATE"}"#).unwrap()];
        }
        let sheet = r#"{"of": "rows", "by": "a", "each": {"of": "pairs", "by": ["b", "c"]}}"#;
        models[1].parts = Some(serde_json::from_str(sheet).unwrap());
        let rows = BTreeMap::from([("rows".to_owned(), 1_000), ("pairs".to_owned(), 10)]);
        let schedule = Schedule::new(models.iter().collect(), &[], rows, BTreeSet::new());
        assert_eq!(schedule.take().unwrap().name, "by_pair");
    }

    #[test]
    fn a_mart_runs_before_findings_over_more_rows() {
        let mut models = [model("findings", &["many"]), model("mart", &["few"])];
        models[1].materialized = Materialized::Mart;
        let rows = BTreeMap::from([("few".to_owned(), 10), ("many".to_owned(), 1_000)]);
        let schedule = Schedule::new(models.iter().collect(), &[], rows, BTreeSet::new());
        assert_eq!(schedule.take().unwrap().name, "mart");
    }

    #[test]
    fn a_temporary_table_is_given_up_after_its_last_reader() {
        let mut models = [
            model("base", &["table"]),
            model("mart", &["base"]),
            model("findings", &["base", "later"]),
            model("later", &["table"]),
        ];
        for temporary in [0, 3] {
            models[temporary].materialized = Materialized::Temp;
        }
        let behind = model("behind", &["later"]);
        let schedule = Schedule::new(models.iter().collect(), &[&behind], BTreeMap::new(), BTreeSet::new());
        let ended: Vec<(&str, Vec<&str>)> = (0..4)
            .map(|_| schedule.take().unwrap())
            .map(|model| (model.name.as_str(), schedule.done(model, None)))
            .collect();
        let idle: Vec<&str> = ended.iter().flat_map(|(_, idle)| idle.clone()).collect();
        assert_eq!(idle, ["base"], "{ended:?}");
        assert_eq!(ended[3].1, ["base"], "{ended:?}");
    }

    #[test]
    fn nobody_waits_for_one_who_has_panicked() {
        let models = [model("first", &[]), model("second", &["first"])];
        let schedule = Schedule::new(models.iter().collect(), &[], BTreeMap::new(), BTreeSet::new());
        std::thread::scope(|scope| {
            let worker = scope.spawn(|| {
                let _guard = schedule.give_up_in_panic();
                assert!(schedule.take().is_none(), "there is one, so this panics");
            });
            assert!(worker.join().is_err());
            assert!(schedule.take().is_none());
        });
    }

    #[test]
    fn who_waits_is_told_when_the_work_is_given_up() {
        let models = [model("first", &[]), model("second", &["first"])];
        let schedule = Schedule::new(models.iter().collect(), &[], BTreeMap::new(), BTreeSet::new());
        assert_eq!(schedule.take().unwrap().name, "first");
        std::thread::scope(|scope| {
            let waiting = scope.spawn(|| schedule.take().is_none());
            schedule.give_up();
            assert!(waiting.join().unwrap());
        });
    }
}
