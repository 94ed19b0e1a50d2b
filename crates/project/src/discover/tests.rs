//! Traps of discovery. Trees are real folders, as everything here is about the file system.

use camino::{Utf8Path, Utf8PathBuf};

use super::{DiscoverError, DiscoverOptions, discover, discover_unsaved};
use crate::Project;
use crate::component::Distribution;
use crate::kind::FileKind;

struct Tree {
    _folder: tempfile::TempDir,
    root: Utf8PathBuf,
}

impl Tree {
    fn new(files: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let root = Utf8Path::from_path(folder.path()).unwrap().canonicalize_utf8().unwrap();
        let tree = Self { _folder: folder, root };
        for file in files {
            tree.write(file, "");
        }
        tree
    }

    fn write(&self, file: &str, text: &str) {
        let path = self.root.join(file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    /// Every file, apart from git's own.
    fn files(&self) -> Vec<String> {
        let entries =
            ignore::WalkBuilder::new(&self.root).standard_filters(false).build().flatten();
        let files = entries.filter(|entry| entry.file_type().is_some_and(|it| it.is_file()));
        let below = |path: &std::path::Path| {
            let path = path.strip_prefix(&self.root).unwrap().to_str().unwrap();
            path.replace(std::path::MAIN_SEPARATOR, "/")
        };
        files.map(|entry| below(entry.path())).filter(|path| !path.starts_with(".git/")).collect()
    }

    fn options(&self) -> DiscoverOptions {
        DiscoverOptions::new(self.root.clone())
    }

    fn discover(&self, paths: &[&str]) -> Project {
        try_discover(paths, &self.options()).unwrap()
    }
}

fn try_discover(paths: &[&str], options: &DiscoverOptions) -> Result<Project, DiscoverError> {
    let paths: Vec<Utf8PathBuf> = paths.iter().map(Utf8PathBuf::from).collect();
    discover(&paths, options)
}

fn shown(project: &Project) -> Vec<&str> {
    project.files.iter().map(|file| file.path.as_str()).collect()
}

fn problems(project: &Project) -> Vec<String> {
    let line = |line: Option<u32>| line.map_or(String::new(), |line| format!(":{line}"));
    let each = project.problems.iter();
    each.map(|problem| format!("{}{} {}", problem.path, line(problem.line), problem.sentence))
        .collect()
}

#[test]
fn a_stub_beside_a_module_is_seen() {
    let tree = Tree::new(&["a.py", "a.pyi", "ab.py", "b/a.py", "c.pyi"]);
    let project = tree.discover(&["."]);
    let with: Vec<_> = project.files.iter().filter(|it| it.has_stub).map(|it| &it.path).collect();
    assert_eq!(with, ["a.py"]);
}

#[test]
fn the_files_of_a_folder_are_pythons_and_sorted() {
    let tree = Tree::new(&["b.py", "a/z.pyw", "a/y.pyi", "a/README.md", "a.txt", ".hidden/x.py"]);
    tree.write("tool", "#!/usr/bin/env python3\n");
    tree.write("other", "#!/bin/sh\n");
    let project = tree.discover(&[]);
    assert_eq!(shown(&project), ["a.txt", "a/README.md", "a/y.pyi", "a/z.pyw", "b.py", "tool"]);
    assert_eq!(problems(&project), [""; 0]);
}

#[test]
fn environments_and_build_results_are_left_out_but_packages_of_their_names_are_not() {
    let tree = Tree::new(&[
        "a.py",
        "mine/pyvenv.cfg",
        "mine/lib/x.py",
        "venv/x.py",
        "node_modules/x.py",
        "build/lib/x.py",
        "dist/x.py",
        "lib/site-packages/x.py",
        "src/build/__init__.py",
        "src/venv/__init__.py",
        "env/x.py",
    ]);
    let expected = ["a.py", "env/x.py", "src/build/__init__.py", "src/venv/__init__.py"];
    assert_eq!(shown(&tree.discover(&["."])), expected);
    // What is named is looked at.
    assert_eq!(shown(&tree.discover(&["lib/site-packages"])), ["lib/site-packages/x.py"]);
    assert_eq!(shown(&tree.discover(&["venv"])), ["venv/x.py"]);
    assert_eq!(shown(&tree.discover(&["dist/x.py"])), ["dist/x.py"]);
    let options = DiscoverOptions { force_exclude: true, ..tree.options() };
    let project = try_discover(&["dist/x.py", "a.py", "venv"], &options).unwrap();
    assert_eq!(shown(&project), ["a.py"]);
}

#[test]
fn what_is_forced_is_taken_by_name_only_where_a_walk_takes_it() {
    let tree = Tree::new(&[
        ".cache/a.json",
        ".env",
        ".hidden/x.py",
        ".ignore",
        "LICENSE",
        "a.png",
        "a.py",
        "a.pyi",
        "app.min.js",
        "build/x.py",
        "kept/out.yaml",
        "lost/out.yaml",
        "noise.txt",
        "other",
        "package-lock.json",
        "sub/b.py",
        "sub/deep/c.toml",
        "translations/de.json",
    ]);
    tree.write(".gitignore", "out.yaml\n");
    tree.write(".ignore", "noise.txt\n");
    tree.write("script", "#!/usr/bin/env python3\n");
    let git = |arguments: &[&str]| {
        let mut command = std::process::Command::new("git");
        command.arg("-C").arg(&tree.root).args(arguments);
        command.output().is_ok_and(|output| output.status.success())
    };
    let has_git = git(&["init", "-q"]) && git(&["add", "-f", "kept"]);
    let whole = tree.discover(&[]);
    let files = tree.files();
    assert_eq!(files.len(), 20, "{files:?}");
    let given: Vec<&str> = files.iter().map(String::as_str).collect();
    let options = DiscoverOptions { force_exclude: true, ..tree.options() };
    let forced = |given: &[&str]| try_discover(given, &options).unwrap();
    assert_eq!(shown(&forced(&given)), shown(&whole));
    assert_eq!(shown(&whole).contains(&"kept/out.yaml"), has_git);
    // One by one it comes to the same, and each file is what it is in the whole.
    let mut alone = Vec::new();
    for path in &given {
        for file in forced(&[path]).files {
            let same = whole.files.iter().find(|it| it.path == file.path).unwrap();
            assert_eq!(
                (file.kind, &file.module, file.in_package, file.has_stub, &file.path_role),
                (same.kind, &same.module, same.in_package, same.has_stub, &same.path_role)
            );
            alone.push(file.path.into_string());
        }
    }
    alone.sort_unstable();
    assert_eq!(alone, shown(&whole));
    assert_eq!(shown(&forced(&["sub", "lost", "build"])), ["sub/b.py", "sub/deep/c.toml"]);
    assert_eq!(shown(&forced(&["."])), shown(&whole));
    assert!(try_discover(&["gone.py"], &options).is_err());
}

#[cfg(unix)]
#[test]
fn a_link_that_is_forced_is_judged_where_it_leads() {
    use std::os::unix::fs::symlink;
    let outside = Tree::new(&["shared.py"]);
    let tree = Tree::new(&["a/real.py", "a/data.toml", "b.py"]);
    symlink("real.py", tree.root.join("a/also.py")).unwrap();
    symlink("data.toml", tree.root.join("a/also.toml")).unwrap();
    symlink(outside.root.join("shared.py"), tree.root.join("shared.py")).unwrap();
    symlink("a", tree.root.join("c")).unwrap();
    let options = DiscoverOptions { force_exclude: true, ..tree.options() };
    let forced = |given| shown(&try_discover(&[given], &options).unwrap()).join(" ");
    assert_eq!(forced("a/also.py"), "a/real.py");
    assert_eq!(forced("a/also.toml"), "a/data.toml");
    assert_eq!(forced("shared.py"), "shared.py");
    assert_eq!(forced("c/real.py"), "a/real.py");
    assert_eq!(forced("c"), "a/data.toml a/real.py");
}

#[test]
fn configured_excludes_replace_or_extend() {
    let tree = Tree::new(&["a.py", "gen/x.py", "build/x.py", "deep/gen/x.py"]);
    let options = DiscoverOptions { extend_exclude: vec!["gen".into()], ..tree.options() };
    assert_eq!(shown(&try_discover(&["."], &options).unwrap()), ["a.py"]);
    let options = DiscoverOptions { exclude: Some(vec!["/gen".into()]), ..tree.options() };
    let expected = ["a.py", "build/x.py", "deep/gen/x.py"];
    assert_eq!(shown(&try_discover(&["."], &options).unwrap()), expected);
    let options = DiscoverOptions { extend_exclude: vec!["{a".into()], ..tree.options() };
    let error = try_discover(&["."], &options).unwrap_err();
    assert!(error.to_string().starts_with("`{a` is not a valid path pattern"), "{error}");
}

#[test]
fn gitignore_is_heeded_without_git_and_not_for_what_is_named() {
    let tree = Tree::new(&["a.py", "out/x.py", "out/deep/y.py", "b_gen.py"]);
    tree.write(".gitignore", "out/\n*_gen.py\n");
    assert_eq!(shown(&tree.discover(&["."])), ["a.py"]);
    assert_eq!(shown(&tree.discover(&["out"])), ["out/deep/y.py", "out/x.py"]);
    assert_eq!(shown(&tree.discover(&["b_gen.py"])), ["b_gen.py"]);
    let options = DiscoverOptions { respect_gitignore: false, ..tree.options() };
    assert_eq!(try_discover(&["."], &options).unwrap().files.len(), 4);
    // An environment ignores all that is in it, itself included.
    let tree = Tree::new(&["v/lib/site-packages/p/x.py", "v/pyvenv.cfg"]);
    tree.write("v/.gitignore", "*\n");
    assert_eq!(shown(&tree.discover(&["v/lib/site-packages"])).len(), 1);
}

#[test]
fn what_is_named_without_an_extension_is_python_unless_it_says_otherwise() {
    let tree = Tree::new(&[]);
    tree.write("run", "print(1)\n");
    tree.write("start", "#!/usr/bin/env python3\n");
    tree.write("stop", "#!/bin/sh\n  echo\n");
    tree.write("LICENSE", "As it is.\n  Without warranty.\n");
    for (path, kind) in [
        ("run", FileKind::Python),
        ("start", FileKind::Python),
        ("stop", FileKind::Text),
        ("LICENSE", FileKind::Text),
    ] {
        assert_eq!(tree.discover(&[path]).files[0].kind, kind, "{path}");
    }
}

#[test]
fn a_path_that_does_not_exist_is_an_error() {
    let tree = Tree::new(&["a.py"]);
    for path in ["gone", "a.py/x.py"] {
        let error = try_discover(&["a.py", path], &tree.options()).unwrap_err();
        assert_eq!(error, DiscoverError::Missing { path: path.into() });
    }
}

#[test]
fn a_file_is_judged_once_however_often_it_is_named() {
    let tree = Tree::new(&["a/x.py", "b.py"]);
    let absolute = tree.root.join("a/x.py");
    let project = tree.discover(&["a", ".", "./a/../a/x.py", absolute.as_str(), "b.py", "a/"]);
    assert_eq!(shown(&project), ["a/x.py", "b.py"]);
}

#[cfg(unix)]
#[test]
fn a_link_into_a_submodule_is_no_problem() {
    use std::os::unix::fs::symlink;
    let tree = Tree::new(&["lib/real.py"]);
    let list = "[submodule \"parts\"]\n\tpath = lib/parts\n\turl = https://git.example/parts\n";
    std::fs::write(tree.root.join(".gitmodules"), list).unwrap();
    symlink("parts/hosts.py", tree.root.join("lib/hosts.py")).unwrap();
    symlink("other/hosts.py", tree.root.join("lib/others.py")).unwrap();
    let project = tree.discover(&["."]);
    assert_eq!(problems(&project), ["lib/others.py is a link to nothing"]);
}

#[cfg(unix)]
#[test]
fn links_to_files_are_followed_once_and_loops_survived() {
    use std::os::unix::fs::symlink;
    let outside = Tree::new(&["shared.py"]);
    let tree = Tree::new(&["a/real.py"]);
    symlink("real.py", tree.root.join("a/also.py")).unwrap();
    symlink(outside.root.join("shared.py"), tree.root.join("shared.py")).unwrap();
    symlink("..", tree.root.join("a/up")).unwrap();
    symlink("self.py", tree.root.join("self.py")).unwrap();
    symlink("nowhere", tree.root.join("dangling.py")).unwrap();
    let project = tree.discover(&["."]);
    assert_eq!(shown(&project), ["a/real.py", "shared.py"]);
    assert_eq!(project.folder_links, ["a/up"]);
    let problems = problems(&project);
    assert_eq!(problems[0], "dangling.py is a link to nothing");
    assert!(problems[1].starts_with("self.py cannot be read"), "{problems:?}");
    assert_eq!(problems.len(), 2);
    // A folder that is named may be a link.
    symlink("a", tree.root.join("link")).unwrap();
    assert_eq!(shown(&tree.discover(&["link"])), ["link/real.py"]);
    assert_eq!(shown(&tree.discover(&["link", "a"])).len(), 1);
}

#[cfg(unix)]
#[test]
fn what_cannot_be_looked_at_is_a_problem() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::PermissionsExt;
    let tree = Tree::new(&["a.py", "locked/x.py"]);
    let name = OsStr::from_bytes(b"bad-\xff.py");
    std::fs::write(tree.root.as_std_path().join(name), "").unwrap();
    std::fs::create_dir(tree.root.join("folder.py")).unwrap();
    let locked = tree.root.join("locked");
    std::fs::set_permissions(&locked, std::fs::Permissions::from_mode(0o000)).unwrap();
    let readable = std::fs::read_dir(&locked).is_ok();
    let project = tree.discover(&["."]);
    std::fs::set_permissions(&locked, std::fs::Permissions::from_mode(0o755)).unwrap();
    let mut expected = vec!["bad-\u{fffd}.py has a name that is not UTF-8"];
    // Nothing is locked to the superuser.
    if !readable {
        expected.push("locked may not be read (permission denied)");
        assert_eq!(shown(&project), ["a.py"]);
    }
    assert_eq!(problems(&project), expected);
}

#[test]
fn components_nest_and_are_found_from_below() {
    let tree = Tree::new(&["a.py", "one/src/pkg/__init__.py", "one/src/pkg/x.py", "two/app/y.py"]);
    std::fs::create_dir(tree.root.join(".git")).unwrap();
    tree.write("pyproject.toml", "[project]\nname = 'whole'\n");
    tree.write("one/pyproject.toml", "[project]\nname = 'one'\n[build-system]\nrequires = []\n");
    tree.write("two/requirements.txt", "");
    tree.write("two/Dockerfile", "");
    // Configuration of a tool only, and requirements of the documentation, make no component.
    tree.write("two/app/pyproject.toml", "[tool.ruff]\n");
    tree.write("docs/requirements.txt", "");
    tree.write("docs/z.py", "");
    let owners = |project: &Project| -> Vec<String> {
        let owner = |file| project.component(file).path.to_string();
        let python = project.files.iter().filter(|file| file.kind.is_python());
        python.map(|file| format!("{} in {:?}", file.path, owner(file))).collect()
    };
    let whole = tree.discover(&["."]);
    assert_eq!(
        owners(&whole),
        [
            "a.py in \"\"",
            "docs/z.py in \"\"",
            "one/src/pkg/__init__.py in \"one\"",
            "one/src/pkg/x.py in \"one\"",
            "two/app/y.py in \"two\""
        ]
    );
    let python = whole.files.iter().filter(|file| file.kind.is_python());
    let modules: Vec<&str> = python.map(|file| file.module.as_str()).collect();
    assert_eq!(modules, ["a", "docs.z", "pkg", "pkg.x", "app.y"]);
    let kinds: Vec<_> = whole.components.iter().map(|part| part.distribution).collect();
    let expected = [Distribution::Application, Distribution::Library, Distribution::Application];
    assert_eq!(kinds, expected);
    assert_eq!(whole.components[1].name, "one");
    assert_eq!(whole.components[1].manifest.as_deref(), Some("one/pyproject.toml".into()));
    // A file that is named is judged as in a whole run.
    for file in &whole.files {
        let alone = tree.discover(&[file.path.as_str()]);
        assert_eq!(alone.files[0].path_role, file.path_role);
        assert_eq!(alone.files[0].module, file.module);
        let unsaved = discover_unsaved(&file.path, &tree.options()).unwrap();
        assert_eq!(unsaved.files[0].path_role, file.path_role);
        assert_eq!(unsaved.files[0].path, file.path);
        assert_eq!(alone.component(&alone.files[0]).root, whole.component(file).root);
    }
}

#[test]
fn manifests_above_a_repository_are_not_its_own() {
    let tree = Tree::new(&["home/repo/.git/HEAD", "home/repo/tests.d/a.py"]);
    tree.write("home/pyproject.toml", "[project]\nname = 'home'\n");
    let project = tree.discover(&["home/repo/tests.d"]);
    assert_eq!(project.components[0].path, "home/repo");
    assert_eq!(project.components[0].manifest, None);
}

#[test]
fn a_broken_manifest_is_a_problem_and_what_it_says_unknown() {
    let tree = Tree::new(&["a.py"]);
    tree.write("pyproject.toml", "[project]\nname = 'x'\nversion = \n");
    tree.write("setup.cfg", "[metadata]\nname = x\nnonsense\n");
    let project = tree.discover(&["."]);
    let problems = problems(&project);
    assert!(problems[0].starts_with("pyproject.toml:3 is not valid TOML: "), "{problems:?}");
    assert_eq!(problems[1], "setup.cfg:3 has a line that is neither a section nor a setting");
    assert_eq!(project.components[0].distribution, Distribution::Unknown);
}

#[test]
fn text_without_a_file_belongs_where_its_name_says() {
    let tree = Tree::new(&[]);
    tree.write("pyproject.toml", "[project]\nname = 'whole'\n");
    let project = discover_unsaved("tests/not_yet.py".into(), &tree.options()).unwrap();
    assert_eq!(shown(&project), ["tests/not_yet.py"]);
    assert_eq!(project.component(&project.files[0]).name, "whole");
    assert_eq!(project.files[0].path_role.as_ref().unwrap().reason, "lies in a folder `tests`");
}

#[test]
fn hidden_files_and_folders_are_walked_for_what_is_not_python() {
    let tree = Tree::new(&[
        ".env",
        ".github/workflows/ci.yml",
        ".github/scripts/x.py",
        ".hidden.py",
        ".git/config.ini",
        ".cache/a.json",
        ".venv/b.json",
        "a/.npmrc",
    ]);
    assert_eq!(shown(&tree.discover(&[])), [".env", ".github/workflows/ci.yml", "a/.npmrc"]);
    let all = DiscoverOptions { exclude: Some(Vec::new()), ..tree.options() };
    let all = try_discover(&[], &all).unwrap();
    assert_eq!(shown(&all), [".env", ".github/workflows/ci.yml", "a/.npmrc"]);
}

#[test]
fn what_git_keeps_is_judged_though_a_pattern_ignores_it() {
    let files = ["kept/.env", "kept/a.py", "kept/build/b.env", "kept/uv.lock", "lost.env", "x.py"];
    let tree = Tree::new(&files);
    tree.write(".gitignore", "kept/\n*.env\n.env\n");
    let git = |arguments: &[&str]| {
        let mut command = std::process::Command::new("git");
        command.arg("-C").arg(&tree.root).args(arguments);
        command.output().is_ok_and(|output| output.status.success())
    };
    assert_eq!(shown(&tree.discover(&[])), ["x.py"]);
    if !git(&["init", "-q"]) {
        return;
    }
    assert_eq!(shown(&tree.discover(&[])), ["x.py"]);
    assert!(git(&["add", "-f", "kept", "x.py"]));
    let project = tree.discover(&[]);
    assert_eq!(shown(&project), ["kept/.env", "kept/a.py", "x.py"]);
    assert!(project.others.iter().any(|path| path == "kept/uv.lock"));
    assert_eq!(shown(&tree.discover(&["kept"])), ["kept/.env", "kept/a.py"]);
    assert_eq!(shown(&tree.discover(&["lost.env"])), ["lost.env"]);
    let committed = |path| tree.discover(&[path]).files[0].is_committed();
    assert!(committed("kept/.env") && !committed("lost.env"));
    // Of what lies in no repository, everything is handed out.
    std::fs::remove_dir_all(tree.root.join(".git")).unwrap();
    assert!(committed("lost.env"));
}

#[test]
fn git_is_asked_in_a_work_tree_and_in_a_repository_within() {
    let tree = Tree::new(&["main/a.py", "main/sub/b.py"]);
    tree.write("main/.gitignore", "*.env\n");
    tree.write("main/sub/.gitignore", "*.env\n");
    tree.write("main/one.env", "");
    tree.write("main/sub/two.env", "");
    let git = |folder: &str, arguments: &[&str]| {
        let mut command = std::process::Command::new("git");
        command.arg("-C").arg(tree.root.join(folder)).args(arguments);
        command.output().is_ok_and(|output| output.status.success())
    };
    if !git("main/sub", &["init", "-q"]) {
        return;
    }
    assert!(git("main", &["init", "-q"]));
    assert!(git("main/sub", &["add", "-f", "."]));
    assert!(git("main", &["add", "-f", "one.env", "a.py", ".gitignore"]));
    assert_eq!(
        shown(&tree.discover(&["main"])),
        ["main/a.py", "main/one.env", "main/sub/b.py", "main/sub/two.env"]
    );
    let who = ["-c", "user.name=a", "-c", "user.email=a@b.c"];
    assert!(git("main", &[&who[..], &["commit", "-q", "-m", "x"]].concat()));
    assert!(git("main", &["worktree", "add", "-q", "../other"]));
    assert_eq!(shown(&tree.discover(&["other"])), ["other/a.py", "other/one.env"]);
}
