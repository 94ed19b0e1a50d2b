//! Three projects as the sums would judge them, for tests of the formats: a good service, a poor folder of scripts, and a
//! repository of several projects; and one with as many findings as are wanted. The sums are those of the score, in short.

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};
use roadworthy_engine::{Area, Catalog, FileSummary, Finding, Rule, RuleFile, Severity};
use roadworthy_parser::{SourceFile, Span};
use roadworthy_project::{FileKind, Role, RoleReason};
use roadworthy_verdict::{
    AreaScore, AreaState, Blocker, Cap, ComponentVerdict, Gain, Gate, GradeState, Level, NewError,
    NotAssessed, Place, Profile, Reason, RuleGrade, Score, Tally, Verdict,
};

use super::{AsideKind, Earlier, SetAside, VerdictReport};
use crate::ShownFile;

use Area::{Ai, Api, Automation, Cloud, Code, Collaboration, Data, Design, Testing};
use Severity::{Error, Info, Warning};

/// Some rules: name, area, level, what a site is.
const RULES: &[(&str, Area, Severity, &str)] = &[
    ("bare-except", Code, Error, "except clauses"),
    ("silent-except", Code, Error, "except clauses"),
    ("hardcoded-secret", Code, Error, "values"),
    ("call-without-timeout", Code, Warning, "calls"),
    ("blocking-call-in-async", Code, Warning, "functions"),
    ("print-in-product-code", Code, Warning, "functions"),
    ("missing-type-hints", Code, Warning, "functions"),
    ("root-logger-used", Code, Info, "modules"),
    ("shared-mutable-default", Design, Warning, "classes"),
    ("sql-built-from-strings", Data, Error, "queries"),
    ("unsafe-deserialisation", Data, Error, "calls"),
    ("naive-datetime", Data, Warning, "calls"),
    ("cors-wildcard", Api, Warning, "settings"),
    ("tls-verification-disabled", Api, Warning, "calls"),
    ("untyped-endpoint", Api, Info, "endpoints"),
    ("container-runs-as-root", Cloud, Warning, "images"),
    ("base-image-unpinned", Cloud, Warning, "images"),
    ("llm-call-unbounded", Ai, Warning, "calls"),
    ("tests-never-run-in-ci", Testing, Error, "projects"),
    ("test-asserts-nothing", Testing, Warning, "tests"),
    ("workflow-dangerous", Automation, Error, "workflows"),
    ("action-unpinned", Automation, Warning, "steps"),
    ("unlocked-application", Collaboration, Warning, "projects"),
    ("no-vulnerability-audit", Collaboration, Info, "projects"),
];

/// A project, and what its report is made from.
pub(super) struct Sample {
    pub(super) title: String,
    pub(super) verdict: Verdict,
    pub(super) findings: Vec<Finding>,
    pub(super) files: Vec<FileSummary>,
    pub(super) set_aside: Vec<SetAside>,
    pub(super) history: Vec<Earlier>,
    pub(super) base: Option<Earlier>,
    texts: BTreeMap<Utf8PathBuf, (String, Vec<Span>)>,
}

impl Sample {
    fn of(title: &str, components: Vec<ComponentVerdict>) -> Self {
        let values = components.iter().enumerate();
        let values = values.filter_map(|(at, it)| Some((it.score?.value, at)));
        let lowest = values.min().map(|(_, at)| at);
        let gate = Gate::default();
        Self {
            title: title.to_owned(),
            verdict: Verdict { rule_set: "2026.1".to_owned(), components, lowest, gate },
            findings: Vec::new(),
            files: Vec::new(),
            set_aside: Vec::new(),
            history: Vec::new(),
            base: None,
            texts: BTreeMap::new(),
        }
    }

