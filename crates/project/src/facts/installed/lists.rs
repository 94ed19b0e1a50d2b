//! Whether all that settings put into their lists of applications stands written there. Knows letters and brackets, no syntax and
//! no rule. Where there is doubt, something else may be in them.

use rustc_hash::FxHashSet;

use crate::facts::reach::is_of_name;

/// What the names of such lists end with.
const END: &str = "_APPS";

/// Names that settings refer to are followed so far.
const DEEPEST: u32 = 4;

/// What makes one list of another, and what stands between.
const KNOWN: [&str; 13] = [
    "False", "None", "True", "and", "dict", "for", "fromkeys", "in", "list", "not", "or", "set",
    "tuple",
];

/// Whether all lists of a module whose names say that they are of applications are made of plain texts and of each other.
pub(super) fn are_plain(text: &str) -> bool {
    is_plain(text, &|name| name.ends_with(END), 0, &mut FxHashSet::default())
}

/// Whether all values are that something of a module gets by one of the names.
/// What was `judged` before is not looked at again.
fn is_plain<'t>(
    text: &'t str,
    is_it: &dyn Fn(&str) -> bool,
    depth: u32,
    judged: &mut FxHashSet<&'t str>,
) -> bool {
    let values = values(text, is_it);
    if values.is_empty() {
        return depth == 0;
    }
    values.into_iter().all(|value| {
        names(value).is_some_and(|it| {
            it.into_iter().all(|name| {
                let last = name.rsplit('.').next().unwrap_or_default();
                last.ends_with(END)
                    || depth < DEEPEST
                        && (!judged.insert(name)
                            || is_plain(text, &|it| it == name, depth + 1, judged))
            })
        })
    })
}

/// What is given to names, from where it begins: behind `=`, `+=` and the bracket of `.append(`.
fn values<'t>(text: &'t str, is_it: &dyn Fn(&str) -> bool) -> Vec<&'t str> {
    const ADDS: [&str; 2] = [".append(", ".extend("];
    let mut found = Vec::new();
    for line in text.lines().filter(|it| !it.trim_start().starts_with('#')) {
        let at = line.as_ptr() as usize - text.as_ptr() as usize;
        let mut start = 0;
        while let Some(begin) = line[start..].find(is_of_name).map(|it| start + it) {
            let end = line[begin..].find(|it| !is_of_name(it)).map_or(line.len(), |it| begin + it);
            start = end;
            if !is_it(&line[begin..end]) {
                continue;
            }
            let behind = text[at + end..].trim_start_matches(' ');
            let annotated = behind.strip_prefix(':').and_then(|it| {
                let line = it.split('\n').next().unwrap_or_default();
                line.find('=').map(|at| &it[at..])
            });
            let given = annotated.unwrap_or(behind);
            let given = given.strip_prefix('+').unwrap_or(given);
            let is_given = given.starts_with('=') && !given.starts_with("==");
            if is_given {
                found.push(&given[1..]);
            }
            found.extend(ADDS.iter().find_map(|it| behind.strip_prefix(it)));
            let inserted = behind.strip_prefix(".insert(");
            found.extend(inserted.and_then(|it| it.split_once(',')).map(|it| it.1));
        }
    }
    found
}

/// The names in what a value is made of, to where it ends; `None` where a text is put together.
fn names(value: &str) -> Option<Vec<&str>> {
    let (mut found, mut bound): (Vec<&str>, Vec<&str>) = (Vec::new(), Vec::new());
    // Behind an `if` stands what decides, and nothing that gets into the list.
    let (mut depth, mut condition, mut before) = (0_u32, None, "");
    let mut rest = value;
    while let Some(letter) = rest.chars().next() {
        let mut length = letter.len_utf8();
        match letter {
            '#' => length = rest.find('\n').unwrap_or(rest.len()),
            '\\' => length = rest.len().min(2),
            '\n' | ';' | ',' | ')' | ']' | '}' if depth == 0 => break,
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => {
                depth -= 1;
                condition = condition.filter(|it| *it <= depth);
            }
            '"' | '\'' => {
                let text = plain(rest)?;
                if condition.is_none() && text.starts_with('.') || text.ends_with('.') {
                    return None;
                }
                length = text.len() + 2;
            }
            ',' => condition = None,
            '+' | '*' | ':' | '=' | '!' | '<' | '>' => {}
            _ if letter.is_whitespace() => {}
            _ if is_of_name(letter) => {
                length = rest.find(|it| !is_of_name(it) && it != '.').unwrap_or(rest.len());
                let name = &rest[..length];
                match name {
                    "if" => condition = Some(depth),
                    "else" => condition = None,
                    _ if rest[length..].starts_with(['"', '\'']) => return None,
                    _ if before == "for" => bound.push(name),
                    _ if condition.is_some() || letter.is_ascii_digit() => {}
                    _ if KNOWN.contains(&name) || name == "dict.fromkeys" => {}
                    _ => found.push(name),
                }
                before = name;
            }
            _ => return None,
        }
        rest = rest.get(length..)?;
    }
    found.retain(|it| !bound.contains(it));
    Some(found)
}

/// What a text on one line says that begins here.
fn plain(rest: &str) -> Option<&str> {
    let quote = rest.chars().next()?;
    let (text, _) = rest[1..].split_once(quote)?;
    (!text.contains(['\n', '\\'])).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::are_plain;

    #[test]
    fn lists_are_made_of_plain_texts_and_of_each_other() {
        for text in [
            "INSTALLED_APPS = [\n    'shop',  # the shop\n    \"orders.apps.Orders\",\n]\n",
            "INSTALLED_APPS = DJANGO_APPS + [*OWN_APPS, 'shop']\nX = env('X')\n",
            "INSTALLED_APPS = list(SHARED_APPS) + [app for app in TENANT_APPS if app not in SHARED_APPS]\n",
            "INSTALLED_APPS += ['debug'] if env.bool('DEBUG') else []\n",
            "INSTALLED_APPS: list[str] = base.INSTALLED_APPS\nINSTALLED_APPS.append('shop')\n",
            "PARTS = ('shop',)\nINSTALLED_APPS = ['orders'] + list(PARTS)\n",
            "settings.configure(INSTALLED_APPS=['shop'], ROOT=str(root))\n",
            "for app in settings.INSTALLED_APPS:\n    load(app)\n",
        ] {
            assert!(are_plain(text), "{text}");
        }
    }

    #[test]
    fn lists_that_others_fill_are_not_plain() {
        for text in [
            "from shop.installed_list import APPS\nINSTALLED_APPS = ['orders'] + APPS\n",
            "INSTALLED_APPS = [f'{BASE}.filter']\n",
            "PACKAGE = 'shop'\nINSTALLED_APPS = [PACKAGE + '.filter']\n",
            "INSTALLED_APPS = ['%s.filter' % PACKAGE]\n",
            "INSTALLED_APPS = ['shop'] + env.list('EXTRA_APPS')\n",
            "CONFIG = yaml.safe_load(text)\nINSTALLED_APPS = CONFIG['apps']\n",
            "INSTALLED_APPS.extend(more)\n",
            "INSTALLED_APPS += more()\n",
            "INSTALLED_APPS.insert(0, more())\n",
        ] {
            assert!(!are_plain(text), "{text}");
        }
    }
}
