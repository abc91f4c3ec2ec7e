//! `landfall sweep --engine slurm`: the runs as an array of Slurm jobs, each a shard worth its start.
//!
//! There is no scheduler of ours: a job is `landfall sweep DIR --shard I/N`, and Slurm does the rest. Before a time
//! limit Slurm sends SIGUSR1; the job then stores the runs it is in the middle of, and asks to be queued again, where
//! it goes on with them.

use super::progress::{duration_text, thousands};
use super::signals::RESUMABLE;
use super::study::{Opened, What, manifest, range};
use super::sweep::{SweepOptions, out_directory, shard_directory};
use super::sweep_status::count;
use super::{CommandError, print};
use crate::files::{create_directory, read_text, write_atomically};
use clap::Args;
use serde_json::json;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

/// Options of the engine `slurm`.
#[derive(Args, Debug)]
pub struct SlurmOptions {
    /// Slurm: processors of a job.
    #[arg(long, default_value_t = 1, value_name = "N")]
    cpus: u64,
    /// Slurm: jobs at most.
    #[arg(long, default_value_t = 500, value_name = "N")]
    jobs: u64,
    /// Slurm: least work of a job, in seconds.
    #[arg(long, default_value_t = 10.0, value_name = "SECONDS")]
    job_seconds: f64,
    /// Slurm: an option of sbatch, as in `--sbatch=--partition=long`. May be repeated.
    #[arg(long, value_name = "OPTION", allow_hyphen_values = true)]
    sbatch: Vec<String>,
}

