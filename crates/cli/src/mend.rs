//! `--fix` and `--add-ignore`: findings that are mended or silenced in their files, and no longer reported. Knows changes,
//! no rule.

mod fix;

use std::collections::{BTreeMap, BTreeSet};

use camino::{Utf8Path, Utf8PathBuf};
use roadworthy_engine::{
    Check, CommentPlace, Edits, Finding, Outcome, Placing, takes_comments, unfit_reason,
};
use roadworthy_parser::SourceFile;
use roadworthy_project::{File, Repositories};
use roadworthy_report::Changed;

use crate::args::{CheckArguments, ColorChoice};
use crate::change::{Changing, Judge, Patch, is_same, place};
use crate::check::run_options;
use crate::error::Error;
use crate::plan::Plan;
use crate::terminal::{Kind, say};

/// What was changed, and what should have been.
#[derive(Default)]
pub(crate) struct Mended<'p> {
    pub(crate) fixed: Changed,
    pub(crate) silenced: Changed,
    /// Findings for which a comment was asked and could not be written.
    pub(crate) left: usize,
    /// What would be written, where nothing is to be.
    pub(crate) patches: Vec<Patch<'p>>,
}

/// What becomes of one file.
#[derive(Default)]
struct After<'f> {
    /// Its findings that stay.
    findings: Vec<Finding>,
    /// How many do not.
    gone: usize,
    /// What stays though something was asked for, and why.
    left: Vec<(Finding, &'static str)>,
    /// The file and its new text, where that is another.
    change: Option<(Changing<'f>, String)>,
}

/// Refuses what cannot be changed before anything is judged.
///
/// # Errors
/// When standard input would be changed, or the reason cannot stand in a comment.
pub(crate) fn refuse(arguments: &CheckArguments) -> Result<(), Error> {
    let asked = &arguments.suppressions;
    let option = if asked.fix { "--fix" } else { "--add-ignore" };
    if asked.unsafe_fixes && !asked.fix {
        let sentence =
            "--unsafe-fixes says how far --fix or a --diff without REF may go: give one of them";
        return Err(Error::Usage(sentence.to_owned()));
    }
    if asked.dry_run && !asked.changes_files() {
        let sentence = "--dry-run shows what --fix or --add-ignore would change: give one of them";
        return Err(Error::Usage(sentence.to_owned()));
    }
    if asked.dry_run
        && (arguments.statistics || arguments.show_files || !arguments.outputs.output.is_empty())
    {
        let sentence = "a diff of what would be changed goes together with no other report: leave out --statistics, --show-files and --output";
        return Err(Error::Usage(sentence.to_owned()));
    }
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
/// are in the changed files; with a dry run no file is.
pub(crate) fn mend<'p>(
    plan: &'p Plan,
    facts: &Repositories<'_>,
    outcome: &mut Outcome,
    arguments: &CheckArguments,
    working_directory: &Utf8Path,
    color: ColorChoice,
) -> Mended<'p> {
    let mut mended = Mended::default();
    let asked = &arguments.suppressions;
    let reason = asked.add_ignore.as_deref().map(str::trim);
    let most = asked.most();
    let found = std::mem::take(&mut outcome.findings);
    let judge = Judge::new(plan, facts, &found, run_options(arguments));
    let mut by_path: BTreeMap<Utf8PathBuf, Vec<Finding>> = BTreeMap::new();
    for finding in found.iter().cloned() {
        by_path.entry(finding.path.clone()).or_default().push(finding);
    }
    for (path, findings) in by_path {
        let file = plan.project.files.iter().find(|file| file.path == path);
        let is_fixable = |finding: &Finding| finding.fix_within(most).is_some();
        let after = match (file, reason) {
            (Some(file), Some(reason)) => {
                silence(file, working_directory, &judge, &findings, reason)
            }
            (Some(file), None) if findings.iter().any(is_fixable) => Changing::open(
                file,
                working_directory,
                &judge,
                &findings,
            )
            .and_then(|(changing, known)| {
                fix::fix(file, changing, known, &judge, &findings, (most, plan.min_severity))
            }),
            (None, Some(_)) => Ok(nothing_silenced(&findings)),
            _ => Ok(After { findings: findings.clone(), ..After::default() }),
        };
        let after = after.and_then(|mut after| {
            if let Some((changing, text)) = after.change.take() {
                if asked.dry_run {
                    mended.patches.push(changing.patch(text));
                } else {
                    changing.write(&text)?;
                }
            }
            after.findings.retain(|finding| finding.severity >= plan.min_severity);
            Ok(after)
        });
        let after = after.unwrap_or_else(|sentence| {
            say(color, Kind::Warning, &format!("{path} was left as it is: it {sentence}"));
            mended.left += if reason.is_some() { findings.len() } else { 0 };
            After { findings, ..After::default() }
        });
        for (finding, why) in &after.left {
            let (line, rule) = (finding.start.line, finding.rule.name);
            say(color, Kind::Warning, &format!("{path}:{line}: {rule} stays: {why}"));
        }
        mended.left += if reason.is_some() { after.left.len() } else { 0 };
        let changed = if reason.is_some() { &mut mended.silenced } else { &mut mended.fixed };
        changed.findings += after.gone;
        changed.files += usize::from(after.gone > 0);
        outcome.findings.extend(after.findings);
    }
    outcome.findings.sort_by(Finding::order);
    mended
}

/// Writes comments that silence a file's findings. Whether they do is seen by judging the file with them: where one does
/// not, the next place is tried.
fn silence<'f>(
    file: &'f File,
    working_directory: &Utf8Path,
    judge: &Judge<'_>,
    findings: &[Finding],
    reason: &str,
) -> Result<After<'f>, String> {
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
    // What the comments themselves brought about is told, too.
    let mut known = before;
    move_all(&mut known, &edits);
    after.retain(|it| !known.iter().any(|other| is_same(it, other)));
    move_all(&mut left, &edits);
    left.append(&mut after);
    place(&mut left, &text);
    let change = (silenced > 0).then_some((changing, text));
    Ok(After { findings: left, gone: silenced, left: left_why, change })
}

fn move_all(findings: &mut [Finding], edits: &Edits) {
    for finding in findings {
        finding.span = edits.moved(finding.span);
    }
}

fn nothing_silenced<'f>(findings: &[Finding]) -> After<'f> {
    let why = |it: &Finding| why_not(it).unwrap_or("it belongs to no file of the run");
    let left = findings.iter().map(|it| (it.clone(), why(it))).collect();
    After { findings: findings.to_vec(), left, ..After::default() }
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
