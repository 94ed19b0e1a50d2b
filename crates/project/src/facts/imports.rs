//! Names of modules to the distributions that give them, and the modules of the standard library: tables that need no
//! installed environment. Knows names; of one that stands in no table it knows nothing.

mod elsewhere;
mod firsts;
mod lock_graph;
pub(super) mod model;
mod statements;

use std::sync::OnceLock;

use rustc_hash::{FxHashMap, FxHashSet};
use toml::Table;

pub use lock_graph::LockGraph;
pub use model::{ImportModel, Open, Standing, There, runs_in_production};
pub use statements::{Needed, needed};

/// Which distributions give a module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Givers {
    /// The standard library, of this version or another.
    StandardLibrary,
    /// Any one of these distributions, by their normalised names (PEP 503).
    Distributions(Vec<&'static str>),
    /// One of those whose names begin with this one: the module lies in a namespace that many share.
    Namespace(String),
    /// The program in which such code runs: Blender, Airflow, the system's own Python.
    Host,
    /// Nothing tells.
    Unknown,
}

/// The versions of Python whose standard library has a module; an open end reaches as far as is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Versions {
    /// The first.
    pub first: Option<(u32, u32)>,
    /// The last.
    pub last: Option<(u32, u32)>,
}

/// What gives the module of a dotted name: `yaml`, `google.cloud.storage.blob`. `has_file` tells whether the project has
/// a file of a name somewhere, by which a host is recognised that brings what others declare.
pub fn givers(module: &str, has_file: impl Fn(&str) -> bool) -> Givers {
    let tables = tables();
    let top = module.split('.').next().unwrap_or_default();
    if tables.standard_library.contains_key(top) {
        return Givers::StandardLibrary;
    }
    if let Some(beside) = tables.hosts.get(top)
        && (beside.is_empty() || beside.iter().any(|name| has_file(name)))
    {
        return Givers::Host;
    }
    let mut name = module;
    loop {
        if let Some(distributions) = tables.modules.get(name) {
            return Givers::Distributions(distributions.clone());
        }
        match name.rsplit_once('.') {
            Some((around, _)) => name = around,
            None => break,
        }
    }
    if tables.namespaces.contains(top) {
        return Givers::Namespace(normalised(top));
    }
    Givers::Unknown
}

/// Whether a table may name distributions for a module whose name begins so.
fn may_be_given(top: &str) -> bool {
    let tables = tables();
    tables.tops.contains(top) && !tables.standard_library.contains_key(top)
}

/// Whether one distribution, or several for the same, give all modules whose names begin so.
fn is_given_as_a_whole(top: &str) -> bool {
    tables().modules.contains_key(top) && !tables().split.contains(top)
}

/// The versions whose standard library has a top-level module; `None` where none has it.
pub fn standard_library(top: &str) -> Option<Versions> {
    tables().standard_library.get(top).copied()
}

/// Whether some distributions are always there with another one, or with one that is always there with it.
fn comes_with(distribution: &str, wanted: &[&str]) -> bool {
    let mut seen: Vec<&str> = companions(distribution).collect();
    let mut at = 0;
    while let Some(&next) = seen.get(at) {
        if wanted.contains(&next) {
            return true;
        }
        let further: Vec<_> = companions(next).filter(|it| !seen.contains(it)).collect();
        seen.extend(further);
        at += 1;
    }
    false
}

/// The distributions that are installed with another one wherever that is, and meant to be imported beside it.
pub fn companions(distribution: &str) -> impl Iterator<Item = &'static str> {
    tables().companions.get(distribution).into_iter().flatten().copied()
}

/// The distributions that an extra of another one brings, where that is known.
fn brought(distribution: &str, extra: &str) -> impl Iterator<Item = &'static str> {
    let extras = tables().extras.get(distribution);
    extras.and_then(|extras| extras.get(extra)).into_iter().flatten().copied()
}

