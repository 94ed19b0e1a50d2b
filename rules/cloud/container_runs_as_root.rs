//! See `container-runs-as-root.toml`: who the user of a container is, from its Dockerfile, its base, what starts it and who
//! runs it. What somebody else's image does is not known.

#[path = "container_runs_as_root/development.rs"]
mod development;
#[path = "container_runs_as_root/given_up.rs"]
mod given_up;
#[path = "container_runs_as_root/platform.rs"]
mod platform;

use std::cell::OnceCell;

use camino::Utf8Path;
use roadworthy_engine::{ProjectReporter, Report, Severity};
use roadworthy_parser::Span;
use roadworthy_project::facts::containers::{
    BaseUser, ContainerModel, Image, Instruction, Origin, Process, Variables,
};
use roadworthy_project::facts::shell::{Command, commands};
use roadworthy_project::facts::value::Value;
use roadworthy_project::{Facts, resolved};

use crate::shared::delivery::builds::{is_built, is_commented_out, is_for_work, is_left_over};
use crate::shared::delivery::deployed::{
    Sandbox, has_service, is_behind_web_server, is_for_tests, is_kept_running, is_restarted,
    is_taken_out, sandbox, serves,
};
use crate::shared::delivery::gitignore::is_ignored_by_git;
use crate::shared::delivery::processes::is_tool;

use self::development::{
    has_production_beside, is_closed_off, says_development, serves_pages, starts_client,
    starts_development,
};
use self::given_up::{files, gives_up, is_script};
use self::platform::{is_given_user, is_privileged, runs_once};

/// What serves nobody: a shell or an interpreter for somebody who is there, and what ends at once.
const BY_HAND: [&str; 10] =
    ["sh", "bash", "ash", "zsh", "python", "python3", "ipython", "ls", "echo", "true"];

pub(super) fn check(facts: &Facts<'_>, out: &mut ProjectReporter<'_>) {
    let containers = facts.containers();
    let images = &containers.images;
    let (mut found, mut idle) = (Vec::new(), Vec::new());
    let platforms = OnceCell::new();
    for (index, image) in images.iter().enumerate() {
        if image.development.is_some()
            || is_action(facts, image)
            || runs_tests(image)
            || start(image).is_none() && !is_started(containers, index)
            || containers.not_root.iter().any(|manifest| manifest.may_hold_for(image, images))
        {
            continue;
        }
        let by_compose = image.run_as.iter().any(|user| !is_root(&user.value));
        let Some((span, message)) = root(image).filter(|_| !by_compose) else { continue };
        if gives_up(facts, image) {
            continue;
        }
        let is_cron = ends_in_cron(facts, image);
        let message = if is_cron {
            format!("{message}; cron has to be root: run its jobs as another user")
        } else {
            message
        };
        let is_weak = is_cron
            || is_passed_over(facts, index)
            || is_tool(facts, image)
            || is_for_hands(image) && !is_started(containers, index)
            || is_for_development(containers, index)
            || is_at_desks(containers, index)
            || starts_development(image)
            || says_development(containers, index)
            || serves_pages(image) && !is_started(containers, index) && !is_built(facts, index)
            || is_handed_out(facts, image)
            || has_production_beside(facts.tree(), image)
            || starts_client(facts, index)
            || is_closed_off(facts, index)
            || is_told_a_user(facts, image)
            || is_for_any_user(image)
            || is_dead(facts, image)
            || is_of_test_application(image)
            || is_for_work(facts, index)
            || is_job_of_build(image)
            || is_named_in_comment(facts, index)
            || is_deployed_otherwise(facts) && !is_built(facts, index)
            || runs_once(facts, index)
            || is_given_user(facts, image)
            || is_privileged(facts, image)
            || is_behind_web_server(facts, image)
            || is_left_over(facts, index)
            || is_for_tests(facts, index)
            || is_sandboxed(facts, index, *platforms.get_or_init(|| sandbox(facts)));
        if is_weak || commands_the_host(facts, image) {
            let report = Report::at(span).severity(Severity::Info).message(message);
            out.report(&image.path, report);
        } else if is_service(facts, index) {
            found.push((image, span, message));
        } else {
            idle.push((image, span, message));
        }
    }
    for (found, severity) in [(found, Severity::Warning), (idle, Severity::Info)] {
        // Many images of one project have it from one another.
        let others = found.len().saturating_sub(1);
        if let Some((image, span, message)) = found.into_iter().next() {
            let message = match others {
                0 => message,
                1 => format!("{message}; so it is in another image"),
                more => format!("{message}; so it is in {more} other images"),
            };
            out.report(&image.path, Report::at(span).severity(severity).message(message));
        }
    }
}

