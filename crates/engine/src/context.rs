//! What a rule sees of a file, and where it puts what it finds. Knows nothing of how rules are chosen.

use std::borrow::Cow;
use std::cell::OnceCell;

use camino::{Utf8Path, Utf8PathBuf};
use roadworthy_parser::{Call, Definition, Node, Outline, SourceFile, Span, without_random};
use roadworthy_project::facts::PythonFile;
use roadworthy_project::{Component, Facts, File, FileKind, Role, below};

use crate::trigger::Candidate;
use crate::{Fix, Names, OptionValue, Rule, RuleId, Severity, Strictness, Trigger, Values};

/// One file as rules see it.
pub struct FileContext<'a> {
    /// The text; of a notebook, the code of its cells.
    pub source: &'a SourceFile,
    /// What the text is written in. It is not the kind of the file where only what needs no name is to be looked
    /// for: in what surrounds the code of a notebook, and in a file too large to be configuration.
    pub kind: FileKind,
    /// What is known without a tree.
    pub outline: &'a Outline,
    /// Where the file lies.
    pub file: &'a File,
    /// The component that owns it.
    pub component: &'a Component,
    /// What it is for.
    pub role: Role,
    /// How much knowledge is used to stay quiet.
    pub strictness: Strictness,
    facts: Option<&'a Facts<'a>>,
    names: OnceCell<Names<'a>>,
    values: OnceCell<Values<'a>>,
    /// The rules that speak in the file.
    active: Vec<&'static str>,
}

impl<'a> FileContext<'a> {
    /// Puts together what is known of a file.
    pub fn new(
        source: &'a SourceFile,
        outline: &'a Outline,
        file: &'a File,
        component: &'a Component,
        role: Role,
        strictness: Strictness,
    ) -> Self {
        Self {
            source,
            kind: file.kind,
            outline,
            file,
            component,
            role,
            strictness,
            facts: None,
            names: OnceCell::new(),
            values: OnceCell::new(),
            active: Vec::new(),
        }
    }

    /// Says in which words the text is to be read, and which rules speak in the file.
    #[must_use]
    pub(crate) fn with(mut self, kind: FileKind, active: Vec<&'static str>) -> Self {
        self.kind = kind;
        self.active = active;
        self
    }

    /// Says what is known of the project around the file.
    #[must_use]
    pub(crate) fn with_facts(mut self, facts: Option<&'a Facts<'a>>) -> Self {
        self.facts = facts;
        self
    }

    /// What is known of the project around the file, and the file as these facts know it: there its path begins where the
    /// repository does, and the components are others. `None` of a file by itself, such as an earlier version of one.
    pub fn in_facts(&self) -> Option<(&'a Facts<'a>, &'a File)> {
        let facts = self.facts?;
        Some((facts, facts.file(&self.file.absolute)?))
    }

