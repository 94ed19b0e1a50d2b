//! `facts` from outside: what it shows in both formats, what it never shows, and files that are not what their names say.

use crate::folder::{Folder, Ran};

const MANIFEST: &str = "[project]\nname = \"shop\"\nrequires-python = \">=3.12\"\ndependencies = [\"fastapi==0.115.0\"]\n";
const DOCKERFILE: &str = "FROM python:3.12.7-slim\nUSER 1000\nCMD [\"uvicorn\", \"shop.main:app\", \"--host\", \"0.0.0.0\"]\n";
const WORKFLOW: &str = "on: push\npermissions: {}\njobs:\n  test:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: pytest -v\n";
const MAIN: &str = "import os\n\nfrom fastapi import FastAPI\n\nNAME = os.environ[\"SHOP_NAME\"]\napp = FastAPI(title=NAME)\n";

/// A service with one component, and what a test lays over it.
fn service(files: &[(&str, &str)]) -> Folder {
    let folder = Folder::new(&[
        ("pyproject.toml", MANIFEST),
        ("Dockerfile", DOCKERFILE),
        (".github/workflows/ci.yml", WORKFLOW),
        ("shop/__init__.py", ""),
        ("shop/main.py", MAIN),
        ("tests/test_main.py", "def test_name():\n    assert True\n"),
    ]);
    for (path, text) in files {
        folder.write(path, text.as_bytes());
    }
    folder
}

fn facts(folder: &Folder, arguments: &[&str]) -> Ran {
    folder.run(&[&["facts"], arguments].concat())
}

/// What the facts of a folder are for programs.
fn known(folder: &Folder) -> serde_json::Value {
    facts(folder, &["--format", "json"]).ends(0).json()
}

/// Asserts that a run with every rule finds a file unparsable at a place, ends as with any error, and takes nothing that
/// the file would have told for missing.
#[track_caller]
fn is_unparsable(folder: &Folder, place: &str) {
    let ran = folder.check(&["--output-format", "concise"]).ends(1);
    let found = format!("{place}: error[unparsable-file]");
    assert!(ran.stdout.contains(&found), "no `{found}` in:\n{}", ran.stdout);
    is_not_called_missing(&ran);
}

#[track_caller]
fn is_not_called_missing(ran: &Ran) {
    for rule in [
        "unlocked-application",
        "lock-out-of-date",
        "image-ignores-lock",
        "no-tests",
        "tests-never-run-in-ci",
        "no-vulnerability-audit",
        "coverage-gate-missing",
        "configured-check-never-runs",
        "claimed-python-untested",
        "undeclared-dependency",
        "manifests-disagree",
    ] {
        assert!(!ran.stdout.contains(&format!("[{rule}]")), "{rule} in:\n{}", ran.stdout);
    }
}

#[test]
fn people_are_shown_a_block_for_each_subject() {
    let folder = service(&[(".env.example", "SHOP_NAME=\n")]);
    let ran = facts(&folder, &["--as-of", "2026-11-01"]).ends(0).stays_quiet();
    let expected = "shop  pyproject.toml
  made as       application: has a container file
  used as       service: Dockerfile starts uvicorn
  files         5 application, 1 example, 1 test
  python        required >=3.12 (pyproject.toml:3)
                image python:3.12.7-slim (Dockerfile:1)
  declares      pyproject.toml
                  main (1): fastapi
  environment   code reads 1 variable: SHOP_NAME
                example files name 1 variable: SHOP_NAME

Images
  Dockerfile    from python:3.12.7-slim, context .

Processes
  image         uvicorn shop.main:app --host 0.0.0.0 (Dockerfile:3)

.github/workflows/ci.yml  push
  test          runs pytest -v

As of  2026-11-01
";
    assert_eq!(ran.stdout, expected);
}

