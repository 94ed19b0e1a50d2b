//! A fault in a rule: its message may quote the text that was judged, and must go nowhere.

use std::process::Command;

use roadworthy_engine::{Area, Check, FileContext, Reporter, Rule, Scope, Severity};
use roadworthy_project::{KindSet, RoleSet};

use super::folder::{Folder, Ran};
use super::values::Canaries;
use super::{FORMATS, look};

/// Set for the process that plays the program.
const ARGUMENTS: &str = "CANARY_ARGUMENTS";

static FAULTY: Rule = Rule {
    name: "faulty",
    group: "errors",
    area: Area::Code,
    summary: "fails",
    fix: "",
    severity: Severity::Error,
    foundation: false,
    preview: false,
    fold: None,
    hides_text: false,
    scope: Scope::Outline,
    site: roadworthy_engine::SiteKind::File,
    applies_to: KindSet::ALL,
    roles: RoleSet::ALL,
    triggers: &[],
    check: Check::Outline(fail),
    equivalents: &[],
    tags: &[],
    options: &[],
    source: "",
};

/// Fails as code does that shows what it did not expect.
fn fail(file: &FileContext<'_>, _: &mut Reporter<'_>) {
    let text = file.source.text();
    let parsed: Result<u8, _> = text.parse::<u8>().map_err(|error| format!("{error}: {text}"));
    match text.len() % 3 {
        0 => assert_eq!(text, "expected", "{text}"),
        1 => drop(parsed.expect(text)),
        _ => panic!("{text}"),
    }
}

/// Not a test of its own: the program with a faulty rule, in a process of its own, as a panic hook is for all threads.
#[test]
fn program_with_a_faulty_rule() {
    let Ok(arguments) = std::env::var(ARGUMENTS) else { return };
    let arguments = arguments.split('\n').map(std::ffi::OsString::from);
    let catalog = roadworthy_rules::catalog().with([&FAULTY]);
    let code = roadworthy_cli::run(arguments, catalog);
    // The exit code has no public value; it is told by its text.
    assert_eq!(format!("{code:?}"), format!("{:?}", std::process::ExitCode::from(2)));
}

#[test]
fn a_fault_in_a_rule_shows_its_place_alone() {
    let mut canaries = Canaries::new();
    let folder = Folder::new(&[]);
    for number in 0..6 {
        let password = canaries.password("a file that a rule fails on");
        let code = format!("password = \"{password}\"{}\n", " ".repeat(number));
        folder.write(&format!("f{number}.py"), code.as_bytes());
    }
    for format in FORMATS {
        for way in ["--verbose", "--pedantic", "--threads=1"] {
            let arguments = ["roadworthy", "check", "--output-format", format, way].join("\n");
            let mut command = Command::new(std::env::current_exe().unwrap());
            command.args(["--exact", "panics::program_with_a_faulty_rule", "--nocapture"]);
            command.env(ARGUMENTS, arguments).env("RUST_BACKTRACE", "1").current_dir(folder.path());
            let ran = Ran::from(command.output().unwrap());
            assert_eq!(ran.code, Some(0), "{}", ran.stdout);
            assert!(
                ran.stderr.contains("internal fault at tests/canary/panics.rs"),
                "{}",
                ran.stderr
            );
            assert!(ran.stderr.contains("roadworthy itself failed on f0.py"), "{}", ran.stderr);
            let quiet = Ran { stderr: ran.stderr.replace("internal fault", ""), ..ran };
            look(&canaries, &quiet, &format!("{format} {way}"));
        }
    }
    canaries.assert_silent();
}
