//! Names of images: `registry/repository:tag@digest`
//! (<https://docs.docker.com/reference/cli/docker/image/tag/#description>). Knows the default registry, no image.

use super::ImageName;

/// What may be left out before the name of an image of Docker Hub, in the order of their length.
const DEFAULTS: [&str; 6] = [
    "registry-1.docker.io/",
    "registry.hub.docker.com/",
    "registry.docker.io/",
    "index.docker.io/",
    "docker.io/",
    "library/",
];

impl ImageName {
    /// The parts of a name; `None` where it is none. What only repeats the default registry is left out.
    pub fn parse(name: &str) -> Option<Self> {
        let (name, digest) = match name.split_once('@') {
            Some((name, digest)) => (name, Some(digest.to_owned())),
            None => (name, None),
        };
        // A colon before the last slash is that of a port.
        let tag_at = name.rfind(':').filter(|at| !name[*at..].contains('/'));
        let (mut repository, tag) = match tag_at {
            Some(at) => (&name[..at], Some(name[at + 1..].to_owned())),
            None => (name, None),
        };
        for default in DEFAULTS {
            repository = repository.strip_prefix(default).unwrap_or(repository);
        }
        let is_name = |c: char| c.is_ascii_alphanumeric() || "._-/:".contains(c);
        let valid = !repository.is_empty() && repository.chars().all(is_name);
        let tag_valid = tag.as_deref().is_none_or(|tag| !tag.is_empty());
        (valid && tag_valid).then(|| Self { repository: repository.to_owned(), tag, digest })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_falls_into_its_parts() {
        let parts = |name: &str| {
            let name = ImageName::parse(name)?;
            Some((name.repository, name.tag, name.digest.is_some()))
        };
        let of = |repository: &str, tag: Option<&str>, digest| {
            Some((repository.to_owned(), tag.map(str::to_owned), digest))
        };
        assert_eq!(parts("python"), of("python", None, false));
        assert_eq!(parts("docker.io/library/python:3.12"), of("python", Some("3.12"), false));
        assert_eq!(parts("host:5000/a/b@sha256:00"), of("host:5000/a/b", None, true));
        assert_eq!(parts("ghcr.io/a/b:1@sha256:00"), of("ghcr.io/a/b", Some("1"), true));
        for wrong in ["", "a:", "{{ x }}", ":1"] {
            assert_eq!(parts(wrong), None, "{wrong}");
        }
    }
}
