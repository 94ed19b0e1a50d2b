//! The images that Dockerfiles build: their stages, contexts and components. Knows conventions, no rule.

use camino::{Utf8Path, Utf8PathBuf};

use super::{Image, compose, context, development, dockerfile, dockerignore};
use crate::FileKind;
use crate::facts::{Facts, Reading};

/// Endings of texts about Dockerfiles, of texts that become one, and of what somebody put aside.
const OTHERS: [&str; 27] = [
    "md",
    "rst",
    "txt",
    "j2",
    "jinja",
    "jinja2",
    "tmpl",
    "tpl",
    "template",
    "in",
    "erb",
    "m4",
    "mustache",
    "ejs",
    "backup",
    "bak",
    "deprecated",
    "disabled",
    "obsolete",
    "old",
    "orig",
    "save",
    "temp",
    "tmp",
    "unused",
    "dockerignore",
    "swp",
];

/// Reads the images that Dockerfiles build, by path, and why not everything is known.
pub(super) fn read(facts: &Facts<'_>) -> (Vec<Image>, Vec<String>) {
    let files: Vec<_> = facts.tree().files().filter(|path| is_dockerfile(path)).collect();
    let (mut images, mut unknown) = (Vec::new(), Vec::new());
    if files.is_empty() {
        return (images, unknown);
    }
    let builds = compose::builds(facts);
    for path in files {
        let Reading::Whole(document) = facts.text(path) else {
            unknown.push(format!("{path} cannot be read"));
            continue;
        };
        let text = document.text();
        let is_built = || builds.iter().any(|build| build.dockerfile == *path);
        if is_template(text) {
            unknown.push(format!("{path} is a template"));
            continue;
        }
        if is_part(path, text) && !is_built() {
            unknown.push(format!("{path} is a part of another"));
            continue;
        }
        match dockerfile::parse(path, text) {
            Ok(stages) => images.push(image(facts, path, stages, &builds)),
            Err(fault) => {
                unknown.push(format!("{path} {}", fault.sentence));
                facts.refuse(path, fault);
            }
        }
    }
    (images, unknown)
}

fn is_dockerfile(path: &Utf8Path) -> bool {
    let ending = path.extension().unwrap_or_default().to_ascii_lowercase();
    FileKind::of(path) == Some(FileKind::Dockerfile)
        && !path.as_str().contains("{{")
        && !OTHERS.contains(&ending.as_str())
}

/// Whether some other program makes a Dockerfile of a text: it has a block or a value of Jinja or Go outside of what
/// programs of the image read.
fn is_template(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim_start);
    lines.any(|line| {
        line.starts_with("{%")
            || line.starts_with("{{")
            || line.starts_with("FROM") && line.contains("{{")
    })
}

/// Whether a file of another name than `Dockerfile` is to be put behind one: it has instructions, and begins with no image.
fn is_part(path: &Utf8Path, text: &str) -> bool {
    const INSTRUCTIONS: [&str; 10] = [
        "ARG ",
        "CMD ",
        "COPY ",
        "ENTRYPOINT ",
        "ENV ",
        "EXPOSE ",
        "LABEL ",
        "RUN ",
        "USER ",
        "WORKDIR ",
    ];
    let lines = || text.lines().map(str::trim_start);
    let names_image = |line: &str| line.get(..5).is_some_and(|it| it.eq_ignore_ascii_case("from "));
    path.file_name() != Some("Dockerfile")
        && !lines().any(names_image)
        && lines().any(|line| INSTRUCTIONS.iter().any(|it| line.starts_with(it)))
}

fn image(
    facts: &Facts<'_>,
    path: &Utf8Path,
    stages: Vec<super::Stage>,
    builds: &[compose::Build],
) -> Image {
    let composed = builds.iter().find(|build| build.dockerfile == path);
    let context = composed.map_or_else(
        || context::conventional(facts.tree(), path, &stages),
        |build| build.context.clone(),
    );
    let same = || builds.iter().filter(|build| build.dockerfile == path);
    let shipped = same().filter(|build| development::of_path(&build.path).is_none());
    Image {
        composed: shipped.map(|build| build.path.clone()).collect(),
        run_as: same().filter_map(|build| build.user.clone()).collect(),
        component: facts.component_of(&context),
        development: development::reason(path, &stages),
        ignored: ignored(facts, path, &context),
        path: path.to_owned(),
        context,
        stages,
    }
}

