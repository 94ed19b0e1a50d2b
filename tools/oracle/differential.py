"""Compares on-demand with full parsing on real code: both must give identical findings.

    python tools/oracle/differential.py [--binary roadworthy] FOLDER ...

Every folder is judged in each parse mode and each strictness; findings are compared as JSON. Prints one line a
folder and strictness, and every finding that only one mode has. Exits 1 on a difference.
"""

import argparse
import json
import subprocess
from collections import Counter
from pathlib import Path

STRICTNESSES = [[], ["--every-role", "--every-site"], ["--pedantic"]]
MODES = ["on-demand", "full", "regions"]


def all_rules(binary: str) -> str:
    """Every rule by its name: those in preview run only so."""
    output = subprocess.run([binary, "rules", "--output-format", "json"], check=True, capture_output=True).stdout
    return ",".join(rule["name"] for rule in json.loads(output)["rules"])


def findings(binary: str, folder: Path, mode: str, flags: list[str]) -> Counter:
    command = [binary, "check", ".", "--isolated", "--exit-zero", "--output-format", "json", "--parse-mode", mode, *flags]
    output = subprocess.run(command, cwd=folder, check=True, capture_output=True).stdout
    return Counter(json.dumps(finding, sort_keys=True) for finding in json.loads(output)["findings"])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", default="target/release/roadworthy")
    parser.add_argument("folders", nargs="+", type=Path)
    arguments = parser.parse_args()
    binary = str(Path(arguments.binary).resolve()) if Path(arguments.binary).exists() else arguments.binary
    select = ["--select", all_rules(binary)]
    differences = 0
    for folder in arguments.folders:
        for flags in STRICTNESSES:
            base = findings(binary, folder, MODES[0], [*select, *flags])
            for mode in MODES[1:]:
                other = findings(binary, folder, mode, [*select, *flags])
                missing, extra = base - other, other - base
                differences += missing.total() + extra.total()
                print(
                    f"{folder.name} {' '.join(flags) or 'default'}: {base.total()} findings on demand, "
                    f"{missing.total()} not in {mode}, {extra.total()} only in {mode}"
                )
                for label, some in ((f"not in {mode}", missing), (f"only in {mode}", extra)):
                    for finding in list(some)[:10]:
                        finding = json.loads(finding)
                        print(f"    {label}: {finding['path']}:{finding['line']}: {finding['rule']}: {finding['message']}")
    return 1 if differences else 0


if __name__ == "__main__":
    raise SystemExit(main())
