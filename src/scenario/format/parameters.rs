//! Switches, and parameters of the submodels.

use crate::scenario::read::tables;

tables! {
    /// Mechanisms that can be switched off, one at a time, to see what carries a result.
    pub struct Switches {
        /// Departures and the choice of route respond to beliefs; off: both stay at their reference.
        magnet: bool = true { equation: "5.1" },
        /// Exogenous drivers; off: every index is 1.
        drivers: bool = true { equation: "5.1" },
        /// Slow noise of origins; off: 1.
        noise: bool = true { equation: "5.1" },
        /// Exit control by origins; off: everything passes.
        exit_control: bool = true { equation: "5.1" },
        /// That an open exit must be learnt; off: known at once.
        exit_learning: bool = true { equation: "5.1" },
        /// Learning from outcomes; off: beliefs stay at their prior, announcements apart.
        learning: bool = true { equation: "5.2" },
        /// Announcements; off: nothing said is heard.
        announcements: bool = true { equation: "5.2" },
        /// Bringing departure forward when a change is expected.
        anticipation: bool = true { equation: "5.1" },
        /// Orderly channels; off: no route of channel `orderly` exists.
        orderly_channel: bool = true { equation: "5.1" },
        /// The elasticity to the chance of protection; off: the chance counts by its weight alone.
        chance_elasticity: bool = true { equation: "5.3 β_chance" },
        /// Growth and decay of settled compatriots; off: numbers stay at their start.
        networks: bool = true { equation: "5.3" },
        /// Patrols; off: no vessel is found.
        patrols: bool = true { equation: "5.5" },
        /// The patrols of a State as one fleet; off: hours stay in the zone for which they are ordered.
        shared_patrols: bool = true { equation: "5.5 φ" },
        /// Hours spent on handling found vessels; off: patrols never saturate.
        saturation: bool = true { equation: "5.5" },
        /// Vessels seek or evade patrols; off: the factor is 1.
        evasion: bool = true { equation: "5.5" },
        /// Distress at sea, and so deaths and rescues there.
        distress: bool = true { equation: "5.5" },
        /// Weather; off: 1.
        weather: bool = true { equation: "5.5" },
        /// Supply of smuggling that adapts; off: stays at its start.
        smuggling: bool = true { equation: "5.5" },
        /// Movement of ladders; off: every ladder stays on its first rung.
        policy: bool = true { equation: "5.12" },
        /// Arrangements; off: none ever comes into force.
        arrangements: bool = true { equation: "5.13" },
        /// Domestic political pressure; off: 0.
        pressure: bool = true { equation: "5.11" },
        /// Capacities of facilities and patrols; off: nothing is ever full.
        capacity: bool = true { equation: "5.6" },
        /// Screening and status determination with their errors; off: whoever is in need, and nobody else, is heard,
        /// screened in and recognised.
        determination: bool = true { equation: "5.7" },
        /// That punishment of those returned is held against the chance of protection; off: it is not.
        returnee_treatment: bool = true { equation: "5.2 w_p" },
        /// Further attempts by those returned.
        reattempts: bool = true { equation: "5.10" },
        /// Onward movement from a first place of arrival.
        onward: bool = true { equation: "5.9" },
    }
}

tables! {
    /// Setting out.
    pub struct SettingOut {
        /// Largest hazard of departure of one household.
        max_per_day: f64 = 0.05 { unit: "1/day", range: 0.0..=1.0, source: "numerical guard; a household is not ready in less than some weeks", equation: "5.1 λ_max" },
        /// Standard deviation of the slow log noise of an origin.
        noise_sd: f64 = 0.3 { unit: "log", range: 0.0..=2.0, source: "model specification 5.1", equation: "5.1 noise_o" },
        /// Correlation time of that noise.
        noise_days: f64 = 60.0 { unit: "day", range: 1.0..=3650.0, source: "model specification 5.1", equation: "5.1 noise_o" },
        /// Rate at which word spreads that an exit is open.
        exit_learning_per_day: f64 = 0.35 { unit: "1/day", range: 0.0..=1.0, source: "assumption, not estimated", equation: "5.1 κ_x" },
        /// Departures in a day at which word spreads at half that rate.
        exit_learning_half_households: f64 = 100.0 { unit: "household", range: 0.0..=1e6, source: "assumption, not estimated", equation: "5.1 n0_x" },
        /// How long ahead a household can bring its departure forward.
        lead_days: f64 = 30.0 { unit: "day", range: 0.0..=365.0, source: "assumption, not estimated", equation: "5.1 τ" },
        /// Hazard of departure by an irregular route of those who wait for an orderly one, relative to others.
        applicant_factor: f64 = 0.3 { unit: "ratio", range: 0.0..=1.0, source: "assumption, not estimated", equation: "2 in-country applicant" },
        /// Years after which an application lapses.
        application_years: f64 = 4.0 { unit: "year", range: 0.1..=50.0, source: "assumption, not estimated" },
    }
}

