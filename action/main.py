"""The one step of the action: installs Roadworthy, has it judge the files and report on the project, and says what came
of it. Knows the environment that GitHub gives a step, and the arguments of `roadworthy`, no rule. What goes wrong is told by the outputs: the last
step of the action ends the job by them. Runs on Python 3.8."""

import json
import os
import re
import secrets
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path


class Refused(Exception):
    """Nothing can be judged; the sentence says why."""


def given(name):
    return os.environ.get("IN_" + name, "").strip()


def lines(name):
    return [line.strip() for line in given(name).splitlines() if line.strip()]


def is_on(name):
    value = given(name).lower()
    if value not in ("true", "false"):
        raise Refused(f"the input `{name.lower()}` is neither true nor false")
    return value == "true"


def say(text):
    """Prints bytes as they are: not every console is expected to take UTF-8."""
    sys.stdout.buffer.write(text)
    sys.stdout.flush()


def escaped(text):
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def wanted_version():
    """What pip is to install."""
    version = given("VERSION")
    if version == "latest":
        return "roadworthy"
    if not version:
        # The action and the tool are released together.
        manifest = Path(__file__).resolve().parent.parent / "Cargo.toml"
        version = re.search(r'^version = "(.+)"$', manifest.read_text("utf-8"), re.MULTILINE).group(1)
    elif not re.fullmatch(r"[0-9]+\.[0-9]+\.[0-9]+", version):
        raise Refused("the input `version` is neither an exact version, like 1.2.3, nor latest")
    return f"roadworthy=={version}"


