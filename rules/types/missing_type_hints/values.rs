//! What a value says of its type by the way it is written: literals, displays, comparisons, calls whose result everybody knows.
//! Knows the text of expressions, no function and no file.

/// Functions whose name is the type of what they return, or nearly so.
const PLAIN_CALLS: [&str; 12] = [
    "any()",
    "all()",
    "bool()",
    "callable()",
    "float()",
    "hasattr()",
    "int()",
    "isinstance()",
    "issubclass()",
    "len()",
    "repr()",
    "str()",
];

/// Functions whose result everybody knows, though it is no yes or no.
const KNOWN_CALLS: [&str; 54] = [
    "base64.b64decode()",
    "base64.b64encode()",
    "bytes()",
    "chr()",
    "datetime.datetime.now()",
    "datetime.now()",
    "datetime.utcnow()",
    "dict()",
    "frozenset()",
    "getLogger()",
    "get_logger()",
    "hash()",
    "id()",
    "json.dumps()",
    "jwt.encode()",
    "list()",
    "logging.getLogger()",
    "open()",
    "ord()",
    "os.environ.get()",
    "os.getcwd()",
    "os.getenv()",
    "os.listdir()",
    "os.path.dirname()",
    "os.path.exists()",
    "os.path.join()",
    "pd.concat()",
    "pd.read_csv()",
    "pd.read_excel()",
    "pd.read_parquet()",
    "pd.read_sql()",
    "quote_plus()",
    "re.compile()",
    "re.sub()",
    "round()",
    "secrets.token_hex()",
    "secrets.token_urlsafe()",
    "set()",
    "sorted()",
    "structlog.get_logger()",
    "time.time()",
    "timezone.now()",
    "tuple()",
    "unquote()",
    "unquote_plus()",
    "urlencode()",
    "urljoin()",
    "urllib.parse.quote()",
    "urllib.parse.quote_plus()",
    "urllib.parse.unquote()",
    "urllib.parse.unquote_plus()",
    "urllib.parse.urlencode()",
    "urllib.parse.urljoin()",
    "uuid.uuid4()",
];

/// Methods whose result everybody knows, whatever they are called on.
const KNOWN_METHODS: [&str; 25] = [
    "as_posix",
    "capitalize",
    "digest",
    "endswith",
    "format",
    "hexdigest",
    "is_dir",
    "is_file",
    "isdigit",
    "isoformat",
    "join",
    "lower",
    "lstrip",
    "model_dump",
    "read_bytes",
    "read_text",
    "rstrip",
    "splitlines",
    "startswith",
    "strftime",
    "strip",
    "title",
    "to_dict",
    "total_seconds",
    "upper",
];

/// `Order(day, total)`: whether a value is made by nothing but the call of a class.
pub(super) fn is_construction(value: &str) -> bool {
    let bare = outside_brackets(value);
    let Some(class) = bare.strip_suffix("()") else { return false };
    let last = class.rsplit('.').next().unwrap_or_default();
    if class == "cls" {
        return true;
    }
    last.starts_with(|it: char| it.is_ascii_uppercase())
        && last.contains(|it: char| it.is_ascii_lowercase())
        && class.bytes().all(|it| it.is_ascii_alphanumeric() || matches!(it, b'_' | b'.'))
}

/// `jsonify(order), 201`: whether a value is an answer of Flask or Django, be it with its status.
pub(super) fn is_answer(value: &str) -> bool {
    const MAKERS: [&str; 8] = [
        "abort()",
        "jsonify()",
        "make_response()",
        "redirect()",
        "render()",
        "render_template()",
        "send_file()",
        "send_from_directory()",
    ];
    let inner = value.strip_prefix('(').and_then(|it| it.strip_suffix(')')).unwrap_or(value);
    let bare = outside_brackets(inner.trim().trim_end_matches(','));
    let called = bare.strip_prefix("flask.").unwrap_or(&bare);
    let Some(status) = MAKERS.iter().find_map(|it| called.strip_prefix(it)) else { return false };
    status.is_empty()
        || status.strip_prefix(',').is_some_and(|it| {
            it.trim().bytes().all(|it| it.is_ascii_alphanumeric() || matches!(it, b'_' | b'.'))
        })
}

