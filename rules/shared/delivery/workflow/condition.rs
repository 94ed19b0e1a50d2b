//! Whether the condition of a job or a step can hold: by its literals, the variables that the workflow sets, and the events that
//! start it. Knows the language of conditions, not what runs behind them. Where there is doubt, a condition may hold.
//! Source: <https://docs.github.com/actions/reference/workflows-and-actions/expressions#operators>

use super::expression::{Token, tokens};

/// What is known of the run that a condition is asked in.
pub(crate) trait Run {
    /// The value of a variable, by its name in lower case, where a literal says it.
    fn variable(&self, name: &str) -> Option<&str>;
    /// Whether an event of that name may start it.
    fn may_be_of(&self, event: &str) -> bool;
}

/// Whether a condition never holds.
pub(crate) fn is_never_met(condition: &str, run: &impl Run) -> bool {
    is_unmet(condition, run, false)
}

/// Whether a condition holds only where something before has failed, or where somebody has stopped the run.
pub(crate) fn is_met_by_failure(condition: &str, run: &impl Run) -> bool {
    is_unmet(condition, run, true)
}

fn is_unmet(condition: &str, run: &impl Run, all_went_well: bool) -> bool {
    let condition = condition.trim();
    // What stands beside an expression makes a text of both, which always counts as true.
    let is_whole = condition.starts_with("${{")
        && condition.ends_with("}}")
        && condition.matches("${{").count() == 1;
    if condition.contains("${{") && !is_whole {
        return false;
    }
    let mut reader = Reader { tokens: tokens(condition), at: 0, depth: 0, run, all_went_well };
    let value = reader.any();
    reader.at == reader.tokens.len() && value.holds() == Some(false)
}

/// What a part of a condition comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Worth {
    Truth(bool),
    Text(String),
    /// The name of the event that started the run.
    Event,
    Unknown,
}

impl Worth {
    /// Whether it counts as true.
    fn holds(&self) -> Option<bool> {
        match self {
            Self::Truth(truth) => Some(*truth),
            Self::Text(text) => Some(!text.is_empty()),
            Self::Event => Some(true),
            Self::Unknown => None,
        }
    }
}

/// How deep parentheses may lie in one another.
const DEEPEST: usize = 50;

struct Reader<'r, R> {
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
    run: &'r R,
    all_went_well: bool,
}

