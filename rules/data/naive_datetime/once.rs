//! Whether a time is read but once, when its module is loaded, where each row, object or call should have its own. Knows nodes, no
//! zones.

use roadworthy_engine::{Edit, FileContext};
use roadworthy_parser::{Node, Span};

use crate::shared::code::calls::runs_at_import;
use crate::shared::code::nodes::is_deferred;
use crate::shared::code::words::{last_part, words};

/// A time that stays as it was when the module was loaded.
pub(super) struct Once {
    /// Who gets it: `each row`, `each form`.
    pub(super) who: &'static str,
    /// Whether only a part of it is kept that hardly ever changes: the year.
    pub(super) is_coarse: bool,
    /// What hands over the function itself, where that is called for each row.
    pub(super) edit: Option<Edit>,
}

impl Once {
    /// Whether those who leave out an argument get it.
    pub(super) fn is_of_call(&self) -> bool {
        self.who == CALL
    }

    /// Whether the objects of a class get it that are not seen to be rows.
    pub(super) fn is_of_object(&self) -> bool {
        self.who == OBJECT
    }
}

/// Whether a call that reads the clock is the default of a column, of a field of a class or of a parameter.
pub(super) fn read_once(file: &FileContext<'_>, call: Node<'_>) -> Option<Once> {
    let function = call.child_by_field_name("function").map_or("", |it| last_part(file.text(it)));
    if !matches!(function, "now" | "utcnow") || !runs_at_import(file, call.start_byte() as u32) {
        return None;
    }
    let mut value = call;
    loop {
        let parent = value.parent()?;
        if is_deferred(parent) {
            return None;
        }
        let who = match parent.kind() {
            "keyword_argument" => Some(of_field(file, parent)?),
            "default_parameter" | "typed_default_parameter" => {
                let name = parent.child_by_field_name("name").map_or("", |it| file.text(it));
                if says_start(name) || parent.child_by_field_name("value") != Some(value) {
                    return None;
                }
                Some(CALL)
            }
            "assignment" => {
                let name = parent.child_by_field_name("left").map_or("", |it| file.text(it));
                let typed = parent.child_by_field_name("type").is_some();
                if !typed || says_start(name) || !is_of_objects(file, parent) {
                    return None;
                }
                Some(OBJECT)
            }
            "block" | "module" => return None,
            _ => None,
        };
        if let Some(who) = who {
            let text = file.text(value).trim_end();
            let is_coarse =
                last_part(text) == "year" || text.contains("%Y\"") || text.contains("%Y'");
            let edit = (value == call && matches!(who, FORM | ROW))
                .then(|| call.child_by_field_name("arguments"));
            let edit = edit
                .flatten()
                .filter(|it| it.named_child_count() == 0)
                .map(|it| Edit { span: Span::of(it), text: String::new() });
            return Some(Once { who, is_coarse, edit });
        }
        value = parent;
    }
}

const CALL: &str = "each call without that argument";
const FORM: &str = "each form";
const OBJECT: &str = "each object";
const ROW: &str = "each row";

/// Who gets the default of a column or field; `None` where it is of something that is made once.
fn of_field(file: &FileContext<'_>, keyword: Node<'_>) -> Option<&'static str> {
    let name = file.text(keyword.child_by_field_name("name")?);
    let made = keyword.parent()?.parent().filter(|it| it.kind() == "call")?;
    let maker = last_part(file.text(made.child_by_field_name("function")?));
    let class =
        file.outline.enclosing(made.start_byte() as u32).next().filter(|it| it.is_class())?;
    if !matches!(name, "default" | "onupdate" | "missing" | "load_default")
        || is_settings(file.slice(class.name))
    {
        return None;
    }
    match maker {
        "Column" | "mapped_column" => Some(ROW),
        "Field" => Some(OBJECT),
        _ if maker.ends_with("Field") => {
            let mut bases = file.outline.arguments(class).iter();
            let is_form = bases.any(|it| file.slice(it.value).ends_with("Form"));
            Some(if is_form { FORM } else { ROW })
        }
        _ => None,
    }
}

/// Whether an assignment in the body of a class gives each of its objects a default.
fn is_of_objects(file: &FileContext<'_>, assignment: Node<'_>) -> bool {
    let class = file.outline.enclosing(assignment.start_byte() as u32).next();
    class.filter(|it| it.is_class() && !is_settings(file.slice(it.name))).is_some_and(|class| {
        let mut decorators = file.outline.decorators(class).iter();
        let mut bases = file.outline.arguments(class).iter();
        decorators.any(|it| file.slice(*it).contains("dataclass"))
            || bases.any(|it| matches!(last_part(file.slice(it.value)), "BaseModel" | "SQLModel"))
    })
}

/// Whether a class is made once, when the program starts.
fn is_settings(class: &str) -> bool {
    words(class).iter().any(|it| matches!(it.as_str(), "settings" | "config" | "configuration"))
}

/// Whether a name says that the start of the program is meant.
fn says_start(name: &str) -> bool {
    words(name).iter().any(|it| {
        matches!(
            it.as_str(),
            "start" | "started" | "boot" | "launch" | "launched" | "loaded" | "process"
        )
    })
}
