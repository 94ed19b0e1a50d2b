//! Projects in memory, and which of their files anything uses.

use roadworthy_project::Project;

use crate::{Catalog, Rule, RuleFile, RunOptions, Settings, lint};

/// A rule that counts each file.
const RULE: &str = r#"
name = "a"
summary = "a"
why = "a"
fix = "a"
severity = "info"
scope = "statement"
site = "file"
applies_to = ["python"]
triggers = ["never"]
query = "(identifier) @finding"
"#;

/// The files of a project that nothing reaches.
fn idle(files: &[(&str, &str)]) -> Vec<String> {
    let rule = RuleFile::parse(RULE).and_then(|file| file.into_rule("own", RULE)).unwrap();
    let rule: &'static Rule = Box::leak(Box::new(rule));
    let catalog = Catalog::new([rule]);
    let project = Project::in_memory(files.iter().copied());
    let options = RunOptions { sites: true, ..RunOptions::default() };
    let outcome = lint(&project, &catalog, &Settings::of_all(&catalog), options);
    let idle = outcome.sites.into_iter().filter(|file| !file.reached);
    idle.map(|file| file.path.into_string()).collect()
}

const MANIFEST: (&str, &str) = ("pyproject.toml", "[project]\nname = 'shop'\n");

#[test]
fn what_is_imported_is_reached() {
    let files = [
        MANIFEST,
        ("shop/__init__.py", ""),
        ("shop/main.py", "import shop.cart\nfrom shop import stock\nfrom .price import total\n"),
        ("shop/cart.py", "from ..shop.deep.way import find\n"),
        ("shop/stock.py", ""),
        ("shop/price.py", "HANDLER = 'shop.by_text.handle'\nOTHER = 'shop.text:handle'\n"),
        ("shop/by_text.py", ""),
        ("shop/text.py", ""),
        ("shop/unused.py", "import shop.unused\n"),
        ("shop/deep/__init__.py", ""),
        ("shop/deep/way.py", "def find():\n    from . import late\n"),
        ("shop/deep/late.py", ""),
        ("shop/deep/tested.py", ""),
        ("tests/test_deep.py", "from shop.deep import tested\n"),
    ];
    assert_eq!(idle(&files), ["shop/deep/tested.py", "shop/unused.py"]);
}

#[test]
fn what_is_started_or_loaded_by_name_is_reached() {
    let files = [
        MANIFEST,
        ("alone.py", ""),
        ("shop/urls.py", ""),
        ("shop/settings_prod.py", ""),
        ("shop/migrations/first.py", ""),
        ("shop/started.py", "if __name__ == '__main__':\n    run()\n"),
        ("shop/served.py", ""),
        ("shop/idle.py", ""),
        ("Dockerfile", "FROM python:3.13\nCOPY . .\nCMD [\"python\", \"-m\", \"shop.served\"]\n"),
    ];
    assert_eq!(idle(&files), ["shop/idle.py"]);
}

#[test]
fn where_imports_begin_need_not_be_known() {
    let files = [
        MANIFEST,
        ("backend/app/main.py", "from app.orders import Order\n"),
        ("backend/app/orders.py", ""),
        ("backend/app/idle.py", ""),
    ];
    assert_eq!(idle(&files), ["backend/app/idle.py"]);
}

#[test]
fn in_doubt_all_is_reached() {
    let loads = [
        MANIFEST,
        ("shop/main.py", "from importlib import import_module\nimport_module(name)\n"),
        ("shop/idle.py", ""),
    ];
    assert!(idle(&loads).is_empty());
    let library = [
        ("pyproject.toml", "[project]\nname = 'shop'\n[build-system]\nrequires = ['hatchling']\n"),
        ("shop/__init__.py", ""),
        ("shop/public.py", ""),
    ];
    assert!(idle(&library).is_empty());
}
