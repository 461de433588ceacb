"""How far the sweeper's pass over all objects is: one item, so that a run goes on where the last one stopped."""

from dataclasses import dataclass
from datetime import datetime

from zonewright import clock
from zonewright.store import keys
from zonewright.store.table import Put, Table


@dataclass(frozen=True, slots=True)
class Pass:
    """A pass that `began` at a moment and has swept the zones up to the id `after`; all of them where it is `over`."""

    began: datetime
    after: str = ""
    over: bool = False


def get(table: Table) -> Pass | None:
    """The latest pass; None before the first."""
    item = table.get(keys.SWEEP)
    return Pass(clock.from_text(item["began"]), item["after"], item["over"]) if item else None


def put(table: Table, at: Pass) -> None:
    """Note how far it is; two at a time sweep some zones twice, which harms nothing."""
    table.write(Put({**keys.SWEEP, "began": clock.to_text(at.began), "after": at.after, "over": at.over}))
