"""Records a command in a terminal as an animated picture (SVG), as the README shows one.

    python3 tools/picture.py docs/first-run.svg --folder PROJECT -- roadworthy check

The recording is an asciinema cast of what the command really wrote, line by line; `svg-term` (npm: svg-term-cli) draws
it. Only the times are made up: a run is over before anybody could read it.
"""

import argparse
import fcntl
import json
import os
import pty
import struct
import subprocess
import sys
import tempfile
import termios


def run(command: list[str], folder: str, columns: int) -> str:
    """What a command writes to a terminal of so many columns."""
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(folder)
        os.environ.update(TERM="xterm-256color", COLUMNS=str(columns))
        for name in ("NO_COLOR", "CI"):
            os.environ.pop(name, None)
        os.execvp(command[0], command)
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    output = b""
    while True:
        try:
            part = os.read(terminal, 65536)
        except OSError:  # the terminal is gone with its program
            break
        if not part:
            break
        output += part
    os.waitpid(child, 0)
    return output.decode()


def cast(shown: str, output: str, columns: int, most: int) -> str:
    """The recording: the command is typed, then its lines come, of which the last so many stay on the screen."""
    lines = output.replace("\r\n", "\n").rstrip("\n").split("\n")
    events, time = [[0.3, "\x1b[1;32m$\x1b[0m "]], 0.8
    for letter in shown:
        events.append([time, letter])
        time += 0.05
    events.append([time, "\r\n"])
    time += 0.4
    for line in lines:
        events.append([time, line + "\r\n"])
        time += 0.12
    events.append([time + 6, ""])
    header = {"version": 2, "width": columns, "height": min(len(lines) + 2, most)}
    return "\n".join(json.dumps(it) for it in [header, *([at, "o", text] for at, text in events)])


def main() -> int:
    """Records, draws, writes."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("picture")
    parser.add_argument("--folder", default=".")
    parser.add_argument("--columns", type=int, default=100)
    parser.add_argument("--lines", type=int, default=40)
    parser.add_argument("--svg-term", default="svg-term")
    parser.add_argument("command", nargs="+")
    arguments = parser.parse_args()
    output = run(arguments.command, arguments.folder, arguments.columns)
    shown = " ".join([os.path.basename(arguments.command[0]), *arguments.command[1:]])
    with tempfile.NamedTemporaryFile("w", suffix=".cast") as file:
        file.write(cast(shown, output, arguments.columns, arguments.lines))
        file.flush()
        command = [arguments.svg_term, "--in", file.name, "--out", arguments.picture, "--window"]
        return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
