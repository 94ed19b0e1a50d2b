//! The nine areas as a radar. Knows numbers and angles; areas without a number have a dashed spoke and no corner, as they
//! are not zero.

use std::f64::consts::TAU;
use std::fmt::{self, Write as _};

use roadworthy_verdict::ComponentVerdict;

use super::super::words;

const CENTRE: (f64, f64) = (200.0, 136.0);
const RADIUS: f64 = 104.0;

pub(super) fn radar(page: &mut String, component: &ComponentVerdict) -> fmt::Result {
    let areas = &component.areas;
    #[expect(clippy::cast_precision_loss, reason = "nine areas")]
    let angle = |at: usize| at as f64 / areas.len() as f64 * TAU - TAU / 4.0;
    let point = |at: usize, share: f64| {
        let (sin, cos) = angle(at).sin_cos();
        (CENTRE.0 + RADIUS * share * cos, CENTRE.1 + RADIUS * share * sin)
    };
    let told: Vec<String> = areas
        .iter()
        .map(|area| {
            let value = words::value(area).map_or("no number".to_owned(), |it| it.to_string());
            format!("{} {value}", words::short(area.area))
        })
        .collect();
    writeln!(
        page,
        "<svg class=\"radar\" viewBox=\"0 0 400 268\" role=\"img\" aria-label=\"The nine areas as a radar: {}\">",
        told.join(", ")
    )?;
    for ring in [25.0, 50.0, 75.0, 100.0] {
        corners(page, "ring", (0..areas.len()).map(|at| point(at, ring / 100.0)))?;
    }
    for (at, area) in areas.iter().enumerate() {
        let class = if words::value(area).is_some() { "spoke" } else { "spoke none" };
        let (x, y) = point(at, 1.0);
        let (cx, cy) = CENTRE;
        write!(page, "<path class=\"{class}\" d=\"M{cx} {cy}L{x:.1} {y:.1}\"/>")?;
    }
    let values: Vec<(usize, u32)> =
        areas.iter().enumerate().filter_map(|(at, area)| Some((at, words::value(area)?))).collect();
    if values.len() > 2 {
        let shape = values.iter().map(|(at, value)| point(*at, f64::from(*value) / 100.0));
        corners(page, "shape", shape)?;
    }
    let lowest = values.iter().map(|(_, value)| *value).min();
    for (at, value) in &values {
        let (x, y) = point(*at, f64::from(*value) / 100.0);
        let class = if Some(*value) == lowest && *value < 100 { "dot lowest" } else { "dot" };
        write!(page, "<circle class=\"{class}\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4\"/>")?;
    }
    for (at, area) in areas.iter().enumerate() {
        let (x, y) = point(at, 1.14);
        let anchor = match x - CENTRE.0 {
            ..-12.0 => "end",
            12.0.. => "start",
            _ => "middle",
        };
        let name = words::short(area.area);
        let value = words::value(area).map_or("–".to_owned(), |value| value.to_string());
        write!(
            page,
            "<text x=\"{x:.1}\" y=\"{:.1}\" text-anchor=\"{anchor}\">{name} <tspan>{value}</tspan></text>",
            y + 4.0
        )?;
    }
    page.push_str("</svg>\n");
    Ok(())
}

/// A closed line through some points.
fn corners(
    page: &mut String,
    class: &str,
    points: impl Iterator<Item = (f64, f64)>,
) -> fmt::Result {
    write!(page, "<path class=\"{class}\" d=\"")?;
    for (at, (x, y)) in points.enumerate() {
        write!(page, "{}{x:.1} {y:.1}", if at == 0 { 'M' } else { 'L' })?;
    }
    page.push_str("Z\"/>");
    Ok(())
}
