//! What a run found, put together by component and rule. Knows findings and components, no sum.

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};
use roadworthy_engine::{
    Applies as Known, Catalog, Finding, Outcome, Rule, RuleSet, Severity, SiteKind, Suppressed,
};
use roadworthy_project::facts::profile::{Profile as Shown, Profiles};
use roadworthy_project::{Component, Project, Repositories, Role};
use rustc_hash::FxHashMap;

use crate::{Applies, Blocker, Evidence, Foundation, Place, Profile, RuleEvidence, Sites, Tally};

/// A run, as far as a verdict asks: judged with sites, what a baseline knows taken out, folded.
pub struct Judged<'j> {
    /// The files and components.
    pub project: &'j Project,
    /// What is known of the components.
    pub surroundings: &'j Surroundings,
    /// The rules.
    pub catalog: &'j Catalog,
    /// Those that were to speak.
    pub selected: &'j RuleSet,
    /// What was found.
    pub outcome: &'j Outcome,
    /// What was found and is known to a baseline.
    pub known: &'j [Finding],
}

/// What is known of components, kept when the facts are gone.
#[derive(Clone, Debug, Default)]
pub struct Surroundings {
    /// The folder of each component, by the index that the run gave it.
    roots: Vec<Utf8PathBuf>,
    /// What each is, by its folder, with what shows it.
    profiles: Vec<(Utf8PathBuf, Profile, String)>,
}

impl Surroundings {
    /// What the facts of a run say.
    pub fn of(facts: &Repositories<'_>) -> Self {
        let roots = facts.project().components.iter().map(|it| it.root.clone()).collect();
        let mut profiles = Vec::new();
        for facts in facts.iter() {
            for (component, known) in facts.project().components.iter().zip(facts.profiles()) {
                let (profile, reason) = profile(known);
                profiles.push((component.root.clone(), profile, reason));
            }
        }
        Self { roots, profiles }
    }
}

/// What the component of each file is, and which components stand for which.
struct Homes<'j> {
    /// The component of each file, by its path.
    of_file: FxHashMap<&'j str, usize>,
    /// The components that a verdict is about, those with product code, each with its number of files of it.
    coded: BTreeMap<usize, u32>,
    /// Of each component those that speak for it: itself, or, where it has no code, such as the folder around several with
    /// the workflows of all, those below it.
    speakers: Vec<Vec<usize>>,
    /// The component of each folder.
    of_root: FxHashMap<&'j str, usize>,
    components: &'j [Component],
}

/// What a run tells of rules in components.
struct Tables<'j> {
    found: FxHashMap<Key, Vec<&'j Finding>>,
    sites: FxHashMap<Key, Sites>,
    /// What a baseline knows, by component.
    known: FxHashMap<usize, Vec<&'j Finding>>,
    /// Places that a folded finding stands for.
    folded: FxHashMap<Key, u32>,
    /// What rules about the project had to judge.
    applies: FxHashMap<Key, (Applies, u32)>,
}

