"""Structured log of a process: lines of JSON, each with the name of its function and a correlation id.

The functions of a folder share a log group, so the name separates their lines. The correlation id is the same in the
lines of a request, and in those of each state of the sync that it began.
"""

import functools
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aws_lambda_powertools import Logger


@functools.cache
def log() -> "Logger":
    """Return the log of this process. Powertools is imported by the first call."""
    from aws_lambda_powertools import Logger

    return Logger(function_name=os.environ.get("AWS_LAMBDA_FUNCTION_NAME"))


def correlate(correlation_id: str) -> None:
    """Set the correlation id of this process's lines, for the invocation that begins."""
    log().set_correlation_id(correlation_id)


def correlation() -> str | None:
    """Return the correlation id of this process's lines, for the order of a sync. None outside of an invocation."""
    return log().get_correlation_id()
