//! YAML to values: every document of a file, anchors and merge keys resolved within bounds.

use granit_parser::{Event, Parser, ScalarStyle};
use rustc_hash::FxHashMap;

use super::{SyntaxFault, span};
use crate::facts::value::{Data, Key, Value};

/// The most values that a file may have with its aliases written out: ten aliases of ten aliases, ten times over, are a
/// billion. A workflow has a few hundred.
const MOST_VALUES: usize = 500_000;
/// How deep values may lie in one another.
const DEEPEST: usize = 128;

/// Parses all documents of a file.
pub(crate) fn parse(text: &str) -> Result<Vec<Value>, SyntaxFault> {
    // The parser gives up on a hundred lines of comments in a row. Without them every place stays where it is, and the scripts
    // that may hold some mean the same.
    parse_as_written(text).or_else(|fault| {
        let blank = without_comments(text);
        blank.and_then(|blank| parse_as_written(&blank).ok()).ok_or(fault)
    })
}

/// The text with blanks for the lines of long comments, if it has any; short ones may be lines of a script, which has to
/// keep its indentation.
fn without_comments(text: &str) -> Option<String> {
    const MANY: usize = 50;
    let is_comment = |line: &str| line.trim_start().starts_with('#');
    let says_nothing = |line: &str| is_comment(line) || line.trim().is_empty();
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let mut found = String::with_capacity(text.len());
    let mut any = false;
    for run in lines.chunk_by(|one, next| says_nothing(one) == says_nothing(next)) {
        let is_long = run.iter().filter(|line| is_comment(line)).count() >= MANY;
        any |= is_long;
        for line in run {
            let length = if is_long && is_comment(line) { line.trim_end().len() } else { 0 };
            found.extend(std::iter::repeat_n(' ', length));
            found.push_str(&line[length..]);
        }
    }
    any.then_some(found)
}

fn parse_as_written(text: &str) -> Result<Vec<Value>, SyntaxFault> {
    let mut builder = Builder { text, ..Builder::default() };
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    builder.shift = builder.text.len() - text.len();
    for event in Parser::new_from_str(text) {
        match event {
            Ok((event, place)) => builder.take(event, place)?,
            Err(error) => {
                let offset = error.marker().byte_offset().unwrap_or(0) + builder.shift;
                // What it says is made of fixed words: no value of the file is in it.
                let sentence = format!("is not valid YAML: {}", error.info());
                return Err(SyntaxFault::at(builder.text, offset, sentence));
            }
        }
    }
    Ok(builder.documents)
}

#[derive(Default)]
struct Builder<'t> {
    text: &'t str,
    /// The length of a byte-order mark before what the parser sees.
    shift: usize,
    documents: Vec<Value>,
    open: Vec<Open>,
    anchors: FxHashMap<usize, (Value, usize)>,
    values: usize,
    /// Behind the last scalar or closing bracket.
    last_end: usize,
}

/// A list or table that is not closed yet.
struct Open {
    start: usize,
    anchor: usize,
    /// How many values there were when it began.
    before: usize,
    is_table: bool,
    items: Vec<Value>,
    entries: Vec<(Key, Value)>,
    key: Option<Key>,
}

impl Builder<'_> {
    fn take(&mut self, event: Event<'_>, place: granit_parser::Span) -> Result<(), SyntaxFault> {
        let range = place.byte_range().unwrap_or(0..0);
        let (start, end) = (range.start + self.shift, range.end + self.shift);
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let data = match tag {
                    Some(_) => Data::Text(text.into_owned()),
                    None => scalar(&text, style),
                };
                let value = Value::new(span(start, end), data);
                self.values += 1;
                self.last_end = end;
                if anchor != 0 {
                    self.anchors.insert(anchor, (value.clone(), 1));
                }
                self.put(value, start)
            }
            Event::Alias(anchor) => {
                let Some((value, size)) = self.anchors.get(&anchor).cloned() else {
                    return Ok(());
                };
                self.values += size;
                self.last_end = end;
                self.put(value, start)
            }
            Event::SequenceStart(_, anchor, _) => self.begin(start, anchor, false),
            Event::MappingStart(_, anchor, _) => self.begin(start, anchor, true),
            Event::SequenceEnd | Event::MappingEnd => {
                // The end of a block stands where the next one begins, behind blanks and comments.
                if start < end {
                    self.last_end = end;
                }
                self.end(self.last_end)
            }
            Event::DocumentEnd => {
                self.anchors.clear();
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn begin(&mut self, start: usize, anchor: usize, is_table: bool) -> Result<(), SyntaxFault> {
        if self.open.len() >= DEEPEST {
            let sentence = format!("is nested deeper than {DEEPEST} levels");
            return Err(SyntaxFault::at(self.text, start, sentence));
        }
        self.values += 1;
        let (before, items, entries, key) = (self.values, Vec::new(), Vec::new(), None);
        self.open.push(Open { start, anchor, before, is_table, items, entries, key });
        Ok(())
    }

    fn end(&mut self, end: usize) -> Result<(), SyntaxFault> {
        let Some(open) = self.open.pop() else { return Ok(()) };
        let data = if open.is_table { merged(open.entries) } else { Data::List(open.items) };
        let value = Value::new(span(open.start, end), data);
        if open.anchor != 0 {
            self.anchors.insert(open.anchor, (value.clone(), self.values - open.before + 1));
        }
        self.put(value, open.start)
    }

    fn put(&mut self, value: Value, at: usize) -> Result<(), SyntaxFault> {
        if self.values > MOST_VALUES {
            let sentence = "holds too many values, with its aliases written out";
            return Err(SyntaxFault::at(self.text, at, sentence));
        }
        match self.open.last_mut() {
            None => self.documents.push(value),
            Some(open) if !open.is_table => open.items.push(value),
            Some(open) => {
                if let Some(key) = open.key.take() {
                    open.entries.push((key, value));
                } else {
                    let name = value.scalar().unwrap_or_default().to_owned();
                    open.key = Some(Key { span: value.span, name });
                }
            }
        }
        Ok(())
    }
}

