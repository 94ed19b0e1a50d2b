//! The catalogue of Roadworthy's own rules.
//!
//! A rule is `<group>/<rule-name>.toml`, with `<group>/<rule_name>.rs` beside it where code is needed;
//! `catalog.rs` and `catalog/` are generated from those files. What several rules need to know about
//! Python is in `shared/`.

mod catalog;
mod shared;

use roadworthy_engine::Catalog;

/// The version of the rule set: the year, and a number that rises when a rule comes out of preview, goes, or changes what it
/// weighs or judges. Scores of different versions cannot be compared.
pub const VERSION: &str = "2026.1";

/// All built-in rules.
pub fn catalog() -> Catalog {
    Catalog::new(catalog::RULES.iter().copied())
        .versioned(VERSION)
        .with_idle_check(shared::code::idle::is_idle)
}
