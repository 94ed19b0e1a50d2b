//! Modules that are loaded or started without any code that names them, as frameworks, servers and people agree. Knows names of
//! files and folders, no file.

use camino::Utf8Path;

/// Names of modules that frameworks, servers and people load or start by name.
const NAMES: [&str; 43] = [
    "__init__",
    "__main__",
    "admin",
    "app",
    "application",
    "apps",
    "asgi",
    "bot",
    "celery",
    "celeryconfig",
    "cli",
    "conftest",
    "env",
    "fabfile",
    "function_app",
    "handler",
    "hooks",
    "hubconf",
    "index",
    "lambda_function",
    "locustfile",
    "main",
    "manage",
    "middleware",
    "models",
    "noxfile",
    "plugin",
    "receivers",
    "routes",
    "run",
    "schedule",
    "server",
    "settings",
    "setup",
    "signals",
    "start",
    "streamlit_app",
    "tasks",
    "urls",
    "views",
    "webserver_config",
    "worker",
    "wsgi",
];

/// Names of folders whose files are loaded or started one by one.
const FOLDERS: [&str; 25] = [
    "alembic",
    "bin",
    "commands",
    "cron",
    "dags",
    "extensions",
    "flows",
    "functions",
    "handlers",
    "hooks",
    "jobs",
    "lambdas",
    "management",
    "migrations",
    "notebooks",
    "pages",
    "pipelines",
    "plugins",
    "receivers",
    "scripts",
    "settings",
    "tasks",
    "templatetags",
    "tools",
    "versions",
];

/// Whether something loads a module by its name or place, as far as conventions tell. The path begins where the component does.
pub fn is_loaded_by_name(path: &Utf8Path) -> bool {
    let stem = path.file_stem().unwrap_or_default();
    let mut folders = path.parent().into_iter().flat_map(Utf8Path::components);
    NAMES.contains(&stem)
        || stem.starts_with("settings")
        || stem.starts_with("gunicorn")
        || folders.any(|folder| FOLDERS.contains(&folder.as_str()))
}