    /// Another Python file of the same project, seen as this one is; `None` of a file by itself. Which rules speak there is not
    /// known.
    pub fn beside<'b>(&'b self, file: &'b File, read: &'b PythonFile) -> Option<FileContext<'b>> {
        let facts = self.facts?;
        let component = facts.project().components.get(file.component)?;
        let other = FileContext::new(
            &read.source,
            &read.outline,
            file,
            component,
            self.role,
            self.strictness,
        );
        Some(other.with_facts(Some(facts)))
    }

    /// Whether nobody keeps the project around the file up any more, as its guide says.
    pub(crate) fn is_of_given_up(&self) -> bool {
        self.facts.is_some_and(Facts::is_given_up)
    }

    /// Whether another rule judges the file, too: two rules must not say the same. Known of what is not Python only.
    pub fn is_judged_by(&self, rule: &str) -> bool {
        self.active.contains(&rule)
    }

    /// Whether every syntactic candidate is asked for: quiet conditions do not hold.
    pub fn pedantic(&self) -> bool {
        self.strictness == Strictness::Pedantic
    }

    /// The path of the file inside its component: the folders above say nothing of it.
    pub fn path_inside(&self) -> &'a str {
        let inside = below(&self.component.root, &self.file.absolute);
        inside.unwrap_or(&self.file.path).as_str()
    }

    /// The names of the file, resolved through its imports.
    pub fn names(&self) -> &Names<'a> {
        self.names.get_or_init(|| Names::new(self.source, self.outline))
    }

    /// What the names of the file are bound to.
    pub fn values(&self) -> &Values<'a> {
        self.values.get_or_init(|| Values::new(self.source, self.outline))
    }

    /// The canonical name of what a dotted name comes from at an offset, as [`Values::origin`] gives it.
    pub fn origin(&self, dotted: &str, offset: u32) -> Option<String> {
        self.values().origin(self.names(), dotted, offset)
    }

    /// The canonical name of what a call calls, as [`Values::callee`] gives it: through imports, through what the object
    /// was made by, and through annotations.
    pub fn called(&self, call: &Call) -> Option<String> {
        self.values().callee(self.names(), call)
    }

    /// The text of a node.
    pub fn text(&self, node: Node<'_>) -> &'a str {
        Span::of(node).of_text(self.source.text())
    }

    /// The text of a range.
    pub fn slice(&self, span: Span) -> &'a str {
        span.of_text(self.source.text())
    }

    /// A name, or names joined by dots, as written, without white space; `None` for anything else.
    pub fn dotted(&self, node: Node<'_>) -> Option<Cow<'a, str>> {
        let mut below = node;
        while below.kind() == "attribute" {
            below = below.child_by_field_name("object")?;
        }
        (below.kind() == "identifier")
            .then(|| roadworthy_parser::dotted_text(self.source.text(), Span::of(node)))
    }

    /// The canonical name of a name or dotted name, as [`Names::resolve`] gives it.
    pub fn qualified(&self, node: Node<'_>) -> Option<String> {
        let dotted = self.dotted(node)?;
        self.names().resolve(&dotted, node.start_byte() as u32).map(Cow::into_owned)
    }

    /// The canonical name of what a `call` node calls.
    pub fn callee(&self, call: Node<'_>) -> Option<String> {
        self.qualified(call.child_by_field_name("function")?)
    }

    /// The innermost function around an offset.
    pub fn function_at(&self, offset: u32) -> Option<&'a Definition> {
        self.outline.enclosing(offset).find(|definition| definition.is_function())
    }

    /// A comment without what we ourselves are told there: a rule that took the reason of a suppression for one of its
    /// own would be silent, and the suppression without use.
    pub fn comment(&self, comment: Span) -> &'a str {
        crate::suppression::own::without_own(self.slice(comment))
    }

    /// The comments in a range, as [`Self::comment`] gives them, without their `#`.
    pub fn comments_in(&self, span: Span) -> impl Iterator<Item = &'a str> {
        let first = self.outline.comments.partition_point(|comment| comment.start < span.start);
        let comments = self.outline.comments[first..].iter();
        comments
            .take_while(move |comment| comment.start < span.end)
            .map(|&comment| self.comment(comment).trim_start_matches('#').trim())
    }
}

/// One thing a rule found, before it becomes a [`Finding`](crate::Finding).
#[derive(Clone, Debug)]
pub struct Report {
    pub(crate) span: Span,
    pub(crate) message: Option<Cow<'static, str>>,
    pub(crate) severity: Option<Severity>,
    pub(crate) extent: Option<Span>,
    pub(crate) fix: Option<Fix>,
    pub(crate) only_folded: bool,
}

impl Report {
    /// A finding at a range of the file.
    pub fn at(span: Span) -> Self {
        Self { span, message: None, severity: None, extent: None, fix: None, only_folded: false }
    }

    /// A finding at a node.
    pub fn on(node: Node<'_>) -> Self {
        Self::at(Span::of(node))
    }

    /// Says what is wrong here, in place of the rule's summary: lower case, no full stop.
    #[must_use]
    pub fn message(mut self, message: impl Into<Cow<'static, str>>) -> Self {
        self.message = Some(message.into());
        self
    }

    /// A level other than the rule's own.
    #[must_use]
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = Some(severity);
        self
    }

    /// The range whose lines may hold a comment that suppresses the finding; without it, the logical
    /// line in which it begins.
    #[must_use]
    pub fn extent(mut self, extent: Span) -> Self {
        self.extent = Some(extent);
        self
    }

    /// What mends it.
    #[must_use]
    pub fn fix(mut self, fix: Fix) -> Self {
        self.fix = Some(fix);
        self
    }

    /// Says that the place alone is not worth a finding: it counts where the rule folds, see [`Finding::only_folded`].
    ///
    /// [`Finding::only_folded`]: crate::Finding::only_folded
    #[must_use]
    pub fn only_folded(mut self) -> Self {
        self.only_folded = true;
        self
    }
}

