//! What formats need to know of where findings lie: the text around them, the repository, the projects. Judges nothing.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use camino::{Utf8Path, Utf8PathBuf};
use rayon::prelude::*;
use roadworthy_engine::{Finding, HiddenText, Rule};
use roadworthy_project::File;
use roadworthy_report::{self as report, Mending, Root, SarifProject, ShownFile, Trace};
use rustc_hash::FxHashMap;

use crate::args::CheckArguments;
use crate::input::Input;
use crate::plan::{Plan, main_folder};

/// Where the findings of a run lie.
pub(crate) struct Places<'p> {
    plan: &'p Plan,
    input: &'p Input,
    pub(crate) root: Root,
    /// The page that shows the files of the commit.
    pub(crate) blob: Option<String>,
    files: OnceLock<FxHashMap<&'p str, &'p File>>,
    /// Getting the rules ready that hide text takes longer than judging a file by them.
    hiding: Vec<OnceLock<HiddenText<'p>>>,
    traces: OnceLock<Vec<Trace>>,
}

impl<'p> Places<'p> {
    pub(crate) fn new(plan: &'p Plan, input: &'p Input, root: Root) -> Self {
        Self {
            plan,
            input,
            root,
            blob: blob(|name| std::env::var(name).ok()),
            files: OnceLock::new(),
            hiding: plan.settings.iter().map(|_| OnceLock::new()).collect(),
            traces: OnceLock::new(),
        }
    }

    fn file(&self, path: &Utf8Path) -> Option<&'p File> {
        let all =
            || self.plan.project.files.iter().map(|file| (file.path.as_str(), file)).collect();
        self.files.get_or_init(all).get(path.as_str()).copied()
    }

    /// The text of a file that is shown, and what of it must not be.
    pub(crate) fn load(&self, path: &Utf8Path) -> Option<ShownFile> {
        let file = self.file(path)?;
        let source = self.input.read(file).ok()?;
        let index = self.plan.settings_of(file);
        let ready = || HiddenText::new(&self.plan.catalog, &self.plan.settings[index]);
        let hiding = self.hiding[index].get_or_init(ready);
        let hidden = hiding.spans(file, self.plan.project.component(file), &source);
        Some(ShownFile { source, hidden })
    }

    /// The traces of all findings of the run, on all threads: files are read and searched for secrets once more.
    pub(crate) fn traces(&self, findings: &[Finding]) -> &[Trace] {
        self.traces.get_or_init(|| {
            let files: Vec<_> = findings.chunk_by(|a, b| a.path == b.path).collect();
            let of_file = |findings: &&[Finding]| {
                let file = self.load(&findings[0].path);
                report::traces(findings, file.as_ref(), &self.root)
            };
            files.par_iter().flat_map_iter(of_file).collect()
        })
    }

    /// What mends the findings of the run: files with fixes are read once more.
    pub(crate) fn mendings(&self, findings: &[Finding]) -> Vec<Option<Mending>> {
        let files: Vec<_> = findings.chunk_by(|a, b| a.path == b.path).collect();
        let of_file = |findings: &&[Finding]| {
            let mends = findings.iter().any(|finding| finding.fix.is_some());
            let file = if mends { self.load(&findings[0].path) } else { None };
            report::mendings(findings, file.as_ref())
        };
        files.par_iter().flat_map_iter(of_file).collect()
    }

    /// Where findings begin and end in bytes: files are read once more.
    pub(crate) fn byte_columns(&self, findings: &[Finding]) -> Vec<Option<(u32, u32)>> {
        let files: Vec<_> = findings.chunk_by(|a, b| a.path == b.path).collect();
        let of_file = |findings: &&[Finding]| {
            let file = self.file(&findings[0].path);
            let source = file.and_then(|file| self.input.read(file).ok());
            report::byte_columns(findings, source.as_ref())
        };
        files.par_iter().flat_map_iter(of_file).collect()
    }

    /// The projects of the run by their folder, and the index of each finding's among them: components with a manifest
    /// that files were judged of, and the root for all else.
    pub(crate) fn projects(
        &self,
        plan: &Plan,
        findings: &[Finding],
    ) -> (Vec<SarifProject>, Vec<usize>) {
        let components = &plan.project.components;
        let folder_of = |component: &roadworthy_project::Component| {
            component.manifest.as_ref().map(|_| self.root.path(&component.root))
        };
        let folders: Vec<_> = components.iter().map(folder_of).collect();
        let mut judged: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for file in &plan.project.files {
            let folder = folders[file.component].as_deref().unwrap_or(".");
            let settings = judged.entry(folder).or_default();
            let index = plan.settings_of(file);
            if !settings.contains(&index) {
                settings.push(index);
            }
        }
        let folder_of = |finding: &Finding| match self.file(&finding.path) {
            Some(file) => folders[file.component].as_deref(),
            // A manifest need not be among the files that are judged.
            None => components.iter().zip(&folders).find_map(|(component, folder)| {
                (component.manifest.as_ref() == Some(&finding.path)).then_some(folder.as_deref()?)
            }),
        };
        let folder_of = |finding| folder_of(finding).unwrap_or(".");
        for finding in findings {
            judged.entry(folder_of(finding)).or_default();
        }
        if judged.is_empty() {
            judged.insert(".", Vec::new());
        }
        let place = |finding| judged.keys().position(|folder| *folder == folder_of(finding));
        let project_of = findings.iter().map(|finding| place(finding).unwrap_or_default());
        let project_of = project_of.collect();
        let rules = |index: &usize| -> Vec<&'static Rule> {
            plan.settings[*index].rules.iter().map(|id| plan.catalog.rule(id)).collect()
        };
        let projects = judged.iter().map(|(folder, settings)| SarifProject {
            folder: (*folder).to_owned(),
            rules: settings.iter().flat_map(rules).collect(),
        });
        (projects.collect(), project_of)
    }
}

