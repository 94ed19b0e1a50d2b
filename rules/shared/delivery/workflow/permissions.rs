//! What a workflow lets the token of its jobs do. Knows the key `permissions`
//! (<https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax#permissions>), no default of an organisation.

use roadworthy_project::facts::value::Value;

/// What the token may do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Permissions {
    /// Nothing is said: the settings of the repository decide, which allow writing in those made before 2023.
    Unsaid,
    /// Everything.
    WriteAll,
    /// What these scopes say (`contents`, `id-token`), true where it may write; nothing else.
    Only(Vec<(String, bool)>),
    /// What is written cannot be understood.
    Unclear,
}

impl Permissions {
    /// Reads the value of the key.
    pub(super) fn read(value: &Value) -> Self {
        match value.text() {
            Some("write-all") => Self::WriteAll,
            Some("read-all") => Self::Only(Vec::new()),
            None if value.is_table() => {
                let scopes = value
                    .entries()
                    .map(|(scope, access)| (scope.name.clone(), access.text() == Some("write")));
                Self::Only(scopes.collect())
            }
            _ => Self::Unclear,
        }
    }

    /// Whether it is said that the token may write to a scope.
    pub(crate) fn writes(&self, scope: &str) -> bool {
        match self {
            Self::WriteAll => true,
            Self::Only(scopes) => scopes.iter().any(|(name, writes)| *writes && name == scope),
            Self::Unsaid | Self::Unclear => false,
        }
    }

    /// The scopes that are said to be writable, `None` where all are.
    pub(crate) fn writable(&self) -> Option<Vec<&str>> {
        match self {
            Self::WriteAll => None,
            Self::Only(scopes) => {
                let writable = scopes.iter().filter(|(_, writes)| *writes);
                Some(writable.map(|(name, _)| name.as_str()).collect())
            }
            Self::Unsaid | Self::Unclear => Some(Vec::new()),
        }
    }

    /// Whether the token is said to write nowhere.
    pub(crate) fn only_read(&self) -> bool {
        matches!(self, Self::Only(scopes) if scopes.iter().all(|(_, writes)| !writes))
    }
}
