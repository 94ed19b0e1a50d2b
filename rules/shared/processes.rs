//! What several rules need to know about what is started. Knows processes, no rule.

use roadworthy_project::facts::containers::processes::server_of;
use roadworthy_project::facts::containers::{Origin, Process};

/// Whether services bring a server of their own for an image, so that nobody runs its own command.
pub(crate) fn is_overridden(process: &Process, all: &[Process]) -> bool {
    process.origin == Origin::Dockerfile
        && all.iter().any(|other| {
            other.origin != Origin::Dockerfile
                && other.image.is_some()
                && other.image == process.image
                && other.development.is_none()
                && other
                    .invocation()
                    .and_then(|invocation| server_of(&invocation))
                    .is_some_and(|server| !server.consumer)
        })
}

/// What people call it: "service `web`", "container `api`".
pub(crate) fn names(process: &Process) -> String {
    let kind = match process.origin {
        Origin::Dockerfile => return "the image".to_owned(),
        Origin::Compose => "service",
        Origin::Kubernetes => "container",
        Origin::Procfile => "process",
        Origin::Serverless => "function",
    };
    format!("{kind} `{}`", process.name)
}
