//! `--output FORMAT:FILE`: what it names, and files that are written whole or not at all. Knows no report.

use std::fs;
use std::io::{self, BufWriter, Write};

use camino::{Utf8Path, Utf8PathBuf};
use clap::ValueEnum;

use crate::error::Error;

/// A format that `--output` names.
pub(crate) trait Format: ValueEnum + Copy + PartialEq {
    /// Whether reports of it may stand before or behind another: what a program reads may not.
    fn is_for_people(self) -> bool;

    /// The word that stands for it.
    fn name(self) -> String {
        self.to_possible_value().map_or_else(String::new, |value| value.get_name().to_owned())
    }
}

/// A file that a report goes to.
#[derive(Debug)]
pub(crate) struct Target<F> {
    pub(crate) format: F,
    /// As it was given.
    shown: Utf8PathBuf,
    /// Where it lies, links resolved.
    path: Utf8PathBuf,
    /// Whether it is no file that can be replaced, but a device or a pipe.
    stream: bool,
}

/// The formats that standard output gets besides `main`, and the files.
///
/// # Errors
/// When one names no format, stands for what another stands for, or cannot be written.
pub(crate) fn targets<F: Format>(
    given: &[String],
    main: F,
    working_directory: &Utf8Path,
) -> Result<(Vec<F>, Vec<Target<F>>), Error> {
    let mut stdout = Vec::new();
    let mut files: Vec<Target<F>> = Vec::new();
    for text in given {
        let (format, file) = parsed(text).map_err(|told| refused(text, &told))?;
        if file == "-" {
            let shared = [main, format].into_iter().find(|it| !it.is_for_people());
            if let Some(alone) = shared.or((format == main).then_some(main)) {
                let told = format!(
                    "{} stands alone on standard output: choose it by --output-format, or give a file",
                    alone.name()
                );
                return Err(refused(text, &told));
            }
            stdout.push(format);
            continue;
        }
        let target = Target::new(format, Utf8Path::new(file), working_directory)
            .map_err(|told| refused(text, &told))?;
        if let Some(other) = files.iter().find(|it| !it.stream && it.path == target.path) {
            let told = format!("the report in {} goes to the same file", other.format.name());
            return Err(refused(text, &told));
        }
        files.push(target);
    }
    Ok((stdout, files))
}

fn refused(given: &str, told: &str) -> Error {
    Error::Usage(format!("--output {given}: {told}"))
}

fn parsed<F: Format>(text: &str) -> Result<(F, &str), String> {
    let formats = || F::value_variants().iter().map(|format| format.name());
    let list = || formats().collect::<Vec<_>>().join(", ");
    let Some((name, file)) = text.split_once(':') else {
        return Err("give FORMAT:FILE, as in `sarif:roadworthy.sarif`".to_owned());
    };
    let Ok(format) = F::from_str(name, false) else {
        let near = |format: &String| strsim::jaro_winkler(format, name);
        let best = formats().max_by(|a, b| near(a).total_cmp(&near(b)));
        return Err(match best.filter(|best| near(best) > 0.75) {
            Some(best) => format!("no format `{name}`; did you mean `{best}`?"),
            None => format!("no format `{name}`; there are {}", list()),
        });
    };
    if file.is_empty() {
        return Err(format!("no file behind `{name}:`; name one, or `-` for standard output"));
    }
    Ok((format, file))
}

