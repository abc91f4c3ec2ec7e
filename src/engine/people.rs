//! The pass over people: who has something dated today, and whose daily event happens (model 3, 5.8, 5.9).
//!
//! One filter reads two bytes a person: the day on which to look at them next, which is that of their next dated event,
//! or of the next point of their luck that is not above what the hazard can be (`wake.rs`, `scatter.rs`). The few whose
//! day has come are looked at exactly; a ceiling can cost time but never change a result. What happens to the people of
//! a chunk changes nothing that is looked at in another, so that some chunks may be acted on as soon as they were
//! looked at, or all after all were looked at in parallel: in the order of chunks. Those who are back home are not
//! here: they wait for clocks (`home.rs`).

use super::dispositions::Homeward;
use super::keyed::Purpose;
use super::scatter::Scatter;
use super::sim::{Change, Sim, person_key};
use super::today::EntryNow;
use super::wake::moves_on;
use crate::model::outcome;
use crate::scenario::format::{Entry, Mode, StayEnd};
use crate::scenario::resolve::YEAR_DAYS;
use crate::world::{
    BACK_TOGETHER, CHUNK_PEOPLE, Cell, Chunk, Flow, GroupId, GroupState, Household, NEVER, NO_RULE, PlaceId,
    Record, RouteId, Slot, Status,
};
use rayon::prelude::*;
use std::collections::VecDeque;
use std::ops::Range;

/// Why something happens to a person on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Cause {
    /// Death on land.
    Death,
    /// Return by one's own choice.
    VoluntaryReturn,
    /// A claim is lodged.
    Claim,
    /// Settlement.
    Settling,
    /// Going underground.
    Absconding,
    /// Found for removal.
    Found,
    /// Removal proves impossible.
    Tolerating,
    /// Moving on.
    Onward,
    /// Turning back from a border.
    TurningBack,
    /// A family member arrives.
    Reunification,
    /// Transfer to the responsible country.
    Transfer,
}

impl Cause {
    /// How many there are.
    pub const COUNT: usize = 11;
    const ALL: [Cause; Cause::COUNT] = [
        Cause::Death,
        Cause::VoluntaryReturn,
        Cause::Claim,
        Cause::Settling,
        Cause::Absconding,
        Cause::Found,
        Cause::Tolerating,
        Cause::Onward,
        Cause::TurningBack,
        Cause::Reunification,
        Cause::Transfer,
    ];
    /// Those that happen to one person rather than to the household.
    const PERSONAL: [Cause; 2] = [Cause::Death, Cause::Reunification];
}

/// Hazards per day, by cause.
pub type Hazards = [f64; Cause::COUNT];

/// What is to happen to a person or household.
#[derive(Clone, Copy, Debug)]
pub struct Act {
    household: Household,
    ordinal: u32,
    cell: Cell,
    /// None: the dated event.
    cause: Option<Cause>,
    /// Where the person's row was when they were looked at, and the first of the household's.
    row: u16,
    first: u16,
    chunk: u32,
}

/// A chunk, and where it is.
#[derive(Clone, Copy)]
struct At<'w> {
    group: GroupId,
    at: u32,
    chunk: &'w Chunk,
}

/// Below this many people a plain loop is faster than handing chunks to threads.
pub(super) const PARALLEL_PEOPLE: usize = 65_536;
/// Taking populations apart is worth their acts, and reading rows once, from so many rows for an act on.
const ROWS_FOR_AN_ACT: usize = 256;

/// Chunks that are looked at together: enough of those whose day has come for many reads to be under way at a time, few
/// enough for their rows to be near the processor still when something happens to them.
const CHUNKS_TOGETHER: usize = 16;

/// Rows are squeezed when one in so many has ended.
const ENDED_ONE_IN: usize = 4;
/// The same where nobody reads the rows every day, so that those who have ended cost memory alone.
const ENDED_ONE_IN_UNREAD: usize = 2;

