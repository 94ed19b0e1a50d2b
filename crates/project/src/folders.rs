//! What lies directly in a folder, asked once for each, on disk or in memory. Knows names, and the texts of manifests.

use std::fs;

use camino::{Utf8Path, Utf8PathBuf};
use rustc_hash::FxHashMap;

use crate::in_memory::Contents;
use crate::read::{ReadError, manifest_text, read_bytes};

/// Distributions that others copy into a folder of their programs, and that nobody writes an addition to under the same name:
/// three of them side by side are copies.
const COPIED: [&str; 22] = [
    "backports",
    "bs4",
    "certifi",
    "chardet",
    "charset_normalizer",
    "dateutil",
    "html5lib",
    "idna",
    "importlib_metadata",
    "importlib_resources",
    "markupsafe",
    "more_itertools",
    "oauthlib",
    "pycparser",
    "pytz",
    "six.py",
    "soupsieve",
    "typing_extensions.py",
    "tzlocal",
    "webencodings",
    "xmltodict.py",
    "zipp",
];

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
    /// `environment.py`, which behave reads beside the folder of its steps.
    pub(crate) environment: bool,
    /// A folder `steps`.
    pub(crate) steps: bool,
    /// `*.feature`
    pub(crate) gherkin: bool,
    /// `pyvenv.cfg`: an environment of Python's was made here.
    pub(crate) venv: bool,
    /// Which of [`COPIED`] are there: a bit for each.
    copied: u32,
}

impl Folder {
    /// Whether copies of several distributions lie side by side.
    pub(crate) fn holds_copies(self) -> bool {
        self.copied.count_ones() >= 3
    }

    /// Whether behave would find its tests here.
    pub(crate) fn holds_features(self) -> bool {
        self.gherkin || self.environment && self.steps
    }

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
        self.environment |= other.environment;
        self.steps |= other.steps;
        self.gherkin |= other.gherkin;
        self.venv |= other.venv;
        self.copied |= other.copied;
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
            "environment.py" => self.environment = true,
            "steps" => self.steps = true,
            "src" => self.src = true,
            "admin.py" | "apps.py" | "models.py" | "routes.py" | "schemas.py" | "urls.py"
            | "views.py" => self.app = true,
            "pytest.ini" => self.pytest_ini = true,
            "tox.ini" => self.tox_ini = true,
            "pyvenv.cfg" => self.venv = true,
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
            _ if name.ends_with(".feature") => {
                self.gherkin = true;
            }
            _ => {
                let Some(at) = COPIED.iter().position(|it| *it == name) else { return false };
                self.copied |= 1 << at;
            }
        }
        true
    }
}

/// Folders that were looked at. Keyed by text: paths as keys are compared part by part.
#[derive(Debug, Default)]
pub(crate) struct Folders {
    known: FxHashMap<String, Folder>,
    /// What there is, if it lies on no disk.
    contents: Option<Contents>,
}

impl Folders {
    /// The folders of files that lie on no disk.
    pub(crate) fn in_memory(contents: Contents) -> Self {
        let mut folders = Self::default();
        for path in contents.paths() {
            let mut inner = path;
            // A folder is a name in the folder around it, too.
            while let (Some(parent), Some(name)) = (inner.parent(), inner.file_name()) {
                folders.add(parent.to_owned(), Folder::with(name).unwrap_or_default());
                inner = parent;
            }
        }
        folders.contents = Some(contents);
        folders
    }

    /// What lies in a folder.
    pub(crate) fn get(&mut self, path: &Utf8Path) -> Folder {
        if let Some(&known) = self.known.get(path.as_str()) {
            return known;
        }
        let folder = if self.contents.is_some() { Folder::default() } else { Folder::read(path) };
        self.known.insert(path.as_str().to_owned(), folder);
        folder
    }

    /// Takes what the walk has found out of a folder, bit by bit.
    pub(crate) fn add(&mut self, path: Utf8PathBuf, folder: Folder) {
        self.known.entry(path.into_string()).or_default().add(folder);
    }

    /// The text of a manifest.
    ///
    /// # Errors
    /// When there is none.
    pub(crate) fn manifest(&self, path: &Utf8Path) -> Result<String, ReadError> {
        match &self.contents {
            None => read_bytes(path).map(manifest_text),
            Some(contents) => {
                let missing = || ReadError::Io(std::io::ErrorKind::NotFound.into());
                Ok(manifest_text(contents.get(path).ok_or_else(missing)?.to_vec()))
            }
        }
    }

    /// Where the repository begins that holds a folder.
    pub(crate) fn repository(&mut self, path: &Utf8Path) -> Option<Utf8PathBuf> {
        path.ancestors().find(|folder| self.get(folder).repository).map(Utf8Path::to_owned)
    }
}
