//! What clock the times of a project are of, and which columns its models have. Knows texts of the project's files, no types.

use roadworthy_engine::FileContext;
use roadworthy_parser::Node;

use crate::shared::code::nodes::around;
use crate::shared::code::text::{beginning, is_of_name, last_part_of_line};
use crate::shared::code::words::last_part;

/// Whether most times of the component are UTC, so that local time is the odd one. Where nearly all are local, local time is
/// what everybody there reads.
pub(super) fn is_utc(file: &FileContext<'_>) -> bool {
    let find = || {
        let (mut local, mut utc) = (0, 0);
        each_text(file, |text| {
            let found = count(text);
            local += found.0;
            utc += found.1;
        });
        utc * 2 >= local * 3
    };
    let Some((facts, known)) = file.in_facts() else { return find() };
    facts.answer(known.component, "most times are UTC".to_owned(), find)
}

/// How many times of a text are local, and how many are UTC or have a zone.
fn count(text: &str) -> (usize, usize) {
    let (mut local, mut utc) = (0, 0);
    for (at, name) in text.match_indices("datetime.now") {
        let rest = &text[at + name.len()..];
        match rest.strip_prefix('(') {
            Some(given) if given.trim_start().starts_with(')') => local += 1,
            Some(_) => utc += 1,
            None if rest.starts_with([',', ')', '\n']) => local += 1,
            None => {}
        }
    }
    for name in ["utcnow", "utc_now(", "now_utc(", "timezone.now"] {
        utc += text.matches(name).count();
    }
    (local, utc)
}

/// What the models of a project say of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Column {
    /// No model has one of the name.
    Missing,
    /// All of the name keep zones.
    Zoned,
    /// Anything else.
    Other,
}

/// The column that a time is written to, or compared with; `None` where no name of one is seen.
pub(super) fn column(file: &FileContext<'_>, value: Node<'_>) -> Option<Column> {
    let (facts, known) = file.in_facts()?;
    let name = attribute_of(file, value)?;
    let ask = |question: &str, find: &dyn Fn() -> bool| {
        facts.answer(known.component, format!("column {name} {question}"), find)
    };
    let is_missing = || !ask("is declared", &|| of_columns(file, name).any);
    Some(if is_missing() || lacks_column(file, value, name) {
        Column::Missing
    } else if ask("keeps zones", &|| of_columns(file, name).all_keep_zones()) && !is_in_sqlite(file)
    {
        Column::Zoned
    } else {
        Column::Other
    })
}

/// Whether a column of a name is that of a model of the component.
pub(super) fn is_column(file: &FileContext<'_>, name: &str) -> bool {
    file.in_facts().is_some_and(|(facts, known)| {
        facts.answer(known.component, format!("{name} is a column"), || {
            of_columns(file, name).columns > 0
        })
    })
}

/// Whether all engines of the component are handed the address of a file of `SQLite`, which keeps no zone whatever the column
/// says: by a literal, or by a name that stands for one in the same file.
pub(super) fn is_in_sqlite(file: &FileContext<'_>) -> bool {
    let find = || {
        let (mut engines, mut sqlite) = (0, 0);
        each_text(file, |text| {
            let found = count_engines(text);
            engines += found.0;
            sqlite += found.1;
        });
        engines > 0 && sqlite == engines
    };
    let Some((facts, known)) = file.in_facts() else { return find() };
    facts.answer(known.component, "all engines are of SQLite".to_owned(), find)
}

/// How many engines a text makes, and how many of them for `SQLite`.
fn count_engines(text: &str) -> (usize, usize) {
    let (mut engines, mut sqlite) = (0, 0);
    for name in ["create_engine(", "create_async_engine("] {
        for (at, _) in text.match_indices(name).filter(|(at, _)| !text[..*at].ends_with("def ")) {
            let given = text[at + name.len()..].trim_start().trim_start_matches("url=");
            let end = given.find([',', ')', '\n']).unwrap_or(given.len());
            let given = given[..end].trim();
            let literal = if is_literal(given) { Some(given) } else { value_of(text, given) };
            let address = literal.map(|it| it.trim_start_matches(['f', '"', '\'']));
            engines += 1;
            sqlite += usize::from(address.is_some_and(|it| it.starts_with("sqlite")));
        }
    }
    (engines, sqlite)
}

