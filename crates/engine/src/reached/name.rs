//! Dotted names of modules, as far as it takes to tell whether two are the same. Knows no file.

/// A dotted name by its FNV-1a hash, taken from behind: so one way along a path tells all names that its ends may be
/// imported by. Thousands of files name each other some hundred thousand times; of 64 bits two hardly ever agree by chance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Name(u64);

impl Name {
    /// Nothing.
    pub(super) const EMPTY: Self = Self(0xcbf2_9ce4_8422_2325);

    /// The name that a text is.
    pub(super) fn of(text: &str) -> Self {
        Self::EMPTY.behind(text)
    }

    /// What is taken out of a module.
    pub(super) fn in_module(module: &str, name: &str) -> Self {
        Self::of(name).below(module)
    }

    /// The same name inside a module, which may be nothing.
    pub(super) fn below(self, module: &str) -> Self {
        match (module, self) {
            ("", own) => own,
            (module, Self::EMPTY) => Self::of(module),
            (module, own) => own.behind(".").behind(module),
        }
    }

    /// The text with this one behind it.
    fn behind(self, text: &str) -> Self {
        let add = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        Self(text.bytes().rev().fold(self.0, add))
    }

    /// All that a path may be imported by, the shortest first: where imports begin is not always known.
    pub(super) fn ends(path: &str) -> impl Iterator<Item = Self> {
        path.rsplit(['/', '.']).scan(Self::EMPTY, |name, part| {
            *name = name.below(part);
            Some(*name)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_the_same_however_they_were_put_together() {
        let name = Name::of("shop.deep.way");
        assert_eq!(Name::in_module("shop.deep", "way"), name);
        assert_eq!(Name::of("way").below("deep").below("shop"), name);
        assert_eq!(Name::of("way").below(""), Name::of("way"));
        assert_eq!(Name::EMPTY.below("way"), Name::of("way"));
        let ends: Vec<_> = Name::ends("src/shop/deep.way").collect();
        assert_eq!(ends[..3], [Name::of("way"), Name::of("deep.way"), name]);
        assert_ne!(ends[3], name);
        assert_ne!(Name::of("a.bc"), Name::of("ab.c"));
    }
}
