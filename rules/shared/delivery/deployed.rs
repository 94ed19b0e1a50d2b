//! Whether an image is evidently deployed: it starts a server, or something that is seen pushes, runs or keeps it running. Knows what
//! platforms' files say, no rule.

use camino::{Utf8Path, Utf8PathBuf};
use roadworthy_project::facts::containers::processes::server_of;
use roadworthy_project::facts::containers::{Image, Instruction, Origin, Process};
use roadworthy_project::facts::shell::{Command, commands};
use roadworthy_project::facts::value::Value;
use roadworthy_project::{Facts, resolved};

use crate::shared::delivery::builds::{
    composed, is_built, is_built_by_job, is_left_over, pipelines,
};

/// Calls in a script that begin to serve, and go on until somebody ends it.
const SERVING: [&str; 14] = [
    "uvicorn.run(",
    "app.run(",
    "socketio.run(",
    "web.run_app(",
    "serve_forever(",
    "grpc.server(",
    "grpc.aio.server(",
    "waitress.serve(",
    "start_polling(",
    "run_polling(",
    "run_webhook(",
    "bot.run(",
    "client.run(",
    "worker.work(",
];

/// Programs that serve, as scripts start them.
const SERVERS: [&str; 12] = [
    "celery",
    "daphne",
    "fastapi",
    "flask",
    "granian",
    "gunicorn",
    "hypercorn",
    "manage.py",
    "streamlit",
    "uvicorn",
    "uwsgi",
    "waitress-serve",
];

/// Programs of platforms that go on until somebody ends them.
const OTHERS: [&str; 9] = [
    "airflow",
    "dagster",
    "dagster-daemon",
    "dagster-webserver",
    "faststream",
    "jupyterhub",
    "mlflow",
    "panel",
    "prefect",
];

/// Whether what an image starts, by itself or as a service, is a server that is known, or a script that begins to serve.
pub(crate) fn serves(facts: &Facts<'_>, index: usize) -> bool {
    let of_program = |it: &Process| {
        it.invocation().is_some_and(|it| {
            server_of(&it).is_some()
                || OTHERS.contains(&it.program)
                || it.arguments.iter().any(|word| word.ends_with("manage.py"))
        })
    };
    let of_script = |it: &Process| {
        let files: Vec<Utf8PathBuf> =
            it.target().map(|target| target.files(facts, it)).unwrap_or_default();
        files.iter().filter_map(|path| facts.text(path).whole()).any(|document| {
            let mut lines = document.text().lines().map(str::trim_start);
            lines.any(|line| !line.starts_with('#') && SERVING.iter().any(|it| line.contains(it)))
        })
    };
    let mut own = processes(facts, index).filter(|it| it.development.is_none()).peekable();
    own.peek().is_some()
        && (own.any(|it| of_program(it) || of_script(it))
            || facts.containers().images.get(index).is_some_and(|it| script_serves(facts, it)))
}

/// Whether a script of the shell that an image starts comes to a server, among other things.
fn script_serves(facts: &Facts<'_>, image: &Image) -> bool {
    script_has(facts, image, starts_server)
}

/// Whether an image, or a script of the shell that it starts, runs a web server that gives up its rights before it answers anybody.
pub(crate) fn is_behind_web_server(facts: &Facts<'_>, image: &Image) -> bool {
    let is_one = |it: &Command| it.program().is_some_and(is_web_server);
    started(image).any(|it| is_one(&it)) || script_has(facts, image, is_one)
}

fn started(image: &Image) -> impl Iterator<Item = Command> {
    let instructions = image.shipped_instructions();
    let starts = instructions.filter(|it| matches!(it.keyword.as_str(), "ENTRYPOINT" | "CMD"));
    starts.flat_map(Instruction::commands)
}

/// Whether a script of the shell that an image starts has such a command.
fn script_has(facts: &Facts<'_>, image: &Image, is_it: impl Fn(&Command) -> bool) -> bool {
    /// Of files of one name no more are read.
    const MOST: usize = 4;
    let names: Vec<String> = started(image)
        .flat_map(|it| it.texts().map(str::to_owned).collect::<Vec<_>>())
        .filter(|it| it.split('.').next_back() == Some("sh"))
        .filter_map(|it| it.rsplit('/').next().map(str::to_owned))
        .collect();
    names.iter().any(|name| {
        let files = facts.tree().below(&image.context);
        let files = files.filter(|it| it.file_name() == Some(name.as_str())).take(MOST);
        let mut documents = files.filter_map(|it| facts.text(it).whole());
        documents.any(|it| commands(it.text()).iter().any(&is_it))
    })
}

