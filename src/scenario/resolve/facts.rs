//! Recorded series and facts: what they measure, and what is claimed of it.

use super::Resolver;
use crate::scenario::facts::{Claim, Fact, Facts, Quantity, Series};
use crate::scenario::format::{self, FactKind, Switches, Take, Use};

impl Resolver<'_, '_> {
    /// Series and facts, with everything that has to be watched for them.
    pub(super) fn facts(&mut self) -> Facts {
        let s = self.s;
        let mut facts = Facts::default();
        for (i, o) in s.observed.iter().enumerate() {
            if s.observed[..i].iter().any(|before| before.name == o.name) {
                let (at, help) = (format!("observed.{i}.name"), "scores are told by name");
                self.checks.at(&at, "a name already used", "a name of its own", help);
            }
            let series = self.series(&format!("observed.{i}"), o, &mut facts);
            facts.observed.push(series);
        }
        for (i, f) in s.facts.iter().enumerate() {
            let fact = self.fact(&format!("facts.{i}"), f, &mut facts);
            facts.facts.push(fact);
        }
        facts
    }

    fn series(&mut self, path: &str, o: &format::Observed, facts: &mut Facts) -> Series {
        for (key, q) in [("measure", Some(&o.measure)), ("over", o.over.as_ref())] {
            let dated = q.is_some_and(|q| q.from.is_some() || q.to.is_some() || q.on.is_some());
            if dated {
                let found = "a period of its own";
                self.checks.at(&format!("{path}.{key}"), found, "no dates: the figures say when", "");
            }
        }
        for (j, f) in o.figures.iter().enumerate() {
            self.day(&format!("{path}.figures.{j}.from"), f.from);
            self.day(&format!("{path}.figures.{j}.to"), f.to);
            if f.to.0 < f.from.0 {
                let ends = ["to", "from"].map(|end| format!("{path}.figures.{j}.{end}"));
                self.checks.at_given(&ends[0], &ends, "a day before `from`", "a later day", "");
            }
        }
        let over = |r: &mut Self, facts: &mut Facts| {
            o.over.as_ref().map(|q| r.quantity(&format!("{path}.over"), q, true, facts))
        };
        let quantity = self.quantity(&format!("{path}.measure"), &o.measure, true, facts);
        Series { quantity, over: over(self, facts) }
    }

    fn fact(&mut self, path: &str, f: &format::Fact, facts: &mut Facts) -> Fact {
        let quantity = self.quantity(&format!("{path}.measure"), &f.measure, false, facts);
        if f.measure.constant.is_some() {
            let found = "a constant as what is measured";
            self.checks.at(&format!("{path}.measure"), found, "a quantity of the run", "");
        }
        let mut other = |r: &mut Self, key: &str, q: &Option<format::Quantity>| {
            q.as_ref().map(|q| r.quantity(&format!("{path}.{key}"), q, false, facts))
        };
        let over = other(self, "over", &f.over);
        let minus = other(self, "minus", &f.minus);
        self.days_among_days(path, &quantity, &over, &minus);
        let against = f.against.as_ref().map(|a| (self.variant(path, a, facts), a.compare));
        let mut fact = Fact {
            answers: f.answers.0.clone(),
            kind: f.kind,
            statement: f.statement.clone(),
            quantity,
            over,
            minus,
            against,
            claim: Claim::Between(0.0, 0.0),
            holds_in: f.holds_in,
            used_for: f.used_for,
        };
        fact.claim = self.claim(path, f, fact.is_day());
        let estimable = fact.by_interval() && fact.against.is_none() && !fact.is_day();
        if f.used_for == Use::Fit && !estimable {
            let allowed = "\"predict\": only a target with a recorded value (`about`) can be fitted";
            self.checks.at_given(&format!("{path}.used_for"), &[path.to_string()], "`fit`", allowed, "");
        }
        if f.kind == FactKind::Target && f.against.is_some() {
            let allowed = "a rule: what another world would have shown is not on record";
            self.checks.at(&format!("{path}.kind"), "a target with `against`", allowed, "");
        }
        fact
    }

    /// A day can have a day taken off it; nothing else goes with days.
    fn days_among_days(
        &mut self,
        path: &str,
        q: &Quantity,
        over: &Option<Quantity>,
        minus: &Option<Quantity>,
    ) {
        let day = |q: &Quantity| q.take == Take::FirstDay;
        let taken = ["measure", "over", "minus"].map(|key| format!("{path}.{key}.take"));
        if day(q) && over.is_some() || over.as_ref().is_some_and(day) {
            let (at, allowed) = (format!("{path}.over"), "quantities that are not days");
            self.checks.at_given(&at, &taken, "a day in a ratio", allowed, "");
        }
        if let Some(minus) = minus
            && day(q) != day(minus)
        {
            let (found, allowed) = ("a day and a number", "two days, or two numbers");
            self.checks.at_given(&format!("{path}.minus"), &taken, found, allowed, "");
        }
    }

