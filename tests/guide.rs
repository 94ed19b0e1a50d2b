//! What a guide to production-grade Python shows as bad is found, and its corrected form is silent: in a small service, by the
//! rules that are on by default.

use roadworthy_engine::{Finding, RunOptions, Selection, Settings, Severity, lint};
use roadworthy_project::Project;

/// A way to write something that a guide shows, and the way that it recommends.
struct Form {
    /// The rule that finds it.
    rule: &'static str,
    /// The module of the service that it stands in.
    module: &'static str,
    bad: &'static str,
    corrected: &'static str,
}

/// The service around every form: it is deployed, configured, logs, and is tested.
const SERVICE: [(&str, &str); 9] = [
    (
        "pyproject.toml",
        r#"
[project]
name = "shop"
version = "1.0.0"
requires-python = ">=3.12"
dependencies = ["fastapi==0.115.0", "httpx==0.27.2", "langchain==0.3.7", "langchain-core==0.3.15", "langchain-openai==0.2.0", "pandas==2.2.3", "requests==2.32.3", "sqlalchemy==2.0.36", "uvicorn==0.32.0"]

[dependency-groups]
dev = ["pytest==8.3.3"]
"#,
    ),
    (
        "uv.lock",
        r#"version = 1
requires-python = ">=3.12"

[[package]]
name = "fastapi"
version = "0.115.0"

[[package]]
name = "httpx"
version = "0.27.2"

[[package]]
name = "langchain"
version = "0.3.7"

[[package]]
name = "langchain-core"
version = "0.3.15"

[[package]]
name = "langchain-openai"
version = "0.2.0"

[[package]]
name = "pandas"
version = "2.2.3"

[[package]]
name = "pytest"
version = "8.3.3"

[[package]]
name = "requests"
version = "2.32.3"

[[package]]
name = "shop"
version = "1.0.0"
source = { virtual = "." }

[[package]]
name = "sqlalchemy"
version = "2.0.36"

[[package]]
name = "uvicorn"
version = "0.32.0"
"#,
    ),
    (
        ".github/workflows/ci.yml",
        r"
on: push
permissions:
  contents: read
jobs:
  test:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683
      - run: pip install uv
      - run: uv sync --locked
      - run: uv run pytest
      - run: uvx pip-audit
",
    ),
    (
        "Dockerfile",
        r#"FROM python:3.12.7-slim-bookworm
WORKDIR /srv
RUN pip install --no-cache-dir uv==0.5.1
COPY pyproject.toml uv.lock ./
RUN uv sync --locked --no-dev
COPY shop ./shop
RUN useradd --uid 1000 shop
USER 1000
CMD ["uv", "run", "--no-sync", "uvicorn", "shop.main:app", "--host", "0.0.0.0"]
"#,
    ),
    (".dockerignore", ".git\n.env\n.venv\n"),
    ("README.md", "# Shop\n\n    uv sync\n    uv run pytest\n"),
    ("shop/__init__.py", ""),
    (
        "shop/main.py",
        r#"import logging

from fastapi import FastAPI

app = FastAPI()


@app.on_event("startup")
def configure() -> None:
    logging.basicConfig(level=logging.INFO)


@app.get("/health")
def health() -> dict[str, str]:
    return {"status": "up"}
"#,
    ),
    (
        "tests/test_main.py",
        r#"from shop.main import health


def test_health() -> None:
    assert health() == {"status": "up"}
"#,
    ),
];

/// What the default rules find in the service with a module more.
fn findings(module: &str, code: &str) -> Vec<Finding> {
    let files = SERVICE.into_iter().chain([(module, code)]);
    let project = Project::in_memory(files);
    let catalog = roadworthy_rules::catalog();
    let rules = Selection::default().resolve(&catalog).expect("the default names nothing");
    let settings = Settings::new(&catalog, rules);
    lint(&project, &catalog, &settings, RunOptions::default()).findings
}

fn told(findings: &[&Finding]) -> String {
    let line = |it: &&Finding| {
        format!("{}:{} {} {} {}\n", it.path, it.start.line, it.severity, it.rule.name, it.message)
    };
    findings.iter().map(line).collect()
}

impl Form {
    #[track_caller]
    fn holds(&self) {
        let bad = findings(self.module, self.bad);
        let named = |it: &&Finding| it.rule.name == self.rule;
        assert!(
            bad.iter().filter(named).any(|it| it.path == self.module),
            "{} is not found in\n{}\nbut\n{}",
            self.rule,
            self.bad,
            told(&bad.iter().collect::<Vec<_>>())
        );
        let corrected = findings(self.module, self.corrected);
        let left: Vec<_> =
            corrected.iter().filter(|it| named(it) || it.severity >= Severity::Warning).collect();
        assert!(left.is_empty(), "{}\nstays in\n{}", told(&left), self.corrected);
    }
}

