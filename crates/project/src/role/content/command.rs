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

/// Names of packages that hold nothing but the command line.
const FOLDERS: [&str; 4] = ["_cli", "cli", "command_line", "console"];

impl Content<'_> {
    pub(super) fn command(&self) -> Option<Cow<'static, str>> {
        if let Some(reason) = self.command_class().or_else(|| self.command_package()) {
            return Some(reason);
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
        let parser = self.calls_any(&PARSERS)?;
        let parsed = self.outline.calls.iter().any(|call| {
            let name = self.of(call.name);
            name.ends_with("parse_args") || name.ends_with("parse_known_args")
        });
        parsed.then(|| format!("makes an {parser} and parses the arguments").into())
    }

    /// A class that a framework runs as a command.
    fn command_class(&self) -> Option<Cow<'static, str>> {
        self.outline.definitions.iter().filter(|class| class.is_class()).find_map(|class| {
            let base = self.bases(class).find(|base| {
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

    /// A place inside the package that an entry point leads to.
    fn command_package(&self) -> Option<Cow<'static, str>> {
        let module = self.file.module.as_str();
        let mut names = module.split('.');
        let package = names.next()?;
        let point = self.component.entry_points.iter().find(|point| {
            let around = point.module.rsplit_once('.').map_or("", |(around, _)| around);
            let mut above = String::new();
            module.split('.').any(|name| {
                let here = FOLDERS.contains(&name)
                    && point.module.split('.').next() == Some(package)
                    || matches!(name, "commands" | "subcommands")
                        && !above.is_empty()
                        && (above == around || above == point.module);
                if !above.is_empty() {
                    above.push('.');
                }
                above.push_str(name);
                // The first name is the package itself, whatever it is called.
                here && above.len() > package.len()
            })
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
        const SERVES: [&str; 24] = [
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
        let called = self.outline.calls.iter().find_map(|call| {
            let name = dotted_text(self.text, call.name);
            let last = name.rsplit('.').next().unwrap_or_default();
            (SERVES.contains(&last) || name == "uvicorn.run").then(|| last.to_owned())
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
