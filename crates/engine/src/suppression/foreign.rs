//! The comments of other tools, as those read them: which rules they mean and why. Knows the text of one comment, not
//! what it speaks for.

use crate::Rule;

use super::own::is_reason;

/// A tool's way to silence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Marker {
    /// `# noqa`, read by ruff and flake8.
    Noqa,
    /// `# ruff: ignore[...]`, which takes names of rules as well.
    Ruff,
    /// `# nosec`, read by bandit.
    Nosec,
    /// `# pylint: disable=`
    Pylint,
    /// `# pragma: allowlist secret` of detect-secrets, `# gitleaks:allow`.
    Secret,
    /// `# pragma: allowlist nextline secret` of detect-secrets.
    NextLine,
}

/// A marker of another tool in a comment.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Foreign<'t> {
    pub(super) marker: Marker,
    /// The codes it names; without any it means all.
    pub(super) codes: Vec<&'t str>,
    /// Whether it holds for the file.
    pub(super) file: bool,
    /// Why something is silenced: what stands behind the codes, or in a second comment.
    pub(super) reason: Option<&'t str>,
}

impl Foreign<'_> {
    /// Whether a marker with these codes means what a rule judges.
    pub(super) fn means(&self, rule: &Rule) -> bool {
        let tools: &[&str] = match self.marker {
            Marker::Noqa => &["ruff", "flake8", "pycodestyle", "bugbear"],
            Marker::Ruff => &["ruff"],
            Marker::Nosec => &["bandit"],
            Marker::Pylint => &["pylint"],
            Marker::Secret | Marker::NextLine => {
                return rule.hides_text || rule.group == "secrets";
            }
        };
        let mut equivalents = rule.equivalents.iter().filter(|other| tools.contains(&other.tool));
        if self.codes.is_empty() {
            return equivalents.next().is_some();
        }
        // flake8 takes a code for all that begin with it, pylint `all` for every message.
        equivalents.any(|other| {
            self.codes.iter().any(|code| match self.marker {
                Marker::Noqa => {
                    let letters = code.len().min(other.code.len());
                    other.code.get(..letters).is_some_and(|start| start.eq_ignore_ascii_case(code))
                }
                _ => other.code.eq_ignore_ascii_case(code) || *code == "all",
            })
        })
    }
}

/// The markers of other tools in a comment.
pub(super) fn foreign_markers(comment: &str) -> Vec<Foreign<'_>> {
    // A comment may hold several: `# noqa: S105  # nosec B105`.
    let parts = comment.split('#').map(str::trim).filter(|part| !part.is_empty());
    let mut found = Vec::new();
    let mut aside = None;
    for part in parts {
        match foreign(part) {
            Some(foreign) => found.push(foreign),
            None if !part.starts_with("roadworthy:") && is_reason(part) => {
                aside = aside.or(Some(part));
            }
            None => {}
        }
    }
    for foreign in &mut found {
        foreign.reason = foreign.reason.filter(|reason| is_reason(reason)).or(aside);
    }
    found
}

/// Whether a comment says something to a reader, and is not a marker.
pub(super) fn explains(comment: &str) -> bool {
    let mut parts = comment.split('#').map(str::trim);
    !comment.contains("roadworthy:")
        && parts.clone().all(|part| foreign(part).is_none())
        && parts.any(is_reason)
}

fn foreign(part: &str) -> Option<Foreign<'_>> {
    let lower = part.to_ascii_lowercase();
    let behind = |word: &str| lower.starts_with(word).then(|| &part[word.len()..]);
    let file = ["ruff: noqa", "ruff:noqa", "flake8: noqa", "flake8:noqa"];
    let of = |marker, codes, file, reason| Some(Foreign { marker, codes, file, reason });
    if let Some((file, rest)) = behind("ruff:").and_then(|rest| ignored_by_ruff(rest.trim_start()))
    {
        let (codes, reason) = rest.split_once(']')?;
        let codes: Vec<_> = codes.split(',').map(str::trim).filter(|it| !it.is_empty()).collect();
        if codes.is_empty() {
            return None;
        }
        of(Marker::Ruff, codes, file, Some(reason))
    } else if let Some(rest) = file.iter().find_map(|word| behind(word)) {
        let (codes, reason) = codes_behind_colon(rest);
        of(Marker::Noqa, codes, true, Some(reason))
    } else if let Some(rest) = behind("noqa") {
        let (codes, reason) = codes_behind_colon(rest);
        of(Marker::Noqa, codes, false, Some(reason))
    } else if let Some(rest) = behind("nosec") {
        let rest = rest.trim_start_matches(':');
        let is_code = |code: &&str| code.starts_with(['B', 'b']) && code.len() == 4;
        let codes = rest.split([',', ' ']).map(str::trim).filter(is_code).collect();
        let reason = rest.find(|first: char| first.is_alphabetic() && !matches!(first, 'B' | 'b'));
        of(Marker::Nosec, codes, false, reason.map(|at| &rest[at..]))
    } else if let Some(rest) = behind("pylint:") {
        let (_, codes) = rest.split_once('=').filter(|(verb, _)| verb.trim() == "disable")?;
        let (codes, reason) = codes.split_once(';').unwrap_or((codes, ""));
        let codes = codes.split(',').map(str::trim).filter(|code| !code.is_empty()).collect();
        of(Marker::Pylint, codes, false, Some(reason))
    } else if let Some(rest) = behind("pragma:") {
        let mut words = rest.split_whitespace();
        let verb = words.next().map(str::to_ascii_lowercase);
        verb.filter(|verb| verb == "allowlist" || verb == "whitelist")?;
        let what = words.next().map(str::to_ascii_lowercase)?;
        let marker = match what.as_str() {
            "nextline" => Marker::NextLine,
            what if what.starts_with("secret") => Marker::Secret,
            _ => return None,
        };
        let at = lower.rfind("secret").map_or(part.len(), |at| at + "secret".len());
        of(marker, Vec::new(), false, part.get(at..))
    } else {
        let at = lower.find("gitleaks:allow")?;
        of(Marker::Secret, Vec::new(), false, part.get(at + "gitleaks:allow".len()..))
    }
}

