//! One file laid over another that it extends. Knows what each key does then, no file.

use crate::config::keys::{EXTEND_SELECT, IGNORE, KEYS, Key, Kind, Merge, SELECT};
use crate::config::value::{Data, Located, Table, Value};

/// What holds where `above` extends `below`.
pub(crate) fn merge(below: Table, above: Table) -> Table {
    fields(&KEYS, below, above)
}

fn fields(keys: &[&Key], mut below: Table, above: Table) -> Table {
    // Who selects starts anew; who adds or takes away goes on from what was chosen.
    if above.get(&SELECT).is_some() {
        let chosen = [SELECT.name, EXTEND_SELECT.name, IGNORE.name];
        below.entries.retain(|(name, _)| !chosen.contains(&name.text.as_str()));
    }
    // What is taken back by name is no longer ignored; among equals `ignore` would win.
    let back = above.list(&EXTEND_SELECT);
    for (_, ignored) in below.entries.iter_mut().filter(|(name, _)| name.text == IGNORE.name) {
        if let Data::List(list) = &mut ignored.data {
            list.retain(|item| !back.iter().any(|other| other.text == item.text));
        }
    }
    for (name, value) in above.entries {
        let before = below.entries.iter().position(|(other, _)| other.text == name.text);
        let before = before.map(|index| below.entries.remove(index).1);
        let value = match (of(keys, &name), before) {
            (Some(key), Some(before)) => joined(key.merge, &key.kind, before, value),
            _ => value,
        };
        below.entries.push((name, value));
    }
    below
}

fn of<'k>(keys: &[&'k Key], name: &Located) -> Option<&'k Key> {
    keys.iter().find(|key| key.name == name.text).copied()
}

fn joined(merge: Merge, kind: &Kind, below: Value, above: Value) -> Value {
    let at = above.at.clone();
    let data = match (merge, below.data, above.data) {
        (Merge::Add, Data::List(mut list), Data::List(more)) => {
            let is_new = |item: &Located| !list.iter().any(|known| known.text == item.text);
            let more: Vec<_> = more.into_iter().filter(is_new).collect();
            list.extend(more);
            Data::List(list)
        }
        (Merge::Entries, Data::Table(below), Data::Table(above)) => {
            Data::Table(entries(kind, below, above))
        }
        (_, _, above) => above,
    };
    Value { at, data }
}

/// Entry by entry. What stands further behind wins where patterns overlap, so that an entry which is
/// said again moves there.
fn entries(kind: &Kind, mut below: Table, above: Table) -> Table {
    let inner = if let Kind::Table(_, inner) = kind { inner } else { kind };
    if let Kind::Fields(keys) = kind {
        return fields(keys, below, above);
    }
    for (name, value) in above.entries {
        let before = below.entries.iter().position(|(other, _)| other.text == name.text);
        let before = before.map(|index| below.entries.remove(index).1);
        let value = match before {
            Some(before) => joined(Merge::Entries, inner, before, value),
            None => value,
        };
        below.entries.push((name, value));
    }
    below
}
