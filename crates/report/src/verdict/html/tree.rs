//! The source tree as a map: what each role holds, folder by folder, as large as its files, coloured as strongly as its
//! findings are dense. Knows sizes and counts.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Write as _};

use roadworthy_engine::{FileSummary, Severity};

use super::super::VerdictReport;
use super::text::{Code, Plain, grouped};
use crate::clean;
use crate::summary::{counted, size};

const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 300.0;
/// The room of a role's name.
const TITLE: f64 = 24.0;
/// The most folders of one role that are drawn; the smallest are one.
const MOST_FOLDERS: usize = 24;
/// How deep folders are told apart, as long as they are no more than that.
const DEPTHS: (usize, usize) = (6, 60);
/// Weighted findings in a thousand bytes, from which on the next colour is taken.
const STEPS: [f64; 4] = [0.0, 0.5, 1.5, 5.0];
/// How wide a letter is, as drawn on a screen and on a phone.
const LETTER: [f64; 2] = [5.8, 13.5];

/// What a folder, or a role, holds.
#[derive(Clone, Copy, Default)]
struct Tally {
    files: usize,
    bytes: u64,
    /// Errors, warnings, advice.
    findings: [usize; 3],
}

impl Tally {
    fn add(&mut self, other: Self) {
        self.files += other.files;
        self.bytes += other.bytes;
        for (mine, theirs) in self.findings.iter_mut().zip(other.findings) {
            *mine += theirs;
        }
    }

    fn area(self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "drawn")]
        let bytes = self.bytes.max(1) as f64;
        bytes
    }

    /// The class of its colour.
    fn heat(self) -> usize {
        #[expect(clippy::cast_precision_loss, reason = "drawn")]
        let [errors, warnings, infos] = self.findings.map(|count| count as f64);
        let density = (8.0 * errors + 3.0 * warnings + infos) / (self.area() / 1000.0).max(1.0);
        STEPS.iter().filter(|step| density > **step).count()
    }

    fn told(self) -> String {
        let findings = self.findings.iter().sum();
        format!(
            "{}, {}, {}",
            counted(self.files, "file"),
            size(self.bytes),
            counted(findings, "finding")
        )
    }
}

type Folders = Vec<(String, Tally)>;

pub(super) fn tree(page: &mut String, report: &VerdictReport<'_>) -> fmt::Result {
    let roles = tallied(report);
    if roles.is_empty() {
        return Ok(());
    }
    page.push_str(
        "<section id=\"tree\" aria-labelledby=\"h-tree\">\n<h2 id=\"h-tree\">Source tree</h2>\n\
         <p>Each folder is as large as its files, and coloured as strongly as its findings are dense, grouped by what the files are for.</p>\n",
    );
    map(page, &roles)?;
    page.push_str("<p class=\"legend\">Findings by weight in 1,000 bytes:");
    for (at, name) in ["none", "up to 0.5", "up to 1.5", "up to 5", "more"].iter().enumerate() {
        write!(
            page,
            " <span><svg viewBox=\"0 0 12 12\" aria-hidden=\"true\"><rect class=\"h{at}\" width=\"12\" height=\"12\"/></svg> {name}</span>"
        )?;
    }
    page.push_str("</p>\n");
    table(
        page,
        "By role",
        "Role",
        roles.iter().map(|(name, tally, _)| (Plain(name).to_string(), *tally)),
    )?;
    let mut folders: Vec<_> = roles.iter().flat_map(|(_, _, folders)| folders).collect();
    folders.retain(|(_, tally)| tally.findings.iter().sum::<usize>() > 0);
    folders.sort_by_key(|(_, tally)| std::cmp::Reverse(tally.findings));
    if folders.len() > 1 {
        page.push_str("<details><summary>Folders with findings, the worst first</summary>\n");
        let rows = folders.iter().take(30).map(|(name, tally)| (Code(name).to_string(), *tally));
        table(page, "By folder", "Folder", rows)?;
        page.push_str("</details>\n");
    }
    page.push_str("</section>\n");
    Ok(())
}

