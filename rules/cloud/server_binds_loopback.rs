//! See `server-binds-loopback.toml`: where servers in containers listen, as far as every source of the address is known.

use roadworthy_engine::{ProjectReporter, Report};
use roadworthy_project::facts::containers::Origin;
use roadworthy_project::facts::containers::processes::{Listening, Told};
use roadworthy_project::facts::{Facts, Place};

use crate::shared::delivery::processes::{is_overridden, names};

pub(super) fn check(facts: &Facts<'_>, out: &mut ProjectReporter<'_>) {
    let processes = &facts.containers().processes;
    let mut known: Vec<Place> = Vec::new();
    for process in processes {
        let in_container =
            matches!(process.origin, Origin::Dockerfile | Origin::Compose | Origin::Kubernetes);
        let meant = process.development.is_none() && !process.shares_network;
        if !in_container || !meant || is_overridden(process, processes) {
            continue;
        }
        let (told, program) = match (process.listening(facts), process.listening_call(facts)) {
            (Listening::Loopback(told), _) => {
                (told, process.invocation().map(|it| it.program.to_owned()))
            }
            (_, Listening::Loopback(told)) => (told, process.target().map(|it| it.written)),
            _ => continue,
        };
        let Some(program) = program.as_deref() else { continue };
        let (word, because) = match &told {
            // The words of a call stand in the script.
            Told::Argument(words) if words.contains('(') => (program, format!("`{words}` says so")),
            Told::Argument(words) => {
                (words.rsplit(' ').next().unwrap_or_default(), format!("`{words}` says so"))
            }
            Told::Variable(name, value) => (program, format!("{name} is `{value}`")),
            Told::Nobody(default) => {
                (program, format!("{default} is its default, and nothing says otherwise"))
            }
        };
        let place = process.place_of(facts, word);
        if known.contains(&place) {
            continue;
        }
        let message =
            format!("`{program}` in {} is not reached from outside: {because}", names(process));
        out.report(&place.path, Report::at(place.span).message(message));
        known.push(place);
    }
}
