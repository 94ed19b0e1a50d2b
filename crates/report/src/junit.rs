//! Findings as failed test cases, for what shows test results. Holds no source text.

use std::io::{self, Write};

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};
use roadworthy_engine::Finding;

use crate::{Report, clean};

/// Writes a suite for each file with findings and a case for each of them. A clean run is one case that passes, as
/// viewers take a report without cases for a failure; a run that looked at nothing is one that was skipped.
pub fn junit(out: &mut dyn Write, report: &Report<'_>) -> io::Result<()> {
    let count = report.findings.len().to_string();
    let cases = report.findings.len().max(1).to_string();
    let unread = report.files.iter().all(|file| file.role.is_none());
    let mut xml = Writer::new_with_indent(out, b' ', 2);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    xml.create_element("testsuites")
        .with_attributes([("name", "roadworthy"), ("tests", &cases), ("failures", &count)])
        .with_attribute(("errors", "0"))
        .write_inner_content(|xml| {
            if report.findings.is_empty() {
                return nothing_found(xml, unread);
            }
            report.findings.chunk_by(|a, b| a.path == b.path).try_for_each(|file| suite(xml, file))
        })?;
    writeln!(xml.get_mut())
}

fn nothing_found(xml: &mut Writer<&mut dyn Write>, unread: bool) -> io::Result<()> {
    let skipped = if unread { "1" } else { "0" };
    xml.create_element("testsuite")
        .with_attributes([("name", "roadworthy"), ("tests", "1"), ("failures", "0")])
        .with_attributes([("errors", "0"), ("skipped", skipped)])
        .write_inner_content(|xml| {
            let case = xml.create_element("testcase").with_attribute(("classname", "roadworthy"));
            if unread {
                let case = case.with_attribute(("name", "No file was judged"));
                case.write_inner_content(|xml| {
                    xml.create_element("skipped").write_empty().map(|_| ())
                })?;
            } else {
                case.with_attribute(("name", "Nothing found")).write_empty()?;
            }
            Ok(())
        })?;
    Ok(())
}

/// The findings of one file.
fn suite(xml: &mut Writer<&mut dyn Write>, findings: &[Finding]) -> io::Result<()> {
    let Some(first) = findings.first() else { return Ok(()) };
    let (path, count) = (text(first.path.as_str()), findings.len().to_string());
    xml.create_element("testsuite")
        .with_attributes([("name", &*path), ("tests", &count), ("failures", &count)])
        .with_attributes([("errors", "0"), ("skipped", "0")])
        .write_inner_content(|xml| findings.iter().try_for_each(|it| case(xml, it, &path)))?;
    Ok(())
}

fn case(xml: &mut Writer<&mut dyn Write>, finding: &Finding, path: &str) -> io::Result<()> {
    let (message, level) = (text(&finding.message), finding.severity.name());
    let (line, column) = (finding.start.line.to_string(), finding.start.column);
    let mut body = format!("{path}:{line}:{column}: {level}[{}] {message}", finding.rule.name);
    if !finding.rule.fix.is_empty() {
        body.push_str("\nhelp: ");
        body.push_str(&text(finding.rule.fix));
    }
    xml.create_element("testcase")
        .with_attributes([("name", finding.rule.name), ("classname", path)])
        .with_attributes([("file", path), ("line", &line)])
        .write_inner_content(|xml| {
            xml.create_element("failure")
                .with_attributes([("message", &*message), ("type", level)])
                .write_text_content(BytesText::new(&body))?;
            Ok(())
        })?;
    Ok(())
}

/// A text without the characters that XML cannot hold, escaped or not.
fn text(text: &str) -> String {
    clean(text).replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}")
}
