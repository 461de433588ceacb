"""The quotas of projects in the table; a project without an item of its own has the deployment's."""

from zonewright.quotas import Quotas
from zonewright.settings import Settings
from zonewright.store.table import Table


def get(_table: Table, _settings: Settings, _group_id: str) -> Quotas:
    """The quotas of a project."""
    return Quotas()
