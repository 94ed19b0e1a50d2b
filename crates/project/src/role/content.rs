//! The role that contents show. Knows outlines and a component's facts; asks the path only where the
//! same contents mean different things in different places.

mod command;
mod header;
mod script;

use std::borrow::Cow;

use roadworthy_parser::{
    Definition, Import, ImportKind, Keyword, LogicalLine, Outline, Span, dotted_text,
};

use super::{Role, RoleReason};
use crate::component::Component;
use crate::project::File;
use crate::role::Strength;

/// Modules that only tests import.
const TEST_MODULES: [&str; 8] = [
    "pytest",
    "unittest",
    "hypothesis",
    "nose",
    "testify",
    "behave",
    "twisted.trial",
    "django.test",
];

/// Names that only the settings module of a Django project assigns.
const DJANGO_SETTINGS: [&str; 4] = ["INSTALLED_APPS", "ROOT_URLCONF", "DATABASES", "MIDDLEWARE"];

/// A question to a file's contents, answered by the evidence.
type Question<'q, 'c> = fn(&'q Content<'c>) -> Option<Cow<'static, str>>;

/// One file as far as its role is concerned.
pub(super) struct Content<'c> {
    file: &'c File,
    component: &'c Component,
    text: &'c str,
    outline: &'c Outline,
}

impl<'c> Content<'c> {
    pub(super) fn new(
        file: &'c File,
        component: &'c Component,
        text: &'c str,
        outline: &'c Outline,
    ) -> Self {
        Self { file, component, text, outline }
    }

    /// Whether the contents show that a file's name was misread: a test that tests nothing, a `__main__.py` that takes no
    /// arguments and is a service.
    pub(super) fn contradicts(&self, found: &RoleReason) -> bool {
        if self.file.strength != Strength::ByName {
            return false;
        }
        match found.role {
            Role::Test => {
                self.outline.flaw.is_none()
                    && !self.outline.definitions.is_empty()
                    && !self.defines_tests()
                    && !self.imports_any(&TEST_MODULES)
            }
            Role::Cli => !self.takes_arguments() && self.serves().is_some(),
            _ => false,
        }
    }

    /// The first role with evidence that outranks a limit.
    pub(super) fn role_before(&self, limit: u8) -> Option<RoleReason> {
        let questions: [(Role, Question<'_, '_>); 10] = [
            (Role::Vendored, |content| header::copied(content.text, &content.component.name)),
            (Role::Generated, |content| header::generated(content.text)),
            (Role::Test, Self::test),
            (Role::Migration, Self::migration),
            (Role::Notebook, |content| header::notebook(content.text, content.outline)),
            (Role::Example, |content| header::sample(content.text, content.outline)),
            (Role::Example, Self::demonstration),
            (Role::Settings, Self::settings),
            (Role::Cli, Self::command),
            (Role::Script, Self::script),
        ];
        questions
            .into_iter()
            .take_while(|(role, _)| role.rank() < limit)
            .find_map(|(role, ask)| ask(self).map(|reason| RoleReason::new(role, reason)))
    }

