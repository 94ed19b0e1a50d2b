//! What the manifests of one folder declare. Knows their formats (PEP 621, Poetry, setuptools, pytest);
//! nothing of the files that they are about.

mod ini;
mod setup_py;

use camino::{Utf8Path, Utf8PathBuf};
use toml::{Table, Value};

use crate::component::EntryPoint;
use crate::discover::{Problem, shown};
use crate::folders::{Folder, Folders};
use crate::read::ReadError;
use ini::Ini;
use roadworthy_parser::without_values;

/// Whether a folder is a package to install, and who says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Packaging {
    /// No manifest speaks of a package.
    None,
    /// A manifest names a package, but not how to build it.
    Declared,
    /// A manifest says how it is built; the phrase is the evidence.
    Built(&'static str),
    /// A manifest that may say so cannot be understood.
    Unknown,
}

/// The facts of one folder's manifests, each read once.
#[derive(Clone, Debug)]
pub(crate) struct Manifest {
    /// The one that speaks loudest, as shown.
    pub(crate) file: Option<Utf8PathBuf>,
    pub(crate) name: Option<String>,
    pub(crate) packaging: Packaging,
    /// Evidence that others are meant to install it.
    pub(crate) shared: Option<&'static str>,
    /// Evidence that nobody is.
    pub(crate) not_shared: Option<&'static str>,
    pub(crate) entry_points: Vec<EntryPoint>,
    pub(crate) test_paths: Vec<Utf8PathBuf>,
    pub(crate) test_files: Vec<String>,
    pub(crate) problems: Vec<Problem>,
}

impl Manifest {
    /// Reads those of the folder's manifests that are there.
    pub(crate) fn read(
        path: &Utf8Path,
        folder: Folder,
        folders: &Folders,
        working_directory: &Utf8Path,
    ) -> Self {
        let mut manifest = Self {
            file: None,
            name: None,
            packaging: Packaging::None,
            shared: None,
            not_shared: None,
            entry_points: Vec::new(),
            test_paths: Vec::new(),
            test_files: Vec::new(),
            problems: Vec::new(),
        };
        let mut each = |there: bool, name: &str, take: &dyn Fn(&mut Self, &str) -> TakeResult| {
            if !there {
                return;
            }
            let file = path.join(name);
            let shown = shown(working_directory, &file);
            let taken = match folders.manifest(&file) {
                Ok(text) => take(&mut manifest, &text),
                // A folder of that name, as `setup.py/`, is no manifest.
                Err(ReadError::NotRegular) => Ok(false),
                Err(error) => Err((None, error.to_string())),
            };
            match taken {
                Ok(true) => manifest.file = manifest.file.take().or(Some(shown)),
                Ok(false) => {}
                Err((line, sentence)) => {
                    manifest.file = manifest.file.take().or(Some(shown.clone()));
                    manifest.problems.push(Problem {
                        path: shown,
                        line,
                        sentence,
                        unjudged: false,
                    });
                }
            }
        };
        each(folder.pyproject, "pyproject.toml", &Self::take_pyproject);
        each(folder.setup_cfg, "setup.cfg", &Self::take_setup_cfg);
        each(folder.setup_py, "setup.py", &Self::take_setup_py);
        // Of the files by which pytest may be configured the first counts.
        each(folder.pytest_ini, "pytest.ini", &|manifest, text| {
            manifest.take_pytest_ini(text, "pytest")
        });
        each(folder.tox_ini, "tox.ini", &|manifest, text| manifest.take_pytest_ini(text, "pytest"));
        if folder.installed {
            manifest.take_installed(path, folders, working_directory);
        }
        manifest
    }

    /// Takes the commands of what an installer unpacked here, if it is one distribution: in an
    /// environment there are hundreds, none of which is the project.
    fn take_installed(&mut self, path: &Utf8Path, folders: &Folders, working_directory: &Utf8Path) {
        let Ok(entries) = path.read_dir_utf8() else { return };
        let is_metadata = |entry: &camino::Utf8DirEntry| entry.file_name().ends_with(".dist-info");
        let mut metadata = entries.flatten().filter(is_metadata);
        let (Some(only), None) = (metadata.next(), metadata.next()) else { return };
        let file = only.path().join("entry_points.txt");
        let name = only.file_name().split('-').next().unwrap_or_default();
        self.name = self.name.take().or_else(|| Some(name.to_owned()));
        let Ok(text) = folders.manifest(&file) else { return };
        let path = shown(working_directory, &file);
        match Ini::parse(&text) {
            Ok(ini) => {
                for group in ["console_scripts", "gui_scripts"] {
                    for (command, target) in ini.settings(group) {
                        let place = "entry_points.txt";
                        self.entry_points.extend(entry_point(command, target, place));
                    }
                }
            }
            Err(line) => {
                let (line, sentence) = not_ini(line);
                self.problems.push(Problem { path, line, sentence, unjudged: false });
            }
        }
    }

