//! Lives: every simulated person followed through a run, so that worlds can be compared person by person.
//!
//! A person is known by (group, ordinal), which is the same in every world of one seed. What is kept is bounded by the
//! number of people who set out, not by what happens to them: changes of status are taken in day by day.

use crate::engine::keyed::{Luck, Purpose};
use crate::engine::politics::IN_CARE;
use crate::engine::sim::person_key;
use crate::engine::{Sim, Transition, first_world};
use crate::model::burden::fate::Fate;
use crate::model::burden::vulnerability::is_vulnerable;
use crate::observe::Daily;
use crate::scenario::resolve::YEAR_DAYS;
use crate::scenario::setup::Setup;
use crate::world::{Cell, CountryId, Flow, GroupId, Status};

/// The State responsible for a person in a cell, if any is.
///
/// Under a State's authority or protection: the country of the place, which for a facility is the country that runs it
/// and for somebody aboard a patrol the country whose patrol it is. A person whose transfer is requested is still the
/// responsibility of the country where the person is. The settled and the resettled stay the responsibility of the
/// country that received them, to the end of the run: otherwise an end of a status would look like a burden avoided.
/// Nobody is responsible for people on the way, undocumented, or home.
pub fn responsible(setup: &Setup, cell: Cell) -> Option<CountryId> {
    match cell.status() {
        Status::AboardPatrol
        | Status::WaitingAtBorder
        | Status::Held
        | Status::Claimant
        | Status::Appellant
        | Status::TransferPending
        | Status::Protected
        | Status::TemporarilyProtected
        | Status::Tolerated
        | Status::AwaitingResettlement
        | Status::Stranded
        | Status::Rejected
        | Status::Settled
        | Status::Resettled => Some(setup.places[cell.place().index()].country),
        Status::InCountryApplicant
        | Status::Travelling
        | Status::AtSea
        | Status::Undocumented
        | Status::ReturnedHome
        | Status::Dead
        | Status::Rejoined => None,
    }
}

/// Whether a person who comes under another State's responsibility agreed to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Consent {
    /// Applied for it, or accepted an offer.
    Accepted,
    /// Was not asked.
    Imposed,
}

/// Flows that transfer people between States, with whether the people agreed. Where responsibility passes from one
/// State to another and the flow is not listed, nobody was asked.
const TRANSFERS: [(Flow, Consent); 8] = [
    (Flow::Resettled, Consent::Accepted),
    (Flow::OrderlyEntry, Consent::Accepted),
    (Flow::Evacuated, Consent::Accepted),
    (Flow::Moved, Consent::Imposed),
    (Flow::MovedByForce, Consent::Imposed),
    (Flow::Swapped, Consent::Imposed),
    (Flow::Detained, Consent::Imposed),
    (Flow::Transferred, Consent::Imposed),
];

/// A transfer: to whom, and whether the person agreed.
fn transfer(setup: &Setup, t: &Transition) -> Option<(CountryId, Consent)> {
    let to = setup.places[t.to.place().index()].country;
    let before = t.from.and_then(|from| responsible(setup, from));
    if before == Some(to) {
        return None;
    }
    let listed = TRANSFERS.iter().find(|(flow, _)| t.flow == Some(*flow)).map(|&(_, consent)| consent);
    let passed = before.is_some() && responsible(setup, t.to).is_some();
    listed.or(passed.then_some(Consent::Imposed)).map(|consent| (to, consent))
}

/// A person's time under the responsibility of one State.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stint {
    /// The State.
    pub country: u8,
    /// Transfers to it the person agreed to.
    pub accepted: u8,
    /// Transfers to it the person did not agree to.
    pub imposed: u8,
    /// Person-days.
    pub days: u32,
}

/// One person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Life {
    /// First day: of setting out, or of entering by an orderly channel.
    pub first: Option<u32>,
    /// Since when in the present cell.
    since: u32,
    /// Where now.
    cell: Cell,
    /// Whether the last return home was a refoulement.
    refouled: bool,
    /// Whether vulnerable.
    pub vulnerable: bool,
    /// Time under each State, in the order of coming to it.
    pub stints: Vec<Stint>,
}

