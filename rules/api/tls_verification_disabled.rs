//! See `tls-verification-disabled.toml`. Knows the switches of clients (`tls_verification_disabled/switches.toml`) and contexts of the standard
//! library; not where a host lies that is no literal.

use std::sync::LazyLock;

use roadworthy_engine::{Edit, FileContext, Fix, Report, Reporter, Severity};
use roadworthy_parser::{Call, Keyword, Span};
use serde::Deserialize;

use crate::shared::code::arguments::{argument_at, at, call_around, dotted_around, is_below};
use crate::shared::code::developing::is_of_developers;
use crate::shared::code::words::{last_part, words};
use crate::shared::code::{blocks, calls, choice, named};

pub(super) fn check(file: &FileContext<'_>, out: &mut Reporter<'_>) {
    for (offset, trigger) in out.candidates() {
        let found = match trigger.text {
            "_create_unverified_context" => of_standard_library(file, offset),
            name => of_argument(file, offset, name).or_else(|| of_attribute(file, offset, name)),
        };
        out.judged_if(|| found.is_some() || argument_at(file, offset).is_some());
        let Some(found) = found else { continue };
        out.judged();
        if !file.pedantic() && (is_quiet(file, &found) || asks_plainly(file, &found)) {
            continue;
        }
        let is_live = || !is_of_developers(file, offset) && !named::is_left_behind(file);
        let is_sure = || !offers_both(file, &found) && is_live();
        let level = if file.pedantic() || hands_over(file, &found) && is_sure() {
            Severity::Warning
        } else {
            Severity::Info
        };
        let mut report = Report::at(found.span).message(found.message).severity(level);
        if let Some(edit) = found.edit {
            report = report.fix(Fix::to_look_at(vec![edit]));
        }
        out.report(report);
    }
}

/// A place where verification is turned off.
struct Found<'o> {
    span: Span,
    message: String,
    edit: Option<Edit>,
    /// The call that goes without.
    call: Option<&'o Call>,
}

/// `verify=False` among the arguments of a client.
fn of_argument<'o>(file: &FileContext<'o>, offset: u32, name: &str) -> Option<Found<'o>> {
    if !is_bound(file, offset, name) {
        return None;
    }
    let (call, argument) = argument_at(file, offset)?;
    let keyword = argument.keyword?;
    if !TABLE.switch.iter().any(|row| row.turns_off(keyword, argument.value)) {
        return None;
    }
    let called = file.called(call);
    let row = match &called {
        Some(called) if !called.starts_with('.') => TABLE
            .switch
            .iter()
            .find(|row| row.turns_off(keyword, argument.value) && is_below(called, &row.calls))?,
        // Whatever has been made elsewhere and sends requests.
        _ if keyword == "verify" && sends_request(file, call) => &TABLE.switch[0],
        _ => return None,
    };
    let value = at(file, argument.value);
    let span = Span::new(offset, value.end);
    let shown = shown(file, call, called.as_deref());
    let message = format!("`{}` takes any certificate for `{shown}`", file.slice(span));
    let edit = row.on.as_ref().map(|on| Edit { span: value, text: on.clone() });
    Some(Found { span, message, edit, call: Some(call) })
}

fn shown(file: &FileContext<'_>, call: &Call, called: Option<&str>) -> String {
    let written = calls::written(file, call);
    called.filter(|it| !it.starts_with('.') && it.len() < 48).unwrap_or(&written).to_owned()
}

/// Whether a call sends a request by its name, in a file that uses clients whose switch is called `verify`.
fn sends_request(file: &FileContext<'_>, call: &Call) -> bool {
    const VERBS: [&str; 8] =
        ["get", "post", "put", "patch", "delete", "head", "options", "request"];
    let written = calls::written(file, call);
    written.contains('.')
        && VERBS.contains(&last_part(&written))
        && ["requests", "httpx"].iter().any(|module| file.names().imports_module(module))
}

/// Whether an equals sign follows a name.
fn is_bound(file: &FileContext<'_>, offset: u32, name: &str) -> bool {
    let text = file.source.text();
    let behind = text[offset as usize + name.len()..].trim_start();
    behind.starts_with('=') && !behind.starts_with("==")
}

