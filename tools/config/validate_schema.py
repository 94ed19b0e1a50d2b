"""Puts the JSON schema of the configuration to a validator that we did not write.

    pip install jsonschema && python tools/config/validate_schema.py

The schema itself must be valid; of fixtures/configurations it must take what is good and refuse what is wrong, but for
what no schema can see, which the first line of such a file says. Python 3.11 or newer.
"""

import json
import sys
import tomllib
from pathlib import Path

from jsonschema import Draft7Validator

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = json.loads((ROOT / "docs/roadworthy.schema.json").read_text(encoding="utf-8"))


def main() -> int:
    Draft7Validator.check_schema(SCHEMA)
    validator = Draft7Validator(SCHEMA)
    wrong_answers = []
    count = 0
    for file in sorted((ROOT / "fixtures/configurations").glob("*/*.toml")):
        text = file.read_text(encoding="utf-8")
        expected = file.parent.name == "good" or "(the schema takes it)" in text.partition("\n")[0]
        errors = list(validator.iter_errors(tomllib.loads(text)))
        count += 1
        if expected != (not errors):
            wrong_answers.append(f"{file.relative_to(ROOT)}: {errors[0].message if errors else 'is taken'}")
    own_rules = {"rule-paths": ["lint"], "ignore": ["no-go"], "rules": {"no-go": {"words": ["x"]}}}
    if list(validator.iter_errors(own_rules)) or validator.is_valid({**own_rules, "rule-paths": 1}):
        wrong_answers.append("rules of a project's own")
    print("\n".join(wrong_answers) or f"{count} configurations are judged alike by the schema and the reader")
    return 1 if wrong_answers else 0


if __name__ == "__main__":
    sys.exit(main())
