//! What a project is, read from the files around its code: dependencies, containers, pipelines, versions, environment. Each
//! fact is read when it is first asked for, once. Knows formats and conventions, no rule.

mod answers;
pub mod ci;
pub mod containers;
pub mod dependencies;
mod documents;
pub mod environment;
pub mod imports;
mod installed;
mod loaders;
mod logging;
mod mentions;
mod module_name;
mod modules;
mod namesakes;
pub mod profile;
pub mod pythons;
mod reach;
pub mod readme;
mod repositories;
pub mod shell;
pub mod syntax;
mod taken;
mod texts;
mod unattended;
mod upkeep;
pub mod value;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock};

use camino::{Utf8Path, Utf8PathBuf};
use jiff::civil::Date;
use roadworthy_parser::Span;
use rustc_hash::FxHashMap;

use crate::git;
use crate::tree::Tree;
use crate::{Component, File, Project, ReadError};
pub use documents::{Document, PythonFile, Reading};
use documents::{Documents, IN_HAND};
pub use mentions::Mentions;
pub use module_name::ModuleName;
pub use modules::Modules;
pub use reach::Reach;
pub use repositories::Repositories;
use syntax::SyntaxFault;
pub use taken::Taken;
pub use unattended::Unattended;

/// A place in a file of the project.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The file, as findings show it.
    pub path: Utf8PathBuf,
    /// The bytes of its text.
    pub span: Span,
}

impl Place {
    /// A place in a file.
    pub fn new(path: impl Into<Utf8PathBuf>, span: Span) -> Self {
        Self { path: path.into(), span }
    }
}

/// Something with the place it stands at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Located<T> {
    /// What stands there.
    pub value: T,
    /// Where.
    pub place: Place,
}

/// A fact, or why it cannot be known: what cannot be read is never taken for missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact<T> {
    /// Known, to be so.
    Known(T),
    /// Not known; the reason is a sentence without full stop for people: "`make ci` is not a target of Makefile".
    Unknown(String),
}

impl<T> Fact<T> {
    /// What is known.
    pub fn known(&self) -> Option<&T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Unknown(_) => None,
        }
    }
}

/// Gives the bytes of a file by the path under which findings show it, or its absolute one.
pub type ReadBytes<'p> = dyn Fn(&Utf8Path) -> Result<Vec<u8>, ReadError> + Sync + 'p;

/// The facts of a project. To be made of the whole repository, whichever of its files are judged.
pub struct Facts<'p> {
    project: Cow<'p, Project>,
    tree: OnceLock<Tree>,
    read: &'p ReadBytes<'p>,
    as_of: OnceLock<Option<Date>>,
    documents: Mutex<Documents>,
    refused: Mutex<BTreeMap<Utf8PathBuf, SyntaxFault>>,
    python: Mutex<FxHashMap<Utf8PathBuf, Option<Arc<PythonFile>>>>,
    /// By the text of the absolute path: paths are hashed part by part.
    by_path: OnceLock<FxHashMap<String, usize>>,
    modules: OnceLock<Modules>,
    dependencies: OnceLock<dependencies::DependencyModel>,
    images: OnceLock<(Vec<containers::Image>, Vec<String>)>,
    containers: OnceLock<containers::ContainerModel>,
    ci: OnceLock<ci::CiModel>,
    environment: OnceLock<environment::EnvironmentModel>,
    profiles: OnceLock<Vec<profile::Profiles>>,
    pythons: OnceLock<Vec<pythons::PythonVersions>>,
    imports: OnceLock<imports::ImportModel>,
    readme: OnceLock<readme::ReadmeModel>,
    adds_errors: OnceLock<bool>,
    given_up: OnceLock<bool>,
    mentions: OnceLock<Mentions>,
    reach: OnceLock<Reach>,
    taken: OnceLock<Taken>,
    unattended: OnceLock<Unattended>,
    texts: OnceLock<texts::Texts>,
    answers: answers::Answers,
}

