//! Scans the files given after `KIND` (`yaml`, `json`, …) and prints how many bytes a second that is, the raw pass and
//! the reading apart. With `--list` it prints each finding's place, kind and confidence, never the value.

#![expect(clippy::print_stdout, reason = "printing is what an example is for")]

use std::time::{Duration, Instant};

use roadworthy_secrets::{DocumentKind, scan, scan_document};

/// The least of five runs, as the machine has other work.
fn fastest<T>(run: impl Fn() -> T) -> Duration {
    let once = || {
        let start = Instant::now();
        std::hint::black_box(run());
        start.elapsed()
    };
    (0..5).map(|_| once()).min().unwrap_or_default()
}

fn main() {
    let mut arguments = std::env::args().skip(1).peekable();
    let list = arguments.next_if_eq("--list").is_some();
    let kind = match arguments.next().as_deref() {
        Some("env") => DocumentKind::Env,
        Some("yaml") => DocumentKind::Yaml,
        Some("toml") => DocumentKind::Toml,
        Some("json") => DocumentKind::Json,
        Some("ini") => DocumentKind::Ini,
        Some("properties") => DocumentKind::Properties,
        Some("dockerfile") => DocumentKind::Dockerfile,
        Some("shell") => DocumentKind::Shell,
        Some("netrc") => DocumentKind::Netrc,
        _ => DocumentKind::Text,
    };
    let (mut bytes, mut found, mut files) = (0.0, 0, 0);
    let (mut raw, mut whole) = (Duration::ZERO, Duration::ZERO);
    scan(b"");
    for path in arguments {
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        raw += fastest(|| scan(text.as_bytes()));
        whole += fastest(|| scan_document(&text, kind));
        let secrets = scan_document(&text, kind);
        files += 1;
        bytes += f64::from(u32::try_from(text.len()).unwrap_or(u32::MAX)) / 1e6;
        found += secrets.len();
        if list {
            for secret in secrets {
                let line = text[..secret.span.start].matches('\n').count() + 1;
                let kind = secret.kind.phrase();
                println!("{path}:{line}\t{:?}\t{kind}\t{:?}", secret.confidence, secret.span);
            }
        }
    }
    println!(
        "{files} files, {bytes:.1} MB, {found} found; raw pass {:.0} MB/s, all {:.0} MB/s",
        bytes / raw.as_secs_f64(),
        bytes / whole.as_secs_f64()
    );
}
