//! How far a run has come, for whoever waits for it.

use std::fmt::Display;
use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Time between lines off a terminal.
const PLAIN_EVERY: Duration = Duration::from_secs(5);

/// Time between redraws on a terminal.
const BAR_EVERY: Duration = Duration::from_millis(100);

/// Days at most between two looks at the clock: a look costs as much as a small day, and should days suddenly become
/// slow, no more than this many pass unreported.
const MAX_STRIDE: u32 = 64;

/// Time over which the pace is averaged.
const PACE_MEMORY_SECONDS: f64 = 5.0;

/// How progress is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// A bar on a terminal, lines elsewhere.
    #[default]
    Auto,
    /// A bar on standard error.
    Bar,
    /// Lines on standard error every few seconds.
    Plain,
    /// Nothing.
    Quiet,
}

/// Where progress goes.
enum Output {
    Bar(ProgressBar),
    Lines(Box<dyn Write + Send>),
    Nowhere,
}

/// Progress of one run.
pub struct Progress {
    output: Output,
    total_days: u64,
    label: String,
    every: Duration,
    /// Days from one look at the clock to the next, and how many of them are left.
    stride: u32,
    until_look: u32,
    last_look: Instant,
    pace: Pace,
    latest: String,
    reported: bool,
}

/// Simulated days a second, recently.
struct Pace {
    start: Option<(Instant, u64)>,
    since: Instant,
    days_done: u64,
    days_per_second: Option<f64>,
}

impl Progress {
    /// Progress towards `total_days`; `label` names what [`Progress::tick`] counts, such as "people active".
    pub fn new(mode: Mode, total_days: u64, label: &str) -> Self {
        let mode = match mode {
            Mode::Auto if io::stderr().is_terminal() => Mode::Bar,
            Mode::Auto => Mode::Plain,
            asked => asked,
        };
        let output = match mode {
            Mode::Bar => Output::Bar(bar(total_days)),
            Mode::Quiet => Output::Nowhere,
            Mode::Auto | Mode::Plain => Output::Lines(Box::new(io::stderr())),
        };
        let every = if mode == Mode::Bar { BAR_EVERY } else { PLAIN_EVERY };
        Self::with_output(output, total_days, label, every)
    }

    /// The same with another time between reports.
    #[cfg(test)]
    fn every(mut self, every: Duration) -> Self {
        self.every = every;
        self
    }

    fn with_output(output: Output, total_days: u64, label: &str, every: Duration) -> Self {
        let now = Instant::now();
        Self {
            output,
            total_days,
            label: label.into(),
            every,
            stride: 1,
            until_look: 0,
            last_look: now,
            pace: Pace { start: None, since: now, days_done: 0, days_per_second: None },
            latest: String::new(),
            reported: false,
        }
    }

    /// Notes that a day, counted from 0, is done. Cheap enough to call every day: `date` is formatted only when shown.
    #[inline]
    pub fn tick(&mut self, day_index: u64, date: impl Display, active: u64) {
        if self.until_look > 0 {
            self.until_look -= 1;
        } else if !matches!(self.output, Output::Nowhere) {
            self.look(Instant::now(), day_index, &date, active);
        }
    }

    /// Reports when it is time to, and settles how many days pass before the next look at the clock.
    #[cold]
    fn look(&mut self, now: Instant, day_index: u64, date: &dyn Display, active: u64) {
        let since_look = now.saturating_duration_since(self.last_look);
        self.last_look = now;
        self.stride = if since_look > Duration::from_millis(50) {
            1
        } else if since_look < Duration::from_millis(1) {
            (self.stride * 2).min(MAX_STRIDE)
        } else {
            self.stride
        };
        self.until_look = self.stride - 1;
        let days_done = day_index.saturating_add(1);
        if self.pace.start.is_none() {
            self.pace.begin(now, days_done);
        } else if now.saturating_duration_since(self.pace.since) >= self.every {
            self.pace.update(now, days_done);
            self.report(days_done, date, active);
        }
    }

    fn report(&mut self, days_done: u64, date: &dyn Display, active: u64) {
        let percent = days_done.saturating_mul(100).checked_div(self.total_days).unwrap_or(100).min(100);
        let mut line = format!("{date}  {percent:>3} %  {} {}", self.label, thousands(active));
        if let Some(pace) = self.pace.days_per_second {
            line += &format!("  {} days/s", pace_text(pace));
            if pace > 0.0 {
                let left = self.total_days.saturating_sub(days_done) as f64 / pace;
                line += &format!("  {} left", duration_text(left));
            }
        }
        match &mut self.output {
            Output::Bar(bar) => {
                bar.set_position(days_done);
                bar.set_message(line);
            }
            Output::Lines(lines) => {
                // A closed standard error must not end a run.
                let _ = writeln!(lines, "{line}");
                self.latest = line;
            }
            Output::Nowhere => {}
        }
        self.reported = true;
    }

    /// Removes the bar; off a terminal, says how long it took if anything was said before.
    pub fn finish(mut self) {
        match &mut self.output {
            Output::Bar(bar) => bar.finish_and_clear(),
            Output::Lines(lines) if self.reported => {
                let took = self.pace.start.map_or(0.0, |(start, _)| start.elapsed().as_secs_f64());
                let days = thousands(self.total_days);
                let _ = writeln!(lines, "finished {days} days in {}", duration_text(took));
            }
            Output::Lines(_) | Output::Nowhere => {}
        }
    }
}

