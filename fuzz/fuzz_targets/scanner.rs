//! Whatever the bytes, scanning ends and its spans lie in the text, in order, on character boundaries.
#![no_main]

use libfuzzer_sys::fuzz_target;
use roadworthy_parser::{Outline, SourceFile, Span, all_regions, regions_at, scan};

fuzz_target!(|bytes: &[u8]| {
    let Ok(source) = SourceFile::decode(bytes.to_vec()) else { return };
    let text = source.text();
    let outline = scan(text);
    check(text, &outline);
    let regions = all_regions(&outline);
    if outline.flaw.is_some() {
        // Such a file is parsed whole.
        return;
    }
    assert!(regions.windows(2).all(|pair| pair[0].span.end <= pair[1].span.start), "regions overlap");
    let offsets: Vec<u32> = (0..text.len() as u32).step_by(7).collect();
    for region in regions_at(&outline, &offsets) {
        assert!(regions.contains(&region), "a region that is none of all");
    }
});

fn check(text: &str, outline: &Outline) {
    let inside = |what: &str, span: Span| {
        assert!(span.start <= span.end && text.get(span.range()).is_some(), "{what}: {span:?}");
    };
    let sorted = |what: &str, starts: &mut dyn Iterator<Item = u32>| {
        let starts: Vec<_> = starts.collect();
        assert!(starts.is_sorted(), "{what} are not in order");
    };
    outline.lines.iter().for_each(|line| inside("line", line.span));
    sorted("lines", &mut outline.lines.iter().map(|line| line.span.start));
    outline.strings.iter().for_each(|string| inside("string", string.span));
    outline.strings.iter().for_each(|string| inside("content", string.content()));
    sorted("strings", &mut outline.strings.iter().map(|string| string.span.start));
    outline.comments.iter().for_each(|&comment| inside("comment", comment));
    sorted("comments", &mut outline.comments.iter().map(|comment| comment.start));
    for call in &outline.calls {
        inside("call", call.name);
        inside("arguments", call.arguments);
    }
    sorted("calls", &mut outline.calls.iter().map(|call| call.name.start));
    for (id, definition) in outline.definitions.iter().enumerate() {
        for span in [definition.span, definition.header, definition.name, definition.body] {
            inside("definition", span);
        }
        if let Some(parent) = definition.parent {
            assert!((parent as usize) < id, "a definition before its parent");
            assert!(outline.definition(parent).span.covers(definition.span), "a definition beyond its parent");
        }
        let _ = (outline.signature(definition), outline.decorators(definition), outline.arguments(definition));
    }
    for import in &outline.imports {
        inside("import", import.statement);
        inside("module", import.module);
        inside("name", import.name);
    }
    outline.main_guards.iter().for_each(|&guard| inside("guard", guard));
    if let Some(flaw) = outline.flaw {
        assert!(flaw.offset as usize <= text.len(), "a flaw outside of the text");
    }
}
