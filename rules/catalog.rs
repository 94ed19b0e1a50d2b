//! GENERATED from the rule files by `SNAPSHOTS=overwrite cargo test`: the list of groups.

mod automation;
mod cloud;
mod collaboration;
mod config;
mod design;
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
    &automation::ACTION_UNPINNED,
    &automation::CI_TESTS_OTHER_VERSIONS,
    &automation::CLAIMED_PYTHON_UNTESTED,
    &automation::CONFIGURED_CHECK_NEVER_RUNS,
    &automation::WORKFLOW_DANGEROUS,
    &automation::WORKFLOW_PERMISSIONS_EXCESSIVE,
    &cloud::BASE_IMAGE_UNPINNED,
    &cloud::BUILD_CONTEXT_LEAKS_SECRETS,
    &cloud::CONTAINER_RUNS_AS_ROOT,
    &cloud::DEPENDENCIES_AFTER_SOURCE_COPY,
    &cloud::DEV_SERVER_IN_CONTAINER,
    &cloud::ENTRY_POINT_UNRESOLVED,
    &cloud::EOL_PYTHON,
    &cloud::IMAGE_IGNORES_LOCK,
    &cloud::PYTHON_VERSION_DISAGREEMENT,
    &cloud::SERVER_BINDS_LOOPBACK,
    &cloud::SIGNALS_DO_NOT_REACH_APP,
    &collaboration::DEV_DEPENDENCY_IN_PRODUCT,
    &collaboration::LOCK_OUT_OF_DATE,
    &collaboration::MANIFESTS_DISAGREE,
    &collaboration::NO_VULNERABILITY_AUDIT,
    &collaboration::README_COMMAND_BROKEN,
    &collaboration::TYPED_PACKAGE_WITHOUT_MARKER,
    &collaboration::UNDECLARED_DEPENDENCY,
    &collaboration::UNLOCKED_APPLICATION,
    &collaboration::UNVERIFIABLE_DEPENDENCY_SOURCE,
    &collaboration::UPDATE_AUTOMATION_GAP,
    &config::ENV_EXAMPLE_DRIFT,
    &design::DEEP_INHERITANCE,
    &design::GOD_CLASS,
    &design::MISSING_SUPER_INIT,
    &design::NEEDLESS_CLASS,
    &design::SHARED_MUTABLE_DEFAULT,
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
    &testing::BROAD_RAISES,
    &testing::COVERAGE_GATE_MISSING,
    &testing::MOCK_CHECK_MISSPELLED,
    &testing::NO_TESTS,
    &testing::TEST_ASSERTS_NOTHING,
    &testing::TEST_NOT_COLLECTED,
    &testing::TESTS_NEVER_RUN_IN_CI,
    &types::MISSING_TYPE_HINTS,
];
