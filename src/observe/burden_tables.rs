//! The tables that comparisons of worlds leave behind.

use super::table::{ColumnSpec, Kind, TableSpec};

const fn column(name: &'static str, kind: Kind, unit: &'static str, meaning: &'static str) -> ColumnSpec {
    ColumnSpec { name, kind, unit, meaning }
}

const STATE: ColumnSpec = column("state", Kind::Text, "", "State.");
const METHOD: ColumnSpec = column(
    "method",
    Kind::Text,
    "",
    "`left_out`: with the arrangement less without it, the others in force; `together`: with all less with none; \
     `shapley`: Shapley value; `placebo`: two worlds that differ by luck alone.",
);
const ARRANGEMENT: ColumnSpec =
    column("arrangement", Kind::Text, "", "Arrangement; empty where the method concerns none in particular.");
const WORLD: ColumnSpec =
    column("world", Kind::Text, "", "`none` in force, `all` in force, or `without` one arrangement.");
const ERROR: &str = "Its standard error over seeds; by the jackknife for parts of a difference.";

/// The ledger of burdens.
pub const BURDEN: TableSpec = TableSpec {
    name: "burden",
    meaning: "What arrangements did to the responsibility of each State: mean over seeds.",
    columns: &[
        METHOD,
        ARRANGEMENT,
        STATE,
        column(
            "quantity",
            Kind::Text,
            "",
            "`difference`, or a part of it: `moved_in_shared`, `moved_in_shifted`, `created`, `moved_out`, `avoided`.",
        ),
        column("person_days", Kind::Real, "person-days", "Its size."),
        column("standard_error", Kind::Real, "person-days", ERROR),
        column(
            "by_chance",
            Kind::Real,
            "person-days",
            "What it would come to by chance alone, at the noise that pairing leaves; missing for what is shared or \
             shifted of it, and for differences.",
        ),
    ],
};

/// Payments.
pub const PAYMENTS: TableSpec = TableSpec {
    name: "payments",
    meaning: "Money States received under arrangements: mean over seeds.",
    columns: &[
        METHOD,
        ARRANGEMENT,
        STATE,
        column(
            "received",
            Kind::Real,
            "USD",
            "Received from partners, with the arrangement less without it.",
        ),
        column("cost_without", Kind::Real, "USD", "Cost of the burden that the State bears without it."),
        column("shared", Kind::Real, "USD", "Of what was received, up to that cost."),
        column("shifted", Kind::Real, "USD", "The rest."),
    ],
};

/// Burdens avoided.
pub const AVOIDED: TableSpec = TableSpec {
    name: "avoided",
    meaning: "What burdens avoided came to for the people concerned: mean over seeds.",
    columns: &[
        METHOD,
        ARRANGEMENT,
        column(
            "fate",
            Kind::Text,
            "",
            "`protected_here`, `protected_elsewhere`, `home_safe`, `home_at_risk`, `refouled`, `dead`, `unresolved`; \
             `other_cohort`: borne for the same people, who set out in another month.",
        ),
        column("person_days", Kind::Real, "person-days", "Responsibility avoided, of people of that fate."),
        column("standard_error", Kind::Real, "person-days", ERROR),
    ],
};

/// Differences of everything else.
pub const EFFECTS: TableSpec = TableSpec {
    name: "effects",
    meaning: "What arrangements changed, beside the ledger: mean difference over seeds with its interval.",
    columns: &[
        METHOD,
        ARRANGEMENT,
        column("outcome", Kind::Text, "", "What was changed."),
        column("state", Kind::Text, "", "State concerned; empty for outcomes of people."),
        column("unit", Kind::Text, "", "Unit."),
        column("difference", Kind::Real, "as the unit says", "With less without, or the Shapley value."),
        column("standard_error", Kind::Real, "as the unit says", "Its standard error over seeds."),
        column("half_width", Kind::Real, "as the unit says", "Half-width of its 95 % interval."),
    ],
};

/// Differences by cell.
pub const CELLS: TableSpec = TableSpec {
    name: "cells",
    meaning: "The differences that the ledger is made of: mean over seeds, where there are any.",
    columns: &[
        METHOD,
        ARRANGEMENT,
        column("population", Kind::Text, "", "Population."),
        column("well_founded", Kind::Flag, "", "Whether the claim to protection is well-founded."),
        column("cohort", Kind::Date, "", "First day of the month of first setting out."),
        STATE,
        column("person_days", Kind::Real, "person-days", "With the arrangement less without it."),
    ],
};

