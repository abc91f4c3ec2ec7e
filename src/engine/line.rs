//! Lines: who stands first among those whom a stream may move.
//!
//! A household's place in the order of a stream is its own and never changes, and a stream moves few of those it could.
//! So the first of them are looked for among all rows once and then kept: whoever comes to a cell that a stream moves
//! people from is put in line, whoever is found to have left it is struck off when their turn comes. A line holds
//! everybody up to some place in the order, so that going through it asks the same households in the same order as
//! looking through all rows every day. It is working memory, made anew when a simulation starts.

use super::keyed::Purpose;
use super::sim::{Sim, person_key};
use crate::instruments::Relocation;
use crate::model::burden::vulnerability::is_vulnerable;
use crate::scenario::setup::Group;
use crate::world::{Cell, Chunk, GroupId, Household, Status};
use rayon::prelude::*;
use std::sync::Arc;

/// From so many chunks on, several threads look for those who may be moved.
const PARALLEL_CHUNKS: usize = 64;

/// A household's place in the order in which a stream asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Turn {
    later: bool,
    draw: u64,
    /// Who.
    pub group: GroupId,
    /// Who: first ordinal.
    pub head: u32,
}

/// Those who stand first among the people whom a stream may move.
#[derive(Clone, Debug, Default)]
pub struct Line {
    /// In order.
    pub turns: Vec<Turn>,
    /// The last of those who were put in line: everybody up to there is in it. None: everybody is.
    pub up_to: Option<Turn>,
    /// Whether it was made.
    pub made: bool,
}

impl Line {
    /// Whether a turn belongs in it.
    fn reaches(&self, turn: Turn) -> bool {
        self.up_to.is_none_or(|last| turn <= last)
    }

    /// Keep the first so many.
    pub fn shorten(&mut self, to: usize) {
        if to < self.turns.len() {
            self.turns.truncate(to);
            self.up_to = self.turns.last().copied();
        }
    }
}

/// Lines of all streams, by arrangement and stream, and who came to a cell that one of them moves people from.
#[derive(Clone, Debug, Default)]
pub struct Lines {
    /// By arrangement, by stream.
    pub of: Vec<Vec<Line>>,
    /// By cell: whether a stream that has a line moves people from it.
    pub watched: Arc<Vec<bool>>,
    /// Who came to one of them since the lines were last brought up to date.
    pub came: Vec<(Household, Cell)>,
}

impl Lines {
    /// Note that a household comes to a cell.
    #[inline]
    pub fn note(&mut self, household: Household, cell: Cell) {
        if self.watched.get(cell.index()).is_some_and(|&watched| watched) {
            self.came.push((household, cell));
        }
    }
}

