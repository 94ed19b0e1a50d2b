//! Whatever name and value meet, judging ends, its span lies in the value on character boundaries, and a value that is
//! rejected under a name is not found under it with more than low confidence.
#![no_main]

use libfuzzer_sys::{arbitrary::{self, Arbitrary}, fuzz_target};
use roadworthy_secrets::{Binding, Kind, Place, is_working_default, judge, name_class, rejects};

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    place: u8,
    name: &'a str,
    value: &'a str,
}

fuzz_target!(|input: Input<'_>| {
    let Input { place, name, value } = input;
    let bindings = [
        Binding::Assignment,
        Binding::Argument,
        Binding::Default,
        Binding::DictEntry,
        Binding::Comparison,
        Binding::EnvironmentDefault,
        Binding::SettingDefault,
        Binding::Encoded,
    ];
    let place = match place % 12 {
        it @ 0..=7 => Place::Bound { name, binding: bindings[usize::from(it)] },
        8 => Place::Entry { key: name, quoted: true },
        9 => Place::Entry { key: name, quoted: false },
        10 => Place::Unbound,
        _ => Place::Comment,
    };
    let found = judge(&place, value);
    if let Some(secret) = &found {
        assert!(value.get(secret.span.clone()).is_some(), "a span outside of the value");
        // What is named and fills the whole value is what `rejects` speaks of.
        let whole = secret.span == (0..value.len()) && matches!(secret.kind, Kind::NamedValue(_));
        // Of a path of keys the last part is the name.
        let name = match place {
            Place::Entry { key, .. } => key.rsplit('.').next().unwrap_or(key),
            _ => name,
        };
        let named = matches!(place, Place::Bound { .. } | Place::Entry { .. });
        if whole && named && name_class(name).is_some() && secret.confidence > roadworthy_secrets::Confidence::Low {
            assert!(rejects(value, name).is_none(), "found and rejected");
        }
    }
    assert!(found == judge(&place, value), "another result the second time");
    let _ = is_working_default(name, value);
});
