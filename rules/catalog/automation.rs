//! GENERATED from `rules/automation/*.toml` by `SNAPSHOTS=overwrite cargo test`.

#[path = "../automation/action_unpinned.rs"]
mod action_unpinned;
#[path = "../automation/ci_tests_other_versions.rs"]
mod ci_tests_other_versions;
#[path = "../automation/claimed_python_untested.rs"]
mod claimed_python_untested;
#[path = "../automation/configured_check_never_runs.rs"]
mod configured_check_never_runs;
#[path = "../automation/metric_defined_in_function.rs"]
mod metric_defined_in_function;
#[path = "../automation/metric_label_unbounded.rs"]
mod metric_label_unbounded;
#[path = "../automation/workflow_dangerous.rs"]
mod workflow_dangerous;
#[path = "../automation/workflow_permissions_excessive.rs"]
mod workflow_permissions_excessive;

use roadworthy_engine::{Area, Check, Equivalent, Place, Rule, Scope, Severity, SiteKind, Trigger};
use roadworthy_project::{FileKind, KindSet, Role, RoleSet};

pub(super) static ACTION_UNPINNED: Rule = Rule {
    name: "action-unpinned",
    group: "automation",
    area: Area::Automation,
    summary: "third-party action is not pinned to a commit",
    fix: "name the full hash of a commit, with the version in a comment behind it, and let Dependabot or Renovate update it",
    severity: Severity::Warning,
    preview: false,
    fold: None,
    hides_text: false,
    scope: Scope::Project,
    site: SiteKind::Workflow,
    applies_to: KindSet::of(&[FileKind::Yaml]),
    roles: RoleSet::of(&[
        Role::Application,
        Role::Library,
        Role::Cli,
        Role::Script,
        Role::Test,
        Role::Migration,
        Role::Example,
        Role::Notebook,
        Role::Stub,
        Role::Settings,
    ]),
    triggers: &[],
    check: Check::Project(action_unpinned::check),
    equivalents: &[
        Equivalent { tool: "zizmor", code: "unpinned-uses", same: true },
        Equivalent { tool: "scorecard", code: "Pinned-Dependencies", same: false },
    ],
    tags: &["CWE-829", "CWE-1357"],
    options: &[],
    source: include_str!("../automation/action-unpinned.toml"),
};

pub(super) static CI_TESTS_OTHER_VERSIONS: Rule = Rule {
    name: "ci-tests-other-versions",
    group: "automation",
    area: Area::Automation,
    summary: "tests run on other versions than the image ships",
    fix: "install the locked versions in at least one job that tests, as the image does",
    severity: Severity::Warning,
    preview: true,
    fold: None,
    hides_text: false,
    scope: Scope::Project,
    site: SiteKind::Suite,
    applies_to: KindSet::of(&[
        FileKind::Python,
        FileKind::Yaml,
        FileKind::Toml,
        FileKind::Ini,
        FileKind::Shell,
        FileKind::Text,
    ]),
    roles: RoleSet::of(&[
        Role::Application,
        Role::Library,
        Role::Cli,
        Role::Script,
        Role::Migration,
        Role::Notebook,
        Role::Stub,
        Role::Settings,
    ]),
    triggers: &[],
    check: Check::Project(ci_tests_other_versions::check),
    equivalents: &[Equivalent { tool: "zizmor", code: "adhoc-packages", same: false }],
    tags: &[],
    options: &[],
    source: include_str!("../automation/ci-tests-other-versions.toml"),
};

pub(super) static CLAIMED_PYTHON_UNTESTED: Rule = Rule {
    name: "claimed-python-untested",
    group: "automation",
    area: Area::Automation,
    summary: "a version of Python that is run or promised is in no test job",
    fix: "add the version to the matrix of the test job, or move the image or the promise to one that is tested",
    severity: Severity::Info,
    preview: false,
    fold: None,
    hides_text: false,
    scope: Scope::Project,
    site: SiteKind::Suite,
    applies_to: KindSet::of(&[
        FileKind::Python,
        FileKind::Toml,
        FileKind::Ini,
        FileKind::Dockerfile,
    ]),
    roles: RoleSet::of(&[
        Role::Application,
        Role::Library,
        Role::Cli,
        Role::Script,
        Role::Migration,
        Role::Notebook,
        Role::Stub,
        Role::Settings,
    ]),
    triggers: &[],
    check: Check::Project(claimed_python_untested::check),
    equivalents: &[],
    tags: &[],
    options: &[],
    source: include_str!("../automation/claimed-python-untested.toml"),
};

