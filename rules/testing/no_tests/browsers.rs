//! Whether code looks at pages by a browser for the sake of tests. Knows libraries and what lies beside the code, no level.

use roadworthy_project::facts::PythonFile;
use roadworthy_project::facts::profile::Profile;
use roadworthy_project::{Facts, File};

use crate::shared::delivery::builds::pipelines;

/// The libraries by which the code of a component would describe pages for tests. Who gathers data drives browsers too: those that
/// do only that count where the component has a sign of tests, and neither serves nor runs by itself.
pub(super) fn page_libraries(
    facts: &Facts<'_>,
    index: usize,
    own: &[&File],
) -> &'static [&'static str] {
    const LIBRARIES: [&str; 6] =
        ["navmazing", "pylenium", "widgetastic", "playwright", "selenium", "seleniumbase"];
    const FOR_TESTS: usize = 3;
    const FOLDERS: [&str; 5] = ["locators", "page_objects", "pageobjects", "pages", "pom"];
    let has_folder =
        || own.iter().any(|it| it.path.components().any(|it| FOLDERS.contains(&it.as_str())));
    let has_runner = || {
        let dependencies = facts.dependencies().components.get(index);
        dependencies.is_some_and(|it| it.declared().any(|it| it.name.starts_with("pytest")))
    };
    let is_for_tests = (has_folder() || has_runner()) && !runs_by_itself(facts, index);
    if is_for_tests { &LIBRARIES } else { &LIBRARIES[..FOR_TESTS] }
}

/// Whether a component serves, has an image or something that starts it, or a pipeline has a schedule.
fn runs_by_itself(facts: &Facts<'_>, index: usize) -> bool {
    let containers = facts.containers();
    let serves = facts
        .profiles()
        .get(index)
        .is_some_and(|it| it.is(Profile::Service) || it.is(Profile::Pipeline));
    serves
        || containers.images.iter().any(|it| it.component == Some(index))
        || containers.processes.iter().any(|it| it.component == Some(index))
        || pipelines(facts).iter().any(|path| {
            facts.text(path).whole().is_some_and(|document| {
                document.text().lines().any(|it| it.trim_start().starts_with("schedule:"))
            })
        })
}

/// Whether a file takes one of some libraries, or what adds to it: `widgetastic_patternfly`.
pub(super) fn takes_any(file: &PythonFile, libraries: &[&str]) -> bool {
    let text = file.source.text();
    file.outline.imports.iter().any(|import| {
        let top = import.module.of_text(text).split('.').next().unwrap_or_default();
        libraries.contains(&top) || top.starts_with("widgetastic")
    })
}

#[cfg(test)]
mod tests {
    use camino::Utf8Path;
    use roadworthy_project::Project;

    use super::*;

    #[test]
    fn a_browser_alone_is_no_sign_of_tests() {
        let counts = |requirements: &str, other: (&str, &str)| {
            let files =
                [("shop.py", "import selenium\n"), ("requirements.txt", requirements), other];
            let project = Project::in_memory(files);
            let read = |path: &Utf8Path| project.read_bytes(path);
            let facts = Facts::new(&project, &read, None);
            let own: Vec<&File> = project.files.iter().filter(|it| it.kind.is_python()).collect();
            page_libraries(&facts, 0, &own).contains(&"selenium")
        };
        let nothing = ("README.md", "Shop\n");
        assert!(!counts("selenium\n", nothing));
        assert!(counts("selenium\npytest\n", nothing));
        assert!(counts("selenium\n", ("locators/cart.py", "CART = 1\n")));
        let image = ("Dockerfile", "FROM python:3.13\nCOPY . .\nCMD [\"python\", \"shop.py\"]\n");
        assert!(!counts("selenium\npytest\n", image));
        let schedule = (".github/workflows/run.yml", "on:\n  schedule:\n    - cron: '0 4 * * *'\n");
        assert!(!counts("selenium\npytest\n", schedule));
    }
}
