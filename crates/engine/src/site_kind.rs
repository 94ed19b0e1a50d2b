//! What the rules judge, of which a score takes the share that is clean. Knows no rule, and not how sites are counted.

use crate::Scope;

/// What a rule judges. A site is clean, or it has findings, however many.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SiteKind {
    /// A function with a body worth judging: more than a docstring, `pass`, `...` or one statement.
    Function,
    /// An `async def` with such a body.
    Coroutine,
    /// A class with more in it than a docstring, `pass` or `...`.
    Class,
    /// An `except` clause.
    Handler,
    /// A `raise` with an exception.
    Raise,
    /// An `assert`.
    Assert,
    /// A test function with a body.
    Test,
    /// What the rule itself recognises as what it is about, whether it fails or not, and counts by
    /// [`Reporter::judged`](crate::Reporter::judged); of a rule that is handed calls, each call of one of its triggers.
    Place,
    /// A file of the rule's kinds, where its role lets it speak.
    File,
    /// A comment of ours that silences findings.
    Suppression,
    /// A component with code.
    Component,
    /// A manifest that declares requirements.
    Manifest,
    /// A lock file.
    Lock,
    /// A component that is deployed.
    Application,
    /// A component that others install.
    Library,
    /// A component that answers requests or works off a queue.
    Service,
    /// A component that names versions of Python.
    Python,
    /// The same, for rules that need to know the day.
    Runtime,
    /// A component with settings of Django.
    Settings,
    /// A component with an example of its environment.
    Environment,
    /// An image that a Dockerfile builds.
    Image,
    /// A process that a container or platform starts.
    Process,
    /// Such a process, or a command that installing makes.
    Entry,
    /// A workflow of GitHub.
    Workflow,
    /// A component of a project with pipelines or hooks.
    Pipeline,
    /// A component with tests, of a project with pipelines.
    Suite,
    /// A component of a repository with tests.
    Tested,
    /// A component with a lock file, of a project with pipelines.
    Audit,
    /// A component of a project with pipelines or hooks, whether they are understood or not.
    Change,
    /// A guide that tells people what to run.
    Readme,
}

impl SiteKind {
    /// All kinds: first those that are counted in files.
    pub const ALL: [Self; 30] = [
        Self::Function,
        Self::Coroutine,
        Self::Class,
        Self::Handler,
        Self::Raise,
        Self::Assert,
        Self::Test,
        Self::Place,
        Self::File,
        Self::Suppression,
        Self::Component,
        Self::Manifest,
        Self::Lock,
        Self::Application,
        Self::Library,
        Self::Service,
        Self::Python,
        Self::Runtime,
        Self::Settings,
        Self::Environment,
        Self::Image,
        Self::Process,
        Self::Entry,
        Self::Workflow,
        Self::Pipeline,
        Self::Suite,
        Self::Tested,
        Self::Audit,
        Self::Change,
        Self::Readme,
    ];

    /// The name used in rule files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Function => "function",
            Self::Coroutine => "coroutine",
            Self::Class => "class",
            Self::Handler => "handler",
            Self::Raise => "raise",
            Self::Assert => "assert",
            Self::Test => "test",
            Self::Place => "place",
            Self::File => "file",
            Self::Suppression => "suppression",
            Self::Component => "component",
            Self::Manifest => "manifest",
            Self::Lock => "lock",
            Self::Application => "application",
            Self::Library => "library",
            Self::Service => "service",
            Self::Python => "python",
            Self::Runtime => "runtime",
            Self::Settings => "settings",
            Self::Environment => "environment",
            Self::Image => "image",
            Self::Process => "process",
            Self::Entry => "entry",
            Self::Workflow => "workflow",
            Self::Pipeline => "pipeline",
            Self::Suite => "suite",
            Self::Tested => "tested",
            Self::Audit => "audit",
            Self::Change => "change",
            Self::Readme => "readme",
        }
    }

    /// What one is, for people: "each function of more than one statement".
    pub const fn phrase(self) -> &'static str {
        match self {
            Self::Function => "each function of more than one statement",
            Self::Coroutine => "each async function of more than one statement",
            Self::Class => "each class that is not empty",
            Self::Handler => "each except clause",
            Self::Raise => "each raise statement",
            Self::Assert => "each assert statement",
            Self::Test => "each test function",
            Self::Place => "each place that the rule is about",
            Self::File => "each file",
            Self::Suppression => "each comment that silences findings",
            Self::Component => "each component with code",
            Self::Manifest => "each manifest with requirements",
            Self::Lock => "each lock file",
            Self::Application => "each component that is deployed",
            Self::Library => "each component that others install",
            Self::Service => "each component that serves",
            Self::Python => "each component that names versions of Python",
            Self::Runtime => "each component that names versions of Python, where the day is known",
            Self::Settings => "each component with settings of Django",
            Self::Environment => "each component with an example of its environment",
            Self::Image => "each image",
            Self::Process => "each process that a container or platform starts",
            Self::Entry => "each process that is started, and each command that installing makes",
            Self::Workflow => "each workflow",
            Self::Pipeline => "each component, where there are pipelines",
            Self::Suite => "each component with tests, where there are pipelines",
            Self::Tested => "each component, where there are tests",
            Self::Audit => "each component with a lock file, where there are pipelines",
            Self::Change => {
                "each component of a repository, if it is known what checks its changes"
            }
            Self::Readme => "each guide that tells what to run",
        }
    }

    /// The kind of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Whether it is counted by component, from the facts of the project, and not in each file.
    pub fn is_of_project(self) -> bool {
        self >= Self::Component
    }

    /// What a project's own rule judges that does not say so.
    pub const fn of_scope(scope: Scope) -> Self {
        match scope {
            Scope::Statement | Scope::Definition => Self::Function,
            Scope::Outline | Scope::Module => Self::File,
            Scope::Project => Self::Component,
        }
    }
}
