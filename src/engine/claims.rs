//! Claims in a country: the queues of first and second instance (model 5.7).
//!
//! A decision is a function of who is decided on, of what stands in their row, and of the country. So where many are
//! decided on in a day, all whose turn comes are looked at first, in parallel, and what was decided is carried out
//! after: by populations at once where there are threads. Where one household has two turns on a day, the first changes
//! what the second finds; then every turn is looked at when it comes, as on days with few.

use super::facilities::Procedure;
use super::keyed::Purpose;
use super::sim::{Change, Sim};
use crate::model::claim;
use crate::scenario::format::ClaimOrder;
use crate::world::{
    Cell, CountryId, CountryState, Flow, Household, NEVER, PlaceId, Queued, Record, Slot, Status, Wait,
};
use rayon::prelude::*;
use std::collections::VecDeque;

/// Turns that one thread looks at together.
const LOOKED_AT_TOGETHER: usize = 256;

/// What is decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Decision {
    Recognised,
    Refused,
    /// Refused at first instance, and appealed against.
    Appealed,
}

/// A household whose turn it is, and what is decided.
#[derive(Clone, Copy, Debug)]
struct Turn {
    country: CountryId,
    queued: Queued,
    /// The instance: `Claimant` or `Appellant`.
    status: Status,
    decision: Decision,
    /// Of the first of them: record, cell, and where the household's rows begin.
    record: Record,
    cell: Cell,
    first: Slot,
    persons: u32,
}

/// The turns of a day, in order, and what they take out of queues.
#[derive(Default)]
struct Turns {
    all: Vec<Turn>,
    /// By country: entries gone through, and the decisions carried over, at each instance; none where nobody waits.
    first: Vec<Option<(usize, f64)>>,
    second: Vec<Option<(usize, f64)>>,
    /// By country: appeals lodged today.
    appealed: Vec<Vec<Queued>>,
}

/// A queue that is gone through as far as there are decisions to make.
struct Going<'q> {
    country: CountryId,
    waiting: &'q VecDeque<Queued>,
    /// Those who come to the end of it today, at second instance.
    coming: &'q [Turn],
    last_first: bool,
    gone_through: usize,
    left: u32,
    turns: Vec<Turn>,
}

/// Whose turn is next in a queue: an entry, or somebody whose appeal was lodged today.
#[derive(Clone, Copy)]
enum Next {
    Entry(Queued),
    Coming(Turn),
}

impl Going<'_> {
    fn at(&self, position: usize) -> Next {
        let all = self.waiting.len() + self.coming.len();
        let at = if self.last_first { all - 1 - position } else { position };
        match self.coming.get(at.wrapping_sub(self.waiting.len())) {
            Some(&turn) => Next::Coming(turn),
            None => Next::Entry(self.waiting[at]),
        }
    }

    /// Positions of as many as decisions are left.
    fn next(&self) -> std::ops::Range<usize> {
        let all = self.waiting.len() + self.coming.len();
        self.gone_through..all.min(self.gone_through + self.left as usize)
    }
}

