"""Deployment of the unchanged template to the emulator, by `sam build` and `sam deploy`. Skipped without changes."""

import fcntl
import hashlib
import os
import platform
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from stack.home import ROOT, STACK, Home, Trouble, aws_environment, clean_environment

if TYPE_CHECKING:
    from mypy_boto3_cloudformation.client import CloudFormationClient
    from mypy_boto3_s3.client import S3Client

BUILD = ROOT / ".local" / "build"  # one for all stacks, because it depends only on the sources
CACHE = ROOT / ".local" / "build-cache"
PYTHON = "{}.{}".format(*sys.version_info)
INPUTS = ("template.yaml", "samconfig.toml", "functions", "layers")
TAG = "zonewright-inputs"


def build() -> str:
    """Build if a source has changed since the last build. Return the digest of the sources. Raise Trouble."""
    digest = _digest_of_inputs()
    stamp = BUILD / "stamp"
    with _alone():
        if stamp.is_file() and stamp.read_text() == digest:
            return digest
        print("Building", flush=True)
        stamp.unlink(missing_ok=True)
        _sam(["build", "--cached", "--parallel", "--build-dir", str(BUILD), "--cache-dir", str(CACHE)], {})
        stamp.write_text(digest)
    return digest


def deploy(home: Home, cloudformation: "CloudFormationClient", s3: "S3Client", digest: str) -> bool:
    """Deploy if the stack has other sources or parameters. Return whether it was deployed. Raise Trouble."""
    config = tomllib.loads((ROOT / "samconfig.toml").read_text())["local"]["deploy"]["parameters"]
    parameters = [
        *config["parameter_overrides"],
        f"Runtime=python{PYTHON}",
        f"Architecture={_architecture()}",
        f"SyncDelay={home.sync_delay}",
        f"SyncLease={home.sync_lease}",
        f"DesignateRelease={home.release}",
        f"VinyldnsRelease={home.release}",
        f"InlineBytes={home.inline_bytes}",
    ]
    tag = hashlib.sha256("\n".join([digest, *parameters]).encode()).hexdigest()
    if deployed_tag(cloudformation) == tag:
        return False
    print("Deploying", flush=True)
    s3.create_bucket(Bucket=config["s3_bucket"])
    _sam(
        [
            *("deploy", "--config-env", "local", "--config-file", str(ROOT / "samconfig.toml")),
            *("--template-file", str(BUILD / "template.yaml"), "--no-progressbar"),
            *("--parameter-overrides", *parameters, "--tags", f"{TAG}={tag}"),
        ],
        aws_environment(home),
    )
    return True


def deployed_tag(cloudformation: "CloudFormationClient") -> str | None:
    """Return the digest of the deployed sources and parameters, or None if there is no stack or it is broken."""
    try:
        (found,) = cloudformation.describe_stacks(StackName=STACK)["Stacks"]
    except ClientError:
        return None
    if found["StackStatus"] not in {"CREATE_COMPLETE", "UPDATE_COMPLETE"}:
        return None
    return {tag["Key"]: tag["Value"] for tag in found.get("Tags", [])}.get(TAG)


def _sam(arguments: list[str], environment: dict[str, str]) -> None:
    """Run the SAM CLI. If it fails, print its output and raise Trouble."""
    environment = {
        **clean_environment(),
        **environment,
        "SAM_CLI_TELEMETRY": "0",
        "SAM_CLI_POLL_DELAY": "0.2",
        "AWS_DEFAULT_REGION": "us-east-1",
        "ZONEWRIGHT_PYTHON": PYTHON,
        "ZONEWRIGHT_ARCHITECTURE": "local",
    }
    done = subprocess.run(
        ["sam", *arguments],
        env=environment,
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        print(done.stdout)
        raise Trouble(f"sam {arguments[0]} failed, see above")


def _architecture() -> str:
    return "arm64" if platform.machine() in {"arm64", "aarch64"} else "x86_64"


def _digest_of_inputs() -> str:
    digest = hashlib.sha256(sys.version.encode())
    for path in _inputs():
        digest.update(f"{path.relative_to(ROOT)}\0{path.stat().st_size}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _inputs() -> Iterator[Path]:
    for name in INPUTS:
        root = ROOT / name
        if root.is_file():
            yield root
        for folder, folders, files in os.walk(root):
            folders[:] = sorted(each for each in folders if each != "__pycache__" and not each.endswith(".egg-info"))
            yield from (Path(folder, each) for each in sorted(files))


@contextmanager
def _alone() -> Iterator[None]:
    """Hold the build lock, so that one process builds at a time."""
    BUILD.parent.mkdir(exist_ok=True)
    with (BUILD.parent / "build.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