fn is_literal(text: &str) -> bool {
    text.strip_prefix('f').unwrap_or(text).starts_with(['"', '\''])
}

/// The literal that a name of a module stands for.
fn value_of<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let mut bound = text.lines().filter_map(|line| {
        let rest = line.strip_prefix(name)?.trim_start();
        let rest = rest.strip_prefix(": str").unwrap_or(rest).trim_start();
        rest.strip_prefix('=').map(str::trim)
    });
    let only = bound.next()?;
    // What stands behind the literal may choose another address.
    let inside = only.strip_prefix('f').unwrap_or(only);
    let quote = inside.chars().next().filter(|it| matches!(it, '"' | '\''))?;
    let is_closed = inside[1..].strip_suffix(quote).is_some_and(|it| !it.contains(quote));
    (is_closed && bound.next().is_none()).then_some(only)
}

/// Whether the column that a time is written to gets UTC by itself, in each model that has one of the name.
pub(super) fn is_of_utc(file: &FileContext<'_>, value: Node<'_>) -> bool {
    let Some((facts, known)) = file.in_facts() else { return false };
    attribute_of(file, value).is_some_and(|name| {
        facts.answer(known.component, format!("column {name} gets UTC"), || {
            let found = of_columns(file, name);
            found.utc > 0 && found.utc + found.migrated >= found.columns
        })
    })
}

/// Whether the column that a time is the default of, or written to, has a type of the project's own that converts what it is handed,
/// and takes a time without a zone for local time as it does so
/// (<https://docs.sqlalchemy.org/en/20/core/custom_types.html#store-timezone-aware-timestamps-as-timezone-naive-utc>).
pub(super) fn is_converted(file: &FileContext<'_>, value: Node<'_>) -> bool {
    if let Some(name) = attribute_of(file, value) {
        let mut converted = Vec::new();
        each_text(file, |text| {
            let columns = declarations(text, name).filter(|it| it.contains("olumn("));
            converted.extend(columns.map(|it| converts(file, it)));
        });
        return !converted.is_empty() && converted.iter().all(|it| *it);
    }
    let default = around(value).find(|it| it.kind() == "keyword_argument");
    let declared = default.and_then(|it| it.parent());
    declared.is_some_and(|it| converts(file, file.text(it)))
}

/// Whether what declares a column names a type of the component whose values are put into another zone on their way there.
fn converts(file: &FileContext<'_>, declaration: &str) -> bool {
    let Some((facts, known)) = file.in_facts() else { return false };
    let names = declaration.split(|it| !is_of_name(it));
    names.filter(|it| it.starts_with(char::is_uppercase)).any(|name| {
        facts.answer(known.component, format!("{name} converts times"), || {
            let head = format!("class {name}(");
            let mut found = false;
            each_text(file, |text| {
                let class = text.split_once(&head).map(|it| it.1);
                let class = class.and_then(|it| it.split("\nclass ").next()).unwrap_or_default();
                let bound = class.split_once("def process_bind_param").map(|it| it.1);
                let bound = bound.and_then(|it| it.split("\n    def ").next()).unwrap_or_default();
                let is_type = class.lines().next().is_some_and(|it| it.contains("TypeDecorator"));
                found |= is_type && bound.contains("astimezone(");
            });
            found
        })
    })
}

/// Whether the same file gives UTC to an attribute of the name that a time is given to, or compared with.
pub(super) fn is_given_utc(file: &FileContext<'_>, value: Node<'_>) -> bool {
    let Some(name) = attribute_of(file, value) else { return false };
    let is_utc =
        |it: &str| ["utcnow(", "timezone.utc", "UTC)"].iter().any(|word| it.contains(word));
    file.source.text().lines().any(|line| {
        line.split_once(" = ").is_some_and(|(target, given)| {
            target.rsplit_once('.').is_some_and(|(_, attribute)| attribute == name) && is_utc(given)
        })
    })
}