/// A rule in a component, by their indices.
type Key = (usize, &'static str);

/// The foundation that also speaks of single folders, as advice.
const TELLS_OF_PARTS: &str = "tests-never-run-in-ci";

/// With which nothing goes live, where they are errors in what is shipped: a secret in the open, a door without a lock.
/// `insecure-default-secret`, `jwt-not-verified` and `tls-verification-disabled` are warnings, and block where `[severity]`
/// makes them errors.
const BLOCKERS: [&str; 8] = [
    "hardcoded-secret",
    "insecure-default-secret",
    "jwt-not-verified",
    "llm-output-executed",
    "secret-in-image",
    "tls-verification-disabled",
    "unsafe-deserialisation",
    "workflow-dangerous",
];

/// What each component with product code was judged by, by path.
pub fn gather(judged: &Judged<'_>) -> Vec<Evidence> {
    let homes = Homes::new(judged);
    let tables = Tables::new(judged, &homes);
    let evidence = homes.coded.iter().map(|(&index, &files)| {
        let rules = judged.selected.iter().map(|id| judged.catalog.rule(id));
        let rules = rules.filter(|rule| !rule.preview);
        let rules = rules.map(|rule| evidence_of(&tables, index, rule)).collect();
        component(judged, &tables, index, files, rules)
    });
    let mut evidence: Vec<_> = evidence.collect();
    evidence.sort_by(|a, b| a.path.cmp(&b.path));
    evidence
}

/// Adds what only a run finds that believes no configuration: `wide` is what was gathered from it. A component of which
/// the configuration leaves nothing stays, with all that was found in it set aside.
pub fn add_hidden(evidence: &mut Vec<Evidence>, wide: &[Evidence]) {
    for other in wide {
        match evidence.iter_mut().find(|own| own.path == other.path) {
            Some(own) => hide_more(own, other),
            None => evidence.push(left_out(other)),
        }
    }
    evidence.sort_by(|a, b| a.path.cmp(&b.path));
}

/// Adds to a component what the same one has where nothing is configured.
fn hide_more(component: &mut Evidence, wide: &Evidence) {
    for other in &wide.rules {
        let sites = other.sites;
        let all = [sites.open, sites.accepted, sites.disputed];
        let own = component.rules.iter_mut().find(|rule| rule.rule == other.rule);
        if let Some(rule) = own {
            let own = [rule.sites.open, rule.sites.accepted, rule.sites.disputed];
            rule.sites.hidden = more(&all, &own);
            let more = sites.judged.saturating_sub(rule.sites.judged);
            rule.sites.hidden_clean = more.saturating_sub(rule.sites.hidden.total());
            if rule.applies == Applies::No {
                rule.applies.clone_from(&other.applies);
            }
        } else {
            component.rules.push(switched_off(other));
        }
    }
    component.rules.sort_by_key(|rule| {
        wide.rules.iter().position(|other| other.rule == rule.rule).unwrap_or(usize::MAX)
    });
}

/// A component of which nothing is judged.
fn left_out(wide: &Evidence) -> Evidence {
    let rules = wide.rules.iter().map(switched_off).collect();
    Evidence { rules, blockers: Vec::new(), ..wide.clone() }
}

/// A rule that looks at nothing, with what it would find.
fn switched_off(rule: &RuleEvidence) -> RuleEvidence {
    let sites = rule.sites;
    let hidden = more(&[sites.open, sites.accepted, sites.disputed], &[]);
    let hidden_clean = sites.judged.saturating_sub(hidden.total());
    let sites = Sites { hidden, hidden_clean, ..Sites::default() };
    RuleEvidence { sites, disabled: true, fixable: 0, first: None, ..rule.clone() }
}

/// How many more sites there are in some tallies than in others.
fn more(all: &[Tally], own: &[Tally]) -> Tally {
    let sum = |tallies: &[Tally], of: fn(&Tally) -> u32| tallies.iter().map(of).sum::<u32>();
    let rest = |of| sum(all, of).saturating_sub(sum(own, of));
    Tally {
        errors: rest(|tally| tally.errors),
        warnings: rest(|tally| tally.warnings),
        infos: rest(|tally| tally.infos),
    }
}

impl<'j> Homes<'j> {
    fn new(judged: &Judged<'j>) -> Self {
        let project = judged.project;
        let of_file: FxHashMap<_, _> =
            project.files.iter().map(|file| (file.path.as_str(), file.component)).collect();
        let coded = judged.outcome.files.iter().filter(|file| {
            file.kind.is_python() && file.role.as_ref().is_some_and(|role| is_product(role.role))
        });
        let mut counts: BTreeMap<usize, u32> = BTreeMap::new();
        for file in coded {
            if let Some(&index) = of_file.get(file.path.as_str()) {
                *counts.entry(index).or_default() += 1;
            }
        }
        let components = &project.components;
        let speakers = (0..components.len()).map(|index| {
            if counts.contains_key(&index) {
                return vec![index];
            }
            let root = components[index].root.as_str().trim_end_matches('/');
            let is_below =
                |other: &str| other.strip_prefix(root).is_some_and(|rest| rest.starts_with('/'));
            counts.keys().copied().filter(|&it| is_below(components[it].root.as_str())).collect()
        });
        let speakers = speakers.collect();
        let of_root = components.iter().enumerate();
        let of_root = of_root.map(|(index, it)| (it.root.as_str(), index)).collect();
        Self { of_file, coded: counts, speakers, of_root, components }
    }

    /// The components with code that a finding speaks of.
    fn of(&self, finding: &Finding) -> &[usize] {
        let manifest = |component: &Component| component.manifest.as_ref() == Some(&finding.path);
        let owner = self.of_file.get(finding.path.as_str()).copied();
        let owner = owner.or_else(|| self.components.iter().position(manifest));
        owner.map_or(&[], |owner| &self.speakers[owner])
    }

    /// The components with code that a file speaks of.
    fn of_path(&self, path: &Utf8Path) -> &[usize] {
        self.of_file.get(path.as_str()).map_or(&[], |&owner| &self.speakers[owner])
    }
}

impl<'j> Tables<'j> {
    fn new(judged: &Judged<'j>, homes: &Homes<'_>) -> Self {
        let mut found: FxHashMap<Key, Vec<&Finding>> = FxHashMap::default();
        for finding in &judged.outcome.findings {
            for &home in homes.of(finding) {
                found.entry((home, finding.rule.name)).or_default().push(finding);
            }
        }
        let mut known: FxHashMap<usize, Vec<&Finding>> = FxHashMap::default();
        for finding in judged.known {
            for &home in homes.of(finding) {
                known.entry(home).or_default().push(finding);
            }
        }
        let mut folded: FxHashMap<Key, u32> = FxHashMap::default();
        for file in &judged.outcome.sites {
            for &home in homes.of_path(&file.path) {
                for (rule, count) in &file.folds {
                    *folded.entry((home, rule.name)).or_default() += count.failed;
                }
            }
        }
        let (sites, applies) = (sites(judged, homes), applies(judged, homes));
        Self { found, sites, known, folded, applies }
    }
}

fn is_product(role: Role) -> bool {
    matches!(role, Role::Application | Role::Library | Role::Cli | Role::Settings | Role::Script)
}

/// Whether a comment calls a finding wrong, which its reason says by beginning with "false positive".
pub fn is_disputed(suppressed: &Suppressed) -> bool {
    let reason = suppressed.reason.as_deref().unwrap_or_default();
    reason.trim_start().to_ascii_lowercase().starts_with("false positive")
}

/// The sites that rules counted in files.
fn sites(judged: &Judged<'_>, homes: &Homes<'_>) -> FxHashMap<Key, Sites> {
    let mut sites: FxHashMap<Key, Sites> = FxHashMap::default();
    for file in &judged.outcome.sites {
        for &home in homes.of_path(&file.path) {
            for (rule, count) in &file.counts {
                // Clean sites of what nothing reaches are no merit.
                let judged = if file.reached { count.judged } else { count.failed };
                sites.entry((home, rule.name)).or_default().judged += judged;
            }
        }
    }
    for suppressed in &judged.outcome.suppressed {
        let disputed = is_disputed(suppressed);
        for &home in homes.of_path(&suppressed.path) {
            let sites = sites.entry((home, suppressed.rule)).or_default();
            let tally = if disputed { &mut sites.disputed } else { &mut sites.accepted };
            tally.add(suppressed.severity);
        }
    }
    for finding in judged.known {
        for &home in homes.of(finding) {
            let sites = sites.entry((home, finding.rule.name)).or_default();
            sites.accepted.add(finding.severity);
        }
    }
    sites
}

fn evidence_of(tables: &Tables<'_>, index: usize, rule: &'static Rule) -> RuleEvidence {
    let key = (index, rule.name);
    let found = tables.found.get(&key).map(Vec::as_slice).unwrap_or_default();
    let mut sites = tables.sites.get(&key).copied().unwrap_or_default();
    for finding in found {
        // A finding about the whole component stands for all places that are not told by themselves.
        let stands_for_many = rule.fold.is_some() && finding.kind.is_none();
        let apart = found.len().saturating_sub(1) as u32;
        let failed = if stands_for_many {
            tables.folded.get(&key).map_or(1, |&it| it.saturating_sub(apart).max(1))
        } else {
            1
        };
        for _ in 0..failed {
            sites.open.add(finding.severity);
        }
    }
    let told = sites.open.total() + sites.accepted.total() + sites.disputed.total();
    let applies = if rule.site.is_of_project() {
        let (applies, count) = tables.applies.get(&key).cloned().unwrap_or((Applies::No, 0));
        sites.judged = sites.judged.max(count);
        if told > 0 { Applies::Yes } else { applies }
    } else if sites.judged == 0 && told == 0 {
        Applies::No
    } else {
        Applies::Yes
    };
    sites.judged = sites.judged.max(told);
    let first = found.iter().max_by(|a, b| a.severity.cmp(&b.severity).then(b.order(a)));
    RuleEvidence {
        rule: rule.name,
        area: rule.area,
        severity: rule.severity,
        foundation: match rule.foundation {
            true if rule.name == TELLS_OF_PARTS => Foundation::InPart,
            true => Foundation::Whole,
            false => Foundation::No,
        },
        fix: rule.fix,
        noun: noun(rule.site),
        applies,
        sites,
        disabled: false,
        fixable: found.iter().filter(|finding| finding.is_fixable()).count() as u32,
        first: first.map(|finding| place(finding)),
    }
}

/// What rules about the project had to judge for components, in them or in the folder around them.
fn applies(judged: &Judged<'_>, homes: &Homes<'_>) -> FxHashMap<Key, (Applies, u32)> {
    let mut all: FxHashMap<Key, (Applies, u32)> = FxHashMap::default();
    for it in &judged.outcome.applies {
        let root = judged.surroundings.roots.get(it.component);
        let owner = root.and_then(|root| homes.of_root.get(root.as_str()));
        for &home in owner.map(|&owner| homes.speakers[owner].as_slice()).unwrap_or_default() {
            let (applies, count) = all.entry((home, it.rule.name)).or_insert((Applies::No, 0));
            match &it.applies {
                Known::To(sites) => {
                    *applies = Applies::Yes;
                    *count += sites;
                }
                Known::Unknown(reason) if *applies == Applies::No => {
                    *applies = Applies::Unknown(reason.clone());
                }
                Known::Unknown(_) | Known::ToNothing => {}
            }
        }
    }
    all
}

fn component(
    judged: &Judged<'_>,
    tables: &Tables<'_>,
    index: usize,
    files: u32,
    rules: Vec<RuleEvidence>,
) -> Evidence {
    let component = &judged.project.components[index];
    let mut profiles = judged.surroundings.profiles.iter();
    let (profile, profile_reason) = profiles
        .find(|(root, ..)| *root == component.root)
        .map_or((Profile::Cli, "nothing shows what it is".to_owned()), |(_, profile, reason)| {
            (*profile, reason.clone())
        });
    let found = |rule: &'static str| {
        let found = tables.found.get(&(index, rule)).map(Vec::as_slice).unwrap_or_default();
        found.iter().copied()
    };
    let unread = ["unreadable-file", "unparsable-file"].into_iter().flat_map(found);
    let is_blocker = |finding: &&Finding| {
        finding.severity == Severity::Error && finding.role.is_none_or(is_product)
    };
    // A baseline is for debts; with a blocker in it nothing goes live either.
    let known = tables.known.get(&index).into_iter().flatten().copied();
    let known = known.filter(|finding| BLOCKERS.contains(&finding.rule.name));
    let blockers = BLOCKERS.into_iter().flat_map(found).chain(known).filter(is_blocker);
    let path = if component.path.as_str().is_empty() { "." } else { component.path.as_str() };
    Evidence {
        path: path.to_owned(),
        name: component.name.clone(),
        profile,
        profile_reason,
        rules,
        files,
        unjudged: unread.map(|it| (it.path.to_string(), it.message.clone())).collect(),
        blockers: blockers
            .map(|finding| Blocker { rule: finding.rule.name, place: place(finding) })
            .collect(),
    }
}

