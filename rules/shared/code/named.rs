//! Whether anything names what a file defines, or the file itself: what nobody names does not run. Knows words and where files
//! lie, no imports and no rule.

use camino::Utf8Path;
use roadworthy_engine::FileContext;
use roadworthy_parser::{Definition, Outline, Span};
use roadworthy_project::facts::profile::Profile;
use roadworthy_project::facts::{Facts, Mentions};
use roadworthy_project::{Distribution, File, Role, is_loaded_by_name};

use crate::shared::code::first_party::{Base, bases_of};
use crate::shared::code::packages;
use crate::shared::code::reach::is_of_many;
use crate::shared::code::text::{has_name, is_of_name, places_of};
use crate::shared::code::words::{last_part, words};
use crate::shared::code::wrappers::only_wraps;
use crate::shared::frameworks::entry_points::entry_point;

/// Whether the name of a function, or that of the class that it is a method of, stands nowhere but where it is defined, and no
/// framework is seen to call it: by a decorator, by its name, by a base of its class, by what mostly frameworks hand in. Of what
/// is published others know.
pub(crate) fn is_named_nowhere(file: &FileContext<'_>, function: &Definition) -> bool {
    let Some((facts, _)) = file.in_facts() else { return false };
    is_called_by_nobody(file, function, |it| facts.mentions().of(file.slice(it.name)) <= 1)
}

/// Whether a function of an application, or the class that it is a method of, is idle by what is handed over, and no framework
/// is seen to call it.
pub(crate) fn is_called_by_nobody(
    file: &FileContext<'_>,
    function: &Definition,
    is_idle: impl Fn(&Definition) -> bool,
) -> bool {
    if !tells_all(file) {
        return false;
    }
    let outline = file.outline;
    let stands_alone = |it: &Definition| {
        let is_plain = outline.decorators(it).iter().all(|it| hands_to_nobody(file, *it));
        !file.slice(it.name).starts_with("__") && is_plain && is_idle(it)
    };
    // What answers a request is named where addresses are listed, but by platforms that start a module of the top.
    let is_at_top = !file.path_inside().contains('/');
    let is_handed_in = outline.signature(function).parameters.iter().any(|it| {
        let name = file.slice(it.name);
        matches!(name, "req" | "request") && is_at_top
            || matches!(
                name,
                "context"
                    | "environ"
                    | "event"
                    | "hass"
                    | "item"
                    | "message"
                    | "resp"
                    | "server"
                    | "spider"
                    | "update"
            )
    });
    let is_called = is_handed_in || entry_point(file, function).is_some();
    let around = function.parent.map(|id| outline.definition(id));
    match around {
        None => !is_called && stands_alone(function),
        Some(class) if class.is_class() && class.parent.is_none() => {
            let bases = outline.arguments(class).iter().map(|it| file.slice(it.value));
            let extends_nothing = bases.clone().all(|it| it == "object");
            let name = file.slice(function.name);
            // What a model is a row of, its framework makes; its methods but a few only the project calls.
            let is_model = bases.clone().all(|it| matches!(it, "models.Model" | "db.Model"))
                && !is_called_on_models(name);
            let is_manager =
                || bases.clone().all(|it| it == "models.Manager") && !is_called_on_managers(name);
            let is_own =
                extends_nothing || is_model || is_manager() || extends_own_alone(file, class);
            // Who calls the methods of a class that nobody makes does not matter, but where settings may name it.
            let may_be_named = extends_nothing && is_called;
            !is_called && is_own && stands_alone(function)
                || is_model
                    && !is_called
                    && is_reached_by_no_other(file, class)
                    && stands_alone(class)
                || !may_be_named && is_plain_class(file, class) && stands_alone(class)
        }
        Some(_) => false,
    }
}

/// Whether no other module takes what a module of an application defines at its top, by its name or as a whole: a namesake in
/// another module is another one.
pub(crate) fn is_taken_by_nobody(file: &FileContext<'_>, name: &str) -> bool {
    tells_all(file)
        && !is_loaded_by_name(Utf8Path::new(file.path_inside()))
        && file.in_facts().is_some_and(|(facts, known)| !facts.taken().holds(known, name))
}

