//! Structured logs on stderr: one line an event, for people or for machines.

use super::args::LogFormat;
use tracing_subscriber::EnvFilter;

/// Starts the log. Without `--log` nothing is logged: the progress lines tell enough.
pub fn start(format: Option<LogFormat>) {
    let Some(format) = format else { return };
    let filter = EnvFilter::try_from_env("BANSOS360_LOG").unwrap_or_else(|_| EnvFilter::new("bansos360=info"));
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    match format {
        LogFormat::Text => log.with_ansi(false).init(),
        LogFormat::Json => log.json().flatten_event(true).init(),
    }
}