/// The patterns that hold for a Dockerfile: those of the file beside it with its name, else those of the context.
fn ignored(facts: &Facts<'_>, dockerfile: &Utf8Path, context: &Utf8Path) -> Option<Vec<String>> {
    let own = Utf8PathBuf::from(format!("{dockerfile}.dockerignore"));
    let files = [own, context.join(".dockerignore")];
    let read = |path: &Utf8PathBuf| facts.text(path).whole();
    let document = files.iter().find_map(read)?;
    Some(dockerignore::patterns(document.text()))
}

#[cfg(test)]
mod tests {
    use camino::Utf8Path;

    use crate::facts::containers::Image;
    use crate::{Facts, Project};

    fn images(files: &[(&str, &str)]) -> Vec<Image> {
        let project = Project::in_memory(files.iter().copied());
        let read = |path: &Utf8Path| project.read_bytes(path);
        let facts = Facts::new(&project, &read, None);
        facts.containers().images.clone()
    }

    fn image(text: &str) -> Image {
        images(&[("Dockerfile", text)]).pop().expect("it is one")
    }

    #[test]
    fn arguments_become_part_of_bases_and_stages_refer_to_stages() {
        let image = image(
            "ARG V=3.12\nARG BASE=python:${V}-slim\nFROM $BASE AS build\nRUN x\nFROM build as Run\nFROM other\n\
             COPY --from=0 /a /b\nFROM run\nUSER app\n",
        );
        let name = image.stages[0].base.image.known().expect("it has a default");
        assert_eq!((name.repository.as_str(), name.tag.as_deref()), ("python", Some("3.12-slim")));
        let shipped: Vec<_> = image.stages.iter().map(|stage| stage.shipped).collect();
        assert_eq!(shipped, [true, true, false, true]);
        assert_eq!(image.lineage(3), [0, 1, 3]);
        assert_eq!(
            (image.stage_of("0"), image.stage_of("RUN"), image.stage_of("9")),
            (Some(0), Some(1), None)
        );
        let keywords: Vec<_> = image.shipped_instructions().map(|it| it.keyword.clone()).collect();
        assert_eq!(keywords, ["RUN", "USER"]);
    }

    #[test]
    fn a_mark_carriage_returns_and_another_escape_move_no_place() {
        let text = "\u{feff}# escape=`\r\nARG V=3.12.7\r\nFROM python:${V}-slim\r\nRUN pip `\r\n  install x\r\nUSER 1\r\n";
        let image = image(text);
        let name = image.stages[0].base.image.known().expect("it has a default");
        assert_eq!(name.tag.as_deref(), Some("3.12.7-slim"));
        let slices = image.stages[0].instructions.iter().map(|it| it.span.of_text(text));
        assert_eq!(slices.collect::<Vec<_>>(), ["RUN pip `\r\n  install x", "USER 1"]);
        let commands =
            crate::facts::shell::commands(&image.stages[0].instructions[0].arguments.value);
        assert_eq!(commands[0].texts().collect::<Vec<_>>(), ["pip", "install", "x"]);
    }

    #[test]
    fn a_base_without_default_is_unknown() {
        let image = image("ARG BASE\nFROM $BASE\n");
        assert!(image.stages[0].base.image.known().is_none());
    }

    #[test]
    fn instructions_have_places_flags_words_and_documents() {
        let text = "FROM a\nRUN --mount=type=cache,target=/c pip \\\n  # why\n\n  install x\nENTRYPOINT [\"a b\", \"c\"]\n\
                    COPY --chown=a x y /z/\nRUN cat <<EOF > /f && \\\n  go\nFROM no\nEOF\nRUN <<-A\n\tpip install y\n\tA\n\
                    COPY [\"p q\", \"r\"]\nONBUILD RUN z\n";
        let image = image(text);
        let instructions = &image.stages[0].instructions;
        let slice = |index: usize| instructions[index].span.of_text(text);
        assert!(slice(0).starts_with("RUN --mount") && slice(0).ends_with("install x"));
        let run = &instructions[0].arguments;
        assert_eq!(run.value.len(), run.place.span.len() as usize);
        let commands = crate::facts::shell::commands(&run.value);
        assert_eq!(commands.len(), 1);
        assert_eq!(commands[0].texts().collect::<Vec<_>>(), ["pip", "install", "x"]);
        assert_eq!(instructions[0].flag("mount"), Some("type=cache,target=/c"));
        assert_eq!(instructions[1].words.as_deref(), Some(&["a b".to_owned(), "c".to_owned()][..]));
        let copied = instructions[2].copied.as_ref().expect("copies");
        assert_eq!((copied.sources[1].value.as_str(), copied.destination.as_str()), ("y", "/z/"));
        assert_eq!(instructions[3].documents, ["FROM no\n"]);
        assert_eq!(instructions[4].documents.len(), 1);
        assert!(instructions[4].documents[0].contains("pip install y"));
        assert_eq!(instructions[5].words.as_ref().map(Vec::len), Some(2));
        assert_eq!(instructions[6].keyword, "ONBUILD");
        assert_eq!(instructions[6].arguments.value, "RUN z");
    }

