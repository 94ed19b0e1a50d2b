//! What an image starts for those who work on it.

use roadworthy_project::facts::containers::processes::Listening;
use roadworthy_project::facts::containers::{ContainerModel, Image, Instruction, Origin, Process};
use roadworthy_project::{Facts, Tree};

use super::{processes, start};

/// What somebody starts who waits for its end or sits before it: clients of databases and clouds, notebooks.
const CLIENTS: [&str; 16] = [
    "ansible-playbook",
    "aws",
    "az",
    "gcloud",
    "ipython",
    "jupyter",
    "jupyter-lab",
    "jupyter-notebook",
    "mongodump",
    "mysql",
    "mysqldump",
    "pg_dump",
    "pg_restore",
    "psql",
    "redis-cli",
    "terraform",
];

/// Whether all that an image starts, by itself or through its scripts, is a client or a notebook.
pub(super) fn starts_client(facts: &Facts<'_>, index: usize) -> bool {
    let is_client = |process: &Process| {
        process
            .command
            .known()
            .and_then(|words| words.first())
            .is_some_and(|word| CLIENTS.contains(&word.rsplit('/').next().unwrap_or_default()))
    };
    let mut all = processes(facts.containers(), index).peekable();
    all.peek().is_some() && all.all(is_client)
}

/// Whether an image starts a server for development that nobody outside of its container reaches, and nothing else starts it.
pub(super) fn is_closed_off(facts: &Facts<'_>, index: usize) -> bool {
    let is_closed = |process: &Process| {
        process.origin == Origin::Dockerfile
            && process.development_server().is_some()
            && matches!(process.listening(facts), Listening::Loopback(_))
    };
    let mut all = processes(facts.containers(), index).peekable();
    all.peek().is_some() && all.all(is_closed)
}

/// Whether beside a Dockerfile lies another one with its name, and a word more that says production: `Dockerfile-prod`.
pub(super) fn has_production_beside(tree: &Tree, image: &Image) -> bool {
    let words = |name: &str| -> Vec<String> {
        name.split(['.', '-', '_']).map(str::to_ascii_lowercase).collect()
    };
    let own = words(image.path.file_name().unwrap_or_default());
    let folder = image.path.parent();
    tree.files().filter(|it| it.parent() == folder).filter_map(|it| it.file_name()).any(|name| {
        let mut rest = words(name);
        let all = rest.len();
        rest.retain(|word| !matches!(word.as_str(), "prod" | "production"));
        rest.len() < all && rest == own
    })
}

/// Whether a script that is called `dev` is started: `npm run dev`.
pub(super) fn starts_development(image: &Image) -> bool {
    let commands = start(image).unwrap_or_default().into_iter().flat_map(Instruction::commands);
    commands.into_iter().any(|command| command.texts().any(|word| word == "dev"))
}

/// Whether an image turns on what its framework has for development, and all that starts it is a server for that:
/// `ENV FLASK_DEBUG=1` with `flask run`.
pub(super) fn says_development(containers: &ContainerModel, index: usize) -> bool {
    const SWITCHES: [&str; 3] = ["DJANGO_DEBUG", "FLASK_DEBUG", "FLASK_ENV"];
    const ON: [&str; 3] = ["1", "development", "true"];
    let is_on = |(name, value): (String, Option<String>)| {
        SWITCHES.contains(&name.as_str())
            && value.is_some_and(|it| ON.contains(&it.to_ascii_lowercase().as_str()))
    };
    let mut set = containers.images[index].shipped_instructions().filter(|it| it.keyword == "ENV");
    let mut all = processes(containers, index).peekable();
    set.any(|it| it.pairs().into_iter().any(is_on))
        && all.peek().is_some()
        && all.all(|it| it.development_server().is_some())
}

/// Whether the last that is started is a server of pages for those who write them: `expo start`, `vite`.
pub(super) fn serves_pages(image: &Image) -> bool {
    const RUNNERS: [&str; 8] = ["bunx", "dlx", "exec", "npm", "npx", "pnpm", "run", "yarn"];
    let commands = start(image).unwrap_or_default().into_iter().flat_map(Instruction::commands);
    commands.last().is_some_and(|command| {
        let mut words = command.texts().skip_while(|word| RUNNERS.contains(word));
        let program = words.next().unwrap_or_default();
        let next = words.next().unwrap_or_default();
        match program.rsplit('/').next().unwrap_or_default() {
            "expo" | "react-scripts" => next == "start",
            "vite" => next.is_empty() || next == "serve" || next.starts_with('-'),
            _ => false,
        }
    })
}
