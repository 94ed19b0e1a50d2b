//! `check --diff`: what counts as brought by a change, in real repositories.

use super::folder::{Folder, Ran};
use super::repository::{JSON, NONE, Repo, git_in, loud, places, silent};

#[test]
fn lines_that_were_added_or_changed_are_shown() {
    let repo = Repo::with(&[("a.py", &(silent("a") + &silent("b"))), ("c.py", &silent("c"))]);
    assert_eq!(repo.found(&["--diff", "HEAD"]), NONE);
    repo.check(&["--diff", "HEAD"]).ends(0).warns("note: nothing was judged: no file changed");
    repo.check(&["--diff", "HEAD", "--strict"]).ends(0);
    // Moved down by an addition that holds the same text.
    repo.write("a.py", &(silent("new") + &silent("a") + &silent("b")));
    assert_eq!(repo.found(&["--diff", "HEAD"]), ["a.py:4"]);
    assert_eq!(repo.unchanged(&["--diff", "HEAD"]), 2);
    repo.check(&["--diff", "HEAD"])
        .ends(1)
        .stays_quiet()
        .says("Found 1 warning in 1 file")
        .says("(2 there before the change)");
    let changed = silent("a").replace("except Exception:", "except Exception as _error:");
    repo.write("a.py", &(changed + &silent("b")));
    assert_eq!(repo.found(&["--diff", "HEAD"]), ["a.py:4"]);
    // Without the option nothing changes.
    assert_eq!(repo.found(&[]), ["a.py:4", "a.py:9", "c.py:4"]);
    assert_eq!(repo.found(&["--diff", "HEAD", "c.py"]), NONE);
    assert_eq!(repo.found(&["--diff", "HEAD", "a.py", "c.py"]), ["a.py:4"]);
}

#[test]
fn what_a_deletion_brings_is_shown() {
    let repo = Repo::with(&[
        ("a.py", &(loud("a") + &silent("b"))),
        ("b.py", &silent("b")),
        ("c.py", &silent("c").replace("Exception:", "Exception:  # noqa: S110")),
        ("d.py", &format!("# roadworthy: file-ignore[silent-except] old\n{}", silent("d"))),
    ]);
    let before = repo.found(&[]);
    // The line of the finding is the same; what made it harmless is gone.
    repo.write("a.py", &(silent("a") + &silent("b")));
    std::fs::remove_file(repo.root.join("b.py")).unwrap();
    assert_eq!(repo.found(&["--diff", "HEAD"]), ["a.py:4"]);
    assert_eq!(repo.unchanged(&["--diff", "HEAD"]), 1);
    // A suppression that is gone, and one that nothing needs any more.
    repo.write("c.py", &silent("c"));
    let shown = repo.found(&["--diff", "HEAD"]);
    assert_eq!(shown, ["a.py:4", "c.py:4"]);
    repo.write(
        "c.py",
        &silent("c").replace("Exception:", "Exception:  # roadworthy: ignore[silent-except] x"),
    );
    assert_eq!(repo.found(&["--diff", "HEAD"]), ["a.py:4"]);
    repo.write(
        "c.py",
        &loud("c").replace("Exception:", "Exception:  # roadworthy: ignore[silent-except] x"),
    );
    assert_eq!(repo.found(&["--diff", "HEAD"]), ["a.py:4", "c.py:4"]);
    assert!(!before.is_empty());
}

#[test]
fn renamed_and_moved_files_keep_what_they_had() {
    let body = silent("a") + &silent("b") + &loud("c") + &loud("d");
    let repo = Repo::with(&[("old/a.py", &body), ("old/b.py", &silent("b"))]);
    repo.git(&["mv", "old", "new"]);
    assert_eq!(repo.found(&["--diff", "HEAD"]), NONE);
    repo.git(&["mv", "new/a.py", "new/z.py"]);
    repo.write("new/z.py", &(body + &silent("e")));
    repo.git(&["add", "--all", "."]);
    assert_eq!(repo.found(&["--diff", "HEAD"]), ["new/z.py:26"]);
    assert_eq!(repo.found(&["--staged"]), ["new/z.py:26"]);
    assert_eq!(repo.unchanged(&["--staged"]), 2);
    // A copy is new.
    repo.commit();
    repo.write("copy.py", &silent("b"));
    assert_eq!(repo.found(&["--diff", "HEAD"]), ["copy.py:4"]);
}

