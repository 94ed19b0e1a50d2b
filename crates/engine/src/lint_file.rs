//! One file, from its text to its findings. Knows no thread and no other file.

use std::time::{Duration, Instant};

use camino::Utf8PathBuf;
use roadworthy_parser::{
    Node, Outline, Parser, Region, SourceFile, Span, SyntaxTree, all_regions, outline_from_tree,
    regions_at, scan,
};
use roadworthy_project::{Component, File, FileKind, Repositories, Role, RoleReason};
use rustc_hash::FxHashSet;

use crate::conclude::Concluded;
use crate::context::Told;
use crate::flaws::{TOO_COSTLY, flaw_message};
use crate::project_rules::ProjectReports;
use crate::query::Queries;
use crate::reached::Links;
use crate::suppression::Fault;
use crate::trigger::{Candidate, TriggerIndex};
use crate::{
    Catalog, Check, FileContext, Finding, Report, Reporter, Rule, RuleId, RuleSet, Scope, Settings,
    SiteCount, Strictness, Suppressed,
};

/// How much of a file is parsed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ParseMode {
    /// The regions around candidates.
    #[default]
    OnDemand,
    /// The whole file, whose outline is taken from the tree; where the grammar does not know what a
    /// file holds, as [`Self::Regions`]. Judges the scanner, the triggers and the regions.
    Full,
    /// Every region of the file. Judges the triggers alone.
    Regions,
}

/// What linting one file gives.
#[derive(Debug)]
pub struct FileLint {
    /// What the file is for, and why.
    pub role: RoleReason,
    /// Its findings, by offset.
    pub findings: Vec<Finding>,
    /// What the rules judged: those that fold, or all where that is asked for.
    pub sites: Vec<(RuleId, SiteCount)>,
    /// What the rules that fold judged, by their own count.
    pub folds: Vec<(RuleId, SiteCount)>,
    /// What it uses, where sites are asked for.
    pub(crate) links: Option<Links>,
    /// What a comment silenced.
    pub suppressed: Vec<Suppressed>,
    /// Size of the text in bytes.
    pub bytes: u64,
    /// How much of it was parsed, in bytes.
    pub parsed: u64,
    /// Time spent on each station.
    pub time: StationTimes,
}

/// Time spent on each station of a file's way.
#[derive(Clone, Copy, Debug, Default)]
pub struct StationTimes {
    /// Reading and decoding.
    pub read: Duration,
    /// Text to outline.
    pub scan: Duration,
    /// Finding candidates.
    pub triggers: Duration,
    /// Parsing regions.
    pub parse: Duration,
    /// Everything that rules do, suppressions included.
    pub rules: Duration,
}

impl StationTimes {
    /// Adds another file's.
    pub fn add(&mut self, other: &Self) {
        self.read += other.read;
        self.scan += other.scan;
        self.triggers += other.triggers;
        self.parse += other.parse;
        self.rules += other.rules;
    }
}

/// The rules of a run, ready for any file.
pub(crate) struct Linter<'r> {
    pub(crate) catalog: &'r Catalog,
    pub(crate) mode: ParseMode,
    pub(crate) strictness: Strictness,
    triggers: TriggerIndex,
    /// By node kind: the rules that are handed nodes of it.
    by_kind: Vec<Vec<RuleId>>,
    queries: Queries,
    pub(crate) engine_rules: EngineRules,
    /// Whether all rules count what they judge.
    pub(crate) counts_sites: bool,
    /// What is known of the project around the files.
    facts: Option<&'r Repositories<'r>>,
    /// What the rules about the project found, by file.
    pub(crate) project_reports: ProjectReports,
    /// The files of which rules about the project alone speak.
    beside: FxHashSet<Utf8PathBuf>,
}

/// The rules that the engine itself checks.
pub(crate) struct EngineRules {
    pub(crate) unparsable_file: Option<RuleId>,
    unused_suppression: Option<RuleId>,
    expired_suppression: Option<RuleId>,
    suppression_without_reason: Option<RuleId>,
}

