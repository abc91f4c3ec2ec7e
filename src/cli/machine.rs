//! What is known of the machine: memory of this process, memory there is.

use std::fs;

/// Bytes of memory this process holds, and the most it has held; nothing where the system does not say.
pub fn memory_bytes() -> Option<(u64, u64)> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    Some((kilobytes(&status, "VmRSS:")?, kilobytes(&status, "VmHWM:")?))
}

/// Bytes of memory that can still be had: what the system has available, or less where this process is limited, by its
/// control group or by `ulimit -v`.
pub fn available_bytes() -> Option<u64> {
    let system = kilobytes(&fs::read_to_string("/proc/meminfo").ok()?, "MemAvailable:")?;
    let limit = |name: &str| -> Option<u64> {
        fs::read_to_string(format!("/sys/fs/cgroup/{name}")).ok()?.trim().parse().ok()
    };
    let group = limit("memory.max").zip(limit("memory.current")).map(|(max, now)| max.saturating_sub(now));
    let own = address_space().map(|(max, now)| max.saturating_sub(now));
    Some([group, own].into_iter().flatten().fold(system, u64::min))
}

/// The limit of the addresses of this process, if it has one, and how many it has taken.
fn address_space() -> Option<(u64, u64)> {
    let limits = fs::read_to_string("/proc/self/limits").ok()?;
    let line = limits.lines().find_map(|line| line.strip_prefix("Max address space"))?;
    let most = line.split_whitespace().next()?.parse().ok()?;
    Some((most, kilobytes(&fs::read_to_string("/proc/self/status").ok()?, "VmSize:")?))
}

fn kilobytes(text: &str, key: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix(key))?;
    Some(line.trim().trim_end_matches("kB").trim().parse::<u64>().ok()? * 1024)
}
