//! How much may be asked for: what no machine could do, or hold in memory, is refused before anything is begun.

/// Most runs of one command that holds the figures of all of them in memory: some 10 kB each.
const MOST_RUNS: u64 = 100_000;

/// Most threads, on any machine: starting so many takes next to no time.
const MOST_THREADS: usize = 256;

/// Most threads for each of the machine's own, where those are many.
const MOST_THREADS_EACH: usize = 4;

/// A number of runs.
pub fn runs(text: &str) -> Result<u64, String> {
    let number = text.parse().ok().filter(|n| (1..=MOST_RUNS).contains(n));
    number.ok_or_else(|| {
        format!("a whole number from 1 to {MOST_RUNS} is allowed: `landfall sweep` does any number of runs")
    })
}

/// A number of orders of joining.
pub fn orders(text: &str) -> Result<usize, String> {
    const MOST: usize = 1_000;
    let number = text.parse().ok().filter(|n| (1..=MOST).contains(n));
    number.ok_or_else(|| format!("a whole number from 1 to {MOST} is allowed"))
}

/// A number of threads; 0 stands for all.
pub fn threads(text: &str) -> Result<usize, String> {
    let own = std::thread::available_parallelism().map_or(1, usize::from);
    let most = (MOST_THREADS_EACH * own).max(MOST_THREADS);
    let number = text.parse().ok().filter(|n| *n <= most);
    number.ok_or_else(|| format!("at most {most} are allowed on this machine, which runs {own} at a time"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_beyond_reason_is_refused_with_what_is_allowed() {
        assert_eq!((runs("1"), runs("100000"), orders("2")), (Ok(1), Ok(100_000), Ok(2)));
        assert_eq!((threads("1"), threads("256")), (Ok(1), Ok(256)));
        for bad in ["0", "100001", "99999999999", "99999999999999999999", "-1", "1.5", ""] {
            assert!(runs(bad).unwrap_err().contains("1 to 100000"), "{bad}");
        }
        assert!(orders("0").is_err() && orders("1001").is_err());
        for bad in ["100000", "99999999999999999999", "-1", "two"] {
            assert!(threads(bad).unwrap_err().contains("at most"), "{bad}");
        }
    }
}
