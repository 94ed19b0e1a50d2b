//! What a run looks at and by which settings, from arguments and configuration together. Judges
//! nothing.

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};
use globset::GlobMatcher;
use roadworthy_engine::{Catalog, Check, Rule, RuleSet, Settings, Severity};
use roadworthy_project::{
    DiscoverError, DiscoverOptions, File, KindSet, Project, Role, RoleReason,
};

use crate::args::{CheckArguments, FailOn};
use crate::config::keys;
use crate::config::{Config, Configs, Located, Source, Value, command_line};
use crate::error::Error;
use crate::settings::{not_a_pattern, resolve};
use crate::{own_rules, patterns};

/// The index of the configuration, and so of the settings, of the files of a folder. The folders are
/// kept as text, which compares faster than paths do.
type ByFolder = BTreeMap<String, usize>;

/// A run that is about to begin.
pub(crate) struct Plan {
    /// The built-in rules and the project's own.
    pub(crate) catalog: Catalog,
    pub(crate) project: Project,
    pub(crate) settings: Vec<Settings>,
    /// The configurations that they come from.
    pub(crate) configs: Vec<Config>,
    /// The index of the settings of what is no file: those of the folder around all that is given.
    pub(crate) main: usize,
    by_folder: ByFolder,
    pub(crate) fail_on: Option<Severity>,
    pub(crate) min_severity: Severity,
    /// The baseline that is configured, relative to the working directory or absolute.
    pub(crate) baseline: Option<Utf8PathBuf>,
    /// How the files were found.
    pub(crate) discover_options: DiscoverOptions,
}

impl Plan {
    /// The settings that hold for what is no file of the project.
    pub(crate) fn main_settings(&self) -> &Settings {
        &self.settings[self.main]
    }

    /// Takes out the files that are not Python of which no selected rule judges the kind: they need not be read, and
    /// are not counted as judged.
    pub(crate) fn leave_out_unasked(&mut self) {
        let judging = |settings: &Settings| {
            let rules = settings.all_rules();
            let rules = rules.iter().map(|id| self.catalog.rule(id));
            let rules = rules.filter(|rule| !matches!(rule.check, Check::Engine));
            rules.fold(KindSet::PYTHON, |kinds, rule| kinds.union(rule.applies_to))
        };
        let kinds: Vec<KindSet> = self.settings.iter().map(judging).collect();
        let files = std::mem::take(&mut self.project.files);
        let (asked, unasked) =
            files.into_iter().partition(|file| kinds[self.settings_of(file)].contains(file.kind));
        self.project.files = asked;
        self.project.unasked.extend::<Vec<File>>(unasked);
    }

    /// Takes in files that have findings and were none of the project's.
    pub(crate) fn take_in(&mut self, files: Vec<File>) {
        if !files.is_empty() {
            self.project.files.extend(files);
            self.project.files.sort_by(|a, b| a.path.as_str().cmp(b.path.as_str()));
        }
    }

    /// The index of the settings that hold for a file.
    pub(crate) fn settings_of(&self, file: &File) -> usize {
        if self.settings.len() == 1 {
            return 0;
        }
        self.by_folder.get(folder_of(file).as_str()).copied().unwrap_or(0)
    }
}

fn folder_of(file: &File) -> &Utf8Path {
    file.absolute.parent().unwrap_or(Utf8Path::new(""))
}

