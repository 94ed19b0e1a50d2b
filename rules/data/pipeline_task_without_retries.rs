//! See `pipeline-task-without-retries.toml`. Knows DAGs of Airflow and tasks of Prefect whose arguments stand in the file;
//! nothing of what a deployment or a configuration sets.

use std::sync::LazyLock;

use roadworthy_engine::{FileContext, Report, Reporter};
use roadworthy_parser::{Call, Definition, Span};
use serde::Deserialize;

use crate::shared::code::calls::{self, CallArgument};

pub(super) fn check(file: &FileContext<'_>, out: &mut Reporter<'_>) {
    let names = file.names();
    if names.imports_module("airflow") {
        airflow(file, out);
    }
    if names.imports_module("prefect") {
        prefect(file, out);
    }
}

#[derive(Deserialize)]
struct Table {
    dag: Vec<Names>,
    operator: Vec<Names>,
    network: Vec<Names>,
}

#[derive(Deserialize)]
struct Names {
    names: Vec<String>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    toml::from_str(include_str!("pipeline_task_without_retries/steps.toml"))
        .expect("a test reads the table")
});

fn any(rows: &[Names], is_it: impl Fn(&str) -> bool) -> bool {
    rows.iter().flat_map(|row| &row.names).any(|it| is_it(it))
}

fn asks_network(file: &FileContext<'_>, range: Span) -> bool {
    let calls = &file.outline.calls;
    let first = calls.partition_point(|it| it.name.start < range.start);
    calls[first..].iter().take_while(|it| it.name.start < range.end).any(|it| {
        any(&TABLE.operator, |name| file.slice(it.name) == name)
            || file
                .called(it)
                .is_some_and(|callee| any(&TABLE.network, |name| callee.starts_with(name)))
    })
}

fn airflow(file: &FileContext<'_>, out: &mut Reporter<'_>) {
    out.judged_if(|| asks_network(file, Span::new(0, u32::MAX)));
    let says_retries = file.source.text().contains("retries");
    if says_retries || !asks_network(file, Span::new(0, u32::MAX)) {
        return;
    }
    let dag = file.outline.calls.iter().find(|it| {
        calls::callee(file, it).is_some_and(|callee| any(&TABLE.dag, |name| callee == name))
    });
    let dag = dag.filter(|it| has_own_defaults(file, it) && runs_by_itself(file, it));
    let Some(dag) = dag else { return };
    out.report(
        Report::at(calls::span(dag))
            .message("no step of this pipeline is tried again, and some ask the network"),
    );
}

/// Whether a schedule starts the pipeline; who starts it by hand sees that it failed.
fn runs_by_itself(file: &FileContext<'_>, dag: &Call) -> bool {
    let by_hand = |it: &CallArgument<'_>| {
        matches!(it.keyword, Some("schedule" | "schedule_interval"))
            && matches!(it.value, "None" | "\"@once\"" | "'@once'")
    };
    !calls::arguments(file, dag).iter().any(by_hand)
}

/// Whether what all tasks are given stands in the file, or is nothing.
fn has_own_defaults(file: &FileContext<'_>, dag: &Call) -> bool {
    let arguments = calls::arguments(file, dag);
    if arguments.iter().any(|it| it.value.starts_with('*')) {
        return false;
    }
    let Some(given) = arguments.iter().find(|it| it.keyword == Some("default_args")) else {
        return true;
    };
    let value = match file.values().constant(given.value) {
        Some(value) => file.slice(value),
        None => given.value,
    };
    value.starts_with('{') && !value.contains("**")
}

fn prefect(file: &FileContext<'_>, out: &mut Reporter<'_>) {
    for function in file.outline.definitions.iter().filter(|it| it.is_function()) {
        let decorators = file.outline.decorators(function);
        let task = decorators.iter().copied().find(|&it| is_task(file, it));
        out.judged_if(|| task.is_some() && asks_network(file, function.body));
        let Some(task) =
            task.filter(|&it| !file.slice(it).contains("retries") && !file.slice(it).contains('*'))
        else {
            continue;
        };
        let others = decorators
            .iter()
            .any(|&it| file.slice(it).contains("retry") || file.slice(it).contains("backoff"));
        if others || !asks_network(file, function.body) || tries_itself(file, function) {
            continue;
        }
        let message =
            format!("`{}` asks the network and is not tried again", file.slice(function.name));
        out.report(Report::at(task).message(message));
    }
}

fn is_task(file: &FileContext<'_>, decorator: Span) -> bool {
    let text = file.slice(decorator);
    let name = text.split('(').next().unwrap_or_default().trim();
    file.names().resolve(name, decorator.start).is_some_and(|it| it.as_ref() == "prefect.task")
}

fn tries_itself(file: &FileContext<'_>, function: &Definition) -> bool {
    let text = file.slice(function.body);
    ["retry", "Retry", "attempt", "except"].iter().any(|it| text.contains(it))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_read() {
        assert!(any(&TABLE.dag, |it| it == "airflow.sdk.DAG"));
        assert!(any(&TABLE.operator, |it| it == "HttpOperator"));
        assert!(any(&TABLE.network, |it| it == "requests."));
    }
}