impl EngineRules {
    /// The rule that speaks of a fault of suppressions.
    pub(crate) fn of(&self, fault: Fault) -> Option<RuleId> {
        match fault {
            Fault::Unused => self.unused_suppression,
            Fault::Expired => self.expired_suppression,
            Fault::Unreasoned => self.suppression_without_reason,
        }
    }
}

impl<'r> Linter<'r> {
    /// Gets `rules`, which is all that any file may need, ready.
    pub(crate) fn new(
        catalog: &'r Catalog,
        rules: &RuleSet,
        mode: ParseMode,
        strictness: Strictness,
    ) -> Self {
        let mut by_kind: Vec<Vec<RuleId>> = Vec::new();
        for id in rules.iter() {
            if let Check::Nodes { kinds, .. } = catalog.rule(id).check {
                for kind in kinds {
                    let kind =
                        roadworthy_parser::kind_id(kind).expect("a test checks all rules' kinds");
                    let kind = usize::from(kind);
                    by_kind.resize(by_kind.len().max(kind + 1), Vec::new());
                    by_kind[kind].push(id);
                }
            }
        }
        Self {
            catalog,
            mode,
            strictness,
            triggers: TriggerIndex::new(catalog, rules),
            by_kind,
            queries: Queries::default(),
            engine_rules: EngineRules {
                unparsable_file: catalog.id("unparsable-file"),
                unused_suppression: catalog.id("unused-suppression"),
                expired_suppression: catalog.id("expired-suppression"),
                suppression_without_reason: catalog.id("suppression-without-reason"),
            },
            counts_sites: false,
            facts: None,
            project_reports: ProjectReports::default(),
            beside: FxHashSet::default(),
        }
    }

    /// Says what is known of the project around the files, what the rules about it found, and which files are judged for
    /// that alone: that a rule speaks of a lock file must not make the others judge it.
    #[must_use]
    pub(crate) fn with_facts(
        mut self,
        facts: &'r Repositories<'r>,
        reports: ProjectReports,
        beside: &[File],
    ) -> Self {
        self.facts = Some(facts);
        self.project_reports = reports;
        self.beside = beside.iter().map(|file| file.path.clone()).collect();
        self
    }

