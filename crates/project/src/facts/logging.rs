//! Whether the project's own logging adds the error that is being handled to what is logged without it. Knows texts, not
//! which logger is set up so.

use camino::Utf8Path;

use super::Facts;
use super::reach::MOST;
use crate::Role;

/// Whether a processor, filter, formatter or record factory of the project looks for the error by itself and keeps it. Of a large
/// project only those modules are read that are called after logging.
pub(super) fn adds_errors(facts: &Facts<'_>) -> bool {
    let project = facts.project();
    let is_large = project.files.iter().filter(|it| it.kind.is_python()).count() > MOST;
    let code = project.files.iter().filter(|file| {
        let role = file.path_role.as_ref().map(|it| it.role);
        file.kind.is_python()
            && (!is_large || is_of_logging(&file.path))
            && !matches!(role, Some(Role::Test | Role::Example | Role::Vendored))
    });
    code.into_iter().any(|file| facts.source(file).is_some_and(|it| adds(it.text())))
}

/// Whether a module, or the folder that it lies in, is called after logging.
fn is_of_logging(path: &Utf8Path) -> bool {
    const NAMES: [&str; 5] = ["log", "logger", "logging", "logs", "structlog"];
    path.components()
        .rev()
        .take(2)
        .any(|part| part.as_str().split(['_', '-', '.']).any(|it| NAMES.contains(&it)))
}

fn adds(text: &str) -> bool {
    /// What is called for each record.
    const HOOKS: [&str; 8] = [
        "structlog",
        "event_dict",
        "Filter",
        "Formatter",
        "setLogRecordFactory",
        "LogRecord",
        "LoggerAdapter",
        "patcher",
    ];
    const READS: [&str; 3] = ["exc_info()", "__traceback__", "sys.exception()"];
    const KEEPS: [&str; 7] = [
        "[\"exc_info\"] =",
        "['exc_info'] =",
        ".exc_info =",
        ".exc_text =",
        "[\"exception\"] =",
        "['exception'] =",
        "setdefault(\"exc_info\"",
    ];
    let says = |phrases: &[&str]| phrases.iter().any(|it| text.contains(it));
    says(&READS) && says(&KEEPS) && says(&HOOKS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_processor_that_looks_for_the_error_adds_it() {
        let processor =
            "def keep(logger, name, event_dict):\n    event_dict[\"exc_info\"] = sys.exc_info()\n";
        assert!(adds(processor));
        assert!(!adds("logger.error('failed', exc_info=sys.exc_info())\n"));
    }

    #[test]
    fn modules_of_logging_are_called_so() {
        for path in ["shop/log_setup.py", "shop/logging/setup.py", "logs.py"] {
            assert!(is_of_logging(Utf8Path::new(path)), "{path}");
        }
        for path in ["catalog/items.py", "shop/login.py", "logs/shop/items.py"] {
            assert!(!is_of_logging(Utf8Path::new(path)), "{path}");
        }
    }
}
