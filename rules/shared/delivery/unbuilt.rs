//! Whether nobody builds an image any more while others of the repository are built. Knows what names Dockerfiles and their folders
//! in files that build, deploy or guide, not what becomes of an image.

use std::cell::LazyCell;

use camino::Utf8Path;
use roadworthy_project::facts::containers::{Image, Origin};
use roadworthy_project::{Facts, FileKind, Role};

use crate::shared::code::text::has_name;
use crate::shared::delivery::builds::{is_built_by_job, pipelines};
use crate::shared::delivery::deployed::has_path;

/// Files that build or start something, by their endings; those without one, such as a Makefile, may as well.
const ENDINGS: [&str; 18] = [
    "bash", "bat", "cfg", "cmd", "conf", "groovy", "hcl", "ini", "just", "mk", "ps1", "service",
    "sh", "tf", "tfvars", "toml", "yaml", "yml",
];

/// Whether no file of a repository builds a Dockerfile or tells how, although several others are built. Where there is doubt, it is
/// built: a name in a matrix, folders gone through, a text that only may mean it.
pub(crate) fn is_unbuilt(facts: &Facts<'_>, dockerfile: &Utf8Path) -> bool {
    facts.answer(0, format!("nobody builds {dockerfile}"), || {
        let containers = facts.containers();
        let own = containers.images.iter().position(|it| it.path == *dockerfile);
        let is_used = own.is_some_and(|own| {
            !containers.images[own].composed.is_empty()
                || containers
                    .processes
                    .iter()
                    .any(|it| it.image == Some(own) && it.origin != Origin::Dockerfile)
        });
        if is_used {
            false
        } else if is_plain(dockerfile) {
            folder_of(dockerfile).as_str() != ""
                && are_others_built(facts, dockerfile)
                && !is_folder_named(facts, dockerfile)
        } else {
            !says_production(dockerfile)
                && is_beside_built(facts, dockerfile)
                && !is_variant_named(facts, dockerfile)
        }
    })
}

/// Whether a file lies in the folder of an image that nobody builds any more, and nothing outside of that folder imports from it or
/// starts what lies there. What has a guide of its own is for somebody.
pub(crate) fn lies_unbuilt(facts: &Facts<'_>, path: &Utf8Path) -> bool {
    let mut folders = path.ancestors().skip(1).filter(|it| !it.as_str().is_empty());
    let Some(folder) = folders.find(|it| facts.tree().is_file(&it.join("Dockerfile"))) else {
        return false;
    };
    let has_guide = || {
        let mut beside = facts.tree().inside(folder).filter_map(Utf8Path::file_name);
        beside.any(|it| it.to_ascii_lowercase().starts_with("readme"))
    };
    is_unbuilt(facts, &folder.join("Dockerfile"))
        && !has_guide()
        && facts.answer(0, format!("nobody outside uses {folder}"), || {
            let containers = facts.containers();
            let mut inside = containers.images.iter().filter(|it| it.path.starts_with(folder));
            inside.all(|it| is_unbuilt(facts, &it.path))
                && !is_started_outside(facts, folder)
                && !is_imported(facts, folder)
        })
}

/// Whether something that stands outside of a folder starts what lies in it: a service of Compose, an image, a Procfile.
pub(crate) fn is_started_outside(facts: &Facts<'_>, folder: &Utf8Path) -> bool {
    let processes = &facts.containers().processes;
    processes.iter().filter(|it| !it.place.path.starts_with(folder)).any(|it| {
        let target = it.target();
        target.is_some_and(|target| target.files(facts, it).iter().any(|it| it.starts_with(folder)))
    })
}

fn folder_of(path: &Utf8Path) -> &Utf8Path {
    path.parent().unwrap_or(Utf8Path::new(""))
}

/// Whether builders take a Dockerfile of this name from its folder without being told.
fn is_plain(dockerfile: &Utf8Path) -> bool {
    dockerfile.file_name().is_some_and(|it| {
        it.eq_ignore_ascii_case("Dockerfile") || it.eq_ignore_ascii_case("Containerfile")
    })
}

/// Whether the name of a variant says that it is for those who use what is built: they may well build it elsewhere.
fn says_production(dockerfile: &Utf8Path) -> bool {
    const WORDS: [&str; 8] =
        ["deploy", "live", "prod", "production", "release", "server", "serving", "staging"];
    let name = dockerfile.file_name().unwrap_or_default().to_ascii_lowercase();
    name.split(['.', '-', '_']).any(|it| WORDS.contains(&it))
}