    /// What is known of a file.
    pub(crate) fn context<'a>(
        &self,
        source: &'a SourceFile,
        outline: &'a Outline,
        file: &'a File,
        component: &'a Component,
        role: Role,
    ) -> FileContext<'a>
    where
        'r: 'a,
    {
        FileContext::new(source, outline, file, component, role, self.strictness)
            .with_facts(self.facts.and_then(|it| it.of(file)))
    }

    /// Judges one file.
    pub(crate) fn lint(
        &self,
        parser: &mut Parser,
        file: &File,
        component: &Component,
        source: &SourceFile,
        settings: &Settings,
        forced_role: Option<RoleReason>,
    ) -> FileLint {
        if !file.kind.is_python() {
            return self.lint_document(file, component, source, settings, forced_role);
        }
        let mut time = StationTimes::default();
        let clock = Instant::now();
        let outline = scan(source.text());
        time.scan = clock.elapsed();

        // Full mode takes the outline from the tree, too, so that it judges the scanner.
        let clock = Instant::now();
        let whole = (self.mode == ParseMode::Full && outline.flaw.is_none())
            .then(|| parser.parse(source.text()))
            .flatten()
            .filter(|tree| !tree.has_error());
        let outline = match &whole {
            Some(tree) => outline_from_tree(source.text(), tree),
            None => outline,
        };
        time.parse = clock.elapsed();

        let role = forced_role
            .unwrap_or_else(|| roadworthy_project::role_of(file, component, source, &outline));
        let context = self.context(source, &outline, file, component, role.role);
        let active = self.of_readable(self.active(settings, file, role.role), &outline);
        let mut work = Work::new(self, &context, settings);
        let parsed = work.run(parser, whole.as_ref(), &active, &mut time);
        let Work { mut reports, sites, unparsed, .. } = work;
        reports.extend(self.reports_of_project(settings, file, role.role));

        let clock = Instant::now();
        self.advise_of_idle(&context, settings, &mut reports);
        let flaw = outline.flaw.map(|flaw| (flaw.offset, flaw_message(flaw.kind)));
        let flaw = flaw.or(unparsed.map(|offset| (offset, TOO_COSTLY)));
        let Concluded { findings, suppressed, sites, folds } =
            self.conclude(&context, settings, &active, reports, &sites, flaw);
        let links = self.counts_sites.then(|| Links::of(&context, component));
        time.rules += clock.elapsed();
        FileLint {
            role,
            findings,
            sites,
            folds,
            links,
            suppressed,
            bytes: source.text().len() as u64,
            parsed,
            time,
        }
    }

    /// The ranges that the rules point at in one file, before any comment silences them.
    pub(crate) fn reported(
        &self,
        parser: &mut Parser,
        file: &File,
        component: &Component,
        source: &SourceFile,
        settings: &Settings,
    ) -> Vec<Span> {
        if !file.kind.is_python() {
            return self.reported_in_document(file, component, source, settings);
        }
        let outline = scan(source.text());
        let role = roadworthy_project::role_of(file, component, source, &outline).role;
        let context = self.context(source, &outline, file, component, role);
        let active = self.of_readable(self.active(settings, file, role), &outline);
        let mut work = Work::new(self, &context, settings);
        work.run(parser, None, &active, &mut StationTimes::default());
        let mut spans: Vec<_> = work.reports.iter().map(|(_, report)| report.span).collect();
        spans.sort_unstable();
        spans
    }

    /// Where the triggers of rules stand.
    pub(crate) fn candidates(&self, file: &FileContext<'_>, active: &RuleSet) -> Vec<Candidate> {
        self.triggers.candidates(file.source.text(), file.outline, active)
    }

    /// What the rules about the project found in a file, without those that are silent there.
    pub(crate) fn reports_of_project(
        &self,
        settings: &Settings,
        file: &File,
        role: Role,
    ) -> Vec<(RuleId, Report)> {
        let Some(reports) = self.project_reports.get(&file.path) else { return Vec::new() };
        let active = self.speaking(settings, file, role);
        reports.iter().filter(|(id, _)| active.contains(*id)).cloned().collect()
    }

    /// The rules that speak in a file and judge its kind.
    pub(crate) fn active(&self, settings: &Settings, file: &File, role: Role) -> RuleSet {
        let of_project = self.beside.contains(&file.path);
        let is_asked = |&id: &RuleId| {
            let Rule { applies_to, check, .. } = self.catalog.rule(id);
            applies_to.contains(file.kind)
                && (!of_project || matches!(check, Check::Engine | Check::Project(_)))
        };
        self.speaking(settings, file, role).iter().filter(is_asked).collect()
    }

    /// Of the rules that are active in a file of Python those that hold whether or not it can be read. Where it cannot, nothing
    /// is known of what its statements do, nor of what lies in which function: only secrets are told, which need words alone,
    /// and what is known of the project.
    fn of_readable(&self, active: RuleSet, outline: &Outline) -> RuleSet {
        if outline.flaw.is_none() {
            return active;
        }
        let holds = |&id: &RuleId| {
            let Rule { check, hides_text, .. } = *self.catalog.rule(id);
            match check {
                Check::Engine | Check::Project(_) => true,
                Check::Outline(_) => hides_text,
                Check::Nodes { .. } | Check::Query(_) => false,
            }
        };
        active.iter().filter(holds).collect()
    }

    /// The rules that speak in a file, whatever its kind.
    fn speaking(&self, settings: &Settings, file: &File, role: Role) -> RuleSet {
        let (selected, asked_for) = settings.rules_in(&file.path, role);
        let strict = self.strictness > Strictness::Normal;
        // What is silent for the role speaks again where roles do not hold.
        let silent = settings.of_role(role).filter(|_| !strict).map(|of_role| &of_role.silent);
        let speaks = |&id: &RuleId| {
            let roles = self.catalog.rule(id).roles;
            (strict || roles.contains(role) || asked_for.is_some_and(|set| set.contains(id)))
                && !silent.is_some_and(|set| set.contains(id))
        };
        selected.iter().filter(speaks).collect()
    }
}

