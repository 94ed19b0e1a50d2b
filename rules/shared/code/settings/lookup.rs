//! What names of settings stand for: in their own file, and in the modules that it imports them from. Knows bindings, no
//! rule.

use roadworthy_engine::{FileContext, Names, Values};
use roadworthy_parser::{Outline, SourceFile, Span};
use roadworthy_project::Facts;
use roadworthy_project::facts::PythonFile;

use super::{Setting, evaluate};

/// A file in which names are looked up.
pub(crate) struct Module<'a> {
    source: &'a SourceFile,
    outline: &'a Outline,
    values: Values<'a>,
    /// The dotted name of the module, and whether it is the package itself.
    name: String,
    is_package: bool,
    component: usize,
    facts: Option<&'a Facts<'a>>,
}

impl<'a> Module<'a> {
    /// The file that a rule looks at.
    pub(crate) fn of(file: &FileContext<'a>) -> Self {
        let known = file.in_facts();
        Self {
            source: file.source,
            outline: file.outline,
            values: Values::new(file.source, file.outline),
            name: file.file.module.clone(),
            is_package: file.file.path.file_stem() == Some("__init__"),
            component: known.map_or(file.file.component, |(_, known)| known.component),
            facts: known.map(|(facts, _)| facts),
        }
    }

    /// Another file of the project.
    pub(crate) fn other(
        facts: &'a Facts<'a>,
        file: &'a PythonFile,
        name: &str,
        component: usize,
    ) -> Self {
        Self {
            source: &file.source,
            outline: &file.outline,
            values: Values::new(&file.source, &file.outline),
            name: name.to_owned(),
            is_package: file.path.file_stem() == Some("__init__"),
            component,
            facts: Some(facts),
        }
    }

    /// The text of a range.
    pub(crate) fn slice(&self, span: Span) -> &'a str {
        span.of_text(self.source.text())
    }

    /// What a name is where nothing is set.
    pub(super) fn lookup(&self, dotted: &str, offset: u32, depth: u32) -> Option<Setting> {
        if !dotted.contains('.')
            && let Some((span, at)) = self.bound(dotted, offset)
        {
            return evaluate(self, self.slice(span), at, depth);
        }
        let names = Names::new(self.source, self.outline);
        let canonical = names.resolve(dotted, offset)?;
        if canonical == dotted && !dotted.contains('.') {
            return None;
        }
        self.imported(&canonical, depth)
    }

    /// The expression that a name is bound to: in the function around the offset the last one before it, else the one of
    /// the module.
    fn bound(&self, name: &str, offset: u32) -> Option<(Span, u32)> {
        let bindings = self.values.bindings(name);
        let scope = self.outline.line_at(offset).and_then(|line| line.scope);
        if scope.is_some() {
            let mut own = bindings.iter().filter(|it| it.scope == scope);
            if let Some(binding) = own.next() {
                let single = own.next().is_none() && binding.at < offset;
                return binding.value.filter(|_| single).map(|span| (span, binding.at));
            }
        }
        self.values.constant(name).map(|span| (span, span.start))
    }

    /// A constant of another module, or a field of a settings class whose object stands there.
    fn imported(&self, canonical: &str, depth: u32) -> Option<Setting> {
        let facts = self.facts?;
        let absolute = self.absolute(canonical)?;
        let (owner, name) = absolute.rsplit_once('.')?;
        if let Some((file, component)) = self.module(facts, owner) {
            let module = Module::other(facts, &file, owner, component);
            let span = module.values.constant(name)?;
            return evaluate(&module, module.slice(span), span.start, depth);
        }
        let (owner, _) = owner.rsplit_once('.')?;
        let (file, component) = self.module(facts, owner)?;
        let module = Module::other(facts, &file, owner, component);
        let mut fields = module
            .values
            .bindings(name)
            .iter()
            .filter(|it| it.scope.is_some_and(|id| module.outline.definition(id).is_class()));
        let field = fields.next().filter(|_| fields.next().is_none())?;
        let setting = evaluate(&module, module.slice(field.value?), field.at, depth)?;
        Some(Setting { is_default: true, ..setting })
    }

    fn module(&self, facts: &Facts<'_>, name: &str) -> Option<(std::sync::Arc<PythonFile>, usize)> {
        let files =
            facts.modules().of_name(name).iter().map(|&index| &facts.project().files[index]);
        let mut own = files.filter(|it| it.component == self.component);
        let file = own.next().filter(|_| own.next().is_none())?;
        facts.python(&file.path).map(|read| (read, file.component))
    }

    /// The absolute name of a relative one.
    fn absolute(&self, canonical: &str) -> Option<String> {
        let name = canonical.trim_start_matches('.');
        let level = canonical.len() - name.len();
        if level == 0 {
            return Some(canonical.to_owned());
        }
        let mut around: Vec<&str> = self.name.split('.').collect();
        let up = if self.is_package { level - 1 } else { level };
        around.truncate(around.len().checked_sub(up)?);
        around.push(name);
        Some(around.join("."))
    }
}
