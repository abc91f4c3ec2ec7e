//! What a scenario is held against: recorded series and facts, each with the quantity of a run that answers it.
//!
//! Flows, statuses, waits and phases are named as the tables of a run name them, so that a new one can be measured
//! as soon as it exists.

use super::choices::Use;
use crate::scenario::read::{Date, Name, OneOrMore, choices, tables};

choices! {
    /// A number that stands in the world at the end of a day, and what it is a number of.
    pub enum Level {
        /// Of a place: share let in at its border.
        Openness = "openness",
        /// Of a place: room.
        Capacity = "capacity",
        /// Of a route: share the origin lets pass.
        Exit = "exit",
        /// Of a route: share let pass, as far as it is known.
        KnownExit = "known_exit",
        /// Of an orderly route: places a year.
        Ceiling = "ceiling",
        /// Of a route: believed chance of being stopped.
        BelievedStop = "believed_stop",
        /// Of a route: believed risk of death.
        BelievedDeath = "believed_death",
        /// Of a route: believed chance of protection once landed.
        BelievedLand = "believed_land",
        /// Of a route: believed chance of protection once stopped.
        BelievedStopped = "believed_stopped",
        /// Of a route: compatriots settled at its destination, as a tie.
        Settled = "settled",
        /// Of a zone, named as a place: patrol hours a day.
        PatrolHours = "patrol_hours",
        /// Of a country: chance that a claim is heard.
        Access = "access",
        /// Of a country: standard of proof.
        StandardOfProof = "standard_of_proof",
        /// Of a country: standard of screening.
        ScreeningStandard = "screening_standard",
        /// Of a country: reception.
        Reception = "reception",
        /// Of a country: removals a day.
        Removals = "removals",
        /// Of a country: share of those returned to it whom it punishes.
        ReturneesPunished = "returnees_punished",
        /// Of a country: domestic political pressure P.
        Pressure = "pressure",
        /// Of a country: p = P / (1 + P).
        PressureShare = "pressure_share",
        /// Of a country: arrivals a day, averaged over a month.
        Arriving = "arriving",
        /// Of a country: people taken by partners a day, averaged over a month.
        Relief = "relief",
        /// Of a country: what its government believes of the magnet.
        MagnetBelief = "magnet_belief",
        /// Of a country: spent on holding since the start, in USD.
        SpentOnHolding = "spent_on_holding",
        /// Of a country: received from partners since the start, in USD.
        Received = "received",
        /// Of a country: paid for people taken and to partners since the start, in USD.
        Paid = "paid",
        /// Of a country: decisions a day at first instance.
        Decisions = "decisions",
        /// Of a country: discriminability of status determination.
        Discriminability = "discriminability",
        /// Of a country: places in reception.
        ReceptionPlaces = "reception_places",
        /// Of a country: share of the cost of care that partners meet.
        CareMet = "care_met",
        /// Of an arrangement: how many of its parties have pledged.
        Pledgers = "pledgers",
        /// Of an arrangement: trust among its parties.
        Trust = "trust",
        /// Of an arrangement: delivered over promised at the last review.
        Delivery = "delivery",
    }
}

choices! {
    /// What is taken of the values of a period.
    pub enum Take {
        /// Their sum; of a stock, person-days.
        Total = "total",
        /// Their mean.
        Mean = "mean",
        /// The largest.
        Largest = "largest",
        /// The smallest.
        Smallest = "smallest",
        /// The last.
        Last = "last",
        /// The share of them that are at least `reaches`.
        Share = "share",
        /// How many of them are at least `reaches`.
        Count = "count",
        /// How often they rise to `reaches` from below it.
        Rises = "rises",
        /// The day on which they first are at least `reaches`; flows are summed from the first day on.
        FirstDay = "first_day",
        /// The calendar year of that day.
        FirstYear = "first_year",
    }
}

choices! {
    /// By what periods values are made before anything is taken of them: flows are summed, the rest averaged.
    pub enum By {
        /// Days.
        Day = "day",
        /// Calendar months.
        Month = "month",
        /// Calendar years.
        Year = "year",
        /// Fiscal years of the scenario.
        FiscalYear = "fiscal_year",
    }
}

choices! {
    /// What is made of the values of several countries.
    pub enum Across {
        /// Their sum, or for levels their mean.
        All = "all",
        /// The largest.
        Largest = "largest",
        /// The smallest.
        Smallest = "smallest",
        /// Largest minus smallest.
        Spread = "spread",
        /// How many of the countries have at least `each_at_least`.
        Count = "count",
    }
}

choices! {
    /// What kind of statement a fact is. What the source gets wrong is neither: it is never scored.
    pub enum FactKind {
        /// Something recorded.
        Target = "target",
        /// A regularity, or how one thing depends on another.
        Rule = "rule",
    }
}

choices! {
    /// How the two worlds of a pair are compared.
    pub enum Compare {
        /// The scenario's value minus that of the variant.
        Difference = "difference",
        /// The scenario's value over that of the variant.
        Ratio = "ratio",
    }
}

