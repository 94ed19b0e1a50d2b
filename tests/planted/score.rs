//! Runs the binary on a corpus and counts: a credential is found where a finding touches the lines of its value, and
//! every other finding is a false alarm, wherever it stands.

use std::collections::{BTreeMap, HashSet};
use std::fmt::Write as _;
use std::process::Command;

use super::corpus::{Corpus, Item};

/// The rule that reports files instead of places; what such a file holds counts as found.
const WHOLE_FILE: &str = "secret-file-committed";

struct Found {
    path: String,
    rule: String,
    lines: (usize, usize),
}

/// What came of a corpus.
pub(crate) struct Score {
    found: usize,
    missed: Vec<String>,
    alarms: Vec<String>,
    harmless: usize,
    files: usize,
    /// Found and all, by form and by kind of credential; false alarms and all, by kind of harmless text.
    forms: BTreeMap<&'static str, (usize, usize)>,
    kinds: BTreeMap<&'static str, (usize, usize)>,
    others: BTreeMap<&'static str, (usize, usize)>,
    other_forms: BTreeMap<&'static str, (usize, usize)>,
}

impl Score {
    pub(crate) fn of(corpus: &Corpus) -> Self {
        let folder = tempfile::tempdir().expect("a folder for the corpus");
        let mut corpus_folder = folder.path().to_owned();
        if let Ok(kept) = std::env::var("ROADWORTHY_PLANTED_FOLDER") {
            corpus_folder = kept.into();
        }
        corpus.write(&corpus_folder);
        let found = check(&corpus_folder);
        Self::count(corpus, &found)
    }

    fn count(corpus: &Corpus, findings: &[Found]) -> Self {
        let mut score = Self {
            found: 0,
            missed: Vec::new(),
            alarms: Vec::new(),
            harmless: 0,
            files: corpus.files.len(),
            forms: BTreeMap::new(),
            kinds: BTreeMap::new(),
            others: BTreeMap::new(),
            other_forms: BTreeMap::new(),
        };
        let mut explained = HashSet::new();
        for item in corpus.items.iter().filter(|it| it.planted) {
            let mut hit = false;
            for (at, finding) in findings.iter().enumerate().filter(|(_, it)| it.path == item.path)
            {
                if finding.rule == WHOLE_FILE || touches(finding.lines, item.value) {
                    hit = true;
                    explained.insert(at);
                }
            }
            for counts in [
                score.forms.entry(item.form).or_default(),
                score.kinds.entry(item.kind).or_default(),
            ] {
                counts.0 += usize::from(hit);
                counts.1 += 1;
            }
            if hit {
                score.found += 1;
            } else {
                score.missed.push(described(item));
            }
        }
        let mut alarmed = HashSet::new();
        for (at, finding) in findings.iter().enumerate().filter(|(at, _)| !explained.contains(at)) {
            let item = corpus
                .items
                .iter()
                .position(|it| it.path == finding.path && touches(finding.lines, it.lines));
            // Several findings on one line of a harmless text are one mistake.
            if alarmed.insert(item.map_or((None, at), |it| (Some(it), finding.lines.0))) {
                let what =
                    item.map_or_else(|| "nothing".to_owned(), |it| described(&corpus.items[it]));
                score.alarms.push(format!(
                    "{} {}:{} on {what}",
                    finding.rule, finding.path, finding.lines.0
                ));
            }
        }
        for (at, item) in corpus.items.iter().enumerate().filter(|(_, it)| !it.planted) {
            score.harmless += 1;
            for counts in [
                score.others.entry(item.kind).or_default(),
                score.other_forms.entry(item.form).or_default(),
            ] {
                counts.0 += alarmed.iter().filter(|it| it.0 == Some(at)).count();
                counts.1 += 1;
            }
        }
        score
    }

    fn precision(&self) -> f64 {
        ratio(self.found, self.found + self.alarms.len())
    }

    fn recall(&self) -> f64 {
        ratio(self.found, self.found + self.missed.len())
    }

    pub(crate) fn f1(&self) -> f64 {
        let (precision, recall) = (self.precision(), self.recall());
        if precision + recall > 0.0 { 2.0 * precision * recall / (precision + recall) } else { 0.0 }
    }

    pub(crate) fn summary(&self) -> String {
        format!(
            "{} planted, {} harmless, {} files: precision {:.3}, recall {:.3}, F1 {:.3}",
            self.found + self.missed.len(),
            self.harmless,
            self.files,
            self.precision(),
            self.recall(),
            self.f1()
        )
    }

    /// Prints what `ROADWORTHY_PLANTED` asks for.
    #[expect(clippy::print_stderr, reason = "the table is what was asked for")]
    pub(crate) fn show(&self, title: &str) {
        let asked = std::env::var("ROADWORTHY_PLANTED").unwrap_or_default();
        if asked != "table" && asked != "list" {
            return;
        }
        let mut text = format!("\n{title}: {}\n", self.summary());
        for (head, counts) in [
            ("form: found of planted", &self.forms),
            ("kind of credential: found of planted", &self.kinds),
            ("kind of harmless text: alarms of all", &self.others),
            ("form of harmless text: alarms of all", &self.other_forms),
        ] {
            let _ = writeln!(text, "\n  {head}");
            for (name, (part, all)) in counts {
                let _ = writeln!(text, "    {name:<40} {part:>4} {all:>4}");
            }
        }
        if asked == "list" {
            let _ = writeln!(
                text,
                "\n  missed\n{}\n\n  false alarms\n{}",
                self.missed.join("\n"),
                self.alarms.join("\n")
            );
        }
        eprintln!("{text}");
    }
}

fn ratio(part: usize, all: usize) -> f64 {
    let [part, all] =
        [part, all].map(|it| f64::from(u32::try_from(it).expect("a corpus is small")));
    if all > 0.0 { part / all } else { 1.0 }
}

fn touches(a: (usize, usize), b: (usize, usize)) -> bool {
    a.0 <= b.1 && b.0 <= a.1
}

/// The values are made up here, so they may be shown.
fn described(item: &Item) -> String {
    format!(
        "[{} | {}] {}:{}\n        {}",
        item.form,
        item.kind,
        item.path,
        item.lines.0,
        item.text.replace('\n', "\n        ")
    )
}

fn check(folder: &std::path::Path) -> Vec<Found> {
    let output = Command::new(env!("CARGO_BIN_EXE_roadworthy"))
        .args(["check", "--select", "secrets", "--output-format", "json", "--exit-zero", "."])
        .current_dir(folder)
        .output()
        .expect("the binary runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let report: serde_json::Value =
        serde_json::from_slice(&output.stdout).expect("the report is JSON");
    let number = |finding: &serde_json::Value, key: &str| {
        usize::try_from(finding[key].as_u64().expect("a line is a number")).expect("lines are few")
    };
    let findings = report["findings"].as_array().expect("a list of findings");
    findings
        .iter()
        .map(|it| Found {
            path: it["path"].as_str().expect("a path").to_owned(),
            rule: it["rule"].as_str().expect("a rule").to_owned(),
            lines: (number(it, "line"), number(it, "end_line")),
        })
        .collect()
}
