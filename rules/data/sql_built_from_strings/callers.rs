//! What the callers of a function hand it. Knows what arguments look like.

use roadworthy_engine::FileContext;
use roadworthy_parser::Node;

use crate::shared::code::calls;
use crate::shared::code::handed::all_hand_over;
use crate::shared::code::text::is_of_name;
use crate::shared::code::words::last_part;

/// Whether a value is a parameter, or made of its text alone, for which every caller writes a literal, a constant or one of its
/// members, a number or a date that it makes. Reads the files of the project, so it is asked for last.
pub(super) fn all_give_literals(file: &FileContext<'_>, value: Node<'_>) -> bool {
    let written = file.text(value);
    let is_of_text = |it: &&str| matches!(*it, "lower()" | "upper()" | "strip()" | "title()");
    let name = written.rsplit_once('.').filter(|it| is_of_text(&it.1)).map_or(written, |it| it.0);
    let Some(function) = file.function_at(value.start_byte() as u32) else { return false };
    all_hand_over(file, function, name, |argument, text| {
        is_of_code(argument) || is_of_constant(argument, text)
    })
}

/// Whether a value is an attribute that its class binds to literals, or to a parameter for which every caller writes one.
pub(super) fn is_literal_attribute(file: &FileContext<'_>, value: Node<'_>) -> bool {
    let Some(name) = file.text(value).strip_prefix("self.").filter(|it| !it.contains(['.', '(']))
    else {
        return false;
    };
    let class = file.outline.enclosing(value.start_byte() as u32).find(|it| it.is_class());
    let Some(class) = class else { return false };
    let lines = &file.outline.lines;
    let first = lines.partition_point(|it| it.span.start < class.body.start);
    let own = lines[first..].iter().take_while(|it| it.span.start < class.body.end);
    let mut any = false;
    let all = own
        .filter_map(|line| {
            let (left, right) = file.slice(line.span).split_once('=')?;
            let left = left.trim().trim_start_matches("self.");
            // `table: str = given` and `table += given` bind it, too.
            let rest = left.strip_prefix(name).filter(|it| !it.starts_with(is_of_name))?;
            let is_binding =
                rest.is_empty() || rest.ends_with('+') || rest.trim_start().starts_with(':');
            (is_binding && !right.starts_with('=')).then(|| (line.span.start, right.trim()))
        })
        .all(|(at, right)| {
            any = true;
            let method = file.outline.enclosing(at).find(|it| it.is_function());
            is_of_code(right)
                || method.is_some_and(|it| {
                    all_hand_over(file, it, right, |argument, text| {
                        is_of_code(argument) || is_of_constant(argument, text)
                    })
                })
        });
    any && all
}

/// Whether an argument is a literal, a constant, or made by a call whose result holds no quote.
fn is_of_code(argument: &str) -> bool {
    const PLAIN: [&str; 9] =
        ["int", "float", "len", "UUID", "uuid4", "date", "today", "now", "timedelta"];
    let made =
        argument.split_once('(').filter(|_| argument.ends_with(')')).map(|it| last_part(it.0));
    calls::literal(argument).is_some()
        || argument.parse::<f64>().is_ok()
        || made.is_some_and(|it| PLAIN.contains(&it))
        || is_constant(last_part(argument))
}

fn is_constant(name: &str) -> bool {
    !name.is_empty()
        && name.bytes().all(|it| it.is_ascii_uppercase() || it.is_ascii_digit() || it == b'_')
}

/// Whether a name stands for one member of a constant wherever its file binds it: `for country in COUNTRIES`.
fn is_of_constant(name: &str, text: &str) -> bool {
    let is_member = |value: &str| {
        let root = value.trim().split(|it: char| !(it.is_alphanumeric() || it == '_')).next();
        root.is_some_and(is_constant)
    };
    let bound = text.lines().filter_map(|line| {
        let line = line.trim_start();
        let of_loop = || line.strip_prefix("for ").and_then(|it| it.split_once(" in "));
        let (left, right) = of_loop().or_else(|| line.split_once(" = "))?;
        (left.trim() == name).then(|| is_member(right))
    });
    let mut bound = bound.peekable();
    bound.peek().is_some() && bound.all(|it| it)
}