impl Sim<'_> {
    /// Look at everybody, and let happen what happens.
    pub fn pass_people(&mut self) {
        // Whatever happens from now on is asked about tomorrow.
        self.today.asked_from = self.day() + 1;
        let all = 0..self.world.groups.len();
        let rows = |sim: &Self, groups: Range<usize>| -> usize {
            sim.world.groups[groups].iter().map(|g| g.crowd.active()).sum()
        };
        let people = rows(self, all.clone());
        self.today.rows = people;
        self.today.far = self.far(people);
        let many = people >= PARALLEL_PEOPLE;
        let threads = rayon::current_num_threads();
        if many && threads > 1 {
            let apart = people >= self.share_from.saturating_mul(ROWS_FOR_AN_ACT) && self.may_part();
            let ranges = if apart { self.ranges(|groups| rows(self, groups)) } else { Vec::new() };
            let widest = ranges.iter().map(|range| rows(self, range.clone())).max();
            // Where one population has most of the people, chunks are shared out better than populations.
            if widest.is_some_and(|widest| widest * threads <= people) {
                self.each_apart(ranges, |part, groups| part.pass_groups(groups));
            } else {
                self.look_then_act();
            }
        } else {
            self.pass_groups(all);
        }
        let tidy = |group: &mut GroupState| {
            group.crowd.tidy(ENDED_ONE_IN, CHUNK_PEOPLE);
            group.back.rows.tidy(ENDED_ONE_IN_UNREAD, BACK_TOGETHER);
        };
        if many {
            self.world.groups.par_iter_mut().for_each(tidy);
        } else {
            self.world.groups.iter_mut().for_each(tidy);
        }
    }

    /// How many rows there are whose day has come: a pass that looks at nobody more closely and changes nothing, as
    /// cheap as a day of the same people could be.
    pub fn filter_alone(&self) -> usize {
        let today = self.day() as u16;
        let chunks = self.world.groups.par_iter().flat_map(|group| group.crowd.chunks.par_iter());
        let woken = |woken: &mut Vec<u32>, chunk: &Chunk| {
            woken.clear();
            filter(&chunk.wake.0, today, woken);
            woken.len()
        };
        let woken: Vec<usize> = chunks.map_init(Vec::new, woken).collect();
        woken.iter().sum()
    }

    /// Look at the people of some groups, some chunks at a time, and let happen what happens to those of the chunks
    /// while their rows are at hand. What happens to people of a chunk changes nothing that is looked at in another.
    fn pass_groups(&mut self, groups: Range<usize>) {
        let mut acts = std::mem::take(&mut self.today.acts);
        let mut woken = Vec::new();
        for g in groups {
            let chunks = self.world.groups[g].crowd.chunks.len();
            for first in (0..chunks).step_by(CHUNKS_TOGETHER) {
                acts.clear();
                let together = first..(first + CHUNKS_TOGETHER).min(chunks);
                self.look_at_chunks(GroupId::at(g), together, &mut woken, &mut acts);
                acts.iter().for_each(|&act| self.apply(act));
            }
        }
        self.today.acts = acts;
    }

    /// Look at the people of some chunks of a group; `woken` is room to work in.
    fn look_at_chunks(
        &mut self,
        group: GroupId,
        chunks: Range<usize>,
        woken: &mut Vec<u32>,
        acts: &mut Vec<Act>,
    ) {
        let today = self.day() as u16;
        woken.clear();
        // Of each chunk, how many have been woken up to its end.
        let mut ends = [0; CHUNKS_TOGETHER];
        let crowd = &self.world.groups[group.index()].crowd;
        for (end, chunk) in ends.iter_mut().zip(&crowd.chunks[chunks.clone()]) {
            filter(&chunk.wake.0, today, woken);
            *end = woken.len();
        }
        let of = |at: usize| (if at == 0 { 0 } else { ends[at - 1] })..ends[at];
        for (at, chunk) in crowd.chunks[chunks.clone()].iter().enumerate() {
            chunk.read_together(&woken[of(at)]);
        }
        for (at, n) in chunks.clone().zip(0..) {
            if of(n).is_empty() {
                continue;
            }
            let mut wake = std::mem::take(&mut self.world.groups[group.index()].crowd.chunks[at].wake.0);
            let chunk = &self.world.groups[group.index()].crowd.chunks[at];
            let at_chunk = At { group, at: at as u32, chunk };
            self.look(at_chunk, &woken[of(n)], &mut wake, acts);
            self.world.groups[group.index()].crowd.chunks[at].wake.0 = wake;
        }
    }

    /// Look at everybody, chunks in parallel, then let happen what happens.
    fn look_then_act(&mut self) {
        let mut acts = std::mem::take(&mut self.today.acts);
        acts.clear();
        let chunks = self.world.groups.iter_mut().flat_map(|group| &mut group.crowd.chunks);
        let mut wakes: Vec<Vec<u16>> = chunks.map(|chunk| std::mem::take(&mut chunk.wake.0)).collect();
        let groups = self.world.groups.iter().enumerate();
        let chunks = groups.flat_map(|(g, group)| {
            let group_chunks = group.crowd.chunks.iter().enumerate();
            group_chunks.map(move |(at, chunk)| At { group: GroupId::at(g), at: at as u32, chunk })
        });
        let chunks: Vec<At<'_>> = chunks.collect();
        let sim = &*self;
        let look = |(&at, wake): (&At<'_>, &mut Vec<u16>)| {
            let mut acts = Vec::new();
            let mut woken = Vec::new();
            filter(wake, sim.day() as u16, &mut woken);
            at.chunk.read_together(&woken);
            sim.look(at, &woken, wake, &mut acts);
            acts
        };
        let lists: Vec<Vec<Act>> = chunks.par_iter().zip(&mut wakes).map(look).collect();
        let chunks = self.world.groups.iter_mut().flat_map(|group| &mut group.crowd.chunks);
        chunks.zip(wakes).for_each(|(chunk, wake)| chunk.wake.0 = wake);
        lists.iter().for_each(|list| acts.extend_from_slice(list));
        self.apply_all(&acts);
        self.today.acts = acts;
    }

    /// Let happen what happens, in the order of groups; where that is much, of several populations at once.
    fn apply_all(&mut self, acts: &[Act]) {
        if acts.len() < self.share_from || !self.may_part() {
            acts.iter().for_each(|&act| self.apply(act));
            return;
        }
        let of = |groups: Range<usize>| {
            let before = |group: usize| acts.partition_point(|act| act.household.group.index() < group);
            &acts[before(groups.start)..before(groups.end)]
        };
        let ranges = self.ranges(|groups| of(groups).len());
        self.each_apart(ranges, |part, groups| of(groups).iter().for_each(|&act| part.apply(act)));
    }

    /// Hazards of a cell that are the same for everybody in it. By cell, whether what it can be has risen.
    pub fn reckon_cells(&mut self) -> Vec<bool> {
        let mut risen = vec![false; self.setup.places.len() * Status::COUNT];
        for place in 0..self.setup.places.len() {
            for &status in Status::ALL {
                let cell = Cell::of(PlaceId::at(place), status);
                let mut hazards = [0.0; Cause::COUNT];
                self.fixed_hazards(cell, &mut hazards);
                if status == Status::Travelling {
                    hazards[Cause::Death as usize] = self.today.most_travel_death;
                }
                let all = outcome::total(&hazards);
                leave_personal(&mut hazards);
                risen[cell.index()] = self.set_ceiling(cell, [all, outcome::total(&hazards)]);
            }
        }
        risen
    }

    fn fixed_hazards(&self, cell: Cell, hazards: &mut Hazards) {
        let place = &self.setup.places[cell.place().index()];
        let country = &self.setup.countries[place.country.index()].typed;
        let o = &country.outcomes;
        let [lodging, settling, returning] = self.levers.outcomes[place.country.index()];
        let mut set = |cause: Cause, per_year: f64| hazards[cause as usize] = per_year / YEAR_DAYS;
        match cell.status() {
            Status::WaitingAtBorder => {
                set(Cause::TurningBack, place.turning_back_per_day * YEAR_DAYS);
                set(Cause::Death, place.waiting_death_per_day * YEAR_DAYS);
            }
            Status::Held | Status::AwaitingResettlement | Status::Stranded => {
                set(Cause::VoluntaryReturn, place.voluntary_return_per_day * YEAR_DAYS);
            }
            Status::Undocumented => {
                set(Cause::Claim, o.lodging_per_year * lodging);
                set(Cause::Settling, o.regularising_per_year);
                set(Cause::Found, o.found_per_year);
                set(Cause::VoluntaryReturn, o.voluntary_return_per_year * returning);
            }
            Status::Claimant | Status::Appellant | Status::TransferPending => {
                set(Cause::Absconding, o.absconding_per_year);
                set(Cause::VoluntaryReturn, o.voluntary_return_per_year * returning);
                if cell.status() == Status::TransferPending {
                    set(Cause::Transfer, self.transfer_per_day(place.country) * YEAR_DAYS);
                }
            }
            Status::TemporarilyProtected => {
                set(Cause::Settling, o.temporary_settling_per_year * settling);
                set(Cause::VoluntaryReturn, o.temporary_return_per_year * returning);
            }
            Status::Protected => {
                set(Cause::Settling, o.protected_settling_per_year * settling);
                set(Cause::Reunification, o.reunification_per_year);
            }
            Status::Tolerated => {
                set(Cause::Settling, o.settling_per_year * settling);
                set(Cause::VoluntaryReturn, o.voluntary_return_per_year * returning);
            }
            Status::Rejected => {
                set(Cause::Found, o.removal_per_year);
                set(Cause::Tolerating, o.tolerating_per_year);
                set(Cause::Absconding, o.absconding_per_year);
                set(Cause::VoluntaryReturn, o.voluntary_return_per_year * returning);
            }
            _ => {}
        }
    }

    /// All hazards of a person in a cell. What happens to a household happens to it by the luck of the first of those
    /// who are together; others have hazards of their own alone.
    pub fn hazards(&self, group: GroupId, cell: Cell, record: Record, leads: bool) -> Hazards {
        let mut hazards = [0.0; Cause::COUNT];
        self.fixed_hazards(cell, &mut hazards);
        let day = &self.today.groups[group.index()];
        match cell.status() {
            // Only a transfer that was accepted is carried out.
            Status::TransferPending if record.rule != super::responsibility::ACCEPTED => {
                hazards[Cause::Transfer as usize] = 0.0;
            }
            Status::Travelling => {
                let route = &self.setup.routes[usize::from(record.route)];
                if let Some(&leg) = route.corridors.get(record.leg()) {
                    hazards[Cause::Death as usize] = self.setup.corridors[leg].typed.death_per_day;
                }
            }
            status if moves_on(status) => {
                if let Some(at) = self.onward_list(group, cell) {
                    hazards[Cause::Onward as usize] = day.onward[at].0;
                }
            }
            _ => {}
        }
        if !leads {
            leave_personal(&mut hazards);
        }
        hazards
    }
}

