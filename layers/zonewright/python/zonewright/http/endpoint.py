"""The shell around every route: event in, caller known, errors in the dialect's words, one log line, event out.

    event ─▶ Request ─▶ dialect.check ─▶ authenticate ─▶ dialect.admit ─▶ handler ─▶ Response ─▶ event
                              └──────────────── RequestError ────────────────▶ dialect.refusal
                              └──────────── anything else: logged ───────────▶ dialect.failure

What is wrong with the path, the method or the query is said before the question who asks (contract
`vinyldns.md`, section 2), so a route names its query check and need not do it in the handler.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar, overload

from zonewright.errors import RequestError
from zonewright.http.message import Event, Request, Response
from zonewright.log import log
from zonewright.service import Service, current

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

Handler = Callable[[Service, Request], Response]
Check = Callable[[Request], object]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one of the two APIs speaks: its errors, and what it adds to each request and response."""

    refusal: Callable[[Request, RequestError], Response]
    failure: Callable[[Request], Response]
    admit: Callable[[Request], Request] = lambda request: request
    finish: Callable[[Request, Response], Response] = lambda _, response: response
    repeatable: bool = False  # whether a POST may carry an Idempotency-Key

    @overload
    def endpoint(self, handler: Handler) -> "Endpoint": ...

    @overload
    def endpoint(self, *, public: bool = False, query: Check | None = None) -> Callable[[Handler], "Endpoint"]: ...

    def endpoint(
        self, handler: Handler | None = None, *, public: bool = False, query: Check | None = None
    ) -> "Endpoint | Callable[[Handler], Endpoint]":
        """Make a Lambda handler of a route's function. `public` asks for no credentials; `query` is checked first."""

        def wrap(plain: Handler) -> Endpoint:
            return Endpoint(self, plain, public, query)

        return wrap if handler is None else wrap(handler)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """What Lambda calls; `plain` is the route's own function."""

    dialect: Dialect
    plain: Handler
    public: bool = False
    query: Check | None = None

    def __call__(self, event: Event, context: "LambdaContext") -> dict[str, Any]:
        """Answer one event."""
        began = time.perf_counter()
        request = Request.from_event(event, context.aws_request_id)
        try:
            if self.query:
                self.query(request)
            if not self.public:
                request = self.dialect.admit(_authenticated(request))
            response = self._answer(request, context)
        except RequestError as error:
            response = self.dialect.refusal(request, error)
        except Exception:  # noqa: BLE001 - the last place to answer from; the trace is in the log
            log().exception("request failed", extra=_facts(request))
            response = self.dialect.failure(request)
        response = self.dialect.finish(request, response)
        elapsed = round((time.perf_counter() - began) * 1000, 1)
        log().info("request", extra=_facts(request) | {"status": response.status, "ms": elapsed})
        return response.to_event()

    def _answer(self, request: Request, context: "LambdaContext") -> Response:
        service = current()
        repeatable = self.dialect.repeatable and not self.public  # an answer is kept for its caller
        if repeatable and request.method == "POST" and "idempotency-key" in request.headers:
            from zonewright.http.idempotency import once

            return once(service, request, context, lambda: self.plain(service, request))
        return self.plain(service, request)


def lookup(table: Mapping[type[RequestError], T], error: RequestError) -> T:
    """The entry of the nearest ancestor of an error's class."""
    return next(table[kind] for kind in type(error).__mro__ if kind in table)


def _authenticated(request: Request) -> Request:
    from zonewright.http.auth.authenticate import authenticate

    return replace(request, identity=authenticate(current(), request))


def _facts(request: Request) -> dict[str, Any]:
    """What every line about a request says; nothing that is secret."""
    zone_id = request.parameters.get("zone_id") or request.parameters.get("zoneId")
    facts = {
        "request_id": request.id,
        "method": request.method,
        "route": request.route,
        "path": request.path,
        "zone_id": zone_id,
        "user_id": request.identity.user_id if request.identity else None,
    }
    return {name: value for name, value in facts.items() if value is not None}
