"""Types of the answers about application credentials."""

from typing import Literal, TypedDict

from zonewright.http.formats import Links
from zonewright.http.keystone.answers import LoginTime, PageLinks
from zonewright.http.keystone.tokens.answer import RoleFields


class CredentialFields(TypedDict):
    """An application credential."""

    id: str
    name: str
    description: str | None
    project_id: str
    roles: list[RoleFields]
    expires_at: LoginTime | None
    unrestricted: Literal[False]
    access_rules: None
    links: Links


class NewCredentialFields(CredentialFields):
    """A new application credential, with its secret. It is shown once."""

    secret: str


class OneCredential(TypedDict):
    """An application credential."""

    application_credential: CredentialFields


class NewCredentialAnswer(TypedDict):
    """A new application credential."""

    application_credential: NewCredentialFields


class Credentials(TypedDict):
    """The application credentials of a user."""

    application_credentials: list[CredentialFields]
    links: PageLinks
