//! The example of `docs/score.md` is what the sums give. `SNAPSHOTS=overwrite cargo test` writes it anew.

mod cases;

use std::fmt::Write;
use std::iter;
use std::path::Path;

use roadworthy_engine::{Area, Severity};
use roadworthy_verdict::{AreaScore, AreaState, ComponentVerdict, Profile, RuleEvidence};

use Severity::{Error, Info, Warning};
use cases::{clean, component, open, tally, verdict};

const BEGIN: &str = "<!-- example -->\n";
const END: &str = "<!-- /example -->\n";

fn example() -> ComponentVerdict {
    let mut broad = open("broad-except-loses-traceback", Area::Code, Warning, 58, 9);
    broad.sites.open.infos = 2;
    broad.sites.accepted = tally(Warning, 4);
    let entered = open("cached-coroutine", Area::Code, Error, 58, 5);
    let hints = open("missing-type-hints", Area::Code, Info, 250, 70);
    let mut naive = open("naive-datetime", Area::Data, Warning, 20, 2);
    naive.sites.accepted = tally(Warning, 8);
    let timeout = open("call-without-timeout", Area::Code, Warning, 40, 3);
    let rules: Vec<RuleEvidence> = vec![
        entered,
        clean("assert-as-runtime-check", Area::Code, Info, 14),
        clean("bare-except", Area::Code, Warning, 58),
        broad,
        timeout,
        hints,
        clean("sql-built-from-strings", Area::Data, Error, 12),
        naive,
        clean("tests-never-run-in-ci", Area::Testing, Warning, 1),
        open("unlocked-application", Area::Collaboration, Warning, 1, 1),
        clean("no-vulnerability-audit", Area::Collaboration, Info, 1),
    ];
    verdict(&component(Profile::Service, rules))
}

/// What each failed rule of an area takes.
fn takes(area: &AreaScore) -> impl Iterator<Item = f64> {
    area.rules.iter().map(|rule| rule.takes).filter(|takes| *takes > 0.0)
}

fn written(verdict: &ComponentVerdict) -> String {
    let mut text = String::from(
        "| Area | Rule | Level | Sites | Open | Accepted | Grade | Takes |\n\
         |---|---|---|---|---|---|---|---|\n",
    );
    let assessed: Vec<&AreaScore> =
        verdict.areas.iter().filter(|area| area.score().is_some()).collect();
    for area in &assessed {
        for rule in &area.rules {
            let (name, level, judged, open) = (rule.rule, rule.severity, rule.judged, rule.open);
            let (accepted, grade, takes) = (rule.accepted, rule.grade, rule.takes);
            writeln!(
                text,
                "| {} | `{name}` | {level} | {judged} | {open} | {accepted} | {grade:.3} | {takes:.3} |",
                area.area.title(),
            )
            .expect("text takes all");
        }
    }
    text.push_str("\n| Area | Weight | What is left | Number |\n|---|---|---|---|\n");
    for area in &assessed {
        let AreaState::Assessed { score, cap, .. } = &area.state else { continue };
        let left = takes(area).map(|takes| format!("{:.3}", 1.0 - takes));
        let left = iter::once("100".to_owned()).chain(left).collect::<Vec<_>>().join(" × ");
        let capped = match cap {
            Some(cap) => {
                format!(" (at most {}, as `{}` has an open error)", cap.at, cap.rules.join("`, `"))
            }
            None => String::new(),
        };
        let title = area.area.title();
        writeln!(text, "| {title} | {} | {left} | **{}**{capped} |", area.weight, score.value)
            .expect("text takes all");
    }
    let value = |area: &&AreaScore| area.score().expect("assessed").value;
    let weights: u32 = assessed.iter().map(|area| area.weight).sum();
    let parts: u32 = assessed.iter().map(|area| area.weight * value(area)).sum();
    let lowest = assessed.iter().map(value).min().expect("some are");
    let score = verdict.score.expect("assessed");
    let mean = f64::from(parts) / f64::from(weights);
    writeln!(
        text,
        "\nThe mean is {parts} / {weights} = {mean:.2}, the lowest {lowest}, and the whole\n\
         0.5 × {mean:.2} + 0.5 × {lowest} = **{}**, or {} if no suppression is believed. The level is `{}`: {}.\n\
         To mend first:\n",
        score.value,
        score.unbelieved,
        verdict.level.expect("assessed"),
        verdict.in_the_way.as_deref().expect("something is"),
    )
    .expect("text takes all");
    for gain in &verdict.gains {
        writeln!(
            text,
            "- `{}`: {:.2} points, and {:.2} for its area",
            gain.rule, gain.points, gain.area_points
        )
        .expect("text takes all");
    }
    text
}

#[test]
fn the_guide_is_what_the_sums_give() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/score.md");
    let guide = std::fs::read_to_string(&path).expect("the guide is there");
    for profile in
        [Profile::Service, Profile::AiApp, Profile::Pipeline, Profile::Cli, Profile::Library]
    {
        let weights = Area::ALL.map(|area| profile.weight(area));
        assert_eq!(weights.iter().sum::<u32>(), 100);
        let weights = weights.map(|weight| weight.to_string()).join(" | ");
        assert!(guide.contains(&format!("| {} | {weights} |\n", profile.name())));
    }
    let (before, rest) = guide.split_once(BEGIN).expect("the example begins");
    let (found, after) = rest.split_once(END).expect("the example ends");
    let expected = format!("\n{}\n", written(&example()));
    if std::env::var("SNAPSHOTS").is_ok_and(|value| value == "overwrite") {
        let guide = format!("{before}{BEGIN}{expected}{END}{after}");
        std::fs::write(&path, guide).expect("the guide can be written");
    } else {
        assert_eq!(found, expected, "run `SNAPSHOTS=overwrite cargo test` and commit what changes");
    }
}