    pub(super) fn report(&self) -> VerdictReport<'_> {
        VerdictReport {
            verdict: &self.verdict,
            title: &self.title,
            as_of: Some("2026-11-21"),
            commit: Some("4f0c2a9d7e1b"),
            findings: &self.findings,
            files: &self.files,
            set_aside: &self.set_aside,
            history: &self.history,
            base: self.base.as_ref(),
        }
    }

    pub(super) fn load(&self, path: &Utf8Path) -> Option<ShownFile> {
        let (text, hidden) = self.texts.get(path)?;
        Some(ShownFile { source: SourceFile::from_text(text), hidden: hidden.clone() })
    }

    fn file(&mut self, path: &str, role: Role, bytes: u64) {
        self.files.push(FileSummary {
            path: path.into(),
            kind: FileKind::Python,
            role: Some(RoleReason::new(role, "its place")),
            bytes,
            parsed: 0,
        });
    }

    /// Adds a finding of a rule to a file: the text that the rule's own page has as a bad example.
    pub(super) fn find(&mut self, catalog: &Catalog, rule: &str, path: &str, times: usize) {
        let rule = catalog.get(rule).unwrap();
        let page = RuleFile::parse(rule.source).unwrap();
        let example = page.bad.iter().find(|it| it.path.is_none()).unwrap_or(&page.bad[0]);
        let wanted = example.finds.iter().flatten().next().cloned().unwrap_or_default();
        for _ in 0..times {
            let (text, hidden) = self.texts.entry(path.into()).or_default();
            let before = text.len();
            text.push_str(example.code.trim_matches('\n'));
            text.push_str("\n\n\n");
            let at = before + text[before..].find(&wanted).unwrap_or(0);
            let span = Span::new(at as u32, (at + wanted.len()) as u32);
            hidden.extend(rule.hides_text.then_some(span));
            let source = SourceFile::from_text(text.clone());
            self.findings.push(finding(rule, path, span, &source));
        }
        self.findings.sort_by(Finding::order);
    }
}

pub(super) fn finding(rule: &'static Rule, path: &str, span: Span, file: &SourceFile) -> Finding {
    Finding {
        rule,
        severity: rule.severity,
        message: rule.summary.to_owned(),
        path: path.into(),
        span,
        start: file.position(span.start),
        end: file.position(span.end),
        kind: Some(FileKind::Python),
        role: Some(Role::Application),
        fix: None,
        only_folded: false,
    }
}

fn weight(severity: Severity) -> u32 {
    match severity {
        Error => 8,
        Warning => 3,
        Info => 1,
    }
}

/// That many sites of a level.
fn tally(severity: Severity, sites: u32) -> Tally {
    let at = |level| if level == severity { sites } else { 0 };
    Tally { errors: at(Error), warnings: at(Warning), infos: at(Info) }
}

fn graded(rule: &(&'static str, Area, Severity, &'static str), sites: (u32, u32)) -> RuleGrade {
    let ((name, _, severity, noun), (judged, open)) = (*rule, sites);
    let share = (1.0 - f64::from(open) / f64::from(judged.max(1))).powi(2);
    let failed = severity == Error && open > 0;
    let grade = if failed { share / 2.0 } else { share };
    let stake = match severity {
        Error => 0.6,
        Warning => 0.25,
        Info => 0.08,
    };
    RuleGrade {
        rule: name,
        severity,
        weight: weight(severity),
        state: match (judged, open) {
            (0, _) => GradeState::NotApplicable,
            (_, 0) => GradeState::Pass,
            _ => GradeState::Fail,
        },
        grade,
        takes: stake * (1.0 - grade),
        counts: judged > 0,
        judged,
        open,
        open_levels: tally(severity, open),
        accepted: 0,
        disputed: 0,
        hidden: 0,
        noun,
    }
}

fn scored(area: Area, profile: Profile, rules: Vec<RuleGrade>) -> AreaScore {
    let judged = || rules.iter().filter(|it| it.state != GradeState::NotApplicable);
    let applies = judged().next().is_some();
    let left: f64 = judged().map(|rule| 1.0 - rule.takes).product();
    let state = if applies {
        #[expect(clippy::cast_sign_loss, reason = "a share of a hundred")]
        let uncapped = (100.0 * left).floor() as u32;
        let open = judged().filter(|rule| rule.severity == Error && rule.open > 0);
        let open: Vec<_> = open.map(|rule| rule.rule).collect();
        let at = [100, 69, 59, 49][open.len().min(3)];
        let value = uncapped.min(at);
        let cap = (!open.is_empty()).then_some(Cap { at, rules: open });
        AreaState::Assessed { score: Score { value, unbelieved: value }, uncapped, cap }
    } else {
        AreaState::NotApplicable
    };
    let counts = applies && profile.weight(area) > 0;
    AreaScore { area, weight: profile.weight(area), counts, state, rules }
}