/// Whether all that an extra brings is known.
fn is_known_extra(distribution: &str, extra: &str) -> bool {
    tables().extras.get(distribution).is_some_and(|extras| extras.contains_key(extra))
}

/// The name of a distribution as indexes compare it (PEP 503); that of a module likewise.
pub fn normalised(name: &str) -> String {
    let mut whole = String::with_capacity(name.len());
    for part in name.split(['-', '_', '.']).filter(|part| !part.is_empty()) {
        if !whole.is_empty() {
            whole.push('-');
        }
        whole.extend(part.chars().map(|it| it.to_ascii_lowercase()));
    }
    whole
}

#[derive(Default)]
struct Tables {
    modules: FxHashMap<&'static str, Vec<&'static str>>,
    /// The names before the first dot of all modules, and those of them that have a module of others below.
    tops: FxHashSet<&'static str>,
    split: FxHashSet<&'static str>,
    namespaces: FxHashSet<&'static str>,
    /// With the names of files beside which such code is known to run in the host; none where it always does.
    hosts: FxHashMap<&'static str, Vec<&'static str>>,
    standard_library: FxHashMap<&'static str, Versions>,
    companions: FxHashMap<&'static str, Vec<&'static str>>,
    extras: FxHashMap<&'static str, FxHashMap<&'static str, Vec<&'static str>>>,
}

const DISTRIBUTIONS: &str = include_str!("imports/distributions.toml");
const STANDARD_LIBRARY: &str = include_str!("imports/standard_library.toml");

fn tables() -> &'static Tables {
    static TABLES: OnceLock<Tables> = OnceLock::new();
    static TEXTS: OnceLock<(Table, Table)> = OnceLock::new();
    TABLES.get_or_init(|| {
        // A test reads both: they are part of the program.
        let parse = |text: &str| text.parse::<Table>().unwrap_or_default();
        let (distributions, library) =
            TEXTS.get_or_init(|| (parse(DISTRIBUTIONS), parse(STANDARD_LIBRARY)));
        let mut tables = Tables::default();
        tables.read_distributions(distributions);
        tables.read_standard_library(library);
        let names = || tables.modules.keys().map(|it| it.split_once('.').unwrap_or((it, "")));
        tables.tops = names().map(|(top, _)| top).collect();
        tables.split = names().filter(|it| !it.1.is_empty()).map(|(top, _)| top).collect();
        tables
    })
}

impl Tables {
    fn read_distributions(&mut self, table: &'static Table) {
        for section in sections(table, "modules") {
            for row in text(section, "rows").lines() {
                let mut words = row.split_whitespace();
                let Some(module) = words.next() else { continue };
                self.modules.entry(module).or_default().extend(words);
            }
        }
        let same = table.get("same").and_then(toml::Value::as_table);
        for name in same.into_iter().flat_map(|same| text(same, "names").split_whitespace()) {
            // The name itself is the distribution's, which every comparison normalises.
            self.modules.entry(name).or_default().push(name);
        }
        let companions = table.get("companions").and_then(toml::Value::as_table);
        for row in companions.into_iter().flat_map(|it| text(it, "rows").lines()) {
            let mut words = row.split_whitespace();
            let Some(name) = words.next() else { continue };
            self.companions.entry(name).or_default().extend(words);
        }
        let extras = table.get("extras").and_then(toml::Value::as_table);
        for row in extras.into_iter().flat_map(|it| text(it, "rows").lines()) {
            let Some((name, rest)) = row.split_once('[') else { continue };
            let Some((extra, brought)) = rest.split_once(']') else { continue };
            let brought = brought.split_whitespace().collect();
            self.extras.entry(name).or_default().insert(extra, brought);
        }
        let namespaces = table.get("namespaces").and_then(toml::Value::as_table);
        let names = namespaces.into_iter().flat_map(|it| text(it, "names").split_whitespace());
        self.namespaces.extend(names);
        for host in sections(table, "hosts") {
            let beside = host.get("beside").and_then(toml::Value::as_array);
            let beside: Vec<_> =
                beside.into_iter().flatten().filter_map(toml::Value::as_str).collect();
            for name in text(host, "names").split_whitespace() {
                self.hosts.insert(name, beside.clone());
            }
        }
    }

