//! Who runs an image, and what that says of its user: services that end, platforms that choose one, manifests that ask for all
//! rights. Knows Compose, Kubernetes and `OpenShift` by what their files say.

use camino::Utf8Path;
use roadworthy_project::Facts;
use roadworthy_project::facts::containers::{Image, Origin};
use roadworthy_project::facts::value::Value;

use super::{is_root, processes};

/// Whether all services that start an image end by themselves, and nobody reaches them: Compose does not start them again, or others
/// wait for their end.
pub(super) fn runs_once(facts: &Facts<'_>, index: usize) -> bool {
    let containers = facts.containers();
    let listens = containers.images[index].shipped_instructions().any(|it| it.keyword == "EXPOSE");
    let mut services =
        processes(containers, index).filter(|it| it.origin == Origin::Compose).peekable();
    let ends = |path: &Utf8Path, name: &str| {
        let Some(document) = facts.yaml(path).whole() else { return false };
        let Some(services) = document.value().and_then(|it| it.get("services")) else {
            return false;
        };
        let Some(own) = services.get(name) else { return false };
        let restart = own.get("restart").and_then(Value::scalar);
        let is_waited_for = || {
            services.entries().any(|(_, other)| {
                let waits = other.get("depends_on").and_then(|it| it.get(name));
                waits.and_then(|it| it.get("condition")).and_then(Value::text)
                    == Some("service_completed_successfully")
            })
        };
        let is_reached = ["ports", "expose"].iter().any(|it| own.get(it).is_some());
        !is_reached && (matches!(restart, Some("no" | "false")) || is_waited_for())
    };
    !listens && services.peek().is_some() && services.all(|it| ends(&it.named_in, &it.name))
}

/// Whether who runs an image says who the user is: `OpenShift`, which takes any but root
/// (<https://docs.openshift.com/container-platform/latest/openshift_images/create-images.html>), or a service of Compose that
/// is called like the folder of the image.
pub(super) fn is_given_user(facts: &Facts<'_>, image: &Image) -> bool {
    let of_openshift = |path: &Utf8Path| {
        let lower = path.as_str().to_ascii_lowercase();
        let may_be = ["openshift", "deploy", "chart", "helm", "k8s", "template"];
        may_be.iter().any(|it| lower.contains(it))
            && facts.text(path).whole().is_some_and(|it| {
                let text = it.text();
                text.contains("kind: DeploymentConfig") || text.contains("route.openshift.io")
            })
    };
    let folder = image.path.parent().and_then(Utf8Path::file_name).unwrap_or_default();
    let is_user_set = |path: &Utf8Path| {
        let is_compose = path.file_name().is_some_and(|it| it.contains("compose"));
        is_compose && facts.text(path).whole().is_some_and(|it| service_has_user(it.text(), folder))
    };
    yaml(facts).any(of_openshift) || !folder.is_empty() && yaml(facts).any(is_user_set)
}

/// Whether the service of a name has a user that is not root, in a file of Compose that may be a template.
fn service_has_user(text: &str, name: &str) -> bool {
    let head = format!("  {name}:");
    let mut lines = text.lines().skip_while(|it| it.trim_end() != head).skip(1);
    lines.by_ref().take_while(|it| it.is_empty() || it.starts_with("   ")).any(|line| {
        let user = line.strip_prefix("    user:").map(|it| it.trim().trim_matches(['"', '\'']));
        user.is_some_and(|it| !it.is_empty() && !it.starts_with('$') && !is_root(it))
    })
}

/// Whether a manifest beside a Dockerfile asks for all rights on the machine, which no user but root has.
pub(super) fn is_privileged(facts: &Facts<'_>, image: &Image) -> bool {
    let asks = |path: &Utf8Path| {
        let text = facts.text(path).whole();
        text.is_some_and(|it| it.text().lines().any(|line| line.trim() == "privileged: true"))
    };
    let is_of_folder = |path: &&Utf8Path| {
        path.parent() == image.path.parent()
            && !path.file_name().is_some_and(|it| it.contains("compose"))
    };
    image.path.parent().is_some_and(|it| !it.as_str().is_empty())
        && yaml(facts).filter(is_of_folder).any(asks)
}

fn yaml<'f>(facts: &'f Facts<'_>) -> impl Iterator<Item = &'f Utf8Path> {
    facts.tree().files().filter(|it| matches!(it.extension(), Some("yml" | "yaml")))
}
