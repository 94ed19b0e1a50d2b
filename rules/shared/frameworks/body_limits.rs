//! Whether something in front of a service, or in it, limits the size of a request's body. Knows configuration files by
//! their names and middleware by its words; not what a provider's gateway does unasked.

use camino::Utf8Path;
use roadworthy_engine::FileContext;
use roadworthy_project::{Facts, File, Role};

/// Words of configuration that limit a body.
const OF_SERVERS: [&str; 9] = [
    "client_max_body_size",
    "proxy-body-size",
    "max-body-size",
    "max_request_body_size",
    "request_body",
    "maxRequestBodyBytes",
    "max_bytes_per_request",
    "LimitRequestBody",
    "MAX_CONTENT_LENGTH",
];

/// Words of middleware that does.
const OF_PROGRAMS: [&str; 12] = [
    "ContentSizeLimit",
    "LimitUploadSize",
    "MaxBodySize",
    "RequestSizeLimit",
    "BodySizeLimit",
    "BodyLimit",
    "max_body_size",
    "max_request_size",
    "max_upload_size",
    "MAX_UPLOAD_SIZE",
    "MAX_CONTENT_LENGTH",
    "content-length",
];

/// How many files are read for an answer.
const MOST_FILES: usize = 60;

/// How many modules are.
const MOST_MODULES: usize = 1_500;

/// Whether a limit is to be seen in the file, in the modules that set the service up, or in a server's configuration.
pub(crate) fn is_limited(file: &FileContext<'_>) -> bool {
    says(file.source.text(), &OF_PROGRAMS)
        || file.in_facts().is_some_and(|(facts, known)| {
            in_configuration(facts)
                || in_set_up(facts)
                || facts.answer(known.component, "requests are limited".to_owned(), || {
                    in_middleware(facts)
                })
        })
}

/// Whether a module of the product adds a middleware that it gives a limit, or is one that reads how long a request says it is, and
/// refuses what is too long.
fn in_middleware(facts: &Facts<'_>) -> bool {
    let is_product = |file: &&File| {
        file.kind.is_python() && file.path_role.as_ref().is_none_or(|it| it.role != Role::Test)
    };
    let files = facts.project().files.iter().filter(is_product).take(MOST_MODULES);
    files.filter_map(|it| facts.source(it)).any(|it| adds_limit(it.text()) || refuses(it.text()))
}

/// `app.add_middleware(UploadLimit, max_bytes=MAX_BYTES)`
fn adds_limit(text: &str) -> bool {
    const LIMITS: [&str; 7] = [
        "max_bytes=",
        "max_size=",
        "max_content",
        "max_upload",
        "max_body",
        "max_request",
        "max_file_size=",
    ];
    text.match_indices(".add_middleware(").any(|(at, start)| {
        let behind = &text[at + start.len()..];
        let given = behind.split_once(')').map_or(behind, |(given, _)| given);
        LIMITS.iter().any(|it| given.contains(it))
    })
}

fn refuses(text: &str) -> bool {
    const REFUSALS: [&str; 3] = ["413", "REQUEST_ENTITY_TOO_LARGE", "CONTENT_TOO_LARGE"];
    const HEADERS: [&str; 3] = ["content-length", "Content-Length", "content_length"];
    const PLACES: [&str; 4] = ["Middleware", ".middleware(", "before_request", "def dispatch("];
    let says = |words: &[&str]| words.iter().any(|it| text.contains(it));
    says(&HEADERS) && says(&REFUSALS) && says(&PLACES)
}

fn in_configuration(facts: &Facts<'_>) -> bool {
    any_file(facts, is_of_server, &OF_SERVERS) || is_written_down(facts)
}

/// Whether a text of whatever ending is the configuration of a server of nginx that hands requests on, and limits them.
fn is_written_down(facts: &Facts<'_>) -> bool {
    const MARKS: [&str; 3] = ["server {", "proxy_pass", "client_max_body_size"];
    let mut files = facts.tree().files().filter(|it| may_be_written(it)).take(MOST_FILES);
    files.any(|path| {
        let document = facts.text(path).whole();
        document.is_some_and(|it| MARKS.iter().all(|mark| it.text().contains(mark)))
    })
}

/// Texts that somebody keeps beside the code: no code, no data.
fn may_be_written(path: &Utf8Path) -> bool {
    const ENDINGS: [&str; 9] =
        ["bak", "conf", "dist", "example", "md", "nginx", "sample", "sh", "txt"];
    let name = path.file_name().unwrap_or_default().to_ascii_lowercase();
    let is_list = name.contains("requirements") || name.contains("license");
    !is_list
        && (name.contains("nginx") && path.extension() != Some("py")
            || path.extension().is_none_or(|it| ENDINGS.contains(&it)))
}

fn in_set_up(facts: &Facts<'_>) -> bool {
    any_file(facts, sets_up, &OF_PROGRAMS)
}

fn any_file(facts: &Facts<'_>, wanted: fn(&Utf8Path) -> bool, words: &[&str]) -> bool {
    let files = facts.tree().files().filter(|path| wanted(path)).take(MOST_FILES);
    files.filter_map(|path| facts.text(path).whole()).any(|document| says(document.text(), words))
}

fn says(text: &str, words: &[&str]) -> bool {
    words.iter().any(|word| text.contains(word))
}

/// Configuration of web servers and ingresses.
fn is_of_server(path: &Utf8Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_ascii_lowercase();
    let configures =
        |end: &str| matches!(end, "conf" | "template" | "yaml" | "yml" | "tpl" | "j2" | "toml");
    name == "caddyfile"
        || path.extension() == Some("conf")
        || (["nginx", "ingress", "traefik", "caddy", "values"].iter().any(|it| name.contains(it))
            && path.extension().is_some_and(configures))
}

/// Modules that make the application, or what stands before its routes.
fn sets_up(path: &Utf8Path) -> bool {
    let name = path.file_name().unwrap_or_default();
    path.extension() == Some("py")
        && (matches!(name, "main.py" | "app.py" | "server.py" | "asgi.py" | "application.py")
            || name.contains("middleware"))
        || path.components().any(|part| part.as_str() == "middleware")
            && path.extension() == Some("py")
}
