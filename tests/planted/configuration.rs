//! The corpus of configuration files.

use super::corpus::{Corpus, Snippet};
use super::forms_configuration::{FORMS, Form};
use super::negatives::{Pairs, all};
use super::negatives_configuration::DOCUMENTS;
use super::random::{Random, SERVICES};
use super::secrets::{KINDS, Shape, make, name_for, service_account};
use super::template::{Given, fill, random_text};

pub(crate) fn corpus(random: &mut Random) -> Corpus {
    let mut corpus = Corpus::default();
    let project = "[project]\nname = \"acme-shop\"\nversion = \"1.4.0\"\n".to_owned();
    corpus.files.push(("pyproject.toml".to_owned(), project));
    corpus.files.push(("shop/app.py".to_owned(), "print('shop')\n".to_owned()));
    let mut number = 0;
    for form in FORMS {
        let planted = planted(form, random);
        let harmless = if form.free { harmless(form, planted.len(), random) } else { Vec::new() };
        let mixed: Vec<Vec<Snippet>> = if form.whole {
            vec![planted, harmless]
        } else {
            let mut all: Vec<Snippet> = planted.into_iter().chain(harmless).collect();
            random.shuffle(&mut all);
            vec![all]
        };
        for snippets in mixed {
            let mut rest = snippets.into_iter().peekable();
            while rest.peek().is_some() {
                number += 1;
                let given = Given { number, ..Given::default() };
                let path = fill(form.path, &given, random).text;
                let head = fill(form.head, &given, random).text;
                let file = rest.by_ref().take(form.size).collect();
                corpus.file(path, &head, file, form.between, form.tail);
            }
        }
    }
    for _ in 0..4 {
        number += 1;
        let given = Given::new("account", service_account(random), number);
        let snippet =
            Snippet::new(("service account", "service account", true), "«block»", &given, random);
        corpus.file(format!("keys/account_{number}.json"), "", vec![snippet], "", "\n");
    }
    documents(&mut corpus, number, random);
    corpus
}

/// One of each kind that fits.
fn planted(form: &Form, random: &mut Random) -> Vec<Snippet> {
    let mut snippets = Vec::new();
    for (at, kind) in KINDS.iter().filter(|it| form.accepts.contains(&it.shape)).enumerate() {
        // No two entries of a file share a name.
        let name = match kind.shape {
            Shape::Header | Shape::Block => name_for(kind, random).to_owned(),
            _ => format!("{}_{}", SERVICES[at % SERVICES.len()], name_for(kind, random)),
        };
        let given = Given::new(&name, make(kind, random), at);
        snippets.push(Snippet::new((kind.name, form.name, true), form.entry, &given, random));
    }
    snippets
}

fn harmless(form: &Form, count: usize, random: &mut Random) -> Vec<Snippet> {
    if form.accepts == [Shape::Block] || form.accepts == [Shape::Header] {
        return Vec::new();
    }
    let quoted = ["\"«value»\"", "'«value»'", "«base64»"].iter().any(|it| form.entry.contains(it));
    let kinds: Vec<&Pairs> = all().collect();
    let mut snippets = Vec::new();
    for at in 0..count {
        let (pairs, value) = loop {
            let pairs = random.pick(&kinds);
            let value = random_text(random.pick(pairs.values), random);
            // What the quotes of a form cannot hold is written by other forms.
            if quoted && !value.contains(['\'', '"', '\\']) || is_bare(&value) {
                break (pairs, value);
            }
        };
        let name = format!("{}_{}", SERVICES[at % SERVICES.len()], random.pick(pairs.names));
        let given = Given::new(&name, value, at);
        snippets.push(Snippet::new((pairs.name, form.name, false), form.entry, &given, random));
    }
    snippets
}

/// Whether a value needs no quotes in any syntax; a reference to a variable is written without them too.
fn is_bare(value: &str) -> bool {
    let inner = value.strip_prefix("${").and_then(|it| it.strip_suffix('}')).unwrap_or(value);
    !inner.is_empty()
        && inner.bytes().all(|it| it.is_ascii_alphanumeric() || b"_-./:+=".contains(&it))
}

fn documents(corpus: &mut Corpus, mut number: usize, random: &mut Random) {
    for _ in 0..16 {
        for document in DOCUMENTS {
            number += 1;
            let given = Given { number, ..Given::default() };
            let path = fill(document.path, &given, random).text;
            let snippet =
                Snippet::new((document.name, "file", false), document.text, &given, random);
            corpus.file(path, "", vec![snippet], "", "");
        }
    }
}