    fn read_standard_library(&mut self, table: &'static Table) {
        for name in text(table, "always").split_whitespace() {
            self.standard_library.insert(name, Versions::default());
        }
        for row in text(table, "some").lines() {
            let Some((name, versions)) = row.split_once(' ') else { continue };
            let Some((first, last)) = versions.split_once('-') else { continue };
            let versions = Versions { first: version(first), last: version(last) };
            self.standard_library.insert(name, versions);
        }
    }
}

fn sections(table: &'static Table, key: &str) -> impl Iterator<Item = &'static Table> {
    let sections = table.get(key).and_then(toml::Value::as_array);
    sections.into_iter().flatten().filter_map(toml::Value::as_table)
}

fn text(table: &'static Table, key: &str) -> &'static str {
    table.get(key).and_then(toml::Value::as_str).unwrap_or_default()
}

fn version(text: &str) -> Option<(u32, u32)> {
    let (major, minor) = text.split_once('.')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(module: &str) -> Givers {
        givers(module, |_| false)
    }

    #[test]
    fn both_tables_are_toml_and_every_row_has_its_parts() {
        let distributions = DISTRIBUTIONS.parse::<Table>().expect("is TOML");
        STANDARD_LIBRARY.parse::<Table>().expect("is TOML");
        for section in distributions["modules"].as_array().expect("is a list") {
            let section = section.as_table().expect("is a table");
            assert!(section["source"].as_str().is_some_and(|source| source.contains("https://")));
            let rows: Vec<_> = section["rows"].as_str().expect("is a text").lines().collect();
            assert!(rows.is_sorted(), "{:?}", section["source"]);
            for row in rows {
                let mut words = row.split(' ');
                let module = words.next().expect("has a name");
                let distributions: Vec<_> = words.collect();
                assert!(!distributions.is_empty(), "{module} has no distribution");
                assert!(distributions.iter().all(|it| normalised(it) == *it), "{row}");
            }
        }
    }

    #[test]
    fn a_module_is_given_by_the_longest_name_around_it() {
        assert_eq!(of("yaml"), Givers::Distributions(vec!["pyyaml"]));
        assert_eq!(
            of("google.cloud.storage.blob"),
            Givers::Distributions(vec!["google-cloud-storage"])
        );
        assert_eq!(of("google.cloud.unheard_of"), Givers::Namespace("google".into()));
        assert_eq!(of("requests.adapters"), Givers::Distributions(vec!["requests"]));
        assert_eq!(of("acme_billing"), Givers::Unknown);
        let Givers::Distributions(many) = of("cv2") else { panic!("has no distribution") };
        assert!(many.contains(&"opencv-python-headless") && many.len() > 2);
    }

    #[test]
    fn hosts_bring_modules_along() {
        assert_eq!(of("bpy.types"), Givers::Host);
        assert_eq!(of("boto3"), Givers::Distributions(vec!["boto3"]));
        assert_eq!(givers("boto3", |name| name == "samconfig.toml"), Givers::Host);
    }

    #[test]
    fn the_standard_library_is_one_of_versions() {
        assert_eq!(of("os.path"), Givers::StandardLibrary);
        assert_eq!(standard_library("os"), Some(Versions::default()));
        assert_eq!(standard_library("tomllib").and_then(|it| it.first), Some((3, 11)));
        assert_eq!(standard_library("distutils").and_then(|it| it.last), Some((3, 11)));
        assert_eq!(standard_library("requests"), None);
    }

    #[test]
    fn names_are_normalised_as_indexes_do() {
        assert_eq!(normalised("Zope.Interface__x"), "zope-interface-x");
    }
}