tables! {
    /// What people believe of their chances.
    pub struct Beliefs {
        /// Time in which the weight of an outcome halves.
        half_life_days: f64 = 60.0 { unit: "day", range: 1.0..=3650.0, source: "assumption, not estimated", equation: "5.2 T_half" },
        /// Time in which half of what is believed becomes common knowledge: what beliefs fall back to without news.
        common_half_life_days: f64 = 730.0 { unit: "day", range: 1.0..=36500.0, source: "assumption, not estimated", equation: "5.2 A0, B0" },
        /// Weight of one outcome relative to one unit of prior strength.
        outcome_weight: f64 = 0.02 { unit: "ratio", range: 0.0..=10.0, source: "assumption, not estimated", equation: "5.2 ξ" },
        /// Strength of the prior, in outcomes.
        prior_strength: f64 = 4.0 { unit: "outcome", range: 0.1..=1e4, source: "assumption, not estimated", equation: "5.2 A0 + B0" },
        /// Strength of an announcement believed in full.
        announcement_strength: f64 = 8.0 { unit: "outcome", range: 0.0..=1e4, source: "assumption, not estimated", equation: "5.2 n_c" },
        /// Score of being resettled in a country not of one's choice.
        resettled_elsewhere: f64 = 0.5 { unit: "score", range: 0.0..=1.0, source: "assumption, not estimated", equation: "5.2 q_else" },
        /// Days of holding after which being held counts as a refusal.
        held_counts_after_days: f64 = 180.0 { unit: "day", range: 0.0..=3650.0, source: "assumption, not estimated", equation: "5.2 held beyond a time" },
        /// Score of being ashore without a status.
        undocumented_score: f64 = 0.7 { unit: "score", range: 0.0..=1.0, source: "assumption, not estimated", equation: "5.2 landed and tolerated" },
        /// Share of the punishment of returnees that is held against the chance of protection.
        punishment_weight: f64 = 0.5 { unit: "ratio", range: 0.0..=1.0, source: "assumption, not estimated", equation: "5.10" },
    }
}

tables! {
    /// Tastes in the choice of destination, route and channel.
    pub struct Choice {
        /// Weight of the chance of protection.
        beta_protection: f64 = 3.0 { unit: "utility", range: 0.0..=20.0, source: "order of magnitude of the response of applications to recognition in Hatton (2009, 2017)", equation: "5.3 β_prot" },
        /// Elasticity to the chance of protection: what is hoped for counts times the chance of it. 0 leaves it out.
        beta_chance: f64 = 0.0 { unit: "elasticity", range: 0.0..=10.0, source: "neutral: the chance counts by its weight alone; the form is that of Todaro (1969)", equation: "5.3 β_chance" },
        /// Elasticity to settled compatriots.
        beta_network: f64 = 0.3 { unit: "elasticity", range: 0.0..=2.0, source: "order of magnitude in Beine, Bertoli and Fernández-Huertas Moraga (2016)", equation: "5.3 β_net" },
        /// Elasticity to the ratio of incomes.
        beta_income: f64 = 0.5 { unit: "elasticity", range: 0.0..=3.0, source: "order of magnitude in Beine, Bertoli and Fernández-Huertas Moraga (2016)", equation: "5.3 β_inc" },
        /// Elasticity to distance.
        beta_distance: f64 = 0.6 { unit: "elasticity", range: 0.0..=3.0, source: "order of magnitude in Beine, Bertoli and Fernández-Huertas Moraga (2016)", equation: "5.3 β_dist" },
        /// Weight of the fare over the household's means.
        beta_fare: f64 = 1.0 { unit: "utility", range: 0.0..=20.0, source: "assumption, not estimated", equation: "5.3 β_fare" },
        /// Weight of the perceived risk of death, at an aversion of 1.
        beta_risk: f64 = 5.0 { unit: "utility", range: 0.0..=100.0, source: "assumption, not estimated", equation: "5.3 β_risk" },
        /// Weight of a year of waiting, for those whose claim is well-founded.
        beta_wait_well_founded: f64 = 0.15 { unit: "utility/year", range: -5.0..=5.0, source: "sign: Bertoli, Brücker and Fernández-Huertas Moraga (2022); size assumed", equation: "5.3 β_wait" },
        /// Weight of a year of waiting, for the others: below 0 where a pending claim brings a tolerated stay.
        beta_wait_other: f64 = 0.05 { unit: "utility/year", range: -5.0..=5.0, source: "sign: Bertoli, Brücker and Fernández-Huertas Moraga (2022); size assumed", equation: "5.3 β_wait" },
        /// Weight of reception conditions.
        beta_reception: f64 = 0.2 { unit: "utility", range: 0.0..=5.0, source: "small: Hatton and Moloney (2015)", equation: "5.3 β_rec" },
        /// Scale of routes within one destination; 1: no likeness among them.
        nest_scale: f64 = 0.6 { unit: "ratio", range: 0.05..=1.0, source: "assumption, not estimated", equation: "5.3 ϑ" },
        /// Yearly loss of settled compatriots as a tie.
        network_decay_per_year: f64 = 0.02 { unit: "1/year", range: 0.0..=1.0, source: "assumption, not estimated", equation: "5.3 N" },
    }
}