tables! {
    /// A quantity of one run. Exactly one of `flow`, `stock`, `wait`, `level`, `rung`, `phase`, `constant` says of
    /// what.
    pub struct Quantity {
        /// Flows, as in the table of flows: persons.
        flow: OneOrMore<Name> = OneOrMore::default(),
        /// Statuses, as in the table of stocks, or `at_facility`, `in_procedure`, `in_care`: persons.
        stock: OneOrMore<Name> = OneOrMore::default(),
        /// A wait, as in the table of waits: mean days of those that ended in the period.
        wait: Option<Name> = None,
        /// A number that stands in the world, of the place, route, country or arrangement named.
        level: Option<Level> = None,
        /// Rungs of `ladder`: 1 on days that end on one of them, 0 on others.
        rung: OneOrMore<Name> = OneOrMore::default(),
        /// Phases: how many arrangements (that named, or those `between` countries) are in one of them.
        phase: OneOrMore<Name> = OneOrMore::default(),
        /// A number, to divide or subtract by.
        constant: Option<f64> = None,
        /// The ladder of `rung`.
        ladder: Option<Name> = None,
        /// The arrangement of `phase` or `level`.
        arrangement: Option<Name> = None,
        /// Of `phase`: arrangements to which all these countries are parties.
        between: Vec<Name> = Vec::new(),
        /// The route of `level`.
        route: Option<Name> = None,
        /// Of these populations; absent: of all.
        population: OneOrMore<Name> = OneOrMore::default(),
        /// At these places or zones; absent: at all.
        place: OneOrMore<Name> = OneOrMore::default(),
        /// At places of these countries; absent: of all.
        country: OneOrMore<Name> = OneOrMore::default(),
        /// Not at places of these countries.
        except_country: OneOrMore<Name> = OneOrMore::default(),
        /// Only those whose claim is well-founded, or is not.
        well_founded: Option<bool> = None,
        /// First day; absent: the first of the scenario.
        from: Option<Date> = None,
        /// Last day; absent: the last of the scenario.
        to: Option<Date> = None,
        /// The one day.
        on: Option<Date> = None,
        /// By what periods values are made.
        by: By = By::Day,
        /// What is taken of them; absent: the total of a flow, the mean of a wait, the value `on` a day.
        take: Option<Take> = None,
        /// The value that `share`, `count`, `rises`, `first_day`, `first_year` look for; absent: 1.
        reaches: Option<f64> = None { unit: "as measured", range: -1e15..=1e15 },
        /// What is made of the values of several countries.
        across: Across = Across::All,
        /// What a country must have to be counted.
        each_at_least: Option<f64> = None { unit: "as measured", range: -1e15..=1e15 },
    }

    /// A recorded series.
    pub struct Observed {
        /// Its name.
        name: String,
        /// What it measures; its figures say when.
        measure: Quantity,
        /// What that is divided by, over the same days.
        over: Option<Quantity> = None,
        /// Statements of the source it answers, by identifier.
        answers: OneOrMore<String> = OneOrMore::default(),
        /// Where the figures are from.
        source: String,
        /// The figures.
        figures: Vec<Figure>,
    }

    /// One recorded figure.
    pub struct Figure {
        /// First day of the period.
        from: Date,
        /// Last day of the period.
        to: Date,
        /// The figure.
        value: f64 { unit: "as measured", range: 0.0..=1e12 },
        /// What it is used for.
        used_for: Use = Use::Predict,
    }

    /// A fact: a quantity, and what is known of it.
    pub struct Fact {
        /// Statements of the source it answers, by identifier.
        answers: OneOrMore<String> = OneOrMore::default(),
        /// What kind of statement it is.
        kind: FactKind,
        /// The statement, in words of the scenario's own.
        statement: String,
        /// The quantity.
        measure: Quantity,
        /// A quantity it is divided by.
        over: Option<Quantity> = None,
        /// A quantity that is taken off it.
        minus: Option<Quantity> = None,
        /// The world it is compared with, run by run, under the same luck.
        against: Option<Against> = None,
        /// A recorded value.
        about: Option<f64> = None { unit: "as measured" },
        /// How far off the record may be: an amount.
        within: Option<f64> = None { unit: "as measured", range: 0.0..=1e15 },
        /// How far off the record may be: a share of it.
        relative: Option<f64> = None { unit: "share", range: 0.0..=1.0 },
        /// How far off the record may be: a factor.
        factor: Option<f64> = None { unit: "1", range: 1.0..=1000.0 },
        /// The value, exactly.
        exactly: Option<f64> = None { unit: "as measured" },
        /// The least it may be.
        at_least: Option<f64> = None { unit: "as measured" },
        /// The most it may be.
        at_most: Option<f64> = None { unit: "as measured" },
        /// It is more than this.
        above: Option<f64> = None { unit: "as measured" },
        /// It is less than this.
        below: Option<f64> = None { unit: "as measured" },
        /// It lies between these, ends included.
        between: Option<Vec<f64>> = None { unit: "as measured", length: 2..=2 },
        /// A recorded day, where the quantity is one.
        on_date: Option<Date> = None,
        /// How far off that may be.
        within_days: f64 = 0.0 { unit: "day", range: 0.0..=36500.0, source: "neutral: that very day" },
        /// The first day it may be.
        not_before: Option<Date> = None,
        /// The last day it may be.
        not_after: Option<Date> = None,
        /// Share of runs in which a comparison must hold; a recorded value must lie in the 90 % interval instead.
        holds_in: f64 = 0.9 { unit: "share", range: 0.0..=1.0, source: "assumption, not estimated" },
        /// Where it is recorded.
        source: String,
        /// What it is used for; only a recorded value can be used for estimation.
        used_for: Use = Use::Predict,
    }

    /// The other world of a pair.
    pub struct Against {
        /// Mechanisms switched off and arrangements ruled out, by name.
        without: OneOrMore<Name> = OneOrMore::default(),
        /// Parameters changed: `path=value`, as for `--set`.
        set: OneOrMore<String> = OneOrMore::default(),
        /// How the two are compared.
        compare: Compare = Compare::Difference,
    }
}
