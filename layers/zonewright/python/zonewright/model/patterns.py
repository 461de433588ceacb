"""Regular expressions of callers, which must match in bounded time.

RE2 matches in time that grows with the text, never with the number of ways to match. So it knows neither look-around
nor back references, and this module refuses them. See decision 21 (`docs/decisions/`).
"""

import functools
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import re2

LONGEST = 1000
"""Characters of an expression."""

_BYTES = 131_072
"""Memory of one expression. A larger one would take longer to match: here 3 ms at most for a name of 255 characters."""

_BRACED = re.compile(
    r"\\[pPx]\{[^}]*\}"  # a class of Unicode, a code point
    r"|\\Q.*?(?:\\E|$)"  # quoted text
    r"|\\."
    r"|\[\^?\]?(?:\\.|[^\]\\])*\]"  # a class
    r"|\{\d+(?:,\d*)?\}",  # a quantifier
    re.DOTALL,
)
"""Where an expression may have a brace. VinylDNS's Java refuses any other one, such as that of `x{5,-3}`."""


def invalid(text: str) -> str | None:
    """Return why a text cannot be used as an expression, or None."""
    if len(text) > LONGEST:
        return f"it has {len(text)} characters, and may have {LONGEST}"
    if "{" in _BRACED.sub("", text):
        return "a brace begins no quantifier"
    import re2  # 5 ms, which most requests do not need

    try:
        compiled(text)
    except re2.error as error:
        return str(error.args[0].decode(errors="replace"))
    except UnicodeEncodeError:
        return "it is no Unicode text"
    return None


def matches(text: str, whole: str) -> bool:
    """Return whether an expression matches a whole text, in any case of letters. An invalid one matches nothing."""
    try:
        return invalid(text) is None and compiled(text).fullmatch(whole) is not None
    except UnicodeEncodeError:
        return False


def any_matches(texts: tuple[str, ...], whole: str) -> bool:
    """Return whether one of some valid expressions matches a whole text, in any case of letters."""
    try:
        return any(each.fullmatch(whole) for each in _all_compiled(texts))
    except UnicodeEncodeError:
        return False


@functools.lru_cache(maxsize=16)
def _all_compiled(texts: tuple[str, ...]) -> "tuple[re2._Regexp[str], ...]":
    return tuple(map(compiled, texts))


@functools.lru_cache(maxsize=256)
def compiled(text: str) -> "re2._Regexp[str]":
    """Return an expression that ignores the case of letters. Raise re2.error if it is none."""
    import re2

    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    options.max_mem = _BYTES
    return re2.compile(text, options)
