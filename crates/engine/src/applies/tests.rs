//! Projects in memory, and what there is to judge in them.

use camino::Utf8Path;

use super::*;

/// Whether a kind of sites is to be judged in the first component of a project.
fn applies(files: &[(&str, &str)], kind: SiteKind) -> Applies {
    let project = Project::in_memory(files.iter().copied());
    let read = |path: &Utf8Path| project.read_bytes(path);
    let facts = Facts::new(&project, &read, None);
    Counter::new(&facts).count(kind, 0)
}

const MANIFEST: (&str, &str) =
    ("pyproject.toml", "[project]\nname = 'shop'\ndependencies = ['attrs']\n");
const CODE: (&str, &str) = ("shop/main.py", "a = 1\n");
const TEST: (&str, &str) = ("tests/test_main.py", "def test_a():\n    assert a\n");
const WORKFLOW: (&str, &str) = (
    ".github/workflows/ci.yml",
    "on: push\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - run: pytest\n",
);

#[test]
fn a_rule_applies_where_there_is_something_to_judge() {
    let bare = [MANIFEST, CODE];
    assert_eq!(applies(&bare, SiteKind::Component), Applies::To(1));
    assert_eq!(applies(&bare, SiteKind::Manifest), Applies::To(1));
    for kind in [
        SiteKind::Image,
        SiteKind::Process,
        SiteKind::Workflow,
        SiteKind::Pipeline,
        SiteKind::Suite,
        SiteKind::Tested,
        SiteKind::Lock,
        SiteKind::Audit,
        SiteKind::Readme,
        SiteKind::Settings,
        SiteKind::Service,
        SiteKind::Library,
    ] {
        assert_eq!(applies(&bare, kind), Applies::ToNothing, "{kind:?}");
    }
    let full = [
        MANIFEST,
        CODE,
        TEST,
        WORKFLOW,
        ("Dockerfile", "FROM python:3.13\nCOPY . .\nCMD [\"python\", \"-m\", \"shop.main\"]\n"),
        ("README.md", "# Shop\n\n```sh\nmake run\n```\n"),
        (
            "manage.py",
            "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')\n",
        ),
    ];
    for kind in [
        SiteKind::Image,
        SiteKind::Process,
        SiteKind::Entry,
        SiteKind::Workflow,
        SiteKind::Pipeline,
        SiteKind::Suite,
        SiteKind::Tested,
        SiteKind::Readme,
        SiteKind::Settings,
        SiteKind::Python,
    ] {
        assert_eq!(applies(&full, kind), Applies::To(1), "{kind:?}");
    }
}

#[test]
fn what_cannot_be_read_is_unknown() {
    let broken = ("pyproject.toml", "[project\nname = 'shop'\n");
    let Applies::Unknown(reason) = applies(&[broken, CODE], SiteKind::Manifest) else {
        panic!("a broken manifest says nothing")
    };
    assert!(reason.starts_with("pyproject.toml "), "{reason}");

    let broken = (".github/workflows/ci.yml", "on: push\njobs:\n  test: [\n");
    for kind in [SiteKind::Workflow, SiteKind::Suite] {
        let applies = applies(&[MANIFEST, CODE, TEST, broken], kind);
        assert!(matches!(applies, Applies::Unknown(_)), "{kind:?}: {applies:?}");
    }

    let elsewhere = "on: push\njobs:\n  test:\n    uses: other/repo/.github/workflows/t.yml@v1\n";
    let elsewhere = [MANIFEST, CODE, TEST, (".github/workflows/ci.yml", elsewhere)];
    assert!(matches!(applies(&elsewhere, SiteKind::Suite), Applies::Unknown(_)));
    assert_eq!(applies(&elsewhere, SiteKind::Workflow), Applies::To(1));

    // A day is never taken from a clock.
    let image = [MANIFEST, CODE, ("Dockerfile", "FROM python:3.7\nCOPY . .\nCMD [\"python\"]\n")];
    assert!(matches!(applies(&image, SiteKind::Runtime), Applies::Unknown(_)));
}
