//! `--staged`, hooks and surroundings: which repository is asked, and what it may not have run.

use super::folder::Ran;
use super::repository::{JSON, NONE, Repo, git_in, places, silent};
use std::path::Path;

#[test]
fn staged_contents_are_judged_and_not_those_on_the_disk() {
    let repo = Repo::with(&[("a.py", &silent("a")), ("b.py", "x = 1\n")]);
    repo.write("a.py", &(silent("a") + &silent("staged")));
    repo.git(&["add", "a.py"]);
    repo.write("a.py", "x = 1\n");
    repo.write("b.py", &silent("b"));
    assert_eq!(repo.found(&["--staged"]), ["a.py:9"]);
    assert_eq!(repo.found(&["--diff", "HEAD"]), ["b.py:4"]);
    repo.check(&["--staged", "--select", "silent-except"])
        .ends(1)
        .says("9 │ ╭─▶     except Exception:");
    // What is staged may be gone from the disk.
    repo.write_all(&[("gone/c.py", &silent("c")), ("script", "#!/usr/bin/env python\n")]);
    repo.write("other", &format!("#!/bin/sh\n{}", silent("d")));
    repo.git(&["add", "gone", "script", "other"]);
    std::fs::remove_dir_all(repo.root.join("gone")).unwrap();
    std::fs::remove_file(repo.root.join("other")).unwrap();
    assert_eq!(repo.found(&["--staged"]), ["a.py:9", "gone/c.py:4"]);
    assert_eq!(repo.found(&["--staged", "b.py"]), NONE);
    repo.write("script", "echo\n");
    repo.git(&["add", "script"]);
    repo.write("script", &format!("#!/usr/bin/env python\n{}", silent("e")));
    assert_eq!(repo.found(&["--staged"]), ["a.py:9", "gone/c.py:4"]);
}

#[test]
fn before_the_first_commit_all_that_is_staged_is_new() {
    let repo = Repo::new();
    assert_eq!(repo.found(&["--staged"]), NONE);
    repo.write_all(&[("a.py", &silent("a")), ("b.py", &silent("b"))]);
    repo.git(&["add", "a.py"]);
    assert_eq!(repo.found(&["--staged"]), ["a.py:4"]);
    repo.check(&["--diff", "HEAD"]).ends(2).warns("no commit yet; --staged judges");
}

#[test]
fn what_the_surroundings_say_is_asked_for_only() {
    let repo = Repo::with(&[("a.py", &silent("a"))]);
    let first = repo.git(&["rev-parse", "HEAD"]);
    repo.git(&["update-ref", "refs/remotes/origin/main", "HEAD"]);
    repo.write("b.py", &silent("b"));
    let second = repo.commit();
    repo.write("c.py", &silent("c"));
    let third = repo.commit();
    let run = |arguments: &[&str], variables: &[(&str, &str)]| -> Ran {
        let mut command = repo.command(".", &[arguments, &JSON].concat());
        command.envs(variables.iter().copied()).output().unwrap().into()
    };
    let auto = |variables: &[(&str, &str)]| run(&["--diff", "auto"], variables);
    let hook = [("PRE_COMMIT_FROM_REF", second.as_str()), ("PRE_COMMIT_TO_REF", third.as_str())];
    let ran = auto(&hook).warns("as PRE_COMMIT_FROM_REF says");
    assert_eq!(places(&ran), ["c.py:4"]);
    assert_eq!(places(&run(&[], &hook)).len(), 3);
    let pull_request = [("GITHUB_BASE_REF", "main"), ("GITHUB_EVENT_NAME", "pull_request")];
    let ran = auto(&pull_request).warns("compared with `origin/main`, as GITHUB_BASE_REF says");
    assert_eq!(places(&ran), ["b.py:4", "c.py:4"]);
    let ran = auto(&[("CI_MERGE_REQUEST_DIFF_BASE_SHA", &first), ("GITHUB_BASE_REF", "")]);
    assert_eq!(places(&ran), ["b.py:4", "c.py:4"]);
    let ran = auto(&[("GITHUB_EVENT_NAME", "push"), ("GITHUB_BASE_REF", "")]);
    assert_eq!(places(&ran.warns("so that everything is judged")).len(), 3);
    // What is pushed need not be what lies here.
    let hook = [("PRE_COMMIT_FROM_REF", first.as_str()), ("PRE_COMMIT_TO_REF", second.as_str())];
    auto(&hook).warns("the working copy is judged, though it is not");
    auto(&[("GITHUB_BASE_REF", "gone")])
        .ends(2)
        .warns("git fetch origin gone:refs/remotes/origin/gone");
}

