//! The facts for people. Knows blocks, lines and colours, no model of the project.

mod jobs;
mod lists;

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::model::{
    Known, KnownComponent, KnownEnvironment, KnownHook, KnownImage, KnownManifest, KnownPipeline,
    KnownProcess, KnownPythons,
};
use crate::{Styles, clean, counted};
use lists::{cut, each_once, several, short_digest};

/// The narrowest column of labels, and the widest that others still line up with.
const LABELS: (usize, usize) = (12, 28);
/// The longest command that is shown whole.
const LONGEST_COMMAND: usize = 120;
/// So many reasons of a kind are shown.
const MOST_REASONS: usize = 8;

/// Who names a version of Python, in the order in which they are shown, and what that is called.
const NAMED_BY: [(&str, &str); 9] = [
    ("requirement", "required"),
    ("classifier", "classified"),
    ("lock", "locked"),
    ("version file", "pinned"),
    ("image", "image"),
    ("platform", "platform"),
    ("test job", "tested"),
    ("other job", "other jobs"),
    ("tool", "tools"),
];

pub(super) fn write(out: &mut dyn Write, known: &Known, styles: Styles) -> io::Result<()> {
    let mut page = Page { out, styles, blocks: 0, label: LABELS.0 };
    for component in &known.components {
        page.component(component)?;
    }
    page.images(&known.images)?;
    page.processes(&known.processes)?;
    for pipeline in &known.pipelines {
        page.pipeline(pipeline)?;
    }
    page.hooks(&known.hooks, known.hooks_run)?;
    page.not_known(known)?;
    if let Some(day) = &known.as_of {
        page.title("As of", day)?;
    }
    Ok(())
}

struct Page<'o> {
    out: &'o mut dyn Write,
    styles: Styles,
    blocks: usize,
    /// How wide the labels of a block are.
    label: usize,
}

impl Page<'_> {
    /// Begins a block.
    fn title(&mut self, title: &str, aside: &str) -> io::Result<()> {
        if self.blocks > 0 {
            writeln!(self.out)?;
        }
        self.blocks += 1;
        self.label = LABELS.0;
        let (strong, faint) = (self.styles.strong(), self.styles.faint());
        let aside = if aside.is_empty() { String::new() } else { format!("  {}", clean(aside)) };
        writeln!(self.out, "{strong}{}{strong:#}{faint}{aside}{faint:#}", clean(title))
    }

    /// Makes the labels of a block line up.
    fn labels<'l>(&mut self, labels: impl Iterator<Item = &'l str>) {
        let widths = labels.map(|label| label.chars().count()).filter(|width| *width <= LABELS.1);
        self.label = widths.max().unwrap_or_default().max(LABELS.0);
    }

    fn line(&mut self, label: &str, text: &str) -> io::Result<()> {
        writeln!(self.out, "  {:width$}  {}", clean(label), clean(text), width = self.label)
    }

    /// Lines under one label, which only the first shows.
    fn lines(&mut self, label: &str, lines: &[String]) -> io::Result<()> {
        for (index, line) in lines.iter().enumerate() {
            self.line(if index == 0 { label } else { "" }, line)?;
        }
        Ok(())
    }

    fn component(&mut self, component: &KnownComponent) -> io::Result<()> {
        let folder = if component.path.is_empty() { "." } else { &component.path };
        self.title(&component.name, component.manifest.as_deref().unwrap_or(folder))?;
        let distribution = match component.distribution {
            "unknown" => "not known",
            known => known,
        };
        self.line("made as", &format!("{distribution}: {}", component.distribution_reason))?;
        let profiles = component.profiles.iter();
        let profiles: Vec<_> =
            profiles.map(|(profile, reason)| format!("{profile}: {reason}")).collect();
        self.lines("used as", &profiles)?;
        self.files(&component.files)?;
        self.lines("python", &pythons(&component.pythons))?;
        for manifest in &component.manifests {
            self.lines("declares", &declared(manifest))?;
        }
        for lock in &component.locks {
            // A list of requirements may leave out what these need in turn.
            let label = if lock.kind == "requirements" { "pins" } else { "locks" };
            let packages = counted(lock.packages, "package");
            self.line(label, &format!("{}: {packages}", lock.path))?;
        }
        self.lines("environment", &environment(&component.environment))
    }

    fn files(&mut self, files: &BTreeMap<&'static str, usize>) -> io::Result<()> {
        let mut roles: Vec<_> = files.iter().collect();
        roles.sort_by_key(|(role, count)| (std::cmp::Reverse(**count), **role));
        let roles: Vec<_> = roles.iter().map(|(role, count)| format!("{count} {role}")).collect();
        if roles.is_empty() { Ok(()) } else { self.line("files", &roles.join(", ")) }
    }

    fn images(&mut self, images: &[KnownImage]) -> io::Result<()> {
        if images.is_empty() {
            return Ok(());
        }
        self.title("Images", "")?;
        self.labels(images.iter().map(|image| image.path.as_str()));
        for image in images {
            let context = if image.context.is_empty() { "." } else { &image.context };
            let names: Vec<_> = image.stages.iter().filter_map(|it| it.name.as_deref()).collect();
            let bases = image.stages.iter().map(|stage| stage.base.as_str());
            let bases = each_once(bases.filter(|base| !names.contains(base)).map(short_digest));
            let mut text = format!("from {}, context {context}", bases.join(", "));
            if image.stages.len() > 1 {
                text.push_str(", ");
                text.push_str(&counted(image.stages.len(), "stage"));
            }
            if let Some(reason) = &image.development {
                text.push_str("; for development: ");
                text.push_str(reason);
            }
            self.line(&image.path, &text)?;
        }
        Ok(())
    }

    /// What is started, each command once with all its places.
    fn processes(&mut self, processes: &[KnownProcess]) -> io::Result<()> {
        if processes.is_empty() {
            return Ok(());
        }
        let mut rows: Vec<(&str, String, Vec<&str>)> = Vec::new();
        for process in processes {
            let mut text = match (&process.command, &process.unknown) {
                (Some(command), _) => cut(command, LONGEST_COMMAND),
                (None, reason) => format!("not known: {}", reason.as_deref().unwrap_or_default()),
            };
            if let Some(reason) = &process.development {
                text.push_str("; for development: ");
                text.push_str(reason);
            }
            let name = if process.name.is_empty() { "image" } else { &process.name };
            match rows.iter_mut().find(|(other, shown, _)| *other == name && *shown == text) {
                Some((_, _, places)) => places.push(&process.place),
                None => rows.push((name, text, vec![&process.place])),
            }
        }
        self.title("Processes", "")?;
        self.labels(rows.iter().map(|(name, _, _)| *name));
        for (name, text, places) in &rows {
            self.line(name, &format!("{text} ({})", places.join(", ")))?;
        }
        Ok(())
    }

    fn pipeline(&mut self, pipeline: &KnownPipeline) -> io::Result<()> {
        self.title(&pipeline.path, &pipeline.triggers.join(", "))?;
        self.labels(pipeline.jobs.iter().map(|job| job.id.as_str()));
        for job in &pipeline.jobs {
            self.lines(&job.id, &jobs::lines(job))?;
        }
        Ok(())
    }

    fn hooks(&mut self, hooks: &[KnownHook], run: bool) -> io::Result<()> {
        if hooks.is_empty() {
            return Ok(());
        }
        let run = if run { "run on every change" } else { "no job is seen to run them" };
        self.title("Hooks of pre-commit", run)?;
        self.line("hooks", &several(hooks.iter().map(|hook| hook.id.as_str())))
    }

    fn not_known(&mut self, known: &Known) -> io::Result<()> {
        let shown = |reason: &str| {
            let reasons = known.processes.iter().filter_map(|it| it.unknown.as_deref());
            reasons.into_iter().any(|other| reason.ends_with(other))
        };
        let mut reasons: Vec<(&str, Vec<&str>)> = Vec::new();
        reasons.push(("unreadable", known.faults.iter().map(String::as_str).collect()));
        for (name, all) in &known.unknown {
            let all = all.iter().map(String::as_str).filter(|it| !shown(it));
            reasons.push((name, each_once(all)));
        }
        reasons.retain(|(_, reasons)| !reasons.is_empty());
        if reasons.is_empty() {
            return Ok(());
        }
        self.title("Not known", "")?;
        for (name, reasons) in reasons {
            let mut lines: Vec<String> =
                reasons.iter().take(MOST_REASONS).map(|it| cut(it, LONGEST_COMMAND)).collect();
            if let Some(more @ 1..) = reasons.len().checked_sub(MOST_REASONS) {
                lines.push(format!("and {more} more"));
            }
            self.lines(name, &lines)?;
        }
        Ok(())
    }
}

