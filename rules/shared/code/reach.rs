//! Which functions of a file run only when the file is run as a program, and whether its component is one. Knows names
//! within one file and what the project is, no rule.

use camino::Utf8Path;
use roadworthy_engine::FileContext;
use roadworthy_parser::{DefinitionId, Keyword, Span};
use roadworthy_project::facts::profile::Profile;
use roadworthy_project::{Distribution, Facts, File, Role, is_loaded_by_name};
use rustc_hash::FxHashSet;

use crate::shared::code::text::{has_name, places_of};
use crate::shared::code::words::words;

/// The functions of the module's top level that nothing in the file uses but the code under
/// `if __name__ == "__main__":`, directly or through each other.
#[derive(Debug, Default)]
pub(crate) struct ProgramOnly {
    spans: Vec<Span>,
}

/// Where a name is used.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Use {
    Guard,
    In(DefinitionId),
    Elsewhere,
}

impl ProgramOnly {
    /// Reads the uses of a file's functions.
    pub(crate) fn new(file: &FileContext<'_>) -> Self {
        let outline = file.outline;
        if outline.main_guards.is_empty() {
            return Self::default();
        }
        let top: Vec<DefinitionId> = (0..outline.definitions.len() as u32)
            .filter(|&id| {
                outline.definition(id).parent.is_none() && outline.definition(id).is_function()
            })
            .collect();
        let uses: Vec<(DefinitionId, Vec<Use>)> =
            top.iter().map(|&id| (id, uses(file, id))).collect();
        let mut program: FxHashSet<DefinitionId> = FxHashSet::default();
        // Grows by at least one function a round, so it ends.
        loop {
            let before = program.len();
            for (id, uses) in &uses {
                let only = |used: &Use| match used {
                    Use::Guard => true,
                    Use::In(other) => other == id || program.contains(other),
                    Use::Elsewhere => false,
                };
                let beyond_itself = uses.iter().any(|used| *used != Use::In(*id));
                if beyond_itself && uses.iter().all(only) {
                    program.insert(*id);
                }
            }
            if program.len() == before {
                break;
            }
        }
        let spans = top.into_iter().filter(|id| program.contains(id));
        Self { spans: spans.map(|id| outline.definition(id).span).collect() }
    }

    /// Whether an offset lies in one of them.
    pub(crate) fn contains(&self, offset: u32) -> bool {
        self.spans.iter().any(|span| span.contains(offset))
    }
}

/// Whether the component is a program that people run, and no service: somebody sits before it, and it ends.
pub(crate) fn is_tool(file: &FileContext<'_>) -> bool {
    let Some((facts, known)) = file.in_facts() else { return false };
    let profiles = facts.profiles().get(known.component);
    profiles.is_some_and(|profiles| profiles.is(Profile::Cli) && !profiles.is(Profile::Service))
}

/// Whether a module runs where nobody watches: a server, a queue, a scheduler or a loop without end leads to it. Others run what
/// is published as they like, but where its project is a service itself. Reads the project once, so it is asked before a
/// warning alone.
pub(crate) fn runs_unattended(file: &FileContext<'_>) -> bool {
    file.in_facts().is_none_or(|(facts, known)| {
        let profiles = facts.profiles().get(known.component);
        let is_for_others = facts.project().components[known.component].distribution
            == Distribution::Library
            && profiles.is_none_or(|it| !it.is(Profile::Service));
        is_for_others || facts.unattended().holds(known)
    })
}

/// Whether a module can be run by itself, by what stands under its guard or by a loop that runs while it is imported, and no
/// file of the project but tests and texts for people names it: neither code that imports it nor what starts it. What is
/// published has to have a guard: others import it.
pub(crate) fn is_run_by_hand(file: &FileContext<'_>) -> bool {
    let Some((facts, known)) = file.in_facts() else { return false };
    let stem = known.path.file_stem().unwrap_or_default();
    let project = facts.project();
    let is_published = || project.components[known.component].distribution == Distribution::Library;
    let loops = || {
        let mut lines = file.outline.lines.iter();
        lines.any(|it| it.indent == 0 && matches!(it.keyword, Keyword::For | Keyword::While))
    };
    // No code can import a module with such a name, be it published.
    let is_for_others = || is_published() && !stem.contains('-');
    if stem.starts_with("__")
        || file.outline.main_guards.is_empty() && (is_for_others() || !loops())
    {
        return false;
    }
    is_named_nowhere(file)
}