#[cfg(unix)]
#[test]
fn a_hook_sees_what_its_commit_will_hold() {
    use std::os::unix::fs::PermissionsExt as _;
    let repo = Repo::with(&[("a.py", "x = 1\n"), ("sub/b.py", "x = 1\n")]);
    let command = repo.command(".", &[]);
    let binary = command.get_program().to_str().unwrap();
    let hook = format!(
        "#!/bin/sh\ncd sub\n{binary} check --staged .. --select silent-except --output-format concise --no-progress\nexit 1\n"
    );
    repo.write(".git/hooks/pre-commit", &hook);
    let executable = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(repo.root.join(".git/hooks/pre-commit"), executable).unwrap();
    repo.write("a.py", &silent("a"));
    repo.write("sub/b.py", &silent("b"));
    let told = |folder: &Path, arguments: &[&str]| -> Vec<String> {
        let (succeeded, text) =
            git_in(folder, &[&["commit", "--message", "x"], arguments].concat());
        assert!(!succeeded);
        let lines = text.lines().filter(|line| line.contains("[silent-except]"));
        let place =
            |line: &str| line.split(": ").next().unwrap().rsplit('/').next().unwrap().to_owned();
        lines.map(place).collect()
    };
    let (a, b) = ("a.py:4:5", "b.py:4:5");
    assert_eq!(told(&repo.root, &["--all"]), [a, b]);
    assert_eq!(told(&repo.root, &["sub/b.py"]), [b]);
    repo.git(&["add", "a.py"]);
    assert_eq!(told(&repo.root, &[]), [a]);
    // In a work tree of its own git names the repository for hooks.
    let tree = repo.folder.path().join("tree");
    repo.git(&["worktree", "add", "--quiet", "../tree", "HEAD"]);
    std::fs::write(tree.join("sub/b.py"), silent("b")).unwrap();
    assert_eq!(told(&tree, &["--all"]), [b]);

    // Elsewhere the names of the hook's repository mean nothing.
    let other = Repo::with(&[("c.py", "x = 1\n")]);
    other.write("c.py", &silent("c"));
    other.git(&["add", "c.py"]);
    let mut command = other.command(".", &[&["--staged"], &JSON[..]].concat());
    command.env("GIT_DIR", repo.root.join(".git")).env("GIT_PREFIX", "");
    command.env("GIT_INDEX_FILE", repo.root.join(".git/index"));
    assert_eq!(places(&command.output().unwrap().into()), ["c.py:4"]);
    // A repository apart from its files is found by these names alone.
    let apart = repo.folder.path().join("apart");
    std::fs::rename(other.root.join(".git"), &apart).unwrap();
    let mut command = other.command(".", &[&["--staged"], &JSON[..]].concat());
    command.env("GIT_DIR", &apart).env("GIT_WORK_TREE", &other.root);
    command.env("GIT_CEILING_DIRECTORIES", other.folder.path());
    assert_eq!(places(&command.output().unwrap().into()), ["c.py:4"]);
}

#[cfg(unix)]
#[test]
fn nothing_that_a_repository_configures_runs() {
    use std::os::unix::fs::PermissionsExt as _;
    let repo = Repo::with(&[("a.py", &silent("a")), ("b.py", "x = 1\n")]);
    repo.write("trap.sh", "#!/bin/sh\ntouch \"$(dirname \"$0\")/sprung\"\ncat\n");
    let script = repo.root.join("trap.sh");
    std::fs::set_permissions(&script, std::fs::Permissions::from_mode(0o755)).unwrap();
    let script = script.to_str().unwrap();
    let name = "filter.od=d\"trap";
    for setting in
        ["core.fsmonitor", "core.pager", "diff.external", "diff.trap.textconv", "diff.trap.command"]
    {
        repo.git(&["config", setting, script]);
    }
    for (key, value) in
        [("clean", script), ("smudge", script), ("process", script), ("required", "true")]
    {
        repo.git(&["config", &format!("filter.trap.{key}"), value]);
        repo.git(&["config", &format!("{name}.{key}"), value]);
    }
    repo.git(&["config", "diff.orderFile", "/nowhere"]);
    repo.git(&["config", "color.ui", "always"]);
    repo.git(&["config", "diff.noprefix", "true"]);
    repo.git(&["config", "diff.renames", "false"]);
    repo.write(".git/info/attributes", "*.py filter=trap diff=trap\n");
    repo.write("a.py", &(silent("a") + &silent("b")));
    // The same size and contents, so that git must read it.
    repo.write("b.py", "x = 1\n");
    assert_eq!(repo.found(&["--diff", "HEAD"]), ["a.py:9"]);
    assert_eq!(repo.found(&["--staged"]), NONE);
    assert!(!repo.root.join("sprung").exists());
}

