//! Which modules run where nobody watches: those with something that a server, a queue, a scheduler, a bot or a loop without end
//! calls, those that a container or a platform starts, and what they import. Knows words by which frameworks are told, no syntax
//! and no rule. Where there is doubt, a module does.

use camino::{Utf8Path, Utf8PathBuf};
use memchr::memmem;
use rustc_hash::FxHashSet;

use super::loaders::loads;
use super::reach::{MOST, Walk, is_test};
use super::{Facts, ModuleName};
use crate::{File, FileKind, Role};

/// The last parts of decorators that hand a function over to what calls it later.
const DECORATORS: [&str; 48] = [
    "action",
    "actor",
    "after_request",
    "api_route",
    "api_view",
    "asset",
    "before_request",
    "callback_query",
    "callback_query_handler",
    "consumer",
    "cron",
    "csrf_exempt",
    "dag",
    "delete",
    "errorhandler",
    "event",
    "flow",
    "get",
    "http",
    "job",
    "listen",
    "listener",
    "login_required",
    "loop",
    "message",
    "message_handler",
    "middleware",
    "on",
    "on_event",
    "on_message",
    "patch",
    "periodic_task",
    "post",
    "put",
    "receiver",
    "register",
    "require_GET",
    "require_POST",
    "require_http_methods",
    "route",
    "scheduled_job",
    "sensor",
    "shared_task",
    "slash_command",
    "subscriber",
    "task",
    "view_config",
    "websocket",
];

/// The ends of bases whose methods a framework calls.
const BASES: [&str; 18] = [
    "Backend",
    "BaseHook",
    "BaseOperator",
    "BaseSensorOperator",
    "Cog",
    "Consumer",
    "HTTPEndpoint",
    "Handler",
    "Middleware",
    "OAuth2Adapter",
    "Resource",
    "Servicer",
    "Spider",
    "Task",
    "Validator",
    "View",
    "ViewSet",
    "models.Model",
];

/// What stands in a module that serves, schedules, or goes on until somebody ends it.
const SIGNS: [&str; 42] = [
    ".add_handler(",
    ".add_job(",
    ".add_resource(",
    ".add_route(",
    ".add_url_rule(",
    ".every(",
    ".infinity_polling(",
    ".run_polling(",
    ".serve(",
    ".start_polling(",
    ".subscribe(",
    "APIRouter(",
    "Blueprint(",
    "Celery(",
    "Consumer(",
    "DAG(",
    "FastAPI(",
    "Flask(",
    "INSTALLED_APPS",
    "Litestar(",
    "MIDDLEWARE",
    "PythonOperator(",
    "Quart(",
    "Sanic(",
    "Scheduler(",
    "Starlette(",
    "Thread(",
    "add_api_route(",
    "commands.Bot(",
    "def process_item(",
    "enqueue(",
    "get_asgi_application",
    "get_wsgi_application",
    "grpc.server(",
    "run_forever",
    "serve_forever",
    "start_consuming",
    "urlpatterns",
    "web.Application(",
    "while 1:",
    "while True",
    "while self.",
];

/// The modules of a project that run where nobody watches.
#[derive(Debug)]
pub struct Unattended {
    /// By the text of the absolute path; `None` where the project is too large to tell.
    modules: Option<FxHashSet<String>>,
    /// The folders, absolute, of such modules that load others which no text names: those lie beside or below them.
    open: Vec<Utf8PathBuf>,
}

impl Unattended {
    /// Whether a module does.
    pub fn holds(&self, file: &File) -> bool {
        self.open.iter().any(|it| file.absolute.starts_with(it))
            || self.modules.as_ref().is_none_or(|it| it.contains(file.absolute.as_str()))
    }

    pub(super) fn read(facts: &Facts<'_>) -> Self {
        let project = facts.project();
        let all = project.files.iter().chain(&project.unasked).filter(|it| !is_test(it));
        let (modules, others): (Vec<&File>, Vec<&File>) = all.partition(|it| it.kind.is_python());
        if modules.len() > MOST || others.len() > MOST {
            return Self { modules: None, open: Vec::new() };
        }
        let mut walk = Walk::new(facts, &modules);
        for (index, file) in modules.iter().enumerate() {
            let may_serve = matches!(
                file.path_role.as_ref().map(|it| it.role),
                None | Some(Role::Application | Role::Library | Role::Cli)
            ) && !file.path.as_str().contains("management/commands/");
            if may_serve && walk.text(file).is_some_and(|it| serves(it.text())) {
                walk.reach(index);
            }
        }
        for process in &facts.containers().processes {
            if let Some(command) = process.command.known() {
                walk.take_words(&command.join(" "), false);
            }
        }
        // Images mostly start by a script what they run.
        let is_script = |it: &File| {
            it.kind == FileKind::Shell
                && it.path.file_stem().is_some_and(|it| it.contains("entrypoint"))
        };
        let starts = |it: &&&File| it.path.extension() == Some("service") || is_script(it);
        for file in others.iter().filter(starts) {
            if let Some(unit) = walk.text(file) {
                walk.take_words(unit.text(), false);
            }
        }
        for text in tables_of_cron(facts) {
            walk.take_words(&text, false);
            for point in project.components.iter().flat_map(|it| &it.entry_points) {
                if starts_command(&text, &point.name) {
                    walk.name(ModuleName::of(&point.module));
                }
            }
        }
        walk.go();
        let reached: Vec<&File> =
            modules.iter().zip(walk.reached()).filter(|it| *it.1).map(|it| *it.0).collect();
        let is_open = |it: &&&File| walk.text(it).is_some_and(|it| loads(it.text()));
        let folders = reached.iter().filter(is_open).filter_map(|it| it.absolute.parent());
        let open = folders.map(Utf8Path::to_path_buf).collect();
        Self { modules: Some(reached.iter().map(|it| it.absolute.to_string()).collect()), open }
    }
}

