//! What lies directly in a folder, asked once for each, on disk or in memory. Knows names, and the texts of manifests.

use std::fs;

use camino::{Utf8Path, Utf8PathBuf};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::in_memory::Contents;
use crate::read::{ReadError, manifest_text, read_bytes};

/// Distributions that others copy into a folder of their programs, and that nobody writes an addition to under the same name:
/// three of them side by side are copies.
const COPIED: [&str; 28] = [
    "backports",
    "bs4",
    "certifi",
    "chardet",
    "charset_normalizer",
    "dateutil",
    "docopt.py",
    "html5lib",
    "httplib2",
    "idna",
    "importlib_metadata",
    "importlib_resources",
    "markupsafe",
    "more_itertools",
    "oauthlib",
    "pycparser",
    "pyparsing.py",
    "pytz",
    "requests",
    "simplejson",
    "six.py",
    "soupsieve",
    "typing_extensions.py",
    "tzlocal",
    "urllib3",
    "webencodings",
    "xmltodict.py",
    "zipp",
];

/// What the text of a licence is called.
const LICENCES: [&str; 8] = [
    "COPYING",
    "COPYING.txt",
    "LICENCE",
    "LICENCE.txt",
    "LICENSE",
    "LICENSE.md",
    "LICENSE.rst",
    "LICENSE.txt",
];

/// Notes in which those who copied a folder say from where.
const ORIGINS: [&str; 4] = ["UPSTREAM.md", "VENDOR.md", "VENDORED.md", "VENDORING.md"];

/// What starts web2py, beside whose package `gluon` lie the applications that are written with it
/// (<http://www.web2py.com/books/default/chapter/29/01/introduction>, "web2py's files").
const WEB2PY: [&str; 2] = ["anyserver.py", "web2py.py"];

/// What an add-on of Odoo says of itself.
const ADDON: &str = "__manifest__.py";

