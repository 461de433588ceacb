"""Render zones below /v2 (contract `designate.md`, sections 3 and 4)."""

from dataclasses import replace
from typing import TYPE_CHECKING

from zonewright.http import conditional
from zonewright.http.designate.pools.view import ns_records
from zonewright.http.designate.views import CREATED, UPDATED, page, time, zone_url
from zonewright.http.message import Request, Response
from zonewright.model.settings import Settings
from zonewright.model.states import State
from zonewright.model.zone import Zone, ZoneType

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from zonewright.actions import zone_lists
    from zonewright.http.designate.zones.answer import (
        Action,
        CopyingFields,
        GuardFields,
        NameServers,
        Status,
        ZoneDocument,
        ZoneFields,
    )
    from zonewright.model.guards import OwnGuards
    from zonewright.model.pool import NsRecord
    from zonewright.model.selection import Selection

_STATUS: "dict[State, Status]" = {
    State.ACTIVE: "ACTIVE",
    State.SYNCING: "PENDING",
    State.PENDING_UPDATE: "PENDING",
    State.ERROR: "ERROR",
    State.DELETED: "PENDING",  # clients wait for PENDING/DELETE, and then for a 404
}


def status(zone: Zone, now: "datetime") -> "Status":
    """Return the status of a zone at `now`. An expired copy is in error, although its contents stay readable.

    A zone that is pushed is pending until name servers have it.
    """
    if zone.state is not State.ACTIVE:
        return _STATUS[zone.state]
    if zone.expired(now) or (zone.delivered and zone.delivered.failure):
        return "ERROR"
    return "PENDING" if zone.undelivered else "ACTIVE"


def tag(request: Request, settings: Settings, zone: Zone) -> str:
    """Return the entity tag of a zone as JSON: of its state, and of all that is shown of it."""
    return _tag(zone, shown(request, settings, zone))


def _tag(zone: Zone, response: Response) -> str:
    return conditional.tag(zone.fingerprint, shown=response.body)


def _tagged(zone: Zone, response: Response) -> Response:
    return replace(response, headers={**response.headers, "etag": _tag(zone, response)})


def created(request: Request, settings: Settings, zone: Zone) -> Response:
    """Return a new zone, with its URL in `Location`."""
    location = {"location": zone_url(request, zone.id)}
    document = zone_document(request, settings, zone)
    response = Response.json(CREATED[settings.designate_release], document, location)
    return _tagged(zone, replace(response, zone_id=zone.id))


def shown(request: Request, settings: Settings, zone: Zone) -> Response:
    """Return a zone."""
    return Response.json(200, zone_document(request, settings, zone))


def updated(request: Request, settings: Settings, zone: Zone) -> Response:
    """Return a changed zone."""
    document = zone_document(request, settings, zone)
    return _tagged(zone, Response.json(UPDATED[settings.designate_release], document))


def restored(request: Request, settings: Settings, zone: Zone) -> Response:
    """Return a zone with restored contents. The status is the same in both releases."""
    return _tagged(zone, Response.json(202, zone_document(request, settings, zone)))


def deleted(request: Request, settings: Settings, zone: Zone) -> Response:
    """Return the answer to a deletion: no body in the release `seed`, the deleted zone in `current`."""
    if settings.designate_release == "seed":
        return Response(204)
    return Response.json(202, zone_document(request, settings, zone))


def abandoned() -> Response:
    """Return the answer to an abandonment. It is the same in both releases."""
    return Response(204)


def zone_list(request: Request, settings: Settings, wanted: "Selection[Zone]", found: "zone_lists.Page") -> Response:
    """Return a page of zones."""
    documents = (zone_fields(request, settings, zone) for zone in found.zones)
    return page(request, "zones", documents, wanted, found.total)


def name_servers(servers: "Sequence[NsRecord]") -> Response:
    """Return the name servers of a zone."""
    answer: NameServers = {"nameservers": ns_records(servers)}
    return Response.json(200, answer)


def transferring() -> Response:
    """Return the answer to a request for a sync. The zone shows its progress."""
    return Response(202)


def zone_document(request: Request, settings: Settings, zone: Zone) -> "ZoneDocument":
    """Return a single zone: flat for today's clients, and under `zone` for clients of the first release."""
    fields = zone_fields(request, settings, zone)
    return {**fields, "zone": fields}


def zone_fields(request: Request, settings: Settings, zone: Zone) -> "ZoneFields":
    """Return the fields of a zone. A SECONDARY zone also has its schedule and guards, which Designate lacks."""
    shown = status(zone, request.received)
    return {
        "id": zone.id,
        "pool_id": zone.pool_id or settings.pool_id,
        "project_id": zone.group_id,
        "name": zone.name,
        "email": zone.email,
        "ttl": zone.ttl,
        "serial": zone.serial or 0,
        "status": shown,
        "status_message": zone.trouble(request.received),
        "action": _action(zone, shown),
        "description": zone.description,
        "version": zone.revision,
        "type": zone.type,
        "masters": [str(primary) for primary in zone.primaries],
        "attributes": dict(zone.attributes),
        "shared": zone.shares > 0,
        "created_at": time(zone.created),
        "updated_at": time(zone.updated),
        "transferred_at": time(zone.synced),
        "links": {"self": zone_url(request, zone.id)},
        **_copying(zone),
    }


def _copying(zone: Zone) -> "CopyingFields":
    """Return the fields of a SECONDARY zone's syncs. A PRIMARY zone has none of them."""
    if zone.type is not ZoneType.SECONDARY:
        return {}
    due = None if zone.state is State.SYNCING else zone.due
    return {
        "schedule": zone.schedule,
        "next_sync_at": time(due),
        "schedule_error": zone.failure.reason if zone.failure and zone.schedule is not None else None,
        "guards": None if zone.guards is None else _guards(zone.guards),
    }


def _guards(own: "OwnGuards") -> "GuardFields":
    return {
        "zone_records": own.zone_records,
        "deleted_percent": own.deleted_percent,
        "changed_percent": own.changed_percent,
    }


def _action(zone: Zone, shown: "Status") -> "Action":
    if shown == "ACTIVE":
        return "NONE"
    if zone.state is State.DELETED:
        return "DELETE"
    begun = zone.delivered.version if zone.delivered else zone.version
    return "UPDATE" if begun else "CREATE"
