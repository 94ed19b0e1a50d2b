//! Which folder owns a file, and what that folder's manifests declare. Looks upwards on disk, so that a
//! file is judged alike however it was named.

#[cfg(test)]
mod tests;

use std::borrow::Cow;

use camino::{Utf8Path, Utf8PathBuf};
use globset::{Glob, GlobMatcher};
use rustc_hash::FxHashMap;

use crate::discover::{Found, Problem, shown};
use crate::folders::{Folder, Folders};
use crate::manifest::{Manifest, Packaging};
use crate::project::File;
use crate::role::{RoleReason, Strength, path_role};

/// A part of a repository that is built, installed or deployed as one.
#[derive(Clone, Debug)]
pub struct Component {
    /// Its folder, absolute.
    pub root: Utf8PathBuf,
    /// Its folder as shown; empty for the working directory.
    pub path: Utf8PathBuf,
    /// The manifest that makes the folder a component, as shown.
    pub manifest: Option<Utf8PathBuf>,
    /// The declared name, else that of the folder.
    pub name: String,
    /// Whether others install it or it is run.
    pub distribution: Distribution,
    /// What shows that, as one short phrase.
    pub distribution_reason: Cow<'static, str>,
    /// The commands that installing it makes.
    pub entry_points: Vec<EntryPoint>,
    /// Folders and files that the configuration of pytest calls tests, relative to the root. Those
    /// that hold product code as well (`.`, `src`) are left out.
    pub test_paths: Vec<Utf8PathBuf>,
    /// File name patterns of tests from the configuration of pytest.
    pub test_files: Vec<String>,
    /// [`Self::test_files`], compiled; a pattern that is none matches nothing.
    pub(crate) test_globs: Vec<(String, GlobMatcher)>,
    /// Where the repository begins, as far as that is known: folders above have no say in roles.
    pub(crate) base: Utf8PathBuf,
}

impl Component {
    /// The folder that holds everything that may say something about the component: its repository, as far as that is
    /// known.
    pub fn base(&self) -> &Utf8Path {
        &self.base
    }
}

/// How a component reaches those who use it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Distribution {
    /// Others install it.
    Library,
    /// It is deployed.
    Application,
    /// Nothing tells.
    Unknown,
}

/// A command that installing a component makes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryPoint {
    /// The name of the command.
    pub name: String,
    /// The dotted module.
    pub module: String,
    /// What is called in it; empty where nothing is named.
    pub object: String,
    /// The manifest and table, for people: "[project.scripts] of pyproject.toml".
    pub declared_in: String,
}

/// What is known of one file's surroundings.
pub(crate) struct Owner {
    /// Index of its component, as long as components are being found.
    pub(crate) component: usize,
    pub(crate) module: String,
    pub(crate) in_package: bool,
}

/// What is known of the files directly in a folder.
#[derive(Clone, Debug, Default)]
struct Place {
    folder: String,
    component: usize,
    in_package: bool,
    /// The dotted name of the folder; empty where imports begin.
    module: String,
}

/// How much a folder looks like the root of a component.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Evidence {
    None,
    /// Requirements, or configuration of tools only.
    Weak,
    /// A package, or requirements beside a container file.
    Strong,
}

/// The components of a run while they are found.
pub(crate) struct Components<'w> {
    working_directory: &'w Utf8Path,
    folders: Folders,
    manifests: FxHashMap<String, (Evidence, Manifest)>,
    by_root: FxHashMap<String, usize>,
    by_folder: FxHashMap<String, Place>,
    last: Place,
    list: Vec<Component>,
    problems: Vec<Problem>,
}

impl<'w> Components<'w> {
    pub(crate) fn new(working_directory: &'w Utf8Path, folders: Folders) -> Self {
        Self {
            working_directory,
            folders,
            manifests: FxHashMap::default(),
            by_root: FxHashMap::default(),
            by_folder: FxHashMap::default(),
            last: Place::default(),
            list: Vec::new(),
            problems: Vec::new(),
        }
    }

