//! Rules about the project, run on projects in memory.

use camino::Utf8Path;
use roadworthy_parser::Span;
use roadworthy_project::{Facts, KindSet, Project, Repositories, Role, RoleSet};

use crate::{
    Area, Catalog, Check, Outcome, ProjectReporter, Report, Rule, RunOptions, Scope, Settings,
    Severity, Subject, lint, run,
};

static LATEST: Rule = Rule {
    name: "floating-tag",
    group: "cloud",
    area: Area::Cloud,
    summary: "latest is no version",
    fix: "name one",
    severity: Severity::Warning,
    foundation: false,
    preview: false,
    fold: None,
    hides_text: false,
    scope: Scope::Project,
    site: crate::SiteKind::Component,
    applies_to: KindSet::ALL,
    roles: RoleSet::of(&[Role::Test]).complement(),
    triggers: &[],
    check: Check::Project(find_latest),
    equivalents: &[],
    tags: &[],
    options: &[],
    source: "",
};
static UNPARSABLE: Rule = Rule {
    name: "unparsable-file",
    group: "files",
    roles: RoleSet::ALL,
    check: Check::Engine,
    scope: Scope::Outline,
    ..LATEST
};
static FAULTY: Rule = Rule { name: "faulty", check: Check::Project(fail), ..LATEST };

/// Finds a word in whatever file holds it, and looks into workflows.
fn find_latest(facts: &Facts<'_>, out: &mut ProjectReporter<'_>) {
    for path in facts.tree().files() {
        if path.extension() == Some("yml") {
            facts.yaml(path);
        }
        let Some(document) = facts.text(path).whole() else { continue };
        for (at, word) in document.text().match_indices("latest") {
            let span = Span::new(at as u32, (at + word.len()) as u32);
            out.report(path, Report::at(span));
        }
    }
}

fn fail(facts: &Facts<'_>, _: &mut ProjectReporter<'_>) {
    assert!(facts.tree().files().next().is_none(), "always fails");
}

fn told(outcome: &Outcome) -> Vec<String> {
    let one = |it: &crate::Finding| {
        format!("{}:{}:{} {}", it.path, it.start.line, it.start.column, it.rule.name)
    };
    outcome.findings.iter().map(one).collect()
}

fn judged(files: &[(&str, &str)]) -> Outcome {
    let catalog = Catalog::new([&LATEST, &UNPARSABLE]);
    let project = Project::in_memory(files.iter().map(|&(path, text)| (path, text)));
    lint(&project, &catalog, &Settings::of_all(&catalog), RunOptions::default())
}

#[test]
fn findings_stand_in_files_whatever_they_are() {
    let outcome = judged(&[
        ("Dockerfile", "FROM python:3.13\nFROM a:latest\n"),
        ("Makefile", "up:\n\tdocker run b:latest\n"),
        ("uv.lock", "latest"),
        ("app.py", "x = 'latest'\n"),
        ("tests/Dockerfile", "FROM a:latest\n"),
    ]);
    let expected = ["Dockerfile:2:8", "Makefile:2:15", "app.py:1:6", "uv.lock:1:1"];
    assert_eq!(told(&outcome), expected.map(|place| format!("{place} floating-tag")));
    let paths: Vec<_> = outcome.files.iter().map(|file| file.path.as_str()).collect();
    assert!(paths.is_sorted() && paths.contains(&"Makefile"), "{paths:?}");
    assert_eq!(outcome.beside.len(), 2);
}

#[test]
fn comments_silence_them_and_are_used() {
    let outcome = judged(&[(
        "Dockerfile",
        "FROM a:latest  # roadworthy: ignore[floating-tag] the newest is what is wanted\nFROM b:latest\n",
    )]);
    assert_eq!(told(&outcome), ["Dockerfile:2:8 floating-tag"]);
    assert_eq!(outcome.suppressed.len(), 1);
}

#[test]
fn a_file_that_is_not_what_it_says_is_a_finding() {
    let outcome = judged(&[("a.yml", "a:\n\tb: 1\n"), ("app.py", "")]);
    let [finding] = outcome.findings.as_slice() else { panic!("{:?}", told(&outcome)) };
    assert_eq!((finding.rule.name, finding.start.line), ("unparsable-file", 2));
    assert!(finding.message.starts_with("file is not valid YAML: tab"), "{}", finding.message);
}

#[test]
fn of_a_part_of_a_project_only_its_files_are_spoken_of_in_the_light_of_all() {
    let catalog = Catalog::new([&LATEST]);
    let files =
        [("Dockerfile", "FROM a:latest\n"), ("b.Dockerfile", "FROM b:latest\n"), ("a.py", "")];
    let whole = Project::in_memory(files);
    let read = |path: &Utf8Path| whole.read_bytes(path);
    let facts = Repositories::new(&whole, &read, None);
    let mut part = Project::in_memory(files);
    part.files.retain(|file| file.path == "Dockerfile");
    let settings = [Settings::of_all(&catalog)];
    let subject = Subject { project: &part, facts: Some(&facts) };
    let text = |file: &roadworthy_project::File| part.read(file);
    let outcome = run(subject, &catalog, &settings, &|_| 0, &text, RunOptions::default(), &());
    assert_eq!(told(&outcome), ["Dockerfile:1:8 floating-tag"]);
}

#[test]
fn a_rule_that_fails_is_a_fault_and_hides_no_finding() {
    let catalog = Catalog::new([&LATEST, &FAULTY]);
    let project = Project::in_memory([("Dockerfile", "FROM a:latest\n")]);
    let outcome = lint(&project, &catalog, &Settings::of_all(&catalog), RunOptions::default());
    assert_eq!(told(&outcome), ["Dockerfile:1:8 floating-tag"]);
    assert!(outcome.faults[0].contains("faulty"), "{:?}", outcome.faults);
}

#[test]
fn nothing_to_judge_is_no_fault() {
    assert!(told(&judged(&[("Makefile", "latest")])).is_empty());
    assert!(told(&judged(&[])).is_empty());
}
