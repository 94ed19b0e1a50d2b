//! The actions and workflows that jobs use, by whom they are and by what they are named. Knows the syntax of `uses` and the
//! table `actions.toml`; whether a hash is one of the named repository it does not know.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use camino::Utf8Path;
use roadworthy_parser::Span;
use roadworthy_project::Facts;
use roadworthy_project::facts::value::Value;
use rustc_hash::FxHashSet;
use serde::Deserialize;

use super::{Job, Workflow};

#[derive(Default, Deserialize)]
struct Table {
    platform: Vec<String>,
    vendors: Vec<String>,
    makers: Vec<String>,
    reports: Vec<String>,
    documented: Vec<String>,
    addresses: Vec<String>,
    scopes: Vec<String>,
    issuers: BTreeMap<String, Vec<String>>,
    publishing: Programs,
    releasing: Programs,
    presenting: Programs,
    writing: Writing,
}

/// What writes into the repository with the token of its job, by its names.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Writing {
    actions: Vec<String>,
    committing: Vec<String>,
    words: Vec<String>,
}

/// What does something for others, by its names.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Programs {
    actions: Vec<String>,
    /// Actions that do so where they are told to push.
    pushing: Vec<String>,
    commands: Vec<String>,
}

static TABLE: LazyLock<Table> =
    LazyLock::new(|| toml::from_str(include_str!("actions.toml")).unwrap_or_default());

/// Something that a job uses, by a name that somebody else may give to other code.
pub(crate) struct Movable<'w> {
    /// Where it is written.
    pub(crate) place: Span,
    /// As written: `acme/deploy@v1`.
    pub(crate) written: &'w str,
    /// Whose it is.
    pub(crate) owner: String,
    /// Its name without the revision.
    pub(crate) name: &'w str,
    /// The branch or tag; empty where there is none.
    pub(crate) revision: &'w str,
}

/// Whose an action is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Owner {
    /// GitHub's.
    Platform,
    /// The project's own.
    Own,
    /// That of a company which holds the keys it is handed anyway, or used as its documentation says.
    Vendor,
    /// Anybody's.
    Other,
}

/// What a job uses by a branch or a tag.
pub(crate) fn movable(job: Job<'_>) -> Vec<Movable<'_>> {
    let uses = job.steps().filter_map(super::Step::uses).chain(job.calls());
    uses.filter_map(|value| of_text(value.text()?, value.span)).collect()
}

fn of_text(written: &str, place: Span) -> Option<Movable<'_>> {
    if written.starts_with('.') || written.contains("${{") {
        return None;
    }
    if let Some(image) = written.strip_prefix("docker://") {
        if image.contains("@sha256:") {
            return None;
        }
        let (name, revision) = image.rsplit_once(':').unwrap_or((image, ""));
        let owner = name.rsplit('/').nth(1).unwrap_or("library").to_ascii_lowercase();
        return Some(Movable { place, written, owner, name, revision });
    }
    let (name, revision) = written.split_once('@')?;
    let owner = owner(name)?;
    (!is_hash(revision)).then_some(Movable { place, written, owner, name, revision })
}

/// Whose an action is, as written: `acme` of `acme/deploy@v1`.
pub(crate) fn owner(written: &str) -> Option<String> {
    written.split_once('/').map(|(owner, _)| owner.to_ascii_lowercase())
}

/// Whether GitHub itself owns it.
pub(crate) fn is_platform(owner: &str) -> bool {
    TABLE.platform.iter().any(|it| it == owner)
}

/// Whether its actions only log in to, or measure with, what it runs itself.
pub(crate) fn is_vendor(owner: &str) -> bool {
    TABLE.vendors.iter().any(|it| it == owner) || TABLE.issuers.contains_key(owner)
}

/// Whether an owner gives out keys of this name.
pub(crate) fn issues(owner: &str, key: &str) -> bool {
    let words = TABLE.issuers.get(owner).map_or(&[][..], Vec::as_slice);
    let key = key.to_ascii_uppercase();
    let name = owner.to_ascii_uppercase().replace('-', "_");
    words.iter().any(|word| key.contains(word.as_str()))
        || name.len() > SHORTEST_OWNER && key.starts_with(&format!("{name}_"))
}

/// Names of owners that are no longer than this may begin the name of anybody's key by chance.
const SHORTEST_OWNER: usize = 4;

