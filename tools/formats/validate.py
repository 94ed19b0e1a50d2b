"""Every output format judged by something that we did not write, on an ordinary project, a clean one, one with hostile
names of files, and a repository of several projects.

    python3 tools/formats/validate.py --binary target/release/roadworthy

Makes its own virtual environment and its own packages of npm and cargo in a temporary folder. Schemas come out of
published packages and stay there: SARIF's from the crate serde-sarif, JUnit's from the source of pytest. GitLab's code
quality report has no schema in a package; it is held against the fields that GitLab documents. Without npm the
diagnostics of reviewdog are read as JSON only, without cargo SARIF is only loaded, and both are said.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import venv
from pathlib import Path

PYTHON = ["jsonschema==4.25.1", "junitparser==4.0.2", "markdown-it-py==4.0.0", "sarif-om==1.0.4",
          "sarif-tools==3.0.5", "xmlschema==4.1.0"]
PYTEST = "pytest==8.4.2"  # its source holds the schema of JUnit that Jenkins uses
SERDE_SARIF = "0.8.0"  # holds OASIS' schema of SARIF 2.1.0
RDFORMAT = "@umbrelladocs/rdformat-validator@1.0.1"
FORMATS = ["json", "json-lines", "sarif", "github", "gitlab", "junit", "rdjson", "markdown"]
SILENT = "def f(order: str) -> None:\n    try:\n        gateway.save(order)\n    except Exception:\n        pass\n"
HOSTILE = ["a b.py", "100%.py", "x#y.py", "ünï.py", "]]>.py", "`tick`.py", "a|b.py", "<i>&\"'.py", "c:d,e.py",
           "line\nfeed.py", "escape\x1b[31m.py", "\U0001d11e.py", "[a](b).py", "::error::x.py", "@you.py", "w\\.py"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binary", type=Path, required=True)
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    binary = arguments.binary.resolve()
    if arguments.inside:
        check_all(binary, Path.cwd())
        return
    with tempfile.TemporaryDirectory(prefix="formats-") as scratch:
        prepare(Path(scratch))
        python = Path(scratch) / "venv" / ("Scripts" if os.name == "nt" else "bin") / "python"
        command = [python, Path(__file__).resolve(), "--binary", binary, "--inside"]
        sys.exit(subprocess.run(command, cwd=scratch).returncode)


def prepare(scratch: Path) -> None:
    """Fetches what judges."""
    venv.create(scratch / "venv", with_pip=True)
    python = scratch / "venv" / ("Scripts" if os.name == "nt" else "bin") / "python"
    pip = [python, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "install", *PYTHON], check=True)
    subprocess.run([*pip, "download", "--no-deps", "--no-binary", ":all:", "--dest", scratch, PYTEST], check=True)
    with tarfile.open(next(scratch.glob("pytest-*.tar.gz"))) as source:
        name = next(name for name in source.getnames() if name.endswith("junit-10.xsd"))
        (scratch / "junit.xsd").write_bytes(source.extractfile(name).read())
    if shutil.which("cargo"):
        crate = scratch / "crate"
        (crate / "src").mkdir(parents=True)
        (crate / "src/lib.rs").touch()
        manifest = f'[package]\nname = "schemas"\nedition = "2021"\n[dependencies]\nserde-sarif = "={SERDE_SARIF}"\n'
        (crate / "Cargo.toml").write_text(manifest)
        told = subprocess.run(["cargo", "metadata", "--format-version", "1"], cwd=crate, check=True,
                              capture_output=True, text=True).stdout
        package = next(it for it in json.loads(told)["packages"] if it["name"] == "serde-sarif")
        shutil.copy(Path(package["manifest_path"]).parent / "src/schema.json", scratch / "sarif.json")
    if shutil.which("npm"):
        subprocess.run(["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", scratch, RDFORMAT],
                       check=True, stdout=subprocess.DEVNULL)


def projects(scratch: Path) -> dict[str, Path]:
    """The folders to judge."""
    fixtures = Path(__file__).resolve().parents[2] / "fixtures/projects"
    clean = scratch / "clean"
    write(clean / "a.py", "x = 1\n")
    hostile = scratch / "hostile"
    for name in HOSTILE:
        try:
            write(hostile / name, SILENT)
        except OSError:
            print(f"  this file system takes no file {name!a}")
    write(hostile / "wide.py", "s = 'ä\U0001d11e'; x = 1  # roadworthy: ignore[unparsable-file]\n")
    several = scratch / "several"
    for name in ["services/api", "services/web", "tools"]:
        write(several / name / "pyproject.toml", f'[project]\nname = "{Path(name).name}"\nversion = "1"\n')
        write(several / name / "app/a.py", SILENT)
    write(several / "tools/app/a.py", "x = 1\n")
    for folder in [clean, hostile, several]:
        (folder / ".git").mkdir()
    return {"ordinary": fixtures / "order-service", "clean": clean, "hostile": hostile, "several": several}


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="")


def check_all(binary: Path, scratch: Path) -> None:
    judges = {"json": judge_json, "json-lines": judge_json_lines, "sarif": judge_sarif, "github": judge_github,
              "gitlab": judge_gitlab, "junit": judge_junit, "rdjson": judge_rdjson, "markdown": judge_markdown}
    for name, project in projects(scratch).items():
        reports = scratch / "reports" / name
        reports.mkdir(parents=True)
        outputs = [part for it in FORMATS for part in ("--output", f"{it}:{reports / it}")]
        environment = {key: value for key, value in os.environ.items() if not key.startswith("GITHUB_")}
        environment |= {"GITHUB_SERVER_URL": "https://github.com", "GITHUB_REPOSITORY": "acme/shop", "GITHUB_SHA": "abc"}
        ran = subprocess.run([binary, "check", "--isolated", *outputs], cwd=project, env=environment,
                             capture_output=True, text=True)
        expected = 0 if name == "clean" else 1
        assert ran.returncode == expected and not ran.stderr, (name, ran.returncode, ran.stderr)
        findings = json.loads((reports / "json").read_text(encoding="utf-8"))["findings"]
        assert bool(findings) == bool(expected)
        for kind, judge in judges.items():
            told = judge(reports / kind, findings, scratch)
            print(f"  {name:9} {kind:11} {told}")
        print(f"  {name:9} {'report':11} {judge_report(binary, project, reports, environment)}")


def judge_json(file: Path, findings: list, scratch: Path) -> str:
    subprocess.run([sys.executable, "-m", "json.tool", file], check=True, stdout=subprocess.DEVNULL)
    return f"json.tool reads it, {len(findings)} findings"


def judge_json_lines(file: Path, findings: list, scratch: Path) -> str:
    subprocess.run([sys.executable, "-m", "json.tool", "--json-lines", file], check=True, stdout=subprocess.DEVNULL)
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").split("\n") if line]
    assert lines == findings
    return "json.tool reads it, a finding on each line"


def judge_sarif(file: Path, findings: list, scratch: Path) -> str:
    from sarif import loader
    from sarif_om import SarifLog

    log = json.loads(file.read_text(encoding="utf-8"))
    told = "the schema was not to be had, as there is no cargo; "
    if (scratch / "sarif.json").exists():
        import jsonschema

        schema = json.loads((scratch / "sarif.json").read_text(encoding="utf-8"))
        # The pattern of `language`, which we do not write, is no regular expression.
        for part in ["run", "toolComponent"]:
            schema["definitions"][part]["properties"]["language"].pop("pattern", None)
        jsonschema.Draft7Validator(schema, format_checker=jsonschema.FormatChecker()).validate(log)
        told = "valid by the schema of 2.1.0; "
    # The names of the model are those of the format, apart from case and the dollar.
    SarifLog(version=log["version"], runs=log["runs"], schema_uri=log["$schema"])
    loaded = loader.load_sarif_file(str(file))
    assert len(loaded.get_records()) == len(findings)
    levels = loaded.get_report().get_severities()
    assert levels, loaded
    if not findings:
        return told + "sarif-tools finds no result"
    paths = {record["Location"] for record in loaded.get_records()}
    return told + f"sarif-tools finds {len(findings)} results in {len(paths)} files, {len(log['runs'])} runs"


def judge_github(file: Path, findings: list, scratch: Path) -> str:
    text = file.read_text(encoding="utf-8")
    lines = text.split("\n")[:-1]
    assert all(line.startswith(("::error ", "::warning ", "::notice ")) for line in lines), text
    # As the runner reads a command: properties up to the next `::`, each escaped.
    for line in lines:
        properties = dict(part.split("=", 1) for part in line.split(" ", 1)[1].split("::", 1)[0].split(","))
        path = properties.get("file")
        for escaped, meant in [("%3A", ":"), ("%2C", ","), ("%0D", "\r"), ("%0A", "\n"), ("%25", "%")]:
            path = path and path.replace(escaped, meant)
        known = [it["path"].replace("\x1b", "\u241b") for it in findings]
        assert path is None or any(path.endswith(it) for it in known), path
    return f"{len(lines)} commands that name files of the run"


def judge_gitlab(file: Path, findings: list, scratch: Path) -> str:
    issues = json.loads(file.read_text(encoding="utf-8"))
    assert len(issues) == len(findings)
    assert len({issue["fingerprint"] for issue in issues}) == len(issues)
    for issue in issues:
        assert issue["description"] and issue["check_name"]
        assert issue["severity"] in ("info", "minor", "major", "critical", "blocker")
        assert not issue["location"]["path"].startswith(("./", "/"))
        assert issue["location"]["lines"]["begin"] >= 1
    return f"{len(issues)} issues with what GitLab documents (no package holds its schema)"


def judge_junit(file: Path, findings: list, scratch: Path) -> str:
    import xml.etree.ElementTree as xml

    import junitparser
    import xmlschema

    tree = xml.parse(file)
    # GitLab and others read these two, which the schema of Jenkins does not know.
    for case in tree.iter("testcase"):
        case.attrib.pop("file", None)
        case.attrib.pop("line", None)
    xmlschema.XMLSchema(str(scratch / "junit.xsd")).validate(tree)
    cases = [case for suite in junitparser.JUnitXml.fromfile(str(file)) for case in suite]
    assert len(cases) == max(1, len(findings))
    assert sum(isinstance(it, junitparser.Failure) for case in cases for it in case.result) == len(findings)
    return f"valid by the schema of Jenkins, junitparser finds {len(cases)} cases"


def judge_rdjson(file: Path, findings: list, scratch: Path) -> str:
    result = json.loads(file.read_text(encoding="utf-8"))
    assert len(result["diagnostics"]) == len(findings)
    for diagnostic, finding in zip(result["diagnostics"], findings):
        start = diagnostic["location"]["range"]["start"]
        assert diagnostic["location"]["path"] == finding["path"] and start["line"] == finding["line"]
    validator = scratch / "node_modules/@umbrelladocs/rdformat-validator/bin/rdformat-validator.js"
    if not validator.exists():
        return "read as JSON: there is no npm to fetch the validator"
    ran = subprocess.run(["node", validator, "--strict", file], capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return "valid by rdformat-validator"


def judge_markdown(file: Path, findings: list, scratch: Path) -> str:
    import xml.etree.ElementTree as xml

    from markdown_it import MarkdownIt

    html = MarkdownIt("gfm-like", {"html": True, "linkify": False}).render(file.read_text(encoding="utf-8"))
    # What is well-formed holds no tag that came in by a name or a message.
    page = xml.fromstring(f"<page>{html}</page>")
    known = {"page", "h2", "p", "table", "thead", "tbody", "tr", "th", "td", "a", "code", "details", "summary"}
    assert {it.tag for it in page.iter()} <= known, html
    if not findings:
        return "rendered: nothing found"
    rules, rows = [table.findall("tbody/tr") for table in page.iter("table")]
    assert len(rows) == len(findings) and all(len(row) == 4 for row in rows), html
    assert all(len(row) == 5 for row in rules)
    places = sorted("".join(row[1].itertext()) for row in rows)
    visible = str.maketrans({"\n": "\u240a", "\x1b": "\u241b"})
    for place, path in zip(places, sorted(f"{it['path'].translate(visible)}:{it['line']}" for it in findings)):
        assert place.endswith(path), (place, path)
    assert all(row[1].find("a").get("href").startswith("https://github.com/acme/shop/blob/abc/") for row in rows)
    return f"rendered: a table of {len(rows)} rows, every name as it is"


def judge_report(binary: Path, project: Path, reports: Path, environment: dict) -> str:
    """The verdict in all formats but the page, which a browser judges: `tools/report/check.py`."""
    import xml.etree.ElementTree as xml

    import jsonschema
    from markdown_it import MarkdownIt

    files = {kind: reports / f"report.{kind}" for kind in ["json", "markdown", "badge", "shields"]}
    outputs = [part for kind, file in files.items() for part in ("--output", f"{kind}:{file}")]
    command = [binary, "report", "--isolated", "--exit-zero", "--compare", files["json"], *outputs]
    # The first run has nothing to compare with.
    for words in [[it for it in command if it not in ("--compare", files["json"])], command]:
        ran = subprocess.run(words, cwd=project, env=environment, capture_output=True, text=True)
        assert ran.returncode == 0, (project, ran.stderr)
    schema = Path(__file__).resolve().parents[2] / "crates/report/src/verdict/schema.json"
    schema = json.loads(schema.read_text(encoding="utf-8"))
    jsonschema.Draft7Validator.check_schema(schema)
    verdict = json.loads(files["json"].read_text(encoding="utf-8"))
    jsonschema.Draft7Validator(schema).validate(verdict)
    text = files["markdown"].read_text(encoding="utf-8")
    html = MarkdownIt("gfm-like", {"html": True, "linkify": False}).render(text)
    known = {"page", "h2", "h3", "p", "table", "thead", "tbody", "tr", "th", "td", "a", "code", "details", "summary",
             "ul", "ol", "li", "strong", "em", "br"}
    assert {it.tag for it in xml.fromstring(f"<page>{html}</page>").iter()} <= known, html
    badge = xml.fromstring(files["badge"].read_text(encoding="utf-8"))
    shields = json.loads(files["shields"].read_text(encoding="utf-8"))
    assert badge.get("aria-label") == f"{shields['label']}: {shields['message']}", shields
    return f"valid by its schema, {len(verdict['components'])} components; the badge says {shields['message']}"


if __name__ == "__main__":
    main()
