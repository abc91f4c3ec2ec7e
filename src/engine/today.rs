//! Working memory of a day: rebuilt at will, never stored.

use super::ahead::{Households, Lots};
use super::keyed::Draws;
use super::line::Lines;
use super::orderly::Lottery;
use super::outlook::ExpectedLevers;
use super::politics::{HELD_BITS, IN_CARE_BITS};
use crate::model::choice::Forest;
use crate::scenario::setup::Setup;
use crate::world::{Cell, CountryId, Flow, Household, Person, Record, RouteId, Slot, Status};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;

/// What a day works with.
#[derive(Clone, Debug, Default)]
pub struct Today {
    /// By population: identities of its routes from home, in their order.
    pub home_keys: Vec<Vec<u64>>,
    /// By zone: weather, 1 fair, 0 nothing sails.
    pub weather: Vec<f64>,
    /// By route: the day's conditions as its population knows them.
    pub routes: Vec<RouteDay>,
    /// By group: departures.
    pub groups: Vec<GroupDay>,
    /// By population: what is counted of it.
    pub populations: Vec<PopulationDay>,
    /// Households that set sail today, with the corridor.
    pub embarked: Vec<(usize, Household)>,
    /// Households that came under a State's authority today.
    pub entries: Vec<EntryNow>,
    /// Households found for removal today.
    pub removals: Vec<(CountryId, Household)>,
    /// By place: persons for whom its country is answerable and who are not held, now.
    pub in_care: Vec<u32>,
    /// By country: relief by partners today, in persons.
    pub relief: Vec<f64>,
    /// By country: refoulements and deaths under its authority or on the way to it today, in persons.
    pub harmed: Vec<f64>,
    /// By country: departures towards it today, in persons.
    pub heading: Vec<f64>,
    /// By country: persons arrived and held, weighted by visibility.
    pub visible: Vec<f64>,
    /// By cell: what the total of the hazards that are the same for everybody in it can be, of the first of a household
    /// and of others, as those there were told when to be looked at.
    pub cell_ceilings: Arc<Vec<[f64; 2]>>,
    /// The first day of which those who come to a cell now will be asked: today until people are looked at, then
    /// tomorrow.
    pub asked_from: u32,
    /// Largest hazard of death on any corridor.
    pub most_travel_death: f64,
    /// Rows of people there were when they were last looked at.
    pub rows: usize,
    /// Whether there are so many that their memory is far away.
    pub far: bool,
    /// Where the households looked up lately stand.
    pub last_found: LastFound,
    /// Levers that are expected.
    pub expected: Vec<ExpectedLevers>,
    /// Who stands first among those whom streams may move.
    pub lines: Lines,
    /// Room to work in: what is to happen to people.
    pub acts: Vec<super::people::Act>,
    /// Room to work in: trees of alternatives.
    pub forest: Forest,
    /// Room to work in: rows of those who come home or leave it again.
    pub released: Vec<(u32, Person)>,
    /// Room to work in: households that leave home together, and the draws by which each chooses.
    pub leaving: Vec<(Household, Draws)>,
    /// Room to work in: households that set out today, with the route.
    pub setting_out: Vec<(Household, RouteId)>,
    /// Room to work in: by group, serial numbers of the lots of applicants who leave today.
    pub leaving_lots: Vec<std::ops::Range<u64>>,
    /// Room to work in: places in a long list.
    pub drawn: Vec<(u32, u32)>,
    /// Room to work in: by route, persons who apply for it together.
    pub applied: Vec<u32>,
    /// Room to work in: a lottery among applicants.
    pub lottery: Lottery,
}

/// Where households that were looked up lately stand: guesses, checked when they are used, so that what it holds
/// changes no result. What happens to a household asks for its rows several times over, and again on the days that
/// follow.
#[derive(Debug)]
pub struct LastFound(Box<[Found; LastFound::PLACES]>);

/// Who was found, and where.
#[derive(Debug, Default)]
struct Found {
    who: AtomicU64,
    place: AtomicU64,
}

