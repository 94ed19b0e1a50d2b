//! Which containers manifests of Kubernetes keep from being root. Knows `securityContext`
//! (<https://kubernetes.io/docs/tasks/configure-pod-container/security-context/>), by its text: templates of charts are no
//! YAML.

use camino::Utf8Path;
use memchr::memmem;

use super::compose::is_compose;
use super::{Image, ImageName};
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

/// That a manifest of Kubernetes says that no container may be root, or which other user it is.
#[derive(Clone, Debug)]
pub struct NotRoot {
    /// Where it says so first.
    pub place: Place,
    /// The images that it runs; `None` where that cannot be told.
    pub images: Option<Vec<ImageName>>,
}

impl NotRoot {
    /// Whether it may hold for an image, of all that are built here.
    pub fn may_hold_for(&self, image: &Image, all: &[Image]) -> bool {
        let Some(names) = &self.images else { return true };
        names.iter().any(|name| {
            let is_built_here = || !all.iter().any(|it| is_called(it, name));
            is_called(image, name) || name.user().is_none() && is_built_here()
        })
    }
}

/// Whether the name of an image has a word of the place of a Dockerfile: `acme/shop-worker` of `worker/Dockerfile`.
fn is_called(image: &Image, name: &ImageName) -> bool {
    let own = name.repository.rsplit('/').next().unwrap_or_default();
    let folder = image.path.parent().and_then(Utf8Path::file_name).unwrap_or_default();
    let file = image.path.file_name().unwrap_or_default();
    let context = image.context.file_name().unwrap_or_default();
    let mut said = [folder, file, context].into_iter().flat_map(words);
    said.any(|word| words(own).any(|other| other == word))
}

/// The words of a name that tell it from others.
fn words(name: &str) -> impl Iterator<Item = String> {
    let words = name.split(|it: char| !it.is_ascii_alphanumeric()).map(str::to_ascii_lowercase);
    words.filter(|word| {
        !matches!(word.as_str(), "" | "dockerfile" | "containerfile" | "docker" | "image")
    })
}

/// The first place in each document of a manifest that says so.
pub(super) fn in_manifests(facts: &Facts<'_>) -> Vec<NotRoot> {
    let files = facts.tree().files().filter(|path| may_be_manifest(path));
    files.flat_map(|path| in_file(facts, path)).collect()
}

fn may_be_manifest(path: &Utf8Path) -> bool {
    if !matches!(path.extension(), Some("yaml" | "yml" | "tpl")) || is_compose(path) {
        return false;
    }
    let lower = path.as_str().to_ascii_lowercase();
    let known = matches!(FileKind::of(path), Some(FileKind::Yaml | FileKind::Text));
    known && !lower.contains(".github/") && WORDS.iter().any(|word| lower.contains(word))
}

fn in_file(facts: &Facts<'_>, path: &Utf8Path) -> Vec<NotRoot> {
    let Some(document) = facts.text(path).whole() else { return Vec::new() };
    let text = document.text();
    if memmem::find(text.as_bytes(), b"runAs").is_none() {
        return Vec::new();
    }
    let mut at = 0;
    let documents = text.split("\n---").map(|document| {
        let start = at;
        at += document.len() + "\n---".len();
        (start, document)
    });
    let of_document = |(start, document): (usize, &str)| {
        let at = start + says_so(document)?;
        let place = Place::new(path, span(at, at + "runAs".len()));
        Some(NotRoot { place, images: images_of(document) })
    };
    documents.filter_map(of_document).collect()
}

/// Where a document says that root is kept out.
fn says_so(text: &str) -> Option<usize> {
    let found = |key: &str, says: fn(&str) -> bool| {
        memmem::find_iter(text.as_bytes(), key).find(|at| {
            let value = text[at + key.len()..].trim_start_matches(['"', '\'']);
            let Some(value) = value.strip_prefix(':') else { return false };
            let line = text[..*at].rfind('\n').map_or(0, |line| line + 1);
            let commented = text[line..*at].trim_start().starts_with('#');
            !commented && says(value.trim_start())
        })
    };
    let is_true = |value: &str| value.starts_with("true");
    let is_other = |value: &str| value.starts_with(|c: char| c.is_ascii_digit() && c != '0');
    found("runAsNonRoot", is_true).or_else(|| found("runAsUser", is_other))
}

/// The images of a document, unless a template names one or nothing does.
fn images_of(text: &str) -> Option<Vec<ImageName>> {
    let values = text.lines().filter_map(|line| {
        let line = line.trim_start().trim_start_matches("- ");
        let value = line.strip_prefix("image:").or_else(|| line.strip_prefix("repository:"))?;
        let value = value.split(" #").next().unwrap_or_default().trim();
        let value = value.trim_matches(['"', '\'']);
        (!value.is_empty()).then_some(value)
    });
    let of_name = |value: &str| ImageName::parse(value).filter(|_| !value.contains(['{', '$']));
    let names: Option<Vec<ImageName>> = values.map(of_name).collect();
    names.filter(|names| !names.is_empty())
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

    #[test]
    fn it_holds_for_the_images_that_the_manifest_runs() {
        let kept = |manifest: &str| {
            let project = Project::in_memory([
                ("k8s/web.yaml", manifest),
                ("api/Dockerfile", "FROM python\n"),
                ("worker/Dockerfile", "FROM python\n"),
            ]);
            let read = |path: &Utf8Path| project.read_bytes(path);
            let facts = Facts::new(&project, &read, None);
            let model = facts.containers();
            let holds =
                |image| model.not_root.iter().any(|it| it.may_hold_for(image, &model.images));
            model.images.iter().map(holds).collect::<Vec<_>>()
        };
        let api = "spec:\n  - image: ghcr.io/acme/shop-api:1\n    runAsNonRoot: true\n";
        assert_eq!(kept(api), [true, false]);
        assert_eq!(kept(&format!("image: acme/worker\n---\n{api}")), [true, false]);
        assert_eq!(kept(&api.replace("shop-api", "shop")), [true, true]);
        assert_eq!(kept(&api.replace("shop-api", "{{ .name }}")), [true, true]);
        assert_eq!(kept("image: postgres:17\nrunAsUser: 999\n"), [false, false]);
        assert_eq!(kept("runAsNonRoot: true\n"), [true, true]);
    }
}
