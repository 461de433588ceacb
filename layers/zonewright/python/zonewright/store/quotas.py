"""The quotas of projects in the table. A project without a quota of its own has the deployment's."""

from collections.abc import Mapping
from dataclasses import asdict, replace

from zonewright.errors import GroupNotFound
from zonewright.model.quotas import Quotas
from zonewright.model.settings import Settings
from zonewright.store import keys
from zonewright.store.conditions import PRESENT
from zonewright.store.table import Check, ConditionFailed, Delete, Table, Update


def get(table: Table, settings: Settings, group_id: str) -> Quotas:
    """Return the quotas of a project."""
    own = table.get(keys.quotas(group_id)) or {}
    return replace(settings.quotas, **{name: own[name] for name in asdict(settings.quotas) if name in own})


def change(table: Table, group_id: str, changes: Mapping[str, int]) -> None:
    """Set quotas of a project, by name. Raise GroupNotFound."""
    try:
        table.write(Update(keys.quotas(group_id), set=changes), Check(keys.group(group_id), PRESENT))
    except ConditionFailed as error:
        raise GroupNotFound(group=group_id) from error


def reset(table: Table, group_id: str) -> None:
    """Give a project the deployment's quotas again."""
    table.write(Delete(keys.quotas(group_id)))
