//! The matching against what it promises, on many small made-up runs.

use std::collections::BTreeMap;

use super::*;

/// Numbers that look like chance and are the same in every run (xorshift, Marsaglia 2003).
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }
}

const PATHS: [&str; 4] = ["a.py", "b.py", "c.py", "d.py"];
const RULES: [&str; 2] = ["one", "two"];

fn sighting(path: &'static str, rule: &'static str, line: u64, near: u64) -> Sighting<'static> {
    Sighting { path, rule, mark: Mark { line, near, values: vec![None] } }
}

fn run(dice: &mut Dice, paths: &[&'static str]) -> Vec<Sighting<'static>> {
    let mut any = || {
        let path = paths[dice.below(paths.len() as u64) as usize];
        let rule = RULES[dice.below(2) as usize];
        sighting(path, rule, dice.below(3), dice.below(4))
    };
    let mut run: Vec<_> = (0..12).map(|_| any()).collect();
    run.sort_by_key(|it| it.path);
    run
}

fn all_judged(_: &str, _: &str) -> Reach {
    Reach::Judged
}

fn baseline(run: &[Sighting<'static>]) -> Baseline {
    Baseline::default().compare(run, &all_judged).baseline(run, None)
}

type Counts<'c> = BTreeMap<(&'c str, &'c str, u64), i32>;

fn counts<'c>(run: impl IntoIterator<Item = &'c Sighting<'static>>) -> Counts<'c> {
    let mut counts = BTreeMap::new();
    for it in run {
        *counts.entry((it.path, it.rule, it.mark.line)).or_insert(0) += 1;
    }
    counts
}

#[test]
fn what_is_known_is_a_multiset() {
    let mut dice = Dice(7);
    for _ in 0..500 {
        let (before, now) = (run(&mut dice, &PATHS), run(&mut dice, &PATHS));
        let old = baseline(&before);
        let compared = old.compare(&now, &all_judged);
        let known = || now.iter().zip(&compared.known).filter(|(_, known)| **known).map(|it| it.0);
        let (before_counts, now_counts) = (counts(&before), counts(&now));
        // Of each kind as many are known as there were, and no more.
        for (kind, count) in &now_counts {
            let wanted = (*count).min(before_counts.get(kind).copied().unwrap_or_default());
            assert_eq!(counts(known()).get(kind).copied().unwrap_or_default(), wanted);
        }
        assert_eq!(compared.stale, before.len() - known().count());
        // An update knows all that is there; nothing is new then, and nothing gone.
        let updated = compared.baseline(&now, None);
        assert_eq!(updated, baseline(&now));
        let again = updated.compare(&now, &all_judged);
        assert!(again.known.iter().all(|known| *known));
        assert_eq!((again.stale, updated.count()), (0, now.len()));
        // Pruned, the same is known, and nothing is gone.
        let pruned = compared.baseline(known(), None);
        let again = pruned.compare(&now, &all_judged);
        assert_eq!((again.known, again.stale), (compared.known.clone(), 0));
        // What is written is read again, in any order and twice.
        let text = updated.text();
        assert_eq!(Baseline::parse(&text).unwrap(), updated);
        let (header, entries) = text.split_once('\n').unwrap();
        let mut entries: Vec<&str> = entries.lines().collect();
        entries.extend(entries.clone());
        entries.reverse();
        let twice = format!("{header}\n{}", entries.join("\n"));
        assert_eq!(Baseline::parse(&twice).unwrap(), updated);
    }
}

#[test]
fn a_part_of_a_run_changes_its_part_only() {
    let mut dice = Dice(11);
    for _ in 0..500 {
        let before = run(&mut dice, &PATHS);
        let now = run(&mut dice, &PATHS[..2]);
        let old = baseline(&before);
        let part = |path: &str, _: &str| match path {
            "a.py" | "b.py" => Reach::Judged,
            _ => Reach::Unjudged,
        };
        let updated = old.compare(&now, &part).baseline(&now, None);
        let rest = before.iter().filter(|it| !PATHS[..2].contains(&it.path)).cloned();
        let whole: Vec<_> = now.iter().cloned().chain(rest).collect();
        assert_eq!(updated, baseline(&whole));
    }
}

#[test]
fn a_renamed_file_keeps_what_is_known_and_no_more() {
    let mut dice = Dice(13);
    for searched in [true, false] {
        for _ in 0..200 {
            let before = run(&mut dice, &["a.py", "b.py"]);
            let renamed: Vec<_> = before
                .iter()
                .map(|it| Sighting {
                    path: if it.path == "b.py" { "z.py" } else { it.path },
                    ..it.clone()
                })
                .collect();
            let gone = |path: &str, _: &str| match path {
                "b.py" => Reach::Gone { searched },
                _ => Reach::Judged,
            };
            let old = baseline(&before);
            let compared = old.compare(&renamed, &gone);
            assert!(compared.known.iter().all(|known| *known));
            assert_eq!((compared.stale, compared.unjudged), (0, 0));
            assert_eq!(compared.baseline(&renamed, None), baseline(&renamed));
            // A copy of the renamed file is new, but for what it shares with nothing else.
            let mut copied = renamed.clone();
            copied.extend(
                renamed
                    .iter()
                    .filter(|it| it.path == "z.py")
                    .cloned()
                    .map(|it| Sighting { path: "zz.py", ..it }),
            );
            let known = old.compare(&copied, &gone).known.iter().filter(|known| **known).count();
            assert_eq!(known, before.len());
            // A file that has entries of its own takes none of another.
            let moved: Vec<_> =
                before.iter().cloned().map(|it| Sighting { path: "a.py", ..it }).collect();
            let known = old.compare(&moved, &gone).known.iter().filter(|known| **known).count();
            assert!(
                known <= moved.len()
                    && (known < moved.len() || before.iter().all(|it| it.path == "a.py"))
            );
        }
    }
}

#[test]
fn what_is_gone_elsewhere_stays_until_somebody_looked_there() {
    let old = baseline(&[sighting("a.py", "one", 1, 1), sighting("b.py", "one", 2, 1)]);
    let gone = |searched| move |_: &str, _: &str| Reach::Gone { searched };
    let unsearched = old.compare(&[], &gone(false));
    assert_eq!((unsearched.stale, unsearched.unjudged), (0, 2));
    assert_eq!(unsearched.baseline([], None), old);
    let searched = old.compare(&[], &gone(true));
    assert_eq!((searched.stale, searched.unjudged), (2, 0));
    assert_eq!(searched.baseline([], None), Baseline::default());
}

#[test]
fn of_equal_ones_those_in_known_surroundings_come_first() {
    let equal = |near| sighting("a.py", "one", 1, near);
    let old = baseline(&[equal(1), equal(2), equal(2), equal(3)]);
    let known = |nears: &[u64]| {
        let now: Vec<_> = nears.iter().copied().map(equal).collect();
        old.compare(&now, &all_judged).known
    };
    assert_eq!(known(&[3, 9, 2, 1, 2]), [true, false, true, true, true]);
    assert_eq!(known(&[9, 8, 7, 3, 1]), [true, true, false, true, true]);
    assert_eq!(known(&[7, 7, 7, 7, 7]), [true, true, true, true, false]);
}

#[test]
fn values_are_looked_for_under_every_salt() {
    let salts = [Salt::from_bytes([1; 16]), Salt::from_bytes([2; 16])];
    let value = |text: &str, salts: &[Salt]| {
        let values = salts.iter().map(|salt| Some(Fingerprint::of_place(salt, &[text]))).collect();
        Sighting { path: "a.py", rule: "secret", mark: Mark { line: 1, near: 1, values } }
    };
    let made = |text: &str, salt: Salt| {
        let run = [value(text, &[salt])];
        Baseline::default().compare(&run, &all_judged).baseline(&run, Some(salt))
    };
    let (one, two) = (made("x", salts[0]), made("y", salts[1]));
    let merged = Baseline::parse(&format!("{}{}", one.text(), two.text())).unwrap();
    assert_eq!(merged.salts(), salts);
    let now = [value("x", &salts), value("y", &salts), value("z", &salts)];
    let compared = merged.compare(&now, &all_judged);
    assert_eq!(compared.known, [true, true, false]);
    // One salt is enough for what is written anew; that of an entry which stays is kept.
    assert_eq!(compared.baseline(&now, None).salts(), &salts[..1]);
    let unjudged = merged.compare(&[], &|_, _| Reach::Unjudged);
    assert_eq!(unjudged.baseline([], None), merged);
    // Without a salt a value is known to nothing, and is not taken for one that may not be hashed.
    let weak = baseline(&[sighting("a.py", "secret", 1, 1)]);
    assert_eq!(weak.compare(&[value("x", &[])], &all_judged).known, [false]);
}
