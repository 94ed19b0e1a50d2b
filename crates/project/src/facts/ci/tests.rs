//! Small projects, and what their pipelines come to.

use camino::Utf8Path;

use super::*;
use crate::Project;

fn model(files: &[(&str, &str)]) -> CiModel {
    let project = Project::in_memory(files.iter().map(|&(path, text)| (path, text)));
    let read = |path: &Utf8Path| project.read_bytes(path);
    Facts::new(&project, &read, None).ci().clone()
}

/// What a step comes to that runs this, with these files besides.
fn runs(script: &str, files: &[(&str, &str)]) -> (Vec<String>, Vec<String>) {
    let indented = script.replace('\n', "\n        ");
    let workflow = format!("on: push\njobs:\n  a:\n    steps:\n    - run: |\n        {indented}\n");
    let mut all = vec![("app.py", ""), (".github/workflows/ci.yml", workflow.as_str())];
    all.extend(files);
    let model = model(&all);
    let commands = model.commands().map(|it| match it.folder.as_str() {
        "" => it.words.join(" "),
        folder => format!("{folder}: {}", it.words.join(" ")),
    });
    (commands.collect(), model.unknown)
}

fn known(script: &str, files: &[(&str, &str)]) -> Vec<String> {
    let (commands, unknown) = runs(script, files);
    assert_eq!(unknown, Vec::<String>::new());
    commands
}

#[test]
fn wrappers_and_folders() {
    assert_eq!(
        known(
            "cd backend\nuv run --frozen coverage run -m pytest tests\nbash -c 'cd .. && mypy .'",
            &[]
        ),
        ["backend: pytest tests", "mypy ."]
    );
    let (_, unknown) = runs("$RUNNER tests", &[]);
    assert_eq!(
        unknown,
        ["what `$RUNNER` is in .github/workflows/ci.yml is known only when it runs"]
    );
}

#[test]
fn make_is_followed() {
    let makefile = "PYTEST := uv run pytest\n.PHONY: all test\nall: lint test\nlint:\n\t@ruff check . \\\n\t  --fix\ntest: prepare\n\t$(PYTEST) $(ARGS)\nprepare:\n\t$(MAKE) -C db up\nother:\n\tmypy\n";
    let files = [("Makefile", makefile), ("db/Makefile", "up:\n\tdocker up\n")];
    assert_eq!(known("make ARGS=-x", &files), ["ruff check . --fix", "db: docker up", "pytest -x"]);
    assert_eq!(runs("make ci", &files).1, ["`ci` is not a target of Makefile"]);
    assert_eq!(runs("make ci", &[]).1, ["there is no Makefile for `make ci`"]);
}

#[test]
fn recipes_may_begin_with_another_character() {
    let makefile = ".RECIPEPREFIX = >\ndefault: lint\nlint:\n> ruff check .\n>@ pytest\n";
    assert_eq!(known("make", &[("Makefile", makefile)]), ["ruff check .", "pytest"]);
}

#[test]
fn a_makefile_with_functions_is_not_wholly_understood() {
    let makefile =
        "TOOLS := mypy ruff\nall: $(patsubst %,log/%.out,$(TOOLS))\nlog/%.out:\n\t$* .\n";
    let workflow = "on: push\njobs:\n  a:\n    steps:\n    - run: make\n";
    let files = [("app.py", ""), (".github/workflows/a.yml", workflow), ("Makefile", makefile)];
    assert!(model(&files).sources.contains(&"Makefile".into()));
}

#[test]
fn a_script_may_be_handed_to_a_container() {
    let files = [("bin/lint.sh", "ruff check src\n")];
    let script = "docker compose run --rm app shell ./bin/lint.sh --fix";
    assert_eq!(known(script, &files), ["ruff check src"]);
}

