//! See `secret-file-committed.toml`: files that are secret as a whole. Of what else holds a secret `hardcoded-secret`
//! speaks, line by line.

use roadworthy_engine::{FileContext, Report, Reporter, Severity};

use crate::shared::secret_documents::secret_file;

pub(super) fn check(file: &FileContext<'_>, out: &mut Reporter<'_>) {
    let Some(secret) = secret_file(file) else { return };
    // What git does not keep is where it belongs.
    if !file.file.is_committed() {
        return;
    }
    let message = match secret.count {
        1 => format!("{} is committed", secret.what),
        count => format!("{} is committed: {count} values in it look real", secret.what),
    };
    let severity = if secret.sure { Severity::Error } else { Severity::Warning };
    out.report(Report::at(secret.span).severity(severity).message(message));
}
