"""The version stands in Cargo.toml; this tells whether what repeats it still agrees, and sets all at once.

python tools/packaging/versions.py check [--tag vX.Y.Z]   a tag must be the version, and have its changes written down
python tools/packaging/versions.py set X.Y.Z              all places, and the heading of the changelog
python tools/packaging/versions.py notes                  the changes of the version, for a release
"""

from __future__ import annotations

import argparse
import datetime
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CHANGELOG = ROOT / "CHANGELOG.md"

# The one place, then all that repeat it: a file, and a pattern whose groups `before` and `version` are in it at
# least once. A new place is a new line here.
SOURCE = ("Cargo.toml", r'(?P<before>\[workspace\.package\]\nversion = ")(?P<version>[^"]+)')
PLACES = [
    ("Cargo.toml", r'(?P<before>^roadworthy-\w+ = \{ path = "[^"]+", version = ")(?P<version>[^"]+)'),
    ("Cargo.lock", r'(?P<before>^name = "roadworthy(?:-\w+)?"\nversion = ")(?P<version>[^"]+)'),
    ("tools/packaging/mirror/pyproject.toml", r'(?P<before>"roadworthy==)(?P<version>[^"]+)'),
    ("docs/github-actions.md", r"(?P<before>COMMIT # v|tag `v|roadworthy==)(?P<version>\d+\.\d+\.\d+)"),
    ("docs/pre-commit.md", r"(?P<before>^ *rev: v)(?P<version>\d+\.\d+\.\d+)$"),
]


def read(file: str) -> str:
    return (ROOT / file).read_text(encoding="utf-8")


def version() -> str:
    """The version of the workspace."""
    found = re.search(SOURCE[1], read(SOURCE[0]))
    if found is None:
        sys.exit(f"{SOURCE[0]}: there is no version in [workspace.package]")
    return found["version"]


def sections() -> list[tuple[str, str]]:
    """Headings and texts of the changelog, the newest first."""
    parts = re.split(r"^## +(.+)\n", CHANGELOG.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    return [(heading.split()[0], text.strip()) for heading, text in zip(parts[::2], parts[1::2])]


def notes(wanted: str) -> str | None:
    """What the changelog says of a version."""
    return dict(sections()).get(wanted) or None


def faults(tag: str | None) -> list[str]:
    """A sentence for each place that drifted."""
    wanted, found = version(), []
    for file, pattern in PLACES:
        text = read(file)
        places = list(re.finditer(pattern, text, re.MULTILINE))
        if not places:
            found.append(f"{file}: the version is not where {Path(__file__).name} looks for it")
        for place in places:
            if place["version"] != wanted:
                line = text.count("\n", 0, place.start("version")) + 1
                found.append(f"{file}:{line}: {place['version']} should be {wanted}")
    newest = next(iter(sections()), ("nothing", ""))[0]
    if newest not in ("Unreleased", wanted):
        found.append(f"CHANGELOG.md: the newest section is {newest}, neither Unreleased nor {wanted}")
    if tag is not None:
        if tag != f"v{wanted}":
            found.append(f"the tag {tag} should be v{wanted}")
        if notes(wanted) is None:
            found.append(f"CHANGELOG.md: there is no section for {wanted}")
    return found


def set_all(new: str) -> None:
    """Writes a version to every place; what is unreleased becomes its section."""
    for file, pattern in [SOURCE, *PLACES]:
        text = re.sub(pattern, lambda place: place["before"] + new, read(file), flags=re.MULTILINE)
        (ROOT / file).write_text(text, encoding="utf-8")
    text = CHANGELOG.read_text(encoding="utf-8")
    heading = f"## {new} - {datetime.date.today().isoformat()}"
    CHANGELOG.write_text(re.sub(r"^## Unreleased$", heading, text, flags=re.MULTILINE), encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("check").add_argument("--tag", metavar="vX.Y.Z")
    commands.add_parser("set").add_argument("version", metavar="X.Y.Z")
    commands.add_parser("notes")
    arguments = parser.parse_args()
    if arguments.command == "set":
        if not re.fullmatch(r"\d+\.\d+\.\d+", arguments.version):
            sys.exit(f"{arguments.version} is no version: write X.Y.Z")
        set_all(arguments.version)
    elif arguments.command == "notes":
        text = notes(version())
        if text is None:
            sys.exit(f"CHANGELOG.md: there is no section for {version()}")
        print(text)
    else:
        found = faults(arguments.tag)
        if found:
            sys.exit("\n".join(found))
        print(f"{version()} everywhere")


if __name__ == "__main__":
    main()
