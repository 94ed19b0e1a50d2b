//! The bytes of one file to its text. Knows the file system, the encodings and the kinds of files, nothing of Python.

use std::fmt;
use std::fs::File;
use std::io::{self, Read};

use camino::Utf8Path;
use roadworthy_parser::{DecodeError, SourceFile};

use crate::FileKind;

/// Offsets into a text are 32 bits wide.
const LARGEST: u64 = u32::MAX as u64;

/// The most bytes of a file that is read though it is not Python.
pub const LARGEST_DOCUMENT: u64 = 20_000_000;
/// Where a NUL among so many bytes at the beginning says that a file is not text.
const HEAD: usize = 8192;

/// How a file begins that git-crypt has encrypted (<https://github.com/AGWA/git-crypt>, `commands.cpp`).
const ENCRYPTED: &[u8] = b"\0GITCRYPT\0";

/// Why a file has no text. All kinds are sentences without subject: the reader knows the path.
#[derive(Debug)]
pub enum ReadError {
    /// The file system refused.
    Io(io::Error),
    /// It is a folder, a pipe, a socket or a device, reading which may never end.
    NotRegular,
    /// The bytes are not the text of a Python file.
    Decode(DecodeError),
    /// It is not Python and larger than [`LARGEST_DOCUMENT`]: data, not configuration.
    Data,
    /// git-crypt has encrypted it on purpose: who has the key sees a text.
    Encrypted,
}

impl fmt::Display for ReadError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) => out.write_str(&io_sentence(error)),
            Self::NotRegular => out.write_str("is not a regular file"),
            Self::Decode(error) => error.fmt(out),
            Self::Data => {
                write!(out, "was not judged: it is larger than {} MB", LARGEST_DOCUMENT / 1_000_000)
            }
            Self::Encrypted => out.write_str("was not judged: git-crypt has encrypted it"),
        }
    }
}

impl std::error::Error for ReadError {}

/// Says what the file system refused, in words that do not depend on the operating system.
pub(crate) fn io_sentence(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "does not exist any more".to_owned(),
        io::ErrorKind::PermissionDenied => "may not be read (permission denied)".to_owned(),
        kind => format!("cannot be read ({kind})"),
    }
}

/// Reads and decodes one file.
///
/// # Errors
/// When it is not a regular file, cannot be read, or is not text in its encoding.
pub fn read(file: &Utf8Path) -> Result<SourceFile, ReadError> {
    decode_python(read_bytes(file)?)
}

fn decode_python(bytes: Vec<u8>) -> Result<SourceFile, ReadError> {
    if bytes.starts_with(ENCRYPTED) {
        return Err(ReadError::Encrypted);
    }
    SourceFile::decode(bytes).map_err(ReadError::Decode)
}

/// Reads and decodes a file as its kind asks for. A keystore is not opened and has no text.
///
/// # Errors
/// When it is not a regular file, cannot be read, is too large or, if it is Python, is not text in its encoding.
pub fn read_file(file: &Utf8Path, kind: FileKind) -> Result<SourceFile, ReadError> {
    match kind {
        FileKind::Python => read(file),
        FileKind::Keystore => Ok(SourceFile::from_text("")),
        _ => decode(read_up_to(file, LARGEST_DOCUMENT)?, kind),
    }
}

/// Decodes the bytes of a file of a kind. What is not Python always has a text: UTF-8, UTF-16 with a byte-order mark,
/// else Latin-1, which knows every byte; binary content has an empty one.
///
/// # Errors
/// When it is Python and not text in its encoding, or not Python and too large.
pub fn decode(bytes: Vec<u8>, kind: FileKind) -> Result<SourceFile, ReadError> {
    if kind.is_python() {
        return decode_python(bytes);
    }
    if bytes.len() as u64 > LARGEST_DOCUMENT {
        return Err(ReadError::Data);
    }
    let wide = matches!(bytes.get(..2), Some(b"\xff\xfe" | b"\xfe\xff"));
    let binary = !wide && memchr::memchr(0, &bytes[..bytes.len().min(HEAD)]).is_some();
    if binary || kind == FileKind::Keystore {
        return Ok(SourceFile::from_text(""));
    }
    Ok(SourceFile::decode_any(bytes))
}

/// Reads the bytes of a regular file, in one piece as a rule.
pub(crate) fn read_bytes(file: &Utf8Path) -> Result<Vec<u8>, ReadError> {
    read_up_to(file, LARGEST)
}

/// Reads the bytes of a file that is not Python.
pub(crate) fn read_document_bytes(file: &Utf8Path) -> Result<Vec<u8>, ReadError> {
    read_up_to(file, LARGEST_DOCUMENT)
}