/// Whether a secret opens nothing, by its name: none of its words is one for what does, or it is the half that pages show.
pub(crate) fn opens_nothing(secret: &str) -> bool {
    const OPENING: [&str; 27] = [
        "ACCESS", "ACCOUNT", "AUTH", "CERT", "CONFIG", "CONN", "CRED", "DATABASE", "DSN", "ENV",
        "HOOK", "IDENTITY", "JSON", "JWT", "KEY", "KUBE", "LICENSE", "LOGIN", "PASS", "PAT", "PEM",
        "PRIVATE", "PWD", "SECRET", "SSH", "TOKEN", "URI",
    ];
    const NAMES: [&str; 7] =
        ["ADMINS", "APPROVERS", "ASSIGNEES", "CHANNEL", "MAINTAINERS", "RECIPIENTS", "REVIEWERS"];
    let name = secret.to_ascii_uppercase();
    let last = name.rsplit('_').next().unwrap_or_default();
    let is_shown =
        ["CLIENT_KEY", "PUBLIC_KEY", "PUBLISHABLE_KEY"].iter().any(|it| name.ends_with(it));
    is_shown && !name.contains("SECRET")
        || NAMES.contains(&last) && !OPENING.iter().any(|it| name.contains(it))
}

/// Whether what a secret holds is public, by its name: tools for pages build what has such a prefix into what every visitor is
/// sent, as they say: <https://nextjs.org/docs/app/guides/environment-variables>, <https://vite.dev/guide/env-and-mode>.
pub(crate) fn is_public(secret: &str) -> bool {
    const PREFIXES: [&str; 7] = [
        "EXPO_PUBLIC_",
        "GATSBY_",
        "NEXT_PUBLIC_",
        "NUXT_PUBLIC_",
        "PUBLIC_",
        "REACT_APP_",
        "VITE_",
    ];
    const SUFFIXES: [&str; 3] = ["_PUBLIC_KEY", "_PUBLISHABLE_KEY", "_SITE_KEY"];
    let name = secret.to_ascii_uppercase();
    !["SECRET", "PRIVATE"].iter().any(|it| name.contains(it))
        && (PREFIXES.iter().any(|it| name.starts_with(it))
            || SUFFIXES.iter().any(|it| name.ends_with(it)))
}

/// Whether a revision is the whole hash of a commit; a short one may come to mean another.
fn is_hash(revision: &str) -> bool {
    matches!(revision.len(), 40 | 64) && revision.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Whether what is used is named by the whole hash of a commit.
pub(crate) fn is_at_commit(written: &str) -> bool {
    written.split_once('@').is_some_and(|(_, revision)| is_hash(revision))
}

impl Movable<'_> {
    /// Whose it is; `own` are the owners of the project itself.
    pub(crate) fn whose(&self, own: &FxHashSet<String>) -> Owner {
        let documented = TABLE.documented.iter().any(|name| name == self.name) && !self.is_branch();
        if is_platform(&self.owner) {
            Owner::Platform
        } else if own.contains(&self.owner) {
            Owner::Own
        } else if TABLE.vendors.contains(&self.owner)
            || TABLE.makers.contains(&self.owner) && !self.is_branch()
            || documented
        {
            Owner::Vendor
        } else {
            Owner::Other
        }
    }

    /// Whether its owner gives out keys of this name.
    pub(crate) fn is_of_issuer(&self, key: &str) -> bool {
        issues(&self.owner, key)
    }

    /// Whether it is named by a branch that takes every commit, as far as a name tells.
    pub(crate) fn is_branch(&self) -> bool {
        matches!(self.revision, "main" | "master" | "develop" | "dev" | "trunk" | "HEAD")
    }

    /// Whether it is named by a branch that its owner keeps for a version: `v2.x`, `release/v1`.
    pub(crate) fn is_branch_of_version(&self) -> bool {
        let numbers = self.revision.trim_start_matches('v').strip_suffix(".x");
        let is_number = |it: &str| !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit());
        numbers.is_some_and(|it| it.split('.').all(is_number)) || self.revision.contains('/')
    }
}

/// Whether a secret only lets its holder upload a report, or write the gist in which a badge keeps its number, by its name.
pub(crate) fn is_for_reports(secret: &str) -> bool {
    let is_of_gist =
        || secret.split('_').any(|it| matches!(&*it.to_ascii_uppercase(), "BADGE" | "GIST"));
    TABLE.reports.iter().any(|name| name.eq_ignore_ascii_case(secret)) || is_of_gist()
}

