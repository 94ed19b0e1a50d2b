//! The findings of a run as a baseline sees them: their files are read once more, for the lines that they stand in.

use std::sync::OnceLock;

use camino::{Utf8Path, Utf8PathBuf};
use rayon::prelude::*;
use roadworthy_engine::{Finding, HiddenText, Marker, Sighting};
use roadworthy_parser::SourceFile;
use roadworthy_project::File;
use roadworthy_secrets::Salt;
use rustc_hash::FxHashMap;

use super::file::BaselineFile;
use crate::input::Input;
use crate::plan::Plan;

/// The files of a run by their shown paths, with the paths that the baseline names them by.
pub(super) struct Places<'p>(FxHashMap<&'p str, (&'p File, String)>);

impl<'p> Places<'p> {
    pub(super) fn new(plan: &'p Plan, baseline: &BaselineFile) -> Self {
        // Folders may be links, and what they lead to is one place.
        let mut folders: FxHashMap<&str, Utf8PathBuf> = FxHashMap::default();
        let files = plan.project.files.iter().map(|file| {
            let folder = file.absolute.parent().unwrap_or(Utf8Path::new(""));
            let real = folders.entry(folder.as_str()).or_insert_with(|| {
                folder.canonicalize_utf8().unwrap_or_else(|_| folder.to_owned())
            });
            let real = real.join(file.absolute.file_name().unwrap_or_default());
            (file.path.as_str(), (file, baseline.path_of(&real)))
        });
        Self(files.collect())
    }

    /// A file of the run, and its path in the baseline.
    pub(super) fn of(&self, shown: &Utf8Path) -> Option<(&'p File, &str)> {
        self.0.get(shown.as_str()).map(|(file, path)| (*file, path.as_str()))
    }
}

/// The findings, in their order.
pub(super) fn sightings<'s>(
    findings: &'s [Finding],
    plan: &Plan,
    input: &Input,
    places: &'s Places<'_>,
    salts: &[Salt],
) -> Vec<Sighting<'s>> {
    let hiding: Vec<OnceLock<HiddenText<'_>>> =
        plan.settings.iter().map(|_| OnceLock::new()).collect();
    let of_file = |findings: &'s [Finding]| -> Vec<Sighting<'s>> {
        let shown = &findings[0].path;
        let place = places.of(shown);
        let mut hidden: Vec<_> = findings
            .iter()
            .filter(|finding| finding.rule.hides_text)
            .map(|finding| finding.span)
            .collect();
        let source = place.and_then(|(file, _)| {
            let source = input.read(file).ok()?;
            let index = plan.settings_of(file);
            let ready = || HiddenText::new(&plan.catalog, &plan.settings[index]);
            let hiding = hiding[index].get_or_init(ready);
            hidden.extend(hiding.spans(file, plan.project.component(file), &source));
            Some(source)
        });
        // A finding about what is no text is known by its rule and its path alone.
        let source = source.unwrap_or_else(|| SourceFile::from_text(""));
        let mut marker = Marker::new(&source, hidden);
        let path = place.map_or(shown.as_str(), |(_, path)| path);
        findings
            .iter()
            .map(|finding| Sighting {
                path,
                rule: finding.rule.name,
                mark: marker.mark(finding, salts),
            })
            .collect()
    };
    let files: Vec<&[Finding]> = findings.chunk_by(|one, next| one.path == next.path).collect();
    files.into_par_iter().flat_map_iter(of_file).collect()
}
