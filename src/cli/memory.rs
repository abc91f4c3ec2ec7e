//! Whether the people of a run will fit into memory, estimated before the first of them is made.

use super::CommandError;
use super::machine::{available_bytes, memory_bytes};
use super::progress::thousands;
use crate::experiment::study::Study;
use crate::scenario::Setup;
use crate::scenario::setup::Group;

/// Bytes a person under way takes: a row of the crowd, and a half more for chunks that are not full.
const BYTES_A_PERSON: f64 = 33.0;

/// People of one stratum who can be told apart, with room for those who leave home again.
const MOST_OF_A_STRATUM: u32 = u32::MAX / 2;

/// People who will have left home by the end at the rates of the reference, by group; at most everybody.
///
/// They are counted as if nobody's journey ended, since those who have returned keep their row for years.
fn expected_people(setup: &Setup) -> Vec<f64> {
    let days = f64::from(setup.days);
    let of_group = setup.groups.iter().map(|group| {
        let sizes = &setup.populations[group.population.index()].size_cumulative;
        let mean_size = 1.0 + sizes.iter().map(|below| (1.0 - below).max(0.0)).sum::<f64>();
        let leaving = group.households as f64 * (group.base_per_day * days).min(1.0) * mean_size;
        leaving + present(setup, group)
    });
    of_group.collect()
}

/// People of a group who are abroad when the run begins.
fn present(setup: &Setup, group: &Group) -> f64 {
    let population = &setup.populations[group.population.index()];
    let households: u64 = setup.groups[population.groups.clone()].iter().map(|g| g.households.max(1)).sum();
    let persons: f64 = population.present.iter().map(|stock| f64::from(stock.persons)).sum();
    persons * group.households.max(1) as f64 / households as f64
}

/// Refuse a run whose people will not fit. Where the system does not say how much memory there is, nothing is refused.
pub fn refuse_too_many(setup: &Setup) -> Result<(), CommandError> {
    refuse_too_many_at_once(&[setup], 1)
}

/// Refuse worlds that are held together, so many sets of them at a time, and whose people will not fit.
pub fn refuse_too_many_at_once(worlds: &[&Setup], at_once: usize) -> Result<(), CommandError> {
    // What this process holds already is part of what it will need: the world of a snapshot that was opened.
    let available = available_bytes().map(|free| free + memory_bytes().map_or(0, |(now, _)| now));
    let people: Vec<Vec<f64>> = worlds.iter().map(|setup| expected_people(setup)).collect();
    people.iter().try_for_each(|people| refuse(people, 1, available))?;
    refuse(&people.concat(), at_once, available)
}

/// Refuse an experiment of whose runs the largest would not fit.
pub fn refuse_too_large(study: &Study) -> Result<(), CommandError> {
    let people = |setup: &Setup| expected_people(setup).iter().sum::<f64>();
    let largest = study.largest(people).map_err(|p| CommandError::Scenario(p.render(false)))?;
    refuse_too_many(&largest)
}

fn refuse(people: &[f64], at_once: usize, available: Option<u64>) -> Result<(), CommandError> {
    let largest = people.iter().copied().fold(0.0, f64::max);
    let all: f64 = people.iter().sum();
    if largest > f64::from(MOST_OF_A_STRATUM) {
        return Err(CommandError::Other(format!(
            "about {} people of one stratum would leave home, {} can be told apart: divide the population, or take \
             fewer households",
            thousands(largest as u64),
            thousands(u64::from(MOST_OF_A_STRATUM))
        )));
    }
    let needed = all * BYTES_A_PERSON * at_once as f64;
    match available {
        Some(available) if needed > available as f64 => {
            let (times, remedy) = match at_once {
                1 => (String::new(), ""),
                n => (format!(" with {n} runs at a time"), "fewer --threads, "),
            };
            Err(CommandError::Other(format!(
                "about {} people would leave home and take {} MB of memory{times}, {} MB are there: take {remedy}fewer \
                 households (populations.NAME.households) or a shorter period",
                thousands(all as u64),
                thousands((needed / 1e6) as u64),
                thousands(available / 1_000_000)
            )))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_is_refused_with_figures() {
        let there = Some(1 << 30);
        assert!(refuse(&[1e6, 2e6], 1, there).is_ok() && refuse(&[2e9, 2e9], 1, None).is_ok());
        let text = refuse(&[4e7, 4e7], 1, there).unwrap_err().to_string();
        assert!(
            text.contains("80,000,000 people") && text.contains("2,640 MB") && text.contains("1,073 MB"),
            "{text}"
        );
        assert!(!text.contains("--threads"), "{text}");
        assert!(refuse(&[1e7, 1e7], 1, there).is_ok());
        let text = refuse(&[1e7, 1e7], 8, there).unwrap_err().to_string();
        assert!(text.contains("8 runs at a time") && text.contains("--threads"), "{text}");
        let text = refuse(&[5e9], 1, None).unwrap_err().to_string();
        assert!(text.contains("5,000,000,000 people of one stratum"), "{text}");
    }
}
