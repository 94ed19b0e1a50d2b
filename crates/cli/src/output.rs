//! What was found to the streams and files: which format goes where. Knows formats by their names, no rule.

pub(crate) mod places;
pub(crate) mod step_summary;
pub(crate) mod target;

use std::cell::OnceCell;
use std::io::Write;
use std::time::Duration;

use camino::{Utf8Path, Utf8PathBuf};
use roadworthy_engine::{FileSummary, Outcome};
use roadworthy_project::Project;
use roadworthy_report::{self as report, FullOptions, MarkdownOptions, Report, Root, Styles};

use crate::args::{CheckArguments, ColorChoice, OutputFormat};
use crate::error::Error;
use crate::input::Input;
use crate::plan::Plan;
use crate::terminal::{self, Kind, say};
use places::{Places, repository};
use step_summary::StepSummary;
use target::{Format, Target, targets};

/// The most bytes of a report in Markdown: GitHub shows no summary of a step above 1 MiB.
const LONGEST_MARKDOWN: usize = 900_000;

impl Format for OutputFormat {
    fn is_for_people(self) -> bool {
        matches!(self, Self::Full | Self::Concise | Self::Github | Self::Markdown)
    }
}

/// Where the reports of a run go, checked before it begins.
pub(crate) struct Outputs {
    format: OutputFormat,
    statistics: bool,
    /// Further reports on standard output.
    stdout: Vec<OutputFormat>,
    files: Vec<Target<OutputFormat>>,
    summary: Option<StepSummary>,
    working_directory: Utf8PathBuf,
}

impl Outputs {
    /// What the arguments ask for.
    ///
    /// # Errors
    /// When that makes no sense, or a file cannot be written.
    pub(crate) fn new(
        arguments: &CheckArguments,
        working_directory: &Utf8Path,
    ) -> Result<Self, Error> {
        let (format, statistics) = (arguments.output_format, arguments.statistics);
        if arguments.show_files {
            refuse_all_but_own(arguments, "--show-files")?;
        }
        if arguments.settings.show_settings {
            refuse_all_but_own(arguments, "--show-settings")?;
        }
        let counts = !matches!(
            format,
            OutputFormat::JsonLines
                | OutputFormat::Sarif
                | OutputFormat::Github
                | OutputFormat::Gitlab
                | OutputFormat::Junit
                | OutputFormat::Rdjson
        );
        if statistics && !counts {
            return Err(Error::Usage(format!(
                "--statistics counts and {} lists findings: give one of full, concise, json and markdown as \
                 --output-format",
                format.name()
            )));
        }
        let (stdout, files) = targets(&arguments.outputs.output, format, working_directory)?;
        let summary = if arguments.show_files || arguments.outputs.no_step_summary {
            None
        } else {
            StepSummary::wanted()
        };
        let working_directory = working_directory.to_owned();
        Ok(Self { format, statistics, stdout, files, summary, working_directory })
    }

    /// Takes the files that reports go to out of what is judged, so that the next run finds what this one does.
    pub(crate) fn leave_out(&self, project: &mut Project) {
        let is_report = |path: &Utf8Path| self.files.iter().any(|target| target.is(path));
        if !self.files.is_empty() {
            project.files.retain(|file| file.kind.is_python() || !is_report(&file.absolute));
        }
    }

    /// Writes what was found, in each format that was asked for. Returns whether all could be written: where one
    /// cannot, that is said and the others are written all the same.
    pub(crate) fn show(
        &self,
        report: &Report<'_>,
        plan: &Plan,
        input: &Input,
        arguments: &CheckArguments,
        color: ColorChoice,
    ) -> bool {
        let root = repository(arguments, &self.working_directory);
        let root = Root::new(root, self.working_directory.clone());
        let places = Places::new(plan, input, root);
        let writer = Writer { report, plan, places: &places, outputs: self, cut: OnceCell::new() };
        let mut complete = true;
        let mut told = |result: Result<(), Error>| {
            if let Err(error) = result {
                say(color, Kind::Error, &error.to_string());
                complete = false;
            }
        };
        let formats = std::iter::once((self.format, self.statistics));
        for (format, statistics) in formats.chain(self.stdout.iter().map(|it| (*it, false))) {
            let styles = match format {
                OutputFormat::Full | OutputFormat::Concise => terminal::styles(color),
                _ => Styles::plain(),
            };
            told(terminal::print(styles, |out| {
                writer.write(out, format, statistics, styles, terminal::width())
            }));
        }
        for target in &self.files {
            told(target.write(|out| {
                let styles = Styles::plain();
                writer.write(out, target.format, false, styles, terminal::USUAL_WIDTH)
            }));
        }
        if let Some(&cut) = writer.cut.get().filter(|cut| **cut > 0) {
            let sentence = format!(
                "SARIF leaves out {}, the least severe of a project, as GitHub takes no more than 25,000 of each",
                report::counted(cut, "finding")
            );
            say(color, Kind::Warning, &sentence);
        }
        if let Some(summary) = &self.summary {
            let write = |out: &mut dyn Write, limit| {
                Ok(report::markdown(out, report, writer.markdown(limit, true))?)
            };
            if let Err(sentence) = summary.append(write) {
                say(color, Kind::Warning, &sentence);
            }
        }
        complete
    }
}

