//! Files that nobody here wrote: their head, or that of their package, names another owner than the project's, where hardly any
//! file names one, or a generator left its mark above them. Knows notices and marks, not what is missing in signatures.

use camino::Utf8Path;
use roadworthy_engine::FileContext;
use roadworthy_project::File;
use roadworthy_project::facts::Facts;

use crate::shared::code::text::beginning;

/// As many files of a component tell whether its authors write notices.
const ENOUGH: usize = 60;

/// Of fewer files nobody can say what is usual.
const FEW: usize = 10;

/// Where a component names its owners.
const OF_OWNERS: [&str; 7] = [
    "LICENSE",
    "LICENSE.md",
    "LICENSE.txt",
    "README.md",
    "pyproject.toml",
    "setup.cfg",
    "setup.py",
];

/// What generators leave in the folder that they write to.
const OF_GENERATORS: [&str; 4] = [
    ".openapi-generator-ignore",
    ".openapi-generator/VERSION",
    ".swagger-codegen-ignore",
    ".swagger-codegen/VERSION",
];

/// Whether a generator of clients writes to a folder around a file.
pub(super) fn is_generated(file: &FileContext<'_>) -> bool {
    let Some((facts, known)) = file.in_facts() else { return false };
    known.path.ancestors().skip(1).any(|folder| {
        facts.answer(known.component, format!("a generator writes to {folder}"), || {
            OF_GENERATORS.iter().any(|it| read(facts, &folder.join(it)).is_some())
        })
    })
}

/// Whether a file, or the package that it lies in, came from somebody else.
pub(super) fn is_foreign(file: &FileContext<'_>) -> bool {
    let Some((facts, known)) = file.in_facts() else { return false };
    let component = known.component;
    let is_others = |text: &str| {
        owner(text).is_some_and(|it| {
            are_notices_rare(facts, component) && !is_named_as_owner(facts, component, &it)
        })
    };
    is_others(file.source.text()) || {
        let folder = known.path.parent().unwrap_or(Utf8Path::new(""));
        facts.answer(component, format!("the package {folder} is somebody else's"), || {
            let begins = |folder: &Utf8Path| folder.join("__init__.py");
            let is_nested = folder.parent().is_some_and(|it| facts.tree().is_file(&begins(it)));
            is_nested && read(facts, &begins(folder)).is_some_and(|it| is_others(&it))
        })
    }
}

fn read(facts: &Facts<'_>, path: &Utf8Path) -> Option<String> {
    let bytes = facts.project().read_bytes(path).ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

/// Whether hardly any file of a component names an owner.
fn are_notices_rare(facts: &Facts<'_>, component: usize) -> bool {
    facts.answer(component, "hardly any file names an owner".to_owned(), || {
        let project = facts.project();
        let is_judged = |it: &&File| it.kind.is_python() && it.component == component;
        let files: Vec<&File> = project.files.iter().filter(is_judged).collect();
        // Those that are read lie all over the component.
        let step = files.len().div_ceil(ENOUGH).max(1);
        let read = files.iter().step_by(step).filter_map(|it| facts.source(it));
        let named = read.filter(|it| owner(it.text()).is_some()).count();
        files.len() >= FEW && named * 10 <= files.len().div_ceil(step)
    })
}

/// Whether the licence, the manifest or the description of a component names an owner.
fn is_named_as_owner(facts: &Facts<'_>, component: usize, owner: &str) -> bool {
    let folder = &facts.project().components[component].path;
    let mut texts = OF_OWNERS.iter().filter_map(|it| read(facts, &folder.join(it)));
    texts.any(|it| it.to_lowercase().contains(owner))
}

/// Whom a notice at the head of a file names, in small letters: `# Copyright (c) 2011 Jane Doe <jane@example.org>`.
fn owner(text: &str) -> Option<String> {
    const HEAD: usize = 1500;
    // Notices of those from whom a part came stand below the imports.
    let head = beginning(text, HEAD).lines();
    let head = head.take_while(|it| !["class ", "def "].iter().any(|word| it.starts_with(word)));
    head.map(str::to_lowercase).find_map(|line| {
        let (_, behind) = line.split_once("copyright")?;
        let is_sign = |it: char| !it.is_alphabetic();
        let named = behind.trim_start_matches(is_sign);
        let named = named.strip_prefix("c) ").unwrap_or(named).trim_start_matches(is_sign);
        let named = named.strip_prefix("by ").unwrap_or(named);
        let end = [",", ".", "<", "(", "all rights", "\"", "'"];
        let end = end.iter().filter_map(|it| named.find(it)).min().unwrap_or(named.len());
        let named = named[..end].trim();
        // "copyright notice" and the like is said of licences.
        let has_year = behind.bytes().filter(u8::is_ascii_digit).count() >= 4;
        (has_year && named.len() > 2).then(|| named.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::owner;

    #[test]
    fn notices_name_owners() {
        for (text, named) in [
            (
                "# MIT licensed\n# Copyright (c) 2011 Jane Doe <jane@example.org>\n",
                Some("jane doe"),
            ),
            (
                "\"\"\"Reads.\n\nCopyright 2019-2021 by Acme Corp. All rights reserved.\n",
                Some("acme corp"),
            ),
            ("__copyright__ = \"2014, Acme\"\n", Some("acme")),
            ("# The copyright notice has to be kept.\n", None),
            ("import os\n# Copyright 2020 Acme\n", Some("acme")),
            ("def f():\n    ...\n# Copyright 2020 Acme\n", None),
        ] {
            assert_eq!(owner(text).as_deref(), named, "{text}");
        }
    }
}
