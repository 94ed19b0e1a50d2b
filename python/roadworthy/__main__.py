"""Finds the program that was installed with this package and becomes it. Knows nothing of what it does."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

PROGRAM = "roadworthy" + (sysconfig.get_config_var("EXE") or "")
PACKAGE = Path(__file__).resolve().parent


def places() -> list[Path]:
    """The folders where installers put programs, the likeliest first."""
    # Of an environment, `--user` and `--prefix` it is a folder some steps above the package, of `--target`
    # the one beside it. What is found so belongs to this package, whatever else is installed.
    beside = [above / name for above in list(PACKAGE.parents)[:4] for name in ("bin", "Scripts")]
    # Of an editable installation the package lies elsewhere.
    return [*beside, Path(sysconfig.get_path("scripts"))]


def find() -> str | None:
    """The program, if it is where it should be."""
    candidates = (folder / PROGRAM for folder in places())
    return next((str(candidate) for candidate in candidates if candidate.is_file()), None)


def main() -> int:
    """Runs it with the arguments that were given, and ends as it ends."""
    program = find()
    if program is None:
        sys.stderr.write(
            f"error: the program {PROGRAM} is not where the installation of {PACKAGE} should have put "
            f"it ({places()[-1]}): install roadworthy again with {sys.executable}\n"
        )
        return 2
    command = [program, *sys.argv[1:]]
    if sys.platform == "win32":
        # There `exec` returns to the shell before the program has ended.
        try:
            return subprocess.run(command, check=False).returncode
        except KeyboardInterrupt:
            return 2
    os.execv(program, command)


if __name__ == "__main__":
    sys.exit(main())
