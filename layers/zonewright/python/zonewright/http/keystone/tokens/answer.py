"""Types of the answers about tokens, and of the catalog."""

from typing import Annotated, Literal, NotRequired, TypedDict

from zonewright.http.formats import Links, Url
from zonewright.http.keystone.answers import DomainFields, LoginTime
from zonewright.http.schema import Schema

Role = Literal["reader", "member", "manager", "admin", "support"]


class RoleFields(TypedDict):
    """A role. Its id is its name."""

    id: Role
    name: Role


class EndpointFields(TypedDict):
    """Where a service is. All interfaces have the same URL."""

    id: str
    interface: Literal["public", "internal", "admin"]
    region: str
    region_id: str
    url: Url


class ServiceFields(TypedDict):
    """A service of the catalog."""

    id: str
    name: Literal["zonewright", "keystone"]
    type: Literal["dns", "identity"]
    endpoints: Annotated[list[EndpointFields], Schema(minItems=3, maxItems=3)]


Catalog = Annotated[list[ServiceFields], Schema("Catalog")]


class TokenUser(TypedDict):
    """The user of a token."""

    id: str
    name: str
    domain: DomainFields
    password_expires_at: None


class TokenProject(TypedDict):
    """The project of a token."""

    id: str
    name: str
    domain: DomainFields


class TokenCredential(TypedDict):
    """The application credential that bought a token."""

    id: str
    name: str
    restricted: Literal[True]


class SystemScope(TypedDict):
    """The scope of a token of the whole system."""

    all: Literal[True]


class TokenFields(TypedDict):
    """What a token is for. An unscoped one has neither project nor roles nor catalog."""

    methods: list[str]
    user: TokenUser
    audit_ids: list[str]
    issued_at: LoginTime
    expires_at: LoginTime
    is_domain: NotRequired[Literal[False]]
    project: NotRequired[TokenProject]
    system: NotRequired[SystemScope]
    roles: NotRequired[list[RoleFields]]
    catalog: NotRequired[Catalog]
    application_credential: NotRequired[TokenCredential]


class OneToken(TypedDict):
    """A token. Its text is in the header X-Subject-Token."""

    token: TokenFields


class CatalogAnswer(TypedDict):
    """The catalog."""

    catalog: Catalog
    links: Links
