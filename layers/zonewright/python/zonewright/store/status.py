"""The switch that stops the processing of changes, in the table."""

from zonewright.store import vinyldnskeys
from zonewright.store.table import Put, Table


def disabled(table: Table) -> bool:
    """Return whether the processing of changes is stopped."""
    item = table.get(vinyldnskeys.STATUS)
    return bool(item and item["disabled"])


def write(table: Table, *, disabled: bool) -> None:
    """Stop the processing of changes, or let it go on."""
    table.write(Put({**vinyldnskeys.STATUS, "disabled": disabled}))