/// `session.verify = False`, `context.verify_mode = ssl.CERT_NONE`, `context.check_hostname = False`.
fn of_attribute<'o>(file: &FileContext<'o>, offset: u32, name: &str) -> Option<Found<'o>> {
    let line = file.outline.line_at(offset)?;
    let (target, value) = file.slice(line.span).split_once('=')?;
    let target = target.trim_end();
    let object = target.strip_suffix(name)?.strip_suffix('.')?;
    let value_at = at(file, value.trim());
    let is_target = at(file, target).end == offset + name.len() as u32;
    if !is_target || !object.bytes().all(|it| it.is_ascii_alphanumeric() || b"_.".contains(&it)) {
        return None;
    }
    // A class of contexts is told by who makes one.
    if object == "self" || is_told(file, offset) {
        return None;
    }
    let value = value.trim();
    let found = |message, on: Option<&str>| Found {
        span: line.span,
        message,
        edit: on.map(|on| Edit { span: value_at, text: on.to_owned() }),
        call: None,
    };
    match name {
        "verify_mode" if last_part(value) == "CERT_NONE" => {
            let message = format!("`{object}` takes any certificate");
            (!is_of_server(file, object, offset)).then(|| found(message, None))
        }
        "check_hostname" if value == "False" => {
            let message = format!("`{object}` takes the certificate of any host");
            let other = || {
                is_compared_anyway(file, offset)
                    || takes_any(file, object, offset)
                    || is_of_server(file, object, offset)
                    || names_authority(file, object, offset)
            };
            (file.pedantic() || !other()).then(|| found(message, Some("True")))
        }
        "verify" | "verify_ssl" | "ssl_verify" => {
            let origin = file.origin(object, offset);
            let row = TABLE.switch.iter().find(|row| {
                row.turns_off(name, value)
                    && origin.as_deref().is_some_and(|it| is_below(it, &row.calls))
            })?;
            let message = format!("`{object}` takes any certificate");
            Some(found(message, row.on.as_deref()))
        }
        _ => None,
    }
}

/// Whether a condition chooses between verifying and not: `CERT_REQUIRED if options.secure else CERT_NONE`.
fn offers_both(file: &FileContext<'_>, found: &Found<'_>) -> bool {
    let text = file.slice(found.span);
    ["CERT_NONE", "CERT_REQUIRED", " if ", " else "].iter().all(|it| text.contains(it))
}

/// Whether a parameter of the function around says how much is to be verified.
fn is_told(file: &FileContext<'_>, offset: u32) -> bool {
    let Some(function) = file.function_at(offset) else { return false };
    let mut parameters = file.outline.signature(function).parameters.iter();
    parameters.any(|parameter| {
        let name = file.slice(parameter.name);
        name.contains("verif") || name.contains("cert_reqs") || name.contains("hostname")
    })
}

/// Whether the function around also says that an object takes any certificate.
fn takes_any(file: &FileContext<'_>, object: &str, offset: u32) -> bool {
    around(file, offset).contains(&format!("{object}.verify_mode = ssl.CERT_NONE"))
        || around(file, offset).contains(&format!("{object}.verify_mode = CERT_NONE"))
        || around(file, offset).contains(&format!("{object}.verify_mode=ssl.CERT_NONE"))
}

/// Whether a context is handed to urllib3, which compares the host itself where the context does not.
fn is_compared_anyway(file: &FileContext<'_>, offset: u32) -> bool {
    let text = around(file, offset);
    ["PoolManager", "HTTPAdapter"].iter().any(|it| text.contains(it))
        && text.contains("ssl_context")
        && !text.contains("assert_hostname")
        && !text.contains("CERT_NONE")
}

/// Whether a context is one for a server, which asks its clients for no certificate.
fn is_of_server(file: &FileContext<'_>, object: &str, offset: u32) -> bool {
    let text = made_by(file, object, offset);
    ["CLIENT_AUTH", "TLS_SERVER", "load_cert_chain", "server_side=True"]
        .iter()
        .any(|part| text.contains(part) && !around(file, offset).contains("server_hostname"))
}