#[test]
fn programs_are_given_an_object() {
    let folder = service(&[]);
    let ran = facts(&folder, &["--format", "json", "--as-of", "2026-11-01"]).ends(0).stays_quiet();
    let known = ran.json();
    assert_eq!((&known["version"], &known["as_of"]), (&1.into(), &"2026-11-01".into()));
    let shop = &known["components"][0];
    assert_eq!((&shop["name"], &shop["distribution"]), (&"shop".into(), &"application".into()));
    assert_eq!(shop["profiles"][0][0], "service");
    assert_eq!(shop["manifests"][0]["requirements"]["main"][0], "fastapi");
    assert_eq!(known["images"][0]["stages"][0]["base"], "python:3.12.7-slim");
    assert_eq!(known["processes"][0]["origin"], "dockerfile");
    assert_eq!(known["pipelines"][0]["jobs"][0]["commands"][0]["command"], "pytest -v");
    assert_eq!(known["unknown"], serde_json::json!({}));
    let files = known["files"].as_array().expect("is a list");
    let test = files.iter().find(|file| file["path"] == "tests/test_main.py").expect("is there");
    assert_eq!(
        (&test["role"], &test["reason"]),
        (&"test".into(), &"lies in a folder `tests`".into())
    );
    // The short and the long name of the option are one.
    assert_eq!(
        facts(&folder, &["--output-format", "json", "--as-of", "2026-11-01"]).stdout,
        ran.stdout
    );
}

#[test]
fn each_component_has_its_own_facts() {
    let folder = Folder::new(&[
        ("api/pyproject.toml", "[project]\nname = \"api\"\ndependencies = [\"flask\"]\n"),
        ("api/app.py", "import flask\n\napp = flask.Flask(__name__)\n"),
        (
            "client/pyproject.toml",
            "[project]\nname = \"client\"\n[build-system]\nrequires = [\"hatchling\"]\n",
        ),
        ("client/client/__init__.py", ""),
    ]);
    let known = known(&folder);
    let components = known["components"].as_array().expect("is a list").iter();
    let shown = components.filter(|it| !it["manifest"].is_null()).map(|it| {
        let text = |key: &str| it[key].as_str().expect("is a text").to_owned();
        (text("name"), text("path"), it["profiles"][0][0].as_str().unwrap_or_default().to_owned())
    });
    let expected = [("api", "api", "service"), ("client", "client", "library")];
    assert_eq!(shown.collect::<Vec<_>>(), expected.map(|(a, b, c)| (a.into(), b.into(), c.into())));
    facts(&folder, &[])
        .ends(0)
        .says("api  api/pyproject.toml\n")
        .says("client  client/pyproject.toml\n");
    let alone = facts(&folder, &["api"]).ends(0).says("api  pyproject.toml\n");
    assert!(!alone.stdout.contains("client"), "{}", alone.stdout);
}

#[test]
fn the_name_of_the_folder_around_a_repository_says_nothing() {
    let folder = Folder::new(&[
        ("shop-demo/.git/HEAD", "ref: refs/heads/main\n"),
        ("shop-demo/pyproject.toml", MANIFEST),
        ("shop-demo/Dockerfile", DOCKERFILE),
        ("shop-demo/shop/main.py", MAIN),
    ]);
    let known = facts(&folder, &["shop-demo", "--format", "json"]).ends(0).json();
    // Paths begin where the repository does.
    assert_eq!(known["images"][0]["path"], "Dockerfile");
    assert!(known["images"][0]["development"].is_null(), "{}", known["images"]);
    assert!(known["processes"][0]["development"].is_null(), "{}", known["processes"]);
}

#[test]
fn several_repositories_are_asked_one_by_one() {
    let head = "ref: refs/heads/main\n";
    let folder = Folder::new(&[
        ("a/.git/HEAD", head),
        ("a/pyproject.toml", MANIFEST),
        ("a/app.py", ""),
        ("b/.git/HEAD", head),
        ("b/pyproject.toml", MANIFEST),
        ("b/app.py", ""),
    ]);
    facts(&folder, &[]).ends(2).warns("`.` holds 2 repositories").warns("name one");
    facts(&folder, &["a"]).ends(0);
}

#[test]
fn a_run_ends_with_0_or_is_refused() {
    let folder = service(&[]);
    facts(&folder, &["--as-of", "yesterday"]).ends(2).warns("yesterday");
    facts(&folder, &["nowhere"]).ends(2).warns("`nowhere` does not exist");
    facts(&folder, &["--format", "xml"]).ends(2).warns("xml");
    facts(&folder, &["--isolated", "--config", "a.toml"]).ends(2).warns("--isolated");
    facts(&Folder::new(&[]), &[]).ends(0).warns("nothing is known");
}

