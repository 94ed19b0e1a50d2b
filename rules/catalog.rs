//! GENERATED from the rule files by `SNAPSHOTS=overwrite cargo test`: the list of groups.

mod errors;
mod files;
mod secrets;
mod suppressions;

use roadworthy_engine::Rule;

/// All rules, by group.
pub(crate) static RULES: &[&Rule] = &[
    &errors::SILENT_EXCEPT,
    &files::UNPARSABLE_FILE,
    &files::UNREADABLE_FILE,
    &secrets::HARDCODED_SECRET,
    &secrets::INSECURE_DEFAULT_SECRET,
    &suppressions::UNUSED_SUPPRESSION,
];
