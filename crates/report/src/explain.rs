//! The page of one rule, from the file that it is written in. Knows no finding.

use std::io::{self, Write};

use roadworthy_engine::{Example, Rule, RuleFile, RuleFileError};
use roadworthy_project::{FileKind, KindSet, Role, RoleSet};

use crate::clean::printable;
use crate::wrap::wrapped;
use crate::{Styles, rule_url};

/// Writes the page of a rule.
///
/// # Errors
/// The inner error says that the rule's file cannot be read; nothing is written then.
pub fn explain(
    out: &mut dyn Write,
    rule: &Rule,
    styles: Styles,
    width: usize,
) -> io::Result<Result<(), RuleFileError>> {
    match RuleFile::parse(rule.source) {
        Ok(file) => page(out, rule, &file, styles, width).map(Ok),
        Err(error) => Ok(Err(error)),
    }
}

fn page(
    out: &mut dyn Write,
    rule: &Rule,
    file: &RuleFile,
    styles: Styles,
    width: usize,
) -> io::Result<()> {
    let (strong, faint) = (styles.strong(), styles.faint());
    writeln!(out, "{strong}{}{strong:#}: {}\n", printable(rule.name), printable(rule.summary))?;
    let mut row = |name: &str, value: &str| {
        wrapped(out, (&format!("  {faint}{name:12}{faint:#}"), 14), &printable(value), width)
    };
    row("level", rule.severity.name())?;
    if rule.preview {
        row("in preview", "runs only where its own name is selected, and counts in no score")?;
    }
    row("area", &format!("{} (group {})", rule.area.title(), rule.group))?;
    row("speaks in", &roles(rule.roles))?;
    if rule.applies_to != KindSet::PYTHON {
        let kinds: Vec<_> = rule.applies_to.iter().map(FileKind::name).collect();
        row("looks into", &kinds.join(", "))?;
    }
    if let Some(fold) = rule.fold {
        let advice = fold.advice.map_or_else(String::new, |share| {
            format!(", advice from {share} % on and where they are few")
        });
        row(
            "folds",
            &format!(
                "where at least {} % of {} or more {} of a component fail, they are one finding{advice}; --every-site unfolds it",
                fold.share, fold.sites, fold.noun
            ),
        )?;
    }
    let foundation = if rule.foundation { "; a foundation of its area" } else { "" };
    row("counts", &format!("the share that is clean of {}{foundation}", rule.site.phrase()))?;
    let equivalents = |same: bool| {
        let some = rule.equivalents.iter().filter(|other| other.same == same);
        some.map(|other| format!("{} {}", other.tool, other.code)).collect::<Vec<_>>().join(", ")
    };
    for (name, list) in [
        ("same as", equivalents(true)),
        ("similar to", equivalents(false)),
        ("tags", rule.tags.join(", ")),
        ("page", rule_url(rule).unwrap_or_default()),
    ] {
        if !list.is_empty() {
            row(name, &list)?;
        }
    }
    section(out, "Why", styles)?;
    for paragraph in file.why.split("\n\n").filter(|paragraph| !paragraph.trim().is_empty()) {
        wrapped(out, ("  ", 2), &printable(&paragraph.replace('\n', " ")), width)?;
    }
    section(out, "What to do", styles)?;
    wrapped(out, ("  ", 2), &printable(&file.fix), width)?;
    if !file.options.is_empty() {
        section(out, "Options", styles)?;
    }
    for (name, option) in &file.options {
        let start = format!("  {} = {}", printable(name), option.default);
        writeln!(out, "{start}")?;
        wrapped(out, ("      ", 6), &printable(&option.help), width)?;
    }
    examples(out, "Found", &file.bad, styles)?;
    examples(out, "Left alone", &file.good, styles)?;
    writeln!(out, "\nSilence one place by a comment: # roadworthy: ignore[{}] reason", rule.name)
}

fn section(out: &mut dyn Write, title: &str, styles: Styles) -> io::Result<()> {
    let strong = styles.strong();
    writeln!(out, "\n{strong}{title}{strong:#}")
}

fn roles(roles: RoleSet) -> String {
    let names = |set: RoleSet| set.iter().map(Role::name).collect::<Vec<_>>().join(", ");
    let silent = roles.complement();
    if silent.is_empty() {
        "files of every role".to_owned()
    } else if silent.iter().count() < roles.iter().count() {
        format!("files of every role but {}", names(silent))
    } else {
        format!("{} files", names(roles))
    }
}

fn examples(
    out: &mut dyn Write,
    title: &str,
    examples: &[Example],
    styles: Styles,
) -> io::Result<()> {
    for (index, example) in examples.iter().enumerate() {
        if index == 0 {
            section(out, title, styles)?;
        } else {
            writeln!(out)?;
        }
        let faint = styles.faint();
        if let Some(title) = &example.title {
            writeln!(out, "  {faint}# {}{faint:#}", printable(title))?;
        }
        if let Some(path) = &example.path {
            writeln!(out, "  {faint}# in {}{faint:#}", printable(path))?;
        }
        if let Some(role) = &example.role {
            writeln!(out, "  {faint}# in a file of role {}{faint:#}", printable(role))?;
        }
        code(out, &example.code)?;
        if let Some(fixed) = &example.fixed {
            writeln!(out, "\n  {faint}# after the fix{faint:#}")?;
            code(out, fixed)?;
        }
    }
    Ok(())
}

fn code(out: &mut dyn Write, code: &str) -> io::Result<()> {
    for line in code.trim_matches('\n').lines() {
        writeln!(out, "{}", format!("    {}", printable(line)).trim_end())?;
    }
    Ok(())
}
