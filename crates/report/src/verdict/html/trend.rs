//! The score over earlier reports. Knows what was told then; numbers of different rules are not joined by a line.

use std::fmt::{self, Write as _};

use super::super::VerdictReport;
use super::text::Plain;

/// The reports that are drawn: the latest.
const MOST_POINTS: usize = 24;
const LEFT: f64 = 34.0;
const RIGHT: f64 = 16.0;
/// The room before the first and behind the last point.
const INSET: f64 = 14.0;
const WIDTH: f64 = 380.0;
const TOP: f64 = 18.0;
const HEIGHT: f64 = 150.0;

struct Point<'p> {
    day: &'p str,
    rules: &'p str,
    value: Option<u32>,
}

pub(super) fn trend(page: &mut String, report: &VerdictReport<'_>) -> fmt::Result {
    if report.history.is_empty() {
        return Ok(());
    }
    let mut points: Vec<Point<'_>> = report
        .history
        .iter()
        .map(|earlier| Point {
            day: earlier.as_of.as_deref().unwrap_or("unknown day"),
            rules: &earlier.rule_set,
            value: earlier.score().map(|score| score.value),
        })
        .collect();
    points.push(Point {
        day: report.as_of.unwrap_or("now"),
        rules: &report.verdict.rule_set,
        value: report.lead().and_then(|lead| lead.score).map(|score| score.value),
    });
    let points = &points[points.len().saturating_sub(MOST_POINTS)..];
    page.push_str("<section id=\"trend\" aria-labelledby=\"h-trend\">\n<h2 id=\"h-trend\">Trend</h2>\n<div class=\"pair\">\n");
    picture(page, points)?;
    page.push_str(
        "<table class=\"trend\"><caption>The score at each report, the latest first</caption><thead><tr><th scope=\"col\">As of</th>\
         <th scope=\"col\" class=\"n\">Score</th><th scope=\"col\">Rules</th></tr></thead><tbody>",
    );
    for point in points.iter().rev() {
        let value = point.value.map_or("–".to_owned(), |value| value.to_string());
        let (day, rules) = (Plain(point.day), Plain(point.rules));
        write!(
            page,
            "<tr><th scope=\"row\">{day}</th><td class=\"n\">{value}</td><td>{rules}</td></tr>"
        )?;
    }
    page.push_str("</tbody></table>\n</div>\n</section>\n");
    Ok(())
}

fn picture(page: &mut String, points: &[Point<'_>]) -> fmt::Result {
    #[expect(clippy::cast_precision_loss, reason = "few points")]
    let x = |at: usize| {
        let steps = points.len().saturating_sub(1).max(1) as f64;
        LEFT + INSET + at as f64 / steps * (WIDTH - LEFT - RIGHT - 2.0 * INSET)
    };
    let y = |value: u32| TOP + HEIGHT * (1.0 - f64::from(value) / 100.0);
    write!(
        page,
        "<svg class=\"curve\" viewBox=\"0 0 {WIDTH} 200\" role=\"img\" aria-label=\"The score over {} reports; the table has the numbers\">",
        points.len()
    )?;
    for value in [0, 60, 85, 100] {
        let (at, end) = (y(value), WIDTH - RIGHT);
        write!(
            page,
            "<path class=\"grid\" d=\"M{LEFT} {at:.1}H{end}\"/><text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{value}</text>",
            LEFT - 6.0,
            at + 4.0
        )?;
    }
    let mut before: Option<(usize, u32)> = None;
    for (at, point) in points.iter().enumerate() {
        let Some(value) = point.value else {
            before = None;
            continue;
        };
        if let Some((from, old)) = before.filter(|(from, _)| points[*from].rules == point.rules) {
            let (x1, y1, x2, y2) = (x(from), y(old), x(at), y(value));
            write!(page, "<path class=\"line\" d=\"M{x1:.1} {y1:.1}L{x2:.1} {y2:.1}\"/>")?;
        }
        before = Some((at, value));
    }
    for (at, point) in points.iter().enumerate() {
        let Some(value) = point.value else { continue };
        let (cx, cy) = (x(at), y(value));
        write!(page, "<circle class=\"dot\" cx=\"{cx:.1}\" cy=\"{cy:.1}\" r=\"4\"/>")?;
        if points.len() <= 12 || at + 1 == points.len() {
            let above = if cy < TOP + 12.0 { cy + 18.0 } else { cy - 9.0 };
            write!(
                page,
                "<text class=\"v\" x=\"{cx:.1}\" y=\"{above:.1}\" text-anchor=\"middle\">{value}</text>"
            )?;
        }
    }
    for (at, anchor) in [(0, "start"), (points.len() - 1, "end")] {
        let (day, x) = (Plain(points[at].day), x(at));
        write!(page, "<text x=\"{x:.1}\" y=\"192\" text-anchor=\"{anchor}\">{day}</text>")?;
    }
    page.push_str("</svg>\n");
    Ok(())
}
