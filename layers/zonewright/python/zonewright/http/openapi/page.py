"""A page that shows the API document: Swagger UI, from the files in Powertools. It loads nothing from other hosts."""

from functools import cache
from importlib.util import find_spec
from pathlib import Path

from zonewright.errors import PathNotFound
from zonewright.http.message import Response

_PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Zonewright API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/docs/swagger-ui.min.css">
</head>
<body>
<noscript>This page needs scripts; the document itself is <a href="/openapi.json">openapi.json</a>.</noscript>
<div id="swagger-ui"></div>
<script src="/docs/swagger-ui-bundle.min.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
"""

_START = """\
SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#swagger-ui",
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  filter: true,
});
"""

_JAVASCRIPT = "text/javascript; charset=UTF-8"
_TYPES = {
    "start.js": _JAVASCRIPT,
    "swagger-ui-bundle.min.js": _JAVASCRIPT,
    "swagger-ui.min.css": "text/css; charset=UTF-8",
}
_SECURITY = {
    # Swagger UI writes style attributes, and draws its icons as data: URLs. The only scripts are the two above.
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}


def page() -> Response:
    """Return the page."""
    return Response(200, _PAGE, {"content-type": "text/html; charset=UTF-8", **_SECURITY})


def asset(name: str) -> Response:
    """Return a file that the page loads. Raise PathNotFound for any other name."""
    if name not in _TYPES:
        raise PathNotFound(path=f"/docs/{name}")
    return Response(200, _content(name), {"content-type": _TYPES[name], "x-content-type-options": "nosniff"})


@cache
def _content(name: str) -> str:
    if name == "start.js":
        return _START
    powertools = find_spec("aws_lambda_powertools")  # find it without importing it
    assert powertools is not None
    assert powertools.origin is not None, "the layer of dependencies contains it"
    return (Path(powertools.origin).parent / "event_handler/openapi/swagger_ui" / name).read_text()
