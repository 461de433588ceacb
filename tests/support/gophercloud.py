"""Callers that use gophercloud, as lego and Terraform's provider do (`tests/e2e/gophercloud/main.go`)."""

import json
import os
import shutil
import subprocess
from pathlib import Path

from primaries import missing

SOURCES = Path("/usr/share/gocode")
"""Where Debian's packages of Go libraries have their sources."""
PACKAGES = "golang-go golang-github-gophercloud-gophercloud-dev"


def build(folder: Path) -> Path:
    """Compile the program into a folder, and return it. Skip the test if the compiler or gophercloud is missing."""
    go = shutil.which("go")
    if go is None or not (SOURCES / "src/github.com/gophercloud/gophercloud").is_dir():
        missing("gophercloud", PACKAGES)
    program = folder / "gophercloud"
    where = {"PATH": os.environ["PATH"], "GO111MODULE": "off", "GOPATH": str(SOURCES), "GOCACHE": str(folder / "cache")}
    source = Path(__file__).parents[1] / "e2e" / "gophercloud"
    subprocess.run([go, "build", "-o", program, "."], cwd=source, env=where, check=True, timeout=300)
    return program


def run(program: Path, *arguments: str):
    """Run the program. Return what it printed as JSON, or its complaint if it failed."""
    ran = subprocess.run([program, *arguments], capture_output=True, text=True, timeout=60, check=False)
    return json.loads(ran.stdout) if ran.returncode == 0 else ran.stderr.strip()
