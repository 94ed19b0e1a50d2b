//! `facts`: what is known of a project, whatever rules make of it. Knows no rule.

use camino::Utf8Path;
use roadworthy_engine::{Catalog, RuleSet, Settings};
use roadworthy_project::Repositories;
use roadworthy_report as report;

use crate::args::{CheckArguments, ColorChoice, FactsArguments, FactsFormat};
use crate::check::{judge, working_directory};
use crate::error::Error;
use crate::exit::Exit;
use crate::input::Input;
use crate::plan::plan;
use crate::terminal::{self, Kind, say};
use crate::whole::whole;

/// Shows what is known of the project at a path.
pub(crate) fn facts(
    arguments: &FactsArguments,
    color: ColorChoice,
    catalog: &Catalog,
) -> Result<Exit, Error> {
    let working_directory = working_directory()?;
    let check = CheckArguments::of(arguments);
    let input = Input::disk();
    let discover = |options: &_| input.discover(&check, options);
    let plan = plan(&check, catalog, &working_directory, &discover)?;
    for problem in &plan.project.problems {
        say(color, Kind::Warning, &format!("{} {}", problem.path, problem.sentence));
    }
    if plan.project.files.is_empty() {
        let sentence =
            format!("nothing is known: there is no file of a project in `{}`", arguments.path);
        say(color, Kind::Warning, &sentence);
    }
    // Roles are told by what files hold: a run without rules reads them.
    let silent = |_| Settings::new(&plan.catalog, RuleSet::empty());
    let settings: Vec<_> = plan.settings.iter().map(silent).collect();
    let mut outcome = judge(&plan, &input, &check, &settings, None)?;
    let around = whole(&plan, &check, false, &working_directory)?;
    let project = around.as_ref().unwrap_or(&plan.project);
    let read = |path: &Utf8Path| project.read_bytes(path);
    let repositories = Repositories::new(project, &read, arguments.as_of);
    let facts = match repositories.iter().collect::<Vec<_>>()[..] {
        [facts] => facts,
        ref several => {
            let folders = several.iter().take(3).map(|it| it.project().working_directory.as_str());
            return Err(Error::Usage(format!(
                "`{}` holds {} repositories, of which each has facts of its own: name one, such as {}",
                arguments.path,
                several.len(),
                folders.collect::<Vec<_>>().join(" or ")
            )));
        }
    };
    // Facts name files from the top of the repository.
    for file in &mut outcome.files {
        if let Some(known) = facts.file(&working_directory.join(&file.path)) {
            file.path.clone_from(&known.path);
        }
    }
    let styles = terminal::styles(color);
    terminal::print(styles, |out| {
        match arguments.output_format {
            FactsFormat::Full => report::facts_text(out, facts, &outcome.files, styles)?,
            FactsFormat::Json => report::facts_json(out, facts, &outcome.files)?,
        }
        Ok(())
    })?;
    Ok(Exit::Clean)
}