    fn take_pyproject(&mut self, text: &str) -> TakeResult {
        let document: Table = toml::from_str(text).map_err(|error| {
            self.packaging = Packaging::Unknown;
            let line = error.span().map(|span| line_of(text, span.start));
            let message = without_values(error.message().lines().next().unwrap_or_default());
            (line, format!("is not valid TOML: {message}"))
        })?;
        let tool = |name: &str| table(&document, "tool").and_then(|tool| table(tool, name));
        let project = table(&document, "project");
        let poetry = tool("poetry");
        let builds = document.contains_key("build-system");

        let is_false = |table: Option<&Table>, key: &str| {
            table.and_then(|table| table.get(key)).and_then(Value::as_bool) == Some(false)
        };
        if is_false(tool("uv"), "package") {
            self.not_shared = Some("[tool.uv] of pyproject.toml says `package = false`");
        } else if is_false(poetry, "package-mode") {
            self.not_shared = Some("[tool.poetry] of pyproject.toml says `package-mode = false`");
        }
        if builds || tool("flit").is_some_and(|flit| flit.contains_key("metadata")) {
            self.packaging = Packaging::Built("pyproject.toml has a [build-system]");
        } else if poetry.is_some_and(|poetry| poetry.contains_key("name")) || project.is_some() {
            self.packaging = Packaging::Declared;
        }
        for metadata in [project, poetry].into_iter().flatten() {
            let name = metadata.get("name").and_then(Value::as_str);
            self.name = self.name.take().or_else(|| name.map(str::to_owned));
            let classifiers = strings(metadata.get("classifiers"));
            self.take_classifiers(classifiers);
        }
        for (metadata, key, place) in [
            (project, "scripts", "[project.scripts] of pyproject.toml"),
            (project, "gui-scripts", "[project.gui-scripts] of pyproject.toml"),
            (poetry, "scripts", "[tool.poetry.scripts] of pyproject.toml"),
        ] {
            for (command, target) in
                metadata.and_then(|table| self::table(table, key)).into_iter().flatten()
            {
                // Poetry also takes a table with the target under `callable` or `reference`.
                let target = target.as_str().or_else(|| {
                    let table = target.as_table()?;
                    table.get("callable").or_else(|| table.get("reference"))?.as_str()
                });
                self.entry_points
                    .extend(target.and_then(|target| entry_point(command, target, place)));
            }
        }
        // pytest 9 also reads [tool.pytest] itself.
        let pytest = tool("pytest");
        let options = pytest.and_then(|table| self::table(table, "ini_options")).or(pytest);
        if let Some(options) = options {
            let words = |key: &str| match options.get(key) {
                Some(Value::String(text)) => text.split_whitespace().collect(),
                other => strings(other).collect::<Vec<_>>(),
            };
            self.take_pytest(&words("testpaths"), &words("python_files"));
        }
        Ok(true)
    }

    fn take_setup_cfg(&mut self, text: &str) -> TakeResult {
        let ini = Ini::parse(text).map_err(not_ini)?;
        if self.packaging == Packaging::None && (ini.has("metadata") || ini.has("options")) {
            self.packaging = Packaging::Built("setup.cfg describes a package");
        }
        let name = ini.get("metadata", "name").map(str::trim).filter(|name| !name.is_empty());
        self.name = self.name.take().or_else(|| name.map(str::to_owned));
        self.take_classifiers(ini.get("metadata", "classifiers").unwrap_or_default().lines());
        for group in ["console_scripts", "gui_scripts"] {
            let place = "[options.entry_points] of setup.cfg";
            for line in ini.get("options.entry_points", group).unwrap_or_default().lines() {
                if let Some((command, target)) = line.split_once('=') {
                    self.entry_points.extend(entry_point(command, target, place));
                }
            }
        }
        self.take_pytest_section(&ini, "tool:pytest");
        // As pytest called it before version 4.
        self.take_pytest_section(&ini, "pytest");
        Ok(true)
    }