fn is_web_server(program: &str) -> bool {
    matches!(program, "apache2" | "apache2ctl" | "apachectl" | "httpd" | "httpd-foreground")
}

/// Whether a command of a script starts a server: what `manage.py` does beside that ends by itself.
fn starts_server(command: &Command) -> bool {
    const ENDING: [&str; 14] = [
        "check",
        "collectstatic",
        "compilemessages",
        "compress",
        "createcachetable",
        "createsuperuser",
        "flush",
        "loaddata",
        "makemigrations",
        "migrate",
        "rebuild_index",
        "shell",
        "update_index",
        "wait_for_db",
    ];
    let mut words = command.texts().map(|it| it.rsplit('/').next().unwrap_or_default());
    match words.find(|it| SERVERS.contains(it)) {
        Some("manage.py") => words.next().is_some_and(|it| !ENDING.contains(&it)),
        found => found.is_some(),
    }
}

/// Whether something that is seen builds or takes out an image; of the only one, or one at the top, it is enough that it starts a
/// server.
pub(crate) fn is_in_use(facts: &Facts<'_>, index: usize) -> bool {
    let images = &facts.containers().images;
    let is_first = || images.len() == 1 || images[index].path.parent() == Some(Utf8Path::new(""));
    !is_left_over(facts, index)
        && !is_for_tests(facts, index)
        && (is_built(facts, index)
            || is_taken_out(facts, index)
            || is_first() && serves(facts, index))
}

/// Whether something that is seen brings an image to where others use it: it is shipped, or Compose keeps it running or opens a port
/// of it, and not for those who work on the code.
pub(crate) fn is_taken_out(facts: &Facts<'_>, index: usize) -> bool {
    is_shipped(facts, index) || is_kept_running(facts, index)
}

/// Whether a pipeline pushes or deploys an image, or a manifest, a platform or Terraform names it.
pub(crate) fn is_shipped(facts: &Facts<'_>, index: usize) -> bool {
    let Some(image) = facts.containers().images.get(index) else { return false };
    processes(facts, index).any(|it| {
        it.development.is_none() && !matches!(it.origin, Origin::Dockerfile | Origin::Compose)
    }) || is_built_by_job(facts, image) && is_pushed(facts)
        || is_named_by_platform(facts, image)
}

/// Whether Compose starts a service of an image again whenever it ends, or opens a port of it or the image has one, and mounts no
/// code over it.
pub(crate) fn is_kept_running(facts: &Facts<'_>, index: usize) -> bool {
    let Some(image) = facts.containers().images.get(index) else { return false };
    let listens = image.shipped_instructions().any(|it| it.keyword == "EXPOSE");
    is_restarted(facts, index)
        || has_service(facts, image, composed(facts, index), |it| {
            it.get("restart").is_none() && (listens || it.get("ports").is_some())
        })
}

/// Whether Compose starts a service of an image again whenever it ends, as nobody does at a desk.
pub(crate) fn is_restarted(facts: &Facts<'_>, index: usize) -> bool {
    let Some(image) = facts.containers().images.get(index) else { return false };
    has_service(facts, image, composed(facts, index), restarts)
}

/// Whether a service of Compose is started again whenever it ends.
pub(crate) fn restarts(service: &Value) -> bool {
    service
        .get("restart")
        .and_then(Value::scalar)
        .is_some_and(|it| matches!(it, "always" | "unless-stopped") || it.starts_with("on-failure"))
}

/// Whether some Compose files have such a service that builds an image, by where its Dockerfile lies.
pub(crate) fn has_service(
    facts: &Facts<'_>,
    image: &Image,
    files: &[Utf8PathBuf],
    is_it: impl Fn(&Value) -> bool,
) -> bool {
    let is_of_image = |service: &Value, folder: &Utf8Path| {
        let Some(build) = service.get("build") else { return false };
        let context = build.text().or_else(|| build.get("context")?.text()).unwrap_or(".");
        let dockerfile = build.get("dockerfile").and_then(Value::text).unwrap_or("Dockerfile");
        resolved(folder, context)
            .and_then(|it| resolved(&it, dockerfile))
            .is_some_and(|it| it == image.path)
    };
    files.iter().any(|path| {
        let folder = path.parent().unwrap_or(Utf8Path::new(""));
        facts.yaml(path).whole().is_some_and(|document| {
            let services = document.value().and_then(|it| it.get("services"));
            services.is_some_and(|it| {
                it.entries().any(|(_, own)| is_of_image(own, folder) && is_it(own))
            })
        })
    })
}