/// Whether no file of the project but tests and texts for people names a module.
fn is_named_nowhere(file: &FileContext<'_>) -> bool {
    let Some((facts, known)) = file.in_facts() else { return false };
    let stem = known.path.file_stem().unwrap_or_default();
    let project = facts.project();
    facts.answer(known.component, format!("nobody names the module {}", known.path), || {
        // Which rules are asked for does not change who starts it.
        let mut others =
            project.files.iter().chain(&project.unasked).filter(|it| it.path != known.path);
        !others.any(|other| {
            let is_test = other.path_role.as_ref().is_some_and(|it| it.role == Role::Test);
            let is_prose = matches!(other.path.extension(), Some("md" | "rst" | "txt"));
            !is_test && !is_prose && facts.source(other).is_some_and(|it| has_name(it.text(), stem))
        })
    })
}

/// Whether neither code of an application nor what starts it names the module of a file: it was left behind. Reads the files of
/// the project until one does, so it is asked for last.
pub(crate) fn is_left_over(file: &FileContext<'_>) -> bool {
    is_used_by_nobody(file) && is_named_nowhere(file)
}

/// Whether a function around a place says by its name that it is out of use, and nothing else of its file names it.
pub(crate) fn is_out_of_use(file: &FileContext<'_>, offset: u32) -> bool {
    const WORDS: [&str; 7] =
        ["backup", "deprecated", "legacy", "obsolete", "old", "removed", "unused"];
    let says = |name: &str| words(name).last().is_some_and(|it| WORDS.contains(&it.as_str()));
    let mut functions = file.outline.enclosing(offset).filter(|it| it.is_function());
    functions.any(|it| {
        let name = file.slice(it.name);
        says(name) && places_of(file.source.text(), name).count() == 1
    })
}

/// Whether the product asks somebody at a terminal, in whatever module. Reads its files until one does, so it is asked for last.
pub(crate) fn asks_at_terminal(file: &FileContext<'_>) -> bool {
    let Some((facts, known)) = file.in_facts() else { return false };
    let project = facts.project();
    facts.answer(known.component, "the product asks with input()".to_owned(), || {
        let mut files = project.files.iter().chain(&project.unasked).filter(|it| {
            it.kind.is_python() && it.component == known.component && it.path_role.is_none()
        });
        files.any(|it| facts.source(it).is_some_and(|it| it.text().contains("= input(")))
    })
}

/// Whether all that import a module are commands of Django's `manage.py`, or modules that such commands alone import: what it
/// does, somebody who runs them sees. Reads the imports of the project, so it is asked for last.
pub(crate) fn only_commands_import(file: &FileContext<'_>) -> bool {
    let Some((facts, known)) = file.in_facts() else { return false };
    facts.answer(known.component, format!("commands alone import {}", known.path), || {
        are_commands(facts, known, 1)
    })
}

fn are_commands(facts: &Facts<'_>, module: &File, depth: u32) -> bool {
    let is_of = |name: &str| name.rsplit('.').next() == module.path.file_stem();
    let imports = |other: &File| {
        facts.python(&other.path).is_some_and(|python| {
            python.outline.imports.iter().any(|it| {
                is_of(python.source.slice(it.module)) || is_of(python.source.slice(it.name))
            })
        })
    };
    let is_code = |it: &&File| {
        let is_test = it.path_role.as_ref().is_some_and(|it| it.role == Role::Test);
        it.kind.is_python() && it.path != module.path && !is_test
    };
    let is_command = |it: &File| {
        it.path.as_str().contains("management/commands/")
            || depth > 0 && are_commands(facts, it, depth - 1)
    };
    let project = facts.project();
    let all = project.files.iter().chain(&project.unasked);
    let mut users = all.filter(is_code).filter(|it| imports(it)).peekable();
    users.peek().is_some() && users.all(is_command)
}

