//! See `env-example-drift.toml`: what the code of a component reads, against what its example files name.

use std::collections::{BTreeMap, BTreeSet};

use roadworthy_engine::{ProjectReporter, Report, Severity};
use roadworthy_project::Facts;
use roadworthy_project::facts::environment::{
    Environment, Example, Read, is_injected, is_read_by_others,
};

/// So many names are told of those that have a default.
const MOST_NAMES: usize = 5;

pub(super) fn check(facts: &Facts<'_>, out: &mut ProjectReporter<'_>) {
    for environment in &facts.environment().components {
        let missing = missing(environment);
        let example_of = |read: &Read| environment.examples.iter().find(|it| governs(it, read));
        for read in missing.values().filter(|it| it.required) {
            let (name, place) = (&read.name.value, &read.name.place);
            let Some(example) = example_of(read) else { continue };
            let path = &example.name.place.path;
            let message = format!("{name} is required here, but {path} does not name it");
            out.report(&place.path, Report::at(place.span).message(message));
        }
        let mut optional: BTreeMap<_, Vec<&str>> = BTreeMap::new();
        for (name, read) in missing.iter().filter(|(_, it)| !it.required) {
            if let Some(example) = example_of(read) {
                optional.entry(&example.name.place).or_default().push(name);
            }
        }
        for (place, names) in optional {
            let report = Report::at(place.span).severity(Severity::Info);
            out.report(&place.path, report.message(of_optional(&names)));
        }
        report_stale(environment, out);
    }
}

/// What no example file names, by name: where it is required first, else where it is read first.
fn missing(environment: &Environment) -> BTreeMap<String, &Read> {
    let named: BTreeSet<String> =
        environment.examples.iter().map(|it| it.name.value.to_ascii_uppercase()).collect();
    let mut missing: BTreeMap<String, &Read> = BTreeMap::new();
    for read in &environment.reads {
        let name = &read.name.value;
        let is_set = environment.set.iter().any(|it| it == name);
        // An example file speaks of what lies beside and below it.
        let governed = environment.examples.iter().any(|it| governs(it, read));
        if !governed || is_injected(name) || is_set || named.contains(&name.to_ascii_uppercase()) {
            continue;
        }
        let first = missing.entry(name.clone()).or_insert(read);
        if read.required && !first.required {
            *first = read;
        }
    }
    missing
}

fn governs(example: &Example, read: &Read) -> bool {
    let folder = example.name.place.path.parent();
    folder.is_some_and(|it| read.name.place.path.starts_with(it))
}

fn of_optional(names: &[&str]) -> String {
    let shown = names[..names.len().min(MOST_NAMES)].join(", ");
    match names.len() {
        1 => format!("{shown} is read as well, but not named here"),
        count if count <= MOST_NAMES => format!("{shown} are read as well, but not named here"),
        count => {
            format!("{shown} and {} more are read as well, but not named here", count - MOST_NAMES)
        }
    }
}

/// What an example file names and nobody reads, where all reads are known.
fn report_stale(environment: &Environment, out: &mut ProjectReporter<'_>) {
    if !environment.unknown.is_empty() {
        return;
    }
    let read: BTreeSet<String> = environment
        .reads
        .iter()
        .map(|it| &it.name.value)
        .chain(&environment.named_elsewhere)
        .map(|it| it.to_ascii_uppercase())
        .collect();
    let mut told: BTreeSet<(&str, &str)> = BTreeSet::new();
    for example in environment.examples.iter().filter(|it| !it.commented) {
        let (name, place) = (&example.name.value, &example.name.place);
        let is_read = read.contains(&name.to_ascii_uppercase())
            || is_read_by_others(name)
            || is_injected(name);
        let governs = environment.reads.iter().any(|it| governs(example, it));
        if governs && !is_read && told.insert((place.path.as_str(), name)) {
            let report = Report::at(place.span).severity(Severity::Info);
            out.report(&place.path, report.message(format!("nothing reads {name}")));
        }
    }
}