fn place(finding: &Finding) -> Place {
    Place { path: finding.path.to_string(), line: finding.start.line }
}

/// The profile that says most about a component: of a service that calls language models, that it does.
fn profile(known: &Profiles) -> (Profile, String) {
    let order = [
        (Shown::AiApp, Profile::AiApp),
        (Shown::Pipeline, Profile::Pipeline),
        (Shown::Service, Profile::Service),
        (Shown::Cli, Profile::Cli),
        (Shown::Library, Profile::Library),
    ];
    let mut found = order
        .into_iter()
        .filter_map(|(shown, profile)| Some((profile, known.reason(shown)?.to_owned())));
    found.next().unwrap_or((Profile::Cli, "nothing shows what it is".to_owned()))
}

/// What the sites of a rule are called that asks one thing of a component.
pub(crate) const COMPONENTS: &str = "components";

/// What sites are called.
const fn noun(kind: SiteKind) -> &'static str {
    match kind {
        SiteKind::Function => "functions",
        SiteKind::Coroutine => "coroutines",
        SiteKind::Class => "classes",
        SiteKind::Handler => "except clauses",
        SiteKind::Raise => "raise statements",
        SiteKind::Assert => "assertions",
        SiteKind::Test => "tests",
        SiteKind::Place => "places",
        SiteKind::File => "files",
        SiteKind::Suppression => "suppressions",
        SiteKind::Manifest => "manifests",
        SiteKind::Lock => "lock files",
        SiteKind::Image => "images",
        SiteKind::Process | SiteKind::Entry => "processes",
        SiteKind::Workflow => "workflows",
        SiteKind::Readme => "guides",
        SiteKind::Component
        | SiteKind::Application
        | SiteKind::Library
        | SiteKind::Service
        | SiteKind::Python
        | SiteKind::Settings
        | SiteKind::Environment
        | SiteKind::Pipeline
        | SiteKind::Runtime
        | SiteKind::Audit
        | SiteKind::Change
        | SiteKind::Tested
        | SiteKind::Suite => COMPONENTS,
    }
}
