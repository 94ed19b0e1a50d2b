//! Frames of short texts: what is shown, what is hidden.

use super::*;

fn show(text: &str, needle: &str, hidden: &[&str]) -> (Frame, String) {
    let span = |needle: &str| {
        let start = text.find(needle).unwrap();
        Span::new(start as u32, (start + needle.len()) as u32)
    };
    let hidden: Vec<_> = hidden.iter().map(|needle| span(needle)).collect();
    let frame = frame(&SourceFile::from_text(text), span(needle), &hidden).unwrap();
    let marked = frame.text[frame.start..frame.end].to_owned();
    (frame, marked)
}

#[test]
fn one_line_of_context_stands_on_either_side() {
    let (frame, marked) = show("a\nb\nc = 1\nd\ne\n", "c = 1", &[]);
    assert_eq!((frame.text.as_str(), frame.first_line), ("b\nc = 1\nd", 2));
    assert_eq!(marked, "c = 1");
}

#[test]
fn blank_context_is_left_out() {
    let (frame, _) = show("\n\nc = 1\n\n", "c = 1", &[]);
    assert_eq!((frame.text.as_str(), frame.first_line), ("c = 1", 3));
}

#[test]
fn a_secret_is_replaced_wherever_it_is_shown() {
    let text = "key = 'hunter2'\nother = call(key)\n";
    let (frame, marked) = show(text, "'hunter2'", &["hunter2"]);
    assert_eq!(frame.text, "key = '[redacted]'\nother = call(key)");
    assert_eq!(marked, "'[redacted]'");
    let (frame, marked) = show(text, "call(key)", &["hunter2"]);
    assert!(!frame.text.contains("hunter2"));
    assert_eq!(marked, "call(key)");
    let (_, marked) = show(text, "nter", &["hunter2"]);
    assert_eq!(marked, "[redacted]");
}

#[test]
fn a_secret_over_several_lines_is_replaced_on_each() {
    let text = "key = '''one\ntwo\nthree'''\n";
    let (frame, _) = show(text, "key", &["one\ntwo\nthree"]);
    assert_eq!(frame.text, "key = '''[redacted]\n[redacted]");
}

#[test]
fn long_lines_are_cut_around_the_range() {
    let text = format!("{}needle{}", "é".repeat(500), "ß".repeat(500));
    let (frame, marked) = show(&text, "needle", &[]);
    assert_eq!(marked, "needle");
    assert!(frame.text.chars().count() <= LINE_WIDTH + 2, "{}", frame.text);
    assert!(frame.text.starts_with('…') && frame.text.ends_with('…'));
}

#[test]
fn a_cut_does_not_begin_inside_a_secret() {
    let text = format!("{}SECRETSECRETSECRETSECRETSECRETSECRETSECRETSECRET + x", " ".repeat(300));
    let secret = "SECRETSECRETSECRETSECRETSECRETSECRETSECRETSECRET";
    let long = format!("{text}{}", " y".repeat(300));
    let (frame, marked) = show(&long, "+ x", &[secret]);
    assert!(!frame.text.contains("SECRET"), "{}", frame.text);
    assert_eq!(marked, "+ x");
}

#[test]
fn a_range_over_many_lines_is_shown_by_its_first() {
    let text = "def f():\n    a\n    b\n    c\n    d\n    e\n";
    let (frame, marked) = show(text, text.trim_end(), &[]);
    assert_eq!(marked, "def f():");
    assert_eq!(frame.text, "def f():\n    a");
}

#[test]
fn escapes_do_not_get_through_and_a_stale_range_shows_nothing() {
    let (frame, _) = show("x = '\u{1b}[31m'\n", "x", &[]);
    assert_eq!(frame.text, "x = '␛[31m'");
    assert_eq!(super::frame(&SourceFile::from_text("ab"), Span::new(1, 5), &[]), None);
}

#[test]
fn the_end_of_the_text_has_a_frame() {
    let source = SourceFile::from_text("x = '");
    let frame = super::frame(&source, Span::empty(5), &[]).unwrap();
    assert_eq!((frame.start, frame.end), (5, 5));
    let empty = super::frame(&SourceFile::from_text(""), Span::empty(0), &[]).unwrap();
    assert_eq!(empty.text, "");
}
