"""Show tokens and the catalog (contract `keystone.md`, section 3)."""

from typing import TYPE_CHECKING

from zonewright import clock
from zonewright.actions.logins import Grant
from zonewright.http.keystone.views import DOMAIN, links
from zonewright.http.message import Request, Response
from zonewright.model.users import Group, User

if TYPE_CHECKING:
    from zonewright.http.keystone.tokens.answer import (
        Catalog,
        CatalogAnswer,
        EndpointFields,
        OneToken,
        Role,
        RoleFields,
        ServiceFields,
        TokenFields,
    )


def made(request: Request, grant: Grant, region: str) -> Response:
    """Return a new token, with its text in the header."""
    return _token(request, grant, grant.text, region, 201)


def shown(request: Request, grant: Grant, text: str, region: str) -> Response:
    """Return a token that the caller asked about, with its text in the header."""
    return _token(request, grant, text, region, 200)


def revoked() -> Response:
    """Return the answer to a token that was deleted."""
    return Response(204)


def catalog(request: Request, region: str) -> Response:
    """Return the catalog."""
    answer: CatalogAnswer = {"catalog": _catalog(request, region), "links": links(request, "/v3/auth/catalog")}
    return Response.json(200, answer)


def _token(request: Request, grant: Grant, text: str, region: str, status: int) -> Response:
    token, user = grant.token, grant.user
    assert token.expires is not None, "a token that is shown has an end"
    fields: TokenFields = {
        "methods": list(token.methods) or ["token"],
        "user": {"id": user.id, "name": user.name, "domain": DOMAIN, "password_expires_at": None},
        "audit_ids": list(token.audits),
        "issued_at": clock.to_text(token.created),
        "expires_at": clock.to_text(token.expires),
    }
    if grant.group:
        fields["is_domain"] = False
        fields["project"] = {"id": grant.group.id, "name": grant.group.name, "domain": DOMAIN}
    if token.system:
        fields["system"] = {"all": True}
    if not token.is_unscoped:
        fields["roles"] = _roles(user, grant.group, reader=token.reader)
        if "nocatalog" not in request.query:
            fields["catalog"] = _catalog(request, region)
    if grant.credential:
        own = grant.credential
        fields["application_credential"] = {"id": own.id, "name": own.name, "restricted": True}
    answer: OneToken = {"token": fields}
    return Response.json(status, answer, {"x-subject-token": text})


def _roles(user: User, group: Group | None, *, reader: bool) -> "list[RoleFields]":
    """Return the roles of a user in a group. They tell clients what there is; no right comes from them."""
    held: dict[Role, bool] = {
        "member": group is not None and not reader,
        "reader": True,
        "manager": group is not None and user.id in group.admin_ids and not reader,
        "admin": user.is_super and not reader,
        "support": user.is_support,
    }
    return [{"id": role, "name": role} for role, has in held.items() if has]


def _catalog(request: Request, region: str) -> "Catalog":
    """Return the two services. The URL of `dns` is the root, because clients append the version."""
    dns: ServiceFields = {
        "id": "dns",
        "name": "zonewright",
        "type": "dns",
        "endpoints": _endpoints("dns", request.base_url, region),
    }
    identity: ServiceFields = {
        "id": "identity",
        "name": "keystone",
        "type": "identity",
        "endpoints": _endpoints("identity", f"{request.base_url}/v3", region),
    }
    return [dns, identity]


def _endpoints(service: str, url: str, region: str) -> "list[EndpointFields]":
    return [
        {"id": f"{service}-public", "interface": "public", "region": region, "region_id": region, "url": url},
        {"id": f"{service}-internal", "interface": "internal", "region": region, "region_id": region, "url": url},
        {"id": f"{service}-admin", "interface": "admin", "region": region, "region_id": region, "url": url},
    ]