/// The roles with their folders, the largest first.
fn tallied(report: &VerdictReport<'_>) -> Vec<(&'static str, Tally, Folders)> {
    let mut findings: BTreeMap<&str, [usize; 3]> = BTreeMap::new();
    for finding in report.findings {
        let at = Severity::ALL.iter().position(|it| *it == finding.severity).unwrap_or(0);
        findings.entry(finding.path.as_str()).or_default()[at] += 1;
    }
    let (deepest, most) = DEPTHS;
    let parent =
        |path: &'_ str| path.rsplit_once('/').map_or("(top)", |(folder, _)| folder).to_owned();
    let parents: BTreeSet<String> = report
        .files
        .iter()
        .filter(|it| is_source(it))
        .map(|file| parent(file.path.as_str()))
        .collect();
    let cut = |folder: &str, depth| folder.split('/').take(depth).collect::<Vec<_>>().join("/");
    let told_apart = |depth: &usize| {
        parents.iter().map(|it| cut(it, *depth)).collect::<BTreeSet<_>>().len() <= most
    };
    let depth = (1..=deepest).rev().find(told_apart).unwrap_or(1);
    let mut roles: BTreeMap<&'static str, BTreeMap<String, Tally>> = BTreeMap::new();
    for file in report.files {
        let Some(role) = &file.role else { continue };
        let path = file.path.as_str();
        let findings = findings.get(path).copied().unwrap_or_default();
        if !is_source(file) && findings.iter().sum::<usize>() == 0 {
            continue;
        }
        let folder = cut(&parent(path), depth);
        let tally = Tally { files: 1, bytes: file.bytes, findings };
        roles.entry(role.role.name()).or_default().entry(folder).or_default().add(tally);
    }
    let largest = |tally: Tally| std::cmp::Reverse(tally.bytes);
    let role = |(name, folders): (&'static str, BTreeMap<String, Tally>)| {
        let mut whole = Tally::default();
        let mut folders: Folders = folders.into_iter().collect();
        for (_, tally) in &folders {
            whole.add(*tally);
        }
        folders.sort_by_key(|(_, tally)| largest(*tally));
        if folders.len() > MOST_FOLDERS {
            let mut rest = Tally::default();
            for (_, tally) in folders.split_off(MOST_FOLDERS - 1) {
                rest.add(tally);
            }
            folders.push(("other folders".to_owned(), rest));
            folders.sort_by_key(|(_, tally)| largest(*tally));
        }
        (name, whole, folders)
    };
    let mut roles: Vec<_> = roles.into_iter().map(role).collect();
    roles.sort_by_key(|(_, tally, _)| largest(*tally));
    roles
}

/// Whether a file is drawn without findings: a theme or a table of data would hide the code by its size.
fn is_source(file: &FileSummary) -> bool {
    file.kind.is_python()
}

#[derive(Clone, Copy)]
struct Rectangle {
    x: f64,
    y: f64,
    width: f64,
    height: f64,
}

