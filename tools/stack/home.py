"""Folder, ports and environment of a local stack."""

import os
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STACK = "zonewright"
REGION = "us-east-1"
RELEASES = ("seed", "current")


class Trouble(Exception):
    """A problem that the user of the command must solve. It is shown without a traceback."""


@dataclass(frozen=True, slots=True)
class Home:
    """Settings of one local stack. Stacks with different folders and ports are independent.

    `path` is its folder. `sync_delay`, `sync_lease` and `minute` are seconds. `faults` is the share of the functions'
    calls to DynamoDB and S3 that fail, `seed` says which. `concurrency` is how many functions may run at once, 0 for
    any number. `index_delay` is milliseconds until an index shows what was written.
    """

    path: Path
    port: int
    aws_port: int
    primary_port: int
    sync_delay: int
    sync_lease: int
    release: str
    minute: int = 60
    inline_bytes: int = 6_000_000
    faults: float = 0.0
    seed: int = 0
    concurrency: int = 0
    index_delay: int = 0

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> "Home":
        """Return the settings from the variables that the Makefile lists. Raise Trouble for an invalid one."""

        def number(name: str, default: int, most: int) -> int:
            text = environ.get(name) or str(default)
            if not text.isdigit() or int(text) > most:
                raise Trouble(f"{name} is {text!r}; it has to be a number up to {most}")
            return int(text)

        def share(name: str) -> float:
            text = environ.get(name) or "0"
            if not re.fullmatch(r"0(\.\d+)?|\.\d+|1(\.0*)?", text):
                raise Trouble(f"{name} is {text!r}; it has to be a number from 0 to 1, such as 0.02")
            return float(text)

        release = environ.get("ZONEWRIGHT_RELEASE") or "seed"
        if release not in RELEASES:
            raise Trouble(f"ZONEWRIGHT_RELEASE is {release!r}; it has to be {' or '.join(RELEASES)}")
        return cls(
            path=Path(environ.get("ZONEWRIGHT_HOME") or ROOT / ".local").resolve(),
            port=number("ZONEWRIGHT_PORT", 8080, 65535),
            aws_port=number("ZONEWRIGHT_AWS_PORT", 4566, 65535),
            primary_port=number("ZONEWRIGHT_PRIMARY_PORT", 5300, 65535),
            sync_delay=number("ZONEWRIGHT_SYNC_DELAY", 1, 10**6),
            sync_lease=number("ZONEWRIGHT_SYNC_LEASE", 120, 10**6),
            release=release,
            minute=number("ZONEWRIGHT_MINUTE", 60, 60),
            inline_bytes=number("ZONEWRIGHT_INLINE_BYTES", 6_000_000, 10**9),
            faults=share("ZONEWRIGHT_FAULTS"),
            seed=number("ZONEWRIGHT_SEED", 0, 10**12),
            concurrency=number("ZONEWRIGHT_CONCURRENCY", 0, 1000),
            index_delay=number("ZONEWRIGHT_INDEX_DELAY", 0, 60_000),
        )

    @property
    def url(self) -> str:
        """Return the address of the API."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def aws_url(self) -> str:
        """Return the address of the emulated AWS."""
        return f"http://127.0.0.1:{self.aws_port}"

    @property
    def credentials(self) -> Path:
        """Return the path of the file with credentials, as `export` lines."""
        return self.path / "credentials.env"

    @property
    def clouds(self) -> Path:
        """Return the path of the file from which clients of OpenStack take their credentials."""
        return self.path / "clouds.yaml"

    @property
    def operator(self) -> Path:
        """Return the path of the file with what the operator's command needs, as `export` lines."""
        return self.path / "operator.env"


def clean_environment() -> dict[str, str]:
    """Return this environment without variables that select an AWS account, a Python path or a stack."""
    drop = ("AWS_", "PYTHON", "SAM_CLI_", "ZONEWRIGHT_", "POWERTOOLS_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(drop)}
    scripts = str(Path(sys.executable).parent)
    return kept | {
        "PATH": os.pathsep.join([scripts, kept.get("PATH", os.defpath)]),
        "NO_PROXY": "127.0.0.1,localhost",
        "no_proxy": "127.0.0.1,localhost",
    }


def aws_environment(home: Home) -> dict[str, str]:
    """Return the variables that make every AWS client call the emulator only."""
    return {
        "AWS_ENDPOINT_URL": home.aws_url,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": REGION,
        "AWS_REGION": REGION,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
    }
