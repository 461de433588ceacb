"""One Lambda function for all routes of a resource, each in a module of its own.

    event ─▶ its routeKey ─▶ the route's module, imported at the first request ─▶ the module's `handler`

So a request loads only the modules of its own route.
"""

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

from zonewright.http.message import Event

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

    from zonewright.http.endpoint import Endpoint


class Resource:
    """A Lambda handler with a table of routes. It maps route keys to modules: `{"GET /v2/pools": "list_pools"}`."""

    def __init__(self, package: str, routes: Mapping[str, str]) -> None:
        self.package = package
        self.routes = routes

    def __call__(self, event: Event, context: "LambdaContext") -> dict[str, Any]:
        """Return the response of the route's endpoint to one event. Raise LookupError for an unknown route."""
        return self.endpoint(event["routeKey"])(event, context)

    def endpoint(self, key: str) -> "Endpoint":
        """Return the endpoint of a route key.

        Raise LookupError if the table lacks a route that the template sends here. Lambda logs the error, and API
        Gateway answers 500.
        """
        if key not in self.routes:
            raise LookupError(f"{self.package} has no route {key}")
        endpoint: Endpoint = import_module(f"{self.package}.{self.routes[key]}").handler
        return endpoint
