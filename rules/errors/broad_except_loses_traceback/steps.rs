//! What a `try` statement does one after the other, and with what. Knows calls and the names that they are bound to, neither
//! handlers nor levels.

use roadworthy_engine::FileContext;
use roadworthy_parser::Node;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::shared::code::loggers;
use crate::shared::code::nodes::{is_deferred, walk};
use crate::shared::code::vocabulary::{self, among};
use crate::shared::code::words::{last_part, words};
use crate::shared::errors::handlers::{self, Handler};

/// From how many statements on a `try` hides which of them failed.
const SEVERAL: usize = 4;

/// Whether the body of a `try` has several statements that call something, other than to tell about it.
pub(super) fn are_several(file: &FileContext<'_>, statement: Node<'_>) -> bool {
    statement.child_by_field_name("body").is_some_and(|body| steps_of(file, body) >= SEVERAL)
}

fn steps_of(file: &FileContext<'_>, block: Node<'_>) -> usize {
    let mut steps = 0;
    walk(block, |node| {
        if let Some(ways) = alternatives(file, node) {
            steps += ways.into_iter().map(|it| steps_of(file, it)).max().unwrap_or(0);
            return false;
        }
        // A parent is looked for from the top of the tree.
        let is_simple = matches!(node.kind(), "expression_statement" | "return_statement")
            && node.parent().is_some_and(|parent| parent.kind() == "block");
        if is_simple {
            steps += usize::from(works(file, node));
        }
        !is_simple && !is_deferred(node)
    });
    steps
}

/// The blocks of an `if` that chooses between several ways by one name: `if kind == "a"`, `elif kind == "b"`.
fn alternatives<'t>(file: &FileContext<'_>, choice: Node<'t>) -> Option<Vec<Node<'t>>> {
    if choice.kind() != "if_statement" {
        return None;
    }
    let by_name = |it: Node<'t>| {
        let condition = it.child_by_field_name("condition")?;
        let name = condition.named_child(0).filter(|it| it.kind() == "identifier")?;
        (condition.kind() == "comparison_operator").then(|| file.text(name).to_owned())
    };
    let name = by_name(choice)?;
    let mut blocks: Vec<_> = choice.child_by_field_name("consequence").into_iter().collect();
    let mut cursor = choice.walk();
    for other in choice.children_by_field_name("alternative", &mut cursor) {
        if other.kind() == "elif_clause" {
            by_name(other).filter(|it| *it == name)?;
            blocks.extend(other.child_by_field_name("consequence"));
        } else {
            blocks.extend(other.child_by_field_name("body"));
        }
    }
    (blocks.len() > 2).then_some(blocks)
}

/// Whether a statement calls something that is neither a logger, nor `print`, nor makes an object.
fn works(file: &FileContext<'_>, statement: Node<'_>) -> bool {
    let mut works = false;
    walk(statement, |node| {
        let told = node.kind() == "call" && tells(file, node);
        works |= node.kind() == "call" && !told && !makes(file, node);
        !works && !told
    });
    works
}

/// `Client(url)`: what makes an object mostly does nothing yet.
fn makes(file: &FileContext<'_>, call: Node<'_>) -> bool {
    call.child_by_field_name("function").is_some_and(|class| {
        last_part(file.text(class)).starts_with(|letter: char| letter.is_ascii_uppercase())
    })
}

/// Whether a call tells about the work without being it.
pub(super) fn tells(file: &FileContext<'_>, call: Node<'_>) -> bool {
    loggers::voice(file, call).is_some() || handlers::is_print(file, call)
}

/// How many different calls make a `try` of which a text does not tell what failed.
const DIFFERENT: usize = 4;

/// Whether a `try` makes different calls of different things: of the calls of one client, or of one file, the text of the
/// error tells enough.
pub(super) fn are_different(file: &FileContext<'_>, statement: Node<'_>) -> bool {
    let Some(body) = statement.child_by_field_name("body") else { return false };
    let mut things = Things::default();
    let mut calls = FxHashSet::default();
    let mut owners = FxHashSet::default();
    walk(body, |node| {
        // The body itself is guarded by the handler that is asked about.
        if node.id() != body.id() && is_guarded(file, node) {
            return false;
        }
        things.bind(file, node);
        if node.kind() == "call" {
            if tells(file, node) {
                return false;
            }
            if let Some((owner, method)) = things.call(file, node) {
                if !is_of_files(file, node) {
                    owners.insert(owner.clone());
                }
                calls.insert((owner, method));
            }
        }
        !is_deferred(node)
    });
    owners.len() > 1 && calls.len() >= DIFFERENT
}