/// Whether an image evidently serves others and is deployed: it starts a server, and something that is seen takes it out.
fn is_service(facts: &Facts<'_>, index: usize) -> bool {
    serves(facts, index) && is_taken_out(facts, index)
}

/// Whether the platform that a project is deployed to keeps each container from the machine: Cloud Run, where nothing else keeps
/// the image running, and Spaces of Hugging Face; Fargate, where it serves nobody and ends.
fn is_sandboxed(facts: &Facts<'_>, index: usize, platforms: Sandbox) -> bool {
    let containers = facts.containers();
    let image = &containers.images[index];
    let is_elsewhere = is_restarted(facts, index)
        || !platforms.cloud_run && is_kept_running(facts, index)
        || processes(containers, index).any(|it| it.origin == Origin::Kubernetes);
    let listens = image.shipped_instructions().any(|it| it.keyword == "EXPOSE");
    !is_elsewhere
        && (platforms.cloud_run
            || platforms.spaces
            || platforms.fargate && !listens && !serves(facts, index))
}

/// Whether an image is built only by a service of Compose that is commented out. One at the top that is called `Dockerfile` is
/// found without being named.
fn is_named_in_comment(facts: &Facts<'_>, index: usize) -> bool {
    let image = &facts.containers().images[index];
    image.path.as_str() != "Dockerfile" && is_commented_out(facts, image) && !is_built(facts, index)
}

/// Whether all that an image starts is a script that builds something and ends, by its name: `build-css.bash`.
fn is_job_of_build(image: &Image) -> bool {
    let commands: Vec<Command> =
        start(image).unwrap_or_default().iter().flat_map(|it| it.commands()).collect();
    let listens = image.shipped_instructions().any(|it| it.keyword == "EXPOSE");
    let builds = |command: &Command| {
        let script =
            command.texts().find(|it| !matches!(*it, "sh" | "bash" | "/bin/sh" | "/bin/bash"));
        let name = script.and_then(|it| it.rsplit('/').next()).unwrap_or_default();
        let is_script = matches!(name.rsplit_once('.'), Some((_, "sh" | "bash")));
        is_script && matches!(name.split(['-', '_', '.']).next(), Some("build" | "compile"))
    };
    !listens && !commands.is_empty() && commands.iter().all(builds)
}

/// Whether whoever runs the image may choose any user, and its files are made ready for that: `chmod -R g=u`
/// (<https://www.redhat.com/en/blog/jupyter-on-openshift-part-6-running-as-an-assigned-user-id>).
fn is_for_any_user(image: &Image) -> bool {
    image.shipped_instructions().any(|it| {
        let text = &it.arguments.value;
        it.keyword == "RUN" && ["g=u", "g+rwX", "chgrp -R 0"].iter().any(|mode| text.contains(mode))
    })
}

/// Whether an image cannot be built any more: a manifest that it copies is nowhere in the project, and is none that tools write.
fn is_dead(facts: &Facts<'_>, image: &Image) -> bool {
    const MANIFESTS: [&str; 4] = ["pyproject.toml", "setup.py", "Pipfile", "package.json"];
    let tree = facts.tree();
    let copied = image
        .stages
        .iter()
        .flat_map(|it| &it.instructions)
        .filter(|it| it.flag("from").is_none())
        .filter_map(|it| it.copied.as_ref());
    let is_composed = !image.composed.is_empty();
    let is_plain = |path: &str| !path.contains(['$', '*', '?', '[']);
    let mut sources = copied.flat_map(|it| &it.sources).filter(|it| is_plain(&it.value));
    sources.any(|source| {
        let name = source.value.rsplit('/').next().unwrap_or_default();
        let is_there = |path: &Utf8Path| path.file_name() == Some(name);
        // Of whom Compose builds the context is known. What git ignores lies there all the same.
        let is_missing = || {
            is_composed
                && resolved(&image.context, source.value.trim_start_matches('/'))
                    .is_some_and(|it| !tree.is_file(&it) && !is_ignored_by_git(facts, &it))
        };
        MANIFESTS.contains(&name) && !tree.files().any(is_there)
            || (MANIFESTS.contains(&name) || name == "requirements.txt") && is_missing()
    })
}

