//! The commands that a README or a guide for contributors tells people to run, with the folders they may run in. Knows
//! fenced blocks and `cd`; what a command does is for others to know.

use camino::{Utf8Path, Utf8PathBuf};
use roadworthy_parser::Span;

use super::imports::normalised;
use super::shell::{self, Command};
use super::{Facts, Place};
use crate::resolved;

/// The commands of all guides.
#[derive(Clone, Debug, Default)]
pub struct ReadmeModel {
    /// By path and place. What may run elsewhere (in a container, in another repository) is left out.
    pub instructions: Vec<Instruction>,
}

/// A command to be typed.
#[derive(Clone, Debug)]
pub struct Instruction {
    /// Where it stands.
    pub place: Place,
    /// Its words, whose places are those of the file.
    pub command: Command,
    /// The folders it may be meant to run in, the likeliest first: nobody writes down each `cd`.
    pub folders: Vec<Utf8PathBuf>,
}

/// Reads the guides of a project.
pub(super) fn read(facts: &Facts<'_>) -> ReadmeModel {
    let mut model = ReadmeModel::default();
    for path in facts.tree().files().filter(|path| is_guide(path)) {
        if let Some(document) = facts.text(path).whole() {
            Reader::new(facts, path).read(document.text(), &mut model);
        }
    }
    model
}

/// Whether a file tells how to run or change the project. Translations repeat it.
fn is_guide(path: &Utf8Path) -> bool {
    let stem = path.file_stem().unwrap_or_default();
    matches!(path.extension(), None | Some("md" | "markdown" | "rst"))
        && ["README", "CONTRIBUTING"].iter().any(|it| stem.eq_ignore_ascii_case(it))
}

struct Reader<'f> {
    facts: &'f Facts<'f>,
    path: &'f Utf8Path,
    /// Where the last `cd` led to; the folder of the guide before the first one.
    folder: Utf8PathBuf,
    /// The repository that the last `git clone` brought.
    cloned: Option<String>,
    /// Whether what follows runs in a folder that is not known.
    lost: bool,
}

impl<'f> Reader<'f> {
    fn new(facts: &'f Facts<'f>, path: &'f Utf8Path) -> Self {
        let folder = path.parent().unwrap_or(Utf8Path::new(""));
        let folder = match folder.file_name() {
            Some(".github" | "docs") => folder.parent().unwrap_or(folder),
            _ => folder,
        };
        Self { facts, path, folder: folder.to_owned(), cloned: None, lost: false }
    }

    fn read(&mut self, text: &str, model: &mut ReadmeModel) {
        let beginning = self.folder.clone();
        for block in blocks(text) {
            for command in shell::commands(&block.code) {
                if self.lost {
                    return;
                }
                let words: Vec<&str> = command.texts().collect();
                if leaves(&words) {
                    break;
                }
                self.follow(&command, &words);
                let mut folders = vec![self.folder.clone(), beginning.clone(), Utf8PathBuf::new()];
                folders.dedup();
                let command = moved(command, block.start);
                let place = Place::new(self.path, command.span);
                model.instructions.push(Instruction { place, command, folders });
            }
        }
    }

    fn follow(&mut self, command: &Command, words: &[&str]) {
        match *words {
            ["git", "clone", ref arguments @ ..] => {
                let mut plain = arguments.iter().filter(|word| !word.starts_with('-'));
                let url = plain.next().copied().unwrap_or_default();
                let folder = plain.next().copied().unwrap_or(url);
                let name = folder.trim_end_matches('/').rsplit(['/', ':']).next();
                let name = name.unwrap_or_default().trim_end_matches(".git");
                let own = self.is_own(url.trim_end_matches('/').rsplit('/').next().unwrap_or(url));
                self.cloned = Some(name.to_owned()).filter(|_| own);
            }
            ["cd" | "pushd", target] => {
                let target = target.trim_end_matches('/');
                let known = resolved(&self.folder, target)
                    .filter(|_| !command.words[1].expands)
                    .filter(|it| self.facts.tree().is_folder(it));
                let root = Utf8Path::new("");
                let below = resolved(root, target).filter(|it| self.facts.tree().is_folder(it));
                if let Some(folder) = known.or(below) {
                    self.folder = folder;
                } else if self.cloned.as_deref() == Some(target) || self.is_own(target) {
                    self.folder = Utf8PathBuf::new();
                } else if target == ".." {
                    self.folder = root.to_owned();
                } else {
                    self.lost = true;
                }
            }
            ["cd", ..] => self.lost = true,
            _ => self.lost |= makes_project(words),
        }
    }

