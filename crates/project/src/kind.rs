//! What kind of file a path names, and so how it is read and judged. Knows names only: nothing is opened to decide it.

use std::fmt;
use std::path::Path;

use camino::Utf8Path;

/// The kind of a file, which decides the rules that see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FileKind {
    /// Python source, or a stub.
    Python,
    /// A Jupyter notebook.
    Notebook,
    /// `.env` and its like: `NAME=value`.
    Env,
    /// YAML.
    Yaml,
    /// TOML.
    Toml,
    /// JSON, with comments or without.
    Json,
    /// INI and what is written like it: `.cfg`, `.conf`, `pip.conf`, `.pypirc`.
    Ini,
    /// Java properties, `.npmrc`.
    Properties,
    /// A Dockerfile or Containerfile.
    Dockerfile,
    /// A shell script.
    Shell,
    /// `.netrc`
    Netrc,
    /// A key or certificate as text.
    Key,
    /// A binary store of keys or passwords, which is never read.
    Keystore,
    /// Other text, of which only what needs no name is judged.
    Text,
}

impl FileKind {
    /// All kinds, in the order of their declaration.
    pub const ALL: [Self; 14] = [
        Self::Python,
        Self::Notebook,
        Self::Env,
        Self::Yaml,
        Self::Toml,
        Self::Json,
        Self::Ini,
        Self::Properties,
        Self::Dockerfile,
        Self::Shell,
        Self::Netrc,
        Self::Key,
        Self::Keystore,
        Self::Text,
    ];

    /// The name as rules and reports write it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Python => "python",
            Self::Notebook => "notebook",
            Self::Env => "env",
            Self::Yaml => "yaml",
            Self::Toml => "toml",
            Self::Json => "json",
            Self::Ini => "ini",
            Self::Properties => "properties",
            Self::Dockerfile => "dockerfile",
            Self::Shell => "shell",
            Self::Netrc => "netrc",
            Self::Key => "key",
            Self::Keystore => "keystore",
            Self::Text => "text",
        }
    }

    /// The kind of a name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The kind of a file that a walk meets; `None` where it is not looked at. A file without an extension that no
    /// name gives away may still be Python by its first line.
    pub fn of(path: &Utf8Path) -> Option<Self> {
        Self::of_path(path.as_std_path())
    }

    pub(crate) fn of_path(path: &Path) -> Option<Self> {
        let name = path.file_name()?.as_encoded_bytes();
        let kind = by_name(name)?;
        match kind {
            Self::Python
            | Self::Notebook
            | Self::Env
            | Self::Key
            | Self::Keystore
            | Self::Netrc => Some(kind),
            _ if is_written_by_tools(name) || is_translation(path, kind) => None,
            _ if is_specification(path) => Some(Self::Text),
            _ => Some(kind),
        }
    }

    /// The kind of a file that is given by name, which is judged whatever it is called.
    pub fn of_given(path: &Utf8Path) -> Self {
        let name = path.as_std_path().file_name().unwrap_or_default().as_encoded_bytes();
        // `LICENSE` and `TODO` are for people.
        let is_loud =
            name.iter().any(u8::is_ascii_uppercase) && !name.iter().any(u8::is_ascii_lowercase);
        match Self::of(path) {
            Some(kind) => kind,
            // A script needs no extension.
            None if by_name(name).is_none() && path.extension().is_none() && !is_loud => {
                Self::Python
            }
            // What tools wrote holds hashes and texts under telling names.
            None => Self::Text,
        }
    }

    /// Whether the file holds Python as it stands.
    pub const fn is_python(self) -> bool {
        matches!(self, Self::Python)
    }
}

impl fmt::Display for FileKind {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(self.name())
    }
}

/// What a name alone says.
fn by_name(name: &[u8]) -> Option<FileKind> {
    // Most files by far end in one of these.
    if let Some(at) = memchr::memrchr(b'.', name)
        && at > 0
    {
        match &name[at + 1..] {
            b"py" | b"pyw" | b"pyi" => return Some(FileKind::Python),
            b"ipynb" => return Some(FileKind::Notebook),
            _ => {}
        }
    }
    let mut buffer = [0; LONGEST];
    let lower = buffer.get_mut(..name.len())?;
    lower.copy_from_slice(name);
    lower.make_ascii_lowercase();
    let name = std::str::from_utf8(lower).ok()?;
    by_whole_name(name).or_else(|| by_extension(name))
}

/// No longer name means anything here; the limit spares an allocation for each file of a walk.
const LONGEST: usize = 255;

