//! Whether the people of a run will fit into memory, estimated before the first of them is made.

use super::CommandError;
use super::machine::available_bytes;
use super::progress::thousands;
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
    refuse(&expected_people(setup), available_bytes())
}

fn refuse(people: &[f64], available: Option<u64>) -> Result<(), CommandError> {
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
    let needed = all * BYTES_A_PERSON;
    match available {
        Some(available) if needed > available as f64 => Err(CommandError::Other(format!(
            "about {} people would leave home and take {} MB of memory, {} MB are there: take fewer households \
             (populations.NAME.households) or a shorter period",
            thousands(all as u64),
            thousands((needed / 1e6) as u64),
            thousands(available / 1_000_000)
        ))),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_is_refused_with_figures() {
        assert!(refuse(&[1e6, 2e6], Some(1 << 30)).is_ok() && refuse(&[2e9, 2e9], None).is_ok());
        let text = refuse(&[4e7, 4e7], Some(1 << 30)).unwrap_err().to_string();
        assert!(
            text.contains("80,000,000 people") && text.contains("2,640 MB") && text.contains("1,073 MB"),
            "{text}"
        );
        let text = refuse(&[5e9], None).unwrap_err().to_string();
        assert!(text.contains("5,000,000,000 people of one stratum"), "{text}");
    }
}
