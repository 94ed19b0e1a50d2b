//! Whether secrets of the history are still in HEAD: as findings there, or as the same text anywhere in it. Knows bytes
//! and versions.

use aho_corasick::AhoCorasick;
use roadworthy_project::history::{Blob, HistoryError, ObjectId, Repository};
use rustc_hash::FxHashMap;

use super::judge::Judged;

/// The values to look for. They are kept for one look through HEAD and shown to nobody.
#[derive(Default)]
pub(super) struct Values {
    texts: Vec<String>,
    secrets: Vec<u32>,
}

impl Values {
    /// Adds the value of a secret, unless it is of the kind that stands anywhere for other reasons.
    pub(super) fn add(&mut self, secret: u32, value: &str) {
        let is_word = value.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'_');
        if value.len() >= if is_word { 16 } else { 8 } {
            self.texts.push(value.to_owned());
            self.secrets.push(secret);
        }
    }
}

/// The path in HEAD, by number of the secret, of each that is still there: the first in the order of paths.
pub(super) fn search(
    repository: &Repository,
    head: &[(String, ObjectId)],
    versions: &[Option<u32>],
    judged: &Judged,
    values: Values,
) -> Result<FxHashMap<u32, String>, HistoryError> {
    let mut found: FxHashMap<u32, String> = FxHashMap::default();
    for ((path, _), version) in head.iter().zip(versions) {
        let secrets = version.and_then(|version| judged.secrets.get(&version));
        for (secret, _) in secrets.into_iter().flatten() {
            found.entry(*secret).or_insert_with(|| path.clone());
        }
    }
    let Values { texts, secrets } = values;
    let left: Vec<usize> =
        (0..secrets.len()).filter(|&it| !found.contains_key(&secrets[it])).collect();
    let patterns = left.iter().map(|&it| &texts[it]);
    let Ok(searcher) = AhoCorasick::new(patterns) else { return Ok(found) };
    if left.is_empty() {
        return Ok(found);
    }
    let ids: Vec<ObjectId> = head.iter().map(|(_, id)| *id).collect();
    let mut take = |index: usize, blob| {
        let Blob::Bytes(bytes) = blob else { return true };
        let within = |at: Option<usize>| {
            let byte = at.and_then(|at| bytes.get(at));
            byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
        };
        for hit in searcher.find_overlapping_iter(&bytes) {
            if !within(hit.start().checked_sub(1)) && !within(Some(hit.end())) {
                let secret = secrets[left[hit.pattern().as_usize()]];
                let path: &String = &head[index].0;
                found.entry(secret).or_insert_with(|| path.clone());
            }
        }
        true
    };
    repository.blobs(&ids, &mut take)?;
    Ok(found)
}
