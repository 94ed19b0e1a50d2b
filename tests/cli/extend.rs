//! Files that extend each other: where they are found, what of each holds, and what is said when they are
//! not.

use crate::SILENT;
use crate::folder::{Folder, Ran};

/// The rules that are found in a folder, with nothing of the surroundings that holds packages.
fn rules(folder: &Folder, arguments: &[&str]) -> Vec<String> {
    let mut rules = ran(
        folder,
        &[&["check", "--output-format", "json", "--exit-zero"], arguments].concat(),
        &[],
    )
    .ends(0)
    .rules();
    rules.sort();
    rules.dedup();
    rules
}

fn ran(folder: &Folder, arguments: &[&str], environment: &[(&str, &str)]) -> Ran {
    let mut command = folder.command(arguments);
    command.env("PATH", folder.path().join("no-bin"));
    command.envs(environment.iter().copied()).output().expect("it runs").into()
}

#[track_caller]
fn refused(folder: &Folder, sentence: &str) {
    let ran = ran(folder, &["check"], &[]).ends(2).warns(sentence);
    assert_eq!((ran.stdout.as_str(), ran.stderr.lines().count()), ("", 1), "{}", ran.stderr);
}

const LOUD: &str = "import logging\n\nlogging.warning('x')\n";

#[test]
fn who_selects_starts_anew_and_who_ignores_goes_on() {
    let base = "ignore = ['silent-except']\nextend-select = ['logging']\n";
    let folder = Folder::new(&[
        ("base.toml", base),
        ("a.py", SILENT),
        ("b.py", LOUD),
        ("roadworthy.toml", "extend = 'base.toml'\nignore = ['missing-type-hints']\n"),
    ]);
    assert_eq!(rules(&folder, &[]), ["root-logger-used"]);
    folder.write("roadworthy.toml", b"extend = 'base.toml'\nselect = ['errors']\n");
    assert_eq!(rules(&folder, &[]), ["silent-except"]);
    // What is taken back by its name is no longer ignored.
    folder.write("roadworthy.toml", b"extend = 'base.toml'\nextend-select = ['silent-except']\n");
    assert_eq!(rules(&folder, &[]), ["root-logger-used", "silent-except"]);
    folder.write("roadworthy.toml", b"extend = 'base.toml'\nignore = ['logging']\n");
    assert_eq!(rules(&folder, &[]), Vec::<String>::new());
}

#[test]
fn values_replace_lists_grow_and_tables_are_laid_over_each_other() {
    let base = "exclude = ['past']\nextend-exclude = ['one']\nfail-on = 'never'\n\
        [severity]\nsilent-except = 'info'\nroot-logger-used = 'info'\n\
        [per-file-ignores]\n'quiet.py' = ['silent-except']\n'a.py' = ['silent-except']\n\
        [roles]\n'sub/*.py' = 'test'\n";
    let own = "extend = '../base.toml'\nexclude = ['new']\nextend-exclude = ['two']\n\
        [severity]\nsilent-except = 'error'\n[per-file-ignores]\n'a.py' = []\n";
    let folder = Folder::new(&[
        ("base.toml", base),
        ("p/roadworthy.toml", own),
        ("p/a.py", SILENT),
        ("p/quiet.py", SILENT),
        ("p/b.py", LOUD),
        ("p/past/c.py", SILENT),
        ("p/new/c.py", SILENT),
        ("p/one/c.py", SILENT),
        ("p/two/c.py", SILENT),
        // Written in a folder around the project, `sub/*.py` means what it means there.
        ("p/sub/d.py", SILENT),
        ("sub/d.py", SILENT),
    ]);
    let shown = folder.run(&["check", "p", "--output-format", "concise"]).ends(0).stdout;
    let lines = shown.lines().filter(|line| line.contains(".py:"));
    let lines: Vec<_> = lines.map(|line| line.split(']').next().unwrap()).collect();
    assert_eq!(
        lines,
        [
            "p/a.py:4:5: error[silent-except",
            "p/b.py:3:1: info[root-logger-used",
            "p/past/c.py:4:5: error[silent-except",
            "p/sub/d.py:4:5: error[silent-except",
        ]
    );
    folder.run(&["check", "p", "--fail-on", "error"]).ends(1);
}

