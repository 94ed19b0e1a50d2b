//! Images and compose files, and the processes that they start.

use camino::Utf8Path;

use super::{Absence, Listening, Told};
use crate::Project;
use crate::facts::Facts;
use crate::facts::containers::{Origin, Process};

/// What is found in files, given to `judge`.
fn with<T>(files: &[(&str, &str)], judge: impl FnOnce(&Facts<'_>, &[Process]) -> T) -> T {
    let project = Project::in_memory(files.iter().copied());
    let read = |path: &Utf8Path| project.read_bytes(path);
    let facts = Facts::new(&project, &read, None);
    let processes = facts.containers().processes.clone();
    judge(&facts, &processes)
}

fn command(process: &Process) -> String {
    process.command.known().map_or("?".to_owned(), |words| words.join(" "))
}

#[test]
fn services_of_compose_are_processes() {
    let compose = "services:\n  web:\n    image: shop\n    command: uvicorn shop.main:app --host 127.0.0.1\n    init: true\n  worker:\n    image: shop\n    entrypoint: [tini, --]\n    command: [celery, -A, shop, worker]\n  db:\n    image: postgres\n  odd:\n    image: x\n    command: a && b\n";
    with(&[("compose.yaml", compose)], |facts, processes| {
        let commands: Vec<_> = processes.iter().map(command).collect();
        assert_eq!(
            commands,
            ["uvicorn shop.main:app --host 127.0.0.1", "tini -- celery -A shop worker"]
        );
        assert!(processes.iter().all(|process| process.has_init && !process.in_shell));
        let place = processes[0].place_of(facts, "shop.main:app");
        assert_eq!(place.span.of_text(compose), "shop.main:app");
        let told = Told::Argument("--host 127.0.0.1".to_owned());
        assert_eq!(processes[0].listening(facts), Listening::Loopback(told));
        assert_eq!(processes[1].listening(facts), Listening::Open);
        assert!(facts.containers().unknown.iter().any(|reason| reason.contains("`odd`")));
    });
}

#[test]
fn a_service_is_named_by_compose_though_its_stage_says_what_starts() {
    let compose = "services:\n  fetch:\n    build:\n      context: .\n      target: fetcher\n";
    let dockerfile = "FROM python:3.13 AS fetcher\nCMD [\"fetch\"]\nFROM fetcher\nCMD [\"web\"]\n";
    with(&[("compose.yaml", compose), ("Dockerfile", dockerfile)], |_, processes| {
        let service = processes.iter().find(|it| it.origin == Origin::Compose).unwrap();
        assert_eq!(command(service), "fetch");
        assert_eq!(service.place.path, "Dockerfile");
        assert_eq!(service.named_in, "compose.yaml");
    });
}

#[test]
fn the_entry_point_of_a_well_known_image_stands_before_the_command() {
    let compose = "services:\n  worker:\n    build: .\n    command: celery worker\n  api:\n    image: ${IMAGE:-apache/airflow:3.1.8}\n    command: api-server\n  shell:\n    build: .\n    command: [bash, -c, 'airflow db check']\n  setup:\n    build: .\n    entrypoint: /bin/setup\n    command: now\n";
    let dockerfile = "FROM apache/airflow:3.1.8 AS base\nFROM base\n";
    let files = [("compose.yaml", compose), ("Dockerfile", dockerfile)];
    with(&files, |_, processes| {
        let commands: Vec<_> = processes.iter().map(command).collect();
        let expected =
            ["airflow celery worker", "airflow api-server", "airflow db check", "/bin/setup now"];
        assert_eq!(commands, expected);
    });
}

#[test]
fn what_is_for_those_who_write_the_code_says_so() {
    let plain = "services:\n  web:\n    image: x\n    command: flask run\n";
    let bound =
        "services:\n  web:\n    image: x\n    command: flask run\n    volumes: ['./:/app']\n";
    let development = |files: &[(&str, &str)]| {
        with(files, |_, processes| processes[0].development.clone().unwrap_or_default())
    };
    assert_eq!(development(&[("compose.yml", plain)]), "");
    assert_eq!(
        development(&[("compose.yml", bound), ("app.py", "")]),
        "the code of its service `web` is mounted"
    );
    assert_eq!(
        development(&[("docker-compose.override.yml", plain)]),
        "its name has the word `override`"
    );
    let beside = development(&[("docker-compose.yml", plain), ("docker-compose.prod.yml", "")]);
    assert_eq!(beside, "`docker-compose.prod.yml` is for production");
}

#[test]
fn options_alone_are_for_a_program_that_is_not_known() {
    let compose = "services:\n  proxy:\n    image: traefik:v3\n    command: [--api, --ping]\n";
    with(&[("compose.yaml", compose)], |facts, processes| {
        assert!(processes.is_empty());
        assert_eq!(facts.containers().unknown, ["the command of `proxy` cannot be told"]);
    });
}

#[test]
fn manifests_give_entry_points_and_arguments() {
    let manifest = "apiVersion: apps/v1\nkind: Deployment\nspec:\n  template:\n    spec:\n      containers:\n        - name: api\n          image: shop\n          command: [gunicorn]\n          args: ['-b', '127.0.0.1:80', 'shop.wsgi']\n          env:\n            - {name: A, value: b}\n---\napiVersion: v1\nkind: Service\n";
    with(&[("k8s/api.yaml", manifest)], |facts, processes| {
        assert_eq!(processes.len(), 1);
        assert_eq!(command(&processes[0]), "gunicorn -b 127.0.0.1:80 shop.wsgi");
        assert_eq!(processes[0].environment, [("A".to_owned(), Some("b".to_owned()))]);
        assert!(matches!(processes[0].listening(facts), Listening::Loopback(_)));
    });
    let helm = manifest.replace("shop.wsgi", "{{ .Values.app }}");
    with(&[("k8s/api.yaml", &helm)], |_, processes| assert!(processes.is_empty()));
}

#[test]
fn shells_and_scripts_lead_to_what_they_start() {
    let follow = |script: &str, command_line: &str| {
        let procfile = format!("web: {command_line}\n");
        with(&[("Procfile", &procfile), ("start.sh", script)], |_, processes| {
            (command(&processes[0]), processes[0].through.len())
        })
    };
    let of = |script: &str| follow(script, "./start.sh").0;
    assert_eq!(of("#!/bin/sh\nset -e\nalembic upgrade head\nexec uvicorn a:b\n"), "uvicorn a:b");
    assert_eq!(of("python manage.py migrate\ngunicorn a.wsgi\n"), "gunicorn a.wsgi");
    assert_eq!(of("if [ $X ]; then exec flask run; else exec gunicorn a:b; fi\n"), "?");
    assert_eq!(of("exec \"$@\"\n"), "?");
    assert_eq!(follow("exec \"$@\"\n", "sh start.sh uvicorn a:b"), ("uvicorn a:b".to_owned(), 1));
    assert_eq!(follow("", "cd app && python -m app").0, "python -m app");
    assert_eq!(follow("", "./missing.sh").0, "?");
    assert_eq!(of("./start.sh\nexec ./start.sh\n"), "?");
}

#[test]
fn a_procfile_runs_where_it_lies() {
    let files = [
        (
            "api/Procfile",
            "web: gunicorn shop.wsgi --chdir src\nworker: python -m shop.jobs\nx: python run.py\n",
        ),
        ("api/src/shop/__init__.py", ""),
        ("api/src/shop/wsgi.py", "app = 1\n"),
        ("api/shop.py", ""),
        ("api/other.py", ""),
    ];
    with(&files, |facts, processes| {
        assert!(processes.iter().all(|process| process.origin == Origin::Procfile));
        let absence = |index: usize| {
            let process = &processes[index];
            process.target().and_then(|target| target.absence(facts, process))
        };
        assert_eq!(absence(0), Some(Absence::Attribute("api/src/shop/wsgi.py".into())));
        assert_eq!(absence(1), Some(Absence::Module("shop".to_owned())));
        assert_eq!(absence(2), Some(Absence::Script));
    });
}

#[test]
fn handlers_are_looked_for_in_their_code() {
    let serverless = "provider: {runtime: python3.12}\nfunctions:\n  a: {handler: src/api.create}\n  b: {handler: src/api.drop}\n  c: {handler: wsgi_handler.handler}\n";
    let template = "Globals: {Function: {Runtime: python3.12}}\nResources:\n  F:\n    Type: AWS::Serverless::Function\n    Properties: {CodeUri: src/, Handler: api.create}\n  G:\n    Type: AWS::Serverless::Function\n    Properties: {CodeUri: src/, Handler: api.none}\n  H:\n    Type: AWS::Serverless::Function\n    Properties: {CodeUri: !Ref X, Handler: api.none}\n";
    let files = [
        ("serverless.yml", serverless),
        ("template.yaml", template),
        ("src/api.py", "def create(event, context): ...\n"),
    ];
    with(&files, |facts, processes| {
        let missing: Vec<_> = processes
            .iter()
            .filter(|process| {
                process.target().is_some_and(|it| it.absence(facts, process).is_some())
            })
            .map(|process| process.name.as_str())
            .collect();
        assert_eq!(missing, ["b", "G"]);
    });
}

#[test]
fn whatever_may_define_an_attribute_counts() {
    let missing = |code: &str| {
        let files = [("Procfile", "web: uvicorn main:app\n"), ("main.py", code)];
        with(&files, |facts, processes| {
            processes[0].target().unwrap().absence(facts, &processes[0]).is_some()
        })
    };
    for code in [
        "app = FastAPI()\n",
        "from .web import app\n",
        "from web import application as app\n",
        "from web import *\n",
        "def __getattr__(name): ...\n",
        "if X:\n    app = 1\nelse:\n    app = 2\n",
        "def app(scope): ...\n",
        "for name in ('app',):\n    globals()[name] = 1\n",
        "def make():\n    global app\n    app = 1\nmake()\n",
        "x, app = make()\n",
        "with y() as app: pass\n",
        "'", // not Python
    ] {
        assert!(!missing(code), "{code}");
    }
    for code in [
        "",
        "api = FastAPI()\n",
        "def make():\n    app = 1\n",
        "if __name__ == '__main__':\n    app = 1\n",
    ] {
        assert!(missing(code), "{code}");
    }
}

#[test]
fn a_broken_file_is_a_fault_and_unknown() {
    with(&[("compose.yml", "services:\n\t- x\n")], |facts, processes| {
        assert!(processes.is_empty());
        assert_eq!(facts.faults().len(), 1);
        assert_eq!(facts.containers().unknown.len(), 1);
    });
}

#[test]
fn an_image_starts_what_its_entry_point_and_command_say() {
    let dockerfile = "FROM python:3.12 AS build\nWORKDIR /src\nCOPY backend .\nFROM python:3.12\nENV PYTHONPATH=/srv/lib\nWORKDIR /srv\nCOPY --from=build /src /srv\nCOPY docker/entrypoint.sh /entrypoint.sh\nENTRYPOINT [\"/entrypoint.sh\"]\nCMD [\"uvicorn\", \"shop.main:app\"]\n";
    let files = [
        ("Dockerfile", dockerfile),
        ("docker/entrypoint.sh", "#!/bin/sh\nset -e\nexec \"$@\"\n"),
        ("backend/lib/shop/main.py", "api = 1\n"),
        ("compose.yml", "services:\n  api:\n    build: .\n    command: uvicorn shop.main:api\n"),
    ];
    with(&files, |facts, processes| {
        let own = processes.iter().find(|it| it.origin == Origin::Dockerfile).unwrap();
        assert_eq!(command(own), "uvicorn shop.main:app");
        assert_eq!(own.through, ["docker/entrypoint.sh"]);
        assert!(!own.in_shell && own.working_directory.as_deref() == Some("/srv"));
        let target = own.target().unwrap();
        let file = "backend/lib/shop/main.py".into();
        assert_eq!(target.absence(facts, own), Some(Absence::Attribute(file)));
        let place = own.place_of(facts, "shop.main:app");
        assert_eq!(place.span.of_text(dockerfile), "shop.main:app");
        let composed = processes.iter().find(|it| it.origin == Origin::Compose).unwrap();
        assert_eq!(command(composed), "uvicorn shop.main:api");
        assert_eq!(composed.target().unwrap().absence(facts, composed), None);
    });
}

#[test]
fn the_form_of_a_shell_stands_before_its_program() {
    let of = |lines: &str| {
        let dockerfile = format!("FROM python:3.12\n{lines}\n");
        with(&[("Dockerfile", &dockerfile)], |_, processes| {
            (command(&processes[0]), processes[0].in_shell)
        })
    };
    let shown = |text: &str, in_shell: bool| (text.to_owned(), in_shell);
    assert_eq!(of("CMD uvicorn a:b"), shown("uvicorn a:b", true));
    assert_eq!(of("CMD exec uvicorn a:b"), shown("uvicorn a:b", false));
    assert_eq!(of("SHELL [\"/bin/bash\", \"-c\"]\nCMD uvicorn a:b"), shown("uvicorn a:b", false));
    let on_alpine = "FROM python:3.12-alpine\nCMD uvicorn a:b\n";
    with(&[("Dockerfile", on_alpine)], |_, processes| assert!(!processes[0].in_shell));
    assert!(!of("ENTRYPOINT [\"tini\", \"--\"]\nCMD [\"uvicorn\", \"a:b\"]").1);
    assert_eq!(of("CMD cd x && alembic upgrade head && uvicorn a:b"), shown("uvicorn a:b", true));
}

#[test]
fn a_script_may_start_its_server_itself() {
    let of = |code: &str| {
        let dockerfile =
            "FROM python:3.12\nWORKDIR /a\nCOPY app.py .\nCMD [\"python\", \"app.py\"]\n";
        with(&[("Dockerfile", dockerfile), ("app.py", code)], |facts, processes| {
            let listens = processes[0].listening_call(facts) != Listening::Open;
            (processes[0].development_call(facts).is_some(), listens)
        })
    };
    let flask = "app = Flask(__name__)\nif __name__ == '__main__':\n    app.run(";
    assert_eq!(of(&format!("{flask})\n")), (true, true));
    assert_eq!(of(&format!("{flask}debug=True, host='0.0.0.0')\n")), (true, false));
    assert_eq!(of(&format!("{flask}host=HOST)\n")), (true, false));
    assert_eq!(of("import uvicorn\nuvicorn.run(app, port=80)\n"), (false, true));
    assert_eq!(of("import uvicorn\nuvicorn.run(app, **options)\n"), (false, false));
    assert_eq!(of("def main():\n    uvicorn.run(app)\n"), (false, false));
    assert_eq!(of("engine.run()\n"), (false, false));
}

#[test]
fn a_service_may_build_another_stage() {
    let dockerfile = "FROM python:3.12 AS builder\nCMD [\"flask\", \"run\"]\nFROM builder AS dev-envs\nCMD [\"bash\"]\n";
    let compose = "services:\n  web:\n    build: {context: ., target: builder}\n";
    with(&[("Dockerfile", dockerfile), ("compose.yaml", compose)], |_, processes| {
        let web = processes.iter().find(|it| it.name == "web").unwrap();
        assert_eq!((command(web).as_str(), &web.development), ("flask run", &None));
    });
}
