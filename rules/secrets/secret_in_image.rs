//! See `secret-in-image.toml`: what a Dockerfile leaves in the layers or in the history of an image.

use camino::Utf8Path;
use roadworthy_engine::{FileContext, Report, Reporter, Severity};
use roadworthy_parser::Span;
use roadworthy_project::{FileKind, resolved};
use roadworthy_secrets::{Confidence, DocumentKind, Kind, Secret, name_class, scan_document};

use crate::shared::delivery::dockerfile::{Dockerfile, Instruction};
use crate::shared::delivery::supplied::reads_no_secret;
use crate::shared::secrets::circumstances::is_of_deployment;
use crate::shared::secrets::documents::{
    is_called_localhost, is_made_by_each, is_public, is_public_name, key_before,
};
use crate::shared::secrets::guards;
use crate::shared::secrets::hosts::opens_elsewhere;
use crate::shared::secrets::literals::shown;

/// For each build argument the rest of the file is read: nobody writes more, and time must not grow with the square.
const MOST_ARGUMENTS: usize = 100;

pub(super) fn check(file: &FileContext<'_>, out: &mut Reporter<'_>) {
    if file.kind != FileKind::Dockerfile {
        return;
    }
    let docker = Dockerfile::read(file.source.text());
    check_values(file, &docker, out);
    let mut arguments = 0;
    let mut told = false;
    for instruction in &docker.instructions {
        match instruction.name.as_str() {
            "COPY" | "ADD" => check_copy(file, &docker, instruction, out),
            "ARG" if arguments < MOST_ARGUMENTS => {
                arguments += 1;
                check_argument(file, &docker, instruction, &mut told, out);
            }
            _ => {}
        }
    }
}

/// Values that are written into the file.
fn check_values(file: &FileContext<'_>, docker: &Dockerfile<'_>, out: &mut Reporter<'_>) {
    let text = file.source.text();
    for secret in scan_document(text, DocumentKind::Dockerfile) {
        let Some(instruction) = docker.at(secret.span.start) else { continue };
        let quiet = secret.confidence < Confidence::Medium || is_public(text, &secret);
        if (quiet || is_for_assets(instruction, &secret)) && !file.pedantic() {
            continue;
        }
        let span = Span::new(secret.span.start as u32, secret.span.end as u32);
        let name = match secret.kind {
            Kind::NamedValue(_) => key_before(text, secret.span.start)
                .map_or("a secret".to_owned(), |name| shown(name, file.slice(span))),
            kind => format!("a {}", kind.phrase()),
        };
        let place = match instruction.name.as_str() {
            "ENV" => "in the environment of the image",
            "ARG" => "as the default of a build argument",
            "LABEL" => "in a label of the image",
            _ => "in a command of the build, which the history of the image shows",
        };
        // Layers of other stages are kept by the builder's cache only.
        let shipped = docker.is_shipped(instruction.stage);
        // Only a provider's own form says for sure that a value opens something.
        let certain =
            matches!(secret.kind, Kind::ProviderFormat(_)) && secret.confidence == Confidence::High;
        // Of all else it is known where the host of what it opens is seen.
        let of_provider = matches!(secret.kind, Kind::ProviderFormat(_));
        let severity = if shipped && certain {
            Severity::Error
        } else if of_provider || file.pedantic() || opens_elsewhere(text, &secret) {
            Severity::Warning
        } else {
            Severity::Info
        };
        let message = format!("{name} is written {place}");
        out.report(Report::at(span).severity(severity).message(message));
    }
}

/// Whether the folder that a path begins with is one for work on the project: `slurm-dev-environment/key.pem`.
fn says_development(path: &str) -> bool {
    const WORDS: [&str; 5] = ["dev", "devel", "development", "mock", "test"];
    path.rsplit_once('/').is_some_and(|(folders, _)| {
        folders.split(['/', '-', '_', '.']).any(|it| WORDS.contains(&it))
    })
}

/// Whether a command only needs some value in order to start: Django asks for its key where it gathers its assets.
fn is_for_assets(instruction: &Instruction<'_>, secret: &Secret) -> bool {
    let command = instruction.arguments;
    instruction.name == "RUN"
        && matches!(secret.kind, Kind::NamedValue(_))
        && ["collectstatic", "compilemessages", "assets:precompile", "compress"]
            .iter()
            .any(|it| command.contains(it))
}

