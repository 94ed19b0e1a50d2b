//! A project with a secret in every place where one may stand. Knows no output.

use super::folder::Folder;
use super::values::{Canaries, base64};

/// Ways to write a value into Python; `VALUE` stands for it. Each is the whole of a file of its own, so that no form
/// hides another.
const FORMS: &[&str] = &[
    "password = \"VALUE\"",
    "password = b'VALUE'",
    "password: str = '''VALUE'''",
    "self.api_key = \"VALUE\"",
    "config[\"client_secret\"] = \"VALUE\"",
    "user, password = \"jo\", \"VALUE\"",
    "options = {\"password\": \"VALUE\"}",
    "pairs = [(\"api_key\", \"VALUE\")]",
    "connect(password=\"VALUE\")",
    "def connect(password=\"VALUE\"): ...",
    "def connect(*, token: str | None = \"VALUE\"): ...",
    "if password == \"VALUE\": pass",
    "assert password == \"VALUE\"",
    "token = os.getenv(\"API_TOKEN\", \"VALUE\")",
    "class Settings(BaseSettings):\n    api_key: str = Field(default=\"VALUE\")",
    "secret_key = b64decode(\"VALUE\")",
    "secret_key = (\"VALUE\"\n    \"VALUE\")",
    "engine = create_engine(\"postgresql://jo:VALUE@db.acme.io/shop\")",
    "engine = create_engine(f\"postgresql://jo:VALUE@{host}.acme.io/shop\")",
    "headers = {\"Authorization\": \"Bearer VALUE\"}",
    "command = 'curl -d {\"password\": \"VALUE\"}'",
    "# password = \"VALUE\"",
    "SECRET_KEY = \"VALUE\"",
    "tokens = {\"VALUE_token\": \"VALUE\"}",
    "VALUE_password = \"VALUE\"",
    "first = \"ünï\"; pässword_döner = '…'; secret_kéy = api_key = \"VALUE\"",
    "def f():\n    '''Say password = \"VALUE\" to it.'''",
    "raise Exception(password == \"VALUE\")",
    "print(login(password=\"VALUE\"))",
    "logging.info(login(password=\"VALUE\"))",
    "logging.basicConfig(filename=login(password=\"VALUE\"))",
    "assert login(password=\"VALUE\"), \"VALUE\"",
    "try:\n    login(password=\"VALUE\")\nexcept:\n    pass",
    "try:\n    login(password=\"VALUE\").send()\nexcept Exception:\n    password = \"VALUE\"",
    "def secret():\n    try:\n        send()\n    except Exception:\n        return \"VALUE\"\npassword = \"VALUE\"",
    "def secret():\n    try:\n        send()\n    except Exception:\n        return f\"VALUE\"\npassword = \"VALUE\"",
    "try:\n    connect(\"postgresql://jo:VALUE@db.acme.io/shop\")\nexcept Exception as error:\n    logging.error(error)",
    "def login(user, password=\"VALUE\", *more):\n    assert password == \"VALUE\"",
    "x = 1  # roadworthy: ignore[VALUE]",
    "x = 1  # roadworthy: ignore[bare-except, VALUE] password = \"VALUE\"",
    "x = 1  # roadworthy: ignore password = \"VALUE\"",
    "# roadworthy: ignore-file[VALUE]",
    "x = 1  # roadworthy: ignore[silent-except] until=VALUE password = \"VALUE\"",
    "password = \"VALUE\"  # roadworthy: ignore[hardcoded-secret] until=2020-01-31 was VALUE",
    "password = \"VALUE\"  # roadworthy: ignore[missing-type-hints]",
    "password = \"VALUE\"  # roadworthy: ignore[silent-except] was VALUE",
    "password = \"VALUE\"  # noqa: S105, VALUE",
    "password = \"VALUE\"  # pragma: allowlist secret",
    "password = \"VALUE",
    "password = \"\"\"VALUE",
    "connect(password=\"VALUE\"))",
    "    password = \"VALUE\"\nx = 1",
    "if x:\npassword = \"VALUE\"",
    "exec \"login\" in {\"password\": \"VALUE\"}",
    "password = \"VALUE\"\n\0",
    "password\u{a0}= \"VALUE\"",
];