/// The work on one file.
pub(crate) struct Work<'w, 'r> {
    linter: &'w Linter<'r>,
    context: &'w FileContext<'w>,
    settings: &'w Settings,
    pub(crate) reports: Vec<(RuleId, Report)>,
    pub(crate) sites: Vec<(RuleId, Told)>,
    /// Where the first region begins that the parser gave up on.
    unparsed: Option<u32>,
}

impl<'w, 'r> Work<'w, 'r> {
    pub(crate) fn new(
        linter: &'w Linter<'r>,
        context: &'w FileContext<'w>,
        settings: &'w Settings,
    ) -> Self {
        Self { linter, context, settings, reports: Vec::new(), sites: Vec::new(), unparsed: None }
    }

    /// Runs the active rules and returns the number of bytes parsed. `whole` is the tree of the whole file, where it was parsed.
    pub(crate) fn run(
        &mut self,
        parser: &mut Parser,
        whole: Option<&SyntaxTree>,
        active: &RuleSet,
        time: &mut StationTimes,
    ) -> u64 {
        let text = self.context.source.text();
        let outline = self.context.outline;
        let clock = Instant::now();
        let candidates = self.linter.triggers.candidates(text, outline, active);
        time.triggers = clock.elapsed();

        let clock = Instant::now();
        self.check_outline(active, &candidates);
        let mut parsed = 0;
        if let Some(tree) = whole {
            self.check_nodes(tree.root(), active);
            parsed = text.len() as u64;
        }
        // A query judges regions, whatever else is parsed: what it finds depends neither on the mode nor
        // on which other rules ask for a region.
        let regions = match whole {
            Some(_) => self.query_regions(active, &candidates),
            None => self.plan(active, &candidates),
        };
        for region in regions {
            let parse = Instant::now();
            let tree = parser.parse_region(text, outline, region);
            time.parse += parse.elapsed();
            parsed += u64::from(region.span.len());
            match tree {
                Some(tree) => {
                    let first = candidates.partition_point(|one| one.offset < region.span.start);
                    let end = candidates.partition_point(|one| one.offset < region.span.end);
                    self.check_queries(tree.root(), active, &candidates[first..end]);
                    if whole.is_none() {
                        self.check_nodes(tree.root(), active);
                    }
                }
                None => self.unparsed = self.unparsed.or(Some(region.span.start)),
            }
        }
        time.rules = clock.elapsed().saturating_sub(time.parse);
        parsed
    }

    pub(crate) fn check_outline(&mut self, active: &RuleSet, candidates: &[Candidate]) {
        // Triggers are words of Python.
        let always = !matches!(self.context.kind, FileKind::Python | FileKind::Notebook);
        let named: RuleSet = candidates.iter().map(|candidate| candidate.rule).collect();
        for id in active.iter() {
            let rule = self.linter.catalog.rule(id);
            let Check::Outline(check) = rule.check else { continue };
            // Without its triggers an outline rule cannot match either.
            if always || rule.triggers.is_empty() || named.contains(id) {
                let (count, reports) = {
                    let mut reporter = self.reporter(id, candidates);
                    check(self.context, &mut reporter);
                    (reporter.told, reporter.reports)
                };
                self.reports.extend(reports);
                if rule.fold.is_some() || self.linter.counts_sites {
                    self.sites.push((id, count));
                }
            }
        }
    }

