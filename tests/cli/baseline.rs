//! Baselines from outside: what they know, what they hold, and how they are kept.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use std::process::Command;

use crate::folder::{Folder, Ran};

const FILE: &str = "roadworthy-baseline.jsonl";
/// Random, so that nobody can guess it; the other is a word.
const STRONG: &str = "q8Zk2vLp9sRt4wXy7bNc";
const OTHER: &str = "w3Hf6dJs1mKa5gTz8xVe";

/// A function that loses its errors.
fn silent(name: usize) -> String {
    format!(
        "def step_{name}(order: str) -> None:\n    try:\n        save_{name}(order)\n    except Exception:\n        pass\n\n\n"
    )
}

fn silent_all(names: impl IntoIterator<Item = usize>) -> String {
    names.into_iter().map(silent).collect()
}

impl Folder {
    fn text(&self, path: &str) -> String {
        std::fs::read_to_string(self.path().join(path)).unwrap()
    }

    fn rename(&self, from: &str, to: &str) {
        std::fs::rename(self.path().join(from), self.path().join(to)).unwrap();
    }

    fn remove(&self, path: &str) {
        std::fs::remove_file(self.path().join(path)).unwrap();
    }

    fn update(&self) -> Ran {
        self.check(&["--update-baseline"]).ends(0)
    }

    /// What is found beside the baseline, as `path:line rule`.
    fn new_ones(&self, arguments: &[&str]) -> Vec<String> {
        let always = ["--baseline", FILE, "--output-format", "json", "--exit-zero"];
        let report = self.check(&[&always, arguments].concat()).ends(0).json();
        let findings = report["findings"].as_array().unwrap().iter();
        findings
            .map(|it| {
                format!(
                    "{}:{} {}",
                    it["path"].as_str().unwrap(),
                    it["line"],
                    it["rule"].as_str().unwrap()
                )
            })
            .collect()
    }

    fn git(&self, arguments: &[&str]) -> Ran {
        let mut command = Command::new("git");
        command.current_dir(self.path()).args([
            "-c",
            "user.name=Jo",
            "-c",
            "user.email=jo@acme.io",
        ]);
        command.args(["-c", "commit.gpgSign=false"]).args(arguments);
        command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_SYSTEM", "/dev/null");
        command.output().unwrap().into()
    }

    fn commit(&self) {
        self.git(&["add", "--all", "."]).ends(0);
        self.git(&["commit", "--quiet", "--message", "x"]).ends(0);
    }
}