/// Whether at least two images of other folders are built: the repository tells which of them are in use.
fn are_others_built(facts: &Facts<'_>, dockerfile: &Utf8Path) -> bool {
    const SEVERAL: usize = 2;
    let own = folder_of(dockerfile);
    let images = facts.containers().images.iter().filter(|it| folder_of(&it.path) != own);
    images.filter(|it| is_surely_built(facts, it)).take(SEVERAL).count() == SEVERAL
}

/// Whether Compose builds an image, or a line of a pipeline names its Dockerfile, or its folder as what is built.
fn is_surely_built(facts: &Facts<'_>, image: &Image) -> bool {
    const KEYS: [&str; 5] = ["build ", "context", "directory", "file", "path"];
    let folder = folder_of(&image.path).as_str();
    !image.composed.is_empty()
        || is_built_by_job(facts, image)
            && pipelines(facts).iter().any(|path| {
                facts.text(path).whole().is_some_and(|document| {
                    lines(document.text(), Teller::Builder).any(|line| {
                        has_path(line, image.path.as_str())
                            || !folder.is_empty()
                                && has_path(line, folder)
                                && KEYS.iter().any(|it| line.contains(it))
                    })
                })
            })
}

/// Whether an image is built from another Dockerfile of the same folder.
fn is_beside_built(facts: &Facts<'_>, dockerfile: &Utf8Path) -> bool {
    let own = folder_of(dockerfile);
    let mut beside = facts
        .containers()
        .images
        .iter()
        .filter(|it| it.path != *dockerfile && folder_of(&it.path) == own);
    beside.any(|it| is_surely_built(facts, it))
}

/// How a file may tell of an image.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Teller {
    /// It builds, deploys or starts something.
    Builder,
    /// It tells people how.
    Guide,
    /// Code, which tells of images where it speaks of them at all.
    Code,
}

fn teller(path: &Utf8Path) -> Option<Teller> {
    const CODE: [&str; 6] = ["go", "js", "mjs", "py", "rb", "ts"];
    let name = path.file_name().unwrap_or_default();
    match path.extension() {
        _ if name.ends_with("ignore") || name.contains("lock") => None,
        _ if FileKind::of(path) == Some(FileKind::Dockerfile) => Some(Teller::Builder),
        None => Some(Teller::Builder),
        Some("md" | "mdx" | "rst" | "adoc") => Some(Teller::Guide),
        Some("json") => is_told_to_build(name).then_some(Teller::Builder),
        Some(ending) if CODE.contains(&ending) => Some(Teller::Code),
        Some(ending) => ENDINGS.contains(&ending).then_some(Teller::Builder),
    }
}

/// Whether a document in JSON is one of those by which something is built.
fn is_told_to_build(name: &str) -> bool {
    const NAMES: [&str; 9] = [
        "cdk.json",
        "devcontainer.json",
        "docker-bake.json",
        "nx.json",
        "package.json",
        "project.json",
        "railway.json",
        "tasks.json",
        "vercel.json",
    ];
    NAMES.contains(&name) || name.contains("task")
}

/// The lines of a text that count: comments tell nothing but in guides, where they are titles.
fn lines(text: &str, teller: Teller) -> impl Iterator<Item = &str> {
    text.lines().filter(move |it| teller == Teller::Guide || !it.trim_start().starts_with('#'))
}

/// Whether code speaks of images, of programs that it starts or of where modules are looked for.
fn speaks_of_images(text: &str) -> bool {
    const MARKS: [&str; 7] =
        ["ContainerImage", "Docker", "docker", "fromAsset", "from_asset", "subprocess", "sys.path"];
    MARKS.iter().any(|it| text.contains(it))
}

/// Whether a line of a guide builds an image, or leads to where the next lines build one.
fn is_told_to_readers(line: &str, behind: &str) -> bool {
    const BUILDERS: [&str; 4] = ["docker", "podman", "compose", "buildah"];
    /// So many lines a reader types in one go.
    const NEXT: usize = 6;
    let builds = |line: &str| BUILDERS.iter().any(|it| line.contains(it)) && line.contains("build");
    builds(line) || line.contains("cd ") && behind.lines().take(NEXT).any(builds)
}

