//! Whether a file is run and imported by nobody. Knows what modules are like that others import.

use std::borrow::Cow;

use roadworthy_parser::Keyword;

use super::Content;
use crate::read::is_python_shebang;

impl Content<'_> {
    pub(super) fn script(&self) -> Option<Cow<'static, str>> {
        let guarded = !self.outline.main_guards.is_empty();
        // Inside a package a guard is mostly there to try the module out: the rest of it is imported.
        let is_tool = guarded && self.lies_among_tools();
        if self.file.in_package && !is_tool {
            return None;
        }
        if self.serves().is_some() || self.is_made_for_import() {
            return None;
        }
        if self.imports_any(&["invoke"]) && self.file.path.file_name() == Some("tasks.py") {
            return Some("is run by invoke".into());
        }
        if is_tool {
            return Some("has a __main__ guard and lies in `tools` beside the product".into());
        }
        let extension = self.file.path.extension();
        let shebang = is_python_shebang(self.text.as_bytes());
        if shebang && (extension.is_none() || guarded) {
            return Some("begins with a shebang and lies in no package".into());
        }
        if guarded && let Some(name) = self.guarded_call() {
            return Some(
                format!("calls {name}() under a __main__ guard and lies in no package").into(),
            );
        }
        // Airflow loads a module to see which graphs it declares, mostly by such a call:
        // <https://airflow.apache.org/docs/apache-airflow/stable/core-concepts/dags.html#loading-dags>.
        if self.imports_any(&["airflow"]) {
            return None;
        }
        let work = self.module_work()?;
        Some(format!("does its work when it is loaded ({work}) and lies in no package").into())
    }

    /// Whether the file lies directly in the folder of those who work on the project.
    fn lies_among_tools(&self) -> bool {
        self.file.absolute.parent().is_some_and(|folder| {
            folder.file_name() == Some("tools")
                && folder
                    .parent()
                    .is_some_and(|it| *it == self.component.root || it == self.component.base())
        })
    }

    /// Whether the file names what it exports, or is an `__init__.py`.
    pub(super) fn is_made_for_import(&self) -> bool {
        self.file.path.file_name() == Some("__init__.py") || self.assigns("__all__")
    }

    /// A function of the file that its guard calls.
    fn guarded_call(&self) -> Option<&str> {
        self.outline
            .calls
            .iter()
            .filter(|call| !call.attached && self.outline.under_main_guard(call.name.start))
            .map(|call| self.of(call.name))
            .find(|name| self.defines_function(name))
    }

    fn defines_function(&self, name: &str) -> bool {
        self.outline.definitions.iter().any(|definition| {
            definition.parent.is_none()
                && definition.is_function()
                && self.of(definition.name) == name
        })
    }

    /// A statement of the module that does work at import: it prints, or calls a function of the file
    /// for its effect.
    fn module_work(&self) -> Option<String> {
        self.module_lines()
            .filter(|line| line.keyword == Keyword::Other)
            .filter(|line| !self.outline.under_main_guard(line.span.start))
            .find_map(|line| {
                let text = self.of(line.span);
                let call = text.strip_prefix("asyncio.run(").unwrap_or(text);
                let name = call.split('(').next().filter(|name| name.len() < call.len())?;
                let runs = name == "print" && line.indent == 0 || self.defines_function(name);
                runs.then(|| format!("{name}()"))
            })
    }
}
