"""Make .venv hold exactly requirements/dev.txt and this package, editable. Needs nothing but Python.

    python3 tools/stack/install.py
"""

import hashlib
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
LOCK = ROOT / "requirements" / "dev.txt"


def main() -> int:
    """Install when the lock file, the package's metadata or the Python has changed."""
    if not (3, 11) <= sys.version_info[:2] <= (3, 13):
        print(f"Zonewright needs Python 3.11 to 3.13; {sys.executable} is {sys.version.split()[0]}", file=sys.stderr)
        return 1
    stamp = VENV / "stamp"
    digest = hashlib.sha256(sys.version.encode())
    for source in (LOCK, ROOT / "pyproject.toml"):
        digest.update(source.read_bytes())
    if stamp.is_file() and stamp.read_text() == digest.hexdigest():
        return 0
    print(f"Installing {LOCK.relative_to(ROOT)} into .venv", flush=True)
    venv.create(VENV, with_pip=True, clear=not stamp.is_file())
    python = VENV / "bin" / "python"
    pip = [str(python), "-m", "pip", "--disable-pip-version-check", "install", "--quiet", "--no-deps"]
    installer = next(line for line in LOCK.read_text().splitlines() if line.startswith("pip=="))
    subprocess.run([*pip, installer], check=True)  # first, for it takes half the time of the one Python brings
    # Compiled as it is imported: half of it never is.
    subprocess.run([*pip, "--no-compile", "--requirement", str(LOCK)], check=True)
    subprocess.run([*pip, "--no-build-isolation", "--editable", str(ROOT)], check=True)
    stamp.write_text(digest.hexdigest())
    return 0


if __name__ == "__main__":
    sys.exit(main())
