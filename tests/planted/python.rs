//! The corpus of Python files.

use super::corpus::{Corpus, Snippet};
use super::forms_python::{FILLER, FORMS, Form, HEADER};
use super::negatives::all;
use super::negatives_python::{CODE, PAIR_FORMS};
use super::random::{Random, SERVICES};
use super::secrets::{KINDS, make, name_for, service_account};
use super::template::{Given, random_text};

/// Snippets in a file.
const SIZE: usize = 16;

pub(crate) fn corpus(random: &mut Random) -> Corpus {
    let mut snippets = Vec::new();
    let mut number = 0;
    let mut next = || {
        number += 1;
        number
    };
    for form in FORMS {
        for kind in KINDS.iter().filter(|it| form.accepts.contains(&it.shape)) {
            let given = Given::new(name_for(kind, random), make(kind, random), next());
            snippets.push(Snippet::new(
                (kind.name, form.name, true),
                form.template,
                &given,
                random,
            ));
        }
    }
    for _ in 0..3 {
        let given = Given::new("account", service_account(random), next());
        let template = "ACCOUNT_«n» = json.loads(\"\"\"«block»\"\"\")";
        snippets.push(Snippet::new(
            ("service account", "JSON in triple quotes", true),
            template,
            &given,
            random,
        ));
    }
    let planted = snippets.len();
    let pair_forms: Vec<&Form> = FORMS.iter().filter(|it| PAIR_FORMS.contains(&it.name)).collect();
    // Kinds of code are fewer than pairs of names and values in their forms, but harder: one in four.
    while snippets.len() < 2 * planted {
        for code in CODE {
            let template = random.pick(code.templates);
            let given = Given { number: next(), ..Given::default() };
            snippets.push(Snippet::new((code.name, "code", false), template, &given, random));
        }
        for pairs in all() {
            let form = random.pick(&pair_forms);
            let value = random_text(random.pick(pairs.values), random);
            // Quotes of the value end no literal.
            let value = if form.template.contains('\'') { value.replace('\'', "") } else { value };
            let given = Given::new(random.pick(pairs.names), value, next());
            snippets.push(Snippet::new(
                (pairs.name, form.name, false),
                form.template,
                &given,
                random,
            ));
        }
    }
    random.shuffle(&mut snippets);
    into_files(snippets, random)
}

fn into_files(snippets: Vec<Snippet>, random: &mut Random) -> Corpus {
    let mut corpus = Corpus::default();
    let project = "[project]\nname = \"acme-shop\"\nversion = \"1.4.0\"\n".to_owned();
    corpus.files.push(("pyproject.toml".to_owned(), project));
    let mut file = Vec::new();
    let mut number = 0;
    let mut rest = snippets.into_iter().peekable();
    while let Some(snippet) = rest.next() {
        file.push(snippet);
        if random.below(3) == 0 {
            let given = Given { number: 10_000 + number * SIZE + file.len(), ..Given::default() };
            file.push(Snippet::new(("", "", false), random.pick(FILLER), &given, random));
        }
        if file.len() >= SIZE || rest.peek().is_none() {
            let path = format!("shop/{}/part_{number}.py", random.pick(SERVICES));
            let head = format!("{}\n\n", random_text(HEADER, random));
            corpus.file(path, &head, std::mem::take(&mut file), "\n\n\n", "\n");
            number += 1;
        }
    }
    corpus
}
