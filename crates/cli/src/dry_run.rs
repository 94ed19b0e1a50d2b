//! `--dry-run`: what `--fix` or `--add-ignore` would change, as a diff. Knows changed files, not why they change.

use roadworthy_engine::HiddenText;
use roadworthy_parser::SourceFile;
use roadworthy_report::{ShownFile, counted};

use crate::args::{CheckArguments, ColorChoice};
use crate::error::Error;
use crate::exit::Exit;
use crate::mend::Mended;
use crate::plan::Plan;
use crate::terminal::{self, Kind, say};

/// Writes the diff to the standard output. The run fails where something would change, so that a gate can ask for it.
pub(crate) fn dry_run(
    mended: Mended<'_>,
    plan: &Plan,
    arguments: &CheckArguments,
    color: ColorChoice,
) -> Result<Exit, Error> {
    let styles = terminal::styles(color);
    let clean = mended.patches.is_empty() && mended.left == 0 || arguments.exit_zero;
    let (silenced, fixed) = (mended.silenced, mended.fixed);
    terminal::print(styles, |out| {
        for patch in mended.patches {
            let settings = &plan.settings[plan.settings_of(patch.file)];
            let hiding = HiddenText::new(&plan.catalog, settings);
            let component = plan.project.component(patch.file);
            let shown = |source: SourceFile| ShownFile {
                hidden: hiding.spans(patch.file, component, &source),
                source,
            };
            let (before, after) = (shown(patch.before), shown(patch.after));
            roadworthy_report::diff(out, &patch.file.path, &before, &after, styles)?;
        }
        Ok(())
    })?;
    let comments = arguments.suppressions.add_ignore.is_some();
    let changed = if comments { silenced } else { fixed };
    let sentence = match changed.findings {
        0 => "nothing would be changed".to_owned(),
        count => format!(
            "{} would be {} in {}",
            counted(count, "finding"),
            if comments { "silenced" } else { "mended" },
            counted(changed.files, "file")
        ),
    };
    say(color, Kind::Note, &sentence);
    Ok(if clean { Exit::Clean } else { Exit::Findings })
}
