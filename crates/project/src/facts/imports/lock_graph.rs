//! Which distribution needs which, as far as lock files write it. Knows the layout that each tool writes, no marker: what is
//! needed somewhere counts as needed.

use rustc_hash::{FxHashMap, FxHashSet};

use super::normalised;
use crate::facts::dependencies::LockKind;

/// The distributions that each one needs, extras included.
#[derive(Clone, Debug, Default)]
pub struct LockGraph {
    needs: FxHashMap<String, Vec<String>>,
    packages: FxHashSet<String>,
}

impl LockGraph {
    /// Reads a lock file; `None` for kinds that do not say who needs what.
    pub fn read(text: &str, kind: LockKind) -> Option<Self> {
        if kind == LockKind::Requirements {
            return Self::read_compiled(text);
        }
        if !matches!(kind, LockKind::Uv | LockKind::Poetry | LockKind::Pdm) {
            return None;
        }
        let mut graph = Self::default();
        let (mut package, mut table, mut list) = (String::new(), "", false);
        for line in text.lines() {
            let trimmed = line.trim();
            if line.starts_with('[') {
                (table, list) = (trimmed.trim_matches(['[', ']']), false);
                continue;
            }
            if table == "package" && line.starts_with("name = ") {
                package = normalised(quoted(trimmed).unwrap_or_default());
                graph.packages.insert(package.clone());
                continue;
            }
            let needed = match kind {
                LockKind::Poetry
                    if table == "package.dependencies" && !line.starts_with([' ', ']', '{']) =>
                {
                    trimmed.split_once(" = ").map(|(name, _)| name.trim_matches('"'))
                }
                LockKind::Poetry => None,
                _ => {
                    if line.ends_with(" = [") {
                        list = line.starts_with("dependencies") && table == "package"
                            || table == "package.optional-dependencies";
                    } else if line == "]" {
                        list = false;
                    }
                    list.then(|| quoted(trimmed)).flatten().map(without_versions)
                }
            };
            if let Some(needed) = needed {
                graph.needs.entry(package.clone()).or_default().push(normalised(needed));
            }
        }
        (!graph.needs.is_empty()).then_some(graph)
    }

    /// What pip-compile and uv write behind each requirement: `# via celery`, or a line for each that needs it
    /// (<https://pip-tools.readthedocs.io/en/stable/>).
    fn read_compiled(text: &str) -> Option<Self> {
        let mut graph = Self::default();
        let (mut package, mut is_via) = (String::new(), false);
        for line in text.lines() {
            if line.starts_with(|it: char| it.is_ascii_alphanumeric()) {
                package = normalised(without_versions(line));
                graph.packages.insert(package.clone());
                is_via = false;
            }
            let Some((_, comment)) = line.split_once('#') else { continue };
            let comment = comment.trim();
            let named = comment.strip_prefix("via");
            is_via |= named.is_some_and(|it| it.is_empty() || it.starts_with(' '));
            let bringers = named.unwrap_or(comment);
            for bringer in bringers.split(',').map(str::trim).filter(|_| is_via) {
                if bringer.starts_with(|it: char| it.is_ascii_alphanumeric()) {
                    let needs = graph.needs.entry(normalised(without_versions(bringer)));
                    needs.or_default().push(package.clone());
                }
            }
        }
        (!graph.needs.is_empty()).then_some(graph)
    }

    /// Whether one of these is locked.
    pub fn has(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.packages.contains(*name))
    }

    /// The first of some distributions that needs another one, by whatever way.
    pub fn bringer<'n>(
        &self,
        among: impl IntoIterator<Item = &'n str>,
        wanted: &[&str],
    ) -> Option<&'n str> {
        among.into_iter().find(|name| {
            let mut seen = FxHashSet::from_iter([*name]);
            let mut open = vec![*name];
            while let Some(next) = open.pop() {
                for needed in self.needs.get(next).into_iter().flatten() {
                    if wanted.contains(&needed.as_str()) {
                        return true;
                    }
                    if seen.insert(needed) {
                        open.push(needed);
                    }
                }
            }
            false
        })
    }
}

fn quoted(text: &str) -> Option<&str> {
    text.split('"').nth(1)
}

/// The name in a requirement: `anyio[trio]>=4`.
fn without_versions(requirement: &str) -> &str {
    let is_name = |it: char| it.is_ascii_alphanumeric() || matches!(it, '-' | '_' | '.');
    let end = requirement.find(|it| !is_name(it)).unwrap_or(requirement.len());
    &requirement[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_tools_write_who_needs_what() {
        let uv = "[[package]]\nname = \"shop\"\ndependencies = [\n    { name = \"fastapi\" },\n]\n\n[package.dev-dependencies]\ndev = [\n    { name = \"respx\" },\n]\n\n[[package]]\nname = \"fastapi\"\ndependencies = [\n    { name = \"starlette\" },\n]\n\n[package.optional-dependencies]\nall = [\n    { name = \"uvicorn\" },\n]\n";
        let poetry = "[[package]]\nname = \"FastAPI\"\nfiles = [\n    {file = \"x\"},\n]\n\n[package.dependencies]\nstarlette = \">=0.4\"\nuvicorn = {version = \"*\", optional = true}\n\n[package.extras]\nall = [\"httpx\"]\n";
        let pdm = "[[package]]\nname = \"fastapi\"\ndependencies = [\n    \"starlette<1,>=0.4\",\n    \"uvicorn[standard]\",\n]\n";
        for (text, kind) in [(uv, LockKind::Uv), (poetry, LockKind::Poetry), (pdm, LockKind::Pdm)] {
            let graph = LockGraph::read(text, kind).expect("is understood");
            assert_eq!(graph.bringer(["fastapi"], &["starlette"]), Some("fastapi"), "{kind:?}");
            assert_eq!(graph.bringer(["fastapi"], &["uvicorn"]), Some("fastapi"), "{kind:?}");
            assert_eq!(graph.bringer(["fastapi", "shop"], &["respx", "httpx"]), None, "{kind:?}");
        }
        assert!(LockGraph::read("{}", LockKind::Pipfile).is_none());
    }

    #[test]
    fn what_is_compiled_says_whose_sake_it_is_for() {
        let text = "# made by hand\nDjango==5.0 \\\n    --hash=sha256:1\n    # via -r requirements.in\nasgiref==3.8\n    # via\n    #   -r requirements.in\n    #   django\nsqlparse==0.5  # via asgiref\n";
        let graph = LockGraph::read(text, LockKind::Requirements).expect("is understood");
        assert_eq!(graph.bringer(["django"], &["asgiref"]), Some("django"));
        assert_eq!(graph.bringer(["django"], &["sqlparse"]), Some("django"));
        assert_eq!(graph.bringer(["asgiref"], &["django"]), None);
        assert!(graph.has(&["asgiref"]) && !graph.has(&["celery"]));
        assert!(LockGraph::read("a==1\n", LockKind::Requirements).is_none());
    }
}