impl Life {
    const UNSEEN: Life = Life {
        first: None,
        since: 0,
        cell: Cell::ENDED,
        refouled: false,
        vulnerable: false,
        stints: Vec::new(),
    };

    /// The entry of a State.
    fn stint(&mut self, country: CountryId) -> &mut Stint {
        let code = country.0 as u8;
        let at = self.stints.iter().position(|s| s.country == code).unwrap_or_else(|| {
            self.stints.push(Stint { country: code, accepted: 0, imposed: 0, days: 0 });
            self.stints.len() - 1
        });
        &mut self.stints[at]
    }

    /// Person-days under all States.
    pub fn responsibility_days(&self) -> u32 {
        self.stints.iter().map(|s| s.days).sum()
    }

    /// What has become of the person.
    pub fn fate(&self) -> Fate {
        if self.first.is_none() {
            return Fate::NeverSetOut;
        }
        match self.cell.status() {
            Status::Protected
            | Status::TemporarilyProtected
            | Status::Tolerated
            | Status::Settled
            | Status::Resettled => Fate::Protected,
            Status::AboardPatrol
            | Status::WaitingAtBorder
            | Status::Held
            | Status::Claimant
            | Status::Appellant
            | Status::TransferPending
            | Status::AwaitingResettlement
            | Status::InCountryApplicant => Fate::Pending,
            Status::Undocumented | Status::Rejected | Status::Stranded => Fate::WithoutStatus,
            Status::Travelling | Status::AtSea => Fate::OnTheWay,
            Status::ReturnedHome | Status::Rejoined if self.refouled => Fate::Refouled,
            Status::ReturnedHome | Status::Rejoined => Fate::Returned,
            Status::Dead => Fate::Dead,
        }
    }

    /// The country of the place where the person is, or ended.
    pub fn country(&self, setup: &Setup) -> Option<CountryId> {
        self.first.map(|_| setup.places[self.cell.place().index()].country)
    }
}

/// Everybody who set out in one world.
#[derive(Clone, Debug, PartialEq)]
pub struct Lives {
    /// By group, then ordinal.
    pub groups: Vec<Vec<Life>>,
    /// Person-days by State, then status.
    pub person_days: Vec<u64>,
    /// The same of the vulnerable.
    pub vulnerable_days: Vec<u64>,
    /// Refoulements by population, each counted.
    pub refoulements: Vec<u64>,
    /// Spending on holding by State, in USD.
    pub spent_usd: Vec<f64>,
    /// Money received from partners by State, in USD.
    pub received_usd: Vec<f64>,
}

impl Lives {
    fn new(setup: &Setup) -> Self {
        let cells = setup.countries.len() * Status::COUNT;
        Self {
            groups: vec![Vec::new(); setup.groups.len()],
            person_days: vec![0; cells],
            vulnerable_days: vec![0; cells],
            refoulements: vec![0; setup.populations.len()],
            spent_usd: vec![0.0; setup.countries.len()],
            received_usd: vec![0.0; setup.countries.len()],
        }
    }

    /// Run a setup for some days and follow everybody.
    pub fn follow(setup: &Setup, days: u32) -> Self {
        Self::follow_with(setup, days, |_| {})
    }

    /// The same, with measures by day.
    pub fn follow_measured(setup: &Setup, days: u32) -> (Self, Daily) {
        let mut daily = Daily::new(setup);
        let lives = Self::follow_with(setup, days, |sim| daily.take(sim));
        (lives, daily)
    }

    fn follow_with(setup: &Setup, days: u32, mut look: impl FnMut(&Sim)) -> Self {
        let mut sim = Sim::new(setup, first_world(setup));
        sim.transitions = Some(Vec::new());
        let mut lives = Self::new(setup);
        for _ in 0..days.min(setup.days) {
            sim.step();
            look(&sim);
            if let Some(list) = &mut sim.transitions {
                for t in list.drain(..) {
                    lives.take(setup, sim.luck, &t);
                }
            }
        }
        lives.close(setup, sim.world.day);
        lives.spent_usd = sim.world.countries.iter().map(|c| c.spent_usd).collect();
        lives.received_usd = sim.world.countries.iter().map(|c| c.received_usd).collect();
        lives
    }