/// Whether what runs is an application for the tests of a library: `WORKDIR /code/tests/app`.
fn is_of_test_application(image: &Image) -> bool {
    image.shipped_instructions().filter(|it| it.keyword == "WORKDIR").last().is_some_and(|it| {
        it.arguments.value.trim().split('/').any(|name| matches!(name, "tests" | "examples"))
    })
}

/// Whether whoever starts the image is told to say who the user is: `docker run --user`.
fn is_told_a_user(facts: &Facts<'_>, image: &Image) -> bool {
    let by_comment = facts.text(&image.path).whole().is_some_and(|document| {
        let mut lines = document.text().lines().map(str::trim_start);
        lines.any(|line| line.starts_with('#') && line.contains("--user"))
    });
    by_comment
        || facts.readme().instructions.iter().any(|it| {
            let words: Vec<&str> = it.command.texts().collect();
            words.starts_with(&["docker", "run"])
                && words.iter().any(|word| *word == "-u" || word.starts_with("--user"))
        })
}

/// Whether the last that an image starts is cron, by itself or by a script: that has to be root, and runs each job as whom its
/// table names.
fn ends_in_cron(facts: &Facts<'_>, image: &Image) -> bool {
    let is_cron = |commands: &[Command]| {
        commands.last().is_some_and(|it| {
            let mut words = it.texts().map(|it| it.rsplit('/').next().unwrap_or_default());
            words.find(|it| *it != "exec").is_some_and(|it| matches!(it, "cron" | "crond"))
        })
    };
    let started = start(image).unwrap_or_default();
    let programs: Vec<Command> = started.iter().flat_map(|it| it.commands()).collect();
    let mut scripts = programs.iter().flat_map(Command::texts).filter(|word| is_script(word));
    is_cron(&programs)
        || scripts.any(|script| {
            let name = script.rsplit('/').next().unwrap_or_default();
            let files = files(facts.tree(), image, name);
            let mut texts = files.iter().filter_map(|path| facts.text(path).whole());
            texts.any(|it| is_cron(&commands(it.text())))
        })
}

/// Whether nothing names a Dockerfile with a name of its own, and another one beside it is built by Compose or a pipeline.
fn is_passed_over(facts: &Facts<'_>, index: usize) -> bool {
    let containers = facts.containers();
    let image = &containers.images[index];
    let name = image.path.file_name().unwrap_or_default();
    let is_used = |index: usize| {
        is_built(facts, index)
            || processes(containers, index).any(|it| it.origin != Origin::Dockerfile)
    };
    let is_told = || {
        let by_guide = facts
            .readme()
            .instructions
            .iter()
            .any(|it| it.command.texts().any(|word| word.rsplit('/').next() == Some(name)));
        let mut scripts = facts.tree().files().filter(|it| {
            matches!(it.extension(), Some("sh" | "yml" | "yaml" | "toml" | "bat"))
                || it.file_name().is_some_and(|it| matches!(it, "Makefile" | "justfile"))
        });
        by_guide
            || scripts.any(|it| facts.text(it).whole().is_some_and(|it| it.text().contains(name)))
    };
    let mut others = containers
        .images
        .iter()
        .enumerate()
        .filter(|(other, it)| *other != index && it.path.parent() == image.path.parent());
    name != "Dockerfile" && others.any(|(other, _)| is_used(other)) && !is_used(index) && !is_told()
}

/// Whether build packs make what is deployed.
fn is_deployed_otherwise(facts: &Facts<'_>) -> bool {
    let names = ["Procfile", "manifest.yml", "project.toml", ".copilot/config.yml"];
    names.iter().any(|name| facts.tree().is_file(Utf8Path::new(name)))
}

/// Whether a service of an image is handed the socket of Docker, devices, or the processes of others: whoever has that is
/// root anyway.
fn commands_the_host(facts: &Facts<'_>, image: &Image) -> bool {
    let name = image.path.file_name().unwrap_or_default();
    let is_plain = name.eq_ignore_ascii_case("Dockerfile");
    let text = facts.text(&image.path).whole();
    let by_itself = text.is_some_and(|it| it.text().contains("docker.sock"));
    let mut files = facts.tree().files().filter(|path| {
        let file = path.file_name().unwrap_or_default();
        file.contains("compose") && matches!(path.extension(), Some("yml" | "yaml"))
    });
    by_itself
        || files.any(|path| {
            // Others are for those who work on it, or for its tests.
            let is_main = path.file_stem().is_some_and(|it| it.ends_with("compose"));
            let is_beside = is_main && path.parent() == image.path.parent();
            (!is_plain || is_beside)
                && facts
                    .text(path)
                    .whole()
                    .is_some_and(|it| service_with(it.text(), name, is_plain))
        })
        || is_handed_socket(facts, image)
}