/// Plants secrets in a folder, in place of those of a former call.
pub(crate) fn plant(folder: &Folder, canaries: &mut Canaries) {
    let write = |path: &str, text: &str| drop(folder.write(path, text.as_bytes()));
    for (index, form) in FORMS.iter().enumerate() {
        let place = |kind: &str| format!("{kind} in form {index}, {}", form.replace('\n', " ⏎ "));
        let password = ("password", canaries.password(&place("password")));
        // Which provider's token stands in a form makes no difference to it: each has its turn.
        let token = match index % 3 {
            // A name cannot hold every character.
            _ if form.contains("VALUE_") => ("github", canaries.github(&place("token of GitHub"))),
            0 => ("github", canaries.github(&place("token of GitHub"))),
            1 => ("aws", canaries.aws(&place("key of AWS"))),
            _ => ("slack", canaries.slack(&place("token of Slack"))),
        };
        for (kind, value) in [password, token] {
            let form = form.replace("VALUE", &value);
            let code = format!("import logging, os\n{form}\nimport gone as VALUES\n");
            write(&format!("shop/f{index}_{kind}.py"), &code);
            if kind == "password" {
                write(&format!("tests/test_f{index}_{kind}.py"), &code);
            }
        }
    }
    write("shop/roadworthy.toml", "require-reason = true\n");
    let token = canaries.github("name of a file");
    write(&format!("shop/{token}.py"), "def f(x): return eval(x)\ntry: f(1)\nexcept: pass\n");
    let token = canaries.aws("name of a folder");
    write(&format!("shop/{token}/a.py"), "def f(x): print(x)\ntry: f(1)\nexcept: pass\n");
    let token = canaries.github("name of a function, a parameter, a callee");
    write(
        "shop/names.py",
        &format!(
            "def {token}({token}, other):\n    try:\n        {token}.send()\n    except {token}Exception:\n        pass\n\
             \nclass {token}:\n    def {token}(self, x):\n        assert {token}, x\n        print({token})\n        \
             raise Exception({token})\nimport logging\nlogging.getLogger(\"{token}\").setLevel(1)\n"
        ),
    );
    write(
        "shop/untyped.py",
        &"def load(name):\n    print(name)\n    return name.lower()\n\n".repeat(12),
    );
    let body = canaries.key_body("a private key");
    let block = format!("-----BEGIN RSA PRIVATE KEY-----\n{body}\n-----END RSA PRIVATE KEY-----");
    let joined = body.replace('\n', "\\n\"\n    \"");
    write(
        "shop/keys.py",
        &format!(
            "KEY = \"\"\"{block}\"\"\"\ndef f(x):\n    try:\n        sign(\"\"\"{block}\"\"\")\n    except Exception:\n        pass\n\
             JOINED = (\n    \"-----BEGIN RSA PRIVATE KEY-----\\n\"\n    \"{joined}\"\n    \"-----END RSA PRIVATE KEY-----\"\n)\n"
        ),
    );
    let password = canaries.password("a Basic credential");
    let basic = base64(format!("jo:{password}").as_bytes());
    write(
        "shop/basic.py",
        &format!(
            "def f(x):\n    try:\n        get(headers={{\"Authorization\": \"Basic {basic}\"}})\n    except Exception:\n        pass\n"
        ),
    );
    let spread = canaries.password("escapes of a literal");
    let hex = spread.bytes().fold(String::new(), |text, byte| text + &format!("\\x{byte:02x}"));
    write("shop/escaped.py", &format!("password = \"{hex}\"\nassert password == \"{spread}\"\n"));
    let long = canaries.password("a long line");
    let filler = "'item', ".repeat(80);
    write(
        "shop/long.py",
        &format!(
            "def f(x): print([{filler}login(password=\"{long}\"), {filler}]); assert x, '{filler}'\n",
            filler = filler.replace('\'', "")
        ),
    );
    plant_files(folder, canaries);
}

/// Plants values that can be guessed, in every form; the files are new ones.
pub(crate) fn plant_weak(folder: &Folder, canaries: &mut Canaries) -> Vec<String> {
    let mut values = Vec::new();
    for (index, form) in FORMS.iter().enumerate() {
        let value = canaries.weak(&format!("weak value in form {index}, {form}"));
        let code = format!("import logging, os\n{}\n", form.replace("VALUE", &value));
        folder.write(&format!("shop/weak{index}.py"), code.as_bytes());
        values.push(value);
    }
    values
}

