//! The formats on three projects.

use snapbox::{assert_data_eq, file};

use super::fixture::{Sample, hostile, monorepo, scripts, service};
use super::*;
use crate::{MarkdownOptions, Root, Styles};

fn written(write: impl FnOnce(&mut Vec<u8>) -> std::io::Result<()>) -> String {
    let mut out = Vec::new();
    write(&mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn terminal(sample: &Sample, width: usize) -> String {
    written(|out| verdict_terminal(out, &sample.report(), Styles::plain(), width))
}

fn markdown(sample: &Sample, limit: usize) -> String {
    let root = Root::new("/r".into(), "/r".into());
    let blob = Some("https://github.com/acme/shop/blob/abc");
    let options = MarkdownOptions { root: &root, blob, limit, findings: false };
    written(|out| verdict_markdown(out, &sample.report(), options))
}

fn json(sample: &Sample) -> String {
    written(|out| verdict_json(out, &sample.report()))
}

#[test]
fn a_terminal_shows_the_verdict() {
    assert_data_eq!(terminal(&service(), 100), file!["tests/service.txt"]);
    assert_data_eq!(terminal(&scripts(), 100), file!["tests/scripts.txt"]);
    assert_data_eq!(terminal(&monorepo(), 100), file!["tests/monorepo.txt"]);
    assert_data_eq!(terminal(&scripts(), 48), file!["tests/narrow.txt"]);
}

#[test]
fn markdown_shows_the_verdict_and_what_has_changed() {
    assert_data_eq!(markdown(&service(), 65_000), file!["tests/service.md"]);
    assert_data_eq!(markdown(&scripts(), 65_000), file!["tests/scripts.md"]);
    assert_data_eq!(markdown(&monorepo(), 65_000), file!["tests/monorepo.md"]);
}

#[test]
fn markdown_holds_whole_parts_within_its_limit() {
    let whole = markdown(&scripts(), 65_000);
    for limit in [0, 40, 400, 900, 1500, whole.len() - 1, whole.len()] {
        let text = markdown(&scripts(), limit);
        assert!(text.len() <= limit, "{} of {limit}", text.len());
        assert_eq!(text.matches("<details>").count(), text.matches("</details>").count());
    }
}

#[test]
fn programs_are_told_all_and_can_be_asked_again() {
    let sample = scripts();
    let text = json(&sample);
    assert_data_eq!(&text, file!["tests/scripts.json"]);
    let earlier = Earlier::from_json(&text).unwrap();
    assert_eq!(earlier.score(), sample.verdict.components[0].score);
    assert_eq!(earlier.components[0].level, sample.verdict.components[0].level);
    assert_eq!(earlier.by_rule["bare-except"], 9);
    assert!(!earlier.gate_open);
    // Compared with itself nothing has changed.
    let same = VerdictReport { base: Some(&earlier), ..sample.report() };
    assert_eq!(earlier::changed_rules(&same, &earlier), []);
}

#[test]
fn what_is_written_follows_the_schema() {
    let schema = serde_json::from_str(VERDICT_SCHEMA).unwrap();
    for sample in [service(), scripts(), monorepo()] {
        let value = serde_json::from_str(&json(&sample)).unwrap();
        schema::follows(&value, &schema, &schema, "report");
    }
}

#[test]
fn a_badge_says_score_and_level() {
    let badge = |sample: &Sample| written(|out| verdict_badge(out, &sample.report()));
    assert_data_eq!(badge(&service()), file!["tests/service.svg": Text]);
    let told = badge(&scripts());
    assert!(told.contains("<title>roadworthy: 26 (15) · not roadworthy</title>"), "{told}");
    let mut nothing = service();
    nothing.verdict.components.clear();
    nothing.verdict.lowest = None;
    assert!(badge(&nothing).contains("not assessed"));
    let told = written(|out| verdict_badge_json(out, &service().report()));
    let value: serde_json::Value = serde_json::from_str(&told).unwrap();
    assert_eq!(value["schemaVersion"], 1);
    assert_eq!(value["message"], "74 (71) · drivable");
    assert_eq!(value["color"], "yellow");
}

#[test]
fn sums_are_shown() {
    let told = |sample: &Sample, width| {
        written(|out| score_explained(out, &sample.report(), Styles::plain(), width))
    };
    assert_data_eq!(told(&service(), 100), file!["tests/service-explained.txt"]);
    assert_data_eq!(told(&scripts(), 60), file!["tests/scripts-explained.txt"]);
}

#[test]
fn no_format_shows_a_secret_or_takes_a_name_for_markup() {
    let (sample, key) = hostile();
    let badge = written(|out| verdict_badge(out, &sample.report()));
    let explained = written(|out| score_explained(out, &sample.report(), Styles::plain(), 100));
    let (terminal, markdown, json) =
        (terminal(&sample, 100), markdown(&sample, 65_000), json(&sample));
    for text in [&badge, &explained, &terminal, &markdown, &json] {
        assert!(!text.contains(&key), "{text}");
        assert!(text == &json || !text.contains('\u{1b}') && !text.contains('\u{202e}'), "{text}");
    }
    assert!(!markdown.contains("<img") && !markdown.contains("@you"), "{markdown}");
    assert!(Earlier::from_json(&json).is_ok());
}

/// As much of JSON schemas as ours uses.
mod schema {
    use serde_json::Value;

    fn is(value: &Value, kind: &str) -> bool {
        match kind {
            "object" => value.is_object(),
            "array" => value.is_array(),
            "string" => value.is_string(),
            "boolean" => value.is_boolean(),
            "integer" => value.is_u64() || value.is_i64(),
            "number" => value.is_number(),
            "null" => value.is_null(),
            other => panic!("{other} is no type"),
        }
    }

    fn holds(value: &Value, schema: &Value, root: &Value) -> bool {
        std::panic::catch_unwind(|| follows(value, schema, root, "")).is_ok()
    }

    /// Panics with the place of what does not follow.
    pub(super) fn follows(value: &Value, schema: &Value, root: &Value, at: &str) {
        for (key, rule) in schema.as_object().unwrap() {
            let number = || (value.as_f64(), rule.as_f64().unwrap());
            let length = || (value.as_array().map(Vec::len), rule.as_u64().unwrap() as usize);
            let fits = match key.as_str() {
                "$ref" => {
                    let path = rule.as_str().unwrap().strip_prefix('#').unwrap();
                    follows(value, root.pointer(path).unwrap(), root, at);
                    true
                }
                "type" => match rule {
                    Value::String(kind) => is(value, kind),
                    kinds => {
                        kinds.as_array().unwrap().iter().any(|it| is(value, it.as_str().unwrap()))
                    }
                },
                "const" => value == rule,
                "enum" => rule.as_array().unwrap().contains(value),
                "anyOf" => rule.as_array().unwrap().iter().any(|it| holds(value, it, root)),
                "minimum" => number().0.is_none_or(|it| it >= number().1),
                "maximum" => number().0.is_none_or(|it| it <= number().1),
                "minItems" => length().0.is_none_or(|it| it >= length().1),
                "maxItems" => length().0.is_none_or(|it| it <= length().1),
                "required" => value.as_object().is_none_or(|object| {
                    rule.as_array()
                        .unwrap()
                        .iter()
                        .all(|it| object.contains_key(it.as_str().unwrap()))
                }),
                "properties" => {
                    for (name, part) in value.as_object().into_iter().flatten() {
                        // Nothing is written that the schema does not know.
                        let rule =
                            rule.get(name).unwrap_or_else(|| panic!("{at}.{name} is unknown"));
                        follows(part, rule, root, &format!("{at}.{name}"));
                    }
                    true
                }
                "additionalProperties" => {
                    for part in value.as_object().unwrap().values() {
                        follows(part, rule, root, at);
                    }
                    true
                }
                "items" => {
                    for part in value.as_array().into_iter().flatten() {
                        follows(part, rule, root, &format!("{at}[]"));
                    }
                    true
                }
                "$schema" | "title" | "description" | "definitions" => true,
                other => panic!("{other} is not understood"),
            };
            assert!(fits, "{at}: {value} and {key} {rule}");
        }
    }
}
