//! The modules of a project by their dotted names. Knows names, no code.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::Project;

/// The modules of a project.
#[derive(Clone, Debug, Default)]
pub struct Modules {
    by_name: FxHashMap<String, Vec<usize>>,
    /// Every name before the first dot, and those of folders with modules in them.
    top: FxHashSet<String>,
}

impl Modules {
    pub(super) fn new(project: &Project) -> Self {
        let mut modules = Self::default();
        let python = project.files.iter().enumerate().filter(|(_, file)| file.kind.is_python());
        for (index, file) in python {
            let top = file.module.split('.').next().unwrap_or_default();
            if !modules.top.contains(top) {
                modules.top.insert(top.to_owned());
            }
            modules.by_name.entry(file.module.clone()).or_default().push(index);
        }
        modules
    }

    /// The files that may be the module of a dotted name, as indices of [`Project::files`]: several components may have
    /// modules of one name, and a stub has the name of its module.
    pub fn of_name(&self, name: &str) -> &[usize] {
        self.by_name.get(name).map_or(&[], Vec::as_slice)
    }

    /// Whether a name before the first dot is that of a module or package of the project.
    pub fn is_first_party(&self, top: &str) -> bool {
        self.top.contains(top)
    }
}
