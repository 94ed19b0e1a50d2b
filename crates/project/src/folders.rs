//! What lies directly in a folder, asked once for each. Knows names only, never contents.

use std::fs;

use camino::{Utf8Path, Utf8PathBuf};
use rustc_hash::FxHashMap;

/// The names in one folder that decide something about the files below it.
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each name is there or not, by itself")]
pub(crate) struct Folder {
    /// `pyproject.toml`
    pub(crate) pyproject: bool,
    /// `setup.cfg`
    pub(crate) setup_cfg: bool,
    /// `setup.py`
    pub(crate) setup_py: bool,
    /// `requirements*.txt`, `requirements*.in` or a folder `requirements`.
    pub(crate) requirements: bool,
    /// `Dockerfile*`, `Containerfile`, `docker-compose*`, `compose.y(a)ml`, `Procfile`.
    pub(crate) container: bool,
    /// `manage.py`
    pub(crate) manage_py: bool,
    /// `__init__.py`: the folder is a regular package.
    pub(crate) package: bool,
    /// `py.typed`
    pub(crate) typed: bool,
    /// A folder `src`.
    pub(crate) src: bool,
    /// A module that makes a folder a part of a web application: `models.py`, `views.py`, ...
    pub(crate) app: bool,
    /// `pytest.ini`
    pub(crate) pytest_ini: bool,
    /// `tox.ini`
    pub(crate) tox_ini: bool,
    /// A folder `*.dist-info`: what is here was unpacked by an installer.
    pub(crate) installed: bool,
    /// `.git`, `.hg` or `.svn`: where a repository begins.
    pub(crate) repository: bool,
}

impl Folder {
    /// Looks into a folder.
    pub(crate) fn read(path: &Utf8Path) -> Self {
        let mut folder = Self::default();
        // An unreadable folder is reported by the walk; above the walk it is as if it held nothing.
        let Ok(entries) = fs::read_dir(path) else { return folder };
        for entry in entries.flatten() {
            if let Some(name) = entry.file_name().to_str() {
                folder.note(name);
            }
        }
        folder
    }

    /// What a name in a folder says of it; `None` where it says nothing.
    pub(crate) fn with(name: &str) -> Option<Self> {
        let mut folder = Self::default();
        folder.note(name).then_some(folder)
    }

    /// A folder of which is asked only whether a repository begins in it.
    pub(crate) fn with_repository(path: &Utf8Path) -> Self {
        let repository = [".git", ".hg", ".svn"].iter().any(|name| path.join(name).exists());
        Self { repository, ..Self::default() }
    }

    /// Adds what else is known.
    fn add(&mut self, other: Self) {
        self.pyproject |= other.pyproject;
        self.setup_cfg |= other.setup_cfg;
        self.setup_py |= other.setup_py;
        self.requirements |= other.requirements;
        self.container |= other.container;
        self.manage_py |= other.manage_py;
        self.package |= other.package;
        self.typed |= other.typed;
        self.src |= other.src;
        self.app |= other.app;
        self.pytest_ini |= other.pytest_ini;
        self.tox_ini |= other.tox_ini;
        self.installed |= other.installed;
        self.repository |= other.repository;
    }

    /// Takes a name that lies in the folder, and says whether it means something.
    fn note(&mut self, name: &str) -> bool {
        match name {
            "pyproject.toml" => self.pyproject = true,
            "setup.cfg" => self.setup_cfg = true,
            "setup.py" => self.setup_py = true,
            "requirements" => self.requirements = true,
            "manage.py" => self.manage_py = true,
            "__init__.py" => self.package = true,
            "py.typed" => self.typed = true,
            "src" => self.src = true,
            "admin.py" | "apps.py" | "models.py" | "routes.py" | "schemas.py" | "urls.py"
            | "views.py" => self.app = true,
            "pytest.ini" => self.pytest_ini = true,
            "tox.ini" => self.tox_ini = true,
            "Containerfile" | "Procfile" | "compose.yml" | "compose.yaml" => self.container = true,
            ".git" | ".hg" | ".svn" => self.repository = true,
            _ if name.starts_with("requirements") => {
                let extension = name.rsplit('.').next().unwrap_or_default();
                if !matches!(extension, "txt" | "in") {
                    return false;
                }
                self.requirements = true;
            }
            _ if name.starts_with("Dockerfile") || name.starts_with("docker-compose") => {
                self.container = true;
            }
            _ if name.ends_with(".dist-info") => {
                self.installed = true;
            }
            _ => return false,
        }
        true
    }
}

/// Folders that were looked at. Keyed by text: paths as keys are compared part by part.
#[derive(Debug, Default)]
pub(crate) struct Folders(FxHashMap<String, Folder>);

impl Folders {
    /// What lies in a folder.
    pub(crate) fn get(&mut self, path: &Utf8Path) -> Folder {
        if let Some(&known) = self.0.get(path.as_str()) {
            return known;
        }
        let folder = Folder::read(path);
        self.0.insert(path.as_str().to_owned(), folder);
        folder
    }

    /// Takes what the walk has found out of a folder, bit by bit.
    pub(crate) fn add(&mut self, path: Utf8PathBuf, folder: Folder) {
        self.0.entry(path.into_string()).or_default().add(folder);
    }

    /// Where the repository begins that holds a folder.
    pub(crate) fn repository(&mut self, path: &Utf8Path) -> Option<Utf8PathBuf> {
        path.ancestors().find(|folder| self.get(folder).repository).map(Utf8Path::to_owned)
    }
}
