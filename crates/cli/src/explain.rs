//! `explain` and `rules`: what the catalogue says of itself. Knows no project.

use roadworthy_engine::{Catalog, Selection};
use roadworthy_report as report;

use crate::args::{ColorChoice, ExplainArguments, RulesArguments, RulesFormat};
use crate::error::Error;
use crate::exit::Exit;
use crate::report::explain_score;
use crate::terminal;

/// Shows the page of one rule, or the sums of a score.
pub(crate) fn explain(
    arguments: &ExplainArguments,
    color: ColorChoice,
    catalog: &Catalog,
) -> Result<Exit, Error> {
    let name = arguments.rule.trim();
    if name == "score" {
        return explain_score(arguments.path.as_deref(), color, catalog);
    }
    if let Some(path) = &arguments.path {
        let sentence =
            format!("explain: `{path}` goes with `score` only; leave it out to explain a rule");
        return Err(Error::Usage(sentence));
    }
    let Some(rule) = catalog.get(name) else {
        let unknown = Selection::all_named(catalog, &[name.to_owned()]).err();
        return Err(match unknown {
            Some(unknown) => Error::UnknownRule { origin: "explain", unknown },
            None => Error::Usage(format!(
                "explain: `{name}` is not one rule but several; `roadworthy rules` lists them"
            )),
        });
    };
    let styles = terminal::styles(color);
    let mut broken = None;
    terminal::print(styles, |out| {
        broken = report::explain(out, rule, styles, terminal::width())?.err();
        Ok(())
    })?;
    match broken {
        None => Ok(Exit::Clean),
        Some(error) => Err(Error::System(format!("the page of `{name}` cannot be read: {error}"))),
    }
}

/// Lists all rules.
pub(crate) fn rules(
    arguments: &RulesArguments,
    color: ColorChoice,
    catalog: &Catalog,
) -> Result<Exit, Error> {
    let styles = terminal::styles(color);
    terminal::print(styles, |out| {
        match arguments.output_format {
            RulesFormat::Full => report::rules(out, catalog, styles)?,
            RulesFormat::Json => report::rules_json(out, catalog)?,
        }
        Ok(())
    })?;
    Ok(Exit::Clean)
}