/// Reads the configuration, finds the files and resolves the settings.
///
/// # Errors
/// When a path, the configuration or a rule's name is wrong.
pub(crate) fn plan(
    arguments: &CheckArguments,
    catalog: &Catalog,
    working_directory: &Utf8Path,
    discover: &dyn Fn(&DiscoverOptions) -> Result<Project, Error>,
) -> Result<Plan, Error> {
    let source = match (&arguments.config, arguments.isolated) {
        (Some(file), _) => Source::File(file.clone()),
        (None, true) => Source::Isolated,
        (None, false) => Source::Nearest,
    };
    let above = command_line(arguments, working_directory);
    let mut configs = Configs::new(working_directory, &source, above)?;
    let main = configs.of_folder(&main_folder(arguments, working_directory))?;
    let options = discover_options(arguments, &configs.all()[main], working_directory);
    let mut project = discover(&options)
        .map_err(|error| with_place(error, &configs.all()[main], working_directory))?;

    // The configuration of each file, and then only those that hold for some file.
    let mut by_folder = ByFolder::new();
    let mut last = "";
    for file in &project.files {
        let folder = folder_of(file);
        // Files are in the order of their paths, so that most lie in the folder of the one before.
        if folder != last && !by_folder.contains_key(folder.as_str()) {
            by_folder.insert(folder.to_string(), configs.of_folder(folder)?);
        }
        last = folder.as_str();
    }
    let mut used: Vec<usize> = by_folder.values().copied().collect();
    used.push(main);
    used.sort_unstable();
    used.dedup();
    let configs: Vec<Config> = used.iter().map(|&index| configs.all()[index].clone()).collect();
    for index in by_folder.values_mut() {
        *index = used.binary_search(index).unwrap_or(0);
    }
    let main = used.binary_search(&main).unwrap_or(0);
    heed_inner(&mut project, &configs, main, &by_folder, arguments, working_directory)?;

    let own: Vec<Vec<_>> = configs
        .iter()
        .map(|config| own_rules::read(config, working_directory))
        .collect::<Result<_, _>>()?;
    refuse_clashes(&configs, &own, catalog)?;
    let catalog = if own.iter().all(Vec::is_empty) {
        catalog.clone()
    } else {
        catalog.with(own.iter().flatten().copied())
    };
    let of_config = |rules: &Vec<&'static Rule>| -> RuleSet {
        rules.iter().filter_map(|rule| catalog.id(rule.name)).collect()
    };
    let own: Vec<RuleSet> = own.iter().map(of_config).collect();
    let today = arguments.suppressions.today();
    let mut settings = Vec::with_capacity(configs.len());
    for (index, config) in configs.iter().enumerate() {
        let mut foreign = RuleSet::empty();
        for (other, set) in own.iter().enumerate() {
            if other != index {
                foreign.extend(set);
            }
        }
        own[index].iter().for_each(|id| foreign.remove(id));
        let mut resolved = resolve(&catalog, config, &foreign, working_directory)?;
        resolved.today = Some(today);
        settings.push(resolved);
    }
    let decisive = &configs[main].settings;
    let fail_on = decisive.word(&keys::FAIL_ON, FailOn::from_name);
    let fail_on = fail_on.unwrap_or(FailOn::Warning).level();
    let min_severity = decisive.word(&keys::MIN_SEVERITY, Severity::from_name);
    let min_severity = min_severity.unwrap_or(Severity::Info);
    let baseline = decisive.get(&keys::BASELINE).and_then(|it| named_file(it, working_directory));
    Ok(Plan {
        catalog,
        project,
        settings,
        configs,
        main,
        by_folder,
        fail_on,
        min_severity,
        baseline,
        discover_options: options,
    })
}

/// The file that a key names, relative to the working directory or absolute.
pub(crate) fn named_file(value: &Value, working_directory: &Utf8Path) -> Option<Utf8PathBuf> {
    let file = &value.at.file;
    // What others wrote names a file of those who extend it.
    let folder = if file.extended_by.is_some() { &file.root } else { &file.folder };
    let absolute = folder.join(value.text()?);
    Some(absolute.strip_prefix(working_directory).unwrap_or(&absolute).to_owned())
}

/// A rule of one configuration must not replace, in silence, what goes by its name in the files of
/// another.
fn refuse_clashes(
    configs: &[Config],
    own: &[Vec<&'static Rule>],
    built_in: &Catalog,
) -> Result<(), Error> {
    for (index, rule) in
        own.iter().enumerate().flat_map(|(at, rules)| rules.iter().map(move |rule| (at, rule)))
    {
        let differs =
            |rules: &Vec<&'static Rule>| match rules.iter().find(|other| other.name == rule.name) {
                Some(other) => other.source != rule.source,
                None => built_in.id(rule.name).is_some(),
            };
        let mut others = own.iter().enumerate().filter(|(other, _)| *other != index);
        let folders = configs[index].settings.list(&keys::RULE_PATHS);
        if let (true, [first, ..]) = (others.any(|(_, rules)| differs(rules)), folders) {
            let sentence = format!(
                "the rule `{}` that lies here has the name of another, which holds in other folders of \
                 this run; give it a name of its own",
                rule.name
            );
            return Err(first.error(sentence).into());
        }
    }
    Ok(())
}

/// The folder whose configuration says what belongs to the run and what makes it fail: the innermost
/// around all that is given, whatever the order.
pub(crate) fn main_folder(arguments: &CheckArguments, working_directory: &Utf8Path) -> Utf8PathBuf {
    let stands_for = |path: &Utf8PathBuf| match &arguments.stdin_filename {
        Some(name) if path == "-" => name.clone(),
        _ => path.clone(),
    };
    let folder = |path: &Utf8PathBuf| {
        let absolute = working_directory.join(stands_for(path));
        let absolute = absolute.canonicalize_utf8().unwrap_or(absolute);
        if absolute.is_dir() {
            return absolute;
        }
        absolute.parent().map_or(absolute.clone(), Utf8Path::to_owned)
    };
    // Where a part of a project is to be judged as the whole is, the whole decides.
    let is_inside = |path: &Utf8PathBuf| folder(path).starts_with(working_directory);
    if arguments.force_exclude && arguments.paths.iter().all(is_inside) {
        return working_directory.to_owned();
    }
    let mut folders = arguments.paths.iter().map(folder);
    let Some(mut common) = folders.next() else { return working_directory.to_owned() };
    for other in folders {
        while !other.starts_with(&common) && common.pop() {}
    }
    common
}