    /// The position of a world among the variants; it is added if it is new.
    fn variant(&mut self, path: &str, a: &format::Against, facts: &mut Facts) -> usize {
        let s = self.s;
        let mut assignments = Vec::new();
        for (j, name) in a.without.0.iter().enumerate() {
            if Switches::names().contains(&name.0) {
                assignments.push(format!("switches.{name}=false"));
            } else if s.arrangements.iter().any(|known| known.name == name.0) {
                assignments.push(format!("arrangements.{name}.barred=true"));
            } else {
                let switches = Switches::names();
                let known = s.arrangements.iter().map(|a| a.name.as_str());
                let known = known.chain(switches.iter().map(String::as_str));
                let at = format!("{path}.against.without.{j}");
                self.checks.unknown_name(&at, "arrangement or switch", &name.0, known, "arrangements");
            }
        }
        for (j, set) in a.set.0.iter().enumerate() {
            if !set.contains('=') {
                let at = format!("{path}.against.set.{j}");
                self.checks.at(&at, format!("`{set}`"), "`path=value`", "");
            }
            assignments.push(set.clone());
        }
        if a.without.0.is_empty() && a.set.0.is_empty() {
            let allowed = "`without = …`, `set = …`, or both";
            self.checks.at(&format!("{path}.against"), "the same world", allowed, "");
        }
        facts.variants.iter().position(|v| *v == assignments).unwrap_or_else(|| {
            facts.variants.push(assignments);
            facts.variants.len() - 1
        })
    }

    /// What is claimed: exactly one way of saying it.
    fn claim(&mut self, path: &str, f: &format::Fact, is_day: bool) -> Claim {
        const NUMBERS: &str = "one of `about`, `exactly`, `at_least`, `at_most`, `above`, `below`, `between`";
        const DAYS: &str = "one of `on_date`, `not_before`, `not_after`";
        let infinite = f64::INFINITY;
        let mut claims: Vec<(&str, bool, Claim)> = Vec::new();
        let mut number = |key, value: Option<f64>, claim: &dyn Fn(f64) -> Claim| {
            claims.extend(value.map(|x| (key, false, claim(x))));
        };
        number("about", f.about, &|value| recorded(value, tolerance(f, value)));
        number("exactly", f.exactly, &|x| Claim::Between(x, x));
        number("at_least", f.at_least, &|x| Claim::Between(x, infinite));
        number("at_most", f.at_most, &|x| Claim::Between(-infinite, x));
        number("above", f.above, &Claim::Above);
        number("below", f.below, &Claim::Below);
        if let Some([low, high]) = f.between.as_deref() {
            if low > high {
                let allowed = "the smaller first";
                self.checks.at(&format!("{path}.between"), format!("{low} before {high}"), allowed, "");
            }
            claims.push(("between", false, Claim::Between(*low, *high)));
        }
        for (key, date) in [("on_date", f.on_date), ("not_before", f.not_before), ("not_after", f.not_after)]
        {
            let Some(date) = date else { continue };
            let day = f64::from(self.day(&format!("{path}.{key}"), date));
            let claim = match key {
                "on_date" => recorded(day, (day - f.within_days, day + f.within_days)),
                "not_before" => Claim::Between(day, infinite),
                _ => Claim::Between(-infinite, day),
            };
            claims.push((key, true, claim));
        }
        let allowed = if is_day { DAYS } else { NUMBERS };
        match claims.as_slice() {
            [] => self.checks.at(path, "a fact that claims nothing", allowed, ""),
            [(key, of_day, _)] if *of_day != is_day => {
                let what = if is_day { "a day" } else { "a number" };
                let found = format!("`{key}`, but the quantity is {what}");
                let given = [path.to_string()];
                self.checks.at_given(&format!("{path}.{key}"), &given, found, allowed, "");
            }
            [_] => {}
            [.., (key, ..)] => {
                let found = format!("`{key}` beside another claim");
                let help = "for a least and a most at once write `between`";
                self.checks.at(&format!("{path}.{key}"), found, "one claim", help);
            }
        }
        self.tolerances(path, f);
        claims.first().map_or(Claim::Between(0.0, 0.0), |c| c.2)
    }

    fn tolerances(&mut self, path: &str, f: &format::Fact) {
        let given: Vec<&str> = [("within", f.within), ("relative", f.relative), ("factor", f.factor)]
            .into_iter()
            .filter_map(|(key, value)| value.map(|_| key))
            .collect();
        match given.as_slice() {
            [_, second, ..] => {
                let found = format!("`{second}` beside another tolerance");
                self.checks.at(&format!("{path}.{second}"), found, "one tolerance", "");
            }
            [key] if f.about.is_none() => {
                let found = format!("`{key}` without `about`");
                let given = [format!("{path}.{key}"), format!("{path}.about")];
                self.checks.at_given(&given[0], &given, found, "a tolerance of a recorded value", "");
            }
            _ => {}
        }
        if f.within_days > 0.0 && f.on_date.is_none() {
            let found = "`within_days` without `on_date`";
            let given = ["within_days", "on_date"].map(|key| format!("{path}.{key}"));
            self.checks.at_given(&given[0], &given, found, "a tolerance of a recorded day", "");
        }
    }
}

fn recorded(value: f64, (low, high): (f64, f64)) -> Claim {
    Claim::Recorded { value, low, high }
}

/// The range that the tolerance of a recorded value leaves.
fn tolerance(f: &format::Fact, value: f64) -> (f64, f64) {
    let share = f.relative.map(|share| share * value.abs());
    let off = f.within.or(share).unwrap_or(0.0);
    let (a, b) = match f.factor {
        Some(factor) => (value / factor, value * factor),
        None => (value - off, value + off),
    };
    (a.min(b), a.max(b))
}