#[test]
fn a_standard_from_elsewhere_speaks_of_the_project_that_takes_it() {
    let standard = Folder::new(&[(
        "acme.toml",
        "extend-exclude = ['src/gen']\nselect = ['errors']\n[per-file-ignores]\n'src/b.py' = ['ALL']\n",
    )]);
    let path = standard.path().join("acme.toml").to_str().unwrap().to_owned();
    let folder = Folder::new(&[
        ("pyproject.toml", &format!("[tool.roadworthy]\nextend = {path:?}\n")),
        ("src/a.py", SILENT),
        ("src/b.py", SILENT),
        ("src/gen/c.py", SILENT),
    ]);
    let shown = folder.check(&["--output-format", "concise"]).ends(1).stdout;
    assert_eq!(shown.lines().filter(|line| line.contains(".py:")).count(), 1, "{shown}");
    // From inside the project, too.
    let mut inside = folder.command(&["check", "--output-format", "json", "--exit-zero"]);
    let inside = Ran::from(inside.current_dir(folder.path().join("src")).output().unwrap());
    assert_eq!(inside.rules(), ["silent-except"]);
    // The home of the user.
    folder.write("pyproject.toml", b"[tool.roadworthy]\nextend = '~/acme.toml'\n");
    let home = standard.path().to_str().unwrap();
    let at_home = ran(&folder, &["check", "--output-format", "json"], &[("HOME", home)]);
    assert_eq!(at_home.ends(1).rules(), ["silent-except"]);
}

const RULE: &str = "name = 'no-go'\nsummary = 'goes'\nwhy = 'It went.'\nfix = 'stay'\nseverity = 'error'\n\
    scope = 'statement'\napplies_to = ['python']\ntriggers = ['go']\n\
    query = '''(call function: (identifier) @name (#eq? @name \"go\")) @finding'''\n";

#[test]
fn an_installed_package_brings_settings_and_rules() {
    let site = ".venv/lib/python3.12/site-packages";
    let folder = Folder::new(&[
        (
            &format!("{site}/acme_standards/roadworthy.toml"),
            "select = ['errors', 'house']\nrule-paths = ['house']\n",
        ),
        (&format!("{site}/acme_standards/house/no-go.toml"), RULE),
        (
            &format!("{site}/acme_standards/strict.toml"),
            "extend = 'roadworthy.toml'\n[severity]\nno-go = 'info'\n",
        ),
        (&format!("{site}/acme/space/deep/team.toml"), "select = ['logging']\n"),
        ("app/roadworthy.toml", "extend = 'package:acme_standards'\n"),
        ("app/a.py", SILENT),
        ("app/b.py", "go()\n"),
        ("app/c.py", LOUD),
        (".git/HEAD", ""),
    ]);
    let app = |reference: &str| {
        let text = format!("extend = 'package:{reference}'\n");
        folder.write("app/roadworthy.toml", text.as_bytes());
        rules(&folder, &["app"])
    };
    assert_eq!(app("acme_standards"), ["no-go", "silent-except"]);
    assert_eq!(app("acme_standards/strict.toml"), ["no-go", "silent-except"]);
    assert_eq!(app("acme.space/deep/team.toml"), ["root-logger-used"]);
    assert_eq!(app("acme.space.deep/team.toml"), ["root-logger-used"]);
    let level = ran(&folder, &["check", "app", "--output-format", "concise"], &[]);
    assert!(!level.stdout.contains("no-go"));
}

