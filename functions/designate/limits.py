"""GET /v2/limits: what a project may have at most."""

from zonewright.http import designate
from zonewright.http.designate.writing import zones as writing
from zonewright.http.message import Request, Response
from zonewright.runtime import Runtime


@designate.endpoint
def handler(_request: Request, _: Runtime) -> Response:
    """Tell; they are the same for all."""
    return writing.limits()
