"""The dialect of Keystone: `@dialect.endpoint`, its errors, and headers that every answer has.

Contract `keystone.md`, section 6. An error has the one form that keystoneauth reads: `{"error": {"code", "title",
"message"}}`.
"""

from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING, TypeVar

from zonewright.errors import (
    AccountLocked,
    CredentialExists,
    CredentialNotFound,
    Exists,
    GroupNotFound,
    Invalid,
    LoginRefused,
    MethodNotAllowed,
    MethodNotOffered,
    NotAuthenticated,
    NotAuthorized,
    NotFound,
    OverQuota,
    PathNotFound,
    RequestError,
    ScopeRefused,
    TokenNotFound,
    TooLarge,
    TooManyRequests,
)
from zonewright.http.endpoint import Dialect, lookup
from zonewright.http.message import Request, Response
from zonewright.http.routes import OLD_LOGINS

if TYPE_CHECKING:
    from zonewright.http.keystone.answers import ErrorAnswer

Fields = TypeVar("Fields", bound=Mapping[str, object])

ERRORS: dict[type[RequestError], HTTPStatus] = {
    RequestError: HTTPStatus.BAD_REQUEST,
    Invalid: HTTPStatus.BAD_REQUEST,
    NotAuthenticated: HTTPStatus.UNAUTHORIZED,
    NotAuthorized: HTTPStatus.FORBIDDEN,
    OverQuota: HTTPStatus.FORBIDDEN,
    NotFound: HTTPStatus.NOT_FOUND,
    MethodNotAllowed: HTTPStatus.METHOD_NOT_ALLOWED,
    Exists: HTTPStatus.CONFLICT,
    TooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    TooManyRequests: HTTPStatus.TOO_MANY_REQUESTS,
}
"""The status of each error."""

WORDS: dict[type[RequestError], str] = {
    RequestError: "{e.message}",
    NotAuthenticated: "The request you have made requires authentication: {e.why}",
    AccountLocked: "{e.why}",
    LoginRefused: (
        "Authentication failed: the credential, its secret, or its access to the project is not right"  # one for all
    ),
    MethodNotOffered: "Authentication method '{e.method}' is not offered",
    ScopeRefused: "{e.why}",
    PathNotFound: "The path {e.path} does not exist",
    TokenNotFound: "Could not find token: it is unknown, over or revoked",
    GroupNotFound: "Could not find project: {e.group}",
    CredentialNotFound: "Could not find application credential: {e.credential}",
    CredentialExists: "The user has an application credential named {e.name} already",
    OverQuota: "{e.quota}: {e.why}",
    TooManyRequests: "{e.why}",
}
"""Our words for each error, with its values as `e`."""


def refusal(request: Request, error: RequestError) -> Response:
    """Return an error of the caller in Keystone's form."""
    headers = {"allow": ", ".join(error.allowed)} if isinstance(error, MethodNotAllowed) else {}
    if isinstance(error, TooManyRequests):
        headers["retry-after"] = str(error.after)
    return _error(lookup(ERRORS, error), _text(request, error), headers)


def failure(_: Request) -> Response:
    """Return an internal error. The log has the details under the request id."""
    return _error(HTTPStatus.INTERNAL_SERVER_ERROR, "An internal error; the service's log has it", {})


def finish(request: Request, response: Response) -> Response:
    """Return the response with the headers that every answer has. That to HEAD has no body."""
    headers = {
        "vary": "X-Auth-Token",
        "cache-control": "no-store",
        **response.headers,
        "x-openstack-request-id": f"req-{request.id}",
    }
    return replace(response, headers=headers, body="" if request.method == "HEAD" else response.body)


DIALECT = Dialect(refusal, failure, finish=finish, unscoped=True)
endpoint = DIALECT.endpoint


def _error(status: HTTPStatus, message: str, headers: Mapping[str, str]) -> Response:
    answer: ErrorAnswer = {"error": {"code": int(status), "title": status.phrase, "message": message}}
    return Response.json(int(status), answer, headers)


def _text(request: Request, error: RequestError) -> str:
    if isinstance(error, PathNotFound) and request.path.rstrip("/") in OLD_LOGINS:
        return f"This is Identity v3: set the auth URL to {request.base_url}/v3"
    return lookup(WORDS, error).format(e=error)
