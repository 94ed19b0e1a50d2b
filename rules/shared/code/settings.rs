//! What settings are where nobody sets anything: literals, names for them, defaults of reads of the environment and of the
//! fields of settings classes. Knows expressions, the file and those that it imports settings from; no rule.

mod expression;
mod lookup;
pub(crate) mod truth;

use roadworthy_engine::FileContext;

use expression::Reader;
pub(crate) use lookup::Module;

/// A value that an expression has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    Nothing,
    Flag(bool),
    Number(i64),
    Text(String),
    List(Vec<Value>),
}

impl Value {
    /// Whether Python takes it for true.
    pub(crate) fn is_truthy(&self) -> bool {
        match self {
            Self::Nothing => false,
            Self::Flag(flag) => *flag,
            Self::Number(number) => *number != 0,
            Self::Text(text) => !text.is_empty(),
            Self::List(values) => !values.is_empty(),
        }
    }

    /// Whether it is this text, or a list that holds it.
    pub(crate) fn holds(&self, text: &str) -> bool {
        match self {
            Self::Text(own) => own == text,
            Self::List(values) => values.iter().any(|it| it.holds(text)),
            _ => false,
        }
    }
}

/// A value, and whether the environment may put another in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Setting {
    /// What it is where nothing is set.
    pub(crate) value: Value,
    /// Whether it is a default.
    pub(crate) is_default: bool,
}

/// Longer chains of names that stand for each other are given up.
const DEEPEST: u32 = 6;

/// Longer expressions are given up.
const LONGEST: usize = 4_000;

/// What an expression at an offset of a file is where nothing is set; `None` where that is not known.
pub(crate) fn setting(file: &FileContext<'_>, expression: &str, offset: u32) -> Option<Setting> {
    let module = Module::of(file);
    evaluate(&module, expression, offset, 0)
}

/// The same in any module.
pub(crate) fn setting_in(module: &Module<'_>, expression: &str, offset: u32) -> Option<Setting> {
    evaluate(module, expression, offset, 0)
}

fn evaluate(module: &Module<'_>, text: &str, offset: u32, depth: u32) -> Option<Setting> {
    if depth > DEEPEST || text.len() > LONGEST {
        return None;
    }
    let lookup = |name: &str| module.lookup(name, offset, depth + 1);
    Reader::new(text, &lookup).read()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shared::in_memory::with_file;

    fn of(text: &str, expression: &str) -> Option<Setting> {
        with_file("app/main.py", text, |file| setting(file, expression, text.len() as u32))
    }

    fn flag(expression: &str) -> Option<(bool, bool)> {
        let text = "import os\nON = True\nAGAIN = ON\nTWICE = 1\nTWICE = 2\n";
        of(text, expression).map(|it| (it.value.is_truthy(), it.is_default))
    }

    #[test]
    fn flags_by_their_defaults() {
        assert_eq!(flag("True"), Some((true, false)));
        assert_eq!(flag("AGAIN"), Some((true, false)));
        assert_eq!(flag("TWICE"), None);
        assert_eq!(flag("os.getenv('DEBUG', 'True') == 'True'"), Some((true, true)));
        assert_eq!(flag("os.getenv('DEBUG', 'false').lower() == 'true'"), Some((false, true)));
        assert_eq!(flag("os.environ.get('D', '1').lower() in ('1', 'true')"), Some((true, true)));
        assert_eq!(flag("os.environ.get('D') in ('1', 'true')"), Some((false, true)));
        assert_eq!(flag("bool(int(os.environ.get('DEBUG', default=0)))"), Some((false, true)));
        assert_eq!(flag("not os.environ.get('PRODUCTION')"), Some((true, true)));
        assert_eq!(flag("config('DEBUG', default=True, cast=bool)"), Some((true, true)));
        assert_eq!(flag("config('DEBUG', cast=bool, default='off')"), Some((false, true)));
        assert_eq!(flag("env.bool('DEBUG', False)"), Some((false, true)));
        assert_eq!(flag("config('DEBUG', cast=bool)"), None);
        assert_eq!(flag("os.environ['DEBUG']"), None);
        assert_eq!(flag("anything(1)"), None);
        assert_eq!(flag("(True"), None);
    }

    #[test]
    fn lists_by_their_defaults() {
        let holds =
            |expression: &str| of("import os\n", expression).is_some_and(|it| it.value.holds("*"));
        assert!(holds("['*']"));
        assert!(holds("(\"a\", \"*\",)"));
        assert!(holds("os.getenv('ORIGINS', '*').split(',')"));
        assert!(holds("[it.strip() for it in os.getenv('ORIGINS', 'a,*').split(',')]"));
        assert!(holds("['*'] if os.getenv('X') is None else ['b']"));
        assert!(!holds("['*'] if os.getenv('X') else ['b']"));
        assert!(!holds("['a'] + other"));
        assert!(!holds(&"(".repeat(100_000)));
        assert!(!holds(&"not ".repeat(100_000)));
    }
}