fn read_up_to(file: &Utf8Path, largest: u64) -> Result<Vec<u8>, ReadError> {
    // Opening a pipe for reading blocks until somebody writes, so that the kind is asked first. The
    // answer holds the size too.
    let metadata = std::fs::metadata(file).map_err(ReadError::Io)?;
    if !metadata.is_file() {
        return Err(ReadError::NotRegular);
    }
    let length = metadata.len();
    if length > largest {
        let too_large = ReadError::Decode(DecodeError::TooLarge);
        return Err(if largest == LARGEST { too_large } else { ReadError::Data });
    }
    let opened = File::open(file).map_err(ReadError::Io)?;
    let mut bytes = Vec::new();
    // A size that memory cannot hold is an error of this file, not the end of the run.
    bytes
        .try_reserve_exact(usize::try_from(length).unwrap_or(usize::MAX))
        .map_err(|_| ReadError::Io(io::ErrorKind::OutOfMemory.into()))?;
    // The limit also holds for a file that grows as fast as it is read, and it spares the system calls by which
    // `File::read_to_end` would ask for the size again and see the end. Files that the kernel makes up have no size.
    let limit = if length == 0 { largest + 1 } else { length };
    opened.take(limit).read_to_end(&mut bytes).map_err(ReadError::Io)?;
    Ok(bytes)
}

/// The text of a manifest, invalid bytes replaced: it is refused later, with its line, by who understands it.
pub(crate) fn manifest_text(bytes: Vec<u8>) -> String {
    match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => String::from_utf8_lossy(error.as_bytes()).into_owned(),
    }
}

/// Whether a file without an extension begins as a script for Python does.
pub(crate) fn has_python_shebang(file: &std::path::Path) -> bool {
    names_python(file) == Some(true)
}

/// Whether a file that says what is to run it names Python; `None` where it says nothing.
pub(crate) fn names_python(file: &std::path::Path) -> Option<bool> {
    let mut head = [0; 64];
    let length = File::open(file).ok()?.read(&mut head).ok()?;
    let head = &head[..length];
    head.starts_with(b"#!").then(|| is_python_shebang(head))
}

/// Whether text begins with `#!` and names a Python interpreter in that line.
pub(crate) fn is_python_shebang(head: &[u8]) -> bool {
    let Some(rest) = head.strip_prefix(b"#!") else { return false };
    let line = rest.split(|&byte| byte == b'\n').next().unwrap_or_default();
    line.split(|byte| byte.is_ascii_whitespace() || *byte == b'/').any(|word| {
        word.strip_prefix(b"python").or_else(|| word.strip_prefix(b"pypy")).is_some_and(|version| {
            version.iter().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'w'))
        })
    }) || memchr::memmem::find(line, b"uv run").is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shebang_must_name_python_itself() {
        for line in [
            "#!/usr/bin/python\n",
            "#!/usr/bin/env python3\n",
            "#! /usr/bin/python3.12 -u\n",
            "#!/usr/bin/env -S uv run --script\n",
            "#!pypy3",
        ] {
            assert!(is_python_shebang(line.as_bytes()), "{line}");
        }
        for line in
            ["#!/bin/sh\npython", "#!/usr/bin/env pythonic\n", "python", "", "#!", "#!/bin/bash"]
        {
            assert!(!is_python_shebang(line.as_bytes()), "{line}");
        }
    }

    #[test]
    fn what_is_no_regular_file_is_refused_in_words() {
        let folder = tempfile::tempdir().unwrap();
        let root = Utf8Path::from_path(folder.path()).unwrap();
        assert_eq!(read(root).unwrap_err().to_string(), "is not a regular file");
        assert_eq!(read(&root.join("gone.py")).unwrap_err().to_string(), "does not exist any more");
        std::fs::write(root.join("closed.py"), b"\0GITCRYPT\0\x8f\x01").unwrap();
        assert!(matches!(read(&root.join("closed.py")), Err(ReadError::Encrypted)));
        std::fs::write(root.join("bad.py"), b"x = '\xff'").unwrap();
        assert_eq!(
            read(&root.join("bad.py")).unwrap_err().to_string(),
            "line 1 holds a byte that is not valid UTF-8"
        );
        std::fs::write(root.join("good.py"), "x = 'é'").unwrap();
        assert_eq!(read(&root.join("good.py")).unwrap().text(), "x = 'é'");
    }

    #[test]
    fn what_is_not_python_is_decoded_whatever_its_bytes() {
        let text = |bytes: &[u8]| decode(bytes.to_vec(), FileKind::Env).unwrap().text().to_owned();
        assert_eq!(text("A=é".as_bytes()), "A=é");
        assert_eq!(text(b"A=\xe9"), "A=é");
        assert_eq!(text(b"\xff\xfeA\0=\0\xe9\0"), "A=é");
        assert_eq!(text(b"\x30\x82\0\x01"), "");
        assert!(decode(b"A=\xe9".to_vec(), FileKind::Python).is_err());
        let large = vec![b'a'; LARGEST_DOCUMENT as usize + 1];
        let error = decode(large, FileKind::Json).unwrap_err();
        assert_eq!(error.to_string(), "was not judged: it is larger than 20 MB");
    }

    #[cfg(unix)]
    #[test]
    fn a_pipe_or_device_does_not_hang() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe.py");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status();
        if made.is_ok_and(|status| status.success()) {
            let pipe = Utf8Path::from_path(&pipe).unwrap();
            assert!(matches!(read(pipe), Err(ReadError::NotRegular)));
        }
        assert!(matches!(read(Utf8Path::new("/dev/zero")), Err(ReadError::NotRegular)));
    }
}