    /// The regions that rules want parsed.
    fn plan(&self, active: &RuleSet, candidates: &[Candidate]) -> Vec<Region> {
        let rule = |id: RuleId| self.linter.catalog.rule(id);
        let parses = |id: RuleId| matches!(rule(id).check, Check::Nodes { .. } | Check::Query(_));
        if self.linter.mode != ParseMode::OnDemand && active.iter().any(parses) {
            return all_regions(self.context.outline);
        }
        let wanted = candidates.iter().filter(|candidate| match rule(candidate.rule).check {
            Check::Nodes { prefilter: Some(prefilter), .. } => {
                prefilter(self.context, candidate.offset)
            }
            Check::Nodes { .. } | Check::Query(_) => true,
            Check::Outline(_) | Check::Project(_) | Check::Engine => false,
        });
        let mut offsets = Vec::new();
        for candidate in wanted {
            if rule(candidate.rule).scope == Scope::Module {
                return all_regions(self.context.outline);
            }
            offsets.push(candidate.offset);
        }
        regions_at(self.context.outline, &offsets)
    }

    /// The regions that queries want parsed.
    fn query_regions(&self, active: &RuleSet, candidates: &[Candidate]) -> Vec<Region> {
        let is_query = |&id: &RuleId| matches!(self.linter.catalog.rule(id).check, Check::Query(_));
        let queries: RuleSet = active.iter().filter(is_query).collect();
        let wanted = candidates.iter().filter(|candidate| queries.contains(candidate.rule));
        let offsets: Vec<_> = wanted.map(|candidate| candidate.offset).collect();
        regions_at(self.context.outline, &offsets)
    }

    /// Runs the queries one of whose candidates lies in a tree.
    fn check_queries(&mut self, root: Node<'_>, active: &RuleSet, candidates: &[Candidate]) {
        for id in active.iter() {
            if let Check::Query(query) = self.linter.catalog.rule(id).check
                && candidates.iter().any(|candidate| candidate.rule == id)
            {
                let spans = self.linter.queries.findings(query, root, self.context.source.text());
                self.reports.extend(spans.into_iter().map(|span| (id, Report::at(span))));
            }
        }
    }

    /// Hands every node of a tree to the rules that want its kind.
    fn check_nodes(&mut self, root: Node<'_>, active: &RuleSet) {
        let mut cursor = root.walk();
        loop {
            let node = cursor.node();
            if let Some(rules) = self.linter.by_kind.get(usize::from(node.kind_id())) {
                for &id in rules.iter().filter(|&&id| active.contains(id)) {
                    self.check_node(id, node);
                }
            }
            if cursor.goto_first_child() {
                continue;
            }
            while !cursor.goto_next_sibling() {
                if !cursor.goto_parent() {
                    return;
                }
            }
        }
    }

    fn check_node(&mut self, id: RuleId, node: Node<'_>) {
        // A keyword has the name of its statement (`raise`, `assert`): only the named node is meant.
        if let (true, Check::Nodes { check, .. }) =
            (node.is_named(), self.linter.catalog.rule(id).check)
        {
            let (told, reports) = {
                let mut reporter = self.reporter(id, &[]);
                check(self.context, node, &mut reporter);
                (reporter.told, reporter.reports)
            };
            self.reports.extend(reports);
            if told.judged > 0 {
                match self.sites.iter_mut().find(|(other, _)| *other == id) {
                    Some((_, sites)) => sites.judged += told.judged,
                    None => self.sites.push((id, told)),
                }
            }
        }
    }

    fn reporter<'s>(&'s self, id: RuleId, candidates: &'s [Candidate]) -> Reporter<'s> {
        Reporter {
            rule: self.linter.catalog.rule(id),
            id,
            options: &self.settings.options[id],
            candidates,
            reports: Vec::new(),
            told: Told::default(),
            counts: self.linter.counts_sites,
        }
    }
}
