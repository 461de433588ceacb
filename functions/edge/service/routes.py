"""The service about itself, for everybody: its versions, the document of its API, and that as a page."""

from zonewright.http.resource import Resource

handler = Resource(
    __package__,
    {
        "GET /": "versions",
        "GET /v2": "versions",
        "GET /openapi.json": "openapi",
        "GET /docs": "docs",
        "GET /docs/{asset}": "docs",
    },
)
