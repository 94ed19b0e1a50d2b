//! Functions of `serverless.yml` and of SAM templates to processes: their handlers. Knows
//! <https://www.serverless.com/framework/docs/providers/aws/guide/functions> and
//! <https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-function.html>.

use camino::Utf8Path;

use super::super::development;
use super::files::Files;
use super::{Draft, Reader};
use crate::facts::Place;
use crate::facts::containers::Origin;
use crate::facts::value::Value;
use crate::tree::resolved;

pub(super) fn is_serverless(path: &Utf8Path) -> bool {
    matches!(path.file_name(), Some("serverless.yml" | "serverless.yaml"))
}

pub(super) fn may_be_template(path: &Utf8Path) -> bool {
    matches!(path.file_name(), Some("template.yml" | "template.yaml" | "sam.yml" | "sam.yaml"))
}

/// Reads the functions of `serverless.yml`.
pub(super) fn read(reader: &mut Reader<'_, '_>, path: &Utf8Path) {
    let Some(document) = reader.facts.yaml(path).whole() else { return };
    let Some(value) = document.value() else { return };
    let runtime = value.at(&["provider", "runtime"]).and_then(Value::scalar);
    let folder = path.parent().unwrap_or(Utf8Path::new(""));
    for (key, function) in value.get("functions").into_iter().flat_map(Value::entries) {
        let runtime = function.get("runtime").and_then(Value::scalar).or(runtime);
        if !runtime.is_some_and(|it| it.starts_with("python")) {
            continue;
        }
        // Plugins that pack Python take a folder of the function for its root.
        let module = function.get("module").and_then(Value::text);
        let root = module.and_then(|module| resolved(folder, module));
        let root = root.unwrap_or_else(|| folder.to_owned());
        if let Some(handler) = function.get("handler") {
            add(reader, path, &key.name, handler, &root);
        }
    }
}

/// Reads the functions of a SAM template.
pub(super) fn read_template(reader: &mut Reader<'_, '_>, path: &Utf8Path) {
    let is_template = |text: &str| text.contains("AWS::Serverless");
    if !reader.facts.text(path).whole().is_some_and(|it| is_template(it.text())) {
        return;
    }
    let Some(document) = reader.facts.yaml(path).whole() else { return };
    let Some(value) = document.value() else { return };
    let global = |key: &str| value.at(&["Globals", "Function", key]);
    let folder = path.parent().unwrap_or(Utf8Path::new(""));
    for (key, resource) in value.get("Resources").into_iter().flat_map(Value::entries) {
        if resource.get("Type").and_then(Value::text) != Some("AWS::Serverless::Function") {
            continue;
        }
        let property = |name: &str| resource.at(&["Properties", name]).or_else(|| global(name));
        let runtime = property("Runtime").and_then(Value::scalar);
        let code = property("CodeUri").and_then(Value::text).unwrap_or(".");
        let (Some(handler), Some(root)) = (property("Handler"), resolved(folder, code)) else {
            continue;
        };
        if runtime.is_some_and(|it| it.starts_with("python")) && !code.contains("://") {
            add(reader, path, &key.name, handler, &root);
        }
    }
}

fn add(reader: &mut Reader<'_, '_>, path: &Utf8Path, name: &str, handler: &Value, root: &Utf8Path) {
    let Some(text) = handler.text().filter(|it| !it.contains('$')) else { return };
    reader.add(Draft {
        origin: Origin::Serverless,
        name: name.to_owned(),
        named_in: path.to_owned(),
        words: Some(vec![text.to_owned()]),
        place: Place::new(path, handler.span),
        image: None,
        folder: Some("/".to_owned()),
        environment: Vec::new(),
        environment_unknown: None,
        files: Files::of_folder(root),
        development: development::of_path(path),
        init: true,
        shares_network: false,
    });
}