impl Sim<'_> {
    /// The place of a household in the order of a stream: the vulnerable first where that is the rule, then by a draw
    /// of its own.
    fn turn(&self, stream: &Relocation, group: GroupId, head: u32) -> Turn {
        let who = person_key(self.setup.group(group), head);
        let draw = self.luck.bits(Purpose::Resettlement, who, stream.key, 0);
        let population = self.setup.group(group).population;
        let share = self.setup.populations[population.index()].typed.vulnerable_share;
        // What people are: the same in a fork with other luck.
        let trait_draw = || self.traits.uniform(Purpose::Vulnerability, who, 0, 0);
        let later = stream.vulnerable_first && !is_vulnerable(trait_draw(), share);
        Turn { later, draw, group, head }
    }

    /// Look through all rows for the first so many of those whom a stream may move.
    pub fn line_up(&mut self, stream: &Relocation, most: usize) -> Line {
        self.watch(stream);
        let home = stream.statuses[Status::ReturnedHome as usize];
        let away = Status::ALL.iter().any(|&s| s != Status::ReturnedHome && stream.statuses[s as usize]);
        let mut chunks: Vec<(GroupId, &Chunk)> = Vec::new();
        let mut cells: Vec<Vec<Cell>> = Vec::new();
        for (g, group) in self.setup.groups.iter().enumerate() {
            cells.push(self.cells_to_move(stream, group));
            if !cells[g].is_empty() {
                let people = &self.world.groups[g];
                let (crowd, back) = (people.crowd.chunks.iter(), people.back.rows.chunks.iter());
                let all = crowd.filter(|_| away).chain(back.filter(|_| home));
                chunks.extend(all.map(|chunk| (GroupId::at(g), chunk)));
            }
        }
        let look = |&(id, chunk): &(GroupId, &Chunk)| self.turns_of(stream, id, chunk, &cells[id.index()]);
        let mut turns: Vec<Turn> = if chunks.len() >= PARALLEL_CHUNKS {
            let lists: Vec<Vec<Turn>> = chunks.par_iter().map(look).collect();
            lists.concat()
        } else {
            chunks.iter().flat_map(look).collect()
        };
        if most < turns.len() {
            turns.select_nth_unstable(most);
            turns.truncate(most);
            turns.shrink_to_fit();
            in_order(&mut turns);
            let up_to = turns.last().copied();
            return Line { turns, up_to, made: true };
        }
        in_order(&mut turns);
        Line { turns, up_to: None, made: true }
    }

    /// Have it noted from now on who comes to a cell that a stream moves people from.
    fn watch(&mut self, stream: &Relocation) {
        let watched = Arc::make_mut(&mut self.today.lines.watched);
        watched.resize(self.setup.places.len() * Status::COUNT, false);
        for &place in &stream.from {
            for &status in Status::ALL.iter().filter(|&&status| stream.statuses[status as usize]) {
                watched[Cell::of(place, status).index()] = true;
            }
        }
    }

    /// Cells of people whom a stream may move and where some of a group's population stand.
    fn cells_to_move(&self, stream: &Relocation, group: &Group) -> Vec<Cell> {
        if !stream.populations[group.population.index()] {
            return Vec::new();
        }
        let statuses = || Status::ALL.iter().filter(|&&status| stream.statuses[status as usize]);
        let cells = stream.from.iter().flat_map(|&place| statuses().map(move |&s| Cell::of(place, s)));
        cells.filter(|&cell| self.world.stocks[self.setup.stock_index(cell, group)] > 0).collect()
    }

    /// Households of a chunk of whom anybody stands in one of some cells.
    fn turns_of(&self, stream: &Relocation, id: GroupId, chunk: &Chunk, cells: &[Cell]) -> Vec<Turn> {
        let mut turns: Vec<Turn> = Vec::new();
        for (row, person) in chunk.people.iter().enumerate() {
            if cells.contains(&person.cell) {
                let head = chunk.head(row);
                if turns.last().is_none_or(|last| last.head != head) {
                    turns.push(self.turn(stream, id, head));
                }
            }
        }
        turns
    }

    /// Put those who came to a cell that a stream moves people from into its line.
    pub fn line_up_newcomers(&mut self) {
        if self.today.lines.came.is_empty() {
            return;
        }
        let mut lines = std::mem::take(&mut self.today.lines);
        for (arrangement, lines_of) in self.setup.arrangements.iter().zip(&mut lines.of) {
            for ((_, stream), line) in arrangement.streams().zip(lines_of).filter(|(_, line)| line.made) {
                let before = line.turns.len();
                for &(household, cell) in &lines.came {
                    let population = self.setup.group(household.group).population;
                    let named = stream.statuses[cell.status() as usize]
                        && stream.populations[population.index()]
                        && stream.from.contains(&cell.place());
                    if named {
                        let turn = self.turn(stream, household.group, household.head);
                        line.turns.extend(Some(turn).filter(|&turn| line.reaches(turn)));
                    }
                }
                if line.turns.len() > before {
                    in_order(&mut line.turns);
                }
            }
        }
        lines.came.clear();
        self.today.lines = lines;
    }
}

/// Put turns in order, each once.
fn in_order(turns: &mut Vec<Turn>) {
    turns.sort();
    turns.dedup();
}
