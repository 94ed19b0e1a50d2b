//! The matrix of a job on GitHub and the expressions `${{ … }}` that use it. Knows `matrix`, `env` and `inputs`, as far as
//! they are literal; no function.

use camino::Utf8Path;

use super::{Located, Place};
use crate::facts::value::{Data, Value};

/// How many combinations of a matrix are told apart.
const MOST: usize = 128;

/// What is known where a step runs: names such as `matrix.python` with their values.
#[derive(Clone, Debug, Default)]
pub(super) struct Context(Vec<(String, Located<String>)>);

impl Context {
    pub(super) fn set(&mut self, name: String, value: String, place: Place) {
        self.0.retain(|(other, _)| *other != name);
        self.0.push((name, Located { value, place }));
    }

    /// Takes the literals of a table under a name: `env`, `inputs`.
    pub(super) fn take(&mut self, head: &str, table: &Value, path: &Utf8Path) {
        for (key, value) in table.entries() {
            if let Some(text) = value.scalar() {
                let text = self.resolved(text);
                let place = Place::new(path, value.span);
                self.set(format!("{head}.{}", key.name), text, place);
            }
        }
    }

    fn get(&self, name: &str) -> Option<&Located<String>> {
        self.0.iter().find(|(other, _)| other == name).map(|(_, value)| value)
    }

    /// The variables of the environment.
    pub(super) fn variables(&self) -> Vec<(String, String)> {
        let names = self.0.iter();
        names
            .filter_map(|(name, it)| {
                Some((name.strip_prefix("env.")?.to_owned(), it.value.clone()))
            })
            .collect()
    }

    /// A text with the expressions replaced whose values are known.
    pub(super) fn resolved(&self, text: &str) -> String {
        if !text.contains("${{") {
            return text.to_owned();
        }
        let mut result = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find("${{") {
            result.push_str(&rest[..at]);
            let inner = &rest[at + 3..];
            let Some(end) = inner.find("}}") else {
                result.push_str(&rest[at..]);
                return result;
            };
            match self.value(inner[..end].trim()) {
                Some(value) => result.push_str(value),
                // Without blanks, so that it stays one word.
                None => result
                    .extend(rest[at..at + 3 + end + 2].chars().filter(|it| !it.is_whitespace())),
            }
            rest = &inner[end + 2..];
        }
        result.push_str(rest);
        result
    }

    /// Where the value comes from, of a text that is one expression and nothing else.
    pub(super) fn origin(&self, text: &str) -> Option<&Place> {
        let inner = text.trim().strip_prefix("${{")?.strip_suffix("}}")?;
        self.get(inner.trim()).map(|it| &it.place)
    }

    fn value<'c>(&'c self, expression: &'c str) -> Option<&'c str> {
        // `a || 'b'`: the first that is set.
        for part in expression.split("||").map(str::trim) {
            if let Some(literal) = part.strip_prefix('\'').and_then(|it| it.strip_suffix('\'')) {
                return Some(literal);
            }
            match self.get(part) {
                Some(it) if it.value.is_empty() => {}
                Some(it) => return Some(&it.value),
                None if part.starts_with("matrix.")
                    && !self.0.iter().any(|(name, _)| name == "matrix?") =>
                {
                    // A key that this combination does not have is empty.
                    if expression.contains("||") {
                        continue;
                    }
                    return Some("");
                }
                None => return None,
            }
        }
        Some("")
    }
}

