"""The frame of every route. It authenticates the caller, renders errors in the dialect, and logs one line.

    event ─▶ Request ─▶ check the query ─▶ authenticate ─▶ rights.check ─▶ dialect.admit ─▶ handler ─▶ Response ─▶ event
                              └───────────────── RequestError ─────────────────▶ dialect.refusal
                              └───────────── anything else: logged ────────────▶ dialect.failure

A route names the check of its query. Errors of path, method and query come before errors of the credentials (contract
`vinyldns.md`, section 2).
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar, overload

from zonewright.errors import RequestError, TooLarge
from zonewright.http import rights
from zonewright.http.message import Event, Request, Response
from zonewright.log import correlate, log
from zonewright.metrics import record
from zonewright.model.payload import MOST
from zonewright.service import Service, current

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

Handler = Callable[[Service, Request], Response]
Check = Callable[[Request], object]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Dialect:
    """The rules of one API.

    `refusal` renders an error of the caller, `failure` an error of the service. `admit` completes a request after
    authentication, `finish` completes every response.
    """

    refusal: Callable[[Request, RequestError], Response]
    failure: Callable[[Request], Response]
    admit: Callable[[Request], Request] = lambda request: request
    finish: Callable[[Request, Response], Response] = lambda _, response: response
    repeatable: bool = False  # a POST may have an Idempotency-Key
    unscoped: bool = False  # a token for no project is taken

    @overload
    def endpoint(self, handler: Handler) -> "Endpoint": ...

    @overload
    def endpoint(
        self, *, public: bool = False, query: Check | None = None, repeatable: bool = False
    ) -> Callable[[Handler], "Endpoint"]: ...

    def endpoint(
        self,
        handler: Handler | None = None,
        *,
        public: bool = False,
        query: Check | None = None,
        repeatable: bool = False,
    ) -> "Endpoint | Callable[[Handler], Endpoint]":
        """Return the Lambda handler of a route. A `public` route needs no credentials. `query` is called first.

        A `repeatable` route may have an Idempotency-Key although it is no POST.
        """

        def wrap(function: Handler) -> Endpoint:
            return Endpoint(self, function, public, query, repeatable)

        return wrap if handler is None else wrap(handler)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A Lambda handler. `function` is the route's own function."""

    dialect: Dialect
    function: Handler
    public: bool = False
    query: Check | None = None
    repeatable: bool = False

    def __call__(self, event: Event, context: "LambdaContext") -> dict[str, Any]:
        """Return the response to one event, in API Gateway's form. Log one line, and count a refusal or a fault.

        No exception leaves it. An error other than RequestError is logged with its trace and answered with a 500.
        """
        began = time.perf_counter()
        request = Request.from_event(event, context.aws_request_id, current().settings.public_url)
        correlate(request.id)
        try:
            if self.query:
                self.query(request)
            if not self.public:
                request = _authenticated(request)
                rights.check(request.caller, request.method, request.route, unscoped=self.dialect.unscoped)
                request = self.dialect.admit(request)
            response = self._answer(request, context)
        except RequestError as error:
            response = self.dialect.refusal(request, error)
        except Exception:  # noqa: BLE001 - the caller needs an answer; the log has the trace
            log().exception("request failed", extra=_facts(request))
            response = self.dialect.failure(request)
        response = self._sendable(request, self.dialect.finish(request, response))
        elapsed = round((time.perf_counter() - began) * 1000, 1)
        made = {"zone_id": response.zone_id} if response.zone_id else {}
        log().info("request", extra=_facts(request) | made | {"status": response.status, "ms": elapsed})
        if response.status >= 400:
            record({"Faults" if response.status >= 500 else "Refusals": 1}, Route=request.route)
        return response.to_event()

    def _sendable(self, request: Request, response: Response) -> Response:
        """Return the response, or the refusal of one that is too large for Lambda. It says if a write was done."""
        size = response.octets
        if size <= MOST:
            return response
        done = "" if request.method == "GET" else "the request was done, but "
        problem = f"{done}the response has {size} octets, and at most {MOST} can be sent"
        export = "GET /v2/zones/{zone_id} with Accept: text/dns returns a link to the whole zone"
        refused = self.dialect.refusal(request, TooLarge(f"{problem}: {export}{response.instead}"))
        return self.dialect.finish(request, refused)

    def _answer(self, request: Request, context: "LambdaContext") -> Response:
        service = current()
        repeatable = self.dialect.repeatable and not self.public  # a response is stored for its caller
        if repeatable and (request.method == "POST" or self.repeatable) and "idempotency-key" in request.headers:
            from zonewright.http.idempotency import once

            return once(service, request, context, lambda: self.function(service, request))
        return self.function(service, request)


def lookup(table: Mapping[type[RequestError], T], error: RequestError) -> T:
    """Return the entry for the error's class, or for its nearest ancestor in the table."""
    return next(table[kind] for kind in type(error).__mro__ if kind in table)


def _authenticated(request: Request) -> Request:
    from zonewright.http.auth.authenticate import authenticate

    service = current()
    return replace(authenticate(service, request), received=service.now())


def _facts(request: Request) -> dict[str, Any]:
    """Return the fields of every log line about a request. None is secret."""
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
