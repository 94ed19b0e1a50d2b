//! The contents of objects. Knows what `git cat-file --batch` prints, not what the bytes mean.

use std::io::{self, BufRead, Read};

use super::git::Git;
use super::{HistoryError, ObjectId};

/// Larger contents are not read, as of files that are not Python. In bytes.
pub const LARGEST_BLOB: u64 = crate::LARGEST_DOCUMENT;

/// The contents of an object.
pub enum Blob {
    /// All of it.
    Bytes(Vec<u8>),
    /// It is larger than [`LARGEST_BLOB`].
    TooLarge,
    /// The repository does not hold it, as in a partial clone.
    Missing,
}

pub(crate) fn read(
    git: &Git,
    wanted: &[ObjectId],
    take: &mut dyn FnMut(usize, Blob) -> bool,
) -> Result<(), HistoryError> {
    git.feed(&["cat-file", "--batch", "--buffer"], wanted, |output| {
        let mut header = Vec::new();
        for index in 0..wanted.len() {
            header.clear();
            output.read_until(b'\n', &mut header)?;
            let text = std::str::from_utf8(&header).unwrap_or_default();
            let words: Vec<&str> = text.split_whitespace().collect();
            let blob = match words[..] {
                [_, kind, size] => contents(output, kind, size)?,
                [_, "missing"] => Blob::Missing,
                _ => return Err(io::ErrorKind::InvalidData.into()),
            };
            if !take(index, blob) {
                return Ok(());
            }
        }
        Ok(())
    })
}

/// Reads what follows a header, line end included.
fn contents(output: &mut impl BufRead, kind: &str, size: &str) -> io::Result<Blob> {
    let size: u64 = size.parse().map_err(|_| io::ErrorKind::InvalidData)?;
    let mut rest = output.take(size + 1);
    if kind != "blob" || size > LARGEST_BLOB {
        io::copy(&mut rest, &mut io::sink())?;
        return Ok(if kind == "blob" { Blob::TooLarge } else { Blob::Missing });
    }
    let mut bytes = Vec::with_capacity(size as usize + 1);
    rest.read_to_end(&mut bytes)?;
    if bytes.len() as u64 != size + 1 {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    bytes.pop();
    Ok(Blob::Bytes(bytes))
}