/// Responsibility of worlds.
pub const RESPONSIBILITY: TableSpec = TableSpec {
    name: "responsibility",
    meaning: "Responsibility of each State in each world: mean over seeds.",
    columns: &[
        WORLD,
        STATE,
        column("status", Kind::Text, "", "Status of the people."),
        column("person_days", Kind::Real, "person-days", "Of everybody."),
        column("vulnerable_person_days", Kind::Real, "person-days", "Of the vulnerable."),
    ],
};

/// Loads of States.
pub const LOADS: TableSpec = TableSpec {
    name: "loads",
    meaning: "Responsibility of each State against its fair share, with vulnerable people weighing more.",
    columns: &[
        WORLD,
        column("vulnerable_weight", Kind::Real, "1", "Weight of a vulnerable person relative to another."),
        STATE,
        column("fair_share", Kind::Real, "share", "By population, area and gross domestic product alike."),
        column("person_days", Kind::Real, "weighted person-days", "Responsibility."),
        column("load", Kind::Real, "ratio", "Share of all responsibility over the fair share."),
        column("spent", Kind::Real, "USD", "Spent on holding."),
    ],
};

/// Distributions.
pub const DISTRIBUTION: TableSpec = TableSpec {
    name: "distribution",
    meaning: "How unequally responsibility is distributed in each world.",
    columns: &[
        WORLD,
        column("vulnerable_weight", Kind::Real, "1", "Weight of a vulnerable person relative to another."),
        column("gini", Kind::Real, "1", "Gini coefficient against fair shares."),
        column("theil", Kind::Real, "1", "Theil index against fair shares."),
        column("gap", Kind::Real, "share", "Share of responsibility that would have to change hands."),
    ],
};

/// Tables of `landfall attribute`.
pub const ATTRIBUTE: [TableSpec; 8] =
    [BURDEN, AVOIDED, PAYMENTS, EFFECTS, CELLS, RESPONSIBILITY, LOADS, DISTRIBUTION];

const OTHER: ColumnSpec = column("world", Kind::Text, "", "The world that is set beside the first.");
const POPULATION: ColumnSpec = column("population", Kind::Text, "", "Population.");
const FOUNDED: ColumnSpec =
    column("well_founded", Kind::Flag, "", "Whether the claim to protection is well-founded.");

/// Differences between worlds.
pub const COMPARISON: TableSpec = TableSpec {
    name: "comparison",
    meaning: "What worlds differ by from the first, on common random numbers.",
    columns: &[
        OTHER,
        column("outcome", Kind::Text, "", "What is compared, over the whole period."),
        column("of", Kind::Text, "", "Population or State."),
        column("unit", Kind::Text, "", "Unit."),
        column("first", Kind::Real, "as the unit says", "Mean in the first world."),
        column("other", Kind::Real, "as the unit says", "Mean in this world."),
        column("difference", Kind::Real, "as the unit says", "This world less the first."),
        column("standard_error", Kind::Real, "as the unit says", "Its standard error, by paired seeds."),
        column("half_width", Kind::Real, "as the unit says", "Half-width of its 95 % interval."),
        column(
            "variance_reduction",
            Kind::Real,
            "ratio",
            "Variance of the difference under independent seeds over that under paired ones.",
        ),
    ],
};

/// Persons by fate and fate.
pub const CROSSINGS: TableSpec = TableSpec {
    name: "crossings",
    meaning: "The same people in two worlds: persons by what became of them in each, mean over seeds.",
    columns: &[
        OTHER,
        POPULATION,
        FOUNDED,
        column("fate_first", Kind::Text, "", "Fate in the first world."),
        column("fate", Kind::Text, "", "Fate in this world."),
        column("persons", Kind::Real, "persons", "Persons, of those who set out in either."),
    ],
};

/// Whom the difference is about.
pub const PEOPLE: TableSpec = TableSpec {
    name: "people",
    meaning: "For whom worlds differ: mean over seeds with its interval.",
    columns: &[
        OTHER,
        POPULATION,
        FOUNDED,
        column("who", Kind::Text, "", "Which people."),
        column("persons", Kind::Real, "persons", "How many."),
        column("standard_error", Kind::Real, "persons", "Standard error over seeds."),
        column("half_width", Kind::Real, "persons", "Half-width of the 95 % interval."),
    ],
};

/// Tables of `landfall compare`.
pub const COMPARE: [TableSpec; 3] = [COMPARISON, CROSSINGS, PEOPLE];
