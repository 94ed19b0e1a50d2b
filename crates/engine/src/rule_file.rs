//! The file that a rule is written in: read to generate the catalogue, to explain a rule, to test its
//! examples, and to load a project's own rules. Never read in an ordinary run.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use toml::Value;

use crate::{
    Area, Check, Equivalent, OptionDefault, OptionSpec, Place, Rule, Scope, Severity, SiteKind,
    Trigger,
};
use roadworthy_project::{KindSet, RoleSet};

/// A rule as written. The fields stand in the order of the file.
#[derive(Clone, Debug, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is a key of the file")]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RuleFile {
    /// Equal to the file's name.
    pub name: String,
    /// The message: lower case, no full stop.
    pub summary: String,
    /// Why it hurts, in whole sentences.
    pub why: String,
    /// What to do, in one phrase.
    pub fix: String,
    /// The usual level.
    pub severity: Severity,
    /// Whether little else in its area is worth anything where it fails.
    #[serde(default)]
    pub foundation: bool,
    /// Whether it runs only where it is selected by its own name.
    #[serde(default)]
    pub preview: bool,
    /// When findings of a component become one.
    pub fold: Option<FoldFile>,
    /// Whether findings point at a secret's value.
    #[serde(default, rename = "hides_text")]
    pub hides_text: bool,
    /// What the rule is handed: `outline`, `statement`, `definition`, `module` or `project`.
    pub scope: String,
    /// What it judges, of which the score takes the share that is clean: a [`SiteKind`]. Of a project's own rule that does
    /// not say so, what fits its scope.
    pub site: Option<String>,
    /// Kinds of files: `python`, `env`, `yaml`, ...
    #[serde(rename = "applies_to")]
    pub applies_to: Vec<String>,
    /// Where it speaks.
    #[serde(default)]
    pub roles: RolesFile,
    /// Literals without which it cannot match.
    #[serde(default)]
    pub triggers: Vec<TriggerFile>,
    /// Whether the code beside the file narrows the candidates by a function `candidate`.
    #[serde(default)]
    pub prefilter: bool,
    /// Kinds of nodes that are handed to the code beside the file.
    #[serde(default)]
    pub nodes: Vec<String>,
    /// `native` (code beside the file) or `engine`; none with a query.
    pub check: Option<String>,
    /// A pattern in tree-sitter's query language, with the captures `@finding`.
    pub query: Option<String>,
    /// Rules of other tools, as `tool:code`.
    #[serde(default)]
    pub equivalents: EquivalentsFile,
    /// Weakness identifiers and other labels.
    #[serde(default)]
    pub tags: Vec<String>,
    /// The rule's own options.
    #[serde(default)]
    pub options: BTreeMap<String, OptionFile>,
    /// Code that it flags.
    #[serde(default)]
    pub bad: Vec<Example>,
    /// Code that it leaves alone: its traps.
    #[serde(default)]
    pub good: Vec<Example>,
}

/// See [`Fold`](crate::Fold).
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FoldFile {
    /// Per cent of failing sites.
    pub share: u32,
    /// Least number of sites.
    pub sites: u32,
    /// Per cent of failing sites from which on they are advice.
    pub advice: Option<u32>,
    /// What a site is, in the plural.
    pub noun: String,
}

/// The roles in which a rule speaks: all, all but some, or only some. `product` stands for
/// application, library and settings.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RolesFile {
    /// Silent in these.
    pub except: Option<Vec<String>>,
    /// Silent in all but these.
    pub only: Option<Vec<String>>,
}

/// A trigger: a literal in code, or one with its conditions.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum TriggerFile {
    /// A whole word in code.
    Text(String),
    /// With conditions.
    Table(TriggerTable),
}

/// See [`Trigger`].
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TriggerTable {
    /// The literal.
    pub text: String,
    /// `code` (default), `strings` or `anywhere`.
    #[serde(rename = "in")]
    pub place: Option<String>,
    /// Whether it must be a whole word; yes unless said otherwise.
    pub word: Option<bool>,
    /// Whether case matters not.
    #[serde(default)]
    pub ignore_case: bool,
}

/// Rules of other tools.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EquivalentsFile {
    /// They flag the same.
    #[serde(default)]
    pub same: Vec<String>,
    /// They flag something similar.
    #[serde(default)]
    pub similar: Vec<String>,
}