/// Whether some file names the folder of a Dockerfile where it may build it, or goes through folders.
fn is_folder_named(facts: &Facts<'_>, dockerfile: &Utf8Path) -> bool {
    let folder = folder_of(dockerfile);
    let Some(name) = folder.file_name() else { return true };
    let parent = folder_of(folder);
    facts.tree().files().any(|path| {
        let Some(teller) = teller(path) else { return false };
        let is_own = path.starts_with(folder);
        let is_dockerfile = FileKind::of(path) == Some(FileKind::Dockerfile);
        if is_own && (teller == Teller::Code || is_dockerfile) {
            return false;
        }
        let Some(document) = facts.text(path).whole() else { return false };
        let text = document.text();
        if is_own {
            return builds_own(path, text);
        }
        if teller == Teller::Code && !speaks_of_images(text) {
            return false;
        }
        if teller == Teller::Builder && goes_through(text) {
            return true;
        }
        let is_near = LazyCell::new(|| {
            parent.as_str().is_empty()
                || folder_of(path) == parent
                || parent.file_name().is_some_and(|it| leads_into(text, it))
        });
        text.contains(name)
            && lines(text, teller).any(|line| {
                // Compose takes services by their names, and says itself from where it builds them.
                let is_bare = line.contains(name) && !line.contains("compose ") && *is_near;
                let behind = line.as_ptr() as usize - text.as_ptr() as usize + line.len();
                (teller != Teller::Guide || is_told_to_readers(line, &text[behind..]))
                    && (names_folder(line, name, parent.file_name(), is_bare)
                        || names_image(line, name))
            })
    })
}

/// Whether a file in the folder of a Dockerfile builds or deploys it, or tells how.
fn builds_own(path: &Utf8Path, text: &str) -> bool {
    const PLATFORMS: [&str; 8] = [
        "Procfile",
        "app.yaml",
        "apprunner.yaml",
        "captain-definition",
        "fly.toml",
        "heroku.yml",
        "render.yaml",
        "skaffold.yaml",
    ];
    let name = path.file_name().unwrap_or_default();
    PLATFORMS.contains(&name)
        || name.starts_with("railway")
        || text.contains("sdk: docker")
        || ["docker ", "docker-compose", "podman ", "kaniko", "gcloud ", "fly deploy", "buildah"]
            .iter()
            .any(|it| text.contains(it))
}

/// Whether a text goes through the folders of a project, or is told from outside what to build.
fn goes_through(text: &str) -> bool {
    const MARKS: [&str; 7] = [
        "*/Dockerfile",
        "-name Dockerfile",
        "-name \"Dockerfile",
        "-name 'Dockerfile",
        "in */",
        "ls -d */",
        "}/Dockerfile",
    ];
    MARKS.iter().any(|it| text.contains(it))
        || text.to_ascii_lowercase().contains("fromjson(") && text.contains("docker")
}

/// Whether a text leads into a folder, or fills in what lies in it: `services/${{ matrix.service }}`, `cd services`.
fn leads_into(text: &str, parent: &str) -> bool {
    /// Longer lines are no commands.
    const LONGEST: usize = 400;
    let lines = text.lines().filter(|it| it.len() <= LONGEST);
    lines.flat_map(|line| line.match_indices(parent).map(move |(at, _)| (line, at))).any(
        |(line, at)| {
            let behind = &line[at + parent.len()..];
            let line = &line[..at];
            let fills_in = behind.strip_prefix('/').is_some_and(|rest| {
                rest.is_empty() || rest.starts_with(['$', '*', '{', '<', '"', '\'', '%', ' '])
            });
            let ends = behind.is_empty() || behind.starts_with([' ', '&', ';', '"', '\'']);
            let goes =
                ["cd ", "directory", "context", "dir", "path"].iter().any(|it| line.contains(it));
            fills_in || ends && goes
        },
    )
}

/// Whether a line names a folder: by a path that may lead there, or by its bare name where that is enough.
fn names_folder(line: &str, name: &str, parent: Option<&str>, is_near: bool) -> bool {
    let separates = |it: char| {
        it.is_whitespace() || matches!(it, '"' | '\'' | '`' | '=' | '(' | ',' | '[' | ':' | '|')
    };
    line.match_indices(name).any(|(at, _)| {
        if line[at + name.len()..].starts_with(|it: char| is_of_word(it) || it == '.') {
            return false;
        }
        let before = &line[..at];
        let last = before.char_indices().rfind(|it| separates(it.1));
        let start = last.map_or(0, |(at, letter)| at + letter.len_utf8());
        let path = &before[start..];
        let Some(folders) = path.strip_suffix('/') else { return path.is_empty() && is_near };
        let last = folders.rsplit('/').next().unwrap_or_default();
        let is_address = folders.starts_with("//") || folders.to_ascii_lowercase().contains("url");
        // `API_URL=$BASE/pay` is where pages ask, and no folder.
        let is_filled_in = last.contains(['$', '}', ')', '*'])
            && !before[..start].to_ascii_lowercase().contains("url");
        let is_in_container = folders.starts_with('/') && !last.is_empty();
        !is_address
            && (matches!(last, "." | ".." | "~")
                || is_filled_in
                || is_in_container
                || !last.is_empty() && Some(last) == parent)
    })
}