#[test]
fn packages_are_found_in_every_kind_of_environment() {
    let other = Folder::new(&[
        ("env/lib/python3.9/site-packages/old/roadworthy.toml", "select = ['logging']\n"),
        ("env/lib/python3.13/site-packages/std/roadworthy.toml", "select = ['errors']\n"),
        ("env/lib/python3.9/site-packages/std/roadworthy.toml", "select = ['logging']\n"),
        ("env/bin/python3", ""),
        ("work space/src/edited/roadworthy.toml", "select = ['errors']\n"),
        ("flat/loose/roadworthy.toml", "select = ['errors']\n"),
    ]);
    let folder = Folder::new(&[("a.py", SILENT), ("b.py", LOUD)]);
    let env = other.path().join("env");
    let site = env.join("lib/python3.13/site-packages");
    std::fs::write(
        site.join("__editable__.loose-1.pth"),
        format!("# x\nimport os\n{}\n", other.path().join("flat").display()),
    )
    .unwrap();
    std::fs::create_dir(site.join("edited-1.dist-info")).unwrap();
    let url = format!("file://{}", other.path().join("work space").display()).replace(' ', "%20");
    let direct = format!("{{\"url\": \"{url}\", \"dir_info\": {{\"editable\": true}}}}");
    std::fs::write(site.join("edited-1.dist-info/direct_url.json"), direct).unwrap();

    let env = env.to_str().unwrap();
    let bin = format!("{env}/bin");
    for (variable, value) in [("VIRTUAL_ENV", env), ("CONDA_PREFIX", env), ("PATH", &*bin)] {
        for (package, rule) in [
            ("std", "silent-except"),
            ("old", "root-logger-used"),
            ("edited", "silent-except"),
            ("loose", "silent-except"),
        ] {
            folder.write("roadworthy.toml", format!("extend = 'package:{package}'\n").as_bytes());
            let found = ran(
                &folder,
                &["check", "--output-format", "json", "--exit-zero"],
                &[(variable, value)],
            );
            assert_eq!(found.ends(0).rules(), [rule], "{variable} {package}");
        }
    }
}

#[test]
fn a_package_that_is_not_there_is_told_with_the_places_searched() {
    let folder =
        Folder::new(&[("venv/lib/python3.12/site-packages/there/other.toml", ""), ("a.py", "")]);
    let says = |reference: &str, sentence: &str| {
        folder.write("roadworthy.toml", format!("extend = 'package:{reference}'\n").as_bytes());
        refused(&folder, sentence);
    };
    says("acme", "roadworthy.toml:1:10: the package `acme` is not installed in `");
    says("acme", "/venv/lib/python3.12/site-packages`; `pip install` it into one of these");
    says("there", "site-packages/there` holds no file `roadworthy.toml`; name one that it holds");
    says("there/../../secret.toml", "`extend` takes a file inside of the package `there`, not");
    says("there//etc/passwd", "`extend` takes a file inside of the package");
    says("there/", "`extend` takes a file inside of the package");
    says(
        "acme-standards",
        "`acme-standards` is no name that can be imported; write `package:acme_standards`",
    );
    says("", "is no name of a package; write the name that Python imports");
    says("acme..x", "is no name of a package");
}

#[test]
fn paths_that_lead_nowhere_are_told_with_the_way_out() {
    let folder = Folder::new(&[("a.py", ""), ("pyproject.toml", "[project]\n"), ("sub/x.py", "")]);
    let says = |reference: &str, sentence: &str| {
        folder.write("roadworthy.toml", format!("\nextend = '{reference}'\n").as_bytes());
        refused(&folder, sentence);
    };
    says(
        "base.toml",
        "roadworthy.toml:2:10: `extend` leads to `base.toml`, which does not exist; give a path relative",
    );
    says("../q7Tz9XkQ/0xbeef.toml", "q7Tz9XkQ/0xbeef.toml`, which does not exist");
    says("sub", "`extend` leads to `sub`, which is a folder; name the file in it");
    says("pyproject.toml", "which has no table [tool.roadworthy]; add one");
    says("https://acme.example/x.toml", "nothing is fetched from a network");
    says("pakage:acme", "did you mean `package:NAME`?");
    says("", "`extend` takes a path or `package:NAME`, not nothing");
    folder.write("roadworthy.toml", b"extend = ['a.toml']\n");
    refused(&folder, "roadworthy.toml:1:10: `extend` takes a string, not a list");
}

