"""One Lambda function for all routes of a resource, each in a module of its own.

    event ─▶ its routeKey ─▶ the route's module, imported by its first request ─▶ the module's `handler`

The first request of a process pays for the imports of its own route only.
"""

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

from zonewright.http.message import Event

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

    from zonewright.http.endpoint import Endpoint


class Resource:
    """A Lambda handler made of a table: route key to module of `package`, as in `{"GET /v2/pools": "list_pools"}`."""

    def __init__(self, package: str, routes: Mapping[str, str]) -> None:
        self.package = package
        self.routes = routes

    def __call__(self, event: Event, context: "LambdaContext") -> dict[str, Any]:
        """Answer one event with its route's endpoint."""
        return self.endpoint(event["routeKey"])(event, context)

    def endpoint(self, key: str) -> "Endpoint":
        """The endpoint of a route.

        Raises LookupError for an unknown key: the template sends a route here that the table lacks. Lambda logs it,
        and API Gateway answers 500.
        """
        if key not in self.routes:
            raise LookupError(f"{self.package} has no route {key}")
        endpoint: Endpoint = import_module(f"{self.package}.{self.routes[key]}").handler
        return endpoint
