"""The page of the verdict judged by a browser and by axe-core: light and dark, on a screen, a phone and paper.

    python3 tools/report/check.py [--binary target/release/roadworthy] [--pictures FOLDER]

Four pages come out of the tests of crates/report, one of them with 5,000 findings; with a binary, those of the fixtures
come besides. Brings playwright-core and axe-core from npm into a temporary folder, and Chromium from Debian where there is
none. Where neither can be had it says so and judges nothing.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
NPM = ["playwright-core@1.64.1", "axe-core@4.11.0"]
BROWSERS = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binary", type=Path, help="write the pages of the fixtures by this roadworthy, too")
    parser.add_argument("--pictures", type=Path, help="keep pictures of all pages there")
    arguments = parser.parse_args()
    browser = find_browser()
    if browser is None:
        print("skipped: there is no Chromium here, and none can be installed (Debian's package is `chromium`)")
        return
    if not shutil.which("npm"):
        print("skipped: there is no npm here, which brings axe-core and what drives the browser")
        return
    with tempfile.TemporaryDirectory(prefix="report-") as scratch:
        pages = Path(scratch) / "pages"
        pages.mkdir()
        write_pages(pages, arguments.binary)
        shutil.copy(HERE / "browser.mjs", scratch)
        (Path(scratch) / "package.json").write_text("{}")
        subprocess.run(["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", scratch, *NPM],
                       check=True, stdout=subprocess.DEVNULL)
        command = ["node", "browser.mjs", browser, str(pages)]
        if arguments.pictures:
            arguments.pictures.mkdir(parents=True, exist_ok=True)
            command.append(str(arguments.pictures.resolve()))
        sys.exit(subprocess.run(command, cwd=scratch).returncode)


def find_browser() -> str | None:
    """The path of a Chromium, which is installed where that is possible."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found or not shutil.which("apt-get") or os.geteuid() != 0:
        return found
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    for command in (["apt-get", "update"], ["apt-get", "install", "-y", "--no-install-recommends", "chromium"]):
        subprocess.run(command, **quiet)
    return shutil.which("chromium")


def write_pages(pages: Path, binary: Path | None) -> None:
    command = ["cargo", "test", "--quiet", "-p", "roadworthy-report", "--lib", "pages_for_a_browser", "--", "--ignored"]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL, env={**os.environ, "PAGES": str(pages)})
    for project in sorted((ROOT / "fixtures/projects").iterdir()) if binary else []:
        page = subprocess.run([binary.resolve(), "report", "--isolated", "--format", "html", "--as-of", "2026-01-01", "."],
                              cwd=project, capture_output=True)
        assert page.returncode in (0, 1), page.stderr.decode()
        (pages / f"fixture-{project.name}.html").write_bytes(page.stdout)


if __name__ == "__main__":
    main()
