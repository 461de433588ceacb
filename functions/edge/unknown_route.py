"""$default: refuse a request that no other route takes, in the dialect of its path."""

from typing import TYPE_CHECKING, Any

from zonewright.http import routes
from zonewright.http.designate import dialect as designate
from zonewright.http.designate import views
from zonewright.http.keystone import dialect as keystone
from zonewright.http.message import Event, Request, Response
from zonewright.http.vinyldns import dialect as vinyldns
from zonewright.service import Service

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext


def answer(_: Service, request: Request) -> Response:
    """Redirect to the known path that is meant, as Designate does. Refuse any other path."""
    meant = routes.meant(request.path)
    if meant is not None:
        return views.redirect(request, meant)
    raise routes.refusal(request.method, request.path)


DIALECTS = {
    "designate": designate.endpoint(public=True)(answer),
    "keystone": keystone.endpoint(public=True)(answer),
    "vinyldns": vinyldns.endpoint(public=True)(answer),
}


def handler(event: Event, context: "LambdaContext") -> dict[str, Any]:
    """Return the response in the dialect of the path."""
    return DIALECTS[routes.dialect_of(event["rawPath"])](event, context)
