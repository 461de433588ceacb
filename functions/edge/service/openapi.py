"""GET /openapi.json: return the API document, in OpenAPI 3.1, for everybody."""

from zonewright.http import caching
from zonewright.http.designate import dialect
from zonewright.http.message import Request, Response
from zonewright.http.openapi import document as openapi
from zonewright.service import Service


@dialect.endpoint(public=True)
def handler(_: Service, request: Request) -> Response:
    """Return the document, with the address that the caller used."""
    document = Response(200, openapi.document(request.base_url), {"content-type": "application/json"})
    return caching.cacheable(request, document, seconds=300)
