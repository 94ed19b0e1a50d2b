//! The text of a Dockerfile to its stages and instructions, by the parser of the crate `parse-dockerfile`, which this module
//! helps over here-documents that it does not know. Knows the syntax
//! (<https://docs.docker.com/reference/dockerfile/>), no other file.

use camino::Utf8Path;
use parse_dockerfile::{
    Command, Flag, HealthcheckArguments, Instruction as Parsed, JsonOrStringArray, Source,
    UnescapedString,
};

use super::heredocs::{self, Heredoc};
use super::variables::Variables;
use super::{Base, Copied, ImageName, Instruction, Stage};
use crate::facts::syntax::{SyntaxFault, span};
use crate::facts::{Fact, Located, Place};

/// A Dockerfile with more here-documents that the parser does not know is not read: each makes it begin anew.
const MOST_HEREDOCS: usize = 60;

/// The mark of a byte order, which some editors write before the text.
const MARK: char = '\u{feff}';

/// Reads the stages of a Dockerfile.
pub(super) fn parse(path: &Utf8Path, text: &str) -> Result<Vec<Stage>, SyntaxFault> {
    let (instructions, arguments) = instructions(path, text)?;
    Ok(stages(instructions, &arguments))
}

/// An instruction, or the beginning of a stage.
enum Item {
    From { image: Located<String>, name: Option<String> },
    Other(Instruction),
}

/// The instructions and the build arguments before the first stage.
fn instructions(path: &Utf8Path, text: &str) -> Result<(Vec<Item>, Variables), SyntaxFault> {
    // The same text with each unknown here-document blanked, so that all places stay what they are.
    let mut masked = text.to_owned();
    hide_mark(&mut masked);
    hide_empty_lists(&mut masked);
    let mut known: Vec<(usize, Vec<String>)> = Vec::new();
    for _ in 0..MOST_HEREDOCS {
        let heredoc = match read(path, text, &masked, &known) {
            Ok(items) => return Ok(items),
            Err(Stop::Fault(fault)) => return Err(fault),
            Err(Stop::Heredoc { start, heredoc }) => {
                known.push((start, heredoc.documents));
                heredoc.body
            }
        };
        heredocs::blank(&mut masked, heredoc);
    }
    Err(SyntaxFault::at(text, 0, "has more here-documents than are read"))
}

/// The parser counts its places without a mark of the byte order: it is shown as many spaces. Before a directive, which has
/// to come first, they stand behind its sign.
fn hide_mark(text: &mut String) {
    let length = MARK.len_utf8();
    if text.starts_with(MARK) {
        let spaces = " ".repeat(length);
        if text[length..].starts_with('#') {
            text.replace_range(..=length, &format!("#{spaces}"));
        } else {
            text.replace_range(..length, &spaces);
        }
    }
}

/// `ENTRYPOINT []` takes back that of the base, and the parser refuses it: it is shown another form of the same length.
fn hide_empty_lists(text: &mut String) {
    let mut from = 0;
    while let Some(at) = memchr::memmem::find(&text.as_bytes()[from..], b"[") {
        let open = from + at;
        from = open + 1;
        let length = text[from..].find(|c: char| c != ' ').unwrap_or(0);
        let close = from + length;
        let line = text[..open].rfind('\n').map_or(0, |line| line + 1);
        let is_entry = text[line..open].trim().eq_ignore_ascii_case("ENTRYPOINT");
        if is_entry && text[close..].starts_with(']') {
            text.replace_range(open..=open, "{");
            text.replace_range(close..=close, "}");
        }
    }
}

/// What keeps the reading from going on.
enum Stop {
    Fault(SyntaxFault),
    /// A here-document that the parser takes for instructions.
    Heredoc {
        start: usize,
        heredoc: Heredoc,
    },
}

