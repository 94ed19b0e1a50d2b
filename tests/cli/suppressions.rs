//! Comments that silence findings: until when, for what reason, and what is said of those that are not needed.

use crate::folder::Folder;

/// A handler that says nothing of errors, with a comment behind its header.
fn handler(comment: &str) -> String {
    format!("try:\n    send()\nexcept Exception:{comment}\n    pass\n")
}

const DAY: [&str; 2] = ["--as-of", "2026-06-15"];

/// The findings in a file, as `line rule: message`.
fn found(path: &str, text: &str, arguments: &[&str]) -> Vec<String> {
    let folder = Folder::new(&[(path, text), ("roadworthy.toml", "require-reason = false\n")]);
    found_in(&folder, arguments)
}

fn found_in(folder: &Folder, arguments: &[&str]) -> Vec<String> {
    let select = ["--select", "silent-except,hardcoded-secret,suppressions"];
    let format = ["--output-format", "json", "--exit-zero"];
    let json = folder.check(&[&DAY[..], &select, &format, arguments].concat()).ends(0).json();
    let findings = json["findings"].as_array().expect("is a list").iter();
    findings
        .map(|it| {
            let [rule, message] = ["rule", "message"].map(|key| it[key].as_str().unwrap_or(""));
            format!("{} {rule}: {message}", it["line"])
        })
        .collect()
}

fn rules(found: &[String]) -> Vec<&str> {
    let rule = |it: &'_ String| it.find(' ').map_or(0, |at| at + 1);
    found.iter().map(|it| &it[rule(it)..it.find(':').unwrap_or(it.len())]).collect()
}

#[test]
fn a_day_holds_to_its_end_and_the_finding_comes_back_after_it() {
    let on = |until: &str| {
        let text =
            handler(&format!("  # roadworthy: ignore[silent-except] {until} a flaky partner"));
        found("a.py", &text, &[])
    };
    assert_eq!(on("until=2026-06-15"), [""; 0]);
    assert_eq!(on("until=2027-01-31"), [""; 0]);
    let expired = on("until=2026-06-14");
    assert_eq!(rules(&expired), ["silent-except", "expired-suppression"]);
    assert_eq!(
        expired[1],
        "3 expired-suppression: suppression has expired: it held until 2026-06-14"
    );
}

#[test]
fn what_is_no_day_counts_as_expired_and_says_so() {
    for until in
        ["until=2026-13-01", "until=2026-2-3", "until=", "until 2027-01-31", "until: 2027-01-31"]
    {
        let comment = format!("  # roadworthy: ignore[silent-except] {until} a flaky partner");
        let found = found("a.py", &handler(&comment), &[]);
        assert_eq!(rules(&found), ["silent-except", "expired-suppression"], "{until}");
        assert!(found[1].contains("is no day written until=YYYY-MM-DD"), "{}", found[1]);
    }
    let comment = "  # roadworthy: ignore[silent-except] until the partner answers";
    assert_eq!(found("a.py", &handler(comment), &[]), [""; 0]);
}

#[test]
fn an_expired_comment_is_told_in_every_kind_of_file() {
    let own = "roadworthy: ignore-file[hardcoded-secret] until=2020-01-31 an old account";
    for (path, text) in [
        ("a.yml", format!("# {own}\na: 1\n")),
        ("a.toml", format!("# {own}\na = 1\n")),
        ("a.ini", format!("; {own}\n[a]\n")),
        ("Dockerfile", format!("# {own}\nFROM scratch\n")),
        (".env", format!("# {own}\nA=1\n")),
    ] {
        assert_eq!(rules(&found(path, &text, &[])), ["expired-suppression"], "{path}");
    }
    // In prose it may be an example, unless it was meant for something.
    let prose = format!("<!-- {own} -->\n\nwords\n");
    assert_eq!(found("a.md", &prose, &[]), [""; 0]);
    let token = crate::documents::token();
    let meant = found("a.md", &format!("{prose}{token}\n"), &[]);
    assert_eq!(rules(&meant), ["expired-suppression", "hardcoded-secret"]);
}

#[test]
fn the_clock_is_asked_where_no_day_is_given() {
    let text = handler("  # roadworthy: ignore[silent-except] until=2020-01-31 a flaky partner");
    let folder = Folder::new(&[("a.py", &text)]);
    folder.check(&[]).ends(1).says("it held until 2020-01-31");
    folder.check(&["--as-of", "2020-01-31"]).ends(0);
    folder.check(&["--as-of", "31.1.2020"]).ends(2).warns("give a day written YYYY-MM-DD");
    folder.check(&["--as-of", "2020-02-30"]).ends(2);
}

