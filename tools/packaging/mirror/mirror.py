"""Makes a commit and a tag here for each release of Roadworthy on PyPI that has none yet.

    python mirror.py               of the releases on PyPI
    python mirror.py 1.2.3 1.3.0   of these

Nothing is pushed. A release with nothing that could be installed, for being yanked, is left out.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import urllib.request
from pathlib import Path

HERE = Path(__file__).resolve().parent
RELEASES = "https://pypi.org/simple/roadworthy/"
JSON = "application/vnd.pypi.simple.v1+json"


def git(*arguments: str) -> str:
    return subprocess.run(["git", "-C", HERE, *arguments], check=True, stdout=subprocess.PIPE, text=True).stdout


def numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


def released() -> list[str]:
    """The versions on PyPI that have a wheel which is not yanked."""
    request = urllib.request.Request(RELEASES, headers={"Accept": JSON})
    with urllib.request.urlopen(request, timeout=30) as answer:
        files = json.load(answer)["files"]
    wheels = (file["filename"] for file in files if not file.get("yanked"))
    found = (re.match(r"roadworthy-(\d+\.\d+\.\d+)-.+\.whl$", name) for name in wheels)
    return list({match[1] for match in found if match})


def rewrite(file: str, pattern: str, version: str) -> None:
    path = HERE / file
    text, count = re.subn(pattern, rf"\g<1>{version}", path.read_text(encoding="utf-8"))
    if count != 1:
        sys.exit(f"{file}: {pattern} is there {count} times instead of once")
    path.write_text(text, encoding="utf-8")


def mirror(version: str) -> None:
    rewrite("pyproject.toml", r"(roadworthy==)[\d.]+", version)
    rewrite("README.md", r"(rev: v)[\d.]+", version)
    git("add", "pyproject.toml", "README.md")
    git("commit", "--quiet", "--allow-empty", "--message", f"Mirror {version}")
    git("tag", f"v{version}")
    print(f"v{version}")


def main() -> None:
    known = set(git("tag", "--list", "v*").split())
    versions = sys.argv[1:] or released()
    for version in sorted(versions, key=numbers):
        if f"v{version}" not in known:
            mirror(version)


if __name__ == "__main__":
    main()
