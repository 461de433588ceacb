"""GET /docs and GET /docs/{asset}: the API's document as a page, and the files of the page; anyone may read it."""

from zonewright.http import caching
from zonewright.http.designate import dialect
from zonewright.http.message import Request, Response
from zonewright.http.openapi import page
from zonewright.service import Service


@dialect.endpoint(public=True)
def handler(_: Service, request: Request) -> Response:
    """The page, or what the path names of it."""
    name = request.parameters.get("asset")
    if name is None:
        return caching.cacheable(request, page.page(), seconds=300)
    return caching.cacheable(request, page.asset(name), seconds=86_400)