#[test]
fn environments_of_hatch_have_the_scripts_of_the_default_one() {
    let pyproject = "[tool.hatch.envs.default.scripts]\nlint = 'ruff check'\nspec = 'mypy'\n[tool.hatch.envs.ci.scripts]\nspec = 'pytest'\ntest = ['lint', 'spec']\n";
    assert_eq!(
        known("hatch run +py=3.12 ci:test", &[("pyproject.toml", pyproject)]),
        ["ruff check", "pytest"]
    );
}

#[test]
fn a_command_stands_where_it_is_written_and_not_where_it_is_first_spelled() {
    let script = "echo pytest\npytest\n";
    let files = [("app.py", ""), ("t.sh", script)];
    let workflow = "on: push\njobs:\n  a:\n    steps:\n    - run: bash t.sh\n";
    let model = model(&[&files[..], &[(".github/workflows/a.yml", workflow)]].concat());
    let places: Vec<_> = model.commands().map(|it| it.place.span.start).collect();
    assert_eq!(places, [0, 12]);
}

#[test]
fn tox_is_followed() {
    let ini = "[tox]\nenvlist = py{311,312},lint\n[testenv]\ncommands =\n    pytest {posargs:tests}\n    py312: coverage report\n[testenv:lint]\nchangedir = src\ncommands =\n    ruff check\n    {[base]types}\n[base]\ntypes = mypy .\n";
    let files = [("tox.ini", ini)];
    assert_eq!(known("tox -e py312", &files), ["pytest tests", "coverage report"]);
    assert_eq!(known("tox run -e lint", &files), ["src: ruff check", "src: mypy ."]);
    assert_eq!(known("uvx --with tox-uv tox -e py311 -- -x", &files), ["pytest -x"]);
    assert_eq!(known("tox", &files).len(), 5);
    let toml = "[env_run_base]\ncommands = [['pytest', { replace = 'posargs', default = ['t'], extend = true }]]\n[env.lint]\ncommands = [['ruff', 'check']]\n";
    let files = [("tox.toml", toml)];
    assert_eq!(known("tox -e lint,py", &files), ["ruff check", "pytest t"]);
}

#[test]
fn nox_is_followed() {
    let file = "import nox\nVERSIONS = ['3.11', '3.12']\nnox.options.sessions = ['lint']\n@nox.session(python=VERSIONS, tags=['all'])\ndef tests(session):\n    session.install('-e', '.[test]')\n    session.run('pytest', *session.posargs)\n@nox.session\ndef lint(session: nox.Session) -> None:\n    types(session)\n    session.run('ruff', 'check', f'--x={session.python}')\ndef types(session):\n    session.run('mypy', 'src')\n";
    let files = [("noxfile.py", file)];
    assert_eq!(known("nox", &files), ["mypy src", "ruff check --x=${session.python}"]);
    assert_eq!(known("nox -s tests-3.12 -- -x", &files), ["pip install -e .[test]", "pytest -x"]);
    assert_eq!(known("nox -t all", &files).len(), 2);
    assert_eq!(runs("nox -s docs", &files).1, ["`docs` is not a session of noxfile.py"]);
    let workflow = "on: push\njobs:\n  a:\n    steps:\n    - run: nox -s tests\n";
    let model = model(&[("noxfile.py", file), (".github/workflows/ci.yml", workflow)]);
    let pythons = model.pipelines[0].jobs[0].pythons.as_ref().unwrap();
    assert_eq!(pythons.iter().map(|it| it.value.as_str()).collect::<Vec<_>>(), ["3.11", "3.12"]);
}

