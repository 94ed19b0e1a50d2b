//! See `readme-command-broken.toml`: which commands name something of the repository that is not there.

#[path = "readme_command_broken/names.rs"]
mod names;
#[path = "readme_command_broken/paths.rs"]
mod paths;

use camino::Utf8Path;
use roadworthy_engine::{ProjectReporter, Report, Severity};
use roadworthy_parser::Span;
use roadworthy_project::Facts;
use roadworthy_project::facts::readme::Instruction;
use roadworthy_project::facts::shell::Word;

use names::Names;

pub(super) fn check(facts: &Facts<'_>, out: &mut ProjectReporter<'_>) {
    let mut said = Vec::new();
    for instruction in &facts.readme().instructions {
        let words = without_runners(&instruction.command.words);
        let Some((program, arguments)) = words.split_first() else { continue };
        // "make lint - checks the style": a sentence.
        if arguments.iter().any(|word| matches!(&*word.text, "-" | "–" | "—" | "->" | ":")) {
            continue;
        }
        let case = Case { facts, instruction, arguments };
        let Some((span, message)) = case.broken(&program.text) else { continue };
        if is_optional(facts, instruction) || is_asked_for(facts, instruction, span) {
            continue;
        }
        let path = &instruction.place.path;
        // The same command is often written for each system.
        if !said.contains(&(path, message.clone())) {
            // The first guide that somebody reads is kept; one below may speak of another folder, or of another project.
            let folder = path.parent().unwrap_or(Utf8Path::new(""));
            let is_first = facts.project().components.iter().any(|it| it.path == folder)
                || folder.as_str().is_empty();
            let is_sure = is_first && case.sets_up(&program.text, span);
            let severity = if is_sure { Severity::Warning } else { Severity::Info };
            let report = Report::at(span).extent(instruction.place.span).severity(severity);
            out.report(path, report.message(message.clone()));
            said.push((path, message));
        }
    }
}

/// Whether a comment behind a command says that what it names need not be there.
fn is_optional(facts: &Facts<'_>, instruction: &Instruction) -> bool {
    const WORDS: [&str; 17] = [
        "if",
        "optional",
        "optionally",
        "when",
        "exists",
        "если",
        "опционально",
        "при",
        "falls",
        "wenn",
        "si",
        "opcional",
        "optionnel",
        "facultatif",
        "se",
        "jeśli",
        "indien",
    ];
    let Some(document) = facts.text(&instruction.place.path).whole() else { return false };
    let behind = document.text()[instruction.command.span.end as usize..].lines().next();
    let Some((_, comment)) = behind.unwrap_or_default().split_once('#') else { return false };
    let comment = comment.to_lowercase();
    ["如果", "可选", "若", "もし", "任意", "선택"].iter().any(|it| comment.contains(it))
        || comment.split(|it: char| !it.is_alphanumeric()).any(|word| WORDS.contains(&word))
}

/// Whether the command runs only where what it names is there: `[ -f X ] && …`, `if [ -f X ]; then`.
fn is_asked_for(facts: &Facts<'_>, instruction: &Instruction, named: Span) -> bool {
    /// How many lines the body of an `if` may have.
    const REACH: usize = 5;
    let Some(document) = facts.text(&instruction.place.path).whole() else { return false };
    let text = document.text();
    let name = named.of_text(text).trim_matches(['"', '\'']);
    let asks = |before: &str| {
        let before = before.trim_end();
        [("[ ", " ]"), ("[[ ", " ]]"), ("test ", "")].iter().any(|(open, close)| {
            ["-e", "-f"].iter().any(|kind| {
                ["", "\"", "'"].iter().any(|quote| {
                    let asked = format!("{open}{kind} {quote}{name}{quote}{close}");
                    before.strip_suffix(&asked).is_some_and(|it| {
                        let it = it.trim_end();
                        !it.ends_with(['!', '|'])
                    })
                })
            })
        })
    };
    let start = instruction.command.span.start as usize;
    let mut above = text[..start].rsplit('\n');
    let own = above.next().unwrap_or_default();
    let opens = |line: &str| {
        let line = line.trim();
        let rest = line.strip_suffix("then").unwrap_or(line).trim_end().trim_end_matches(';');
        line.starts_with("if ") && asks(rest)
    };
    let is_end = |line: &str| {
        let line = line.trim();
        line.starts_with("```") || matches!(line, "fi" | "else") || line.starts_with("elif ")
    };
    own.trim_end().strip_suffix("&&").is_some_and(asks)
        || opens(own)
        || above.take(REACH).take_while(|it| !is_end(it)).any(opens)
}

