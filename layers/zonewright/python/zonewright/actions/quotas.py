"""How much a project may have: what its quotas are, and what an operator makes of them."""

from collections.abc import Mapping

from zonewright.model.quotas import Quotas
from zonewright.model.settings import Settings
from zonewright.store import quotas
from zonewright.store.table import Table


def of(table: Table, settings: Settings, group_id: str | None) -> Quotas:
    """The quotas of a project; of none in particular, the deployment's."""
    return settings.quotas if group_id is None else quotas.get(table, settings, group_id)


def change(table: Table, settings: Settings, group_id: str, changes: Mapping[str, int]) -> Quotas:
    """Give a project quotas of its own, by name: all it has afterwards. Raises GroupNotFound."""
    if changes:
        quotas.change(table, group_id, changes)
    return of(table, settings, group_id)


def reset(table: Table, group_id: str) -> None:
    """Let a project have the deployment's quotas again."""
    quotas.reset(table, group_id)