fn read(
    path: &Utf8Path,
    text: &str,
    masked: &str,
    known: &[(usize, Vec<String>)],
) -> Result<(Vec<Item>, Variables), Stop> {
    let fault = |error: &parse_dockerfile::Error| {
        let offset = line_start(text, error.line());
        Stop::Fault(SyntaxFault::at(
            text,
            offset,
            format!("cannot be read as a Dockerfile: {error}"),
        ))
    };
    let parsed = parse_dockerfile::parse_iter(masked).map_err(|error| fault(&error))?;
    let reader = Reader { path, masked, escape: escape(masked) };
    let mut items = Vec::new();
    let mut arguments = Variables::default();
    for instruction in parsed {
        let instruction = instruction.map_err(|error| fault(&error))?;
        if let Parsed::From(from) = &instruction {
            let image = Located {
                value: from.image.value.to_string(),
                place: Place::new(path, span(from.image.span.start, from.image.span.end)),
            };
            let name = from.as_.as_ref().map(|(_, name)| name.value.to_string());
            items.push(Item::From { image, name });
            continue;
        }
        let mut read = reader.instruction(&instruction);
        if read.keyword == "ENTRYPOINT" && read.arguments.value.replace(' ', "") == "{}" {
            "[]".clone_into(&mut read.arguments.value);
            read.words = Some(Vec::new());
        }
        let start = read.span.start as usize;
        if let Some((_, documents)) = known.iter().find(|(other, _)| *other == start) {
            read.documents.extend(documents.iter().cloned());
        } else if read.keyword == "RUN"
            && let Some(heredoc) = heredocs::behind(text, &read)
        {
            return Err(Stop::Heredoc { start, heredoc });
        }
        if items.is_empty() {
            arguments.declare(&read);
        } else {
            items.push(Item::Other(read));
        }
    }
    Ok((items, arguments))
}

fn line_start(text: &str, line: usize) -> usize {
    let behind = line.checked_sub(2);
    let end = behind.and_then(|line| text.match_indices('\n').nth(line));
    end.map_or(0, |(at, _)| at + 1)
}

/// The character that makes a line go on: a backslash, unless `# escape=` says otherwise.
fn escape(text: &str) -> char {
    let directives = text.lines().map_while(|line| line.trim().strip_prefix('#'));
    let mut pairs = directives.map_while(|line| line.split_once('='));
    let found = pairs.find(|(name, _)| name.trim().eq_ignore_ascii_case("escape"));
    if found.is_some_and(|(_, value)| value.trim() == "`") { '`' } else { '\\' }
}

struct Reader<'t> {
    path: &'t Utf8Path,
    masked: &'t str,
    escape: char,
}

/// What differs between instructions: where the arguments begin and end.
#[derive(Default)]
struct Parts {
    arguments: std::ops::Range<usize>,
    flags: Vec<(String, String)>,
    words: Option<Vec<String>>,
    documents: Vec<String>,
    copied: Option<Copied>,
    end: usize,
}

impl Parts {
    fn of(arguments: std::ops::Range<usize>) -> Self {
        Self { end: arguments.end, arguments, ..Self::default() }
    }

    fn command(command: &Command<'_>) -> Self {
        match command {
            Command::Shell(text) => Self::of(text.span.clone()),
            Command::Exec(list) => {
                Self { words: Some(words(&list.value)), ..Self::of(list.span.clone()) }
            }
            // The enumeration is open to new forms.
            _ => Self::default(),
        }
    }

    fn with_flags(mut self, flags: &[Flag<'_>]) -> Self {
        let value = |flag: &Flag<'_>| {
            flag.value.as_ref().map_or_else(String::new, |value| value.value.to_string())
        };
        self.flags = flags.iter().map(|flag| (flag.name.value.to_string(), value(flag))).collect();
        self
    }
}

