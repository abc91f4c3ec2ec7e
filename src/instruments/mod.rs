//! Instruments of cooperation, one file for each kind: its terms as a scenario states them, its equations, and the
//! clauses it comes to (model 5.14).
//!
//! A new kind is a new file here, a line in the list below, and nothing else: the format, its checks, the reference
//! and the engine follow.

mod arrangement;
pub mod clause;
mod words;

pub use arrangement::Approval;
pub use clause::{Assignment, AssignmentRule, Clause, Consent, Does, Member, Offer, Outcome, Relocation};
pub use words::{AllocationRule, OfferTerms, RegimeYear, ResponsibilityRule};

arrangement::arrangement! {
    // Physical relocation.
    /// Temporary humanitarian evacuation: people choose among places on offer, families stay together.
    evacuation::Evacuation as evacuation,
    /// Coercive relocation: people are moved without being asked, and families split.
    coercive_relocation::CoerciveRelocation as coercive_relocation,
    /// Emergency transit centre: beds for people in danger until a third country takes them.
    transit_centre::TransitCentre as transit_centre,
    /// Resettlement under a quota.
    resettlement::Resettlement as resettlement,
    /// Swap: two States each take people recognised under the other's authority.
    swap::Swap as swap,
    /// Orderly departure from the origin.
    orderly_departure::OrderlyDeparture as orderly_departure,
    /// Temporary protection granted to groups on arrival.
    temporary_protection::TemporaryProtection as temporary_protection,
    /// Offshore processing with a search for third countries.
    offshore_processing::OffshoreProcessing as offshore_processing,
    /// A partner hosts people held.
    hosting::Hosting as hosting,
    // What an origin undertakes.
    /// The origin dissuades departures.
    dissuasion::Dissuasion as dissuasion,
    /// The origin takes back those returned.
    readmission::Readmission as readmission,
    // Technical assistance.
    /// Capacity building: caseworkers who are absorbed with a lag.
    capacity_building::CapacityBuilding as capacity_building,
    /// Quality of decisions.
    decision_quality::DecisionQuality as decision_quality,
    /// Training in the detection of false documents, for mixed flows.
    document_training::DocumentTraining as document_training,
    /// A database of claims and entries shared among States.
    shared_database::SharedDatabase as shared_database,
    // Financial assistance.
    /// A grant for care and maintenance.
    care_grant::CareGrant as care_grant,
    /// Infrastructure and services of a place that receives.
    infrastructure::Infrastructure as infrastructure,
    /// A fund allotted among members by a rule.
    fund::Fund as fund,
    /// Projects in a third country that hosts.
    third_country_projects::ThirdCountryProjects as third_country_projects,
    /// Payment for containment.
    containment::Containment as containment,
    // Common frameworks.
    /// A rule of responsibility for claims.
    responsibility_rule::ResponsibilityRuleTerms as responsibility_rule,
    /// Minimum standards.
    minimum_standards::MinimumStandards as minimum_standards,
    /// A regional solidarity programme: resettlement, cities, borders.
    solidarity_programme::SolidarityProgramme as solidarity_programme,
    /// A joint programme for mixed flows.
    mixed_flows::MixedFlows as mixed_flows,
}
