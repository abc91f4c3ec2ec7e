//! The scenarios that come with the program.

/// A scenario embedded in the binary.
#[derive(Clone, Copy, Debug)]
pub struct Shipped {
    /// Its name.
    pub name: &'static str,
    /// Its text.
    pub text: &'static str,
}

/// All of them; the first is the default.
pub const SHIPPED: &[Shipped] = &[
    Shipped { name: "us_cuba", text: include_str!("../../configs/us_cuba.toml") },
    Shipped { name: "us_cuba_endogenous", text: include_str!("../../configs/us_cuba_endogenous.toml") },
    Shipped { name: "us_cuba_wet_foot_end", text: include_str!("../../configs/us_cuba_wet_foot_end.toml") },
    Shipped { name: "kosovo_1999", text: include_str!("../../configs/kosovo_1999.toml") },
    Shipped { name: "libya_2011", text: include_str!("../../configs/libya_2011.toml") },
    Shipped { name: "romania_transit", text: include_str!("../../configs/romania_transit.toml") },
    Shipped { name: "timisoara_etc", text: include_str!("../../configs/timisoara_etc.toml") },
    Shipped { name: "tutsi_evacuation", text: include_str!("../../configs/tutsi_evacuation.toml") },
    Shipped { name: "mariel_1980", text: include_str!("../../configs/mariel_1980.toml") },
    Shipped { name: "dublin", text: include_str!("../../configs/dublin.toml") },
    Shipped { name: "haiti_interdiction", text: include_str!("../../configs/haiti_interdiction.toml") },
    Shipped { name: "us_australia", text: include_str!("../../configs/us_australia.toml") },
    Shipped { name: "oceanic_viking_2009", text: include_str!("../../configs/oceanic_viking_2009.toml") },
    Shipped {
        name: "israel_temporary_protection",
        text: include_str!("../../configs/israel_temporary_protection.toml"),
    },
    Shipped { name: "north_korea_act", text: include_str!("../../configs/north_korea_act.toml") },
    Shipped { name: "ceas_standards", text: include_str!("../../configs/ceas_standards.toml") },
    Shipped { name: "german_key_1994", text: include_str!("../../configs/german_key_1994.toml") },
    Shipped { name: "erf", text: include_str!("../../configs/erf.toml") },
    Shipped { name: "jordan_iraqis", text: include_str!("../../configs/jordan_iraqis.toml") },
    Shipped { name: "colombia", text: include_str!("../../configs/colombia.toml") },
    Shipped { name: "mexico_plan", text: include_str!("../../configs/mexico_plan.toml") },
    Shipped { name: "soderkoping", text: include_str!("../../configs/soderkoping.toml") },
    Shipped { name: "canada_irb", text: include_str!("../../configs/canada_irb.toml") },
    Shipped { name: "argentina_database", text: include_str!("../../configs/argentina_database.toml") },
    Shipped { name: "puebla_process", text: include_str!("../../configs/puebla_process.toml") },
];

/// The shipped scenario of a name.
pub fn shipped(name: &str) -> Option<&'static Shipped> {
    SHIPPED.iter().find(|s| s.name == name)
}