fn discover_options(
    arguments: &CheckArguments,
    config: &Config,
    working_directory: &Utf8Path,
) -> DiscoverOptions {
    let one = |item: &Located| patterns::rebased(&item.text, &item.at.file.root, working_directory);
    let rebased = |list: &[Located]| -> Vec<String> { list.iter().flat_map(one).collect() };
    let written = &config.settings;
    let mut options = DiscoverOptions::new(working_directory);
    options.exclude = written.get(&keys::EXCLUDE).map(|value| rebased(value.list()));
    options.extend_exclude = rebased(written.list(&keys::EXTEND_EXCLUDE));
    options.force_exclude = arguments.force_exclude;
    options.respect_gitignore = written.flag(&keys::RESPECT_GITIGNORE).unwrap_or(true);
    options.threads = arguments.threads.map_or(0, |threads| usize::from(threads.get()));
    for (pattern, role) in roles(config) {
        options.roles.extend(one(pattern).into_iter().map(|pattern| (pattern, role)));
    }
    options
}

/// The patterns of a configuration that say what files are for.
fn roles(config: &Config) -> impl Iterator<Item = (&Located, Role)> {
    let written = config.settings.table(&keys::FILE_ROLES).iter();
    written.filter_map(|(pattern, role)| Some((pattern, Role::from_name(role.text()?)?)))
}

/// Gives an error about a pattern its place in the configuration, where that holds the pattern.
fn with_place(error: Error, config: &Config, working_directory: &Utf8Path) -> Error {
    if !matches!(error, Error::Discover(DiscoverError::Pattern { .. })) {
        return error;
    }
    let written = &config.settings;
    let exclude = written.list(&keys::EXCLUDE).iter().chain(written.list(&keys::EXTEND_EXCLUDE));
    let mut written = exclude.chain(roles(config).map(|(pattern, _)| pattern));
    let wrong = written.find_map(|item| {
        let reason = patterns::matchers(&item.text, &item.at.file.root, working_directory).err()?;
        Some(not_a_pattern(item, &reason))
    });
    wrong.unwrap_or(error)
}

/// What the configurations of inner folders say of their files: the walk knew that of the first only.
fn heed_inner(
    project: &mut Project,
    configs: &[Config],
    main: usize,
    by_folder: &ByFolder,
    arguments: &CheckArguments,
    working_directory: &Utf8Path,
) -> Result<(), Error> {
    for (index, config) in configs.iter().enumerate().filter(|(index, _)| *index != main) {
        let compiled = |list: &[Located]| -> Result<Vec<GlobMatcher>, Error> {
            let mut all = Vec::new();
            for item in list {
                let matchers =
                    patterns::matchers(&item.text, &item.at.file.root, working_directory);
                all.extend(matchers.map_err(|reason| not_a_pattern(item, &reason))?);
            }
            Ok(all)
        };
        let mut excluded = compiled(config.settings.list(&keys::EXTEND_EXCLUDE))?;
        excluded.extend(compiled(config.settings.list(&keys::EXCLUDE))?);
        let mut of_role = Vec::new();
        for (pattern, role) in roles(config) {
            of_role.push((compiled(std::slice::from_ref(pattern))?, &pattern.text, role));
        }
        if excluded.is_empty() && of_role.is_empty() {
            continue;
        }
        let is_own = |file: &File| by_folder.get(folder_of(file).as_str()) == Some(&index);
        let matches =
            |globs: &[GlobMatcher], file: &File| globs.iter().any(|glob| glob.is_match(&file.path));
        let is_given = |file: &File| {
            !arguments.force_exclude
                && arguments.paths.iter().any(|path| working_directory.join(path) == file.absolute)
        };
        project.files.retain(|file| !is_own(file) || is_given(file) || !matches(&excluded, file));
        for file in project.files.iter_mut().filter(|file| is_own(file)) {
            let found = of_role.iter().rev().find(|(globs, ..)| matches(globs, file));
            if let Some((_, pattern, role)) = found {
                let reason = format!("configured for `{pattern}`");
                file.path_role = Some(RoleReason::new(*role, reason));
                file.configured = true;
            }
        }
    }
    Ok(())
}