/// Whether a block has a handler of its own that catches everything: nothing of it gets further.
fn is_guarded(file: &FileContext<'_>, block: Node<'_>) -> bool {
    let of_try = || block.parent().filter(|it| it.kind() == "try_statement");
    let Some(inner) = (block.kind() == "block").then(of_try).flatten() else { return false };
    let mut cursor = inner.walk();
    let mut clauses = inner.named_children(&mut cursor).filter_map(|it| Handler::read(file, it));
    inner.child_by_field_name("body").is_some_and(|it| it.id() == block.id())
        && clauses.any(|it| it.is_broad() && !handlers::conduct(file, &it).raises)
}

/// What the names of a block are made of: `answer = client.get(url)` belongs to `client`.
#[derive(Default)]
struct Things(FxHashMap<String, String>);

impl Things {
    /// Keeps what a node binds, if it binds a name.
    fn bind(&mut self, file: &FileContext<'_>, node: Node<'_>) {
        let (target, value) = match node.kind() {
            "assignment" | "for_statement" | "for_in_clause" => {
                (node.child_by_field_name("left"), node.child_by_field_name("right"))
            }
            "as_pattern" => (
                node.child_by_field_name("alias").and_then(|it| it.named_child(0)),
                node.named_child(0),
            ),
            _ => return,
        };
        let (Some(target), Some(value)) = (target, value) else { return };
        let Some(owner) = self.owner(file, value) else { return };
        walk(target, |it| {
            if it.kind() == "identifier" {
                self.0.insert(file.text(it).to_owned(), owner.clone());
            }
            !matches!(it.kind(), "attribute" | "subscript")
        });
    }

    /// To what an expression belongs: the name that it begins with, or what that was made of.
    fn owner(&self, file: &FileContext<'_>, expression: Node<'_>) -> Option<String> {
        let mut node = expression;
        loop {
            let inner = match node.kind() {
                "identifier" => {
                    let name = file.text(node);
                    return Some(self.0.get(name).cloned().unwrap_or_else(|| name.to_owned()));
                }
                "attribute" => {
                    let object = node.child_by_field_name("object")?;
                    if matches!(file.text(object), "self" | "cls") {
                        return Some(file.text(node).to_owned());
                    }
                    object
                }
                "call" => node.child_by_field_name("function")?,
                "subscript" => node.child_by_field_name("value")?,
                "await" | "parenthesized_expression" | "boolean_operator" => node.named_child(0)?,
                _ => return None,
            };
            node = inner;
        }
    }

    /// What a call belongs to and what it is called; `None` where it only makes, reads or asks a value.
    fn call(&self, file: &FileContext<'_>, call: Node<'_>) -> Option<(String, String)> {
        let function = call.child_by_field_name("function")?;
        let name = last_part(file.text(function));
        let asks_itself =
            call.child_by_field_name("arguments").is_some_and(|it| it.named_child_count() == 0)
                && words(name).first().is_some_and(|it| among("get is has", it));
        let is_put_together = file.text(function).contains(".builder()");
        if asks_itself
            || is_put_together
            || makes(file, call)
            || among(vocabulary::PURE, name)
            || among(VALUES, name)
        {
            return None;
        }
        Some((self.owner(file, function)?, name.to_owned()))
    }
}

/// Whether a call is of the file system of this machine: its errors name what was done and the path.
fn is_of_files(file: &FileContext<'_>, call: Node<'_>) -> bool {
    let function = call.child_by_field_name("function");
    let name = function.and_then(|it| file.qualified(it)).unwrap_or_default();
    ["os.path.", "shutil.", "tempfile."].iter().any(|it| name.starts_with(it))
        || name.strip_prefix("os.").is_some_and(|it| among(FILES, it))
}

/// What `os` does with files; what it does with processes and users has errors without a path.
const FILES: &str = "access chmod chown link listdir lstat makedirs mkdir readlink remove removedirs rename renames replace \
    rmdir scandir stat symlink truncate unlink utime walk";

/// Calls that make, read or answer with a value, put a query together, or belong to the one that asks it.
const VALUES: &str = "json jsonify render_template now utcnow today time sleep first all one scalars open write close \
    raise_for_status pop quit as_string commit cursor connect fetchall fetchone scalar scalar_one_or_none rollback \
    flush select text where filter_by order_by desc asc limit offset options selectinload joinedload exclude \
    values_list distinct exists outerjoin group_by label func make_response uuid4 attach add_header set_content \
    add_attachment add_alternative builder build";