#[test]
fn one_new_defect_among_a_hundred_equal_old_ones_is_shown() {
    let errors = "exclude = ['roadworthy.toml']\n[severity]\nsilent-except = 'error'\n";
    let folder = Folder::new(&[
        ("shop/orders.py", &silent_all(0..100)),
        ("shop/a.py", "x = 1\n"),
        ("roadworthy.toml", errors),
    ]);
    folder.check(&[]).ends(1);
    folder.update().warns("knows 100 findings now: 100 added, 0 taken out").warns("leaves out");
    let known = folder.check(&["--baseline", FILE]).ends(0).stays_quiet();
    known.says("Nothing found in 2 files").says("100 known to the baseline, 100 of them errors");
    assert!(folder.new_ones(&["--min-severity", "info", "--every-site"]).is_empty());

    // Turned round, and one more in their midst: the new one is told from the others by the lines around it.
    let around = |middle: &str| {
        format!("{}{middle}{}", silent_all((50..100).rev()), silent_all((0..50).rev()))
    };
    folder.write("shop/orders.py", around("").as_bytes());
    assert!(folder.new_ones(&[]).is_empty());
    folder.write("shop/orders.py", around(&silent(100)).as_bytes());
    assert_eq!(folder.new_ones(&[]), ["shop/orders.py:354 silent-except"]);
    folder.check(&["--baseline", FILE]).ends(1).says("Found 1 ").says("100 known to the baseline");

    // In a file that was renamed, too, and mended in other places.
    folder.rename("shop/orders.py", "shop/sales.py");
    assert_eq!(folder.new_ones(&[]), ["shop/sales.py:354 silent-except"]);
    folder.write("shop/sales.py", around(&silent(100)).replace("order:", "_order:").as_bytes());
    assert_eq!(folder.new_ones(&["shop/sales.py"]), ["shop/sales.py:354 silent-except"]);

    // Pruning writes the new path and adds nothing.
    folder.write("shop/sales.py", silent_all(90..100).as_bytes());
    let stale = ["--baseline", FILE, "--exit-zero"];
    folder.check(&stale).ends(0).warns("90 findings that").warns("--prune-baseline");
    folder
        .check(&["--baseline", FILE, "--prune-baseline"])
        .ends(0)
        .warns("knows 10 findings now: 0 added, 90 taken out");
    let text = folder.text(FILE);
    assert!(text.contains("shop/sales.py") && !text.contains("orders"), "{text}");
    folder.write("shop/sales.py", silent_all(89..100).as_bytes());
    assert_eq!(folder.new_ones(&[]), ["shop/sales.py:4 silent-except"]);
    // Where nothing tells them apart, the first are the known ones.
    folder.write("shop/sales.py", silent(1).repeat(11).as_bytes());
    assert_eq!(folder.new_ones(&[]), ["shop/sales.py:74 silent-except"]);
}

#[test]
fn the_same_project_gives_the_same_baseline_from_any_folder() {
    let files = [("src/a.py", silent(1)), ("src/b/c.py", silent_all(1..4))];
    let folder = Folder::new(&[]);
    for (path, text) in &files {
        folder.write(path, text.as_bytes());
    }
    folder.update();
    let first = folder.text(FILE);
    assert_eq!(first.lines().next(), Some("{\"format\":\"roadworthy-baseline\",\"version\":1}"));
    let hundred = "the line, without its name, is the same in all files";
    let entries: Vec<serde_json::Value> =
        first.lines().skip(1).map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(entries.len(), 2, "{first}");
    assert_eq!(entries[0]["hash"], entries[1]["hash"], "{hundred}");
    assert_eq!([&entries[0]["count"], &entries[1]["count"]], [1, 3]);
    assert_eq!(entries[1]["path"], "src/b/c.py");
    folder.update().warns("0 added, 0 taken out");
    assert_eq!(folder.text(FILE), first);
    folder.remove(FILE);
    folder.check(&["--update-baseline", "--threads", "1", "--parse-mode", "full"]).ends(0);
    assert_eq!(folder.text(FILE), first);

    // From within, and from beside.
    let within = |folder: &Folder, arguments: &[&str]| -> Ran {
        folder.command(arguments).current_dir(folder.path().join("src")).output().unwrap().into()
    };
    let up = format!("../{FILE}");
    within(&folder, &["check", "--baseline", &up]).ends(0).says("4 known to the baseline");
    within(&folder, &["check", "--baseline", &up, "--update-baseline"]).ends(0);
    assert_eq!(folder.text(FILE), first);
    std::fs::create_dir(folder.path().join("ci")).unwrap();
    folder.check(&["--update-baseline", "--baseline", "ci/known.jsonl"]).ends(0);
    assert!(folder.text("ci/known.jsonl").contains("\"../src/b/c.py\""));
    within(&folder, &["check", "--baseline", "../ci/known.jsonl"]).ends(0);
    std::fs::write(folder.path().join("src/a.py"), "x = 1\n").unwrap();
    let stale = within(&folder, &["check", "--baseline", "../ci/known.jsonl"]).ends(0);
    stale.warns("1 finding that ../ci/known.jsonl knows is gone");
}

