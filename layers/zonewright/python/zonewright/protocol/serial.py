"""SOA serials: 32 bits that wrap, compared by RFC 1982 section 3.2 and never with `<`."""

MODULUS = 1 << 32
HALF = 1 << 31


def newer(left: int, right: int) -> bool:
    """Is `left` after `right`? False for equal ones and for the pair RFC 1982 leaves undefined."""
    return 0 < (left - right) % MODULUS < HALF


def following(serial: int | None, now: int) -> int:
    """The serial of the next change: `now` in epoch seconds, or one more where that would not rise."""
    candidate = now % MODULUS or 1
    if serial is None or newer(candidate, serial):
        return candidate
    return (serial + 1) % MODULUS or 1