pub(super) static CONFIGURED_CHECK_NEVER_RUNS: Rule = Rule {
    name: "configured-check-never-runs",
    group: "automation",
    area: Area::Automation,
    summary: "a tool is configured and nothing runs it",
    fix: "run the tool in a job of every change, or remove its configuration",
    severity: Severity::Warning,
    preview: false,
    fold: None,
    hides_text: false,
    scope: Scope::Project,
    site: SiteKind::Pipeline,
    applies_to: KindSet::of(&[
        FileKind::Yaml,
        FileKind::Toml,
        FileKind::Json,
        FileKind::Ini,
        FileKind::Text,
    ]),
    roles: RoleSet::of(&[
        Role::Application,
        Role::Library,
        Role::Cli,
        Role::Script,
        Role::Migration,
        Role::Notebook,
        Role::Stub,
        Role::Settings,
    ]),
    triggers: &[],
    check: Check::Project(configured_check_never_runs::check),
    equivalents: &[
        Equivalent { tool: "repo-review", code: "PC140", same: false },
        Equivalent { tool: "repo-review", code: "PC190", same: false },
        Equivalent { tool: "repo-review", code: "MY100", same: false },
    ],
    tags: &[],
    options: &[],
    source: include_str!("../automation/configured-check-never-runs.toml"),
};

pub(super) static METRIC_DEFINED_IN_FUNCTION: Rule = Rule {
    name: "metric-defined-in-function",
    group: "automation",
    area: Area::Automation,
    summary: "a metric is made in a function that runs more than once",
    fix: "make the metric once, in the module's body",
    severity: Severity::Error,
    preview: true,
    fold: None,
    hides_text: false,
    scope: Scope::Outline,
    site: SiteKind::Place,
    applies_to: KindSet::PYTHON,
    roles: RoleSet::of(&[Role::Application, Role::Library, Role::Settings]),
    triggers: &[Trigger {
        text: "prometheus_client",
        place: Place::Code,
        word: true,
        ignore_case: false,
    }],
    check: Check::Outline(metric_defined_in_function::check),
    equivalents: &[],
    tags: &[],
    options: &[],
    source: include_str!("../automation/metric-defined-in-function.toml"),
};

pub(super) static METRIC_LABEL_UNBOUNDED: Rule = Rule {
    name: "metric-label-unbounded",
    group: "automation",
    area: Area::Automation,
    summary: "a label of a metric takes a new value for every user, path or error",
    fix: "label with what has few values: the template of the route, the class of the error; put ids into logs and traces",
    severity: Severity::Error,
    preview: true,
    fold: None,
    hides_text: false,
    scope: Scope::Outline,
    site: SiteKind::Place,
    applies_to: KindSet::PYTHON,
    roles: RoleSet::of(&[Role::Application, Role::Library, Role::Settings]),
    triggers: &[Trigger { text: "labels", place: Place::Code, word: true, ignore_case: false }],
    check: Check::Outline(metric_label_unbounded::check),
    equivalents: &[],
    tags: &[],
    options: &[],
    source: include_str!("../automation/metric-label-unbounded.toml"),
};

pub(super) static WORKFLOW_DANGEROUS: Rule = Rule {
    name: "workflow-dangerous",
    group: "automation",
    area: Area::Automation,
    summary: "workflow runs what anybody wrote with the rights of the repository",
    fix: "hand the text over as an environment variable; build pull requests under `pull_request`, without secrets",
    severity: Severity::Error,
    preview: false,
    fold: None,
    hides_text: false,
    scope: Scope::Project,
    site: SiteKind::Workflow,
    applies_to: KindSet::of(&[FileKind::Yaml]),
    roles: RoleSet::of(&[
        Role::Application,
        Role::Library,
        Role::Cli,
        Role::Script,
        Role::Test,
        Role::Migration,
        Role::Example,
        Role::Notebook,
        Role::Stub,
        Role::Settings,
    ]),
    triggers: &[],
    check: Check::Project(workflow_dangerous::check),
    equivalents: &[
        Equivalent { tool: "checkov", code: "CKV_GHA_2", same: true },
        Equivalent { tool: "scorecard", code: "Dangerous-Workflow", same: true },
        Equivalent { tool: "zizmor", code: "dangerous-triggers", same: false },
        Equivalent { tool: "zizmor", code: "template-injection", same: false },
    ],
    tags: &["CWE-78", "CWE-94", "CWE-829"],
    options: &[],
    source: include_str!("../automation/workflow-dangerous.toml"),
};

pub(super) static WORKFLOW_PERMISSIONS_EXCESSIVE: Rule = Rule {
    name: "workflow-permissions-excessive",
    group: "automation",
    area: Area::Automation,
    summary: "workflow does not limit what its token may do",
    fix: "add `permissions: contents: read` to the workflow, and what a job needs more to that job",
    severity: Severity::Warning,
    preview: false,
    fold: None,
    hides_text: false,
    scope: Scope::Project,
    site: SiteKind::Workflow,
    applies_to: KindSet::of(&[FileKind::Yaml]),
    roles: RoleSet::of(&[
        Role::Application,
        Role::Library,
        Role::Cli,
        Role::Script,
        Role::Test,
        Role::Migration,
        Role::Example,
        Role::Notebook,
        Role::Stub,
        Role::Settings,
    ]),
    triggers: &[],
    check: Check::Project(workflow_permissions_excessive::check),
    equivalents: &[
        Equivalent { tool: "zizmor", code: "excessive-permissions", same: true },
        Equivalent { tool: "checkov", code: "CKV2_GHA_1", same: true },
        Equivalent { tool: "scorecard", code: "Token-Permissions", same: false },
    ],
    tags: &["CWE-250", "CWE-732"],
    options: &[],
    source: include_str!("../automation/workflow-permissions-excessive.toml"),
};