/// Whether a value shows its type.
pub(super) fn is_shown(value: &str) -> bool {
    if is_literal(value) {
        return true;
    }
    if let Some((first, last)) = alternatives(value) {
        return [first, last].iter().all(|it| *it == "None" || is_shown(it));
    }
    let bare = outside_brackets(value);
    let bare_in = |known: &[&str]| known.contains(&bare.as_str());
    if bare_in(&PLAIN_CALLS) || bare_in(&KNOWN_CALLS) || bare_in(&["[]", "{}"]) || value == "self" {
        return true;
    }
    // `( "a" "b" )`, `(True, "a")`
    if bare == "()"
        && let Some(inner) = value.strip_prefix('(').and_then(|it| it.strip_suffix(')'))
        && outside_brackets(inner).contains(',')
        && parts(inner).all(is_literal)
    {
        return true;
    }
    if bare == "()"
        && let Some(inner) = value.strip_prefix('(').and_then(|it| it.strip_suffix(')'))
        && !outside_brackets(inner).contains([',', ':'])
        && !outside_brackets(inner).contains(" for ")
    {
        return is_shown(inner.trim());
    }
    let called = bare.strip_suffix("()").filter(|it| !it.contains(' '));
    if called
        .and_then(|it| it.rsplit_once('.'))
        .is_some_and(|(object, method)| object == "math" || KNOWN_METHODS.contains(&method))
        || is_coded_text(value, called)
    {
        return true;
    }
    let compares = |part: &str| {
        part.trim_start().starts_with("not ")
            || [" == ", " != ", " <= ", " >= ", " < ", " > ", " is ", " in "]
                .iter()
                .any(|it| part.contains(it))
            || PLAIN_CALLS.contains(&part.trim()) && !matches!(part.trim(), "str()" | "repr()")
    };
    if bare.contains(',') && !bare.contains(':') && parts(value).all(is_literal) {
        return true;
    }
    !bare.contains([',', ':'])
        && !bare.contains(" if ")
        && bare.split(" and ").flat_map(|it| it.split(" or ")).all(compares)
}

/// `raw.decode("utf-8")`, `text.encode()`: whether a value is a text made of bytes, or bytes made of a text. What takes more than
/// the name of the coding is the method of something else: `jwt.decode(token, key)`.
fn is_coded_text(value: &str, called: Option<&str>) -> bool {
    let codes = called.is_some_and(|it| it.ends_with(".decode") || it.ends_with(".encode"));
    codes
        && value.rsplit_once('(').and_then(|it| it.1.strip_suffix(')')).is_some_and(|coding| {
            let is_keyword = |it: &str| it.starts_with("encoding=") || it.starts_with("errors=");
            parts(coding).all(|it| is_literal(it) || is_keyword(it))
        })
}

/// Both values of `first if condition else last`.
fn alternatives(value: &str) -> Option<(&str, &str)> {
    let word = |text: &str, word: &str| {
        let before = |at: usize| text[..at].ends_with(char::is_whitespace);
        let behind = |at: usize| text[at + word.len()..].starts_with(char::is_whitespace);
        let is_word = |at: &usize| text[*at..].starts_with(word) && before(*at) && behind(*at);
        outermost(text).map(|(at, _)| at).find(is_word)
    };
    let condition = word(value, "if")?;
    let last = condition + word(&value[condition..], "else")?;
    Some((value[..condition].trim(), value[last + "else".len()..].trim()))
}

/// The parts of a text between its commas, but those in brackets and quotes; none behind the last comma.
fn parts(text: &str) -> impl Iterator<Item = &str> {
    let commas = outermost(text).filter(|(_, c)| *c == ',').map(|(at, _)| at);
    let ends = commas.chain([text.len()]);
    let mut from = 0;
    ends.map(move |end| {
        let part = text[from..end].trim();
        from = end + 1;
        part
    })
    .filter(|it| !it.is_empty())
}

/// The letters of a text that stand outside its brackets and quotes, with their places.
fn outermost(text: &str) -> impl Iterator<Item = (usize, char)> {
    let (mut depth, mut at) = (0_usize, 0);
    std::iter::from_fn(move || {
        loop {
            let c = text[at..].chars().next()?;
            let here = at;
            if let Some(length) = quoted_length(&text[at..]) {
                at += length;
                continue;
            }
            at += c.len_utf8();
            match c {
                '(' | '[' | '{' => depth += 1,
                ')' | ']' | '}' => depth = depth.saturating_sub(1),
                _ if depth == 0 => return Some((here, c)),
                _ => {}
            }
        }
    })
}