/// Whether a folder or a file is called as a distribution that others copy.
pub(crate) fn is_copied(name: &str) -> bool {
    COPIED.contains(&name)
}

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
    /// `LICENSE`, `COPYING` and their kin.
    pub(crate) licence: bool,
    /// One of [`ORIGINS`].
    origin: bool,
    /// What is read at the top of a repository only: `.github`, `.travis.yml`, `CODE_OF_CONDUCT.md`.
    forge: bool,
    /// `README.md` or `README.rst`
    readme: bool,
    /// `__manifest__.py`: the folder is an add-on of Odoo.
    addon: bool,
    /// `web2py.py` or `anyserver.py`.
    pub(crate) web2py: bool,
    /// `CITATION.cff`
    pub(crate) citation: bool,
    /// `CONTRIBUTING.md`
    pub(crate) contributing: bool,
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
        self.licence |= other.licence;
        self.origin |= other.origin;
        self.forge |= other.forge;
        self.readme |= other.readme;
        self.addon |= other.addon;
        self.web2py |= other.web2py;
        self.citation |= other.citation;
        self.contributing |= other.contributing;
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
            ".github" | ".travis.yml" | "CODE_OF_CONDUCT.md" => self.forge = true,
            "README.md" | "README.rst" => self.readme = true,
            "CITATION.cff" => self.citation = true,
            "CONTRIBUTING.md" => self.contributing = true,
            ADDON => self.addon = true,
            _ if WEB2PY.contains(&name) => self.web2py = true,
            _ if ORIGINS.contains(&name) => self.origin = true,
            _ if LICENCES.contains(&name) => self.licence = true,
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
    /// Whether licences of folders, and what packages say of themselves, are those of others.
    licensed: FxHashMap<String, bool>,
    /// Whether folders are copies of other repositories.
    of_others: FxHashMap<String, bool>,
    /// Whether folders say that they are no product.
    no_product: FxHashMap<String, bool>,
    /// The add-ons of Odoo that were bought, once somebody has asked.
    bought: Option<FxHashSet<String>>,
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

    /// The text of a licence; empty where there is none.
    fn licence(&self, folder: &Utf8Path) -> String {
        LICENCES.iter().find_map(|it| self.manifest(&folder.join(it)).ok()).unwrap_or_default()
    }

    /// Whether a folder below the top of a repository was copied from another one, by a note that says so, or as it brings what
    /// only the top of one has: the licence of others, and a manifest and what nobody reads further down, or how to cite it and
    /// how to contribute to it.
    pub(crate) fn is_of_others(&mut self, folder: &Utf8Path, base: &Utf8Path) -> bool {
        let own = self.get(folder);
        let is_packaged = own.forge && (own.pyproject || own.setup_py || own.setup_cfg);
        // Where the project around it says nothing of its own licence, this may be that.
        let is_cited = own.citation && own.contributing && self.get(base).licence;
        let is_whole = own.licence && (is_packaged || is_cited);
        if !own.origin && !is_whole {
            return false;
        }
        if let Some(&known) = self.of_others.get(folder.as_str()) {
            return known;
        }
        let is_noted =
            ORIGINS.iter().filter_map(|it| self.manifest(&folder.join(it)).ok()).any(|text| {
                let text = text.to_ascii_lowercase();
                ["vendored", "copied from", "copy of"].iter().any(|it| text.contains(it))
            });
        let found = is_noted || is_whole && is_other(&self.licence(folder), &self.licence(base));
        self.of_others.insert(folder.as_str().to_owned(), found);
        found
    }

    /// Whether a folder is the framework web2py, which comes with all that is written with it.
    pub(crate) fn is_web2py(&mut self, folder: &Utf8Path) -> bool {
        folder.file_name() == Some("gluon") && folder.parent().is_some_and(|it| self.get(it).web2py)
    }

    /// Whether a folder is an add-on of Odoo that has a price, among more that have none: whoever sells add-ons puts a price to most
    /// of them (<https://www.odoo.com/documentation/18.0/developer/reference/backend/module.html>).
    pub(crate) fn is_bought(&mut self, folder: &Utf8Path) -> bool {
        if !self.get(folder).addon {
            return false;
        }
        if self.bought.is_none() {
            let addons = self.known.iter().filter(|(_, it)| it.addon).map(|it| it.0);
            let (priced, free): (FxHashSet<String>, FxHashSet<String>) =
                addons.cloned().partition(|it| {
                    let text = self.manifest(&Utf8Path::new(it).join(ADDON));
                    text.is_ok_and(|it| has_price(&it))
                });
            self.bought =
                Some(if priced.len() < free.len() { priced } else { FxHashSet::default() });
        }
        self.bought.as_ref().is_some_and(|it| it.contains(folder.as_str()))
    }

    /// Whether the first lines of a README say that what lies in its folder is no product.
    pub(crate) fn is_no_product(&mut self, folder: &Utf8Path) -> bool {
        if !self.get(folder).readme {
            return false;
        }
        if let Some(&known) = self.no_product.get(folder.as_str()) {
            return known;
        }
        let names = ["README.md", "README.rst"];
        let text = names.iter().find_map(|it| self.manifest(&folder.join(it)).ok());
        let found = says_no_product(&text.unwrap_or_default());
        self.no_product.insert(folder.as_str().to_owned(), found);
        found
    }

    /// Whether a package brings a licence of its own, by which others permit copies: one that names who holds the rights, where
    /// the licence of the project around it names them nowhere.
    pub(crate) fn is_licensed_by_others(&mut self, package: &Utf8Path, root: &Utf8Path) -> bool {
        let own = self.get(package);
        if !own.package || !own.licence || !self.get(root).licence {
            return false;
        }
        if let Some(&known) = self.licensed.get(package.as_str()) {
            return known;
        }
        let found = is_permitted_by_others(&self.licence(package), &self.licence(root));
        self.licensed.insert(package.as_str().to_owned(), found);
        found
    }

    /// Whether the `__init__.py` of a package names a version and an author of its own, who is none of the project's, as far as
    /// the licence of that tells.
    pub(crate) fn is_signed_by_others(&mut self, package: &Utf8Path, root: &Utf8Path) -> bool {
        if !self.get(package).package {
            return false;
        }
        let key = format!("{package}/__init__.py");
        if let Some(&known) = self.licensed.get(&key) {
            return known;
        }
        let text = self.manifest(Utf8Path::new(&key)).unwrap_or_default();
        let value = |name: &str| {
            let mut lines = text.lines().filter_map(|it| it.strip_prefix(name)?.split_once('='));
            lines.next().map(|it| it.1.trim().trim_matches(['"', '\'']).to_lowercase())
        };
        let author = value("__author__").filter(|it| it.len() > 2);
        let found = value("__version__").is_some()
            && author.is_some_and(|author| {
                let own = LICENCES.iter().find_map(|it| self.manifest(&root.join(it)).ok());
                !own.unwrap_or_default().to_lowercase().contains(&author)
            });
        self.licensed.insert(key, found);
        found
    }

    /// Where the repository begins that holds a folder.
    pub(crate) fn repository(&mut self, path: &Utf8Path) -> Option<Utf8PathBuf> {
        path.ancestors().find(|folder| self.get(folder).repository).map(Utf8Path::to_owned)
    }
}

/// Whether a licence is another one than that of the project, and none who hold the rights by it are known there.
fn is_other(licence: &str, own: &str) -> bool {
    let known = own.to_lowercase();
    licence.trim() != own.trim()
        && !licence.lines().filter_map(holder).any(|it| known.contains(&it))
}

/// Whether the manifest of an add-on says what it costs: a price, and in which currency.
fn has_price(manifest: &str) -> bool {
    let has = |key: &str| {
        manifest.lines().any(|line| {
            let rest = line.trim_start().trim_start_matches(['"', '\'']).strip_prefix(key);
            rest.and_then(|it| it.strip_prefix(['"', '\'']))
                .is_some_and(|it| it.trim_start().starts_with(':'))
        })
    };
    has("price") && has("currency")
}