impl Default for LastFound {
    fn default() -> Self {
        Self(Box::new(std::array::from_fn(|_| Found::default())))
    }
}

impl Clone for LastFound {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl LastFound {
    /// Households remembered, at most: enough for those to whom much happens, few enough to stay near the processor.
    const PLACES: usize = 1024;

    fn name(household: Household) -> u64 {
        1 << 63 | u64::from(household.group.0) << 32 | u64::from(household.head)
    }

    /// Where a household is remembered, if it is.
    #[inline]
    fn found(&self, household: Household) -> &Found {
        &self.0[(household.head as usize ^ usize::from(household.group.0) << 5) % Self::PLACES]
    }

    /// Where a household was found, if it is remembered.
    #[inline]
    pub fn of(&self, household: Household) -> Option<Slot> {
        let found = self.found(household);
        let place = found.place.load(Relaxed);
        let same = found.who.load(Relaxed) == Self::name(household);
        same.then_some(Slot { chunk: (place >> 32) as usize, row: place as u32 as usize })
    }

    /// Note where a household was found.
    #[inline]
    pub fn note(&self, household: Household, slot: Slot) {
        let found = self.found(household);
        found.who.store(Self::name(household), Relaxed);
        found.place.store((slot.chunk as u64) << 32 | slot.row as u64, Relaxed);
    }
}

/// A route's conditions on a day.
#[derive(Clone, Copy, Debug, Default)]
pub struct RouteDay {
    /// Believed chance of protection.
    pub protection: f64,
    /// Believed risk of death.
    pub death: f64,
    /// Believed wait.
    pub wait_years: f64,
    /// Share let pass times weather.
    pub passage: f64,
    /// Fare.
    pub fare_usd: f64,
    /// Reception at the destination.
    pub reception: f64,
    /// ln(1 + N) of the settled compatriots N.
    pub log_settled: f64,
    /// Size weight, with the supply of vessels.
    pub size: f64,
}

/// A group's departures on a day.
#[derive(Clone, Debug, Default)]
pub struct GroupDay {
    /// By route from home, in the population's order: hazard of one household.
    pub per_day: Vec<f64>,
    /// Their sum, bounded.
    pub total: f64,
    /// Sum over irregular routes.
    pub irregular: f64,
    /// Inclusive value.
    pub value: f64,
    /// By place with onward routes: hazard of moving on, and shares by route as far as they are open.
    pub onward: Vec<(f64, Vec<f64>)>,
    /// By place with onward routes: what the hazard of moving on can be.
    pub onward_most: Vec<f64>,
    /// Who its next households are.
    pub households: Households,
    /// Lots of its applicants.
    pub lots: Lots,
}

/// What is counted of a population.
#[derive(Clone, Debug, Default)]
pub struct PopulationDay {
    /// Positions in its flows at which persons are counted today, and by position how many.
    counted: (Vec<u32>, Vec<u32>),
    /// Positions in its stocks where anybody has ever stood, and by position whether it is one of them: most of a
    /// world's cells hold nobody of most populations.
    peopled: (Vec<u32>, Vec<bool>),
    /// By country: arrivals today, in persons.
    pub arrivals: Vec<u32>,
    /// Persons held, now.
    pub held: u32,
    /// Persons admitted today after being taken aboard at sea.
    pub admitted_at_sea: u32,
}

impl PopulationDay {
    /// Of so many flows by place, cells and countries.
    fn new(flows: usize, cells: usize, countries: usize) -> Self {
        Self {
            counted: (Vec::new(), vec![0; flows * 2]),
            peopled: (Vec::new(), vec![false; cells * 2]),
            arrivals: vec![0; countries],
            ..Self::default()
        }
    }

    /// Note that somebody stands at a position of the stocks.
    #[inline]
    pub fn note_people(&mut self, at: usize) {
        let (positions, known) = &mut self.peopled;
        if !known[at] {
            known[at] = true;
            positions.push(at as u32);
        }
    }