#[test]
fn the_service_itself_is_silent() {
    let found = findings("shop/orders.py", "");
    let loud: Vec<_> = found.iter().filter(|it| it.severity >= Severity::Warning).collect();
    assert!(loud.is_empty(), "{}", told(&loud));
}

#[test]
fn a_function_without_type_hints() {
    let form = Form {
        rule: "missing-type-hints",
        module: "shop/orders.py",
        bad: r"
def process(data, flag):
    if flag:
        return [row for row in data if row.paid]
    return data
",
        corrected: r"
from dataclasses import dataclass


@dataclass(frozen=True)
class Order:
    number: int
    paid: bool


def process(data: list[Order], *, only_paid: bool) -> list[Order]:
    if only_paid:
        return [row for row in data if row.paid]
    return data
",
    };
    form.holds();
}

#[test]
fn a_function_whose_errors_vanish() {
    let form = Form {
        rule: "silent-except",
        module: "shop/orders.py",
        bad: r#"
import json
from pathlib import Path


def store(order: dict[str, str], folder: Path) -> None:
    try:
        text = json.dumps(order)
        path = folder / f"{order['number']}.json"
        path.write_text(text)
    except:
        pass
"#,
        corrected: r#"
import json
import logging
from pathlib import Path

logger = logging.getLogger(__name__)


def store(order: dict[str, str], folder: Path) -> None:
    path = folder / f"{order['number']}.json"
    try:
        path.write_text(json.dumps(order))
    except OSError:
        logger.exception("order %s is not stored", order["number"])
        raise
"#,
    };
    form.holds();
}

#[test]
fn print_in_a_service() {
    let form = Form {
        rule: "print-in-product-code",
        module: "shop/orders.py",
        bad: r#"
from fastapi import APIRouter

router = APIRouter()


@router.post("/orders/{number}/ship")
def ship(number: int) -> dict[str, int]:
    print("shipping", number)
    return {"shipped": number}
"#,
        corrected: r#"
import logging

from fastapi import APIRouter

logger = logging.getLogger(__name__)
router = APIRouter()


@router.post("/orders/{number}/ship")
def ship(number: int) -> dict[str, int]:
    logger.info("shipping %s", number)
    return {"shipped": number}
"#,
    };
    form.holds();
}

#[test]
fn a_password_in_the_source() {
    let form = Form {
        rule: "hardcoded-secret",
        module: "shop/database.py",
        bad: r#"
from sqlalchemy import Engine, create_engine

DB_PASSWORD = "vK9#tR2m!qZ7wL4x"


def engine() -> Engine:
    return create_engine(f"postgresql://shop:{DB_PASSWORD}@db.internal:5432/shop")
"#,
        corrected: r#"
import os

from sqlalchemy import URL, Engine, create_engine


def engine() -> Engine:
    address = URL.create(
        "postgresql",
        username="shop",
        password=os.environ["DB_PASSWORD"],
        host="db.internal",
        port=5432,
        database="shop",
    )
    return create_engine(address, pool_pre_ping=True, connect_args={"connect_timeout": 10})
"#,
    };
    form.holds();
}

#[test]
fn an_address_with_a_password_in_the_source() {
    let form = Form {
        rule: "hardcoded-secret",
        module: "shop/settings.py",
        bad: r#"
DATABASE_URL = "postgresql://shop:vK9tR2mqZ7wL4x@db.internal:5432/shop"
"#,
        corrected: r#"
import os

DATABASE_URL = os.environ["DATABASE_URL"]
"#,
    };
    form.holds();
}

#[test]
fn an_endpoint_that_blocks_the_loop() {
    let form = Form {
        rule: "blocking-call-in-async",
        module: "shop/rates.py",
        bad: r#"
import requests
from fastapi import APIRouter

router = APIRouter()


@router.get("/rates/{currency}")
async def rate(currency: str) -> dict[str, float]:
    answer = requests.get(f"https://rates.example.com/{currency}", timeout=5)
    answer.raise_for_status()
    return answer.json()
"#,
        corrected: r#"
import httpx
from fastapi import APIRouter

router = APIRouter()


@router.get("/rates/{currency}")
async def rate(currency: str) -> dict[str, float]:
    async with httpx.AsyncClient(timeout=5) as client:
        answer = await client.get(f"https://rates.example.com/{currency}")
    answer.raise_for_status()
    return answer.json()
"#,
    };
    form.holds();
}

