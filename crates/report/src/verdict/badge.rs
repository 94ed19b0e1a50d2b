//! The verdict as a badge: a picture of our own drawing, and what shields.io draws one from. Knows the score and the level.

use std::io::{self, Write};

use roadworthy_verdict::Level;
use serde::Serialize;

use super::{VerdictReport, words};
use crate::json::write;

const LABEL: &str = "roadworthy";
/// The blank on both sides of a text, in pixels.
const MARGIN: f64 = 6.0;

/// What shields.io reads: <https://shields.io/badges/endpoint-badge>.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Endpoint<'e> {
    schema_version: u32,
    label: &'e str,
    message: &'e str,
    color: &'e str,
}

/// Writes the badge as an SVG.
pub fn verdict_badge(out: &mut dyn Write, report: &VerdictReport<'_>) -> io::Result<()> {
    let message = message(report);
    let (left, right) = (2.0 * MARGIN + width(LABEL), 2.0 * MARGIN + width(&message));
    let (whole, at) = (left + right, left + MARGIN);
    let (label, text) = (width(LABEL), width(&message));
    let colour = colours(level(report)).1;
    // `textLength` holds where the font of the reader is another.
    writeln!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{whole:.1}\" height=\"20\" role=\"img\" aria-label=\"{LABEL}: {message}\">\n\
         <title>{LABEL}: {message}</title>\n\
         <clipPath id=\"round\"><rect width=\"{whole:.1}\" height=\"20\" rx=\"3\"/></clipPath>\n\
         <g clip-path=\"url(#round)\"><rect width=\"{left:.1}\" height=\"20\" fill=\"#3a3f45\"/>\
         <rect x=\"{left:.1}\" width=\"{right:.1}\" height=\"20\" fill=\"{colour}\"/></g>\n\
         <g fill=\"#fff\" font-family=\"Verdana,Geneva,DejaVu Sans,sans-serif\" font-size=\"11\">\
         <text x=\"{MARGIN}\" y=\"14\" textLength=\"{label:.1}\">{LABEL}</text>\
         <text x=\"{at:.1}\" y=\"14\" textLength=\"{text:.1}\">{message}</text></g>\n\
         </svg>"
    )
}

/// Writes what shields.io draws a badge from.
pub fn verdict_badge_json(out: &mut dyn Write, report: &VerdictReport<'_>) -> io::Result<()> {
    let color = colours(level(report)).0;
    let message = &message(report);
    write(out, &Endpoint { schema_version: 1, label: LABEL, message, color })
}

fn level(report: &VerdictReport<'_>) -> Option<Level> {
    report.lead().and_then(|lead| lead.level)
}

/// Holds numbers and our own words only, so that nothing of it needs an escape.
fn message(report: &VerdictReport<'_>) -> String {
    let lead = report.lead();
    match lead.and_then(|lead| Some((lead.score?, lead.level?))) {
        // The second number is the one without believing suppressions: a badge must not hide it.
        Some((score, level)) => {
            format!("{} ({}) · {}", score.value, score.unbelieved, words::level(level))
        }
        None => "not assessed".to_owned(),
    }
}

/// The name that shields.io knows, and our own, which white text can be read on.
const fn colours(level: Option<Level>) -> (&'static str, &'static str) {
    match level {
        None => ("lightgrey", "#5c6166"),
        Some(Level::NotRoadworthy) => ("red", "#a8321f"),
        Some(Level::Drivable) => ("yellow", "#8a5a00"),
        Some(Level::Roadworthy) => ("green", "#3c6e1f"),
        Some(Level::RaceReady) => ("brightgreen", "#0b6b4f"),
    }
}

/// How wide a text is in Verdana of 11 pixels.
fn width(text: &str) -> f64 {
    text.chars().map(advance).sum()
}

/// From the metrics of the font, rounded.
const fn advance(character: char) -> f64 {
    match character {
        'i' | 'j' | 'l' => 3.0,
        ' ' => 3.9,
        'f' | 't' | '·' => 4.2,
        'r' | '-' => 4.8,
        '(' | ')' => 5.0,
        'c' | 's' | 'z' => 5.8,
        'k' | 'v' | 'x' | 'y' => 6.5,
        'w' => 9.0,
        'm' => 10.7,
        '0'..='9' => 7.0,
        _ => 6.8,
    }
}
