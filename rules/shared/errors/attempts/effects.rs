//! Calls that leave something behind elsewhere: what is sent, saved or paid. Knows words, not what a failure of them weighs.

use roadworthy_engine::FileContext;
use roadworthy_parser::Node;

use super::{is_effect, works_on_database};
use crate::shared::code::vocabulary::among;
use crate::shared::code::words::{last_part, words};

/// `mailer.send(order)`, `gateway.charge(card)`
pub(super) fn sends(file: &FileContext<'_>, call: Node<'_>) -> bool {
    is_effect(call) && is_one_of(SENDING, file, call)
}

/// `Model.objects.create(..)`, `session.commit()`, `db.execute(delete(Order))`, `queue.publish(order)`
pub(crate) fn saves(file: &FileContext<'_>, call: Node<'_>) -> bool {
    // Their answer is a receipt.
    const PAYING: &str = "charge pay refund settle transfer";
    const WRITES: &str = "create bulk_create bulk_update get_or_create update_or_create update save commit add_all \
        merge insert insert_one insert_many update_one update_many upsert executemany";
    let Some(function) = call.child_by_field_name("function") else { return false };
    let shown = file.text(function);
    let name = last_part(shown);
    let object = shown.rsplit('.').nth(1).unwrap_or_default();
    let of_database = works_on_database(shown, name) || object.ends_with("session");
    let arguments = call.child_by_field_name("arguments").map_or("", |it| file.text(it));
    let statement = arguments.trim_start_matches(|c: char| !c.is_alphanumeric());
    let writes = ["update", "insert", "delete"]
        .iter()
        .any(|verb| statement.get(..verb.len()).is_some_and(|it| it.eq_ignore_ascii_case(verb)));
    of_database && (among(WRITES, name) || (name == "execute" && writes))
        || is_one_of(STORING, file, call) && (is_effect(call) || among(PAYING, name))
}

/// Words of calls that send something to somebody.
const SENDING: &str = "send deliver email sendmail";

/// Words of what is no message to anybody: a signal to a process of one's own, a sign of life, a piece for whoever is at the
/// other end.
const NO_MESSAGE: &str = "signal typing action heartbeat keepalive ping pong ack nack presence payload frame packet bytes \
    chunk command";

/// Words of calls that store what is nowhere else, or pay.
const STORING: &str =
    "upsert insert publish enqueue persist save store put_object charge pay refund settle transfer";

/// Whether a call is one of these verbs. Whoever listens at the other end of a connection may be gone.
fn is_one_of(verbs: &str, file: &FileContext<'_>, call: Node<'_>) -> bool {
    let Some(function) = call.child_by_field_name("function") else { return false };
    let shown = file.text(function);
    let name = last_part(shown);
    let object = shown.rsplit('.').nth(1).unwrap_or_default();
    let words_of_name = words(name);
    let first = words_of_name.first().cloned().unwrap_or_default();
    (among(verbs, &first) || among(verbs, name))
        && !words_of_name.iter().any(|word| among(NO_MESSAGE, word))
        && !words(object).iter().any(|word| among(ENDS, word))
        && !is_pushed(file, &first)
        && !is_told_whoever_listens(shown, &first)
}

/// Words for the other end of a connection.
const ENDS: &str =
    "websocket ws socket sock conn connection channel pipe pipeline child stream response trace";

/// Whether a call talks to the other end of a connection, which may be gone: `ws.send`.
pub(crate) fn talks_to_other_end(shown: &str) -> bool {
    let verb = last_part(shown);
    let object = shown.rsplit('.').nth(1).unwrap_or_default();
    (verb.starts_with("send") || verb.starts_with("recv"))
        && words(object).iter().any(|word| among(ENDS, word))
}

/// `redis_client.publish(..)`: Redis keeps nothing of it, and whoever does not listen at that moment misses it anyway.
fn is_told_whoever_listens(shown: &str, verb: &str) -> bool {
    verb == "publish" && shown.split('.').flat_map(words).any(|it| it == "redis" || it == "pubsub")
}

/// Whether what is sent goes to a page that may be closed by now: in a module about web sockets.
fn is_pushed(file: &FileContext<'_>, verb: &str) -> bool {
    const NAMES: [&str; 3] = ["websocket", "WebSocket", "Websocket"];
    verb == "send" && NAMES.iter().any(|name| file.source.text().contains(name))
}