#[test]
fn new_files_count_and_ignored_ones_do_not() {
    let repo = Repo::with(&[("a.py", "x = 1\n"), (".gitignore", "ignored.py\n")]);
    repo.write_all(&[
        ("added.py", &silent("a")),
        ("untracked/b.py", &silent("b")),
        ("ignored.py", &silent("c")),
        ("excluded.py", &silent("d")),
    ]);
    repo.git(&["add", "added.py"]);
    repo.write(".git/info/exclude", "excluded.py\n");
    let both = ["added.py:4", "untracked/b.py:4"];
    assert_eq!(repo.found(&["--diff", "HEAD"]), both);
    repo.check(&["--diff", "HEAD"]).stays_quiet();
    let told = repo.check(&["--diff", "HEAD", "--no-respect-gitignore"]);
    told.warns("2 files that git ignores went unjudged");
    assert_eq!(repo.found(&["--diff", "HEAD", "--no-respect-gitignore"]), both);
    assert_eq!(repo.found(&["--staged"]), ["added.py:4"]);
    // What git is to forget was there before.
    repo.commit();
    repo.git(&["rm", "--quiet", "--cached", "added.py"]);
    assert_eq!(repo.found(&["--diff", "HEAD"]), NONE);
    assert_eq!(repo.found(&["--staged"]), NONE);
}

#[test]
fn white_space_and_line_ends_are_no_change() {
    let body = silent("a") + &silent("b");
    let repo = Repo::with(&[
        ("a.py", &body),
        ("b.py", &format!("\u{feff}{}", body.replace('\n', "\r\n"))),
    ]);
    let inside = body.trim_end().replace('\n', "\n    ");
    repo.write("a.py", &format!("if ready:\n    {inside}\n"));
    repo.write("b.py", &body);
    assert_eq!(repo.found(&["--diff", "HEAD"]), NONE);
    assert_eq!(repo.unchanged(&["--diff", "HEAD"]), 4);
    // A handler in a block of its own: only that is new.
    let nested = silent("a").replace("gateway.save(a, order)", "gateway.save(a, order)  ");
    repo.write("a.py", &format!("{nested}\n\n{}", silent("b")));
    assert_eq!(repo.found(&["--diff", "HEAD"]), NONE);
}

#[test]
fn as_many_as_there_were_in_a_line_stay_old() {
    let line = "try: send()\nexcept Exception: pass\n";
    let repo = Repo::with(&[("a.py", line)]);
    repo.write("a.py", &line.repeat(3));
    assert_eq!(repo.found(&["--diff", "HEAD"]).len(), 2);
    // A finding that an import elsewhere in the file brings stands on a line that did not change.
    let call = "def f(order: str) -> None:\n    info(\"took %s\", order)\n";
    let repo = Repo::with(&[("a.py", &format!("from shop.log import info\n\n\n{call}"))]);
    repo.write("a.py", &format!("from logging import info\n\n\n{call}"));
    let select = ["--select", "root-logger-used", "--output-format", "json", "--exit-zero"];
    let ran = repo.check(&[&["--diff", "HEAD"], &select[..]].concat());
    assert_eq!(places(&ran), ["a.py:5"]);
}

#[cfg(unix)]
#[test]
fn names_are_taken_as_they_are() {
    use std::os::unix::ffi::OsStrExt as _;
    let names = [
        "spaced name.py",
        "quo\"ted.py",
        "tab\tand\nline.py",
        "naïve/ünï.py",
        "-dash.py",
        ":colon.py",
    ];
    let files: Vec<_> = names.iter().map(|name| (*name, silent("a"))).collect();
    let repo =
        Repo::with(&files.iter().map(|(name, text)| (*name, text.as_str())).collect::<Vec<_>>());
    for name in names {
        repo.write(name, &(silent("a") + &silent("b")));
    }
    let odd = repo.root.join(std::ffi::OsStr::from_bytes(b"odd\xff.py"));
    std::fs::write(odd, silent("c")).unwrap();
    let mut expected: Vec<_> = names.iter().map(|name| format!("{name}:9")).collect();
    expected.sort();
    for arguments in [["--diff", "HEAD"], ["--staged", "--no-progress"]] {
        repo.git(&["add", "--all", "."]);
        let report = repo.check(&[&arguments, &JSON[..]].concat());
        let mut found = places(&report);
        // That a name cannot be shown is said in any run.
        found.retain(|place| !place.starts_with("odd"));
        assert_eq!(found, expected);
    }
}

