//! GENERATED from the rule files by `SNAPSHOTS=overwrite cargo test`: the list of groups.

mod errors;
mod files;
mod suppressions;

use roadworthy_engine::Rule;

/// All rules, by group.
pub(crate) static RULES: &[&Rule] = &[
    &errors::SILENT_EXCEPT,
    &files::UNPARSABLE_FILE,
    &files::UNREADABLE_FILE,
    &suppressions::UNUSED_SUPPRESSION,
];
