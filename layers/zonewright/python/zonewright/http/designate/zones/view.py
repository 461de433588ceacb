"""Zones as /v2 shows them (contract `designate.md`, sections 3 and 4)."""

from typing import TYPE_CHECKING

from zonewright.http import conditional
from zonewright.http.designate.pools.view import ranked
from zonewright.http.designate.views import CREATED, UPDATED, listing, time, zone_url
from zonewright.http.message import Request, Response
from zonewright.model.settings import Settings
from zonewright.model.states import State
from zonewright.model.zone import Zone, ZoneType

if TYPE_CHECKING:
    from zonewright.actions import zones
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
    from zonewright.model.selection import Selection

STATUS: "dict[State, Status]" = {
    State.ACTIVE: "ACTIVE",
    State.SYNCING: "PENDING",
    State.PENDING_UPDATE: "PENDING",
    State.ERROR: "ERROR",
    State.DELETED: "PENDING",  # as the clients wait for it: PENDING/DELETE, then 404
}


def tag(zone: Zone) -> str:
    """The entity tag of a zone as JSON."""
    return conditional.tag(zone.fingerprint)


def created(request: Request, settings: Settings, zone: Zone) -> Response:
    """A new zone, and where it is."""
    headers = {"location": zone_url(request, zone.id), "etag": tag(zone)}
    return Response.json(CREATED[settings.designate_release], zone_document(request, settings, zone), headers)


def shown(request: Request, settings: Settings, zone: Zone) -> Response:
    """A zone as it is."""
    return Response.json(200, zone_document(request, settings, zone))


def updated(request: Request, settings: Settings, zone: Zone) -> Response:
    """A changed zone."""
    headers = {"etag": tag(zone)}
    return Response.json(UPDATED[settings.designate_release], zone_document(request, settings, zone), headers)


def restored(request: Request, settings: Settings, zone: Zone) -> Response:
    """A zone with the contents it once had, whatever the release."""
    return Response.json(202, zone_document(request, settings, zone), {"etag": tag(zone)})


def deleted(request: Request, settings: Settings, zone: Zone) -> Response:
    """A zone that is gone: silence in the seed's release, the zone's last words in today's."""
    if settings.designate_release == "seed":
        return Response(204)
    return Response.json(202, zone_document(request, settings, zone))


def abandoned() -> Response:
    """A zone is gone, whatever the release."""
    return Response(204)


def zone_list(request: Request, settings: Settings, wanted: "Selection[Zone]", found: "zones.Page") -> Response:
    """A page of zones; `next` is there exactly when the page is full."""
    full = len(found.zones) == wanted.limit
    documents = [zone_fields(request, settings, zone) for zone in found.zones]
    marker = found.zones[-1].id if full else None
    return listing(request, "zones", documents, found.total, marker)


def name_servers(settings: Settings, zone: Zone) -> Response:
    """Who answers for a zone: the service's name servers, or those that a SECONDARY zone is copied from."""
    hosts = settings.name_servers if zone.type is ZoneType.PRIMARY else [primary.host for primary in zone.primaries]
    answer: NameServers = {"nameservers": ranked(hosts)}
    return Response.json(200, answer)


def transferring() -> Response:
    """A transfer has begun; the zone shows how it goes."""
    return Response(202)


def zone_document(request: Request, settings: Settings, zone: Zone) -> "ZoneDocument":
    """A single zone: flat for today's clients, and under `zone` for the seed's."""
    fields = zone_fields(request, settings, zone)
    return {**fields, "zone": fields}


def zone_fields(request: Request, settings: Settings, zone: Zone) -> "ZoneFields":
    """One zone; of a SECONDARY one also when it is copied again and by which guards, in fields of our own."""
    return {
        "id": zone.id,
        "pool_id": settings.pool_id,
        "project_id": zone.group_id,
        "name": zone.name,
        "email": zone.email,
        "ttl": zone.ttl,
        "serial": zone.serial or 0,
        "status": STATUS[zone.state],
        "action": _action(zone),
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
        "schedule_error": zone.unanswered,
        "guards": None if zone.guards is None else _guards(zone.guards),
    }


def _guards(own: "OwnGuards") -> "GuardFields":
    return {
        "zone_records": own.zone_records,
        "deleted_percent": own.deleted_percent,
        "changed_percent": own.changed_percent,
    }


def _action(zone: Zone) -> "Action":
    if zone.state is State.ACTIVE:
        return "NONE"
    if zone.state is State.DELETED:
        return "DELETE"
    return "UPDATE" if zone.version else "CREATE"