/// Whether any service of Compose that builds an image, by where its Dockerfile lies, mounts the socket of Docker.
fn is_handed_socket(facts: &Facts<'_>, image: &Image) -> bool {
    let mounts = |service: &Value| {
        service.get("volumes").into_iter().flat_map(Value::items).any(|it| {
            let source = it.text().or_else(|| it.get("source")?.text());
            source.is_some_and(|it| it.contains("docker.sock"))
        })
    };
    has_service(facts, image, &image.composed, mounts)
}

/// Whether one service of a Compose file names a Dockerfile and mounts the socket.
fn service_with(text: &str, dockerfile: &str, is_plain: bool) -> bool {
    let is_head = |line: &str| {
        line.starts_with("  ")
            && !line[2..].starts_with([' ', '#', '-'])
            && line.trim_end().ends_with(':')
    };
    let mut services: Vec<String> = vec![String::new()];
    for line in text.lines() {
        if is_head(line) {
            services.push(String::new());
        }
        if let Some(last) = services.last_mut() {
            last.push_str(line);
            last.push('\n');
        }
    }
    // The one beside the file needs no name.
    let names = |service: &str| {
        if is_plain {
            let mut lines = service.lines().map(str::trim);
            lines.any(|it| matches!(it, "build: ." | "build: ./" | "context: ." | "context: ./"))
                && service
                    .lines()
                    .filter_map(|it| it.trim().strip_prefix("dockerfile:"))
                    .all(|it| it.trim() == dockerfile)
        } else {
            service.contains(dockerfile)
        }
    };
    let rights = ["docker.sock", "devices:", "privileged: true", "pid:"];
    services.iter().any(|it| names(it) && rights.iter().any(|right| it.contains(right)))
}

/// Whether a service starts an image with another command than its own. One that holds no code of the project has it mounted,
/// by those who work on it.
fn is_started(containers: &ContainerModel, index: usize) -> bool {
    let has_code = containers.images[index].shipped_instructions().any(|it| it.copied.is_some());
    let mut services = processes(containers, index).filter(|it| it.origin != Origin::Dockerfile);
    services.any(|it| has_code || it.development.is_none())
}

/// Whether an image is data of a package, from which its users make their own.
fn is_handed_out(facts: &Facts<'_>, image: &Image) -> bool {
    const FOLDERS: [&str; 6] =
        ["data", "deployment", "resources", "scaffold", "template", "templates"];
    let mut folders = image.path.ancestors().skip(1);
    folders.any(|folder| {
        let is_data = folder.file_name().is_some_and(|it| FOLDERS.contains(&it));
        is_data
            && folder.ancestors().skip(1).any(|it| facts.tree().is_file(&it.join("__init__.py")))
    })
}

/// Whether all that starts an image is for those who work on it.
fn is_for_development(containers: &ContainerModel, index: usize) -> bool {
    let mut all = processes(containers, index).peekable();
    all.peek().is_some() && all.all(|it| it.development.is_some())
}

/// Whether what an image starts is a server for development, and Compose mounts over it the code that somebody writes.
fn is_at_desks(containers: &ContainerModel, index: usize) -> bool {
    processes(containers, index)
        .any(|it| it.worked_on.is_some() && it.development_server().is_some())
}

fn processes(containers: &ContainerModel, index: usize) -> impl Iterator<Item = &Process> {
    containers.processes.iter().filter(move |it| it.image == Some(index))
}

/// Whether what an image starts, or the last of it, is a run of tests: `pytest`, `python -m unittest`, `uv run tox`.
fn runs_tests(image: &Image) -> bool {
    const RUNNERS: [&str; 5] = ["nox", "py.test", "pytest", "tox", "unittest"];
    let commands: Vec<Command> =
        start(image).unwrap_or_default().iter().flat_map(|it| it.commands()).collect();
    let is_end = |command: &&Command| {
        !matches!(command.program().unwrap_or_default(), "done" | "echo" | "exit" | "fi" | "true")
    };
    commands.iter().rev().find(is_end).is_some_and(|command| {
        let words: Vec<&str> = command.texts().collect();
        let name = |word: &str| word.rsplit('/').next().unwrap_or_default().to_owned();
        let is_runner = |word: &&str| RUNNERS.contains(&name(word).as_str());
        let first = words.first().map(|it| name(it)).unwrap_or_default();
        let by_script = matches!(first.as_str(), "make" | "npm" | "npx" | "pnpm" | "yarn")
            && words.contains(&"test");
        by_script
            || words.first().is_some_and(is_runner)
            || words.windows(2).any(|it| it[0].ends_with("manage.py") && it[1] == "test")
            || words.windows(2).any(|it| matches!(it[0], "-m" | "run") && is_runner(&it[1]))
    })
}