    fn test(&self) -> Option<Cow<'static, str>> {
        if self.imports_any(&["pytest"]) && self.defines_fixtures() {
            return Some(Cow::Borrowed("defines fixtures of pytest"));
        }
        (self.imports_any(&TEST_MODULES) && !self.is_made_for_import() && self.defines_tests())
            .then_some(Cow::Borrowed("imports a test framework and defines tests"))
            .or_else(|| self.settings_of_tests())
    }

    /// What only the settings of a suite say: routes of the tests, an app of the tests, a database in memory and no other.
    fn settings_of_tests(&self) -> Option<Cow<'static, str>> {
        let has_line = |name: &str, parts: &[&str]| {
            self.module_lines().any(|line| {
                let text = self.of(line.span);
                text.strip_prefix(name).is_some_and(|it| it.trim_start().starts_with('='))
                    && parts.iter().any(|part| text.contains(part))
            })
        };
        if !self.assigns("INSTALLED_APPS") {
            return None;
        }
        let routes = has_line(
            "ROOT_URLCONF",
            &[".tests.", ".tests\"", ".tests'", "\"tests.", "'tests.", ".test_urls", "\"test_"],
        );
        let apps = has_line("INSTALLED_APPS", &[".tests\"", ".tests'", "\"tests\"", "'tests'"]);
        let databases = self.text.matches("ENGINE").count();
        let memory = databases == 1 && has_line("DATABASES", &["\":memory:\"", "':memory:'"]);
        if routes {
            Some("ROOT_URLCONF names the routes of tests".into())
        } else if apps {
            Some("INSTALLED_APPS names an app of tests".into())
        } else {
            memory.then_some("its only database lies in memory".into())
        }
    }

    /// Whether there is a function or class that test runners collect.
    fn defines_tests(&self) -> bool {
        self.outline.definitions.iter().any(|definition| {
            let name = self.of(definition.name);
            if definition.is_function() {
                // A method may be called so in any class: `test_database_name`.
                definition.parent.is_none() && (name.starts_with("test_") || name == "test")
            } else {
                self.bases(definition).any(|base| base.ends_with("TestCase"))
                    || name.starts_with("Test") && self.has_test_method(definition)
            }
        })
    }

    /// Whether there is something that only pytest calls: a plugin of it is made for import, and yet for tests.
    fn defines_fixtures(&self) -> bool {
        self.outline.definitions.iter().any(|definition| {
            self.outline.decorators(definition).iter().any(|&decorator| {
                let name = self.of(decorator).split('(').next().unwrap_or_default();
                matches!(name.trim_end(), "pytest.fixture" | "pytest_asyncio.fixture")
            })
        })
    }

    fn has_test_method(&self, class: &Definition) -> bool {
        self.outline.definitions.iter().any(|definition| {
            definition.is_function()
                && class.body.covers(definition.span)
                && self.of(definition.name).starts_with("test")
        })
    }

    fn migration(&self) -> Option<Cow<'static, str>> {
        for class in self.outline.definitions.iter().filter(|definition| definition.is_class()) {
            if self.of(class.name) != "Migration" {
                continue;
            }
            let base = self.bases(class).find(|base| {
                base.ends_with("migrations.Migration")
                    || base == "Migration" && self.imports_any(&["django.db"])
            });
            if let Some(base) = base {
                return Some(format!("class Migration({base})").into());
            }
        }
        if self.assigns("down_revision") && self.assigns("revision") {
            return Some("assigns revision and down_revision, as Alembic asks".into());
        }
        let environment = self.file.path.file_name() == Some("env.py");
        (environment
            && self
                .outline
                .imports
                .iter()
                .any(|import| self.full_name(import) == "alembic.context"))
        .then_some("is the env.py of Alembic".into())
    }

    /// A script beside the manifest whose head says that it only shows how something is done. What is installed as a command,
    /// or named by its place, is more than that.
    fn demonstration(&self) -> Option<Cow<'static, str>> {
        let folder = self.file.absolute.parent()?;
        if folder != self.component.root || self.file.path_role.is_some() {
            return None;
        }
        // A service is one, though its head calls it an example, if it is named as those are that are started.
        let stem = self.file.path.file_stem().unwrap_or_default();
        let is_started = ["app", "main", "server", "run", "api", "wsgi", "asgi"].contains(&stem);
        let runs =
            || self.script().is_some() || !self.outline.main_guards.is_empty() && !is_started;
        header::shows(self.text).filter(|_| runs())
    }

    fn settings(&self) -> Option<Cow<'static, str>> {
        let mut found = DJANGO_SETTINGS.into_iter().filter(|name| self.assigns(name));
        let first = found.next()?;
        // The other words are also what a program may call its own list of databases.
        let alone = matches!(first, "INSTALLED_APPS" | "ROOT_URLCONF");
        let named = self.file.path_role.as_ref().is_some_and(|found| found.role == Role::Settings);
        (alone || named || found.next().is_some())
            .then(|| format!("assigns {first}, as the settings of Django do").into())
    }

    /// The text of a range.
    fn of(&self, span: Span) -> &'c str {
        span.of_text(self.text)
    }

    /// The bases of a class as dotted names, as they are written.
    fn bases(&self, class: &Definition) -> impl Iterator<Item = Cow<'c, str>> {
        let bases = self.outline.arguments(class).iter().filter(|base| base.keyword.is_none());
        bases.map(|base| dotted_text(self.text, base.value))
    }

    /// The logical lines of the module itself, those in its blocks included.
    fn module_lines(&self) -> impl Iterator<Item = &'c LogicalLine> {
        self.outline.lines.iter().filter(|line| line.scope.is_none())
    }

    /// Whether a statement of the module assigns a name, at any depth of its blocks.
    fn assigns(&self, name: &str) -> bool {
        self.module_lines().filter(|line| line.keyword == Keyword::Other).any(|line| {
            let Some(behind) = self.of(line.span).strip_prefix(name) else { return false };
            let behind = behind.trim_start();
            behind.starts_with('=') && !behind.starts_with("==")
                || behind.starts_with("+=")
                || behind.starts_with(':') && behind.contains('=')
        })
    }

    /// Whether one of these modules, or something in it, is imported.
    fn imports_any(&self, modules: &[&str]) -> bool {
        self.outline.imports.iter().any(|import| {
            if import.level > 0 {
                return false;
            }
            let module = self.of(import.module);
            modules.iter().any(|wanted| {
                module == *wanted
                    || module.strip_prefix(wanted).is_some_and(|rest| rest.starts_with('.'))
            })
        })
    }

    /// The dotted name that an import stands for.
    fn full_name(&self, import: &Import) -> String {
        let module = dotted_text(self.text, import.module);
        match import.kind {
            ImportKind::From if import.level == 0 => format!("{module}.{}", self.of(import.name)),
            _ => module.into_owned(),
        }
    }

    /// A dotted name with its first part replaced by what an import of the file binds to it.
    fn resolve(&self, name: &str) -> String {
        let (first, rest) = name.split_once('.').unwrap_or((name, ""));
        let bound = self.outline.imports.iter().find(|import| {
            let local = match (import.alias, import.kind) {
                (Some(alias), _) => self.of(alias),
                (None, ImportKind::From) => self.of(import.name),
                // `import a.b` binds `a`, which is its own name already.
                (None, ImportKind::Module | ImportKind::Star) => return false,
            };
            local == first && import.level == 0
        });
        match (bound, rest) {
            (None, _) => name.to_owned(),
            (Some(import), "") => self.full_name(import),
            (Some(import), rest) => format!("{}.{rest}", self.full_name(import)),
        }
    }

    /// Whether one of these packages, or something in it, is imported.
    fn imports_package(&self, packages: &[&str]) -> bool {
        self.outline.imports.iter().filter(|import| import.level == 0).any(|import| {
            let module = self.of(import.module);
            packages.contains(&module.split('.').next().unwrap_or_default().trim_end())
        })
    }

    /// Whether a call of one of these full names stands anywhere. The last part of a name is compared
    /// before it is resolved.
    fn calls_any(&self, wanted: &[&'static str]) -> Option<&'static str> {
        self.outline.calls.iter().filter(|call| !call.attached).find_map(|call| {
            let name = dotted_text(self.text, call.name);
            // Anything may be renamed by an import, so that only names without one are ruled out.
            let last = name.rsplit('.').next().unwrap_or_default();
            let possible = |full: &&&str| full.rsplit('.').next() == Some(last);
            let mut candidates = wanted.iter().filter(possible).peekable();
            candidates.peek()?;
            let full = self.resolve(&name);
            candidates.find(|wanted| **wanted == full).copied()
        })
    }
}

#[cfg(test)]
pub(super) fn says_generated(text: &str) -> bool {
    header::generated(text).is_some()
}