fn by_whole_name(name: &str) -> Option<FileKind> {
    Some(match name {
        ".netrc" | "_netrc" => FileKind::Netrc,
        ".pypirc" | ".my.cnf" | ".s3cfg" | ".boto" | "credentials" => FileKind::Ini,
        // These have no keys: a line is a record, or a URL.
        ".pgpass" | ".git-credentials" => FileKind::Text,
        ".npmrc" | ".yarnrc" => FileKind::Properties,
        ".yarnrc.yml" | "kubeconfig" => FileKind::Yaml,
        ".dockercfg" | ".dockerconfigjson" => FileKind::Json,
        "id_rsa" | "id_dsa" | "id_ecdsa" | "id_ed25519" => FileKind::Key,
        ".bashrc" | ".bash_profile" | ".profile" | ".zshrc" | ".zshenv" => FileKind::Shell,
        ".env" | ".envrc" => FileKind::Env,
        "dockerfile" | "containerfile" => FileKind::Dockerfile,
        _ if name.starts_with(".env.") => by_extension(name).unwrap_or(FileKind::Env),
        _ if name.starts_with("env.") && is_sample(name) => FileKind::Env,
        _ if (name.starts_with("dockerfile.") || name.starts_with("containerfile."))
            && !name.ends_with("ignore") =>
        {
            of_dockerfile(name)
        }
        _ => return None,
    })
}

/// What a file called like a Dockerfile is: most endings name a variant (`Dockerfile.dev`), some what it is written in
/// (`dockerfile.rs`, which parses them).
fn of_dockerfile(name: &str) -> FileKind {
    const OTHER: [&str; 37] = [
        "bz2", "c", "cpp", "cs", "css", "erb", "go", "gz", "h", "html", "j2", "java", "jinja",
        "jinja2", "js", "json", "kt", "lua", "md", "php", "rb", "rs", "rst", "scala", "swift",
        "tar", "tgz", "tmpl", "tpl", "ts", "tsx", "txt", "xml", "xz", "yaml", "yml", "zip",
    ];
    let ending = name.rsplit('.').next().unwrap_or_default();
    let is_other = OTHER.contains(&ending);
    let other = is_other.then(|| by_extension(name)).flatten();
    other.unwrap_or(if is_other { FileKind::Text } else { FileKind::Dockerfile })
}

fn by_extension(name: &str) -> Option<FileKind> {
    let (stem, extension) = name.rsplit_once('.').filter(|(stem, _)| !stem.is_empty())?;
    Some(match extension {
        "env" => FileKind::Env,
        "yaml" | "yml" => FileKind::Yaml,
        "toml" => FileKind::Toml,
        "json" | "jsonc" | "json5" | "tfstate" | "webmanifest" => FileKind::Json,
        "ini" | "cfg" | "conf" | "cnf" => FileKind::Ini,
        "properties" => FileKind::Properties,
        "dockerfile" | "containerfile" => FileKind::Dockerfile,
        "sh" | "bash" | "zsh" | "ksh" => FileKind::Shell,
        "netrc" => FileKind::Netrc,
        "pem" | "key" | "crt" | "ppk" | "asc" | "pkcs8" => FileKind::Key,
        "p12" | "pfx" | "jks" | "keystore" | "bks" | "kdbx" | "kdb" => FileKind::Keystore,
        "config" | "md" | "rst" | "txt" | "text" | "adoc" | "html" | "htm" | "xml" | "js"
        | "mjs" | "cjs" | "ts" | "mts" | "cts" | "jsx" | "tsx" | "vue" | "svelte" | "go"
        | "java" | "kt" | "kts" | "gradle" | "groovy" | "scala" | "rb" | "php" | "cs" | "swift"
        | "rs" | "c" | "h" | "cc" | "cpp" | "hpp" | "m" | "lua" | "pl" | "r" | "ps1" | "psm1"
        | "bat" | "cmd" | "fish" | "sql" | "tf" | "tfvars" | "hcl" | "nix" | "j2" | "jinja"
        | "jinja2" | "tmpl" | "tpl" | "pyx" | "pxd" | "http" | "rest" | "log" | "service"
        | "plist" | "xcconfig" | "mk" | "ovpn" => FileKind::Text,
        // A sample is written as what it is a sample of.
        "example" | "sample" | "dist" | "template" | "default" | "bak" | "orig" | "old" => {
            return by_whole_name(stem).or_else(|| by_extension(stem));
        }
        _ => return None,
    })
}