/// Whether what a secret holds is a name or an address rather than a key, by its own name: who learns it gains little.
pub(crate) fn is_address(secret: &str) -> bool {
    let name = secret.to_ascii_uppercase();
    let last = name.rsplit('_').next().unwrap_or_default();
    // The long ones are known without a word before them, too: `OPENAIENDPOINT`.
    TABLE.addresses.iter().any(|it| it == last || it.len() > 7 && last.ends_with(it.as_str()))
}

/// Whether a right to write changes what others run: code, releases, images, other workflows, or who one is elsewhere.
pub(crate) fn changes_what_runs(scope: &str) -> bool {
    TABLE.scopes.iter().any(|it| it == scope)
}

/// Who the project belongs to on GitHub, in lower case: what its manifests, images, catalogue and workflows call its own
/// repository.
pub(crate) fn own_owners(facts: &Facts<'_>, workflows: &[Workflow]) -> FxHashSet<String> {
    let manifests = [
        "pyproject.toml",
        "setup.cfg",
        "setup.py",
        "package.json",
        "mkdocs.yml",
        "README.md",
        "README.rst",
    ];
    let mut roots =
        workflows.iter().filter_map(|it| it.path().ancestors().nth(3)).collect::<BTreeSet<_>>();
    roots.insert(Utf8Path::new(""));
    let mut found = FxHashSet::default();
    for root in roots {
        for name in manifests {
            let Some(document) = facts.text(&root.join(name)).whole() else { continue };
            // The badges at its head come first; below stand other people's projects.
            let is_prose = name.starts_with("README");
            found.extend(owners_in(document.text()).take(if is_prose { 1 } else { usize::MAX }));
            found.extend(Some(document.text()).filter(|_| is_prose).and_then(most_named));
            if name == "pyproject.toml" {
                found.extend(companies(document.text()));
            }
        }
        for name in ["CODEOWNERS", ".github/CODEOWNERS", "docs/CODEOWNERS"] {
            let Some(document) = facts.text(&root.join(name)).whole() else { continue };
            found.extend(document.text().lines().flat_map(owners_of_teams));
        }
        // Backstage: <https://backstage.io/docs/features/software-catalog/well-known-annotations#githubcomproject-slug>.
        if let Some(catalog) = facts.text(&root.join("catalog-info.yaml")).whole() {
            found.extend(owner_behind(catalog.text(), "github.com/project-slug:"));
        }
    }
    for image in &facts.containers().images {
        let Some(document) = facts.text(&image.path).whole() else { continue };
        let lines = document.text().lines();
        let labels = lines.filter(|it| it.contains("org.opencontainers.image.source"));
        found.extend(labels.flat_map(owners_in));
    }
    for workflow in workflows {
        found.extend(own_in_conditions(workflow.text()));
        // What an organisation keeps for all of its own repositories:
        // <https://docs.github.com/en/actions/how-tos/reuse-automations/reuse-workflows>.
        let called = workflow.jobs().filter_map(Job::calls).filter_map(Value::text);
        found.extend(called.filter(|it| it.split('/').nth(1) == Some(".github")).filter_map(owner));
        // Only a workflow of the same organisation can be handed all secrets at once:
        // <https://docs.github.com/en/actions/how-tos/reuse-automations/reuse-workflows#passing-inputs-and-secrets-to-a-reusable-workflow>.
        let inheriting = workflow
            .jobs()
            .filter(|it| it.value.get("secrets").and_then(Value::text) == Some("inherit"));
        found.extend(inheriting.filter_map(|it| owner(it.calls()?.text()?)));
    }
    found.extend(facts.owner());
    found
}

/// The companies that write a project, by where its authors get their mail: `acme` of `info@acme.example`.
fn companies(manifest: &str) -> impl Iterator<Item = String> {
    const FOR_ALL: [&str; 16] = [
        "example",
        "fastmail",
        "foxmail",
        "github",
        "gmail",
        "googlemail",
        "hotmail",
        "icloud",
        "mailbox",
        "outlook",
        "posteo",
        "proton",
        "protonmail",
        "tutanota",
        "yahoo",
        "yandex",
    ];
    let lines = manifest.lines().filter(|it| it.contains("email") || it.contains('<'));
    let addresses = lines.flat_map(|it| it.split('@').skip(1));
    addresses.filter_map(|rest| {
        let end = rest.find(|it: char| !it.is_ascii_alphanumeric() && !matches!(it, '-' | '.'));
        let domain = rest[..end.unwrap_or(rest.len())].trim_end_matches('.');
        let name = domain.rsplit('.').nth(1)?.to_ascii_lowercase();
        (name.len() > SHORTEST_OWNER && !FOR_ALL.contains(&name.as_str())).then_some(name)
    })
}