/// One command, without what only starts it.
struct Case<'f> {
    facts: &'f Facts<'f>,
    instruction: &'f Instruction,
    arguments: &'f [Word],
}

/// Where something is named that is not there, and what is to be said.
type Broken = Option<(Span, String)>;

impl<'f> Case<'f> {
    fn broken(&self, program: &str) -> Broken {
        let second = self.arguments.first().map(|word| word.text.as_str());
        match program {
            "make" => missing(
                self.plain(&["-C", "-f", "-j"])?,
                &names::make(self.facts),
                "target of a Makefile",
            ),
            "just" => self.first_missing(&names::just(self.facts), "recipe of the justfile"),
            "tox" => self.option_missing(&["-e"], &names::tox(self.facts), "environment of tox"),
            "nox" => self.option_missing(
                &["-s", "--session", "--sessions", "-e"],
                &names::nox(self.facts),
                "session of the noxfile",
            ),
            "docker" if second == Some("compose") => self.compose(1),
            "docker-compose" => self.compose(0),
            "python" | "python3" => self.python(),
            "bash" | "sh" => self.script(0),
            "cp" if self.arguments.len() == 2 => self.template(),
            "pip" | "pip3" | "uv" | "poetry" | "pdm" => self.install(program),
            _ if program.starts_with("./") => self.program(program),
            _ => None,
        }
    }

    /// Whether a command installs or starts the product, and what it names is a file, a service or a task for that, by name.
    fn sets_up(&self, program: &str, named: Span) -> bool {
        const TASKS: [&str; 12] = [
            "bootstrap",
            "build",
            "deploy",
            "dev",
            "init",
            "install",
            "run",
            "serve",
            "server",
            "setup",
            "start",
            "up",
        ];
        let words = &self.instruction.command.words;
        let word = words.iter().find(|it| it.span == named).map_or("", |it| it.text.as_str());
        let name = word.rsplit('/').next().unwrap_or_default();
        let is_task = || name.split(['-', '_', ':', '.']).any(|it| TASKS.contains(&it));
        match program {
            "make" | "just" => is_task(),
            "tox" | "nox" => false,
            "pip" | "pip3" | "uv" | "poetry" | "pdm" => has_ending(name, &[".txt", ".in", ".toml"]),
            _ => true,
        }
    }