/// Whether a context is bound to an authority of its own: which host it vouches for matters less.
fn names_authority(file: &FileContext<'_>, object: &str, offset: u32) -> bool {
    let text = around(file, offset);
    ["cafile", "capath", "cadata", "load_verify_locations"].iter().any(|part| text.contains(part))
        || made_by(file, object, offset).contains("ca_")
}

/// The text of what a name is bound to.
fn made_by<'a>(file: &FileContext<'a>, object: &str, offset: u32) -> &'a str {
    let scope = file.outline.line_at(offset).and_then(|line| line.scope);
    let mut bindings = file.values().bindings(object).iter();
    let value = bindings.rfind(|it| it.scope == scope && it.at < offset).and_then(|it| it.value);
    value.map_or("", |value| file.slice(value))
}

/// The text of the function around an offset; of the whole file, where there is none.
fn around<'a>(file: &FileContext<'a>, offset: u32) -> &'a str {
    file.function_at(offset).map_or(file.source.text(), |function| file.slice(function.span))
}

/// `ssl._create_unverified_context`, called or handed on.
fn of_standard_library<'o>(file: &FileContext<'o>, offset: u32) -> Option<Found<'o>> {
    let span = dotted_around(file, offset);
    let written = file.slice(span);
    let resolved = file.names().resolve(written, offset)?;
    if resolved != "ssl._create_unverified_context" || is_import(file, offset) {
        return None;
    }
    let behind = &file.source.text()[span.end as usize..];
    let plain = behind.starts_with("()") || !behind.starts_with('(');
    let edit = (plain && written.contains('.')).then(|| Edit {
        span: Span::new(offset, span.end),
        text: "create_default_context".to_owned(),
    });
    let line = file.outline.line_at(offset).map_or("", |line| file.slice(line.span));
    let message = if line.starts_with("ssl._create_default_https_context") {
        "every `https` connection of the process takes any certificate".to_owned()
    } else {
        format!("`{written}` makes connections that take any certificate")
    };
    let call = call_around(file, offset);
    Some(Found { span, message, edit, call })
}

fn is_import(file: &FileContext<'_>, offset: u32) -> bool {
    let imports = &file.outline.imports;
    imports.iter().any(|import| import.statement.contains(offset))
}

/// Whether what is sent is worth a forged certificate: a credential is in sight, in the call, in what makes its arguments, or
/// in what is done with its client. Pages that anybody may read are fetched without, and peers have no authority in common.
fn hands_over(file: &FileContext<'_>, found: &Found<'_>) -> bool {
    let context = found.call.is_none() && found.message.starts_with('`');
    // What has failed with verification is tried once more.
    let again =
        blocks::headers_around(file, found.span.start).any(|line| line.keyword == Keyword::Except);
    // Whoever goes by way of a proxy has let it open what passes.
    let by_proxy = found.call.is_some_and(|call| {
        let mut keywords = calls::arguments(file, call).into_iter().filter_map(|it| it.keyword);
        keywords.any(|it| matches!(it, "proxies" | "proxy"))
    });
    // Whoever vouches for a certificate still has to be trusted.
    let any_host = context && found.message.ends_with("any host");
    !again
        && !by_proxy
        && !any_host
        && !is_neighbour(file, found)
        && !speaks_plainly(file)
        && !stays_at_home(file, found.span.start)
        && is_in_sight(file, found)
}

/// Whether all addresses that a file tells are plain `http`, one of them of the own machine or network: by default there is no
/// certificate to be verified.
fn speaks_plainly(file: &FileContext<'_>) -> bool {
    let literals = || {
        let strings = file.outline.strings.iter().map(|it| file.slice(it.content()));
        strings.filter(|it| it.starts_with("http"))
    };
    let is_own = |text: &str| {
        let host = text.strip_prefix("http://");
        host.is_some_and(is_own_host)
    };
    literals().any(is_own) && !literals().any(|it| it.starts_with("https"))
}

