//! `check --show-settings`: what holds for the files of a run, and who says so. Judges nothing.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use roadworthy_engine::{OptionValue, RuleId, Settings};
use roadworthy_report::{Styles, clean, counted, redacted};
use serde_json::{Map, Value as Json, json};

use crate::args::{CheckArguments, ColorChoice, OutputFormat};
use crate::config::keys::{self, Default, KEYS, Key};
use crate::config::{Config, Data, Located, Value};
use crate::error::Error;
use crate::exit::Exit;
use crate::plan::Plan;
use crate::terminal;

/// Shows the settings of a run: as TOML with the origin of each value, which is a configuration that gives
/// the same run, or as JSON.
///
/// # Errors
/// When that cannot be written.
pub(crate) fn show_settings(
    plan: &Plan,
    arguments: &CheckArguments,
    color: ColorChoice,
) -> Result<Exit, Error> {
    let text = match arguments.output_format {
        OutputFormat::Json => as_json(plan),
        _ => as_toml(plan),
    };
    let styles = match arguments.output_format {
        OutputFormat::Json => Styles::plain(),
        _ => terminal::styles(color),
    };
    terminal::print(styles, |out| Ok(out.write_all(text.as_bytes())?))?;
    Ok(Exit::Clean)
}

/// The files of a run that a configuration holds for.
fn count(plan: &Plan, index: usize) -> usize {
    plan.project.files.iter().filter(|file| plan.settings_of(file) == index).count()
}

/// The rules that run and those that do not; for a single file what is ignored in it does not.
fn sides(plan: &Plan, settings: &Settings) -> (Vec<RuleId>, Vec<RuleId>) {
    let running = match &*plan.project.files {
        [file] => settings.rules_for(&file.path),
        _ => settings.rules.clone(),
    };
    (0..plan.catalog.rules().len()).partition(|&id| running.contains(id))
}

// ---- TOML

fn as_toml(plan: &Plan) -> String {
    let mut text = String::new();
    for (index, config) in plan.configs.iter().enumerate() {
        if index > 0 {
            text.push('\n');
        }
        let _ = writeln!(text, "# {}: {}", name(config), holds_for(plan, index));
        for file in &config.extends {
            let _ = writeln!(text, "# extends {}", clean(file.as_str()));
        }
        if index == plan.main && plan.configs.len() > 1 {
            text.push_str("# says what fails the run\n");
        }
        // Tables stand behind what belongs to none.
        let (mut lines, mut tables) = (String::new(), String::new());
        for key in KEYS {
            match config.settings.get(key) {
                Some(Value { data: Data::Table(table), .. }) if !table.entries.is_empty() => {
                    write_table(&mut tables, key.name, &table.entries);
                }
                Some(value) => write_value(&mut lines, key.name, value),
                None => write_default(&mut lines, key),
            }
        }
        let _ = write!(text, "\n{lines}{tables}\n");
        write_rules(&mut text, plan, index);
    }
    text
}

fn name(config: &Config) -> String {
    match config.file.as_str() {
        "" => "no configuration file".to_owned(),
        file => clean(file).into_owned(),
    }
}

fn holds_for(plan: &Plan, index: usize) -> String {
    match (&*plan.project.files, count(plan, index)) {
        ([file], 1) => format!("holds for {}", clean(file.path.as_str())),
        (_, count) => format!("holds for {}", counted(count, "file")),
    }
}

fn write_line(out: &mut String, name: &str, value: &str, from: &str) {
    let setting = format!("{} = {value}", bare_or_quoted(name));
    let _ = writeln!(out, "{setting:38} # {from}");
}

fn write_default(out: &mut String, key: &Key) {
    match key.default {
        _ if key.name == keys::EXCLUDE.name => {
            let usual: Vec<_> =
                roadworthy_project::DEFAULT_EXCLUDES.iter().map(|it| literal(it)).collect();
            let _ = writeln!(out, "exclude = [ # default\n    {},\n]", usual.join(",\n    "));
        }
        Default::Is(value) => write_line(out, key.name, value, "default"),
        Default::Words(words) => {
            let _ = writeln!(out, "{:38} # default", format!("# {}: {words}", key.name));
        }
    }
}

fn write_value(out: &mut String, name: &str, value: &Value) {
    let list = match &value.data {
        Data::Flag(flag) => return write_line(out, name, &flag.to_string(), &from(value)),
        Data::Number(number) => return write_line(out, name, &number.to_string(), &from(value)),
        Data::Text(text) => return write_line(out, name, &literal(text), &from(value)),
        Data::Table(_) => return write_line(out, name, "{}", &from(value)),
        Data::List(list) => list,
    };
    let lines: BTreeSet<_> =
        list.iter().map(|item| (&item.at.file.shown, item.at.place.map(|it| it.line))).collect();
    if list.len() < 2 || lines.len() < 2 && list.len() < 4 {
        let items: Vec<_> = list.iter().map(|item| literal(&item.text)).collect();
        return write_line(out, name, &format!("[{}]", items.join(", ")), &from(value));
    }
    let _ = writeln!(out, "{} = [", bare_or_quoted(name));
    for item in list {
        let item_text = format!("    {},", literal(&item.text));
        let _ = writeln!(out, "{item_text:38} # {}", clean(&item.at.to_string()));
    }
    out.push_str("]\n");
}

