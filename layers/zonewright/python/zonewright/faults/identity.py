"""Errors of logins, tokens and application credentials."""

from zonewright.faults.callers import NotAuthenticated, NotAuthorized, TooManyRequests
from zonewright.faults.conflicts import Exists
from zonewright.faults.missing import NotFound


class LoginRefused(NotAuthenticated):
    """The user, the secret, the project or the domain of a login is wrong. Which of them is not told."""


class MethodNotOffered(NotAuthenticated):
    """A login asks for a method that there is not, or that the operator turned off."""

    method: str


class ScopeRefused(NotAuthenticated):
    """The secret of a login is right, and what it asks for is not for this user or this credential."""


class TooManyGuesses(TooManyRequests):
    """Too many logins failed of late for this user, or from this address."""


class OnlyReads(NotAuthorized):
    """The credentials have the role `reader`, and the request would write."""


class NoScope(NotAuthorized):
    """The token is for no project, and the route is about the things of one."""


class TokenNotFound(NotFound):
    """No such token: it is unknown, over or revoked."""


class CredentialNotFound(NotFound):
    """No such application credential of this user."""

    credential: str


class CredentialExists(Exists):
    """The user has an application credential of this name."""

    name: str