/// Whether a class stands at the top of a module of an application, and extends nothing by which a framework finds it, nor a class of
/// the project that may keep a list of those that extend it.
pub(crate) fn is_plain_class(file: &FileContext<'_>, class: &Definition) -> bool {
    let has_keywords = file.outline.arguments(class).iter().any(|it| it.keyword.is_some());
    class.is_class()
        && class.parent.is_none()
        && !has_keywords
        && !file.slice(class.name).starts_with("__")
        && file.outline.decorators(class).iter().all(|it| hands_to_nobody(file, *it))
        && tells_all(file)
        && extends_plain(file, class)
}

/// Whether the bases of a class are of Python's own or of pydantic, or classes of the project whose bases are; frameworks look for
/// none of these, and nothing in the project asks which classes extend another.
fn extends_plain(file: &FileContext<'_>, class: &Definition) -> bool {
    const PLAIN: [&str; 16] = [
        "ABC",
        "BaseModel",
        "Enum",
        "Exception",
        "Filter",
        "Formatter",
        "Generic",
        "Handler",
        "JSONEncoder",
        "NamedTuple",
        "Protocol",
        "StrEnum",
        "Thread",
        "TypedDict",
        "dict",
        "object",
    ];
    let is_plain = |base: &str| {
        let name = base.split('[').next().unwrap_or_default();
        PLAIN.contains(&last_part(name.trim()))
    };
    let written = |outline: &Outline, text: &str, class: &Definition| {
        outline.arguments(class).iter().all(|it| is_plain(it.value.of_text(text)))
    };
    let asks = || {
        let mentions = file.in_facts().map(|it| it.0.mentions());
        mentions.is_none_or(|it| {
            ["__init_subclass__", "__subclasses__"].iter().any(|name| it.of(name) > 0)
        })
    };
    let (outline, text) = (file.outline, file.source.text());
    written(outline, text, class)
        || bases_of(file, class).into_iter().all(|base| match base {
            Base::Here(index) => written(outline, text, &outline.definitions[index]),
            Base::There(found) => {
                let python = &found.python;
                written(&python.outline, python.source.text(), found.definition())
            }
            Base::Other(path) => path.is_some_and(|it| is_plain(&it)),
        }) && !asks()
}

/// Whether all bases of a class are classes of the project that extend nothing: no framework is seen to call its methods.
pub(crate) fn extends_own_alone(file: &FileContext<'_>, class: &Definition) -> bool {
    let has_keywords = file.outline.arguments(class).iter().any(|it| it.keyword.is_some());
    !has_keywords
        && bases_of(file, class).into_iter().all(|base| match base {
            Base::Here(index) => {
                let base = &file.outline.definitions[index];
                file.outline.decorators(base).is_empty()
                    && extends_nothing_far(file.outline, file.source.text(), base, 1)
            }
            Base::There(found) => {
                let python = &found.python;
                extends_nothing_far(&python.outline, python.source.text(), found.definition(), 1)
            }
            Base::Other(path) => path.is_some_and(|it| matches!(it.as_str(), "abc.ABC" | "object")),
        })
}

/// Whether a class extends nothing, or a class of its own file that does not: so many steps are followed.
fn extends_nothing_far(outline: &Outline, text: &str, class: &Definition, steps: u32) -> bool {
    let extends_nothing = |name: &str| {
        let mut above = outline.definitions.iter().filter(|it| it.is_class());
        let base = above.find(|it| it.parent.is_none() && it.name.of_text(text) == name);
        steps > 0 && base.is_some_and(|it| extends_nothing_far(outline, text, it, steps - 1))
    };
    outline.arguments(class).iter().all(|it| {
        let name = it.value.of_text(text);
        it.keyword.is_none()
            && (matches!(name, "ABC" | "abc.ABC" | "object") || extends_nothing(name))
    })
}

/// Whether a model can be met by its own name alone: no other model leads to its rows (`order.accesslog_set`), under whatever name.
fn is_reached_by_no_other(file: &FileContext<'_>, class: &Definition) -> bool {
    let name = file.slice(class.name).to_lowercase();
    let Some((facts, known)) = file.in_facts() else { return false };
    let set = format!("{name}_set");
    let is_named = |it: &File| {
        // What migrations do they did once.
        !it.path.components().any(|it| it.as_str() == "migrations")
            && facts.source(it).is_some_and(|it| has_name(it.text(), &name))
    };
    !file.slice(class.body).contains("related_name")
        && facts.mentions().of(&set) == 0
        && facts.answer(known.component, format!("nothing leads to rows of {name}"), || {
            let project = facts.project();
            facts.mentions().of(&name) == 0
                || !project.files.iter().chain(&project.unasked).any(is_named)
        })
}

