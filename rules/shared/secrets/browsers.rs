//! Keys that a browser is sent, so that every visitor of a page has them, and what was copied out of a browser's requests.
//! Knows texts and paths around a value, no rule and no level.

use camino::Utf8Path;
use roadworthy_engine::FileContext;
use roadworthy_secrets::Kind;

/// Whether a key is one that a scraper sends to a page which hands it to each of its visitors: in a header or an address, in one
/// of several modules for others' sites.
pub(crate) fn is_of_visited_page(file: &FileContext<'_>, name: &str, at: u32) -> bool {
    const SITES: usize = 5;
    let path = file.path_inside().to_ascii_lowercase();
    if !["crawl", "scrap", "spider"].iter().any(|it| path.contains(it)) {
        return false;
    }
    let text = file.source.text();
    let before = &text[..at as usize];
    // An address may be cut into several literals.
    let in_address = before.rfind(name).is_some_and(|at| {
        let head = before[..at].trim_end_matches(['"', '\'', ' ', '\n']);
        head.ends_with(['?', '&'])
    });
    let is_sent = name.contains('-') || !name.is_empty() && in_address;
    is_sent
        && text.contains("https://")
        && file.in_facts().is_some_and(|(facts, known)| {
            let beside = known.path.parent().map(|it| facts.tree().inside(it));
            let is_module = |it: &&Utf8Path| it.extension() == Some("py");
            beside.is_some_and(|it| it.filter(is_module).take(SITES).count() == SITES)
        })
}

/// Whether a key is one that a browser is sent: of Google's maps, of a search of Algolia's, of a form's hidden field, or of what
/// counts visitors.
pub(crate) fn is_of_browser(text: &str, name: &str, at: u32) -> bool {
    const REACH: usize = 300;
    let at = at as usize;
    let near = &text.as_bytes()[at.saturating_sub(REACH)..(at + REACH).min(text.len())];
    let says =
        |word: &str| near.windows(word.len()).any(|it| it.eq_ignore_ascii_case(word.as_bytes()));
    let map = text[at..].starts_with("AIza")
        && text.as_bytes()[at.saturating_sub(80)..at]
            .windows(3)
            .any(|it| it.eq_ignore_ascii_case(b"map"))
        && !(says("googlemaps.client(") || says("maps/api/geocode") || says("maps/api/place/"));
    // <https://www.algolia.com/doc/guides/security/api-keys/>: the key of a search is made to be seen.
    let searches = says("x-algolia-application-id") || says("algolia.net/1/indexes");
    let name = name.to_ascii_lowercase();
    let field = ["auth_key", "authenticity_token", "csrf_token", "csrfmiddlewaretoken"];
    map || searches
        || name == "api_secret" && says("measurement_id")
        || field.contains(&name.as_str()) && says("password")
}

/// Whether a key of Google's stands in what browsers load: a page, or a script in a folder that is served. Such a key is bound
/// to the site, and cannot be kept from its visitors.
pub(crate) fn is_of_loaded_page(file: &FileContext<'_>, kind: Kind) -> bool {
    const SCRIPTS: [&str; 5] = ["js", "jsx", "mjs", "ts", "tsx"];
    const PAGES: [&str; 5] = ["htm", "html", "jinja2", "svelte", "vue"];
    const SERVED: [&str; 10] = [
        "assets",
        "dist",
        "docroot",
        "frontend",
        "htdocs",
        "public",
        "static",
        "staticfiles",
        "www",
        "wwwroot",
    ];
    let is_key = matches!(kind, Kind::ProviderFormat(format) if format.name == "google-api-key");
    let path = &file.file.path;
    let ending = path.extension().unwrap_or_default();
    is_key
        && (PAGES.contains(&ending)
            || SCRIPTS.contains(&ending)
                && path.components().any(|it| SERVED.contains(&it.as_str())))
}

/// Whether a credential stands among the headers of a request that was copied out of a browser, with the page that it came from:
/// it is what that page hands its visitor, and ends with the visit.
pub(crate) fn is_of_visit(text: &str, at: usize) -> bool {
    const REACH: usize = 10;
    let (before, behind) = text.split_at(at);
    let near = before.lines().rev().take(REACH).chain(behind.lines().take(REACH));
    let mut seen = [false; 2];
    for line in near.map(|it| it.trim_start().to_ascii_lowercase()) {
        let line = line.trim_start_matches(['"', '\'']);
        seen[0] |= line.starts_with("origin\"")
            || line.starts_with("origin'")
            || line.starts_with("referer\"")
            || line.starts_with("referer'");
        seen[1] |= line.starts_with("user-agent") && line.contains("mozilla");
    }
    seen == [true; 2]
}