#[test]
fn broken_toml_is_unknown() {
    let folder = service(&[("pyproject.toml", "[project]\nname = \"shop\"\ndependencies = [\n")]);
    is_unparsable(&folder, "pyproject.toml:3:17");
    let known = known(&folder);
    assert_eq!(known["unknown"]["dependencies"][0], "pyproject.toml cannot be read");
    assert_eq!(known["faults"].as_array().map(Vec::len), Some(1));
    assert_eq!(known["components"][0]["distribution"], "unknown");
}

#[test]
fn anchors_are_followed() {
    let workflow = "x-steps: &steps\n  - run: pytest -v\non: push\npermissions: {}\njobs:\n  test:\n    \
        runs-on: ubuntu-24.04\n    steps: *steps\n";
    let compose = "x-base: &base\n  image: shop\nservices:\n  web:\n    <<: *base\n    command: gunicorn shop.main:app\n";
    let folder = service(&[(".github/workflows/ci.yml", workflow), ("compose.yml", compose)]);
    let ran = folder.check(&["--output-format", "concise"]);
    assert!(!ran.stdout.contains("unparsable-file"), "{}", ran.stdout);
    is_not_called_missing(&ran);
    let ran = facts(&folder, &[]).ends(0).says("runs pytest -v").says("gunicorn shop.main:app");
    assert!(!ran.stdout.contains("Not known"), "{}", ran.stdout);
}

#[test]
fn tabs_in_yaml_are_unknown() {
    let folder = service(&[
        (".github/workflows/ci.yml", "on: push\njobs:\n\ttest:\n\t\truns-on: x\n"),
        ("compose.yml", "services:\n\tweb: {}\n"),
    ]);
    is_unparsable(&folder, ".github/workflows/ci.yml:3:2");
    is_unparsable(&folder, "compose.yml:2:2");
    let known = known(&folder);
    assert_eq!(known["unknown"]["pipelines"][0], ".github/workflows/ci.yml cannot be read");
    assert_eq!(known["unknown"]["containers"][0], "`compose.yml` cannot be read");
}

#[test]
fn a_workflow_of_10_megabytes_ends() {
    let mut text = WORKFLOW.to_owned();
    while text.len() < 10_000_000 {
        text.push_str("      - run: echo one of many steps that somebody let a program write\n");
    }
    let folder = service(&[(".github/workflows/ci.yml", &text)]);
    let ran = folder.check(&["--output-format", "concise"]);
    assert!(matches!(ran.code, Some(0 | 1)), "{:?} {}", ran.code, ran.stderr);
    is_not_called_missing(&ran);
    text.push_str("env:\n\tA: 1\n");
    folder.write(".github/workflows/ci.yml", text.as_bytes());
    let place = format!(".github/workflows/ci.yml:{} ", text.lines().count());
    facts(&folder, &[]).ends(0).says(&format!("{place}is not valid YAML")).says("cannot be read");
}

#[test]
fn what_most_readers_of_yaml_take_is_a_warning() {
    let compose = "services:\n  shop:\n    labels:\n      about: 'The shop\n      and its stock'\n";
    let folder = service(&[("compose.yml", compose)]);
    folder.check(&["--output-format", "concise"]).says("warning[unparsable-file]");
}

#[test]
fn a_workflow_that_is_a_list_is_unknown() {
    let folder = service(&[(".github/workflows/ci.yml", "- on: push\n- jobs\n")]);
    is_unparsable(&folder, ".github/workflows/ci.yml:1:1");
    facts(&folder, &[]).ends(0).says(".github/workflows/ci.yml is no workflow");
}