/// The versions of Python, a line for each kind of place that names them.
fn pythons(pythons: &[KnownPythons]) -> Vec<String> {
    let mut lines = Vec::new();
    for (by, label) in NAMED_BY {
        let named = || pythons.iter().filter(|it| it.by == by);
        let short = |it: &KnownPythons| {
            let version = it.written.rsplit(" :: ").next().unwrap_or_default();
            short_digest(version)
        };
        let versions = each_once(named().map(short));
        if !versions.is_empty() {
            // Versions of one list stand on lines of their own, which nobody wants to read all.
            let file = |it: &KnownPythons| match by {
                "classifier" => it.place.rsplit_once(':').map_or("", |(file, _)| file).to_owned(),
                _ => it.place.clone(),
            };
            let places = each_once(named().map(file));
            lines.push(format!("{label} {} ({})", versions.join(", "), several(places)));
        }
    }
    lines
}

/// What a manifest declares: its path, then a line for each group.
fn declared(manifest: &KnownManifest) -> Vec<String> {
    let count: usize = manifest.requirements.values().map(Vec::len).sum();
    if manifest.exported {
        let count = counted(count, "requirement");
        return vec![format!("{}: {count}, exported from others", manifest.path)];
    }
    if count == 0 {
        return vec![format!("{}: nothing", manifest.path)];
    }
    let groups = manifest.requirements.iter().map(|(group, names)| {
        let names = names.iter().map(String::as_str);
        format!("  {group} ({}): {}", names.len(), several(names))
    });
    std::iter::once(manifest.path.clone()).chain(groups).collect()
}

fn environment(environment: &KnownEnvironment) -> Vec<String> {
    let list = |verb: &str, names: &[String]| {
        let names = names.iter().map(String::as_str);
        (names.len() > 0)
            .then(|| format!("{verb} {}: {}", counted(names.len(), "variable"), several(names)))
    };
    let mut lines: Vec<String> = Vec::new();
    lines.extend(list("code reads", &environment.read));
    lines.extend(list("example files name", &environment.examples));
    lines.extend(environment.unknown.iter().map(|reason| format!("more may be read: {reason}")));
    lines
}
