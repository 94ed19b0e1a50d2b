//! What several rules need to know about what is started. Knows processes, no rule.

use roadworthy_project::Facts;
use roadworthy_project::facts::containers::processes::server_of;
use roadworthy_project::facts::containers::{Image, Origin, Process};
use roadworthy_project::facts::profile::Profile;

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

/// Whether people run an image by hand: a tool has their files for the time of one command, and they see what they take.
pub(crate) fn is_tool(facts: &Facts<'_>, image: &Image) -> bool {
    let profiles = image.component.and_then(|component| facts.profiles().get(component));
    profiles.is_some_and(|profiles| profiles.is(Profile::Cli) && !profiles.is(Profile::Service))
}