tables! {
    /// Choices on the way.
    pub struct Journeys {
        /// Log odds of accepting return when return or holding is offered, with nothing to hope for from holding.
        offer_return_log_odds: f64 = -1.0 { unit: "log odds", range: -20.0..=20.0, source: "assumption, not estimated", equation: "5.6" },
        /// What the chance of protection after holding takes off those log odds.
        offer_protection_weight: f64 = 3.0 { unit: "log odds", range: 0.0..=20.0, source: "assumption, not estimated", equation: "5.6" },
        /// Hazard of a further attempt relative to that of a household at home.
        reattempt_factor: f64 = 50.0 { unit: "ratio", range: 0.0..=1e4, source: "assumption, not estimated", equation: "5.10" },
        /// Further multiplication by each attempt already made.
        reattempt_experience: f64 = 0.7 { unit: "ratio", range: 0.0..=1.0, source: "assumption, not estimated", equation: "5.10" },
        /// Largest hazard of a further attempt.
        reattempt_max_per_day: f64 = 0.02 { unit: "1/day", range: 0.0..=1.0, source: "numerical guard", equation: "5.10" },
        /// Years after which one returned is again like any other at home.
        returned_years: f64 = 2.0 { unit: "year", range: 0.1..=20.0, source: "model specification 5.10", equation: "5.10 T_ret" },
        /// Hazard of moving on at the reference.
        onward_per_year: f64 = 0.05 { unit: "1/year", range: 0.0..=10.0, source: "assumption, not estimated", equation: "5.9 ν0" },
        /// Largest hazard of moving on.
        onward_max_per_year: f64 = 1.0 { unit: "1/year", range: 0.0..=50.0, source: "numerical guard", equation: "5.9 ν_max" },
        /// Response of onward movement to what it gains.
        onward_response: f64 = 1.0 { unit: "ratio", range: 0.0..=10.0, source: "assumption, not estimated", equation: "5.9 μ2" },
        /// Weight of the chance of protection where they are.
        stay_protection: f64 = 3.0 { unit: "utility", range: 0.0..=20.0, source: "as in the choice of destination; assumption, not estimated", equation: "5.9 V_stay" },
        /// Weight of a year of waiting for a decision there.
        stay_wait_per_year: f64 = 0.15 { unit: "utility/year", range: -5.0..=5.0, source: "assumption, not estimated", equation: "5.9 V_stay" },
        /// Weight of reception overfull by as much as it holds.
        stay_crowding: f64 = 0.5 { unit: "utility", range: 0.0..=20.0, source: "assumption, not estimated", equation: "5.9 V_stay" },
        /// Correlation of the luck of an appeal with that of the first decision.
        appeal_correlation: f64 = 0.7 { unit: "correlation", range: 0.0..=1.0, source: "assumption, not estimated", equation: "5.7 ρ" },
    }
}

