"""Callers that use gophercloud, as lego and Terraform's provider do (`tests/e2e/gophercloud/main.go`)."""

import json
import os
import shutil
import subprocess
from pathlib import Path

from primaries import missing

SOURCES = Path("/usr/share/gocode")
"""Where Debian's packages of Go libraries have their sources."""
PACKAGES = "golang-go golang-github-gophercloud-gophercloud-dev golang-github-gophercloud-utils-dev"


def build(folder: Path, part: str = ".") -> Path:
    """Compile a program into a folder, and return it. Skip the test if the compiler or gophercloud is missing.

    `part` is the folder of the program below `tests/e2e/gophercloud`.
    """
    go = shutil.which("go")
    libraries = ("gophercloud", "utils")
    if go is None or not all((SOURCES / "src/github.com/gophercloud" / each).is_dir() for each in libraries):
        missing("gophercloud", PACKAGES)
    program = folder / "gophercloud"
    where = {"PATH": os.environ["PATH"], "GO111MODULE": "off", "GOPATH": str(SOURCES), "GOCACHE": str(folder / "cache")}
    source = Path(__file__).parents[1] / "e2e" / "gophercloud" / part
    subprocess.run([go, "build", "-o", program, "."], cwd=source, env=where, check=True, timeout=300)
    return program


def run(program: Path, *arguments: str, **variables: str):
    """Run a program with these variables. Return what it printed as JSON, or its complaint if it failed."""
    ran = subprocess.run([program, *arguments], env=variables, capture_output=True, text=True, timeout=60, check=False)
    return json.loads(ran.stdout) if ran.returncode == 0 else ran.stderr.strip()