impl Sim<'_> {
    /// A day of decisions everywhere.
    pub fn decide_claims(&mut self) {
        let a_day: f64 = self.levers.decisions.iter().sum();
        if self.reads_ahead(a_day as usize)
            && let Some(turns) = self.turns()
        {
            self.take_turns(turns);
            return;
        }
        for country in 0..self.setup.countries.len() {
            let id = CountryId::at(country);
            if let Some((today, carry)) = self.decisions_today(country, Status::Claimant, 0) {
                self.world.countries[country].decision_carry = carry;
                _ = (0..today).take_while(|_| self.decide_next(id, Status::Claimant)).count();
            }
            if let Some((today, carry)) = self.decisions_today(country, Status::Appellant, 0) {
                self.world.countries[country].appeal_carry = carry;
                _ = (0..today).take_while(|_| self.decide_next(id, Status::Appellant)).count();
            }
        }
    }

    /// Decisions of a country today at an instance, and what is carried over; none where nobody waits or comes.
    fn decisions_today(&self, country: usize, status: Status, coming: usize) -> Option<(u32, f64)> {
        let state = &self.world.countries[country];
        let (waiting, carry, per_day) = if status == Status::Claimant {
            (state.claims.len(), state.decision_carry, self.levers.decisions[country])
        } else {
            let per_day = self.setup.countries[country].typed.appeals_per_day;
            (state.appeals.len(), state.appeal_carry, per_day)
        };
        (waiting + coming > 0).then(|| claim::decisions_today(carry, per_day))
    }

    /// The next claim of a queue whose household is still pending there; whether there was one.
    fn decide_next(&mut self, country: CountryId, status: Status) -> bool {
        let last_first = self.last_first(country);
        loop {
            let queue = queue_of(&mut self.world.countries[country.index()], status);
            let next = if last_first { queue.pop_back() } else { queue.pop_front() };
            let Some(queued) = next else { return false };
            if let Some(turn) = self.look(country, queued, status) {
                self.carry_out_decision(&turn);
                if turn.decision == Decision::Appealed {
                    self.queue_for_appeal(country, Queued { since: self.day(), ..queued });
                }
                return true;
            }
        }
    }

    /// The day has come by which a claim in the accelerated procedure is decided.
    pub fn decide_accelerated(&mut self, household: Household, place: PlaceId) {
        let Some((_, since)) = self.spell(household, Status::Claimant) else { return };
        let country = self.setup.places[place.index()].country;
        let Some(turn) = self.look(country, Queued { household, since }, Status::Claimant) else { return };
        self.carry_out_decision(&turn);
        if turn.decision == Decision::Appealed {
            self.queue_for_appeal(country, Queued { household, since: self.day() });
        }
    }

    fn last_first(&self, country: CountryId) -> bool {
        self.setup.claim_order(country) == ClaimOrder::LastInFirstOut
    }

    /// What is decided on an entry, if its household is still pending.
    fn look(&self, country: CountryId, queued: Queued, status: Status) -> Option<Turn> {
        let household = queued.household;
        let crowd = &self.world.groups[household.group.index()].crowd;
        let members = crowd.members(household.head, household.size, status, None);
        let (first, slot) = (members.first()?, members.leader()?);
        let chunk = &crowd.chunks[slot.chunk];
        if chunk.spell_start[slot.row] != queued.since as u16 {
            return None;
        }
        let (record, cell) = (chunk.record[slot.row], chunk.cell[slot.row]);
        let decision = Decision::Refused;
        let persons = members.len() as u32;
        // A claim is due on a day in the accelerated procedure only.
        let procedure = match status {
            Status::Claimant if chunk.due[slot.row] != NEVER => Procedure::Accelerated,
            Status::Claimant => Procedure::Regular,
            _ => Procedure::Appeal,
        };
        let turn = Turn { country, queued, status, decision, record, cell, first, persons };
        Some(self.decided(turn, procedure))
    }

    /// The same with what is decided.
    fn decided(&self, turn: Turn, procedure: Procedure) -> Turn {
        let Turn { country, queued, record, .. } = turn;
        let household = queued.household;
        let decision = if self.determine(household, country, record, procedure) {
            Decision::Recognised
        } else if procedure != Procedure::Appeal && {
            let who = self.who(household.group, household.head);
            let u = self.luck.uniform(Purpose::Appeal, who, u64::from(record.attempts()), 1);
            u < self.setup.countries[country.index()].typed.appeal_share
        } {
            Decision::Appealed
        } else {
            Decision::Refused
        };
        Turn { decision, ..turn }
    }

    /// Let happen what was decided.
    fn carry_out_decision(&mut self, turn: &Turn) {
        let Turn { queued, status, decision, record, cell, persons, .. } = *turn;
        let (household, place) = (queued.household, cell.place());
        self.today.last_found.note(household, turn.first);
        let first_instance = status == Status::Claimant;
        let wait = if first_instance { Wait::Decision } else { Wait::Appeal };
        self.waited(wait, place, self.day().wrapping_sub(queued.since), persons);
        let recognised = decision == Decision::Recognised;
        // A refusal is counted once, at first instance.
        if recognised || first_instance {
            self.count_decision(household, place, persons, recognised);
        }
        let (to, change) = match decision {
            Decision::Recognised => (Status::Protected, Change::default()),
            Decision::Refused => (Status::Rejected, Change::default()),
            Decision::Appealed => (Status::Appellant, Change::counted(Flow::Appealed)),
        };
        if decision != Decision::Appealed {
            let score = if recognised { 1.0 } else { 0.0 };
            self.credit(household.group, record, false, score, persons);
        }
        self.shift(household, status, Cell::of(place, to), change);
    }
}