fn words(list: &[UnescapedString<'_>]) -> Vec<String> {
    list.iter().map(|word| word.value.to_string()).collect()
}

fn around(list: &[UnescapedString<'_>]) -> std::ops::Range<usize> {
    match (list.first(), list.last()) {
        (Some(from), Some(to)) => from.span.start..to.span.end,
        _ => 0..0,
    }
}

impl Reader<'_> {
    fn instruction(&self, instruction: &Parsed<'_>) -> Instruction {
        let (keyword, start, found) = self.parts(instruction);
        let end = found.end.max(start + keyword.len());
        let arguments = self.joined(found.arguments.clone());
        let place = Place::new(self.path, span(found.arguments.start, found.arguments.end));
        Instruction {
            keyword: keyword.to_owned(),
            span: span(start, end),
            arguments: Located { value: arguments, place },
            flags: found.flags,
            words: found.words,
            documents: found.documents,
            copied: found.copied,
        }
    }

    fn parts(&self, instruction: &Parsed<'_>) -> (&'static str, usize, Parts) {
        let text = |text: &UnescapedString<'_>| Parts::of(text.span.clone());
        match instruction {
            Parsed::Add(it) => {
                ("ADD", it.add.span.start, self.copied(&it.src, &it.dest, &it.options))
            }
            Parsed::Copy(it) => {
                ("COPY", it.copy.span.start, self.copied(&it.src, &it.dest, &it.options))
            }
            Parsed::Arg(it) => ("ARG", it.arg.span.start, text(&it.arguments)),
            Parsed::Cmd(it) => ("CMD", it.cmd.span.start, Parts::command(&it.arguments)),
            Parsed::Entrypoint(it) => {
                ("ENTRYPOINT", it.entrypoint.span.start, Parts::command(&it.arguments))
            }
            Parsed::Env(it) => ("ENV", it.env.span.start, text(&it.arguments)),
            Parsed::Expose(it) => {
                ("EXPOSE", it.expose.span.start, Parts::of(around(&it.arguments)))
            }
            Parsed::Healthcheck(it) => {
                let parts = match &it.arguments {
                    HealthcheckArguments::Cmd { arguments, .. } => Parts::command(arguments),
                    HealthcheckArguments::None { none, .. } => Parts::of(none.span.clone()),
                    _ => Parts::default(),
                };
                ("HEALTHCHECK", it.healthcheck.span.start, parts.with_flags(&it.options))
            }
            Parsed::Label(it) => ("LABEL", it.label.span.start, text(&it.arguments)),
            Parsed::Maintainer(it) => ("MAINTAINER", it.maintainer.span.start, text(&it.name)),
            Parsed::Onbuild(it) => {
                let (_, inner, parts) = self.parts(&it.instruction);
                let end = parts.end;
                (
                    "ONBUILD",
                    it.onbuild.span.start,
                    Parts { end, ..Parts::of(inner..end.max(inner)) },
                )
            }
            Parsed::Run(it) => {
                let mut parts = Parts::command(&it.arguments).with_flags(&it.options);
                parts.documents = it.here_docs.iter().map(|doc| doc.value.to_string()).collect();
                parts.end = it.here_docs.last().map_or(parts.end, |doc| doc.span.end);
                ("RUN", it.run.span.start, parts)
            }
            Parsed::Shell(it) => {
                let parts = Parts::of(around(&it.arguments));
                ("SHELL", it.shell.span.start, Parts { words: Some(words(&it.arguments)), ..parts })
            }
            Parsed::Stopsignal(it) => ("STOPSIGNAL", it.stopsignal.span.start, text(&it.arguments)),
            Parsed::User(it) => ("USER", it.user.span.start, text(&it.arguments)),
            Parsed::Volume(it) => {
                let parts = match &it.arguments {
                    JsonOrStringArray::Json(list) => {
                        Parts { words: Some(words(&list.value)), ..Parts::of(list.span.clone()) }
                    }
                    JsonOrStringArray::String(list) => Parts::of(around(list)),
                };
                ("VOLUME", it.volume.span.start, parts)
            }
            Parsed::Workdir(it) => ("WORKDIR", it.workdir.span.start, text(&it.arguments)),
            // `FROM` is read elsewhere; the enumeration is open to new instructions.
            _ => ("", 0, Parts::default()),
        }
    }

    fn copied(
        &self,
        sources: &[Source<'_>],
        destination: &UnescapedString<'_>,
        flags: &[Flag<'_>],
    ) -> Parts {
        let mut copied = Copied { destination: destination.value.to_string(), ..Copied::default() };
        let mut parts = Parts::default();
        let mut start = destination.span.start;
        let mut end = destination.span.end;
        for source in sources {
            match source {
                Source::Path(path) => {
                    start = start.min(path.span.start);
                    let place = Place::new(self.path, span(path.span.start, path.span.end));
                    copied.sources.push(Located { value: path.value.to_string(), place });
                }
                Source::HereDoc(document) => {
                    end = end.max(document.span.end);
                    parts.documents.push(document.value.to_string());
                }
                _ => {}
            }
        }
        parts.arguments = start..destination.span.end;
        parts.end = end;
        parts.copied = Some(copied);
        // `["a b", "/c/"]`: the brackets stand outside of the words.
        let before = self.masked[..start].trim_end_matches(['"', ' ', '\t']);
        if before.ends_with('[') && self.masked[destination.span.end..].starts_with('"') {
            let sources = sources.iter().filter_map(|source| match source {
                Source::Path(path) => Some(path.value.to_string()),
                _ => None,
            });
            parts.words = Some(sources.chain([destination.value.to_string()]).collect());
        }
        parts.with_flags(flags)
    }

    /// The text of an instruction as a shell may read it: comments and empty lines between continued lines are blanked, and
    /// the escape character is a backslash. Its length stays.
    fn joined(&self, range: std::ops::Range<usize>) -> String {
        let raw = &self.masked[range];
        if !raw.contains('\n') {
            return raw.to_owned();
        }
        let mut joined = String::with_capacity(raw.len());
        let mut continued = false;
        for line in raw.split_inclusive('\n') {
            let code = line.trim();
            if continued && (code.is_empty() || code.starts_with('#')) {
                joined.extend(std::iter::repeat_n(' ', line.len()));
                continue;
            }
            continued = code.ends_with(self.escape);
            let Some(at) = line.rfind(self.escape).filter(|_| continued) else {
                joined.push_str(line);
                continue;
            };
            // Blanks behind the escape character are allowed, and nothing to a shell.
            joined.push_str(&line[..at]);
            let rest = line.len() - at;
            joined.extend(std::iter::repeat_n(' ', rest.saturating_sub(2)));
            joined.push_str(if rest > 1 { "\\\n" } else { " " });
        }
        joined
    }
}

/// Sorts instructions into stages, and says which of them are shipped.
fn stages(items: Vec<Item>, arguments: &Variables) -> Vec<Stage> {
    let mut stages: Vec<Stage> = Vec::new();
    for item in items {
        match item {
            Item::From { image, name } => {
                let base = base(&stages, image, arguments);
                let instructions = Vec::new();
                stages.push(Stage { name, base, instructions, shipped: false });
            }
            Item::Other(instruction) => {
                if let Some(stage) = stages.last_mut() {
                    stage.instructions.push(instruction);
                }
            }
        }
    }
    let mut next = stages.len().checked_sub(1);
    while let Some(stage) = next.and_then(|index| stages.get_mut(index)) {
        stage.shipped = true;
        next = stage.base.stage;
    }
    stages
}

fn base(earlier: &[Stage], written: Located<String>, arguments: &Variables) -> Base {
    let expanded = arguments.expand(&written.value);
    let of_name = |name: &str| {
        earlier.iter().rposition(|stage| {
            stage.name.as_deref().is_some_and(|other| other.eq_ignore_ascii_case(name))
        })
    };
    let stage = expanded.known().and_then(|name| of_name(name));
    let image = match expanded {
        Fact::Known(name) => ImageName::parse(&name).map_or_else(
            || Fact::Unknown(format!("`{name}` is not the name of an image")),
            Fact::Known,
        ),
        Fact::Unknown(reason) => Fact::Unknown(reason),
    };
    Base { written, image, stage }
}