/// How many places a rule says it judged in a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Told {
    /// By [`Reporter::judged`]: what a finding about a component speaks of.
    pub(crate) judged: u32,
    /// By [`Reporter::judged_if`]: where a rule judges more places than those.
    pub(crate) looked_for: u32,
}

/// Takes what one rule finds in one file.
pub struct Reporter<'s> {
    pub(crate) rule: &'static Rule,
    pub(crate) id: RuleId,
    pub(crate) options: &'s [OptionValue],
    pub(crate) candidates: &'s [Candidate],
    pub(crate) reports: Vec<(RuleId, Report)>,
    pub(crate) told: Told,
    /// Whether anybody asks what was judged.
    pub(crate) counts: bool,
}

impl<'s> Reporter<'s> {
    /// Where the rule's triggers stand, in order, and which of them: for rules that judge an outline, which are handed
    /// the whole file.
    pub fn candidates(&self) -> impl Iterator<Item = (u32, &'static Trigger)> + use<'s> {
        let (id, candidates, triggers) = (self.id, self.candidates, self.rule.triggers);
        let own = candidates.iter().filter(move |candidate| candidate.rule == id);
        own.map(move |candidate| (candidate.offset, &triggers[candidate.trigger as usize]))
    }

    /// Takes a finding.
    pub fn report(&mut self, report: Report) {
        self.reports.push((self.id, report));
    }

    /// Counts a place that the rule judged, whether it fails or not: for rules whose sites are
    /// [places](crate::SiteKind::Place).
    pub fn judged(&mut self) {
        self.told.judged += 1;
    }

    /// Counts a place that the rule judges, if it is one, where that takes more than judging: it is asked only if somebody
    /// wants to know.
    pub fn judged_if(&mut self, is_site: impl FnOnce() -> bool) {
        if self.counts && is_site() {
            self.told.looked_for += 1;
        }
    }

    /// The value of an option that is a list of strings.
    pub fn strings(&self, option: &str) -> &'s [String] {
        strings(self.rule, self.options, option)
    }

    /// The value of an option that is true or false.
    pub fn flag(&self, option: &str) -> bool {
        flag(self.rule, self.options, option)
    }

    /// The value of an option that is a number.
    pub fn integer(&self, option: &str) -> i64 {
        integer(self.rule, self.options, option)
    }
}

/// Takes what one rule finds in a project.
pub struct ProjectReporter<'s> {
    pub(crate) rule: &'static Rule,
    pub(crate) options: &'s [OptionValue],
    pub(crate) reports: Vec<(Utf8PathBuf, Report)>,
}

impl<'s> ProjectReporter<'s> {
    /// Takes a finding in a file, which is named as the facts name it. Its message loses what is no name: a project may
    /// name anything anyhow.
    pub fn report(&mut self, path: &Utf8Path, mut report: Report) {
        report.message = report.message.map(|message| match without_random(&message) {
            Cow::Borrowed(_) => message,
            Cow::Owned(shown) => shown.into(),
        });
        self.reports.push((path.to_owned(), report));
    }

    /// The value of an option that is a list of strings.
    pub fn strings(&self, option: &str) -> &'s [String] {
        strings(self.rule, self.options, option)
    }

    /// The value of an option that is true or false.
    pub fn flag(&self, option: &str) -> bool {
        flag(self.rule, self.options, option)
    }

    /// The value of an option that is a number.
    pub fn integer(&self, option: &str) -> i64 {
        integer(self.rule, self.options, option)
    }
}

fn strings<'s>(rule: &Rule, options: &'s [OptionValue], name: &str) -> &'s [String] {
    match option(rule, options, name) {
        OptionValue::Strings(values) => values,
        _ => unreachable!("option `{name}` of `{}` is no list", rule.name),
    }
}

fn flag(rule: &Rule, options: &[OptionValue], name: &str) -> bool {
    match option(rule, options, name) {
        OptionValue::Boolean(value) => *value,
        _ => unreachable!("option `{name}` of `{}` is no flag", rule.name),
    }
}

fn integer(rule: &Rule, options: &[OptionValue], name: &str) -> i64 {
    match option(rule, options, name) {
        OptionValue::Integer(value) => *value,
        _ => unreachable!("option `{name}` of `{}` is no number", rule.name),
    }
}

fn option<'s>(rule: &Rule, options: &'s [OptionValue], name: &str) -> &'s OptionValue {
    let index = rule.options.iter().position(|option| option.name == name);
    &options[index.expect("rules ask for options of their own specification")]
}