#[test]
fn a_branch_is_compared_with_where_it_left() {
    let repo = Repo::with(&[("a.py", &silent("a")), ("b.py", "x = 1\n")]);
    repo.git(&["checkout", "--quiet", "-b", "side"]);
    repo.write("b.py", &silent("b"));
    repo.commit();
    repo.git(&["tag", "--annotate", "--message", "x", "v1"]);
    repo.git(&["checkout", "--quiet", "main"]);
    repo.write("a.py", "x = 2\n");
    let ahead = repo.commit();
    repo.git(&["checkout", "--quiet", "side"]);
    repo.write("c.py", &silent("c"));
    let both = ["b.py:4", "c.py:4"];
    // That main has mended something since is not this branch's doing.
    for revision in ["main", &ahead, "HEAD~1", "side~", "v1~1", "@{-1}"] {
        assert_eq!(repo.found(&["--diff", revision]), both, "{revision}");
    }
    assert_eq!(repo.found(&["--diff", "v1"]), ["c.py:4"]);
    for revision in ["nope", "", "-x", "--output=x", "HEAD:b.py", "main..side", "^main", "HEAD~7"] {
        let argument = format!("--diff={revision}");
        repo.check(&[&argument]).ends(2).warns("is no commit of this repository");
    }
    assert!(!repo.root.join("x").exists());
    repo.git(&["checkout", "--quiet", "--orphan", "alone"]);
    repo.commit();
    repo.check(&["--diff", "main"]).ends(2).warns("HEAD and `main` have no commit in common");
}

#[test]
fn a_shallow_clone_says_how_to_get_the_rest() {
    let repo = Repo::with(&[("a.py", &silent("a"))]);
    repo.git(&["checkout", "--quiet", "-b", "side"]);
    for name in ["b", "c"] {
        repo.write(&format!("{name}.py"), &silent(name));
        repo.commit();
    }
    repo.git(&["checkout", "--quiet", "main"]);
    repo.write("d.py", "x = 1\n");
    repo.commit();
    let clone = Repo::new();
    let source = format!("file://{}", repo.root.display());
    clone.git(&["remote", "add", "origin", &source]);
    let fetch = |depth: &str, branch: &str| {
        let spec = format!("{branch}:refs/remotes/origin/{branch}");
        clone.git(&["fetch", "--quiet", depth, "origin", &spec]);
    };
    fetch("--depth=1", "side");
    clone.git(&["checkout", "--quiet", "-b", "side", "origin/side"]);
    assert_eq!(clone.found(&["--diff", "HEAD"]), NONE);
    let told = |wanted: &str, revision: &str| {
        clone.check(&["--diff", revision]).ends(2).warns(wanted).warns("`fetch-depth: 0`");
    };
    told(
        "`HEAD~1` is no commit of this clone, which is shallow; run `git fetch --unshallow`",
        "HEAD~1",
    );
    told("run `git fetch origin main:refs/remotes/origin/main`", "origin/main");
    fetch("--depth=1", "main");
    told(
        "lacks the commit in which HEAD and `origin/main` meet; run `git fetch --unshallow`",
        "origin/main",
    );
    clone.git(&["fetch", "--quiet", "--unshallow", "origin"]);
    assert_eq!(clone.found(&["--diff", "origin/main"]), ["b.py:4", "c.py:4"]);
}