/// A component in which rules have some sites judged and some open; all others have twenty clean ones. Areas in `without`
/// have nothing to judge.
fn component(
    (path, name): (&str, &str),
    profile: Profile,
    without: &[Area],
    open: &[(&str, u32, u32)],
) -> ComponentVerdict {
    let sites = |(rule, area, ..): &(&'static str, Area, Severity, &str)| {
        let told = open.iter().find(|it| it.0 == *rule).map(|it| (it.1, it.2));
        told.unwrap_or(if without.contains(area) { (0, 0) } else { (20, 0) })
    };
    let rules = |area| RULES.iter().filter(move |it| it.1 == area);
    let area = |area| scored(area, profile, rules(area).map(|it| graded(it, sites(it))).collect());
    let areas: Vec<AreaScore> = Area::ALL.into_iter().map(area).collect();
    let mut gains = Vec::new();
    for (at, it) in RULES.iter().enumerate() {
        let (judged, open) = sites(it);
        if open > 0 {
            gains.push(Gain {
                rule: it.0,
                area: it.1,
                severity: it.2,
                blocker: it.0 == "hardcoded-secret",
                fix: "mend it as the page of the rule says",
                sites: open,
                fixable: if it.0 == "print-in-product-code" { open } else { 0 },
                first: Some(Place {
                    path: format!("{path}/app/file_{at}.py").replace("./", ""),
                    line: 7,
                }),
                area_points: f64::from(open) / f64::from(judged) * 40.0,
                points: f64::from(open) / f64::from(judged) * f64::from(profile.weight(it.1)) / 3.0,
                minutes: open * 12,
            });
        }
    }
    gains.sort_by(|a, b| (b.blocker, b.points).partial_cmp(&(a.blocker, a.points)).unwrap());
    let mut verdict = ComponentVerdict {
        path: path.to_owned(),
        name: name.to_owned(),
        profile,
        profile_reason: "the manifest depends on fastapi".to_owned(),
        areas,
        score: None,
        level: None,
        in_the_way: gains
            .first()
            .map(|gain| format!("`{}` is open in {} places", gain.rule, gain.sites)),
        blockers: Vec::new(),
        gains,
        not_assessed: Vec::new(),
        files: 48,
    };
    sum_up(&mut verdict, 0);
    verdict
}

/// The overall score and the level.
fn sum_up(component: &mut ComponentVerdict, unbelieved: u32) {
    let value = |area: &AreaScore| match &area.state {
        AreaState::Assessed { score, .. } if area.weight > 0 => Some((area.weight, score.value)),
        _ => None,
    };
    let values: Vec<_> = component.areas.iter().filter_map(value).collect();
    let Some(lowest) = values.iter().map(|it| it.1).min() else {
        (component.score, component.level) = (None, None);
        return;
    };
    let mean = f64::from(values.iter().map(|it| it.0 * it.1).sum::<u32>())
        / f64::from(values.iter().map(|it| it.0).sum::<u32>());
    #[expect(clippy::cast_sign_loss, reason = "a share of a hundred")]
    let value = (0.5 * mean + 0.5 * f64::from(lowest)).floor() as u32;
    component.score = Some(Score { value, unbelieved: value - unbelieved });
    component.level = Some(match value {
        _ if component.gains.iter().any(|gain| gain.blocker) => Level::NotRoadworthy,
        _ if component.gains.iter().any(|gain| gain.severity == Error) => Level::Drivable,
        90.. => Level::RaceReady,
        _ => Level::Roadworthy,
    });
}

fn aside(kind: AsideKind, rule: &str, at: Option<(&str, u32)>, reason: Option<&str>) -> SetAside {
    SetAside {
        kind,
        rule: Some(rule.to_owned()),
        path: at.map(|it| it.0.to_owned()),
        line: at.map(|it| it.1),
        text: None,
        reason: reason.map(str::to_owned),
        findings: 1,
    }
}