/// Whether a pipeline hands images on, and does not only try whether they can be built.
fn is_pushed(facts: &Facts<'_>) -> bool {
    const MARKS: [&str; 29] = [
        "--push",
        "aws ecs",
        "az acr build",
        "az containerapp",
        "az webapp",
        "buildah push",
        "cdk deploy",
        "chartpress",
        "copilot deploy",
        "deploy-cloudrun",
        "docker compose push",
        "docker push",
        "docker stack deploy",
        "docker-compose push",
        "ecs-deploy",
        "eb deploy",
        "fly deploy",
        "flyctl deploy",
        "gcloud app deploy",
        "gcloud builds",
        "gcloud run",
        "helm upgrade",
        "heroku",
        "kaniko",
        "kubectl ",
        "podman push",
        "push: \"true\"",
        "push: ${{",
        "push: true",
    ];
    // A pipeline that logs in to a server goes on there with what the project brings up.
    const REMOTE: [&str; 4] = ["appleboy/ssh-action", "ansible-playbook", "rsync ", "ssh "];
    let pushes = |path: &Utf8PathBuf| {
        facts.text(path).whole().is_some_and(|it| {
            let text = it.text();
            MARKS.iter().chain(&REMOTE).any(|mark| text.contains(mark))
                || path.as_str().contains("cloudbuild")
        })
    };
    pipelines(facts).iter().any(pushes)
}

/// Whether a file of a platform that builds from a Dockerfile names an image, or lies beside its Dockerfile, or Terraform names its
/// folder.
fn is_named_by_platform(facts: &Facts<'_>, image: &Image) -> bool {
    let folder = image.path.parent().unwrap_or(Utf8Path::new(""));
    let name = image.path.file_name().unwrap_or_default();
    let is_plain = name == "Dockerfile";
    let is_beside = is_plain
        && BESIDE.iter().any(|it| {
            let path = folder.join(it);
            facts.tree().is_file(&path) && builds_image(facts, &path, image)
        });
    let names = |path: &Utf8Path| {
        let is_of_platform = path.extension().is_some_and(|it| it == "tf")
            || path.file_name().is_some_and(|it| BESIDE.contains(&it));
        is_of_platform
            && facts.text(path).whole().is_some_and(|it| {
                let text = it.text();
                match (is_plain, folder.as_str()) {
                    (true, "") => SERVICES.iter().any(|it| text.contains(it)),
                    (true, folder) => has_path(text, folder),
                    (false, _) => has_path(text, name),
                }
            })
            && builds_image(facts, path, image)
    };
    is_beside || facts.tree().files().any(names)
}

/// Whether what a platform is told makes it build an image, where it may as well run the code by itself
/// (<https://render.com/docs/blueprint-spec>, <https://docs.cloud.google.com/appengine/docs/flexible/reference/app-yaml>).
fn builds_image(facts: &Facts<'_>, platform: &Utf8Path, image: &Image) -> bool {
    let document = facts.yaml(platform).whole();
    let value = document.as_ref().and_then(|it| it.value());
    match platform.file_name() {
        Some("render.yaml") => {
            let folder = platform.parent().unwrap_or(Utf8Path::new(""));
            value.is_some_and(|it| renders(it, folder, &image.path))
        }
        // Manifests of other platforms have that name, too, and no such key at the top.
        Some("app.yaml") => value
            .and_then(|it| it.get("runtime"))
            .and_then(Value::scalar)
            .is_none_or(|it| it == "custom"),
        _ => true,
    }
}

/// Whether a service of Render, anywhere below a value, is built from a Dockerfile: the one that it names, else that of its folder.
fn renders(value: &Value, folder: &Utf8Path, dockerfile: &Utf8Path) -> bool {
    let is_docker =
        ["env", "runtime"].iter().any(|it| value.get(it).and_then(Value::scalar) == Some("docker"));
    let named = value.get("dockerfilePath").and_then(Value::text);
    let own = value.get("rootDir").and_then(Value::text).unwrap_or_default();
    let path = named.or(is_docker.then_some("Dockerfile"));
    let is_it = |from: &Utf8Path, path: &str| {
        resolved(from, path.trim_start_matches('/')).is_some_and(|it| it == dockerfile)
    };
    path.is_some_and(|path| {
        let below = resolved(folder, own).unwrap_or_default();
        is_it(&below, path) || is_it(folder, path) && named.is_some()
    }) || value.items().any(|it| renders(it, folder, dockerfile))
        || value.entries().any(|(_, it)| renders(it, folder, dockerfile))
}