#[test]
fn an_endpoint_that_sleeps() {
    let form = Form {
        rule: "blocking-call-in-async",
        module: "shop/jobs.py",
        bad: r#"
import time

from fastapi import APIRouter

router = APIRouter()


@router.post("/jobs/{number}")
async def wait_for(number: int) -> dict[str, int]:
    time.sleep(2)
    return {"done": number}
"#,
        corrected: r#"
import asyncio

from fastapi import APIRouter

router = APIRouter()


@router.post("/jobs/{number}")
async def wait_for(number: int) -> dict[str, int]:
    await asyncio.sleep(2)
    return {"done": number}
"#,
    };
    form.holds();
}

#[test]
fn a_huge_file_read_at_once() {
    let form = Form {
        rule: "dataframe-read-unbounded",
        module: "shop/sales.py",
        bad: r#"
import pandas as pd
from fastapi import APIRouter

router = APIRouter()


@router.get("/sales/{year}")
def sales(year: int) -> dict[str, float]:
    frame = pd.read_csv("/data/sales.csv")
    return {"total": float(frame[frame["year"] == year]["cents"].sum())}
"#,
        corrected: r#"
import pandas as pd
from fastapi import APIRouter

router = APIRouter()


@router.get("/sales/{year}")
def sales(year: int) -> dict[str, int]:
    total = 0
    chunks = pd.read_csv("/data/sales.csv", usecols=["year", "cents"], chunksize=100_000)
    with chunks as reader:
        for chunk in reader:
            total += int(chunk.loc[chunk["year"] == year, "cents"].sum())
    return {"total": total}
"#,
    };
    form.holds();
}

#[test]
fn a_chain_without_limits() {
    let form = Form {
        rule: "llm-call-unbounded",
        module: "shop/answers.py",
        bad: r#"
from fastapi import APIRouter
from langchain_core.output_parsers import StrOutputParser
from langchain_core.prompts import ChatPromptTemplate
from langchain_openai import ChatOpenAI

router = APIRouter()
prompt = ChatPromptTemplate.from_template("Answer the customer: {question}")
chain = prompt | ChatOpenAI(model="gpt-4o-2024-08-06") | StrOutputParser()


@router.post("/answers")
def answer(question: str) -> dict[str, str]:
    return {"answer": chain.invoke({"question": question})}
"#,
        corrected: r#"
from fastapi import APIRouter
from langchain_core.output_parsers import StrOutputParser
from langchain_core.prompts import ChatPromptTemplate
from langchain_openai import ChatOpenAI

router = APIRouter()
prompt = ChatPromptTemplate.from_template("Answer the customer: {question}")
model = ChatOpenAI(model="gpt-4o-2024-08-06", timeout=30, max_retries=2, max_tokens=512)
chain = prompt | model | StrOutputParser()


@router.post("/answers")
def answer(question: str) -> dict[str, str]:
    return {"answer": chain.invoke({"question": question})}
"#,
    };
    form.holds();
}

#[test]
fn a_file_of_any_size_read_at_once() {
    let form = Form {
        rule: "dataframe-read-unbounded",
        module: "shop/uploads.py",
        bad: r#"
import pandas as pd
from fastapi import APIRouter

router = APIRouter()


@router.post("/uploads/{name}")
def total(name: str) -> dict[str, float]:
    frame = pd.read_csv(f"/data/uploads/{name}")
    return {"total": float(frame["cents"].sum())}
"#,
        corrected: r#"
import pandas as pd
from fastapi import APIRouter

router = APIRouter()


@router.post("/uploads/{name}")
def total(name: str) -> dict[str, int]:
    chunks = pd.read_csv(f"/data/uploads/{name}", usecols=["cents"], chunksize=100_000)
    with chunks as reader:
        return {"total": sum(int(chunk["cents"].sum()) for chunk in reader)}
"#,
    };
    form.holds();
}

#[test]
fn an_older_chain_without_limits() {
    let form = Form {
        rule: "llm-call-unbounded",
        module: "shop/summaries.py",
        bad: r#"
from fastapi import APIRouter
from langchain.chains import LLMChain
from langchain.prompts import PromptTemplate
from langchain_openai import OpenAI

router = APIRouter()
prompt = PromptTemplate.from_template("Summarise: {text}")
chain = LLMChain(llm=OpenAI(temperature=0), prompt=prompt)


@router.post("/summaries")
def summary(text: str) -> dict[str, str]:
    return {"summary": chain.run(text)}
"#,
        corrected: r#"
from fastapi import APIRouter
from langchain.chains import LLMChain
from langchain.prompts import PromptTemplate
from langchain_openai import OpenAI

router = APIRouter()
prompt = PromptTemplate.from_template("Summarise: {text}")
model = OpenAI(model="gpt-3.5-turbo-instruct", temperature=0, timeout=30, max_retries=2, max_tokens=256)
chain = LLMChain(llm=model, prompt=prompt)


@router.post("/summaries")
def summary(text: str) -> dict[str, str]:
    return {"summary": chain.run(text)}
"#,
    };
    form.holds();
}
