"""GET /docs and GET /docs/{asset}: show the API document as a page, with the files of the page, for everybody."""

from zonewright.http import caching
from zonewright.http.designate import dialect
from zonewright.http.message import Request, Response
from zonewright.http.openapi import page
from zonewright.service import Service


@dialect.endpoint(public=True)
def handler(_: Service, request: Request) -> Response:
    """Return the page, or the file that the path names."""
    name = request.parameters.get("asset")
    if name is None:
        return caching.cacheable(request, page.page(), seconds=300)
    return caching.cacheable(request, page.asset(name), seconds=86_400)