/// Whether all that is seen to start an image is a run of tests, of checks, or the documentation for those who write it, by what is
/// started and by the names of its services. A server is none of them.
pub(crate) fn is_for_tests(facts: &Facts<'_>, index: usize) -> bool {
    const TESTS: [&str; 6] = ["coverage", "lint", "pytest", "test", "tests", "tox"];
    const WHOLE: [&str; 3] = ["check", "checks", "docs"];
    let of_script = |path: &str| {
        let name = path.rsplit('/').next().unwrap_or_default();
        name.split(['-', '_', '.']).any(|it| TESTS.contains(&it))
    };
    // `docs-api` and `check-in` serve others.
    let of_service = |name: &str| {
        WHOLE.contains(&name)
            || name.rsplit(['-', '_', '.']).next().is_some_and(|it| TESTS.contains(&it))
    };
    let is_one = |it: &Process| {
        let invocation = it.invocation();
        let is_server = invocation.as_ref().is_some_and(|it| server_of(it).is_some());
        !is_server
            && (of_service(&it.name)
                || it.through.iter().any(|it| of_script(it.as_str()))
                || invocation.is_some_and(|it| {
                    let mut scripts = it
                        .arguments
                        .iter()
                        .filter(|it| matches!(Utf8Path::new(it).extension(), Some("py" | "sh")));
                    of_script(it.program) || scripts.any(|it| of_script(it))
                }))
    };
    let mut all = processes(facts, index).peekable();
    all.peek().is_some() && all.all(is_one)
}

/// Whether a text names a path, and not one that only begins or ends like it.
pub(crate) fn has_path(text: &str, path: &str) -> bool {
    let goes_on = |it: char| it.is_alphanumeric() || matches!(it, '-' | '_' | '.');
    text.match_indices(path).any(|(at, _)| {
        let (before, behind) = (&text[..at], &text[at + path.len()..]);
        !before.ends_with(|it: char| goes_on(it) && it != '.') && !behind.starts_with(goes_on)
    })
}

/// Files by which platforms build what lies beside them.
const BESIDE: [&str; 9] = [
    "app.yaml",
    "apprunner.yaml",
    "captain-definition",
    "cloudbuild.yaml",
    "fly.toml",
    "heroku.yml",
    "railway.json",
    "railway.toml",
    "render.yaml",
];

/// Resources of Terraform that run containers.
const SERVICES: [&str; 5] = [
    "aws_ecs_service",
    "azurerm_container",
    "container_definitions",
    "google_cloud_run",
    "kubernetes_deployment",
];

/// What runs the images of a project where no user of a container comes near the machine.
#[derive(Clone, Copy, Default)]
pub(crate) struct Sandbox {
    /// Cloud Run, by a pipeline, a script or Terraform (<https://cloud.google.com/run/docs/container-contract#sandbox>).
    pub(crate) cloud_run: bool,
    /// Fargate, where each task has a machine of its own.
    pub(crate) fargate: bool,
    /// Spaces of Hugging Face, which give each container a user (<https://huggingface.co/docs/hub/spaces-sdks-docker#permissions>).
    pub(crate) spaces: bool,
}

/// Reads which platforms a project is deployed to.
pub(crate) fn sandbox(facts: &Facts<'_>) -> Sandbox {
    const CLOUD_RUN: [&str; 6] = [
        "google_cloud_run",
        "gcloud run ",
        "gcloud beta run ",
        "deploy-cloudrun",
        "serving.knative.dev",
        "run.googleapis.com",
    ];
    let mut found = Sandbox::default();
    let may_say = |path: &&Utf8Path| {
        let name = path.file_name().unwrap_or_default();
        matches!(name, "Makefile" | "Taskfile.yml" | "justfile")
            || matches!(path.extension(), Some("sh" | "tf" | "yaml" | "yml"))
    };
    found.spaces = facts.tree().files().any(|it| it.file_name() == Some(".huggingfaceignore"));
    for path in facts.tree().files().filter(may_say) {
        let Some(document) = facts.text(path).whole() else { continue };
        let text = document.text();
        found.cloud_run |= CLOUD_RUN.iter().any(|it| text.contains(it));
        found.fargate |= text.contains("FARGATE");
    }
    found
}

fn processes<'f>(facts: &'f Facts<'_>, index: usize) -> impl Iterator<Item = &'f Process> {
    facts.containers().processes.iter().filter(move |it| it.image == Some(index))
}