fn is_of_word(letter: char) -> bool {
    letter.is_alphanumeric() || matches!(letter, '_' | '-')
}

/// Whether a line of a manifest runs an image of a name: whoever builds that may do so from the folder of this name.
fn names_image(line: &str, name: &str) -> bool {
    let line = line.trim_start().trim_start_matches("- ");
    let Some((key, value)) = line.split_once(':') else { return false };
    let value = value.trim().trim_matches(['"', '\'']);
    let last = value.rsplit('/').next().unwrap_or_default();
    matches!(key, "image" | "repository") && last.split([':', '@']).next() == Some(name)
}

/// Whether some file names a Dockerfile that builders do not take by themselves, or fills in the names of such.
fn is_variant_named(facts: &Facts<'_>, dockerfile: &Utf8Path) -> bool {
    let name = dockerfile.file_name().unwrap_or_default();
    facts.tree().files().filter(|it| *it != dockerfile).any(|path| {
        let Some(teller) = teller(path) else { return false };
        let Some(document) = facts.text(path).whole() else { return false };
        let text = document.text();
        let names = || {
            text.contains(name)
                && lines(text, teller).any(|line| {
                    line.match_indices(name).any(|(at, _)| {
                        !line[..at].ends_with(is_of_word)
                            && !line[at + name.len()..].starts_with(is_of_word)
                    })
                })
        };
        names() || teller != Teller::Guide && fills_in_variant(text)
    })
}

/// Whether a text fills in which variant of a Dockerfile is meant: `Dockerfile.$NAME`, `${name}.Dockerfile`.
fn fills_in_variant(text: &str) -> bool {
    text.match_indices("ockerfile").any(|(at, word)| {
        let behind = text[at + word.len()..].trim_start_matches(['.', '-', '_']);
        let before = text[..at].trim_end_matches(['d', 'D']);
        behind.len() < text.len() - at - word.len() && behind.starts_with(['$', '*', '{', '%', '<'])
            || before.strip_suffix(['.', '-', '_']).is_some_and(|it| it.ends_with(['}', '*', '%']))
    })
}

/// Whether code outside of a folder imports from it: by its own name, or by that of a package in it where none that is nearer has
/// the same.
pub(crate) fn is_imported(facts: &Facts<'_>, folder: &Utf8Path) -> bool {
    let tree = facts.tree();
    let own = folder.file_name().unwrap_or_default().replace('-', "_");
    let packages: Vec<&str> = tree
        .below(folder)
        .filter(|it| it.file_name() == Some("__init__.py"))
        .filter_map(Utf8Path::parent)
        .filter(|it| it.parent() == Some(folder) || it.parent() == Some(&folder.join("src")))
        .filter_map(Utf8Path::file_name)
        .collect();
    let is_nearer = |path: &Utf8Path, name: &str| {
        path.ancestors().skip(1).any(|it| {
            tree.is_file(&it.join(format!("{name}.py"))) || tree.is_folder(&it.join(name))
        })
    };
    let is_code = |path: &Utf8Path| path.extension() == Some("py") && !path.starts_with(folder);
    let project = facts.project();
    let is_test = |path: &Utf8Path| {
        let file = project.files.iter().chain(&project.unasked).find(|it| it.path == *path);
        file.and_then(|it| it.path_role.as_ref()).is_some_and(|it| it.role == Role::Test)
    };
    tree.files().filter(|it| is_code(it)).any(|path| {
        facts.text(path).whole().is_some_and(|document| {
            let mut lines = document.text().lines().map(str::trim_start);
            lines.any(|line| {
                (line.starts_with("import ") || line.starts_with("from "))
                    && (has_name(line, &own)
                        || packages.iter().any(|it| has_name(line, it) && !is_nearer(path, it)))
            }) && !is_test(path)
        })
    })
}

#[cfg(test)]
mod tests {
    use camino::Utf8Path;
    use roadworthy_project::{Facts, Project};

    use super::{fills_in_variant, is_unbuilt, lies_unbuilt, names_folder};

    const COMPOSE: &str = "services:\n  pay:\n    build: ./pay\n  send:\n    build: ./send\n  \
        web:\n    image: nginx\n    environment:\n      - URL=${PUBLIC_URL}/pg/api\n";

