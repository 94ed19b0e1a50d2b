//! All keys of the configuration: one table that the reader, the merging of files that extend each
//! other, the JSON schema, the reference and `--show-settings` follow. Knows words, no file.

/// One key.
#[derive(Debug)]
pub(crate) struct Key {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    /// What becomes of it where one file extends another.
    pub(crate) merge: Merge,
    /// One sentence for the reference and for editors.
    pub(crate) help: &'static str,
    /// What holds where nobody says anything.
    pub(crate) default: Default,
    /// A value as TOML; lines of its own for a table.
    pub(crate) example: &'static str,
}

impl Key {
    /// The lines of an example, as TOML.
    pub(crate) fn example(&self) -> String {
        match self.kind {
            Kind::Table(..) | Kind::Fields(_) => format!("[{}]\n{}", self.name, self.example),
            _ => format!("{} = {}", self.name, self.example),
        }
    }
}

/// What holds where nobody says anything.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Default {
    /// A value, as TOML.
    Is(&'static str),
    /// Something that is no value, in words.
    Words(&'static str),
}

/// What a key takes.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    /// `true` or `false`.
    Flag,
    /// A whole number, 0 or more.
    Number,
    /// Any text.
    Text(Text),
    /// One word of these.
    Word(&'static [&'static str]),
    /// A list of names.
    List(Names),
    /// A table of names and values of one kind.
    Table(Names, &'static Kind),
    /// A table of keys.
    Fields(&'static [&'static Key]),
    /// What the option of a rule takes.
    Option,
}

/// What a text means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Text {
    /// A configuration file: a path, or `package:` and the name of an installed package.
    Reference,
    /// Versions: `>=0.1, <0.3`.
    Requirement,
    /// A file of the project.
    File,
}

/// What names stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Names {
    /// Rules, groups and areas, or `ALL`.
    Selector,
    /// Single rules.
    Rule,
    /// The options of a rule.
    Option,
    /// Roles of files, and `product` for what is shipped.
    Role,
    /// Patterns of paths.
    Pattern,
    /// Folders.
    Folder,
}

/// What becomes of a key where one file extends another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Merge {
    /// It speaks of its own file only.
    Own,
    /// That of the extending file holds.
    Replace,
    /// That of the extending file holds, and what was chosen before is forgotten.
    Anew,
    /// That of the extending file is added.
    Add,
    /// Entry by entry, that of the extending file holds.
    Entries,
}

/// The levels of findings.
pub(crate) const LEVELS: &[&str] = &["error", "warning", "info"];
/// What makes a run fail.
pub(crate) const FAIL_LEVELS: &[&str] = &["error", "warning", "info", "never"];
/// The roles of files.
pub(crate) const ROLES: &[&str] = &[
    "application",
    "library",
    "cli",
    "script",
    "test",
    "migration",
    "example",
    "notebook",
    "stub",
    "generated",
    "vendored",
    "settings",
];
/// What `per-role` is keyed by.
pub(crate) const ROLES_AND_PRODUCT: &[&str] = &[
    "application",
    "library",
    "cli",
    "script",
    "test",
    "migration",
    "example",
    "notebook",
    "stub",
    "generated",
    "vendored",
    "settings",
    "product",
];