/// Leave of some hazards those of what happens to one person rather than to a household.
fn leave_personal(hazards: &mut Hazards) {
    let own = Cause::PERSONAL.map(|cause| (cause as usize, hazards[cause as usize]));
    *hazards = [0.0; Cause::COUNT];
    own.into_iter().for_each(|(cause, hazard)| hazards[cause] = hazard);
}

impl Sim<'_> {
    /// Add to `acts` what is to happen to people of a chunk whose day has come, and tell them when they will be looked
    /// at next.
    fn look(&self, at: At<'_>, woken: &[u32], wake: &mut [u16], acts: &mut Vec<Act>) {
        let today = self.day() as u16;
        for &row in woken {
            let row = row as usize;
            if at.chunk.people[row].cell != Cell::ENDED {
                wake[row] = self.candidate(at, row, today, acts);
            }
        }
    }

    /// Look at one whose day has come: what is to happen, and the day on which to look next if nothing does.
    fn candidate(&self, at: At<'_>, row: usize, today: u16, acts: &mut Vec<Act>) -> u16 {
        let At { group, chunk, .. } = at;
        let (person, ordinal, leads) = (&chunk.people[row], chunk.ordinal[row], chunk.leads(row));
        let ceiling = self.ceiling(group, person.cell, leads);
        let quiet = self.days_until(group, ordinal, person, leads, ceiling, today);
        if quiet > 0 {
            return today.wrapping_add(quiet as u16);
        }
        let before = acts.len();
        self.act_of(at, row, leads, ceiling, acts);
        let tomorrow = today.wrapping_add(1);
        if acts.len() > before {
            // What happens mostly begins another spell, and that has days of its own to be looked at.
            return tomorrow;
        }
        tomorrow.wrapping_add(self.days_until(group, ordinal, person, leads, ceiling, tomorrow) as u16)
    }

    /// What happens to a person today, if anything does.
    fn act_of(&self, at: At<'_>, row: usize, leads: bool, ceiling: f64, acts: &mut Vec<Act>) {
        let At { group, chunk, at } = at;
        let today = self.day() as u16;
        let (cell, record, ordinal) = (chunk.people[row].cell, chunk.people[row].record, chunk.ordinal[row]);
        let head = ordinal - record.member();
        let act = |cause| {
            let household = Household { group, head, size: self.household_size(group, head) };
            let first = chunk.household_rows(row).start as u16;
            Act { household, ordinal, cell, cause, row: row as u16, first, chunk: at }
        };
        if chunk.people[row].due == today && today != NEVER {
            if leads {
                acts.push(act(None));
            }
            return;
        }
        let in_spell = today.wrapping_sub(chunk.people[row].spell_start);
        let who = person_key(self.setup.group(group), ordinal);
        let luck = Scatter::new(self.luck, who, chunk.people[row].spell).of_day(in_spell, ceiling);
        if luck == f64::INFINITY {
            return;
        }
        let hazards = self.hazards(group, cell, record, leads);
        if luck > outcome::total(&hazards) {
            return;
        }
        let when = u64::from(chunk.people[row].spell) << 16 | u64::from(in_spell);
        let mut waits = [f64::INFINITY; Cause::COUNT];
        for (cause, wait) in waits.iter_mut().enumerate() {
            if hazards[cause] > 0.0 {
                *wait = self.luck.exponential(Purpose::Cause, who, when, cause as u64);
            }
        }
        acts.push(act(Some(Cause::ALL[outcome::first_cause(&hazards, &waits)])));
    }
}

