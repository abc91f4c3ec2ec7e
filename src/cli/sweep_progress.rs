//! How far a sweep has come: a bar on a terminal, a line now and then elsewhere.

use super::progress::{duration_text, pace_text, thousands};
use crate::experiment::sweep::Progress;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::{self, IsTerminal};
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// Time between lines off a terminal.
const LINES_EVERY: Duration = Duration::from_secs(10);

/// Time between redraws on a terminal.
const BAR_EVERY: Duration = Duration::from_millis(200);

/// Progress of a sweep, told from any of its threads.
pub struct SweepProgress {
    bar: Option<ProgressBar>,
    quiet: bool,
    every: Duration,
    total: u64,
    before: u64,
    began: Instant,
    last: Mutex<Instant>,
}

impl SweepProgress {
    /// Of `total` runs of which `before` were done earlier.
    pub fn new(quiet: bool, total: u64, before: u64) -> Self {
        let now = Instant::now();
        let terminal = !quiet && io::stderr().is_terminal();
        let bar = terminal.then(|| bar(total));
        let every = if terminal { BAR_EVERY } else { LINES_EVERY };
        Self { bar, quiet, every, total, before, began: now, last: Mutex::new(now) }
    }

    /// Seconds since it began.
    pub fn seconds(&self) -> f64 {
        self.began.elapsed().as_secs_f64()
    }

    /// Tells where the sweep is, if it is time to.
    pub fn tell(&self, progress: Progress) {
        if self.quiet {
            return;
        }
        // A thread that finds another one telling has nothing to add.
        let Ok(mut last) = self.last.try_lock() else { return };
        if last.elapsed() < self.every {
            return;
        }
        *last = Instant::now();
        self.say(progress);
    }

    /// Tells where the sweep is now.
    pub fn say(&self, progress: Progress) {
        let line = line(progress, self.total, self.before, self.seconds());
        match &self.bar {
            Some(bar) => {
                bar.set_position(progress.done);
                bar.set_message(line);
            }
            None if !self.quiet => super::tell(line),
            None => {}
        }
    }

    /// Removes the bar, and leaves the last line.
    pub fn finish(&self, progress: Progress) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
        if !self.quiet {
            let line = line(progress, self.total, self.before, self.seconds());
            super::tell(line);
        }
    }
}

/// `412 of 1,000 runs done, 3 failed, 38 runs/s, 15 s left`.
fn line(progress: Progress, total: u64, before: u64, seconds: f64) -> String {
    let pace = progress.done.saturating_sub(before) as f64 / seconds.max(1e-9);
    let mut line = format!("{} of {} runs done", thousands(progress.done), thousands(total));
    line += &format!(", {} failed, {} runs/s", thousands(progress.failed), pace_text(pace));
    let left = total.saturating_sub(progress.done);
    if left > 0 && pace > 0.0 {
        line += &format!(", {} left", duration_text(left as f64 / pace));
    }
    line
}

fn bar(total: u64) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr_with_hz(10));
    let style = ProgressStyle::with_template("{bar:10} {wide_msg}");
    bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_what_is_done_what_failed_how_fast_and_how_long_yet() {
        let at = |done, failed| Progress { done, failed };
        let text = line(at(412, 3), 1_000, 12, 10.0);
        assert_eq!(text, "412 of 1,000 runs done, 3 failed, 40 runs/s, 15 s left");
        assert_eq!(line(at(5, 0), 5, 5, 0.1), "5 of 5 runs done, 0 failed, 0.0 runs/s");
    }
}
