//! GENERATED from the rule files by `SNAPSHOTS=overwrite cargo test`: the list of groups.

mod errors;
mod files;
mod suppressions;

use roadworthy_engine::Rule;

/// All rules, by group.
pub(crate) static RULES: &[&Rule] = &[
    &errors::ASSERT_AS_RUNTIME_CHECK,
    &errors::BARE_EXCEPT,
    &errors::BROAD_EXCEPT_LOSES_TRACEBACK,
    &errors::GENERIC_EXCEPTION_RAISED,
    &errors::SILENT_EXCEPT,
    &files::UNPARSABLE_FILE,
    &files::UNREADABLE_FILE,
    &suppressions::UNUSED_SUPPRESSION,
];