/// Rows that are asked together whether the day of anybody has come, and those whose answers are gathered in one word.
const BLOCK: usize = 256;
const WORD: usize = 32;

/// Rows whose day has come.
///
/// Compiled for several instruction sets; integers only, so that all give the same bytes.
#[multiversion::multiversion(targets("x86_64+avx512f+avx512bw+avx512dq+avx512vl", "x86_64+avx2"))]
fn filter(wake: &[u16], today: u16, woken: &mut Vec<u32>) {
    filter_rows(wake, today, woken);
}

/// The same, for whatever instruction set the caller is compiled for.
#[inline(always)]
fn filter_rows(wake: &[u16], today: u16, woken: &mut Vec<u32>) {
    let any = |rows: &[u16]| rows.iter().fold(0, |any, &day| any | u16::from(day == today)) != 0;
    let mut note = |from: usize, rows: &[u16]| {
        for (word, rows) in rows.chunks(WORD).enumerate().filter(|(_, rows)| any(rows)) {
            let bit = |all: u32, (row, &day): (usize, &u16)| all | u32::from(day == today) << row;
            let mut come = rows.iter().enumerate().fold(0, bit);
            while come != 0 {
                woken.push((from + word * WORD) as u32 + come.trailing_zeros());
                come &= come - 1;
            }
        }
    };
    let (blocks, rest) = wake.as_chunks::<BLOCK>();
    for (block, rows) in blocks.iter().enumerate() {
        if any(rows) {
            note(block * BLOCK, rows);
        }
    }
    note(blocks.len() * BLOCK, rest);
}

