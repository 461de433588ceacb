"""What can be wrong with an e-mail address (`model/emails.py`)."""

from collections.abc import Sequence

from zonewright.faults.invalid import Invalid


class EmailRefused(Invalid):
    """The operator's rules do not take this e-mail address."""


class EmailMalformed(EmailRefused):
    """The text is no e-mail address, or has no dot behind its `@`."""


class EmailDomainRefused(EmailRefused):
    """The domain of the address ends in none of `domains`."""

    domains: Sequence[str]


class TooManyEmailDots(EmailRefused):
    """The domain of the address has more than `most` dots."""

    most: int