fn write_table(out: &mut String, name: &str, entries: &[(Located, Value)]) {
    let is_table = |value: &Value| matches!(value.data, Data::Table(_));
    let (tables, values): (Vec<_>, Vec<_>) = entries.iter().partition(|(_, value)| is_table(value));
    if !values.is_empty() {
        let _ = writeln!(out, "\n[{name}]");
    }
    for (name, value) in values {
        write_value(out, &name.text, value);
    }
    for (inner, value) in tables {
        write_table(out, &format!("{name}.{}", bare_or_quoted(&inner.text)), value.table());
    }
}

fn write_rules(out: &mut String, plan: &Plan, index: usize) {
    let settings = &plan.settings[index];
    let (running, off) = sides(plan, settings);
    let verb = if running.len() == 1 { "runs" } else { "run" };
    let _ = writeln!(out, "# {} {verb}:", counted(running.len(), "rule"));
    for id in running {
        let rule = plan.catalog.rule(id);
        let level = settings.severities[id].unwrap_or(rule.severity);
        let _ = write!(out, "#   {level:8} {}", rule.name);
        for (option, value) in rule.options.iter().zip(&settings.options[id]) {
            let _ = write!(out, "  {} = {}", option.name, option_json(value));
        }
        out.push('\n');
    }
    if !off.is_empty() {
        let verb = if off.len() == 1 { "does" } else { "do" };
        let _ = writeln!(out, "# {} {verb} not:", counted(off.len(), "rule"));
        for id in off {
            let _ = writeln!(out, "#   {:8} {}", "", plan.catalog.rule(id).name);
        }
    }
}

fn from(value: &Value) -> String {
    clean(&value.at.to_string()).into_owned()
}

/// A text as TOML and JSON write it, without what has the form of a credential.
fn literal(text: &str) -> String {
    Json::from(redacted(text)).to_string()
}

fn bare_or_quoted(name: &str) -> String {
    let bare = |it: char| it.is_ascii_alphanumeric() || it == '-' || it == '_';
    let is_bare = !name.is_empty() && redacted(name).chars().all(bare);
    if is_bare { name.to_owned() } else { literal(name) }
}

// ---- JSON

fn as_json(plan: &Plan) -> String {
    let configuration = |(index, config): (usize, &Config)| {
        let settings = &plan.settings[index];
        let (running, off) = sides(plan, settings);
        let file = (!config.file.as_str().is_empty()).then(|| redacted(config.file.as_str()));
        let rule = |id: &RuleId| {
            let rule = plan.catalog.rule(*id);
            let options = rule.options.iter().zip(&settings.options[*id]);
            let options: Map<_, _> = options
                .map(|(option, value)| (option.name.to_owned(), option_json(value)))
                .collect();
            json!({
                "name": rule.name,
                "severity": settings.severities[*id].unwrap_or(rule.severity).name(),
                "options": options,
            })
        };
        json!({
            "file": file,
            "extends": config.extends.iter().map(|file| redacted(file.as_str())).collect::<Vec<_>>(),
            "files": count(plan, index),
            "decides": index == plan.main,
            "settings": KEYS.iter().map(|key| (key.name.to_owned(), setting(config, key))).collect::<Map<_, _>>(),
            "rules": running.iter().map(rule).collect::<Vec<_>>(),
            "off": off.iter().map(|&id| plan.catalog.rule(id).name).collect::<Vec<_>>(),
        })
    };
    let configurations: Vec<_> = plan.configs.iter().enumerate().map(configuration).collect();
    let text =
        serde_json::to_string_pretty(&json!({ "version": 1, "configurations": configurations }));
    text.expect("it is made of names and texts only") + "\n"
}

fn setting(config: &Config, key: &Key) -> Json {
    if let Some(value) = config.settings.get(key) {
        let mut origins = BTreeSet::new();
        let json = value_json(value, &mut origins);
        return json!({ "value": json, "from": origins });
    }
    let value = match key.default {
        _ if key.name == keys::EXCLUDE.name => json!(roadworthy_project::DEFAULT_EXCLUDES),
        // What stands in the table of keys is TOML that is JSON, too.
        Default::Is(value) => serde_json::from_str(value).unwrap_or(Json::Null),
        Default::Words(_) => Json::Null,
    };
    json!({ "value": value, "from": ["default"] })
}

fn value_json(value: &Value, origins: &mut BTreeSet<String>) -> Json {
    match &value.data {
        Data::Table(table) => {
            let entries = table.entries.iter();
            let entries = entries.map(|(name, value)| {
                (redacted(&name.text).into_owned(), value_json(value, origins))
            });
            return Json::Object(entries.collect());
        }
        Data::List(list) if !list.is_empty() => {
            origins.extend(list.iter().map(|item| redacted(&item.at.to_string()).into_owned()));
            return list.iter().map(|item| redacted(&item.text)).collect();
        }
        _ => {}
    }
    origins.insert(redacted(&value.at.to_string()).into_owned());
    match &value.data {
        Data::Flag(flag) => json!(flag),
        Data::Number(number) => json!(number),
        Data::Text(text) => json!(redacted(text)),
        Data::List(_) | Data::Table(_) => json!([]),
    }
}

fn option_json(value: &OptionValue) -> Json {
    match value {
        OptionValue::Boolean(value) => json!(value),
        OptionValue::Integer(value) => json!(value),
        OptionValue::Strings(values) => values.iter().map(|value| redacted(value)).collect(),
    }
}
