//! The catalogue is what the rule files say. `SNAPSHOTS=overwrite cargo test` regenerates it.

#![expect(clippy::format_collect, reason = "code is generated here: clear before fast")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use roadworthy_engine::{Area, OptionDefault, Place, RuleFile, Scope, Severity};
use roadworthy_project::{FileKind, KindSet, RoleSet};

/// The folders of the catalogue that are not groups of rules.
const NOT_GROUPS: [&str; 4] = ["catalog", "shared", "tests", "target"];

struct Written {
    group: String,
    stem: String,
    file: RuleFile,
    has_code: bool,
}

fn rules_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("rules")
}

fn written() -> Vec<Written> {
    let mut all = Vec::new();
    for entry in walkdir::WalkDir::new(rules_folder()).min_depth(2).max_depth(2).sort_by_file_name()
    {
        let path = entry.expect("the folder can be read").into_path();
        if path.extension().is_none_or(|extension| extension != "toml") {
            continue;
        }
        let name =
            |path: &Path| path.file_name().expect("has a name").to_string_lossy().into_owned();
        let group = name(path.parent().expect("lies in a group"));
        if NOT_GROUPS.contains(&group.as_str()) {
            continue;
        }
        let stem = path.file_stem().expect("has a stem").to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&path).expect("the rule can be read");
        let file =
            RuleFile::parse(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let has_code = path.with_file_name(format!("{}.rs", stem.replace('-', "_"))).exists();
        all.push(Written { group, stem, file, has_code });
    }
    all
}

