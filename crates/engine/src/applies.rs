//! Whether there is something for a rule about the project to judge in a component: such a rule passes only where it could
//! have failed. Knows facts and kinds of sites, no rule by its content.

#[cfg(test)]
mod tests;

use camino::{Utf8Path, Utf8PathBuf};
use roadworthy_project::facts::Fact;
use roadworthy_project::facts::ci::System;
use roadworthy_project::facts::containers::Origin;
use roadworthy_project::facts::profile::Profile;
use roadworthy_project::{Distribution, Facts, FileKind, Project, Repositories, Role};
use rustc_hash::FxHashMap;

use crate::{Catalog, Check, Outcome, Rule, RuleSet, SiteKind};

/// Whether a rule has something to judge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Applies {
    /// So many sites, never fewer than there are findings.
    To(u32),
    /// Not to this component.
    ToNothing,
    /// It cannot be known; why, as a sentence without full stop for people.
    Unknown(String),
}

/// What a rule about the project has to judge in a component.
#[derive(Clone, Debug)]
pub struct ComponentSites {
    /// The rule.
    pub rule: &'static Rule,
    /// Index in [`Project::components`].
    pub component: usize,
    /// Whether it has something to judge there.
    pub applies: Applies,
}

/// What the rules about the project had to judge in each component, behind all other work: the facts that nobody asked for
/// are asked for now.
pub(crate) fn of_run(
    catalog: &Catalog,
    rules: &RuleSet,
    repositories: &Repositories<'_>,
    outcome: &Outcome,
) -> Vec<ComponentSites> {
    let of_project = |&id: &usize| matches!(catalog.rule(id).check, Check::Project(_));
    let rules: Vec<&'static Rule> =
        rules.iter().filter(of_project).map(|id| catalog.rule(id)).collect();
    let project = repositories.project();
    let found = found(project, outcome);
    let mut all = Vec::new();
    for facts in repositories.iter() {
        let counter = Counter::new(facts);
        for (inner, component) in facts.project().components.iter().enumerate() {
            let index = project.components.iter().position(|it| it.root == component.root);
            let Some(index) = index else { continue };
            for &rule in &rules {
                let there = found.get(&(rule.name, index)).copied().unwrap_or(0);
                let applies = match counter.count(rule.site, inner) {
                    Applies::To(count) => Applies::To(count.max(there)),
                    // What was found is known, whatever is not.
                    _ if there > 0 => Applies::To(there),
                    other => other,
                };
                all.push(ComponentSites { rule, component: index, applies });
            }
        }
    }
    all
}

/// In how many places a rule about the project found something in each component, silenced or not.
fn found(project: &Project, outcome: &Outcome) -> FxHashMap<(&'static str, usize), u32> {
    let files = project.files.iter().chain(&project.unasked).chain(&outcome.beside);
    let owners: FxHashMap<&str, usize> =
        files.map(|file| (file.path.as_str(), file.component)).collect();
    let open = outcome.findings.iter().map(|it| (it.rule.name, it.path.as_str()));
    let silenced = outcome.suppressed.iter().map(|it| (it.rule, it.path.as_str()));
    let mut found = FxHashMap::default();
    for (rule, path) in open.chain(silenced) {
        if let Some(&component) = owners.get(path) {
            *found.entry((rule, component)).or_default() += 1;
        }
    }
    found
}

/// Counts sites in the components of one repository.
struct Counter<'f> {
    facts: &'f Facts<'f>,
    /// Files that are not what their names say, each with a sentence.
    faults: Vec<(Utf8PathBuf, String)>,
}

impl<'f> Counter<'f> {
    fn new(facts: &'f Facts<'f>) -> Self {
        // Which files are broken is known of the facts that were asked for.
        let _ = (facts.dependencies(), facts.containers(), facts.ci(), facts.pythons());
        let faults = facts.faults().into_iter();
        let told = |path: &Utf8Path, sentence: &str| {
            let short = sentence.split(':').next().unwrap_or_default();
            format!("{path} {short}")
        };
        let faults = faults.map(|(path, fault)| (path.clone(), told(&path, &fault.sentence)));
        Self { facts, faults: faults.collect() }
    }

    fn count(&self, kind: SiteKind, component: usize) -> Applies {
        if let Some(reason) = self.broken(kind, component) {
            return Applies::Unknown(reason);
        }
        let count = self.sites(kind, component);
        match self.unknown(kind, component, count) {
            Some(reason) => Applies::Unknown(reason),
            None if count == 0 => Applies::ToNothing,
            None => Applies::To(u32::try_from(count).unwrap_or(u32::MAX)),
        }
    }

