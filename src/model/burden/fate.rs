//! What has become of a person at the end, and what a burden avoided comes to (model 5.15).

/// What has become of a person at the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Fate {
    /// Has not set out.
    NeverSetOut,
    /// Protected, resettled, settled, or allowed to stay.
    Protected,
    /// Under a State's authority, waiting for an outcome.
    Pending,
    /// In another country without a status, refused, or stranded.
    WithoutStatus,
    /// Between places.
    OnTheWay,
    /// Back home; not refouled on the last return.
    Returned,
    /// Back home, in need of protection and returned.
    Refouled,
    /// Dead.
    Dead,
}

impl Fate {
    /// How many there are.
    pub const COUNT: usize = 8;
    /// All, in order.
    pub const ALL: [Fate; Fate::COUNT] = [
        Fate::NeverSetOut,
        Fate::Protected,
        Fate::Pending,
        Fate::WithoutStatus,
        Fate::OnTheWay,
        Fate::Returned,
        Fate::Refouled,
        Fate::Dead,
    ];
    /// The name in tables.
    pub fn name(self) -> &'static str {
        match self {
            Fate::NeverSetOut => "never_set_out",
            Fate::Protected => "protected",
            Fate::Pending => "pending",
            Fate::WithoutStatus => "without_status",
            Fate::OnTheWay => "on_the_way",
            Fate::Returned => "returned",
            Fate::Refouled => "refouled",
            Fate::Dead => "dead",
        }
    }
}

/// Whether a fate nobody was asked about is preferred to the one forgone.
///
/// ```text
/// protected with the arrangement, and not without it
/// ```
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | | `with` | | | under the arrangement |
/// | | `without` | | | in the world without it |
///
/// Source: model 5.15, where deterrence never counts as sharing; that only protection makes up for not having
/// been asked is an assumption. Limits: strict, so that equal fates are not preferred to one another. One who
/// is detained, or at home, and would have died at sea or been refouled is alive by deterrence: no State has
/// taken a share of anything by it. It orders outcomes and knows nothing of what the way to them was like.
pub fn preferred(with: Fate, without: Fate) -> bool {
    with == Fate::Protected && without != Fate::Protected
}

/// What became of people for whom no State is responsible any longer, or for a shorter time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Avoided {
    /// Protected by the State that was responsible, later or for less of the time.
    ProtectedHere,
    /// Protected by another.
    ProtectedElsewhere,
    /// Home, and not in need of protection.
    HomeSafe,
    /// Home, and in need of protection.
    HomeAtRisk,
    /// Returned although in need of protection.
    Refouled,
    /// Dead.
    Dead,
    /// Neither: pending, on the way, or without a status.
    Unresolved,
    /// Not avoided but borne for the same people in another cohort: they set out in another month.
    OtherCohort,
}

impl Avoided {
    /// How many there are.
    pub const COUNT: usize = 8;
    /// All, in order.
    pub const ALL: [Avoided; Avoided::COUNT] = [
        Avoided::ProtectedHere,
        Avoided::ProtectedElsewhere,
        Avoided::HomeSafe,
        Avoided::HomeAtRisk,
        Avoided::Refouled,
        Avoided::Dead,
        Avoided::Unresolved,
        Avoided::OtherCohort,
    ];
    /// The name in tables.
    pub fn name(self) -> &'static str {
        match self {
            Avoided::ProtectedHere => "protected_here",
            Avoided::ProtectedElsewhere => "protected_elsewhere",
            Avoided::HomeSafe => "home_safe",
            Avoided::HomeAtRisk => "home_at_risk",
            Avoided::Refouled => "refouled",
            Avoided::Dead => "dead",
            Avoided::Unresolved => "unresolved",
            Avoided::OtherCohort => "other_cohort",
        }
    }
}

/// What a burden avoided came to for a person.
///
/// | symbol | argument | unit | range | meaning |
/// | --- | --- | --- | --- | --- |
/// | | `fate` | | | under the arrangement |
/// | | `in_need` | flag | | whether the claim to protection is well-founded |
/// | | `here` | flag | | whether a person protected is so in the State that loses most responsibility for the person |
///
/// Source: model 5.15. Limits: those who never set out are home, safe or at risk by their claim.
pub fn avoided_as(fate: Fate, in_need: bool, here: bool) -> Avoided {
    match fate {
        Fate::Protected if here => Avoided::ProtectedHere,
        Fate::Protected => Avoided::ProtectedElsewhere,
        Fate::NeverSetOut | Fate::Returned if in_need => Avoided::HomeAtRisk,
        Fate::NeverSetOut | Fate::Returned => Avoided::HomeSafe,
        Fate::Refouled => Avoided::Refouled,
        Fate::Dead => Avoided::Dead,
        Fate::Pending | Fate::WithoutStatus | Fate::OnTheWay => Avoided::Unresolved,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn preference_is_a_strict_order() {
        for a in Fate::ALL {
            assert!(!preferred(a, a));
            for b in Fate::ALL {
                assert!(!(preferred(a, b) && preferred(b, a)));
                for c in Fate::ALL {
                    assert!(!(preferred(a, b) && preferred(b, c)) || preferred(a, c));
                }
            }
        }
        assert!(preferred(Fate::Protected, Fate::Pending) && preferred(Fate::Protected, Fate::Dead));
        for alive in [Fate::NeverSetOut, Fate::Pending, Fate::WithoutStatus, Fate::Returned] {
            assert!(
                !preferred(alive, Fate::Dead) && !preferred(alive, Fate::Refouled),
                "detention is no favour"
            );
        }
    }

    #[test]
    fn names_and_numbers_agree() {
        assert!(Fate::ALL.iter().enumerate().all(|(i, &f)| f as usize == i));
        assert!(Avoided::ALL.iter().enumerate().all(|(i, &a)| a as usize == i));
        assert_eq!(avoided_as(Fate::NeverSetOut, true, false), Avoided::HomeAtRisk);
        assert_eq!(avoided_as(Fate::Returned, false, true), Avoided::HomeSafe);
        assert_eq!(avoided_as(Fate::Protected, true, true), Avoided::ProtectedHere);
    }
}
