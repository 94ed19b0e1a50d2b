//! The images that Compose files build, and from which folder. Knows the key `build`
//! (<https://docs.docker.com/reference/compose-file/build/>), nothing else of Compose.

use camino::{Utf8Path, Utf8PathBuf};

use crate::facts::value::Value;
use crate::facts::{Facts, Located, Place};
use crate::tree::resolved;

/// That a service is built.
#[derive(Debug)]
pub(super) struct Build {
    /// The Compose file.
    pub(super) path: Utf8PathBuf,
    /// The Dockerfile.
    pub(super) dockerfile: Utf8PathBuf,
    /// The folder that is sent to the builder.
    pub(super) context: Utf8PathBuf,
    /// The user that the service is started with.
    pub(super) user: Option<Located<String>>,
}

/// Whether a file is one of Compose by its name: `compose.yaml`, `docker-compose.prod.yml`.
pub(super) fn is_compose(path: &Utf8Path) -> bool {
    let name = path.file_name().unwrap_or_default();
    let named = name.contains("docker-compose")
        || name.starts_with("compose.")
        || name.starts_with("compose-");
    // A folder of a template has variables in its name.
    named && matches!(path.extension(), Some("yml" | "yaml")) && !path.as_str().contains("{{")
}

/// What Compose files build, in the order of their paths.
pub(super) fn builds(facts: &Facts<'_>) -> Vec<Build> {
    let files = facts.tree().files().filter(|path| is_compose(path));
    let mut builds = Vec::new();
    for path in files {
        let Some(document) = facts.yaml(path).whole() else { continue };
        let folder = path.parent().unwrap_or(Utf8Path::new(""));
        let services = document.value().and_then(|value| value.get("services"));
        for (_, service) in services.into_iter().flat_map(Value::entries) {
            let Some(build) = service.get("build").and_then(|build| read(folder, build)) else {
                continue;
            };
            let user = service.get("user").and_then(|user| {
                Some(Located {
                    value: user.scalar()?.to_owned(),
                    place: Place::new(path, user.span),
                })
            });
            builds.push(Build { user, path: path.to_owned(), ..build });
        }
    }
    builds
}

fn read(folder: &Utf8Path, build: &Value) -> Option<Build> {
    let context = match build.scalar() {
        Some(context) => context,
        None => build.get("context").map_or(Some("."), Value::scalar)?,
    };
    let context = resolved(folder, context)?;
    let file = build.get("dockerfile").map_or(Some("Dockerfile"), Value::scalar)?;
    let dockerfile = resolved(&context, file)?;
    Some(Build { path: Utf8PathBuf::new(), dockerfile, context, user: None })
}
