//! Random text by a seed, so that every run judges the same corpus.

pub(crate) const DIGITS: &str = "0123456789";
pub(crate) const HEX: &str = "0123456789abcdef";
pub(crate) const LOWER: &str = "abcdefghijklmnopqrstuvwxyz";
pub(crate) const LETTERS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
pub(crate) const UPPER: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
pub(crate) const BASE32: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
pub(crate) const BASE36: &str = "0123456789abcdefghijklmnopqrstuvwxyz";
pub(crate) const BASE62: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
pub(crate) const BASE64: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
pub(crate) const URL64: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// What services of the planted projects are called; none of them speaks of credentials, tests or examples.
pub(crate) const SERVICES: &[&str] = &[
    "orders",
    "billing",
    "catalog",
    "ledger",
    "payments",
    "shipping",
    "invoice",
    "warehouse",
    "basket",
    "reports",
    "metrics",
    "search",
    "mailer",
    "archive",
    "partner",
    "tariff",
    "voucher",
    "returns",
    "loyalty",
    "stock",
    "courier",
    "pricing",
    "refunds",
    "gateway",
    "crm",
    "erp",
    "insights",
    "forecast",
    "delivery",
    "supplier",
    "customs",
    "payroll",
    "chat",
    "alerts",
    "media",
    "maps",
    "weather",
    "booking",
    "fleet",
    "kiosk",
];

/// Words that texts about credentials are made of.
pub(crate) const WORDS: &[&str] = &[
    "account",
    "remote",
    "expired",
    "customer",
    "storage",
    "refresh",
    "login",
    "verify",
    "profile",
    "device",
    "grant",
    "mailbox",
    "session",
    "header",
    "rotate",
    "manager",
    "reset",
    "provider",
    "member",
    "signature",
];

/// xorshift64*: short, and good enough to pick texts.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        // Seeds next to each other must not give texts next to each other, and zero would stay zero.
        let mut mixed = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        Self((mixed ^ (mixed >> 27)) | 1)
    }

    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % limit
    }

    pub(crate) fn between(&mut self, least: usize, most: usize) -> usize {
        least + self.below(most - least + 1)
    }

    pub(crate) fn pick<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())]
    }

    /// Characters of an ASCII alphabet.
    pub(crate) fn text(&mut self, alphabet: &str, length: usize) -> String {
        (0..length).map(|_| char::from(alphabet.as_bytes()[self.below(alphabet.len())])).collect()
    }

    pub(crate) fn uuid(&mut self) -> String {
        let mut part = |length| self.text(HEX, length);
        format!("{}-{}-4{}-a{}-{}", part(8), part(4), part(3), part(3), part(12))
    }

    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for end in (1..items.len()).rev() {
            items.swap(end, self.below(end + 1));
        }
    }
}
