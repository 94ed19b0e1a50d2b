//! Two repositories in which every rule about a project finds something, with secrets in all that stands near: one whose
//! jobs run no test, and one whose jobs run them otherwise than its image. Knows no output.

use super::folder::Folder;
use super::values::Canaries;

/// In these files `VALUE` stands for a password and `TOKEN` for a token, each a new one in every file.
type Files = &'static [(&'static str, &'static str)];

/// The day for which the facts hold: Python 3.8 is past its end then.
pub(crate) const AS_OF: [&str; 2] = ["--as-of", "2026-11-01"];

/// Jobs that run no test; images, processes and manifests with everything wrong.
const UNTESTED: Files = &[
    (
        "pyproject.toml",
        r#"[build-system]
requires = ["setuptools"]
build-backend = "setuptools.build_meta"
[project]
name = "shop"
version = "1.0"
requires-python = ">=3.12"
dependencies = ["django>=5", "sqlalchemy>=2", "flask", "gone @ git+https://jo:VALUE@github.com/acme/gone.git@main"]
classifiers = ["Typing :: Typed"]
[project.optional-dependencies]
more = ["pack @ https://jo:VALUE@files.acme.io/pack/latest.zip?token=TOKEN"]
[project.scripts]
shop = "shop.cli:gone"
[project.urls]
Repository = "https://TOKEN@github.com/acme/shop"
[tool.mypy]
strict = true
plugins = ["VALUE", "TOKEN"]
[[tool.uv.index]]
name = "acme"
url = "https://jo:VALUE@pypi.acme.io/simple"
[tool.uv]
index-url = "https://jo:VALUE@pypi.acme.io/simple"
[[tool.poetry.source]]
name = "acme"
url = "https://TOKEN:x@pypi.acme.io/simple"
[tool.poe.tasks]
login = "login --password VALUE"
audit = { shell = "curl -H 'Authorization: Bearer TOKEN' https://acme.io" }
"#,
    ),
    (
        "requirements.txt",
        "--index-url https://jo:VALUE@pypi.acme.io/simple\n--extra-index-url https://TOKEN@pypi.acme.io/simple\n\
         SQLAlchemy==1.4.54\ndjango==5.1\ngit+https://jo:VALUE@github.com/acme/billing.git@main#egg=billing\n\
         search @ https://jo:VALUE@files.acme.io/search/latest.zip\n-r https://jo:VALUE@files.acme.io/more.txt\n",
    ),
    ("requirements/VALUE.txt", "-c TOKEN.txt\n-e git+ssh://jo:VALUE@acme.io/x.git@TOKEN#egg=x\n"),
    (".gitignore", "__pycache__/\n.env\n"),
    (
        ".env",
        "DATABASE_URL=postgres://jo:VALUE@db.acme.io/shop\nSECRET_KEY=VALUE\nGITHUB_TOKEN=TOKEN\nVALUE\n",
    ),
    (
        ".env.example",
        "# SECRET_KEY=VALUE\nSECRET_KEY=VALUE\nGITHUB_TOKEN=TOKEN\nUNREAD_BY_ANY=VALUE\n",
    ),
    ("shop/__init__.py", ""),
    (
        "shop/config.py",
        "import os\n\nDATABASE_URL = os.environ[\"DATABASE_URL\"]\nSECRET_KEY = os.environ.get(\"SECRET_KEY\", \"VALUE\")\n\
         GITHUB_TOKEN = os.getenv(\"GITHUB_TOKEN\") or \"TOKEN\"\nOTHER = os.environ[\"VALUE\"]\n",
    ),
    ("shop/cli.py", "def main() -> None:\n    \"\"\"Run with the password VALUE.\"\"\"\n"),
    ("shop/main.py", "from flask import Flask\nimport sqlalchemy\n\napp = Flask(\"VALUE\")\n"),
    ("manage.py", "import django\n\nprint(\"manage\")\n"),
    ("tests/test_shop.py", "def test_total():\n    assert login(password=\"VALUE\")\n"),
    (
        ".github/workflows/ci.yml",
        r#"name: VALUE
on: [push, issues, issue_comment]
env:
  DB_PASSWORD: VALUE
  INDEX: https://jo:VALUE@pypi.acme.io/simple
jobs:
  lint:
    name: lint TOKEN
    runs-on: ubuntu-latest
    env:
      GH_TOKEN: TOKEN
    strategy:
      matrix:
        password: [VALUE, TOKEN]
    services:
      db:
        image: postgres
        credentials: { username: jo, password: VALUE }
        env:
          POSTGRES_PASSWORD: VALUE
    steps:
      - uses: actions/checkout@v5
        with:
          token: TOKEN
      - uses: bystander/notify@v2
        with:
          hook: ${{ secrets.HOOK }}
          password: VALUE
      - uses: bystander/TOKEN@v2
        with:
          hook: ${{ secrets.HOOK }}
      - run: |
          echo "new: ${{ github.event.issue.title }} password=VALUE"
          curl -u jo:VALUE https://acme.io "${{ github.event.comment.body }}"
      - run: DB_PASSWORD=VALUE uvx ruff check --password VALUE
        env:
          API_KEY: VALUE
      - run: docker build --build-arg PASSWORD=VALUE --build-arg TOKEN=TOKEN -t jo:VALUE .
      - run: pip install --index-url https://jo:VALUE@pypi.acme.io/simple -r requirements.txt
"#,
    ),
    (
        ".gitlab-ci.yml",
        "variables:\n  DB_PASSWORD: VALUE\nlint:\n  script:\n    - TOKEN=TOKEN ruff check\n    - login VALUE\n",
    ),
    (
        ".pre-commit-config.yaml",
        "repos:\n- repo: https://jo:VALUE@github.com/acme/hooks\n  rev: TOKEN\n  hooks:\n  - id: login\n    args: [--password, VALUE]\n",
    ),
    (
        "Dockerfile",
        "# syntax=docker/dockerfile:1\nARG PASSWORD=VALUE\nFROM python\nARG TOKEN=TOKEN\nENV DB_PASSWORD=VALUE TOKEN=TOKEN\n\
         LABEL password=VALUE\nWORKDIR /app\nCOPY . .\nRUN --mount=type=secret,id=VALUE pip install -r requirements.txt\n\
         RUN PASSWORD=VALUE pip install --index-url https://jo:VALUE@pypi.acme.io/simple -r requirements.txt\nEXPOSE 8000\n\
         HEALTHCHECK CMD curl -u jo:VALUE http://127.0.0.1:8000\n\
         CMD [\"python\", \"manage.py\", \"runserver\", \"127.0.0.1:8000\", \"--password\", \"VALUE\"]\n",
    ),
    (
        "old.Dockerfile",
        "FROM jo:VALUE@registry.acme.io/base AS VALUE\nFROM python:3.8-slim\nWORKDIR /srv\nCOPY --chown=VALUE . .\n\
         COPY .env id_rsa /srv/\nENV DATABASE_URL=postgres://jo:VALUE@db.acme.io/shop\nEXPOSE 8000\n\
         CMD uvicorn shop.main:gone --port 8000 --root-path VALUE --header Authorization:TOKEN\n",
    ),
    (
        "start.Dockerfile",
        "FROM python:3.12-slim\nENV PASSWORD=VALUE\nCOPY start.sh /start.sh\nENTRYPOINT [\"/start.sh\", \"--password\", \"VALUE\"]\n",
    ),
    (
        "start.sh",
        "#!/bin/sh\nset -e\nexport DB_PASSWORD=VALUE\nlogin --token TOKEN\nPASSWORD=VALUE celery -A shop worker --password VALUE\n",
    ),
    (
        "compose.yaml",
        r#"x-login: &login
  POSTGRES_PASSWORD: VALUE
services:
  web:
    build:
      context: .
      args:
        PASSWORD: VALUE
        TOKEN: TOKEN
    environment:
      <<: *login
      DATABASE_URL: postgres://jo:VALUE@db/shop
      API_KEY: ${API_KEY:-VALUE}
    command: flask --app shop.gone run --host 127.0.0.1 --password VALUE
    healthcheck:
      test: curl -u jo:VALUE http://127.0.0.1
    ports: ["5000:5000"]
  worker:
    image: python:latest
    env_file: .env
    environment:
      - POSTGRES_PASSWORD=VALUE
      - TOKEN=TOKEN
    entrypoint: ["python", "manage.py", "runserver", "--token", "TOKEN"]
    labels:
      password: VALUE
  VALUE:
    image: jo:VALUE@registry.acme.io/base:TOKEN
    command: python -m shop.TOKEN VALUE
secrets:
  VALUE:
    file: ./TOKEN
"#,
    ),
    (
        "Procfile",
        "web: PASSWORD=VALUE uvicorn shop.main:gone --host 127.0.0.1 --root-path VALUE\nworker: python manage.py runserver --token TOKEN\nlogin: PASSWORD=VALUE python -m shop.gone TOKEN\n",
    ),
    (
        "k8s/deploy.yaml",
        r#"apiVersion: apps/v1
kind: Deployment
metadata: { name: shop, annotations: { password: VALUE } }
spec:
  template:
    spec:
      containers:
        - name: shop
          image: shop:1
          command: ["python", "manage.py", "runserver", "127.0.0.1:8000"]
          args: ["--password", "VALUE", "--token=TOKEN"]
          env:
            - { name: DB_PASSWORD, value: VALUE }
            - { name: DATABASE_URL, value: "postgres://jo:VALUE@db/shop" }
            - { name: VALUE, value: TOKEN }
---
apiVersion: v1
kind: Secret
metadata: { name: shop }
stringData: { password: VALUE, token: TOKEN }
"#,
    ),
    (
        "README.md",
        "# Shop\n\n```bash\nexport PASSWORD=VALUE\nmake install lint PASSWORD=VALUE\nmake VALUE\ndocker compose up -d db redis TOKEN\n\
         uv run python scripts/seed.py --password VALUE\npython scripts/TOKEN.py\npython -m shop.gone --token TOKEN\n\
         curl -u jo:VALUE https://acme.io\npip install --index-url https://jo:VALUE@pypi.acme.io/simple shop\n```\n",
    ),
    (
        "Makefile",
        "PASSWORD = VALUE\ninstall:\n\tlogin --password VALUE\nTOKEN: install\n\tTOKEN=TOKEN true\n",
    ),
    (
        "tox.ini",
        "[tox]\nenvlist = VALUE\n[testenv]\nsetenv =\n    PASSWORD = VALUE\ncommands = login --token TOKEN\n",
    ),
    ("runtime.txt", "python-3.8.1\n"),
    (
        "typed/pyproject.toml",
        "[build-system]\nrequires = [\"hatchling\"]\nbuild-backend = \"hatchling.build\"\n[project]\nname = \"typed\"\n\
         classifiers = [\"Typing :: Typed\", \"TOKEN\"]\n[tool.hatch.envs.default.env-vars]\nPASSWORD = \"VALUE\"\n",
    ),
    ("typed/src/typed/__init__.py", "def price(amount: int) -> int:\n    return amount\n"),
    (
        "worker/pyproject.toml",
        "[project]\nname = \"worker\"\ndependencies = [\"fastapi>=0.110\", \"sqlalchemy\", \"x @ https://jo:VALUE@acme.io/x.zip\"]\n\
         [tool.uv.sources]\nsqlalchemy = { git = \"https://TOKEN@github.com/acme/sqlalchemy\" }\n",
    ),
    ("worker/worker/main.py", "from fastapi import FastAPI\n\napp = FastAPI(title=\"VALUE\")\n"),
    (
        "locked/pyproject.toml",
        "[project]\nname = \"locked\"\nversion = \"1\"\ndependencies = [\"httpx>=0.27\", \"flask\", \"tenacity>=9\"]\n\
         [tool.uv.sources]\nhttpx = { url = \"https://jo:VALUE@files.acme.io/httpx.whl\" }\n",
    ),
    (
        "locked/uv.lock",
        "version = 1\nrequires-python = \">=3.12\"\n\n[[package]]\nname = \"httpx\"\nversion = \"0.20.0\"\n\
         source = { registry = \"https://jo:VALUE@pypi.acme.io/simple\" }\n\n[[package]]\nname = \"flask\"\nversion = \"3.1.0\"\n\
         source = { git = \"https://TOKEN@github.com/pallets/flask?rev=TOKEN#VALUE\" }\n\n[[package]]\nname = \"locked\"\n\
         version = \"1\"\nsource = { virtual = \".\" }\n",
    ),
    ("locked/locked/main.py", "import httpx\nfrom flask import Flask\n\napp = Flask(__name__)\n"),
    (
        "locked/Dockerfile",
        "FROM python:3.13-slim\nENV PASSWORD=VALUE\nCOPY . /app\nRUN PASSWORD=VALUE pip install --extra-index-url https://jo:VALUE@pypi.acme.io/simple .\n\
         CMD [\"flask\", \"--app\", \"locked.main\", \"run\", \"--token\", \"TOKEN\"]\n",
    ),
];