    /// The arguments that are no options; `None` where one of these is among them, which change what the others mean.
    fn plain(&self, turning: &[&str]) -> Option<Vec<&'f Word>> {
        let turns = |word: &Word| turning.iter().any(|it| word.text.starts_with(it));
        if self.arguments.iter().any(turns) {
            return None;
        }
        let is_name = |word: &&Word| !word.text.starts_with('-') && !word.text.contains('=');
        Some(self.arguments.iter().filter(is_name).collect())
    }

    fn first_missing(&self, names: &Names, what: &str) -> Broken {
        let first = self.arguments.first().filter(|word| !word.text.starts_with('-'))?;
        missing(vec![first], names, what)
    }

    fn option_missing(&self, options: &[&str], names: &Names, what: &str) -> Broken {
        let at = self.arguments.iter().position(|word| options.contains(&word.text.as_str()))?;
        let value = self.arguments.get(at + 1).filter(|it| !it.text.contains([',', ' ', '(']))?;
        missing(vec![value], names, what)
    }

    fn compose(&self, from: usize) -> Broken {
        let arguments = &self.arguments[from..];
        if let [option, file, ..] = arguments
            && matches!(&*option.text, "-f" | "--file")
        {
            return paths::missing_file(self.facts, self.instruction, file)
                .map(|it| (file.span, it));
        }
        let verb = arguments.first()?;
        let takes_services = matches!(
            &*verb.text,
            "up" | "build" | "logs" | "start" | "restart" | "stop" | "exec" | "run"
        );
        if !takes_services {
            return None;
        }
        let single = matches!(&*verb.text, "exec" | "run");
        let rest = &arguments[1..];
        // Only `logs` has an option of that name, and means another thing by it.
        if matches!(&*verb.text, "up" | "build" | "start" | "restart" | "stop")
            && let Some([option, file]) =
                rest.windows(2).find(|it| matches!(&*it[0].text, "-f" | "--file"))
            && has_ending(&file.text, &[".yml", ".yaml"])
        {
            let (verb, option_text) = (&verb.text, &option.text);
            let message =
                format!("`{verb}` has no option `{option_text}`: it stands before `{verb}`");
            return Some((Span::new(option.span.start, file.span.end), message));
        }
        // Options may take values, which look like services.
        let harmless = |it: &str| {
            matches!(
                it,
                "-d" | "--detach"
                    | "--build"
                    | "-it"
                    | "-ti"
                    | "-i"
                    | "-t"
                    | "-T"
                    | "--rm"
                    | "-f"
                    | "--follow"
                    | "--no-deps"
                    | "--wait"
                    | "--no-cache"
                    | "--force-recreate"
                    | "--pull"
            )
        };
        if rest.iter().any(|word| word.text.starts_with('-') && !harmless(&word.text)) && !single {
            return None;
        }
        let mut services: Vec<&Word> = Vec::new();
        for word in rest {
            if word.text.starts_with('-') {
                if !harmless(&word.text) {
                    return None;
                }
                continue;
            }
            services.push(word);
            if single {
                break;
            }
        }
        services.retain(|it| !self.is_written_above(&it.text));
        missing(services, &names::services(self.facts), "service of a Compose file")
    }

    /// Whether a block of the same guide is a Compose file that has the service, for readers to save.
    fn is_written_above(&self, service: &str) -> bool {
        let Some(document) = self.facts.text(&self.instruction.place.path).whole() else {
            return false;
        };
        let head = format!("{service}:");
        let before = &document.text()[..self.instruction.command.span.start as usize];
        before.split("```").any(|block| {
            block.lines().any(|it| it.trim_end() == "services:")
                && block.lines().any(|it| it.starts_with(' ') && it.trim() == head)
        })
    }

    fn install(&self, program: &str) -> Broken {
        let verb = self
            .arguments
            .iter()
            .position(|word| matches!(&*word.text, "install" | "sync" | "run"))?;
        let arguments = &self.arguments[verb + 1..];
        // `uv tool install` installs programs, and `--with` packages beside them.
        if self.arguments[verb].text == "run" || self.arguments[0].text == "tool" {
            return None;
        }
        let pip = program.starts_with("pip") || self.arguments[0].text == "pip";
        for (index, word) in arguments.iter().enumerate() {
            let next = arguments.get(index + 1);
            match (word.text.as_str(), next) {
                ("-r" | "--requirement" | "--requirements", Some(file)) if pip => {
                    if let Some(message) = paths::missing_file(self.facts, self.instruction, file) {
                        return Some((file.span, message));
                    }
                }
                ("--package" | "--project" | "--directory" | "-C" | "--find-links" | "-p", _) => {
                    return None;
                }
                ("--extra" | "--extras" | "-E", Some(extra)) if !pip => {
                    let names = names::extras(self.facts);
                    if let found @ Some(_) = missing(vec![extra], &names, "extra of the project") {
                        return found;
                    }
                }
                (
                    "--group" | "--with" | "--only" | "--only-group" | "--no-group" | "-G",
                    Some(group),
                ) if !pip => {
                    let names = names::groups(self.facts);
                    let what = "dependency group of the project";
                    // Poetry takes several at once.
                    let one = |name: &str| Word { text: name.to_owned(), ..group.clone() };
                    let several: Vec<Word> = group.text.split(',').map(one).collect();
                    if let found @ Some(_) = missing(several.iter().collect(), &names, what) {
                        return found;
                    }
                }
                (text, _) if pip && text.starts_with(".[") && is_literal_but_brackets(word) => {
                    let names = names::extras(self.facts);
                    let asked = text[2..].trim_end_matches(']').split(',').map(str::trim);
                    let mut missing =
                        asked.filter(|it| !it.is_empty() && names.complete() && !names.has(it));
                    if let Some(extra) = missing.next() {
                        return Some((word.span, format!("`{extra}` is no extra of the project")));
                    }
                }
                _ => {}
            }
        }
        None
    }

    fn python(&self) -> Broken {
        let first = self.arguments.first()?;
        match first.text.as_str() {
            "-m" => paths::missing_module(self.facts, self.instruction, self.arguments.get(1)?)
                .map(|message| (self.arguments[1].span, message)),
            text if has_ending(text, &[".py"]) => self.script(0),
            _ => None,
        }
    }

    fn script(&self, index: usize) -> Broken {
        let word = self.arguments.get(index)?;
        let is_script = has_ending(&word.text, &[".py", ".sh"]);
        let message =
            is_script.then(|| paths::missing_file(self.facts, self.instruction, word))??;
        Some((word.span, message))
    }

    fn program(&self, program: &str) -> Broken {
        let word = self.instruction.command.words.iter().find(|word| word.text == program)?;
        let named = has_ending(program, &[".py", ".sh"]);
        let message = named.then(|| paths::missing_file(self.facts, self.instruction, word))??;
        Some((word.span, message))
    }

    /// `cp .env.example .env`: what is copied must be there.
    fn template(&self) -> Broken {
        let word = self.arguments.first()?;
        let parts = ["example", "sample", "template", "dist"];
        if !parts.iter().any(|it| word.text.contains(it)) {
            return None;
        }
        let message = paths::missing_file(self.facts, self.instruction, word)?;
        Some((word.span, message))
    }
}