tables! {
    /// Domestic political pressure.
    pub struct Pressure {
        /// Weight of arrivals above the usual.
        alpha_surprise: f64 = 1.0 { unit: "1", range: 0.0..=20.0, source: "assumption, not estimated", equation: "5.11 α" },
        /// Weight of arrivals in prospect.
        alpha_prospect: f64 = 0.5 { unit: "1", range: 0.0..=20.0, source: "assumption, not estimated", equation: "5.11 α_x" },
        /// Weight of overfull reception.
        gamma_capacity: f64 = 0.5 { unit: "1", range: 0.0..=20.0, source: "assumption, not estimated", equation: "5.11 γ" },
        /// Weight of the stock per head.
        gamma_stock: f64 = 0.0 { unit: "1", range: 0.0..=20.0, source: "assumption, not estimated", equation: "5.11 γ_l" },
        /// Stock per head at which that term is ln 2.
        stock_scale_per_million: f64 = 5000.0 { unit: "person per million", range: 1.0..=1e6, source: "assumption, not estimated", equation: "5.11 ℓ0" },
        /// Weight of a settled constituency that welcomes.
        delta_constituency: f64 = 0.3 { unit: "1", range: 0.0..=20.0, source: "assumption, not estimated", equation: "5.11 δ" },
        /// Weight of relief by partners.
        rho_relief: f64 = 0.5 { unit: "1", range: 0.0..=20.0, source: "assumption, not estimated", equation: "5.11 ρ" },
        /// Noticing threshold.
        notice_per_million_day: f64 = 1.0 { unit: "person per million and day", range: 1e-6..=1e4, source: "assumption, not estimated", equation: "5.11 a0" },
        /// Time in which arrivals become usual.
        adaptation_days: f64 = 540.0 { unit: "day", range: 1.0..=36500.0, source: "model specification 5.11", equation: "5.11 T_a" },
        /// Time in which pressure fades.
        memory_days: f64 = 365.0 { unit: "day", range: 1.0..=36500.0, source: "assumption, not estimated", equation: "5.11 T" },
        /// Extra weight of arrivals just before an election.
        election_boost: f64 = 0.5 { unit: "ratio", range: 0.0..=10.0, source: "assumption, not estimated", equation: "5.11 elect" },
    }
}

tables! {
    /// Review of policies.
    pub struct Policy {
        /// Sharpness of the choice among rungs.
        eta: f64 = 10.0 { unit: "1", range: 0.0..=1000.0, source: "model specification 5.12: of order 10", equation: "5.12 η" },
        /// Rate at which a State reviews a ladder.
        reviews_per_year: f64 = 12.0 { unit: "1/year", range: 0.1..=366.0, source: "model specification 5.12: monthly", equation: "5.12" },
        /// The same in a crisis.
        crisis_reviews_per_year: f64 = 365.25 { unit: "1/year", range: 0.1..=366.0, source: "model specification 5.12: daily", equation: "5.12" },
        /// Pressure, as p in [0, 1), above which there is a crisis.
        crisis_pressure: f64 = 0.6 { unit: "share", range: 0.0..=1.0, source: "assumption, not estimated", equation: "5.12" },
        /// Shortest stay on a rung outside a crisis.
        least_dwell_days: f64 = 30.0 { unit: "day", range: 0.0..=3650.0, source: "model specification 5.12", equation: "5.12" },
        /// Weight of expected refoulements.
        omega_refoulement: f64 = 1.0 { unit: "1", range: 0.0..=100.0, source: "assumption, not estimated", equation: "5.12 ω" },
        /// Weight of cost over budget.
        phi_cost: f64 = 0.3 { unit: "1", range: 0.0..=100.0, source: "assumption, not estimated", equation: "5.12 φ" },
        /// Cost of each step.
        kappa_step: f64 = 0.5 { unit: "1", range: 0.0..=10.0, source: "assumption, not estimated", equation: "5.12 κ" },
        /// Arrivals of a year per million inhabitants that weigh ln 2.
        arrivals_scale_per_million: f64 = 1000.0 { unit: "person per million and year", range: 1e-3..=1e6, source: "assumption, not estimated", equation: "5.12 A_ref" },
        /// Half-life of the remembered peak of the flow.
        peak_half_life_days: f64 = 180.0 { unit: "day", range: 1.0..=3650.0, source: "model specification 5.12: half a year", equation: "5.12 Â" },
        /// Mean of a State's belief about the magnet at the start.
        magnet_belief: f64 = 0.8 { unit: "1", range: 0.0..=2.0, source: "the source: governments believed that access attracts", equation: "5.12 μ̂" },
        /// Its variance.
        magnet_belief_variance: f64 = 0.25 { unit: "1", range: 0.0..=10.0, source: "assumption, not estimated", equation: "5.12 μ̂" },
        /// Variance of what follows a change of policy, as the State sees it.
        magnet_noise_variance: f64 = 1.0 { unit: "1", range: 1e-6..=100.0, source: "assumption, not estimated", equation: "5.12 μ̂" },
        /// Days before and after a change over which arrivals are compared.
        attribution_days: f64 = 90.0 { unit: "day", range: 1.0..=3650.0, source: "assumption, not estimated", equation: "5.12 μ̂" },
        /// Time in which a grievance fades.
        grievance_days: f64 = 365.0 { unit: "day", range: 1.0..=36500.0, source: "assumption, not estimated", equation: "5.12 grievance" },
        /// Persons admitted after pick-up at sea, a year, that add 1 to the grievance of their origin.
        grievance_scale_persons: f64 = 4000.0 { unit: "person/year", range: 1.0..=1e7, source: "assumption, not estimated", equation: "5.12 grievance" },
        /// Weight of a grievance in an origin's choice to open its exit.
        grievance_weight: f64 = 1.0 { unit: "1", range: 0.0..=100.0, source: "assumption, not estimated", equation: "5.12 grievance" },
        /// What an open exit costs an origin, a rung.
        exit_open_cost: f64 = 1.0 { unit: "1", range: 0.0..=100.0, source: "assumption, not estimated", equation: "5.12 grievance" },
    }
}

