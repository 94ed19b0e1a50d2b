//! The repositories of a run, each with its own facts: what one says of itself says nothing of another. Knows folders, no
//! fact.

use std::borrow::Cow;

use camino::{Utf8Path, Utf8PathBuf};
use jiff::civil::Date;

use super::{Facts, ReadBytes};
use crate::discover::{below, shown};
use crate::{Component, File, Project};

/// The facts of every repository of a project.
pub struct Repositories<'p> {
    project: &'p Project,
    as_of: Option<Date>,
    all: Vec<Facts<'p>>,
}

impl<'p> Repositories<'p> {
    /// The facts of the repositories that the files of a project belong to; of one that is no repository, of the whole.
    /// `read` and `as_of` are as for [`Facts::new`].
    pub fn new(project: &'p Project, read: &'p ReadBytes<'p>, as_of: Option<Date>) -> Self {
        let bases = bases(project);
        let all = if bases.len() < 2 {
            vec![Facts::new(project, read, as_of)]
        } else {
            let of_base = |base| Facts::of(Cow::Owned(seen_from(project, base)), read, as_of);
            bases.into_iter().map(of_base).collect()
        };
        Self { project, as_of, all }
    }

    /// The project with the files of all.
    pub fn project(&self) -> &'p Project {
        self.project
    }

    /// The day that was given for all; without one, each has that of its last commit.
    pub fn as_of(&self) -> Option<Date> {
        self.as_of
    }

    /// The facts of each.
    pub fn iter(&self) -> impl Iterator<Item = &Facts<'p>> {
        self.all.iter()
    }

    /// The facts of the repository that a file belongs to.
    pub fn of(&self, file: &File) -> Option<&Facts<'p>> {
        if let [only] = self.all.as_slice() {
            return Some(only);
        }
        let around = |facts: &&Facts<'_>| {
            below(&facts.project().working_directory, &file.absolute).is_some()
        };
        let around = self.all.iter().filter(around);
        around.max_by_key(|facts| facts.project().working_directory.as_str().len())
    }

    /// A path of the facts of one, as findings of the whole show it.
    pub fn shown(&self, facts: &Facts<'_>, path: &Utf8Path) -> Utf8PathBuf {
        shown(&self.project.working_directory, &facts.project().working_directory.join(path))
    }
}

/// Where the repositories of a project begin.
pub(super) fn bases(project: &Project) -> Vec<&Utf8Path> {
    let mut bases: Vec<_> = project.components.iter().map(Component::base).collect();
    bases.sort_unstable();
    bases.dedup();
    bases
}

/// The part of a project that belongs to a repository, as one sees it who stands in its folder: there files name each
/// other by paths from the top.
pub(super) fn seen_from(project: &Project, base: &Utf8Path) -> Project {
    let inside = |absolute: &Utf8Path| shown(base, absolute);
    let here = &project.working_directory;
    let mut indices = Vec::with_capacity(project.components.len());
    let mut components = Vec::new();
    for component in &project.components {
        let is_of = component.base == base;
        indices.push(is_of.then_some(components.len()));
        if is_of {
            components.push(Component {
                path: inside(&component.root),
                manifest: component.manifest.as_ref().map(|it| inside(&here.join(it))),
                ..component.clone()
            });
        }
    }
    let files = |files: &[File]| {
        let of_base = files.iter().filter_map(|file| {
            let component = indices.get(file.component).copied().flatten()?;
            Some(File { path: inside(&file.absolute), component, ..file.clone() })
        });
        let mut files: Vec<File> = of_base.collect();
        files.sort_by(|a, b| a.path.as_str().cmp(b.path.as_str()));
        files
    };
    let nested: Vec<_> =
        bases(project).into_iter().filter(|it| *it != base && it.starts_with(base)).collect();
    let mut others: Vec<_> = project.others.iter().map(|path| here.join(path)).collect();
    others.retain(|it| {
        below(base, it).is_some() && !nested.iter().any(|base| below(base, it).is_some())
    });
    Project {
        files: files(&project.files),
        unasked: files(&project.unasked),
        components,
        problems: Vec::new(),
        folder_links: Vec::new(),
        others: others.iter().map(|path| inside(path)).collect(),
        working_directory: base.to_owned(),
        contents: None,
    }
}