/// The texts by which cron is told what to start.
fn tables_of_cron(facts: &Facts<'_>) -> Vec<String> {
    let is_table =
        |it: &&Utf8Path| it.extension() == Some("cron") || it.file_name() == Some("crontab");
    let tables = facts.tree().files().filter(is_table);
    tables.filter_map(|it| facts.text(it).whole().map(|it| it.text().to_owned())).collect()
}

/// Whether a text holds a command, wherever it lies: `/usr/bin/load_orders`. Some are installed under the name of their script.
fn starts_command(text: &str, command: &str) -> bool {
    text.lines().filter(|it| !it.trim_start().starts_with('#')).any(|line| {
        line.split_whitespace().any(|word| {
            let name = word.rsplit('/').next().unwrap_or_default();
            name.strip_suffix(".py").unwrap_or(name) == command
        })
    })
}

/// Whether a module holds what is called where nobody watches.
fn serves(text: &str) -> bool {
    text.lines().any(|line| {
        let line = line.trim_start();
        match line.strip_prefix('@') {
            Some(decorator) => is_called_later(decorator),
            None => line.strip_prefix("class ").is_some_and(has_base),
        }
    }) || SIGNS.iter().any(|it| memmem::find(text.as_bytes(), it.as_bytes()).is_some())
}

fn is_called_later(decorator: &str) -> bool {
    let name = decorator.split('(').next().unwrap_or_default().trim_end();
    DECORATORS.contains(&name.rsplit('.').next().unwrap_or_default())
}

fn has_base(class: &str) -> bool {
    let bases = class.split_once('(').map_or("", |it| it.1);
    let mut bases = bases.split([',', ')', '[', '#']).map(str::trim);
    bases.any(|base| BASES.iter().any(|it| base.ends_with(it)))
}

#[cfg(test)]
mod tests {
    use crate::{Facts, Project};

    /// The modules of a project that run where nobody watches.
    fn unattended(files: &[(&str, &str)]) -> Vec<String> {
        let project = Project::in_memory(files.iter().copied());
        let read = |path: &camino::Utf8Path| project.read_bytes(path);
        let facts = Facts::new(&project, &read, None);
        let files = facts.project().files.iter().filter(|it| it.kind.is_python());
        files.filter(|it| facts.unattended().holds(it)).map(|it| it.path.to_string()).collect()
    }

    #[test]
    fn what_serves_leads_to_what_it_imports() {
        let files = [
            ("shop/api.py", "from shop import mail\n\n@router.get('/')\ndef index(): ...\n"),
            ("shop/mail.py", "import shop.clients.post\n"),
            ("shop/clients/post.py", ""),
            ("shop/views.py", "class Page(generic.TemplateView):\n    pass\n"),
            ("shop/model.py", "@property\ndef name(): ...\nclass Plain(Base):\n    pass\n"),
            ("shop/management/commands/sync.py", "while True:\n    pass\n"),
            ("worker.py", "print(1)\n"),
            ("prepare.py", "from shop import model\n"),
            ("compose.yaml", "services:\n  work:\n    image: x\n    command: python worker.py\n"),
            ("tests/test_api.py", "from shop import model\nimport flask\napp = Flask(__name__)\n"),
        ];
        let expected =
            ["shop/api.py", "shop/clients/post.py", "shop/mail.py", "shop/views.py", "worker.py"];
        let mut found = unattended(&files);
        found.sort();
        assert_eq!(found, expected);
    }

    #[test]
    fn what_containers_start_and_what_loads_at_run_time_lead_on() {
        let files = [
            ("app.py", "app = FastAPI()\nload = importlib.import_module(name)\n"),
            ("plugins/mail.py", ""),
        ];
        assert_eq!(unattended(&files), ["app.py", "plugins/mail.py"]);
        let files = [
            (
                "Dockerfile",
                "FROM python:3.13\nCOPY tools/fill.py .\nCMD [\"python\", \"-m\", \"shop.main\"]\n",
            ),
            ("shop/main.py", "from shop import mail\n"),
            ("shop/mail.py", ""),
            ("tools/fill.py", ""),
        ];
        assert_eq!(unattended(&files), ["shop/mail.py", "shop/main.py"]);
    }
}
