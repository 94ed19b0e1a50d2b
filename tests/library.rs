//! The library: a project in memory is judged as the same project on disk.

use std::fs;

use camino::{Utf8Path, Utf8PathBuf};
use roadworthy_engine::{Outcome, RunOptions, Settings, lint};
use roadworthy_project::{DiscoverOptions, Project, discover};
use walkdir::WalkDir;

fn told(outcome: &Outcome) -> Vec<String> {
    let findings = outcome.findings.iter();
    let one = |it: &roadworthy_engine::Finding| {
        let (path, place, rule) = (&it.path, it.start, it.rule.name);
        format!("{path}:{}:{} {} {rule} {}", place.line, place.column, it.severity, it.message)
    };
    findings.map(one).collect()
}

#[test]
fn a_project_in_memory_is_judged_as_on_disk() {
    let catalog = roadworthy_rules::catalog();
    let settings = Settings::of_all(&catalog);
    let projects = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/projects");
    let mut judged = 0;
    for project in projects.read_dir_utf8().unwrap() {
        let root = project.unwrap().into_path();
        // What lies around a project has a say in it: the folder of the fixtures, this repository.
        let folder = tempfile::tempdir().unwrap();
        let copy = Utf8Path::from_path(folder.path()).unwrap().join("copy");
        let mut files = Vec::new();
        for entry in WalkDir::new(&root) {
            let entry = entry.unwrap();
            if entry.file_type().is_file() {
                let path = Utf8PathBuf::from_path_buf(entry.into_path()).unwrap();
                let bytes = fs::read(&path).unwrap();
                let inside = path.strip_prefix(&root).unwrap();
                fs::create_dir_all(copy.join(inside).parent().unwrap()).unwrap();
                fs::write(copy.join(inside), &bytes).unwrap();
                files.push((inside.to_owned(), bytes));
            }
        }
        let on_disk = discover(&[], &DiscoverOptions::new(&copy)).unwrap();
        let in_memory = Project::in_memory(files);
        let roles = |outcome: &Outcome| -> Vec<String> {
            let files = outcome.files.iter();
            files.map(|it| format!("{} {} {:?}", it.path, it.kind, it.role)).collect()
        };
        let disk = lint(&on_disk, &catalog, &settings, RunOptions::default());
        let memory = lint(&in_memory, &catalog, &settings, RunOptions::default());
        assert_eq!(roles(&memory), roles(&disk), "{root}");
        assert_eq!(told(&memory), told(&disk), "{root}");
        judged += disk.findings.len();
    }
    assert!(judged > 5, "{judged} findings show little");
}

#[test]
fn some_files_are_judged_in_the_light_of_all() {
    let catalog = roadworthy_rules::catalog();
    let settings = Settings::of_all(&catalog);
    let service = "try:\n    gateway.charge(order)\nexcept Exception:\n    pass\n";
    let mut project =
        Project::in_memory([("shop/pay.py", service), ("tests/test_pay.py", service)]);
    let all = lint(&project, &catalog, &settings, RunOptions::default());
    assert_eq!(all.findings.len(), 1, "{:?}", told(&all));
    project.files.retain(|file| file.path == "shop/pay.py");
    let one = lint(&project, &catalog, &settings, RunOptions::default());
    assert_eq!((told(&one), one.files.len()), (told(&all), 1));
}

#[test]
fn what_surrounds_the_code_is_judged_in_memory_as_on_disk() {
    let catalog = roadworthy_rules::catalog();
    let settings =
        Settings { as_of: roadworthy_engine::day("2026-11-01"), ..Settings::of_all(&catalog) };
    let files = [
        (
            "pyproject.toml",
            "[project]\nname = \"shop\"\nrequires-python = \">=3.12\"\ndependencies = [\"flask\"]\n",
        ),
        ("uv.lock", "version = 1\n[[package]]\nname = \"rich\"\nversion = \"13.0\"\n"),
        ("shop/__init__.py", ""),
        ("shop/app.py", "import os\n\nimport yaml\n\nURL = os.environ[\"SHOP_URL\"]\n"),
        (".env.example", "OTHER=\n"),
        ("Dockerfile", "FROM python:3.8\nCOPY . /app\nCMD uvicorn shop.gone:app\n"),
        (
            ".github/workflows/ci.yml",
            "on: push\njobs:\n  lint:\n    runs-on: a\n    steps:\n      - run: ruff check\n",
        ),
        ("README.md", "```bash\nmake lint\n```\n"),
        ("Makefile", "test:\n\tpytest\n"),
    ];
    let folder = tempfile::tempdir().unwrap();
    let root = Utf8Path::from_path(folder.path()).unwrap();
    for (path, text) in files {
        fs::create_dir_all(root.join(path).parent().unwrap()).unwrap();
        fs::write(root.join(path), text).unwrap();
    }
    let on_disk = discover(&[], &DiscoverOptions::new(root)).unwrap();
    let in_memory = Project::in_memory(files);
    let disk = lint(&on_disk, &catalog, &settings, RunOptions::default());
    let memory = lint(&in_memory, &catalog, &settings, RunOptions::default());
    assert_eq!(told(&memory), told(&disk));
    let speaking: std::collections::BTreeSet<_> =
        disk.findings.iter().map(|it| it.rule.name).collect();
    for rule in ["undeclared-dependency", "eol-python", "readme-command-broken"] {
        assert!(speaking.contains(rule), "{rule}: {speaking:?}");
    }
}
