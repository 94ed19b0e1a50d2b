//! GENERATED from the rule files by `SNAPSHOTS=overwrite cargo test`: the list of groups.

mod automation;
mod collaboration;
mod errors;
mod files;
mod logging;
mod secrets;
mod suppressions;
mod testing;
mod types;

use roadworthy_engine::Rule;

/// All rules, by group.
pub(crate) static RULES: &[&Rule] = &[
    &automation::CI_TESTS_OTHER_VERSIONS,
    &automation::CONFIGURED_CHECK_NEVER_RUNS,
    &collaboration::NO_VULNERABILITY_AUDIT,
    &errors::ASSERT_AS_RUNTIME_CHECK,
    &errors::BARE_EXCEPT,
    &errors::BROAD_EXCEPT_LOSES_TRACEBACK,
    &errors::GENERIC_EXCEPTION_RAISED,
    &errors::SILENT_EXCEPT,
    &files::UNPARSABLE_FILE,
    &files::UNREADABLE_FILE,
    &logging::LOGGING_CONFIGURED_AT_IMPORT,
    &logging::PRINT_IN_PRODUCT_CODE,
    &logging::ROOT_LOGGER_USED,
    &secrets::HARDCODED_SECRET,
    &secrets::INSECURE_DEFAULT_SECRET,
    &secrets::SECRET_FILE_COMMITTED,
    &secrets::SECRET_IN_IMAGE,
    &suppressions::EXPIRED_SUPPRESSION,
    &suppressions::SUPPRESSION_WITHOUT_REASON,
    &suppressions::UNUSED_SUPPRESSION,
    &testing::COVERAGE_GATE_MISSING,
    &testing::TESTS_NEVER_RUN_IN_CI,
    &types::MISSING_TYPE_HINTS,
];
