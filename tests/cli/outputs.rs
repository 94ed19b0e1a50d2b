//! Where reports go: several in one run, files that are whole or not there, the summary of a step.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use std::process::Stdio;

use crate::folder::{Folder, Ran};
use crate::{IDLE, SILENT};

pub(crate) const FORMATS: [&str; 10] = [
    "full",
    "concise",
    "json",
    "json-lines",
    "sarif",
    "github",
    "gitlab",
    "junit",
    "rdjson",
    "markdown",
];

fn summary(folder: &Folder, arguments: &[&str], file: &str) -> Ran {
    let mut command = folder.command(&[&["check"], arguments].concat());
    command.env("GITHUB_STEP_SUMMARY", folder.path().join(file)).output().unwrap().into()
}

fn text(folder: &Folder, file: &str) -> String {
    std::fs::read_to_string(folder.path().join(file)).unwrap()
}

#[test]
fn one_run_writes_several_reports() {
    let folder = Folder::new(&[("a.py", SILENT), ("out/.keep", "")]);
    let files: Vec<_> = FORMATS.iter().map(|it| format!("{it}:out/{it}")).collect();
    let outputs = files.iter().flat_map(|it| ["--output", it]);
    let arguments: Vec<_> = ["--output-format", "concise"].into_iter().chain(outputs).collect();
    for _ in 0..2 {
        folder.check(&arguments).ends(1).stays_quiet().says("a.py:4:5: warning[silent-except]");
        for format in FORMATS {
            assert!(text(&folder, &format!("out/{format}")).contains("silent-except"), "{format}");
        }
    }
    // What an earlier run wrote is no part of the project, and nothing else is left behind.
    folder.check(&arguments).says("in 1 file");
    let files = std::fs::read_dir(folder.path().join("out")).unwrap();
    assert_eq!(files.count(), FORMATS.len() + 1);
    // A file holds what standard output would.
    for format in ["sarif", "gitlab", "junit", "rdjson", "json-lines", "github"] {
        let shown = folder.check(&["--output-format", format, "a.py"]).ends(1).stdout;
        assert_eq!(shown, text(&folder, &format!("out/{format}")), "{format}");
    }
}

#[test]
fn what_cannot_be_written_is_told_before_the_run() {
    let folder = Folder::new(&[("a.py", SILENT), ("out/.keep", "")]);
    #[cfg(unix)]
    std::os::unix::fs::symlink("nowhere", folder.path().join("link")).unwrap();
    for (output, told) in [
        ("out.sarif", "give FORMAT:FILE, as in `sarif:roadworthy.sarif`"),
        ("sarf:out.sarif", "no format `sarf`; did you mean `sarif`?"),
        ("C:\\out.sarif", "no format `C`; there are full, concise"),
        ("sarif:", "no file behind `sarif:`"),
        ("sarif:out", "`out` is a folder; name a file in it"),
        ("sarif:no/such/out.sarif", "there is no folder `no/such`; make it first"),
        ("sarif:no/", "there is no folder"),
        ("sarif:a.py/out.sarif", "`a.py/out.sarif` cannot be written"),
        ("sarif:-", "sarif stands alone on standard output: choose it by --output-format"),
        ("full:-", "full stands alone on standard output"),
        #[cfg(unix)]
        ("sarif:link", "`link` is a link that leads nowhere"),
    ] {
        let ran = folder.check(&["--output", output]).ends(2).warns(told);
        assert_eq!(ran.stderr.lines().count(), 1, "{}", ran.stderr);
        assert_eq!(ran.stdout, "", "{output}");
    }
    let twice = ["--output", "sarif:x", "--output", "json:./x"];
    folder.check(&twice).ends(2).warns("the report in sarif goes to the same file");
    assert!(!folder.path().join("x").exists());
    folder.check(&["--output-format", "json", "--output", "github:-"]).ends(2).warns("json stands");
}

#[test]
fn options_that_know_few_formats_refuse_the_others() {
    let folder = Folder::new(&[("a.py", SILENT)]);
    for (arguments, told) in [
        (["--statistics", "--output-format", "sarif"], "--statistics counts and sarif lists"),
        (["--show-files", "--output-format", "gitlab"], "--show-files knows the formats full,"),
        (["--history", "--output-format", "junit"], "--history knows the formats full,"),
        (["--show-files", "--output", "json:x"], "--show-files writes one report"),
        (["--show-settings", "--output", "json:x"], "--show-settings writes one report"),
        (["--history", "--output", "json:x"], "--history writes one report"),
    ] {
        folder.check(&arguments).ends(2).warns(told);
    }
    // A further report is whole, whatever is shown.
    folder.check(&["--statistics", "--output", "concise:x"]).ends(1).says("silent-except");
    assert!(text(&folder, "x").contains("a.py:4:5"));
    let table = folder.check(&["--statistics", "--output-format", "markdown"]).ends(1);
    assert!(table.stdout.contains("silent-except") && !table.stdout.contains("a.py"));
}

