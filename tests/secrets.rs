//! The rules about secrets: their triggers are the crate's, and no message shows a value.

use std::fmt::Write as _;

use roadworthy_engine::{Catalog, ParseMode, RuleSet, Settings, Strictness, Trigger, lint_example};
use roadworthy_project::Role;
use roadworthy_secrets::{FORMAT_TRIGGERS, NAME_TRIGGERS};

const RULES: [&str; 2] = ["hardcoded-secret", "insecure-default-secret"];

fn triggers(catalog: &Catalog, rule: &str) -> Vec<Trigger> {
    catalog.rule(catalog.id(rule).expect("is in the catalogue")).triggers.to_vec()
}

#[test]
fn triggers_are_those_of_the_crate() {
    let catalog = roadworthy_rules::catalog();
    let texts = |rule: &str, ignore_case: bool| -> Vec<&str> {
        let all = triggers(&catalog, rule).into_iter();
        all.filter(|it| it.ignore_case == ignore_case).map(|it| it.text).collect()
    };
    assert_eq!(texts("hardcoded-secret", true), NAME_TRIGGERS);
    assert_eq!(texts("hardcoded-secret", false), FORMAT_TRIGGERS);
    assert_eq!(texts("insecure-default-secret", true), NAME_TRIGGERS);
    assert_eq!(texts("insecure-default-secret", false), [""; 0]);
    for rule in RULES {
        for trigger in triggers(&catalog, rule) {
            assert_eq!(trigger.place, roadworthy_engine::Place::Anywhere, "{}", trigger.text);
            assert!(!trigger.word, "{}", trigger.text);
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
    "app.config[\"SECRET_KEY\"] = \"VALUE\"",
    "SECRET_KEY = \"VALUE\"",
    "tokens = {\"VALUE_token\": \"VALUE\"}",
    "VALUE_password = \"VALUE\"",
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