/// The owner whose repositories a text links to most often, where that is more than by chance.
fn most_named(text: &str) -> Option<String> {
    const LEAST: usize = 3;
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for owner in owners_in(text) {
        *counts.entry(owner).or_default() += 1;
    }
    let most = counts.values().copied().max().filter(|it| *it >= LEAST)?;
    let mut owners = counts.into_iter().filter(|(_, count)| *count == most);
    owners.next().map(|(owner, _)| owner).filter(|_| owners.next().is_none())
}

/// The organisations whose teams a line of CODEOWNERS names: `acme` of `* @acme/backend`. Only the own one's teams may review:
/// <https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners>.
fn owners_of_teams(line: &str) -> impl Iterator<Item = String> {
    let code = line.split('#').next().unwrap_or_default();
    code.split_whitespace().skip(1).filter_map(|it| owner(it.strip_prefix('@')?))
}

/// The owner of the repository that is named behind a marker: `acme` of `acme/shop`.
fn owner_behind(text: &str, marker: &str) -> Option<String> {
    let rest =
        text[text.find(marker)? + marker.len()..].trim_start().trim_start_matches(['"', '\'']);
    let (owner, _) = rest.split_once('/')?;
    let is_name = owner.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'-');
    (is_name && !owner.is_empty()).then(|| owner.to_ascii_lowercase())
}

/// The owners of the repositories on GitHub that a text links to, in lower case.
pub(crate) fn owners_in(text: &str) -> impl Iterator<Item = String> {
    text.match_indices("github.com/").filter_map(|(at, marker)| {
        let rest = &text[at + marker.len()..];
        let end = rest.find(|it: char| !it.is_ascii_alphanumeric() && it != '-')?;
        (end > 0 && rest[end..].starts_with('/')).then(|| rest[..end].to_ascii_lowercase())
    })
}

/// `github.repository == 'acme/shop'`, `github.repository_owner == 'acme'`.
fn own_in_conditions(text: &str) -> impl Iterator<Item = String> {
    text.match_indices("github.repository").filter_map(|(at, marker)| {
        let rest = text[at + marker.len()..].trim_start_matches("_owner").trim_start();
        let rest = rest.strip_prefix("==")?.trim_start().strip_prefix(['\'', '"'])?;
        let end = rest.find(|it: char| !it.is_ascii_alphanumeric() && it != '-')?;
        (end > 0).then(|| rest[..end].to_ascii_lowercase())
    })
}

/// What a job hands something with to those who install it, where it does.
pub(crate) fn publishes(job: Job<'_>) -> Option<String> {
    of_programs(job, &TABLE.publishing)
}

/// What a job makes a release of the repository with, where it does.
pub(crate) fn releases(job: Job<'_>) -> Option<String> {
    of_programs(job, &TABLE.releasing)
}

/// What a job puts a site before everybody with, where it does.
pub(crate) fn presents(job: Job<'_>) -> Option<String> {
    of_programs(job, &TABLE.presenting)
}

fn of_programs(job: Job<'_>, programs: &Programs) -> Option<String> {
    job.steps().find_map(|step| {
        let action = step.action().unwrap_or_default().to_ascii_lowercase();
        if programs.actions.contains(&action) {
            return Some(action);
        }
        if programs.pushing.contains(&action) {
            let pushes = step.input("push").and_then(Value::scalar) == Some("true");
            return pushes.then_some(action);
        }
        let script = step.run()?.text()?;
        let lines = script.lines().map(str::trim_start).filter(|line| !line.starts_with('#'));
        let mut commands =
            lines.filter_map(|line| programs.commands.iter().find(|it| line.contains(*it)));
        commands.next().cloned()
    })
}

/// How an action writes into the repository with the token of its job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Writes {
    /// By itself, unless it is given another token.
    ByItself,
    /// With what the checkout before it has left behind.
    WithCheckout,
    /// By its name, where it is handed the token.
    WhereHanded,
}