/// Whether the head of a README says that what it is about is not for production.
fn says_no_product(text: &str) -> bool {
    const LINES: usize = 6;
    const WORDS: [&str; 5] = [
        "development only",
        "not a product",
        "not for production",
        "not intended for production",
        "not meant for production",
    ];
    let lines = text.lines().map(str::trim).filter(|it| !it.is_empty()).take(LINES);
    let head = lines.collect::<Vec<_>>().join(" ").replace(['*', '_'], "").to_ascii_lowercase();
    WORDS.iter().any(|it| head.contains(it))
}

/// Whether a text permits copies in the words of the common licences, and all who hold the rights by it are unknown to another.
fn is_permitted_by_others(licence: &str, own: &str) -> bool {
    const WORDS: [&str; 2] =
        ["Permission is hereby granted", "Redistribution and use in source and binary forms"];
    let own = own.to_lowercase();
    let mut holders = licence.lines().filter_map(holder).peekable();
    WORDS.iter().any(|it| licence.contains(it))
        && holders.peek().is_some()
        && holders.all(|it| !own.contains(&it))
}

/// Who holds the rights by a line of a licence.
fn holder(line: &str) -> Option<String> {
    let rest = line.trim().strip_prefix("Copyright ")?;
    let is_of_name = |it: char| it.is_alphabetic() && it != '©';
    let words = rest.split_whitespace().filter(|it| !matches!(*it, "(c)" | "(C)" | "by" | "the"));
    let name: Vec<&str> = words
        .skip_while(|it| !it.starts_with(is_of_name))
        .take_while(|it| !it.starts_with(['<', '(']))
        .collect();
    let name = name.join(" ").to_lowercase();
    let name = name.trim_end_matches(['.', ',']).trim_end_matches(" all rights reserved");
    (name.len() > 2).then(|| name.trim_end_matches(['.', ',']).to_owned())
}

#[cfg(test)]
mod tests {
    use camino::Utf8Path;

    use super::{Folders, is_permitted_by_others};

    fn in_memory(files: &[(&'static str, &'static str)]) -> Folders {
        let contents = files.iter().map(|&(path, text)| (path, text.as_bytes().to_vec()));
        Folders::in_memory(contents.collect())
    }

    #[test]
    fn a_project_that_says_how_to_cite_it_was_copied() {
        let licences = [("fuzz/LICENSE", "Apache License"), ("LICENSE", "Copyright (c) Shop Ltd")];
        let guides = [("fuzz/CITATION.cff", ""), ("fuzz/CONTRIBUTING.md", "")];
        let is_of_others = |files: &[(&'static str, &'static str)]| {
            in_memory(files).is_of_others(Utf8Path::new("fuzz"), Utf8Path::new(""))
        };
        assert!(is_of_others(&[licences.as_slice(), &guides].concat()));
        assert!(!is_of_others(&[licences.as_slice(), &guides[..1]].concat()));
        // Nothing around it has another one.
        assert!(!is_of_others(&[&licences[..1], guides.as_slice()].concat()));
        let ours = [("fuzz/LICENSE", "Copyright (c) Shop Ltd"), licences[1]];
        assert!(!is_of_others(&[ours.as_slice(), &guides].concat()));
    }

    #[test]
    fn web2py_lies_beside_what_starts_it() {
        let tools = ("gluon/tools.py", "");
        let is_web2py = |files: &[(&'static str, &'static str)]| {
            in_memory(files).is_web2py(Utf8Path::new("gluon"))
        };
        assert!(is_web2py(&[tools, ("web2py.py", "")]));
        assert!(is_web2py(&[tools, ("anyserver.py", "")]));
        assert!(!is_web2py(&[tools, ("setup.py", "")]));
    }

    #[test]
    fn an_addon_with_a_price_among_others_was_bought() {
        let sold = "{\n  'name': 'Backup',\n  'price': 30.0,\n  'currency': 'EUR',\n}\n";
        let backup = ("backup/__manifest__.py", sold);
        let shop = ("shop/__manifest__.py", "{'name': 'Shop'}\n");
        let till = ("till/__manifest__.py", "{\n  'price_list': 3,\n  'currency': 'EUR',\n}\n");
        let is_bought = |files: &[(&'static str, &'static str)], folder: &str| {
            in_memory(files).is_bought(Utf8Path::new(folder))
        };
        assert!(is_bought(&[backup, shop, till], "backup"));
        assert!(!is_bought(&[backup, shop, till], "till"));
        // Whoever sells add-ons puts a price to all of them.
        assert!(!is_bought(&[backup], "backup"));
    }

    #[test]
    fn licences_of_others_name_others() {
        let mit = |holder: &str| {
            format!(
                "Copyright (c) 2011-2014 {holder}\n\nPermission is hereby granted, free of charge"
            )
        };
        assert!(is_permitted_by_others(&mit("Ann Other <ann@example.org>"), &mit("Shop Ltd.")));
        assert!(!is_permitted_by_others(&mit("Shop Ltd."), &mit("shop Ltd")));
        assert!(!is_permitted_by_others("Copyright (c) Shop Enterprise. All rights reserved.", ""));
        assert!(!is_permitted_by_others("Permission is hereby granted", &mit("Shop")));
    }
}