pub(crate) static REQUIRED_VERSION: Key = Key {
    name: "required-version",
    kind: Kind::Text(Text::Requirement),
    merge: Merge::Own,
    help: "The versions of roadworthy that may read this file, as in a requirement of Python: \
           `>=0.1, <0.3`; a bare version is exact. It is looked at before every other key.",
    default: Default::Words("any version"),
    example: "\">=0.1\"",
};
pub(crate) static EXTEND: Key = Key {
    name: "extend",
    kind: Kind::Text(Text::Reference),
    merge: Merge::Own,
    help: "A configuration file that holds where this one says nothing: a path relative to this file, \
           `package:acme_standards` for the `roadworthy.toml` in an installed Python package, or \
           `package:acme_standards/strict.toml` for another file in it.",
    default: Default::Words("no other file"),
    example: "\"package:acme_standards\"",
};
pub(crate) static SELECT: Key = Key {
    name: "select",
    kind: Kind::List(Names::Selector),
    merge: Merge::Anew,
    help: "The rules, groups or areas that run, instead of all.",
    default: Default::Is("[\"ALL\"]"),
    example: "[\"code\"]",
};
pub(crate) static EXTEND_SELECT: Key = Key {
    name: "extend-select",
    kind: Kind::List(Names::Selector),
    merge: Merge::Add,
    help: "Rules, groups or areas that run besides. In `per-role` they speak in files of that role, \
           also where they would be silent.",
    default: Default::Is("[]"),
    example: "[\"silent-except\"]",
};
pub(crate) static IGNORE: Key = Key {
    name: "ignore",
    kind: Kind::List(Names::Selector),
    merge: Merge::Add,
    help: "Rules, groups or areas that do not run. The more exact name wins: a rule stands above its \
           group, that above its area, that above `ALL`.",
    default: Default::Is("[]"),
    example: "[\"missing-type-hints\"]",
};
pub(crate) static LEVEL_OF: Key = Key {
    name: "severity",
    kind: Kind::Table(Names::Selector, &Kind::Word(LEVELS)),
    merge: Merge::Entries,
    help: "The level of what rules, groups or areas find.",
    default: Default::Words("the level of each rule"),
    example: "missing-type-hints = \"info\"",
};
pub(crate) static RULES: Key = Key {
    name: "rules",
    kind: Kind::Table(Names::Rule, &Kind::Table(Names::Option, &Kind::Option)),
    merge: Merge::Entries,
    help: "Options of rules, as `roadworthy explain RULE` shows them.",
    default: Default::Words("the defaults of each rule"),
    example: "hardcoded-secret = { low-confidence = true }",
};
pub(crate) static RULE_PATHS: Key = Key {
    name: "rule-paths",
    kind: Kind::List(Names::Folder),
    merge: Merge::Add,
    help: "Folders with rules of your own, relative to the file that names them.",
    default: Default::Is("[]"),
    example: "[\"lint\"]",
};
pub(crate) static BASELINE: Key = Key {
    name: "baseline",
    kind: Kind::Text(Text::File),
    merge: Merge::Replace,
    help: "The file of what is known and not reported again, relative to the configuration file, or to \
           the one that extends it; `check --update-baseline` writes it.",
    default: Default::Words("no file"),
    example: "\"roadworthy-baseline.jsonl\"",
};
pub(crate) static REQUIRE_REASON: Key = Key {
    name: "require-reason",
    kind: Kind::Flag,
    merge: Merge::Replace,
    help: "Whether a comment that silences a rule must say why.",
    default: Default::Is("false"),
    example: "true",
};
pub(crate) static EXCLUDE: Key = Key {
    name: "exclude",
    kind: Kind::List(Names::Pattern),
    merge: Merge::Replace,
    help: "Patterns of paths to leave out, instead of the usual ones.",
    default: Default::Words("folders of tools and copies, such as `.venv` and `node_modules`"),
    example: "[\"generated\"]",
};
pub(crate) static EXTEND_EXCLUDE: Key = Key {
    name: "extend-exclude",
    kind: Kind::List(Names::Pattern),
    merge: Merge::Add,
    help: "Patterns of paths to leave out besides.",
    default: Default::Is("[]"),
    example: "[\"*_pb2.py\"]",
};
pub(crate) static RESPECT_GITIGNORE: Key = Key {
    name: "respect-gitignore",
    kind: Kind::Flag,
    merge: Merge::Replace,
    help: "Whether what `.gitignore` names is left out.",
    default: Default::Is("true"),
    example: "false",
};
pub(crate) static PER_FILE_IGNORES: Key = Key {
    name: "per-file-ignores",
    kind: Kind::Table(Names::Pattern, &Kind::List(Names::Selector)),
    merge: Merge::Entries,
    help: "Patterns of paths, and the rules, groups or areas that are silent there.",
    default: Default::Words("none"),
    example: "\"tools/*.py\" = [\"print-in-product-code\"]",
};
pub(crate) static FILE_ROLES: Key = Key {
    name: "roles",
    kind: Kind::Table(Names::Pattern, &Kind::Word(ROLES)),
    merge: Merge::Entries,
    help: "Patterns of paths, and what the files are for, where that is not seen rightly; of several \
           patterns the last holds. `check --show-files` shows what each file is taken for.",
    default: Default::Words("what the files themselves show"),
    example: "\"evals\" = \"test\"",
};
pub(crate) static PER_ROLE: Key = Key {
    name: "per-role",
    kind: Kind::Table(Names::Role, &Kind::Fields(&[&EXTEND_SELECT, &IGNORE, &LEVEL_OF])),
    merge: Merge::Entries,
    help: "What differs in files of a role. `product` stands for application, library and settings; \
           a role by its own name stands above it.",
    default: Default::Words("what each rule says of roles"),
    example: "test = { ignore = [\"hardcoded-secret\"] }",
};
pub(crate) static FAIL_ON: Key = Key {
    name: "fail-on",
    kind: Kind::Word(FAIL_LEVELS),
    merge: Merge::Replace,
    help: "The level from which on a finding makes the exit code 1.",
    default: Default::Is("\"warning\""),
    example: "\"error\"",
};
pub(crate) static MIN_SEVERITY: Key = Key {
    name: "min-severity",
    kind: Kind::Word(LEVELS),
    merge: Merge::Replace,
    help: "The lowest level that is shown and counted.",
    default: Default::Is("\"info\""),
    example: "\"warning\"",
};

