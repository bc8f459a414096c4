//! How far a run is: a bar on a terminal, plain lines elsewhere.

use super::output::Output;
use crate::run::{ArrivalRecord, Progress};
use indicatif::{ProgressBar, ProgressStyle};
use std::io::IsTerminal;
use std::sync::Mutex;

/// Tells a person how far a run is.
pub struct Teller {
    output: Output,
    bar: Option<Mutex<ProgressBar>>,
}

impl Teller {
    /// Bars on a terminal, plain lines elsewhere, nothing where talk is unwanted.
    pub fn new(output: Output) -> Self {
        let on_terminal = std::io::stderr().is_terminal() && !output.is_quiet();
        Self {
            output,
            bar: on_terminal.then(|| Mutex::new(ProgressBar::hidden())),
        }
    }

    /// Takes the bar away.
    pub fn done(&self) {
        if let Some(bar) = &self.bar
            && let Ok(bar) = bar.lock()
        {
            bar.finish_and_clear();
        }
    }
}

impl Progress for Teller {
    fn step(&self, name: &str, parts: Option<u64>) {
        let Some(bar) = &self.bar else {
            let of = parts.map_or_else(String::new, |parts| format!(" ({parts})"));
            self.output.say(&format!("{name}{of} …"));
            return;
        };
        if let Ok(mut bar) = bar.lock() {
            bar.finish_and_clear();
            *bar = ProgressBar::new(parts.unwrap_or(1));
            if let Ok(style) = ProgressStyle::with_template("{prefix:>8} [{bar:30}] {pos}/{len} {msg}") {
                bar.set_style(style.progress_chars("=> "));
            }
            bar.set_prefix(name.to_owned());
        }
    }

    fn waiting(&self, holder: &str) {
        self.output.say(&format!("waiting for another run to end: {holder} …"));
    }

    fn arrived(&self, arrival: &ArrivalRecord) {
        self.done();
        if let Some(refusal) = &arrival.penolakan {
            self.output.refusal(&arrival.nama, refusal);
        }
        let notes = arrival.catatan.join("; ");
        if arrival.hasil == "lain" {
            self.output.say(&format!(
                "warning: no pipeline knows `{}`; kept in the lake as `lain` ({notes})",
                arrival.nama
            ));
        } else if !notes.is_empty() {
            self.output.say(&format!("note: `{}`: {notes}", arrival.nama));
        }
    }

    fn warned(&self, words: &str) {
        self.done();
        self.output.say(&format!("warning: {words}"));
    }

    fn part(&self, name: &str) {
        if let Some(bar) = &self.bar
            && let Ok(bar) = bar.lock()
        {
            bar.inc(1);
            bar.set_message(name.to_owned());
        }
    }
}