/// Writes the array of jobs and submits those that have something left to do; `seconds` is what a run takes.
pub fn submit(options: &SweepOptions, opened: &Opened, seconds: f64) -> Result<ExitCode, CommandError> {
    let asked = &options.slurm;
    if asked.cpus == 0 || asked.jobs == 0 || !asked.job_seconds.is_finite() {
        return Err(CommandError::Other("--cpus, --jobs and --job-seconds must be numbers above 0".into()));
    }
    let out = out_directory(options)?;
    let (_lock, _) = opened.claim(What::Sweep, &out, None)?;
    let out = std::path::absolute(&out)
        .map_err(|e| CommandError::Other(format!("cannot find {}: {e}", out.display())))?;
    let directory = out.join("slurm");
    create_directory(&directory)?;
    if let Some(active) = active_jobs(&directory) {
        return Err(CommandError::Other(format!(
            "jobs of this sweep are still queued or running: {active}; wait, or cancel them with scancel"
        )));
    }
    let runs = opened.study.runs();
    let shards = shard_count(&directory, runs, seconds, asked)?;
    let mut left = Vec::new();
    for i in 1..=shards {
        let (part, runs) = (shard_directory(&out, i, shards), range(runs, Some((i, shards))));
        let done = if part.join("experiment.json").is_file() {
            manifest(&part)?;
            count(&opened.study, &part, &runs)?.done
        } else {
            0
        };
        if done < runs.end - runs.start {
            left.push(i);
        }
    }
    if left.is_empty() {
        let next = format!("landfall merge {} --out {}", out.display(), out.display());
        print(&format!("every run is done: join the shards with {next}\n"))?;
        return Ok(ExitCode::SUCCESS);
    }
    let script = directory.join("job.sh");
    write_atomically(&script, script_text(&out, shards, asked)?.as_bytes())?;
    let job = sbatch(&script, &left)?;
    remember(&directory, &job)?;
    if !options.quiet {
        let work = runs as f64 / shards as f64 * seconds / asked.cpus as f64;
        print(&format!(
            "job {job}: {} of {} shards of {} runs, some {} each; follow it with landfall sweep status {}\n",
            thousands(left.len() as u64),
            thousands(shards),
            thousands(runs.div_ceil(shards)),
            duration_text(work),
            out.display()
        ))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Into how many shards the runs are cut: as before, or so that each is worth its start.
fn shard_count(directory: &Path, runs: u64, seconds: f64, asked: &SlurmOptions) -> Result<u64, CommandError> {
    let path = directory.join("plan.json");
    if path.is_file() {
        let plan: serde_json::Value = serde_json::from_str(&read_text(&path)?).unwrap_or_default();
        return plan["shards"]
            .as_u64()
            .filter(|n| (1..=runs.max(1)).contains(n))
            .ok_or_else(|| CommandError::Other(format!("{} is damaged: remove it", path.display())));
    }
    let shards = shards_worth(runs, seconds, asked);
    let text = serde_json::to_string_pretty(&json!({ "shards": shards })).unwrap_or_default();
    write_atomically(&path, (text + "\n").as_bytes())?;
    Ok(shards)
}

fn shards_worth(runs: u64, seconds: f64, asked: &SlurmOptions) -> u64 {
    let least = (asked.job_seconds * asked.cpus as f64 / seconds.max(1e-6)).ceil().max(1.0);
    ((runs as f64 / least).floor() as u64).clamp(1, asked.jobs).min(runs.max(1))
}

/// The script of a job. Its shell passes signals on to the program and waits for it.
fn script_text(out: &Path, shards: u64, asked: &SlurmOptions) -> Result<String, CommandError> {
    let program = std::env::current_exe()
        .map_err(|e| CommandError::Other(format!("cannot find the program's own file: {e}")))?;
    let quote = |path: &Path| format!("'{}'", path.display().to_string().replace('\'', r"'\''"));
    let mut text = String::from("#!/bin/bash\n");
    let mut option = |words: String| text.push_str(&format!("#SBATCH {words}\n"));
    option("--job-name=landfall".into());
    option(format!("--output=\"{}/slurm/%A_%a.log\"", out.display()));
    option("--open-mode=append".into());
    option("--nodes=1 --ntasks=1".into());
    option(format!("--cpus-per-task={}", asked.cpus));
    // A minute before a time limit; a limit that is near kills after SIGTERM and a grace of Slurm's own.
    option("--signal=B:USR1@60".into());
    option("--requeue".into());
    asked.sbatch.iter().for_each(|words| option(words.clone()));
    text.push_str(&format!(
        r#"
# Before anything else: a signal that comes early must not end the shell.
child= asked=
pass_on() {{
  asked=$1
  if [ -n "$child" ]; then kill -"$asked" "$child" 2>/dev/null; fi
}}
trap 'pass_on USR1' USR1
trap 'pass_on TERM' TERM
{program} sweep {out} --shard "$SLURM_ARRAY_TASK_ID/{shards}" --threads {cpus} --quiet &
child=$!
if [ -n "$asked" ]; then kill -"$asked" "$child" 2>/dev/null; fi
# A signal ends the wait, not the program: wait again for what it says in the end.
wait "$child"
status=$?
while [ "$status" -gt 128 ]; do
  wait "$child"
  again=$?
  if [ "$again" -eq 127 ] || [ "$again" -eq "$status" ]; then break; fi
  status=$again
done
# It was asked to stop, and what it finished is kept: the rest goes on in the next job. A program that was asked before
# it could listen died of the signal, and lost nothing either.
if [ "$status" -eq {RESUMABLE} ] || {{ [ -n "$asked" ] && [ "$status" -gt 128 ]; }}; then
  scontrol requeue "$SLURM_JOB_ID"
fi
exit "$status"
"#,
        program = quote(&program),
        out = quote(out),
        cpus = asked.cpus,
    ));
    Ok(text)
}

fn sbatch(script: &Path, shards: &[u64]) -> Result<String, CommandError> {
    let list = format!("--array={}", ranges(shards));
    let output =
        Command::new("sbatch").args(["--parsable", &list]).arg(script).output().map_err(|e| {
            CommandError::Other(format!("cannot start sbatch: {e}; is Slurm installed here?"))
        })?;
    let said = String::from_utf8_lossy(&output.stdout);
    if !output.status.success() {
        let why = String::from_utf8_lossy(&output.stderr);
        return Err(CommandError::Other(format!("sbatch refused: {}", why.trim())));
    }
    // With several clusters the name of one follows.
    Ok(said.trim().split(';').next().unwrap_or("").to_string())
}

/// `1-4,7,9-10`.
fn ranges(numbers: &[u64]) -> String {
    let mut parts: Vec<(u64, u64)> = Vec::new();
    for &n in numbers {
        match parts.last_mut() {
            Some(last) if last.1 + 1 == n => last.1 = n,
            _ => parts.push((n, n)),
        }
    }
    let words = parts.iter().map(|&(a, b)| if a == b { a.to_string() } else { format!("{a}-{b}") });
    words.collect::<Vec<_>>().join(",")
}

fn jobs_file(directory: &Path) -> PathBuf {
    directory.join("jobs")
}

fn jobs(directory: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(jobs_file(directory)).unwrap_or_default();
    text.lines().map(str::to_string).filter(|l| !l.is_empty()).collect()
}

fn remember(directory: &Path, job: &str) -> Result<(), CommandError> {
    let mut all = jobs(directory);
    all.push(job.to_string());
    Ok(write_atomically(&jobs_file(directory), (all.join("\n") + "\n").as_bytes())?)
}

/// What Slurm's queue says of the jobs of a sweep, as `state count` words; nothing where there are none.
fn active_jobs(directory: &Path) -> Option<String> {
    let jobs = jobs(directory);
    let last = jobs.last()?;
    let output =
        Command::new("squeue").args(["--noheader", "--array", "--format=%T", "--jobs", last]).output();
    let said = output.ok().filter(|o| o.status.success())?;
    let mut states: Vec<String> =
        String::from_utf8_lossy(&said.stdout).lines().map(|l| l.trim().to_lowercase()).collect();
    states.retain(|s| !s.is_empty());
    states.sort();
    let mut counts: Vec<(String, u32)> = Vec::new();
    for state in states {
        match counts.last_mut() {
            Some(last) if last.0 == state => last.1 += 1,
            _ => counts.push((state, 1)),
        }
    }
    let words: Vec<String> = counts.iter().map(|(state, n)| format!("{n} {state}")).collect();
    if words.is_empty() { None } else { Some(format!("job {last}: {}", words.join(", "))) }
}

/// A line about Slurm's queue for `sweep status`; empty where the sweep has no jobs there.
pub fn queue(directory: &Path) -> String {
    let slurm = directory.join("slurm");
    match active_jobs(&slurm) {
        Some(words) => format!("{words}\n"),
        None if jobs(&slurm).is_empty() => String::new(),
        None => "no job of it is queued or running\n".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(job_seconds: f64, cpus: u64, jobs: u64) -> SlurmOptions {
        SlurmOptions { cpus, jobs, job_seconds, sbatch: Vec::new() }
    }

    #[test]
    fn jobs_are_worth_their_start() {
        assert_eq!(shards_worth(1_000, 0.02, &asked(10.0, 1, 500)), 2);
        assert_eq!(shards_worth(1_000_000, 0.02, &asked(10.0, 4, 500)), 500);
        assert_eq!(shards_worth(10, 0.02, &asked(10.0, 1, 500)), 1);
        assert_eq!(shards_worth(3, 3600.0, &asked(10.0, 1, 500)), 3);
    }

    #[test]
    fn arrays_are_told_in_ranges() {
        assert_eq!(ranges(&[1, 2, 3, 7, 9, 10]), "1-3,7,9-10");
        assert_eq!(ranges(&[5]), "5");
    }
}