/// The combinations of a matrix, each with what is known around it; one without a matrix.
pub(super) fn combinations(
    matrix: Option<&Value>,
    base: &Context,
    path: &Utf8Path,
) -> Vec<Context> {
    let unknown = |mut context: Context| {
        context.set("matrix?".to_owned(), String::new(), Place::default());
        context
    };
    let Some(matrix) = matrix else { return vec![base.clone()] };
    if !matrix.is_table() {
        return vec![unknown(base.clone())];
    }
    let mut contexts = vec![base.clone()];
    let mut keys = Vec::new();
    for (key, values) in
        matrix.entries().filter(|(key, _)| key.name != "include" && key.name != "exclude")
    {
        keys.push(key.name.as_str());
        if !matches!(values.data, Data::List(_)) {
            contexts = contexts.into_iter().map(unknown).collect();
            continue;
        }
        let bind = |context: &Context| {
            let context = context.clone();
            let name = format!("matrix.{}", key.name);
            let one = move |value: &Value| {
                let mut context = context.clone();
                bound(&mut context, &name, value, path);
                context
            };
            values.items().map(one).collect::<Vec<_>>()
        };
        contexts = contexts.iter().flat_map(bind).take(MOST).collect();
    }
    let is_expression = |value: &&Value| matches!(value.data, Data::Text(_));
    if [matrix.get("include"), matrix.get("exclude")]
        .into_iter()
        .flatten()
        .any(|it| is_expression(&it))
    {
        contexts = contexts.into_iter().map(unknown).collect();
    }
    for exclude in matrix.get("exclude").into_iter().flat_map(Value::items) {
        contexts.retain(|context| !agrees(context, exclude, &|_| true));
    }
    for include in matrix.get("include").into_iter().flat_map(Value::items) {
        let is_key = |name: &str| keys.contains(&name);
        let mut extended = false;
        let own: Vec<_> = contexts
            .iter()
            .enumerate()
            .filter(|(_, it)| !keys.is_empty() && agrees(it, include, &is_key))
            .map(|(at, _)| at)
            .collect();
        for at in own {
            extended = true;
            include.entries().for_each(|(key, value)| {
                bound(&mut contexts[at], &format!("matrix.{}", key.name), value, path);
            });
        }
        if !extended && contexts.len() < MOST {
            // The combination without keys is none.
            if keys.is_empty()
                && contexts.len() == 1
                && contexts[0].get("matrix.").is_none()
                && !contexts[0].0.iter().any(|(name, _)| name.starts_with("matrix."))
            {
                contexts.clear();
            }
            let mut context = base.clone();
            include.entries().for_each(|(key, value)| {
                bound(&mut context, &format!("matrix.{}", key.name), value, path);
            });
            contexts.push(context);
        }
    }
    if contexts.is_empty() { vec![unknown(base.clone())] } else { contexts }
}

/// Whether a combination has the values of a table, as far as its keys count.
fn agrees(context: &Context, table: &Value, counts: &dyn Fn(&str) -> bool) -> bool {
    table.entries().filter(|(key, _)| counts(&key.name)).all(|(key, value)| {
        let known = context.get(&format!("matrix.{}", key.name)).map(|it| it.value.as_str());
        value.scalar().is_none_or(|value| known == Some(value))
    })
}

/// Binds a value and, of a table, what is in it: `matrix.config.python`.
fn bound(context: &mut Context, name: &str, value: &Value, path: &Utf8Path) {
    match &value.data {
        Data::Table(entries) => {
            for (key, value) in entries {
                bound(context, &format!("{name}.{}", key.name), value, path);
            }
        }
        Data::Null => context.set(name.to_owned(), String::new(), Place::new(path, value.span)),
        _ => {
            if let Some(text) = value.scalar() {
                let text = context.resolved(text);
                context.set(name.to_owned(), text, Place::new(path, value.span));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pythons(matrix: &str) -> Vec<String> {
        let value = crate::facts::syntax::yaml::parse(matrix).unwrap();
        let path = Utf8Path::new("ci.yml");
        let contexts = combinations(value.first(), &Context::default(), path);
        contexts
            .iter()
            .map(|it| it.resolved("${{ matrix.python }}/${{ matrix.os || 'linux' }}"))
            .collect()
    }

    #[test]
    fn matrices_are_written_out() {
        assert_eq!(pythons("python: [3.10, '3.11']"), ["3.10/linux", "3.11/linux"]);
        assert_eq!(
            pythons(
                "python: [a, b]\nos: [x, y]\nexclude:\n- {python: a, os: y}\ninclude:\n- {python: b, extra: 1}\n- {python: c, os: x}"
            ),
            ["a/x", "b/x", "b/y", "c/x"]
        );
        assert_eq!(
            pythons("include:\n- python: '3.9'\n- python: '3.10'\n  os: mac"),
            ["3.9/linux", "3.10/mac"]
        );
        assert_eq!(
            pythons("python: ${{ fromJSON(needs.x.outputs.y) }}"),
            ["${{matrix.python}}/${{matrix.os||'linux'}}"]
        );
    }

    #[test]
    fn where_a_value_comes_from_is_known() {
        let text = "python: ['3.12']";
        let value = crate::facts::syntax::yaml::parse(text).unwrap();
        let contexts = combinations(value.first(), &Context::default(), Utf8Path::new("ci.yml"));
        let place = contexts[0].origin("${{ matrix.python }}").unwrap();
        assert_eq!(place.span.of_text(text), "'3.12'");
    }
}