fn formatted(code: &str) -> String {
    let mut rustfmt = Command::new("rustfmt")
        .args(["--edition", "2024", "--config", "max_width=100,use_small_heuristics=Max"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("rustfmt is installed with cargo");
    rustfmt.stdin.take().expect("is piped").write_all(code.as_bytes()).expect("rustfmt reads");
    let output = rustfmt.wait_with_output().expect("rustfmt ends");
    assert!(output.status.success(), "rustfmt refuses:\n{code}");
    String::from_utf8(output.stdout).expect("rustfmt writes text")
}

fn same_or_overwritten(path: &Path, expected: &str) {
    if std::env::var("SNAPSHOTS").is_ok_and(|value| value == "overwrite") {
        if std::fs::read_to_string(path).ok().as_deref() != Some(expected) {
            std::fs::create_dir_all(path.parent().expect("lies in a folder")).expect("can be made");
            std::fs::write(path, expected).expect("can be written");
        }
        return;
    }
    let found = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        found == expected,
        "{} is stale: run `SNAPSHOTS=overwrite cargo test` and commit what changes",
        path.display()
    );
}

#[test]
fn the_generated_catalogue_is_what_the_rule_files_say() {
    let all = written();
    let mut groups: BTreeMap<&str, Vec<&Written>> = BTreeMap::new();
    for rule in &all {
        groups.entry(&rule.group).or_default().push(rule);
    }
    let mut root = String::from(
        "//! GENERATED from the rule files by `SNAPSHOTS=overwrite cargo test`: the list of groups.\n\n",
    );
    for group in groups.keys() {
        let _ = writeln!(root, "mod {};", module(group));
    }
    root.push_str("\nuse roadworthy_engine::Rule;\n\n/// All rules, by group.\npub(crate) static RULES: &[&Rule] = &[\n");
    for rule in &all {
        let _ = writeln!(root, "&{}::{},", module(&rule.group), constant(&rule.stem));
    }
    root.push_str("];\n");
    same_or_overwritten(&rules_folder().join("catalog.rs"), &formatted(&root));
    for (group, rules) in groups {
        let path = rules_folder().join("catalog").join(format!("{group}.rs"));
        same_or_overwritten(&path, &formatted(&group_module(group, &rules)));
    }
}

/// The identifier of a group's module: `async` is a keyword.
fn module(group: &str) -> &str {
    if group == "async" { "r#async" } else { group }
}

fn constant(stem: &str) -> String {
    stem.replace('-', "_").to_uppercase()
}

fn group_module(group: &str, rules: &[&Written]) -> String {
    let mut code = format!(
        "//! GENERATED from `rules/{group}/*.toml` by `SNAPSHOTS=overwrite cargo test`.\n\n"
    );
    for rule in rules.iter().filter(|rule| rule.has_code) {
        let module = rule.stem.replace('-', "_");
        let _ = writeln!(code, "#[path = \"../{group}/{module}.rs\"]\nmod {module};");
    }
    let mut items = Vec::new();
    for rule in rules {
        items.push(rule_static(rule));
    }
    let body = items.concat();
    let used = [
        "Area",
        "Check",
        "Equivalent",
        "Fold",
        "OptionDefault",
        "OptionSpec",
        "Place",
        "Rule",
        "Scope",
        "Severity",
        "SiteKind",
        "Trigger",
    ];
    let used: Vec<_> = used
        .into_iter()
        .filter(|name| body.contains(&format!("{name}::")) || body.contains(&format!("{name} {{")))
        .collect();
    let _ = writeln!(code, "\nuse roadworthy_engine::{{{}}};", used.join(", "));
    let of_project = ["FileKind", "KindSet", "Role", "RoleSet"];
    let of_project: Vec<_> =
        of_project.into_iter().filter(|name| body.contains(&format!("{name}::"))).collect();
    let _ = writeln!(code, "use roadworthy_project::{{{}}};", of_project.join(", "));
    code + &body
}

fn rule_static(rule: &Written) -> String {
    let Written { group, stem, file, .. } = rule;
    let module = stem.replace('-', "_");
    let area = Area::of_group(group).expect("checked elsewhere");
    let triggers: String = file
        .triggers()
        .expect("places exist")
        .iter()
        .map(|trigger| {
            let place = match trigger.place {
                Place::Code => "Code",
                Place::Strings => "Strings",
                Place::Anywhere => "Anywhere",
            };
            format!(
                "Trigger {{ text: {:?}, place: Place::{place}, word: {}, ignore_case: {} }},",
                trigger.text, trigger.word, trigger.ignore_case
            )
        })
        .collect();
    let scope = match file.scope().expect("scope exists") {
        Scope::Outline => "Outline",
        Scope::Statement => "Statement",
        Scope::Definition => "Definition",
        Scope::Module => "Module",
        Scope::Project => "Project",
    };
    let check = match (file.check.as_deref(), &file.query) {
        (Some("engine"), None) => "Check::Engine".to_owned(),
        (Some("native"), None) if scope == "Outline" => format!("Check::Outline({module}::check)"),
        (Some("native"), None) if scope == "Project" => format!("Check::Project({module}::check)"),
        (Some("native"), None) => {
            let prefilter = if file.prefilter {
                format!("Some({module}::candidate)")
            } else {
                "None".to_owned()
            };
            format!(
                "Check::Nodes {{ kinds: &{:?}, check: {module}::check, prefilter: {prefilter} }}",
                file.nodes
            )
        }
        (None, Some(query)) => format!("Check::Query({query:?})"),
        _ => panic!("{stem}: either `check = \"native\"`, `check = \"engine\"` or a `query`"),
    };
    let equivalents: String = file
        .equivalents()
        .expect("are tool:code")
        .iter()
        .map(|(tool, code, same)| {
            format!("Equivalent {{ tool: {tool:?}, code: {code:?}, same: {same} }},")
        })
        .collect();
    let options: String = file
        .option_specs()
        .expect("defaults have types")
        .iter()
        .map(|option| {
            let default = match option.default {
                OptionDefault::Boolean(value) => format!("OptionDefault::Boolean({value})"),
                OptionDefault::Integer(value) => format!("OptionDefault::Integer({value})"),
                OptionDefault::Strings(values) => format!("OptionDefault::Strings(&{values:?})"),
            };
            format!(
                "OptionSpec {{ name: {:?}, default: {default}, help: {:?} }},",
                option.name, option.help
            )
        })
        .collect();
    let fold = file.fold.as_ref().map_or_else(
        || "None".to_owned(),
        |fold| {
            format!(
                "Some(Fold {{ share: {}, sites: {}, advice: {:?}, noun: {:?} }})",
                fold.share, fold.sites, fold.advice, fold.noun
            )
        },
    );
    let severity = match file.severity {
        Severity::Error => "Error",
        Severity::Warning => "Warning",
        Severity::Info => "Info",
    };
    format!(
        "\npub(super) static {}: Rule = Rule {{\nname: {:?},\ngroup: {group:?},\narea: Area::{area:?},\nsummary: {:?},\nfix: {:?},\nseverity: Severity::{severity},\nfoundation: {},\npreview: {},\nfold: {fold},\nhides_text: {},\nscope: Scope::{scope},\nsite: SiteKind::{:?},\napplies_to: {},\nroles: {},\ntriggers: &[{triggers}],\ncheck: {check},\nequivalents: &[{equivalents}],\ntags: &{:?},\noptions: &[{options}],\nsource: include_str!(\"../{group}/{stem}.toml\"),\n}};\n",
        constant(stem),
        file.name,
        file.summary,
        file.fix,
        file.foundation,
        file.preview,
        file.hides_text,
        file.site().expect("checked elsewhere"),
        kinds(file),
        roles(file),
        file.tags,
    )
}

fn kinds(file: &RuleFile) -> String {
    let kinds = file.applies_to().expect("kinds exist");
    if kinds == KindSet::PYTHON {
        return "KindSet::PYTHON".to_owned();
    }
    if kinds == KindSet::ALL {
        return "KindSet::ALL".to_owned();
    }
    let named: Vec<_> = kinds.iter().map(|kind| format!("FileKind::{kind:?}")).collect();
    format!("KindSet::of(&[{}])", named.join(", "))
}

fn roles(file: &RuleFile) -> String {
    let roles = file.roles().expect("roles exist");
    if roles == RoleSet::ALL {
        return "RoleSet::ALL".to_owned();
    }
    let named: Vec<_> = roles.iter().map(|role| format!("Role::{role:?}")).collect();
    format!("RoleSet::of(&[{}])", named.join(", "))
}

#[test]
fn the_pages_of_the_rules_are_what_the_rule_files_say() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/rules");
    let all = written();
    for rule in &all {
        same_or_overwritten(&docs.join(format!("{}.md", rule.stem)), &page(rule));
    }
    let mut index =
        String::from("# Rules\n\n| Group | Rule | Level | Flags |\n|---|---|---|---|\n");
    for Written { group, stem, file, .. } in &all {
        let _ = writeln!(
            index,
            "| {group} | [`{stem}`]({stem}.md) | {}{} | {} |",
            file.severity,
            if file.preview { ", in preview" } else { "" },
            file.summary
        );
    }
    same_or_overwritten(&docs.join("README.md"), &index);
}

