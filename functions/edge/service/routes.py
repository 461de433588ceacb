"""/, /v2, /openapi.json and /docs: the versions and the document of the API, for everybody."""

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