fn map(page: &mut String, roles: &[(&'static str, Tally, Folders)]) -> fmt::Result {
    let told: Vec<_> =
        roles.iter().map(|(name, tally, _)| format!("{name} {}", tally.told())).collect();
    writeln!(
        page,
        "<svg class=\"map\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"Map of the source tree: {}\">",
        Plain(&told.join("; "))
    )?;
    let whole = Rectangle { x: 0.0, y: 0.0, width: WIDTH, height: HEIGHT };
    let areas: Vec<f64> = roles.iter().map(|(_, tally, _)| tally.area()).collect();
    for (role, place) in roles.iter().zip(shared_out(&areas, whole)) {
        let (name, _, folders) = role;
        let mut inner = inset(place, 1.5);
        if place.width > 60.0 && place.height > 2.0 * TITLE {
            let small = fits(name, place.width, LETTER[1]);
            label(
                page,
                if small { "role b" } else { "role" },
                place.x + 3.0,
                place.y + 17.0,
                &cut(name, place.width),
            )?;
            inner.y += TITLE;
            inner.height -= TITLE;
        }
        let areas: Vec<f64> = folders.iter().map(|(_, tally)| tally.area()).collect();
        for ((folder, tally), place) in folders.iter().zip(shared_out(&areas, inner)) {
            block(page, name, folder, *tally, inset(place, 0.75))?;
        }
    }
    page.push_str("</svg>\n");
    Ok(())
}

fn block(
    page: &mut String,
    role: &str,
    folder: &str,
    tally: Tally,
    place: Rectangle,
) -> fmt::Result {
    let Rectangle { x, y, width, height } = place;
    let heat = tally.heat();
    write!(
        page,
        "<g><title>{}, {role}: {}</title><rect class=\"h{heat}\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\"/>",
        Plain(folder),
        tally.told()
    )?;
    // The last part says most where there is no room for all.
    let name = clean(folder);
    let last = name.rsplit('/').next().unwrap_or_default();
    let shown = if fits(&name, width, LETTER[0]) { &name } else { last };
    if fits(shown, width, LETTER[0]) && height > 18.0 {
        let phone = fits(shown, width, LETTER[1]) && height > 34.0;
        let class = format!("t{heat}{}", if phone { " b" } else { "" });
        label(page, &class, x + 5.0, y + height.min(30.0) / 2.0 + 4.0, shown)?;
    }
    page.push_str("</g>\n");
    Ok(())
}

fn label(page: &mut String, class: &str, x: f64, y: f64, text: &str) -> fmt::Result {
    write!(page, "<text class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\">{}</text>", Plain(text))
}

fn fits(text: &str, width: f64, letter: f64) -> bool {
    #[expect(clippy::cast_precision_loss, reason = "drawn")]
    let letters = text.chars().count() as f64;
    letters * letter + 10.0 < width
}

fn cut(text: &str, width: f64) -> String {
    let mut shown = text.to_owned();
    while !shown.is_empty() && !fits(&shown, width, LETTER[0]) {
        shown.pop();
    }
    shown
}

fn inset(place: Rectangle, by: f64) -> Rectangle {
    Rectangle {
        x: place.x + by,
        y: place.y + by,
        width: (place.width - 2.0 * by).max(0.5),
        height: (place.height - 2.0 * by).max(0.5),
    }
}

/// Shares a rectangle out by area, each part as near to a square as halving makes it.
fn shared_out(areas: &[f64], place: Rectangle) -> Vec<Rectangle> {
    if areas.len() < 2 {
        return areas.iter().map(|_| place).collect();
    }
    let whole: f64 = areas.iter().sum();
    let mut half = areas[0];
    let mut at = 1;
    while at + 1 < areas.len() && half + areas[at] / 2.0 < whole / 2.0 {
        half += areas[at];
        at += 1;
    }
    let share = half / whole;
    let Rectangle { x, y, width, height } = place;
    let (first, second) = if width >= height {
        let cut = width * share;
        (Rectangle { width: cut, ..place }, Rectangle { x: x + cut, width: width - cut, ..place })
    } else {
        let cut = height * share;
        (
            Rectangle { height: cut, ..place },
            Rectangle { y: y + cut, height: height - cut, ..place },
        )
    };
    let mut all = shared_out(&areas[..at], first);
    all.extend(shared_out(&areas[at..], second));
    all
}

fn table(
    page: &mut String,
    caption: &str,
    what: &str,
    rows: impl Iterator<Item = (String, Tally)>,
) -> fmt::Result {
    write!(
        page,
        "<table class=\"sums\"><caption>{caption}</caption><thead><tr><th scope=\"col\">{what}</th><th scope=\"col\" class=\"n\">Files</th>\
         <th scope=\"col\" class=\"n\">Size</th><th scope=\"col\" class=\"n\">Errors</th><th scope=\"col\" class=\"n\">Warnings</th>\
         <th scope=\"col\" class=\"n\">Advice</th></tr></thead>\n<tbody>"
    )?;
    for (name, tally) in rows {
        write!(
            page,
            "<tr><th scope=\"row\">{name}</th><td class=\"n\">{}</td><td class=\"n\">{}</td>",
            grouped(tally.files),
            size(tally.bytes)
        )?;
        for count in tally.findings {
            write!(page, "<td class=\"n\">{}</td>", grouped(count))?;
        }
        page.push_str("</tr>\n");
    }
    page.push_str("</tbody></table>\n");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rectangle_is_shared_out_by_area() {
        let whole = Rectangle { x: 0.0, y: 0.0, width: 30.0, height: 20.0 };
        let parts = shared_out(&[3.0, 2.0, 1.0], whole);
        let areas: Vec<f64> = parts.iter().map(|it| it.width * it.height).collect();
        for (area, expected) in areas.iter().zip([300.0, 200.0, 100.0]) {
            assert!((area - expected).abs() < 1e-6, "{areas:?}");
        }
    }
}
