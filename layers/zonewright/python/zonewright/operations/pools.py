"""The operator's commands for pools: bring the stored pools to what a file says, show and delete them.

The zones of a pool with targets are delivered anew, so that each target gets what it lacks. `delivering` is how many.

A file is read and checked as a whole before anything is written. Each pool is then written by itself, under the
condition that it is as it was compared. Pools that the file leaves out stay as they are.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from zonewright import clock
from zonewright.actions import catalogs, pools
from zonewright.errors import Invalid, PoolNotFound, Reason
from zonewright.model import pool, poolfile
from zonewright.model.pool import Pool
from zonewright.model.tsigkey import Scope
from zonewright.operations import deliveries, files
from zonewright.service import Service
from zonewright.store import pools as store
from zonewright.store import tsigkeys

Document = dict[str, Any]


def apply(service: Service, file: str, *, dry_run: bool) -> Document:
    """Make the stored pools as a pool file says, or only tell the differences. Return what changes in each pool.

    Raise Invalid with every reason for a file that is wrong, or that names no TSIG key of the pool. Raise PoolChanged
    or TsigKeyNotFound if others were faster; the pools before that one are written then.
    """
    present = pools.every(service)
    wanted = poolfile.read(files.loaded(file), present, service.settings)
    _check_keys(service, wanted)
    return {
        "dryRun": dry_run,
        "pools": [_applied(service, each, present, dry_run=dry_run) for each in wanted],
        "leftAsTheyAre": [each.name for each in present if each.id not in {new.id for new in wanted}],
    }


def listing(service: Service) -> list[Document]:
    """Return all pools, with the number of their targets and of their zones."""
    found = pools.every(service)
    counts = pools.zone_counts(service, found)
    return [
        {"id": each.id, "name": each.name, "targets": len(each.targets), "zones": counts[each.id]} for each in found
    ]


def show(service: Service, named: str) -> Document:
    """Return a pool, by its name or id: as a pool file has it, its times and its zones. Raise PoolNotFound."""
    found = _named(service, named)
    return {
        "pool": pool.document(found),
        "created": clock.to_text(found.created) if found.created else None,
        "updated": clock.to_text(found.updated) if found.updated else None,
        "zones": pools.zone_counts(service, [found])[found.id],
    }


def delete(service: Service, named: str) -> Document:
    """Delete a pool without zones, by its name or id. Raise PoolNotFound, PoolInUse or PoolChanged."""
    found = _named(service, named)
    if found.created is None:
        raise Invalid("the pool of the parameters PoolId and NameServers is not stored, and cannot be deleted")
    pools.delete(service, found)
    return {"id": found.id, "name": found.name}


def _applied(service: Service, new: Pool, present: Iterable[Pool], *, dry_run: bool) -> Document:
    """Write a pool if it differs from the stored one, unless `dry_run`. Return the differences."""
    old = next((each for each in present if each.id.lower() == new.id), None)
    stored = old if old and old.created else None
    changed = pool.differences(old, new)
    if not dry_run and (changed or stored is None):
        new = store.put(service.table, new, stored, service.now())
        if new.catalog_zone and new.catalog_id is None:
            new = _catalogued(service, new)
    done = "create" if stored is None else "update" if changed else "none"
    pushed = bool(new.targets or (old and old.targets))
    delivering = deliveries.enrol(service, new) if pushed and not dry_run else 0
    return {"id": new.id, "name": new.name, "change": done, "differences": changed, "delivering": delivering}


def _catalogued(service: Service, new: Pool) -> Pool:
    """Make the catalog zone of a stored pool, with the zones that it has. Return the pool as it is stored then."""
    listed = store.put(service.table, replace(new, catalog_id=catalogs.made(service, new).id), new, service.now())
    catalogs.filled(service, listed, deliveries.zones_of(service, listed))
    return listed


def _named(service: Service, named: str) -> Pool:
    for each in pools.every(service):
        if named.lower() in (each.id.lower(), each.name.lower()):
            return each
    raise PoolNotFound(pool=named)


def _check_keys(service: Service, wanted: Iterable[Pool]) -> None:
    """Raise Invalid for each id that is that of no TSIG key of the pool. The key of a zone is its owner's secret."""
    reasons = []
    for each in wanted:
        for key_id in sorted(each.key_ids):
            key = tsigkeys.get(service.table, key_id)
            if key is None or key.scope is not Scope.POOL:
                problem = "is the key of a zone" if key else "does not exist"
                reasons.append(Reason(f"pool {each.name}: TSIG key {key_id} {problem}"))
    if reasons:
        raise Invalid(reasons=reasons)