fn page(rule: &Written) -> String {
    let Written { group, stem, file, .. } = rule;
    let area = Area::of_group(group).expect("checked elsewhere");
    let mut page = format!("# {stem}\n\n{}: {}.\n\n", file.severity, file.summary);
    let _ = writeln!(
        page,
        "Group `{group}`, area *{}*.\n\n## Why\n\n{}\n\n## What to do\n\nTo mend it, {}.",
        area.title(),
        file.why.trim(),
        file.fix
    );
    if file.preview {
        let _ = writeln!(
            page,
            "\nIt is in preview: it runs only where it is selected by its own name (`--extend-select {stem}`)."
        );
    }
    let roles = file.roles().expect("checked elsewhere");
    let kinds = file.applies_to().expect("checked elsewhere");
    if kinds != KindSet::PYTHON && file.check.as_deref() != Some("engine") {
        let named: Vec<_> = kinds.iter().map(FileKind::name).collect();
        let _ =
            writeln!(page, "\n## Where it looks\n\nInto files of the kinds {}.", named.join(", "));
    }
    let silent: Vec<_> =
        roles.complement().iter().map(|role| format!("`{}`", role.name())).collect();
    if !silent.is_empty() {
        let _ = writeln!(
            page,
            "\n## Where it is silent\n\nIn files of the roles {}.",
            silent.join(", ")
        );
    }
    let site = file.site().expect("checked elsewhere");
    let _ = writeln!(
        page,
        "\n## What the score counts\n\nThe share that is clean of {}.",
        site.phrase()
    );
    if file.foundation {
        page.push_str("\nIt is a foundation: where it fails, most of its area's score is gone.\n");
    }
    if !file.options.is_empty() {
        page.push_str("\n## Options\n\n| Option | Default | |\n|---|---|---|\n");
        for (name, option) in &file.options {
            let _ = writeln!(page, "| `{name}` | `{}` | {} |", option.default, option.help);
        }
    }
    for (title, examples) in [("Flagged", &file.bad), ("Left alone", &file.good)] {
        if !examples.is_empty() {
            let _ = writeln!(page, "\n## {title}");
        }
        for example in examples {
            let title =
                example.title.as_deref().map_or_else(String::new, |title| format!("{title}:\n\n"));
            if !example.files.is_empty() {
                let _ = write!(page, "\n{title}");
                for (path, text) in &example.files {
                    let kind = FileKind::of(camino::Utf8Path::new(path)).unwrap_or(FileKind::Text);
                    let text = text.trim_matches('\n');
                    let _ = write!(page, "`{path}`:\n\n```{}\n{text}\n```\n\n", kind.name());
                }
                page.pop();
                continue;
            }
            let path = example.path.as_deref().map(camino::Utf8Path::new);
            let kind = path.map_or(FileKind::Python, FileKind::of_given);
            let (shown, language) = match (path, kind) {
                (Some(path), kind) if !kind.is_python() => (format!("`{path}`:\n\n"), kind.name()),
                _ => (String::new(), "python"),
            };
            let code = example.code.trim_matches('\n');
            let _ = writeln!(page, "\n{title}{shown}```{language}\n{code}\n```");
            if let Some(fixed) = &example.fixed {
                let fixed = fixed.trim_matches('\n');
                let _ = writeln!(page, "\nAfter the fix:\n\n```{language}\n{fixed}\n```");
            }
        }
    }
    let equivalents = file.equivalents().expect("checked elsewhere");
    if !equivalents.is_empty() {
        let named = |same: bool| {
            let these = equivalents.iter().filter(|(_, _, other)| *other == same);
            these.map(|(tool, code, _)| format!("{tool} {code}")).collect::<Vec<_>>().join(", ")
        };
        page.push_str("\n## In other tools\n");
        for (title, list) in [("The same", named(true)), ("Similar", named(false))] {
            if !list.is_empty() {
                let _ = writeln!(page, "\n{title}: {list}.");
            }
        }
        page.push_str("\nComments that silence one of these silence this rule.\n");
    }
    if !file.tags.is_empty() {
        let _ = writeln!(page, "\nTags: {}.", file.tags.join(", "));
    }
    page
}

