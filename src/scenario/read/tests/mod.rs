//! A toy format, on which each promise of the reader is tested.

use super::*;
use super::{choices, tables};

mod descriptions;
mod layers;
mod mistakes;
mod reading;
mod robust;

choices! {
    /// How a corridor is travelled.
    pub enum Mode {
        /// Overland.
        Land = "land",
        /// In a vessel.
        Sea = "sea",
        /// By air.
        Air = "air",
    }
}

tables! {
    /// A toy.
    pub struct Toy {
        /// What it is about.
        title: Option<String>,
        /// First day.
        start: Date,
        /// Seed of all luck.
        seed: u64 = 1,
        /// Month.
        month: u32 = 1 { unit: "month", range: 1..=12 },
        /// Shift.
        shift: i64 = -3 { range: -10..=10 },
        /// Tastes.
        tastes: Tastes,
        /// Zones of the sea.
        zones: Named<Zone> = Named::default(),
        /// Links.
        corridors: Named<Corridor> = Named::default(),
        /// Ladders.
        ladders: Named<Ladder> = Named::default(),
        /// Arrangements.
        arrangements: Vec<Arrangement> = Vec::new(),
    }

    /// Tastes in a choice.
    pub struct Tastes {
        /// Weight of the fare.
        beta_fare: f64 = 1.0 { unit: "utility", range: 0.0..=20.0, source: "assumption, not estimated", equation: "5.3 β_fare" },
        /// Whether they count.
        on: bool = true,
        /// Travelled by preference.
        mode: Mode = Mode::Sea { equation: "5.3" },
        /// Where to.
        to: Name = Name::from("home"),
        /// A sum.
        sum: f64 = (1.0 + 2.0) { range: 0.0..=5.0 },
    }
}

tables! {
    /// A zone of the sea
    /// that patrols search.
    pub struct Zone {
        /// Area that patrols search.
        area_km2: f64 { unit: "km²", range: 1.0..=1e8, source: "a chart", equation: "5.5 A | z" },
        /// Mean weather by month.
        weather_by_month: Vec<f64> = vec![1.0; 12] { unit: "share", range: 0.0..=1.0, length: 12..=12 },
        /// Hours by patrol.
        patrols: Named<f64> = Named::default() { unit: "h/day", range: 0.0..=24.0 }
    }

    /// A link.
    pub struct Corridor {
        /// Where it ends.
        to: Name,
        /// How it is travelled.
        mode: Mode,
        /// Fare.
        fare_usd: Option<f64> = None { unit: "USD", range: 0.0..=1e6 },
    }

    /// A ladder.
    pub struct Ladder {
        /// Rungs.
        rungs: Vec<Rung>,
    }

    /// A rung.
    pub struct Rung {
        /// Openness.
        openness: f64 { range: 0.0..=1.0 },
    }

    /// An arrangement.
    pub struct Arrangement {
        /// Its name.
        name: String,
        /// Whether it is dated.
        dated: bool = true,
        /// Terms of it.
        terms: Option<Rung> = None,
    }
}

const GOOD: &str = r#"
start = 1994-08-19
month = 8
tastes.beta_fare = 2

[zones.straits]
area_km2 = 90000
patrols.usa = 12.5
[zones.windward]
area_km2 = 4e4
[corridors.raft]
to = "florida"
mode = "sea"
[ladders.usa]
rungs = [{ openness = 1 }, { openness = 0.75 }, { openness = 0.25 }]
[[arrangements]]
name = "accord"
[[arrangements]]
name = "talks"
dated = false
[arrangements.terms]
openness = 0.5
"#;

fn read(text: &str) -> Result<Loaded<Toy>, Problems> {
    load(&[Layer::file("toy.toml", text)])
}

fn with(text: &str, assignment: &str) -> Result<Toy, Problems> {
    load(&[Layer::file("toy.toml", text), Layer::assignment(assignment)]).map(|loaded| loaded.value)
}

fn paths(problems: &Problems) -> Vec<&str> {
    problems.iter().map(|p| p.path.as_str()).collect()
}

const BAD: &str = r#"start = "1994-08-19"
month = 13
shift = 2.0
seed = -1
sed = 7

[tastes]
beta_fair = 2.0
on = "yes"
mode = "see"
sum = 1e999

[zones.Straits]
area_km2 = 0.5
weather_by_month = [1, 1, 2]
[zones.windward]
patrols.usa = nan
[corridors.raft]
to = ""
mode = "sea"
fare_usd = 99999999999999999999999999999999999999999999
[ladders]
usa = 5
[arrangements]
name = "accord"
"#;
