"""Builds what is published and tries it out: wheel, source distribution, crates, archive, completions, manual, mirror,
and has the workflows looked at.

    python tools/packaging/check.py [--profile dev]

The wheel shares the target folder of cargo, so that after a release build it costs seconds; the profile `dev` spares
that build, too, and leaves the wheel's size alone. Needs cargo and pip. What a machine does not have (zsh, fish,
mandoc, pre-commit) is said to be left out.
"""

from __future__ import annotations

import argparse
import json
import os
import pty
import re
import select
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
import venv
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROJECT = ROOT / "fixtures/projects/order-service"
MEGABYTE = 1_000_000
# Folders of the repository and of crates that nothing published holds; unit tests within `src` stay.
PRIVATE = ("fixtures", "tests", "benches", "examples", "fuzz", "docs", "tools", ".ci", ".github")
# From the leaves to the root: the order in which crates can be published.
CRATES = ["parser", "project", "search", "secrets", "engine", "verdict", "report", "cli", "rules", ""]


def step(title: str) -> None:
    print(f"-- {title}", flush=True)


def run(*command: object, code: int = 0, **options: object) -> str:
    """What a command says, which must end with this code."""
    words = [str(word) for word in command]
    options = {"cwd": ROOT, "stdout": subprocess.PIPE, "text": True, **options}
    ran = subprocess.run(words, check=False, **options)
    if ran.returncode != code:
        sys.exit(f"{' '.join(words)}\nended with {ran.returncode} instead of {code}:\n{ran.stdout or ''}")
    return ran.stdout or ""


def expect(holds: object, sentence: str) -> None:
    if not holds:
        sys.exit(sentence)


def has_nothing_private(names: list[str], within: str) -> None:
    private = [name for name in names if set(f"/{name}".partition("/src/")[0].split("/")) & set(PRIVATE)]
    expect(not private, f"{within} holds what no user needs: {private[:5]}")


def environment(folder: Path) -> Path:
    """A fresh virtual environment; its programs."""
    venv.create(folder, with_pip=True)
    return folder / "bin"


def pip(programs: Path, *arguments: object, **options: object) -> None:
    quiet = ["--quiet", "--disable-pip-version-check"]
    run(programs / "python", "-m", "pip", "install", *quiet, *arguments, **options)


def check_wheel(maturin: Path, profile: str, folder: Path) -> Path:
    run(maturin, "build", "--profile", profile, "--out", folder)
    (wheel,) = folder.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    size = wheel.stat().st_size
    print(f"{wheel.name}: {len(names)} files, {size / MEGABYTE:.1f} MB")
    modules = {"roadworthy/__init__.py", "roadworthy/__main__.py"}
    rest = [name for name in names if name not in modules and ".dist-info/" not in name]
    expect(modules <= set(names), f"the wheel lacks a module: {names}")
    expect(len(rest) == 1 and rest[0].endswith(".data/scripts/roadworthy"), f"more than a program: {rest}")
    expect(profile != "release" or size < 10 * MEGABYTE, f"the wheel has {size} bytes")
    return wheel


def check_installed(wheel: Path, folder: Path, version: str) -> Path:
    """Runs the program and the module, installed in the usual ways."""
    programs = environment(folder / "fresh")
    pip(programs, "--no-index", wheel)
    expect(run(programs / "roadworthy", "--version") == f"roadworthy {version}\n", "another version")
    module = [programs / "python", "-m", "roadworthy"]
    expect(run(*module, "--version") == f"roadworthy {version}\n", "another version")
    expect("silent-except" in run(*module, "check", PROJECT, code=1), "the module finds nothing")
    run(*module, "check", "no-such-folder", code=2, stderr=subprocess.DEVNULL)

    pip(programs, "--no-index", "--target", folder / "target", wheel)
    moved = programs / "moved"
    (programs / "roadworthy").rename(moved)
    beside = {**os.environ, "PYTHONPATH": str(folder / "target")}
    expect(run(*module, "--version", env=beside) == f"roadworthy {version}\n", "not found beside the package")
    missing = run(*module, "--version", code=2, stderr=subprocess.STDOUT)
    expect("install roadworthy again" in missing and "Traceback" not in missing, missing)
    moved.rename(programs / "roadworthy")
    return programs / "roadworthy"