/// Files that are not Python.
fn plant_files(folder: &Folder, canaries: &mut Canaries) {
    let mut write = |path: &str, text: &str| {
        let password = canaries.password(path);
        let token = canaries.github(path);
        let text = text.replace("VALUE", &password).replace("TOKEN", &token);
        folder.write(path, text.as_bytes());
    };
    write(
        ".env",
        "DB_PASSWORD=VALUE\nexport GITHUB_TOKEN=TOKEN\nDATABASE_URL=postgres://jo:VALUE@db.acme.io/shop\n",
    );
    write(
        "config.yaml",
        "db:\n  password: VALUE\n  token: TOKEN\nurl: postgres://jo:VALUE@db.acme.io/shop\n- broken: [\n",
    );
    write("config.json", "{\"password\": \"VALUE\", \"token\": \"TOKEN\", }\n");
    write(
        "settings.toml",
        "password = \"VALUE\"\ntoken = \"TOKEN\ndatabase = { password = \"VALUE\"\n",
    );
    write("setup.cfg", "[db]\npassword = VALUE\ntoken = TOKEN\nVALUE TOKEN\n[VALUE\n");
    write(
        "alembic.ini",
        "[alembic]\nsqlalchemy.url = postgresql://jo:VALUE@db.acme.io/shop\ntoken = TOKEN\n",
    );
    write(
        "Dockerfile",
        "FROM python:3.12\nENV DB_PASSWORD=VALUE TOKEN=TOKEN\nRUN pip install --index-url https://jo:VALUE@pypi.acme.io/simple x\n",
    );
    write(
        "compose.yaml",
        "services:\n  db:\n    environment:\n      - POSTGRES_PASSWORD=VALUE\n      - TOKEN=TOKEN\n",
    );
    write(".github/workflows/ci.yml", "on: push\nenv:\n  DB_PASSWORD: VALUE\n  GH_TOKEN: TOKEN\n");
    write("pip.conf", "[global]\nindex-url = https://jo:VALUE@pypi.acme.io/simple\n");
    write(".netrc", "machine acme.io login jo password VALUE\n");
    write(
        "requirements.txt",
        "--index-url https://jo:VALUE@pypi.acme.io/simple\ngit+https://TOKEN@github.com/acme/x.git\nVALUE==broken==\n",
    );
    write(
        "notebook.ipynb",
        "{\"cells\": [{\"cell_type\": \"code\", \"source\": [\"password = 'VALUE'\"], \"outputs\": [{\"text\": [\"TOKEN\"]}]}",
    );
    write(".gitignore", "ignored.txt\nVALUE[TOKEN\n[z-aVALUE\n");
    write(
        "deploy.sh",
        "#!/bin/sh\nexport DB_PASSWORD=VALUE\ncurl -H 'Authorization: token TOKEN' https://acme.io\n",
    );
    write(
        "inner/pyproject.toml",
        "[project]\nname = \"inner\"\npassword = \"VALUE\ntoken = \"TOKEN\"\n",
    );
    write("inner/a.py", "def f(x): print(x)\n");
    write(
        "other/pyproject.toml",
        "[project]\nname = \"VALUE\"\nversion = 1\n[project.scripts]\n\"TOKEN\" = \"a:b\"\nx = \"a:TOKEN\"\n[tool.pytest.ini_options]\ntestpaths = [\"TOKEN\"]\npython_files = \"x_*.py\"\n",
    );
    write("other/a.py", "def f(x): print(x)\n");
    write(
        "other/VALUES.py",
        "'''Generated by tool, password = \"VALUE\", do not edit. TOKEN'''\nprint(1)\n",
    );
    let body = canaries.key_body("a key file");
    folder.write(
        "id_rsa",
        format!("-----BEGIN OPENSSH PRIVATE KEY-----\n{body}\n-----END OPENSSH PRIVATE KEY-----\n")
            .as_bytes(),
    );
    folder.write(
        "server.pem",
        format!("-----BEGIN PRIVATE KEY-----\n{body}\n-----END PRIVATE KEY-----\n").as_bytes(),
    );
    let latin = canaries.password("a file in no encoding");
    folder.write(
        "shop/latin.py",
        format!("password = \"{latin}\" # \u{e9}\n").replace('\u{e9}', "?").as_bytes(),
    );
    let bytes =
        [format!("password = \"{latin}\"  # ").as_bytes(), b"\xff\xfe", latin.as_bytes()].concat();
    folder.write("shop/undecodable.py", &bytes);
    let declared = canaries.password("the name of an encoding");
    folder.write("shop/encoding.py", format!("# coding: {declared}\npassword = 1\n").as_bytes());
}