/// Whether a name says that the file shows how another is written.
pub(crate) fn is_sample(name: &str) -> bool {
    const WORDS: [&str; 7] = ["dist", "dummy", "example", "examples", "sample", "template", "tmpl"];
    // What is used when nobody says otherwise has such a word in its own name: `default.Dockerfile`, `service_default.yaml`.
    const ENDINGS: [&str; 2] = ["default", "defaults"];
    // That of CloudFormation is deployed as it is:
    // <https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-template-anatomy.html>.
    if matches!(name, "template.yaml" | "template.yml") {
        return false;
    }
    let is_among = |word: &str, all: &[&str]| all.iter().any(|it| word.eq_ignore_ascii_case(it));
    name.split(['.', '_', '-']).any(|word| is_among(word, &WORDS))
        || name.split('.').skip(1).any(|word| is_among(word, &ENDINGS))
}

/// Lock files, minified code and the catalogues of translators: long, full of hashes and texts, written by tools.
fn is_written_by_tools(name: &[u8]) -> bool {
    matches!(
        name,
        b"uv.lock"
            | b"poetry.lock"
            | b"package-lock.json"
            | b"npm-shrinkwrap.json"
            | b"yarn.lock"
            | b"pnpm-lock.yaml"
            | b"Pipfile.lock"
            | b"Cargo.lock"
            | b"go.sum"
            | b"composer.lock"
            | b"conda-lock.yml"
            | b"packages.lock.json"
            | b"deno.lock"
            | b"pixi.lock"
            | b"pylock.toml"
            | b"strings.json"
    ) || [b".min.js".as_slice(), b".min.mjs", b".bundle.js", b"-lock.json", b".lock.json"]
        .iter()
        .any(|end| name.ends_with(end))
        || name.starts_with(b"pylock.") && name.ends_with(b".toml")
}

/// Texts of an interface in some language: under the name of a field they hold a label.
fn is_translation(path: &Path, kind: FileKind) -> bool {
    const FOLDERS: [&[u8]; 8] = [
        b"translations",
        b"locale",
        b"locales",
        b"i18n",
        b"l10n",
        b"translation",
        b"lang",
        b"languages",
    ];
    matches!(
        kind,
        FileKind::Json | FileKind::Yaml | FileKind::Toml | FileKind::Properties | FileKind::Text
    ) && (folders(path).take(4).any(|folder| FOLDERS.contains(&folder)) || is_named_by_locale(path))
}

/// `pt-BR.json`, `zh_CN.yml`.
fn is_named_by_locale(path: &Path) -> bool {
    let stem = path.file_stem().unwrap_or_default().as_encoded_bytes();
    matches!(stem, [a, b, b'-' | b'_', c, d]
        if [a, b].iter().all(|it| it.is_ascii_lowercase()) && [c, d].iter().all(|it| it.is_ascii_uppercase()))
}

/// The description of an interface: names of secrets with values that are none.
fn is_specification(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().as_encoded_bytes();
    [b"openapi".as_slice(), b"swagger"].iter().any(|it| name.starts_with(it))
}

/// The names of the folders around a file, innermost first.
fn folders(path: &Path) -> impl Iterator<Item = &[u8]> {
    // Bytes are split here, as the parts of a path are found part by part, each of them checked.
    let all = path.as_os_str().as_encoded_bytes();
    all.rsplit(|&byte| byte == b'/' || byte == std::path::MAIN_SEPARATOR as u8).skip(1)
}

/// A set of kinds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct KindSet(u16);

impl KindSet {
    /// No kind.
    pub const EMPTY: Self = Self(0);
    /// Python alone.
    pub const PYTHON: Self = Self::of(&[FileKind::Python]);
    /// Every kind.
    pub const ALL: Self = Self::of(&FileKind::ALL);

    /// The set of these kinds.
    pub const fn of(kinds: &[FileKind]) -> Self {
        let mut bits = 0;
        let mut index = 0;
        while index < kinds.len() {
            bits |= 1 << kinds[index] as u16;
            index += 1;
        }
        Self(bits)
    }