/// Whether Django calls a method of managers by this name.
fn is_called_on_managers(name: &str) -> bool {
    matches!(
        name,
        "check"
            | "contribute_to_class"
            | "create"
            | "create_superuser"
            | "create_user"
            | "db_manager"
            | "deconstruct"
            | "get_by_natural_key"
            | "get_queryset"
            | "get_query_set"
            | "normalize_email"
            | "with_perm"
    )
}

/// Whether Django calls a method of models by this name.
fn is_called_on_models(name: &str) -> bool {
    matches!(
        name,
        "save"
            | "save_base"
            | "delete"
            | "clean"
            | "clean_fields"
            | "full_clean"
            | "validate_unique"
            | "validate_constraints"
            | "from_db"
            | "refresh_from_db"
            | "natural_key"
            | "check"
            | "get_absolute_url"
            | "get_deferred_fields"
            | "has_add_permission"
    ) || name.starts_with("get_") && name.ends_with("_display")
        || name.starts_with("has_") && name.ends_with("_permission")
}

/// Whether a decorator changes what it stands above, and hands it to nobody.
fn hands_to_nobody(file: &FileContext<'_>, decorator: Span) -> bool {
    const WORDS: [&str; 9] = [
        "atomic",
        "cache",
        "cached",
        "deprecated",
        "override",
        "retry",
        "retrying",
        "timed",
        "traced",
    ];
    let name = file.slice(decorator).split('(').next().unwrap_or_default();
    matches!(
        last_part(name),
        "asynccontextmanager"
            | "classmethod"
            | "contextmanager"
            | "dataclass"
            | "property"
            | "staticmethod"
            | "sync_to_async"
    ) || words(last_part(name)).iter().any(|it| WORDS.contains(&it.as_str()))
        || only_wraps(file, decorator)
}

/// Whether a name that is defined in an application stands nowhere else: nobody uses it, but where a framework does by that name.
pub(crate) fn stands_once(file: &FileContext<'_>, definition: &Definition) -> bool {
    let name = file.slice(definition.name);
    !name.starts_with("__")
        && file.outline.decorators(definition).is_empty()
        && tells_all(file)
        && file.in_facts().is_some_and(|(facts, _)| facts.mentions().of(name) <= 1)
}

/// Whether nothing but the file of an application that defines a name uses it: what other files define under the same name is
/// no use of this one. What the file lists as a text, as in `__all__`, it offers to others.
pub(crate) fn is_named_here_alone(file: &FileContext<'_>, name: &str) -> bool {
    let Some((facts, _)) = file.in_facts().filter(|_| tells_all(file)) else { return false };
    let text = file.source.text();
    let (mut own, mut offered) = (0, false);
    for at in places_of(text, name).filter(|at| !is_commented_out(text, *at)) {
        let before = text[..at].trim_end_matches(' ');
        own += usize::from(!before.ends_with("def"));
        offered |= before.ends_with(['"', '\'']);
    }
    !offered && facts.mentions().of_uses(name) <= own
}

fn is_commented_out(text: &str, at: usize) -> bool {
    let start = text[..at].rfind('\n').map_or(0, |it| it + 1);
    text[start..].trim_start().starts_with('#')
}

/// Whether no file of an application but itself names a module, nor does it have a name by which modules are loaded.
pub(crate) fn is_module_named_nowhere(file: &FileContext<'_>) -> bool {
    let Some((facts, known)) = file.in_facts().filter(|_| tells_all(file)) else { return false };
    is_alone(facts, &known.path, Utf8Path::new(file.path_inside()), file.source.text())
}

/// Whether nothing names a module, of which `inside` is the path within its component, nor loads it by such a name.
fn is_alone(facts: &Facts<'_>, path: &Utf8Path, inside: &Utf8Path, text: &str) -> bool {
    let loaders = ["import_module", "iter_modules", "walk_packages", "find_modules"];
    !is_loaded_by_name(inside)
        && loaders.iter().all(|it| facts.mentions().of(it) == 0)
        && stands_in_itself_alone(facts, path, text)
}

/// Whether a module of an application was left behind: nothing names it, and by itself it starts nothing.
pub(crate) fn is_module_idle(facts: &Facts<'_>, path: &Utf8Path, text: &str) -> bool {
    const STARTS: [&str; 5] = ["__name__ ==", "Flask(", "FastAPI(", "app = ", "\n@"];
    !STARTS.iter().any(|it| text.contains(it))
        && !runs_loops(text)
        && !text.lines().any(is_call)
        && is_alone(facts, path, path, text)
        && !is_beside_bridges(facts)
}