impl<F: Format> Target<F> {
    fn new(format: F, shown: &Utf8Path, working_directory: &Utf8Path) -> Result<Self, String> {
        let given = working_directory.join(shown);
        let target = |path, stream| Self { format, shown: shown.to_owned(), path, stream };
        match fs::metadata(&given) {
            Ok(metadata) if metadata.is_dir() => Err(format!(
                "`{shown}` is a folder; name a file in it, as in `{}`",
                shown.join("report")
            )),
            Ok(metadata) if !metadata.is_file() => Ok(target(given, true)),
            Ok(_) => {
                // What a link leads to is replaced, not the link.
                let path = given.canonicalize_utf8().map_err(|error| cannot(shown, &error))?;
                let target = target(path, false);
                target.probe()?;
                Ok(target)
            }
            Err(_) if fs::symlink_metadata(&given).is_ok() => {
                Err(format!("`{shown}` is a link that leads nowhere; remove it or mend it"))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let Some(name) = given.file_name() else {
                    return Err(format!("`{shown}` names no file"));
                };
                let folder = given.parent().unwrap_or(working_directory);
                if shown.as_str().ends_with(['/', std::path::MAIN_SEPARATOR]) || !folder.is_dir() {
                    let folder = shown.parent().unwrap_or(shown);
                    return Err(format!("there is no folder `{folder}`; make it first"));
                }
                let folder = folder.canonicalize_utf8().map_err(|error| cannot(shown, &error))?;
                let target = target(folder.join(name), false);
                target.probe()?;
                Ok(target)
            }
            Err(error) => Err(cannot(shown, &error)),
        }
    }

    /// Whether this is the file of an absolute path.
    pub(crate) fn is(&self, path: &Utf8Path) -> bool {
        !self.stream && self.path == path
    }

    /// Tries whether the folder takes a new file, and leaves none.
    fn probe(&self) -> Result<(), String> {
        let beside = self.beside().map_err(|error| cannot(&self.shown, &error))?;
        // Where the file is there, it must be ours to write, though it is replaced.
        let writable = match fs::metadata(&self.path) {
            Ok(metadata) => !metadata.permissions().readonly(),
            Err(_) => true,
        };
        drop(beside);
        writable.then_some(()).ok_or_else(|| {
            format!("`{}` may not be written; grant that, or name another file", self.shown)
        })
    }

    /// A new file in the folder of the target, which is gone when it is dropped.
    fn beside(&self) -> io::Result<tempfile::NamedTempFile> {
        let mut builder = tempfile::Builder::new();
        builder.prefix(".roadworthy-");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            // As any file is made: what the mask leaves.
            builder.permissions(fs::Permissions::from_mode(0o666));
        }
        builder.tempfile_in(self.path.parent().unwrap_or(Utf8Path::new(".")))
    }

    /// Writes the file: completely, or not at all.
    pub(crate) fn write(
        &self,
        write: impl FnOnce(&mut dyn Write) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let failed = |error: &io::Error| {
            Error::System(format!("{}: {}", self.named(), cannot(&self.shown, error)))
        };
        let told = |result: Result<(), Error>| match result {
            Err(Error::Output(error)) => Err(failed(&error)),
            other => other,
        };
        if self.stream {
            let file = fs::OpenOptions::new().write(true).open(&self.path);
            let mut out = BufWriter::new(file.map_err(|error| failed(&error))?);
            let result = write(&mut out).and_then(|()| out.flush().map_err(Error::from));
            // What is still in the buffer of a broken pipe must not be tried again.
            let _ = out.into_parts();
            return match result {
                Err(Error::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
                other => told(other),
            };
        }
        let mut file = self.beside().map_err(|error| failed(&error))?;
        let mut out = BufWriter::with_capacity(1 << 16, &mut file);
        told(write(&mut out).and_then(|()| out.flush().map_err(Error::from)))?;
        drop(out);
        if let Ok(metadata) = fs::metadata(&self.path) {
            // Who could read the last report can read this one. Where that is refused, the usual permissions stay.
            let _ = file.as_file().set_permissions(metadata.permissions());
        }
        file.persist(&self.path).map_err(|error| failed(&error.error))?;
        Ok(())
    }

    fn named(&self) -> String {
        format!("--output {}:{}", self.format.name(), self.shown)
    }
}

fn cannot(shown: &Utf8Path, error: &io::Error) -> String {
    format!("`{shown}` cannot be written ({}); name another file", error.kind())
}
