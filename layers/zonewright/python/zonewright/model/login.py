"""What a login asks for, as it was read from a request (contract `keystone.md`, section 2)."""

from dataclasses import dataclass
from enum import StrEnum


class Method(StrEnum):
    """How a caller proves who it is, in Keystone's words."""

    PASSWORD = "password"  # noqa: S105 - the name of a method
    CREDENTIAL = "application_credential"
    TOKEN = "token"  # noqa: S105 - the name of a method


class ScopeKind(StrEnum):
    """What a token is asked for. ABSENT leaves the choice to the service."""

    ABSENT = "absent"
    UNSCOPED = "unscoped"
    PROJECT = "project"
    DOMAIN = "domain"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Named:
    """A user or a project by id, or by name. `ours` is whether its domain is the only one there is."""

    id: str | None = None
    name: str | None = None
    ours: bool = True

    @property
    def text(self) -> str:
        """The id, or else the name."""
        return self.id or self.name or ""


@dataclass(frozen=True, slots=True)
class Scope:
    """What the token is to be for."""

    kind: ScopeKind = ScopeKind.ABSENT
    project: Named | None = None


@dataclass(frozen=True, slots=True)
class Login:
    """A login: how (`method`), as whom, and for what.

    `user` is who logs in by password, or whose credential it is if that is given by name. `credential` names an
    application credential. `secret` is the password, the credential's secret, or the text of a token.
    """

    method: Method
    secret: str
    user: Named | None = None
    credential: Named | None = None
    scope: Scope = Scope()
