//! The catalogue of Roadworthy's own rules.
//!
//! A rule is `<group>/<rule-name>.toml`, with `<group>/<rule_name>.rs` beside it where code is needed;
//! `catalog.rs` and `catalog/` are generated from those files. What several rules need to know about
//! Python is in `shared/`.

mod catalog;
mod shared;

use roadworthy_engine::Catalog;

/// All built-in rules.
pub fn catalog() -> Catalog {
    Catalog::new(catalog::RULES.iter().copied())
}
