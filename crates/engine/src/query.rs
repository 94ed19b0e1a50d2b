//! Patterns in tree-sitter's query language, for rules that a project writes itself. Compiling one
//! takes 1.5 to 3 ms, so each is compiled at its first candidate.

use std::sync::{Arc, Mutex};

use roadworthy_parser::{Node, Span, quoted, without_values};
use rustc_hash::FxHashMap;
use tree_sitter::{Query, QueryCursor, QueryError, QueryErrorKind, StreamingIterator as _};

/// The capture whose nodes are findings.
const FINDING: &str = "finding";

/// The queries compiled so far, by their text.
#[derive(Default)]
pub(crate) struct Queries {
    compiled: Mutex<FxHashMap<&'static str, Option<Arc<Query>>>>,
}

impl Queries {
    /// The places that a query captures below a node. A query that does not compile finds nothing: it
    /// was refused when its rule was loaded.
    pub(crate) fn findings(&self, query: &'static str, root: Node<'_>, text: &str) -> Vec<Span> {
        let Some(compiled) = self.get(query) else { return Vec::new() };
        let Some(capture) = compiled.capture_index_for_name(FINDING) else { return Vec::new() };
        let mut cursor = QueryCursor::new();
        let mut matches = cursor.matches(&compiled, root, text.as_bytes());
        let mut found = Vec::new();
        while let Some(one) = matches.next() {
            found.extend(one.nodes_for_capture_index(capture).map(Span::of));
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    fn get(&self, query: &'static str) -> Option<Arc<Query>> {
        let mut compiled = self.compiled.lock().expect("no holder of this lock panics");
        compiled.entry(query).or_insert_with(|| compile(query).ok().map(Arc::new)).clone()
    }
}

/// Compiles a query and checks that it captures findings. The error is one sentence.
pub(crate) fn compile(query: &str) -> Result<Query, String> {
    let compiled = Query::new(&roadworthy_parser::language(), query)
        .map_err(|error| format!("line {}: {}", error.row + 1, fault(&error)))?;
    match compiled.capture_index_for_name(FINDING) {
        Some(_) => Ok(compiled),
        None => Err(format!("it has no capture `@{FINDING}`")),
    }
}

/// What is wrong with a query. The library's own words hold a line of it where they name no single thing.
fn fault(error: &QueryError) -> String {
    let named = |what: &str| format!("there is no {what} {}", quoted(&error.message));
    match error.kind {
        QueryErrorKind::NodeType => named("kind of node"),
        QueryErrorKind::Field => named("field"),
        QueryErrorKind::Capture => named("capture"),
        QueryErrorKind::Predicate => without_values(&error.message),
        QueryErrorKind::Structure => "no code can match this pattern".to_owned(),
        QueryErrorKind::Syntax | QueryErrorKind::Language => {
            format!("this is not the language of queries, from column {} on", error.column + 1)
        }
    }
}
