//! The facts for people. Knows lines and colours, no model of the project.

use std::io::{self, Write};

use super::model::{Known, KnownComponent, KnownImage, KnownPipeline, KnownProcess};
use crate::{Styles, clean, counted};

/// The widest label of a line.
const LABEL: usize = 12;
/// So many names are shown of a list.
const MOST_NAMES: usize = 8;

pub(super) fn write(out: &mut dyn Write, known: &Known, styles: Styles) -> io::Result<()> {
    let mut page = Page { out, styles };
    if let Some(day) = &known.as_of {
        page.line("as of", day)?;
        writeln!(page.out)?;
    }
    for component in &known.components {
        page.component(component)?;
    }
    page.images(&known.images)?;
    page.processes(&known.processes)?;
    page.pipelines(&known.pipelines)?;
    if !known.hooks.is_empty() {
        let names: Vec<_> = known.hooks.iter().map(|hook| hook.id.clone()).collect();
        let run = if known.hooks_run { "run on every change" } else { "no job runs them" };
        page.title("Hooks of pre-commit", run)?;
        page.line("hooks", &several(&names))?;
        writeln!(page.out)?;
    }
    if !known.faults.is_empty() || !known.unknown.is_empty() {
        page.title("Not known", "")?;
        for fault in &known.faults {
            page.line("unreadable", fault)?;
        }
        for (name, reasons) in &known.unknown {
            for reason in reasons {
                page.line(name, reason)?;
            }
        }
    }
    Ok(())
}

struct Page<'o> {
    out: &'o mut dyn Write,
    styles: Styles,
}

impl Page<'_> {
    fn title(&mut self, title: &str, aside: &str) -> io::Result<()> {
        let (strong, faint) = (self.styles.strong(), self.styles.faint());
        let aside = if aside.is_empty() { String::new() } else { format!("  {}", clean(aside)) };
        writeln!(self.out, "{strong}{}{strong:#}{faint}{aside}{faint:#}", clean(title))
    }

    fn line(&mut self, label: &str, text: &str) -> io::Result<()> {
        writeln!(self.out, "  {label:LABEL$}  {}", clean(text))
    }

    fn component(&mut self, component: &KnownComponent) -> io::Result<()> {
        let place = if component.path.is_empty() { "." } else { &component.path };
        self.title(&component.name, place)?;
        let distribution = component.distribution;
        self.line("distribution", &format!("{distribution}: {}", component.distribution_reason))?;
        for (profile, reason) in &component.profiles {
            self.line("profile", &format!("{profile}: {reason}"))?;
        }
        let roles: Vec<_> =
            component.files.iter().map(|(role, count)| format!("{count} {role}")).collect();
        if !roles.is_empty() {
            self.line("files", &roles.join(", "))?;
        }
        for python in &component.pythons {
            self.line("python", &format!("{} ({}, {})", python.written, python.by, python.place))?;
        }
        for manifest in &component.manifests {
            let groups = manifest.requirements.iter();
            let groups: Vec<_> =
                groups.map(|(group, names)| format!("{group}: {}", several(names))).collect();
            let exported = if manifest.exported { " (exported)" } else { "" };
            let groups = if groups.is_empty() { "nothing".to_owned() } else { groups.join("; ") };
            self.line("declares", &format!("{}{exported}: {groups}", manifest.path))?;
        }
        for lock in &component.locks {
            let packages = counted(lock.packages, "package");
            self.line("locks", &format!("{}: {packages}", lock.path))?;
        }
        let environment = &component.environment;
        if !environment.read.is_empty() {
            self.line("reads", &several(&environment.read))?;
        }
        if !environment.examples.is_empty() {
            self.line("examples", &several(&environment.examples))?;
        }
        writeln!(self.out)
    }

    fn images(&mut self, images: &[KnownImage]) -> io::Result<()> {
        if images.is_empty() {
            return Ok(());
        }
        self.title("Images", "")?;
        for image in images {
            let context = if image.context.is_empty() { "." } else { &image.context };
            let stages: Vec<_> = image.stages.iter().map(|stage| stage.base.as_str()).collect();
            let development = image.development.as_ref();
            let aside = development.map(|it| format!("; for development: {it}"));
            let aside = aside.unwrap_or_default();
            let text = format!("{} (context {context}{aside})", stages.join(" → "));
            self.line(&image.path, &text)?;
        }
        writeln!(self.out)
    }

    fn processes(&mut self, processes: &[KnownProcess]) -> io::Result<()> {
        if processes.is_empty() {
            return Ok(());
        }
        self.title("Processes", "")?;
        for process in processes {
            let command = match (&process.command, &process.unknown) {
                (Some(command), _) => command.clone(),
                (None, reason) => {
                    format!("not known: {}", reason.as_deref().unwrap_or_default())
                }
            };
            let name = if process.name.is_empty() { process.origin } else { &process.name };
            self.line(name, &format!("{command} ({})", process.place))?;
        }
        writeln!(self.out)
    }

    fn pipelines(&mut self, pipelines: &[KnownPipeline]) -> io::Result<()> {
        for pipeline in pipelines {
            self.title(&pipeline.path, &pipeline.triggers.join(", "))?;
            for job in &pipeline.jobs {
                let commands = job.commands.iter().map(|it| match it.through.as_slice() {
                    [] => it.command.clone(),
                    through => format!("{} (through {})", it.command, through.join(", ")),
                });
                let commands: Vec<_> = commands.collect();
                let pythons = match &job.pythons {
                    Some(versions) if versions.is_empty() => String::new(),
                    Some(versions) => format!("python {}: ", versions.join(", ")),
                    None => "some versions of Python: ".to_owned(),
                };
                let commands =
                    if commands.is_empty() { several(&job.uses) } else { commands.join(" · ") };
                self.line(&job.id, &format!("{pythons}{commands}"))?;
            }
            writeln!(self.out)?;
        }
        Ok(())
    }
}

/// The first names of a list, and how many more there are.
fn several(names: &[String]) -> String {
    let shown = names.iter().take(MOST_NAMES).map(String::as_str).collect::<Vec<_>>().join(", ");
    match names.len().checked_sub(MOST_NAMES) {
        None | Some(0) => shown,
        Some(more) => format!("{shown} and {more} more"),
    }
}