    fn sites(&self, kind: SiteKind, index: usize) -> usize {
        let facts = self.facts;
        let is_own = |component: Option<usize>| component == Some(index);
        let dependencies = facts.dependencies().components.get(index);
        let locks = dependencies.map_or(0, |it| it.locks.len());
        let profiles = facts.profiles().get(index);
        let is = |profile| profiles.is_some_and(|it| it.is(profile));
        let runs = || {
            let processes = facts.containers().processes.iter();
            let meant = processes.filter(|it| {
                is_own(it.component)
                    && it.development.is_none()
                    && it.origin != Origin::Serverless
                    && it.command.known().is_some()
            });
            meant.count()
        };
        match kind {
            SiteKind::Component => usize::from(self.has_code(index) && self.is_declared(index)),
            SiteKind::Manifest => dependencies.map_or(0, |it| {
                let declaring = it.manifests.iter().filter(|it| !it.requirements.is_empty());
                let mut paths: Vec<_> = declaring.map(|it| &it.path).collect();
                paths.sort_unstable();
                paths.dedup();
                paths.len()
            }),
            SiteKind::Lock => locks,
            SiteKind::Application => {
                let runs = is(Profile::Service) || is(Profile::Pipeline);
                usize::from(runs && !is(Profile::Library))
            }
            SiteKind::Library => {
                let component = &facts.project().components[index];
                usize::from(component.distribution == Distribution::Library)
            }
            SiteKind::Service => usize::from(is(Profile::Service)),
            SiteKind::Python | SiteKind::Runtime => {
                usize::from(facts.pythons().get(index).is_some_and(|it| !it.named.is_empty()))
            }
            SiteKind::Settings => usize::from(self.is_django(index)),
            SiteKind::Environment => {
                let environment = facts.environment().components.get(index);
                usize::from(environment.is_some_and(|it| !it.examples.is_empty()))
            }
            SiteKind::Image => {
                let images = facts.containers().images.iter();
                images.filter(|it| is_own(it.component) && it.development.is_none()).count()
            }
            SiteKind::Process => runs(),
            SiteKind::Entry => runs() + facts.project().components[index].entry_points.len(),
            SiteKind::Workflow => {
                let pipelines = facts.ci().pipelines.iter();
                let workflows = pipelines.filter(|it| it.system == System::GitHub);
                workflows.filter(|it| is_own(self.owner(&it.path))).count()
            }
            SiteKind::Pipeline | SiteKind::Change => {
                usize::from(self.is_built() && self.has_code(index))
            }
            SiteKind::Suite => usize::from(self.is_built() && self.has_tests(Some(index))),
            // Tests may lie beside a component; what is small enough to have none has not passed.
            SiteKind::Tested => {
                usize::from(self.has_code(index) && self.is_declared(index) && self.has_tests(None))
            }
            SiteKind::Audit => usize::from(self.is_built() && locks > 0),
            SiteKind::Readme => {
                let places = facts.readme().instructions.iter().map(|it| &it.place.path);
                let mut guides: Vec<_> = places.filter(|it| is_own(self.owner(it))).collect();
                guides.dedup();
                guides.len()
            }
            _ => 0,
        }
    }

    /// Why a fact is not known that decides about a kind of sites, of which so many are known.
    fn unknown(&self, kind: SiteKind, index: usize, count: usize) -> Option<String> {
        let facts = self.facts;
        let dependencies = facts.dependencies().components.get(index);
        match kind {
            SiteKind::Manifest if count == 0 => dependencies?.unknown.first().cloned(),
            SiteKind::Process if count == 0 => {
                let mut processes = facts.containers().processes.iter();
                processes.find_map(|it| match &it.command {
                    Fact::Unknown(reason) if it.component == Some(index) => Some(reason.clone()),
                    _ => None,
                })
            }
            _ if count == 0 => None,
            SiteKind::Pipeline | SiteKind::Suite | SiteKind::Audit => {
                facts.ci().unknown.first().cloned()
            }
            SiteKind::Environment => {
                facts.environment().components.get(index)?.unknown.first().cloned()
            }
            // Whether anything is left open is not known where nobody knows what is needed.
            SiteKind::Application if dependencies?.locks.is_empty() => {
                dependencies?.unknown.first().cloned()
            }
            SiteKind::Image => {
                let mut images = facts.containers().images.iter();
                let unread =
                    images.find(|it| it.component == Some(index) && it.stages.is_empty())?;
                Some(format!("{} cannot be understood", unread.path))
            }
            SiteKind::Runtime if facts.as_of().is_none() => {
                Some("no commit says for which day to judge; `--as-of` does".to_owned())
            }
            _ => None,
        }
    }