impl Pace {
    /// Starts at the first day seen, so that a resumed run does not count the days it did not simulate.
    fn begin(&mut self, now: Instant, days_done: u64) {
        self.start = Some((now, days_done));
        self.since = now;
        self.days_done = days_done;
    }

    /// Averages the days since the last report into the pace, with the more weight the longer ago that is.
    fn update(&mut self, now: Instant, days_done: u64) {
        let seconds = now.saturating_duration_since(self.since).as_secs_f64().max(1e-9);
        let recent = days_done.saturating_sub(self.days_done) as f64 / seconds;
        let weight = seconds / (seconds + PACE_MEMORY_SECONDS);
        let before = self.days_per_second.unwrap_or(recent);
        self.days_per_second = Some(before + weight * (recent - before));
        self.since = now;
        self.days_done = days_done;
    }
}

fn bar(total_days: u64) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(total_days), ProgressDrawTarget::stderr_with_hz(10));
    // Narrow, so that the line fits 80 columns. A template that does not parse would only cost the looks.
    let style = ProgressStyle::with_template("{bar:10} {wide_msg}");
    bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

/// A number with commas between thousands.
pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Slow paces keep the figures that tell them apart.
pub fn pace_text(days_per_second: f64) -> String {
    if days_per_second < 9.95 {
        format!("{days_per_second:.1}")
    } else {
        thousands(days_per_second.round() as u64)
    }
}

/// A length of time in its two largest units.
pub fn duration_text(seconds: f64) -> String {
    let all = seconds.round() as u64;
    let (hours, minutes, seconds) = (all / 3600, all / 60 % 60, all % 60);
    match (hours, minutes) {
        (0, 0) => format!("{seconds} s"),
        (0, _) => format!("{minutes} min {seconds} s"),
        (1..48, _) => format!("{hours} h {minutes} min"),
        _ => format!("{} d {} h", hours / 24, hours % 24),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::{Arc, Mutex};

    #[derive(Clone, Default)]
    struct Page(Arc<Mutex<Vec<u8>>>);

    impl Write for Page {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl Page {
        fn text(&self) -> String {
            String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
        }
    }

    fn plain(page: &Page, total_days: u64) -> Progress {
        Progress::with_output(Output::Lines(Box::new(page.clone())), total_days, "people active", PLAIN_EVERY)
    }

    #[test]
    fn a_line_every_five_seconds_says_where_the_run_is() {
        let page = Page::default();
        let mut progress = plain(&page, 12_180);
        let start = Instant::now();
        for (seconds, day) in [(0.0, 0), (4.9, 3_900), (5.0, 4_060), (9.9, 7_900), (10.0, 8_120)] {
            progress.look(start + Duration::from_secs_f64(seconds), day, &"1994-08-19", 21_310);
        }
        let expected = "1994-08-19   33 %  people active 21,310  812 days/s  10 s left\n\
                        1994-08-19   66 %  people active 21,310  812 days/s  5 s left\n";
        assert_eq!(page.text(), expected);
    }

    #[test]
    fn a_resumed_run_does_not_count_days_it_did_not_simulate() {
        let page = Page::default();
        let mut progress = plain(&page, 2_000);
        let start = Instant::now();
        progress.look(start, 999, &"x", 0);
        progress.look(start + Duration::from_secs(10), 1_499, &"x", 0);
        assert_eq!(page.text(), "x   75 %  people active 0  50 days/s  10 s left\n");
    }

    #[test]
    fn the_clock_is_looked_at_rarely_while_days_are_fast_and_daily_once_they_are_slow() {
        let mut progress = plain(&Page::default(), 1_000);
        let start = Instant::now();
        for look in 0..20 {
            progress.look(start + Duration::from_micros(look), look, &"x", 0);
        }
        assert_eq!(progress.until_look, MAX_STRIDE - 1);
        progress.look(start + Duration::from_secs(1), 30, &"x", 0);
        assert_eq!(progress.until_look, 0);
    }

    #[test]
    fn quiet_shows_nothing_and_nothing_to_do_is_no_trouble() {
        let mut quiet = Progress::new(Mode::Quiet, 0, "people active").every(Duration::ZERO);
        for day in 0..1_000 {
            quiet.tick(day, "x", 1);
        }
        assert!(!quiet.reported);
        quiet.finish();
        let page = Page::default();
        let mut none = plain(&page, 0);
        let start = Instant::now();
        none.look(start, 0, &"x", 0);
        none.look(start + Duration::from_secs(6), u64::MAX, &"x", u64::MAX);
        none.finish();
        assert!(page.text().contains("100 %"), "{}", page.text());
    }

    #[test]
    fn numbers_read_well() {
        let cases =
            [(0, "0"), (999, "999"), (1_000, "1,000"), (21_310, "21,310"), (123_456_789, "123,456,789")];
        for (number, text) in cases {
            assert_eq!(thousands(number), text);
        }
        assert_eq!(thousands(u64::MAX), "18,446,744,073,709,551,615");
        assert_eq!([0.04, 9.94, 9.96, 1234.5].map(pace_text), ["0.0", "9.9", "10", "1,235"]);
        let times = [0.4, 59.6, 3_599.0, 7_500.0, 200_000.0, f64::INFINITY].map(duration_text);
        assert_eq!(times[..5], ["0 s", "1 min 0 s", "59 min 59 s", "2 h 5 min", "2 d 7 h"]);
        assert!(times[5].ends_with('h'));
    }
}
