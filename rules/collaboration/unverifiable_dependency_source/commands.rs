//! What the commands of images and pipelines install, and with which options of pip.

use roadworthy_engine::{ProjectReporter, Report, Severity};
use roadworthy_parser::Span;
use roadworthy_project::facts::containers::{Image, Instruction};
use roadworthy_project::facts::dependencies::{Source, source_of};
use roadworthy_project::facts::shell::{self, Command, Word};
use roadworthy_project::{Facts, Place};
use rustc_hash::FxHashSet;

use crate::shared::delivery::workflow::{actions::own_owners, workflows};

use super::{judge_source, report_extra_index, report_trusted_host};

pub(super) fn check(facts: &Facts<'_>, out: &mut ProjectReporter<'_>) {
    let images = &facts.containers().images;
    let own =
        if images.is_empty() { FxHashSet::default() } else { own_owners(facts, &workflows(facts)) };
    for image in images {
        // What only developers build concerns them alone.
        let severity = if image.development.is_some() { Severity::Info } else { Severity::Warning };
        for stage in &image.stages {
            for instruction in &stage.instructions {
                check_instruction(image, instruction, (severity, &own), out);
            }
        }
    }
    for job in facts.ci().pipelines.iter().flat_map(|pipeline| &pipeline.jobs) {
        for step in &job.steps {
            let Some(run) = &step.run else { continue };
            // A job may test against what others have not released yet: only its options count.
            for command in shell::commands(&run.value) {
                check_options(&command, &|_| run.place.clone(), Severity::Warning, out);
            }
        }
    }
}

fn check_instruction(
    image: &Image,
    instruction: &Instruction,
    (severity, own): (Severity, &FxHashSet<String>),
    out: &mut ProjectReporter<'_>,
) {
    let start = instruction.arguments.place.span.start;
    let place =
        |span: Span| Place::new(&image.path, Span::new(start + span.start, start + span.end));
    match instruction.keyword.as_str() {
        "RUN" if instruction.words.is_none() => {
            for command in shell::commands(&instruction.arguments.value) {
                check_options(&command, &place, severity, out);
                check_installed(&command, &place, (severity, own), out);
            }
        }
        "ENV" => check_environment(instruction, &place, severity, out),
        _ => {}
    }
}

/// The environment that pip reads its options from: <https://pip.pypa.io/en/stable/topics/configuration/>
fn check_environment(
    instruction: &Instruction,
    place: &dyn Fn(Span) -> Place,
    severity: Severity,
    out: &mut ProjectReporter<'_>,
) {
    for command in shell::commands(&instruction.arguments.value) {
        for (name, value) in &command.assignments {
            take_option(name, value, &place(command.span), severity, out);
        }
        // `ENV NAME value` is the old form.
        if let [name, value] = command.words.as_slice() {
            take_option(&name.text, &value.text, &place(name.span), severity, out);
        }
    }
}

fn take_option(
    name: &str,
    value: &str,
    place: &Place,
    severity: Severity,
    out: &mut ProjectReporter<'_>,
) {
    match name {
        "PIP_EXTRA_INDEX_URL" | "--extra-index-url" => {
            for url in value.split_whitespace() {
                report_extra_index(place, url, severity, out);
            }
        }
        "PIP_TRUSTED_HOST" | "--trusted-host" => {
            if let Some(host) = value.split_whitespace().next() {
                report_trusted_host(place, host, severity, out);
            }
        }
        _ => {}
    }
}

/// The words behind `pip`, as it may be called; `None` where something else is called. uv asks one index for all versions of
/// a name, so that its options are another matter.
fn pip_arguments(command: &Command) -> Option<&[Word]> {
    let words = &command.words;
    let at = words.iter().take(6).position(|word| {
        let name = word.text.rsplit('/').next().unwrap_or_default();
        name.strip_prefix("pip")
            .is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.'))
    })?;
    let by_uv = words[..at].iter().any(|word| word.text == "uv");
    let is_prefix = |word: &Word| {
        let text = word.text.as_str();
        ["sudo", "-m", "-u", "-H", "exec", "time"].contains(&text) || text.contains("python")
    };
    (!by_uv && words[..at].iter().all(is_prefix)).then(|| &words[at + 1..])
}

fn check_options(
    command: &Command,
    place: &dyn Fn(Span) -> Place,
    severity: Severity,
    out: &mut ProjectReporter<'_>,
) {
    let Some(arguments) = pip_arguments(command) else { return };
    // With hashes it does not matter who answers.
    if arguments.iter().any(|word| word.text == "--require-hashes") {
        return;
    }
    let mut said = Vec::new();
    for (index, word) in arguments.iter().enumerate() {
        let (name, value, span) = match word.text.split_once('=') {
            Some((name, value)) => (name, value, word.span),
            None => match arguments.get(index + 1) {
                Some(next) => (
                    word.text.as_str(),
                    next.text.as_str(),
                    Span::new(word.span.start, next.span.end),
                ),
                None => continue,
            },
        };
        // One command that trusts three hosts is one thing to mend.
        if name.starts_with("--") && !said.contains(&name) {
            if matches!(name, "--extra-index-url" | "--trusted-host") {
                said.push(name);
            }
            take_option(name, value, &place(span), severity, out);
        }
    }
}

/// Repositories that an image takes a dependency from.
fn check_installed(
    command: &Command,
    place: &dyn Fn(Span) -> Place,
    (severity, own): (Severity, &FxHashSet<String>),
    out: &mut ProjectReporter<'_>,
) {
    let Some(arguments) = pip_arguments(command) else { return };
    if arguments.first().is_none_or(|word| word.text != "install") {
        return;
    }
    for word in arguments.iter().filter(|word| !word.expands && word.text.contains("git+")) {
        let url = &word.text[word.text.find("git+").unwrap_or_default()..];
        let address = url.split('#').next().unwrap_or(url).trim_end_matches(".git");
        let name = address.rsplit('/').next().unwrap_or_default();
        let name = name.split(['@', '.']).next().unwrap_or(name);
        let source = source_of(url);
        if !matches!(&source, Source::Repository { pinned: true, .. })
            && let Some((message, severity)) =
                judge_source(name, &source, severity.min(Severity::Warning))
        {
            let place = place(word.span);
            let owner = super::owner_in(url);
            let is_own = owner.is_some_and(|it| own.contains(&it));
            let severity = if is_own { Severity::Info } else { severity };
            out.report(&place.path, Report::at(place.span).severity(severity).message(message));
        }
    }
}
