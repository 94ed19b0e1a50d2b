//! Names as Python resolves them: through the imports of the file. Knows one file, no rule.

use std::borrow::Cow;

use roadworthy_parser::{Import, ImportKind, Outline, SourceFile};
use rustc_hash::{FxHashMap, FxHashSet};

/// What the names at the top of dotted names mean in a file.
#[derive(Debug)]
pub struct Names<'a> {
    outline: &'a Outline,
    bound: FxHashMap<&'a str, Vec<Binding<'a>>>,
    defined: FxHashSet<&'a str>,
}

#[derive(Debug)]
struct Binding<'a> {
    import: &'a Import,
    canonical: String,
}

impl<'a> Names<'a> {
    /// Reads the imports and module-level definitions of a file.
    pub fn new(source: &'a SourceFile, outline: &'a Outline) -> Self {
        let mut bound: FxHashMap<&str, Vec<Binding<'_>>> = FxHashMap::default();
        bound.reserve(outline.imports.len());
        for import in &outline.imports {
            if let Some((name, canonical)) = binding(source, import) {
                bound.entry(name).or_default().push(Binding { import, canonical });
            }
        }
        let top = outline.definitions.iter().filter(|definition| definition.parent.is_none());
        let defined = top.map(|definition| source.slice(definition.name)).collect();
        Self { outline, bound, defined }
    }

    /// The canonical name of a dotted name used at `offset`: `g` is `requests.get` behind
    /// `from requests import get as g`. A relative import keeps its dots: `.models.User`.
    ///
    /// A single name that the file neither imports nor defines at its top level is taken for a
    /// builtin and stays what it is. Everything else that no import binds is `None`.
    pub fn resolve<'t>(&self, dotted: &'t str, offset: u32) -> Option<Cow<'t, str>> {
        let (first, rest) = match dotted.split_once('.') {
            Some((first, rest)) => (first, Some(rest)),
            None => (dotted, None),
        };
        let visible = |import: &Import| {
            import.scope.is_none_or(|scope| self.outline.definition(scope).span.contains(offset))
        };
        let bindings = self.bound.get(first).map(Vec::as_slice).unwrap_or_default();
        if let Some(binding) = bindings.iter().rev().find(|binding| visible(binding.import)) {
            return Some(Cow::Owned(match rest {
                Some(rest) => format!("{}.{rest}", binding.canonical),
                None => binding.canonical.clone(),
            }));
        }
        let builtin = rest.is_none() && !self.defined.contains(first);
        builtin.then_some(Cow::Borrowed(dotted))
    }

    /// Whether the file imports the module, or something below or from it.
    pub fn imports_module(&self, module: &str) -> bool {
        self.bound.values().flatten().any(|binding| {
            binding
                .canonical
                .strip_prefix(module)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        })
    }
}

/// The local name that an import binds and what it stands for.
fn binding<'a>(source: &'a SourceFile, import: &Import) -> Option<(&'a str, String)> {
    // One buffer for all parts: files import dozens of names.
    let module = |name: &str| {
        let written = roadworthy_parser::dotted_text(source.text(), import.module);
        let level = import.level as usize;
        let mut module = String::with_capacity(level + written.len() + 1 + name.len());
        module.extend(std::iter::repeat_n('.', level));
        module.push_str(&written);
        module
    };
    match (import.kind, import.alias) {
        (ImportKind::Star, _) => None,
        (ImportKind::Module, Some(alias)) => Some((source.slice(alias), module(""))),
        // `import a.b` binds `a`.
        (ImportKind::Module, None) => {
            let first = source.slice(import.module).split(['.', ' ', '\t', '\\']).next()?;
            Some((first, first.to_owned()))
        }
        (ImportKind::From, alias) => {
            let name = source.slice(import.name);
            let mut canonical = module(name);
            if !canonical.is_empty() && !canonical.ends_with('.') {
                canonical.push('.');
            }
            canonical.push_str(name);
            Some((alias.map_or(name, |alias| source.slice(alias)), canonical))
        }
    }
}