/// How an action writes into the repository, where it does: `acme/auto-label` without the revision.
pub(crate) fn writes(action: &str) -> Option<Writes> {
    let action = action.to_ascii_lowercase();
    let name = action.split_once('/')?.1.replace(['/', '_'], "-");
    let name = format!("-{name}-");
    // What looks at commits or releases makes none.
    let only_reads = ["-check-", "-checker-", "-lint-", "-linter-", "-validate-", "-verify-"];
    if only_reads.iter().any(|it| name.contains(it)) {
        return None;
    }
    if TABLE.writing.actions.contains(&action) {
        Some(Writes::ByItself)
    } else if TABLE.writing.committing.contains(&action) {
        Some(Writes::WithCheckout)
    } else if TABLE.writing.words.iter().any(|word| name.contains(&format!("-{word}-"))) {
        Some(Writes::WhereHanded)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_owner_stands_behind_a_marker() {
        let slug = "    github.com/project-slug: 'Acme/shop'\n";
        assert_eq!(owner_behind(slug, "github.com/project-slug:").as_deref(), Some("acme"));
        assert_eq!(owner_behind("https://example.org/acme/shop", "github.com/"), None);
    }

    #[test]
    fn only_a_whole_hash_does_not_move() {
        for quiet in [
            "./.github/actions/x",
            "a/b@0123456789abcdef0123456789abcdef01234567",
            "docker://a/b@sha256:00",
            "docker://a/b:1@sha256:00",
        ] {
            assert!(of_text(quiet, Span::default()).is_none(), "{quiet}");
        }
        for (written, owner, revision) in [
            ("Acme/b/c@v1", "acme", "v1"),
            ("a/b@0123456", "a", "0123456"),
            ("docker://ghcr.io/a/b:1", "a", "1"),
            ("docker://alpine", "library", ""),
        ] {
            let found = of_text(written, Span::default()).unwrap();
            assert_eq!((found.owner.as_str(), found.revision), (owner, revision), "{written}");
        }
    }

    #[test]
    fn a_company_is_known_by_the_mail_of_its_authors() {
        let text = "authors = [{ name = \"Jo\", email = \"jo@lab.Acmeworks.co\" }, { email = \"a@gmail.com\" }, { email = \"b@posteo.de\" }]\n";
        assert_eq!(companies(text).collect::<Vec<_>>(), ["acmeworks"]);
    }

    #[test]
    fn what_writes_a_badge_opens_no_repository() {
        assert!(is_for_reports("GIST_TOKEN") && is_for_reports("codecov_token"));
        assert!(!is_for_reports("REGISTRY_TOKEN"));
    }

    #[test]
    fn addresses_are_no_keys() {
        assert!(is_address("STORE_URL") && is_address("OPENAIENDPOINT"));
        assert!(!is_address("OPENAIKEY") && !is_address("CURL"));
    }

    #[test]
    fn what_writes_is_known_by_its_name() {
        assert_eq!(writes("JamesIves/github-pages-deploy-action"), Some(Writes::ByItself));
        assert_eq!(writes("stefanzweifel/git-auto-commit-action"), Some(Writes::WithCheckout));
        assert_eq!(writes("acme/auto-label_merge"), Some(Writes::WhereHanded));
        assert_eq!(writes("acme/commit-message-checker"), None);
        assert_eq!(writes("acme/commitlint"), None);
        assert_eq!(writes("actions/checkout"), None);
    }

    #[test]
    fn what_is_built_into_pages_is_public() {
        assert!(
            is_public("NEXT_PUBLIC_API_KEY")
                && is_public("VITE_TOKEN")
                && is_public("CAPTCHA_SITE_KEY")
        );
        assert!(
            !is_public("API_KEY") && !is_public("INVITE_TOKEN") && !is_public("PUBLIC_SECRET_KEY")
        );
    }

    #[test]
    fn branches_of_versions() {
        let of = |written| of_text(written, Span::default()).unwrap().is_branch_of_version();
        assert!(of("a/b@v2.x") && of("a/b@3.1.x") && of("a/b@release/v1"));
        assert!(!of("a/b@v2") && !of("a/b@main") && !of("a/b@v.x"));
    }

    #[test]
    fn the_owner_of_a_project_is_what_it_calls_its_own() {
        let owners: Vec<_> = owners_in("https://github.com/Acme/shop and github.com/x").collect();
        assert_eq!(owners, ["acme"]);
        let text = "if: github.repository == 'acme/shop' && github.repository_owner=='b'\n";
        assert_eq!(own_in_conditions(text).collect::<Vec<_>>(), ["acme", "b"]);
        assert!(!TABLE.platform.is_empty() && !TABLE.documented.is_empty());
    }
}