/// See [`OptionSpec`].
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OptionFile {
    /// The value without configuration.
    pub default: Value,
    /// One line of help.
    pub help: String,
}

/// Code with what a rule makes of it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// The code of a file.
    #[serde(default)]
    pub code: String,
    /// The files of a project by their paths, instead of `code`.
    #[serde(default)]
    pub files: BTreeMap<String, String>,
    /// Of a bad example: the text of each finding, in order, in a project with the path before it (`a/b.py: text`). Without
    /// it: exactly one finding.
    pub finds: Option<Vec<String>>,
    /// Of a bad example: the code after all fixes, also those that somebody should look at.
    pub fixed: Option<String>,
    /// Of a bad example: the level of every finding, where it is not the rule's own.
    pub severity: Option<Severity>,
    /// The file's path in an example project, where it matters; its name says what kind of file it is.
    pub path: Option<String>,
    /// The file's role, where it matters: `application` otherwise.
    pub role: Option<String>,
    /// What the example shows, in one phrase.
    pub title: Option<String>,
    /// Options of the rule in this example.
    #[serde(default)]
    pub options: BTreeMap<String, Value>,
    /// The day for which the facts of a project hold, where that matters: `2026-06-01`.
    #[serde(rename = "as_of")]
    pub as_of: Option<String>,
    /// The day on which it is judged, where that matters: `2026-06-01`.
    pub today: Option<String>,
    /// Whether it is judged where comments must give a reason.
    #[serde(default, rename = "require_reason")]
    pub require_reason: bool,
}

/// What is wrong with a rule file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleFileError {
    /// The line, from 1, where it is known.
    pub line: Option<usize>,
    /// One sentence without the file's name.
    pub message: String,
}

impl fmt::Display for RuleFileError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(out, "line {line}: {}", self.message),
            None => out.write_str(&self.message),
        }
    }
}

impl RuleFile {
    /// Reads the text of a rule file.
    ///
    /// # Errors
    /// When it is not TOML, or not of this shape.
    pub fn parse(text: &str) -> Result<Self, RuleFileError> {
        toml::from_str(text).map_err(|error| RuleFileError {
            line: error.span().map(|span| text[..span.start].matches('\n').count() + 1),
            message: error.message().to_owned(),
        })
    }

    /// Makes a rule of a project's own file. Its texts live as long as the program.
    ///
    /// # Errors
    /// When it asks for what only built-in rules can have, or names what does not exist.
    pub fn into_rule(self, group: &str, source: &str) -> Result<Rule, RuleFileError> {
        let refuse = |message: String| RuleFileError { line: None, message };
        let Some(query) = &self.query else {
            return Err(refuse("a project's own rule needs a `query`".to_owned()));
        };
        crate::query::compile(query)
            .map_err(|message| refuse(format!("the query is not valid: {message}")))?;
        // What it asks for must not be left out in silence.
        let needs_code = [
            ("check", self.check.is_some()),
            ("fold", self.fold.is_some()),
            ("nodes", !self.nodes.is_empty()),
            ("options", !self.options.is_empty()),
            ("prefilter", self.prefilter),
        ];
        if let Some((field, _)) = needs_code.into_iter().find(|(_, asked)| *asked) {
            return Err(refuse(format!("`{field}` needs code, which a query does not have")));
        }
        let is_kebab =
            |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if self.name.is_empty() || !self.name.bytes().all(is_kebab) {
            return Err(refuse(format!("`{}` is no name in kebab case", self.name)));
        }
        if self.applies_to != ["python"] {
            return Err(refuse("`applies_to` takes [\"python\"]".to_owned()));
        }
        let scope = self.scope().map_err(refuse)?;
        if !matches!(scope, Scope::Statement | Scope::Definition) {
            return Err(refuse("a query needs the scope statement or definition".to_owned()));
        }
        let site = self.site().map_err(refuse)?;
        if site.is_of_project() || site == SiteKind::Suppression {
            return Err(refuse(format!("a query judges no site `{}`", site.name())));
        }
        if self.triggers.is_empty() {
            return Err(refuse(
                "a query needs triggers: literals without which it cannot match".to_owned(),
            ));
        }
        let triggers = self.triggers().map_err(refuse)?;
        if triggers.iter().any(|trigger| trigger.text.is_empty()) {
            return Err(refuse("a trigger is a literal of at least one character".to_owned()));
        }
        let triggers = triggers.into_iter().map(|trigger| Trigger {
            text: leak(&trigger.text),
            place: trigger.place,
            word: trigger.word,
            ignore_case: trigger.ignore_case,
        });
        let equivalents = self.equivalents().map_err(refuse)?;
        let equivalents = equivalents.into_iter().map(|(tool, code, same)| Equivalent {
            tool: leak(&tool),
            code: leak(&code),
            same,
        });
        Ok(Rule {
            name: leak(&self.name),
            group: leak(group),
            area: Area::of_group(group).unwrap_or(Area::Code),
            summary: leak(&self.summary),
            fix: leak(&self.fix),
            severity: self.severity,
            foundation: self.foundation,
            preview: self.preview,
            fold: None,
            hides_text: self.hides_text,
            scope,
            site,
            applies_to: KindSet::PYTHON,
            roles: self.roles().map_err(refuse)?,
            triggers: Vec::leak(triggers.collect()),
            check: Check::Query(leak(query)),
            equivalents: Vec::leak(equivalents.collect()),
            tags: Vec::leak(self.tags.iter().map(|tag| leak(tag)).collect()),
            options: &[],
            source: leak(source),
        })
    }

