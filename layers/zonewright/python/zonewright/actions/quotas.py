"""Quotas of projects: read, change and reset them."""

from collections.abc import Mapping

from zonewright.model.quotas import Quotas
from zonewright.service import Service
from zonewright.store import quotas


def of(service: Service, group_id: str | None) -> Quotas:
    """Return the quotas of a project; the deployment's if `group_id` is None."""
    if group_id is None:
        return service.settings.quotas
    return quotas.get(service.table, service.settings, group_id)


def change(service: Service, group_id: str, changes: Mapping[str, int]) -> Quotas:
    """Set some of a project's own quotas, by name. Return all quotas of the project. Raise GroupNotFound."""
    if changes:
        quotas.change(service.table, group_id, changes)
    return of(service, group_id)


def reset(service: Service, group_id: str) -> None:
    """Delete a project's own quotas, so that the deployment's apply."""
    quotas.reset(service.table, group_id)