/// Whether `ignore[...]` holds for the file, and what stands behind the bracket.
fn ignored_by_ruff(text: &str) -> Option<(bool, &str)> {
    let of_file = text.strip_prefix("file-ignore[").map(|rest| (true, rest));
    of_file.or_else(|| text.strip_prefix("ignore[").map(|rest| (false, rest)))
}

/// The codes of `: S110, BLE001 some text`, none where there is no colon; and the text.
fn codes_behind_colon(rest: &str) -> (Vec<&str>, &str) {
    let Some(mut rest) = rest.trim_start().strip_prefix(':') else { return (Vec::new(), rest) };
    let is_code = |code: &str| {
        let letters = code.bytes().take_while(u8::is_ascii_alphabetic).count();
        let digits = &code[letters..];
        letters > 0 && !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
    };
    let mut codes = Vec::new();
    loop {
        rest = rest.trim_start_matches([',', ' ', '\t']);
        let code = &rest[..rest.find([',', ' ', '\t']).unwrap_or(rest.len())];
        if !is_code(code) {
            return (codes, rest);
        }
        codes.push(code);
        rest = &rest[code.len()..];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_tools_comments_are_read_as_they_read_them() {
        let read = |comment| {
            foreign_markers(comment)
                .into_iter()
                .map(|foreign| (foreign.codes, foreign.file))
                .collect::<Vec<_>>()
        };
        assert_eq!(read("# noqa"), [(vec![], false)]);
        assert_eq!(read("# NOQA: S110, BLE001 cleanup only"), [(vec!["S110", "BLE001"], false)]);
        assert_eq!(
            read("# noqa: S105  # nosec B105"),
            [(vec!["S105"], false), (vec!["B105"], false)]
        );
        assert_eq!(read("# ruff: noqa: T201"), [(vec!["T201"], true)]);
        assert_eq!(
            read("# ruff: ignore[S110, blind-except] kept"),
            [(vec!["S110", "blind-except"], false)]
        );
        assert_eq!(read("# ruff:file-ignore[T201]"), [(vec!["T201"], true)]);
        assert_eq!(read("# ruff: ignore[]"), []);
        assert_eq!(
            read("# pylint: disable=bare-except,W0718"),
            [(vec!["bare-except", "W0718"], false)]
        );
        assert_eq!(read("# pragma: allowlist secret"), [(vec![], false)]);
        assert_eq!(read("# pragma: whitelist nextline secret"), [(vec![], false)]);
        assert_eq!(read("# pragma: no cover"), []);
        assert_eq!(read("# the noqa comment is described elsewhere"), []);
    }

    #[test]
    fn a_reason_stands_behind_the_codes_or_in_a_second_comment() {
        let reason = |comment| foreign_markers(comment)[0].reason;
        for comment in [
            "# noqa: S110, BLE001 clean-up only",
            "# noqa clean-up only",
            "# nosec B110 clean-up only",
            "# nosec clean-up only",
            "# pragma: allowlist secret clean-up only",
            "# gitleaks:allow clean-up only",
            "# noqa: S110  # clean-up only",
            "# clean-up only  # noqa",
            "# pylint: disable=bare-except  # clean-up only",
        ] {
            assert!(reason(comment).is_some_and(|it| it.contains("clean-up only")), "{comment}");
        }
        for comment in [
            "# noqa",
            "# noqa: S110",
            "# nosec B110, B112",
            "# noqa: S110  # nosec B110",
            "# pylint: disable=bare-except",
            "# pragma: allowlist secret",
            "# noqa: S110  # TODO",
            "# noqa: S110  # roadworthy: ignore[a] kept for now",
        ] {
            assert_eq!(reason(comment), None, "{comment}");
        }
    }
}