#[test]
fn each_name_of_a_list_is_used_or_not() {
    let text = handler("  # roadworthy: ignore[silent-except, hardcoded-secret] a flaky partner");
    let found = found("a.py", &text, &[]);
    assert_eq!(found, ["3 unused-suppression: suppression of `hardcoded-secret` silences nothing"]);
    // A name whose rule did not run may silence something in another run.
    let folder = Folder::new(&[("a.py", &text)]);
    folder.check(&["--select", "silent-except,suppressions"]).ends(0);
}

#[test]
fn what_is_expired_is_not_told_to_be_unused_as_well() {
    let text = "x = 1  # roadworthy: ignore[silent-except, no-such-rule] until=2020-01-31 old\n";
    assert_eq!(rules(&found("a.py", text, &[])), ["expired-suppression"]);
}

#[test]
fn several_comments_of_ours_stand_in_one() {
    let own = |rule: &str| format!("# roadworthy: ignore[{rule}] a flaky partner");
    let both = format!("  {} {}", own("hardcoded-secret"), own("silent-except"));
    let found = found("a.py", &handler(&both), &[]);
    assert_eq!(found, ["3 unused-suppression: suppression silences nothing"]);
}

#[test]
fn a_comment_behind_the_text_of_another_speaks_for_that_text() {
    let token = crate::documents::token();
    let text =
        format!("# key: {token}  # roadworthy: ignore[hardcoded-secret] revoked long ago\nx = 1\n");
    assert_eq!(found("a.py", &text, &[]), [""; 0]);
    assert_eq!(found("a.yml", &text.replace("x = 1", "x: 1"), &[]), [""; 0]);
}

#[test]
fn reasons_are_asked_for_where_the_configuration_says_so() {
    let told = |comment: &str| {
        let folder = Folder::new(&[
            ("a.py", &handler(comment)),
            ("roadworthy.toml", "require-reason = true\n"),
        ]);
        let found = found_in(&folder, &[]);
        rules(&found).into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    for comment in [
        "  # roadworthy: ignore[silent-except]",
        "  # roadworthy: ignore[silent-except] TODO",
        "  # roadworthy: ignore[silent-except] until=2027-01-31",
        "  # noqa: S110",
        "  # noqa",
        "  # nosec B110",
        "  # pylint: disable=broad-exception-caught",
    ] {
        assert_eq!(told(comment), ["suppression-without-reason"], "{comment}");
        assert_eq!(found("a.py", &handler(comment), &[]), [""; 0], "{comment}");
    }
    for comment in [
        "  # roadworthy: ignore[silent-except] the partner tells us itself",
        "  # noqa: S110 the partner tells us itself",
        "  # noqa: S110  # the partner",
        "  # nosec B110 partner",
        "  # noqa: F401",
    ] {
        let told = told(comment);
        let expected: &[&str] = if comment.contains("F401") { &["silent-except"] } else { &[] };
        assert_eq!(told, expected, "{comment}");
    }
    let folder = Folder::new(&[("roadworthy.toml", "require-reason = \"yes\"\n")]);
    folder.check(&[]).ends(2).warns("`require-reason` takes true or false");
}

#[test]
fn no_comment_of_ours_speaks_for_itself() {
    let own = "  # roadworthy: ignore[unused-suppression, expired-suppression] until=2020-01-31 a";
    assert_eq!(rules(&found("a.py", &format!("x = 1{own}\n"), &[])), ["expired-suppression"]);
    let own = "  # roadworthy: ignore[unused-suppression] we like it";
    assert_eq!(rules(&found("a.py", &format!("x = 1{own}\n"), &[])), ["unused-suppression"]);
    let text = format!(
        "# roadworthy: ignore-file[unused-suppression] the checks are being moved\n{}",
        "x = 1  # roadworthy: ignore[silent-except] we like it\n"
    );
    assert_eq!(found("a.py", &text, &[]), [""; 0]);
}

#[test]
fn a_reason_in_our_own_comment_is_none_to_the_rule_itself() {
    // Otherwise the comment would make the rule silent, and then be told to be unused.
    let text = "try:\n    send()\nexcept:  # roadworthy: ignore[bare-except] the worker must not stop\n    log.info('x')\n";
    let folder = Folder::new(&[("a.py", text)]);
    folder.check(&["--select", "bare-except,suppressions"]).ends(0).says("1 suppressed");
    let text =
        "def f() -> None:\n    print('x')  # roadworthy: ignore[print-in-product-code] a report\n";
    let folder = Folder::new(&[("app/a.py", text)]);
    folder.check(&["--select", "print-in-product-code"]).ends(0).says("1 suppressed");
}
