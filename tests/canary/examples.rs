//! What each rule shows as bad, with secrets beside it: so every rule speaks where there is something to hide. Knows the
//! rules' own examples, no output.

use roadworthy_engine::{Example, Rule, RuleFile, Scope};

use super::folder::Folder;
use super::values::Canaries;

/// Plants the bad examples of rules on single files.
pub(crate) fn plant_code(folder: &Folder, canaries: &mut Canaries) {
    for (rule, example) in examples().filter(|(rule, _)| rule.scope != Scope::Project) {
        let (password, token) = secrets(rule, canaries);
        let beside = format!("login(password=\"{password}\", token=\"{token}\")\n");
        let name = rule.name.replace('-', "_");
        if !example.code.is_empty() && example.path.as_deref().is_none_or(is_python) {
            let path = example.path.as_deref().unwrap_or("app.py");
            let code = format!("import logging\n{beside}{}\n{beside}", example.code);
            folder.write(&format!("shop/{name}/{path}"), code.as_bytes());
            if !example.options.is_empty() {
                let options =
                    example.options.iter().map(|(key, value)| format!("{key} = {value}\n"));
                let options = format!("[rules.{}]\n{}", rule.name, options.collect::<String>());
                folder.write(&format!("shop/{name}/roadworthy.toml"), options.as_bytes());
            }
        }
    }
}

/// Plants the bad examples that are whole projects, each a repository of its own.
pub(crate) fn plant_repositories(folder: &Folder, canaries: &mut Canaries) {
    for (rule, example) in examples() {
        let (password, token) = secrets(rule, canaries);
        for (path, text) in &example.files {
            let beside = if is_python(path) {
                format!("login(password=\"{password}\", token=\"{token}\")\n")
            } else {
                String::new()
            };
            folder.write(&format!("{}/{path}", rule.name), format!("{text}{beside}").as_bytes());
        }
        if !example.files.is_empty() {
            folder.write(&format!("{}/.git/HEAD", rule.name), b"ref: refs/heads/main\n");
            let text = format!("DB_PASSWORD={password}\nGITHUB_TOKEN={token}\n");
            folder.write(&format!("{}/.env", rule.name), text.as_bytes());
        }
    }
}

fn is_python(path: &str) -> bool {
    std::path::Path::new(path).extension().is_some_and(|it| it == "py")
}

fn secrets(rule: &Rule, canaries: &mut Canaries) -> (String, String) {
    let place = |kind: &str| format!("{kind} beside the bad example of {}", rule.name);
    (canaries.password(&place("password")), canaries.github(&place("token")))
}

/// The first bad example of each rule.
fn examples() -> impl Iterator<Item = (&'static Rule, Example)> {
    let rules: Vec<&'static Rule> = roadworthy_rules::catalog().rules().to_vec();
    rules.into_iter().filter_map(|rule| {
        let file = RuleFile::parse(rule.source).expect("the catalogue's test parses it");
        Some((rule, file.bad.into_iter().next()?))
    })
}