    /// The scope.
    ///
    /// # Errors
    /// With a sentence when there is none of that name.
    pub fn scope(&self) -> Result<Scope, String> {
        Ok(match self.scope.as_str() {
            "outline" => Scope::Outline,
            "statement" => Scope::Statement,
            "definition" => Scope::Definition,
            "module" => Scope::Module,
            "project" => Scope::Project,
            other => {
                return Err(format!(
                    "there is no scope `{other}`: outline, statement, definition, module, project"
                ));
            }
        })
    }

    /// What the rule judges.
    ///
    /// # Errors
    /// With a sentence when there is no site of that name, or the scope does not see it.
    pub fn site(&self) -> Result<SiteKind, String> {
        let scope = self.scope()?;
        let Some(name) = &self.site else { return Ok(SiteKind::of_scope(scope)) };
        let site = SiteKind::from_name(name).ok_or_else(|| format!("there is no site `{name}`"))?;
        if site.is_of_project() != (scope == Scope::Project) {
            return Err(format!("a rule of scope `{}` judges no site `{name}`", self.scope));
        }
        Ok(site)
    }

    /// The kinds of files that the rule judges.
    ///
    /// # Errors
    /// With a sentence when there is none of a name, or the rule asks for what only Python has.
    pub fn applies_to(&self) -> Result<KindSet, String> {
        let kinds = KindSet::from_names(self.applies_to.iter().map(String::as_str))
            .map_err(|name| format!("there is no kind of file `{name}`"))?;
        if kinds.is_empty() {
            return Err("`applies_to` names no kind of file".to_owned());
        }
        let scope = self.scope()?;
        let by_outline = matches!(scope, Scope::Outline | Scope::Project) && self.query.is_none();
        if kinds != KindSet::PYTHON && !by_outline && self.check.as_deref() != Some("engine") {
            return Err(
                "only rules of scope outline or project apply to what is not Python".to_owned()
            );
        }
        Ok(kinds)
    }

    /// The roles in which the rule speaks.
    ///
    /// # Errors
    /// With a sentence when a role does not exist.
    pub fn roles(&self) -> Result<RoleSet, String> {
        let named = |names: &[String]| {
            RoleSet::from_names(names.iter().map(String::as_str))
                .map_err(|name| format!("there is no role `{name}`"))
        };
        match (&self.roles.except, &self.roles.only) {
            (None, None) => Ok(RoleSet::ALL),
            (Some(except), None) => Ok(named(except)?.complement()),
            (None, Some(only)) => named(only),
            (Some(_), Some(_)) => Err("`roles` takes `except` or `only`, not both".to_owned()),
        }
    }

    /// The triggers, with their texts owned.
    ///
    /// # Errors
    /// With a sentence when a place does not exist.
    pub fn triggers(&self) -> Result<Vec<OwnedTrigger>, String> {
        self.triggers.iter().map(|trigger| Ok(match trigger {
            TriggerFile::Text(text) => OwnedTrigger { text: text.clone(), place: Place::Code, word: true, ignore_case: false },
            TriggerFile::Table(table) => OwnedTrigger {
                text: table.text.clone(),
                place: match table.place.as_deref() {
                    None | Some("code") => Place::Code,
                    Some("strings") => Place::Strings,
                    Some("anywhere") => Place::Anywhere,
                    Some(other) => return Err(format!("a trigger is in `code`, `strings` or `anywhere`, not in `{other}`")),
                },
                word: table.word.unwrap_or(true),
                ignore_case: table.ignore_case,
            },
        })).collect()
    }

