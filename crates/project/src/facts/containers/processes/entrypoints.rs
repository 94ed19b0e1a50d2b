//! What the entry points of well-known images put before a command. The facts are data: `entrypoints.toml`.

use std::sync::LazyLock;

use crate::facts::containers::ImageName;
use crate::facts::syntax;
use crate::facts::value::Value;

static IMAGES: LazyLock<Value> =
    LazyLock::new(|| syntax::toml::parse(include_str!("entrypoints.toml")).unwrap_or_default());

/// The words before a command in a container of an image, as far as that is well known.
pub(super) fn before(image: &ImageName, command: &[String]) -> Option<String> {
    let mut rows = IMAGES.get("image").into_iter().flat_map(Value::items);
    let row =
        rows.find(|row| row.get("repository").and_then(Value::text) == Some(&image.repository))?;
    let first = command.first().map_or("", String::as_str);
    let mut unless = row.get("unless").into_iter().flat_map(Value::items);
    let is_whole = unless.any(|it| it.text() == Some(first));
    (!is_whole).then(|| row.get("program").and_then(Value::text).unwrap_or_default().to_owned())
}

/// The name of an image that a service starts; of `${IMAGE:-name}` what holds when nobody says otherwise.
pub(super) fn image_of(written: &str) -> Option<ImageName> {
    let default = written.strip_prefix("${").and_then(|it| it.strip_suffix('}'));
    let name = default.map_or(Some(written), |it| Some(it.split_once(":-")?.1))?;
    ImageName::parse(name)
}