/// Whether each address that the function around makes is one of the own machine or network, in the text or by what its name is
/// bound to there by default: `f"https://{HOST}:{port}"` behind `HOST = os.getenv("HOST", "localhost")`.
fn stays_at_home(file: &FileContext<'_>, offset: u32) -> bool {
    let Some(function) = file.function_at(offset) else { return false };
    let inside =
        file.outline.strings.iter().filter(|it| function.span.contains(it.content().start));
    let mut hosts = inside
        .filter_map(|it| Some(file.slice(it.content()).split_once("://")?.1))
        .map(|it| it.split_once('}').map_or(it, |it| it.0))
        .peekable();
    let is_home = |host: &str| match host.strip_prefix('{') {
        Some(name) => {
            let parameters = file.outline.signature(function).parameters;
            let bound = file.values().bindings(name).iter();
            let mut bound = bound.map(|it| (it.scope, it.value)).peekable();
            let own = file.outline.line_at(offset).and_then(|it| it.scope);
            bound.peek().is_some()
                && !parameters.iter().any(|it| file.slice(it.name) == name)
                && bound.all(|(scope, value)| {
                    (scope.is_none() || scope == own)
                        && value.is_some_and(|it| names_own_host(file.slice(it)))
                })
        }
        None => is_own_host(host),
    };
    hosts.peek().is_some() && hosts.all(is_home)
}

/// Whether a text in a piece of code is a host of the own machine or network.
fn names_own_host(code: &str) -> bool {
    !code.contains(" if ") && code.split(['"', '\'']).skip(1).step_by(2).any(is_own_host)
}

/// Whether a host is one of the own machine, or begins as the addresses of a network at home.
fn is_own_host(host: &str) -> bool {
    ["localhost", "127.0.0.1", "192.168.", "10."].iter().any(|it| host.starts_with(it))
}

/// Whether the address of a call begins with a text that is `http://…` wherever it is bound, directly or by one more name: there
/// is no certificate to be verified.
fn asks_plainly(file: &FileContext<'_>, found: &Found<'_>) -> bool {
    let Some(call) = found.call else { return false };
    let arguments = calls::arguments(file, call);
    let is_url = |it: &&calls::CallArgument<'_>| it.keyword == Some("url");
    let by_position = usize::from(last_part(&calls::written(file, call)) == "request");
    let url = arguments
        .iter()
        .find(is_url)
        .or_else(|| arguments.iter().filter(|it| it.keyword.is_none()).nth(by_position));
    url.is_some_and(|it| begins_plainly(file, it.value, 2))
}

fn begins_plainly(file: &FileContext<'_>, value: &str, depth: u32) -> bool {
    let text = value.trim_start_matches(['f', 'r', '(', ' ']);
    if let Some(text) = text.strip_prefix(['"', '\'']) {
        return text.starts_with("http://");
    }
    let of_name = |it: char| it.is_alphanumeric() || matches!(it, '_' | '.');
    let value = value.trim_start();
    let name = &value[..value.find(|it| !of_name(it)).unwrap_or(value.len())];
    let rest = value[name.len()..].trim_start();
    let mut bound = file.values().bindings(name).iter().peekable();
    depth > 0
        && (rest.is_empty() || rest.starts_with('+'))
        && bound.peek().is_some()
        && bound
            .all(|it| it.value.is_some_and(|it| begins_plainly(file, file.slice(it), depth - 1)))
}