/// Files with secrets that are copied into a layer.
fn check_copy(
    file: &FileContext<'_>,
    docker: &Dockerfile<'_>,
    instruction: &Instruction<'_>,
    out: &mut Reporter<'_>,
) {
    let words = words(instruction);
    let from_stage = words.iter().any(|(_, word)| word.starts_with("--from"));
    if !docker.is_shipped(instruction.stage) || from_stage || instruction.arguments.contains("<<") {
        return;
    }
    let files: Vec<_> = words.iter().filter(|(_, word)| !word.starts_with("--")).collect();
    // The last is where they go to.
    let Some((_, sources)) = files.split_last() else { return };
    for &&(at, source) in sources {
        if let Some((what, severity)) = secret_source(source) {
            let known =
                (is_of_registry(source) || is_public_key(file, source)) && is_in_tree(file, source);
            if (known || is_of_pages(file, source)) && !file.pedantic() {
                continue;
            }
            // An image for those who work on the project stays with them.
            let local = guards::is_local_document(file)
                || is_for_this_machine(file, source)
                || is_harmless(file, source)
                || is_of_nobody(file, docker, source)
                || says_development(source);
            let severity = if local { Severity::Info } else { severity };
            let span = Span::new(at as u32, (at + source.len()) as u32);
            let message = format!("{what} is copied into the image");
            out.report(Report::at(span).severity(severity).message(message));
        }
    }
}

/// Whether a key that is copied is for the machine that the image is built on: by its name, or as each makes his own.
fn is_for_this_machine(file: &FileContext<'_>, source: &str) -> bool {
    is_called_localhost(Utf8Path::new(source))
        || file.in_facts().is_some_and(|(facts, known)| {
            let beside = known.path.parent().unwrap_or(Utf8Path::new("")).join(source);
            is_made_by_each(facts, &beside) || is_made_by_each(facts, Utf8Path::new(source))
        })
}

/// Whether the file that is copied is one of the project, so that whatever it holds is judged there.
fn is_in_tree(file: &FileContext<'_>, source: &str) -> bool {
    file.in_facts().is_some_and(|(facts, known)| {
        let beside = known.path.parent().unwrap_or(Utf8Path::new("")).join(source);
        facts.tree().is_file(&beside) || facts.tree().is_file(Utf8Path::new(source))
    })
}

/// Whether an environment that is copied is one of the project, in which no value looks like a secret.
fn is_harmless(file: &FileContext<'_>, source: &str) -> bool {
    let name = source.rsplit('/').next().unwrap_or_default();
    name.starts_with(".env")
        && file.in_facts().is_some_and(|(facts, known)| {
            let beside = known.path.parent().unwrap_or(Utf8Path::new("")).join(source);
            let mut places = [beside.as_path(), Utf8Path::new(source)].into_iter();
            places.find_map(|it| facts.text(it).whole()).is_some_and(|document| {
                let secrets = scan_document(document.text(), DocumentKind::Env);
                secrets.iter().all(|it| it.confidence < Confidence::Medium)
            })
        })
}

/// Whether an environment that is copied is one that git leaves out and nobody has, and the programs that are copied read no name of
/// it that sounds like a secret.
fn is_of_nobody(file: &FileContext<'_>, docker: &Dockerfile<'_>, source: &str) -> bool {
    let name = source.rsplit('/').next().unwrap_or_default();
    name.starts_with(".env")
        && file.in_facts().is_some_and(|(facts, known)| {
            let folder = known.path.parent().unwrap_or(Utf8Path::new(""));
            let steps =
                docker.instructions.iter().filter(|it| matches!(it.name.as_str(), "ADD" | "COPY"));
            let copied: Vec<_> = steps
                .flat_map(|it| {
                    // The last is where they go to.
                    let mut words = words(it);
                    words.pop();
                    words
                })
                .filter(|(_, word)| !word.starts_with("--"))
                .filter_map(|(_, word)| resolved(folder, word))
                .collect();
            reads_no_secret(facts, &copied, &folder.join(source))
        })
}

