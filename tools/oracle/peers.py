"""Compares our findings with ruff's on the same files, rule by rule, and prints who alone found what.

    python tools/oracle/peers.py [--binary roadworthy] [--ruff ruff] [--samples 5] FOLDER ...

Ours run with --pedantic, as ruff knows neither roles nor quiet conditions. Without --ruff, ruff is installed from
PyPI into a folder of its own. The classes of disagreement are explained in docs/peers.md.
"""

import argparse
import ast
import json
import re
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path

CODES = "E722,S110,S112,BLE001,TRY400,TRY002,S101,ANN001,ANN201,ANN202,ANN204,ANN205,ANN206,T201,T203,LOG015"
HANDLER_RULES = {"silent-except", "bare-except", "broad-except-loses-traceback"}
BROAD = {"Exception", "BaseException"}

# A place: path, line, and what is meant there where a line can hold several.
Place = tuple[str, int, str]


@dataclass
class Syntax:
    """What CPython's own parser says of a file: needed to ask both tools the same question."""

    lines: list[str] = field(default_factory=list)
    handlers: dict[int, ast.ExceptHandler] = field(default_factory=dict)
    handler_of_line: dict[int, int] = field(default_factory=dict)
    definition_of_parameter: dict[tuple[int, int], int] = field(default_factory=dict)
    definition_of_name: dict[int, int] = field(default_factory=dict)


def syntax_of(path: Path) -> Syntax | None:
    content = path.read_bytes()
    try:
        tree = ast.parse(content)
    except (SyntaxError, ValueError, RecursionError):
        return None
    syntax = Syntax(lines=content.decode("utf-8", "replace").split("\n"))
    for node in ast.walk(tree):
        if isinstance(node, ast.ExceptHandler):
            syntax.handlers[node.lineno] = node
            for line in range(node.lineno, node.end_lineno + 1):
                # The innermost handler is the one that begins last.
                syntax.handler_of_line[line] = max(syntax.handler_of_line.get(line, 0), node.lineno)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            arguments = node.args
            for parameter in arguments.posonlyargs + arguments.args + arguments.kwonlyargs:
                syntax.definition_of_parameter[parameter.lineno, parameter.col_offset + 1] = node.lineno
            syntax.definition_of_name[node.lineno] = node.lineno
    return syntax


def is_bare(handler: ast.ExceptHandler) -> bool:
    return handler.type is None


def is_broad(handler: ast.ExceptHandler) -> bool:
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    names = (kind.attr if isinstance(kind, ast.Attribute) else getattr(kind, "id", None) for kind in kinds)
    return is_bare(handler) or any(name in BROAD for name in names)


def is_idle(handler: ast.ExceptHandler) -> bool:
    """Whether the body is one `pass` or one `continue`: what S110 and S112 ask."""
    return len(handler.body) == 1 and isinstance(handler.body[0], ast.Pass | ast.Continue)


def calls_of(handler: ast.ExceptHandler) -> list[tuple[str, ast.Call]]:
    """The calls in a handler, with the last part of the name."""
    calls = (node for node in ast.walk(handler) if isinstance(node, ast.Call))
    return [(getattr(call.func, "attr", getattr(call.func, "id", "")), call) for call in calls]


def logs_error(handler: ast.ExceptHandler) -> bool:
    """Whether it calls something's `error` without `exc_info`: what TRY400 asks."""
    keywords = ([keyword.arg for keyword in call.keywords] for name, call in calls_of(handler) if name == "error")
    return any("exc_info" not in names for names in keywords)


def why_not_ble001(handler: ast.ExceptHandler) -> str:
    """Why ruff's BLE001 leaves out a broad handler that we list."""
    if any(isinstance(node, ast.Raise) for node in ast.walk(handler)):
        return "raises on some path"
    names = [name for name, call in calls_of(handler)]
    keywords = [keyword.arg for name, call in calls_of(handler) for keyword in call.keywords]
    if "exception" in names or "exc_info" in keywords:
        return "logs the traceback"
    return "unexplained"


def run_json(command: list[str], folder: Path) -> object:
    result = subprocess.run(command, cwd=folder, check=False, capture_output=True)
    if result.returncode > 1:
        raise SystemExit(f"{command[0]} failed: {result.stderr.decode()}")
    return json.loads(result.stdout)


def ruffs(ruff: str, folder: Path, files: dict[str, Syntax]) -> dict[str, set[Place]]:
    command = [ruff, "check", "--no-cache", "--isolated", "--no-respect-gitignore", "--exit-zero"]
    command += ["--target-version", "py314", "--select", CODES, "--output-format", "json", "."]
    found = defaultdict(set)
    for finding in run_json(command, folder):
        path = str(Path(finding["filename"]).relative_to(folder))
        code, line, column = finding["code"], finding["location"]["row"], finding["location"]["column"]
        syntax = files.get(path)
        if syntax is None or code is None:
            continue
        if code == "ANN001":
            parameter = re.search(r"`(.+)`", finding["message"]).group(1)
            found["ANN001"].add((path, syntax.definition_of_parameter.get((line, column), line), parameter))
        elif code.startswith("ANN2"):
            found["ANN201-206"].add((path, line, "return"))
        elif code in {"S110", "S112"}:
            found["S110+S112"].add((path, line, ""))
        elif code == "TRY400":
            found[code].add((path, syntax.handler_of_line.get(line, line), ""))
        elif code in {"T201", "T203"}:
            found["T201+T203"].add((path, line, ""))
        else:
            found[code].add((path, line, ""))
    return found