    /// Whether a name is that of the project itself.
    fn is_own(&self, name: &str) -> bool {
        let name = normalised(name.trim_end_matches(".git"));
        let project = self.facts.project();
        let folder = project.working_directory.file_name().unwrap_or_default();
        let mut names = project.components.iter().map(|component| component.name.as_str());
        normalised(folder) == name || names.any(|it| normalised(it) == name)
    }
}

/// Whether what follows is typed somewhere else: in a container, on another machine.
fn leaves(words: &[&str]) -> bool {
    let shell = |word: &&str| matches!(*word, "bash" | "sh" | "/bin/bash" | "/bin/sh" | "zsh");
    match words {
        ["ssh" | "vagrant" | "chroot", ..] => true,
        ["docker" | "podman" | "docker-compose" | "kubectl", rest @ ..] => {
            rest.last().is_some_and(shell)
        }
        _ => false,
    }
}

/// Whether a command makes another project, in which what follows runs.
fn makes_project(words: &[&str]) -> bool {
    match words {
        [
            "uv" | "poetry" | "hatch" | "pdm" | "kedro" | "cargo" | "npm" | "scrapy",
            "init" | "new" | "create" | "startproject",
            ..,
        ]
        | ["django-admin" | "wagtail", ..] => true,
        [program, ..] => matches!(*program, "cookiecutter" | "copier" | "cruft"),
        [] => false,
    }
}

/// A command with its places in the file.
fn moved(mut command: Command, by: u32) -> Command {
    let shift = |span: Span| Span::new(span.start + by, span.end + by);
    command.span = shift(command.span);
    for word in &mut command.words {
        word.span = shift(word.span);
    }
    command
}

/// A fenced block of commands.
struct Block {
    /// Where its text begins.
    start: u32,
    /// Its text, as long as in the file: prompts and output are blank.
    code: String,
}

/// The blocks that say they are for a shell: fences of Markdown, `code-block` of reStructuredText.
fn blocks(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut at = 0;
    let mut open: Option<(&str, usize, bool)> = None;
    for line in text.split_inclusive('\n') {
        let (start, trimmed) = (at, line.trim());
        at += line.len();
        let fence = ["```", "~~~"].into_iter().find(|fence| trimmed.starts_with(fence));
        match (open, fence) {
            (None, Some(fence)) => {
                let language = trimmed.trim_start_matches(['`', '~']).trim();
                open = Some((fence, at, is_shell(language)));
            }
            (Some((opening, from, shell)), Some(fence))
                if fence == opening && trimmed.trim_matches(['`', '~']).is_empty() =>
            {
                if shell {
                    blocks
                        .push(Block { start: from as u32, code: commands_of(&text[from..start]) });
                }
                open = None;
            }
            (None, None) => {
                let directive = trimmed.strip_prefix(".. code-block::").map(str::trim);
                if directive.is_some_and(is_shell) {
                    let indent = line.len() - line.trim_start().len();
                    let code = indented(&text[at..], indent);
                    blocks.push(Block { start: at as u32, code: commands_of(code) });
                }
            }
            _ => {}
        }
    }
    blocks
}