/// The levels that may be demanded.
pub(crate) const DEMANDED_LEVELS: &[&str] = &["drivable", "roadworthy", "race-ready"];

pub(crate) static GATE_LEVEL: Key = Key {
    name: "level",
    kind: Kind::Word(DEMANDED_LEVELS),
    merge: Merge::Replace,
    help: "The level that every component must have.",
    default: Default::Words("none"),
    example: "\"roadworthy\"",
};
pub(crate) static GATE_REQUIRE: Key = Key {
    name: "require",
    kind: Kind::List(Names::Rule),
    merge: Merge::Add,
    help: "Rules that must pass wherever they apply.",
    default: Default::Is("[]"),
    example: "[\"tests-never-run-in-ci\"]",
};
pub(crate) static GATE_FLOORS: Key = Key {
    name: "floors",
    kind: Kind::Text(Text::File),
    merge: Merge::Replace,
    help: "A file with the least score of each area, relative to this one.",
    default: Default::Words("none"),
    example: "\"roadworthy-floors.json\"",
};
pub(crate) static GATE_NEW_SUPPRESSIONS: Key = Key {
    name: "new-suppressions",
    kind: Kind::Number,
    merge: Merge::Replace,
    help: "How many suppressions a change may add.",
    default: Default::Is("5"),
    example: "0",
};
pub(crate) static GATE: Key = Key {
    name: "gate",
    kind: Kind::Fields(&[&GATE_LEVEL, &GATE_REQUIRE, &GATE_FLOORS, &GATE_NEW_SUPPRESSIONS]),
    merge: Merge::Entries,
    help: "What `roadworthy report` demands besides that no blocker and no new error is open: a `level` that every \
           component must have; rules to `require`, which must pass wherever they apply; `floors`, a file that keeps \
           the best score of each area, below which it may fall by two points; and `new-suppressions`, how many \
           suppressions a change may add to what it is compared with, 5 where nothing is said.",
    default: Default::Words("no further demand"),
    example: "level = \"roadworthy\"\nrequire = [\"tests-never-run-in-ci\", \"unlocked-application\"]\nfloors = \"roadworthy-floors.json\"\nnew-suppressions = 0",
};

/// All keys, in the order in which a reader wants them.
pub(crate) static KEYS: [&Key; 19] = [
    &REQUIRED_VERSION,
    &EXTEND,
    &SELECT,
    &EXTEND_SELECT,
    &IGNORE,
    &LEVEL_OF,
    &RULES,
    &RULE_PATHS,
    &FAIL_ON,
    &MIN_SEVERITY,
    &GATE,
    &BASELINE,
    &REQUIRE_REASON,
    &EXCLUDE,
    &EXTEND_EXCLUDE,
    &RESPECT_GITIGNORE,
    &FILE_ROLES,
    &PER_ROLE,
    &PER_FILE_IGNORES,
];

/// The keys that neither hide nor change what a verdict counts: they say what is demanded, or what is shown. What a baseline
/// knows is told apart from what is open without another run, and what a file takes from another has keys of its own.
static DEMANDS: [&Key; 6] = [&REQUIRED_VERSION, &EXTEND, &FAIL_ON, &MIN_SEVERITY, &GATE, &BASELINE];

/// Whether a key may hide findings from a verdict, or change them.
pub(crate) fn changes_findings(name: &str) -> bool {
    DEMANDS.iter().all(|key| key.name != name)
}

#[cfg(test)]
mod tests {
    use roadworthy_engine::Severity;
    use roadworthy_project::{Role, RoleSet};

    use super::*;

    #[test]
    fn words_are_those_of_the_program() {
        let mut levels = Severity::ALL.map(Severity::name).to_vec();
        levels.sort_unstable();
        let mut written = LEVELS.to_vec();
        written.sort_unstable();
        assert_eq!(written, levels);
        assert_eq!(ROLES, Role::ALL.map(Role::name));
        assert_eq!(ROLES_AND_PRODUCT, [ROLES, &[RoleSet::PRODUCT_NAME]].concat());
    }

    #[test]
    fn what_only_demands_or_shows_changes_no_finding() {
        let of = |changes| {
            KEYS.iter().map(|key| key.name).filter(move |it| changes_findings(it) == changes)
        };
        let demands: Vec<_> = of(false).collect();
        assert_eq!(
            demands,
            ["required-version", "extend", "fail-on", "min-severity", "gate", "baseline"]
        );
        assert!(of(true).any(|name| name == "per-file-ignores"));
        // What this version does not know may do anything.
        assert!(changes_findings("another"));
    }

    #[test]
    fn every_name_is_there_once() {
        let mut names: Vec<_> = KEYS.iter().map(|key| key.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), KEYS.len());
    }
}
