//! `init`: writes a configuration with comments, the hook and the workflow, each where it is missing. Asks
//! nothing and changes no file that exists. Knows layouts of repositories, no rule.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;

use camino::{Utf8Path, Utf8PathBuf};

use crate::args::{ColorChoice, InitArguments};
use crate::check::working_directory;
use crate::error::Error;
use crate::exit::Exit;
use crate::terminal;

const CONFIGURATION: &str = include_str!("init/roadworthy.toml");
const HOOKS: &str = include_str!("init/pre-commit.yml");
const HOOK: &str = include_str!("init/hook.yml");
const WORKFLOW: &str = include_str!("init/workflow.yml");

/// Writes what is missing.
///
/// # Errors
/// When the folder does not exist or cannot be written to.
pub(crate) fn init(arguments: &InitArguments, color: ColorChoice) -> Result<Exit, Error> {
    let given = arguments.folder.as_deref().unwrap_or(Utf8Path::new("."));
    let folder = working_directory()?.join(given);
    if !folder.is_dir() {
        let reason = if folder.exists() { "is no folder" } else { "does not exist" };
        return Err(Error::Usage(format!(
            "init: `{given}` {reason}; give the folder of a project"
        )));
    }
    let folder = folder.canonicalize_utf8().unwrap_or(folder);
    let mut told = Told { folder: &folder, lines: String::new() };
    let result = write_all(&folder, &mut told);
    // What was written is told even where something else could not be.
    terminal::print(terminal::styles(color), |out| {
        let mut lines = told.lines.lines();
        lines.try_for_each(|line| writeln!(out, "{}", roadworthy_report::clean(line)))?;
        Ok(())
    })?;
    result.map(|()| Exit::Clean)
}

/// What was done, file by file.
struct Told<'f> {
    folder: &'f Utf8Path,
    lines: String,
}

impl Told<'_> {
    /// Writes a file that does not exist.
    fn write(&mut self, name: &str, text: &str) -> Result<(), Error> {
        let path = self.folder.join(name);
        let write = || {
            if let Some(parent) = path.parent() {
                fs::create_dir_all(parent)?;
            }
            // Whatever has come there in the meantime stays.
            fs::OpenOptions::new()
                .write(true)
                .create_new(true)
                .open(&path)?
                .write_all(text.as_bytes())
        };
        write().map_err(|error| {
            Error::System(format!(
                "init: `{name}` cannot be written ({}); grant access to its folder",
                error.kind()
            ))
        })?;
        let _ = writeln!(self.lines, "wrote  {name}");
        Ok(())
    }

    fn left(&mut self, name: &str, reason: &str) {
        let _ = writeln!(self.lines, "left   {name}: {reason}");
    }

    /// What somebody should add to a file that exists.
    fn lines_to_add(&mut self, text: &str) {
        text.lines().for_each(|line| {
            let _ = writeln!(self.lines, "    {line}");
        });
    }
}

fn write_all(folder: &Utf8Path, told: &mut Told<'_>) -> Result<(), Error> {
    let root = folder.ancestors().find(|folder| folder.join(".git").exists());
    write_configuration(folder, root, told)?;
    let (hooks, workflow) = (".pre-commit-config.yaml", ".github/workflows/roadworthy.yml");
    match root {
        None => {
            told.left(hooks, "there is no git repository here; run `git init` first");
            told.left(workflow, "there is no git repository here");
        }
        Some(root) if root != folder => {
            let reason = format!(
                "it belongs to the root of the repository; run `roadworthy init {}`",
                way_up(folder, root)
            );
            told.left(hooks, &reason);
            told.left(workflow, &reason);
        }
        Some(root) => {
            write_hook(root, hooks, told)?;
            write_workflow(root, workflow, told)?;
        }
    }
    let _ = writeln!(told.lines, "next   roadworthy check");
    Ok(())
}

