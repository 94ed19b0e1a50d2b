//! Manifests of Kubernetes to processes. Knows the kinds that hold pods
//! (<https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/>); templates of Helm are not read.

use camino::Utf8Path;

use super::super::development;
use super::files::Files;
use super::words::span_of;
use super::{Draft, Reader};
use crate::facts::containers::Origin;
use crate::facts::value::Value;
use crate::facts::{Place, Reading};

/// Words in the paths of manifests: a project has thousands of other YAML files, which are not opened.
const WORDS: [&str; 24] = [
    "k8s",
    "kubernetes",
    "kube",
    "k3s",
    "deploy",
    "deployment",
    "deployments",
    "manifest",
    "manifests",
    "kustomize",
    "overlays",
    "argocd",
    "gitops",
    "infra",
    "infrastructure",
    "ops",
    "knative",
    "statefulset",
    "daemonset",
    "cronjob",
    "job",
    "pod",
    "worker",
    "gke",
];

/// Whether a file may be a manifest, by its path.
pub(super) fn may_be_manifest(path: &Utf8Path) -> bool {
    if !matches!(path.extension(), Some("yml" | "yaml")) || path.as_str().starts_with(".github/") {
        return false;
    }
    let lower = path.as_str().to_ascii_lowercase();
    lower.split(|it: char| !it.is_ascii_alphanumeric()).any(|part| WORDS.contains(&part))
}

pub(super) fn read(reader: &mut Reader<'_, '_>, path: &Utf8Path) {
    let Some(text) = reader.facts.text(path).whole() else { return };
    let is_manifest = text.text().contains("apiVersion:") && text.text().contains("kind:");
    if !is_manifest || text.text().contains("{{") || text.text().contains("{%") {
        return;
    }
    let values = match reader.facts.yaml(path) {
        Reading::Whole(document) => document,
        Reading::Missing => return,
        Reading::Broken => return reader.unknown.push(format!("`{path}` cannot be read")),
    };
    for document in &values.values {
        let Some(kind) = document.get("kind").and_then(Value::text) else { continue };
        let spec: &[&str] = match kind {
            "Pod" => &["spec"],
            "CronJob" => &["spec", "jobTemplate", "spec", "template", "spec"],
            "Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet" | "Job" | "Service"
            | "Rollout" => &["spec", "template", "spec"],
            _ => continue,
        };
        if let Some(pod) = document.at(spec) {
            read_pod(reader, path, pod);
        }
    }
}

fn read_pod(reader: &mut Reader<'_, '_>, path: &Utf8Path, pod: &Value) {
    let containers: Vec<&Value> =
        pod.get("containers").into_iter().flat_map(Value::items).collect();
    let shares = pod.get("hostNetwork").and_then(Value::flag) == Some(true);
    for container in &containers {
        // Arguments alone belong to an entry point that is written elsewhere.
        let Some(command) = container.get("command").filter(|it| it.items().next().is_some())
        else {
            continue;
        };
        let arguments = container.get("args");
        let words = command.items().chain(arguments.into_iter().flat_map(Value::items));
        reader.add(Draft {
            origin: Origin::Kubernetes,
            name: container.get("name").and_then(Value::scalar).unwrap_or_default().to_owned(),
            named_in: path.to_owned(),
            words: words.map(|word| word.scalar().map(str::to_owned)).collect(),
            place: Place::new(
                path,
                roadworthy_parser::Span::new(
                    span_of(command).start,
                    arguments.map_or(span_of(command), span_of).end.max(span_of(command).end),
                ),
            ),
            image: None,
            folder: container.get("workingDir").and_then(Value::text).map(str::to_owned),
            environment: container
                .get("env")
                .into_iter()
                .flat_map(Value::items)
                .filter_map(|entry| {
                    let name = entry.get("name")?.scalar()?.to_owned();
                    let value = entry.get("value").and_then(Value::scalar);
                    Some((name, value.filter(|it| !it.contains('$')).map(str::to_owned)))
                })
                .collect(),
            environment_unknown: Some("the image may set more".to_owned()),
            files: Files { unknown: true, ..Files::default() },
            development: development::of_path(path),
            init: false,
            // What listens for the pod may be another container of it.
            shares_network: shares || containers.len() > 1,
        });
    }
}