#[test]
fn tasks_of_manifests_are_followed() {
    let manifest = "[tool.hatch.envs.default.scripts]\ntest = 'pytest {args:tests}'\ncov = ['test --cov', 'coverage report']\n[tool.hatch.envs.types.scripts]\ncheck = 'mypy {args:src}'\n[tool.poe.tasks]\nlint = 'ruff check'\nall = ['lint', 'types']\ntypes = { shell = \"mypy .\\npyright\" }\n[tool.pdm.scripts]\ntest = { cmd = 'pytest -n auto' }\nall = { composite = ['test', 'ruff check'] }\n";
    let files = [("pyproject.toml", manifest)];
    assert_eq!(known("hatch run test", &files), ["pytest tests"]);
    assert_eq!(known("hatch run types:check", &files), ["mypy src"]);
    assert_eq!(known("hatch run cov", &files)[0].split(' ').next(), Some("pytest"));
    assert_eq!(known("hatch run flake8", &files), ["flake8"]);
    assert_eq!(known("poetry run poe all", &files), ["ruff check", "mypy .", "pyright"]);
    assert_eq!(known("pdm run all", &files), ["pytest -n auto", "ruff check"]);
    assert_eq!(known("pdm run black .", &files), ["black ."]);
}

#[test]
fn just_scripts_and_tasks_are_followed() {
    let just = "set shell := ['bash']\ndir := 'src'\ndefault: test\n# tests\ntest *args: (lint)\n    @uv run pytest {{args}}\nlint path=dir:\n    ruff check {{ path }}\n";
    let files = [("justfile", just)];
    assert_eq!(known("just test -x", &files)[1], "pytest");
    assert_eq!(known("just test tests", &files), ["ruff check dir", "pytest tests"]);
    let script = "#!/usr/bin/env bash\nset -e\ncd \"$(dirname \"$0\")/..\"\nexec pytest tests\n";
    assert_eq!(
        known("./scripts/test.sh", &[("scripts/test.sh", script)]),
        ["set -e", "pytest tests"]
    );
    assert_eq!(known("bash -x scripts/test.sh", &[("scripts/test.sh", script)]).len(), 2);
    let tasks = "from invoke import task\n@task\ndef lint(c):\n    c.run('ruff check')\n@task(lint)\ndef all_checks(c, x=1):\n    c.run(\n        'mypy src'\n    )\n";
    assert_eq!(known("invoke all-checks", &[("tasks.py", tasks)]), ["ruff check", "mypy src"]);
}

#[test]
fn containers_are_followed() {
    let compose = "services:\n  db:\n    image: postgres\n  tests:\n    build: .\n    command: [pytest, tests]\n";
    let files = [
        ("docker-compose.yml", compose),
        ("Dockerfile", "FROM python:3.12\nRUN ruff check && mypy .\n"),
    ];
    assert_eq!(known("docker compose run --rm tests", &files), ["pytest tests"]);
    assert_eq!(known("docker-compose run --rm tests mypy .", &files), ["mypy ."]);
    assert_eq!(known("docker compose up --exit-code-from tests", &files), ["pytest tests"]);
    assert_eq!(known("docker build -t x .", &files), ["ruff check", "mypy ."]);
}

#[test]
fn what_waits_for_a_database_runs_what_stands_behind_dashes() {
    let compose =
        "services:\n  tests:\n    build: ..\n    command: wait-for-it db:5432 -- docker/tests.sh\n";
    let files =
        [("docker/compose.test.yml", compose), ("docker/tests.sh", "#!/bin/sh\npytest --cov .\n")];
    let script = "docker compose -p shop -f docker/compose.test.yml run --rm tests";
    assert!(known(script, &files).iter().any(|it| it.ends_with("pytest --cov .")));
}

