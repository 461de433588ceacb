"""Errors of the transfer from a primary, and of the sync that holds its zone."""

from zonewright.faults.meaning import TransferError, ZonewrightError


class PrimaryForbidden(TransferError):
    """The address is outside the networks that this service may reach."""


class PrimaryUnreachable(TransferError):
    """The primary accepts no connection, or its host name does not resolve."""


class PrimaryUntrusted(TransferError):
    """No TLS session with the primary: its certificate or its protocol is not accepted."""


class TransferRefused(TransferError):
    """The primary answered with an error code."""


class TransferTimedOut(TransferError):
    """The primary fell silent, or the transfer took longer than it may."""


class TransferCut(TransferError):
    """The stream ended before the closing SOA."""


class TransferMalformed(TransferError):
    """A message is not DNS, or does not answer the question asked."""


class TransferMixed(TransferError):
    """The closing SOA differs from the opening one: the zone changed during the transfer."""


class IncrementUnfit(TransferError):
    """An increment (RFC 1995) does not fit the contents we hold."""


class WrongZone(TransferError):
    """The primary answered for another zone."""


class SignatureFailed(TransferError):
    """The TSIG of a message is missing or does not verify (RFC 8945)."""


class ZoneIncomplete(TransferError):
    """The apex has no SOA or no NS, so the zone is not published (RFC 1035 section 5.2)."""


class ZoneTooLarge(TransferError):
    """The zone has more records than a guard allows, or more chunks than a version can hold."""


class TooMuchMoved(TransferError):
    """A sync would delete or change a greater share of the record sets than a guard allows."""


class SerialOlder(TransferError):
    """The primary has an older serial than the zone (RFC 1982). Only a forced sync takes its contents."""


class SyncLost(ZonewrightError):
    """The sync no longer holds the zone: its lease ran out and another writer took over."""


class TaskFault(Exception):
    """A workflow task failed for a reason without a class here. The log has the trace."""
