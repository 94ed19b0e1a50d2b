//! Where a verdict goes: which format to which stream or file. Knows formats by their names.

use std::io::Write;

use camino::Utf8Path;
use roadworthy_report::{
    self as report, HtmlOptions, MarkdownOptions, Root, Styles, VerdictReport,
};

use super::run::Run;
use crate::args::{ColorChoice, ReportArguments, VerdictFormat};
use crate::error::Error;
use crate::output::places::Places;
use crate::output::step_summary::StepSummary;
use crate::output::target::{Format, Target, targets};
use crate::terminal::{self, Kind, say};

/// The most bytes of a comment on a pull request: GitHub takes 65,536 characters.
const LONGEST_COMMENT: usize = 65_000;

impl Format for VerdictFormat {
    fn is_for_people(self) -> bool {
        matches!(self, Self::Full | Self::Markdown)
    }
}

/// Where the forms of one verdict go, checked before anything is judged.
pub(super) struct Outputs {
    format: VerdictFormat,
    stdout: Vec<VerdictFormat>,
    files: Vec<Target<VerdictFormat>>,
    summary: Option<StepSummary>,
}

impl Outputs {
    /// What the arguments ask for.
    ///
    /// # Errors
    /// When an output names no format or cannot be written.
    pub(super) fn new(
        arguments: &ReportArguments,
        working_directory: &Utf8Path,
    ) -> Result<Self, Error> {
        let (stdout, files) = targets(&arguments.output, arguments.format, working_directory)?;
        let summary = if arguments.no_step_summary { None } else { StepSummary::wanted() };
        Ok(Self { format: arguments.format, stdout, files, summary })
    }

    /// Whether a later report may be compared with this one.
    pub(super) fn are_compared(&self) -> bool {
        let files = self.files.iter().map(|target| target.format);
        let mut all = std::iter::once(self.format).chain(self.stdout.iter().copied()).chain(files);
        all.any(|format| format == VerdictFormat::Json)
    }

    /// Writes the verdict in each form. Returns whether all could be written: where one cannot, that is said and the others
    /// are written all the same.
    pub(super) fn show(&self, report: &VerdictReport<'_>, run: &Run, color: ColorChoice) -> bool {
        // Paths are relative to where they were looked for, which need not be where this runs.
        let folder = &run.plan.project.working_directory;
        let root = Root::new(folder.clone(), folder.clone());
        let places = Places::new(&run.plan, &run.input, root);
        let mut complete = true;
        let mut told = |result: Result<(), Error>| {
            if let Err(error) = result {
                say(color, Kind::Error, &error.to_string());
                complete = false;
            }
        };
        for format in std::iter::once(self.format).chain(self.stdout.iter().copied()) {
            let styles = match format {
                VerdictFormat::Full => terminal::styles(color),
                _ => Styles::plain(),
            };
            let width = terminal::width();
            told(terminal::print(styles, |out| write(out, format, report, &places, styles, width)));
        }
        for target in &self.files {
            told(target.write(|out| {
                let width = terminal::USUAL_WIDTH;
                write(out, target.format, report, &places, Styles::plain(), width)
            }));
        }
        if let Some(summary) = &self.summary {
            let write = |out: &mut dyn Write, limit| {
                // Only where GitHub shows it does it know the page of a commit.
                let blob = places.blob.as_deref();
                Ok(report::verdict_markdown(out, report, markdown(&places, limit, blob))?)
            };
            if let Err(sentence) = summary.append(write) {
                say(color, Kind::Warning, &sentence);
            }
        }
        complete
    }
}

fn markdown<'p>(
    places: &'p Places<'_>,
    limit: usize,
    blob: Option<&'p str>,
) -> MarkdownOptions<'p> {
    MarkdownOptions { root: &places.root, blob, limit, findings: true }
}

fn write(
    out: &mut dyn Write,
    format: VerdictFormat,
    report: &VerdictReport<'_>,
    places: &Places<'_>,
    styles: Styles,
    width: usize,
) -> Result<(), Error> {
    match format {
        VerdictFormat::Full => report::verdict_terminal(out, report, styles, width)?,
        VerdictFormat::Html => {
            let load = |path: &Utf8Path| places.load(path);
            report::verdict_html(out, report, HtmlOptions { load: &load, blob: None })?;
        }
        VerdictFormat::Markdown => {
            report::verdict_markdown(out, report, markdown(places, LONGEST_COMMENT, None))?;
        }
        VerdictFormat::Json => report::verdict_json(out, report)?,
        VerdictFormat::Badge => report::verdict_badge(out, report)?,
        VerdictFormat::Shields => report::verdict_badge_json(out, report)?,
    }
    Ok(())
}
