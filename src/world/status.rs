//! Statuses of a person, and the cells (place × status) people are counted in.

use super::id::PlaceId;
use serde::{Deserialize, Serialize};

macro_rules! statuses {
    ($($(#[doc = $doc:literal])* $name:ident = $text:literal,)*) => {
        /// Where a person stands. The order is part of the stored format: new ones are added at the end.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        #[repr(u8)]
        pub enum Status { $($(#[doc = $doc])* $name,)* }
        impl Status {
            /// All, in order.
            pub const ALL: &'static [Status] = &[$(Status::$name),*];
            /// The name in tables.
            pub fn name(self) -> &'static str {
                match self { $(Status::$name => $text,)* }
            }
            /// What it means.
            pub fn meaning(self) -> &'static str {
                match self { $(Status::$name => concat!($($doc),*).trim_ascii(),)* }
            }
        }
    };
}

statuses! {
    /// Waits at home for the orderly channel; may yet leave by another.
    InCountryApplicant = "in_country_applicant",
    /// Between two places, by land or air.
    Travelling = "travelling",
    /// Aboard a vessel.
    AtSea = "at_sea",
    /// Taken aboard a patrol, place not yet decided.
    AboardPatrol = "aboard_patrol",
    /// Refused entry for the present.
    WaitingAtBorder = "waiting_at_border",
    /// In a facility, before an outcome.
    Held = "held",
    /// In a territory without a claim lodged.
    Undocumented = "undocumented",
    /// Claim pending at first instance.
    Claimant = "claimant",
    /// Claim pending at second instance.
    Appellant = "appellant",
    /// Responsibility of another State requested.
    TransferPending = "transfer_pending",
    /// Convention or complementary protection.
    Protected = "protected",
    /// Protection granted to a group for a time.
    TemporarilyProtected = "temporarily_protected",
    /// Allowed to stay without protection: admitted, paroled, not removable.
    Tolerated = "tolerated",
    /// Recognised, waits for a third country.
    AwaitingResettlement = "awaiting_resettlement",
    /// Longest stay passed and no country found.
    Stranded = "stranded",
    /// Refused, not yet returned.
    Rejected = "rejected",
    /// Back home; may set out again for some years.
    ReturnedHome = "returned_home",
    /// Ended: settled where they are, or entered by the orderly channel.
    Settled = "settled",
    /// Ended: resettled in a third country.
    Resettled = "resettled",
    /// Ended: dead.
    Dead = "dead",
    /// Ended: returned long ago, again one of the households at home.
    Rejoined = "rejoined",
}

impl Status {
    /// How many there are.
    pub const COUNT: usize = Status::ALL.len();

    /// Whether a person of this status is still simulated.
    pub fn is_active(self) -> bool {
        !matches!(self, Status::Settled | Status::Resettled | Status::Dead | Status::Rejoined)
    }

    /// Whether a person of this status takes room where they are held.
    #[inline]
    pub fn takes_room(self) -> bool {
        Status::TAKE_ROOM >> self as u32 & 1 == 1
    }

    /// Statuses of people in a facility, whatever they wait for there.
    pub const HELD: [Status; 3] = [Status::Held, Status::AwaitingResettlement, Status::Stranded];

    /// Whether a person of this status is in a facility.
    pub fn is_held(self) -> bool {
        Status::HELD.contains(&self)
    }

    /// Statuses that take room, one bit for each.
    const TAKE_ROOM: u32 = Status::bits(&Status::HELD) | Status::bits(&[Status::AboardPatrol]);

    /// One bit for each of some statuses.
    pub const fn bits(of: &[Status]) -> u32 {
        let (mut bits, mut at) = (0, 0);
        while at < of.len() {
            bits |= 1 << of[at] as u32;
            at += 1;
        }
        bits
    }

    /// Whether one row of the crowd stands for the person (applicants wait in a list of their own).
    pub fn has_row(self) -> bool {
        self.is_active() && self != Status::InCountryApplicant
    }
}

/// Groups of statuses that are counted together, each with its name.
pub const STOCK_GROUPS: [(&str, &[Status]); 3] = [
    ("at_facility", &Status::HELD),
    // Whose claim is being examined.
    ("in_procedure", &[Status::Claimant, Status::Appellant, Status::TransferPending]),
    // Whom some State holds, hears or protects.
    (
        "in_care",
        &[
            Status::Held,
            Status::Claimant,
            Status::Appellant,
            Status::TransferPending,
            Status::Protected,
            Status::TemporarilyProtected,
            Status::Tolerated,
            Status::AwaitingResettlement,
            Status::Stranded,
        ],
    ),
];

/// Place × status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Cell(pub u16);

impl Cell {
    /// The mark of a row whose person has ended.
    pub const ENDED: Cell = Cell(u16::MAX);

    /// The cell of a place and a status.
    #[inline]
    pub fn of(place: PlaceId, status: Status) -> Cell {
        Cell(place.0 * Status::COUNT as u16 + status as u16)
    }
    /// Its place.
    #[inline]
    pub fn place(self) -> PlaceId {
        PlaceId(self.0 / Status::COUNT as u16)
    }
    /// Its status.
    #[inline]
    pub fn status(self) -> Status {
        Status::ALL[(self.0 % Status::COUNT as u16) as usize]
    }
    /// Whether somebody of a status is there: never so of the mark of a row that has ended.
    #[inline]
    pub fn is(self, status: Status) -> bool {
        self != Cell::ENDED && self.0 % Status::COUNT as u16 == status as u16
    }
    /// Whether a person there takes room of the place.
    #[inline]
    pub fn takes_room(self) -> bool {
        Status::TAKE_ROOM >> (self.0 % Status::COUNT as u16) & 1 == 1
    }
    /// Position in columns by cell.
    #[inline]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_gives_back_its_place_and_status() {
        for place in [0, 1, 400, 3000] {
            for &status in Status::ALL {
                let cell = Cell::of(PlaceId(place), status);
                assert_eq!((cell.place(), cell.status()), (PlaceId(place), status));
                assert!(Status::ALL.iter().all(|&other| cell.is(other) == (other == status)));
                assert!(!Cell::ENDED.is(status));
            }
        }
    }
}