/// The folder that programs know paths from: that of the repository around the run, else around what is judged, else
/// the working directory. Found by its `.git`, which is a folder, or a file in a work tree.
pub(crate) fn repository(arguments: &CheckArguments, working_directory: &Utf8Path) -> Utf8PathBuf {
    let around = |folder: &Utf8Path| {
        folder.ancestors().find(|above| above.join(".git").exists()).map(Utf8Path::to_owned)
    };
    around(working_directory)
        .or_else(|| around(&main_folder(arguments, working_directory)))
        .unwrap_or_else(|| working_directory.to_owned())
}

/// The page of this commit's files on the web, where the surroundings tell it and each part is what it should be.
fn blob(variable: impl Fn(&str) -> Option<String>) -> Option<String> {
    let server = variable("GITHUB_SERVER_URL")?;
    let repository = variable("GITHUB_REPOSITORY")?;
    let commit = variable("GITHUB_SHA")?;
    let plain = |text: &str, more: &str| {
        let fits = |it: char| it.is_ascii_alphanumeric() || more.contains(it);
        !text.is_empty() && text.chars().all(fits)
    };
    let host = server.strip_prefix("https://").or_else(|| server.strip_prefix("http://"))?;
    let (owner, name) = repository.split_once('/')?;
    let whole = plain(host.trim_end_matches('/'), ".-_:")
        && plain(owner, ".-_")
        && plain(name, ".-_")
        && plain(&commit, "");
    let server = server.trim_end_matches('/');
    whole.then(|| format!("{server}/{repository}/blob/{commit}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_linked_only_where_the_surroundings_are_what_they_should_be() {
        let page = |server: &str, repository: &str, commit: &str| {
            blob(|name| {
                let value = match name {
                    "GITHUB_SERVER_URL" => server,
                    "GITHUB_REPOSITORY" => repository,
                    _ => commit,
                };
                Some(value.to_owned())
            })
        };
        let good = page("https://github.com", "acme/shop", "abc123");
        assert_eq!(good.as_deref(), Some("https://github.com/acme/shop/blob/abc123"));
        assert_eq!(page("javascript:x", "acme/shop", "abc123"), None);
        assert_eq!(page("https://github.com", "acme/shop\"><b>", "abc123"), None);
        assert_eq!(page("https://github.com", "acme/shop", ""), None);
        assert_eq!(blob(|_| None), None);
    }
}
