//! GENERATED from the rule files by `SNAPSHOTS=overwrite cargo test`: the list of groups.

mod ai;
mod api;
mod r#async;
mod automation;
mod cloud;
mod collaboration;
mod config;
mod data;
mod design;
mod errors;
mod files;
mod logging;
mod resources;
mod secrets;
mod suppressions;
mod testing;
mod types;

use roadworthy_engine::Rule;

/// All rules, by group.
pub(crate) static RULES: &[&Rule] = &[
    &ai::AGENT_LOOP_UNBOUNDED,
    &ai::INFERENCE_MODE_MISSING,
    &ai::LLM_CALL_UNBOUNDED,
    &ai::LLM_JSON_UNVALIDATED,
    &ai::LLM_OUTPUT_EXECUTED,
    &ai::MODEL_ALIAS_FLOATING,
    &ai::UNPINNED_MODEL_DOWNLOAD,
    &api::CORS_WILDCARD,
    &api::DJANGO_DEPLOY_SETTINGS,
    &api::ERROR_DETAIL_LEAKED,
    &api::JWT_NOT_VERIFIED,
    &api::SHELL_FROM_VARIABLE,
    &api::TLS_VERIFICATION_DISABLED,
    &api::UNTYPED_ENDPOINT,
    &api::UPLOAD_READ_UNBOUNDED,
    &r#async::BLOCKING_CALL_IN_ASYNC,
    &r#async::DANGLING_TASK,
    &r#async::EVENT_LOOP_RE_ENTERED,
    &r#async::LOCK_HELD_ACROSS_AWAIT,
    &r#async::SWALLOWED_CANCELLATION,
    &automation::ACTION_UNPINNED,
    &automation::CI_TESTS_OTHER_VERSIONS,
    &automation::CLAIMED_PYTHON_UNTESTED,
    &automation::CONFIGURED_CHECK_NEVER_RUNS,
    &automation::METRIC_DEFINED_IN_FUNCTION,
    &automation::METRIC_LABEL_UNBOUNDED,
    &automation::NO_PIPELINE,
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
    &cloud::READINESS_CHECKS_NOTHING,
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
    &config::DEBUG_ENABLED,
    &config::ENV_EXAMPLE_DRIFT,
    &config::ENV_FLAG_TRUTHINESS,
    &config::SECRET_IN_REPR,
    &data::DATAFRAME_READ_UNBOUNDED,
    &data::DATAFRAME_ROW_LOOP,
    &data::FLOAT_FOR_MONEY,
    &data::MIGRATION_LOCKS_OR_LOSES_DATA,
    &data::NAIVE_DATETIME,
    &data::PIPELINE_TASK_WITHOUT_RETRIES,
    &data::SQL_BUILT_FROM_STRINGS,
    &data::UNSAFE_DESERIALISATION,
    &design::DEEP_INHERITANCE,
    &design::GOD_CLASS,
    &design::MISSING_SUPER_INIT,
    &design::NEEDLESS_CLASS,
    &design::SHARED_MUTABLE_DEFAULT,
    &errors::ASSERT_AS_RUNTIME_CHECK,
    &errors::BARE_EXCEPT,
    &errors::BROAD_EXCEPT_LOSES_TRACEBACK,
    &errors::EXIT_IN_LIBRARY_CODE,
    &errors::GENERIC_EXCEPTION_RAISED,
    &errors::SILENT_EXCEPT,
    &errors::SUBPROCESS_RESULT_IGNORED,
    &files::UNPARSABLE_FILE,
    &files::UNREADABLE_FILE,
    &logging::LOGGING_CONFIGURED_AT_IMPORT,
    &logging::PRINT_IN_PRODUCT_CODE,
    &logging::ROOT_LOGGER_USED,
    &logging::SERVICE_WITHOUT_LOGGING_CONFIG,
    &resources::CACHED_COROUTINE,
    &resources::CALL_WITHOUT_TIMEOUT,
    &resources::CONTEXTMANAGER_WITHOUT_FINALLY,
    &resources::RESOURCE_NOT_CLOSED,
    &resources::UNBOUNDED_CACHE,
    &resources::UNBOUNDED_RETRY,
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
