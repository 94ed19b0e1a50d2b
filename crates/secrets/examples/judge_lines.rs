//! Judges pairs from standard input, one to a line: a name, a tab, the literal's raw text as a JSON string. An empty
//! name means that the literal has none. Prints the number of the line, the kind and the confidence, never the value.
//!
//! With `--scan FILE` it times the pass over raw bytes instead, and the cost of the first scan.

#![expect(clippy::print_stdout, reason = "printing is what an example is for")]

use std::io::BufRead as _;
use std::time::Instant;

use roadworthy_secrets::{Binding, Place, judge, scan};

fn main() -> std::io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    if arguments.next().as_deref() == Some("--scan") {
        let bytes = std::fs::read(arguments.next().unwrap_or_default())?;
        let start = Instant::now();
        scan(b"");
        println!("first scan, which builds the automaton: {:?}", start.elapsed());
        let start = Instant::now();
        let found = scan(&bytes);
        let seconds = start.elapsed().as_secs_f64();
        let megabytes = f64::from(u32::try_from(bytes.len()).unwrap_or(u32::MAX)) / 1e6;
        println!("{} found in {megabytes:.1} MB, {:.0} MB/s", found.len(), megabytes / seconds);
        for secret in found {
            println!("{}\t{:?}\t{}", secret.span.start, secret.confidence, secret.kind.phrase());
        }
        return Ok(());
    }
    let start = Instant::now();
    let mut lines = 0u32;
    for (number, line) in std::io::stdin().lock().lines().enumerate() {
        let line = line?;
        let Some((name, literal)) = line.split_once('\t') else { continue };
        lines += 1;
        let Ok(value) = toml::from_str::<Literal>(&format!("value = {literal}")) else {
            println!("{}\tunreadable", number + 1);
            continue;
        };
        let place = match name {
            "" => Place::Unbound,
            "#" => Place::Comment,
            _ => Place::Bound { name, binding: Binding::Assignment },
        };
        if let Some(secret) = judge(&place, &value.value) {
            let kind = secret.kind.phrase();
            println!("{}\t{:?}\t{kind}\t{:?}", number + 1, secret.confidence, secret.span);
        }
    }
    println!("{lines} pairs in {:?}", start.elapsed());
    Ok(())
}

#[derive(serde::Deserialize)]
struct Literal {
    value: String,
}
