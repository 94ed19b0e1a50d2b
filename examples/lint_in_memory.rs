//! Lints a project that lies in memory by the built-in rules: `cargo run --example lint_in_memory`.

use roadworthy_engine::{RunOptions, Settings, lint};
use roadworthy_project::Project;

fn main() {
    let catalog = roadworthy_rules::catalog();
    let settings = Settings::of_all(&catalog);
    let service = "try:\n    gateway.charge(order)\nexcept Exception:\n    pass\n";
    let mut project = Project::in_memory([
        ("pyproject.toml", "[project]\nname = 'shop'\n[project.scripts]\nshop = 'shop.cli:main'\n"),
        ("shop/payments.py", service),
        ("shop/cli.py", "def main() -> None:\n    print('a command may print')\n"),
        ("tests/test_payments.py", service),
    ]);
    show(&lint(&project, &catalog, &settings, RunOptions::default()));

    // Of an editor that has one file open: judged as in the whole project.
    project.files.retain(|file| file.path == "shop/payments.py");
    show(&lint(&project, &catalog, &settings, RunOptions::default()));
}

#[expect(clippy::print_stdout, reason = "an example shows what it does")]
fn show(outcome: &roadworthy_engine::Outcome) {
    for finding in &outcome.findings {
        let line = finding.start.line;
        println!(
            "{}:{line}: {}[{}] {}",
            finding.path, finding.severity, finding.rule.name, finding.message
        );
    }
}