/// A text without what stands in its brackets and quotes.
pub(super) fn outside_brackets(text: &str) -> String {
    let mut out = String::new();
    let (mut depth, mut at) = (0_usize, 0);
    while let Some(c) = text[at..].chars().next() {
        if let Some(length) = quoted_length(&text[at..]) {
            at += length;
            continue;
        }
        match c {
            '(' | '[' | '{' => {
                if depth == 0 {
                    out.push(c);
                }
                depth += 1;
            }
            ')' | ']' | '}' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    out.push(c);
                }
            }
            _ if depth == 0 => out.push(c),
            _ => {}
        }
        at += c.len_utf8();
    }
    out
}

/// Whether a value is a number, a text or a flag: readers and type checkers see the type.
pub(super) fn is_literal(text: &str) -> bool {
    let text = text.trim();
    let number =
        text.trim_start_matches(['-', '+']).starts_with(|c: char| c.is_ascii_digit() || c == '.');
    let simple =
        !text.contains(['(', '[', '{']) && !text.contains(" if ") && !text.contains(" or ");
    simple && (matches!(text, "True" | "False") || number) || is_text(text)
}

/// Whether a value is made of literal texts, perhaps filled in or joined.
fn is_text(value: &str) -> bool {
    let mut rest = value;
    let mut literals = 0;
    loop {
        let quoted = rest.trim_start_matches(['b', 'B', 'f', 'F', 'r', 'R', 'u', 'U']);
        let Some(length) = quoted_length(quoted) else { break };
        literals += 1;
        rest = quoted[length..].trim_start();
    }
    let goes_on = rest.starts_with(['%', '+'])
        || (rest.starts_with(".format(") || rest.starts_with(".join(")) && rest.ends_with(')');
    literals > 0 && (rest.is_empty() || goes_on && !is_choice(rest))
}

/// Whether an expression picks one of several values.
fn is_choice(text: &str) -> bool {
    [" if ", " or ", " and "].iter().any(|word| text.contains(word))
}

/// The length of the quoted text at the start of `text`, with its quotes.
fn quoted_length(text: &str) -> Option<usize> {
    // Nearly every letter is none of these.
    if !text.starts_with(['"', '\'']) {
        return None;
    }
    let quote = ["\"\"\"", "'''", "\"", "'"].into_iter().find(|quote| text.starts_with(quote))?;
    let mut at = quote.len();
    loop {
        let rest = text.get(at..)?;
        if rest.starts_with(quote) {
            return Some(at + quote.len());
        }
        let mut chars = rest.chars();
        let first = chars.next()?;
        at += first.len_utf8();
        if first == '\\' {
            at += chars.next()?.len_utf8();
        }
    }
}

/// What stands before a semicolon or a comment.
pub(super) fn first_statement(text: &str) -> &str {
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        if matches!(c, ';' | '#') {
            break;
        }
        at += quoted_length(&text[at..]).unwrap_or_else(|| c.len_utf8());
    }
    text[..at].trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_call_of_a_class_shows_what_it_makes() {
        assert!(is_construction("Order(day, total=Total(1))"));
        assert!(is_construction("orders.Order()"));
        for hidden in ["Order.of(day)", "Order(day).total", "ORDER(day)", "load(Order())"] {
            assert!(!is_construction(hidden), "{hidden}");
        }
    }

    #[test]
    fn values_show_their_types() {
        for shown in [
            "True",
            "-1.5",
            "\"a\" + b",
            "f'{a}'",
            "len(a)",
            "a == b and not c",
            "isinstance(a, B)",
            "x in (1, 2)",
            "[x for x in a]",
            "{'a': load(b)}",
            "math.ceil(a / b)",
            "sorted(a)",
            "a.name.strip().lower()",
            "(\n    'a'\n    'b'\n)",
            "a.decode()",
            "a.encode('utf-8', errors='replace')",
            "[1] if a else list(b)",
            "len(a) if a\nelse None",
        ] {
            assert!(is_shown(shown), "{shown}");
        }
        for hidden in [
            "a",
            "load(a)",
            "len(a) + b",
            "(x for x in a)",
            "[a][0]",
            "(a, b)",
            "await a.lower()",
            "a.replace(b)",
            "a in b, a",
            "a and b == c",
            "1 if a == b else c",
            "a or len(b)",
            "lambda x: x == 1",
            "jwt.decode(a, key)",
        ] {
            assert!(!is_shown(hidden), "{hidden}");
        }
    }
}
