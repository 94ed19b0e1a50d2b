//! Whether manifests of Kubernetes keep containers from being root. Knows `securityContext`
//! (<https://kubernetes.io/docs/tasks/configure-pod-container/security-context/>), by its text: templates of charts are no
//! YAML.

use camino::Utf8Path;
use memchr::memmem;

use super::compose::is_compose;
use crate::FileKind;
use crate::facts::syntax::span;
use crate::facts::{Facts, Place};

/// Words of the paths of manifests, in lower case.
const WORDS: [&str; 14] = [
    "k8s",
    "kube",
    "helm",
    "chart",
    "deploy",
    "manifest",
    "kustom",
    "values",
    "openshift",
    "overlays",
    "argo",
    "gitops",
    "infra",
    "pod",
];

/// The first place in each manifest that says so.
pub(super) fn in_manifests(facts: &Facts<'_>) -> Vec<Place> {
    let files = facts.tree().files().filter(|path| may_be_manifest(path));
    files.filter_map(|path| in_file(facts, path)).collect()
}

fn may_be_manifest(path: &Utf8Path) -> bool {
    if !matches!(path.extension(), Some("yaml" | "yml" | "tpl")) || is_compose(path) {
        return false;
    }
    let lower = path.as_str().to_ascii_lowercase();
    let known = matches!(FileKind::of(path), Some(FileKind::Yaml | FileKind::Text));
    known && !lower.contains(".github/") && WORDS.iter().any(|word| lower.contains(word))
}

fn in_file(facts: &Facts<'_>, path: &Utf8Path) -> Option<Place> {
    let document = facts.text(path).whole()?;
    let text = document.text();
    let found = |key: &str, says: fn(&str) -> bool| {
        memmem::find_iter(text.as_bytes(), key).find(|at| {
            let value = text[at + key.len()..].trim_start_matches(['"', '\'']);
            let Some(value) = value.strip_prefix(':') else { return false };
            let line = text[..*at].rfind('\n').map_or(0, |line| line + 1);
            let commented = text[line..*at].trim_start().starts_with('#');
            !commented && says(value.trim_start())
        })
    };
    let says_so = |value: &str| value.starts_with("true");
    let is_other = |value: &str| value.starts_with(|c: char| c.is_ascii_digit() && c != '0');
    let at = found("runAsNonRoot", says_so).or_else(|| found("runAsUser", is_other))?;
    Some(Place::new(path, span(at, at + "runAs".len())))
}

#[cfg(test)]
mod tests {
    use crate::{Facts, Project};
    use camino::Utf8Path;

    #[test]
    fn a_manifest_that_keeps_root_out_is_found() {
        let found = |text: &str| {
            let project = Project::in_memory([("k8s/web.yaml", text)]);
            let read = |path: &Utf8Path| project.read_bytes(path);
            Facts::new(&project, &read, None).containers().not_root.len()
        };
        assert_eq!(found("spec:\n  securityContext:\n    runAsNonRoot: true\n"), 1);
        assert_eq!(found("runAsUser: 1000\n"), 1);
        for other in ["runAsNonRoot: false\n", "runAsUser: 0\n", "# runAsUser: 1000\n", "a: b\n"] {
            assert_eq!(found(other), 0, "{other}");
        }
    }
}
