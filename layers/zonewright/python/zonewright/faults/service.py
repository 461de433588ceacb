"""Errors about the service as a whole."""

from zonewright.faults.callers import NotAuthorized
from zonewright.faults.invalid import MalformedQuery


class NotSystemAdmin(NotAuthorized):
    """The caller is neither a super user nor a support user."""

    user: str


class MissingParameter(MalformedQuery):
    """The query lacks a parameter that the route needs."""

    parameter: str
