//! What runs one event loop for many: servers, bots, workers of queues. Knows their names, no rule.

use roadworthy_engine::FileContext;
use roadworthy_project::{File, Role};

/// Distributions that serve many from one loop; each is imported by its name, or as in [`MODULES`].
const DISTRIBUTIONS: [&str; 44] = [
    "aiogram",
    "aiohttp-cors",
    "arq",
    "autobahn",
    "blacksheep",
    "chainlit",
    "channels",
    "daphne",
    "discord",
    "discord-py",
    "disnake",
    "falcon",
    "fastapi",
    "fastmcp",
    "faststream",
    "gradio",
    "granian",
    "grpcio",
    "hikari",
    "hypercorn",
    "jupyter-server",
    "litestar",
    "mcp",
    "nats-py",
    "nextcord",
    "nicegui",
    "py-cord",
    "pyrogram",
    "python-socketio",
    "python-telegram-bot",
    "quart",
    "red-discordbot",
    "robyn",
    "sanic",
    "slack-bolt",
    "starlette",
    "taskiq",
    "telethon",
    "temporalio",
    "tornado",
    "uvicorn",
    "uvicorn-worker",
    "vkbottle",
    "websockets",
];

/// Modules whose names tell it, and are no names of distributions above.
const MODULES: [&str; 6] =
    ["aiohttp.web", "grpc.aio", "jupyter_server", "redbot", "socketio", "telegram"];

/// Libraries of bots: what they call a command is run on the loop of all others.
const BOTS: [&str; 11] = [
    "aiogram",
    "discord",
    "disnake",
    "hikari",
    "lightbulb",
    "nextcord",
    "pyrogram",
    "redbot",
    "telegram",
    "telethon",
    "vkbottle",
];

/// Whether a file belongs to something that serves many from one loop; `None` where no manifest tells.
pub(crate) fn serves_many(file: &FileContext<'_>) -> Option<bool> {
    let imports = |it: &&str| file.names().imports_module(it);
    if DISTRIBUTIONS.iter().any(imports) || MODULES.iter().any(imports) {
        return Some(true);
    }
    let (facts, known) = file.in_facts()?;
    let component = facts.dependencies().components.get(known.component)?;
    let mut requirements =
        component.manifests.iter().flat_map(|manifest| &manifest.requirements).peekable();
    requirements.peek()?;
    Some(requirements.any(|it| DISTRIBUTIONS.contains(&it.name.as_str())))
}

/// Whether the component runs as a function of AWS Lambda, which has one request at a time and a limit of its own: by what it
/// defines, or by a file of the Serverless Framework.
pub(crate) fn runs_on_lambda(file: &FileContext<'_>) -> bool {
    const SIGNS: [&str; 3] = ["Mangum(", "def lambda_handler(", "\ndef handler(event, context)"];
    let Some((facts, known)) = file.in_facts() else { return false };
    facts.answer(known.component, "it runs on AWS Lambda".to_owned(), || {
        let project = facts.project();
        let mut own = project.files.iter().filter(|it| {
            it.kind.is_python()
                && it.component == known.component
                && it.path_role.as_ref().is_none_or(|it| it.role != Role::Test)
        });
        let defines = |it: &File| {
            facts.source(it).is_some_and(|it| SIGNS.iter().any(|sign| it.text().contains(sign)))
        };
        let mut all = project.files.iter().chain(&project.unasked);
        own.any(defines)
            || all.any(|it| {
                matches!(it.path.file_name(), Some("serverless.yml" | "serverless.yaml"))
                    && it.component == known.component
                    && facts.source(it).is_some_and(|it| it.text().contains("name: aws"))
            })
    })
}

/// Whether a file is one of a bot.
pub(crate) fn is_of_bot(file: &FileContext<'_>) -> bool {
    BOTS.iter().any(|it| file.names().imports_module(it))
}
