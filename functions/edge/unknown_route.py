"""$default: every path and method that no other route takes, refused in the dialect the path belongs to."""

from typing import TYPE_CHECKING, Any

from zonewright.http import designate, routes, vinyldns
from zonewright.http.message import Event, Request, Response
from zonewright.runtime import Runtime

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext


def refuse(request: Request, _: Runtime) -> Response:
    """Say why."""
    raise routes.refusal(request.method, request.path)


DIALECTS = {True: designate.endpoint(public=True)(refuse), False: vinyldns.endpoint(public=True)(refuse)}


def handler(event: Event, context: "LambdaContext") -> dict[str, Any]:
    """Answer in the right dialect."""
    return DIALECTS[routes.speaks_designate(event["rawPath"])](event, context)