#[test]
#[cfg(target_os = "linux")]
fn a_report_that_fails_does_not_lose_the_others() {
    let folder = Folder::new(&[("a.py", SILENT)]);
    let outputs = ["--output", "json:/dev/full", "--output", "sarif:x.sarif"];
    let ran = folder.check(&outputs).ends(2).says("silent-except");
    ran.warns("--output json:/dev/full: `/dev/full` cannot be written");
    assert!(text(&folder, "x.sarif").contains("silent-except"));
    folder.check(&["--output", "json:/dev/null"]).ends(1).stays_quiet();
}

#[test]
#[cfg(unix)]
fn a_report_replaces_what_a_link_leads_to() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = Folder::new(&[("a.py", SILENT), ("real/x", "old")]);
    let real = folder.path().join("real/x");
    std::os::unix::fs::symlink("real/x", folder.path().join("x")).unwrap();
    std::fs::set_permissions(&real, std::fs::Permissions::from_mode(0o640)).unwrap();
    folder.check(&["--output", "json:x"]).ends(1);
    assert!(folder.path().join("x").is_symlink());
    assert!(text(&folder, "real/x").contains("silent-except"));
    assert_eq!(real.metadata().unwrap().permissions().mode() & 0o777, 0o640);
}

#[test]
fn people_may_be_told_twice_on_standard_output() {
    let folder = Folder::new(&[("a.py", SILENT)]);
    let ran = folder.check(&["--output", "github:-"]).ends(1);
    ran.says("warning[silent-except]").says("::warning file=a.py,line=4,");
}

#[test]
fn formats_change_no_exit_code() {
    let folder = Folder::new(&[("a.py", IDLE), ("clean.py", "x = 1\n")]);
    for format in FORMATS {
        let check =
            |arguments: &[&str]| folder.check(&[&["--output-format", format], arguments].concat());
        check(&[]).ends(1).stays_quiet();
        check(&["--fail-on", "error"]).ends(0).stays_quiet();
        check(&["--exit-zero"]).ends(0);
        check(&["clean.py"]).ends(0).stays_quiet();
        check(&["missing.py"]).ends(2);
    }
}

#[test]
fn a_closed_pipe_is_a_quiet_end_of_every_format() {
    let folder = Folder::new(&[("a.py", &IDLE.repeat(3000))]);
    for format in FORMATS {
        let mut command = folder.command(&["check", "--output-format", format]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{format}");
        assert_eq!(output.status.code(), Some(1), "{format}");
    }
}

#[test]
fn the_summary_of_a_step_is_appended() {
    let folder = Folder::new(&[("a.py", SILENT), ("held.md", "# Before\n")]);
    for _ in 0..2 {
        summary(&folder, &[], "held.md").ends(1).stays_quiet().says("silent-except");
    }
    let held = text(&folder, "held.md");
    assert!(held.starts_with("# Before\n\n## Roadworthy fails: 1 warning at or above warning\n"));
    assert_eq!(held.matches("## Roadworthy").count(), 2);
    assert!(held.contains("<details>") && held.contains("<code>a&#46;py") || held.contains("a.py"));
    summary(&folder, &["--no-step-summary"], "other.md").ends(1).stays_quiet();
    summary(&folder, &["--show-files"], "other.md").ends(0).stays_quiet();
    assert!(!folder.path().join("other.md").exists());
    // An extra must not change how a run ends.
    let ran = summary(&folder, &[], "no/such/folder.md").ends(1);
    ran.warns("the summary of the step is not written").warns("--no-step-summary");
}

#[test]
fn the_summary_of_a_step_stays_below_what_github_shows() {
    let folder = Folder::new(&[("a.py", &IDLE.repeat(8000))]);
    summary(&folder, &["--statistics"], "new.md").ends(1).stays_quiet();
    let new = text(&folder, "new.md");
    assert!((800_000..=900_000).contains(&new.len()), "{}", new.len());
    assert!(new.contains("more findings: ") && new.ends_with("</details>\n"));
    folder.write("large.md", &vec![b'x'; (1 << 20) - 5000]);
    summary(&folder, &["--statistics"], "large.md").ends(1).stays_quiet();
    let large = text(&folder, "large.md");
    assert!(large.len() > (1 << 20) - 1000 && large.len() <= 1 << 20, "{}", large.len());
    assert!(large.ends_with("</details>\n"));
    folder.write("full.md", &vec![b'x'; (1 << 20) - 100]);
    summary(&folder, &["--statistics"], "full.md").ends(1).warns("other reports fill it");
    assert_eq!(text(&folder, "full.md").len(), (1 << 20) - 100);
}

#[test]
fn findings_are_linked_where_the_surroundings_tell_their_page() {
    let folder = Folder::new(&[("sub/a.py", SILENT), (".git/HEAD", "")]);
    let mut command = folder.command(&["check", "--output-format", "markdown"]);
    command.current_dir(folder.path().join("sub"));
    command.env("GITHUB_SERVER_URL", "https://github.com").env("GITHUB_REPOSITORY", "acme/shop");
    let ran: Ran = command.env("GITHUB_SHA", "abc123").output().unwrap().into();
    ran.says("<a href=\"https://github.com/acme/shop/blob/abc123/sub/a.py#L4-L5\">");
}
