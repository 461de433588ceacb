"""Show application credentials."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from zonewright import clock
from zonewright.http.keystone import views
from zonewright.http.message import Request, Response
from zonewright.model.credentials import Credential

if TYPE_CHECKING:
    from zonewright.http.keystone.credentials.answer import CredentialFields, NewCredentialAnswer, OneCredential
    from zonewright.http.keystone.tokens.answer import Role


def credential(request: Request, shown: Credential) -> Response:
    """Return an application credential."""
    answer: OneCredential = {"application_credential": _fields(request, shown)}
    return Response.json(200, answer)


def created(request: Request, made: Credential, secret: str) -> Response:
    """Return a new application credential, with its secret."""
    answer: NewCredentialAnswer = {"application_credential": {**_fields(request, made), "secret": secret}}
    return Response.json(201, answer)


def credential_list(request: Request, found: Sequence[Credential]) -> Response:
    """Return the application credentials of a user."""
    return views.page(request, "application_credentials", [_fields(request, each) for each in found])


def deleted() -> Response:
    """Return the answer to an application credential that was deleted."""
    return Response(204)


def _fields(request: Request, shown: Credential) -> "CredentialFields":
    role: Role = "reader" if shown.reader else "member"
    path = f"/v3/users/{shown.user_id}/application_credentials/{shown.id}"
    return {
        "id": shown.id,
        "name": shown.name,
        "description": shown.description,
        "project_id": shown.group_id,
        "roles": [{"id": role, "name": role}],
        "expires_at": clock.to_text(shown.expires) if shown.expires else None,
        "unrestricted": False,
        "access_rules": None,
        "links": views.links(request, path),
    }