/// Jobs that test other versions than the image ships, on another Python, and let coverage fall.
const TESTED: Files = &[
    (
        "pyproject.toml",
        "[project]\nname = \"till\"\nversion = \"1\"\nrequires-python = \">=3.11\"\ndependencies = [\"fastapi\"]\n\
         [tool.coverage.run]\nsource = [\"VALUE\"]\n[tool.pytest.ini_options]\naddopts = \"--password VALUE\"\nenv = [\"TOKEN=TOKEN\"]\n",
    ),
    (
        "uv.lock",
        "version = 1\n[[package]]\nname = \"fastapi\"\nversion = \"0.115.0\"\nsource = { registry = \"https://jo:VALUE@pypi.acme.io/TOKEN\" }\n",
    ),
    ("till/__init__.py", ""),
    ("till/app.py", "from fastapi import FastAPI\n\napp = FastAPI(title=\"VALUE\")\n"),
    (
        "tests/test_till.py",
        "def test_total():\n    assert \"TOKEN\"\n\n\ndef test_total():\n    assert login(password=\"VALUE\")\n",
    ),
    (
        "Dockerfile",
        "FROM python:3.13-slim\nARG TOKEN=TOKEN\nCOPY . /app\nWORKDIR /app\nRUN UV_INDEX=https://jo:VALUE@pypi.acme.io/simple uv sync --locked\n\
         CMD [\"uvicorn\", \"till.app:app\", \"--host\", \"0.0.0.0\", \"--root-path\", \"VALUE\"]\n",
    ),
    (
        ".github/workflows/ci.yml",
        r#"on: push
permissions: {}
env:
  PASSWORD: VALUE
jobs:
  test:
    runs-on: ubuntu-latest
    strategy:
      matrix:
        python: ["3.11", "3.12"]
        token: [TOKEN]
    steps:
      - uses: actions/checkout@v5
      - uses: actions/setup-python@v6
        with:
          python-version: ${{ matrix.python }}
          token: TOKEN
      - run: PASSWORD=VALUE pip install --index-url https://jo:VALUE@pypi.acme.io/simple -e .[test]
        env:
          TOKEN: TOKEN
      - run: DATABASE_URL=postgres://jo:VALUE@db/shop pytest --cov=till --password VALUE -k TOKEN
"#,
    ),
    (
        "big/pyproject.toml",
        "[project]\nname = \"big\"\nversion = \"1\"\ndescription = \"TOKEN\"\n[tool.login]\npassword = \"VALUE\"\n",
    ),
    ("big/big/__init__.py", "NAME = \"VALUE\"\n"),
    (
        "sale/pyproject.toml",
        "[project]\nname = \"sale\"\ndependencies = [\"httpx\"]\n[dependency-groups]\ndev = [\"freezegun\", \"pytest @ https://jo:VALUE@acme.io/x.whl\"]\n",
    ),
    (
        "sale/uv.lock",
        r#"version = 1
[[package]]
name = "sale"
version = "1.0"
source = { virtual = "." }
dependencies = [{ name = "httpx" }]
[package.dev-dependencies]
dev = [{ name = "freezegun" }]
[[package]]
name = "freezegun"
version = "1.5.0"
source = { registry = "https://jo:VALUE@pypi.acme.io/simple" }
[[package]]
name = "httpx"
version = "0.28.0"
source = { registry = "https://TOKEN@pypi.acme.io/simple" }
"#,
    ),
    (
        "sale/sale/app.py",
        "from freezegun import freeze_time; password = \"VALUE\"\nimport httpx\nimport yaml  # VALUE\n",
    ),
    ("sale/sale/__init__.py", ""),
];

/// The repositories, by name.
pub(crate) const REPOSITORIES: [&str; 2] = ["untested", "tested"];

/// Plants one of the repositories, in the place of what a former call planted.
pub(crate) fn plant_around(repository: &str, folder: &Folder, canaries: &mut Canaries) {
    let files = if repository == REPOSITORIES[0] { UNTESTED } else { TESTED };
    for (path, text) in files {
        let place = |kind: &str| format!("{kind} in {repository}/{path}");
        let password = canaries.password(&place("password"));
        let token = canaries.github(&place("token"));
        let fill = |text: &str| text.replace("VALUE", &password).replace("TOKEN", &token);
        // A second call is to change the files, not to add others.
        let path = path.replace("VALUE", "more").replace("TOKEN", "other");
        folder.write(&path, fill(text).as_bytes());
    }
    // Enough to be worth a test.
    let text = (0..240).fold("def load():\n".to_owned(), |text, number| {
        text + &format!("    value_{number} = {number}\n")
    });
    folder.write("big/big/load.py", text.as_bytes());
}