    /// Equivalents as tool, code, and whether they are the same.
    ///
    /// # Errors
    /// With a sentence when one is not written `tool:code`.
    pub fn equivalents(&self) -> Result<Vec<(String, String, bool)>, String> {
        let same = self.equivalents.same.iter().map(|text| (text, true));
        let similar = self.equivalents.similar.iter().map(|text| (text, false));
        same.chain(similar)
            .map(|(text, same)| {
                let (tool, code) = text
                    .split_once(':')
                    .ok_or_else(|| format!("equivalent `{text}` is not written `tool:code`"))?;
                Ok((tool.to_owned(), code.to_owned(), same))
            })
            .collect()
    }

    /// The rule's options with the type their default has.
    ///
    /// # Errors
    /// With a sentence when a default is of a type that options do not have.
    pub fn option_specs(&self) -> Result<Vec<OptionSpec>, String> {
        self.options.iter().map(|(name, option)| {
            let default = match &option.default {
                Value::Boolean(value) => OptionDefault::Boolean(*value),
                Value::Integer(value) => OptionDefault::Integer(*value),
                Value::Array(values) => {
                    let texts: Option<Vec<_>> = values.iter().map(|value| value.as_str().map(leak)).collect();
                    let texts = texts.ok_or_else(|| format!("option `{name}`: a list holds strings"))?;
                    OptionDefault::Strings(Vec::leak(texts))
                }
                _ => return Err(format!("option `{name}`: a default is a flag, a whole number or a list of strings")),
            };
            Ok(OptionSpec { name: leak(name), default, help: leak(&option.help) })
        }).collect()
    }
}

/// A [`Trigger`] whose text is owned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnedTrigger {
    /// The literal.
    pub text: String,
    /// Where it counts.
    pub place: Place,
    /// Whether it must be a whole word.
    pub word: bool,
    /// Whether case matters not.
    pub ignore_case: bool,
}

/// A rule lives as long as the program, and so do its texts.
fn leak(text: impl AsRef<str>) -> &'static str {
    String::leak(text.as_ref().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_rules_that_need_no_tree_apply_to_what_is_not_python() {
        let kinds = |scope: &str, applies_to: &str| {
            let text = format!(
                "name = \"a\"\nsummary = \"a\"\nwhy = \"a\"\nfix = \"a\"\nseverity = \"info\"\n\
                 scope = \"{scope}\"\napplies_to = [{applies_to}]\ncheck = \"native\"\n"
            );
            RuleFile::parse(&text).unwrap().applies_to()
        };
        assert_eq!(kinds("statement", "\"python\""), Ok(KindSet::PYTHON));
        assert!(kinds("outline", "\"python\", \"env\"").is_ok());
        assert!(kinds("statement", "\"python\", \"env\"").is_err());
        assert!(kinds("outline", "\"pyhton\"").unwrap_err().contains("`pyhton`"));
        assert!(kinds("outline", "").is_err());
    }

    #[test]
    fn a_rule_judges_sites_that_its_scope_sees() {
        let site = |scope: &str, site: &str| {
            let text = format!(
                "name = \"a\"\nsummary = \"a\"\nwhy = \"a\"\nfix = \"a\"\nseverity = \"info\"\n\
                 scope = \"{scope}\"\n{site}\napplies_to = [\"python\"]\ncheck = \"native\"\n"
            );
            RuleFile::parse(&text).unwrap().site()
        };
        assert_eq!(site("statement", "site = \"handler\""), Ok(SiteKind::Handler));
        assert_eq!(site("project", "site = \"image\""), Ok(SiteKind::Image));
        assert_eq!(site("definition", ""), Ok(SiteKind::Function));
        assert!(site("statement", "site = \"image\"").is_err());
        assert!(site("project", "site = \"function\"").is_err());
        assert!(site("outline", "site = \"handlers\"").unwrap_err().contains("`handlers`"));
    }

    #[test]
    fn kinds_of_sites_have_names() {
        for (index, kind) in SiteKind::ALL.into_iter().enumerate() {
            assert_eq!(kind as usize, index);
            assert_eq!(SiteKind::from_name(kind.name()), Some(kind));
        }
    }
}