/// The zone that a container of the component sets its clock to, where that is not UTC.
pub(super) fn zone_of_clock(file: &FileContext<'_>) -> Option<String> {
    let (facts, known) = file.in_facts()?;
    let containers = facts.containers();
    let own = |component: Option<usize>| component.is_none_or(|it| it == known.component);
    let of_processes = containers.processes.iter().filter(|it| own(it.component)).flat_map(|it| {
        let set = it.environment.iter().filter(|(name, _)| name == "TZ");
        set.filter_map(|(_, value)| value.clone())
    });
    let of_images = containers.images.iter().filter(|it| own(it.component)).flat_map(|image| {
        image.stages.iter().flat_map(|it| &it.instructions).filter_map(|it| {
            let set = it.arguments.value.strip_prefix("TZ")?;
            (it.keyword == "ENV").then(|| set.trim_start_matches(['=', ' ']).to_owned())
        })
    });
    let zones = of_processes.chain(of_images);
    let zones = zones.map(|it| it.trim_matches(['"', '\'']).to_owned());
    zones.into_iter().find(|it| it.contains('/') && !it.contains(['$', ' ']) && !is_utc_zone(it))
}

fn is_utc_zone(zone: &str) -> bool {
    zone.starts_with("Etc/")
        || matches!(zone, "Africa/Abidjan" | "Africa/Accra" | "Africa/Dakar" | "Atlantic/Reykjavik")
}

/// What the declarations of a name in a component are.
#[derive(Default)]
struct Declared {
    any: bool,
    columns: usize,
    zoned: usize,
    /// Those that get UTC without a zone where nothing is given.
    utc: usize,
    /// Those that stand by their name in quotes, as in migrations, which say little of what is given.
    migrated: usize,
}

impl Declared {
    fn all_keep_zones(&self) -> bool {
        self.columns > 0 && self.zoned == self.columns
    }
}

fn of_columns(file: &FileContext<'_>, name: &str) -> Declared {
    let mut found = Declared::default();
    each_text(file, |text| {
        for declaration in declarations(text, name) {
            found.any = true;
            // What describes an answer has fields of the same names.
            if declaration.to_ascii_lowercase().contains("column(") || declaration.starts_with(',')
            {
                found.columns += 1;
                found.zoned += usize::from(ZONES.iter().any(|it| declaration.contains(it)));
                found.utc += usize::from(declaration.contains("utcnow"));
                found.migrated += usize::from(declaration.starts_with(','));
            }
        }
    });
    found
}

/// What the declaration of a column that keeps zones holds.
const ZONES: [&str; 4] = ["timezone=True", "TIMESTAMPTZ", "UTCDateTime", "UtcDateTime"];

/// The name of the attribute that a value is given to, or compared with.
fn attribute_of<'a>(file: &FileContext<'a>, value: Node<'_>) -> Option<&'a str> {
    let statement = around(value)
        .take_while(|it| !it.kind().ends_with("statement") && it.kind() != "block")
        .find(|it| matches!(it.kind(), "assignment" | "comparison_operator"))?;
    let mut cursor = statement.walk();
    let other = match statement.child_by_field_name("left") {
        Some(left) => Some(left),
        None => statement.named_children(&mut cursor).find(|it| {
            it.kind() == "attribute"
                && !(it.start_byte()..it.end_byte()).contains(&value.start_byte())
        }),
    };
    other.filter(|it| it.kind() == "attribute").map(|it| last_part(file.text(it)))
}

/// Whether the model of the object that a time is given to has no such column: where the function says by its hint which
/// class it returns, and returns that object.
fn lacks_column(file: &FileContext<'_>, value: Node<'_>, name: &str) -> bool {
    const BASES: [&str; 5] = ["(Base)", "(DeclarativeBase)", "(Model)", "(SQLModel)", "(db.Model)"];
    let found = || {
        let (_, known) = file.in_facts()?;
        let function = file.function_at(value.start_byte() as u32)?;
        let target = around(value).find_map(|it| it.child_by_field_name("left"))?;
        let (object, _) = file.text(target).rsplit_once('.')?;
        let returned = format!("return {object}\n");
        if !file.source.text()[function.body.start as usize..].contains(&returned) {
            return None;
        }
        let hint = file.slice(file.outline.signature(function).returns?);
        let hint = hint.trim_start_matches("Optional[").trim_end_matches(']');
        let class = hint.split('|').next()?.trim().trim_matches(['"', '\'']);
        class.bytes().all(|it| it.is_ascii_alphanumeric()).then_some((class, known.component))
    };
    let Some((class, component)) = found() else { return false };
    let Some((facts, _)) = file.in_facts() else { return false };
    facts.answer(component, format!("{class} has no column {name}"), || {
        let head = format!("class {class}(");
        let (mut models, mut with_column) = (0, 0);
        each_text(file, |text| {
            if let Some(at) = text.find(&head) {
                let class = &text[at + head.len() - 1..];
                let end = class.find("\nclass ").unwrap_or(class.len());
                models += usize::from(BASES.iter().any(|it| class.starts_with(it)));
                with_column += usize::from(class[..end].contains(name));
            }
        });
        models == 1 && with_column == 0
    })
}

