"""The structured log of a process: lines of JSON, each of which names the function it comes from.

The functions of a folder share a log group, so the name is what tells their lines apart.
"""

import functools
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aws_lambda_powertools import Logger


@functools.cache
def log() -> "Logger":
    """The log of this process; Powertools is imported by the first line."""
    from aws_lambda_powertools import Logger

    return Logger(function_name=os.environ.get("AWS_LAMBDA_FUNCTION_NAME"))