    /// The set of these names.
    ///
    /// # Errors
    /// The first name that is none.
    pub fn from_names<'n>(names: impl IntoIterator<Item = &'n str>) -> Result<Self, &'n str> {
        names.into_iter().try_fold(Self::EMPTY, |set, name| {
            let kind = FileKind::from_name(name).ok_or(name)?;
            Ok(set.union(Self::of(&[kind])))
        })
    }

    /// Whether the kind is one of the set.
    pub const fn contains(self, kind: FileKind) -> bool {
        self.0 & (1 << kind as u16) != 0
    }

    /// Whether no kind is in the set.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The kinds of either set.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The kinds of the set, in the order of [`FileKind::ALL`].
    pub fn iter(self) -> impl Iterator<Item = FileKind> {
        FileKind::ALL.into_iter().filter(move |&kind| self.contains(kind))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(path: &str) -> Option<FileKind> {
        FileKind::of(Utf8Path::new(path))
    }

    #[test]
    fn a_name_says_what_a_file_is() {
        for (paths, expected) in [
            (&["a.py", "a/b.pyi", "x.pyw"][..], FileKind::Python),
            (&["a.ipynb"], FileKind::Notebook),
            (&[".env", "a/.env.local", "prod.env", ".env.example", "env.example"], FileKind::Env),
            (
                &["a.yml", "compose.yaml", ".github/workflows/ci.yml", "app.yaml.dist"],
                FileKind::Yaml,
            ),
            (&["pyproject.toml"], FileKind::Toml),
            (&["a.json", ".docker/config.json"], FileKind::Json),
            (
                &["setup.cfg", "pip.conf", ".pypirc", "alembic.ini", ".aws/credentials"],
                FileKind::Ini,
            ),
            (&[".npmrc", "application.properties"], FileKind::Properties),
            (
                &["Dockerfile", "Dockerfile.dev", "api.Dockerfile", "Containerfile"],
                FileKind::Dockerfile,
            ),
            (&["run.sh", ".bashrc"], FileKind::Shell),
            (&[".netrc"], FileKind::Netrc),
            (&["tls.PEM", "id_rsa", "server.key", "putty.ppk"], FileKind::Key),
            (&["a.p12", "b.JKS", "passwords.kdbx"], FileKind::Keystore),
            (
                &[
                    "README.md",
                    "main.tf",
                    "app.js",
                    "Dockerfile.gz",
                    "Dockerfile.xml",
                    "dockerfile.rs",
                    "Dockerfile.go",
                ],
                FileKind::Text,
            ),
        ] {
            for path in paths {
                assert_eq!(kind(path), Some(expected), "{path}");
            }
        }
        for path in
            ["LICENSE", "a.png", "bin/run", ".gitignore", "a.svg", "x.js.map", "env.py.txt~"]
        {
            assert_eq!(kind(path), None, "{path}");
        }
        assert_eq!(kind("env.py"), Some(FileKind::Python));
    }

    #[test]
    fn what_tools_wrote_and_translators_too_is_left_out_unless_given_by_name() {
        for path in [
            "package-lock.json",
            "a/uv.lock",
            "app.min.js",
            "light/strings.json",
            "light/translations/de.json",
            "web/locales/de/common.json",
            "i18n/en.yaml",
            "web/lang/messages/de.json",
            "web/texts/pt-BR.json",
        ] {
            assert_eq!(kind(path), None, "{path}");
            assert_eq!(FileKind::of_given(Utf8Path::new(path)), FileKind::Text, "{path}");
        }
        assert_eq!(kind("translations/__init__.py"), Some(FileKind::Python));
        assert_eq!(kind("i18n/.env"), Some(FileKind::Env));
        assert_eq!(kind("tests/cassettes/login.yaml"), Some(FileKind::Yaml));
        assert_eq!(kind("docs/openapi.json"), Some(FileKind::Text));
        assert_eq!(FileKind::of_given(Utf8Path::new("bin/run")), FileKind::Python);
        for text in ["LICENSE", "PKG-INFO", "CODEOWNERS"] {
            assert_eq!(FileKind::of_given(Utf8Path::new(text)), FileKind::Text);
        }
    }

    #[test]
    fn a_sample_says_so_in_its_name() {
        for name in [
            ".env.example",
            ".env.sample",
            "a.yml.dist",
            "example.env",
            "a-template.yml",
            "a.default.yml",
        ] {
            assert!(is_sample(name), "{name}");
        }
        for name in [
            ".env",
            "exampled.env",
            "distance.json",
            "prod.env",
            "default.Dockerfile",
            "a_default.yaml",
            "template.yaml",
        ] {
            assert!(!is_sample(name), "{name}");
        }
    }

    #[test]
    fn names_come_back() {
        for kind in FileKind::ALL {
            assert_eq!(FileKind::from_name(kind.name()), Some(kind));
        }
        assert_eq!(KindSet::from_names(["env", "envy"]), Err("envy"));
        assert_eq!(KindSet::ALL.iter().count(), FileKind::ALL.len());
    }
}