#[test]
fn every_rule_keeps_the_conventions() {
    for Written { group, stem, file, has_code } in written() {
        let expect = |holds: bool, what: &str| assert!(holds, "{group}/{stem}.toml: {what}");
        expect(file.name == stem, "the name is the file's name");
        expect(
            stem.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'),
            "the name is in kebab case",
        );
        expect(Area::of_group(&group).is_some(), "its group belongs to an area");
        for (what, text) in [("summary", &file.summary), ("fix", &file.fix)] {
            expect(
                !text.ends_with('.') && !text.is_empty(),
                &format!("`{what}` ends without a full stop"),
            );
            expect(
                !text.starts_with(|c: char| c.is_uppercase()),
                &format!("`{what}` begins in lower case"),
            );
        }
        expect(
            file.why.trim_end().ends_with('.') && file.why.len() > 60,
            "`why` is whole sentences",
        );
        expect(file.site.is_some(), "it says by `site` what it judges");
        let site = file.site();
        expect(site.is_ok(), &format!("{site:?}"));
        let kinds = file.applies_to();
        expect(kinds.is_ok(), &format!("{kinds:?}"));
        let native = file.check.as_deref() == Some("native");
        expect(native == has_code, "native rules, and only they, have code beside them");
        if file.check.as_deref() != Some("engine") {
            expect(
                file.bad.len() >= 2 && file.good.len() >= 2,
                "two bad and two good examples or more",
            );
        }
        for kind in &file.nodes {
            expect(
                roadworthy_parser::kind_id(kind).is_some(),
                &format!("the grammar has nodes of kind {kind}"),
            );
        }
        expect(
            file.nodes.is_empty() || !file.triggers.is_empty(),
            "what needs a tree has triggers",
        );
    }
}

#[test]
fn the_example_of_the_score_has_rules_as_they_are() {
    let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/score.md");
    let guide = std::fs::read_to_string(guide).unwrap();
    let catalog = roadworthy_rules::catalog();
    let rows = guide.lines().filter_map(|line| {
        let (name, rest) = line.split_once("| `")?.1.split_once("` | ")?;
        let level = rest.split(" | ").next()?;
        ["error", "warning", "info"].contains(&level).then_some((name, level))
    });
    let rows: Vec<_> = rows.collect();
    assert!(rows.len() > 5, "{rows:?}");
    for (name, level) in rows {
        let rule = catalog.get(name).unwrap();
        assert_eq!((rule.severity.name(), rule.preview), (level, false), "{name}");
    }
}