#[test]
fn the_configuration_names_a_baseline_beside_itself() {
    let folder = Folder::new(&[
        ("app/roadworthy.toml", "baseline = \"known.jsonl\"\n"),
        ("app/a.py", &silent(1)),
    ]);
    folder.check(&["app"]).ends(2).warns("app/known.jsonl does not exist; `--update-baseline`");
    folder
        .check(&["app", "--update-baseline"])
        .ends(0)
        .warns("app/known.jsonl knows 1 finding now");
    assert!(folder.text("app/known.jsonl").contains("\"a.py\""));
    folder.check(&["app"]).ends(0).says("1 known to the baseline");
    folder.check(&["app", "--config", "app/roadworthy.toml"]).ends(0);
    folder.check(&["app", "--no-baseline"]).ends(1);
    folder.check(&["app", "--isolated"]).ends(1);
    let json = folder.check(&["app", "--output-format", "json"]).ends(0).json();
    assert_eq!(json["summary"]["baselined"], 1);
    let wrong = Folder::new(&[("roadworthy.toml", "baseline = 1\n")]);
    wrong
        .check(&[])
        .ends(2)
        .warns("roadworthy.toml:1:12: `baseline` takes a string, not a whole number");
}

#[test]
fn a_part_of_a_project_says_nothing_of_the_rest() {
    let two = format!("{}print(1)\n", silent(1));
    let folder = Folder::new(&[("src/a.py", &two), ("src/b.py", &two), ("src/c.py", &silent(3))]);
    folder.update();
    let whole = folder.text(FILE);
    folder.write("src/a.py", b"x = 1\n");
    let part = |arguments: &[&str]| {
        let always = ["--baseline", FILE, "--exit-zero"];
        folder.check(&[&always, arguments].concat()).ends(0)
    };
    part(&["src/b.py"]).stays_quiet();
    part(&["src/b.py", "--update-baseline"])
        .warns("0 added, 0 taken out")
        .warns("stay as they were");
    part(&["src/b.py", "--prune-baseline"]).warns("0 taken out");
    assert_eq!(folder.text(FILE), whole);
    // Of two rules only the one that ran has something to say.
    let count = |needle: &str| folder.text(FILE).matches(needle).count();
    let silents = count("silent-except");
    part(&["--select", "print-in-product-code", "--prune-baseline"]);
    assert_eq!(count("silent-except"), silents);
    part(&["--ignore", "print-in-product-code", "--update-baseline"]);
    assert_eq!(count("silent-except"), silents - 1);
    // Files that are gone are so for a run that looked where they were.
    folder.remove("src/c.py");
    part(&["src/b.py"]).stays_quiet();
    part(&["src/b.py", "--prune-baseline"]);
    assert_eq!(count("src/c.py"), 1);
    part(&["src"]).warns("1 finding that");
    part(&["--prune-baseline"]).warns("1 taken out");
    assert_eq!(count("src/c.py"), 0);
}

#[test]
fn stale_entries_fail_where_that_is_asked_for() {
    let folder = Folder::new(&[("a.py", &silent_all(0..2))]);
    folder.update();
    let strict = ["--baseline", FILE, "--error-stale-baseline"];
    folder.check(&strict).ends(0).stays_quiet();
    folder.write("a.py", silent(1).as_bytes());
    folder.check(&strict).ends(1).warns("error: 1 finding that").warns("`--prune-baseline` takes");
    folder.check(&[&strict[..], &["--exit-zero"]].concat()).ends(0).warns("1 finding");
    folder.check(&["--baseline", FILE]).ends(0).warns("note: 1 finding");
    folder.check(&[&strict[..], &["--prune-baseline"]].concat()).ends(0);
    folder.check(&strict).ends(0).stays_quiet();
}

