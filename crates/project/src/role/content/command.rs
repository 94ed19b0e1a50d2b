//! Whether a file is what a user calls on a command line. Knows the libraries for commands, and where
//! programs keep theirs.

use std::borrow::Cow;

use roadworthy_parser::dotted_text;

use super::Content;

/// Calls by which a file takes arguments and is the command itself.
const COMMANDS: [&str; 13] = [
    "absl.app.run",
    "cyclopts.App",
    "cyclopts.run",
    "docopt.docopt",
    "fire.Fire",
    "jsonargparse.CLI",
    "jsonargparse.auto_cli",
    "tyro.cli",
    "typer.Typer",
    "typer.run",
    "click.Group",
    "defopt.run",
    "plac.call",
];

/// Calls by which a file makes a parser of arguments; it is a command where it also parses them.
const PARSERS: [&str; 5] = [
    "argparse.ArgumentParser",
    "configargparse.ArgParser",
    "configargparse.ArgumentParser",
    "jsonargparse.ArgumentParser",
    "optparse.OptionParser",
];

/// Libraries whose decorators make commands of functions.
const DECORATORS: [&str; 6] = ["click", "rich_click", "asyncclick", "typer", "cyclopts", "cloup"];

/// Bases of classes that are commands.
const BASES: [&str; 7] = [
    "BaseCommand",
    "AppCommand",
    "LabelCommand",
    "cmd.Cmd",
    "cleo.commands.command.Command",
    "cliff.command.Command",
    "plumbum.cli.Application",
];

/// Names of packages that hold nothing but the command line, if they stand beside or around the
/// module that an entry point names.
const FOLDERS: [&str; 6] = ["_cli", "cli", "command_line", "commands", "console", "subcommands"];

/// The packages behind [`COMMANDS`], [`PARSERS`] and [`DECORATORS`]: a file that imports none of them
/// need not be asked further.
const PACKAGES: [&str; 17] = [
    "absl",
    "argparse",
    "asyncclick",
    "click",
    "cloup",
    "configargparse",
    "cyclopts",
    "defopt",
    "docopt",
    "fire",
    "jsonargparse",
    "optparse",
    "plac",
    "rich_click",
    "simple_parsing",
    "typer",
    "tyro",
];

