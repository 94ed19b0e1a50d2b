//! Servers that a script starts itself: `uvicorn.run(…)`, Flask's `app.run(…)`. Knows how these are called and told their
//! address; an argument that is no literal is not known.

use roadworthy_parser::{Call, dotted_text};

use super::super::Process;
use super::servers::{Listening, Told, is_loopback};
use crate::facts::{Facts, PythonFile};

/// A server that a script starts.
struct Started {
    /// How it is called, as written: `app.run`.
    call: String,
    /// Its arguments, with parentheses.
    arguments: String,
    is_flask: bool,
}

impl Process {
    /// The call by which its script starts a server for development.
    pub fn development_call(&self, facts: &Facts<'_>) -> Option<String> {
        let started = self.started(facts)?;
        let reloads = argument(&started.arguments, "reload") == Some("True");
        let Started { call, is_flask, .. } = &started;
        (*is_flask || reloads).then(|| {
            if *is_flask { format!("Flask's `{call}()`") } else { format!("`{call}(reload=True)`") }
        })
    }

    /// Where the server listens that its script starts.
    pub fn listening_call(&self, facts: &Facts<'_>) -> Listening {
        let told = || {
            let started = self.started(facts)?;
            let arguments = &started.arguments;
            // `**options`, a socket, a name that a file of settings gives.
            if arguments.contains('*')
                || ["fd", "uds", "sock"].iter().any(|name| argument(arguments, name).is_some())
            {
                return None;
            }
            let call = format!("{}()", started.call);
            match argument(arguments, "host") {
                Some(host) => {
                    let host = host.trim_matches(['"', '\'']);
                    let is_literal =
                        argument(arguments, "host").is_some_and(|it| it.starts_with(['"', '\'']));
                    (is_literal && is_loopback(host) == Some(true))
                        .then(|| Told::Argument(format!("{call} with host {host}")))
                }
                // The first argument of Flask's is the host.
                None if started.is_flask && has_position(arguments) => None,
                None => Some(Told::Nobody(format!("127.0.0.1, in `{call}`,"))),
            }
        };
        told().map_or(Listening::Open, Listening::Loopback)
    }

    /// The one server that its script starts.
    fn started(&self, facts: &Facts<'_>) -> Option<Started> {
        let target = self.target().filter(|target| target.script.is_some() || target.runs)?;
        let files = target.files(facts, self);
        let [path] = files.as_slice() else { return None };
        let file = facts.python(path)?;
        let text = file.source.text();
        let mut found = file.outline.calls.iter().filter_map(|call| started(&file, text, call));
        match (found.next(), found.next()) {
            (Some(one), None) => Some(one),
            _ => None,
        }
    }
}

fn started(file: &PythonFile, text: &str, call: &Call) -> Option<Started> {
    let name = dotted_text(text, call.name);
    if call.attached || file.outline.string_at(call.name.start).is_some() {
        return None;
    }
    let (object, method) = name.rsplit_once('.')?;
    // What a function of the module does is done only if somebody calls it.
    let is_run = file.outline.enclosing(call.name.start).next().is_none();
    let is_flask = method == "run" && is_flask(text, object);
    let is_uvicorn = &*name == "uvicorn.run";
    (is_run && (is_flask || is_uvicorn)).then(|| Started {
        call: name.to_string(),
        arguments: call.arguments.of_text(text).to_owned(),
        is_flask,
    })
}

/// Whether a name is an application of Flask, made in the same file.
fn is_flask(text: &str, object: &str) -> bool {
    text.lines().any(|line| {
        let Some((target, value)) = line.split_once('=') else { return false };
        let (target, value) = (target.trim(), value.trim_start());
        target == object && (value.starts_with("Flask(") || value.starts_with("flask.Flask("))
    })
}

/// The text of an argument by its keyword.
fn argument<'t>(arguments: &'t str, keyword: &str) -> Option<&'t str> {
    let found = arguments.match_indices(keyword).find_map(|(at, _)| {
        let before = arguments[..at].trim_end();
        let behind = arguments[at + keyword.len()..].trim_start();
        let is_keyword = before.ends_with(['(', ',']);
        behind.strip_prefix('=').filter(|rest| is_keyword && !rest.starts_with('='))
    })?;
    let found = found.trim_start();
    let end = found.find([',', ')', '\n']).unwrap_or(found.len());
    Some(found[..end].trim())
}

/// Whether the first argument has no keyword.
fn has_position(arguments: &str) -> bool {
    let first = arguments.trim_start_matches('(').split(',').next().unwrap_or_default();
    let first = first.trim_end_matches(')').trim();
    !first.is_empty() && !first.contains('=')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_have_keywords() {
        let arguments = "(app, host = \"0.0.0.0\",\n port=int(X), reload=True)";
        assert_eq!(argument(arguments, "host"), Some("\"0.0.0.0\""));
        assert_eq!(argument(arguments, "reload"), Some("True"));
        assert_eq!(argument(arguments, "ost"), None);
        assert!(has_position(arguments) && !has_position("(host='x')") && !has_position("()"));
    }
}