/// Refuses what `option` does not know: all formats but those that it has its own form of, and further reports.
///
/// # Errors
/// Where the arguments ask for something else.
pub(crate) fn refuse_all_but_own(arguments: &CheckArguments, option: &str) -> Result<(), Error> {
    let format = arguments.output_format;
    let known = [OutputFormat::Full, OutputFormat::Concise, OutputFormat::Json];
    let sentence = if !known.contains(&format) {
        format!("{option} knows the formats full, concise and json, not {}", format.name())
    } else if !arguments.outputs.output.is_empty() {
        format!("{option} writes one report, to standard output: leave --output out")
    } else {
        return Ok(());
    };
    Err(Error::Usage(sentence))
}

/// What all formats are written from.
struct Writer<'w> {
    report: &'w Report<'w>,
    plan: &'w Plan,
    places: &'w Places<'w>,
    outputs: &'w Outputs,
    /// How many findings SARIF had to leave out.
    cut: OnceCell<usize>,
}

impl Writer<'_> {
    fn write(
        &self,
        out: &mut dyn Write,
        format: OutputFormat,
        statistics: bool,
        styles: Styles,
        width: usize,
    ) -> Result<(), Error> {
        let (report, places) = (self.report, self.places);
        let traces = || places.traces(report.findings);
        match format {
            OutputFormat::Json if statistics => report::statistics_json(out, report)?,
            OutputFormat::Full | OutputFormat::Concise if statistics => {
                report::statistics(out, report, styles)?;
            }
            OutputFormat::Markdown => {
                report::markdown(out, report, self.markdown(LONGEST_MARKDOWN, !statistics))?;
            }
            OutputFormat::Full => {
                let load = |path: &Utf8Path| places.load(path);
                report::full(out, report, FullOptions { styles, width, load: &load })?;
            }
            OutputFormat::Concise => report::concise(out, report, styles)?,
            OutputFormat::Json => {
                report::json(out, report, &places.mendings(report.findings))?;
            }
            OutputFormat::JsonLines => {
                report::json_lines(out, report, &places.mendings(report.findings))?;
            }
            OutputFormat::Github => {
                let summarised = self.outputs.summary.is_some();
                report::github(out, report, &places.root, summarised)?;
            }
            OutputFormat::Gitlab => report::gitlab(out, report, traces(), &places.root)?,
            OutputFormat::Junit => report::junit(out, report)?,
            OutputFormat::Rdjson => {
                let (columns, mendings) =
                    (places.byte_columns(report.findings), places.mendings(report.findings));
                report::rdjson(out, report, &columns, &mendings)?;
            }
            OutputFormat::Sarif => {
                let (projects, project_of) = places.projects(self.plan, report.findings);
                let options = report::SarifOptions {
                    root: &places.root,
                    traces: traces(),
                    mendings: &places.mendings(report.findings),
                    projects: &projects,
                    project_of: &project_of,
                };
                let cut = report::sarif(out, report, options)?;
                let _ = self.cut.set(cut);
            }
        }
        Ok(())
    }

    fn markdown(&self, limit: usize, findings: bool) -> MarkdownOptions<'_> {
        let blob = self.places.blob.as_deref();
        MarkdownOptions { root: &self.places.root, blob, limit, findings }
    }
}

/// Shows what each file is for.
///
/// # Errors
/// When that cannot be written.
pub(crate) fn show_files(
    files: &[FileSummary],
    arguments: &CheckArguments,
    color: ColorChoice,
) -> Result<(), Error> {
    let styles = terminal::styles(color);
    terminal::print(styles, |out| {
        match arguments.output_format {
            OutputFormat::Json => report::files_json(out, files)?,
            _ => report::files(out, files, styles)?,
        }
        Ok(())
    })
}

/// Says how long each station took.
pub(crate) fn tell_timings(
    outcome: &Outcome,
    planned: Duration,
    shown: Duration,
    total: Duration,
    color: ColorChoice,
) {
    let wall = outcome.timings.wall;
    let stations = outcome.timings.stations;
    let milliseconds = |time: Duration| format!("{:.1} ms", time.as_secs_f64() * 1e3);
    let note = |sentence: String| say(color, Kind::Note, &sentence);
    note(format!("configuration and discovery {}", milliseconds(planned)));
    note(format!(
        "judging {} (summed over threads: read {}, scan {}, triggers {}, parse {}, rules {})",
        milliseconds(wall),
        milliseconds(stations.read),
        milliseconds(stations.scan),
        milliseconds(stations.triggers),
        milliseconds(stations.parse),
        milliseconds(stations.rules),
    ));
    note(format!("report {}", milliseconds(shown)));
    note(format!("all {}", milliseconds(total)));
}
