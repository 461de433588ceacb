"""Formats of what one release stores and another reads.

An upgrade replaces functions one by one. Meanwhile, and for the hour of an execution, functions of two releases read
what the other has stored. So what is stored has the number of its format:

* A release reads its own format and every older one. What has no number has format 1.
* A format that is newer than the reader is one of the release that is being deployed. `check` raises ZoneBusy: Step
  Functions retries the step for minutes (`statemachine.asl.yaml`), and a caller may. By then the reader is replaced.
* The number of a plan holds for all staged objects of its attempt, that of a version for its chunks too. A release with
  a newer format goes on with the format of the plan until the sync ends.

A new field that readers may ignore needs no new format. Raise a number if older readers would be wrong.
"""

from collections.abc import Mapping
from typing import Any

from zonewright.errors import ZoneBusy

STAGED = 1
"""Format of staged objects (`sync/staging.py`)."""

VERSION = 1
"""Format of versions and their chunks (`store/versions.py`, `contents/chunks.py`)."""


def check(stored: Mapping[str, Any], known: int, what: str) -> None:
    """Raise ZoneBusy if the format of something stored is newer than the `known` one. `what` names it."""
    found = stored.get("format", 1)
    if found > known:
        raise newer(f"{what} has format {found}, and this release reads up to {known}")


def newer(problem: str) -> ZoneBusy:
    """Return the error for something that a newer release has stored."""
    return ZoneBusy(f"{problem}: the service is being upgraded; try again")
