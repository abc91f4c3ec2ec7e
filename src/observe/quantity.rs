//! The value of a quantity in a run that has been watched.
//!
//! What never happens has an infinite first day; what is undefined (the mean of nothing, nought over nought) is not
//! a number, and agrees with no claim.

use super::watch::Watch;
use crate::scenario::facts::{Fact, Kind, Quantity};
use crate::scenario::format::{Across, By, Take};
use crate::scenario::setup::Setup;

impl Watch {
    /// A quantity over its own days.
    pub fn value(&self, setup: &Setup, q: &Quantity) -> f64 {
        self.value_over(setup, q, q.from, q.to)
    }

    /// A quantity over days `from` to `to`, both included.
    pub fn value_over(&self, setup: &Setup, q: &Quantity, from: usize, to: usize) -> f64 {
        match q.kind {
            Kind::Constant => q.constant,
            Kind::Wait => {
                let sum = |part: usize| self.days(q.parts[part], from, to).iter().sum::<f64>();
                sum(0) / sum(1)
            }
            Kind::Flow | Kind::Standing => {
                let parts: Vec<f64> =
                    q.parts.iter().map(|&signal| self.taken(setup, q, signal, from, to)).collect();
                across(q, &parts)
            }
        }
    }

    /// A quantity over another, or another taken off it, in one run.
    pub fn fact(&self, setup: &Setup, fact: &Fact) -> f64 {
        let mut value = self.value(setup, &fact.quantity);
        if let Some(over) = &fact.over {
            value /= self.value(setup, over);
        }
        if let Some(minus) = &fact.minus {
            value -= self.value(setup, minus);
        }
        value
    }

    fn taken(&self, setup: &Setup, q: &Quantity, signal: usize, from: usize, to: usize) -> f64 {
        let days = self.days(signal, from, to);
        let values = &by_period(setup, q, days, from)[..];
        let values = if q.by == By::Day { days } else { values };
        let n = values.len() as f64;
        let reached = values.iter().filter(|&&v| v >= q.reaches).count() as f64;
        match q.take {
            Take::Total => values.iter().sum(),
            Take::Mean => values.iter().sum::<f64>() / n,
            Take::Largest => values.iter().copied().fold(f64::NAN, f64::max),
            Take::Smallest => values.iter().copied().fold(f64::NAN, f64::min),
            Take::Last => values.last().copied().unwrap_or(f64::NAN),
            Take::Share => reached / n,
            Take::Count => reached,
            Take::Rises => {
                // A period that begins there has risen to it, unless the day before it was there already.
                let eve =
                    if q.by == By::Day && from > 0 { self.days(signal, from - 1, from - 1) } else { &[] };
                let mut before = eve.first().is_some_and(|&v| v >= q.reaches);
                let mut rises = 0.0;
                for &v in values {
                    let now = v >= q.reaches;
                    rises += f64::from(u8::from(now && !before));
                    before = now;
                }
                rises
            }
            Take::FirstDay => first_day(q, days).map_or(f64::INFINITY, |day| (from + day) as f64),
            Take::FirstYear => first_day(q, days)
                .map_or(f64::INFINITY, |day| f64::from(setup.calendar.date((from + day) as u32).year())),
        }
    }
}

/// The first of some days on which a value, or the sum of a flow so far, is reached.
fn first_day(q: &Quantity, days: &[f64]) -> Option<usize> {
    let mut sum = 0.0;
    days.iter().position(|&v| {
        sum += v;
        (if q.kind == Kind::Flow { sum } else { v }) >= q.reaches
    })
}

/// Values by month or year: flows summed, the rest averaged. Empty where the periods are days.
fn by_period(setup: &Setup, q: &Quantity, days: &[f64], from: usize) -> Vec<f64> {
    let mut values = Vec::new();
    if q.by == By::Day {
        return values;
    }
    let fiscal = setup.scenario.scenario.fiscal_year_start_month as i32;
    let label = |day: usize| {
        let date = setup.calendar.date((from + day) as u32);
        let (year, month) = (i32::from(date.year()), i32::from(date.month()));
        match q.by {
            By::Day => day as i32,
            By::Month => year * 12 + month,
            By::Year => year,
            By::FiscalYear => year - i32::from(month < fiscal),
        }
    };
    let (mut sum, mut n) = (0.0, 0.0);
    for (day, value) in days.iter().enumerate() {
        sum += value;
        n += 1.0;
        if day + 1 == days.len() || label(day + 1) != label(day) {
            values.push(if q.kind == Kind::Flow { sum } else { sum / n });
            (sum, n) = (0.0, 0.0);
        }
    }
    values
}

/// One value of those of several countries.
fn across(q: &Quantity, parts: &[f64]) -> f64 {
    let largest = || parts.iter().copied().fold(f64::NAN, f64::max);
    let smallest = || parts.iter().copied().fold(f64::NAN, f64::min);
    match q.across {
        Across::All => parts.iter().sum::<f64>() / parts.len() as f64,
        Across::Largest => largest(),
        Across::Smallest => smallest(),
        Across::Spread => largest() - smallest(),
        Across::Count => parts.iter().filter(|&&v| v >= q.each_at_least).count() as f64,
    }
}
