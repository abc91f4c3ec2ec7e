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
    Shipped { name: "dublin", text: include_str!("../../configs/dublin.toml") },
];

/// The shipped scenario of a name.
pub fn shipped(name: &str) -> Option<&'static Shipped> {
    SHIPPED.iter().find(|s| s.name == name)
}
