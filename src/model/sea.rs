//! The sea: patrols that search, vessels that sail, distress and rescue, and the supply of passage (model
//! 5.5).
//!
//! | file | rules |
//! | --- | --- |
//! | `patrol` | detection, search with handling time and its mean fields, surges of patrols, boarding |
//! | `peril` | weather, distress, rescue, deaths. Deaths at sea come only through distress |
//! | `supply` | size of vessels, fares, entry and exit of suppliers |
//!
//! Patrols are stylised and coarse: a zone is a number of square kilometres, and where a patrol is in it is
//! not modelled.

mod patrol;
mod peril;
mod supply;

pub use patrol::{
    WATCH, WORK_DAYS, boarded, detection_rate_per_hour, handling_hours, hours_by_need, koopman_found_share,
    overspent_here, patrol_need, rogers_found_share, search, seek_factor, surge_step,
};
pub use peril::{
    MOST_DISTRESS_PER_DAY, ROUGH_WEATHER_EXCESS, distress_hazard_per_day, rescue_probability, weather_factor,
};
pub use supply::{
    LARGEST_ENTRY_FACTOR, LEAST_PASSING_SHARE, LEAST_SUPPLY_SHARE, entry_rate_per_day, entry_step, fare_usd,
    vessel_size,
};
