//! Signals that ask a run to end: it finishes its day, writes a snapshot and says by its exit code that it can go on.

use super::CommandError;
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag::{register, register_conditional_shutdown};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Exit code of a run that was stopped and can be resumed: EX_TEMPFAIL of `sysexits.h`, which batch systems take for
/// "try again".
pub const RESUMABLE: u8 = 75;

/// Whether a signal has asked the run to end.
#[derive(Clone, Debug)]
pub struct Signals {
    asked: Arc<AtomicBool>,
}

/// Whether a hang-up would end this process, so far as the system says it.
#[cfg(unix)]
fn hang_up_ends_it() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    ignored.is_some_and(|mask| mask >> (signal_hook::consts::SIGHUP - 1) & 1 == 0)
}

impl Signals {
    /// Listen from now on. A second interrupt or termination ends the process at once, with the exit code that shells
    /// give a process that died of it.
    pub fn listen() -> Result<Self, CommandError> {
        let asked = Arc::new(AtomicBool::new(false));
        let listen = |signal| {
            register_conditional_shutdown(signal, 128 + signal, asked.clone())?;
            register(signal, asked.clone())
        };
        let failed = |e: std::io::Error| CommandError::Other(format!("cannot listen to signals: {e}"));
        listen(SIGINT).map_err(failed)?;
        listen(SIGTERM).map_err(failed)?;
        // A terminal that is closed; what is to outlive it (`nohup`) has been told to ignore that.
        #[cfg(unix)]
        if hang_up_ends_it() {
            listen(signal_hook::consts::SIGHUP).map_err(failed)?;
        }
        // What batch systems send some time before a job's time is up; some send it more than once.
        #[cfg(unix)]
        register(signal_hook::consts::SIGUSR1, asked.clone()).map_err(failed)?;
        Ok(Self { asked })
    }

    /// The flag itself, for work that is handed out to threads.
    pub fn flag(&self) -> &AtomicBool {
        &self.asked
    }

    /// Whether the run should end.
    pub fn asked(&self) -> bool {
        self.asked.load(Ordering::Relaxed)
    }
}
