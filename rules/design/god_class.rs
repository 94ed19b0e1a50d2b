//! See `god-class.toml`: large classes whose methods fall into groups. Knows which attributes methods name (LCOM4: methods are
//! joined by the attributes they share and the methods they call), not what the attributes hold.

use roadworthy_engine::{FileContext, Report, Reporter};
use roadworthy_parser::Definition;
use rustc_hash::FxHashMap;

use crate::shared::code::first_party::methods;
use crate::shared::code::text::{code_of, is_of_name, places_of};
use crate::shared::code::words::last_part;

pub(super) fn check(file: &FileContext<'_>, out: &mut Reporter<'_>) {
    let most_methods = usize::try_from(out.integer("max-methods")).unwrap_or(usize::MAX);
    let most_lines = usize::try_from(out.integer("max-lines")).unwrap_or(usize::MAX);
    for class in file.outline.definitions.iter().filter(|it| it.is_class()) {
        let methods: Vec<_> = methods(file.outline, class).collect();
        // What has few methods has no groups of them, whatever its length.
        if methods.len() < 2 * SMALLEST_GROUP || is_of_framework(file, class) {
            continue;
        }
        let working: Vec<_> = methods.iter().copied().filter(|it| works(file, it)).collect();
        let public = working.iter().filter(|it| !file.slice(it.name).starts_with('_')).count();
        let lines = || statements(file, class);
        if public <= most_methods && lines() <= most_lines {
            continue;
        }
        let groups = groups(file, &working);
        if groups.len() < 2 {
            continue;
        }
        let shown: Vec<_> = groups.iter().take(MOST_SHOWN).map(|it| show(file, it)).collect();
        let message = format!(
            "`{}` has {} methods in {} groups that share no attribute: {}",
            file.slice(class.name),
            working.len(),
            groups.len(),
            shown.join("; "),
        );
        out.report(Report::at(class.name).message(message));
    }
}

/// Smaller groups are helpers, no responsibility of their own.
const SMALLEST_GROUP: usize = 3;

/// How many groups a message names.
const MOST_SHOWN: usize = 3;

/// How many methods of a hundred may use an attribute before it says nothing of what they are about: a client, a logger.
const COMMON_SHARE: usize = 60;

fn show(file: &FileContext<'_>, group: &[&Definition]) -> String {
    let names: Vec<_> =
        group.iter().take(2).map(|it| format!("`{}`", file.slice(it.name))).collect();
    let rest = if group.len() > names.len() { " …" } else { "" };
    format!("{}{rest}", names.join(", "))
}

/// Classes whose methods somebody else asks for.
fn is_of_framework(file: &FileContext<'_>, class: &Definition) -> bool {
    const ENDS: [&str; 24] = [
        "Admin",
        "App",
        "Controller",
        "Manager",
        "QuerySet",
        "Factory",
        "Form",
        "Handler",
        "Mixin",
        "Model",
        "Resource",
        "Schema",
        "Serializer",
        "Service",
        "TestCase",
        "Transformer",
        "View",
        "ViewSet",
        "Visitor",
        "Window",
        "Widget",
        "Dialog",
        "Plugin",
        "Servicer",
    ];
    let bases = file.outline.arguments(class).iter().filter(|it| it.keyword.is_none());
    let mut bases =
        bases.map(|it| last_part(file.slice(it.value).split('[').next().unwrap_or_default()));
    bases.any(|base| base == "Protocol" || ENDS.iter().any(|it| base.ends_with(it)))
}

/// Whether a method does something of its own: it has an instance, is none that Python or a decorator calls, and does more
/// than hand on.
fn works(file: &FileContext<'_>, method: &Definition) -> bool {
    let name = file.slice(method.name);
    let first = file.outline.signature(method).parameters.first();
    let has_instance = first.is_some_and(|it| file.slice(it.name) == "self");
    let is_magic = name.starts_with("__") && name.ends_with("__");
    let is_decorated = !file.outline.decorators(method).is_empty();
    has_instance && !is_magic && !is_decorated && statements(file, method) > 1
}

/// The logical lines in the body of a definition.
fn statements(file: &FileContext<'_>, method: &Definition) -> usize {
    let lines = &file.outline.lines;
    let first = lines.partition_point(|it| it.span.start < method.body.start);
    let own = lines[first..].iter().take_while(|it| it.span.start < method.body.end);
    own.count() - usize::from(method.docstring.is_some())
}

/// The groups of methods that share attributes or call each other, the large ones, in the order of the text.
fn groups<'o>(file: &FileContext<'_>, methods: &[&'o Definition]) -> Vec<Vec<&'o Definition>> {
    let index: FxHashMap<&str, usize> =
        methods.iter().enumerate().map(|(index, it)| (file.slice(it.name), index)).collect();
    let mut users: FxHashMap<String, Vec<usize>> = FxHashMap::default();
    let mut sets = Sets::new(methods.len());
    for (at, method) in methods.iter().enumerate() {
        let code = code_of(file.source, file.outline, method.body);
        for place in places_of(&code, "self") {
            let Some(rest) = code[place + "self".len()..].strip_prefix('.') else { continue };
            let name = rest.split(|it| !is_of_name(it)).next().unwrap_or_default();
            if let Some(&other) = index.get(name) {
                sets.join(at, other);
            } else {
                let users = users.entry(name.to_owned()).or_default();
                if users.last() != Some(&at) {
                    users.push(at);
                }
            }
        }
    }
    let is_own = |it: &&Vec<usize>| it.len() * 100 <= methods.len() * COMMON_SHARE;
    for users in users.values().filter(is_own) {
        for pair in users.windows(2) {
            sets.join(pair[0], pair[1]);
        }
    }
    let uses_something: Vec<bool> = (0..methods.len())
        .map(|at| users.values().any(|it| it.binary_search(&at).is_ok()))
        .collect();
    let mut groups: FxHashMap<usize, Vec<&Definition>> = FxHashMap::default();
    for (at, method) in methods.iter().enumerate().filter(|(at, _)| uses_something[*at]) {
        groups.entry(sets.root(at)).or_default().push(method);
    }
    let mut groups: Vec<_> = groups.into_values().filter(|it| it.len() >= SMALLEST_GROUP).collect();
    groups.sort_by_key(|it| it[0].header.start);
    groups
}

/// Disjoint sets of numbers.
struct Sets(Vec<usize>);

impl Sets {
    fn new(count: usize) -> Self {
        Self((0..count).collect())
    }

    fn root(&mut self, mut at: usize) -> usize {
        while self.0[at] != at {
            self.0[at] = self.0[self.0[at]];
            at = self.0[at];
        }
        at
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        self.0[a.max(b)] = a.min(b);
    }
}
