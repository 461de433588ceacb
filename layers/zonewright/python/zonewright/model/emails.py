"""The e-mail addresses that the VinylDNS dialect takes for groups and zones (contract `vinyldns.md`, section 4.1.2).

check("joe@eu.example.org", Rules(("example.com", "*example.org"), dots=2))
"""

import re
from dataclasses import dataclass

from zonewright.errors import EmailDomainRefused, EmailMalformed, TooManyEmailDots

LONGEST = 320
"""Characters of an address: 64 before the `@`, and 255 behind it (RFC 5321 section 4.5.3.1)."""

_LABEL = "[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
_EMAIL = re.compile(rf"[a-zA-Z0-9_+!&-]+(?:\.[a-zA-Z0-9_+!&-]+)*@({_LABEL}(?:\.{_LABEL})+)")
_WILDCARD = "*"


@dataclass(frozen=True, slots=True)
class Rules:
    """What the operator allows behind the `@`.

    `domains` are the only ones that are allowed; none allows all. One that begins with `*` allows what ends like it.
    If any of them does, all of them do, as in VinylDNS. `dots` is the most dots, None for any number.
    """

    domains: tuple[str, ...] = ()
    dots: int | None = None

    @property
    def endings(self) -> tuple[str, ...]:
        """The domains without their wildcards."""
        return tuple(domain.replace(_WILDCARD, "") for domain in self.domains)

    def allow(self, domain: str) -> bool:
        """Return whether an address may be in a domain, in any case of letters. Dots are not counted here."""
        folded = domain.casefold()
        endings = tuple(each.casefold() for each in self.endings)
        if any(_WILDCARD in each for each in self.domains):
            return folded.endswith(endings)
        return not endings or folded in endings


def check(email: str, rules: Rules) -> None:
    """Raise EmailMalformed, TooManyEmailDots or EmailDomainRefused, the first that applies."""
    found = _EMAIL.fullmatch(email) if len(email) <= LONGEST else None
    if found is None:
        raise EmailMalformed
    domain = found[1]
    if rules.dots is not None and domain.count(".") > rules.dots:
        raise TooManyEmailDots(most=rules.dots)
    if not rules.allow(domain):
        raise EmailDomainRefused(domains=rules.endings)