#[test]
fn workflows_and_actions_of_the_repository_are_followed() {
    let ci = "on: [push]\nenv:\n  V: '3.11'\njobs:\n  call:\n    strategy:\n      matrix:\n        python: ['3.12', '3.13']\n    uses: ./.github/workflows/test.yml\n    with:\n      python: ${{ matrix.python }}\n  own:\n    steps:\n    - uses: ./.github/actions/lint\n      with: {tool: mypy}\n    - uses: actions/setup-python@v5\n      with: {python-version: '${{ env.V }}'}\n  off:\n    if: false\n    steps: [{run: flake8}]\n";
    let test = "on:\n  workflow_call:\n    inputs:\n      python: {type: string}\n      run: {type: string, default: pytest}\njobs:\n  t:\n    steps:\n    - uses: actions/setup-python@v5\n      with: {python-version: '${{ inputs.python }}'}\n    - run: ${{ inputs.run }} tests\n";
    let action = "inputs:\n  tool: {default: ruff}\nruns:\n  using: composite\n  steps:\n  - run: ${{ inputs.tool }} .\n    shell: bash\n";
    let model = model(&[
        (".github/workflows/ci.yml", ci),
        (".github/workflows/test.yml", test),
        (".github/actions/lint/action.yml", action),
    ]);
    assert_eq!(model.unknown, Vec::<String>::new());
    let jobs = &model.pipelines[0].jobs;
    let words = |job: &Job| job.commands().map(|it| it.words.join(" ")).collect::<Vec<_>>();
    let pythons = |job: &Job| {
        job.pythons.as_ref().unwrap().iter().map(|it| it.value.clone()).collect::<Vec<_>>()
    };
    assert_eq!(
        (words(&jobs[0]), pythons(&jobs[0])),
        (vec!["pytest tests".into(); 2], vec!["3.12".into(), "3.13".into()])
    );
    assert_eq!(
        (words(&jobs[1]), pythons(&jobs[1])),
        (vec!["mypy .".to_owned()], vec!["3.11".to_owned()])
    );
    assert_eq!(jobs.len(), 2);
    let first = &jobs[0].pythons.as_ref().unwrap()[0].place;
    assert_eq!(first.span.of_text(ci), "'3.12'");
}

#[test]
fn what_lies_elsewhere_is_not_known() {
    let uses = |line: &str| {
        let workflow = format!("on: push\njobs:\n  a:\n    {line}\n");
        model(&[(".github/workflows/ci.yml", &workflow)]).unknown
    };
    assert_eq!(
        uses("uses: acme/ci/.github/workflows/test.yml@v1"),
        ["`acme/ci/.github/workflows/test.yml@v1` is a workflow of another repository"]
    );
    assert_eq!(
        uses("uses: slsa-framework/slsa-github-generator/.github/workflows/x.yml@v1"),
        Vec::<String>::new()
    );
    assert_eq!(
        uses("steps: [{uses: acme/run-tests@v1}]"),
        ["what `acme/run-tests@v1` runs is not known"]
    );
    assert_eq!(uses("steps: [{uses: actions/checkout@v5}]"), Vec::<String>::new());
    assert_eq!(
        model(&[("Jenkinsfile", "node {}")]).unknown,
        ["what Jenkinsfile runs is not known: Jenkins is not followed"]
    );
    for name in
        ["ci/jenkinsfile", "Jenkinsfile.release", "jobs/nightly.jenkinsfile", "ci/merged.jenkins"]
    {
        let unknown = [format!("what {name} runs is not known: Jenkins is not followed")];
        assert_eq!(model(&[(name, "node {}")]).unknown, unknown);
    }
}

#[test]
fn a_workflow_that_is_a_list_is_a_fault_of_its_file() {
    let files = [
        (".github/workflows/a.yml", "- x\n"),
        (".github/workflows/b.yml", "# off\n"),
        ("a.py", ""),
    ];
    let project = Project::in_memory(files);
    let read = |path: &Utf8Path| project.read_bytes(path);
    let facts = Facts::new(&project, &read, None);
    assert_eq!(facts.ci().unknown, [".github/workflows/a.yml is no workflow"]);
    let faults = facts.faults();
    assert_eq!(faults.len(), 1);
    assert_eq!(faults.keys().next().unwrap(), ".github/workflows/a.yml");
}