fn earlier(sample: &Sample, day: &str, value: u32) -> Earlier {
    let mut json = Vec::new();
    super::verdict_json(&mut json, &sample.report()).unwrap();
    let mut earlier = Earlier::from_json(&String::from_utf8(json).unwrap()).unwrap();
    earlier.as_of = Some(day.to_owned());
    for component in &mut earlier.components {
        component.score = Some(Score { value, unbelieved: value - 4 });
        component.areas.insert(Code, value - 8);
    }
    earlier
}

/// A good service, with little to mend and a history.
pub(super) fn service() -> Sample {
    let catalog = roadworthy_rules::catalog();
    let open = [
        ("silent-except", 58, 2),
        ("call-without-timeout", 40, 3),
        ("missing-type-hints", 320, 31),
        ("print-in-product-code", 61, 4),
        ("naive-datetime", 12, 1),
        ("no-vulnerability-audit", 1, 1),
    ];
    let mut service = component((".", "order-service"), Profile::Service, &[Ai], &open);
    sum_up(&mut service, 3);
    let mut sample = Sample::of("order-service", vec![service]);
    let files = [
        ("orders/__init__.py", Role::Application, 120),
        ("orders/api/routes.py", Role::Application, 18_400),
        ("orders/api/schemas.py", Role::Application, 9_100),
        ("orders/payments/gateway.py", Role::Application, 14_800),
        ("orders/payments/retry.py", Role::Application, 5_300),
        ("orders/store/models.py", Role::Application, 11_900),
        ("orders/store/queries.py", Role::Application, 16_200),
        ("orders/settings.py", Role::Settings, 3_100),
        ("migrations/0001_first.py", Role::Migration, 2_400),
        ("migrations/0002_payments.py", Role::Migration, 1_900),
        ("scripts/backfill.py", Role::Script, 4_700),
        ("tests/test_routes.py", Role::Test, 21_000),
        ("tests/test_gateway.py", Role::Test, 17_500),
    ];
    for (path, role, bytes) in files {
        sample.file(path, role, bytes);
    }
    for (rule, path, times) in [
        ("silent-except", "orders/payments/gateway.py", 2),
        ("call-without-timeout", "orders/payments/gateway.py", 2),
        ("call-without-timeout", "orders/payments/retry.py", 1),
        ("print-in-product-code", "scripts/backfill.py", 1),
        ("print-in-product-code", "orders/store/queries.py", 3),
        ("naive-datetime", "orders/store/models.py", 1),
        ("missing-type-hints", "orders/api/routes.py", 31),
    ] {
        sample.find(&catalog, rule, path, times);
    }
    sample.set_aside = vec![
        aside(
            AsideKind::Disputed,
            "hardcoded-secret",
            Some(("tests/test_gateway.py", 12)),
            Some("a key of the sandbox"),
        ),
        aside(
            AsideKind::Accepted,
            "broad-except-loses-traceback",
            Some(("orders/payments/retry.py", 88)),
            None,
        ),
    ];
    for (day, value) in
        [("2026-05-02", 48), ("2026-06-14", 55), ("2026-08-01", 54), ("2026-09-20", 67)]
    {
        sample.history.push(earlier(&sample, day, value));
    }
    sample.history[0].rule_set = "2025.2".to_owned();
    sample.base = sample.history.last().cloned();
    if let Some(base) = &mut sample.base {
        base.by_rule.insert("bare-except".to_owned(), 3);
        base.by_rule.insert("call-without-timeout".to_owned(), 1);
    }
    sample
}