/// Whether a credential goes by the connection.
fn is_in_sight(file: &FileContext<'_>, found: &Found<'_>) -> bool {
    let text = around(file, found.span.start);
    let Some(call) = found.call else { return speaks_of_credential(text) };
    let arguments = file.slice(call.arguments);
    let line = file.outline.line_at(call.name.start).map_or("", |line| file.slice(line.span));
    let header = line.trim_start_matches("async ").trim_start_matches("with ");
    // `session.post(…)`, `client = Client(…)`, `with Client(…) as client`
    let object = file.slice(call.name).rsplit_once('.').map(|(object, _)| object);
    // `page = parse(session.get(…).text)` binds what the answer says, and no client.
    let target = header
        .split_once('=')
        .filter(|(_, value)| value.trim_start().starts_with(file.slice(call.name)))
        .filter(|_| line.trim_end().ends_with(arguments))
        // What a request of a module by itself answers is no client.
        .filter(|_| object != Some("requests") || !sends_request(file, call));
    let bound = header.rsplit_once(" as ").map(|(_, name)| name.trim_end_matches(':').trim());
    let names = [object, target.map(|(name, _)| name.trim()), bound];
    let of_client = |line: &str| {
        let line = line.trim_start();
        names.iter().flatten().filter(|it| !matches!(**it, "requests" | "httpx" | "self")).any(
            |name| {
                line.strip_prefix(*name).is_some_and(|rest| rest.starts_with(['.', '[']))
                    || line.contains(&format!("{name}."))
            },
        )
    };
    let used: Vec<&str> =
        [arguments].into_iter().chain(text.lines().filter(|line| of_client(line))).collect();
    let is_part = |it: char| it.is_alphanumeric() || it == '_' || it == '.';
    let of_argument = |line: &str| {
        let Some((name, _)) = line.trim_start().split_once(['=', '[']) else { return false };
        let name = name.trim();
        !name.is_empty() && used.iter().any(|it| it.split(|it| !is_part(it)).any(|it| it == name))
    };
    used.iter().any(|it| speaks_of_credential(it))
        || text.lines().any(|line| of_argument(line) && speaks_of_credential(line))
}

/// Whether the words of a text name what opens something.
fn speaks_of_credential(text: &str) -> bool {
    const WORDS: [&str; 13] = [
        "apikey",
        "auth",
        "authorization",
        "bearer",
        "credential",
        "credentials",
        "login",
        "passwd",
        "password",
        "pwd",
        "secret",
        "token",
        "tokens",
    ];
    let is_part = |it: char| it.is_alphanumeric() || it == '_';
    // What a context is made for.
    let text = text.replace("Purpose.SERVER_AUTH", "");
    text.contains("cert=")
        || text.split(|it| !is_part(it)).filter(|it| !it.is_empty()).any(|name| {
            let words = words(name);
            let is_key = words.windows(2).any(|it| it[0] == "api" && it[1] == "key");
            is_key || words.iter().any(|it| WORDS.contains(&it.as_str()))
        })
}

/// Whether a call goes to where somebody's settings say: mostly a machine of the same house, with a certificate of its own.
fn is_neighbour(file: &FileContext<'_>, found: &Found<'_>) -> bool {
    let Some(call) = found.call else { return false };
    let arguments = calls::arguments(file, call);
    let is_set = |text: &str| {
        ["settings.", "{self.", "self."]
            .iter()
            .any(|it| text.trim_start_matches(['f', '"', '\'']).starts_with(it))
    };
    let text = around(file, found.span.start);
    let is_bound_so = |name: &str| {
        text.match_indices(&format!("{name} = ")).any(|(at, it)| {
            let value = text[at + it.len()..].lines().next().unwrap_or_default();
            is_set(value) || value.contains("settings.")
        })
    };
    let url = arguments.iter().find(|it| it.keyword.is_none_or(|it| it == "url"));
    url.is_some_and(|url| is_set(url.value) || is_bound_so(url.value))
        || arguments.iter().any(|it| it.value.contains("settings."))
}

/// Whether a setting was looked at that turns verification off: `if context is False`.
fn is_asked_for(file: &FileContext<'_>, found: &Found<'_>) -> bool {
    let text = around(file, found.span.start);
    found.call.is_none() && [" is False", " is not False"].iter().any(|it| text.contains(it))
}

/// Whether going without is somebody's choice, or harms nobody.
fn is_quiet(file: &FileContext<'_>, found: &Found<'_>) -> bool {
    let offset = found.span.start;
    choice::is_chosen(file, offset)
        || is_asked_for(file, found)
        || is_bound_so(file, offset)
        || around(file, offset).contains("getpeercert")
        || asks_for_health(file, offset)
        || found.call.is_some_and(|call| {
            is_local(file, call) || goes_plainly(file, call) || only_signs(file, call)
        })
}

