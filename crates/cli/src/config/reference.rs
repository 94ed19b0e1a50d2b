//! `docs/configuration.md` from the table of keys: a test writes it and fails when it is stale.

use std::fmt::Write as _;

use crate::config::keys::{Default, KEYS, Kind, Merge, Names, Text};

const INTRODUCTION: &str = include_str!("reference.md");

fn takes(kind: &Kind) -> String {
    let name = |names: Names| match names {
        Names::Selector => "rules, groups or areas",
        Names::Rule => "rules",
        Names::Option => "options",
        Names::Role => "roles",
        Names::Pattern => "patterns",
        Names::Folder => "folders",
    };
    match *kind {
        Kind::Flag => "`true` or `false`".to_owned(),
        Kind::Number => "a whole number from 0 on".to_owned(),
        Kind::Text(Text::Reference) => "a path or `package:NAME`".to_owned(),
        Kind::Text(Text::Requirement) => "versions".to_owned(),
        Kind::Text(Text::File) => "the path of a file".to_owned(),
        Kind::Word(words) => format!("`{}`", words.join("`, `")),
        Kind::List(names) => format!("a list of {}", name(names)),
        Kind::Table(names, value) => format!("a table: {} = {}", name(names), takes(value)),
        Kind::Fields(keys) => {
            let names: Vec<_> = keys.iter().map(|key| format!("`{}`", key.name)).collect();
            format!("a table of {}", names.join(", "))
        }
        Kind::Option => "what the option takes".to_owned(),
    }
}

fn extended(merge: Merge) -> &'static str {
    match merge {
        Merge::Own => "speaks of its own file only",
        Merge::Replace => "replaced",
        Merge::Anew => "replaced, and `extend-select` and `ignore` begin anew",
        Merge::Add => "added",
        Merge::Entries => "replaced entry by entry",
    }
}

fn reference() -> String {
    let mut text = String::from(INTRODUCTION);
    for key in KEYS {
        let default = match key.default {
            Default::Is(value) => format!("`{value}`"),
            Default::Words(words) => words.to_owned(),
        };
        let _ = write!(
            text,
            "\n### `{}`\n\n{}\n\n- Takes {}.\n- Default: {default}.\n- Where a file extends another: {}.\n\n```toml\n{}\n```\n",
            key.name,
            key.help,
            takes(&key.kind),
            extended(key.merge),
            key.example(),
        );
    }
    text
}

#[test]
fn the_reference_is_what_the_keys_say() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/configuration.md");
    let wanted = reference();
    if std::env::var("SNAPSHOTS").is_ok_and(|value| value == "overwrite") {
        std::fs::write(path, &wanted).unwrap();
    }
    let found = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        found == wanted,
        "docs/configuration.md is stale: run `SNAPSHOTS=overwrite cargo test`"
    );
}

#[test]
fn every_example_is_toml() {
    for key in KEYS {
        let text = key.example();
        assert!(toml::from_str::<toml::Table>(&text).is_ok(), "{text}");
    }
}
