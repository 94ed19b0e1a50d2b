//! Whether so much hangs on a `try` that its failure has to be found: something is saved or sent, a request or a task ends with
//! it, or its body is long. Knows calls, decorators and attempts, neither handlers nor levels.

use roadworthy_engine::FileContext;
use roadworthy_parser::Node;

use crate::shared::code::nodes::{is_deferred, walk};
use crate::shared::code::vocabulary::among;
use crate::shared::code::words::last_part;
use crate::shared::errors::attempts::Attempt;
use crate::shared::frameworks::entry_points::{self, EntryPoint};

/// From how many simple statements on no text tells where a body failed.
const LONG: usize = 20;

/// Whether the failure of an attempt has to be found.
pub(super) fn is_weighty(
    file: &FileContext<'_>,
    statement: Node<'_>,
    attempt: &Attempt<'_>,
) -> bool {
    let around = || entry_points::around(file, statement.start_byte() as u32);
    attempt.changes
        || attempt.steps >= LONG
        || writes_rows(file, statement)
        || matches!(around(), Some(EntryPoint::Route | EntryPoint::Task))
}

/// Whether the function around marks itself as one of which nothing may get into a log: `@no_log_zone`.
pub(super) fn is_kept_from_logs(file: &FileContext<'_>, offset: u32) -> bool {
    file.outline
        .enclosing(offset)
        .flat_map(|it| file.outline.decorators(it))
        .any(|it| file.slice(*it).contains("no_log"))
}

/// Whether a body changes rows by a client that puts its requests together, `client.table(name).upsert(row).execute()`, or
/// the items of `DynamoDB`.
fn writes_rows(file: &FileContext<'_>, statement: Node<'_>) -> bool {
    const CHAINED: [&str; 4] = [".delete(", ".insert(", ".update(", ".upsert("];
    let Some(body) = statement.child_by_field_name("body") else { return false };
    let mut writes = false;
    walk(body, |node| {
        if node.kind() == "call"
            && let Some(function) = node.child_by_field_name("function")
        {
            let shown = file.text(function);
            writes |= match last_part(shown) {
                "execute" => CHAINED.iter().any(|it| shown.contains(it)),
                name => among("delete_item put_item update_item", name),
            };
        }
        !writes && !is_deferred(node)
    });
    writes
}
