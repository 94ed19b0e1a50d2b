//! What reaches which modules, in projects held in memory.

use crate::{Facts, Project};

/// The modules of a project that nothing reaches.
fn idle(files: &[(&str, &str)]) -> Vec<String> {
    let project = Project::in_memory(files.iter().copied());
    let read = |path: &camino::Utf8Path| project.read_bytes(path);
    let facts = Facts::new(&project, &read, None);
    let files = facts.project().files.iter().filter(|it| it.kind.is_python());
    files.filter(|it| facts.reach().is_idle(it)).map(|it| it.path.to_string()).collect()
}

#[test]
fn imports_lead_on_from_what_is_started() {
    let files = [
        ("shop/__init__.py", ""),
        (
            "shop/main.py",
            "from shop.orders import (\n    services,\n)\nimport shop.stock as stock\n",
        ),
        ("shop/stock.py", "try: from .prices import total\nexcept ImportError: pass\n"),
        ("shop/prices.py", "BACKEND = 'shop.backends.mail.Mail'\n"),
        ("shop/backends/mail.py", "from image.below import thing, \\\n    other\n"),
        ("shop/below.py", ""),
        ("shop/orders/__init__.py", ""),
        ("shop/orders/services.py", "# from shop.users import services\n"),
        ("shop/users/__init__.py", "from . import lists\n"),
        ("shop/users/services.py", "from shop.users.mapping import find\n"),
        ("shop/users/mapping.py", "from shop.users.services import x\n"),
        ("shop/users/lists.py", ""),
        ("tests/test_users.py", "from shop.users import services\n"),
    ];
    let users = ["__init__", "lists", "mapping", "services"];
    assert_eq!(idle(&files), users.map(|it| format!("shop/users/{it}.py")));
}

#[test]
fn an_import_means_what_lies_below_a_folder_around_it() {
    let files = [
        ("api/main.py", "from app.stock import load\n"),
        ("api/app/stock.py", ""),
        ("mails/worker.py", "from app.mail import send\n"),
        ("mails/app/mail.py", ""),
        ("mails/app/stock.py", ""),
        // No root of imports is a package itself.
        ("web/shop/__init__.py", ""),
        ("web/shop/prices.py", ""),
        ("web/shop/shop/prices.py", ""),
        ("web/run.py", "import shop.prices\n"),
        ("README.md", "`client.other()` and api/app/stock.py\n"),
        ("web/shop/other.py", ""),
        ("web/login/login.py", ""),
        ("web/main.py", "PATH = '/login/'\n"),
    ];
    let mut found = idle(&files);
    found.sort();
    let expected = [
        "mails/app/stock.py",
        "web/login/login.py",
        "web/shop/other.py",
        "web/shop/shop/prices.py",
    ];
    assert_eq!(found, expected);
}

#[test]
fn applications_that_are_not_installed_are_loaded_by_nothing() {
    let models = "from django.db import models\n";
    let files = vec![
        ("shop/settings.py", "INSTALLED_APPS = ['django.contrib.admin', 'orders.apps.Orders']\n"),
        ("orders/__init__.py", ""),
        ("orders/models.py", models),
        ("orders/management/commands/fill.py", ""),
        ("filter/__init__.py", ""),
        ("filter/models.py", models),
        ("filter/management/commands/fill.py", ""),
    ];
    let mut found = idle(&files);
    found.sort();
    assert_eq!(found, ["filter/management/commands/fill.py", "filter/models.py"]);
    for text in ["OWN_APPS = ['filter']\n", "OWN_APPS = env.list('EXTRA')\n"] {
        let more = [&files[..], &[("shop/settings_own.py", text)]].concat();
        assert!(idle(&more).is_empty(), "{text}");
    }
}

#[test]
fn the_lines_of_a_makefile_are_commands() {
    let files = [
        ("shop/main.py", "import os\n"),
        ("shop/jobs.py", ""),
        ("Makefile", "work:\n\tdocker compose exec web celery -A image.jobs.app worker\n"),
    ];
    assert!(idle(&files).is_empty());
    let told = [files[0], files[1], ("README.md", files[2].1)];
    assert_eq!(idle(&told), ["shop/jobs.py"]);
}

#[test]
fn texts_and_commands_name_modules() {
    let files = [
        (
            "shop/main.py",
            "SPIDERS = ['shop.crawlers']\nPARTS = ['beside']\nrun('jobs/nightly.py')\n",
        ),
        ("shop/beside.py", ""),
        ("shop/crawlers/__init__.py", ""),
        ("shop/crawlers/books.py", ""),
        ("shop/jobs/nightly.py", ""),
        ("shop/mail.py", ""),
        ("shop/web.py", ""),
        ("shop/none.py", ""),
        ("deploy/start.sh", "python -m mail\n"),
        ("README.md", "    12:01:03 [INFO] shop.none: orders are loaded\n"),
        ("compose.yaml", "services:\n  web:\n    command: gunicorn shop.web:app\n"),
    ];
    assert_eq!(idle(&files), ["shop/none.py"]);
    let open = [("shop/main.py", "load = import_module(name)\n"), ("shop/none.py", "")];
    assert!(idle(&open).is_empty());
    let below = [
        ("shop/main.py", "load = import_module(f'shop.plugins.{name}')\n"),
        ("scripts/ci/run.py", "load = import_module(name)\n"),
        ("shop/plugins/mail.py", "from shop import post\n"),
        ("shop/post.py", ""),
        ("shop/none.py", ""),
    ];
    assert_eq!(idle(&below), ["shop/none.py"]);
}
