//! The texts of a project's files that questions about others look through: each read once, while there is room. Knows no
//! question.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use roadworthy_parser::SourceFile;

use super::Facts;
use crate::File;

/// What is kept at most, in bytes: three thousand modules or so. An application has hundreds, and a package with more must not
/// take twice the memory for it.
const ROOM: usize = 24_000_000;

/// What was read, by the position of its file.
#[derive(Debug)]
pub(super) struct Texts {
    /// `None` where a file cannot be read.
    known: Vec<OnceLock<Option<Arc<SourceFile>>>>,
    /// Bytes that may still be kept.
    room: AtomicUsize,
}

impl Texts {
    /// Of so many files.
    fn new(files: usize, room: usize) -> Self {
        Self { known: vec![OnceLock::new(); files], room: AtomicUsize::new(room) }
    }

    /// The text of a file, read unless it is known. Two threads may read at once: they find the same.
    fn get(
        &self,
        index: usize,
        read: impl FnOnce() -> Option<SourceFile>,
    ) -> Option<Arc<SourceFile>> {
        let slot = &self.known[index];
        if let Some(known) = slot.get() {
            return known.clone();
        }
        let found = read().map(Arc::new);
        let size = found.as_ref().map_or(0, |it| it.text().len());
        let take = |room: usize| room.checked_sub(size);
        let has_room = self.room.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take).is_ok();
        if has_room && slot.set(found.clone()).is_err() {
            self.room.fetch_add(size, Ordering::Relaxed);
        }
        found
    }
}

impl Facts<'_> {
    /// The text of a file of the project as [`Project::read`](crate::Project::read) gives it, for a question that looks through
    /// many; `None` where it cannot be read, which another rule reports.
    pub fn source(&self, file: &File) -> Option<Arc<SourceFile>> {
        let read = || self.project().read(file).ok();
        let Some(index) = self.index_of(&file.absolute) else { return read().map(Arc::new) };
        let texts = self.texts.get_or_init(|| {
            let project = self.project();
            Texts::new(project.files.len() + project.unasked.len(), ROOM)
        });
        texts.get(index, read)
    }
}

#[cfg(test)]
mod tests {
    use roadworthy_parser::SourceFile;

    use super::Texts;
    use crate::{Facts, Project};

    fn text(text: &str) -> SourceFile {
        SourceFile::from_text(text)
    }

    fn never() -> Option<SourceFile> {
        panic!("it is known")
    }

    #[test]
    fn a_file_is_read_once() {
        let texts = Texts::new(2, 100);
        assert_eq!(texts.get(0, || Some(text("a"))).unwrap().text(), "a");
        assert_eq!(texts.get(1, || Some(text("b"))).unwrap().text(), "b");
        assert_eq!(texts.get(0, never).unwrap().text(), "a");
    }

    #[test]
    fn what_cannot_be_read_is_asked_for_once_too() {
        let texts = Texts::new(1, 0);
        assert!(texts.get(0, || None).is_none());
        assert!(texts.get(0, never).is_none());
    }

    #[test]
    fn beyond_its_room_nothing_is_kept() {
        let texts = Texts::new(3, 4);
        assert_eq!(texts.get(0, || Some(text("abc"))).unwrap().text(), "abc");
        assert_eq!(texts.get(1, || Some(text("de"))).unwrap().text(), "de");
        assert_eq!(texts.get(1, || Some(text("as it is now"))).unwrap().text(), "as it is now");
        assert_eq!(texts.get(2, || Some(text("f"))).unwrap().text(), "f");
        assert_eq!(texts.get(2, never).unwrap().text(), "f");
        assert_eq!(texts.get(0, never).unwrap().text(), "abc");
    }

    #[test]
    fn a_file_of_the_project_is_read_from_disk_once() {
        let folder = tempfile::tempdir().unwrap();
        let root = camino::Utf8Path::from_path(folder.path()).unwrap();
        std::fs::write(root.join("a.py"), "x = 1\n").unwrap();
        std::fs::write(root.join("b.py"), b"x = '\xff'\n").unwrap();
        let options = crate::DiscoverOptions::new(root);
        let project = crate::discover(&[root.to_owned()], &options).unwrap();
        let read = |path: &camino::Utf8Path| project.read_bytes(path);
        let facts = Facts::new(&project, &read, None);
        let source = |name: &str| {
            let mut files = facts.project().files.iter();
            facts.source(files.find(|it| it.path.ends_with(name)).unwrap())
        };
        assert_eq!(source("a.py").unwrap().text(), "x = 1\n");
        assert!(source("b.py").is_none());
        std::fs::write(root.join("a.py"), "x = 2\n").unwrap();
        assert_eq!(source("a.py").unwrap().text(), "x = 1\n");
    }

    #[test]
    fn a_project_in_memory_has_texts_too() {
        let project = Project::in_memory([("a.py", "x = 1\n")]);
        let read = |path: &camino::Utf8Path| project.read_bytes(path);
        let facts = Facts::new(&project, &read, None);
        assert_eq!(facts.source(&project.files[0]).unwrap().text(), "x = 1\n");
    }
}
