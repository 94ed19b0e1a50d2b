//! See `env-example-drift.toml`: what the code of a component reads, against what its example files name.

use std::collections::{BTreeMap, BTreeSet};

use roadworthy_engine::{ProjectReporter, Report};
use roadworthy_project::Facts;
use roadworthy_project::facts::environment::{
    Environment, Example, Read, is_injected, is_read_by_others,
};

pub(super) fn check(facts: &Facts<'_>, out: &mut ProjectReporter<'_>) {
    for environment in &facts.environment().components {
        let missing = missing(environment);
        let example_of = |read: &Read| environment.examples.iter().find(|it| governs(it, read));
        for read in missing.values() {
            let (name, place) = (&read.name.value, &read.name.place);
            let Some(example) = example_of(read) else { continue };
            let path = &example.name.place.path;
            let message = format!("{name} is required here, but {path} does not name it");
            out.report(&place.path, Report::at(place.span).message(message));
        }
        report_stale(environment, out);
    }
}

/// What is required and no example file names, by name, where it is required first. What has a default need not be named.
fn missing(environment: &Environment) -> BTreeMap<String, &Read> {
    let named: BTreeSet<String> =
        environment.examples.iter().map(|it| it.name.value.to_ascii_uppercase()).collect();
    let mut missing: BTreeMap<String, &Read> = BTreeMap::new();
    for read in environment.reads.iter().filter(|it| it.required) {
        let name = &read.name.value;
        let is_set = environment.set.iter().any(|it| it == name);
        // An example file speaks of what lies beside and below it.
        let governed = environment.examples.iter().any(|it| governs(it, read));
        if !governed || is_injected(name) || is_set || named.contains(&name.to_ascii_uppercase()) {
            continue;
        }
        missing.entry(name.clone()).or_insert(read);
    }
    missing
}

fn governs(example: &Example, read: &Read) -> bool {
    let folder = example.name.place.path.parent();
    folder.is_some_and(|it| read.name.place.path.starts_with(it))
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
            out.report(
                &place.path,
                Report::at(place.span).message(format!("nothing reads {name}")),
            );
        }
    }
}