#[test]
fn a_partial_clone_fetches_nothing_and_says_so() {
    let repo = Repo::with(&[("a.py", &silent("a"))]);
    repo.write("a.py", &(silent("a") + &silent("b")));
    repo.commit();
    repo.git(&["config", "uploadpack.allowFilter", "true"]);
    let clone = Folder::new(&[]);
    let source = format!("file://{}", repo.root.display());
    let filter = ["clone", "--quiet", "--filter=blob:none", &source, "."];
    assert!(git_in(clone.path(), &filter).0);
    let ran = clone.check(&["--diff", "HEAD~1"]);
    ran.ends(2).warns("this partial clone lacks contents").warns("run `git diff`");
    clone.check(&["--diff", "HEAD"]).ends(0);
    assert!(git_in(clone.path(), &["diff", "HEAD~1"]).0);
    clone.check(&["--diff", "HEAD~1"]).ends(1).says("1 there before the change");
}

#[test]
fn what_is_no_text_and_no_file_breaks_nothing() {
    let repo =
        Repo::with(&[("a.py", &silent("a")), ("mode.py", &silent("m")), ("data.json", "{}\n")]);
    let file = |path: &str, bytes: &[u8]| drop(repo.folder.write(&format!("repo/{path}"), bytes));
    file("binary.json", b"\0\x01\x02");
    file("latin.py", b"name = '\xff'\nx = 1\n");
    file(
        "latin-too.py",
        format!("{}# ", silent("l"))
            .as_bytes()
            .iter()
            .chain(b"\xff\n")
            .copied()
            .collect::<Vec<_>>()
            .as_slice(),
    );
    repo.commit();
    file("binary.json", b"\0\x01\x03");
    file("latin.py", b"name = '\xff'\nx = 2\n");
    // What could not be read and now can: its lines were there.
    file("latin-too.py", format!("{}# \u{e9}\n", silent("l")).as_bytes());
    #[cfg(unix)]
    {
        use std::os::unix::fs::{PermissionsExt as _, symlink};
        let executable = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(repo.root.join("mode.py"), executable).unwrap();
        std::fs::remove_file(repo.root.join("a.py")).unwrap();
        symlink("mode.py", repo.root.join("a.py")).unwrap();
    }
    let head = repo.git(&["rev-parse", "HEAD"]);
    repo.git(&["update-index", "--add", "--cacheinfo", &format!("160000,{head},module")]);
    let select = ["--diff", "HEAD", "--select", "ALL", "--output-format", "json", "--exit-zero"];
    let latin = |ran: &Ran| places(ran).into_iter().filter(|it| it.starts_with("latin")).count();
    assert_eq!(latin(&repo.check(&select)), 0);
    assert_eq!(repo.found(&["--diff", "HEAD"]), NONE);
    repo.git(&["add", "--all", "."]);
    assert_eq!(repo.found(&["--staged"]), NONE);
    // A file that cannot be read any more is shown.
    file("mode.py", b"name = '\xff'\n");
    let shown = places(&repo.check(&select));
    assert!(shown.contains(&"mode.py:1".to_owned()), "{shown:?}");
}

#[test]
fn nothing_is_folded_and_levels_and_threads_hold() {
    let untyped =
        |number: usize| format!("def load{number}(name, key):\n    return name[key]\n\n\n");
    let body: String = (0..30).map(untyped).collect();
    let manifest = "[project]\nname = \"a\"\nversion = \"1\"\n\n[tool.mypy]\n";
    let repo =
        Repo::with(&[("pyproject.toml", manifest), ("a/__init__.py", ""), ("a/one.py", &body)]);
    repo.write("a/one.py", &(body.clone() + &untyped(99)));
    repo.write("a/two.py", &body);
    let told = |threads: &str| {
        let arguments = ["--diff", "HEAD", "--output-format", "concise", "--threads", threads];
        let ran = repo.check(&arguments);
        ran.stdout.split("\n\n").next().unwrap().to_owned()
    };
    let one = told("1");
    assert!(one.lines().any(|line| line.starts_with("a/one.py:121:")), "{one}");
    assert!(!one.contains("pyproject.toml"), "{one}");
    assert!(one.lines().all(|line| !line.starts_with("a/one.py:1:")), "{one}");
    assert_eq!(one, told("4"));
    let files = repo.check(&["--diff", "HEAD", "--show-files"]).ends(0);
    assert!(
        files.stdout.contains("a/two.py") && !files.stdout.contains("__init__"),
        "{}",
        files.stdout
    );
}
