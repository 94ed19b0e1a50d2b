//! Dotted names of modules, as far as it takes to tell whether two are the same. Knows no file.

/// A dotted name by its FNV-1a hash, taken from behind: so one way along a path tells all names that its ends may be
/// imported by. Thousands of files name each other some hundred thousand times; of 64 bits two hardly ever agree by chance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ModuleName(u64);

impl ModuleName {
    /// Nothing.
    pub const EMPTY: Self = Self(0xcbf2_9ce4_8422_2325);

    /// The name that a text is.
    pub fn of(text: &str) -> Self {
        Self::EMPTY.behind(text)
    }

    /// What is taken out of a module.
    pub fn in_module(module: &str, name: &str) -> Self {
        Self::of(name).below(module)
    }

    /// The same name inside a module, which may be nothing.
    #[must_use]
    pub fn below(self, module: &str) -> Self {
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
    pub fn ends(path: &str) -> impl Iterator<Item = Self> {
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
        let name = ModuleName::of("shop.deep.way");
        assert_eq!(ModuleName::in_module("shop.deep", "way"), name);
        assert_eq!(ModuleName::of("way").below("deep").below("shop"), name);
        assert_eq!(ModuleName::of("way").below(""), ModuleName::of("way"));
        assert_eq!(ModuleName::EMPTY.below("way"), ModuleName::of("way"));
        let ends: Vec<_> = ModuleName::ends("src/shop/deep.way").collect();
        assert_eq!(ends[..3], [ModuleName::of("way"), ModuleName::of("deep.way"), name]);
        assert_ne!(ends[3], name);
        assert_ne!(ModuleName::of("a.bc"), ModuleName::of("ab.c"));
    }
}
