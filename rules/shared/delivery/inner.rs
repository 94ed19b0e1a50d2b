//! Which services Compose keeps to itself. Knows Compose files, and the proxies that stand before services.

use camino::Utf8Path;
use roadworthy_project::facts::value::Value;
use roadworthy_project::{Facts, resolved};

/// What stands before services, by the name of its image.
const PROXIES: [&str; 7] = ["caddy", "envoy", "haproxy", "httpd", "kong", "nginx", "openresty"];

/// Whether the services that Compose builds from the folder of a file can only be reached by one another: none publishes a
/// port, none is told to a proxy.
pub(crate) fn is_inner(facts: &Facts<'_>, file: &Utf8Path) -> bool {
    let is_compose = |path: &&Utf8Path| {
        let name = path.file_name().unwrap_or_default();
        (name.contains("docker-compose") || name.starts_with("compose."))
            && matches!(path.extension(), Some("yml" | "yaml"))
    };
    let mut nearest: Option<(usize, bool)> = None;
    for path in facts.tree().files().filter(is_compose) {
        let Some(document) = facts.yaml(path).whole() else { continue };
        let text = document.text();
        let Some(services) = document.value().and_then(|it| it.get("services")) else { continue };
        let folder = path.parent().unwrap_or(Utf8Path::new(""));
        // One that finds services by their labels takes no other.
        let by_labels = text.contains("traefik.enable=true");
        let proxied = !by_labels
            && (text.contains("external: true")
                || services.entries().any(|(_, service)| is_proxy(service)));
        for (_, service) in services.entries() {
            let Some(context) = context(service, folder) else { continue };
            if !file.starts_with(&context) {
                continue;
            }
            let depth = context.components().count();
            let inner = !proxied && is_kept(service, text);
            nearest = match nearest {
                Some((known, _)) if known > depth => nearest,
                Some((known, before)) if known == depth => Some((depth, before && inner)),
                _ => Some((depth, inner)),
            };
        }
    }
    nearest.is_some_and(|(_, inner)| inner)
}

/// Where a service is built.
fn context(service: &Value, folder: &Utf8Path) -> Option<camino::Utf8PathBuf> {
    let build = service.get("build")?;
    let context = build.text().or_else(|| build.get("context").and_then(Value::text));
    resolved(folder, context.unwrap_or("."))
}

fn is_proxy(service: &Value) -> bool {
    let image = service.get("image").and_then(Value::text).unwrap_or_default();
    PROXIES.iter().any(|it| image.contains(it))
}

/// Whether a service neither publishes a port nor says anything to a proxy.
fn is_kept(service: &Value, text: &str) -> bool {
    let says = service.span.of_text(text);
    ["ports", "labels", "network_mode", "extends"].iter().all(|it| service.get(it).is_none())
        && !says.contains("VIRTUAL_HOST")
}
