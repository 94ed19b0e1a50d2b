//! What a baseline may hold of a secret: nothing of one that can be guessed, and no more than a salted hash of any other.

use std::collections::{BTreeMap, BTreeSet};

use roadworthy_secrets::{Fingerprint, Salt};

use super::folder::Folder;
use super::look;
use super::planted::{plant, plant_weak};
use super::values::Canaries;

const FILE: &str = "roadworthy-baseline.jsonl";

/// The baseline of a folder, made in one way of looking.
fn baseline(folder: &Folder, canaries: &Canaries, way: &[&str]) -> String {
    let path = folder.path().join(FILE);
    let _ = std::fs::remove_file(&path);
    let what = format!("--update-baseline {}", way.join(" "));
    look(canaries, &folder.check(&[&["--update-baseline"], way].concat()), &what);
    for other in [
        &["--prune-baseline"][..],
        &["--every-role", "--error-stale-baseline"],
        &["shop/f1_aws.py"],
    ] {
        let arguments = [&["--baseline", FILE], other].concat();
        look(canaries, &folder.check(&arguments), &arguments.join(" "));
        canaries.look(&std::fs::read(&path).unwrap(), &what);
    }
    std::fs::read_to_string(path).unwrap()
}

/// The entries of what was planted, by path and rule. A name in a comment that silences rules is no value to any rule.
fn entries(text: &str) -> BTreeMap<(String, String), BTreeSet<String>> {
    let mut entries: BTreeMap<_, BTreeSet<String>> = BTreeMap::new();
    for line in text.lines().filter(|line| line.contains("shop/weak")) {
        let entry: serde_json::Value = serde_json::from_str(line).unwrap();
        let key = (entry["path"].to_string(), entry["rule"].to_string());
        if entry["rule"] != "unused-suppression" {
            entries.entry(key).or_default().insert(line.to_owned());
        }
    }
    entries
}

#[test]
fn a_baseline_holds_no_value_in_any_form() {
    let mut canaries = Canaries::new();
    let folder = Folder::new(&[]);
    plant(&folder, &mut canaries);
    plant_weak(&folder, &mut canaries);
    for way in [
        &[][..],
        &["--pedantic"],
        &["--every-role", "--select", "secrets"],
        &["--parse-mode", "full"],
    ] {
        let text = baseline(&folder, &canaries, way);
        assert!(text.contains("\"salt\"") && text.lines().count() > 100, "{way:?}");
    }
    canaries.assert_silent();
}

#[test]
fn a_baseline_says_nothing_of_what_can_be_guessed() {
    let mut canaries = Canaries::new();
    let folder = Folder::new(&[]);
    let strong = canaries.password("strong");
    folder.write("strong.py", format!("password = \"{strong}\"\n").as_bytes());
    let weak = plant_weak(&folder, &mut canaries);
    let first = baseline(&folder, &canaries, &["--pedantic"]);
    let header: serde_json::Value = serde_json::from_str(first.lines().next().unwrap()).unwrap();
    let salt = Salt::from_hex(header["salt"].as_str().unwrap()).unwrap();
    let hash = |value: &str| Fingerprint::of_place(&salt, &["hardcoded-secret", value]).to_string();
    assert!(first.contains(&hash(&strong)));
    for value in &weak {
        assert!(!first.contains(&hash(value)));
    }
    // With other values in the same places the hashes are the same: none depends on a value.
    plant_weak(&folder, &mut canaries);
    let second = baseline(&folder, &canaries, &["--pedantic"]);
    let (first, second) = (entries(&first), entries(&second));
    let both = first.iter().filter_map(|(key, entry)| Some((key, entry, second.get(key)?)));
    let differ: Vec<_> = both.clone().filter(|(_, one, other)| one != other).collect();
    assert!(both.count() > 40 && differ.is_empty(), "{differ:#?}");
    canaries.assert_silent();
}
