"""Resolve requirements/*.in, and write all versions with the hashes of their files.

python3 tools/stack/lock.py

The hashes are those of every file of a version, so one lock serves all supported Pythons and processors.
"""

import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "requirements"
LOCKS = {"deps.in": ROOT / "layers" / "deps" / "requirements.txt", "dev.in": FOLDER / "dev.txt"}
HEAD = "# Written by `make lock` from requirements/{}; do not edit.\n"


def main() -> None:
    """Run the resolver for the oldest supported Python, whose answer serves the newer ones too."""
    metadata = tomllib.loads((ROOT / "pyproject.toml").read_text())
    oldest = metadata["project"]["requires-python"].removeprefix(">=").split(",")[0]
    for source, lock in LOCKS.items():
        options = [
            "--universal",
            "--python-version",
            oldest,
            "--only-binary",
            ":all:",
            "--generate-hashes",
            "--upgrade",
        ]
        command = [sys.executable, "-m", "uv", "pip", "compile", "--quiet", *options]
        plain = ["--no-header", "--no-annotate", "--no-emit-index-url", str(FOLDER / source)]
        done = subprocess.run([*command, *plain], check=True, stdout=subprocess.PIPE, text=True)
        lock.write_text(HEAD.format(source) + done.stdout)


if __name__ == "__main__":
    main()
