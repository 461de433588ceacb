"""Types of the answers about users."""

from typing import Literal, TypedDict

from zonewright.http.formats import Links


class UserFields(TypedDict):
    """A user."""

    id: str
    name: str
    email: str | None
    domain_id: Literal["default"]
    enabled: bool
    password_expires_at: None
    options: dict[str, str]
    links: Links


class OneUser(TypedDict):
    """A user."""

    user: UserFields
