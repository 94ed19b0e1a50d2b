"""Applies all fixes to real packages: what compiled still does, a second run changes nothing, CPython is the judge.

    python tools/oracle/fixes.py [--binary roadworthy] FOLDER ...

Each folder is copied first. Prints a line for each and every file that is broken. Exits 1 if there is one.
"""

import argparse
import shutil
import subprocess
import tempfile
import warnings
from pathlib import Path


def texts(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in sorted(folder.rglob("*.py")) if path.is_file()}


def compiles(path: Path, text: bytes) -> bool:
    try:
        with warnings.catch_warnings(action="ignore"):
            compile(text, path, "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError):
        return False
    return True


def fix(binary: str, folder: Path) -> str:
    command = [binary, "check", "--isolated", "--exit-zero", "--output-format", "concise"]
    run = subprocess.run(
        [*command, "--fix", "--unsafe-fixes", "."], cwd=folder, capture_output=True, text=True, check=True
    )
    return next((line for line in run.stdout.splitlines() if line.startswith("Fixed")), "Fixed nothing")


def judge(binary: str, source: Path) -> bool:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "copy"
        shutil.copytree(source, folder, symlinks=True, ignore=shutil.ignore_patterns(".git"))
        before = texts(folder)
        told = fix(binary, folder)
        after = texts(folder)
        changed = [path for path in before if before[path] != after[path]]
        broken = [path for path in changed if compiles(path, before[path]) and not compiles(path, after[path])]
        fix(binary, folder)
        again = [path for path, text in texts(folder).items() if text != after[path]]
    print(f"{source}: {told}; {len(broken)} broken, {len(again)} changed once more")
    for path in broken + again:
        print(f"  {path.relative_to(folder)}")
    return not broken and not again


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", default="target/release/roadworthy")
    parser.add_argument("folders", nargs="+", type=Path)
    arguments = parser.parse_args()
    binary = str(Path(arguments.binary).resolve()) if Path(arguments.binary).exists() else arguments.binary
    held = [judge(binary, folder) for folder in arguments.folders]
    return 0 if all(held) else 1


if __name__ == "__main__":
    raise SystemExit(main())
