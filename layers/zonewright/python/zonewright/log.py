"""Structured log of a process: lines of JSON, each with the name of its function.

The functions of a folder share a log group, so the name separates their lines.
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
