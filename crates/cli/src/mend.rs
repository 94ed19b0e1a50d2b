//! `--fix` and `--add-ignore`: findings that are mended or silenced in their files, and no longer reported. Knows changes,
//! no rule.

use std::collections::{BTreeMap, BTreeSet};

use camino::{Utf8Path, Utf8PathBuf};
use roadworthy_engine::{
    Check, CommentPlace, Edits, Finding, Outcome, Placing, takes_comments, unfit_reason,
};
use roadworthy_parser::SourceFile;
use roadworthy_project::{File, Repositories};
use roadworthy_report::Changed;

use crate::args::{CheckArguments, ColorChoice};
use crate::change::{Changing, Judge, is_same, place};
use crate::check::run_options;
use crate::error::Error;
use crate::plan::Plan;
use crate::terminal::{Kind, say};

/// More rounds of fixes that wait for each other are a circle.
const MOST_ROUNDS: usize = 10;

/// What was changed, and what should have been.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Mended {
    pub(crate) fixed: Changed,
    pub(crate) silenced: Changed,
    /// Findings for which a comment was asked and could not be written.
    pub(crate) left: usize,
}

/// What becomes of one file.
struct After {
    /// Its findings that stay.
    findings: Vec<Finding>,
    /// How many do not.
    gone: usize,
    /// What stays though a comment was asked for, and why.
    left: Vec<(Finding, &'static str)>,
}

/// Refuses what cannot be changed before anything is judged.
///
/// # Errors
/// When standard input would be changed, or the reason cannot stand in a comment.
pub(crate) fn refuse(arguments: &CheckArguments) -> Result<(), Error> {
    let asked = &arguments.suppressions;
    let option = if asked.fix { "--fix" } else { "--add-ignore" };
    if asked.changes_files() && arguments.paths.iter().any(|path| path == "-") {
        let sentence = format!("{option} changes files, and standard input is none: give a path");
        return Err(Error::Usage(sentence));
    }
    if asked.changes_files() && arguments.diff.staged {
        let sentence = format!(
            "{option} changes files, and --staged judges what is about to be committed: give --diff HEAD"
        );
        return Err(Error::Usage(sentence));
    }
    let Some(reason) = &asked.add_ignore else { return Ok(()) };
    if let Some(why) = unfit_reason(reason.trim(), asked.today()) {
        return Err(Error::Usage(format!("--add-ignore: the reason {why}")));
    }
    if matches!(roadworthy_report::redacted(reason), std::borrow::Cow::Owned(_)) {
        let sentence = "--add-ignore: the reason holds what looks like a secret; say it without";
        return Err(Error::Usage(sentence.to_owned()));
    }
    Ok(())
}

/// Mends or silences the findings that are to be reported, as far as that was asked for. Those that stay are where they
/// are in the changed files.
pub(crate) fn mend(
    plan: &Plan,
    facts: &Repositories<'_>,
    outcome: &mut Outcome,
    arguments: &CheckArguments,
    working_directory: &Utf8Path,
    color: ColorChoice,
) -> Mended {
    let mut mended = Mended::default();
    let asked = &arguments.suppressions;
    if !asked.changes_files() {
        return mended;
    }
    let reason = asked.add_ignore.as_deref().map(str::trim);
    let found = std::mem::take(&mut outcome.findings);
    let judge = Judge::new(plan, facts, &found, run_options(arguments));
    let mut by_path: BTreeMap<Utf8PathBuf, Vec<Finding>> = BTreeMap::new();
    for finding in found.iter().cloned() {
        by_path.entry(finding.path.clone()).or_default().push(finding);
    }
    for (path, findings) in by_path {
        let file = plan.project.files.iter().find(|file| file.path == path);
        let after = match (file, reason) {
            (Some(file), Some(reason)) => {
                silence(file, working_directory, &judge, &findings, reason)
            }
            (Some(file), None) if findings.iter().any(Finding::is_fixable) => {
                fix(file, working_directory, &judge, &findings)
            }
            (None, Some(_)) => Ok(nothing_silenced(&findings)),
            _ => Ok(After { findings: findings.clone(), gone: 0, left: Vec::new() }),
        };
        let after = after.unwrap_or_else(|sentence| {
            say(color, Kind::Warning, &format!("{path} was left as it is: it {sentence}"));
            mended.left += if reason.is_some() { findings.len() } else { 0 };
            After { findings, gone: 0, left: Vec::new() }
        });
        for (finding, why) in &after.left {
            let (line, rule) = (finding.start.line, finding.rule.name);
            say(color, Kind::Warning, &format!("{path}:{line}: {rule} stays: {why}"));
        }
        mended.left += after.left.len();
        let changed = if reason.is_some() { &mut mended.silenced } else { &mut mended.fixed };
        changed.findings += after.gone;
        changed.files += usize::from(after.gone > 0);
        outcome.findings.extend(after.findings);
    }
    outcome.findings.sort_by(Finding::order);
    mended
}

/// Makes the safe fixes of a file's findings. Those that overlap wait for each other.
fn fix(
    file: &File,
    working_directory: &Utf8Path,
    judge: &Judge<'_>,
    findings: &[Finding],
) -> Result<After, String> {
    let (changing, mut found) = Changing::open(file, working_directory, judge, findings)?;
    let mut text = changing.source.text().to_owned();
    let mut stay = findings.to_vec();
    for _ in 0..MOST_ROUNDS {
        let mut edits = Edits::default();
        stay.retain_mut(|finding| {
            // What it takes is known of the text as it is now.
            let now = found.iter().find(|now| is_same(now, finding));
            finding.fix = now.and_then(|now| now.fix.clone());
            let fix = finding.fix.as_ref().filter(|_| finding.is_fixable());
            !fix.is_some_and(|fix| edits.take(&fix.edits))
        });
        if edits.is_empty() {
            break;
        }
        text = edits.apply(&text);
        move_all(&mut stay, &edits);
        found = judge.findings(file, &SourceFile::from_text(&*text))?;
    }
    if changing.breaks(&text) {
        return Err("would be no Python any more with its fixes; please report this".to_owned());
    }
    if stay.len() < findings.len() {
        changing.write(&text)?;
    }
    place(&mut stay, &text);
    Ok(After { gone: findings.len() - stay.len(), findings: stay, left: Vec::new() })
}

/// Writes comments that silence a file's findings. Whether they do is seen by judging the file with them: where one does
/// not, the next place is tried.
fn silence(
    file: &File,
    working_directory: &Utf8Path,
    judge: &Judge<'_>,
    findings: &[Finding],
    reason: &str,
) -> Result<After, String> {
    let (wanted, mut left): (Vec<_>, Vec<_>) =
        findings.iter().cloned().partition(|finding| why_not(finding).is_none());
    if wanted.is_empty() {
        return Ok(nothing_silenced(findings));
    }
    let (changing, before) = Changing::open(file, working_directory, judge, findings)?;
    let placing = Placing::new(&changing.source, file.kind);
    let mut open: Vec<(&Finding, Vec<CommentPlace>)> =
        wanted.iter().map(|it| (it, placing.places(it.span))).collect();
    let (edits, text, mut after) = loop {
        let mut places: BTreeMap<CommentPlace, BTreeSet<&str>> = BTreeMap::new();
        for (finding, more) in &open {
            if let Some(place) = more.first() {
                places.entry(*place).or_default().insert(finding.rule.name);
            }
        }
        let mut edits = Edits::default();
        edits.take(&placing.edits(&places, reason));
        let text = edits.apply(changing.source.text());
        let after = judge.findings(file, &SourceFile::from_text(&*text))?;
        let mut tried = false;
        for (finding, more) in open.iter_mut().filter(|(_, more)| !more.is_empty()) {
            let span = edits.moved(finding.span);
            if after.iter().any(|it| it.rule.name == finding.rule.name && it.span == span) {
                more.remove(0);
                tried = true;
            }
        }
        if !tried {
            break (edits, text, after);
        }
    };
    if changing.breaks(&text) {
        return Err("would be no Python any more with the comments; please report this".to_owned());
    }
    let silenced = open.iter().filter(|(_, more)| !more.is_empty()).count();
    left.extend(open.iter().filter(|(_, more)| more.is_empty()).map(|(it, _)| (*it).clone()));
    let why =
        |it: &Finding| why_not(it).unwrap_or("no comment would silence it where it can stand");
    let left_why: Vec<_> = left.iter().map(|it| (it.clone(), why(it))).collect();
    if silenced > 0 {
        changing.write(&text)?;
    }
    // What the comments themselves brought about is told, too.
    let mut known = before;
    move_all(&mut known, &edits);
    after.retain(|it| !known.iter().any(|other| is_same(it, other)));
    move_all(&mut left, &edits);
    left.append(&mut after);
    place(&mut left, &text);
    Ok(After { findings: left, gone: silenced, left: left_why })
}

fn move_all(findings: &mut [Finding], edits: &Edits) {
    for finding in findings {
        finding.span = edits.moved(finding.span);
    }
}

fn nothing_silenced(findings: &[Finding]) -> After {
    let why = |it: &Finding| why_not(it).unwrap_or("it belongs to no file of the run");
    let left = findings.iter().map(|it| (it.clone(), why(it))).collect();
    After { findings: findings.to_vec(), gone: 0, left }
}

/// Why no comment can silence a finding, whatever the place.
fn why_not(finding: &Finding) -> Option<&'static str> {
    match finding.kind {
        _ if matches!(finding.rule.check, Check::Engine) => {
            Some("a comment cannot silence it; mend it, or ignore the rule in the configuration")
        }
        None => Some("it speaks of more than a line; ignore the rule in the configuration"),
        Some(kind) if !takes_comments(kind) => {
            Some("no comment may be put into such a file; use `per-file-ignores`, or a baseline")
        }
        Some(_) => None,
    }
}