#[test]
fn odd_dockerfiles_are_understood() {
    let odd = "\u{feff}# escape=`\r\nARG V=3.12.7\r\nFROM python:${V}-slim AS base\r\n\
        RUN pip install `\r\n    # why\r\n    uvicorn `\r\n    fastapi\r\nRUN <<EOF\r\npip install x\r\nUSER root\r\nEOF\r\n\
        COPY <<\"A\" <<B /app/\r\nFROM elsewhere\r\nA\r\nUSER other\r\nB\r\nUSER 1000\r\n\
        CMD [\"uvicorn\", \"shop.main:app\", \"--host\", \"0.0.0.0\"]\r\n";
    let folder = service(&[("Dockerfile", odd)]);
    let ran = folder.check(&["--output-format", "concise"]).ends(0);
    assert!(!ran.stdout.contains("Dockerfile"), "{}", ran.stdout);
    let known = known(&folder);
    let image = &known["images"][0];
    assert_eq!(image["stages"][0]["base"], "python:3.12.7-slim");
    // RUN, RUN, COPY, USER, CMD: what stands in here-documents is no instruction.
    assert_eq!(
        (image["stages"].as_array().map(Vec::len), &image["stages"][0]["instructions"]),
        (Some(1), &5.into())
    );
    assert_eq!(known["processes"][0]["place"], "Dockerfile:18");
}

#[test]
fn a_dockerfile_that_does_not_end_is_unknown() {
    let folder = service(&[("Dockerfile", "FROM python:3.12.7-slim\nRUN <<EOF\npip install x\n")]);
    is_unparsable(&folder, "Dockerfile:4:1");
    let known = known(&folder);
    assert_eq!(known["images"], serde_json::json!([]));
    assert!(
        known["unknown"]["containers"][0].as_str().is_some_and(|it| it.starts_with("Dockerfile"))
    );
}

#[test]
fn circles_of_requirements_end() {
    let folder = service(&[
        ("requirements.txt", "-r more.txt\nfastapi==0.115.0\n"),
        ("more.txt", "-r requirements.txt\nuvicorn==0.32.0\n"),
    ]);
    std::fs::remove_file(folder.path().join("pyproject.toml")).expect("it is there");
    let ran = folder.check(&["--output-format", "concise"]);
    assert!(matches!(ran.code, Some(0 | 1)), "{:?} {}", ran.code, ran.stderr);
    let known = known(&folder);
    let manifests = known["components"][0]["manifests"].as_array().expect("is a list").iter();
    let main = manifests.map(|it| (it["path"].as_str(), it["requirements"]["main"][0].as_str()));
    assert_eq!(
        main.collect::<Vec<_>>(),
        [(Some("more.txt"), Some("uvicorn")), (Some("requirements.txt"), Some("fastapi"))]
    );
}

#[test]
fn a_lock_that_is_cut_off_is_unknown() {
    for (name, text) in [
        ("uv.lock", "version = 1\n\n[[package]]\nname = \"fast"),
        ("poetry.lock", "[[package]]\nname = \"a\"\nversion = \"1\"\nfiles = [\n    {file = \"a"),
        ("Pipfile.lock", "{\n    \"_meta\": {\n"),
    ] {
        let folder = service(&[(name, text)]);
        let ran = folder.check(&["--output-format", "concise"]).ends(1);
        is_not_called_missing(&ran);
        ran.says(&format!("{name}:")).says("error[unparsable-file]");
        let known = known(&folder);
        assert_eq!(known["components"][0]["locks"], serde_json::json!([]), "{name}");
        assert_eq!(known["unknown"]["dependencies"][0], format!("{name} cannot be read"));
    }
}

#[test]
fn a_manifest_that_is_not_utf_8_is_unknown() {
    let folder = service(&[]);
    folder.write("pyproject.toml", b"[project]\nname = \"caf\xe9\"\n");
    is_unparsable(&folder, "pyproject.toml:2:12");
    let known = known(&folder);
    assert_eq!(known["unknown"]["dependencies"][0], "pyproject.toml cannot be read");
    assert_eq!(known["components"][0]["manifests"], serde_json::json!([]));
}

