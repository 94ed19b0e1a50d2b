//! A file inside an installed Python package, found without running Python: by what lies in the
//! environments around. Knows the layout of installations, not what the file says.

use std::env;
use std::fs;

use camino::{Utf8Path, Utf8PathBuf};
use roadworthy_parser::quoted;

/// The file that `package:NAME` stands for.
const USUAL_FILE: &str = "roadworthy.toml";

/// Finds `acme_standards` or `acme.standards/strict.toml` for a configuration in `folder`.
///
/// # Errors
/// With a sentence that says where it was looked for and what to do.
pub(super) fn find(written: &str, folder: &Utf8Path) -> Result<Utf8PathBuf, String> {
    let (name, file) = written.split_once('/').unwrap_or((written, USUAL_FILE));
    let package = import_path(name)?;
    let outside = |part: &str| part == ".." || part.is_empty() || part.contains(':');
    if file.split(['/', '\\']).any(outside) {
        return Err(format!(
            "`extend` takes a file inside of the package {}, not {}",
            quoted(name),
            quoted(file)
        ));
    }
    let (mut searched, mut holder) = (Vec::new(), None);
    for site in environments(folder).flat_map(|prefix| sites(&prefix)) {
        if searched.contains(&site) {
            continue;
        }
        for root in roots(&site) {
            let place = root.join(&package);
            if place.join(file).is_file() {
                return Ok(place.join(file));
            }
            if holder.is_none() && place.is_dir() {
                holder = Some(place);
            }
        }
        searched.push(site);
    }
    let name = quoted(name);
    Err(match (holder, &*searched) {
        (Some(place), _) => format!(
            "the package {name} in `{place}` holds no file {}; name one that it holds, as \
             `package:NAME/FILE`",
            quoted(file)
        ),
        (None, []) => format!(
            "there is no Python environment to find the package {name} in; make one and `pip install` \
             the package into it"
        ),
        (None, searched) => {
            let searched: Vec<_> = searched.iter().map(|site| format!("`{site}`")).collect();
            format!(
                "the package {name} is not installed in {}; `pip install` it into one of these, or \
                 activate the environment that has it",
                searched.join(", ")
            )
        }
    })
}

/// The folders that a dotted import name stands for.
fn import_path(name: &str) -> Result<Utf8PathBuf, String> {
    let is_word = |part: &str| {
        !part.starts_with(|first: char| first.is_ascii_digit())
            && !part.is_empty()
            && part.chars().all(|it| it.is_alphanumeric() || it == '_')
    };
    if name.split('.').all(is_word) {
        return Ok(name.split('.').collect());
    }
    let imported = name.replace('-', "_");
    Err(if imported.split('.').all(is_word) {
        format!("{} is no name that can be imported; write `package:{imported}`", quoted(name))
    } else {
        format!(
            "{} is no name of a package; write the name that Python imports, as `package:acme_standards`",
            quoted(name)
        )
    })
}

/// The environments that may hold packages, the nearest first; each is looked at only when the ones
/// before did not have it.
fn environments(folder: &Utf8Path) -> impl Iterator<Item = Utf8PathBuf> {
    let of_variable =
        |name: &str| env::var(name).ok().filter(|it| !it.is_empty()).map(Utf8PathBuf::from);
    let repository = folder.ancestors().position(|folder| folder.join(".git").exists());
    let around: Vec<_> =
        folder.ancestors().take(repository.map_or(usize::MAX, |at| at + 1)).collect();
    let beside: Vec<_> = around
        .iter()
        .flat_map(|folder| [folder.join(".venv"), folder.join("venv")])
        .filter(|folder| folder.is_dir())
        .collect();
    of_variable("VIRTUAL_ENV")
        .into_iter()
        .chain(beside)
        .chain(of_variable("CONDA_PREFIX"))
        .chain(std::iter::once_with(own_prefix).flatten())
        .chain(std::iter::once_with(python_prefixes).flatten())
}

/// The environment that holds this program: of pip, pipx, uv or pre-commit.
fn own_prefix() -> Option<Utf8PathBuf> {
    let program = env::current_exe().ok()?;
    let program = Utf8PathBuf::from_path_buf(program.canonicalize().unwrap_or(program)).ok()?;
    Some(program.parent()?.parent()?.to_owned())
}

