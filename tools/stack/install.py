"""Install requirements/dev.txt and this package, editable, into .venv. Needs only Python.

python3 tools/stack/install.py
"""

import hashlib
import re
import subprocess
import sys
import tomllib
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
LOCK = ROOT / "requirements" / "dev.txt"


def main() -> int:
    """Install if the lock file, the package's metadata or the Python has changed. Return the exit code."""
    if not (3, 11) <= sys.version_info[:2] <= (3, 13):
        print(f"Zonewright needs Python 3.11 to 3.13; {sys.executable} is {sys.version.split()[0]}", file=sys.stderr)
        return 1
    stamp = VENV / "stamp"
    metadata = tomllib.loads((ROOT / "pyproject.toml").read_text())
    package = [metadata["project"], metadata["build-system"], metadata["tool"]["setuptools"]]
    wanted = hashlib.sha256(f"{package} {LOCK.read_text()}".encode()).hexdigest()
    had = stamp.read_text().splitlines() if stamp.is_file() else []
    if had == [sys.version, wanted]:
        return 0
    print(f"Installing {LOCK.relative_to(ROOT)} into .venv", flush=True)
    if had[:1] != [sys.version]:
        stamp.unlink(missing_ok=True)
        venv.create(VENV, with_pip=True, clear=True, symlinks=True)
    python = VENV / "bin" / "python"
    pip = [str(python), "-m", "pip", "--disable-pip-version-check", "install", "-qq", "--no-deps"]
    hashed = [*pip, "--require-hashes", "--only-binary=:all:", "--requirement"]
    installer = re.search(r"^pip==(.+\\\n)*.+", LOCK.read_text(), re.MULTILINE)
    assert installer, f"{LOCK} has no pip"
    # First, because it needs half the time of Python's own pip.
    subprocess.run([*hashed, "/dev/stdin"], input=installer[0], text=True, check=True)
    # Modules are compiled when they are imported, and half of them never are.
    subprocess.run([*hashed, str(LOCK), "--no-compile"], check=True)
    subprocess.run([*pip, "--no-build-isolation", "--editable", str(ROOT)], check=True)
    stamp.write_text(f"{sys.version}\n{wanted}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