impl<R: Run> Reader<'_, R> {
    fn takes(&mut self, sign: &str) -> bool {
        let found = matches!(self.tokens.get(self.at), Some(Token::Sign(it)) if *it == sign);
        self.at += usize::from(found);
        found
    }

    fn any(&mut self) -> Worth {
        let mut worth = self.all();
        while self.takes("||") {
            let other = self.all();
            worth = match worth.holds() {
                Some(true) => worth,
                Some(false) => other,
                None if other.holds() == Some(true) => Worth::Truth(true),
                None => Worth::Unknown,
            };
        }
        worth
    }

    fn all(&mut self) -> Worth {
        let mut worth = self.comparison();
        while self.takes("&&") {
            let other = self.comparison();
            worth = match worth.holds() {
                Some(true) => other,
                Some(false) => worth,
                None if other.holds() == Some(false) => Worth::Truth(false),
                None => Worth::Unknown,
            };
        }
        worth
    }

    fn comparison(&mut self) -> Worth {
        let left = self.one();
        for sign in ["==", "!=", "<=", ">=", "<", ">"] {
            if self.takes(sign) {
                let right = self.one();
                let equal = self.are_equal(&left, &right);
                return match sign {
                    "==" => equal.map_or(Worth::Unknown, Worth::Truth),
                    "!=" => equal.map_or(Worth::Unknown, |it| Worth::Truth(!it)),
                    _ => Worth::Unknown,
                };
            }
        }
        left
    }

    fn are_equal(&self, left: &Worth, right: &Worth) -> Option<bool> {
        match (left, right) {
            (Worth::Text(left), Worth::Text(right)) => Some(left.eq_ignore_ascii_case(right)),
            (Worth::Truth(left), Worth::Truth(right)) => Some(left == right),
            (Worth::Event, Worth::Text(event)) | (Worth::Text(event), Worth::Event) => {
                (!self.run.may_be_of(&event.to_ascii_lowercase())).then_some(false)
            }
            _ => None,
        }
    }

    fn one(&mut self) -> Worth {
        if self.depth > DEEPEST {
            self.at = self.tokens.len();
            return Worth::Unknown;
        }
        self.depth += 1;
        let worth = self.one_inside();
        self.depth -= 1;
        worth
    }

    fn one_inside(&mut self) -> Worth {
        if self.takes("!") {
            return self.one().holds().map_or(Worth::Unknown, |it| Worth::Truth(!it));
        }
        if self.takes("(") {
            let worth = self.any();
            self.takes(")");
            return worth;
        }
        let token = self.tokens.get(self.at).cloned();
        self.at += 1;
        match token {
            Some(Token::Text(text)) => Worth::Text(text),
            Some(Token::Name(name)) if self.takes("(") => self.call(&name),
            Some(Token::Name(name)) => self.context(name),
            _ => Worth::Unknown,
        }
    }

    /// A function's call, up to the parenthesis that closes it.
    fn call(&mut self, name: &str) -> Worth {
        let mut open = 1_usize;
        while open > 0 && self.at < self.tokens.len() {
            match &self.tokens[self.at] {
                Token::Sign("(") => open += 1,
                Token::Sign(")") => open -= 1,
                _ => {}
            }
            self.at += 1;
        }
        match name {
            "failure" | "cancelled" if self.all_went_well => Worth::Truth(false),
            _ => Worth::Unknown,
        }
    }

    fn context(&mut self, first: String) -> Worth {
        let mut path = first;
        while self.takes(".") {
            if let Some(Token::Name(name)) = self.tokens.get(self.at) {
                path.push('.');
                path.push_str(name);
            }
            self.at += 1;
        }
        if self.takes("[") {
            while self.at < self.tokens.len() && !self.takes("]") {
                self.at += 1;
            }
            return Worth::Unknown;
        }
        match path.as_str() {
            "true" => Worth::Truth(true),
            "false" => Worth::Truth(false),
            "github.event_name" => Worth::Event,
            // Of any other event it is null, which counts as false.
            "github.event.pull_request.merged" if !self.is_of_pull_requests() => {
                Worth::Truth(false)
            }
            _ => match path.strip_prefix("env.").and_then(|name| self.run.variable(name)) {
                Some(value) => Worth::Text(value.to_owned()),
                None => Worth::Unknown,
            },
        }
    }

    fn is_of_pull_requests(&self) -> bool {
        let events = ["pull_request", "pull_request_target", "pull_request_review"];
        events.into_iter().any(|it| self.run.may_be_of(it))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Pushed;

    impl Run for Pushed {
        fn variable(&self, name: &str) -> Option<&str> {
            (name == "apply").then_some("none")
        }

        fn may_be_of(&self, event: &str) -> bool {
            event == "push"
        }
    }

    #[test]
    fn what_can_never_hold() {
        for (condition, expected) in [
            ("false", true),
            ("${{ false }}", true),
            ("${{ !true }}", true),
            ("always() && false", true),
            ("github.event_name == 'release'", true),
            ("'release' == github.event_name && success()", true),
            ("github.event_name == 'push'", false),
            ("github.event_name == 'Push'", false),
            ("${{ github.event_name == 'release' }} && true", false),
            ("github.event_name != 'release'", false),
            ("github.event_name == 'release' || github.ref == 'refs/heads/main'", false),
            ("github.event_name == 'release' || github.event_name == 'schedule'", true),
            ("github.event.pull_request.merged == true", true),
            ("${{ env.APPLY == 'all' || env.APPLY == github.event_name }}", true),
            (
                "steps.x.outputs.y == 1 && (env.APPLY == 'all' || env.APPLY == github.event_name)",
                true,
            ),
            ("env.OTHER == 'all'", false),
            ("env.APPLY == 'None'", false),
            ("env.APPLY == 'none' && inputs.go", false),
            ("contains(github.event.head_commit.message, 'x)') && true", false),
            ("github.event['pull_request'].merged", false),
            ("", false),
            ("((((", false),
        ] {
            assert_eq!(is_never_met(condition, &Pushed), expected, "{condition}");
        }
        for (condition, expected) in [
            ("failure()", true),
            ("${{ failure() && github.event_name == 'push' }}", true),
            ("failure() || cancelled()", true),
            ("!failure() && !cancelled()", false),
            ("failure() || success()", false),
            ("always()", false),
        ] {
            assert_eq!(is_met_by_failure(condition, &Pushed), expected, "{condition}");
            assert!(!is_never_met(condition, &Pushed), "{condition}");
        }
        is_never_met(&"(".repeat(100_000), &Pushed);
        is_never_met(&"!".repeat(100_000), &Pushed);
    }
}