    fn take(&mut self, setup: &Setup, luck: Luck, t: &Transition) {
        let lives = &mut self.groups[t.group.index()];
        let at = t.ordinal as usize;
        if lives.len() <= at {
            lives.resize(at + 1, Life::UNSEEN);
        }
        if lives[at].first.is_none() {
            let group = setup.group(t.group);
            let share = setup.populations[group.population.index()].typed.vulnerable_share;
            let u = luck.uniform(Purpose::Vulnerability, person_key(group, t.ordinal), 0, 0);
            let vulnerable = is_vulnerable(u, share);
            lives[at] = Life { first: Some(t.day), since: t.day, cell: t.to, vulnerable, ..Life::UNSEEN };
        } else {
            self.account(setup, t.group, at, t.day);
        }
        let life = &mut self.groups[t.group.index()][at];
        if let Some((country, consent)) = transfer(setup, t) {
            let stint = life.stint(country);
            match consent {
                Consent::Accepted => stint.accepted = stint.accepted.saturating_add(1),
                Consent::Imposed => stint.imposed = stint.imposed.saturating_add(1),
            }
        }
        if t.to.status() == Status::ReturnedHome {
            life.refouled = t.refouled;
            let population = setup.group(t.group).population;
            self.refoulements[population.index()] += u64::from(t.refouled);
        }
        (life.cell, life.since) = (t.to, t.day);
    }

    /// Credit a person's time in the present cell, up to a day.
    fn account(&mut self, setup: &Setup, group: GroupId, at: usize, day: u32) {
        let life = &mut self.groups[group.index()][at];
        let days = day - life.since;
        life.since = day;
        let (Some(country), true) = (responsible(setup, life.cell), days > 0) else { return };
        life.stint(country).days += days;
        let cell = country.index() * Status::COUNT + life.cell.status() as usize;
        self.person_days[cell] += u64::from(days);
        if life.vulnerable {
            self.vulnerable_days[cell] += u64::from(days);
        }
    }

    /// Credit everybody's time up to the end.
    fn close(&mut self, setup: &Setup, day: u32) {
        for group in 0..self.groups.len() {
            for at in 0..self.groups[group].len() {
                if self.groups[group][at].first.is_some() {
                    self.account(setup, GroupId::at(group), at, day);
                }
            }
        }
    }

    /// A person, who may not have set out.
    pub fn person(&self, group: usize, ordinal: usize) -> &Life {
        const UNSEEN: &Life = &Life::UNSEEN;
        self.groups.get(group).and_then(|g| g.get(ordinal)).unwrap_or(UNSEEN)
    }

    /// Person-days under each State: of everybody, and of the vulnerable.
    pub fn by_state(&self) -> (Vec<f64>, Vec<f64>) {
        let sums = |cells: &[u64]| -> Vec<f64> {
            cells.chunks_exact(Status::COUNT).map(|c| c.iter().sum::<u64>() as f64).collect()
        };
        (sums(&self.person_days), sums(&self.vulnerable_days))
    }

    /// Cost of each State's burden, in USD: what it spent on holding, and care at its cost of a person and year for
    /// those in its care on its territory.
    pub fn cost_usd(&self, setup: &Setup) -> Vec<f64> {
        let each = setup.countries.iter().zip(&self.spent_usd).enumerate();
        each.map(|(c, (country, spent))| {
            let days: u64 = IN_CARE.iter().map(|&s| self.person_days[c * Status::COUNT + s as usize]).sum();
            spent + days as f64 / YEAR_DAYS * country.typed.care_usd_per_person_year
        })
        .collect()
    }

    /// Persons by fate, of those who set out.
    pub fn fates(&self) -> [u64; Fate::COUNT] {
        let mut counts = [0; Fate::COUNT];
        for life in self.groups.iter().flatten().filter(|l| l.first.is_some()) {
            counts[life.fate() as usize] += 1;
        }
        counts
    }
}
