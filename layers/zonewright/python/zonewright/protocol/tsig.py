"""TSIG (RFC 8945): the algorithms, and a TSIG key in clear text."""

import base64
import binascii
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import dns.tsig

ALGORITHMS = {
    "hmac-md5": "hmac-md5.sig-alg.reg.int.",
    "hmac-sha1": "hmac-sha1.",
    "hmac-sha224": "hmac-sha224.",
    "hmac-sha256": "hmac-sha256.",
    "hmac-sha384": "hmac-sha384.",
    "hmac-sha512": "hmac-sha512.",
}
"""The name on the wire of each algorithm (RFC 8945 section 6), by Designate's spelling of it."""


@dataclass(frozen=True, slots=True)
class Key:
    """A TSIG key in clear: an absolute `name`, an `algorithm` of `ALGORITHMS`, a `secret` in base64.

    `id` tells a stored key from every other one, and from itself before a change.
    """

    name: str
    algorithm: str
    secret: str = field(repr=False)
    id: str = ""

    def tsig(self) -> "dns.tsig.Key":
        """Return the key as dnspython signs with it."""
        import dns.tsig

        return dns.tsig.Key(self.name, self.secret, ALGORITHMS[self.algorithm])


def check_secret(text: str) -> str:
    """Return `text` if it is a shared secret: base64 of at least one byte. Raise ValueError otherwise."""
    try:
        octets = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError("a TSIG secret is base64 text") from error
    if not octets:
        raise ValueError("a TSIG secret is not empty")
    return text
