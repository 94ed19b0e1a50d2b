//! What a hook gives: lists of files in parts, which must come to the same as the whole project.

use crate::folder::Folder;

const SILENT: &str = "def f(order: str) -> None:\n    try:\n        gateway.save(order)\n    except Exception:\n        pass\n";
const KEYS: &str = "{\"password\": \"kT7w-Rz4pQ9x2Lm8\"}\n";

fn project() -> Folder {
    Folder::new(&[
        (
            "pyproject.toml",
            "[tool.roadworthy]\nextend-exclude = [\"sub/gen\"]\nfail-on = \"never\"\n",
        ),
        ("a.py", SILENT),
        ("-x.py", SILENT),
        ("--exit-zero", "#!/usr/bin/env python3\n"),
        ("sub/roadworthy.toml", "fail-on = \"warning\"\nextend-exclude = [\"skipped.py\"]\n"),
        ("sub/b.py", SILENT),
        ("sub/skipped.py", SILENT),
        ("sub/gen/c.py", SILENT),
        ("sub/settings.json", KEYS),
        ("sub/package-lock.json", KEYS),
        ("sub/translations/de.json", KEYS),
        ("sub/one two/ü.py", SILENT),
        (".tox/d.json", KEYS),
        ("picture.png", "\u{0}"),
    ])
}

const FILES: [&str; 14] = [
    "--exit-zero",
    "-x.py",
    ".tox/d.json",
    "a.py",
    "picture.png",
    "pyproject.toml",
    "sub/b.py",
    "sub/gen/c.py",
    "sub/one two/ü.py",
    "sub/package-lock.json",
    "sub/roadworthy.toml",
    "sub/settings.json",
    "sub/skipped.py",
    "sub/translations/de.json",
];

fn findings(folder: &Folder, given: &[&str]) -> Vec<String> {
    let arguments = ["check", "--force-exclude", "--output-format", "json", "--"];
    let ran = folder.run(&[&arguments, given].concat()).ends(0);
    let report = ran.json();
    let findings = report["findings"].as_array().cloned().unwrap_or_default();
    findings.iter().map(|finding| format!("{} {}", finding["path"], finding["rule"])).collect()
}

#[test]
fn parts_come_to_the_same_as_the_whole() {
    let folder = project();
    let whole = findings(&folder, &[]);
    let paths = ["-x.py", "a.py", "sub/b.py", "sub/one two/ü.py", "sub/settings.json"];
    assert_eq!(whole.len(), paths.len(), "{whole:?}");
    for (finding, path) in whole.iter().zip(paths) {
        assert!(finding.starts_with(&format!("\"{path}\" ")), "{finding} is not of {path}");
    }
    assert_eq!(findings(&folder, &FILES), whole);
    for size in [1, 3, 5] {
        let parts = FILES.chunks(size).flat_map(|part| findings(&folder, part));
        assert_eq!(parts.collect::<Vec<_>>(), whole, "in parts of {size}");
    }
}

#[test]
fn the_whole_says_what_a_part_fails_on() {
    let folder = project();
    // By itself, the file belongs to the inner folder.
    folder.check(&["sub/b.py", "sub/settings.json"]).ends(1);
    folder.check(&["--force-exclude", "sub/b.py", "sub/settings.json"]).ends(0);
    folder.check(&["--force-exclude", "gone.py"]).ends(2).warns("`gone.py` does not exist");
    folder.check(&["--force-exclude", "picture.png"]).ends(0).warns("nothing was judged");
}