impl<'p> Facts<'p> {
    /// The facts of a project whose files are read by `read`. `as_of` is the day for which they hold, that of the last
    /// commit where none is given. It is never taken from a clock: without either, what depends on a day is not known.
    ///
    /// What its files are called begins where the repository does: findings may show them by other paths, which
    /// [`Repositories::shown`] knows.
    pub fn new(project: &'p Project, read: &'p ReadBytes<'p>, as_of: Option<Date>) -> Self {
        let project = match repositories::bases(project)[..] {
            [base] if !base.as_str().is_empty() && base != project.working_directory => {
                Cow::Owned(repositories::seen_from(project, base))
            }
            _ => Cow::Borrowed(project),
        };
        Self::of(project, read, as_of)
    }

    fn of(project: Cow<'p, Project>, read: &'p ReadBytes<'p>, as_of: Option<Date>) -> Self {
        Self {
            project,
            tree: OnceLock::new(),
            read,
            as_of: as_of.map_or_else(OnceLock::new, |day| OnceLock::from(Some(day))),
            documents: Mutex::default(),
            refused: Mutex::default(),
            python: Mutex::default(),
            answers: answers::Answers::default(),
            by_path: OnceLock::new(),
            modules: OnceLock::new(),
            dependencies: OnceLock::new(),
            images: OnceLock::new(),
            containers: OnceLock::new(),
            ci: OnceLock::new(),
            environment: OnceLock::new(),
            profiles: OnceLock::new(),
            pythons: OnceLock::new(),
            imports: OnceLock::new(),
            readme: OnceLock::new(),
            adds_errors: OnceLock::new(),
            given_up: OnceLock::new(),
            mentions: OnceLock::new(),
            reach: OnceLock::new(),
            taken: OnceLock::new(),
            unattended: OnceLock::new(),
            texts: OnceLock::new(),
        }
    }

    /// The project: files with their roles, components.
    pub fn project(&self) -> &Project {
        &self.project
    }

    /// A file of the project by its absolute path: of another project, which was found otherwise, it may be the same.
    pub fn file(&self, absolute: &Utf8Path) -> Option<&File> {
        let Project { files, unasked, .. } = self.project();
        let index = self.index_of(absolute)?;
        files.get(index).or_else(|| unasked.get(index - files.len()))
    }

    /// The position of a file among those of the project, and behind them those of which nobody asks.
    fn index_of(&self, absolute: &Utf8Path) -> Option<usize> {
        let Project { files, unasked, .. } = self.project();
        let by_path = self.by_path.get_or_init(|| {
            let all = files.iter().chain(unasked).enumerate();
            all.map(|(index, file)| (file.absolute.to_string(), index)).collect()
        });
        by_path.get(absolute.as_str()).copied()
    }

    /// What a file holds.
    pub(crate) fn bytes(&self, path: &Utf8Path) -> Result<Vec<u8>, ReadError> {
        match &self.project {
            Cow::Borrowed(_) => (self.read)(path),
            Cow::Owned(project) => (self.read)(&project.working_directory.join(path)),
        }
    }

    /// All files, judged or not.
    pub fn tree(&self) -> &Tree {
        self.tree.get_or_init(|| {
            let Project { files, unasked, others, .. } = self.project();
            let judged = files.iter().chain(unasked).map(|file| file.path.clone());
            Tree::new(judged.chain(others.iter().cloned()))
        })
    }

    /// The day for which the facts hold.
    pub fn as_of(&self) -> Option<Date> {
        *self.as_of.get_or_init(|| {
            let component = self.project.components.first()?;
            self.project.contents.is_none().then(|| git::commit_day(&component.root)).flatten()
        })
    }

    /// Who owns the repository on GitHub that this one was cloned from, in lower case.
    pub fn owner(&self) -> Option<String> {
        let component = self.project.components.first()?;
        self.project.contents.is_none().then(|| git::owner(&component.root)).flatten()
    }