/// Whether a client of AWS does nothing but to sign addresses, for which it connects to nobody.
fn only_signs(file: &FileContext<'_>, call: &Call) -> bool {
    let text = file.source.text();
    let Some(line) = file.outline.line_at(call.name.start) else { return false };
    let target = text[line.span.start as usize..call.name.start as usize].trim_end();
    let Some(target) = target.strip_suffix('=').map(str::trim) else { return false };
    let is_part = |it: char| it.is_alphanumeric() || it == '_' || it == '.';
    let is_name = !target.is_empty() && target.chars().all(is_part);
    let is_aws = file.called(call).is_some_and(|it| it.starts_with("boto3."));
    let uses = || {
        text.match_indices(target).filter(|(at, _)| {
            let behind = text[at + target.len()..].chars().next();
            let before = text[..*at].chars().next_back();
            !before.is_some_and(is_part) && !behind.is_some_and(|it| is_part(it) && it != '.')
        })
    };
    let signs = |at: usize| text[at + target.len()..].starts_with(".generate_presigned_");
    is_aws
        && is_name
        && uses().any(|(at, _)| signs(at))
        && uses().all(|(at, _)| at == line.span.start as usize || signs(at))
}

/// Whether the name that is bound says that what it holds does not verify: `_insecure_transport = …`.
fn is_bound_so(file: &FileContext<'_>, offset: u32) -> bool {
    file.outline.line_at(offset).is_some_and(|line| {
        let target = file.slice(line.span).split('=').next().unwrap_or_default();
        words(target).iter().any(|word| matches!(word.as_str(), "insecure" | "unverified"))
    })
}

/// Whether the function only asks whether somebody is there, or says that it is for tests.
fn asks_for_health(file: &FileContext<'_>, offset: u32) -> bool {
    file.function_at(offset).is_some_and(|function| {
        let name = file.slice(function.name);
        name.contains("health") || words(name).iter().any(|word| word == "test")
    })
}

/// Whether a call names a host of the same machine.
fn is_local(file: &FileContext<'_>, call: &Call) -> bool {
    let arguments = calls::arguments(file, call);
    arguments.iter().any(|argument| {
        says_local(argument.value) || {
            let name = argument.value.trim_start_matches(['f', '"', '\'', '{']);
            let end = name
                .find(|c: char| !c.is_alphanumeric() && c != '_' && c != '.')
                .unwrap_or(name.len());
            let bound = file.values().bindings(&name[..end]).iter().filter_map(|it| it.value);
            !name[..end].is_empty()
                && bound.clone().count() <= 2
                && bound.into_iter().any(|value| says_local(file.slice(value)))
        }
    })
}

/// Whether the address of a request is written with `http://`, here or in each binding of its name: there is no certificate.
fn goes_plainly(file: &FileContext<'_>, call: &Call) -> bool {
    let is_plain = |value: &str| {
        value.trim_start_matches(['f', '"', '\'', '(', ' ', '\n']).starts_with("http://")
    };
    let arguments = calls::arguments(file, call);
    let mut addresses = arguments.iter().filter(|it| it.keyword.is_none_or(|it| it == "url"));
    addresses.any(|it| {
        let mut bound = file.values().bindings(it.value).iter().map(|it| it.value).peekable();
        is_plain(it.value)
            || bound.peek().is_some()
                && bound.all(|it| it.is_some_and(|it| is_plain(file.slice(it))))
    })
}

/// Hosts of the same machine, and what is called internal: who stands on the path there is known.
fn says_local(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    ["localhost", "internal", "127.0.0.1", "[::1]", "0.0.0.0", "host.docker.internal"]
        .iter()
        .any(|host| text.contains(host))
}

#[derive(Deserialize)]
struct Table {
    switch: Vec<Switch>,
}

/// A switch of some clients.
#[derive(Deserialize)]
struct Switch {
    names: Vec<String>,
    off: Vec<String>,
    on: Option<String>,
    calls: Vec<String>,
}

impl Switch {
    fn turns_off(&self, name: &str, value: &str) -> bool {
        self.names.iter().any(|it| it == name) && self.off.iter().any(|it| it == value)
    }
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    toml::from_str(include_str!("tls_verification_disabled/switches.toml"))
        .expect("a test reads the table")
});