/// The statements of a text that declare a field of a name.
fn declarations<'a>(text: &'a str, name: &str) -> impl Iterator<Item = &'a str> {
    const MARKS: [&str; 5] = ["column(", "field(", "datetime", "timestamp", "fields."];
    // No longer are lines and statements that declare a column.
    const LONGEST: usize = 400;
    text.match_indices(name).filter_map(move |(at, _)| {
        let before = last_part_of_line(&text[..at], LONGEST).trim_start();
        let rest = beginning(&text[at + name.len()..], LONGEST).trim_start_matches(['"', '\'']);
        let is_bound = before.trim_matches(['"', '\'']).is_empty()
            && rest.trim_start().starts_with(['=', ':'])
            || before.trim_end_matches(['"', '\'']).ends_with("Column(") && rest.starts_with(',');
        let declaration = is_bound.then(|| &rest[..end_of_statement(rest)])?;
        let lower = declaration.to_ascii_lowercase();
        let is_value = lower.trim_start().starts_with('=')
            && lower.contains("datetime.")
            && !["column(", "field("].iter().any(|it| lower.contains(it));
        (!is_value && MARKS.iter().any(|it| lower.contains(it))).then_some(declaration)
    })
}

/// Where the statement that a text begins within ends: at the end of a line outside of parentheses.
fn end_of_statement(text: &str) -> usize {
    let mut depth = 0_i32;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'(' | b'[' => depth += 1,
            b')' | b']' => depth -= 1,
            b'\n' if depth <= 0 => return at,
            _ => {}
        }
    }
    text.len()
}

/// Hands over the text of each file of the component's product; of the file alone where no project is known.
fn each_text(file: &FileContext<'_>, mut take: impl FnMut(&str)) {
    let Some((facts, known)) = file.in_facts() else {
        take(file.source.text());
        return;
    };
    let project = facts.project();
    for other in &project.files {
        let is_own = other.path == known.path;
        let is_product = other.kind.is_python()
            && other.component == known.component
            && other.path_role.is_none();
        if is_own {
            take(file.source.text());
        } else if is_product && let Some(source) = facts.source(other) {
            take(source.text());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_counted_by_their_clock() {
        assert_eq!(count("datetime.now()\ndefault=datetime.now,\n"), (2, 0));
        assert_eq!(count("datetime.now(UTC); datetime.utcnow(); timezone.now()"), (0, 3));
    }

    #[test]
    fn engines_of_sqlite_are_told_from_others() {
        assert_eq!(count_engines("e = create_engine(\"sqlite:///a.db\", echo=True)\n"), (1, 1));
        assert_eq!(count_engines("URL = 'sqlite:///a.db'\ne = create_engine(\n    URL)\n"), (1, 1));
        let written = "URL = f\"sqlite:///{PATH}\"\ne = create_engine(URL, echo=True)\n";
        assert_eq!(count_engines(written), (1, 1));
        assert_eq!(count_engines("e = create_engine(f'sqlite:///{PATH}')\n"), (1, 1));
        assert_eq!(count_engines("e = create_async_engine(settings.url)\n"), (1, 0));
        assert_eq!(
            count_engines("U = os.getenv('U', 'sqlite://')\ne = create_engine(U)\n"),
            (1, 0)
        );
    }

    #[test]
    fn columns_are_told_from_other_uses_of_a_name() {
        let found = |text: &'static str| declarations(text, "paid_at").count();
        assert_eq!(found("    paid_at = Column(\n        DateTime(timezone=True),\n    )\n"), 1);
        assert_eq!(found("    paid_at: Mapped[datetime]\n"), 1);
        assert_eq!(found("    paid_at = order.paid_at\n"), 0);
        assert_eq!(found("    paid_at = datetime.now()\n"), 0);
        assert_eq!(found("    was_paid_at = Column(DateTime)\n"), 0);
        assert_eq!(found("    Column('paid_at', types.DateTime),\n"), 1);
    }
}