/// A folder of scripts: blockers, areas that could not be assessed, much set aside.
pub(super) fn scripts() -> Sample {
    let catalog = roadworthy_rules::catalog();
    let open = [
        ("hardcoded-secret", 30, 2),
        ("bare-except", 12, 9),
        ("silent-except", 12, 7),
        ("print-in-product-code", 25, 25),
        ("missing-type-hints", 64, 61),
        ("sql-built-from-strings", 6, 4),
        ("unlocked-application", 1, 1),
    ];
    let mut component = component((".", "scripts"), Profile::Pipeline, &[Design, Api, Ai], &open);
    for area in &mut component.areas {
        let reason = match area.area {
            Cloud => "the Dockerfile builds on an image that an argument names",
            Testing => "no pipeline could be read",
            _ => continue,
        };
        area.state = AreaState::NotAssessed { reason: reason.to_owned() };
        area.counts = false;
        for rule in &mut area.rules {
            rule.state = GradeState::Unknown(reason.to_owned());
            rule.counts = false;
        }
        component
            .not_assessed
            .push(NotAssessed { what: area.area.title().to_owned(), reason: reason.to_owned() });
    }
    component.not_assessed.push(NotAssessed {
        what: "loads/legacy.py".to_owned(),
        reason: "it is Python 2".to_owned(),
    });
    let place = Place { path: "app/file_2.py".to_owned(), line: 7 };
    component.blockers = vec![Blocker { rule: "hardcoded-secret", place: place.clone() }];
    sum_up(&mut component, 11);
    let mut sample = Sample::of("nightly-loads", vec![component]);
    sample.verdict.gate.reasons = vec![
        Reason::Blocker(Blocker { rule: "hardcoded-secret", place: place.clone() }),
        Reason::NewError(NewError { rule: "bare-except", place }),
        Reason::Floor { component: ".".to_owned(), area: Data, score: Some(49), floor: 60 },
        Reason::Level {
            component: ".".to_owned(),
            level: Some(Level::NotRoadworthy),
            demanded: Level::Roadworthy,
            in_the_way: Some("`hardcoded-secret` is open in 2 places".to_owned()),
        },
    ];
    for (path, role, bytes) in [
        ("load_orders.py", Role::Script, 24_000),
        ("load_customers.py", Role::Script, 19_000),
        ("helpers.py", Role::Script, 6_000),
        ("old/load_orders.py", Role::Script, 22_000),
        ("explore.ipynb", Role::Notebook, 9_000),
    ] {
        sample.file(path, role, bytes);
    }
    for (rule, path, times) in [
        ("hardcoded-secret", "load_orders.py", 2),
        ("bare-except", "load_orders.py", 5),
        ("bare-except", "old/load_orders.py", 4),
        ("silent-except", "load_customers.py", 7),
        ("print-in-product-code", "load_customers.py", 12),
        ("print-in-product-code", "old/load_orders.py", 13),
        ("sql-built-from-strings", "load_orders.py", 4),
        ("missing-type-hints", "helpers.py", 61),
    ] {
        sample.find(&catalog, rule, path, times);
    }
    sample.set_aside = vec![
        aside(AsideKind::Disabled, "call-without-timeout", None, Some("too many")),
        aside(AsideKind::Disabled, "naive-datetime", None, None),
        SetAside {
            kind: AsideKind::Excluded,
            rule: None,
            path: Some("vendor_copies/client.py".to_owned()),
            line: None,
            text: None,
            reason: Some("`exclude` names it".to_owned()),
            findings: 14,
        },
        aside(AsideKind::Accepted, "silent-except", Some(("helpers.py", 31)), None),
    ];
    sample
}

/// A repository of five projects, one of which nothing could be said of.
pub(super) fn monorepo() -> Sample {
    let catalog = roadworthy_rules::catalog();
    let mut components = vec![
        component(("libs/money", "money"), Profile::Library, &[Api, Cloud, Ai], &[]),
        component(
            ("services/agent", "agent"),
            Profile::AiApp,
            &[Data],
            &[("llm-call-unbounded", 14, 6), ("cors-wildcard", 1, 1)],
        ),
        component(
            ("services/api", "api"),
            Profile::Service,
            &[Ai],
            &[
                ("unsafe-deserialisation", 3, 1),
                ("container-runs-as-root", 2, 1),
                ("call-without-timeout", 90, 44),
            ],
        ),
        component(("tools/empty", "empty"), Profile::Cli, &Area::ALL, &[]),
        component(
            ("tools/release", "release"),
            Profile::Cli,
            &[Data, Api, Cloud, Ai],
            &[("root-logger-used", 8, 3)],
        ),
    ];
    components[3].not_assessed.push(NotAssessed {
        what: "all areas".to_owned(),
        reason: "no file with product code was found".to_owned(),
    });
    let mut sample = Sample::of("acme", components);
    for service in ["services/agent", "services/api", "libs/money", "tools/release"] {
        for (at, part) in ["core", "core/io", "web", "store", "jobs"].into_iter().enumerate() {
            for number in 0..6 {
                let bytes = 1_500 + 2_300 * ((at as u64 * 7 + number * 5) % 9);
                sample.file(
                    &format!("{service}/app/{part}/file_{number}.py"),
                    Role::Application,
                    bytes,
                );
            }
        }
        sample.file(&format!("{service}/tests/test_app.py"), Role::Test, 30_000);
    }
    for (rule, path, times) in [
        ("unsafe-deserialisation", "services/api/app/store/file_1.py", 1),
        ("call-without-timeout", "services/api/app/core/io/file_0.py", 30),
        ("call-without-timeout", "services/api/app/web/file_3.py", 14),
        ("llm-call-unbounded", "services/agent/app/core/file_2.py", 6),
        ("root-logger-used", "tools/release/app/jobs/file_4.py", 3),
    ] {
        sample.find(&catalog, rule, path, times);
    }
    sample
}

