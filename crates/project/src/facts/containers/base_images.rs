//! Whose user a container of a well-known image has. The facts are data: `base_images.toml`, each with its source.

use std::sync::OnceLock;

use super::ImageName;

/// Whose user a container has where no Dockerfile says otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BaseUser {
    /// That of root.
    Root,
    /// Another one.
    Other,
    /// That of root, until the image's own entry point gives it up.
    Drops,
}

struct Row {
    repository: String,
    tag: Option<String>,
    user: BaseUser,
}

fn rows() -> &'static [Row] {
    static ROWS: OnceLock<Vec<Row>> = OnceLock::new();
    ROWS.get_or_init(|| read(include_str!("base_images.toml")).unwrap_or_default())
}

fn read(text: &str) -> Option<Vec<Row>> {
    let table: toml::Table = text.parse().ok()?;
    let mut rows = Vec::new();
    for section in table.get("section")?.as_array()? {
        let user = match section.get("user")?.as_str()? {
            "root" => BaseUser::Root,
            "other" => BaseUser::Other,
            "drops" => BaseUser::Drops,
            _ => return None,
        };
        let tag = section.get("tag").and_then(toml::Value::as_str).map(str::to_owned);
        section.get("source")?.as_str()?;
        for repository in section.get("repository")?.as_array()? {
            let repository = repository.as_str()?.to_owned();
            rows.push(Row { repository, tag: tag.clone(), user });
        }
    }
    Some(rows)
}

impl Row {
    fn is_of(&self, name: &ImageName) -> bool {
        let repository = match self.repository.strip_suffix('*') {
            Some(prefix) => name.repository.starts_with(prefix),
            None => name.repository == self.repository,
        };
        let tag = name.tag.as_deref().unwrap_or_default();
        repository && self.tag.as_deref().is_none_or(|part| tag.contains(part))
    }
}

impl ImageName {
    /// Whose user a container of the image has, as far as the image is well known.
    pub fn user(&self) -> Option<BaseUser> {
        rows().iter().find(|row| row.is_of(self)).map(|row| row.user)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_whole_and_the_first_row_counts() {
        assert!(read(include_str!("base_images.toml")).is_some_and(|rows| rows.len() > 100));
        let user = |name: &str| ImageName::parse(name).and_then(|name| name.user());
        assert_eq!(user("docker.io/library/python:3.12"), Some(BaseUser::Root));
        assert_eq!(user("gcr.io/distroless/python3-debian12"), Some(BaseUser::Root));
        assert_eq!(user("gcr.io/distroless/python3:nonroot"), Some(BaseUser::Other));
        assert_eq!(user("bitnami/python:3.12"), Some(BaseUser::Other));
        assert_eq!(user("nginx"), Some(BaseUser::Drops));
        assert_eq!(user("acme/python"), None);
    }
}