    fn with_facts<T>(more: &[(&str, &str)], look: impl FnOnce(&Facts<'_>) -> T) -> T {
        let image = "FROM python:3.13-slim\nCOPY . .\nCMD [\"python\", \"app.py\"]\n";
        let mut files = vec![
            ("shop/docker-compose.yml", COMPOSE),
            ("shop/pay/Dockerfile", image),
            ("shop/pay/app.py", "import routes\n"),
            ("shop/pay/routes/__init__.py", ""),
            ("shop/send/Dockerfile", image),
            ("shop/send/Dockerfile.simple", image),
            ("shop/send/app.py", "a = 1\n"),
            ("shop/pg/Dockerfile", image),
            ("shop/pg/app.py", "import routes\n"),
            ("shop/pg/routes/__init__.py", ""),
        ];
        files.extend_from_slice(more);
        let project = Project::in_memory(files);
        let read = |path: &Utf8Path| project.read_bytes(path);
        look(&Facts::new(&project, &read, None))
    }

    #[test]
    fn what_nothing_names_beside_what_is_built_is_not_built() {
        let guides = [
            (
                "docs/use.md",
                "docker-compose up -d pg\ncd shop/pg\npython app.py\n\n\n\n\n\ndocker build -t x .\n",
            ),
            ("shop/Makefile", "up:\n\tdocker compose up pg\n"),
        ];
        with_facts(&guides, |facts| {
            for path in ["shop/pg/Dockerfile", "shop/send/Dockerfile.simple"] {
                assert!(is_unbuilt(facts, Utf8Path::new(path)), "{path}");
            }
            for path in ["shop/pay/Dockerfile", "shop/send/Dockerfile"] {
                assert!(!is_unbuilt(facts, Utf8Path::new(path)), "{path}");
            }
            assert!(lies_unbuilt(facts, Utf8Path::new("shop/pg/routes/__init__.py")));
            assert!(!lies_unbuilt(facts, Utf8Path::new("shop/pay/app.py")));
        });
    }

    #[test]
    fn doubt_is_enough_to_be_built() {
        let others = [
            ("Makefile", "images:\n\tdocker build shop/pg\n"),
            ("shop/build.sh", "cd pg && docker build .\n"),
            ("README.md", "`docker build shop/pg`\n"),
            (".github/workflows/ci.yml", "a: docker build shop/${{ matrix.name }}\nb: [pay, pg]\n"),
            ("all.sh", "for it in $(find . -name Dockerfile); do docker build $it; done\n"),
            ("shop/pg/fly.toml", "app = \"pg\"\n"),
            ("shop/pg/README.md", "docker build .\n"),
            ("docs/old.md", "cd shop/pg\ndocker build .\n"),
            ("charts/values.yaml", "image: registry/shop/pg:1\n"),
            ("dev/Dockerfile", "FROM a\nCOPY shop/pg /app\n"),
        ];
        for (path, text) in others {
            with_facts(&[(path, text)], |facts| {
                assert!(!is_unbuilt(facts, Utf8Path::new("shop/pg/Dockerfile")), "{path}");
            });
        }
        with_facts(&[("shop/pay/more.py", "from pg.app import a\n")], |facts| {
            assert!(is_unbuilt(facts, Utf8Path::new("shop/pg/Dockerfile")));
            assert!(!lies_unbuilt(facts, Utf8Path::new("shop/pg/app.py")));
        });
        for text in
            ["docker build -f send/Dockerfile.simple .\n", "for a in b; do x Dockerfile.$a\n"]
        {
            with_facts(&[("shop/build.sh", text)], |facts| {
                assert!(!is_unbuilt(facts, Utf8Path::new("shop/send/Dockerfile.simple")), "{text}");
            });
        }
    }

    #[test]
    fn a_folder_is_named_by_paths_that_lead_to_it() {
        for line in ["a ./pg/x", "cd ../pg", "b: shop/pg", "$ROOT/pg", "$(pwd)/pg", "/app/pg"] {
            assert!(names_folder(line, "pg", Some("shop"), false), "{line}");
        }
        for line in [
            "${BASE_URL}/pg",
            "API_URL=\"$BASE/pg\"",
            "http://a:80/pg/",
            "/pg/api",
            "pg_isready",
            "a pg b",
            "other/pg",
        ] {
            assert!(!names_folder(line, "pg", Some("shop"), false), "{line}");
        }
        assert!(names_folder("a pg b", "pg", Some("shop"), true));
        assert!(names_folder("docker build\u{3000}pg", "pg", Some("shop"), true));
        assert!(fills_in_variant("x/Dockerfile.${name}") && fills_in_variant("$a/${b}.Dockerfile"));
        assert!(!fills_in_variant("a/Dockerfile $b") && !fills_in_variant("$a/Dockerfile.b"));
    }
}