def check_sdist(maturin: Path, folder: Path, version: str) -> None:
    """Looks at the source distribution, and builds a program from it alone, without git."""
    run(maturin, "sdist", "--out", folder)
    (sdist,) = folder.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = archive.getnames()
    size = sdist.stat().st_size
    print(f"{sdist.name}: {len(names)} files, {size / MEGABYTE:.1f} MB")
    has_nothing_private(names, sdist.name)
    expect(f"roadworthy-{version}/Cargo.lock" in names, "the source distribution has no Cargo.lock")
    expect(size < 2 * MEGABYTE, f"the source distribution has {size} bytes")
    without_git = folder / "programs"
    without_git.mkdir()
    for program in ("cargo", "rustc", "cc", "as", "ar", "ld"):
        found = shutil.which(program)
        expect(found, f"{program} is missing")
        (without_git / program).symlink_to(found)
    programs = environment(folder / "from-source")
    # Not optimised: what is tried is whether everything is there.
    target = os.environ.get("CARGO_TARGET_DIR", str(ROOT / "target"))
    surroundings = {
        **os.environ,
        "PATH": str(without_git),
        "CARGO_TARGET_DIR": target,
        "MATURIN_PEP517_ARGS": "--profile dev",
    }
    pip(programs, sdist, env=surroundings)
    run(programs / "roadworthy", "--help")


def check_crates() -> None:
    told = run("cargo", "metadata", "--no-deps", "--locked", "--format-version", "1")
    packages = {package["name"]: package for package in json.loads(told)["packages"]}
    names = ["roadworthy" + (f"-{crate}" if crate else "") for crate in CRATES]
    expect(set(names) == set(packages), f"not the crates that are known here: {sorted(packages)}")
    for place, name in enumerate(names):
        for needed in packages[name]["dependencies"]:
            later = needed["name"] in names[place:] and needed["kind"] != "dev"
            expect(not later, f"{name} needs {needed['name']}, which is published later")
        for field in ("description", "license", "repository"):
            expect(packages[name][field], f"{name} has no {field}")
        files = run("cargo", "package", "--list", "--locked", "--allow-dirty", "-p", name).split()
        has_nothing_private(files, name)
        print(f"{name}: {len(files)} files")
    run(
        "cargo",
        "package",
        "--workspace",
        "--no-verify",
        "--locked",
        "--allow-dirty",
        "--quiet",
        stderr=subprocess.DEVNULL,
    )