#[test]
fn circles_and_long_chains_are_refused() {
    let folder = Folder::new(&[
        ("a.py", ""),
        ("roadworthy.toml", "extend = 'sub/one.toml'\n"),
        ("sub/one.toml", "extend = 'two.toml'\n"),
        ("sub/two.toml", "extend = './../sub/one.toml'\n"),
    ]);
    refused(
        &folder,
        "sub/two.toml:1:10: `extend` runs in a circle: `sub/one.toml` -> `sub/two.toml` -> `sub/one.toml`; take one of these out",
    );
    folder.write("roadworthy.toml", b"extend = 'roadworthy.toml'\n");
    refused(&folder, "circle: `roadworthy.toml` -> `roadworthy.toml`");
    for index in 1..12 {
        let text = format!("extend = '{}.toml'\n", index + 1);
        folder.write(&format!("{index}.toml"), text.as_bytes());
    }
    folder.write("12.toml", b"");
    folder.write("roadworthy.toml", b"extend = '1.toml'\n");
    refused(&folder, "10.toml:1:10: `extend` leads through more than 10 files");
    folder.write("roadworthy.toml", b"extend = '3.toml'\n");
    folder.check(&[]).ends(0);
}

#[test]
fn errors_in_an_extended_file_name_it_and_who_extends_it() {
    let folder = Folder::new(&[("a.py", ""), ("roadworthy.toml", "\nextend = 'base.toml'\n")]);
    for (text, sentence) in [
        (
            "selct = []\n",
            "base.toml:1:1: there is no key `selct`; did you mean `select`? (this file is extended by roadworthy.toml:2:10)",
        ),
        ("ignore = ['nope-x']\n", "base.toml:1:11: there is no rule, group or area `nope-x`"),
        ("exclude = ['a[']\n", "base.toml:1:12: `a[` is not a valid path pattern"),
        (
            "rule-paths = ['x']\n",
            "base.toml:1:15: the folder `x` of rules does not exist (this file is extended by",
        ),
        ("required-version = '>=9'\nnew-key = 1\n", "base.toml:1:20: roadworthy `>=9` is required"),
        (
            "[rules.hardcoded-secret]\nx = 1\n",
            "base.toml:2:1: rule `hardcoded-secret` has no option `x`",
        ),
    ] {
        folder.write("base.toml", text.as_bytes());
        refused(&folder, sentence);
    }
}

#[test]
fn the_version_is_looked_at_before_all_else() {
    let folder = Folder::new(&[("a.py", "")]);
    for (text, sentence) in [
        (
            "new-key = 1\nextend = 'nope.toml'\nrequired-version = '>=99'\n",
            "roadworthy.toml:3:20: roadworthy `>=99` is required here and 0.",
        ),
        (
            "required-version = '98.7'\nselect = 3\n",
            "install one that fits, for example by `pip install 'roadworthy==98.7'`",
        ),
        (
            "required-version = 'latest'\nnew-key = 1\n",
            ":1:20: `required-version` takes versions such as `>=0.1, <0.3` or `0.",
        ),
        (
            "required-version = 1\nnew-key = 1\n",
            ":1:20: `required-version` takes a string, not a whole number",
        ),
        ("required-version = '>=0.0.1'\nnew-key = 1\n", ":2:1: there is no key `new-key`"),
    ] {
        folder.write("roadworthy.toml", text.as_bytes());
        refused(&folder, sentence);
    }
    folder.write("roadworthy.toml", b"required-version = '>=0.0.1'\n");
    folder.check(&[]).ends(0);
    std::fs::remove_file(folder.path().join("roadworthy.toml")).unwrap();
    folder.write("pyproject.toml", b"[tool.roadworthy]\nnew = 1\nrequired-version = '<0.0.1'\n");
    refused(&folder, "pyproject.toml:3:20: roadworthy `<0.0.1` is required");
}
