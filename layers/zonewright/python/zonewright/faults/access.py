"""Errors about the access rules of zones."""

from zonewright.faults.invalid import Invalid


class InvalidAclRule(Invalid):
    """No zone may have this access rule."""


class AclTooLarge(Invalid):
    """The zone would have more access rules than it may have."""