/// What an unquoted scalar is: as YAML 1.2 says, and as GitHub and Compose read it. `on` and `yes` are texts, `3.10`
/// keeps its letters.
fn scalar(text: &str, style: ScalarStyle) -> Data {
    if style != ScalarStyle::Plain {
        return Data::Text(text.to_owned());
    }
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Data::Null,
        "true" | "True" | "TRUE" => Data::Flag(true),
        "false" | "False" | "FALSE" => Data::Flag(false),
        _ if text.parse::<f64>().is_ok() && text.ends_with(|it: char| it.is_ascii_digit()) => {
            Data::Number(text.to_owned())
        }
        _ => Data::Text(text.to_owned()),
    }
}

/// Writes out `<<`, whose entries give way to the table's own.
fn merged(entries: Vec<(Key, Value)>) -> Data {
    if entries.iter().all(|(key, _)| key.name != "<<") {
        return Data::Table(entries);
    }
    let (merges, mut own): (Vec<_>, Vec<_>) =
        entries.into_iter().partition(|(key, _)| key.name == "<<");
    for (_, merge) in merges {
        for table in merge.one_or_many() {
            for (key, value) in table.entries() {
                if own.iter().all(|(known, _)| known.name != key.name) {
                    own.push((key.clone(), value.clone()));
                }
            }
        }
    }
    Data::Table(own)
}

/// Whether a place lies in the text at all: values of an alias stand where the anchor does.
#[cfg(test)]
fn lies_in(value: &Value, text: &str) -> bool {
    value.span.end as usize <= text.len()
        && value.items().all(|item| lies_in(item, text))
        && value.entries().all(|(_, item)| lies_in(item, text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str) -> Value {
        parse(text).unwrap().remove(0)
    }

    #[test]
    fn many_lines_of_comments_are_no_fault() {
        let comments = "  # ünused\n".repeat(200);
        let value = one(&format!("a:\n{comments}  - b\nc: d\n"));
        assert_eq!(value.at(&["c"]).and_then(Value::text), Some("d"));
        let item = value.get("a").unwrap().items().next().unwrap();
        assert_eq!(item.span.start as usize, 3 + comments.len() + 4);
        assert!(parse(&format!("a: [\n{comments}")).is_err());
        // What stands in a script is no comment of YAML's: its indentation is that of the script.
        let script = format!("a:\n{comments}  b: |\n    # of a script\n      c\n");
        let text = one(&script).at(&["a", "b"]).and_then(Value::text).map(str::to_owned);
        assert_eq!(text.as_deref(), Some("# of a script\n  c\n"));
    }

    #[test]
    fn every_value_knows_its_place() {
        let text = "\u{feff}on:\n  push:\n    branches: [main, 'r/é']\njobs:\n  a:\n    python: 3.10\n\n# end\n";
        let value = one(text);
        let branches = value.at(&["on", "push", "branches"]).unwrap();
        let texts: Vec<_> = branches.items().map(|item| item.span.of_text(text)).collect();
        assert_eq!(texts, ["main", "'r/é'"]);
        assert_eq!(value.at(&["jobs", "a", "python"]).unwrap().scalar(), Some("3.10"));
        assert_eq!(value.at(&["jobs"]).unwrap().key("a").unwrap().span.of_text(text), "a");
        assert!(value.get("jobs").unwrap().span.of_text(text).ends_with("3.10"));
        assert!(lies_in(&value, text));
    }

    #[test]
    fn anchors_merge_keys_and_several_documents() {
        let text = "x: &x {a: 1, b: 2}\ny:\n  <<: *x\n  b: 3\n---\nz: yes\n";
        let all = parse(text).unwrap();
        let y = all[0].get("y").unwrap();
        assert_eq!(
            (y.get("a").unwrap().scalar(), y.get("b").unwrap().scalar()),
            (Some("1"), Some("3"))
        );
        assert_eq!(all[1].get("z").unwrap().text(), Some("yes"));
    }

    #[test]
    fn a_bomb_of_aliases_and_a_tab_are_refused() {
        let mut text = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n".to_owned();
        for level in 1..9 {
            let alias = format!("*a{},", level - 1).repeat(10);
            let aliases = alias.trim_end_matches(',');
            text = format!("{text}a{level}: &a{level} [{aliases}]\n");
        }
        assert!(parse(&text).unwrap_err().sentence.contains("too many"));
        let fault = parse("a:\n\tb: 1\n").unwrap_err();
        assert!(fault.sentence.starts_with("is not valid YAML: tab"), "{}", fault.sentence);
        assert!(parse(&"[".repeat(10_000)).is_err());
        assert!(parse("").unwrap().is_empty());
    }
}
