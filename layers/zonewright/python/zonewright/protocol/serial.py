"""SOA serials: 32 bits that wrap. Compare them by RFC 1982 section 3.2, never with `<`."""

MODULUS = 1 << 32
HALF = 1 << 31


def newer(left: int, right: int) -> bool:
    """Return whether `left` is after `right`. Equal serials and the undefined pair (RFC 1982) are not."""
    return 0 < (left - right) % MODULUS < HALF


def ahead(left: int, right: int) -> int:
    """Return by how much `left` is after `right`, 0 if it is not."""
    return (left - right) % MODULUS if newer(left, right) else 0


def following(serial: int | None, now: int) -> int:
    """Return the serial of the next change: `now` in epoch seconds, or one more than `serial` if that is newer.

    `serial` is the present one, None for a new zone. The result is never 0.
    """
    candidate = now % MODULUS or 1
    if serial is None or newer(candidate, serial):
        return candidate
    return (serial + 1) % MODULUS or 1
