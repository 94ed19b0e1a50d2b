"""Brings the Python packages that the oracles and the speed comparison run on: wheels from PyPI, unpacked.

    python tools/packages.py FOLDER [PACKAGE ...]

Each package lies in FOLDER/PACKAGE afterwards. What is there already is not fetched again.
"""

import argparse
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import zipfile
from pathlib import Path

PACKAGES = [
    "django",
    "homeassistant",
    "transformers",
    "litellm",
    "pandas",
    "scikit-learn",
    "sqlalchemy",
    "celery",
    "apache-airflow-core",
]
# The newest releases of some packages ask for an interpreter newer than the one that runs this script.
PYTHONS = ["3.14", "3.13", "3.12"]


def wheel_of(package: str, into: Path) -> Path:
    """Downloads the newest wheel of a package that any of the interpreters would take."""
    for python in PYTHONS:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
        command += ["--only-binary", ":all:", "--python-version", python, package, "--dest", str(into)]
        if subprocess.run(command, check=False).returncode == 0:
            return next(into.glob("*.whl"))
    raise SystemExit(f"no wheel of {package} can be had")


def bring(package: str, folder: Path) -> Path:
    """Unpacks the wheel of a package, once."""
    target = folder / package
    if not target.exists():
        with tempfile.TemporaryDirectory() as scratch:
            wheel = wheel_of(package, Path(scratch))
            print(f"{package}: {wheel.name}", file=sys.stderr)
            with zipfile.ZipFile(wheel) as archive:
                archive.extractall(target)
    return target


def bring_standard_library(folder: Path) -> Path:
    """Copies the standard library of the interpreter that runs this script."""
    target = folder / "standard-library"
    if not target.exists():
        ignored = shutil.ignore_patterns("site-packages", "__pycache__", "*.so", "*.pyc")
        shutil.copytree(sysconfig.get_paths()["stdlib"], target, ignore=ignored)
    return target


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("packages", nargs="*", default=PACKAGES)
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    for package in arguments.packages:
        print(bring(package, arguments.folder))
    print(bring_standard_library(arguments.folder))


if __name__ == "__main__":
    main()
