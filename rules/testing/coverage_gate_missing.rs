//! See `coverage-gate-missing.toml`: where coverage is measured, and what would fail if it fell.

use roadworthy_engine::{ProjectReporter, Report};
use roadworthy_project::facts::ci::{CiModel, Step, ToolKind, tools};
use roadworthy_project::facts::value::Value;
use roadworthy_project::{Facts, Place};

use crate::shared::delivery::manifest_places::folders;

pub(super) fn check(facts: &Facts<'_>, out: &mut ProjectReporter<'_>) {
    let ci = facts.ci();
    if !ci.unknown.is_empty() || ci.pipelines.is_empty() || is_judged(facts, ci) {
        return;
    }
    if let Some(place) = measured(ci) {
        let gate = gate(facts);
        if gate.is_some_and(|it| it > 0.0) {
            return;
        }
        let message = match gate {
            Some(_) => "coverage is measured here, and the gate of 0 lets everything through",
            None => "coverage is measured here, and nothing fails when it falls",
        };
        out.report(&place.path, Report::at(place.span).message(message));
    }
}

/// Where a job first measures coverage.
fn measured(ci: &CiModel) -> Option<Place> {
    let commands = ci.commands().filter(|it| it.runs_tests());
    let mut measuring = commands.filter(|it| {
        let by_runner = it.runners.iter().any(|it| it.starts_with("coverage run"));
        by_runner || it.words.iter().any(|word| word == "--cov" || word.starts_with("--cov="))
    });
    measuring.next().map(|it| it.place.clone())
}

/// Whether a service or another tool judges it, or a command holds a threshold.
fn is_judged(facts: &Facts<'_>, ci: &CiModel) -> bool {
    let services = || tools().iter().filter(|it| it.is(ToolKind::Coverage));
    let steps = ci.pipelines.iter().flat_map(|it| &it.jobs).flat_map(|it| &it.steps);
    let by_step = steps.flat_map(Step::tools).any(|it| it.is(ToolKind::Coverage));
    let mut files = services().flat_map(|it| &it.files);
    let by_file = files
        .any(|name| folders(facts).iter().any(|folder| facts.tree().is_file(&folder.join(name))));
    // Services are called in more ways than a table has, and so are thresholds.
    let names = [
        "codecov",
        "coveralls",
        "sonar",
        "fail-under",
        "fail_under",
        "diff-cover",
        "codacy",
        "codeclimate",
        "deepsource",
        "threshold",
        "minimum_coverage",
        "coverage-comment",
        "octocov",
        "percent_covered",
        "coverage-action",
    ];
    by_step
        || by_file
        || names.iter().any(|name| ci.mentions(facts, name))
        || ci.commands().any(|it| threshold(&it.words))
}

/// `--cov-fail-under=80`, `coverage report --fail-under 80`
fn threshold(words: &[String]) -> bool {
    let mut words = words.iter();
    words.any(|word| word.contains("fail-under") && !word.ends_with("=0"))
}

/// The highest threshold of the configuration. Source:
/// <https://coverage.readthedocs.io/en/latest/config.html#report-fail-under>
fn gate(facts: &Facts<'_>) -> Option<f64> {
    let number = |value: Option<&Value>| value?.scalar()?.trim().parse::<f64>().ok();
    // The option of pytest for every run, whose number is not looked for.
    let option = |text: &str| text.contains("--cov-fail-under").then_some(100.0);
    let mut found: Vec<f64> = Vec::new();
    for folder in folders(facts) {
        if let Some(document) = facts.toml(&folder.join("pyproject.toml")).whole() {
            let value = document.value();
            found.extend(number(
                value.and_then(|it| it.at(&["tool", "coverage", "report", "fail_under"])),
            ));
            found.extend(option(document.text()));
        }
        let inis = [
            (".coveragerc", "report"),
            ("setup.cfg", "coverage:report"),
            ("tox.ini", "coverage:report"),
            ("pytest.ini", ""),
        ];
        for (name, section) in inis {
            let Some(document) = facts.ini(&folder.join(name)).whole() else { continue };
            found.extend(number(document.value().and_then(|it| it.at(&[section, "fail_under"]))));
            found.extend(option(document.text()));
        }
    }
    found.into_iter().reduce(f64::max)
}