/// Whether an image starts nothing but a shell, or what ends at once.
fn is_for_hands(image: &Image) -> bool {
    let commands: Vec<Command> =
        start(image).unwrap_or_default().iter().flat_map(|it| it.commands()).collect();
    let by_hand = |command: &Command| {
        let program = command.program().unwrap_or_default();
        let name = program.rsplit('/').next().unwrap_or_default();
        let is_over = matches!(name, "ls" | "echo" | "true");
        let asks = command.texts().last().is_some_and(|it| it == "--help");
        BY_HAND.contains(&name) && (is_over || asks || command.words.len() == 1)
    };
    !commands.is_empty() && commands.iter().all(by_hand)
}

/// Whether the user at the end of a Dockerfile is root: the place that says so, and how.
fn root(image: &Image) -> Option<(Span, String)> {
    let mut lineage = image.lineage(image.stages.len().checked_sub(1)?);
    let first = lineage.first().copied()?;
    lineage.reverse();
    for index in lineage {
        let stage = &image.stages[index];
        let Some(user) = stage.instructions.iter().rev().find(|it| it.keyword == "USER") else {
            continue;
        };
        let name = Variables::of_stage(stage).expand(user.arguments.value.trim());
        let root = name.known().is_some_and(|name| is_root(name));
        return root
            .then(|| (user.span, "the last user that the image switches to is root".to_owned()));
    }
    let base = &image.stages[first].base;
    let name = base.image.known()?;
    let base = &name.repository;
    let message =
        format!("no `USER` is set, so the container runs as root, as its base image `{base}` does");
    let last = image.last_stage()?;
    (name.user()? == BaseUser::Root).then_some((last.base.written.place.span, message))
}

fn is_root(user: &str) -> bool {
    let name = user.trim_matches(['"', '\'']).split(':').next().unwrap_or_default();
    matches!(name, "root" | "0")
}

/// Actions of GitHub have to be root: <https://docs.github.com/en/actions/reference/workflows-and-actions/dockerfile-support>.
fn is_action(facts: &Facts<'_>, image: &Image) -> bool {
    let folder = image.path.parent().unwrap_or(Utf8Path::new(""));
    if matches!(folder.file_name(), Some("action" | "github-action")) || reads_runner(facts, image)
    {
        return true;
    }
    ["action.yml", "action.yaml"].iter().any(|name| {
        let document = facts.text(&folder.join(name)).whole();
        document.is_some_and(|document| {
            document.text().contains("using: docker") || document.text().contains("image:")
        })
    })
}

/// Whether what is started reads what only a runner of GitHub sets.
fn reads_runner(facts: &Facts<'_>, image: &Image) -> bool {
    const SET: [&str; 5] =
        ["GITHUB_WORKSPACE", "GITHUB_ACTION", "GITHUB_OUTPUT", "GITHUB_EVENT_PATH", "INPUT_"];
    let started = start(image).unwrap_or_default();
    let commands: Vec<Command> = started.iter().flat_map(|it| it.commands()).collect();
    let words = commands.iter().flat_map(Command::texts);
    let mut names = words.filter_map(|word| word.rsplit('/').next()).filter(|name| {
        let ending = name.rsplit_once('.').map(|(_, ending)| ending);
        matches!(ending, Some("sh" | "py")) || name.contains("entrypoint")
    });
    names.any(|name| {
        files(facts.tree(), image, name).iter().filter_map(|path| facts.text(path).whole()).any(
            |document| {
                let set = |word: &&str| {
                    document.text().match_indices(word).any(|(at, _)| {
                        !document.text()[..at]
                            .ends_with(|it: char| it.is_alphanumeric() || it == '_')
                    })
                };
                SET.iter().any(set)
            },
        )
    })
}

/// What the container starts: its entry point and its command, of which the last count.
fn start(image: &Image) -> Option<Vec<&Instruction>> {
    let mut found: Vec<&Instruction> = Vec::new();
    for instruction in image.shipped_instructions() {
        if matches!(instruction.keyword.as_str(), "ENTRYPOINT" | "CMD") {
            found.retain(|other| other.keyword != instruction.keyword);
            found.push(instruction);
        }
    }
    (!found.is_empty()).then_some(found)
}