impl Sim<'_> {
    fn apply(&mut self, act: Act) {
        // Where they were when they were looked at; whether they still are is checked.
        let first = Slot { chunk: act.chunk as usize, row: usize::from(act.first) };
        self.today.last_found.note(act.household, first);
        let status = act.cell.status();
        match act.cause {
            None => self.fall_due(act),
            Some(Cause::Death) => {
                if let Some(slot) = self.slot_of(act) {
                    if status == Status::Travelling {
                        self.news_of_death(act.household, slot);
                    }
                    self.die(act.household, slot, act.cell.place(), Flow::DiedOnLand);
                }
            }
            Some(Cause::Reunification) => {
                let place = act.cell.place();
                self.count(Flow::Reunited, place, act.household.group, 1);
                self.tie(act.household.group, place, 1);
            }
            Some(Cause::VoluntaryReturn) => {
                let held = status.is_held();
                if held {
                    self.held_until_now(act.household, status, self.rows(act.household, status));
                }
                self.go_home(
                    act.household,
                    status,
                    if held { Homeward::FromHolding } else { Homeward::Freely },
                );
            }
            Some(Cause::TurningBack) => {
                self.go_home(act.household, status, Homeward::ByState(Flow::TurnedBack))
            }
            Some(Cause::Claim) => self.lodge_claim(act.household, act.cell.place()),
            Some(Cause::Transfer) => self.transfer(act.household, act.cell.place()),
            Some(Cause::Settling) => self.settle(act.household, status, act.cell.place()),
            Some(Cause::Absconding) => {
                let Some(record) = self.record(act.household, status) else { return };
                let to = Cell::of(act.cell.place(), Status::Undocumented);
                // Who leaves while a transfer is asked for takes no mark of it along.
                let change = Change::counted(Flow::Absconded).record(Record { rule: NO_RULE, ..record });
                self.shift(act.household, status, to, change);
            }
            Some(Cause::Tolerating) => {
                let to = Cell::of(act.cell.place(), Status::Tolerated);
                self.shift(act.household, status, to, Change::default());
            }
            Some(Cause::Found) => {
                let country = self.setup.places[act.cell.place().index()].country;
                self.today.removals.push((country, act.household));
            }
            Some(Cause::Onward) => {
                if let Some(record) = self.record(act.household, status) {
                    self.move_on(act.household, status, act.cell.place(), record);
                }
            }
        }
    }

    fn slot_of(&self, act: Act) -> Option<Slot> {
        let crowd = &self.world.groups[act.household.group.index()].crowd;
        let (chunk, row) = (act.chunk as usize, usize::from(act.row));
        let same = |c: &Chunk| c.ordinal.get(row) == Some(&act.ordinal) && c.people[row].cell != Cell::ENDED;
        if crowd.chunks.get(chunk).is_some_and(same) {
            return Some(Slot { chunk, row });
        }
        crowd.find(act.ordinal)
    }

    /// Settle where they are: ended, and a tie for those who come after.
    pub fn settle(&mut self, household: Household, from: Status, place: PlaceId) {
        let members = self.rows(household, from);
        let (to, change) = (Cell::of(place, Status::Settled), Change::counted(Flow::Settled));
        let moved = self.shift_members(household, members, from, to, change);
        self.tie(household.group, place, moved);
    }

    /// People of a group settle at a place: ties for those who come after, by whatever route to that country.
    pub fn tie(&mut self, group: GroupId, place: PlaceId, persons: u32) {
        let population = &self.setup.populations[self.setup.group(group).population.index()];
        for route in &population.tied_routes[self.setup.places[place.index()].country.index()] {
            self.world.routes[route.index()].settled += f64::from(persons);
        }
    }

    fn fall_due(&mut self, act: Act) {
        match act.cell.status() {
            Status::Travelling => self.arrive(act),
            Status::Held => self.long_held(act),
            Status::Claimant => self.decide_accelerated(act.household, act.cell.place()),
            Status::TransferPending => self.transfer_due(act.household, act.cell.place()),
            Status::AwaitingResettlement => self.longest_stay_passed(act),
            _ => {}
        }
    }

    fn arrive(&mut self, act: Act) {
        let setup = self.setup;
        let Some((first, members)) = self.first_and_rows(act.household, Status::Travelling) else { return };
        let place = act.cell.place();
        let record = self.registered(first.record, place);
        let route = &setup.routes[usize::from(record.route)];
        let next = record.leg() + 1;
        if next < route.corridors.len() {
            let record = record.with_leg(next);
            let (cell, due) = self.leg_cell(act.household, RouteId(record.route), next, record.attempts());
            let change = Change { due, record: Some(record), ..Change::default() };
            self.shift_members(act.household, members, Status::Travelling, cell, change);
            return;
        }
        let persons = members.len() as u32;
        let arrived = Cell::of(place, Status::Undocumented);
        let change = Change::counted(Flow::ReachedBorder).record(record);
        self.shift_members(act.household, members, Status::Travelling, arrived, change);
        let by_land = route.corridors.last().is_some_and(|&c| setup.corridors[c].mode != Mode::Sea);
        // Whether a border stops them is news once it has.
        if !by_land {
            self.news_of_stop(record.route, record.epoch, act.household, persons, false);
        }
        let on = if by_land { Entry::Border } else { Entry::Landing };
        self.today.entries.push(EntryNow { household: act.household, on, place, record });
    }

    /// Held so long that it counts as a refusal to those at home; then the longest stay, if there is one.
    fn long_held(&mut self, act: Act) {
        let Some((record, since)) = self.spell(act.household, Status::Held) else { return };
        let place = &self.setup.places[act.cell.place().index()];
        let days = self.day().wrapping_sub(since);
        if let Some(longest) = place.longest_stay_days
            && days >= u32::from(longest)
        {
            self.longest_stay_passed(act);
            return;
        }
        let persons = self.present(act.household, Status::Held);
        self.credit(act.household.group, record, true, 0.0, persons);
        if let Some(longest) = place.longest_stay_days {
            let due = since.wrapping_add(u32::from(longest));
            let slots: Vec<Slot> = self.rows(act.household, Status::Held).collect();
            for slot in slots {
                self.set_due(act.household.group, slot, due);
            }
        }
    }

    fn longest_stay_passed(&mut self, act: Act) {
        let status = act.cell.status();
        let place = act.cell.place();
        let setup = self.setup;
        self.held_until_now(act.household, status, self.rows(act.household, status));
        match setup.places[place.index()].stay_end {
            StayEnd::Extend => {
                let due = setup.places[place.index()].longest_stay_days.unwrap_or(365);
                let slots: Vec<Slot> = self.rows(act.household, status).collect();
                let day = self.day();
                for slot in slots {
                    self.set_due(act.household.group, slot, day + u32::from(due));
                }
            }
            StayEnd::Return => {
                self.go_home(act.household, status, Homeward::ByState(Flow::ReturnedAfterFinding));
            }
            StayEnd::Release => {
                let to = Cell::of(self.territory(place), Status::Tolerated);
                self.shift(act.household, status, to, Change::counted(Flow::Admitted));
            }
            StayEnd::Stranded => {
                let to = Cell::of(place, Status::Stranded);
                self.shift(act.household, status, to, Change::counted(Flow::BecameStranded));
            }
        }
    }

    /// Remove those found for removal, as far as there is capacity, in the order of their own draw.
    pub fn remove(&mut self) {
        let mut found = std::mem::take(&mut self.today.removals);
        for (state, per_day) in self.world.countries.iter_mut().zip(&self.levers.removals) {
            state.removal_carry = (state.removal_carry + per_day).min(per_day * 30.0 + 1.0);
        }
        let day = u64::from(self.day());
        found.retain(|&(_, household)| self.takes_back(household));
        found.sort_by_cached_key(|&(_, h)| {
            (self.luck.bits(Purpose::Priority, self.who(h.group, h.head), day, 0), h.group.0, h.head)
        });
        let mut queues = vec![VecDeque::new(); self.setup.countries.len()];
        found.drain(..).for_each(|(country, household)| queues[country.index()].push_back(household));
        self.today.removals = found;
        let mut left: Vec<f64> = self.world.countries.iter().map(|c| c.removal_carry).collect();
        self.take_turns(
            &mut left,
            Status::Undocumented,
            |_, country| queues[country].pop_front(),
            |&household| (household, household.size),
            |sim, _, household| sim.remove_one(household).into(),
        );
        self.world.countries.iter_mut().zip(left).for_each(|(state, left)| state.removal_carry = left);
    }

    /// Remove a household: how many persons were there to be removed.
    fn remove_one(&mut self, household: Household) -> u32 {
        [Status::Undocumented, Status::Rejected].iter().fold(0, |removed, &status| {
            let persons = self.present(household, status);
            if persons > 0 {
                self.go_home(household, status, Homeward::ByState(Flow::Removed));
            }
            removed + persons
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::keyed::Luck;

    #[multiversion::multiversion(targets("x86_64+avx512f+avx512bw+avx512dq+avx512vl"))]
    fn wide(wake: &[u16], today: u16, woken: &mut Vec<u32>) {
        filter_rows(wake, today, woken);
    }

    #[multiversion::multiversion(targets("x86_64+avx2"))]
    fn middling(wake: &[u16], today: u16, woken: &mut Vec<u32>) {
        filter_rows(wake, today, woken);
    }

    #[test]
    fn every_instruction_set_wakes_the_same_rows() {
        // A version for what this processor does not have falls back to the narrow one.
        type Version = fn(&[u16], u16, &mut Vec<u32>);
        let versions: [(&str, Version); 4] =
            [("AVX-512", wide), ("AVX2", middling), ("narrow", filter_rows), ("as dispatched", filter)];
        let luck = Luck::new(20_260_101);
        let mut all = 0;
        // All lengths about the widths of blocks, and some larger that are no multiple of any.
        for rows in (0..300).chain([511, 1000, 4095, 4096]) {
            for (today, days) in [(0, 3), (700, 50), (u16::MAX, 1000)] {
                let draw = |row: usize| luck.bits(Purpose::Event, row as u64, rows as u64, u64::from(today));
                let wake: Vec<u16> =
                    (0..rows).map(|row| today.wrapping_add((draw(row) % days) as u16)).collect();
                let mut expected = Vec::new();
                for (row, &day) in wake.iter().enumerate() {
                    if day == today {
                        expected.push(row as u32);
                    }
                }
                all += expected.len();
                for (name, version) in versions {
                    let mut woken = Vec::new();
                    version(&wake, today, &mut woken);
                    assert_eq!(woken, expected, "{name}, {rows} rows, {days} days");
                }
            }
        }
        assert!(all > 10_000, "only {all} rows woken");
    }
}