    /// Positions in the stocks where anybody has ever stood.
    pub fn peopled(&self) -> impl Iterator<Item = usize> {
        self.peopled.0.iter().map(|&at| at as usize)
    }

    /// Note persons counted at a position of the flows.
    #[inline]
    pub fn note_counted(&mut self, at: usize, persons: u32) {
        let today = &mut self.counted.1[at];
        if *today == 0 && persons > 0 {
            self.counted.0.push(at as u32);
        }
        *today += persons;
    }

    /// What is counted today: positions in the flows, and persons.
    pub fn counted(&self) -> impl Iterator<Item = (usize, u32)> {
        self.counted.0.iter().map(|&at| (at as usize, self.counted.1[at as usize]))
    }
}

/// How a household came under a State's authority.
#[derive(Clone, Copy, Debug)]
pub struct EntryNow {
    /// Who.
    pub household: Household,
    /// On what entry.
    pub on: crate::scenario::format::Entry,
    /// Zone, or place of landing or border.
    pub place: crate::world::PlaceId,
    /// Its record then.
    pub record: Record,
}

impl Today {
    /// Empty working memory of the right sizes.
    pub fn new(setup: &Setup) -> Self {
        let (flows, cells) = (Flow::COUNT * setup.places.len(), setup.places.len() * Status::COUNT);
        Self {
            home_keys: (setup.populations.iter())
                .map(|p| p.home_routes.iter().map(|r| setup.routes[r.index()].key).collect())
                .collect(),
            weather: vec![1.0; setup.zones.len()],
            routes: vec![RouteDay::default(); setup.routes.len()],
            groups: vec![GroupDay::default(); setup.groups.len()],
            populations: vec![
                PopulationDay::new(flows, cells, setup.countries.len());
                setup.populations.len()
            ],
            embarked: Vec::new(),
            entries: Vec::new(),
            removals: Vec::new(),
            in_care: vec![0; setup.places.len()],
            relief: vec![0.0; setup.countries.len()],
            harmed: vec![0.0; setup.countries.len()],
            heading: vec![0.0; setup.countries.len()],
            visible: vec![0.0; setup.countries.len()],
            cell_ceilings: Arc::new(vec![[0.0; 2]; cells]),
            asked_from: 0,
            most_travel_death: setup.corridors.iter().map(|c| c.typed.death_per_day).fold(0.0, f64::max),
            rows: 0,
            far: false,
            last_found: LastFound::default(),
            expected: Vec::new(),
            lines: Lines::default(),
            acts: Vec::new(),
            forest: Forest::default(),
            released: Vec::new(),
            leaving: Vec::new(),
            setting_out: Vec::new(),
            leaving_lots: Vec::new(),
            drawn: Vec::new(),
            applied: Vec::new(),
            lottery: Lottery::default(),
        }
    }

    /// Note that the stock of a cell of a population changes, in persons.
    #[inline]
    pub fn note_stock(&mut self, cell: Cell, population: usize, change: i64) {
        let status = cell.index() % Status::COUNT;
        if IN_CARE_BITS >> status & 1 == 1 {
            let in_care = &mut self.in_care[cell.place().index()];
            *in_care = (i64::from(*in_care) + change) as u32;
        }
        if HELD_BITS >> status & 1 == 1 {
            let held = &mut self.populations[population].held;
            *held = (i64::from(*held) + change) as u32;
        }
    }

    /// Clear what is gathered in a day.
    pub fn clear(&mut self) {
        self.embarked.clear();
        self.entries.clear();
        self.removals.clear();
        for day in &mut self.populations {
            let (positions, persons) = &mut day.counted;
            positions.drain(..).for_each(|at| persons[at as usize] = 0);
            day.arrivals.fill(0);
            day.admitted_at_sea = 0;
        }
        self.relief.fill(0.0);
        self.harmed.fill(0.0);
        self.heading.fill(0.0);
        self.visible.fill(0.0);
    }
}
