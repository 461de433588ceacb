"""$default: every path and method that no other route takes, answered in the dialect the path belongs to."""

from typing import TYPE_CHECKING, Any

from zonewright.http import routes
from zonewright.http.designate import dialect, views
from zonewright.http.message import Event, Request, Response
from zonewright.http.vinyldns import dialect as vinyldns
from zonewright.service import Service

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext


def answer(_: Service, request: Request) -> Response:
    """Send a path with slashes too many to the one without, as Designate takes them; refuse any other."""
    plain = routes.without_slash(request.path)
    if plain is not None:
        return views.redirect(request, plain)
    raise routes.refusal(request.method, request.path)


DIALECTS = {True: dialect.endpoint(public=True)(answer), False: vinyldns.endpoint(public=True)(answer)}


def handler(event: Event, context: "LambdaContext") -> dict[str, Any]:
    """Answer in the right dialect."""
    return DIALECTS[routes.speaks_designate(event["rawPath"])](event, context)