/// Whether a line that is not indented is a call, which runs when the module is loaded.
fn is_call(line: &str) -> bool {
    line.starts_with(char::is_alphabetic)
        && line
            .split_once('(')
            .is_some_and(|(name, _)| name.chars().all(|it| it == '.' || is_of_name(it)))
}

/// Whether the project is written in other languages, too, and some text of these may load modules of Python.
fn is_beside_bridges(facts: &Facts<'_>) -> bool {
    /// More are not read.
    const MOST: usize = 200;
    const BRIDGES: [&str; 9] = ["R", "c", "cpp", "cs", "java", "jl", "pl", "pm", "rb"];
    let is_bridge = |it: &&Utf8Path| it.extension().is_some_and(|it| BRIDGES.contains(&it));
    // What Python loads does not load Python.
    let loads = |path: &Utf8Path| {
        let is_c = matches!(path.extension(), Some("c" | "cpp"));
        let words: &[&str] = if is_c {
            &["PyImport_", "PyRun_", "Py_Main", "module_::import", "module::import"]
        } else {
            &["ython", ".py", "eticulate"]
        };
        facts.text(path).whole().is_none_or(|it| words.iter().any(|word| it.text().contains(word)))
    };
    facts.answer(0, "other languages may load Python".to_owned(), || {
        let bridges = || facts.tree().files().filter(is_bridge);
        bridges().nth(MOST).is_some() || bridges().any(loads)
    })
}

/// Whether a module of an application of more than a few was left behind, as [`is_module_idle`] tells.
pub(crate) fn is_left_behind(file: &FileContext<'_>) -> bool {
    tells_all(file)
        && file
            .in_facts()
            .is_some_and(|(facts, known)| is_module_idle(facts, &known.path, file.source.text()))
}

/// Whether no import leads from anything that runs to a module of an application of more than a few, though modules that do not
/// run either may use it. Reads the project once, so it is asked before a warning alone.
pub(crate) fn is_unreached(file: &FileContext<'_>) -> bool {
    tells_all(file)
        && file
            .in_facts()
            .is_some_and(|(facts, known)| !is_beside_bridges(facts) && facts.reach().is_idle(known))
}

/// Whether no import leads to another file of the project from anything that runs.
pub(crate) fn is_other_unreached(facts: &Facts<'_>, other: &File) -> bool {
    !is_beside_bridges(facts) && facts.reach().is_idle(other)
}

/// Whether all that use a module are programs that somebody runs by hand, as nothing names them, or were left behind.
pub(crate) fn is_used_by_hand(file: &FileContext<'_>) -> bool {
    let Some((facts, known)) = file.in_facts().filter(|_| !is_published(file)) else {
        return false;
    };
    let stem = known.path.file_stem().unwrap_or_default();
    // Of a project that is too large to be read once more nothing is known.
    if stem.starts_with("__")
        || is_loaded_by_name(Utf8Path::new(file.path_inside()))
        || facts.mentions().of(stem) == usize::MAX
    {
        return false;
    }
    facts.answer(known.component, format!("programs run by hand use {}", known.path), || {
        are_run_by_hand(facts, &known.path, file.source.text(), 0)
    })
}

/// Whether some files name a module, and all of them are programs that nothing names, left behind, or used by such alone.
fn are_run_by_hand(facts: &Facts<'_>, path: &Utf8Path, text: &str, depth: u32) -> bool {
    /// Modules that use modules are followed so far.
    const DEEPEST: u32 = 2;
    let stem = path.file_stem().unwrap_or_default();
    // Where nothing names it, nothing has to be read.
    if facts.mentions().of(stem) <= Mentions::in_text(text, stem) {
        return false;
    }
    let project = facts.project();
    let is_test = |it: &File| it.path_role.as_ref().is_some_and(|role| role.role == Role::Test);
    let all = || project.files.iter().chain(&project.unasked);
    let others = all().filter(|it| it.path != path && !is_test(it));
    // Copies of a program name each other no more than themselves.
    let stands_alone = |it: &File, text: &str| {
        let stem = it.path.file_stem().unwrap_or_default();
        let copies = all().filter(|it| it.path.file_stem() == Some(stem)).count();
        facts.mentions().of(stem) <= Mentions::in_text(text, stem) * copies
    };
    let is_passed_on = |it: &File, text: &str| {
        let depth = depth + 1;
        let question = format!("programs run by hand use {} at {depth}", it.path);
        facts.answer(it.component, question, || are_run_by_hand(facts, &it.path, text, depth))
    };
    let mut used = false;
    let by_hand = others
        .filter_map(|it| facts.source(it).map(|source| (it, source)))
        .filter(|(_, source)| has_name(source.text(), stem))
        .all(|(it, source)| {
            used = true;
            let text = source.text();
            let is_program = || text.contains("__name__ ==") || runs_loops(text);
            it.kind.is_python()
                && (is_program() && stands_alone(it, text)
                    || is_module_idle(facts, &it.path, text)
                    || depth < DEEPEST && is_passed_on(it, text))
        });
    used && by_hand
}

