//! The only room that prints.

use super::args::Format;
use crate::run::RunError;
use crate::stage::Refusal;
use std::io::Write;
use std::process::ExitCode;

/// Where results and talk go.
#[derive(Debug, Clone, Copy)]
pub struct Output {
    format: Format,
    quiet: bool,
}

impl Output {
    /// Results in this format; talk unless quiet.
    pub fn new(format: Format, quiet: bool) -> Self {
        Self { format, quiet }
    }

    /// Are results for programs?
    pub fn is_json(self) -> bool {
        self.format == Format::Json
    }

    /// Is talk unwanted?
    pub fn is_quiet(self) -> bool {
        self.quiet
    }

    /// A result, on stdout. A reader that has gone away is no failure.
    pub fn result(self, text: &str) {
        let mut stdout = std::io::stdout().lock();
        let _ = stdout.write_all(text.as_bytes());
        if !text.ends_with('\n') {
            let _ = stdout.write_all(b"\n");
        }
    }

    /// A result for programs, on stdout.
    pub fn json(self, value: &impl serde::Serialize) {
        self.result(&serde_json::to_string_pretty(value).unwrap_or_default());
    }

    /// Talk, on stderr.
    pub fn say(self, text: &str) {
        if !self.quiet {
            let _ = writeln!(std::io::stderr().lock(), "{text}");
        }
    }

    /// What went wrong, on stderr, also where talk is unwanted.
    pub fn fault(self, text: &str) {
        let _ = writeln!(std::io::stderr().lock(), "{text}");
    }

    /// A file that was refused, on stderr, with what to do.
    pub fn refusal(self, name: &str, refusal: &Refusal) {
        let mut stderr = std::io::stderr().lock();
        let _ = writeln!(
            stderr,
            "error[{}]: `{name}` refused: {}",
            refusal.code,
            strip_code(refusal)
        );
        if let Some(hint) = &refusal.hint {
            let _ = writeln!(stderr, "hint: {hint}");
        }
    }

    /// A run that could not be carried out, as one line with its chain of causes.
    pub fn error(self, error: &RunError) {
        let mut text = format!("error[{}]: {error}", error.code());
        let mut cause = std::error::Error::source(error);
        while let Some(source) = cause {
            let words = source.to_string();
            if !text.contains(&words) {
                text.push_str(": ");
                text.push_str(&words);
            }
            cause = source.source();
        }
        let _ = writeln!(std::io::stderr().lock(), "{text}");
    }
}

fn strip_code(refusal: &Refusal) -> String {
    let whole = refusal.to_string();
    whole
        .strip_prefix(&format!("{}: ", refusal.code))
        .unwrap_or(&whole)
        .to_owned()
}

/// Help and version are results; anything else typed wrong is exit code 2.
pub fn usage(error: &clap::Error) -> ExitCode {
    let _ = error.print();
    ExitCode::from(if error.use_stderr() { 2 } else { 0 })
}
