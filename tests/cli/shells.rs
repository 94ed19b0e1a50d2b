//! `completions` and `man`.

use crate::folder::Folder;

const SHELLS: [&str; 6] = ["bash", "elvish", "fish", "nushell", "powershell", "zsh"];

#[test]
fn each_shell_is_told_commands_and_options() {
    let folder = Folder::new(&[]);
    for shell in SHELLS {
        let script = folder.run(&["completions", shell]).ends(0).stays_quiet().stdout;
        for word in ["check", "explain", "output-format"] {
            assert!(script.contains(word), "{word} is missing for {shell}");
        }
    }
}

#[test]
fn rules_and_groups_are_offered_where_the_help_says_rule() {
    let folder = Folder::new(&[]);
    let script = folder.run(&["completions", "bash"]).ends(0).stdout;
    let offered = |option: &str| {
        let (_, rest) = script.split_once(&format!("{option})\n")).unwrap_or_default();
        rest.split_once("return").unwrap_or_default().0.to_owned()
    };
    for option in ["--select", "--ignore", "--extend-select"] {
        for word in ["ALL", "secrets", "silent-except"] {
            assert!(offered(option).contains(word), "{option} does not offer {word}");
        }
    }
    let (_, explain) = script.split_once("__explain)\n            opts=").unwrap_or_default();
    let explain = explain.lines().next().unwrap_or_default();
    assert!(explain.contains("silent-except"), "{explain}");
    assert!(!explain.contains("ALL"), "{explain}");
}

#[test]
fn an_unknown_shell_is_refused_with_those_that_exist() {
    let folder = Folder::new(&[]);
    folder.run(&["completions", "tcsh"]).ends(2).warns("bash, elvish, fish");
}

#[test]
fn the_manual_has_a_page_for_each_command_that_the_help_shows() {
    let folder = Folder::new(&[]);
    folder.run(&["man", "pages/man1"]).ends(0).stays_quiet();
    let read = |name: &str| std::fs::read_to_string(folder.path().join("pages/man1").join(name));
    let page = read("roadworthy-check.1").unwrap_or_default();
    assert!(page.contains("\\-\\-output\\-format"), "{page}");
    assert!(read("roadworthy-man.1").is_err(), "a hidden command has a page");
    let main = folder.run(&["man"]).ends(0).stays_quiet().stdout;
    assert_eq!(read("roadworthy.1").unwrap_or_default(), main);
    for line in main.lines().filter(|line| line.starts_with("roadworthy\\-")) {
        let name = line.replace('\\', "").replace("(1)", ".1");
        assert!(name.starts_with("roadworthy - ") || read(&name).is_ok(), "{name} is missing");
    }
}

#[test]
fn a_folder_that_cannot_be_written_is_named() {
    let folder = Folder::new(&[("taken", "")]);
    let refused = folder.run(&["man", "taken"]).ends(2);
    refused.warns("no manual pages can be written to taken").warns("name another folder");
}