    /// The broken file that decides about a kind of sites.
    fn broken(&self, kind: SiteKind, index: usize) -> Option<String> {
        let decides = |path: &Utf8Path| {
            let is_near = self.owner(path) == Some(index);
            match kind {
                SiteKind::Workflow => is_near && is_workflow(path),
                SiteKind::Pipeline | SiteKind::Suite | SiteKind::Audit => {
                    is_workflow(path) || is_pipeline(path) || is_near && is_manifest(path)
                }
                SiteKind::Image | SiteKind::Process | SiteKind::Entry => {
                    is_near && (is_container(path) || kind == SiteKind::Entry && is_manifest(path))
                }
                SiteKind::Settings
                | SiteKind::Environment
                | SiteKind::Readme
                | SiteKind::Change => false,
                _ => is_near && is_manifest(path),
            }
        };
        self.faults.iter().find(|(path, _)| decides(path)).map(|(_, sentence)| sentence.clone())
    }

    /// The component of a file, as the walk or else its folder says.
    fn owner(&self, path: &Utf8Path) -> Option<usize> {
        let project = self.facts.project();
        let absolute = project.working_directory.join(path);
        let known = self.facts.file(&absolute).map(|file| file.component);
        known
            .or_else(|| self.facts.component_of(path))
            .or((project.components.len() == 1).then_some(0))
    }

    fn has_code(&self, index: usize) -> bool {
        let mut files = self.facts.project().files.iter().chain(&self.facts.project().unasked);
        files.any(|file| file.component == index && file.kind.is_python())
    }

    /// Whether something says that it is a component.
    fn is_declared(&self, index: usize) -> bool {
        let dependencies = self.facts.dependencies().components.get(index);
        self.facts.project().components[index].manifest.is_some()
            || dependencies.is_some_and(|it| !it.manifests.is_empty())
    }

    /// Whether there are tests, in one component or anywhere.
    fn has_tests(&self, index: Option<usize>) -> bool {
        let is_test = |role: &roadworthy_project::RoleReason| role.role == Role::Test;
        let mut files = self.facts.project().files.iter().chain(&self.facts.project().unasked);
        files.any(|file| {
            let holds = file.kind.is_python() && file.path.file_name() != Some("conftest.py");
            let is_there = index.is_none_or(|index| file.component == index);
            holds && is_there && file.path_role.as_ref().is_some_and(is_test)
        })
    }

    /// Whether pipelines or hooks run anything, or may.
    fn is_built(&self) -> bool {
        let ci = self.facts.ci();
        !ci.pipelines.is_empty() || ci.hooks_run || !ci.unknown.is_empty()
    }

    fn is_django(&self, index: usize) -> bool {
        let starts = ["wsgi.py", "asgi.py", "manage.py"];
        let named = |file: &&roadworthy_project::File| {
            file.component == index && file.path.file_name().is_some_and(|it| starts.contains(&it))
        };
        let mut files = self.facts.project().files.iter().filter(named);
        files.any(|file| {
            let text = self.facts.python(&file.path);
            text.is_some_and(|it| it.source.text().contains("DJANGO_SETTINGS_MODULE"))
        })
    }
}

fn is_workflow(path: &Utf8Path) -> bool {
    path.as_str().contains(".github/")
}

/// Whether a file says what pipelines run, beside workflows.
fn is_pipeline(path: &Utf8Path) -> bool {
    let name = path.file_name().unwrap_or_default();
    let names = ["gitlab-ci", "pre-commit-config", "azure-pipelines", "Jenkinsfile", "tox.ini"];
    names.iter().any(|it| name.contains(it)) || path.as_str().contains(".circleci/")
}

/// Whether a file says what containers are and what they run.
fn is_container(path: &Utf8Path) -> bool {
    let name = path.file_name().unwrap_or_default();
    FileKind::of(path) == Some(FileKind::Dockerfile)
        || name.contains("compose")
        || matches!(name, "Procfile" | ".dockerignore")
}

/// Whether a file declares or locks what a component needs.
fn is_manifest(path: &Utf8Path) -> bool {
    let name = path.file_name().unwrap_or_default();
    let names = ["pyproject.toml", "setup.cfg", "setup.py", "Pipfile", "environment.y"];
    names.iter().any(|it| name.starts_with(it))
        || path.extension() == Some("lock")
        || name.contains("requirements")
}