def installed():
    """The program, in an environment of its own, which later steps of the job take again."""
    package = wanted_version()
    environment = Path(os.environ["RUNNER_TEMP"], "roadworthy", package)
    programs = environment / ("Scripts" if os.name == "nt" else "bin")
    program = shutil.which("roadworthy", path=str(programs))
    if program:
        return program
    print(f"::group::Install {package}", flush=True)
    try:
        subprocess.run([sys.executable, "-I", "-m", "venv", str(environment)], check=True)
        pip = [str(programs / "python"), "-I", "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
        # Wheels alone: building would run code, and take minutes.
        subprocess.run([*pip, "--no-deps", "--only-binary", ":all:", package], check=True)
    except subprocess.CalledProcessError as error:
        what = "no environment can be made: install the module venv of Python" if "venv" in error.cmd else (
            f"{package} cannot be installed: there is no such version, no wheel of it for this machine, or no way to the "
            "package index"
        )
        raise Refused(what) from error
    finally:
        print("::endgroup::", flush=True)
    return str(programs / "roadworthy")


def command(folder):
    """What the one run is asked for."""
    arguments = ["check", "--no-progress", "--output", f"json:{folder / 'report.json'}"]
    if is_on("SARIF"):
        arguments += ["--output", f"sarif:{folder / 'roadworthy.sarif'}"]
    if is_on("ANNOTATIONS"):
        arguments += ["--output", f"github:{folder / 'annotations.txt'}"]
    if not is_on("SUMMARY"):
        arguments.append("--no-step-summary")
    # One word each, so that no value is taken for an option.
    if given("FAIL_ON"):
        arguments.append("--fail-on=" + given("FAIL_ON"))
    if given("BASELINE"):
        arguments.append("--baseline=" + given("BASELINE"))
    if given("DIFF").lower() not in ("", "false"):
        arguments.append("--diff=" + given("DIFF"))
    return [*arguments, *lines("ARGS"), "--", *lines("PATHS")]


def shared(arguments):
    """Those of the further arguments that say how a project is configured and judged, which `report` takes as well."""
    taken = {"--config": True, "--as-of": True, "--threads": True, "--isolated": False, "--no-baseline": False}
    found, rest = [], iter(arguments)
    for argument in rest:
        name, equals, _ = argument.partition("=")
        if name not in taken:
            continue
        # One word, so that no value is taken for an option.
        value = next(rest, None) if taken[name] and not equals else None
        found.append(argument if value is None else f"{argument}={value}")
    return found


def project():
    """The folder that the report is about: the one that is given, else all of the folder that this runs in."""
    paths = lines("PATHS")
    around = Path(os.environ["GITHUB_WORKSPACE"], given("WORKING_DIRECTORY"))
    return paths[0] if len(paths) == 1 and (around / paths[0]).is_dir() else "."


def verdict_command(folder):
    """What the run is asked for that reports on the project."""
    folder.mkdir()
    forms = {"html": "readiness.html", "json": "readiness.json", "badge": "readiness.svg", "shields": "shields.json"}
    arguments = ["report", "--no-progress"]
    for form, name in forms.items():
        arguments += ["--output", f"{form}:{folder / name}"]
    if not is_on("SUMMARY"):
        arguments.append("--no-step-summary")
    if given("BASELINE"):
        arguments.append("--baseline=" + given("BASELINE"))
    return [*arguments, *shared(lines("ARGS")), "--", project()]


def run(arguments):
    """Shows a run as it is: what it repeats of a repository must not be taken for a command to the runner."""
    folder = Path(os.environ["GITHUB_WORKSPACE"], given("WORKING_DIRECTORY"))
    if not folder.is_dir():
        raise Refused("the input `working-directory` names no folder of the workspace")
    word = secrets.token_hex(16)
    print(f"::stop-commands::{word}", flush=True)
    process = subprocess.Popen(arguments, cwd=str(folder), stderr=subprocess.PIPE)
    told = []
    for line in process.stderr:
        told.append(line.decode("utf-8", "replace"))
        # One stream, so that the order holds.
        say(line)
    code = process.wait()
    say(f"\n::{word}::\n".encode())
    if code not in (0, 1):
        sentences = [line.strip()[len("error: ") :] for line in told if line.startswith("error: ")]
        raise Refused(sentences[0] if sentences else f"roadworthy ended with {code}")
    return code


def reported(program, folder):
    """The outputs of the report on the whole project."""
    code = run([program, *verdict_command(folder)])
    report = json.loads((folder / "readiness.json").read_text("utf-8"))
    score = report["score"]["value"] if report["score"] else ""
    outputs = {"score": score, "level": report["level"] or "", "gate": "closed" if code else "open"}
    outputs["report-folder"] = folder
    if code and is_on("GATE"):
        outputs.update({"verdict": "fails", "exit-code": code})
    return outputs


def judge(folder):
    """The outputs of all runs."""
    arguments = command(folder)
    with_report, _ = is_on("REPORT"), is_on("GATE")
    program = installed()
    try:
        told = subprocess.run([program, "--version"], check=True, stdout=subprocess.PIPE).stdout
    except (OSError, subprocess.CalledProcessError) as error:
        raise Refused("what was installed cannot be run on this machine") from error
    outputs = {"version": told.decode().split()[-1]}
    code = run([program, *arguments])
    report = json.loads((folder / "report.json").read_text("utf-8"))
    counts = report["summary"]["by_severity"]
    outputs.update({"findings": sum(counts.values()), "errors": counts.get("error", 0)})
    outputs.update({"warnings": counts.get("warning", 0), "exit-code": code, "verdict": "fails" if code else "passes"})
    annotations, sarif = folder / "annotations.txt", folder / "roadworthy.sarif"
    if annotations.exists():
        say(annotations.read_bytes())
    if sarif.exists() and sarif.stat().st_size:
        outputs["sarif-file"] = sarif
    if with_report:
        outputs.update(reported(program, folder / "report"))
    return outputs


def main():
    folder = Path(tempfile.mkdtemp(prefix="roadworthy-", dir=os.environ["RUNNER_TEMP"]))
    try:
        outputs = judge(folder)
    except Refused as refused:
        say(f"::error title=Roadworthy::{escaped(str(refused))}\n".encode())
        outputs = {"verdict": "error", "exit-code": 2}
    with open(os.environ["GITHUB_OUTPUT"], "a", encoding="utf-8") as file:
        file.writelines(f"{name}={value}\n" for name, value in outputs.items())


if __name__ == "__main__":
    main()
