"""GET /v3/auth/catalog: show where the services are."""

from zonewright.http.keystone import dialect
from zonewright.http.keystone.tokens import view
from zonewright.http.message import Request, Response
from zonewright.service import Service


@dialect.endpoint
def handler(service: Service, request: Request) -> Response:
    """Return the catalog."""
    return view.catalog(request, service.settings.region_name)
