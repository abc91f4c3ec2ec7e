//! The tables of a run: what their columns mean.

use super::table::{ColumnSpec, Kind, TableSpec};

const fn column(name: &'static str, kind: Kind, unit: &'static str, meaning: &'static str) -> ColumnSpec {
    ColumnSpec { name, kind, unit, meaning }
}

const DATE: ColumnSpec = column("date", Kind::Date, "", "First day of the period.");
const DAYS: ColumnSpec = column("period_days", Kind::Integer, "days", "Days in the period.");
const POPULATION: ColumnSpec = column("population", Kind::Text, "", "Population.");
const FOUNDED: ColumnSpec =
    column("well_founded", Kind::Flag, "", "Whether the claim to protection is well-founded.");
const PLACE: ColumnSpec = column("place", Kind::Text, "", "Place or zone of the sea.");
const COUNTRY: ColumnSpec = column("country", Kind::Text, "", "Country that owns the place or runs it.");

/// Flows.
pub const FLOWS: TableSpec = TableSpec {
    name: "flows",
    meaning: "Persons to whom something happened in a period; rows of no person are left out.",
    columns: &[
        DATE,
        DAYS,
        column("flow", Kind::Text, "", "What happened."),
        POPULATION,
        FOUNDED,
        PLACE,
        COUNTRY,
        column("persons", Kind::Integer, "persons", "To how many."),
    ],
};

/// Stocks.
pub const STOCKS: TableSpec = TableSpec {
    name: "stocks",
    meaning: "Persons by place and status at the end of a period, the ended included, and person-days in it.",
    columns: &[
        DATE,
        DAYS,
        POPULATION,
        FOUNDED,
        PLACE,
        COUNTRY,
        column("status", Kind::Text, "", "Status."),
        column("persons", Kind::Integer, "persons", "Persons at the end of the period."),
        column("person_days", Kind::Integer, "person-days", "Person-days in the period."),
    ],
};

/// Waits.
pub const WAITS: TableSpec = TableSpec {
    name: "waits",
    meaning: "Waits that ended in a period.",
    columns: &[
        DATE,
        DAYS,
        column("wait", Kind::Text, "", "What was waited for."),
        PLACE,
        COUNTRY,
        column("persons", Kind::Integer, "persons", "Persons whose wait ended."),
        column("mean_days", Kind::Real, "days", "Their mean wait."),
    ],
};

/// Countries.
pub const COUNTRIES: TableSpec = TableSpec {
    name: "countries",
    meaning: "Politics of each country at the end of a period.",
    columns: &[
        DATE,
        DAYS,
        COUNTRY,
        column("pressure", Kind::Real, "1", "Domestic political pressure P."),
        column("pressure_share", Kind::Real, "share", "p = P / (1 + P)."),
        column("noticed", Kind::Real, "persons per million and day", "Arrivals noticed."),
        column("usual", Kind::Real, "persons per million and day", "Arrivals that have become usual."),
        column("arriving", Kind::Real, "persons per day", "Arrivals, averaged over a month."),
        column(
            "heading_here",
            Kind::Real,
            "persons per day",
            "Departures towards it, averaged over a month.",
        ),
        column("relief", Kind::Real, "persons per day", "Taken by partners, averaged over a month."),
        column("magnet_belief", Kind::Real, "1", "What its government believes of the magnet."),
        column("spent", Kind::Real, "USD", "Spent on holding since the start."),
    ],
};

/// Ladders.
pub const LADDERS: TableSpec = TableSpec {
    name: "ladders",
    meaning: "The rung of each ladder at the end of a period.",
    columns: &[
        DATE,
        DAYS,
        column("ladder", Kind::Text, "", "Ladder."),
        COUNTRY,
        column("rung", Kind::Text, "", "Rung in force."),
        column("position", Kind::Integer, "", "Its position, 0 the most open."),
        column("since", Kind::Date, "", "Day it came into force."),
    ],
};

/// Beliefs.
pub const ROUTES: TableSpec = TableSpec {
    name: "routes",
    meaning: "What each population believes of each route at the end of a period, and its ties there.",
    columns: &[
        DATE,
        DAYS,
        POPULATION,
        column("route", Kind::Text, "", "Route."),
        column("believed_stop", Kind::Real, "share", "Believed chance of being stopped."),
        column("believed_death", Kind::Real, "share", "Believed risk of death."),
        column("believed_land", Kind::Real, "share", "Believed chance of protection once landed."),
        column("believed_stopped", Kind::Real, "share", "Believed chance of protection once stopped."),
        column("known_exit", Kind::Real, "share", "Share let pass, as far as known."),
        column("settled", Kind::Real, "persons", "Compatriots settled at the destination, as a tie."),
        column("applicants", Kind::Integer, "persons", "Persons waiting for the orderly channel."),
    ],
};

/// Arrangements.
pub const ARRANGEMENTS: TableSpec = TableSpec {
    name: "arrangements",
    meaning: "Where each arrangement stands at the end of a period.",
    columns: &[
        DATE,
        DAYS,
        column("arrangement", Kind::Text, "", "Arrangement."),
        column("phase", Kind::Text, "", "Phase of its life."),
        column("since", Kind::Date, "", "Day the phase began."),
        column("trust", Kind::Real, "share", "Trust among its parties."),
        column("delivery", Kind::Real, "share", "Delivered over promised at the last review."),
    ],
};

/// Zones.
pub const ZONES: TableSpec = TableSpec {
    name: "zones",
    meaning: "Each zone of the sea in a period.",
    columns: &[
        DATE,
        DAYS,
        column("zone", Kind::Text, "", "Zone."),
        column(
            "patrol_hours_per_day",
            Kind::Real,
            "hours per day",
            "Patrol hours on the last day of the period, those included that came from other zones or went there.",
        ),
        column("overspent_hours", Kind::Real, "hours", "Hours already spent of days to come."),
        column("vessel_days", Kind::Integer, "vessel-days", "Vessels at sea, summed over days."),
        column("vessels_found", Kind::Integer, "vessels", "Vessels found by patrols."),
        column(
            "vessels_arrived",
            Kind::Integer,
            "vessels",
            "Vessels that reached the end of their corridor.",
        ),
        column("vessels_in_distress", Kind::Integer, "vessels", "Vessels in distress."),
    ],
};

/// Transitions.
pub const TRANSITIONS: TableSpec = TableSpec {
    name: "transitions",
    meaning: "Every change of status of every person, in the order of the day.",
    columns: &[
        column("date", Kind::Date, "", "Day."),
        POPULATION,
        FOUNDED,
        column("stratum", Kind::Integer, "", "Stratum: with the ordinal, who the person is in every world."),
        column("ordinal", Kind::Integer, "", "Ordinal within the stratum."),
        column("from_place", Kind::Text, "", "Place left; empty when leaving home."),
        column("from_status", Kind::Text, "", "Status left; empty when leaving home."),
        column("to_place", Kind::Text, "", "Place come to."),
        column("to_status", Kind::Text, "", "Status come to."),
        column("flow", Kind::Text, "", "What it was counted as; empty if only as a change of status."),
    ],
};

/// All tables, in order.
pub const ALL: [TableSpec; 9] =
    [FLOWS, STOCKS, WAITS, COUNTRIES, LADDERS, ROUTES, ARRANGEMENTS, ZONES, TRANSITIONS];
