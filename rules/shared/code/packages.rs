//! Which modules of a component a build leaves out of what it brings out. Knows the words of setuptools, no code.

use roadworthy_project::{Facts, File};

/// Whether `pyproject.toml` lists the packages that are brought out, and a file lies in none of them.
pub(crate) fn leave_out(facts: &Facts<'_>, file: &File) -> bool {
    let project = facts.project();
    let Some(component) = project.components.get(file.component) else { return false };
    let Ok(inside) = file.absolute.strip_prefix(&component.root) else { return false };
    let Some(first) = inside.components().next() else { return false };
    let first = first.as_str();
    facts.answer(file.component, format!("a build leaves out {first}"), || {
        let path = component.path.join("pyproject.toml");
        let manifest = project.read_bytes(&path).ok();
        let listed = manifest.and_then(|it| listed(&String::from_utf8_lossy(&it)));
        listed.is_some_and(|it| !it.is_empty() && !it.iter().any(|it| is_of(it, first)))
    })
}

/// What `[tool.setuptools.packages.find]` includes, where it looks at the top alone.
fn listed(manifest: &str) -> Option<Vec<String>> {
    let manifest: toml::Table = manifest.parse().ok()?;
    let find = ["tool", "setuptools", "packages", "find"];
    let mut table = &manifest;
    for name in find {
        table = table.get(name)?.as_table()?;
    }
    let at_top = table
        .get("where")
        .and_then(toml::Value::as_array)
        .is_none_or(|it| it.iter().all(|it| it.as_str() == Some(".")));
    let include = table.get("include")?.as_array()?;
    at_top.then(|| include.iter().filter_map(|it| Some(it.as_str()?.to_owned())).collect())
}

/// Whether a pattern, `shop*` or `shop.*`, means a package at the top. One that begins otherwise may mean any.
fn is_of(pattern: &str, package: &str) -> bool {
    let (begin, is_open) = pattern.split_once('*').map_or((pattern, false), |it| (it.0, true));
    let (first, is_whole) = begin.split_once('.').map_or((begin, !is_open), |it| (it.0, true));
    if is_whole { first == package } else { package.starts_with(first) }
}

#[cfg(test)]
mod tests {
    use super::{is_of, listed};

    #[test]
    fn packages_that_are_listed_are_brought_out() {
        let listed = |text: &str| listed(text).unwrap_or_default();
        let text = "[tool.setuptools.packages.find]\ninclude = [\"shop*\", \"till.*\"]\n";
        assert_eq!(listed(text), ["shop*", "till.*"]);
        assert!(listed(&format!("{text}where = [\"src\"]\n")).is_empty());
        assert!(listed("[tool.setuptools]\npackages = [\"shop\"]\n").is_empty());
        for (pattern, package) in [("shop*", "shop_utils"), ("till.*", "till"), ("*", "shop")] {
            assert!(is_of(pattern, package), "{pattern} {package}");
        }
        assert!(!is_of("shop", "shops") && !is_of("till.*", "tills") && !is_of("shop*", "etl"));
    }
}