impl Content<'_> {
    /// Whether the file imports a library for commands.
    pub(super) fn takes_arguments(&self) -> bool {
        self.imports_package(&PACKAGES)
    }

    pub(super) fn command(&self) -> Option<Cow<'static, str>> {
        if let Some(reason) = self.command_class().or_else(|| self.command_package()) {
            return Some(reason);
        }
        if !self.takes_arguments() {
            return None;
        }
        // A service may have a command as well; what it prints while it serves is not its product.
        if self.serves().is_some() {
            return None;
        }
        if let Some(library) = self.command_decorator() {
            return Some(format!("defines commands with {library}").into());
        }
        if let Some(call) = self.calls_any(&COMMANDS) {
            return Some(format!("calls {call}").into());
        }
        // A module for import may offer a command besides, as `zipfile` does; a module that makes
        // parsers for others has a class of them.
        if self.is_made_for_import() || self.defines_parser() {
            return None;
        }
        let parser = self.calls_any(&PARSERS)?;
        let parsed = self.outline.calls.iter().any(|call| {
            let name = self.of(call.name);
            name.ends_with("parse_args") || name.ends_with("parse_known_args")
        });
        parsed.then(|| format!("makes an {parser} and parses the arguments").into())
    }

    fn defines_parser(&self) -> bool {
        let mut classes = self.outline.definitions.iter().filter(|class| class.is_class());
        classes.any(|class| self.bases(class).any(|base| base.ends_with("ArgumentParser")))
    }

    /// A class that a framework runs as a command.
    fn command_class(&self) -> Option<Cow<'static, str>> {
        self.outline.definitions.iter().filter(|class| class.is_class()).find_map(|class| {
            let base = self.bases(class).find(|base| {
                let last = base.rsplit('.').next().unwrap_or_default();
                if !last.ends_with("Command") && !matches!(last, "Cmd" | "Application") {
                    return false;
                }
                let full = self.resolve(base);
                BASES.iter().any(|wanted| {
                    full == *wanted
                        || full.strip_suffix(wanted).is_some_and(|rest| rest.ends_with('.'))
                })
            })?;
            // Frameworks for commands define such classes without being one.
            let django = self.file.path.as_str().contains("management/commands/");
            let named = self.of(class.name) == "Command" && django;
            (named || !base.ends_with("Command"))
                .then(|| format!("class {}({base})", self.of(class.name)).into())
        })
    }

    /// A place in a package for the command line, beside or around the module that an entry point
    /// names: `pkg.cli.shell` for `pkg.__main__` or `pkg.cli.main`.
    fn command_package(&self) -> Option<Cow<'static, str>> {
        let module = self.file.module.as_str();
        if self.component.entry_points.is_empty() {
            return None;
        }
        let (folder, parent) = module.match_indices('.').find_map(|(dot, _)| {
            let name = module[dot + 1..].split('.').next()?;
            FOLDERS.contains(&name).then(|| (&module[..dot + 1 + name.len()], &module[..dot]))
        })?;
        let point = self.component.entry_points.iter().find(|point| {
            let target = point.module.as_str();
            let beside = target.rsplit_once('.').map_or("", |(around, _)| around) == parent;
            let around = target.strip_prefix(folder).is_some_and(|rest| rest.starts_with('.'));
            beside || around || target == parent || target == folder
        })?;
        let command = &point.name;
        Some(format!("belongs to the command line behind `{command}` ({})", point.module).into())
    }

    /// The library by whose decorator a function is made a command.
    fn command_decorator(&self) -> Option<&'static str> {
        let library = DECORATORS.into_iter().find(|library| self.imports_any(&[library]))?;
        self.outline
            .decorators
            .iter()
            .any(|&decorator| {
                let text = self.of(decorator);
                let callee = text.split('(').next().unwrap_or_default().trim();
                let full = self.resolve(callee);
                let last = full.rsplit('.').next().unwrap_or_default();
                matches!(last, "command" | "group" | "default")
                    && (full.contains('.') || full == last)
                    && !full.contains("bot.")
            })
            .then_some(library)
    }

    /// What shows that the file starts or defines a service.
    pub(super) fn serves(&self) -> Option<Cow<'static, str>> {
        const SERVES: [&str; 26] = [
            "BackgroundScheduler",
            "BlockingScheduler",
            "Celery",
            "FastAPI",
            "Flask",
            "HTTPServer",
            "Litestar",
            "Quart",
            "Sanic",
            "Starlette",
            "ThreadingHTTPServer",
            "add_insecure_port",
            "add_secure_port",
            "get_asgi_application",
            "get_wsgi_application",
            "infinity_polling",
            "run_app",
            "run_forever",
            "run_polling",
            "serve_forever",
            "set_page_config",
            "start_consuming",
            "start_polling",
            "start_server",
            "wait_for_termination",
            "run_until_disconnected",
        ];
        const SERVERS: [&str; 5] = [
            "hypercorn.asyncio.serve",
            "socketio.ASGIApp",
            "socketio.WSGIApp",
            "uvicorn.run",
            "waitress.serve",
        ];
        let called = self.outline.calls.iter().find_map(|call| {
            let name = dotted_text(self.text, call.name);
            let last = name.rsplit('.').next().unwrap_or_default();
            let may_serve = matches!(last, "ASGIApp" | "WSGIApp" | "run" | "serve");
            (SERVES.contains(&last) || may_serve && SERVERS.contains(&self.resolve(&name).as_str()))
                .then(|| last.to_owned())
        });
        if let Some(name) = called {
            return Some(format!("calls {name}").into());
        }
        let served = ["streamlit", "gradio", "chainlit", "locust"];
        served
            .into_iter()
            .find(|module| self.imports_any(&[module]))
            .map(|module| format!("imports {module}").into())
    }
}