#[test]
fn a_secret_is_known_by_its_value_where_nobody_can_guess_that() {
    let code = |password: &str, token: &str| {
        format!("import db\n\npassword = \"{password}\"\ndb.connect(api_token=\"{token}\")\n")
    };
    let folder = Folder::new(&[("a.py", &code("tiger7Blue", STRONG))]);
    folder.update().warns("knows 2 findings now");
    let first = folder.text(FILE);
    let values = first.lines().filter(|line| line.contains("\"value\"")).count();
    assert_eq!((values, first.matches("\"salt\"").count()), (1, 1), "{first}");
    for value in [STRONG, "tiger7Blue"] {
        assert!(!first.contains(value));
    }
    folder.check(&["--baseline", FILE]).ends(0).says("2 known to the baseline");
    folder.update();
    assert_eq!(folder.text(FILE), first, "the salt stays");
    // Another strong value is another secret; a weak one is not told from the other.
    folder.write("a.py", code("tiger8Blue", STRONG).as_bytes());
    assert!(folder.new_ones(&[]).is_empty());
    folder.write("a.py", code("tiger7Blue", OTHER).as_bytes());
    assert_eq!(folder.new_ones(&[]), ["a.py:4 hardcoded-secret"]);
    folder.write("a.py", code(OTHER, STRONG).as_bytes());
    assert_eq!(folder.new_ones(&[]), ["a.py:3 hardcoded-secret"]);
    // The same under another name of the file.
    folder.write("a.py", format!("\n{}", code("tiger7Blue", STRONG)).as_bytes());
    folder.rename("a.py", "b.py");
    assert!(folder.new_ones(&[]).is_empty());
    // Without a secret there is no salt.
    folder.write("b.py", silent(1).as_bytes());
    folder.update();
    assert!(!folder.text(FILE).contains("salt"));
}

#[test]
fn a_private_key_is_known_by_its_text() {
    let block = |seed: &str| {
        let line = seed.repeat(4)[..64].to_owned();
        format!(
            "KEY = \"\"\"-----BEGIN RSA PRIVATE KEY-----\n{line}\n{line}\n-----END RSA PRIVATE KEY-----\"\"\"\n"
        )
    };
    let folder = Folder::new(&[("a.py", &block("MIIEowIBAAKCAQEAq8Zk2vLp9sRt4wXy7bNc"))]);
    folder.update().warns("knows 1 finding now");
    assert!(folder.new_ones(&[]).is_empty());
    folder.write("a.py", block("MIIEowIBAAKCAQEAw3Hf6dJs1mKa5gTz8xVe").as_bytes());
    assert_eq!(folder.new_ones(&[]), ["a.py:1 hardcoded-secret"]);
}

#[test]
fn branches_merge() {
    let folder = Folder::new(&[]);
    for name in ["a", "c", "e", "g", "i"] {
        folder.write(&format!("{name}.py"), silent(1).as_bytes());
    }
    folder.git(&["init", "--quiet", "--initial-branch", "main", "."]).ends(0);
    folder.update();
    folder.commit();
    let grow = |branch: &str, files: &[&str]| {
        folder.git(&["checkout", "--quiet", "-b", branch, "main"]).ends(0);
        for file in files {
            folder.write(file, silent_all(0..3).as_bytes());
        }
        folder.update();
        folder.commit();
    };
    grow("one", &["b.py", "c.py"]);
    grow("two", &["h.py", "i.py"]);
    folder.git(&["merge", "--quiet", "--no-edit", "one"]).ends(0);
    let known = folder.check(&["--baseline", FILE]).ends(0).stays_quiet();
    known.says("15 known to the baseline");

    // Entries that come to stand side by side need a word to git.
    folder.write(".gitattributes", format!("{FILE} merge=union\n").as_bytes());
    folder.commit();
    folder.git(&["branch", "-f", "main"]).ends(0);
    grow("three", &["j.py", "i.py", "pay.py"]);
    folder.write("pay.py", format!("api_token = \"{STRONG}\"\n").as_bytes());
    folder.update();
    folder.commit();
    grow("four", &["k.py", "i.py"]);
    folder.write("l.py", format!("api_token = \"{OTHER}\"\n").as_bytes());
    folder.update();
    folder.commit();
    folder.git(&["merge", "--quiet", "--no-edit", "three"]).ends(0);
    let merged = folder.text(FILE);
    assert_eq!(merged.matches("\"salt\"").count(), 2, "{merged}");
    folder.check(&["--baseline", FILE]).ends(0).stays_quiet().says("24 known to the baseline");
    folder.update().warns("0 added, 0 taken out");
    assert_eq!(folder.text(FILE).matches("\"salt\"").count(), 1);
    folder.check(&["--baseline", FILE]).ends(0).stays_quiet();
}