    /// The component of a file, and its place in it. Files that come in the order of their paths are
    /// answered from the last answer, most of them.
    pub(crate) fn of(&mut self, found: &Found) -> Owner {
        let folder = found.absolute.parent().unwrap_or(&found.scan_root);
        // The folder of what lies in memory may have no name.
        if self.last.folder != folder.as_str() || self.list.is_empty() {
            self.last = self.place(folder, &found.scan_root);
        }
        let place = &self.last;
        let stem = found.absolute.file_stem().unwrap_or_default();
        let module = match (place.module.as_str(), stem) {
            (package, "__init__") => package.to_owned(),
            ("", stem) => stem.to_owned(),
            (package, stem) => format!("{package}.{stem}"),
        };
        Owner { component: place.component, module, in_package: place.in_package }
    }

    fn place(&mut self, folder: &Utf8Path, scan_root: &Utf8Path) -> Place {
        if let Some(place) = self.by_folder.get(folder.as_str()) {
            return place.clone();
        }
        let component = self.find(folder, scan_root);
        let package = self.top_package(folder, component);
        let in_package = package.is_some();
        let module = self.package_name(folder, component, package);
        let place = Place { folder: folder.as_str().to_owned(), component, in_package, module };
        self.by_folder.insert(place.folder.clone(), place.clone());
        place
    }

    /// What the path of a file alone says of its role.
    pub(crate) fn path_role(
        &mut self,
        file: &Utf8Path,
        component: usize,
    ) -> Option<(RoleReason, Strength)> {
        path_role(file, &self.list[component], &mut self.folders)
    }

    /// The components by root, and what their manifests have wrong.
    pub(crate) fn finish(self, files: &mut [File]) -> (Vec<Component>, Vec<Problem>) {
        let mut order: Vec<usize> = (0..self.list.len()).collect();
        order.sort_by(|&a, &b| self.list[a].root.cmp(&self.list[b].root));
        let mut place = vec![0; order.len()];
        for (new, &old) in order.iter().enumerate() {
            place[old] = new;
        }
        for file in files {
            file.component = place[file.component];
        }
        let mut list = self.list;
        list.sort_by(|a, b| a.root.cmp(&b.root));
        (list, self.problems)
    }

    fn find(&mut self, folder: &Utf8Path, scan_root: &Utf8Path) -> usize {
        let repository = self.folders.repository(folder);
        let mut nearest_weak = None;
        let mut nearest_strong = None;
        let mut topmost = None;
        for above in folder.ancestors() {
            match self.evidence(above) {
                Evidence::None => {}
                evidence => {
                    topmost = Some(above);
                    nearest_weak = nearest_weak.or(Some(above));
                    if evidence == Evidence::Strong {
                        nearest_strong = nearest_strong.or(Some(above));
                    }
                }
            }
            if repository.as_deref() == Some(above) {
                break;
            }
        }
        let root = nearest_strong.or(nearest_weak).or(repository.as_deref()).unwrap_or(scan_root);
        // Both lie above the file, so that the shorter one is the outer one.
        let outer = topmost.filter(|top| top.as_str().len() < scan_root.as_str().len());
        let base = repository.as_deref().or(outer).unwrap_or(scan_root);
        if let Some(&known) = self.by_root.get(root.as_str()) {
            return known;
        }
        let component = self.component(root, base);
        self.list.push(component);
        self.by_root.insert(root.as_str().to_owned(), self.list.len() - 1);
        self.list.len() - 1
    }

    fn evidence(&mut self, path: &Utf8Path) -> Evidence {
        if let Some((evidence, _)) = self.manifests.get(path.as_str()) {
            return *evidence;
        }
        let folder = self.folders.get(path);
        let declares = folder.pyproject || folder.setup_cfg || folder.setup_py;
        if !declares && !folder.requirements && !folder.installed {
            return Evidence::None;
        }
        let manifest = Manifest::read(path, folder, &self.folders, self.working_directory);
        let evidence = if manifest.packaging != Packaging::None {
            Evidence::Strong
        } else if manifest.file.is_none() && !requirements_count(path, folder) {
            Evidence::None
        } else if folder.requirements && folder.container {
            Evidence::Strong
        } else {
            Evidence::Weak
        };
        self.manifests.insert(path.as_str().to_owned(), (evidence, manifest));
        evidence
    }