def ours(binary: str, folder: Path, files: dict[str, Syntax]) -> dict[str, set[Place]]:
    command = [binary, "check", ".", "--isolated", "--no-respect-gitignore", "--exit-zero", "--pedantic", "--output-format", "json"]
    found = defaultdict(set)
    for finding in run_json(command, folder)["findings"]:
        rule, path, line = finding["rule"], finding["path"], finding["line"]
        syntax = files.get(path)
        if syntax is None:
            continue
        place = (path, line, "")
        if rule in HANDLER_RULES and (handler := syntax.handlers.get(line)):
            if is_bare(handler):
                found["E722"].add(place)
            elif is_broad(handler):
                found["BLE001"].add(place)
            if rule == "silent-except" and is_broad(handler) and is_idle(handler):
                found["S110+S112"].add(place)
            if is_broad(handler) and logs_error(handler):
                found["TRY400"].add(place)
        elif rule == "generic-exception-raised":
            found["TRY002"].add(place)
        elif rule == "assert-as-runtime-check":
            found["S101"].add(place)
        elif rule == "print-in-product-code" and "print" in syntax.lines[line - 1]:
            found["T201+T203"].add(place)
        elif rule == "root-logger-used":
            found["LOG015"].add(place)
        elif rule == "missing-type-hints":
            missing = re.search(r"no type hints? for (.*)", finding["message"]).group(1)
            if "return value" in missing:
                found["ANN201-206"].add((path, line, "return"))
            for parameter in re.findall(r"`([^`]+)`", missing):
                if not parameter.startswith("*"):
                    found["ANN001"].add((path, line, parameter))
    return found


def source_line(folder: Path, place: Place) -> str:
    lines = (folder / place[0]).read_bytes().decode("utf-8", "replace").splitlines()
    text = lines[place[1] - 1].strip() if place[1] <= len(lines) else ""
    return f"{place[0]}:{place[1]}: {place[2]} {text[:100]}"


def own_ruff(scratch: str) -> str:
    subprocess.run([sys.executable, "-m", "venv", scratch], check=True)
    subprocess.run([f"{scratch}/bin/pip", "install", "--quiet", "ruff"], check=True)
    return f"{scratch}/bin/ruff"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", default="target/release/roadworthy")
    parser.add_argument("--ruff")
    parser.add_argument("--samples", type=int, default=5)
    parser.add_argument("folders", nargs="+", type=Path)
    arguments = parser.parse_args()
    binary = str(Path(arguments.binary).resolve()) if Path(arguments.binary).exists() else arguments.binary
    with tempfile.TemporaryDirectory() as scratch:
        ruff = arguments.ruff or own_ruff(scratch)
        ruff = str(Path(ruff).resolve()) if Path(ruff).exists() else ruff
        totals = defaultdict(lambda: [0, 0, 0])
        samples = defaultdict(list)
        reasons = Counter()
        for folder in arguments.folders:
            folder = folder.resolve()
            files = {str(path.relative_to(folder)): syntax_of(path) for path in folder.rglob("*.py")}
            files = {path: syntax for path, syntax in files.items() if syntax}
            theirs, mine = ruffs(ruff, folder, files), ours(binary, folder, files)
            for code in sorted(theirs.keys() | mine.keys()):
                both, only_theirs, only_mine = theirs[code] & mine[code], theirs[code] - mine[code], mine[code] - theirs[code]
                print(f"{folder.name:24} {code:12} agreed {len(both):6}  only ruff {len(only_theirs):5}  only ours {len(only_mine):5}")
                for index, places in enumerate((both, only_theirs, only_mine)):
                    totals[code][index] += len(places)
                if code == "BLE001":
                    reasons.update(why_not_ble001(files[path].handlers[line]) for path, line, _ in only_mine)
                samples[code] += [("ruff", folder, place) for place in sorted(only_theirs)[: arguments.samples]]
                samples[code] += [("ours", folder, place) for place in sorted(only_mine)[: arguments.samples]]
    print()
    for code, (both, only_theirs, only_mine) in sorted(totals.items()):
        share = 100 * both / max(1, both + only_theirs + only_mine)
        print(f"{'all':24} {code:12} agreed {both:6}  only ruff {only_theirs:5}  only ours {only_mine:5}  ({share:.2f} %)")
        if code == "BLE001":
            print(f"    only ours, why: {dict(reasons.most_common())}")
        for who, folder, place in samples[code]:
            print(f"    only {who}: {folder.name}/{source_line(folder, place)}")


if __name__ == "__main__":
    main()
