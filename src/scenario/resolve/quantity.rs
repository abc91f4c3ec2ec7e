//! Quantities of a run: what is watched, of whom, where, when.

use super::Resolver;
use crate::model::arrangement::Phase;
use crate::scenario::facts::{Facts, Kind, Quantity, Signal};
use crate::scenario::format::{self, Across, By, Level, Take};
use crate::scenario::read::Name;
use crate::world::counts::position;
use crate::world::{Cell, Flow, PlaceId, STOCK_GROUPS, Status, Wait};

/// What each kind of quantity may be narrowed by.
const NARROWED_BY: [(&str, &[&str]); 7] = [
    ("flow", &["population", "place", "country", "except_country", "well_founded"]),
    ("stock", &["population", "place", "country", "except_country", "well_founded"]),
    ("wait", &["place", "country", "except_country"]),
    ("level", &["place", "country", "route", "arrangement"]),
    ("rung", &["ladder"]),
    ("phase", &["arrangement", "between"]),
    ("constant", &[]),
];

/// What a level is a number of.
fn subject(level: Level) -> &'static str {
    match level {
        Level::Openness | Level::Capacity | Level::PatrolHours => "place",
        Level::Exit
        | Level::KnownExit
        | Level::Ceiling
        | Level::BelievedStop
        | Level::BelievedDeath
        | Level::BelievedLand
        | Level::BelievedStopped
        | Level::Settled => "route",
        Level::Trust | Level::Delivery | Level::Pledgers => "arrangement",
        Level::Access
        | Level::StandardOfProof
        | Level::ScreeningStandard
        | Level::Reception
        | Level::Removals
        | Level::ReturneesPunished
        | Level::Pressure
        | Level::PressureShare
        | Level::Arriving
        | Level::Relief
        | Level::MagnetBelief
        | Level::Received
        | Level::Paid
        | Level::Decisions
        | Level::Discriminability
        | Level::ReceptionPlaces
        | Level::CareMet
        | Level::SpentOnHolding => "country",
    }
}

/// The paths that say of what a quantity is, and more of its keys.
fn resting_on(path: &str, more: &[&str]) -> Vec<String> {
    let kinds = NARROWED_BY.iter().map(|(kind, _)| kind);
    kinds.chain(more).map(|key| format!("{path}.{key}")).collect()
}

impl Resolver<'_, '_> {
    /// A quantity; `dated_elsewhere` where the period is given with each figure.
    pub(super) fn quantity(
        &mut self,
        path: &str,
        q: &format::Quantity,
        dated_elsewhere: bool,
        facts: &mut Facts,
    ) -> Quantity {
        let what = self.what(path, q);
        self.narrowing(path, q, what);
        let kind = match what {
            "flow" => Kind::Flow,
            "wait" => Kind::Wait,
            "constant" => Kind::Constant,
            _ => Kind::Standing,
        };
        let (from, to) = self.period(path, q, dated_elsewhere);
        let take = self.take(path, q, kind, dated_elsewhere);
        self.by(path, q, take, (from, to), dated_elsewhere);
        self.across(path, q, what);
        let mut parts = Vec::new();
        for signal in self.signals(path, q, what) {
            parts.push(facts.signals.iter().position(|s| *s == signal).unwrap_or_else(|| {
                facts.signals.push(signal);
                facts.signals.len() - 1
            }));
        }
        Quantity {
            kind,
            parts,
            constant: q.constant.unwrap_or(0.0),
            from,
            to,
            by: q.by,
            take,
            reaches: q.reaches.unwrap_or(1.0),
            across: q.across,
            each_at_least: q.each_at_least.unwrap_or(0.0),
        }
    }