#[test]
fn requirements_that_are_not_utf_8_are_read_as_pip_does() {
    let folder = service(&[]);
    std::fs::remove_file(folder.path().join("pyproject.toml")).expect("it is there");
    folder.write("requirements.txt", b"fastapi==0.115.0  # caf\xe9\n");
    let ran = folder.check(&["--output-format", "concise"]).ends(0);
    assert!(!ran.stdout.contains("unparsable-file"), "{}", ran.stdout);
    let known = known(&folder);
    assert_eq!(known["components"][0]["manifests"][0]["requirements"]["main"][0], "fastapi");
    assert_eq!(known["unknown"], serde_json::json!({}));
}

#[test]
fn no_format_shows_a_secret() {
    // The second is easily guessed, and nobody's business all the same.
    for secret in ["Xk9vQ2mLp7RtWz4", "swordfish"] {
        is_never_shown(secret);
    }
}

fn is_never_shown(secret: &str) {
    let compose = format!(
        "services:\n  web:\n    build:\n      context: .\n      args:\n        TOKEN: {secret}\n    environment:\n      \
         DB_PASSWORD: {secret}\n      DATABASE_URL: postgres://shop:{secret}@db/shop\n    \
         command: gunicorn shop.main:app --env DB_PASSWORD={secret}\n  \
         worker:\n    image: shop\n    environment:\n      - API_KEY={secret}\n    \
         command: celery -A shop worker --broker redis://:{secret}@cache/0\n  \
         cache:\n    image: redis\n    command: redis-server --requirepass {secret}\n  \
         setup:\n    image: shop\n    command: [\"shop\", \"load\", \"--password\", \"{secret}\", \"--token={secret}\"]\n"
    );
    let dockerfile = format!(
        "ARG TOKEN={secret}\nFROM python:3.12.7-slim\nARG API_TOKEN={secret}\nENV DB_PASSWORD={secret}\n\
         RUN pip install --index-url https://ci:{secret}@pypi.shop.io/simple shop\n\
         CMD [\"sh\", \"-c\", \"DB_PASSWORD={secret} exec shop serve --secret-key {secret}\"]\n"
    );
    let workflow = format!(
        "on: push\njobs:\n  test:\n    runs-on: ubuntu-24.04\n    env:\n      API_KEY: {secret}\n    steps:\n      \
         - run: pip install --extra-index-url https://ci:{secret}@pypi.shop.io/simple -r requirements.txt\n      \
         - run: twine upload -u ci --password {secret} dist/*\n      - run: API_TOKEN={secret} pytest\n      \
         - run: curl -H \"Authorization: Bearer {secret}\" https://shop.io\n      \
         - run: docker build --build-arg TOKEN={secret} .\n"
    );
    let folder = service(&[
        ("compose.yml", &compose),
        ("Dockerfile", &dockerfile),
        (".github/workflows/ci.yml", &workflow),
        ("Procfile", &format!("web: shop serve --api-key={secret}\n")),
        (
            "requirements.txt",
            &format!(
                "--index-url https://ci:{secret}@pypi.shop.io/simple\nfastapi==0.115.0\n\
                 shop @ https://ci:{secret}@pypi.shop.io/shop.zip\nbare @ git+https://{secret}@github.com/shop/bare\n"
            ),
        ),
        (".env.example", &format!("API_KEY={secret}\n")),
    ]);
    for arguments in [&[][..], &["--format", "json"]] {
        let shown = facts(&folder, arguments).ends(0);
        for text in [&shown.stdout, &shown.stderr] {
            let leaks: Vec<_> = text.lines().filter(|line| line.contains(secret)).collect();
            assert!(leaks.is_empty(), "{leaks:#?}");
        }
    }
}

#[test]
fn what_is_named_json5_need_not_be_json() {
    let renovate = "{\n  // What to keep up to date.\n  extends: [\"config:best-practices\"],\n}\n";
    let folder = service(&[(".github/renovate.json5", renovate)]);
    let ran = folder.check(&["--output-format", "concise"]);
    assert!(!ran.stdout.contains("unparsable-file"), "{}", ran.stdout);
    assert!(!ran.stdout.contains("update-automation-gap"), "{}", ran.stdout);
    std::fs::remove_file(folder.path().join(".github/renovate.json5")).expect("it is there");
    folder.write(".github/renovate.json", renovate.as_bytes());
    is_unparsable(&folder, ".github/renovate.json:2:3");
}