/// Whether tests name the module of a file, and no code of the product does: neither the module nor, where its package hands
/// it on, the package. Reads the files of the project until one does, so it is asked for last.
pub(crate) fn only_tests_use(file: &FileContext<'_>) -> bool {
    let Some((facts, known)) = file.in_facts() else { return false };
    if !file.outline.main_guards.is_empty() {
        return false;
    }
    let folder = known.path.parent().unwrap_or(Utf8Path::new(""));
    let package = folder.join("__init__.py");
    let stem = known.path.file_stem().unwrap_or_default();
    let names =
        |file: &File, name: &str| facts.source(file).is_some_and(|it| has_name(it.text(), name));
    let is_handed_on = facts.python(&package).is_some_and(|it| has_name(it.source.text(), stem));
    let package_name = folder.file_name().filter(|_| is_handed_on);
    let mut by_tests = false;
    let project = facts.project();
    let all = project.files.iter().chain(&project.unasked);
    let mut others =
        all.filter(|it| it.kind.is_python() && it.path != known.path && it.path != package);
    let by_product = others.any(|other| {
        let is_named = names(other, stem) || package_name.is_some_and(|it| names(other, it));
        let is_test = other.path_role.as_ref().is_some_and(|it| it.role == Role::Test);
        by_tests |= is_named && is_test;
        is_named && !is_test
    });
    by_tests && !by_product
}

/// Whether no other code of an application names the module of a file, and its own name is not one by which programs are
/// started or loaded. Of a library others know. Reads the files of the project until one does, so it is asked for last.
pub(crate) fn is_used_by_nobody(file: &FileContext<'_>) -> bool {
    let Some((facts, known)) = file.in_facts() else { return false };
    let project = facts.project();
    let component = project.components.get(known.component);
    let stem = known.path.file_stem().unwrap_or_default();
    if is_loaded_by_name(Utf8Path::new(file.path_inside()))
        || component.is_none_or(|it| it.distribution == Distribution::Library)
    {
        return false;
    }
    let mut others = project.files.iter().chain(&project.unasked).filter(|it| {
        let is_test = it.path_role.as_ref().is_some_and(|it| it.role == Role::Test);
        it.kind.is_python() && it.path != known.path && !is_test
    });
    let folder = known.path.parent().and_then(Utf8Path::file_name);
    // Who looks through a folder for modules names none of them.
    !facts.answer(known.component, format!("somebody uses {}", known.path), || {
        others.any(|other| {
            facts.source(other).is_some_and(|it| {
                let text = it.text();
                has_name(text, stem)
                    || ["import_module", "iter_modules", "walk_packages", "find_modules"]
                        .iter()
                        .any(|it| text.contains(it))
                        && folder.is_some_and(|it| text.contains(it))
            })
        })
    })
}

/// Whether a component has enough modules for its parts to know each other by their names: of a few each may be the one that is
/// started.
pub(crate) fn is_of_many(file: &FileContext<'_>) -> bool {
    const MANY: usize = 6;
    file.in_facts().is_some_and(|(facts, known)| {
        let project = facts.project();
        let own = project.files.iter().chain(&project.unasked).filter(|it| {
            it.kind.is_python()
                && it.component == known.component
                && it.path_role.as_ref().is_none_or(|it| it.role != Role::Test)
        });
        own.take(MANY).count() == MANY
    })
}

/// The places in code, and in strings that are just the name (`__all__`), where a function is named.
fn uses(file: &FileContext<'_>, id: DefinitionId) -> Vec<Use> {
    let outline = file.outline;
    let text = file.source.text();
    let own = outline.definition(id);
    let name = file.slice(own.name);
    let is_word = |byte: Option<&u8>| {
        byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_' || *byte >= 0x80)
    };
    let mut found = Vec::new();
    for (at, _) in text.match_indices(name) {
        let offset = at as u32;
        let bytes = text.as_bytes();
        if is_word(at.checked_sub(1).and_then(|before| bytes.get(before)))
            || is_word(bytes.get(at + name.len()))
        {
            continue;
        }
        let in_text = outline
            .string_at(offset)
            .is_some_and(|string| !string.interpolated && file.slice(string.content()) != name);
        if offset == own.name.start || in_text || outline.comment_at(offset).is_some() {
            continue;
        }
        let top = outline.enclosing(offset).last();
        found.push(match top {
            _ if outline.under_main_guard(offset) => Use::Guard,
            Some(around) => {
                let index = outline
                    .definitions
                    .partition_point(|other| other.header.start < around.header.start);
                Use::In(index as DefinitionId)
            }
            None => Use::Elsewhere,
        });
    }
    found
}