/// Whether a text runs loops when it is loaded.
fn runs_loops(text: &str) -> bool {
    text.lines().any(|it| it.starts_with("for ") || it.starts_with("while "))
}

/// Whether Airflow leaves a file out: a `.airflowignore` above it names it.
pub(crate) fn is_ignored_by_airflow(file: &FileContext<'_>) -> bool {
    let Some((facts, known)) = file.in_facts() else { return false };
    let mut folders = known.path.ancestors().skip(1);
    // Git may ignore the list, which lies there all the same.
    known.path.as_str().contains("dag")
        && folders.any(|folder| {
            let inside = known.path.strip_prefix(folder).unwrap_or(&known.path);
            facts.project().read_bytes(&folder.join(".airflowignore")).is_ok_and(|it| {
                let list = String::from_utf8_lossy(&it);
                list.lines().any(|pattern| is_meant_by(pattern, inside.as_str()))
            })
        })
}

/// Whether a line of such a list names a path, as far as it is plain: a folder, a file, the beginning of a path.
fn is_meant_by(pattern: &str, path: &str) -> bool {
    let pattern = pattern.split('#').next().unwrap_or_default().trim();
    let plain = pattern.trim_start_matches(['^', '/']).trim_start_matches(".*");
    let plain = plain.trim_start_matches("**/").trim_end_matches(['*', '$']);
    let plain = plain.trim_end_matches('.').trim_end_matches('/').replace("\\.", ".");
    let is_plain = |it: char| it.is_alphanumeric() || matches!(it, '_' | '-' | '.' | '/');
    !plain.is_empty()
        && plain.chars().all(is_plain)
        && (path
            .strip_prefix(plain.as_str())
            .is_some_and(|it| it.is_empty() || it.starts_with('/'))
            || path.split('/').any(|it| it == plain))
}

/// Whether all that uses a name is there to be seen: an application of more than a few modules, each of which may be started.
pub(crate) fn tells_all(file: &FileContext<'_>) -> bool {
    (!is_published(file) || is_of_packaged_service(file)) && is_of_many(file)
}

/// Whether the component of a file is a library, which others use, and the file is brought out with it.
pub(crate) fn is_published(file: &FileContext<'_>) -> bool {
    let Some((facts, known)) = file.in_facts() else { return false };
    let component = facts.project().components.get(known.component);
    component.is_none_or(|it| it.distribution == Distribution::Library)
        && !packages::leave_out(facts, known)
}

/// Whether what a project packages is the service that it runs itself: nobody else calls its functions.
pub(crate) fn is_of_packaged_service(file: &FileContext<'_>) -> bool {
    file.in_facts().is_some_and(|(facts, known)| {
        let profiles = facts.profiles().get(known.component);
        profiles.is_some_and(|it| it.is(Profile::Service))
    })
}

/// Whether the name of a module stands in no file but its own.
pub(crate) fn stands_in_itself_alone(facts: &Facts<'_>, path: &Utf8Path, text: &str) -> bool {
    let stem = path.file_stem().unwrap_or_default();
    let own = Mentions::in_text(text, stem);
    !stem.starts_with("__") && facts.mentions().of(stem) <= own
}

#[cfg(test)]
mod tests {
    use super::is_meant_by;

    #[test]
    fn airflow_is_told_of_folders_and_files() {
        for pattern in ["old/*", "old", "old/.*", ".*old/", "**/old/**", "old/pay.py", "^old"] {
            assert!(is_meant_by(pattern, "old/pay.py"), "{pattern}");
        }
        for pattern in ["", "# old", "ol", "old_ones/*", "[a-z]+", "pay"] {
            assert!(!is_meant_by(pattern, "old/pay.py"), "{pattern}");
        }
    }
}
