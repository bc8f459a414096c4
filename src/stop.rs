//! How the program is asked to stop: by a signal, or since its time is over.
//!
//! A signal is sent to a process, so what it asks is one value a process. Work looks at it between files, batches and models; a query of
//! the engine is interrupted. The work then ends with [`Stopped`] like with any other error, and cleans up behind it.

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;
use signal_hook::low_level::emulate_default_handler;
use std::io;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;
use thiserror::Error;

/// An interrupt that comes between two queries is lost, so it is sent again.
const AGAIN: Duration = Duration::from_millis(50);

/// What to call so that a query ends.
type Interrupt = Box<dyn Fn() + Send>;

static ASKED: AtomicU8 = AtomicU8::new(0);
static LISTENING: AtomicBool = AtomicBool::new(false);
static QUERIES: Mutex<Vec<Interrupt>> = Mutex::new(Vec::new());

/// Why the work ends before it is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Stopped {
    /// Ctrl-C.
    #[error("stopped by SIGINT")]
    Interrupt = 1,
    /// `kill`, systemd, a machine that shuts down.
    #[error("stopped by SIGTERM")]
    Terminate = 2,
    /// `--max-runtime` has passed.
    #[error("stopped, since `--max-runtime` has passed")]
    MaxRuntime = 3,
}

impl Stopped {
    /// The exit code of DESIGN.md, as shells and `timeout` give it.
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Interrupt => 130,
            Self::Terminate => 143,
            Self::MaxRuntime => 124,
        }
    }

    /// The code of its page.
    pub fn code(self) -> &'static str {
        match self {
            Self::Interrupt | Self::Terminate => "E0504",
            Self::MaxRuntime => "E0505",
        }
    }
}

/// Was the program asked to stop?
pub fn asked() -> Option<Stopped> {
    match ASKED.load(Ordering::Relaxed) {
        1 => Some(Stopped::Interrupt),
        2 => Some(Stopped::Terminate),
        3 => Some(Stopped::MaxRuntime),
        _ => None,
    }
}

/// The place where work ends that was asked to stop; costs a load.
///
/// # Errors
/// [`Stopped`] where the program was asked to.
pub fn check() -> Result<(), Stopped> {
    asked().map_or(Ok(()), Err)
}

/// Names what ends a query of the engine that is under way. Nothing is kept where nobody listens for signals.
pub fn on_stop(interrupt: impl Fn() + Send + 'static) {
    if LISTENING.load(Ordering::Relaxed) {
        queries().push(Box::new(interrupt));
    }
}

/// Listens for SIGINT and SIGTERM from now on, and asks to stop after `max_runtime`. A second signal ends the process at once: the
/// next run cleans up behind it.
///
/// # Errors
/// Where the system lets nobody listen.
pub fn listen(max_runtime: Option<Duration>) -> io::Result<()> {
    let mut signals = Signals::new([SIGINT, SIGTERM])?;
    LISTENING.store(true, Ordering::Relaxed);
    thread::Builder::new().name("signals".to_owned()).spawn(move || {
        for signal in signals.forever() {
            let reason = if signal == SIGINT {
                Stopped::Interrupt
            } else {
                Stopped::Terminate
            };
            if !ask(reason) {
                // It comes back only where the system refuses; then the first signal still does its work.
                let _ = emulate_default_handler(signal);
            }
        }
    })?;
    if let Some(limit) = max_runtime {
        thread::Builder::new().name("max-runtime".to_owned()).spawn(move || {
            thread::sleep(limit);
            ask(Stopped::MaxRuntime);
        })?;
    }
    Ok(())
}

/// Asks to stop; false where that was asked before.
fn ask(reason: Stopped) -> bool {
    let first = ASKED
        .compare_exchange(0, reason as u8, Ordering::Relaxed, Ordering::Relaxed)
        .is_ok();
    if first {
        tracing::warn!(reason = %reason, "The run is asked to stop");
        // Without this thread a long query ends by itself, later.
        let _ = thread::Builder::new().name("interrupts".to_owned()).spawn(|| {
            loop {
                queries().iter().for_each(|interrupt| interrupt());
                thread::sleep(AGAIN);
            }
        });
    }
    first
}

fn queries() -> std::sync::MutexGuard<'static, Vec<Interrupt>> {
    QUERIES.lock().unwrap_or_else(PoisonError::into_inner)
}
