//! Words a scenario file may use where it chooses among a few.

use crate::scenario::read::choices;
use crate::world::Status;

choices! {
    /// What kind of place it is.
    pub enum PlaceKind {
        /// The territory of a country, or of an area of it.
        Territory = "territory",
        /// A camp, offshore site or transit centre.
        Facility = "facility",
    }
}

choices! {
    /// How a corridor is travelled.
    pub enum Mode {
        /// Overland.
        Land = "land",
        /// By sea, in a vessel.
        Sea = "sea",
        /// By air.
        Air = "air",
    }
}

choices! {
    /// By what channel a route leads to its destination.
    pub enum Channel {
        /// Without permission to enter.
        Irregular = "irregular",
        /// By application from home, under a ceiling.
        Orderly = "orderly",
    }
}

choices! {
    /// Where somebody may stand: when a run begins, or whom an arrangement may move.
    pub enum Standing {
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
        /// Convention or complementary protection.
        Protected = "protected",
        /// Temporary protection.
        TemporarilyProtected = "temporarily_protected",
        /// Allowed to stay without protection.
        Tolerated = "tolerated",
        /// Recognised, waits for a third country.
        AwaitingResettlement = "awaiting_resettlement",
        /// Longest stay passed and no country found.
        Stranded = "stranded",
        /// Refused, not yet returned.
        Rejected = "rejected",
        /// Back home.
        ReturnedHome = "returned_home",
    }
}

impl Standing {
    /// The status it stands for.
    pub fn status(self) -> Status {
        match self {
            Self::WaitingAtBorder => Status::WaitingAtBorder,
            Self::Held => Status::Held,
            Self::Undocumented => Status::Undocumented,
            Self::Claimant => Status::Claimant,
            Self::Appellant => Status::Appellant,
            Self::Protected => Status::Protected,
            Self::TemporarilyProtected => Status::TemporarilyProtected,
            Self::Tolerated => Status::Tolerated,
            Self::AwaitingResettlement => Status::AwaitingResettlement,
            Self::Stranded => Status::Stranded,
            Self::Rejected => Status::Rejected,
            Self::ReturnedHome => Status::ReturnedHome,
        }
    }
}

choices! {
    /// In which order applicants of an orderly programme are granted a place.
    pub enum GrantOrder {
        /// Drawn at random.
        Lottery = "lottery",
        /// In order of application.
        Queue = "queue",
    }
}

choices! {
    /// In which order pending claims are decided.
    pub enum ClaimOrder {
        /// Oldest first.
        FirstInFirstOut = "first_in_first_out",
        /// Newest first.
        LastInFirstOut = "last_in_first_out",
    }
}

choices! {
    /// What moves a ladder from rung to rung.
    pub enum Steering {
        /// The dated schedule alone.
        Dated = "dated",
        /// The State's own choice at reviews, from the first day.
        Endogenous = "endogenous",
        /// Dated until `endogenous_from`, the State's own choice after.
        Mixed = "mixed",
    }
}

choices! {
    /// The domain of policy a ladder belongs to.
    pub enum Domain {
        /// Patrols and what follows interception, rescue and landing.
        Sea = "sea",
        /// Openness of a land border.
        Border = "border",
        /// Screening and status determination.
        Procedure = "procedure",
        /// Reception conditions.
        Reception = "reception",
        /// Orderly and resettlement programmes.
        Programme = "programme",
        /// What an origin lets depart.
        Exit = "exit",
    }
}

choices! {
    /// How a household comes under the authority of a State.
    pub enum Entry {
        /// Stopped at sea by a patrol.
        Interception = "interception",
        /// Taken aboard from distress at sea. Rescue is not interception.
        Rescue = "rescue",
        /// Ashore, unfound by any patrol.
        Landing = "landing",
        /// At a land border or airport.
        Border = "border",
    }
}

choices! {
    /// One thing a State may do with a household that has come under its authority.
    pub enum Action {
        /// Let in and allow to stay; settlement follows in time.
        Admit = "admit",
        /// Let in under parole: counted apart from admission.
        Parole = "parole",
        /// Let in to lodge a claim, which is heard in the country's procedure.
        Hear = "hear",
        /// Hold at the facility `at`, as long as it has room.
        Hold = "hold",
        /// Offer the choice between return home and being held at `at`.
        Offer = "offer",
        /// Screen aboard; screened in: held at `at`; screened out: returned.
        ScreenThenReturn = "screen_then_return",
        /// Return home without a hearing; needs the origin's consent.
        Return = "return",
        /// Turn back towards where the vessel came from.
        TurnBack = "turn_back",
        /// Hand over to the authorities at `at`, on the territory of another State.
        HandOver = "hand_over",
        /// Left without status on the territory.
        Undocumented = "undocumented",
    }
}

choices! {
    /// What becomes of a person held once the procedure at the facility has found.
    pub enum Finding {
        /// Admitted to the territory of the State that holds.
        Admit = "admit",
        /// Waits at the facility for resettlement in a third country.
        Resettle = "resettle",
        /// Returned home.
        Return = "return",
        /// Stays held.
        Hold = "hold",
    }
}

choices! {
    /// What follows when the longest stay at a facility has passed.
    pub enum StayEnd {
        /// The stay is extended.
        Extend = "extend",
        /// Returned home.
        Return = "return",
        /// Released into the territory of the State that holds.
        Release = "release",
        /// Stays, counted as stranded.
        Stranded = "stranded",
    }
}

choices! {
    /// Where a State holds that its obligation of non-refoulement begins.
    pub enum Doctrine {
        /// On its territory only.
        Territorial = "territorial",
        /// Wherever it has effective control, the high seas included.
        EffectiveControl = "effective_control",
    }
}

choices! {
    /// What a dated event does.
    pub enum EventKind {
        /// An announcement about a route: what is said of the chance of protection once stopped.
        Announcement = "announcement",
        /// Word that the ladder will move to `rung` at `until`: people bring departures forward.
        ExpectedChange = "expected_change",
        /// A push on domestic political pressure in `country`, for `days`.
        Pressure = "pressure",
        /// Provocation of an origin: adds to the grievance behind its exit ladder.
        Provocation = "provocation",
        /// Weather in `zone` takes `value` for `days`.
        Weather = "weather",
        /// The origin starts or stops punishing those returned to `country`: `value` is the share punished.
        ReturneeTreatment = "returnee_treatment",
    }
}

choices! {
    /// What an observed figure measures.
    pub enum Measure {
        /// Persons stopped or rescued at sea by a patrol.
        Interdicted = "interdicted",
        /// Persons who set out.
        SetOut = "set_out",
        /// Persons ashore unfound.
        Landed = "landed",
        /// Persons who died at sea.
        DiedAtSea = "died_at_sea",
        /// Largest number held at once.
        HeldPeak = "held_peak",
        /// Persons resettled in a third country.
        Resettled = "resettled",
        /// Persons who entered by the orderly channel.
        OrderlyEntries = "orderly_entries",
        /// Persons returned home by a State.
        Returned = "returned",
    }
}

choices! {
    /// What an observed figure is used for.
    pub enum Use {
        /// Estimation.
        Fit = "fit",
        /// Shown beside the simulation, never used.
        Predict = "predict",
    }
}
