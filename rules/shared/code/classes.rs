//! What a file shows of the ancestry of its classes. Knows one file, no rule.

use roadworthy_engine::FileContext;
use roadworthy_parser::Definition;
use rustc_hash::FxHashMap;

/// Where the signature of a method may come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Heritage {
    /// From nowhere else: every base is known, and none has a method of that name.
    Own,
    /// A base in the same file has it.
    Overrides,
    /// Perhaps from a base that the file does not show.
    Unknown,
}

/// Bases that dictate no method but dunder ones.
const HARMLESS: [&str; 13] = [
    "ABC",
    "BaseException",
    "Enum",
    "Exception",
    "Flag",
    "Generic",
    "IntEnum",
    "IntFlag",
    "NamedTuple",
    "Protocol",
    "StrEnum",
    "TypedDict",
    "object",
];

/// The classes of a file by name.
pub(crate) struct Classes<'o> {
    by_name: FxHashMap<&'o str, &'o Definition>,
}

impl<'o> Classes<'o> {
    /// Reads the classes of a file; of several of one name, the last one counts.
    pub(crate) fn new(file: &FileContext<'o>) -> Self {
        let classes = file.outline.definitions.iter().filter(|definition| definition.is_class());
        Self { by_name: classes.map(|class| (file.slice(class.name), class)).collect() }
    }

    /// Where a method of a class gets its signature.
    pub(crate) fn heritage(
        &self,
        file: &FileContext<'_>,
        class: &Definition,
        method: &str,
    ) -> Heritage {
        let mut open = vec![class];
        let mut seen = vec![class.header];
        let mut heritage = Heritage::Own;
        while let Some(class) = open.pop() {
            for argument in file.outline.arguments(class) {
                if argument.keyword.is_some() {
                    continue;
                }
                let written = file.slice(argument.value);
                let name = written.split('[').next().unwrap_or_default().trim();
                if let Some(&base) = self.by_name.get(name) {
                    if has_method(file, base, method) {
                        return Heritage::Overrides;
                    }
                    if !seen.contains(&base.header) {
                        seen.push(base.header);
                        open.push(base);
                    }
                } else if !is_harmless(name) {
                    heritage = Heritage::Unknown;
                }
            }
        }
        heritage
    }
}

/// Whether a base, by its name, dictates no method but dunder ones.
pub(crate) fn is_harmless(base: &str) -> bool {
    let last = base.rsplit('.').next().unwrap_or_default();
    HARMLESS.contains(&last) || last.ends_with("Error") || last.ends_with("Exception")
}

fn has_method(file: &FileContext<'_>, class: &Definition, method: &str) -> bool {
    let first =
        file.outline.definitions.partition_point(|other| other.header.start <= class.header.start);
    let below = file.outline.definitions[first..]
        .iter()
        .take_while(|other| other.header.start < class.span.end);
    let direct = below.into_iter().filter(|other| {
        other.parent.is_some_and(|parent| file.outline.definition(parent).header == class.header)
    });
    direct.into_iter().any(|other| other.is_function() && file.slice(other.name) == method)
}