/// The good service with many findings of nearly all rules.
pub(super) fn many(count: usize) -> Sample {
    let catalog = roadworthy_rules::catalog();
    let mut sample = service();
    let rules: Vec<_> = catalog
        .rules()
        .iter()
        .filter(|rule| RuleFile::parse(rule.source).unwrap().bad.iter().any(|it| it.path.is_none()))
        .collect();
    let texts: Vec<_> = rules
        .iter()
        .map(|rule| {
            let page = RuleFile::parse(rule.source).unwrap();
            let example = page.bad.iter().find(|it| it.path.is_none()).unwrap().clone();
            let wanted = example.finds.iter().flatten().next().cloned().unwrap_or_default();
            let at = example.code.find(&wanted).unwrap_or(0);
            (example.code, Span::new(at as u32, (at + wanted.len()) as u32))
        })
        .collect();
    for number in 0..count {
        // As many rules as there are, so that as much as possible is shown with its lines.
        let at = number % rules.len();
        let path = format!("orders/area_{}/part_{}/module_{number}.py", number % 7, number % 40);
        let (code, span) = &texts[at];
        let source = SourceFile::from_text(code.clone());
        sample.findings.push(finding(rules[at], &path, *span, &source));
        let hidden = if rules[at].hides_text { vec![*span] } else { vec![] };
        sample.texts.insert(path.clone().into(), (code.clone(), hidden));
        sample.file(&path, Role::Application, code.len() as u64);
    }
    sample.findings.sort_by(Finding::order);
    sample
}

/// A project in which all that comes from outside is markup, escapes and the key that is given besides.
pub(super) fn hostile() -> (Sample, String) {
    let markup = "<img src=x onerror=alert(1)>\"'&|`@you \u{202e}\u{1b}[31m\n";
    let key = ["AKIA", "Z7Q4M2X3K5T6BVWJ"].concat();
    let evil = format!("{markup}{key}");
    let mut sample = scripts();
    sample.title.clone_from(&evil);
    sample.verdict.rule_set.clone_from(&evil);
    let component = &mut sample.verdict.components[0];
    component.name.clone_from(&evil);
    component.profile_reason.clone_from(&evil);
    component.in_the_way = Some(evil.clone());
    component.not_assessed[0].what.clone_from(&evil);
    component.not_assessed[0].reason.clone_from(&evil);
    component.gains[0].first.as_mut().unwrap().path.clone_from(&evil);
    for finding in &mut sample.findings {
        finding.path = format!("{evil}/{}", finding.path).into();
        finding.message.clone_from(&evil);
    }
    for file in &mut sample.files {
        file.path = format!("{evil}/{}", file.path).into();
    }
    for aside in &mut sample.set_aside {
        (aside.rule, aside.path, aside.reason) =
            (Some(evil.clone()), Some(evil.clone()), Some(evil.clone()));
    }
    let mut before = Earlier::default();
    (before.as_of, before.rule_set) = (Some(evil.clone()), evil.clone());
    sample.history = vec![before.clone()];
    sample.base = Some(before);
    (sample, key)
}