fn write_configuration(
    folder: &Utf8Path,
    root: Option<&Utf8Path>,
    told: &mut Told<'_>,
) -> Result<(), Error> {
    let name = "roadworthy.toml";
    if is_there(&folder.join(name)) {
        told.left(name, "it exists");
    } else if speaks_of_us(&folder.join("pyproject.toml")) {
        told.left(name, "pyproject.toml has a table [tool.roadworthy]");
    } else if let Some((above, file)) = above(folder, root) {
        let file = Utf8PathBuf::from(way_up(folder, above)).join(file);
        told.left(name, &format!("`{file}` holds here; where something shall differ, write one with `extend = \"{file}\"`"));
    } else {
        let here = |names: &[&str]| {
            let found = names.iter().find(|name| folder.join(name).is_dir());
            found.copied().unwrap_or(names[0]).to_owned()
        };
        let text = with_version(CONFIGURATION)
            .replace("{exclude}", &here(&["generated", "gen", "third_party", "vendor", "_vendor"]))
            .replace("{role}", &here(&["evals", "benchmarks", "integration", "e2e"]))
            .replace("{ignored}", &here(&["tools", "scripts", "bin", "ci"]));
        told.write(name, &text)?;
    }
    Ok(())
}

/// The configuration that holds for a folder and lies above it, within the repository.
fn above<'f>(
    folder: &'f Utf8Path,
    root: Option<&Utf8Path>,
) -> Option<(&'f Utf8Path, &'static str)> {
    let root = root?;
    folder.ancestors().skip(1).take_while(|above| above.starts_with(root)).find_map(|above| {
        if is_there(&above.join("roadworthy.toml")) {
            return Some((above, "roadworthy.toml"));
        }
        speaks_of_us(&above.join("pyproject.toml")).then_some((above, "pyproject.toml"))
    })
}

fn write_hook(root: &Utf8Path, name: &str, told: &mut Told<'_>) -> Result<(), Error> {
    let file = root.join(name);
    let hook = with_version(HOOK);
    if !is_there(&file) {
        return told.write(name, &format!("{}{hook}", with_version(HOOKS)));
    }
    if mentions_us(&file) {
        told.left(name, "it has the hook");
    } else {
        told.left(name, "it exists; add these lines below `repos:`");
        told.lines_to_add(&hook);
    }
    Ok(())
}

fn write_workflow(root: &Utf8Path, name: &str, told: &mut Told<'_>) -> Result<(), Error> {
    let folder = root.join(".github/workflows");
    let mut workflows: Vec<_> = folder.read_dir_utf8().into_iter().flatten().flatten().collect();
    workflows.sort_by(|a, b| a.file_name().cmp(b.file_name()));
    if let Some(known) = workflows.iter().find(|entry| mentions_us(entry.path())) {
        told.left(name, &format!("{} runs it", known.file_name()));
    } else if is_there(&root.join(name)) {
        told.left(name, "it exists");
    } else if root.join(".github").is_dir() || is_on_github(root) {
        let branch = serde_json::Value::from(default_branch(root)).to_string();
        told.write(name, &with_version(WORKFLOW).replace("{branch}", &branch))?;
    } else {
        told.left(name, "nothing shows that the project is on GitHub; make the folder .github and run this again");
    }
    Ok(())
}

fn with_version(template: &str) -> String {
    template.replace("{version}", env!("CARGO_PKG_VERSION"))
}

/// Whether something has that name, be it a link that leads nowhere.
fn is_there(path: &Utf8Path) -> bool {
    path.symlink_metadata().is_ok()
}

fn mentions_us(file: &Utf8Path) -> bool {
    fs::read_to_string(file).is_ok_and(|text| text.contains("roadworthy"))
}

fn speaks_of_us(pyproject: &Utf8Path) -> bool {
    let text = fs::read_to_string(pyproject).unwrap_or_default();
    let table = toml::from_str::<toml::Table>(&text).unwrap_or_default();
    table.get("tool").is_some_and(|tool| tool.get("roadworthy").is_some())
}

fn is_on_github(root: &Utf8Path) -> bool {
    fs::read_to_string(root.join(".git/config")).is_ok_and(|text| text.contains("github.com"))
}

/// The branch that pull requests go to, as far as the clone knows.
fn default_branch(root: &Utf8Path) -> String {
    let read = |name: &str| fs::read_to_string(root.join(".git").join(name)).unwrap_or_default();
    let of_remote = read("refs/remotes/origin/HEAD");
    let of_remote = of_remote.trim().strip_prefix("ref: refs/remotes/origin/").map(str::to_owned);
    let checked_out = read("HEAD");
    let checked_out = checked_out.trim().strip_prefix("ref: refs/heads/").map(str::to_owned);
    of_remote.or(checked_out.filter(|it| it == "master")).unwrap_or_else(|| "main".to_owned())
}

/// The relative path from a folder to one around it.
fn way_up(folder: &Utf8Path, above: &Utf8Path) -> String {
    let steps = folder.components().count() - above.components().count();
    vec![".."; steps].join("/")
}
