//! Structured logs: one line an event, on stderr for people or machines, and beside the record of each run for later.

use super::args::{Cli, Command, LogFormat};
use crate::run::{Journal, Summary};
use std::io::Write;
use tracing::{Level, Metadata};
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer, Registry, fmt};

/// Starts the log. Without `--log` stderr has none of it: the progress lines tell enough.
pub fn start(format: Option<LogFormat>) {
    let journal = fmt::layer().json().flatten_event(true).with_writer(Journal);
    let registry = tracing_subscriber::registry()
        .with(journal.with_filter(filter_fn(is_ours)))
        .with(format.map(on_stderr));
    // A second subscriber cannot be; the first one goes on.
    let _ = registry.try_init();
}

fn is_ours(event: &Metadata<'_>) -> bool {
    event.target().starts_with("bansos360") && *event.level() <= Level::DEBUG
}

type Boxed<S> = Box<dyn Layer<S> + Send + Sync>;
type WithJournal<J> = tracing_subscriber::layer::Layered<J, Registry>;

fn on_stderr<J: Layer<Registry>>(format: LogFormat) -> Boxed<WithJournal<J>> {
    let filter = EnvFilter::try_from_env("BANSOS360_LOG").unwrap_or_else(|_| EnvFilter::new("bansos360=info"));
    let log = fmt::layer().with_writer(std::io::stderr);
    match format {
        LogFormat::Text => log.with_ansi(false).with_filter(filter).boxed(),
        LogFormat::Json => log.json().flatten_event(true).with_filter(filter).boxed(),
    }
}

/// The last line of a logged run, whatever became of it: monitoring reads this one and needs no other.
pub fn ended(cli: &Cli, code: u8) {
    let is_run = matches!(cli.command, Command::Run(_) | Command::Ingest(_));
    let Some(format) = cli.global.log.filter(|_| is_run) else {
        return;
    };
    let mut summary = Summary::last().unwrap_or_else(|| Summary::not_begun(code));
    summary.kode = code;
    let line = match format {
        LogFormat::Text => summary.to_string(),
        LogFormat::Json => serde_json::json!({ "message": "Summary", "bansos360": summary }).to_string(),
    };
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}