    /// The one kind of thing it is a quantity of.
    fn what(&mut self, path: &str, q: &format::Quantity) -> &'static str {
        let given: Vec<&'static str> = [
            ("flow", !q.flow.0.is_empty()),
            ("stock", !q.stock.0.is_empty()),
            ("wait", q.wait.is_some()),
            ("level", q.level.is_some()),
            ("rung", !q.rung.0.is_empty()),
            ("phase", !q.phase.0.is_empty()),
            ("constant", q.constant.is_some()),
        ]
        .into_iter()
        .filter_map(|(key, there)| there.then_some(key))
        .collect();
        let allowed = "exactly one of `flow`, `stock`, `wait`, `level`, `rung`, `phase`, `constant`";
        match given.as_slice() {
            [one] => one,
            [] => {
                self.checks.at(path, "a quantity of nothing", allowed, "");
                "constant"
            }
            [first, second, ..] => {
                let found = format!("`{second}` beside `{first}`");
                self.checks.at(&format!("{path}.{second}"), found, allowed, "");
                first
            }
        }
    }

    /// Filters that say nothing about this kind of quantity, and subjects that are missing.
    fn narrowing(&mut self, path: &str, q: &format::Quantity, what: &str) {
        let given = [
            ("population", !q.population.0.is_empty()),
            ("place", !q.place.0.is_empty()),
            ("country", !q.country.0.is_empty()),
            ("except_country", !q.except_country.0.is_empty()),
            ("well_founded", q.well_founded.is_some()),
            ("route", q.route.is_some()),
            ("ladder", q.ladder.is_some()),
            ("arrangement", q.arrangement.is_some()),
            ("between", !q.between.is_empty()),
        ];
        let mut allowed: Vec<&str> =
            NARROWED_BY.iter().find(|n| n.0 == what).map_or(Vec::new(), |n| n.1.to_vec());
        if let Some(level) = q.level {
            allowed = vec![subject(level)];
        }
        for (key, _) in given.iter().filter(|(key, there)| *there && !allowed.contains(key)) {
            let words = match allowed.as_slice() {
                [] => "nothing to narrow it by".to_string(),
                some => format!("`{}`", some.join("`, `")),
            };
            let found = format!("`{key}` with a {what}");
            self.checks.at_given(&format!("{path}.{key}"), &resting_on(path, &[key]), found, &words, "");
        }
        let has = |key: &str| given.contains(&(key, true));
        let missing = match what {
            "level" => allowed.first().copied().filter(|key| !has(key)),
            "rung" => (!has("ladder")).then_some("ladder"),
            "phase" => (!has("arrangement") && !has("between")).then_some("arrangement"),
            _ => None,
        };
        if let Some(key) = missing {
            let found = format!("a {what} without `{key}`");
            self.checks.at_given(path, &resting_on(path, &[key]), found, &format!("`{key} = …`"), "");
        }
    }

    fn period(&mut self, path: &str, q: &format::Quantity, dated_elsewhere: bool) -> (usize, usize) {
        let last = self.calendar.days() as usize - 1;
        if dated_elsewhere {
            return (0, last);
        }
        if let Some(on) = q.on {
            if q.from.is_some() || q.to.is_some() {
                self.checks.at(&format!("{path}.on"), "`on` beside `from` or `to`", "one or the other", "");
            }
            let day = self.day(&format!("{path}.on"), on) as usize;
            return (day, day);
        }
        let from = q.from.map_or(0, |d| self.day(&format!("{path}.from"), d) as usize);
        let to = q.to.map_or(last, |d| self.day(&format!("{path}.to"), d) as usize);
        if to < from {
            let ends = ["to", "from"].map(|end| format!("{path}.{end}"));
            self.checks.at_given(&ends[0], &ends, "a day before `from`", "a later day", "");
        }
        (from, to)
    }

    fn take(&mut self, path: &str, q: &format::Quantity, kind: Kind, dated_elsewhere: bool) -> Take {
        let seeks =
            |take| matches!(take, Take::Share | Take::Count | Take::Rises | Take::FirstDay | Take::FirstYear);
        if kind == Kind::Constant {
            if q.take.is_some() {
                let (at, given) = (format!("{path}.take"), resting_on(path, &["take"]));
                self.checks.at_given(&at, &given, "`take` with a constant", "nothing", "");
            }
            return Take::Last;
        }
        if let Some(reaches) = q.reaches
            && !q.take.is_some_and(seeks)
        {
            let allowed =
                "with `take = \"share\"`, `\"count\"`, `\"rises\"`, `\"first_day\"` or `\"first_year\"`";
            let (at, given) = (format!("{path}.reaches"), resting_on(path, &["reaches", "take"]));
            self.checks.at_given(&at, &given, format!("`reaches = {reaches}`"), allowed, "");
        }
        let Some(take) = q.take else {
            if kind == Kind::Standing && q.on.is_none() {
                let found = "a value that stands, over a period, without `take`";
                let help = if dated_elsewhere { "" } else { "for the value of one day write `on = …`" };
                self.checks.at_given(path, &resting_on(path, &["take", "on"]), found, "`take = …`", help);
            }
            return match kind {
                Kind::Flow => Take::Total,
                Kind::Wait => Take::Mean,
                _ => Take::Last,
            };
        };
        if kind == Kind::Wait && take != Take::Mean {
            let found = format!("`{}` of a wait", take.name());
            let (at, given) = (format!("{path}.take"), resting_on(path, &["take"]));
            self.checks.at_given(&at, &given, found, "\"mean\"", "");
        }
        if dated_elsewhere && matches!(take, Take::FirstDay | Take::FirstYear) {
            self.checks.at(&format!("{path}.take"), "a day in a series", "a number", "write a fact instead");
        }
        take
    }

    /// Periods have to be whole, or a value over one would be of another length than the rest.
    fn by(
        &mut self,
        path: &str,
        q: &format::Quantity,
        take: Take,
        (from, to): (usize, usize),
        dated_elsewhere: bool,
    ) {
        if q.by == By::Day {
            return;
        }
        let at = format!("{path}.by");
        if matches!(take, Take::FirstDay | Take::FirstYear) || q.wait.is_some() || q.constant.is_some() {
            let given = resting_on(path, &["by", "take"]);
            self.checks.at_given(&at, &given, format!("`{}`", q.by.name()), "\"day\" here", "");
        }
        let first = self.s.scenario.fiscal_year_start_month as i8;
        let starts = |day: usize| {
            let date = self.calendar.date(day as u32);
            date.day() == 1
                && match q.by {
                    By::Year => date.month() == 1,
                    By::FiscalYear => date.month() == first,
                    By::Day | By::Month => true,
                }
        };
        if !(dated_elsewhere || starts(from) && starts(to + 1)) {
            let found = format!(
                "a period from {} to {}",
                self.calendar.date(from as u32),
                self.calendar.date(to as u32)
            );
            let allowed = format!("one of whole periods by {}", q.by.name());
            let mut given = ["by", "from", "to", "on"].map(|key| format!("{path}.{key}")).to_vec();
            given.extend(["start", "end", "fiscal_year_start_month"].map(|key| format!("scenario.{key}")));
            self.checks.at_given(&at, &given, found, &allowed, "");
        }
    }

    fn across(&mut self, path: &str, q: &format::Quantity, what: &str) {
        let at = format!("{path}.across");
        let by_country = matches!(what, "flow" | "stock") || q.level.is_some_and(|l| subject(l) == "country");
        if q.across != Across::All && !by_country {
            let found = format!("`{}` of a {what}", q.across.name());
            let allowed = "a flow, a stock, or a level of countries";
            self.checks.at_given(&at, &resting_on(path, &["across"]), found, allowed, "");
        }
        if (q.across == Across::Count) != q.each_at_least.is_some() {
            let allowed = "`across = \"count\"` and `each_at_least = …` together";
            let at = if q.each_at_least.is_some() { path } else { &at };
            let given = ["across", "each_at_least"].map(|key| format!("{path}.{key}"));
            self.checks.at_given(at, &given, "one without the other", allowed, "");
        }
        let day = matches!(q.take, Some(Take::FirstDay | Take::FirstYear));
        if day && q.across != Across::All {
            let given = ["across", "take"].map(|key| format!("{path}.{key}"));
            self.checks.at_given(&at, &given, "several countries with a first day", "\"all\"", "");
        }
    }

    /// What is watched.
    fn signals(&mut self, path: &str, q: &format::Quantity, what: &str) -> Vec<Signal> {
        match what {
            "flow" | "stock" => self.counts(path, q, what == "flow"),
            "wait" => self.waits(path, q),
            "level" => self.levels(path, q),
            "rung" => self.rungs(path, q),
            "phase" => self.phases(path, q),
            _ => Vec::new(),
        }
    }

    /// Positions in the tally of flows or in the stocks: one signal, or one for each country.
    fn counts(&mut self, path: &str, q: &format::Quantity, flow: bool) -> Vec<Signal> {
        let s = self.s;
        let populations: Vec<usize> = if q.population.0.is_empty() {
            (0..s.populations.len()).collect()
        } else {
            let at = |j: usize| format!("{path}.population.{j}");
            q.population.0.iter().enumerate().map(|(j, n)| self.population(&at(j), n).index()).collect()
        };
        let claims =
            [false, true].into_iter().filter(|&claim| q.well_founded.is_none_or(|only| only == claim));
        let rows: Vec<usize> = if flow { self.flows(path, q) } else { self.statuses(path, q) };
        let all_places = s.places.len() + s.zones.len();
        let positions = |places: &[usize]| {
            let mut positions = Vec::new();
            for &row in &rows {
                for &place in places {
                    let cell = if flow {
                        row * all_places + place
                    } else {
                        Cell::of(PlaceId::at(place), Status::ALL[row]).index()
                    };
                    for &population in &populations {
                        let at = claims.clone().map(|claim| position(cell, claim) as u32);
                        positions.extend(at.map(|at| (population as u32, at)));
                    }
                }
            }
            // In order, so that the same quantity named in another order is watched once.
            positions.sort_unstable();
            positions.dedup();
            if flow { Signal::Flow(positions) } else { Signal::Stock(positions) }
        };
        let places = self.where_(path, q);
        if q.across == Across::All {
            let all: Vec<usize> = places.iter().map(|p| p.0).collect();
            return vec![positions(&all)];
        }
        (0..s.countries.len())
            .map(|country| places.iter().filter(|p| p.1 == country).map(|p| p.0).collect::<Vec<_>>())
            .filter(|places| !places.is_empty())
            .map(|places| positions(&places))
            .collect()
    }

    fn flows(&mut self, path: &str, q: &format::Quantity) -> Vec<usize> {
        let known = Flow::ALL.iter().map(|f| f.name());
        let at = |j: usize| format!("{path}.flow.{j}");
        q.flow.0.iter().enumerate().map(|(j, n)| self.name(&at(j), "flow", n, known.clone(), "")).collect()
    }

    fn statuses(&mut self, path: &str, q: &format::Quantity) -> Vec<usize> {
        let mut rows = Vec::new();
        for (j, name) in q.stock.0.iter().enumerate() {
            if let Some((_, group)) = STOCK_GROUPS.iter().find(|g| g.0 == name.0) {
                rows.extend(group.iter().map(|&s| s as usize));
                continue;
            }
            let known = Status::ALL.iter().map(|s| s.name()).chain(STOCK_GROUPS.iter().map(|g| g.0));
            let at = format!("{path}.stock.{j}");
            rows.push(self.name(&at, "status", name, known, "").min(Status::COUNT - 1));
        }
        rows.sort_unstable();
        rows.dedup();
        rows
    }

    /// Places and zones with their countries, narrowed.
    fn where_(&mut self, path: &str, q: &format::Quantity) -> Vec<(usize, usize)> {
        let s = self.s;
        let country_of = |name: &Name| s.countries.position(&name.0).unwrap_or(0);
        let mut all: Vec<(usize, usize)> = Vec::new();
        for place in s.places.values() {
            all.push((all.len(), country_of(&place.country)));
        }
        for zone in s.zones.values() {
            all.push((all.len(), country_of(&zone.patrolled_by)));
        }
        let mut ids = |key: &str, names: &[Name], place: bool| -> Vec<usize> {
            let at = |j: usize| format!("{path}.{key}.{j}");
            let known: Vec<&str> = if place {
                s.places.names().chain(s.zones.names()).collect()
            } else {
                s.countries.names().collect()
            };
            let (what, tables) =
                if place { ("place or zone", "places or zones") } else { ("country", "countries") };
            let named = names.iter().enumerate();
            named.map(|(j, n)| self.name(&at(j), what, n, known.iter().copied(), tables)).collect()
        };
        let places = ids("place", &q.place.0, true);
        let countries = ids("country", &q.country.0, false);
        let except = ids("except_country", &q.except_country.0, false);
        all.retain(|(place, country)| {
            (places.is_empty() || places.contains(place))
                && (countries.is_empty() || countries.contains(country))
                && !except.contains(country)
        });
        if all.is_empty() {
            let mut given =
                ["place", "country", "except_country"].map(|key| format!("{path}.{key}")).to_vec();
            given.extend(["places.*.country", "zones.*.patrolled_by"].map(str::to_string));
            let allowed = "places of the countries named";
            self.checks.at_given(path, &given, "a quantity of no place", allowed, "");
        }
        all
    }

    fn waits(&mut self, path: &str, q: &format::Quantity) -> Vec<Signal> {
        let Some(name) = &q.wait else { return Vec::new() };
        let wait = self.name(&format!("{path}.wait"), "wait", name, Wait::ALL.iter().map(|w| w.name()), "");
        let all = self.s.places.len() + self.s.zones.len();
        let positions: Vec<u32> = self.where_(path, q).iter().map(|p| (wait * all + p.0) as u32).collect();
        vec![Signal::WaitDays(positions.clone()), Signal::WaitsEnded(positions)]
    }

    fn levels(&mut self, path: &str, q: &format::Quantity) -> Vec<Signal> {
        let s = self.s;
        let Some(level) = q.level else { return Vec::new() };
        let named = |key: &str, j: usize| format!("{path}.{key}.{j}");
        let mut signals = Vec::new();
        match subject(level) {
            "place" => {
                let zone = level == Level::PatrolHours;
                for (j, name) in q.place.0.iter().enumerate() {
                    let at = named("place", j);
                    let position = if zone { self.zone(&at, name) } else { self.place(&at, name).index() };
                    signals.push(Signal::Level(level, position));
                }
            }
            "country" => {
                for (j, name) in q.country.0.iter().enumerate() {
                    let position = self.country(&named("country", j), name).index();
                    signals.push(Signal::Level(level, position));
                }
            }
            "route" => {
                if let Some(name) = &q.route {
                    let position = self.route(&format!("{path}.route"), name).index();
                    signals.push(Signal::Level(level, position));
                }
            }
            _ => {
                if let Some(name) = &q.arrangement {
                    let known = s.arrangements.iter().map(|a| a.name.as_str());
                    let at = format!("{path}.arrangement");
                    let position = self.name(&at, "arrangement", name, known, "arrangements");
                    signals.push(Signal::Level(level, position));
                }
            }
        }
        signals
    }

    fn rungs(&mut self, path: &str, q: &format::Quantity) -> Vec<Signal> {
        let Some(name) = &q.ladder else { return Vec::new() };
        let ladder = self.ladder(&format!("{path}.ladder"), name);
        let at = |j: usize| format!("{path}.rung.{j}");
        let rungs = q.rung.0.iter().enumerate();
        let rungs = rungs.map(|(j, n)| self.rung_of(&at(j), "rung of that ladder", n, &name.0) as u16);
        vec![Signal::Rung(ladder, rungs.collect())]
    }

    fn phases(&mut self, path: &str, q: &format::Quantity) -> Vec<Signal> {
        let s = self.s;
        let known = s.arrangements.iter().map(|a| a.name.as_str());
        let arrangements: Vec<usize> = if let Some(name) = &q.arrangement {
            vec![self.name(&format!("{path}.arrangement"), "arrangement", name, known, "arrangements")]
        } else {
            for (j, name) in q.between.iter().enumerate() {
                self.country(&format!("{path}.between.{j}"), name);
            }
            let all_are_parties = |a: &format::Arrangement| q.between.iter().all(|n| a.parties.contains(n));
            (0..s.arrangements.len()).filter(|&i| all_are_parties(&s.arrangements[i])).collect()
        };
        let at = |j: usize| format!("{path}.phase.{j}");
        let names = Phase::ALL.iter().map(|p| p.name());
        let phases = q.phase.0.iter().enumerate();
        let phases = phases.map(|(j, n)| Phase::ALL[self.name(&at(j), "phase", n, names.clone(), "")]);
        vec![Signal::Phase(arrangements, phases.collect())]
    }
}
