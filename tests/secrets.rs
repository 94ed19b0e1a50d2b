//! The rules about secrets: their triggers are the crate's, and no message shows a value.

use std::fmt::Write as _;

use roadworthy_engine::{ParseMode, RuleSet, Settings, Strictness, lint_example};
use roadworthy_project::Role;
use roadworthy_secrets::{FORMAT_TRIGGERS, NAME_TRIGGERS};

const RULES: [&str; 2] = ["hardcoded-secret", "insecure-default-secret"];

/// Calls and arguments that take a user and a password, as `LOGINS` and `LOGIN_PAIRS` of the rules name them.
const LOGINS: &[&str] = &["Auth(", "_auth(", "b64encode(", "login(", "auth=(", "auth = ("];

/// The lines of a rule file that name triggers.
fn written(triggers: &[&str], ignore_case: bool) -> String {
    let case = if ignore_case { ", ignore_case = true" } else { "" };
    let line = |text: &&str| {
        let text = text.replace('"', "\\\"");
        format!("    {{ text = \"{text}\", in = \"anywhere\", word = false{case} }},\n")
    };
    triggers.iter().map(line).collect()
}

#[test]
fn triggers_are_those_of_the_crate() {
    let names = written(NAME_TRIGGERS, true);
    let both = names.clone() + &written(LOGINS, false) + &written(FORMAT_TRIGGERS, false);
    for (rule, lines) in RULES.iter().zip([both, names]) {
        let path = format!("{}/rules/secrets/{rule}.toml", env!("CARGO_MANIFEST_DIR"));
        let found = std::fs::read_to_string(&path).expect("the rule can be read");
        let start = found.find("triggers = [\n").expect("has triggers") + "triggers = [\n".len();
        let end = start + found[start..].find("]\ncheck").expect("the list ends");
        let expected = format!("{}{lines}{}", &found[..start], &found[end..]);
        if std::env::var("SNAPSHOTS").is_ok_and(|value| value == "overwrite") {
            std::fs::write(&path, expected).expect("can be written");
        } else {
            assert!(
                found == expected,
                "{path} is stale: run `SNAPSHOTS=overwrite cargo test` twice"
            );
        }
    }
}

/// Ways to write a value into a file; `VALUE` stands for it.
const FORMS: &[&str] = &[
    "password = \"VALUE\"",
    "password = b'VALUE'",
    "password = r\"VALUE\"",
    "password: str = '''VALUE'''",
    "self.api_key = \"VALUE\"",
    "config[\"client_secret\"] = \"VALUE\"",
    "user, password = \"jo\", \"VALUE\"",
    "options = {\"password\": \"VALUE\"}",
    "pairs = [(\"api_key\", \"VALUE\")]",
    "connect(password=\"VALUE\")",
    "def connect(password=\"VALUE\"): ...",
    "def connect(*, token: str | None = \"VALUE\"): ...",
    "if password == \"VALUE\": ...",
    "token = os.getenv(\"API_TOKEN\", \"VALUE\")",
    "token = os.environ.get(\"API_TOKEN\") or \"VALUE\"",
    "os.environ.setdefault(\"API_TOKEN\", \"VALUE\")",
    "token = config(\"API_TOKEN\", default=\"VALUE\")",
    "class Settings(BaseSettings):\n    api_key: str = Field(default=\"VALUE\")",
    "api_key = SecretStr(\"VALUE\")",
    "secret_key = b64decode(\"VALUE\")",
    "secret_key = \"VALUE\".encode()",
    "secret_key = given or \"VALUE\"",
    "secret_key = given if given else \"VALUE\"",
    "secret_key = (\"VALUE\"\n    \"VALUE\")",
    "parser.add_argument(\"--password\", default=\"VALUE\")",
    "engine = create_engine(\"postgresql://jo:VALUE@db.acme.io/shop\")",
    "engine = create_engine(f\"postgresql://jo:VALUE@{host}.acme.io/shop\")",
    "headers = {\"Authorization\": \"Bearer VALUE\"}",
    "command = 'curl -d {\"password\": \"VALUE\"}'",
    "# password = \"VALUE\"",
    "requests.get(url, auth=(\"jo\", \"VALUE\"))",
    "server.login(user, \"VALUE\")",
    "header = b64encode(b\"jo:VALUE\")",
    "auth = HTTPBasicAuth(\"jo\", \"VALUE\")",
    "app.config[\"SECRET_KEY\"] = \"VALUE\"",
    "SECRET_KEY = \"VALUE\"",
    "tokens = {\"VALUE_token\": \"VALUE\"}",
    "VALUE_password = \"VALUE\"",
    "first = \"ünï\"; pässword_döner = '…'; secret_kéy = api_key = \"VALUE\"",
];

#[test]
fn no_message_shows_any_part_of_a_value() {
    let catalog = roadworthy_rules::catalog();
    let rules: RuleSet = RULES.iter().filter_map(|rule| catalog.id(rule)).collect();
    let settings = Settings::new(&catalog, rules);
    // The last has the form of a provider's credential.
    let values = ["q8Zt4mWx7RkP2vLs9HdT", "Tr4vel!Lantern77", "changeme", "AKIAQ3ZTN5XW2LKV7RPD"];
    let mut missed = String::new();
    for form in FORMS {
        let mut findings = 0;
        for value in values {
            let code = form.replace("VALUE", value);
            for strictness in [Strictness::Normal, Strictness::EveryRole, Strictness::Pedantic] {
                let found = lint_example(
                    &catalog,
                    &settings,
                    &code,
                    "shop/settings.py",
                    Role::Settings,
                    ParseMode::OnDemand,
                    strictness,
                );
                findings += found.len();
                for finding in &found {
                    let message = &finding.finding.message;
                    // A name that repeats the value is the only way for it into a message.
                    for part in value.as_bytes().windows(8) {
                        let part = std::str::from_utf8(part).expect("values are ASCII");
                        assert!(!message.contains(part), "{message}\n{code}");
                    }
                }
            }
        }
        if findings == 0 {
            let _ = writeln!(missed, "{form}");
        }
    }
    assert!(missed.is_empty(), "nothing is found in any of these:\n{missed}");
}
