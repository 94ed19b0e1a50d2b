//! GENERATED from `rules/design/*.toml` by `SNAPSHOTS=overwrite cargo test`.

#[path = "../design/deep_inheritance.rs"]
mod deep_inheritance;
#[path = "../design/god_class.rs"]
mod god_class;
#[path = "../design/missing_super_init.rs"]
mod missing_super_init;
#[path = "../design/needless_class.rs"]
mod needless_class;
#[path = "../design/shared_mutable_default.rs"]
mod shared_mutable_default;

use roadworthy_engine::{
    Area, Check, Equivalent, OptionDefault, OptionSpec, Place, Rule, Scope, Severity, SiteKind,
    Trigger,
};
use roadworthy_project::{KindSet, Role, RoleSet};

pub(super) static DEEP_INHERITANCE: Rule = Rule {
    name: "deep-inheritance",
    group: "design",
    area: Area::Design,
    summary: "class stands at the end of a long chain of own classes",
    fix: "give the class what it needs as an attribute instead of inheriting it, or join classes of the chain",
    severity: Severity::Info,
    foundation: false,
    preview: true,
    fold: None,
    hides_text: false,
    scope: Scope::Outline,
    site: SiteKind::Class,
    applies_to: KindSet::PYTHON,
    roles: RoleSet::of(&[
        Role::Application,
        Role::Library,
        Role::Cli,
        Role::Script,
        Role::Settings,
    ]),
    triggers: &[Trigger { text: "class", place: Place::Code, word: true, ignore_case: false }],
    check: Check::Outline(deep_inheritance::check),
    equivalents: &[
        Equivalent { tool: "pylint", code: "R0901", same: false },
        Equivalent { tool: "wemake", code: "WPS215", same: false },
    ],
    tags: &[],
    options: &[OptionSpec {
        name: "max-classes",
        default: OptionDefault::Integer(3),
        help: "how many concrete classes of the project may inherit from each other in one chain",
    }],
    source: include_str!("../design/deep-inheritance.toml"),
};

pub(super) static GOD_CLASS: Rule = Rule {
    name: "god-class",
    group: "design",
    area: Area::Design,
    summary: "class does several unrelated things",
    fix: "take each group of methods with the attributes that it uses into a class of its own",
    severity: Severity::Info,
    foundation: false,
    preview: true,
    fold: None,
    hides_text: false,
    scope: Scope::Outline,
    site: SiteKind::Class,
    applies_to: KindSet::PYTHON,
    roles: RoleSet::of(&[Role::Application, Role::Library, Role::Cli]),
    triggers: &[Trigger { text: "class", place: Place::Code, word: true, ignore_case: false }],
    check: Check::Outline(god_class::check),
    equivalents: &[
        Equivalent { tool: "ruff", code: "PLR0904", same: false },
        Equivalent { tool: "pylint", code: "R0902", same: false },
        Equivalent { tool: "pylint", code: "R0904", same: false },
        Equivalent { tool: "wemake", code: "WPS214", same: false },
        Equivalent { tool: "wemake", code: "WPS230", same: false },
    ],
    tags: &["CWE-1093"],
    options: &[
        OptionSpec {
            name: "max-lines",
            default: OptionDefault::Integer(600),
            help: "how many logical lines a class may have before its cohesion is looked at",
        },
        OptionSpec {
            name: "max-methods",
            default: OptionDefault::Integer(20),
            help: "how many public methods a class may have before its cohesion is looked at",
        },
    ],
    source: include_str!("../design/god-class.toml"),
};

pub(super) static MISSING_SUPER_INIT: Rule = Rule {
    name: "missing-super-init",
    group: "design",
    area: Area::Design,
    summary: "`__init__` leaves out that of the base class",
    fix: "call `super().__init__(...)` first",
    severity: Severity::Warning,
    foundation: false,
    preview: true,
    fold: None,
    hides_text: false,
    scope: Scope::Outline,
    site: SiteKind::Class,
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

pub(super) static NEEDLESS_CLASS: Rule = Rule {
    name: "needless-class",
    group: "design",
    area: Area::Design,
    summary: "class is a function or a record",
    fix: "make it a function of the same arguments, or a dataclass",
    severity: Severity::Info,
    foundation: false,
    preview: true,
    fold: None,
    hides_text: false,
    scope: Scope::Outline,
    site: SiteKind::Class,
    applies_to: KindSet::PYTHON,
    roles: RoleSet::of(&[Role::Application, Role::Library, Role::Cli, Role::Script]),
    triggers: &[Trigger { text: "__init__", place: Place::Code, word: true, ignore_case: false }],
    check: Check::Outline(needless_class::check),
    equivalents: &[
        Equivalent { tool: "ruff", code: "B903", same: false },
        Equivalent { tool: "pylint", code: "R0903", same: false },
    ],
    tags: &[],
    options: &[],
    source: include_str!("../design/needless-class.toml"),
};

pub(super) static SHARED_MUTABLE_DEFAULT: Rule = Rule {
    name: "shared-mutable-default",
    group: "design",
    area: Area::Design,
    summary: "one mutable object is shared by all calls or instances",
    fix: "use `None` as the default and build the object inside, or `field(default_factory=list)`",
    severity: Severity::Warning,
    foundation: false,
    preview: false,
    fold: None,
    hides_text: false,
    scope: Scope::Outline,
    site: SiteKind::Function,
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
