//! What code reads, and who else names it.

use camino::Utf8Path;

use super::*;
use crate::Project;

fn environment(files: &[(&str, &str)]) -> Environment {
    let project = Project::in_memory(files.iter().copied());
    let read = |path: &Utf8Path| project.read_bytes(path);
    let facts = Facts::new(&project, &read, None);
    let components = &facts.environment().components;
    components.iter().find(|it| !it.examples.is_empty()).cloned().unwrap_or_default()
}

/// Names with a star where they are required, of one file of code.
fn reads(code: &str) -> String {
    let found = environment(&[
        ("pyproject.toml", "[project]\nname = 'a'\n"),
        ("a/config.py", code),
        (".env.example", "X=1\n"),
    ]);
    let shown = found
        .reads
        .iter()
        .map(|it| format!("{}{}", it.name.value, if it.required { "*" } else { "" }));
    shown.collect::<Vec<_>>().join(" ")
}

#[test]
fn the_system_is_asked_in_many_ways() {
    assert_eq!(
        reads(
            "import os\nfrom os import environ\na = os.environ['A']\nb = os.environ.get('B', 1)\nc = os.getenv(\n    'C'\n)\n\
             if 'D' in os.environ:\n    d = os.environ['D']\nos.environ['E'] = '1'\ndel os.environ['F']\n\
             # os.environ['G']\ntext = \"os.environ['H']\"\ni = environ['I']\n"
        ),
        "A* B D D I* C"
    );
    assert_eq!(
        reads(
            "import os\ntry:\n    a = os.environ['A']\nexcept KeyError:\n    a = 1\nb = os.environ['B']\n"
        ),
        "A B*"
    );
    assert_eq!(
        reads("import os\nif x:\n    a = os.environ['A']\nb = os.environ['B'] if y else 1\n"),
        "A B"
    );
    assert_eq!(reads("import os\ndef app(environ):\n    return environ['PATH_INFO']\n"), "");
    assert_eq!(reads("import os\ndef f():\n    return os.environ['A'] == 'x'\n"), "A*");
}

#[test]
fn libraries_are_asked_by_their_own_calls() {
    assert_eq!(
        reads(
            "from decouple import config\na = config('A')\nb = config('B', default=1)\nc = config('C', cast=int)\n"
        ),
        "A* B C*"
    );
    assert_eq!(
        reads(
            "from environs import Env\nenv = Env()\na = env('A')\nb = env.bool('B', False)\nc = env.int('C')\n"
        ),
        "A* B C*"
    );
    assert_eq!(
        reads("import environ\nenv = environ.Env(X=(bool, False))\na = env('A')\nx = env('X')\n"),
        "A* X"
    );
    assert_eq!(reads("def config(name): ...\na = config('A')  # no environ\n"), "");
}

#[test]
fn fields_of_settings_are_variables() {
    assert_eq!(
        reads(
            "from pydantic_settings import BaseSettings, SettingsConfigDict\n\
             class Settings(BaseSettings):\n    model_config = SettingsConfigDict(env_prefix='APP_')\n    \
             url: str\n    debug: bool = False\n    key: SecretStr = Field(..., min_length=3)\n    \
             name: str = Field(default='x')\n    other: str | None\n    db: Database\n    \
             token: str = Field(alias='TOKEN')\n    \
             any: str = Field(validation_alias=AliasChoices('ONE', 'TWO'))\n    \
             def f(self): ...\n"
        ),
        "APP_URL* APP_DEBUG APP_KEY* APP_NAME APP_OTHER TOKEN* ONE TWO"
    );
    assert_eq!(reads("class S(BaseSettings):\n    a: str\nclass T(S):\n    b: int\n"), "A* B*");
    assert_eq!(
        reads("class S(BaseSettings):\n    a: str\n    class Config:\n        env_prefix = P\n"),
        ""
    );
    assert_eq!(
        reads(
            "class S(BaseSettings):\n    a: str\n    model_config = ConfigDict(env_prefix='x_')\n\
             class T(S):\n    b: int\n"
        ),
        "X_A* X_B*"
    );
}

#[test]
fn names_are_looked_for_in_the_rest_of_the_project() {
    let found = environment(&[
        ("pyproject.toml", "[project]\nname = 'a'\n"),
        ("a/config.py", "import os\na = os.environ['A']\n"),
        ("tests/test_a.py", "import os\nx = os.environ['TESTED']\n"),
        (".env.example", "A=1\nCOMPOSED=\nWEB_X=1\nTESTED=1\nFIELD=1\nNOBODY=1\n"),
        ("compose.yml", "x: ${COMPOSED:-1}\n"),
        ("web/app.ts", "process.env.WEB_X\n"),
        ("a/models.py", "field: str\n"),
    ]);
    assert_eq!(found.named_elsewhere, ["A", "COMPOSED", "FIELD", "TESTED", "WEB_X"]);
}

#[test]
fn where_not_every_read_is_known_nothing_is_looked_for() {
    let found = environment(&[
        ("pyproject.toml", "[project]\nname = 'a'\n"),
        ("a/config.py", "import os\nb = os.environ[name]\n"),
        (".env.example", "COMPOSED=\n"),
        ("compose.yml", "x: ${COMPOSED:-1}\n"),
    ]);
    assert_eq!(found.named_elsewhere, [""; 0]);
    assert_eq!(found.unknown, ["names are put together at run time"]);
}

#[test]
fn an_example_belongs_to_the_component_with_the_code() {
    let found = environment(&[
        (".env.example", "A=1\n"),
        ("backend/pyproject.toml", "[project]\nname = 'a'\n"),
        ("backend/app/config.py", "import os\na = os.environ['B']\n"),
        ("frontend/package.json", "{}"),
    ]);
    assert_eq!(found.reads[0].name.value, "B");
    assert_eq!(found.reads[0].name.place.path, "backend/app/config.py");
}

#[test]
fn every_row_of_the_data_has_a_source() {
    assert!(is_injected("HOME") && is_injected("GITHUB_SHA") && !is_injected("DATABASE_URL"));
    assert!(is_read_by_others("VITE_API") && !is_read_by_others("DATABASE_URL"));
    for list in ["injected", "read_by_others"] {
        for row in NAMES.get(list).into_iter().flat_map(Value::items) {
            assert!(
                row.get("source").and_then(Value::text).is_some_and(|it| it.starts_with("http"))
            );
        }
    }
}

#[test]
fn for_those_who_show_it_everything_is_read() {
    let project = Project::in_memory([
        ("pyproject.toml", "[project]\nname = 'a'\n"),
        ("a/config.py", "import os\nKEY = os.environ['KEY']\n"),
        ("tests/test_a.py", "import os\nKEY = os.environ['OTHER']\n"),
    ]);
    let read = |path: &Utf8Path| project.read_bytes(path);
    let facts = Facts::new(&project, &read, None);
    let names = |all: &[Environment]| -> Vec<String> {
        all.iter().flat_map(|it| &it.reads).map(|it| it.name.value.clone()).collect()
    };
    assert_eq!(names(&every_read(&facts)), ["KEY"]);
    assert_eq!(names(&facts.environment().components), [""; 0]);
}
