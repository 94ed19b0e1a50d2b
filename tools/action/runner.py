"""Runs action.yml as GitHub's runner would, as far as this action needs it: inputs, expressions, the files that steps
write to. Knows no network: an action that a step uses is noted, not run. Refuses every expression that it does not know."""

import os
import re
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
TOKEN = re.compile(r"\s*(&&|==|!=|always\(\)|'(?:[^']|'')*'|[a-z]+(?:\.[a-z-]+)+)")


def evaluate(expression: str, contexts: dict[str, str]) -> str | bool:
    """`a == 'b' && c != ''`, without brackets: comparisons bind more tightly than `&&`."""
    tokens, at = [], 0
    while expression[at:].strip():
        found = TOKEN.match(expression, at)
        if not found:
            raise SystemExit(f"an expression of a kind that is not known: {expression}")
        tokens.append(found[1])
        at = found.end()

    def value(token: str) -> str | bool:
        if token == "always()":
            return True
        if token.startswith("'"):
            return token[1:-1].replace("''", "'")
        # A step that did not run, or did not write an output, has an empty one.
        return contexts.get(token, "") if token.startswith("steps.") else contexts[token]

    def compared(part: list[str]) -> str | bool:
        if len(part) == 1:
            return value(part[0])
        if len(part) != 3 or part[1] not in ("==", "!="):
            raise SystemExit(f"an expression of a kind that is not known: {expression}")
        # GitHub compares texts without regard to case.
        same = str(value(part[0])).lower() == str(value(part[2])).lower()
        return same == (part[1] == "==")

    parts: list[list[str]] = [[]]
    for token in tokens:
        if token == "&&":
            parts.append([])
        else:
            parts[-1].append(token)
    result: str | bool = True
    for part in parts:
        result = compared(part)
        if not result:
            return result
    return result


def filled(text: str, contexts: dict[str, str]) -> str:
    return re.sub(r"\$\{\{(.*?)\}\}", lambda found: str(evaluate(found[1], contexts)), str(text))


@dataclass
class Ran:
    code: int
    log: str
    outputs: dict[str, str]
    summary: str
    used: list[tuple[str, dict[str, str]]] = field(default_factory=list)


def run(scratch: Path, workspace: Path, inputs: dict[str, str], **environment: str) -> Ran:
    """Runs all steps and gives what a job would see of them."""
    action = yaml.safe_load(ROOT.joinpath("action.yml").read_text())
    unknown = inputs.keys() - action["inputs"].keys()
    assert not unknown, f"no input {unknown}"
    values = {name: str(given["default"]) for name, given in action["inputs"].items()} | inputs
    contexts = {f"inputs.{name}": value for name, value in values.items()}
    for name in ("temp", "files"):
        scratch.joinpath(name).mkdir(parents=True, exist_ok=True)
    summary = scratch / "files" / "summary"
    summary.write_text("")
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("GITHUB_", "RUNNER_", "IN_", "PIP_", "PYTHON"))}
    inherited |= {
        "CI": "true",
        "GITHUB_ACTIONS": "true",
        "GITHUB_ACTION_PATH": str(ROOT),
        "GITHUB_EVENT_NAME": "push",
        "GITHUB_STEP_SUMMARY": str(summary),
        "GITHUB_WORKSPACE": str(workspace),
        "RUNNER_OS": "Linux",
        "RUNNER_TEMP": str(scratch / "temp"),
    } | environment
    ran = Ran(0, "", {}, "")
    for step in action["runs"]["steps"]:
        condition = step.get("if", "").removeprefix("${{").removesuffix("}}").strip()
        failed = ran.code != 0 and "always()" not in condition
        if failed or condition and not evaluate(condition, contexts):
            continue
        if "uses" in step:
            ran.used.append((step["uses"], {k: filled(v, contexts) for k, v in step["with"].items()}))
            continue
        assert step["shell"] == "bash"
        output = scratch / "files" / "output"
        output.write_text("")
        script = scratch / "files" / "script.sh"
        # The text of a script is taken as it stands: nothing may be put into it.
        assert "${{" not in step["run"], step["run"]
        script.write_text(step["run"])
        process = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)],
            cwd=workspace,
            env=inherited
            | {"GITHUB_OUTPUT": str(output)}
            | {name: filled(value, contexts) for name, value in step.get("env", {}).items()},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        ran.log += process.stdout.decode()
        ran.code = ran.code or process.returncode
        for line in output.read_text().splitlines():
            name, equals, value = line.partition("=")
            assert equals and "<<" not in name, line
            contexts[f"steps.{step['id']}.outputs.{name}"] = value
    ran.outputs = {name: filled(it["value"], contexts) for name, it in action["outputs"].items()}
    ran.summary = summary.read_text()
    return ran
