//! Compares the tree of each region with the tree of the whole file, on every Python file under the
//! given folders, and says what both cost.

#![expect(clippy::print_stdout, reason = "it is what the program is for")]

use std::path::PathBuf;
use std::time::{Duration, Instant};

use roadworthy_parser::{Parser, all_regions, outline_from_tree, regions_at, scan};

#[path = "../tests/comparison/files.rs"]
mod files;
#[path = "../tests/comparison/regions.rs"]
mod regions;

fn main() {
    let mut parser = Parser::new();
    let (mut files, mut errors, mut count, mut differing, mut bytes) = (0, 0, 0, 0, 0);
    let (mut whole_time, mut region_time) = (Duration::ZERO, Duration::ZERO);
    let (mut find_time, mut at_time) = (Duration::ZERO, Duration::ZERO);
    for folder in std::env::args().skip(1).map(PathBuf::from) {
        for path in files::python_files(&folder) {
            let Some(source) = files::decoded(&path) else { continue };
            let text = source.text();
            let start = Instant::now();
            let tree = parser.parse(text);
            whole_time += start.elapsed();
            let Some(tree) = tree.filter(|tree| !tree.has_error()) else {
                errors += 1;
                continue;
            };
            let mut outline = scan(text);
            if outline.lines.is_empty() {
                outline = outline_from_tree(text, &tree);
            }
            let start = Instant::now();
            let all = all_regions(&outline);
            find_time += start.elapsed();
            let hits: Vec<u32> = outline.strings.iter().map(|string| string.span.start).collect();
            let start = Instant::now();
            let some = regions_at(&outline, &hits);
            at_time += start.elapsed();
            let expected =
                all.iter().filter(|region| hits.iter().any(|&hit| region.span.contains(hit)));
            if !some.iter().eq(expected) {
                println!("{}: regions_at differs from all_regions", path.display());
            }
            let start = Instant::now();
            for &region in &all {
                std::hint::black_box(parser.parse_region(text, &outline, region));
            }
            region_time += start.elapsed();
            files += 1;
            count += all.len();
            bytes += text.len();
            for (region, what) in regions::region_differences(&mut parser, text, &outline, &tree) {
                differing += 1;
                if differing <= 40 {
                    let line = source.position(region.span.start).line;
                    println!("{}:{line} {what}", path.display());
                }
            }
        }
    }
    println!(
        "{files} files, {bytes} bytes, {errors} with errors, {count} regions, {differing} differ"
    );
    println!("whole files {whole_time:?}, all regions one by one {region_time:?}");
    println!("all_regions {find_time:?}, regions_at for each string {at_time:?}");
}