    #[expect(clippy::unnecessary_wraps, reason = "the same shape as the other manifests")]
    fn take_setup_py(&mut self, text: &str) -> TakeResult {
        let text = &setup_py::without_comments(text);
        // Many programs have a module of that name which sets something else up.
        if !setup_py::builds_a_package(text) {
            return Ok(false);
        }
        if matches!(self.packaging, Packaging::None | Packaging::Declared) {
            self.packaging = Packaging::Built("setup.py builds a package");
        }
        self.name = self.name.take().or_else(|| setup_py::name(text));
        self.take_classifiers(setup_py::classifiers(text));
        for (command, target) in setup_py::console_scripts(text) {
            let place = "console_scripts of setup.py";
            self.entry_points.extend(entry_point(command, target, place));
        }
        Ok(true)
    }

    fn take_pytest_ini(&mut self, text: &str, section: &str) -> TakeResult {
        let ini = Ini::parse(text).map_err(not_ini)?;
        self.take_pytest_section(&ini, section);
        Ok(false)
    }

    fn take_pytest_section(&mut self, ini: &Ini<'_>, section: &str) {
        let words = |key: &str| -> Vec<&str> {
            ini.get(section, key)
                .map(|value| value.split_whitespace().collect())
                .unwrap_or_default()
        };
        self.take_pytest(&words("testpaths"), &words("python_files"));
    }

    /// Takes what pytest is told, except what would call product code a test: `testpaths = ["."]` or
    /// `["src"]` also holds for doctests in modules, `python_files = ["*.py"]` only inside test folders.
    fn take_pytest(&mut self, paths: &[&str], files: &[&str]) {
        if self.test_paths.is_empty() {
            let paths =
                paths.iter().map(|path| path.trim_start_matches("./").trim_end_matches('/'));
            self.test_paths.extend(paths.filter(|path| is_test_path(path)).map(Utf8PathBuf::from));
        }
        if self.test_files.is_empty() {
            let files = files.iter().filter(|pattern| {
                pattern.trim_end_matches(".py").bytes().any(|byte| byte.is_ascii_alphanumeric())
            });
            self.test_files.extend(files.map(|&pattern| pattern.to_owned()));
        }
    }

    fn take_classifiers<'t>(&mut self, classifiers: impl IntoIterator<Item = &'t str>) {
        for classifier in classifiers {
            let classifier = classifier.trim();
            if classifier.starts_with("Private ::") {
                self.not_shared = Some("is classified as private (Private :: Do Not Upload)");
            } else if classifier.contains(":: Libraries") {
                self.shared = Some("is classified as a library");
            } else if classifier == "Intended Audience :: Developers" {
                self.shared = self.shared.or(Some("is classified as made for developers"));
            } else if classifier == "Typing :: Typed" {
                self.shared = self.shared.or(Some("is classified as typed"));
            }
        }
    }
}

/// Whether the file counts as a manifest, or its line and what is wrong with it.
type TakeResult = Result<bool, (Option<u32>, String)>;

fn not_ini(line: u32) -> (Option<u32>, String) {
    (Some(line), "has a line that is neither a section nor a setting".to_owned())
}

fn is_test_path(path: &str) -> bool {
    let last = path.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
    ["test", "spec", "e2e", "functional", "integration", "unit"]
        .iter()
        .any(|word| last.contains(word))
        && !last.contains('*')
}

fn entry_point(command: &str, target: &str, place: &str) -> Option<EntryPoint> {
    // `pkg.cli:main [extra]` names an optional dependency behind the target.
    let target = target.split('[').next().unwrap_or_default().trim();
    let (module, object) = target.split_once(':').unwrap_or((target, ""));
    (!module.is_empty()).then(|| EntryPoint {
        name: command.trim().trim_matches('"').to_owned(),
        module: module.trim().to_owned(),
        object: object.trim().to_owned(),
        declared_in: place.to_owned(),
    })
}

fn table<'t>(table: &'t Table, key: &str) -> Option<&'t Table> {
    table.get(key)?.as_table()
}

fn strings(value: Option<&Value>) -> impl Iterator<Item = &str> {
    value.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
}

fn line_of(text: &str, offset: usize) -> u32 {
    let before = text.as_bytes().get(..offset).unwrap_or(text.as_bytes());
    memchr::memchr_iter(b'\n', before).count() as u32 + 1
}