#[test]
fn a_file_that_is_no_baseline_is_refused_with_its_place() {
    let folder = Folder::new(&[("a.py", &silent_all(0..2))]);
    let refused = |text: &str, wanted: &str| {
        folder.write(FILE, text.as_bytes());
        for more in [&[][..], &["--update-baseline"], &["--prune-baseline"]] {
            let arguments = [&["--baseline", FILE], more].concat();
            folder.check(&arguments).ends(2).warns(wanted);
        }
        assert_eq!(folder.text(FILE), text, "it stays as it is");
    };
    folder.update();
    let good = folder.text(FILE);
    refused("", ":1: this is no baseline");
    refused("{}\n", ":1: this is no baseline");
    refused("# Read me\n", ":1: this is no baseline");
    refused(&format!("{good}x\n"), ":3: this is no entry of a baseline");
    refused(&good.replace("\"count\":2", "\"count\":0"), ":2: this is no entry");
    refused(&good.replace("\"count\":2", "\"count\":2,\"line\":4"), ":2: this is no entry");
    refused(&good.replace("\"hash\":\"", "\"hash\":\"q"), ":2: this is no entry");
    refused(
        &good.replace("\"version\":1", "\"version\":2,\"new\":[]"),
        "is of version 2 of the format",
    );
    refused(&format!("<<<<<<< main\n{good}=======\n"), ":1: a merge is not finished here");
    refused(&format!("{good}=======\n{good}>>>>>>> two\n"), ":3: a merge is not finished here");

    // Order, empty lines and line ends do no harm; of an entry that stands twice the higher count holds.
    let lower = good.lines().nth(1).unwrap().replace("\"count\":2", "\"count\":1");
    folder.write(FILE, format!("\u{feff}{good}\n{lower}\n").replace('\n', "\r\n").as_bytes());
    folder.check(&["--baseline", FILE]).ends(0).stays_quiet();

    folder
        .check(&["--baseline", "none.jsonl"])
        .ends(2)
        .warns("none.jsonl does not exist; `--update-baseline` makes it");
    folder.check(&["--baseline", "none.jsonl", "--prune-baseline"]).ends(2);
    folder
        .check(&["--baseline", "none/x.jsonl", "--update-baseline"])
        .ends(2)
        .warns("the folder of the baseline");
    folder.check(&["--baseline", "."]).ends(2).warns("is a folder");
    folder.write("x.bin", b"\xff\xfe\x00");
    folder.check(&["--baseline", "x.bin"]).ends(2).warns("is no text");
}

#[test]
fn options_that_do_not_go_together_are_refused() {
    let folder = Folder::new(&[("a.py", &silent(1))]);
    folder.check(&["--no-baseline", "--update-baseline"]).ends(2);
    folder.check(&["--prune-baseline", "--update-baseline"]).ends(2);
    folder.check(&["--show-files", "--update-baseline"]).ends(2);
    folder
        .check(&["--error-stale-baseline"])
        .ends(2)
        .warns("there is no baseline; give one by --baseline");
    folder.check(&["--history", "--baseline", FILE]).ends(2).warns("leave out --baseline");
    folder.check(&["--history", "--update-baseline"]).ends(2).warns("leave out --update-baseline");
    folder.check(&["--prune-baseline"]).ends(2).warns("roadworthy-baseline.jsonl does not exist");
}