def typed(folder: Path, line: str) -> str:
    """What a real bash makes of a line and the tabulator key, with the completions in the folder."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(folder)
        os.environ.update(PS1="> ", TERM="dumb", PATH=f"{folder}:{os.environ['PATH']}")
        os.execlp("bash", "bash", "--norc", "--noprofile", "-i")

    def shown(until: str, seconds: float = 20.0) -> str:
        text, end = "", time.monotonic() + seconds
        while until not in text and time.monotonic() < end:
            if select.select([terminal], [], [], 0.2)[0]:
                text += os.read(terminal, 65536).decode(errors="replace")
        return text

    os.write(terminal, b"bind 'set bell-style none'; source completions/roadworthy.bash; echo rea''dy\n")
    shown("ready\r\n> ")
    os.write(terminal, line.encode() + b"\t\x01echo '\x05'\n")
    text = shown("\n> ")
    os.write(terminal, b"exit\n")
    os.close(terminal)
    os.waitpid(pid, 0)
    # The line is echoed as it was typed, then printed as it was completed.
    return text.rstrip("> \r\n").splitlines()[-1]


def check_archive(program: Path, folder: Path) -> None:
    """Looks at the archive, its completions and its manual."""
    target = "x86_64-unknown-linux-gnu"
    script = ROOT / "tools/packaging/archive.py"
    print(run(sys.executable, script, target, program, folder).strip())
    run("sha256sum", "--check", "--quiet", f"roadworthy-{target}.tar.gz.sha256", cwd=folder)
    with tarfile.open(folder / f"roadworthy-{target}.tar.gz") as archive:
        archive.extractall(folder)
    inside = folder / f"roadworthy-{target}"
    run(inside / "roadworthy", "--version")

    step("completions")
    for begun, whole in {
        "roadworthy check --out": "roadworthy check --output",
        "roadworthy check --fail-on nev": "roadworthy check --fail-on never",
        "roadworthy explain silent-e": "roadworthy explain silent-except",
        "roadworthy check completions/roadworthy.b": "roadworthy check completions/roadworthy.bash",
    }.items():
        made = typed(inside, begun)
        expect(made.startswith(whole), f"bash makes of `{begun}`: {made}")
    for shell, name in {"bash": "roadworthy.bash", "zsh": "_roadworthy", "fish": "roadworthy.fish"}.items():
        if shutil.which(shell):
            run(shell, "-n", inside / "completions" / name)
        else:
            print(f"left out: {shell} is not installed")

    step("manual")
    pages = sorted((inside / "man").glob("*.1"))
    commands = run(inside / "roadworthy", "--help").partition("Commands:\n")[2].partition("\n\n")[0]
    names = re.findall(r"^ {2}(\S+)", commands, flags=re.MULTILINE)  # further in goes what a line was too short for
    expected = {f"roadworthy-{name}.1" for name in names} | {"roadworthy.1"}
    expect(expected <= {page.name for page in pages}, f"pages are missing: {expected} of {pages}")
    if shutil.which("mandoc"):
        run("mandoc", "-Tlint", "-Werror", *pages)
    else:
        print("left out: mandoc is not installed")


def check_mirror(wheel: Path, folder: Path, version: str) -> None:
    """Makes the mirror for pre-commit, and runs its hooks from the wheel where pre-commit is to be had."""
    if not (ROOT / ".pre-commit-hooks.yaml").exists() or not shutil.which("git"):
        print("left out: there are no hooks or no git")
        return
    names = {f"GIT_{who}_{what}": "check@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    surroundings = {**os.environ, **names, "PRE_COMMIT_HOME": str(folder / "home")}
    mirror, project = folder / "mirror", folder / "project"
    run(sys.executable, ROOT / "tools/packaging/mirror.py", mirror, env=surroundings)
    run(sys.executable, mirror / "mirror.py", version, env=surroundings)
    expect(run("git", "tag", cwd=mirror) == f"v{version}\n", "the mirror has another tag")
    programs = environment(folder / "environment")
    pip(programs, "pre-commit")
    # The hooks are installed from the wheel; what builds the mirror comes from the index, as always.
    wheels = folder / "wheels"
    run(programs / "python", "-m", "pip", "download", "--quiet", "--dest", wheels, "setuptools>=77", "wheel")
    shutil.copy(wheel, wheels)
    surroundings.update(PIP_FIND_LINKS=str(wheels), PIP_NO_INDEX="1")
    shutil.copytree(PROJECT, project)
    for command in (["init", "-q"], ["add", "-A"]):
        run("git", *command, cwd=project)
    for hook in ("roadworthy", "roadworthy-project"):
        words = ["try-repo", mirror, hook, "--ref", f"v{version}", "--all-files", "--hook-stage", "manual"]
        said = run(programs / "pre-commit", *words, code=1, cwd=project, env=surroundings)
        expect("silent-except" in said and "exit code: 1" in said, said)


def check_workflows(programs: Path) -> None:
    """Asks zizmor, whose strict collection refuses what it cannot read."""
    pip(programs, "zizmor==1.32.0")
    places = [ROOT / ".github", ROOT / "tools/packaging/mirror"]
    strict = ["--quiet", "--offline", "--persona", "auditor", "--strict-collection"]
    run(programs / "zizmor", *strict, *places)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--profile", default="release", choices=["release", "dev"])
    profile = parser.parse_args().profile
    folder = Path(tempfile.mkdtemp(prefix="roadworthy-packaging-"))
    try:
        step("versions")
        versions = ROOT / "tools/packaging/versions.py"
        version = run(sys.executable, versions, "check").split()[0]
        tools = environment(folder / "tools")
        pip(tools, "--require-hashes", "--only-binary", ":all:", "-r", ROOT / "tools/packaging/maturin.txt")
        step("workflows")
        check_workflows(tools)
        step("wheel")
        wheel = check_wheel(tools / "maturin", profile, folder / "wheel")
        program = check_installed(wheel, folder / "installed", version)
        step("crates")
        check_crates()
        step("archive")
        check_archive(program, folder / "archive")
        step("mirror")
        check_mirror(wheel, folder / "mirror", version)
        step("source distribution")
        check_sdist(tools / "maturin", folder / "sdist", version)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
