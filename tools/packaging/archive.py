"""Puts a program into the archive of a release, with its licences, completions and manual pages, and a checksum beside.

    python tools/packaging/archive.py TARGET PROGRAM FOLDER

The names are those that `cargo binstall` looks for: roadworthy-TARGET.tar.gz (.zip for Windows), in it a folder
roadworthy-TARGET. The same program gives the same bytes. The program must run on this machine.
"""

from __future__ import annotations

import gzip
import hashlib
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from io import BytesIO
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TEXTS = ["README.md", "CHANGELOG.md", "LICENSE-MIT", "LICENSE-APACHE"]
# Under the names that the folders of each shell want.
COMPLETIONS = {
    "bash": "roadworthy.bash",
    "elvish": "roadworthy.elv",
    "fish": "roadworthy.fish",
    "nushell": "roadworthy.nu",
    "powershell": "_roadworthy.ps1",
    "zsh": "_roadworthy",
}


def contents(program: Path) -> dict[str, bytes]:
    """Paths within the archive's folder and what they hold."""
    files = {program.name: program.read_bytes()}
    files.update({name: (ROOT / name).read_bytes() for name in TEXTS})
    for shell, name in COMPLETIONS.items():
        script = subprocess.run([program, "completions", shell], check=True, stdout=subprocess.PIPE).stdout
        files[f"completions/{name}"] = script
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([program, "man", folder], check=True)
        files.update({f"man/{page.name}": page.read_bytes() for page in Path(folder).iterdir()})
    return dict(sorted(files.items()))


def mode(path: str, program: Path) -> int:
    return 0o755 if path == program.name else 0o644


def zipped(root: str, files: dict[str, bytes], program: Path) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in files.items():
            entry = zipfile.ZipInfo(f"{root}/{path}")
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = mode(path, program) << 16
            archive.writestr(entry, data)
    return out.getvalue()


def tarred(root: str, files: dict[str, bytes], program: Path) -> bytes:
    out = BytesIO()
    with gzip.GzipFile(filename="", fileobj=out, mode="wb", mtime=0) as stream:
        with tarfile.open(fileobj=stream, mode="w", format=tarfile.USTAR_FORMAT) as archive:
            for path, data in files.items():
                entry = tarfile.TarInfo(f"{root}/{path}")
                entry.size, entry.mode = len(data), mode(path, program)
                archive.addfile(entry, BytesIO(data))
    return out.getvalue()


def main() -> None:
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    target, program, folder = sys.argv[1], Path(sys.argv[2]).resolve(), Path(sys.argv[3])
    root, files = f"roadworthy-{target}", contents(program)
    windows = "windows" in target
    data = (zipped if windows else tarred)(root, files, program)
    archive = folder / (root + (".zip" if windows else ".tar.gz"))
    folder.mkdir(parents=True, exist_ok=True)
    archive.write_bytes(data)
    checksum = f"{hashlib.sha256(data).hexdigest()}  {archive.name}\n"
    archive.with_name(archive.name + ".sha256").write_bytes(checksum.encode())
    print(f"{archive}: {len(files)} files, {len(data) / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