    #[test]
    fn other_escapes_and_endings_are_read() {
        let image =
            image("# escape=`\r\nFROM a\r\nRUN pip `\r\n install x\r\nENV A=b C=\"d e\"\r\n");
        let instructions = &image.stages[0].instructions;
        let commands = crate::facts::shell::commands(&instructions[0].arguments.value);
        assert_eq!(commands[0].texts().collect::<Vec<_>>(), ["pip", "install", "x"]);
        let reset = super::super::dockerfile::parse(
            Utf8Path::new("a"),
            "FROM a\nENTRYPOINT [ ]\nRUN [ -e x ]\n",
        );
        let reset = reset.expect("it is one");
        assert_eq!(reset[0].instructions[0].words.as_deref(), Some(&[][..]));
        assert_eq!(reset[0].instructions[1].arguments.value, "[ -e x ]");
        let pairs = instructions[1].pairs();
        assert_eq!(pairs[1], ("C".to_owned(), Some("d e".to_owned())));
    }

    #[test]
    fn what_is_put_behind_a_dockerfile_is_no_fault() {
        let metadata = "ARG DAY\nLABEL day=$DAY\n";
        for (name, faults) in [("Dockerfile", 1), ("Dockerfile.metadata", 0)] {
            let project = Project::in_memory([(name, metadata)]);
            let read = |path: &Utf8Path| project.read_bytes(path);
            let facts = Facts::new(&project, &read, None);
            assert!(facts.containers().images.is_empty());
            assert_eq!(facts.faults().len(), faults, "{name}");
        }
    }

    #[test]
    fn what_is_no_dockerfile_is_a_fault_and_a_template_only_unknown() {
        for (text, faults) in
            [("FROM a\nINCLUDE x\n", 1), ("{% if x %}\nFROM a\n", 0), ("FROM {{ a }}\n", 0)]
        {
            let project = Project::in_memory([("Dockerfile", text)]);
            let read = |path: &Utf8Path| project.read_bytes(path);
            let facts = Facts::new(&project, &read, None);
            assert!(facts.containers().images.is_empty());
            assert_eq!(facts.containers().unknown.len(), 1);
            assert_eq!(facts.faults().len(), faults, "{text}");
        }
    }

    #[test]
    fn the_context_is_where_compose_or_what_is_copied_says() {
        let found = images(&[
            ("docker/api/Dockerfile", "FROM a\nCOPY src /src\n"),
            ("docker/web/Dockerfile", "FROM a\nCOPY . /src\n"),
            ("docker/job/Dockerfile", "FROM a\nCOPY run.sh /src\n"),
            ("docker/job/run.sh", ""),
            ("src/a.py", ""),
            ("pyproject.toml", ""),
            (".dockerignore", "# no\n.git\n"),
            ("docker/job/Dockerfile.dockerignore", "x\n"),
            (
                "deploy/compose.yaml",
                "services:\n  a:\n    build:\n      context: ../docker\n      dockerfile: web/Dockerfile\n",
            ),
        ]);
        let contexts: Vec<_> = found.iter().map(|image| image.context.as_str()).collect();
        assert_eq!(contexts, ["", "docker/job", "docker"]);
        assert_eq!(found[0].ignored.as_deref(), Some(&[".git".to_owned()][..]));
        assert_eq!(found[1].ignored.as_deref(), Some(&["x".to_owned()][..]));
        assert_eq!(found[2].ignored, None);
    }

    #[test]
    fn names_tell_what_is_for_development() {
        let reasons = |path: &str, text: &str| images(&[(path, text)])[0].development.clone();
        assert!(reasons("Dockerfile.dev", "FROM a").is_some_and(|it| it.contains("`dev`")));
        assert!(reasons(".devcontainer/Dockerfile", "FROM a").is_some());
        assert!(reasons("Dockerfile", "FROM a AS dev").is_some());
        assert!(reasons("Dockerfile", "FROM mcr.microsoft.com/devcontainers/python:3").is_some());
        assert_eq!(reasons("device/Dockerfile", "FROM a AS run"), None);
    }

    #[test]
    fn what_is_copied_cannot_lie_outside_of_the_context() {
        let found = images(&[
            ("docker/Dockerfile", "FROM a\nCOPY ../requirements.txt .\nCOPY . .\n"),
            ("requirements.txt", ""),
        ]);
        assert_eq!(found[0].context, "");
    }
}