/// Whether an environment that is copied is that of pages which browsers load: its folder is a front end, and every name in its
/// samples is one of those that the build puts into the pages (<https://vite.dev/guide/env-and-mode>).
fn is_of_pages(file: &FileContext<'_>, source: &str) -> bool {
    const PUBLIC: [&str; 4] = ["NEXT_PUBLIC_", "NUXT_PUBLIC_", "REACT_APP_", "VITE_"];
    const SAMPLES: [&str; 4] = [".env.example", ".env.sample", ".env.template", ".env.dist"];
    let name = source.rsplit('/').next().unwrap_or_default();
    let Some((facts, known)) = file.in_facts().filter(|_| name.starts_with(".env")) else {
        return false;
    };
    let text_of = |path: &Utf8Path| facts.text(path).whole().map(|it| it.text().to_owned());
    let around = known.path.parent().unwrap_or(Utf8Path::new(""));
    [around.join(source), Utf8Path::new(source).to_owned()].into_iter().any(|path| {
        let folder = path.parent().unwrap_or(Utf8Path::new(""));
        let serves = ["vite.config.js", "vite.config.mjs", "vite.config.ts"]
            .iter()
            .any(|it| facts.tree().is_file(&folder.join(it)))
            || text_of(&folder.join("package.json")).is_some_and(|it| {
                ["\"vite\"", "\"next\"", "\"react-scripts\""].iter().any(|name| it.contains(name))
            });
        let mut samples = SAMPLES
            .iter()
            .map(|it| folder.join(it))
            .chain([path.clone()])
            .filter_map(|it| text_of(&it));
        let names = samples.by_ref().flat_map(|it| {
            let lines = it.lines().map(str::trim).filter(|it| !it.starts_with('#'));
            let names = lines.filter_map(|it| Some(it.split_once('=')?.0.trim().to_owned()));
            names.collect::<Vec<_>>()
        });
        let mut names = names.peekable();
        serves
            && names.peek().is_some()
            && names.all(|it| PUBLIC.iter().any(|public| it.starts_with(public)))
    })
}

/// Whether a file of the project that is called a key holds one that others check signatures by.
fn is_public_key(file: &FileContext<'_>, source: &str) -> bool {
    Utf8Path::new(source).extension() == Some("key")
        && file.in_facts().is_some_and(|(facts, known)| {
            let beside = known.path.parent().unwrap_or(Utf8Path::new("")).join(source);
            let mut places = [beside.as_path(), Utf8Path::new(source)].into_iter();
            places
                .find_map(|it| facts.text(it).whole())
                .is_some_and(|it| it.text().contains("PUBLIC KEY"))
        })
}

/// Whether a file names the registry of packages, which most do without a log-in.
fn is_of_registry(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
    matches!(name.as_str(), ".npmrc" | ".yarnrc")
}

/// What a file is called that is copied, where it is one with secrets.
fn secret_source(path: &str) -> Option<(&'static str, Severity)> {
    let mut parts = path.trim_end_matches('/').split('/').rev();
    let name = parts.next()?.to_ascii_lowercase();
    let around = parts.next().unwrap_or_default();
    let sample = ["example", "sample", "template", "dist", "default", "test"];
    if name.split(['.', '-', '_']).any(|word| sample.contains(&word)) {
        return None;
    }
    let found = match name.as_str() {
        ".env" => ("the file of an environment", Severity::Warning),
        // Others are as often what tells environments apart, and no secrets.
        _ if name.starts_with(".env.") => {
            let is_live = is_of_deployment(Utf8Path::new(&name));
            let severity = if is_live { Severity::Warning } else { Severity::Info };
            ("the file of an environment", severity)
        }
        "id_rsa" | "id_dsa" | "id_ecdsa" | "id_ed25519" => ("a private key", Severity::Warning),
        ".netrc" | ".pypirc" | ".git-credentials" => ("a file with log-ins", Severity::Warning),
        _ if is_of_registry(&name) => ("a file that may hold log-ins", Severity::Info),
        ".aws" | ".ssh" | ".gnupg" | ".kube" | ".azure" => {
            ("a folder of log-ins", Severity::Warning)
        }
        "credentials" if around == ".aws" => ("a file with log-ins", Severity::Warning),
        "config.json" if around == ".docker" => ("a file with log-ins", Severity::Warning),
        _ => match name.rsplit_once('.')?.1 {
            // By its ending alone it may be that of a certificate which each makes for his own machine.
            "key" | "ppk" => {
                let is_private = name.contains("private");
                ("a private key", if is_private { Severity::Warning } else { Severity::Info })
            }
            "p12" | "pfx" | "kdbx" => ("a store of keys", Severity::Warning),
            "json" if names_account(&name) => ("the key of a service account", Severity::Warning),
            _ => return None,
        },
    };
    Some(found)
}

fn names_account(name: &str) -> bool {
    let name = name.replace(['-', '_'], "");
    name.contains("serviceaccount") || name.starts_with("credentials")
}

