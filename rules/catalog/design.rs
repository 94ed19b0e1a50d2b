//! GENERATED from `rules/design/*.toml` by `SNAPSHOTS=overwrite cargo test`.

#[path = "../design/missing_super_init.rs"]
mod missing_super_init;
#[path = "../design/shared_mutable_default.rs"]
mod shared_mutable_default;

use roadworthy_engine::{Area, Check, Equivalent, Place, Rule, Scope, Severity, Trigger};
use roadworthy_project::{KindSet, Role, RoleSet};

pub(super) static MISSING_SUPER_INIT: Rule = Rule {
    name: "missing-super-init",
    group: "design",
    area: Area::Design,
    summary: "`__init__` leaves out that of the base class",
    fix: "call `super().__init__(...)` first",
    severity: Severity::Warning,
    preview: false,
    fold: None,
    hides_text: false,
    scope: Scope::Outline,
    applies_to: KindSet::PYTHON,
    roles: RoleSet::of(&[
        Role::Application,
        Role::Library,
        Role::Cli,
        Role::Script,
        Role::Settings,
    ]),
    triggers: &[Trigger { text: "__init__", place: Place::Code, word: true, ignore_case: false }],
    check: Check::Outline(missing_super_init::check),
    equivalents: &[
        Equivalent { tool: "pylint", code: "W0231", same: true },
        Equivalent { tool: "sonar", code: "S6978", same: false },
    ],
    tags: &["CWE-665"],
    options: &[],
    source: include_str!("../design/missing-super-init.toml"),
};

pub(super) static SHARED_MUTABLE_DEFAULT: Rule = Rule {
    name: "shared-mutable-default",
    group: "design",
    area: Area::Design,
    summary: "one mutable object is shared by all calls or instances",
    fix: "use `None` as the default and build the object inside, or `field(default_factory=list)`",
    severity: Severity::Error,
    preview: false,
    fold: None,
    hides_text: false,
    scope: Scope::Outline,
    applies_to: KindSet::PYTHON,
    roles: RoleSet::of(&[
        Role::Application,
        Role::Library,
        Role::Cli,
        Role::Script,
        Role::Settings,
    ]),
    triggers: &[
        Trigger { text: "=[", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "= [", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "={", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "= {", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "=list(", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "= list(", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "=dict(", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "= dict(", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "=set(", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "= set(", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "=defaultdict(", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "= defaultdict(", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "=deque(", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "= deque(", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "=collections.", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "= collections.", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "=OrderedDict(", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "= OrderedDict(", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "=Counter(", place: Place::Code, word: true, ignore_case: false },
        Trigger { text: "= Counter(", place: Place::Code, word: true, ignore_case: false },
    ],
    check: Check::Outline(shared_mutable_default::check),
    equivalents: &[
        Equivalent { tool: "ruff", code: "B006", same: true },
        Equivalent { tool: "pylint", code: "W0102", same: true },
        Equivalent { tool: "sonar", code: "S5717", same: true },
        Equivalent { tool: "ruff", code: "RUF008", same: false },
        Equivalent { tool: "ruff", code: "RUF012", same: false },
        Equivalent { tool: "sonar", code: "S8685", same: false },
        Equivalent { tool: "semgrep", code: "default-mutable-list", same: false },
    ],
    tags: &["CWE-1188", "CWE-488"],
    options: &[],
    source: include_str!("../design/shared-mutable-default.toml"),
};