#[test]
fn a_merge_that_is_not_resolved_is_named() {
    let repo = Repo::with(&[("a.py", "x = 1\n")]);
    repo.git(&["checkout", "--quiet", "-b", "side"]);
    repo.write("a.py", "x = 2\n");
    repo.commit();
    repo.git(&["checkout", "--quiet", "main"]);
    repo.write("a.py", "x = 3\n");
    repo.commit();
    assert!(!git_in(&repo.root, &["merge", "side"]).0);
    repo.check(&["--staged"]).ends(2).warns("`a.py` is in the middle of a merge");
    repo.write("a.py", &silent("a"));
    assert_eq!(repo.found(&["--diff", "HEAD"]), ["a.py:4"]);
}

#[test]
fn folders_work_trees_and_other_repositories() {
    let repo =
        Repo::with(&[("a.py", "x = 1\n"), ("sub/b.py", "x = 1\n"), ("sub/deep/c.py", "x = 1\n")]);
    let change = |root: &Path| {
        for path in ["a.py", "sub/b.py", "sub/deep/c.py", "sub/new.py"] {
            std::fs::write(root.join(path), silent("a")).unwrap();
        }
    };
    change(&repo.root);
    let inside = |folder: &str, arguments: &[&str]| {
        let all = [&["--diff", "HEAD"], arguments, &JSON].concat();
        places(&repo.command(folder, &all).output().unwrap().into())
    };
    assert_eq!(inside("sub", &[]), ["b.py:4", "deep/c.py:4", "new.py:4"]);
    assert_eq!(inside("sub/deep", &["../b.py", "."]).len(), 2);
    assert_eq!(inside("..", &["repo/sub/deep"]), ["repo/sub/deep/c.py:4"]);
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("repo/sub", repo.folder.path().join("link")).unwrap();
        assert_eq!(inside("..", &["link"]), ["link/b.py:4", "link/deep/c.py:4", "link/new.py:4"]);
    }

    repo.git(&["worktree", "add", "--quiet", "../tree", "HEAD"]);
    change(&repo.folder.path().join("tree"));
    assert_eq!(inside("../tree/sub", &["deep"]), ["deep/c.py:4"]);
    let all = inside("..", &["tree"]);
    assert_eq!(all.len(), 4, "{all:?}");

    // Each repository is asked for its own files.
    let other = repo.root.join("vendor/other");
    std::fs::create_dir_all(&other).unwrap();
    assert!(git_in(&other, &["init", "--quiet", "."]).0);
    std::fs::write(other.join("d.py"), silent("d")).unwrap();
    let ran = repo.check(&[&["--diff", "HEAD"], &JSON[..]].concat());
    let ran = ran.warns("1 file of repositories within this one went unjudged");
    assert_eq!(places(&ran).len(), 4);
    for outside in ["vendor/other/d.py", "../tree/a.py", ".."] {
        repo.check(&["--diff", "HEAD", ".", outside])
            .ends(2)
            .warns("does not lie in the repository");
    }
    repo.command("vendor/other", &["--diff", "HEAD"]).output().map(Ran::from).unwrap().ends(2);
    repo.check(&["--diff", "."]).ends(2).warns("give the path first: `check PATH --diff`");
    repo.check(&["--diff", "HEAD", "nowhere.py"]).ends(2).warns("`nowhere.py` does not exist");
    let ceiling = repo.folder.path().parent().unwrap();
    let mut command = repo.command("..", &["--diff", "HEAD"]);
    let ran = Ran::from(command.env("GIT_CEILING_DIRECTORIES", ceiling).output().unwrap());
    ran.ends(2).warns("here is no git repository");
    let mut command = repo.command(".", &["--staged"]);
    let ran = Ran::from(command.env("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1").output().unwrap());
    ran.ends(2).warns("git does not trust this repository");
    let mut command = repo.command(".", &["--staged"]);
    Ran::from(command.env("PATH", "").output().unwrap()).ends(2).warns("git is not installed");
    repo.git(&["clone", "--quiet", "--bare", ".", "../bare"]);
    let bare = repo.command("../bare", &["--diff", "HEAD"]).output().map(Ran::from).unwrap();
    bare.ends(2).warns("keeps no working copy");
    repo.check(&["--diff", "HEAD", "-"]).ends(2).warns("give no `-`");
    repo.check(&["--diff", "HEAD", "--staged"]).ends(2);
    repo.check(&["--diff", "HEAD", "--history"]).ends(2).warns("cannot be used with");
}
