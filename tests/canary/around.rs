//! What is told of the surroundings of the code by other ways than a report: facts, baselines, comments, changes.

use std::collections::BTreeSet;
use std::process::Command;

use super::folder::Folder;
use super::surroundings::{AS_OF, REPOSITORIES, plant_around};
use super::values::Canaries;
use super::{FORMATS, files, look};

fn planted(repository: &str) -> (Folder, Canaries) {
    let mut canaries = Canaries::new();
    let folder = Folder::new(&[]);
    plant_around(repository, &folder, &mut canaries);
    (folder, canaries)
}

#[test]
fn facts_show_no_value() {
    for repository in REPOSITORIES {
        let (folder, canaries) = planted(repository);
        for more in [
            &["--output-format", "full"][..],
            &["--output-format", "json"],
            &["--color", "always"],
            &["--isolated", "."],
        ] {
            let ran = folder.run(&[&["facts"], more].concat());
            look(&canaries, &ran, &format!("facts {}", more.join(" ")));
            let ran = ran.ends(0);
            // Facts that tell nothing leak nothing.
            assert!(ran.stdout.contains("uvicorn") && ran.stdout.contains("pip install"));
        }
        canaries.assert_silent();
    }
}

#[test]
fn a_description_of_a_rule_knows_nothing_of_the_project() {
    let (folder, canaries) = planted(REPOSITORIES[0]);
    for rule in ["unlocked-application", "base-image-unpinned", "env-example-drift"] {
        let ran = folder.run(&["explain", rule]).ends(0);
        look(&canaries, &ran, rule);
    }
    canaries.assert_silent();
}

#[test]
fn a_baseline_of_the_surroundings_holds_no_value() {
    for repository in REPOSITORIES {
        let (folder, canaries) = planted(repository);
        let path = folder.path().join("roadworthy-baseline.jsonl");
        for way in [&["--every-site"][..], &["--pedantic"]] {
            let ran = folder.check(&[&["--update-baseline"], way, &AS_OF[..]].concat());
            look(&canaries, &ran, "--update-baseline");
            let text = std::fs::read_to_string(&path).unwrap();
            assert!(text.lines().count() > 15, "{text}");
            canaries.look(text.as_bytes(), &format!("baseline of {}", way.join(" ")));
            for more in [&["--baseline", "roadworthy-baseline.jsonl"][..], &["--prune-baseline"]] {
                let ran = folder.check(&[more, way, &AS_OF[..]].concat());
                look(&canaries, &ran, more[0]);
            }
        }
        canaries.assert_silent();
    }
}

/// What a line has that none of the earlier lines has.
fn added<'l>(line: &'l str, before: &BTreeSet<&str>) -> &'l str {
    let whole = before.iter().filter_map(|earlier| line.strip_prefix(earlier));
    whole.min_by_key(|rest| rest.len()).unwrap_or(line)
}

#[test]
fn a_comment_repeats_no_value() {
    for repository in REPOSITORIES {
        let (folder, canaries) = planted(repository);
        let texts = || -> Vec<(String, String)> {
            let paths = files(folder.path()).into_iter();
            paths
                .map(|it| (std::fs::read_to_string(folder.path().join(&it)).unwrap(), it))
                .collect()
        };
        let before = texts();
        for format in FORMATS {
            let comment = ["--add-ignore", "known since the audit", "--output-format", format];
            look(&canaries, &folder.check(&[&comment, &AS_OF[..]].concat()), "--add-ignore");
        }
        let mut comments = 0;
        for ((before, path), (after, _)) in before.iter().zip(texts()) {
            let lines: BTreeSet<&str> = before.lines().collect();
            for line in after.lines().filter(|line| !lines.contains(line)) {
                comments += 1;
                canaries.look(added(line, &lines).as_bytes(), &format!("a comment in {path}"));
            }
        }
        assert!(comments > 10, "{comments} comments");
        canaries.assert_silent();
    }
}

#[test]
fn a_change_shows_no_value() {
    for repository in REPOSITORIES {
        let (folder, mut canaries) = planted(repository);
        let git = |arguments: &[&str]| {
            let mut command = Command::new("git");
            command.current_dir(folder.path()).args([
                "-c",
                "user.name=Jo",
                "-c",
                "user.email=jo@a.b",
            ]);
            command.args(["-c", "commit.gpgSign=false"]).args(arguments);
            command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_SYSTEM", "/dev/null");
            assert!(command.output().unwrap().status.success(), "{arguments:?}");
        };
        git(&["init", "--quiet", "."]);
        git(&["add", "--all", "--force", "."]);
        git(&["commit", "--quiet", "--message", "work"]);
        plant_around(repository, &folder, &mut canaries);
        for format in FORMATS {
            for more in ["--diff=HEAD", "--staged"] {
                let ran = folder.check(&[more, "--output-format", format, "--pedantic"]);
                look(&canaries, &ran, more);
                assert_eq!(ran.code, Some(i32::from(more != "--staged")), "{}", ran.stderr);
            }
        }
        git(&["add", "--all", "--force", "."]);
        look(&canaries, &folder.check(&["--staged", "--every-site"]), "--staged");
        canaries.assert_silent();
    }
}
