//! `init`: what it writes, that this works, and that nothing which exists is changed.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use std::fs;

use crate::SILENT;
use crate::folder::Folder;

const HOOKS: &str = ".pre-commit-config.yaml";
const WORKFLOW: &str = ".github/workflows/roadworthy.yml";

fn read(folder: &Folder, path: &str) -> String {
    fs::read_to_string(folder.path().join(path)).unwrap()
}

fn is_there(folder: &Folder, path: &str) -> bool {
    folder.path().join(path).symlink_metadata().is_ok()
}

#[test]
fn a_repository_on_github_gets_all_three_and_works_at_once() {
    let folder = Folder::new(&[
        (".git/HEAD", "ref: refs/heads/fix-it\n"),
        (".git/config", "[remote \"origin\"]\nurl = git@github.com:acme/shop.git\n"),
        (".git/refs/remotes/origin/HEAD", "ref: refs/remotes/origin/trunk\n"),
        ("a.py", SILENT),
        ("scripts/b.py", "x = 1\n"),
    ]);
    let version = env!("CARGO_PKG_VERSION");
    let before = folder.check(&["--output-format", "json"]).ends(1).json()["findings"].clone();
    let ran = folder.run(&["init"]).ends(0).stays_quiet();
    let wanted = format!(
        "wrote  roadworthy.toml\nwrote  {HOOKS}\nwrote  {WORKFLOW}\nnext   roadworthy check\n"
    );
    assert_eq!(ran.stdout, wanted);
    assert!(read(&folder, "roadworthy.toml").contains("#\"scripts/*.py\" = "));
    let hooks = read(&folder, HOOKS);
    assert!(
        hooks.contains("\nrepos:\n  - repo: https://github.com/roadworthy/roadworthy-pre-commit\n"),
        "{hooks}"
    );
    assert!(hooks.contains(&format!("    rev: v{version}\n")), "{hooks}");
    let workflow = read(&folder, WORKFLOW);
    assert!(workflow.contains("branches: [\"trunk\"]\n"), "{workflow}");
    assert!(workflow.contains(&format!("uses: roadworthy/roadworthy@v{version} ")), "{workflow}");
    // A configuration of comments changes nothing.
    let after = folder.check(&["--output-format", "json"]).ends(1).json()["findings"].clone();
    assert_eq!(after, before);

    let texts =
        || [read(&folder, "roadworthy.toml"), read(&folder, HOOKS), read(&folder, WORKFLOW)];
    let first = texts();
    let again = folder.run(&["init", "."]).ends(0).stays_quiet();
    assert_eq!(
        again.stdout,
        format!(
            "left   roadworthy.toml: it exists\nleft   {HOOKS}: it has the hook\n\
             left   {WORKFLOW}: roadworthy.yml runs it\nnext   roadworthy check\n"
        )
    );
    assert_eq!(texts(), first);
}

#[test]
fn every_line_of_the_configuration_is_a_comment_and_holds_without_its_mark() {
    let folder = Folder::new(&[("a.py", "x = 1\n")]);
    folder.run(&["init"]).ends(0);
    let text = read(&folder, "roadworthy.toml");
    assert!(text.lines().all(|line| line.is_empty() || line.starts_with('#')), "{text}");
    let uncommented = |line: &str| match line.strip_prefix('#') {
        Some(rest) if !rest.starts_with([' ', ':']) => rest.to_owned(),
        _ => line.to_owned(),
    };
    let active: Vec<_> = text.lines().map(uncommented).collect();
    folder.write("roadworthy.toml", active.join("\n").as_bytes());
    let shown = folder.check(&["--show-settings", "--output-format", "json"]).ends(0).json();
    let settings = shown["configurations"][0]["settings"].as_object().unwrap();
    let said =
        settings.values().filter(|setting| setting["from"] != serde_json::json!(["default"]));
    assert!(said.count() > 10, "{settings:?}");
    // What must not be switched on as it stands is at least told.
    for key in settings.keys() {
        assert!(text.contains(key.as_str()), "{key}");
    }
}

#[test]
fn what_exists_stays_and_what_to_add_is_said() {
    let folder = Folder::new(&[
        (".git/HEAD", "ref: refs/heads/master\n"),
        (".github/dependabot.yml", ""),
        (HOOKS, "repos: []\n"),
        ("pyproject.toml", "[tool.roadworthy]\nfail-on = 'error'\n"),
    ]);
    let ran = folder.run(&["init"]).ends(0).stays_quiet();
    let ran = ran.says("left   roadworthy.toml: pyproject.toml has a table [tool.roadworthy]\n");
    let ran =
        ran.says("left   .pre-commit-config.yaml: it exists; add these lines below `repos:`\n");
    ran.says("      - repo: https://github.com/roadworthy/roadworthy-pre-commit\n")
        .says(&format!("wrote  {WORKFLOW}\n"));
    assert_eq!(read(&folder, HOOKS), "repos: []\n");
    assert!(!is_there(&folder, "roadworthy.toml"));
    assert!(read(&folder, WORKFLOW).contains("branches: [\"master\"]"));
}

#[test]
fn a_folder_of_a_repository_gets_what_belongs_to_it() {
    let folder = Folder::new(&[(".git/HEAD", ""), ("services/shop/a.py", "x = 1\n")]);
    let ran = folder.run(&["init", "services/shop"]).ends(0).stays_quiet();
    let ran = ran.says("wrote  roadworthy.toml\n");
    ran.says("left   .pre-commit-config.yaml: it belongs to the root of the repository; run `roadworthy init ../..`\n");
    assert!(is_there(&folder, "services/shop/roadworthy.toml"));
    assert!(!is_there(&folder, "services/shop/.github") && !is_there(&folder, HOOKS));

    // A file of comments would end what holds there.
    let folder = Folder::new(&[
        (".git/HEAD", ""),
        ("pyproject.toml", "[tool.roadworthy]\n"),
        ("services/shop/a.py", "x = 1\n"),
    ]);
    let ran = folder.run(&["init", "services/shop"]).ends(0);
    ran.says("left   roadworthy.toml: `../../pyproject.toml` holds here; where something shall differ, write one with `extend = \"../../pyproject.toml\"`\n");
    assert!(!is_there(&folder, "services/shop/roadworthy.toml"));
}

#[test]
fn without_git_or_github_nothing_is_written_for_them() {
    let folder = Folder::new(&[("a.py", "x = 1\n")]);
    let ran = folder.run(&["init"]).ends(0).says("wrote  roadworthy.toml\n");
    ran.says("left   .pre-commit-config.yaml: there is no git repository here");
    assert!(!is_there(&folder, HOOKS) && !is_there(&folder, ".github"));
    let folder = Folder::new(&[(".git/HEAD", "")]);
    let ran = folder.run(&["init"]).ends(0).says("wrote  .pre-commit-config.yaml\n");
    ran.says(
        "left   .github/workflows/roadworthy.yml: nothing shows that the project is on GitHub",
    );
    folder
        .run(&["init", "nope"])
        .ends(2)
        .warns("init: `nope` does not exist; give the folder of a project");
    folder.write("a.py", b"");
    folder.run(&["init", "a.py"]).ends(2).warns("init: `a.py` is no folder");
}

#[cfg(unix)]
#[test]
fn links_that_lead_nowhere_are_not_written_through() {
    let folder = Folder::new(&[(".git/HEAD", "")]);
    std::os::unix::fs::symlink("elsewhere.toml", folder.path().join("roadworthy.toml")).unwrap();
    folder.run(&["init"]).ends(0).says("left   roadworthy.toml: it exists\n");
    assert!(!is_there(&folder, "elsewhere.toml"));
}