#[test]
fn gitlab_is_read() {
    let ci = "include:\n- local: /ci/lint.yml\ndefault:\n  image: python:3.11-slim\n.base:\n  before_script:\n  - pip install -r requirements.txt\n  - cd app\ntest:\n  extends: .base\n  image: python:$V\n  parallel:\n    matrix:\n    - V: ['3.12', '3.13']\n  needs: [lint]\n  script:\n  - !reference [.shared, script]\n  - pytest\n";
    let lint = ".shared:\n  script:\n  - echo hi\nlint:\n  script: ruff check\n";
    let model = model(&[(".gitlab-ci.yml", ci), ("ci/lint.yml", lint)]);
    assert_eq!(model.unknown, Vec::<String>::new());
    let job = &model.pipelines[0].jobs[0];
    let pythons: Vec<_> = job.pythons.iter().flatten().map(|it| it.value.as_str()).collect();
    assert_eq!(pythons, ["3.12", "3.13"]);
    assert_eq!((job.needs.len(), job.runs_tests()), (1, true));
    let commands: Vec<_> = model.commands().map(|it| it.words.join(" ")).collect();
    assert_eq!(commands, ["pip install -r requirements.txt", "echo hi", "pytest", "ruff check"]);
    assert_eq!(model.pipelines[1].jobs[0].pythons.as_ref().unwrap()[0].value, "3.11");
}

#[test]
fn gitlab_is_read_where_its_file_has_another_name() {
    let ci = "stages:\n  - test\ntest:\n  stage: test\n  script:\n    - pytest\n";
    let of = |name: &str, text: &str| model(&[(name, text)]).pipelines.len();
    assert_eq!(of(".ci.yml", ci), 1);
    assert_eq!(of("shop-ci.yaml", ci), 1);
    assert_eq!(of("shop.yml", ci), 0);
    assert_eq!(of(".ci.yml", "stages: {}\n"), 0);
}

#[test]
fn scripts_of_other_systems_are_read() {
    let travis = "language: python\npython: ['3.9', '3.10']\nscript:\n- tox -e py\n";
    let model = model(&[(".travis.yml", travis), ("tox.ini", "[testenv]\ncommands = pytest\n")]);
    assert_eq!(model.commands().map(|it| it.words.join(" ")).collect::<Vec<_>>(), ["pytest"]);
    assert_eq!(model.pipelines[0].jobs[0].pythons.as_ref().unwrap().len(), 2);
}

#[test]
fn hooks_and_who_runs_them() {
    let config = "ci:\n  skip: [mypy]\nrepos:\n- repo: https://github.com/astral-sh/ruff-pre-commit\n  rev: v0.5\n  hooks:\n  - id: ruff\n- repo: local\n  hooks:\n  - id: mypy\n    entry: uv run mypy\n";
    let model = model(&[(".pre-commit-config.yaml", config)]);
    assert!(model.hooks_run);
    assert_eq!((model.hooks[0].revision.as_deref(), model.hooks[0].skipped), (Some("v0.5"), false));
    assert!(model.hooks[1].skipped);
    assert_eq!(model.hooks[1].tools()[0].name, "mypy");
}

#[test]
fn places_are_those_of_the_commands() {
    let workflow = "on: push\njobs:\n  a:\n    steps:\n    - run: |\n        cd x\n        uv run pytest -x  \n";
    let model = model(&[(".github/workflows/ci.yml", workflow)]);
    let command = model.commands().next().unwrap();
    assert_eq!(command.place.span.of_text(workflow), "uv run pytest -x");
}

#[test]
fn whatever_is_written_comes_to_an_end() {
    let loops = [
        ("Makefile", "a: b\nb: a\n\tmake a\nX = $(X)\n"),
        (
            "pyproject.toml",
            "[tool.poe.tasks]\na = ['b']\nb = ['a']\n[tool.hatch.envs.default.scripts]\nx = ['x']\n",
        ),
        ("t.sh", "#!/bin/sh\n./t.sh\n./t.sh\n"),
        ("tox.ini", "[testenv]\ncommands = tox -e a\n  {[testenv]commands}\n"),
    ];
    for script in [
        "make a",
        "poe a",
        "hatch run x",
        "./t.sh",
        "tox -e a",
        "make",
        "tox -e",
        "nox -s",
        "just",
        "uv",
        "docker run",
        "cd",
        "'",
        "bash -c",
    ] {
        runs(script, &loops);
    }
}