/// The environments that `python3` on the path may belong to: a link leads from a virtual one to the one
/// it was made from.
fn python_prefixes() -> Vec<Utf8PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let folders =
        env::split_paths(&path).filter_map(|folder| Utf8PathBuf::from_path_buf(folder).ok());
    let programs = folders.flat_map(|folder| [folder.join("python3"), folder.join("python.exe")]);
    let Some(python) = programs.into_iter().find(|program| program.is_file()) else {
        return Vec::new();
    };
    let mut prefixes = Vec::new();
    for program in [python.canonicalize_utf8().ok(), Some(python)].into_iter().flatten().rev() {
        // On Windows the program lies in the prefix itself.
        prefixes.extend(program.ancestors().skip(1).take(2).map(Utf8Path::to_owned));
    }
    if prefixes.iter().any(|prefix| prefix == "/usr") {
        prefixes.push("/usr/local".into());
    }
    prefixes
}

/// The folders of installed packages of an environment, the newest Python first.
fn sites(prefix: &Utf8Path) -> Vec<Utf8PathBuf> {
    let mut found = Vec::new();
    // Where one is a link to the other, they are one place.
    let lib64 = Some("lib64").filter(|name| !prefix.join(name).is_symlink());
    for library in ["lib"].into_iter().chain(lib64) {
        let mut versions: Vec<_> = names_in(&prefix.join(library))
            .filter(|name| name.starts_with("python3") || name.starts_with("pypy3"))
            .collect();
        versions.sort_by_key(|name| {
            let minor = name.rsplit_once('.').and_then(|(_, minor)| minor.parse::<u32>().ok());
            (std::cmp::Reverse(minor), name.clone())
        });
        for version in versions {
            // Debian calls its own `dist-packages`.
            for packages in ["site-packages", "dist-packages"] {
                found.push(prefix.join(library).join(&version).join(packages));
            }
        }
    }
    found.push(prefix.join("Lib").join("site-packages"));
    found.retain(|site| site.is_dir());
    found
}

/// The folders that packages are imported from where `site` is one: itself, those that `.pth` files name,
/// and the projects that were installed to be edited.
fn roots(site: &Utf8Path) -> Vec<Utf8PathBuf> {
    let mut roots = vec![site.to_owned()];
    let mut names: Vec<_> = names_in(site).collect();
    names.sort();
    for name in names.iter().filter(|name| Utf8Path::new(name).extension() == Some("pth")) {
        let text = fs::read_to_string(site.join(name)).unwrap_or_default();
        let is_path = |line: &&str| {
            let code = line.starts_with("import ") || line.starts_with("import\t");
            !line.is_empty() && !line.starts_with('#') && !code
        };
        roots.extend(text.lines().map(str::trim_end).filter(is_path).map(|line| site.join(line)));
    }
    for name in names.iter().filter(|name| name.ends_with(".dist-info")) {
        let text = fs::read_to_string(site.join(name).join("direct_url.json")).unwrap_or_default();
        if let Some(project) = edited(&text) {
            roots.extend([project.join("src"), project]);
        }
    }
    roots
}

/// The folder of a project that was installed to be edited.
fn edited(direct_url: &str) -> Option<Utf8PathBuf> {
    let direct_url: serde_json::Value = serde_json::from_str(direct_url).ok()?;
    direct_url["dir_info"]["editable"].as_bool().filter(|&editable| editable)?;
    let path = direct_url["url"].as_str()?.strip_prefix("file://")?;
    let bytes = path.as_bytes();
    let (mut plain, mut at) = (Vec::with_capacity(bytes.len()), 0);
    while let Some(&byte) = bytes.get(at) {
        let escaped = (byte == b'%').then(|| path.get(at + 1..at + 3)).flatten();
        let escaped = escaped.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        plain.push(escaped.unwrap_or(byte));
        at += if escaped.is_some() { 3 } else { 1 };
    }
    let plain = String::from_utf8(plain).ok()?;
    // `/C:/work` names a drive.
    let drive = plain.get(2..3) == Some(":");
    Some(plain.get(usize::from(drive)..)?.into())
}

fn names_in(folder: &Utf8Path) -> impl Iterator<Item = String> {
    let entries = folder.read_dir_utf8().into_iter().flatten().flatten();
    entries.map(|entry| entry.file_name().to_owned())
}
