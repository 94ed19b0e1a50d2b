//! Reading what git says, without git.

use super::*;

#[test]
fn a_range_is_revisions_and_a_few_options() {
    let range: Range = "main..HEAD ^v1".parse().unwrap();
    assert_eq!(range.revisions, ["main..HEAD", "^v1"]);
    assert_eq!("".parse::<Range>().unwrap().revisions, ["HEAD"]);
    assert_eq!("--all".parse::<Range>().unwrap().references, ["--all"]);
    assert!("--all".parse::<Range>().unwrap().revisions.is_empty());
    for option in ["--output=x", "-p", "--upload-pack=x", "main --exec"] {
        assert!(option.parse::<Range>().is_err(), "{option}");
    }
}

#[test]
fn names_of_objects_are_of_two_lengths() {
    for hex in ["0123456789abcdef0123456789abcdef01234567", &"ab".repeat(32)] {
        assert_eq!(hex.parse::<ObjectId>().unwrap().to_string(), hex);
    }
    for wrong in ["", "abc", &"g".repeat(40), &"é".repeat(20)] {
        assert!(wrong.parse::<ObjectId>().is_err(), "{wrong}");
    }
    assert!("0".repeat(40).parse::<ObjectId>().unwrap().is_null());
}
