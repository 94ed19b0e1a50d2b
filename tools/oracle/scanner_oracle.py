#!/usr/bin/env python3
"""Compares the scanner with CPython's own tokenizer.

Logical lines, string literals (of f-strings the whole literal, and those nested in it) and comments
must begin and end at the same line and column. Needs CPython 3.13 or later: from 3.12 on `tokenize` is
the tokenizer of the interpreter itself, and 3.12 miscounts columns behind characters beyond ASCII in
f-strings.

    cargo build --release -p roadworthy-parser --example outline_dump
    python3.13 tools/oracle/scanner_oracle.py --dump target/release/examples/outline_dump [folder ...]

Without a folder the standard library of the interpreter is compared, its tests included. Files that
the tokenizer itself rejects are listed with its reason; of those, nothing can be said. A file that
the tokenizer takes and the scanner finds a flaw in is a difference. Template strings (PEP 750) are names and plain literals to CPython
before 3.14, the one class of differences that is known.
"""

import argparse
import collections
import io
import os
import subprocess
import sys
import sysconfig
import tokenize

IGNORED = {tokenize.NL, tokenize.INDENT, tokenize.DEDENT, tokenize.ENCODING, tokenize.ENDMARKER}
FSTRING_START = {getattr(tokenize, name, None) for name in ("FSTRING_START", "TSTRING_START")} - {None}
FSTRING_END = {getattr(tokenize, name, None) for name in ("FSTRING_END", "TSTRING_END")} - {None}


def place(row, column):
    """A place as the scanner counts: columns from 1."""
    return f"{row}:{column + 1}"


def text_of(path):
    """The text of a file, with line feeds only."""
    with open(path, "rb") as file:
        content = file.read()
    encoding, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
    return io.TextIOWrapper(io.BytesIO(content), encoding, newline=None).read()


def outline_of(text):
    """What the tokenizer finds, in the scanner's order."""
    lines, strings, comments, open_strings = [], [], [], []
    start = end = None
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            comments.append((token.start, token.end))
        elif token.type == tokenize.NEWLINE:
            if start is not None:
                lines.append((start, end))
            start = None
        elif token.type not in IGNORED:
            start = start or token.start
            end = token.end
            if token.type == tokenize.STRING:
                strings.append((token.start, token.end))
            elif token.type in FSTRING_START:
                open_strings.append(token.start)
            elif token.type in FSTRING_END:
                strings.append((open_strings.pop(), token.end))
    found = []
    for what, spans in ("line", lines), ("string", sorted(strings)), ("comment", comments):
        found += [f"{what} {place(*first)} {place(*last)}" for first, last in spans]
    return found


def python_files(folders, sample):
    """Every `sample`-th Python file below the folders, in a fixed order."""
    found = []
    for folder in folders:
        if os.path.isfile(folder):
            found.append(folder)
        for parent, folders_below, files in os.walk(folder):
            folders_below.sort()
            found += [os.path.join(parent, name) for name in sorted(files) if name.endswith((".py", ".pyi"))]
    return found[::sample]


def dumped(dump, paths):
    """What the scanner finds in each file."""
    answer = subprocess.run(
        [dump], input="".join(f"{path}\n" for path in paths), capture_output=True, encoding="utf-8", check=True
    )
    outlines = {}
    for row in answer.stdout.splitlines():
        what, _, rest = row.partition(" ")
        if what == "file":
            current = outlines.setdefault(rest, [])
        else:
            current.append(row)
    return outlines


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folders", nargs="*", default=[sysconfig.get_path("stdlib")])
    parser.add_argument("--dump", default="target/release/examples/outline_dump", help="the built example")
    parser.add_argument("--sample", type=int, default=1, metavar="N", help="take every N-th file")
    parser.add_argument("--limit", type=int, default=5, help="differences shown for each file")
    arguments = parser.parse_args()

    paths = python_files(arguments.folders, arguments.sample)
    outlines = dumped(arguments.dump, paths)
    skipped, different, counts = [], [], collections.Counter()
    for path in paths:
        try:
            expected = outline_of(text_of(path))
        except (SyntaxError, UnicodeError, LookupError, tokenize.TokenError) as error:
            skipped.append(f"{path}: {type(error).__name__}: {error}")
            continue
        counts["files"] += 1
        counts.update(row.partition(" ")[0] + "s" for row in expected)
        found = outlines[path]
        if expected != found:
            missing = sorted(set(expected) - set(found))
            surplus = sorted(set(found) - set(expected))
            different.append(path)
            rows = [f"  tokenize only: {row}" for row in missing] + [f"  scanner only: {row}" for row in surplus]
            print(path, *(rows[: arguments.limit] or ["  same rows in another order"]), sep="\n")
            if len(rows) > arguments.limit:
                print(f"  and {len(rows) - arguments.limit} more")
    for row in skipped:
        print("skipped", row)
    print(", ".join(f"{count} {what}" for what, count in counts.items()) or "nothing", "compared;", end=" ")
    print(f"{len(skipped)} files skipped; {len(different)} files differ")
    if not counts["files"]:
        sys.exit("no file was compared")
    sys.exit(1 if different else 0)


if __name__ == "__main__":
    main()