    /// The answer to a question about the files of a component that takes reading them; the words of the question have to tell
    /// it from all others.
    pub fn answer(&self, component: usize, question: String, find: impl FnOnce() -> bool) -> bool {
        self.answers.get(component, question, find)
    }

    /// The index of the component that owns a path: the innermost one around it.
    pub fn component_of(&self, path: &Utf8Path) -> Option<usize> {
        let around = |component: &Component| path.starts_with(&component.path);
        let components = self.project.components.iter().enumerate();
        let owners = components.filter(|(_, component)| around(component));
        owners.max_by_key(|(_, component)| component.path.as_str().len()).map(|(index, _)| index)
    }

    /// The modules of the project, by their dotted names.
    pub fn modules(&self) -> &Modules {
        self.modules.get_or_init(|| Modules::new(self.project()))
    }

    /// How often names stand in what is no test.
    pub fn mentions(&self) -> &Mentions {
        self.mentions.get_or_init(|| Mentions::read(self))
    }

    /// Which modules nothing that runs leads to by imports.
    pub fn reach(&self) -> &Reach {
        self.reach.get_or_init(|| Reach::read(self))
    }

    /// Which names the project takes out of its modules.
    pub fn taken(&self) -> &Taken {
        self.taken.get_or_init(|| Taken::read(self))
    }

    /// Which modules run where nobody watches.
    pub fn unattended(&self) -> &Unattended {
        self.unattended.get_or_init(|| Unattended::read(self))
    }

    /// What components declare, lock and install.
    pub fn dependencies(&self) -> &dependencies::DependencyModel {
        self.dependencies.get_or_init(|| dependencies::read(self))
    }

    /// The images that Dockerfiles build, and why not all are known: without what runs in them, which reads code.
    pub(crate) fn images(&self) -> &(Vec<containers::Image>, Vec<String>) {
        self.images.get_or_init(|| containers::images(self))
    }

    /// Images, services and what runs in them.
    pub fn containers(&self) -> &containers::ContainerModel {
        self.containers.get_or_init(|| containers::read(self))
    }

    /// Pipelines, hooks and the commands they run.
    pub fn ci(&self) -> &ci::CiModel {
        self.ci.get_or_init(|| ci::read(self))
    }

    /// Environment variables that the code reads and that files name.
    pub fn environment(&self) -> &environment::EnvironmentModel {
        self.environment.get_or_init(|| environment::read(self))
    }

    /// What each component is, by its index.
    pub fn profiles(&self) -> &[profile::Profiles] {
        self.profiles.get_or_init(|| profile::read(self))
    }

    /// The versions of Python that each component names, by its index.
    pub fn pythons(&self) -> &[pythons::PythonVersions] {
        self.pythons.get_or_init(|| pythons::read(self))
    }

    /// What is imported, and who declares it.
    pub fn imports(&self) -> &imports::ImportModel {
        self.imports.get_or_init(|| imports::model::read(self))
    }

    /// The commands that guides tell people to run.
    pub fn readme(&self) -> &readme::ReadmeModel {
        self.readme.get_or_init(|| readme::read(self))
    }

    /// Whether the project's own logging adds the error that is being handled to what is logged without it.
    pub fn logging_adds_errors(&self) -> bool {
        *self.adds_errors.get_or_init(|| logging::adds_errors(self))
    }

    /// Whether the guide of the repository says at its head that nobody keeps the project up any more.
    pub fn is_given_up(&self) -> bool {
        *self.given_up.get_or_init(|| upkeep::is_given_up(self))
    }

    /// The files that a fact was to be read from and that are not what their names say, by path. Complete only for the
    /// facts that were asked for.
    pub fn faults(&self) -> BTreeMap<Utf8PathBuf, SyntaxFault> {
        let mut faults = self.refused.lock().expect(IN_HAND).clone();
        let documents = self.documents.lock().expect(IN_HAND);
        faults.extend(documents.iter().filter_map(|(path, reads)| {
            let fault = reads.iter().find_map(|(_, read)| read.fault())?;
            Some((path.clone(), fault.clone()))
        }));
        faults
    }
}
