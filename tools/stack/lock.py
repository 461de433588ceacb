"""Resolve requirements/dev.in, and write all versions to requirements/dev.txt.

python3 tools/stack/lock.py
"""

import json
import re
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "requirements"
HEAD = "# Written by `make lock` from dev.in; do not edit.\n"


def main() -> None:
    """Run a dry run of pip for an empty environment, and write the pins."""
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--dry-run", "--ignore-installed", "--report", "-"]
    done = subprocess.run([*command, "--requirement", str(FOLDER / "dev.in")], check=True, stdout=subprocess.PIPE)
    packages = (package["metadata"] for package in json.loads(done.stdout)["install"])
    pins = sorted(f"{re.sub('[-_.]+', '-', each['name']).lower()}=={each['version']}" for each in packages)
    (FOLDER / "dev.txt").write_text(HEAD + "\n".join(pins) + "\n")


if __name__ == "__main__":
    main()
