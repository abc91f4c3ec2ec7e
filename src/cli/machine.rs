//! What is known of the machine: memory of this process, memory there is.

use std::fs;

/// Bytes of memory this process holds, and the most it has held; nothing where the system does not say.
pub fn memory_bytes() -> Option<(u64, u64)> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    Some((kilobytes(&status, "VmRSS:")?, kilobytes(&status, "VmHWM:")?))
}

/// Bytes of memory that can still be had: what the system has available, or less where this process is limited.
pub fn available_bytes() -> Option<u64> {
    let system = kilobytes(&fs::read_to_string("/proc/meminfo").ok()?, "MemAvailable:")?;
    let limit = |name: &str| -> Option<u64> {
        fs::read_to_string(format!("/sys/fs/cgroup/{name}")).ok()?.trim().parse().ok()
    };
    let left = limit("memory.max").zip(limit("memory.current")).map(|(max, now)| max.saturating_sub(now));
    Some(left.map_or(system, |left| left.min(system)))
}

fn kilobytes(text: &str, key: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix(key))?;
    Some(line.trim().trim_end_matches("kB").trim().parse::<u64>().ok()? * 1024)
}