/// The words behind what only prepares a command: `sudo`, `uv run`, `poetry run`. None where options do more.
fn without_runners(mut words: &[Word]) -> &[Word] {
    loop {
        let texts: Vec<&str> = words.iter().take(3).map(|word| word.text.as_str()).collect();
        words = match texts.as_slice() {
            ["sudo" | "time" | "exec", ..] => &words[1..],
            ["uv" | "poetry" | "pdm" | "pipenv" | "rye" | "hatch", "run", next, ..] => {
                if next.starts_with('-') {
                    return &[];
                }
                &words[2..]
            }
            _ => return words,
        };
    }
}

/// Whether a word stands for itself: no variable, no blank to be filled in.
fn is_literal(word: &Word) -> bool {
    is_literal_but_brackets(word) && !word.text.contains(['[', ']'])
}

fn is_literal_but_brackets(word: &Word) -> bool {
    let text = &word.text;
    let is_blank = text.contains(['<', '>', '{', '}', '*', '…', '$', '%', '(', '?', '|', '`'])
        || text.contains("...")
        || ["your", "path/to", "foo", "xxx"]
            .iter()
            .any(|it| text.to_ascii_lowercase().contains(it))
        || text.bytes().all(|it| it.is_ascii_uppercase() || !it.is_ascii_alphabetic());
    !word.expands && !is_blank
}

/// Whether a name has one of these endings; file systems tell cases apart where programs run.
fn has_ending(name: &str, endings: &[&str]) -> bool {
    endings.iter().any(|ending| name.ends_with(ending))
}

/// The first name that is none of those there are.
fn missing(words: Vec<&Word>, names: &Names, what: &str) -> Broken {
    if !names.complete() {
        return None;
    }
    let unknown = |word: &&Word| is_literal(word) && !names.has(&word.text);
    let word = words.into_iter().find(unknown)?;
    Some((word.span, format!("`{}` is no {what}", word.text)))
}
