"""Wall time against ruff on the same rules and files, as a ratio in one run.

    python benches/speed.py [--binary roadworthy] [--ruff ruff] [--runs 7] FOLDER ...

Needs hyperfine. Prints the median of each command and our share of ruff's, both with --statistics and both writing
JSON, then the peak memory of both, then the start-up on a project of ten small files.
"""

import argparse
import json
import os
import resource
import subprocess
import tempfile
from pathlib import Path

RUFF_RULES = "E722,S110,S112,BLE001,TRY400,TRY002,ANN,S101,S105,S106,S107,T20,LOG"


def medians(commands: list[str], folder: Path, runs: int) -> list[float]:
    """Median seconds of each command, all in one run of hyperfine."""
    with tempfile.NamedTemporaryFile(suffix=".json") as export:
        command = ["hyperfine", "--ignore-failure", "--warmup", "1", "--runs", str(runs), "--shell", "none"]
        command += ["--style", "none", "--export-json", export.name, *commands]
        subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return [result["median"] for result in json.load(export)["results"]]


def peak_memory(command: str, folder: Path) -> float:
    """Peak resident memory of a command in MB."""
    child = os.fork()
    if child == 0:
        os.chdir(folder)
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 1)
        os.dup2(null, 2)
        os.execvp(command.split()[0], command.split())
    _, _, usage = os.wait4(child, 0)
    assert isinstance(usage, resource.struct_rusage)
    return usage.ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", default="target/release/roadworthy")
    parser.add_argument("--ruff", default="ruff")
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("folders", nargs="+", type=Path)
    arguments = parser.parse_args()
    binary = str(Path(arguments.binary).resolve()) if Path(arguments.binary).exists() else arguments.binary
    ruff = str(Path(arguments.ruff).resolve()) if Path(arguments.ruff).exists() else arguments.ruff
    ours = f"{binary} check . --isolated --exit-zero --no-progress"
    theirs = f"{ruff} check . --no-cache --isolated --exit-zero --select {RUFF_RULES}"
    for folder in arguments.folders:
        for name, flag in (("statistics", "--statistics"), ("json", "--output-format json")):
            mine, ruffs = medians([f"{ours} {flag}", f"{theirs} {flag}"], folder, arguments.runs)
            memory = peak_memory(f"{ours} {flag}", folder), peak_memory(f"{theirs} {flag}", folder)
            print(
                f"{folder.name} {name}: ours {mine * 1000:.0f} ms, ruff {ruffs * 1000:.0f} ms, ratio {mine / ruffs:.2f}; "
                f"memory {memory[0]:.0f} MB against {memory[1]:.0f} MB"
            )
    with tempfile.TemporaryDirectory() as scratch:
        for number in range(10):
            Path(scratch, f"module_{number}.py").write_text(f"def double_{number}(value: int) -> int:\n    return 2 * value\n")
        mine, ruffs = medians([ours, theirs], Path(scratch), 30)
        print(f"start-up on ten files: ours {mine * 1000:.1f} ms, ruff {ruffs * 1000:.1f} ms")


if __name__ == "__main__":
    main()