tables! {
    /// Bargaining over arrangements.
    pub struct Bargaining {
        /// Weight of reciprocity.
        w_reciprocity: f64 = 1.0 { unit: "1", range: 0.0..=20.0, source: "assumption, not estimated", equation: "5.13 w_r" },
        /// Weight of political community.
        w_community: f64 = 0.5 { unit: "1", range: 0.0..=20.0, source: "assumption, not estimated", equation: "5.13 w_m" },
        /// Weight of fairness.
        w_fairness: f64 = 0.5 { unit: "1", range: 0.0..=20.0, source: "assumption, not estimated", equation: "5.13 w_f" },
        /// Weight of averting a crisis.
        w_crisis: f64 = 2.0 { unit: "1", range: 0.0..=20.0, source: "assumption, not estimated", equation: "5.13 w_c" },
        /// Weight of a commitment to protection.
        w_commitment: f64 = 0.5 { unit: "1", range: 0.0..=20.0, source: "assumption, not estimated", equation: "5.13 w_p" },
        /// Sharpness of acceptance.
        eta: f64 = 5.0 { unit: "1", range: 0.0..=1000.0, source: "assumption, not estimated", equation: "5.13 η" },
        /// Gain at which acceptance is as likely as refusal.
        threshold: f64 = 0.5 { unit: "1", range: -20.0..=20.0, source: "assumption, not estimated", equation: "5.13 θ" },
        /// What each arrangement that succeeded takes off the threshold.
        threshold_learning: f64 = 0.1 { unit: "1", range: 0.0..=5.0, source: "assumption, not estimated", equation: "5.13" },
        /// Yearly gain from linked issues while an arrangement is complied with.
        linkage_per_year: f64 = 0.02 { unit: "1/year", range: 0.0..=5.0, source: "assumption, not estimated", equation: "5.13" },
        /// Trust below which an arrangement is suspended.
        trust_low: f64 = 0.35 { unit: "share", range: 0.0..=1.0, source: "assumption, not estimated", equation: "5.13 t_low" },
        /// Trust above which it is revived.
        trust_high: f64 = 0.5 { unit: "share", range: 0.0..=1.0, source: "assumption, not estimated", equation: "5.13 t_high" },
        /// Reviews in a row with low trust before suspension.
        low_reviews: u32 = 6 { unit: "review", range: 1..=100, source: "assumption, not estimated", equation: "5.13 R" },
        /// Half-life of trust.
        trust_half_life_days: f64 = 730.0 { unit: "day", range: 1.0..=36500.0, source: "assumption, not estimated", equation: "5.13" },
        /// Strength of the prior of trust, in reviews.
        trust_prior_strength: f64 = 6.0 { unit: "review", range: 0.1..=1e4, source: "assumption, not estimated", equation: "5.13" },
        /// Trust between States that have no record.
        trust_prior: f64 = 0.6 { unit: "share", range: 0.0..=1.0, source: "assumption, not estimated", equation: "5.13" },
        /// Days between reviews of an arrangement.
        review_days: f64 = 30.0 { unit: "day", range: 1.0..=3650.0, source: "assumption, not estimated", equation: "5.13" },
    }
}

impl Switches {
    /// The names of all switches, in order.
    pub fn names() -> Vec<String> {
        match toml::Value::try_from(Switches::default()) {
            Ok(toml::Value::Table(table)) => table.keys().cloned().collect(),
            _ => Vec::new(),
        }
    }
}
