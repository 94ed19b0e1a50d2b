"""Runs the hooks of .pre-commit-hooks.yaml with the real pre-commit, on the sources of a real package.

    python tools/hooks/check.py [--binary target/release/roadworthy] [--from-source [PROFILE]]

The hooks are as they are offered, but for their language: the binary stands for what pre-commit would build, which
takes minutes. `--from-source` installs this repository as it is instead, by a profile of cargo, and runs one hook. Needs
git, Python 3.10 or newer and a package index. Prints one line for what holds, with its time, and ends at the first that
does not.
"""

import argparse
import os
import pty
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PRE_COMMIT = "pre-commit>=4.7,<5"
PACKAGE = "celery==5.7.0"
CACHED = "import functools\n\n\n@functools.cache\nasync def settle(order: str) -> None:\n    await gateway.send(order)\n"
MENDED = "async def settle(order: str) -> None:\n    await gateway.send(order)\n"
# The longest command line that pre-commit makes.
LONGEST = 131_072


class Stage:
    """A folder with pre-commit, a repository of hooks and a home that nothing outside has a say in."""

    def __init__(self, folder: Path, binary: Path | None):
        self.folder = folder
        folder.joinpath("gitconfig").write_text(
            "[user]\nname = A\nemail = a@example.org\n[init]\ndefaultBranch = main\n[core]\nquotePath = false\n"
        )
        unwanted = ("GIT_", "PRE_COMMIT", "CI", "NO_COLOR", "FORCE_COLOR", "CLICOLOR", "GITHUB_", "PYTHON")
        self.environment = {k: v for k, v in os.environ.items() if not k.startswith(unwanted)} | {
            "GIT_CONFIG_GLOBAL": str(folder / "gitconfig"),
            "GIT_CONFIG_NOSYSTEM": "1",
            "PRE_COMMIT_HOME": str(folder / "home"),
            "TERM": "xterm",
        }
        tools = folder / "tools"
        subprocess.run([sys.executable, "-m", "venv", tools], check=True)
        self.run([tools / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", PRE_COMMIT])
        path = [str(tools / "bin"), self.environment["PATH"]]
        if binary:
            folder.joinpath("bin").mkdir()
            folder.joinpath("bin", "roadworthy").symlink_to(binary)
            path.insert(0, str(folder / "bin"))
        self.environment["PATH"] = os.pathsep.join(path)

    def run(self, command, cwd: Path | None = None, code: int | None = 0, **environment: str) -> str:
        """Runs a command, which must end with a code, and gives what it printed."""
        ran = subprocess.run(
            [str(part) for part in command],
            cwd=cwd or self.folder,
            env=self.environment | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        if code is not None and ran.returncode != code:
            raise SystemExit(f"{command} ended with {ran.returncode}, not {code}:\n{ran.stdout[-6000:]}")
        return ran.stdout

    def hooks(self, manifest: str) -> Path:
        """A repository that offers these hooks."""
        hooks = self.folder / "hooks"
        hooks.mkdir()
        hooks.joinpath(".pre-commit-hooks.yaml").write_text(manifest)
        self.commit_all(hooks)
        self.run(["git", "tag", "v1.0.0"], hooks)
        return hooks

    def commit_all(self, repository: Path) -> None:
        self.run(["git", "init", "--quiet"], repository)
        self.run(["git", "add", "--all", "--force"], repository)
        self.run(["git", "commit", "--quiet", "--message", "All"], repository)

    def package(self) -> Path:
        """The sources of the package as a repository, which has nothing that fails."""
        pip = [self.folder / "tools" / "bin" / "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
        self.run([*pip, "--no-binary", ":all:", "--dest", self.folder, PACKAGE])
        archive = next(self.folder.glob("*.tar.gz"))
        project = self.folder / "project"
        project.mkdir()
        self.run(["tar", "--extract", "--no-same-owner", "--strip-components=1", "--file", archive], project)
        project.joinpath("roadworthy.toml").write_text('fail-on = "error"\n')
        self.commit_all(project)
        return project


def told(what: str, since: float) -> None:
    print(f"{time.perf_counter() - since:6.2f} s  {what}", flush=True)


def expect(condition: bool, what: str, seen: object) -> None:
    if not condition:
        raise SystemExit(f"not so: {what}\n{seen}")


def findings(report: str) -> list[str]:
    """The findings of concise reports."""
    return sorted(line for line in report.splitlines() if re.match(r".+:\d+:\d+: (error|warning|info)\[", line))


def installed_hook(stage: Stage, project: Path, hooks: Path) -> None:
    config = project / ".pre-commit-config.yaml"
    ids = "      - id: roadworthy\n      - id: roadworthy-project\n"
    config.write_text(f"repos:\n  - repo: {hooks}\n    rev: v1.0.0\n    hooks:\n{ids}")
    stage.run(["git", "add", config], project)
    stage.run(["git", "commit", "--quiet", "--message", "Configure pre-commit"], project)
    start = time.perf_counter()
    stage.run(["pre-commit", "install", "--hook-type", "pre-commit", "--hook-type", "pre-push"], project)
    stage.run(["pre-commit", "install-hooks"], project)
    told("hooks are installed", start)

    added = project / "celery" / "settling.py"
    commit = ["git", "commit", "--message", "Settle orders"]
    added.write_text(CACHED)
    stage.run(["git", "add", added], project)
    start = time.perf_counter()
    output = stage.run(commit, project, code=1)
    told("a commit with a new `except: pass` is refused", start)
    expect("error[cached-coroutine]" in output and "celery/settling.py:4:2" in output, "it is said why", output)
    expect("\x1b" not in output and "█" not in output, "nothing but text is printed", output)

    # What is staged counts, not what lies in the folder.
    added.write_text(MENDED)
    output = stage.run(commit, project, code=1)
    expect("cached-coroutine" in output, "what is staged is judged, though it is mended since", output)
    stage.run(["git", "add", added], project)
    other = project / "celery" / "canvas.py"
    before = other.read_text()
    other.write_text(before + "\n\n" + CACHED)
    start = time.perf_counter()
    output = stage.run(commit, project)
    told("it passes once mended, whatever is not staged", start)
    expect(other.read_text() == before + "\n\n" + CACHED, "what is not staged is kept", "")
    other.write_text(before)

    remote = stage.folder / "remote.git"
    stage.run(["git", "init", "--quiet", "--bare", remote])
    start = time.perf_counter()
    output = stage.run(["git", "push", remote, "HEAD:main"], project)
    told("a push judges the whole project, and passes", start)
    expect("roadworthy, the whole project" in output and "Passed" in output, "the hook has run", output)
    added.write_text(CACHED)
    stage.run(["git", "commit", "--all", "--no-verify", "--message", "Settle in silence"], project)
    output = stage.run(["git", "push", remote, "HEAD:main"], project, code=1)
    expect("error[cached-coroutine]" in output, "a push of what was committed around the hook is refused", output)
    manual = ["pre-commit", "run", "--hook-stage", "manual", "--all-files"]
    output = stage.run([*manual, "roadworthy-project"], project, code=1)
    expect(output.count("celery/settling.py:4:2") == 1, "it runs by hand, once", output)
    output = stage.run(["pre-commit", "run", "roadworthy-project"], project, code=1)
    expect("No hook with id" in output, "and not at every commit", output)
    stage.run(["git", "reset", "--quiet", "--hard", "HEAD~1"], project)
    told("by hand it runs too", start)


def odd_names(stage: Stage, project: Path) -> None:
    start = time.perf_counter()
    names = ["--exit-zero", "-q.py", "a file.py", "celery/ö/日本 語.py", "celery/'quoted\".py", "celery/$(touch x).py"]
    for name in names:
        path = project / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(CACHED.replace("settle", "settle_" + str(len(name))))
    stage.run(["git", "add", "--", *names], project)
    output = stage.run(["git", "commit", "--message", "Odd names"], project, code=1)
    for name in names[1:]:
        expect(f"[{name}:4:2]" in output, f"`{name}` is judged", output)
    # None of them is taken for an option, which might be one that lets everything pass.
    expect("unexpected argument" not in output and not (project / "x").exists(), "names are but names", output)
    stage.run(["git", "reset", "--quiet", "--hard"], project)

    picture = project / "docs" / "images" / "celery_128.png"
    picture.write_bytes(picture.read_bytes() + b"\0")
    stage.run(["git", "mv", "celery/canvas.py", "celery/renamed canvas.py"], project)
    stage.run(["git", "rm", "--quiet", "celery/local.py"], project)
    stage.run(["git", "add", "--update"], project)
    output = stage.run(["git", "commit", "--message", "Move and delete"], project)
    expect("Passed" in output, "renamed, deleted and binary files pass", output)
    stage.run(["git", "reset", "--quiet", "--hard", "HEAD~1"], project)
    told("odd, renamed and deleted names, and pictures", start)


def parts(stage: Stage, project: Path, hooks: Path) -> None:
    many = stage.folder / "many"
    for number in range(4):
        service = many / f"a-service-with-a-name-that-fills-the-command-line-and-so-makes-several-lists-{number}"
        shutil.copytree(project, service, ignore=shutil.ignore_patterns(".git", ".pre-commit-config.yaml", "*.rst"))
    stage.commit_all(many)
    names = stage.run(["git", "ls-files", "-z"], many)
    expect(len(names.encode()) > 1.5 * LONGEST, "the names fill several command lines", len(names))
    flags = "[--output-format, concise, --fail-on, info, --]"
    config = stage.folder / "parts.yaml"
    config.write_text(
        f"repos:\n  - repo: {hooks}\n    rev: v1.0.0\n    hooks:\n      - id: roadworthy\n        args: {flags}\n"
    )
    start = time.perf_counter()
    output = stage.run(["pre-commit", "run", "--all-files", "--config", config], many, code=1)
    took = time.perf_counter()
    whole = stage.run(["roadworthy", "check", "--output-format", "concise", "--fail-on", "info"], many, code=1)
    runs = len(re.findall(r"^Found ", output, re.MULTILINE))
    # A finding about a component as a whole is told by each part of it.
    given, expected = sorted(set(findings(output))), sorted(set(findings(whole)))
    expect(runs > 1, "pre-commit has made several lists", runs)
    expect(given == expected, "their findings are those of one run", set(given) ^ set(expected))
    count = names.count("\0")
    told(f"{count} files in {runs} lists: the same {len(expected)} findings as in one run", start)
    print(f"{time.perf_counter() - took:6.2f} s  of that the one run", flush=True)


def watched_by_nobody(stage: Stage, project: Path, hooks: Path) -> None:
    """A terminal that nobody looks at, as CI services give."""
    added = project / "celery" / "settling.py"
    added.write_text(CACHED)
    stage.run(["git", "add", added], project)
    for environment, coloured in ({"CI": "1"}, True), ({"CI": "1", "NO_COLOR": "1"}, False):
        start = time.perf_counter()
        shown, taken = [], pty.openpty()
        process = subprocess.Popen(
            ["pre-commit", "run", "roadworthy"],
            cwd=project,
            env=stage.environment | environment,
            stdin=subprocess.DEVNULL,
            stdout=taken[1],
            stderr=taken[1],
        )
        os.close(taken[1])
        while True:
            try:
                shown.append(os.read(taken[0], 65536))
            except OSError:
                break
        expect(process.wait() == 1, "it fails", b"".join(shown))
        output = b"".join(shown).decode()
        expect("\x1b[?25l" not in output and "━━" not in output, "there is no progress bar", output)
        # What comes before is pre-commit's own, which has a variable of its own for colours.
        report = output.partition("exit code: 1")[2].partition("\n")[2]
        expect(("\x1b[" in report) == coloured, f"colours on a terminal: {coloured}", repr(report))
        told(f"on a terminal, with {', '.join(environment)}", start)
    stage.run(["git", "reset", "--quiet", "--hard"], project)


def try_repo(stage: Stage, project: Path, repository: Path, minutes: bool, **environment: str) -> None:
    added = project / "celery" / "settling.py"
    added.write_text(CACHED)
    stage.run(["git", "add", added], project)
    command = ["pre-commit", "try-repo", repository, "roadworthy", "--verbose"]
    start = time.perf_counter()
    output = stage.run(command, project, code=1, **environment)
    told("try-repo, with the installation" if minutes else "try-repo", start)
    expect("error[cached-coroutine]" in output, "it is installed and judges", output)
    stage.run(["git", "reset", "--quiet", "--hard"], project)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", type=Path, default=ROOT / "target/release/roadworthy")
    parser.add_argument("--from-source", nargs="?", const="release", metavar="PROFILE")
    arguments = parser.parse_args()
    manifest = ROOT.joinpath(".pre-commit-hooks.yaml").read_text()
    with tempfile.TemporaryDirectory() as folder:
        stage = Stage(Path(folder).resolve(), None if arguments.from_source else arguments.binary.resolve())
        project = stage.package()
        stage.run(["pre-commit", "validate-manifest", ROOT / ".pre-commit-hooks.yaml"])
        if arguments.from_source:
            profile = f"--profile={arguments.from_source}"
            try_repo(stage, project, ROOT, True, MATURIN_PEP517_ARGS=profile)
            return 0
        system, changed = re.subn(r"^  language: python$", "  language: system", manifest, flags=re.MULTILINE)
        expect(changed == 2, "both hooks are installed by pip", manifest)
        hooks = stage.hooks(system)
        try_repo(stage, project, hooks, False)
        installed_hook(stage, project, hooks)
        odd_names(stage, project)
        parts(stage, project, hooks)
        watched_by_nobody(stage, project, hooks)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