/// Many turns at once.
impl Sim<'_> {
    /// All whose turn comes today, and what is decided; none if one household has two turns of which the first changes
    /// what the second finds.
    fn turns(&self) -> Option<Turns> {
        let countries = self.setup.countries.len();
        let mut turns = Turns { appealed: vec![Vec::new(); countries], ..Turns::default() };
        let decisions = |country| self.decisions_today(country, Status::Claimant, 0);
        let mut first: Vec<Going<'_>> = (0..countries)
            .map(|country| {
                let waiting = &self.world.countries[country].claims;
                self.going(country, waiting, &[], decisions(country))
            })
            .collect();
        self.go_through(&mut first, Status::Claimant)?;
        turns.first = first.iter().map(|g| Some((g.gone_through, decisions(g.country.index())?.1))).collect();

        let day = self.day();
        let mut coming: Vec<Vec<Turn>> = Vec::with_capacity(countries);
        for going in &first {
            let appealed = going.turns.iter().filter(|turn| turn.decision == Decision::Appealed);
            let at_second = |turn: &Turn| Turn {
                queued: Queued { since: day, ..turn.queued },
                status: Status::Appellant,
                cell: Cell::of(turn.cell.place(), Status::Appellant),
                ..*turn
            };
            coming.push(appealed.map(at_second).collect());
        }
        let decisions = |country| self.decisions_today(country, Status::Appellant, coming[country].len());
        let mut second: Vec<Going<'_>> = (0..countries)
            .map(|country| {
                let waiting = &self.world.countries[country].appeals;
                self.going(country, waiting, &coming[country], decisions(country))
            })
            .collect();
        self.go_through(&mut second, Status::Appellant)?;
        turns.second =
            second.iter().map(|g| Some((g.gone_through, decisions(g.country.index())?.1))).collect();

        let mut households: Vec<(u16, u32)> = Vec::new();
        for (first, second) in first.into_iter().zip(second) {
            let before_today = second.turns.iter().filter(|turn| turn.queued.since != day);
            let all = first.turns.iter().chain(before_today);
            households.extend(all.map(|turn| (turn.queued.household.group.0, turn.queued.household.head)));
            turns.all.extend(first.turns);
            turns.all.extend(second.turns);
        }
        households.par_sort_unstable();
        if households.windows(2).any(|two| two[0] == two[1]) {
            return None;
        }
        for (appealed, coming) in turns.appealed.iter_mut().zip(&coming) {
            appealed.extend(coming.iter().map(|turn| turn.queued));
        }
        Some(turns)
    }

    fn going<'q>(
        &self,
        country: usize,
        waiting: &'q VecDeque<Queued>,
        coming: &'q [Turn],
        decisions: Option<(u32, f64)>,
    ) -> Going<'q> {
        let country = CountryId::at(country);
        let last_first = self.last_first(country);
        let left = decisions.map_or(0, |(today, _)| today);
        Going { country, waiting, coming, last_first, gone_through: 0, left, turns: Vec::new() }
    }

    /// Go through queues until every decision is made or nobody is left; nothing if what a turn finds would hang on one
    /// before it.
    fn go_through(&self, queues: &mut [Going<'_>], status: Status) -> Option<()> {
        let day = self.day();
        loop {
            let each = queues.iter().flat_map(|going| going.next().map(|at| (going.country, going.at(at))));
            let each: Vec<(CountryId, Next)> = each.collect();
            if each.is_empty() {
                return Some(());
            }
            let look = |&(country, next): &(CountryId, Next)| {
                let queued = match next {
                    Next::Coming(turn) => return Some(Some(self.decided(turn, Procedure::Appeal))),
                    Next::Entry(queued) => queued,
                };
                let turn = self.look(country, queued, status);
                let hangs = match &turn {
                    Some(turn) => turn.decision == Decision::Appealed && self.appeals_already(turn),
                    // What an appeal lodged today would make of an entry that names its day.
                    None => status == Status::Appellant && queued.since as u16 == day as u16,
                };
                (!hangs).then_some(turn)
            };
            let looked: Option<Vec<Option<Turn>>> =
                each.par_iter().with_min_len(LOOKED_AT_TOGETHER).map(look).collect();
            let mut looked = looked?.into_iter();
            for going in queues.iter_mut() {
                let (next, before) = (going.next(), going.turns.len());
                going.gone_through += next.len();
                going.turns.extend(looked.by_ref().take(next.len()).flatten());
                going.left -= (going.turns.len() - before) as u32;
            }
        }
    }

    /// Whether others of a household have appealed before.
    fn appeals_already(&self, turn: &Turn) -> bool {
        let household = turn.queued.household;
        let crowd = &self.world.groups[household.group.index()].crowd;
        let guess = Some(turn.first);
        crowd.members(household.head, household.size, Status::Appellant, guess).first().is_some()
    }

    /// Take those out of the queues whose turn it was, and let happen what was decided.
    fn take_turns(&mut self, turns: Turns) {
        for (country, state) in self.world.countries.iter_mut().enumerate() {
            let last_first = self.setup.claim_order(CountryId::at(country)) == ClaimOrder::LastInFirstOut;
            if let Some((gone_through, carry)) = turns.first[country] {
                state.decision_carry = carry;
                take_out(&mut state.claims, gone_through, last_first);
            }
            state.appeals.extend(&turns.appealed[country]);
            if let Some((gone_through, carry)) = turns.second[country] {
                state.appeal_carry = carry;
                take_out(&mut state.appeals, gone_through, last_first);
            }
        }
        // Changes of status are written down in the order of turns.
        if self.transitions.is_some() || turns.all.len() < self.share_from || !self.may_part() {
            turns.all.iter().for_each(|turn| self.carry_out_decision(turn));
            return;
        }
        let setup = self.setup;
        let population = |turn: &Turn| setup.group(turn.queued.household.group).population.index();
        let mut of: Vec<Vec<Turn>> = vec![Vec::new(); setup.populations.len()];
        turns.all.iter().for_each(|turn| of[population(turn)].push(*turn));
        let of_groups = |groups: std::ops::Range<usize>| {
            let all = setup.populations.iter().zip(&of);
            all.filter(move |(p, _)| groups.contains(&p.groups.start)).flat_map(|(_, turns)| turns)
        };
        let ranges = self.ranges(|groups| of_groups(groups).count());
        self.each_apart(ranges, |part, groups| {
            of_groups(groups).for_each(|turn| part.carry_out_decision(turn));
        });
    }
}

fn queue_of(state: &mut CountryState, status: Status) -> &mut VecDeque<Queued> {
    if status == Status::Claimant { &mut state.claims } else { &mut state.appeals }
}

/// Take out of a queue those who were gone through.
fn take_out(queue: &mut VecDeque<Queued>, gone_through: usize, last_first: bool) {
    if last_first {
        queue.truncate(queue.len() - gone_through);
    } else {
        queue.drain(..gone_through);
    }
}
