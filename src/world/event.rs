//! What can happen to people: the flows a run counts.

macro_rules! flows {
    ($($(#[doc = $doc:literal])* $name:ident = $text:literal,)*) => {
        /// A kind of flow, counted in persons.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum Flow { $($(#[doc = $doc])* $name,)* }
        impl Flow {
            /// All, in order.
            pub const ALL: &'static [Flow] = &[$(Flow::$name),*];
            /// How many there are.
            pub const COUNT: usize = Self::ALL.len();
            /// The name in tables.
            pub fn name(self) -> &'static str {
                match self { $(Flow::$name => $text,)* }
            }
            /// What it means.
            pub fn meaning(self) -> &'static str {
                match self { $(Flow::$name => concat!($($doc),*).trim_ascii(),)* }
            }
        }
    };
}

flows! {
    /// Set out from home by an irregular route; the place is where the route leads.
    SetOut = "set_out",
    /// Applied for the orderly channel.
    Applied = "applied",
    /// Let an application lapse, or left by another route while waiting.
    Withdrew = "withdrew_application",
    /// Set out again after a return.
    Reattempted = "reattempted",
    /// Stopped at sea by a patrol and taken aboard; the place is the zone.
    Interdicted = "interdicted",
    /// Taken aboard from distress; the place is the zone.
    Rescued = "rescued",
    /// Ashore, unfound by any patrol.
    Landed = "landed",
    /// Arrived at a land border or airport.
    ReachedBorder = "reached_border",
    /// Refused at a border.
    RefusedAtBorder = "refused_at_border",
    /// Let in by the State that found them.
    Admitted = "admitted",
    /// Let in under parole.
    Paroled = "paroled",
    /// Held at a facility.
    Held = "held",
    /// Moved from one facility to another.
    Moved = "moved_between_facilities",
    /// Passed on because a facility or a patrol was full; the place is the full one.
    PassedOn = "passed_on",
    /// Screened in.
    ScreenedIn = "screened_in",
    /// Screened out.
    ScreenedOut = "screened_out",
    /// Lodged a claim.
    Claimed = "claimed",
    /// Recognised.
    Recognised = "recognised",
    /// Recognised without being in need of protection.
    WronglyRecognised = "wrongly_recognised",
    /// Refused at first instance.
    Refused = "refused",
    /// Lodged an appeal.
    Appealed = "appealed",
    /// Returned home by a State without a hearing.
    ReturnedDirectly = "returned_directly",
    /// Returned home by a State after a refusal or a finding.
    ReturnedAfterFinding = "returned_after_finding",
    /// Removed from a territory.
    Removed = "removed",
    /// Went home by their own choice, as far as there was one.
    ReturnedVoluntarily = "returned_voluntarily",
    /// Turned back towards home, by themselves or by a patrol, before any authority took them.
    TurnedBack = "turned_back",
    /// In need of protection and returned: refoulement, by whatever way.
    Refouled = "refouled",
    /// Resettled in a third country; the place is that country's territory.
    Resettled = "resettled",
    /// Entered by the orderly channel; the place is the destination.
    OrderlyEntry = "orderly_entry",
    /// Settled.
    Settled = "settled",
    /// Went underground.
    Absconded = "absconded",
    /// Moved on from a first place of arrival.
    MovedOn = "moved_on",
    /// Arrived to join family.
    Reunited = "reunited",
    /// Died at sea; the place is the zone.
    DiedAtSea = "died_at_sea",
    /// Died on land.
    DiedOnLand = "died_on_land",
    /// Recognised, no third country found within the longest stay.
    BecameStranded = "became_stranded",
    /// Back among the households at home.
    Rejoined = "rejoined",
    /// Evacuated by consent under an arrangement; the place is where they are taken.
    Evacuated = "evacuated",
    /// Moved by force under an arrangement; the place is where they are taken.
    MovedByForce = "moved_by_force",
    /// In a household that was split when it was moved; the place is where part of it is taken.
    FamiliesSeparated = "families_separated",
    /// Settled under a swap; the place is where they are taken.
    Swapped = "swapped",
    /// Detained under a payment for containment; the place is the facility.
    Detained = "detained",
    /// Granted temporary protection on arrival.
    GrantedTemporary = "granted_temporary_protection",
    /// Another country was asked to take responsibility; the place is where they claimed.
    TransferRequested = "transfer_requested",
    /// The country asked accepted, or let the time for an answer pass; the place is where they claimed.
    TransferAccepted = "transfer_accepted",
    /// The country asked refused; the place is where they claimed.
    TransferRefused = "transfer_refused",
    /// Transferred to the responsible country; the place is there.
    Transferred = "transferred",
    /// Not transferred in time: responsibility passed to the country where they claimed.
    TransferLapsed = "transfer_lapsed",
}
