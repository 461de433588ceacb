"""What a token lets its bearer do at all, whatever the thing: one rule for every route of every dialect."""

from zonewright.errors import NoScope, OnlyReads
from zonewright.model.users import Caller

READS = frozenset({"GET", "HEAD"})
"""The methods that only read. A POST that reads too would need a row in a table here; there is none."""

OWN = frozenset({"DELETE /v3/auth/tokens"})
"""Routes by which a reader may write: the end of its own token."""


def check(caller: Caller, method: str, route: str, *, unscoped: bool) -> None:
    """Raise OnlyReads if a reader would write.

    Raise NoScope if the token is for no project, unless the dialect takes `unscoped` ones.
    """
    token = caller.token
    if token is None:
        return
    if token.is_unscoped and not unscoped:
        raise NoScope("the token is for no project: name a project at the login")
    if token.reader and method not in READS and route not in OWN:
        raise OnlyReads(f"user {caller.user_name} has the role reader here, and may only read")
