//! Identifiers: newtypes of sized integers, one for each kind of thing a scenario names.

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident: $inner:ty;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        pub struct $name(pub $inner);
        impl $name {
            /// Position in the columns of its kind.
            #[inline]
            pub fn index(self) -> usize {
                self.0 as usize
            }
            /// The identifier at a position.
            #[inline]
            pub fn at(index: usize) -> Self {
                Self(index as $inner)
            }
        }
    )*};
}

ids! {
    /// A country.
    CountryId: u16;
    /// A place on land, or a zone of the sea: zones follow the places.
    PlaceId: u16;
    /// A population of potential movers.
    PopulationId: u16;
    /// A group: one stratum of one population.
    GroupId: u16;
    /// A route.
    RouteId: u16;
    /// A rule: what a rung does on some entry.
    RuleId: u16;
}
