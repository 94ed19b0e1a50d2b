"""Makes the repository roadworthy-pre-commit: the files of `mirror/` and the hooks of this repository.

    python tools/packaging/mirror.py FOLDER

FOLDER becomes a git repository with one commit. `python mirror.py` in it mirrors the releases; see its README.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def main() -> None:
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    folder = Path(sys.argv[1])
    if folder.exists():
        sys.exit(f"{folder} exists: name a folder that does not")
    shutil.copytree(ROOT / "tools/packaging/mirror", folder)
    for name in ("LICENSE-MIT", "LICENSE-APACHE", ".pre-commit-hooks.yaml"):
        shutil.copy(ROOT / name, folder / name)
    for command in (
        ["init", "--quiet", "-b", "main"],
        ["add", "--all"],
        ["commit", "--quiet", "-m", "Start the mirror"],
    ):
        subprocess.run(["git", "-C", folder, *command], check=True)


if __name__ == "__main__":
    main()