/// A build argument that is a secret: its value stands in the history of every command that comes after it.
fn check_argument(
    file: &FileContext<'_>,
    docker: &Dockerfile<'_>,
    argument: &Instruction<'_>,
    told: &mut bool,
    out: &mut Reporter<'_>,
) {
    for (at, word) in words(argument).into_iter().take(MOST_ARGUMENTS) {
        let (name, value) = word.split_once('=').unwrap_or((word, ""));
        // Of a value the check of values speaks.
        let empty = value.trim_matches(['"', '\'']).is_empty();
        if name_class(name).is_none() || !empty || is_public_name(name) {
            continue;
        }
        let behind = docker
            .instructions
            .iter()
            .filter(|other| other.stage == argument.stage && other.span.start > argument.span.end);
        let mut users = behind.filter(|other| uses(other.arguments, name));
        let user = users.find(|other| {
            // What a command reads from a mount has the same name, and leaves no trace.
            let mounted = other.arguments.contains("--mount=type=secret");
            other.name == "ENV" || other.name == "RUN" && !mounted
        });
        let Some(user) = user else { continue };
        let shipped = docker.is_shipped(argument.stage);
        let (message, severity) = match (user.name.as_str(), shipped) {
            ("ENV", true) => (
                format!(
                    "build argument {} is kept in the environment of the image",
                    shown(name, "")
                ),
                Severity::Warning,
            ),
            // It may be a token that is void when the build ends, or the password of a database that is made for work.
            (_, true) => (
                format!(
                    "build argument {} is used by a command, whose history shows it",
                    shown(name, "")
                ),
                Severity::Info,
            ),
            (_, false) => (
                format!(
                    "build argument {} is used by a command, which the builder keeps",
                    shown(name, "")
                ),
                Severity::Info,
            ),
        };
        // One is enough to say how it is done, and an argument that nothing hands over stays empty.
        let harmless = || *told || !is_passed(file, name) || guards::is_local_document(file);
        let mild = severity > Severity::Info && !file.pedantic() && harmless();
        let severity = if mild { Severity::Info } else { severity };
        *told |= severity > Severity::Info;
        let span = Span::new(at as u32, (at + name.len()) as u32);
        out.report(Report::at(span).severity(severity).message(message));
    }
}

/// Whether a pipeline, a Compose file, a script or a guide hands a build argument over. By itself a Dockerfile says nothing
/// of that: then it may be.
fn is_passed(file: &FileContext<'_>, name: &str) -> bool {
    let Some((facts, known)) = file.in_facts() else { return true };
    let mut others = facts.tree().files().filter(|path| {
        let file = path.file_name().unwrap_or_default();
        let kind = matches!(
            path.extension(),
            Some("yml" | "yaml" | "sh" | "md" | "toml" | "json" | "hcl")
        );
        *path != known.path && (kind || file == "Makefile" || file == "justfile")
    });
    others.any(|path| {
        facts.text(path).whole().is_some_and(|document| {
            let text = document.text();
            let by_option = text.match_indices("build-arg").any(|(at, option)| {
                text[at + option.len()..]
                    .trim_start_matches(['=', ' ', '"', '\'', 's', ':'])
                    .starts_with(name)
            });
            let by_list = text.contains("args:")
                && text.lines().any(|line| {
                    let key = line.trim_start().trim_start_matches("- ");
                    key.strip_prefix(name)
                        .is_some_and(|it| it.is_empty() || it.starts_with([':', '=']))
                });
            by_option || by_list
        })
    })
}

/// Whether a text expands a variable; `${NAME:+yes}` only asks whether there is one.
fn uses(text: &str, name: &str) -> bool {
    text.match_indices(name).any(|(at, _)| {
        let (before, behind) = (&text[..at], &text[at + name.len()..]);
        let ends = !behind.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
        let asks = behind.starts_with(":+") || behind.starts_with('+');
        ends && (before.ends_with("${") && !asks || before.ends_with('$'))
    })
}

/// The words of an instruction, each with its place in the file; those of a list in JSON are taken out of it.
fn words<'t>(instruction: &Instruction<'t>) -> Vec<(usize, &'t str)> {
    let text = instruction.arguments;
    let is_between =
        |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '[' | ']' | ',' | '\\');
    let mut words = Vec::new();
    let mut at = 0;
    for word in text.split(is_between) {
        if !word.is_empty() {
            words.push((instruction.span.start + at, word));
        }
        at += word.len() + text[at + word.len()..].chars().next().map_or(0, char::len_utf8);
    }
    words
}
