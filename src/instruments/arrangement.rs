//! The table of an arrangement: its parties and its life, and one key for each kind of instrument.

use crate::scenario::read::choices;

choices! {
    /// Through what channel a party approves an arrangement.
    pub enum Approval {
        /// The executive alone.
        Executive = "executive",
        /// Parliament, which costs `approval_cost` more.
        Parliament = "parliament",
    }
}

/// Declares the kinds of instrument: a module and a type each, a key in the table of an arrangement, and what it is.
macro_rules! arrangement {
    ($($(#[doc = $doc:literal])* $module:ident::$name:ident as $key:ident,)+) => {
        $(pub mod $module;)+
        $(pub use $module::$name;)+

        use $crate::scenario::format::Steering;
        use $crate::scenario::read::{Date, Name};

        $crate::scenario::read::tables! {
            /// An arrangement between States: parties, instruments, life cycle.
            pub struct Arrangement {
                /// Its name.
                name: String,
                /// The parties without whom there is none.
                parties: Vec<Name>,
                /// Parties that may join or not, each by what it has to gain.
                optional: Vec<Name> = Vec::new() { equation: "5.13" },
                /// Ruled out: it never comes into force, as in the world an arrangement is compared with.
                barred: bool = false { equation: "5.15 ω = 0" },
                /// What moves it through its life.
                steering: Steering = Steering::Dated,
                /// Where mixed: first day of the parties' own choice.
                endogenous_from: Option<Date> = None,
                /// The day it comes into force, where dated.
                in_force: Option<Date> = None,
                /// The day it is suspended, where dated.
                suspended: Option<Date> = None,
                /// The day it is revived, where dated.
                revived: Option<Date> = None,
                /// The day it ends, however it came about: also where parties choose for themselves.
                ends: Option<Date> = None,
                /// First day on which it may be proposed, where endogenous.
                proposed_from: Option<Date> = None,
                /// Days from agreement to force, where endogenous.
                negotiation_days: f64 = 14.0 { unit: "day", range: 0.0..=3650.0, source: "assumption, not estimated", equation: "5.13" },
                /// Diplomatic cost to each party, as a gain forgone.
                diplomatic_cost: f64 = 0.2 { unit: "1", range: 0.0..=20.0, source: "assumption, not estimated", equation: "5.13 cost" },
                /// Through what channel parties approve it.
                approval: Approval = Approval::Executive { equation: "5.13 cost" },
                /// What approval by parliament costs, as a gain forgone.
                approval_cost: f64 = 0.3 { unit: "1", range: 0.0..=20.0, source: "assumption, not estimated", equation: "5.13 cost" },
                /// How far the pledge of a party hangs on what the others pledged.
                pledge_conditionality: f64 = 0.5 { unit: "share", range: 0.0..=1.0, source: "assumption, not estimated", equation: "5.13 χ" },
                /// Share of what is pledged that is delivered in the end.
                pledges_delivered: f64 = 1.0 { unit: "share", range: 0.0..=1.0, source: "neutral: all of it", equation: "5.13 delivered over promised" },
                /// Time in which delivery comes to that share, for a party alone.
                delivery_days: f64 = 0.0 { unit: "day", range: 0.0..=36500.0, source: "neutral: at once", equation: "5.13 delivery" },
                /// What each further party that pledged adds to that time, as a multiple of it.
                crowd_delay: f64 = 0.2 { unit: "ratio", range: 0.0..=10.0, source: "assumption, not estimated", equation: "5.13 delivery" },
                /// Share of what it promises that is seen by its parties.
                monitored: f64 = 1.0 { unit: "share", range: 0.0..=1.0, source: "neutral: all of it", equation: "5.13" },
                /// From when less of it is seen.
                monitoring_ends: Option<Date> = None { equation: "5.13" },
                /// Share that is seen from then on.
                monitored_after: f64 = 0.3 { unit: "share", range: 0.0..=1.0, source: "assumption, not estimated", equation: "5.13" },
                /// Whether its clauses go on being applied while talks are suspended.
                survives_suspension: bool = true { equation: "5.13" },
                $($(#[doc = $doc])* $key: Option<$name> = None { equation: "5.14" },)+
            }
        }

        impl Arrangement {
            /// The clauses of all its instruments, in the order in which kinds are declared.
            pub fn clauses(
                &self,
                at: &str,
                names: &mut $crate::scenario::resolve::Resolver<'_, '_>,
            ) -> Vec<Clause> {
                let mut out = Vec::new();
                $(if let Some(terms) = &self.$key {
                    out.extend(terms.clauses(&format!("{at}.{}", stringify!($key)), &self.name, names));
                })+
                out
            }

            /// The kinds of instrument it has.
            pub fn kinds(&self) -> Vec<&'static str> {
                let mut out = Vec::new();
                $(if self.$key.is_some() {
                    out.push(stringify!($key));
                })+
                out
            }
        }

        /// Every kind of instrument: its key, and what it is.
        pub const KINDS: &[(&str, &str)] = &[$((stringify!($key), concat!($($doc),*))),+];
    };
}
pub(super) use arrangement;