#[test]
fn standard_input_is_known_by_the_name_it_is_given() {
    let folder = Folder::new(&[("a.py", &silent(1))]);
    folder.update();
    let feed = |arguments: &[&str], text: &str| {
        folder.feed(&[&["check", "-", "--baseline", FILE], arguments].concat(), text.as_bytes())
    };
    feed(&["--stdin-filename", "a.py"], &silent(2)).ends(0).says("1 known");
    feed(&["--stdin-filename", "a.py"], &silent_all(0..3)).ends(1).says("2 warnings");
    feed(&["--stdin-filename", "b.py"], &silent(2)).ends(1);
    feed(&[], &silent(1)).ends(1);
    feed(&["--update-baseline"], &silent(1)).ends(2).warns("give --stdin-filename");
}

#[test]
fn what_is_below_the_level_and_what_folds_is_known_too() {
    let each = (0..12).map(|i| format!("def load_{i}(name, key):\n    return name[key]\n"));
    let untyped = each.collect::<Vec<_>>().join("\n");
    let folder = Folder::new(&[
        ("pyproject.toml", "[project]\nname = \"a\"\nversion = \"1\"\n\n[tool.mypy]\n"),
        ("a/__init__.py", ""),
        ("a/one.py", &untyped),
    ]);
    folder.check(&["--min-severity", "error", "--update-baseline"]).ends(0);
    folder.check(&["--baseline", FILE]).ends(0).says("12 known to the baseline");
    folder.write("a/two.py", b"def save(name, key):\n    return name[key]\n");
    assert_eq!(folder.new_ones(&[]), ["a/two.py:1 missing-type-hints"]);
}

#[test]
fn what_cannot_be_read_is_never_known() {
    let folder = Folder::new(&[("a.py", &silent(1)), ("main.py", "import a, b\n")]);
    folder.write("b.py", b"x = '\xff'\n");
    let updated = folder.check(&["--update-baseline"]).ends(1).says("unreadable-file");
    updated.warns("1 finding of `unreadable-file` cannot be known");
    folder.check(&["--baseline", FILE]).ends(1).says("unreadable-file");
    // Its entries of better days stay.
    folder.write("a.py", b"x = '\xff'\n");
    folder.check(&["--baseline", FILE, "--prune-baseline"]).ends(1).warns("0 taken out");
    assert!(folder.text(FILE).contains("a.py"));
}

#[test]
fn a_rule_that_is_configured_away_leaves_its_entries_stale() {
    let folder = Folder::new(&[("a.py", &silent(1))]);
    folder.update();
    folder.write("roadworthy.toml", b"ignore = [\"silent-except\"]\n");
    folder.check(&["--baseline", FILE]).ends(0).warns("1 finding that");
}

#[test]
fn the_new_one_among_a_hundred_equal_ones_is_told_by_what_it_is_in() {
    let handler = |name: &str| {
        format!(
            "def {name}(order: str) -> None:\n    try:\n        gateway.save(order)\n    \
             except Exception:\n        pass\n"
        )
    };
    let old: Vec<String> = (0..100).map(|at| handler(&format!("old_{at}"))).collect();
    let folder = Folder::new(&[("a.py", &old.concat())]);
    folder.check(&["--update-baseline"]).ends(0);
    let mut moved: Vec<String> = old.into_iter().rev().collect();
    moved.insert(50, handler("fresh"));
    folder.write("a.py", moved.concat().as_bytes());
    let known = ["--baseline", "roadworthy-baseline.jsonl", "--output-format", "json"];
    let json = folder.check(&known).ends(1).json();
    let lines: Vec<_> = json["findings"].as_array().unwrap().iter().map(|it| &it["line"]).collect();
    assert_eq!(lines, [50 * 5 + 4]);
}
