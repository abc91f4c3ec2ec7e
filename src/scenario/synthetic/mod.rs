//! Synthetic worlds of any size, on which scale is measured: a scenario file made of a few numbers.
//!
//! Nothing in one is a case. Sizes are heavy-tailed, ties follow distances on a sphere and incomes, every mechanism is
//! switched on, and a mix of instruments is in force; numbers of people follow from the number asked for. The text is
//! a function of the numbers and the seed.

mod people;
mod states;
mod world;

use jiff::civil::{Date, date};
use std::fmt::Write;

/// What a synthetic world is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Numbers {
    /// Countries.
    pub countries: u32,
    /// People abroad on the first day, each with a row.
    pub people: u32,
    /// Days.
    pub days: u32,
    /// Seed of the world and of all luck in it.
    pub seed: u64,
}

/// Countries there may be: the row of a person has a byte for the one responsible.
pub const COUNTRIES: std::ops::RangeInclusive<u32> = 2..=190;
/// People there may be.
pub const PEOPLE: std::ops::RangeInclusive<u32> = 1_000..=250_000_000;
/// Days there may be.
pub const DAYS: std::ops::RangeInclusive<u32> = 1..=36_500;

/// First day of every synthetic world.
const START: Date = date(2026, 1, 1);

impl Numbers {
    /// What is wrong with them, if anything is: found, and allowed.
    pub fn problem(&self) -> Option<String> {
        let found = [
            ("countries", self.countries, COUNTRIES),
            ("people", self.people, PEOPLE),
            ("days", self.days, DAYS),
        ];
        let wrong = found.into_iter().find(|(_, number, allowed)| !allowed.contains(number));
        wrong.map(|(what, number, allowed)| {
            format!("{number} {what}: {} to {} are allowed", allowed.start(), allowed.end())
        })
    }

    /// The command that makes this world.
    pub fn command(&self) -> String {
        format!(
            "landfall synth --countries {} --people {} --days {} --seed {}",
            self.countries, self.people, self.days, self.seed
        )
    }

    /// The text of the scenario.
    pub fn scenario(&self) -> String {
        let world = world::World::new(self);
        let end = START.saturating_add(jiff::Span::new().days(i64::from(self.days) - 1));
        let mut text = format!(
            "# A synthetic world, made by `{command}`.\n# It is for measuring scale only: no country, no route and \
             no number in it is a record of anything.\n\n[scenario]\ntitle = \"A synthetic world of {countries} \
             countries and {people} people\"\nquestion = \"How long does a day take with so many people?\"\nlimits = \
             \"Everything in it is invented: it says nothing about any place or people.\"\nstart = {START}\nend = \
             {end}\nseed = {seed}\n\n",
            command = self.command(),
            countries = self.countries,
            people = self.people,
            seed = self.seed,
        );
        text.push_str("[policy]\nreviews_per_year = 4.0\ncrisis_reviews_per_year = 26.0\n\n");
        text.push_str("[journeys]\nonward_per_year = 0.1\n\n");
        drivers(&mut text, end);
        states::write(&mut text, &world);
        people::write(&mut text, &world);
        states::write_ladders(&mut text, &world);
        states::write_arrangements(&mut text, &world);
        events(&mut text, &world);
        text
    }
}

/// Indices over time: unrest that comes and goes.
fn drivers(text: &mut String, end: Date) {
    for (name, phase) in [("unrest", 0), ("harvest", 2)] {
        let _ = writeln!(
            text,
            "[drivers.{name}]\nsource = \"synthetic\"\nreference_start = {START}\nreference_end = {end}\nvalues = ["
        );
        for quarter in 0..=8 {
            let value = [1.0, 1.3, 0.9, 0.8][(quarter + phase) % 4];
            let on = START.saturating_add(jiff::Span::new().days(91 * quarter as i64));
            let _ = writeln!(text, "  {{ date = {on}, value = {value:?} }},");
        }
        text.push_str("]\n\n");
    }
}

/// Something happens: word of a change, a storm, a scare, an announcement.
fn events(text: &mut String, world: &world::World) {
    let strict = &world.destinations()[0];
    let _ = writeln!(
        text,
        "[[events]]\ndate = {START}\nkind = \"pressure\"\ncountry = \"{0}\"\ndays = 1.0\nvalue = 0.2\n\n[[events]]\n\
         date = {START}\nkind = \"expected_change\"\nladder = \"{0}_procedure\"\nrung = \"strict\"\n\
         rumour_per_day = 0.01\ndays = 7.0\n",
        strict.name
    );
    if let Some(zone) = world.zones().first() {
        let _ = writeln!(
            text,
            "[[events]]\ndate = {START}\nkind = \"weather\"\nzone = \"{}\"\ndays = 1.0\nvalue = 0.1\n",
            zone.name
        );
    }
}