/// The lines that stand further in than a directive.
fn indented(text: &str, indent: usize) -> &str {
    let mut length = 0;
    for line in text.split_inclusive('\n') {
        let inside = line.len() - line.trim_start().len() > indent;
        if !line.trim().is_empty() && !inside {
            break;
        }
        length += line.len();
    }
    &text[..length]
}

fn is_shell(language: &str) -> bool {
    let word = language.split([' ', '{', ',']).find(|word| !word.is_empty());
    let word = word.unwrap_or_default().trim_start_matches('.').to_ascii_lowercase();
    matches!(&*word, "bash" | "sh" | "shell" | "zsh" | "console" | "shell-session" | "shellsession")
}

/// Blanks prompts, and where there are any, the lines without one: they are output.
fn commands_of(code: &str) -> String {
    let prompt = |line: &str| {
        let inner = line.trim_start();
        let marker = ["$ ", "% ", "❯ ", "➜ "].into_iter().find(|it| inner.starts_with(it))?;
        Some(line.len() - inner.len() + marker.len())
    };
    let has_prompts = code.lines().any(|line| prompt(line).is_some());
    let mut out = String::with_capacity(code.len());
    let mut goes_on = false;
    for line in code.split_inclusive('\n') {
        let shown = match prompt(line) {
            Some(length) => length,
            None if has_prompts && !goes_on => line.trim_end_matches(['\n', '\r']).len(),
            None => 0,
        };
        goes_on = line.trim_end().ends_with('\\') && (shown < line.trim_end().len());
        out.extend(std::iter::repeat_n(' ', shown));
        out.push_str(&line[shown..]);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Project;

    fn instructions(files: &[(&str, &str)]) -> Vec<(String, String)> {
        let project = Project::in_memory(files.iter().copied());
        let read = |path: &Utf8Path| project.read_bytes(path);
        let facts = Facts::new(&project, &read, None);
        let text =
            |path: &str| files.iter().find(|(it, _)| *it == path).map_or("", |(_, text)| *text);
        read_all(&facts)
            .into_iter()
            .map(|it| {
                let shown = it.place.span.of_text(text(it.place.path.as_str())).to_owned();
                (shown, it.folders[0].to_string())
            })
            .collect()
    }

    fn read_all(facts: &Facts<'_>) -> Vec<Instruction> {
        super::read(facts).instructions
    }

    #[test]
    fn commands_of_shells_keep_their_places() {
        let readme = "# Shop\n```python\nmake x\n```\n1. so\n   ```console\n   $ make test \\\n      all\n   ok\n   ```\n```\nnot this\n```\n~~~bash\ncd api && make run\n~~~\n";
        let found =
            instructions(&[("README.md", readme), ("api/x.py", ""), ("README.zh.md", readme)]);
        let shown: Vec<_> =
            found.iter().map(|(text, folder)| (text.as_str(), folder.as_str())).collect();
        assert_eq!(
            shown[0].0.split_whitespace().collect::<Vec<_>>(),
            ["make", "test", "\\", "all"]
        );
        assert_eq!(shown[1..], [("cd api", "api"), ("make run", "api")]);
    }

    #[test]
    fn restructured_text_has_blocks_too() {
        let readme = "Shop\n====\n\n.. code-block:: bash\n\n   make run\n\nText\n";
        assert_eq!(
            instructions(&[("README.rst", readme)]),
            [("make run".to_owned(), String::new())]
        );
    }

    #[test]
    fn what_runs_elsewhere_is_left_out() {
        let readme = "```sh\nmake a\ndocker run -it x bash\nmake b\n```\n```sh\ngit clone https://github.com/jo/other\ncd other\nmake c\n```\n```sh\nmake d\n```\n";
        let found = instructions(&[("README.md", readme), ("x.py", "")]);
        let shown: Vec<_> = found.iter().map(|(text, _)| text.as_str()).collect();
        assert_eq!(shown, ["make a", "git clone https://github.com/jo/other", "cd other"]);
    }
}