    fn component(&mut self, root: &Utf8Path, base: &Utf8Path) -> Component {
        let folder = self.folders.get(root);
        let manifest = match self.manifests.get(root.as_str()) {
            Some((_, manifest)) => manifest.clone(),
            None => Manifest::read(root, folder, &self.folders, self.working_directory),
        };
        let typed = self.is_typed(root, manifest.name.as_deref());
        let (distribution, distribution_reason) = distribution(&manifest, folder, typed);
        self.problems.extend(manifest.problems);
        let compiled = manifest.test_files.iter().filter_map(|pattern| {
            Some((pattern.clone(), Glob::new(pattern).ok()?.compile_matcher()))
        });
        let test_globs = compiled.collect();
        let name = manifest.name.or_else(|| root.file_name().map(str::to_owned));
        Component {
            root: root.to_owned(),
            path: shown(self.working_directory, root),
            manifest: manifest.file,
            name: name.unwrap_or_default(),
            distribution,
            distribution_reason,
            entry_points: manifest.entry_points,
            test_paths: manifest.test_paths,
            test_files: manifest.test_files,
            test_globs,
            base: base.to_owned(),
        }
    }

    /// Whether the package of the component's name says that it is typed, which only matters to those
    /// who import it (PEP 561).
    fn is_typed(&mut self, root: &Utf8Path, name: Option<&str>) -> bool {
        let Some(name) = name else { return false };
        let package = name.replace(['-', '.'], "_").to_lowercase();
        self.folders.get(&root.join("src").join(&package)).typed
            || self.folders.get(&root.join(&package)).typed
    }

    /// The outermost package around a folder. Folders without an `__init__.py` inside a package are
    /// parts of it; above the component only an unbroken chain of packages counts.
    fn top_package<'f>(&mut self, folder: &'f Utf8Path, component: usize) -> Option<&'f Utf8Path> {
        let root = self.list[component].root.clone();
        let below = folder.ancestors().take_while(|above| above.as_str() != root.as_str());
        let mut top = below.filter(|above| self.folders.get(above).package).last();
        if top.is_none() && self.folders.get(folder).package {
            top = Some(folder);
        }
        while let Some(parent) = top?.parent()
            && self.folders.get(parent).package
        {
            top = Some(parent);
        }
        top
    }

    /// The dotted name of a folder: from the outermost package on, or its place in the component where
    /// there is none.
    fn package_name(
        &self,
        folder: &Utf8Path,
        component: usize,
        package: Option<&Utf8Path>,
    ) -> String {
        let root = package.and_then(Utf8Path::parent).unwrap_or(&self.list[component].root);
        let inside = folder.strip_prefix(root).unwrap_or(Utf8Path::new(""));
        let mut names: Vec<&str> = inside.components().map(|name| name.as_str()).collect();
        if package.is_none() && matches!(names.first(), Some(&("src" | "lib" | "python"))) {
            names.remove(0);
        }
        names.join(".")
    }
}

/// Whether requirements make a folder a component: those of the documentation or of tests do not, nor
/// do those inside a package, which are somebody's data.
fn requirements_count(path: &Utf8Path, folder: Folder) -> bool {
    let aside = ["doc", "docs", "test", "tests", "requirements", "ci", "examples", "scripts"];
    folder.installed
        || folder.requirements
            && !folder.package
            && path.file_name().is_some_and(|name| !aside.contains(&name))
}

fn distribution(
    manifest: &Manifest,
    folder: Folder,
    typed: bool,
) -> (Distribution, Cow<'static, str>) {
    use Distribution::{Application, Library, Unknown};
    if let Some(reason) = manifest.not_shared {
        return (Application, reason.into());
    }
    let deployed = if folder.container {
        Some("has a container file")
    } else if folder.manage_py {
        Some("has a manage.py")
    } else {
        None
    };
    match manifest.packaging {
        Packaging::Built(how) => {
            if let Some(reason) = manifest.shared {
                (Library, reason.into())
            } else if typed {
                (Library, "its package has a py.typed".into())
            } else if let Some(reason) = deployed {
                (Application, reason.into())
            } else if folder.src {
                (Library, format!("{how}, and has a src folder").into())
            } else {
                (Library, how.into())
            }
        }
        Packaging::Declared => {
            (Application, deployed.unwrap_or("pyproject.toml has no [build-system]").into())
        }
        Packaging::Unknown => (Unknown, "its manifest cannot be understood".into()),
        Packaging::None => {
            if let Some(reason) = deployed {
                (Application, reason.into())
            } else if folder.installed {
                (Library, "was unpacked by an installer (*.dist-info)".into())
            } else if folder.requirements {
                (Application, "has requirements, but no package metadata".into())
            } else {
                (Unknown, "no manifest says how it is used".into())
            }
        }
    }
}
