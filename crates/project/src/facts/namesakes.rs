//! The modules of a project by all names under which something may import them, and which of several of one name an import means:
//! what lies below a folder around the importing file comes first, and no root of imports is a package itself. Knows where files
//! lie, no code.

use camino::Utf8Path;
use rustc_hash::{FxHashMap, FxHashSet};

use super::ModuleName;
use crate::File;

/// Modules by the ends of their paths.
pub(super) struct Namesakes<'f> {
    modules: &'f [&'f File],
    by_name: FxHashMap<ModuleName, Vec<usize>>,
    /// Folders, absolute, that are packages.
    packages: FxHashSet<&'f Utf8Path>,
}

impl<'f> Namesakes<'f> {
    pub(super) fn new(modules: &'f [&'f File]) -> Self {
        let mut by_name: FxHashMap<ModuleName, Vec<usize>> = FxHashMap::default();
        let mut packages = FxHashSet::default();
        for (index, file) in modules.iter().enumerate() {
            for name in ModuleName::ends(file.module_path()) {
                by_name.entry(name).or_default().push(index);
            }
            if is_package(file) {
                packages.extend(file.absolute.parent());
            }
        }
        Self { modules, by_name, packages }
    }

    /// All modules that a name may mean, wherever it stands.
    pub(super) fn all(&self, name: ModuleName) -> &[usize] {
        self.by_name.get(&name).map_or(&[], Vec::as_slice)
    }

    /// The modules that a dotted name may mean in an import of a file, or in a text, of which it is not known where it begins.
    pub(super) fn meant(&self, name: ModuleName, dotted: &str, from: Option<&File>) -> Vec<usize> {
        let all = self.all(name);
        if all.len() < 2 {
            return all.to_vec();
        }
        let parts = dotted.split('.').count();
        let root = |module: usize| {
            let file = self.modules[module];
            file.absolute.ancestors().nth(parts + usize::from(is_package(file)))
        };
        let only = |found: Vec<usize>, wanted: &dyn Fn(&Utf8Path) -> bool| {
            let some: Vec<usize> =
                found.iter().copied().filter(|it| root(*it).is_some_and(wanted)).collect();
            if some.is_empty() { found } else { some }
        };
        let mut found = all.to_vec();
        if let Some(from) = from {
            found = only(found, &|it| from.absolute.starts_with(it));
            found = only(found, &|it| !self.packages.contains(it));
        }
        // A package that lies once more in itself is a copy that was left there.
        let roots: Vec<Option<&Utf8Path>> = found.iter().map(|it| root(*it)).collect();
        let first = dotted.split('.').next();
        let is_in_itself = |it: &Utf8Path| {
            it.file_name() == first && self.packages.contains(it) && roots.contains(&it.parent())
        };
        only(found, &|it| !is_in_itself(it))
    }

    /// Whether a folder, absolute, is a package.
    pub(super) fn is_package(&self, folder: &Utf8Path) -> bool {
        self.packages.contains(folder)
    }
}

fn is_package(file: &File) -> bool {
    file.path.file_name() == Some("__init__.py")
}
