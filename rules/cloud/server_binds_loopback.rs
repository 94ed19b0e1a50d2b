//! See `server-binds-loopback.toml`: where servers in containers listen, as far as every source of the address is known.

use roadworthy_engine::{ProjectReporter, Report, Severity};
use roadworthy_project::facts::containers::processes::{Listening, Told};
use roadworthy_project::facts::containers::{Image, Origin, Process};
use roadworthy_project::facts::{Facts, Place};

use crate::shared::delivery::builds::is_commented_out;
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
        let image = process.image.and_then(|index| facts.containers().images.get(index));
        if process.origin == Origin::Dockerfile
            && (image.is_some_and(|image| is_commented_out(facts, image)) || runs_on_host(facts))
        {
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
        if image.is_some_and(|image| lacks_manager(facts, process, image)) {
            continue;
        }
        let place = process.place_of(facts, word);
        if known.contains(&place) {
            continue;
        }
        let message =
            format!("`{program}` in {} is not reached from outside: {because}", names(process));
        // Whoever starts an image of which nothing says that it is to be reached may give it the network of the host.
        let is_to_be_reached =
            process.origin != Origin::Dockerfile || image.is_none_or(is_to_be_reached);
        // What a variable or nobody says, something that is not seen may say otherwise.
        let says_itself = matches!(&told, Told::Argument(words) if !words.contains('('));
        let severity =
            if is_to_be_reached && says_itself { Severity::Warning } else { Severity::Info };
        out.report(&place.path, Report::at(place.span).severity(severity).message(message));
        known.push(place);
    }
}

/// Whether an image starts Django by a `manage.py` that does not lie where it is built: something else is called `runserver`.
fn lacks_manager(facts: &Facts<'_>, process: &Process, image: &Image) -> bool {
    const MANAGER: &str = "manage.py";
    let mut words = process.command.known().into_iter().flatten();
    words.any(|it| it.ends_with(MANAGER))
        && !facts.tree().below(&image.context).any(|it| it.file_name() == Some(MANAGER))
}

/// Whether an image says which port it opens, or Compose starts it.
fn is_to_be_reached(image: &Image) -> bool {
    !image.composed.is_empty() || image.shipped_instructions().any(|it| it.keyword == "EXPOSE")
}

/// Whether a guide starts a container in the network of the host, where the loopback is that of the machine.
fn runs_on_host(facts: &Facts<'_>) -> bool {
    facts.readme().instructions.iter().any(|it| {
        let words: Vec<&str> = it.command.texts().collect();
        words.iter().any(|it| matches!(*it, "--network=host" | "--net=host"))
            || words.windows(2).any(|it| matches!(it, ["--network" | "--net", "host"]))
    })
}
